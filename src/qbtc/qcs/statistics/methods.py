"""The table of methods: name, title, parameters, what computes it, an example; and `compute`, in this process.

    from qbtc.qcs.statistics.methods import compute
    compute("hurst", {"values": returns})["words"]

Modules of the domain are imported when they are called.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from pydantic import JsonValue, ValidationError

from qbtc.kit.errors import from_validation
from qbtc.qcs.errors import BadStatistic

from . import bodies
from .bodies import Body
from .spanish import sentence

Parameters = dict[str, Any]


@dataclass(frozen=True)
class Method:
    """`call` computes a result of the domain from the fields of `body`. `inputs`: which of these are series, in the order
    of the columns of a file; `table`: the last of them takes all columns that are left."""

    name: str
    title: str
    body: type[Body]
    call: Callable[..., object]
    inputs: tuple[str, ...]
    table: bool
    example: Parameters


def _of(module: str, function: str) -> Callable[..., object]:
    """A function of the domain that takes the fields of its body as keywords; imported at the first call."""

    def call(**parameters: Any) -> object:
        found: Callable[..., object] = getattr(import_module(f"qbtc.qcs.domain.statistics.{module}"), function)
        return found(**parameters)

    return call


def _spec(parameters: Parameters) -> Any:
    from qbtc.qcs.domain.statistics.garch import Spec

    return Spec(**{name: parameters.pop(name) for name in ("family", "p", "q", "mean", "lags", "errors", "start")})


def _garch(values: list[float], **parameters: Any) -> object:
    from qbtc.qcs.domain.statistics import garch

    fitted = garch.fit(values, _spec(parameters), level=parameters["level"])
    ahead = garch.forecast(fitted, parameters["horizon"], level=parameters["level"], seed=parameters["seed"])
    return {"fit": fitted, "forecast": ahead, "words": f"{fitted.words} {ahead.words}"}


def _rolling(values: list[float], **parameters: Any) -> object:
    from qbtc.qcs.domain.statistics import garch

    return garch.rolling(values, _spec(parameters), **parameters)


def _compare(first: list[float], second: list[float], horizon: int) -> object:
    from qbtc.core.statistics.forecasts import diebold_mariano
    from qbtc.qcs.domain.statistics.result import series, significant

    one, other = (series(v, least=4, name=n, varies=False) for n, v in (("first", first), ("second", second)))
    found = diebold_mariano(one, other, horizon=horizon)
    better = "neither forecast is shown to be better"
    if found.p_value < 0.05:
        better = f"the {'first' if found.difference < 0 else 'second'} forecast is better"
    words = f"Mean difference of losses {found.difference:.4g}: {better} ({significant(found.p_value)})."
    return found._asdict() | {"words": words}


def _noise(n: int, seed: int, scale: float = 1.0) -> list[float]:
    chance = random.Random(seed)
    return [round(scale * chance.gauss(0.0, 1.0), 4) for _ in range(n)]


def _walk(n: int, seed: int) -> list[float]:
    found, at = [], 100.0
    for step in _noise(n, seed):
        at += step
        found.append(round(at, 4))
    return found


def _pairs(n: int, seed: int, weight: float) -> list[list[float]]:
    return [[a, round(weight * a + b, 4)] for a, b in zip(_noise(n, seed), _noise(n, seed + 1), strict=True)]


def _methods() -> tuple[Method, ...]:
    returns, rows = _noise(120, 1), _pairs(60, 3, 0.8)
    squares = [round(v * v + 0.1, 4) for v in returns]
    regressors = [row[:1] for row in rows]
    walks = [[a, round(0.5 * a + b, 4)] for a, b in zip(_walk(60, 5), _noise(60, 6), strict=True)]
    table: tuple[tuple[Any, ...], ...] = (
        ("garch", "GARCH, IGARCH, GJR, EGARCH or ARCH: fit and forecast", bodies.Garch, _garch, "values", {"errors": "t", "horizon": 5}, returns),
        ("garch-rolling", "A GARCH fitted again over moving windows", bodies.GarchRolling, _rolling, "values", {"window": 100, "step": 10}, returns),
        ("realised", "Realised variance, jumps and noise of one period", bodies.Realised, _of("realised", "realised"), "returns", {}, returns),
        ("har", "Tomorrow's realised variance from day, week and month", bodies.Har, _of("har", "har"), "variances continuous", {"logs": True}, squares),
        ("regimes", "Markov switching or a hidden Markov model", bodies.Regimes, _of("regimes", "regimes"), "values", {}, returns),
        ("changepoints", "Where mean or variance changes", bodies.Changepoints, _of("changepoints", "changepoints"), "values", {"cost": "mean"}, returns),
        ("unit-roots", "Does a series return to its level", bodies.UnitRoots, _of("unitroots", "unit_roots"), "values", {}, _walk(80, 2)),
        ("cointegration", "Do series move together: Engle-Granger and Johansen", bodies.Cointegration, _of("cointegration", "cointegration"), "values*", {"lags": 1}, walks),
        ("hurst", "Long memory by DFA or rescaled range", bodies.Hurst, _of("hurst", "hurst"), "values", {"draws": 50}, _noise(140, 4)),
        ("bootstrap", "An interval of a statistic by drawing blocks again", bodies.Bootstrap, _of("resample", "resample"), "values", {"statistic": "sharpe"}, returns),
        ("risk", "Value at risk and expected shortfall of the next period", bodies.Risk, _of("risk", "risk"), "returns", {"method": "filtered", "level": 0.95}, returns),
        ("risk-backtest", "Were forecasts of risk right: Kupiec, Christoffersen, Basel, Acerbi-Szekely", bodies.RiskBacktest, _of("risk_backtests", "backtest"),
            "returns value_at_risk expected_shortfall", {"value_at_risk": [2.33], "expected_shortfall": [2.67]}, returns),
        ("copula", "Dependence apart from the margins", bodies.Copula, _of("copulas", "copula"), "values*", {"family": "gumbel", "draws": 20}, rows),
        ("extremes", "Tails and return levels: peaks over a threshold or block maxima", bodies.Extremes, _of("extremes", "extremes"), "values", {"quantile": 0.8}, returns),
        ("sharpe", "How sure a Sharpe ratio is, and after how many trials", bodies.Sharpe, _of("sharpe", "sharpe_ratio"), "returns", {"trials": 20}, returns),
        ("pbo", "Probability that the best of many backtests is overfitted", bodies.Pbo, _of("pbo", "overfit"), "returns*", {"blocks": 6}, rows),
        ("spa", "Is any model better than a benchmark, given the search", bodies.Spa, _of("spa", "superior"), "benchmark losses*", {"losses": [[abs(v) for v in row] for row in rows], "draws": 200}, squares[:60]),
        ("bayes", "Bayesian regression with evidence", bodies.Bayes, _of("bayes", "regress"), "y x*", {"x": regressors, "predict": [[1.0]]}, [row[1] for row in rows]),
        ("compare", "Which of two forecasts is better (Diebold-Mariano)", bodies.Compare, _compare, "first second", {"second": [round(1.1 * v, 4) for v in squares[::-1]]}, squares),
    )  # fmt: skip
    return tuple(_method(*row) for row in table)


def _method(name: str, title: str, body: type[Body], call: Callable[..., object], inputs: str, extra: Parameters, data: list[Any]) -> Method:  # fmt: skip
    names = tuple(inputs.rstrip("*").split())
    return Method(name, title, body, call, names, inputs.endswith("*"), {names[0]: data} | extra)


METHODS: Mapping[str, Method] = {method.name: method for method in _methods()}


def method_of(name: str) -> Method:
    """Raises BadStatistic."""
    found = METHODS.get(name)
    if found is None:
        raise BadStatistic(f"there is no method {name!r}", field="method", allowed=list(METHODS))
    return found


def read(name: str, parameters: Mapping[str, JsonValue]) -> Body:
    """The checked parameters. Raises BadStatistic, BadInput."""
    method = method_of(name)
    try:
        return method.body.model_validate(dict(parameters))
    except ValidationError as error:
        raise from_validation(error) from None


def compute(name: str, parameters: Mapping[str, JsonValue], **how: object) -> dict[str, JsonValue]:
    """{"method", "words", "words_es", "ms", "result"}: everything in this process; `how` goes to the function of the method as it is.
    Raises BadStatistic, BadInput."""
    from qbtc.qcs.domain.statistics.result import BadSample, plain

    begun = time.perf_counter()
    body = read(name, parameters)
    try:
        found: Any = plain(method_of(name).call(**{field: getattr(body, field) for field in type(body).model_fields}, **how))
    except BadSample as error:
        raise BadStatistic(str(error), field=error.field) from None
    except (ValueError, ArithmeticError) as error:
        raise BadStatistic(str(error)) from None
    words = found.pop("words")
    took = round(1e3 * (time.perf_counter() - begun), 2)
    return {"method": name, "words": words, "words_es": sentence(name, found), "ms": took, "result": found}
