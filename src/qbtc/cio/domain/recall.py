"""Fusion of the legs of a recall into hits that say why they were found.

Legs: `lexical` (BM25), `vector` (cosine) and `state` (signed overlap times intensity ratio). Each lists its best
candidates; their scores are scaled within the leg and added with weights. A leg that finds nothing adds nothing,
and no leg finding anything is an empty answer, not a guess. The weights and the share that neighbours in a
conversation lend each other were chosen on bench/recall.py's data (README.md, "How good").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qbtc.core.retrieval import weighted

LEXICAL: Final = "lexical"
VECTOR: Final = "vector"
STATE: Final = "state"

WEIGHTS: Final[Mapping[str, float]] = {LEXICAL: 1.5, VECTOR: 1.0, STATE: 1.5}
NEIGHBOUR_SHARE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `person` sees the desk's memories and their own; `kinds` empty means all."""

    text: str
    person: str | None
    scope: str | None = None
    kinds: tuple[str, ...] = ()
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    memory_id: str
    score: float
    legs: Mapping[str, float] = field(default_factory=dict)


def fuse(legs: Mapping[str, Mapping[str, float]], limit: int) -> list[Ranked]:
    """The best `limit` memories over all legs, each with its raw score by leg."""
    fused = weighted(legs, weights=WEIGHTS)
    return [
        Ranked(
            key,
            score,
            {leg: scores[key] for leg, scores in legs.items() if key in scores},
        )
        for key, score in list(fused.items())[:limit]
    ]


def plausible(cosines: Mapping[str, float], *, floor: float, lexical: Mapping[str, float]) -> dict[str, float]:
    """Drop vector hits under the floor: a model gives even unrelated texts a cosine, and that is no memory.

    A hit whose words match as well stays whatever its cosine.
    """
    return {key: cosine for key, cosine in cosines.items() if cosine >= floor or key in lexical}


def lend(cosines: Mapping[str, float], neighbours: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """Cosines above the worst listed one, plus a share of the better neighbour's: the turn beside a good turn.

    `neighbours` maps a memory to those right before and after it in its session.
    """
    if not cosines:
        return {}
    base = min(cosines.values())
    above = {key: cosine - base for key, cosine in cosines.items()}
    keys = dict.fromkeys([*cosines, *(n for key in cosines for n in neighbours.get(key, ()))])
    return {
        key: above.get(key, 0.0)
        + NEIGHBOUR_SHARE * max((above.get(n, 0.0) for n in neighbours.get(key, ())), default=0.0)
        for key in keys
    }
