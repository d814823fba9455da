"""Quantum beside Gaussian HMM, Kalman filter, last outcome and base rate on held-out windows: who wins, in words.

Walk-forward: fit on `train` rows, forecast the `test` rows behind them, move on. A training row whose outcome is not known at the
first test bar is not used (purged). Every model sees the same rows and is scored by the same loss; each is tested against
the base rate, and both quantum ones against the classical ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qbtc.core.hilbert.povm_fit import base_rates
from qbtc.core.hilbert.types import Index, Real

from .hmm import hmm
from .kalman import kalman
from .quantum import direct, quantum
from .scores import Comparison, Verdict, diebold_mariano, holm, log_loss
from .series import BadSeries, Series

Forecaster = Callable[[Series, int], Real]
"""(data, train) -> probabilities (T, Y) of all rows of data; what it fits, it fits to what is known at row `train`."""

BASE = "base rate"
QUANTUM = ("quantum filter", "quantum direct")
CLASSICAL = ("gaussian hmm", "kalman", "last outcome")
LEAST_TRAIN = 100


@dataclass(frozen=True, slots=True)
class Plan:
    train: int = 2000
    test: int = 500
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One model: mean log-loss (nats), hit rate, its comparison with the base rate, seconds of fitting and forecasting."""

    model: str
    loss: float
    hits: float
    against_base: Comparison
    seconds: float


@dataclass(frozen=True, slots=True)
class Pair:
    """`adjusted` is the p-value after Holm's correction for all pairs and lines of the report."""

    model: str
    other: str
    comparison: Comparison
    adjusted: float


@dataclass(frozen=True, slots=True)
class Report:
    """`n` held-out rows; `verdict` is that of the better quantum model against the best classical one or base rate."""

    n: int
    folds: int
    rates: tuple[float, ...]
    lines: tuple[Line, ...]
    pairs: tuple[Pair, ...]
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Forecasts:
    """Probabilities of the held-out rows of every model (n, Y), their outcomes, and seconds."""

    rows: Index
    outcomes: Index
    probabilities: dict[str, Real]
    seconds: dict[str, float]
    folds: int


def base_rate(data: Series, train: int) -> Real:
    """The shares of the outcomes known so far, for every row."""
    rates = base_rates(data.outcomes[: train - data.horizon + 1], data.count)
    return np.broadcast_to(rates, (len(data), data.count))


def last_outcome(data: Series, train: int) -> Real:
    """Shares of the outcomes that followed the last one known, for every row: what persists needs no state."""
    known, h = train - data.horizon + 1, data.horizon
    rates = base_rates(data.outcomes[:known], data.count)
    table = np.tile(rates, (data.count, 1))
    np.add.at(table, (data.outcomes[: max(known - h, 0)], data.outcomes[h:known]), 1.0)
    table /= table.sum(axis=1, keepdims=True)
    found = np.tile(rates, (len(data), 1))
    found[h:] = table[data.outcomes[:-h]]
    return found


def models(data: Series, seed: int = 0) -> dict[str, Forecaster]:
    """All that can be asked of this series: no anchor where states are matrices."""
    found: dict[str, Forecaster] = {BASE: base_rate, "quantum filter": quantum}
    if data.states.ndim == 2:
        found["quantum direct"] = direct
    return found | {"gaussian hmm": lambda part, train: hmm(part, train, seed=seed), "kalman": kalman, "last outcome": last_outcome}


def folds(rows: int, plan: Plan, horizon: int = 1) -> list[tuple[int, int, int]]:
    """(first training row, first test row, end of test); the last test may be shorter. Outcomes of the last rows are given."""
    least = max(LEAST_TRAIN, 10 * horizon)
    if plan.train < least or plan.test < 1:
        raise BadSeries(f"train {plan.train} and test {plan.test}; at least {least} and 1 rows are needed")
    starts = range(plan.train, rows, plan.test)
    if not starts:
        raise BadSeries(f"{rows} rows; more than the {plan.train} to train on are needed")
    return [(at - plan.train, at, min(at + plan.test, rows)) for at in starts]


