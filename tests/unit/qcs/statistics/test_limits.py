"""Numbers at the edge are answered or refused in words, never by a crash; limits are refused before work begins."""

from __future__ import annotations

import json
from collections.abc import Callable

import numpy as np
import pytest
from tests.sizes import FAST

from qbtc.kit.errors import BadInput
from qbtc.qcs.domain.statistics import changepoints, cointegration, garch, regimes, risk
from qbtc.qcs.domain.statistics.result import BadSample, series
from qbtc.qcs.statistics.methods import METHODS, compute

N = 140
RNG = np.random.default_rng(5)
SERIES: dict[str, Callable[[], np.ndarray]] = {
    "tiny": lambda: 1e-12 * RNG.normal(size=N),
    "huge": lambda: 1e150 * RNG.normal(size=N),
    "two values": lambda: np.tile([1.0, -1.0], N // 2),
    "one jump": lambda: np.r_[np.zeros(N - 1), 1.0],
    "far from nought": lambda: 1e9 + RNG.normal(size=N),
    "straight": lambda: np.arange(N, dtype=float),
    "growing": lambda: np.exp(np.arange(N) / 3.0),
    "mostly nought": lambda: np.where(RNG.random(N) < 0.9, 0.0, RNG.normal(size=N)),
    "without a mean": lambda: RNG.standard_cauchy(N),
}


@pytest.mark.parametrize("kind", list(SERIES)[:: 4 if FAST else 1])
@pytest.mark.parametrize("name", [n for n in METHODS if n not in {"regimes", "risk-backtest"}])
def test_strange_numbers_are_answered_in_json_or_refused_in_words(name: str, kind: str) -> None:
    method, make = METHODS[name], SERIES[kind]
    asked = dict(method.example)
    for i, field in enumerate(method.inputs):
        if field in asked:
            last = method.table and i == len(method.inputs) - 1
            asked[field] = np.column_stack([make(), make()]).tolist() if last else make().tolist()
    if name == "bayes":
        asked["predict"] = [[1.0, 1.0]]
    try:
        json.dumps(compute(name, asked), allow_nan=False)
    except BadInput as refused:
        assert len(refused.detail.split()) > 4


def test_numbers_whose_powers_are_none_are_refused() -> None:
    with pytest.raises(BadSample, match=r"value 1 is 1e\+60; allowed are sizes up to 1e\+50"):
        series([1.0, 1e60, 2.0], least=2)


LONG = np.random.default_rng(6).normal(size=50_001)


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda: garch.fit(LONG, garch.Spec("egarch")), "allowed for this member: 50 to 20,000"),
        (lambda: changepoints.changepoints(LONG), "PELT takes 50,000 at most"),
        (lambda: changepoints.changepoints(LONG, method="online"), "20,000 at most"),
        (lambda: regimes.regimes(LONG), "'hmm' is fitted to 20,000 at most"),
        (lambda: cointegration.cointegration(LONG[:49_998].reshape(-1, 2)), "24999 rows of 2; allowed: 40 to 20,000"),
        (lambda: risk.risk(LONG, method="evt"), "evt takes 20,000 at most"),
    ],
)
def test_what_would_take_minutes_is_refused_before_it_begins(work: Callable[[], object], words: str) -> None:
    with pytest.raises(BadSample, match=words):
        work()
