"""Every function against TA-Lib 0.8 on series of many kinds, with several sets of parameters.

Whole numbers are exactly equal. Others differ by at most 1e-10 of the largest value of the reference; a reference that is
nothing beside its inputs (below 1e-10 of them, as the histogram of a straight line) is compared at their scale.

Where TA-Lib itself is ill-conditioned the rule is looser, and says why:
- after a spike of S a running sum of values around v is wrong by 1e-16 S / v of itself. TA-Lib keeps that error for ever,
  ours goes at the next sum afresh; the two agree to 1e-8 for S / v = 1e4 (`test_sums` shows that ours is the right one).
- KAMA of STOCHRSI's %K is left out: KAMA weighs by net change over way travelled, and where %K stays at 100 both are the
  rounding of a division.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from tests.every import every

from qbtc.core import indicators
from qbtc.core.indicators import FUNCTIONS, MA_Type

from .cases import Array, Bars, inputs, names, parameters, series

talib = pytest.importorskip("talib", reason="TA-Lib is the reference; it is in the lock of the development extra")
TOLERANCE, AFTER_A_SPIKE = 1e-10, 1e-8
SERIES = list(series())


@functools.cache
def made(kind: str) -> Bars:
    return series()[kind]


def outputs(found: Any) -> tuple[Array, ...]:
    return tuple(found) if isinstance(found, tuple | list) else (found,)


def assert_alike(ours: Array, theirs: Array, given: list[Array], tolerance: float) -> None:
    assert ours.dtype == theirs.dtype
    if ours.dtype.kind == "i":
        np.testing.assert_array_equal(ours, theirs)
        return
    finite = np.isfinite(theirs)
    np.testing.assert_array_equal(ours[~finite], theirs[~finite])
    if not finite.any():
        return
    largest, of_inputs = np.abs(theirs[finite]).max(), max(np.nanmax(np.abs(x)) for x in given)
    scale = largest if largest > TOLERANCE * of_inputs else of_inputs
    assert np.abs(ours[finite] - theirs[finite]).max() <= tolerance * scale


@pytest.mark.parametrize("kind", SERIES)
@every("name", names())
def test_a_function_equals_that_of_talib(name: str, kind: str) -> None:
    function = FUNCTIONS[name]
    given = inputs(function, made(kind))
    tolerance = AFTER_A_SPIKE if kind == "spike" else TOLERANCE
    for chosen in parameters(function):
        ours, theirs = indicators.indicator(name)(*given, **chosen), getattr(talib, name)(*given, **chosen)
        for a, b in zip(outputs(ours), outputs(theirs), strict=True):
            assert_alike(a, b, given, tolerance)


ILL = ("STOCHRSI", MA_Type.KAMA)
CHOICES = [
    ("MA", ("matype",)), ("BBANDS", ("matype",)), ("APO", ("matype",)), ("PPO", ("matype",)), ("PVO", ("matype",)),
    ("MAVP", ("matype",)), ("STOCHF", ("fastd_matype",)), ("STOCHRSI", ("fastd_matype",)),
]  # fmt: skip
PAIRS = [
    ("STOCH", {"slowk_matype": 1, "slowd_matype": 4}), ("STOCH", {"slowk_matype": 11, "slowd_matype": 11}),
    ("KDJ", {"slowk_matype": 11, "slowd_matype": 2}), ("KDJ", {"slowk_matype": 0, "slowd_matype": 9}),
    ("MACDEXT", {"fastmatype": 1, "slowmatype": 1, "signalmatype": 1}), ("MACDEXT", {"fastmatype": 7, "slowmatype": 4}),
    ("MACDEXT", {"fastmatype": 6, "slowmatype": 2, "signalmatype": 8}), ("MACDEXT", {"fastperiod": 30, "signalmatype": 12}),
]  # fmt: skip


@every("name, which, kind", [(*choice, kind) for choice in CHOICES for kind in MA_Type if (choice[0], kind) != ILL])
def test_each_type_of_moving_average_equals_that_of_talib(name: str, which: tuple[str, ...], kind: MA_Type) -> None:
    given = inputs(FUNCTIONS[name], made("walk"))
    chosen = dict.fromkeys(which, int(kind))
    for a, b in zip(
        outputs(indicators.indicator(name)(*given, **chosen)), outputs(getattr(talib, name)(*given, **chosen)), strict=True
    ):
        assert_alike(a, b, given, TOLERANCE)


@every("name, chosen", PAIRS)
def test_types_of_moving_average_go_together_as_in_talib(name: str, chosen: dict[str, int]) -> None:
    given = inputs(FUNCTIONS[name], made("walk"))
    for a, b in zip(
        outputs(indicators.indicator(name)(*given, **chosen)), outputs(getattr(talib, name)(*given, **chosen)), strict=True
    ):
        assert_alike(a, b, given, TOLERANCE)


@every("name", names("Pattern Recognition"))
def test_every_pattern_is_compared_on_series_in_which_it_occurs(name: str) -> None:
    """Otherwise equality would say nothing: 200,000 candles on a coarse grid, with and without gaps."""
    given = patterned(200_000)
    ours = indicators.indicator(name)(*given)

    np.testing.assert_array_equal(ours, getattr(talib, name)(*given))
    assert np.count_nonzero(ours) > 0


MAT_HOLD = [(100.0, 102.0, 99.0, 101.0)] * 12 + [
    (101.0, 111.0, 101.0, 110.0), (112.0, 112.0, 111.0, 111.5), (110.5, 111.0, 109.0, 109.5), (110.0, 110.0, 109.0, 109.25),
    (109.5, 115.0, 109.0, 114.0),
]  # fmt: skip
"""(open, high, low, close): a pattern too rare to be drawn."""


@functools.cache
def patterned(n: int) -> list[Array]:
    """Candles whose bodies, shadows and gaps are drawn from a few sizes, the trend often turning."""
    random = np.random.default_rng(3)
    body = random.choice([0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0], n, p=[0.15, 0.15, 0.2, 0.2, 0.15, 0.1, 0.05])
    side = np.where(np.repeat(random.random(n // 4 + 1), 4)[:n] < 0.5, 1.0, -1.0) * np.where(random.random(n) < 0.2, -1, 1)
    gap = random.choice([0.0, 0.0, 0.25, 0.5, 1.0, 3.0], n) * random.choice([-1.0, 1.0], n)
    close = np.cumsum(body * side + gap)
    close += 10.0 - close.min()
    open_ = close - body * side
    up, down = (random.choice([0.0, 0.0, 0.0, 0.25, 0.5, 2.0, 6.0], n) for _ in range(2))
    candles = np.array([open_, np.maximum(open_, close) + up, np.minimum(open_, close) - down, close])
    candles[:, -len(MAT_HOLD) :] = np.array(MAT_HOLD).T
    return [np.ascontiguousarray(part) for part in candles]