def forecast(
    data: Series, plan: Plan, chosen: dict[str, Forecaster] | None = None, *,
    clock: Callable[[], float] = lambda: 0.0, told: Callable[[float, str], None] = lambda _share, _model: None,
) -> Forecasts:  # fmt: skip
    """Held-out probabilities of every model. No row's forecast depends on later rows. `seconds` are of the given clock;
    `told` hears what share is done and which model comes next."""
    used = models(data, plan.seed) if chosen is None else chosen
    cuts = folds(len(data), plan, data.horizon)
    parts: dict[str, list[Real]] = {name: [] for name in used}
    seconds = dict.fromkeys(used, 0.0)
    for number, (first, start, stop) in enumerate(cuts):
        part = data.part(first, stop)
        for place, (name, model) in enumerate(used.items()):
            told((number + place / len(used)) / len(cuts), name)
            begun = clock()
            parts[name].append(model(part, start - first)[start - first :])
            seconds[name] += clock() - begun
    rows = np.arange(plan.train, len(data))
    joined = {name: np.concatenate(found) for name, found in parts.items()}
    return Forecasts(rows, data.outcomes[rows], joined, seconds, len(cuts))


def report(found: Forecasts, horizon: int = 1) -> Report:
    """The table and its words."""
    losses = {name: log_loss(p, found.outcomes) for name, p in found.probabilities.items()}
    lines = tuple(_line(name, found, losses, horizon) for name in losses)
    pairs = _pairs(losses, lines, horizon)
    verdict, words = _verdict(losses, horizon)
    count = next(iter(found.probabilities.values())).shape[1]
    rates = np.bincount(found.outcomes, minlength=count) / max(len(found.outcomes), 1)
    return Report(len(found.outcomes), found.folds, tuple(rates.tolist()), lines, pairs, verdict, words)


def compare(data: Series, plan: Plan, *, clock: Callable[[], float] = lambda: 0.0) -> Report:
    """Forecast and report."""
    return report(forecast(data, plan, clock=clock), data.horizon)


def _line(name: str, found: Forecasts, losses: dict[str, Real], horizon: int) -> Line:
    hits = float(np.mean(found.probabilities[name].argmax(axis=1) == found.outcomes))
    against = diebold_mariano(losses[name], losses[BASE], horizon=horizon)
    return Line(name, float(losses[name].mean()), hits, against, found.seconds[name])


def _pairs(losses: dict[str, Real], lines: tuple[Line, ...], horizon: int) -> tuple[Pair, ...]:
    tested = [(a, b) for a in QUANTUM for b in CLASSICAL if {a, b} <= set(losses)]
    tested += [(line.model, BASE) for line in lines if line.model != BASE]
    done = [diebold_mariano(losses[a], losses[b], horizon=horizon) for a, b in tested]
    adjusted = holm(np.array([one.p for one in done])) if done else np.empty(0)
    return tuple(Pair(a, b, c, float(p)) for (a, b), c, p in zip(tested, done, adjusted, strict=True))


def _verdict(losses: dict[str, Real], horizon: int) -> tuple[Verdict, str]:
    """The better quantum model against the best of the rest."""
    mean = {name: float(loss.mean()) for name, loss in losses.items()}
    ours = min((name for name in QUANTUM if name in mean), key=mean.__getitem__, default=None)
    rest = min((name for name in (*CLASSICAL, BASE) if name in mean), key=mean.__getitem__)
    if ours is None:
        return "no gain", "no quantum model was asked"
    found = diebold_mariano(losses[ours], losses[rest], horizon=horizon)
    said = "no gain, worse" if found.verdict == "worse" else found.verdict
    words = (
        f"{said}: {ours} against {rest}, the best of the others: log-loss {mean[ours]:.4f} against {mean[rest]:.4f}"
        f" nats on {found.n} held-out rows, difference {found.difference:+.4f}, p = {found.p:.3g}"
    )
    return found.verdict, words
