"""From evidence to a ranking that says why: a linear score whose parts, one a leg, add up to it.

score = sum over columns of weight * evidence. The weights were learned on conversations with known evidence by the
listwise softmax likelihood (Cao et al. 2007, ListNet's top-one probability) of each piece of evidence against the candidates
that are none, those of words, cosines and times kept at zero or above; bench/locomo.py fits them, README "How good" says how well on conversations held out. A memory for
which nothing but its form speaks (a date in it, its length) is no answer and is not listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import JsonValue

from .evidence import NAMES, Floats
from .segment import EVERYTHING, Filters

LEXICAL: Final = "lexical"
VECTOR: Final = "vector"
STATE: Final = "state"
WHEN: Final = "when"

LEGS: Final[Mapping[str, tuple[str, ...]]] = {
    LEXICAL: ("words", "coverage", "rarest"),
    "around": ("words_near", "words_around", "cosine_near"),
    "session": ("session_words", "session_cosine"),
    VECTOR: ("cosine",),
    WHEN: ("within",),
    "around_then": ("after", "before"),
    "author": ("author",),
    "form": ("time", "number", "name", "dated", "asks", "answers", "length"),
}
"""Which columns of evidence make which leg. `state` comes on top, from the 26D states."""

REASONS: Final = (LEXICAL, "around", VECTOR, WHEN, STATE)
"""Legs of which at least one must speak for a memory."""

WEIGHTS: Final[Mapping[str, float]] = {
    "words": 0.000,
    "words_near": 1.014,
    "words_around": 3.181,
    "coverage": 1.269,
    "rarest": 0.658,
    "session_words": 1.263,
    "cosine": 0.655,
    "cosine_near": 0.647,
    "session_cosine": 1.473,
    "within": 5.382,
    "after": 4.650,
    "before": 1.493,
    "author": 1.180,
    "time": 1.777,
    "number": 1.727,
    "name": 0.507,
    "dated": 0.261,
    "asks": -0.926,
    "answers": 0.945,
    "length": 0.634,
}
"""By column of evidence, learned by `qbtc bench locomo --weights`."""

STATE_WEIGHT: Final = 4.0
"""Of a state as alike as the best one. Chosen so that the moment most alike beats a fair match of words; not learned."""


TIE: Final = 1e-9
"""Scores that differ by less are left to `rank`, which adds in another order."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `person` sees the desk's memories and their own; `kinds` empty means all."""

    text: str
    person: str | None
    scope: str | None = None
    kinds: tuple[str, ...] = ()
    limit: int = 5
    filters: Filters = EVERYTHING
    sessions: tuple[str, ...] = ()
    metadata: Mapping[str, JsonValue] = field(default_factory=dict)
    asked_at: float | None = None
    """From when "last Tuesday" is counted, seconds since 1970 UTC; None for now, or for the end of an archive (reading.py)."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A memory and what each leg adds to its score."""

    memory_id: str
    score: float
    legs: Mapping[str, float] = field(default_factory=dict)


def rank(
    found: Mapping[str, Floats],
    likeness: Mapping[str, float],
    limit: int,
    weights: Mapping[str, float] = WEIGHTS,
) -> list[Ranked]:
    """The best `limit` memories, best first, ties by id.

    found: a row of evidence (NAMES) by memory; likeness: positive similarities of 26D states, which count as shares of
    the best one; weights: by column.
    """
    best = max(likeness.values(), default=0.0)
    shares = {key: value / best for key, value in likeness.items()} if best > 0 else {}
    ranked = [_ranked(key, found.get(key), shares.get(key, 0.0), weights) for key in dict.fromkeys([*found, *shares])]
    kept = [one for one in ranked if any(one.legs.get(leg, 0.0) > 0 for leg in REASONS)]
    return sorted(kept, key=lambda one: (-one.score, one.memory_id))[:limit]


def shortlist(rows: Floats, limit: int, weights: Mapping[str, float] = WEIGHTS) -> NDArray[np.int64]:
    """Positions of the rows of evidence (n, len(NAMES)) that can be among the best `limit`, whatever their ids."""
    by_leg = {
        leg: rows[:, [NAMES.index(name) for name in names]] @ np.array([weights[name] for name in names])
        for leg, names in LEGS.items()
    }
    speaks = np.zeros(len(rows), np.bool_)
    totals = np.zeros(len(rows))
    for leg, parts in by_leg.items():
        totals += parts
        speaks |= (parts > 0) & (leg in REASONS)
    positions = np.flatnonzero(speaks)
    if len(positions) <= limit:
        return positions
    least = np.partition(totals[positions], len(positions) - limit)[len(positions) - limit]
    kept: NDArray[np.int64] = positions[totals[positions] >= least - TIE]
    return kept


def plausible(cosines: Mapping[str, float], *, floor: float, lexical: Iterable[str]) -> dict[str, float]:
    """Drop vector hits under the floor: a model gives even unrelated texts a cosine, and that is no memory.

    A hit whose words match as well stays whatever its cosine.
    """
    words = set(lexical)
    return {key: cosine for key, cosine in cosines.items() if cosine >= floor or key in words}


def _ranked(key: str, row: Floats | None, share: float, weights: Mapping[str, float]) -> Ranked:
    parts = {} if row is None else _legs(row, weights)
    if share > 0:
        parts[STATE] = STATE_WEIGHT * share
    return Ranked(key, float(sum(parts.values())), parts)


def _legs(row: Floats, weights: Mapping[str, float]) -> dict[str, float]:
    by_name = dict(zip(NAMES, row, strict=True))
    parts = {leg: float(sum(weights[name] * by_name[name] for name in names)) for leg, names in LEGS.items()}
    return {leg: value for leg, value in parts.items() if value}
