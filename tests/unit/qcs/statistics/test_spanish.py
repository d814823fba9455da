"""The Spanish sentence of a result says what the English one says: the same numbers, and a verdict for a verdict."""

from __future__ import annotations

import re

import numpy as np
import pytest

from qbtc.qcs.domain.statistics.copulas import FAMILIES
from qbtc.qcs.domain.statistics.garch.parameters import LAWS
from qbtc.qcs.domain.statistics.resample import STATISTICS
from qbtc.qcs.statistics import spanish
from qbtc.qcs.statistics.methods import METHODS, compute

RNG = np.random.default_rng(7)
RETURNS = RNG.normal(size=300).round(4).tolist()
JUMPY = [*RETURNS[:150], 9.0, *RETURNS[150:]]
SHIFTED = [*RETURNS[:150], *(v + 4 for v in RETURNS[150:])]
TREND = np.cumsum(RNG.normal(size=200)).round(4).tolist()
CASES = [
    *((name, method.example) for name, method in METHODS.items() if name != "garch-rolling"),
    ("realised", {"returns": JUMPY}),
    ("garch", {"values": RETURNS, "family": "igarch"}),
    ("regimes", {"values": RETURNS, "count": 2}),
    ("regimes", {"values": RETURNS, "count": 1}),
    ("regimes", {"values": SHIFTED}),
    ("changepoints", {"values": SHIFTED, "cost": "mean"}),
    ("har", {"variances": [v * v + 0.1 for v in RETURNS], "horizon": 5}),
    ("unit-roots", {"values": RETURNS, "trend": "ct"}),
    ("hurst", {"values": np.diff(TREND, prepend=0.0).cumsum()[:200].tolist(), "draws": 40}),
    ("hurst", {"values": np.diff(RETURNS).tolist(), "draws": 40, "method": "rs"}),
    ("risk-backtest", {"returns": JUMPY, "value_at_risk": [0.5]}),
    ("extremes", {"values": RETURNS, "method": "gev", "periods": []}),
    ("sharpe", {"returns": RETURNS}),
    ("spa", {"benchmark": [2.0 + v for v in RETURNS], "losses": [[v] for v in RETURNS[::-1]], "draws": 100}),
    ("bayes", {"y": RETURNS, "x": [[v] for v in TREND[:200] + RETURNS[:100]]}),
    ("compare", {"first": [abs(v) for v in RETURNS], "second": [abs(v) + 2 + v / 9 for v in RETURNS]}),
]


def numbers(words: str) -> list[float]:
    """Of a sentence in either language, in order; p-values below 0.001 as that."""
    plain = re.sub(r"(?<=\d),(?=\d)", ".", words)
    return [float(n) for n in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?", plain)]


@pytest.mark.parametrize(("method", "parameters"), CASES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CASES)])
def test_both_sentences_have_the_same_numbers(method: str, parameters: dict) -> None:
    found = compute(method, parameters)
    english, told = str(found["words"]), str(found["words_es"])
    assert sorted(numbers(english)) == pytest.approx(sorted(numbers(told))), (english, told)
    assert told.endswith(".") and told != english


def test_every_method_has_a_sentence() -> None:
    assert set(spanish.SENTENCES) == set(METHODS)


def test_every_family_statistic_and_law_has_its_name() -> None:
    assert set(spanish.COPULAS) == set(FAMILIES)
    assert set(spanish.STATISTICS) == set(STATISTICS)
    assert set(spanish.ERRORS) == set(LAWS)


@pytest.mark.parametrize(
    ("method", "parameters", "says"),
    [
        ("changepoints", {"values": SHIFTED, "cost": "mean"}, "1 cambio, es decir, 2 tramos; el último empezó en el valor 150"),
        ("realised", {"returns": JUMPY}, "es probable un salto"),
        ("regimes", {"values": RETURNS}, "El BIC elige 1 régimen: 2 son"),
        ("regimes", {"values": RETURNS, "count": 2}, "pero no se muestran regímenes"),
        ("compare", CASES[-1][1], "la primera previsión es mejor"),
        ("spa", CASES[-3][1], "mejores: 0"),
    ],
)
def test_a_verdict_is_the_same_in_spanish(method: str, parameters: dict, says: str) -> None:
    assert says in str(compute(method, parameters)["words_es"])
