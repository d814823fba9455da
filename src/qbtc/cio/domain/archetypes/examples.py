"""The shipped texts (`data/<language>/<part>.jsonl`, ours, CC0) and what makes two texts near duplicates.

They are part of the code, like the word lists of text26, and are read once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Final, Literal, NamedTuple

from qbtc.core.language.detect import Language
from qbtc.core.language.tokens import tokens

from .labels import LABELS

Part = Literal["train", "dev", "test"]
SHINGLE: Final = 3


class Example(NamedTuple):
    label: str
    text: str


@cache
def examples(language: Language, part: Part) -> tuple[Example, ...]:
    """The labelled texts. Raises FileNotFoundError for a part that is not there, ValueError for a line with another label."""
    lines = files(__package__).joinpath("data", language, f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(_example(line, f"{language}/{part}.jsonl:{number}") for number, line in enumerate(lines, 1))


def _example(line: str, place: str) -> Example:
    row = json.loads(line)
    if row["label"] not in LABELS:
        raise ValueError(f"{place}: label {row['label']!r} is none of {', '.join(LABELS)}")
    return Example(row["label"], row["text"])


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """The runs of SHINGLE words of a text, folded."""
    words = tokens(text)
    return frozenset(zip(*(words[shift:] for shift in range(SHINGLE)), strict=False))


def alike(texts: Sequence[str], above: float) -> Iterator[tuple[int, int, float]]:
    """Pairs (i, j, share) of texts whose shingles overlap, by Jaccard's index, more than `above` (Broder 1997)."""
    sets = [shingles(text) for text in texts]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, found in enumerate(sets):
        for one in found:
            holders[one].append(index)
    pairs = {pair for held in holders.values() for pair in combinations(held, 2)}
    for i, j in sorted(pairs):
        share = len(sets[i] & sets[j]) / len(sets[i] | sets[j])
        if share > above:
            yield i, j, share
