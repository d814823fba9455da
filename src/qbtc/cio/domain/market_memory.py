"""When was it like this before, and what followed: returns after the most alike moments beside those after random ones.

Moments are ranked by signed overlap times the ratio of intensities (similarity.py); fidelity is shown and ranks nothing.
For each horizon the best ones whose outcome is known are taken, skipping any whose outcome window overlaps one already
taken. The null asks what as many moments taken at random from the same ones would have given, with the same rule of
disjoint windows, `DRAWS` times:

    p = (1 + #{|m_b - m_0| >= |m - m_0|}) / (DRAWS + 1)      m_0 the mean of the drawn means m_b

(Phipson and Smyth 2010: never 0). Horizons are looked at together, so p is adjusted by Holm (1979). It describes the past
of one symbol and promises nothing: moments near each other share their news, which no window rule removes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .insights import holm
from .memory import State, Vector
from .moments import SECOND
from .similarity import Likeness, likenesses

MIN_SAMPLE: Final = 5
MIN_OVERLAP: Final = 0.25
DRAWS: Final = 1000
TRIES: Final = 20
"""A random draw looks at up to so many times as many moments as it needs; where it finds fewer, it has fewer."""

Times = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Past:
    """n earlier moments: `at` (n,) market ns, `vectors` (n, 52), `intensities` (n,), `returns` (n, h) with NaN where unknown."""

    ids: tuple[str, ...]
    at: Times
    vectors: Vector
    intensities: Vector
    returns: Vector


@dataclass(frozen=True, slots=True)
class Alike:
    """`place` is the moment's in the past."""

    place: int
    likeness: Likeness


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Simple returns over one horizon after `sample` alike moments; `pool` could have been taken.

    `low` and `high` are the 10 % and 90 % quantiles, `up` the share above 0, `null_*` mean and 95 % interval of the means of
    random moments. Under MIN_SAMPLE moments all of them are NaN.
    """

    horizon: float
    sample: int
    pool: int
    mean: float
    median: float
    low: float
    high: float
    up: float
    null_mean: float
    null_low: float
    null_high: float
    p: float
    adjusted: float

    @property
    def enough(self) -> bool:
        return self.sample >= MIN_SAMPLE


def alike(now: State, past: Past) -> list[Alike]:
    """The moments with an overlap of at least MIN_OVERLAP, most alike first, of equal ones the newest."""
    if not past.ids:
        return []
    found = [
        Alike(i, like)
        for i, like in enumerate(likenesses(now, past.vectors, past.intensities))
        if like.overlap >= MIN_OVERLAP
    ]
    return sorted(found, key=lambda one: (-one.likeness.score, -past.at[one.place]))


def what_followed(
    found: Sequence[Alike], past: Past, horizons: Sequence[float], *, now: int, k: int, rng: np.random.Generator
) -> list[Outcomes]:
    """Of each horizon [s], the outcomes after the best `k` of `found` (as `alike` gives them) that ended by `now` [market ns]."""
    made = [_outcomes(found, past, column, horizon, now=now, k=k, rng=rng) for column, horizon in enumerate(horizons)]
    return _adjusted(made)


def disjoint(at: Times, gap: int, k: int) -> list[int]:
    """The first `k` places of `at` (n,), in order, that are at least `gap` from every one taken before."""
    taken: list[int] = []
    for place, time in enumerate(at.tolist()):
        if all(abs(time - int(at[other])) >= gap for other in taken):
            taken.append(place)
        if len(taken) == k:
            break
    return taken


def random_means(
    at: Times, returns: Vector, gap: int, size: int, rng: np.random.Generator, draws: int = DRAWS
) -> Vector:
    """Means (draws,) of up to `size` returns drawn at random with windows at least `gap` apart."""
    taken = np.full((draws, size), np.iinfo(np.int64).max // 2)
    sums, counts, rows = np.zeros(draws), np.zeros(draws, dtype=np.int64), np.arange(draws)
    for column in rng.integers(len(at), size=(TRIES * size, draws)):
        free = (counts < size) & (np.abs(taken - at[column][:, None]) >= gap).all(axis=1)
        if (counts == size).all():
            break
        taken[rows[free], counts[free]] = at[column[free]]
        sums[free] += returns[column[free]]
        counts[free] += 1
    return sums / counts


def _outcomes(
    found: Sequence[Alike], past: Past, column: int, horizon: float, *, now: int, k: int, rng: np.random.Generator
) -> Outcomes:
    gap, returns = int(horizon * SECOND), past.returns[:, column] if len(past.ids) else np.zeros(0)
    known = np.isfinite(returns) & (past.at + gap <= now)
    places = np.array([one.place for one in found if known[one.place]], dtype=np.int64)
    places = places[disjoint(past.at[places], gap, k)]
    pool, values = int(known.sum()), returns[places]
    if len(values) < MIN_SAMPLE:
        return Outcomes(horizon, len(values), pool, *[float("nan")] * 10)
    null = random_means(past.at[known], returns[known], gap, len(values), rng)
    mean, centre = float(values.mean()), float(null.mean())
    beyond = int((np.abs(null - centre) >= abs(mean - centre) - 1e-15).sum())
    low, median, high = (float(x) for x in np.quantile(values, (0.1, 0.5, 0.9)))
    null_low, null_high = (float(x) for x in np.quantile(null, (0.025, 0.975)))
    p = (1 + beyond) / (len(null) + 1)
    up = float((values > 0).mean())
    return Outcomes(horizon, len(values), pool, mean, median, low, high, up, centre, null_low, null_high, p, p)


def _adjusted(made: Sequence[Outcomes]) -> list[Outcomes]:
    adjusted = iter(holm([one.p for one in made if one.enough]))
    return [replace(one, adjusted=next(adjusted)) if one.enough else one for one in made]
