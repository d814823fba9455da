"""Spanish scansion: share of lines right by author, then lines a second of CPU, beside a simple scansion on silabeador.

Whole patterns are compared with the hand-made ones of QBTC_DATA before anything is timed; authors held apart were not looked
at when prices and lists were made. Cold: no word is known yet. Warm: the same texts again. New words: made-up lines in which no
word comes twice, so that nothing kept helps. libEscansión cannot run offline: it loads Stanza's Spanish models at import.
Options: `--rounds`.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.harness import Figures, emit, ratio, summary
from bench.peers.environment import Peer, python_of
from bench.sonnets import Sonnet, folder, held_out, sonnets

from qbtc.core.language.prosody import scan
from qbtc.core.language.prosody.spanish import sounds, vocabulary, words

CACHES = (vocabulary.spoken, vocabulary.pieces, vocabulary.syllables, words.shape, sounds.consonance, sounds.assonance)
ONSETS = [
    "b",
    "br",
    "c",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "j",
    "l",
    "ll",
    "m",
    "n",
    "p",
    "pl",
    "r",
    "s",
    "t",
    "tr",
    "v",
    "z",
]
RIMES = ["a", "e", "i", "o", "u", "an", "en", "on", "ar", "er", "or", "as", "es", "os", "al", "ie", "ue", "io", "ia"]


def shares(poems: list[Sonnet], patterns: list[list[str]]) -> dict[str, dict[str, float]]:
    """Share of lines with the whole pattern right: by author and over both halves of the authors."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for poem, found in zip(poems, patterns, strict=True):
        right = sum(a == b for a, b in zip(found, poem.beats, strict=True))
        for key in (poem.author, "held out" if held_out(poem.author) else "development"):
            counts[key][0] += right
            counts[key][1] += len(found)
    rates = {key: round(right / total, 4) for key, (right, total) in counts.items()}
    halves = {key: rates.pop(key) for key in ("held out", "development")}
    return {"shares": halves, "held_out_authors": {key: rate for key, rate in rates.items() if held_out(key)}}


def new_lines(count: int, seed: int) -> Iterator[str]:
    """Hendecasyllables of four made-up words, no word twice."""
    source = random.Random(seed)
    seen: set[str] = set()

    def word(length: int) -> str:
        while True:
            made = "".join(source.choice(ONSETS) + source.choice(RIMES) for _ in range(length))
            if made not in seen:
                seen.add(made)
                return made

    for _ in range(count):
        yield " ".join(
            word(length) for length in source.choice(((2, 3, 3, 3), (3, 2, 2, 4), (2, 2, 4, 3), (4, 2, 3, 2)))
        )


def rate(texts: list[str]) -> float:
    """Lines a second of CPU time."""
    begun = time.process_time()
    lines = sum(len(scan(text, "es").lines) for text in texts)
    return lines / (time.process_time() - begun)


def drawn(texts: list[str]) -> float:
    """The same with every syllable and word made, as for a screen."""
    begun = time.process_time()
    lines = [line for text in texts for line in scan(text, "es").lines]
    for line in lines:
        len(line.units), len(line.words)
    return len(lines) / (time.process_time() - begun)


def ours(texts: list[str], number: int) -> Figures:
    for cache in CACHES:
        cache.cache_clear()
    cold, warm = rate(texts), rate(texts)
    fresh = list(new_lines(len(texts) * 14, number))
    return {
        "cold": cold,
        "warm": warm,
        "drawn": drawn(texts),
        "new_words": rate(["\n".join(fresh[i : i + 14]) for i in range(0, len(fresh), 14)]),
    }


def theirs(ask: Callable[..., dict[str, object]], lines: list[str]) -> Figures:
    found = ask(lines=lines)
    return {name: len(lines) / float(str(found[name])) for name in ("cold", "warm")}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    rounds = options.parse_args().rounds
    poems = list(sonnets())
    if not poems:
        emit("scansion", skipped=f"no hand-scanned sonnets in {folder()}: set QBTC_DATA")
        return
    texts = [poem.text for poem in poems]
    lines = [line for text in texts for line in text.splitlines() if line]
    script = Path(__file__).parent / "peers" / "silabeador_lines.py"
    with Peer(python_of("scansion", os.environ.get("QBTC_SCANSION")), script) as peer:
        flat = iter(peer.ask(lines=lines)["patterns"])
        simple = shares(poems, [[next(flat) for _ in poem.beats] for poem in poems])
        right = shares(poems, [[line.stresses for line in scan(text, "es").lines] for text in texts])
        runs = [(ours(texts, number), theirs(peer.ask, lines)) for number in range(rounds)]
    mine, peers = [a for a, _ in runs], [b for _, b in runs]
    emit(
        "scansion", lines=len(lines), ours=right, silabeador=simple["shares"],
        lines_per_cpu_second=summary(mine), silabeador_lines_per_cpu_second=summary(peers),
        ratio={name: ratio(mine, peers, name) for name in ("cold", "warm")},
    )  # fmt: skip


if __name__ == "__main__":
    main()
