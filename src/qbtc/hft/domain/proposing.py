"""Whether other parameters of a strategy should be proposed, from a sweep over recorded data. Pure.

The proposed parameters are those that did best in the newest training window. What they may be expected to earn is what
the same rule earned before in every window behind a training window, which it had not seen. The answer to weak evidence
is no: every bar that is not reached is a reason, and one reason is enough for "no change".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from qbtc.core.statistics.bootstrap import block_length, stationary
from qbtc.core.statistics.overfitting import cscv
from qbtc.core.statistics.series import Floats, Ints
from qbtc.core.statistics.trials import effective_number

from . import sweeping
from .backtest.assumptions import BadAssumption
from .predicting import DAY_NS, HOUR_NS, LEAST_BATCHES, Band, Prediction, band, predict
from .statistics.splits import Window, walk_forward

DRAWS, SEED = 1_000, 20_140_731
EQUAL = 1e-9
"""Scores that are nearer than this share of themselves differ by rounding."""
Values = Mapping[str, float]


class Doubt(StrEnum):
    """Why nothing is proposed."""

    SAME = "same"
    NOTHING = "nothing"
    WINDOWS = "windows"
    FILLS = "fills"
    LOSS = "loss"
    DEFLATED = "deflated"
    OVERFITTING = "overfitting"
    NOT_BETTER = "not-better"
    SHORT = "short"


class Reason(NamedTuple):
    """`value` is what was found, `bar` what it takes; NaN where there is no number."""

    doubt: Doubt
    value: float
    bar: float


@dataclass(frozen=True, slots=True)
class Bars:
    """What it takes. `deflated`: least deflated Sharpe ratio; `overfitting`: highest probability of it; `better`: least
    probability that the rule earns more than the present parameters; `fills` of the proposed ones over all data,
    `windows` of walk-forward at least; `error` of the watch."""

    deflated: float = 0.95
    overfitting: float = 0.2
    better: float = 0.9
    fills: int = 30
    windows: int = 4
    error: float = 0.05


@dataclass(frozen=True)
class Swept:
    """All trials on the same data: `returns` float64[N, T] profits of periods of `period_ns`, `fills` of each trial.
    `current` is the place of the present parameters, `earlier` how many trials were made on the same data before."""

    trials: Sequence[Values]
    returns: Floats
    fills: Sequence[int]
    period_ns: int
    current: int = 0
    earlier: float = 0.0


class Part(NamedTuple):
    """Score by the objective (NaN: undefined) and profit in quote units of `periods` periods."""

    score: float
    profit: float
    periods: int


@dataclass(frozen=True)
class Case:
    """What was found. `inside` is the newest training window with the proposed parameters, `outside` what the rule
    earned where it had not looked, `present` what the present parameters earned there. `trials` counts (independent
    ones, earlier ones too). `reasons` empty: propose."""

    current: Values
    proposed: Values | None
    inside: Part
    outside: Part
    present: Part
    windows: int
    trials: float
    deflated: float
    overfitting: float
    better: float
    fills: int
    reasons: tuple[Reason, ...]
    prediction: Prediction | None = None
    hour: Band | None = None
    day: Band | None = None

    @property
    def convincing(self) -> bool:
        return not self.reasons

    @property
    def changes(self) -> dict[str, tuple[float, float]]:
        """{name: (now, then)} of what would change."""
        then = self.proposed or {}
        return {name: (now, then[name]) for name, now in self.current.items() if name in then and then[name] != now}


def walk(count: int, train: int, test: int) -> list[Window]:
    """Windows over the newest periods: the last test ends with the data, so that nothing new is left out.

    Raises BadAssumption.
    """
    spare = (count - train) % test if 0 < test <= count - train else 0
    try:
        moved = list(walk_forward(count - spare, train, test))
    except ValueError as error:
        raise BadAssumption(str(error)) from None
    return [Window(*(place + spare for place in window)) for window in moved]


def weigh(swept: Swept, objective: str, train: int, test: int, bars: Bars) -> Case:
    """`train` and `test` in periods. Raises BadAssumption where not one window fits."""
    returns, count = swept.returns, swept.returns.shape[1]
    windows = walk(count, train, test)
    newest = returns[:, count - train :]
    scored = sweeping.scores(objective, newest)
    moved = distances(swept.trials, swept.trials[swept.current])
    chosen = nearest_best(scored, moved)
    rule, present = _stitched(returns, objective, windows, moved), _cut(returns[swept.current], windows)
    effective = effective_number(returns.T)
    case = Case(
        dict(swept.trials[swept.current]),
        dict(swept.trials[chosen]) if chosen >= 0 else None,
        Part(float(scored[chosen]), float(newest[chosen].sum()), train) if chosen >= 0 else Part(math.nan, 0.0, train),
        _part(objective, rule),
        _part(objective, present),
        len(windows),
        effective + swept.earlier,
        sweeping.deflated_ratio(returns, chosen, effective, earlier=swept.earlier),
        _overfitting(returns),
        probability_of_more(rule, present),
        int(swept.fills[chosen]) if chosen >= 0 else 0,
        (),
    )
    return _decided(case, rule, swept.period_ns, bars)


def _decided(case: Case, rule: Floats, period_ns: int, bars: Bars) -> Case:
    """The case with its reasons, and with a prediction where the data is long enough for one."""
    reasons = doubts(case, bars)
    try:
        said = predict(rule, period_ns, error=bars.error)
    except ValueError:
        return replace(case, reasons=(*reasons, Reason(Doubt.SHORT, float(rule.size), float(LEAST_BATCHES**2))))
    hour, day = (band(rule, max(1, span // period_ns)) for span in (HOUR_NS, DAY_NS))
    return replace(case, reasons=reasons, prediction=said, hour=hour, day=day)


def doubts(case: Case, bars: Bars) -> tuple[Reason, ...]:
    """Every bar that is not reached. What is not known does not reach it."""
    if case.proposed is None:
        return (Reason(Doubt.NOTHING, math.nan, math.nan),)
    if case.proposed == case.current:
        return (Reason(Doubt.SAME, math.nan, math.nan),)
    checks = (
        (Doubt.WINDOWS, case.windows, bars.windows, case.windows >= bars.windows),
        (Doubt.FILLS, case.fills, bars.fills, case.fills >= bars.fills),
        (Doubt.LOSS, case.outside.profit, 0.0, case.outside.profit > 0),
        (Doubt.DEFLATED, case.deflated, bars.deflated, case.deflated >= bars.deflated),
        (Doubt.OVERFITTING, case.overfitting, bars.overfitting, case.overfitting <= bars.overfitting),
        (Doubt.NOT_BETTER, case.better, bars.better, case.better >= bars.better),
    )
    return tuple(Reason(doubt, float(value), float(bar)) for doubt, value, bar, reached in checks if not reached)


def distances(trials: Sequence[Values], current: Values) -> Ints:
    """How many parameters of each trial are not the present ones."""
    return np.array([sum(current.get(name) != value for name, value in trial.items()) for trial in trials], np.int64)


def nearest_best(scores: Floats, moved: Ints) -> int:
    """The trial with the highest score; of equals the one that changes least, since what makes no difference (the size of
    orders, to a Sharpe ratio) is no reason to change it. -1: no score is defined."""
    first = sweeping.best(scores)
    if first < 0:
        return -1
    equal = np.flatnonzero(scores >= scores[first] - EQUAL * abs(float(scores[first])))
    return int(equal[moved[equal].argmin()])


def _stitched(returns: Floats, objective: str, windows: Sequence[Window], moved: Ints) -> Floats:
    """Profits of all tests in a row, each by the trial that its training chose; 0 where no trial has a score."""
    parts = []
    for w in windows:
        trial = nearest_best(sweeping.scores(objective, returns[:, w.train : w.train_end]), moved)
        parts.append(returns[trial, w.test : w.test_end] if trial >= 0 else np.zeros(w.test_end - w.test))
    return np.concatenate(parts)


def _cut(profits: Floats, windows: Sequence[Window]) -> Floats:
    return np.concatenate([profits[w.test : w.test_end] for w in windows])


def _part(objective: str, profits: Floats) -> Part:
    return Part(sweeping.score(objective, profits), float(profits.sum()), int(profits.size))


def _overfitting(returns: Floats) -> float:
    try:
        return cscv(np.ascontiguousarray(returns.T)).pbo
    except ValueError:
        return math.nan


def probability_of_more(rule: Floats, present: Floats, *, draws: int = DRAWS, seed: int = SEED) -> float:
    """Share of stationary bootstraps of the paired differences, float64[n] each, whose sum is above 0."""
    apart = rule - present
    if apart.size < 2 or not apart.any():
        return 0.0
    rng = np.random.default_rng(seed)
    block, piece = float(block_length(apart.size)), max(1, (1 << 22) // apart.size)
    won = 0
    for begun in range(0, draws, piece):
        places = stationary(apart.size, min(piece, draws - begun), block, rng)
        won += int((apart[places].sum(axis=1) > 0).sum())
    return won / draws
