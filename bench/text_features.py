"""Text features and states of chat-sized texts: texts a second of CPU time on one core, and each feature's share. One JSON line.

Texts: the turns of the LoCoMo conversations of QBTC_DATA, or made-up ones of the same length without it. Before anything is timed
the features of a text are compared with those of the same text alone and in another order: nothing that is kept may change them.
Cold: no word is known yet. Warm: the same texts again. State: features, scores, velocity, psi and hash, session by session.
Options: `--rounds`.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Sequence

import numpy as np
from bench.harness import Figures, emit, summary

from qbtc.core.language.text26 import EXTRACTORS, Around, measure, passage, text_state
from qbtc.core.language.text26.passage import form
from qbtc.testing.data import DATA

LOCOMO = DATA / "memory" / "locomo_dev.json"
WORDS = [
    "the",
    "market",
    "may",
    "fall",
    "we",
    "think",
    "profits",
    "rose",
    "because",
    "nobody",
    "trusts",
    "a",
    "promise",
    "and",
    "I",
    "love",
    "calm",
    "water",
    "but",
    "fear",
    "war",
]


def chat() -> tuple[str, list[list[str]]]:
    """Where they are from, and sessions of texts."""
    if not LOCOMO.exists():
        source = random.Random(1)
        return "made up", [[" ".join(source.choices(WORDS, k=23)) + "." for _ in range(20)] for _ in range(100)]
    spoken = [one["conversation"] for one in json.loads(LOCOMO.read_text())]
    named = [
        value for one in spoken for key, value in one.items() if key.startswith("session_") and isinstance(value, list)
    ]
    return "LoCoMo", [[turn["text"] for turn in session] for session in named]


def rate(count: int, run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return count / (time.process_time() - begun)


def features(texts: Sequence[str]) -> None:
    for text in texts:
        measure(passage(text))


def states(sessions: Sequence[Sequence[str]]) -> None:
    for session in sessions:
        previous = None
        for text in session:
            previous = text_state(text, previous)
            assert previous.hash


def checked(texts: Sequence[str]) -> None:
    forward = [measure(passage(text)) for text in texts[:300]]
    form.cache_clear()
    backward = [measure(passage(text)) for text in reversed(texts[:300])]
    np.testing.assert_array_equal(forward, backward[::-1])


def shares(texts: Sequence[str]) -> Figures:
    """Microseconds a text of each extractor, and of reading the text as a passage."""
    read = [passage(text) for text in texts]
    cost = {"passage": 1e6 / rate(len(texts), lambda: [passage(text) for text in texts])}
    for letter, extract in EXTRACTORS.items():
        cost[letter] = 1e6 / rate(len(texts), lambda one=extract: [one(p, Around()) for p in read])
    return {key: round(value, 1) for key, value in cost.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    source, sessions = chat()
    texts = [text for session in sessions for text in session]
    checked(texts)
    runs: list[Figures] = []
    for _ in range(rounds):
        form.cache_clear()
        cold = rate(len(texts), lambda: features(texts))
        warm = rate(len(texts), lambda: features(texts))
        runs.append({"cold": cold, "warm": warm, "states": rate(len(texts), lambda: states(sessions))})
    lowest = {key: round(min(run[key] for run in runs)) for key in runs[0]}
    length = round(sum(len(text.split()) for text in texts) / len(texts), 1)
    emit(
        "text_features", source=source, texts=len(texts), words_a_text=length, texts_per_cpu_second=summary(runs),
        lowest_round=lowest, microseconds=shares(texts),
    )  # fmt: skip


if __name__ == "__main__":
    main()
