"""The whole question of inference as one computation: JSON in, JSON out, with progress.

Which class comes next by a fitted channel and POVM, what such forecasts were worth on held-out rows beside an HMM, a Kalman
filter and the base rate, and how unusual the last change of the window state is. Above: `qcs/inference.py` checks what is asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from qbtc.contracts.basis26 import INDEX
from qbtc.core.hilbert.types import Complex, Real

from .change import Watch, alarms, watch
from .compare import Line, Plan, Report, base_rate, folds, forecast, models, report
from .rows import ahead, edges_of, moves_ahead, of_bars, of_features
from .scores import LEVEL
from .series import BadSeries, Series, series

Json = dict[str, Any]
Told = Callable[[float, str], None]

SHOWN = ("quantum filter", "quantum direct")
COMPARING, FORECASTING = 0.75, 0.85
NOTE = "At this size nothing here is faster or better for being quantum; what counts is the held-out loss."


@dataclass(frozen=True, slots=True)
class Question:
    """Rows (T, d) and the values (n,) that belong to the first n of them; of the others the outcome is not known yet."""

    states: Complex
    values: Real
    edges: Real
    horizon: int
    plan: Plan


def work(parameters: Json, told: Told) -> Json:
    """Raises BadSeries for what cannot be fitted."""
    told(0.0, "rows")
    asked = question(parameters)
    data = _series(asked)
    known = data.part(0, len(asked.values))
    cuts = len(folds(len(known), asked.plan, asked.horizon))
    found = report(
        forecast(known, asked.plan, told=lambda share, step: told(COMPARING * share, step)),
        asked.horizon,
    )
    told(COMPARING, "forecast")
    coming = _next(asked, data)
    told(FORECASTING, "change")
    changed = _changes(asked.states, parameters)
    told(1.0, "done")
    return _told_of(asked, found, cuts) | {"forecast": coming, "change": changed, "note": NOTE}


def question(parameters: Json) -> Question:
    """Rows and target of the checked parameters of `qcs/inference.Infer`."""
    horizon = int(parameters["horizon"])
    plan = Plan(int(parameters["train"]), int(parameters["test"]), int(parameters["seed"]))
    states, values = _rows(parameters, horizon, plan.train)
    empty = np.flatnonzero(~states.any(axis=1))
    if len(empty):
        raise BadSeries(f"{len(empty)} rows say nothing (all 0 or absent), the first is row {empty[0]}; leave them out")
    if not np.isfinite(values).all():
        first = int(np.flatnonzero(~np.isfinite(values))[0])
        raise BadSeries(f"the target is absent at row {first}; it must be there in every row")
    given = parameters.get("edges")
    edges = np.array(given) if given else edges_of(values, plan.train, int(parameters["classes"]))
    return Question(states, values, edges, horizon, plan)


def _rows(parameters: Json, horizon: int, train: int) -> tuple[Complex, Real]:
    """(amplitudes, values ahead)."""
    target = parameters.get("target")
    if parameters.get("bars") is not None:
        bars = np.array(parameters["bars"], dtype=np.float64)
        return of_features(of_bars(bars), train), moves_ahead(bars[:, 3], horizon, size=target == "size")
    if parameters.get("states") is not None:
        told = parameters["states"]
        states = np.array(told["real"]) + 1j * np.array(told["imaginary"])
        return states, ahead(states.real[:, INDEX[str(target)]], horizon)
    features = np.array(parameters["features"], dtype=np.float64)
    given = parameters.get("values")
    chosen = np.array(given, dtype=np.float64) if given else ahead(features[:, place(str(target))], horizon)
    return of_features(features, train), chosen


def place(target: str) -> int:
    """The column that a letter or a number from 0 names."""
    return INDEX[target] if target in INDEX else int(target)


def _series(asked: Question) -> Series:
    """All rows; what is not known yet is class 0 and never looked at."""
    waiting = len(asked.states) - len(asked.values)
    values = np.concatenate([asked.values, np.full(waiting, asked.values[-1])])
    outcomes = np.digitize(values, asked.edges, right=True)
    return series(asked.states, outcomes, values=values, edges=asked.edges, horizon=asked.horizon)


def _next(asked: Question, data: Series) -> Json | None:
    """Probabilities of the outcome of the newest row; None where it is known already."""
    if len(asked.values) == len(data):
        return None
    train = min(asked.plan.train, len(data) - 1)
    part = data.part(len(data) - 1 - train, len(data))
    chosen = {name: model for name, model in models(part, asked.plan.seed).items() if name in SHOWN}
    return {name: model(part, train)[-1].tolist() for name, model in (chosen | {"base rate": base_rate}).items()}


def _changes(states: Complex, parameters: Json) -> Json:
    """How unusual the move of the window state is, now and along the rows; `why` where there are too few."""
    window, lag = int(parameters["window"]), int(parameters["lag"])
    length = window + lag
    history = min(int(parameters["history"]), max((len(states) - length) // 2, 2 * length))
    if len(states) <= history + length:
        return {"why": f"{len(states)} rows; a null of this window needs more than {history + length}"}
    plan = Watch(window=window, lag=lag, history=history)
    found = watch(states, plan, np.random.default_rng(int(parameters["seed"])))
    first = history + length
    return {
        "statistic": float(found.statistic[-1]),
        "p": float(found.p[-1]),
        "judged": len(states) - first,
        "null": history - length + 1,
        "share_below_level": float(np.mean(found.p[first:] <= LEVEL)),
        "alarms": alarms(found.p, LEVEL, length).tolist(),
        "first": first,
        "series": {"statistic": _numbers(found.statistic[first:]), "p": _numbers(found.p[first:])},
    }


def _numbers(values: Real) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in values.round(6)]


def _told_of(asked: Question, found: Report, cuts: int) -> Json:
    return {
        "rows": len(asked.states),
        "dimensions": int(asked.states.shape[1]),
        "horizon": asked.horizon,
        "edges": asked.edges.tolist(),
        "train": asked.plan.train,
        "held_out": found.n,
        "folds": cuts,
        "rates": list(found.rates),
        "models": [_line(line) for line in found.lines],
        "pairs": [asdict(pair) | {"verdict": pair.comparison.verdict} for pair in found.pairs],
        "verdict": found.verdict,
        "words": found.words,
    }


def _line(line: Line) -> Json:
    against = asdict(line.against_base) | {"verdict": line.against_base.verdict}
    return {"model": line.model, "loss": line.loss, "hits": line.hits, "against_base": against}
