"""The one rule of reflection: what followed the most similar earlier moments, and how far that can be trusted.

Of a symbol's earlier moments whose outcome was known before now, those with a positive likeness are taken best first,
skipping any whose outcome window overlaps one already taken (overlapping returns would count one event twice).
With n returns of mean m and standard error e, t = m/e and v = n - 1:

    shrink     = max(0, 1 - 1/t^2)                 positive-part James-Stein: |t| <= 1 says nothing
    bias       = shrink * t / sqrt(t^2 + v)        in (-1, 1): t turned into a correlation
    confidence = shrink * P(|T_v| < |t|)           Student's t with v degrees of freedom

The standard error has a floor of half a basis point per return, so that five equal ticks are no certainty.
It is a descriptive statistic looked at every minute: at 0.95 about one look in twenty is chance.
Moments of a replay or a simulation are compared within their own session only: an earlier run of the same recording
holds the future.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from .memory import State
from .moments import SECOND
from .similarity import Likeness, likenesses

LIVE: Final = "LIVE"
RETURN_NOISE: Final = 0.5e-4


@dataclass(frozen=True, slots=True)
class ReflectRule:
    """`horizon` seconds ahead, at most `k` moments, at least `min_sample` of them, `min_overlap` each."""

    name: str = "what-followed/1"
    horizon: float = 30.0
    k: int = 20
    min_sample: int = 5
    min_overlap: float = 0.25


@dataclass(frozen=True, slots=True)
class Moment:
    """A kept market moment. `followed` is the return over the horizon after it, None while unknown."""

    memory_id: str
    symbol: str
    session: str
    mode: str
    at: int
    state: State
    price: float | None = None
    followed: float | None = None


@dataclass(frozen=True, slots=True)
class Precedent:
    moment: Moment
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Finding:
    """What the precedents say. `mean` is their mean return, 0.0 when there are too few."""

    sample: int
    mean: float
    bias: float
    confidence: float
    evidence: tuple[str, ...]
    enough: bool


def comparable(now: Moment, earlier: Moment, *, horizon: float) -> bool:
    """True if `earlier` may speak about `now`: same symbol, and its whole outcome lies before now."""
    same_world = now.mode == earlier.mode and (now.mode == LIVE or now.session == earlier.session)
    finished = earlier.at + horizon * SECOND <= now.at
    return same_world and earlier.symbol == now.symbol and finished and earlier.memory_id != now.memory_id


def precedents(now: Moment, earlier: Sequence[Moment], rule: ReflectRule) -> list[Precedent]:
    """The most similar comparable moments with a known outcome, best first, outcome windows disjoint."""
    pool = [m for m in earlier if m.followed is not None and comparable(now, m, horizon=rule.horizon)]
    if not pool:
        return []
    vectors = np.stack([m.state.vector for m in pool])
    found = likenesses(now.state, vectors, np.array([m.state.intensity for m in pool]))
    ranked = sorted(
        (Precedent(m, s) for m, s in zip(pool, found, strict=True) if s.overlap >= rule.min_overlap),
        key=lambda p: (-p.likeness.score, -p.moment.at),
    )
    return _disjoint(ranked, rule)


def _disjoint(ranked: Iterable[Precedent], rule: ReflectRule) -> list[Precedent]:
    gap, taken = int(rule.horizon * SECOND), list[Precedent]()
    for candidate in ranked:
        if all(abs(candidate.moment.at - other.moment.at) >= gap for other in taken):
            taken.append(candidate)
        if len(taken) == rule.k:
            break
    return taken


def reflect(found: Sequence[Precedent], rule: ReflectRule) -> Finding:
    """Judge the precedents; under `min_sample` the answer is that there is not enough."""
    evidence = tuple(p.moment.memory_id for p in found)
    returns = [p.moment.followed for p in found if p.moment.followed is not None]
    if len(returns) < rule.min_sample:
        return Finding(len(returns), 0.0, 0.0, 0.0, evidence, enough=False)
    mean, t = _t_statistic(returns)
    shrink = 1.0 - 1.0 / t**2 if abs(t) > 1 else 0.0
    freedom = len(returns) - 1
    bias = shrink * t / math.sqrt(t**2 + freedom)
    return Finding(
        len(returns),
        mean,
        bias,
        shrink * student_within(abs(t), freedom),
        evidence,
        enough=True,
    )


def _t_statistic(returns: Sequence[float]) -> tuple[float, float]:
    values = np.array(returns)
    mean, spread = float(values.mean()), max(float(values.std(ddof=1)), RETURN_NOISE)
    return mean, mean * math.sqrt(len(values)) / spread


def student_within(t: float, freedom: int) -> float:
    """P(|T| < t) for Student's t, t >= 0, by the finite series of Abramowitz and Stegun 26.7.3 and 26.7.4."""
    theta = math.atan2(t, math.sqrt(freedom))
    odd = freedom % 2 == 1
    term = math.cos(theta) if odd else 1.0
    total = term if freedom > 1 else 0.0
    for i in range(3 if odd else 2, freedom - 1, 2):
        term *= math.cos(theta) ** 2 * (i - 1) / i
        total += term
    body = math.sin(theta) * total
    return min(1.0, (2 / math.pi) * (theta + body) if odd else body)
