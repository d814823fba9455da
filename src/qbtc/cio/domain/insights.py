"""Insights by counting: what trades, regimes and conversations show, each with n, an interval and the p of a stated null.

    share      of cases that agree: Wilson's 95 % interval; exact two-sided binomial p against a stated share
    mean       of returns: Student's 95 % interval; two-sided p against mean 0

Several looked at together are judged together (Holm 1979): `adjusted` is the p after that, and an insight with one above 0.05
says in its own words that it is within chance. Under `least` cases it says that there are not enough and nothing else. Texts
are made of the numbers here, in English and Spanish, and each names its evidence. It describes the past.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from .claims import wilson
from .reflection import student_within

LEAST: Final = 8
LEVEL: Final = 0.05

Template = Literal["win share", "mean result", "regime return", "topic share"]


@dataclass(frozen=True, slots=True)
class Case:
    """One observation: the memory it is in, the group it belongs to (strategy, regime, speaker) and its value."""

    memory_id: str
    group: str
    value: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.value):
            raise ValueError(f"a case has a finite value, got {self.value!r} in memory {self.memory_id!r}")


@dataclass(frozen=True, slots=True)
class Insight:
    """`estimate` with its 95 % interval, from `n` cases; `p` of the null, `adjusted` for all that were looked at together."""

    template: Template
    group: str
    n: int
    estimate: float
    low: float
    high: float
    p: float
    evidence: tuple[str, ...]
    null: float = 0.0
    adjusted: float = 1.0

    @property
    def enough(self) -> bool:
        return self.n >= LEAST

    @property
    def within_chance(self) -> bool:
        return not self.enough or self.adjusted > LEVEL


def of_trades(results: Iterable[Case]) -> list[Insight]:
    """Win share (null: one half) and mean result of closed trades, by strategy. `value` is the result in quote units."""
    groups = grouped(results)
    found = [
        share_of("win share", group, [c.value > 0 for c in cases], _ids(cases), null=0.5) for group, cases in groups
    ]
    return judged_together([*found, *(mean_of("mean result", group, cases) for group, cases in groups)])


def of_regimes(returns: Iterable[Case]) -> list[Insight]:
    """Mean return that followed moments of each regime (null: 0). `value` is a simple return."""
    return judged_together([mean_of("regime return", group, cases) for group, cases in grouped(returns)])


def of_conversations(mentions: Iterable[Case], usual: float) -> list[Insight]:
    """Share of items about a topic, by topic (`value` 1 or 0), against its `usual` share. Raises ValueError outside (0, 1)."""
    if not 0 < usual < 1:
        raise ValueError(f"a usual share is between 0 and 1, got {usual!r}")
    groups = grouped(mentions)
    return judged_together(
        [
            share_of("topic share", group, [c.value > 0 for c in cases], _ids(cases), null=usual)
            for group, cases in groups
        ]
    )


def grouped(cases: Iterable[Case]) -> list[tuple[str, list[Case]]]:
    """Cases by group, groups in order; a memory counts once a group, by its first case."""
    groups: dict[str, dict[str, Case]] = defaultdict(dict)
    for case in cases:
        groups[case.group].setdefault(case.memory_id, case)
    return [(group, list(groups[group].values())) for group in sorted(groups)]


def share_of(
    template: Template, group: str, agree: Sequence[bool], evidence: tuple[str, ...], *, null: float
) -> Insight:
    count, n = sum(agree), len(agree)
    low, high = wilson(count, n)
    return Insight(template, group, n, count / n if n else 0.0, low, high, binomial_p(count, n, null), evidence, null)


def mean_of(template: Template, group: str, cases: Sequence[Case]) -> Insight:
    values = np.array([case.value for case in cases])
    n, mean = len(values), float(values.mean())
    if n < 2:
        return Insight(template, group, n, mean, -math.inf, math.inf, 1.0, _ids(cases))
    error = float(values.std(ddof=1)) / math.sqrt(n)
    half = student_quantile(0.95, n - 1) * error
    p = 1.0 - student_within(abs(mean) / error, n - 1) if error > 0 else float(mean == 0)
    return Insight(template, group, n, mean, mean - half, mean + half, p, _ids(cases))


def judged_together(insights: Sequence[Insight]) -> list[Insight]:
    """The insights with p adjusted by Holm's step-down over those that have enough cases."""
    adjusted = iter(holm([one.p for one in insights if one.enough]))
    return [replace(one, adjusted=next(adjusted) if one.enough else 1.0) for one in insights]


def holm(ps: Sequence[float]) -> list[float]:
    """p-values that hold together, in the order given: Holm's step-down."""
    adjusted, highest = [1.0] * len(ps), 0.0
    for rank, i in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        highest = max(highest, min(1.0, (len(ps) - rank) * ps[i]))
        adjusted[i] = highest
    return adjusted


def binomial_p(count: int, n: int, share: float) -> float:
    """Exact two-sided p: the probability of all counts that are no likelier than this one."""
    weights = [_binomial(k, n, share) for k in range(n + 1)]
    return min(1.0, math.fsum(w for w in weights if w <= weights[count] * (1 + 1e-7)))


def _binomial(k: int, n: int, share: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(share) + (n - k) * math.log1p(-share))


def student_quantile(within: float, freedom: int) -> float:
    """t with P(|T| < t) = `within`, by bisection to 1e-10 of its size."""
    low, high = 0.0, 1.0
    while student_within(high, freedom) < within:
        low, high = high, 2 * high
    while high - low > 1e-10 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if student_within(middle, freedom) < within else (low, middle)
    return high


def _ids(cases: Sequence[Case]) -> tuple[str, ...]:
    return tuple(case.memory_id for case in cases)
