"""Does a series return to a level? Unit roots (ADF, Phillips-Perron), stationarity (KPSS) and variance ratios, by `arch`."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from .result import BadSample, Floats, Test, one_of, series, within

TRENDS = {"c": "a constant", "ct": "a constant and a trend"}
LEAST = 30


@dataclass(frozen=True)
class UnitRoots:
    """Each test with the lags it took (`lags`) and its critical values by level (`critical`)."""

    n: int
    trend: str
    tests: dict[str, Test]
    lags: dict[str, int]
    critical: dict[str, dict[str, float]]
    words: str


def unit_roots(values: ArrayLike, *, trend: str = "c", ratio_lags: int = 2) -> UnitRoots:
    """Of a series of levels, float64[n], n >= 30. `ratio_lags`: periods of the variance ratio (A. Lo, C. MacKinlay 1988).

    Raises BadSample.
    """
    one_of(trend, TRENDS, "trend")
    x = series(values, least=LEAST)
    within(ratio_lags, 2, x.size // 2, "ratio_lags")
    from arch.utility.exceptions import InfeasibleTestException

    try:
        with warnings.catch_warnings():
            # KPSS says at every call that its lags come from the data now, which is what is wanted.
            warnings.simplefilter("ignore")
            # None of the tests depends on level and unit; their regressions are safer without.
            return _read(x.size, trend, _tests((x - x.mean()) / x.std(), trend, ratio_lags))
    except InfeasibleTestException:
        raise BadSample("values: they follow from each other exactly, so that nothing is left to test") from None


def _read(n: int, trend: str, found: dict[str, Any]) -> UnitRoots:
    tests = {name: Test(float(t.stat), float(t.pvalue), str(t.null_hypothesis)) for name, t in found.items()}
    critical = {name: {level: float(v) for level, v in (t.critical_values or {}).items()} for name, t in found.items()}
    return UnitRoots(n, trend, tests, {name: int(t.lags) for name, t in found.items()}, critical, _words(tests, trend))


def _tests(x: Floats, trend: Any, ratio_lags: int) -> dict[str, Any]:
    from arch.unitroot import ADF, KPSS, PhillipsPerron, VarianceRatio

    return {
        "adf": ADF(x, trend=trend),
        "phillips_perron": PhillipsPerron(x, trend=trend),
        "kpss": KPSS(x, trend=trend),
        "variance_ratio": VarianceRatio(x, ratio_lags, trend="c"),
    }


def _words(tests: dict[str, Test], trend: str) -> str:
    root, level = not tests["adf"].rejected, not tests["kpss"].rejected
    found = {
        (False, True): "returns to its level: the unit root is rejected and stationarity is not",
        (True, False): "wanders: a unit root is not rejected and stationarity is",
        (True, True): "does not say: neither a unit root nor stationarity is rejected",
        (False, False): "contradicts both: a unit root and stationarity are rejected, as with long memory or breaks",
    }[root, level]
    return f"Around {TRENDS[trend]} the series {found} (5 %, ADF and KPSS)."
