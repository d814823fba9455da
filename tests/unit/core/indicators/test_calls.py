"""Calls with arrays: what is taken, what is refused and in which words, what does not look ahead."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.every import every

from qbtc.core import indicators
from qbtc.core.indicators import FUNCTIONS

from .cases import inputs, names, parameters, walk

EMA, STOCH, MA, MAVP, SMA = map(indicators.indicator, ("EMA", "STOCH", "MA", "MAVP", "SMA"))
PRICES = walk(200, 3)["close"]


@pytest.mark.parametrize(("call", "error", "says"), [
    (lambda: EMA(PRICES, timeperiod=0), ValueError, "EMA: timeperiod = 0 is outside 1 to 100000"),
    (lambda: EMA(PRICES, 2.5), ValueError, "EMA: timeperiod = 2.5 must be a whole number"),
    (lambda: EMA(PRICES, "10"), TypeError, "EMA: timeperiod must be a number, not str"),
    (lambda: EMA(PRICES, True), TypeError, "EMA: timeperiod must be a number, not bool"),
    (lambda: EMA(PRICES, float("nan")), ValueError, "EMA: timeperiod = nan is outside"),
    (lambda: EMA(PRICES, period=10), TypeError, "EMA: unknown parameter 'period'; allowed: timeperiod"),
    (lambda: EMA(PRICES, 10, timeperiod=10), TypeError, "EMA: timeperiod was given twice"),
    (lambda: EMA(PRICES, 10, 11), TypeError, "EMA: 2 parameters given; it has 1"),
    (EMA, TypeError, "EMA: 0 arrays given; it takes 1: real"),
    (lambda: STOCH(PRICES, PRICES), TypeError, "STOCH: 2 arrays given; it takes 3: high, low, close"),
    (lambda: STOCH(PRICES, PRICES[1:], PRICES), ValueError, "STOCH: low has 199 values, high has 200; all inputs must be"),
    (lambda: EMA(PRICES.reshape(2, 100)), ValueError, "EMA: real must have one dimension, not 2"),
    (lambda: EMA(["a", "b"]), TypeError, "EMA: real must hold numbers, not <U1"),
    (lambda: EMA(np.array([1 + 1j])), TypeError, "EMA: real must hold numbers, not complex128"),
    (lambda: EMA(np.array([True])), TypeError, "EMA: real must hold numbers, not bool"),
    (lambda: EMA(np.array([None, 1.0])), TypeError, "EMA: real must hold numbers, not object"),
    (lambda: MA(PRICES, matype=14), ValueError, "MA: matype = 14 is outside 0 to 13"),
    (lambda: MAVP(PRICES, PRICES, 10, 5), ValueError, "MAVP: minperiod = 10 must not be above maxperiod = 5"),
    (lambda: MAVP(PRICES, PRICES, 2, 100_000, 5), ValueError, "needs .* bytes of memory; at most 1073741824 are allowed"),
    (lambda: EMA.stream(timeperiod=-1), ValueError, "EMA: timeperiod = -1 is outside"),
    (lambda: EMA.field(period=1), TypeError, "EMA: unknown parameter 'period'"),
])  # fmt: skip
def test_what_is_wrong_is_named_with_what_is_allowed(call: Any, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        call()


@pytest.mark.parametrize("given_", [
    np.arange(50), np.arange(50, dtype=np.uint8), np.arange(50, dtype=np.float32), list(range(50)), np.arange(100.0)[::2] / 2.0,
    np.arange(50.0).astype(">f8"),
])  # fmt: skip
def test_any_real_numbers_are_taken_and_converted(given_: Any) -> None:
    np.testing.assert_array_equal(EMA(given_, 5), EMA(np.arange(50.0), 5))


def test_inputs_are_not_written_to_and_may_be_read_only() -> None:
    prices = PRICES.copy()
    prices.setflags(write=False)

    assert not np.isnan(EMA(prices, timeperiod=5)[4:]).any()
    np.testing.assert_array_equal(prices, PRICES)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_series_shorter_than_the_lookback_give_nothing_but_nan(n: int) -> None:
    assert np.isnan(EMA(PRICES[:n], timeperiod=10)).all()
    assert len(EMA(PRICES[:n], timeperiod=10)) == n


@every("name", FUNCTIONS)
def test_a_series_of_nan_gives_nan_and_zeros(name: str) -> None:
    found = indicators.indicator(name)(*[np.full(300, np.nan) for _ in FUNCTIONS[name].inputs])
    for output in found if isinstance(found, tuple) else (found,):
        assert (output == 0).all() if output.dtype.kind == "i" else np.isnan(output).all()


@every("name", FUNCTIONS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_nan_or_infinity_in_the_middle_changes_nothing_before_it_and_harms_nothing(name: str, value: float) -> None:
    function = FUNCTIONS[name]
    clean = inputs(function, walk(400, 31))
    dirty = [values.copy() for values in clean]
    dirty[-1][250] = value
    with np.errstate(all="ignore"):
        before, after = indicators.indicator(name)(*clean), indicators.indicator(name)(*dirty)
    for a, b in zip(*(x if isinstance(x, tuple) else (x,) for x in (before, after)), strict=True):
        np.testing.assert_array_equal(a[:250], b[:250])


@pytest.mark.parametrize("name", ["SMA", "EMA", "RSI", "STDDEV", "LINEARREG", "KAMA", "ATR", "SUM", "T3", "CMF"])
def test_a_nan_in_the_middle_stays_as_it_does_in_talib(name: str) -> None:
    talib = pytest.importorskip("talib", reason="TA-Lib is the reference; it is in the lock of the development extra")
    given_ = inputs(FUNCTIONS[name], walk(3000, 32))
    given_[-1][1500] = np.nan

    ours, theirs = indicators.indicator(name)(*given_), getattr(talib, name)(*given_)
    np.testing.assert_array_equal(np.isnan(ours), np.isnan(theirs))


@given(seed=some.integers(0, 10_000), cut=some.integers(1, 299), which=some.sampled_from(list(FUNCTIONS)))
def test_the_future_never_changes_the_past(seed: int, cut: int, which: str) -> None:
    function, random = FUNCTIONS[which], np.random.default_rng(seed)
    clean = inputs(function, walk(300, seed))
    order = np.concatenate([np.arange(cut), cut + random.permutation(300 - cut)])
    shuffled = [values[order] * np.where(np.arange(300) < cut, 1.0, 1.5) for values in clean]
    for chosen in parameters(function):
        with np.errstate(all="ignore"):
            a, b = indicators.indicator(which)(*clean, **chosen), indicators.indicator(which)(*shuffled, **chosen)
        for x, y in zip(*(z if isinstance(z, tuple) else (z,) for z in (a, b)), strict=True):
            np.testing.assert_array_equal(x[:cut], y[:cut])


@given(prices=some.lists(some.floats(-1e6, 1e6), min_size=1, max_size=80), period=some.integers(1, 20))
def test_a_simple_average_is_the_mean_of_its_window(prices: list[float], period: int) -> None:
    found, scale = SMA(np.array(prices), timeperiod=period), max(map(abs, prices)) + 1.0
    for i in range(period - 1, len(prices)):
        assert found[i] == pytest.approx(np.mean(prices[i - period + 1 : i + 1]), abs=1e-13 * scale)


@given(
    prices=some.lists(some.floats(-1e3, 1e3).map(lambda x: round(x, 1)), min_size=1, max_size=80), period=some.integers(2, 20)
)
def test_extremes_and_percentiles_are_those_of_the_sorted_window(prices: list[float], period: int) -> None:
    series = np.array(prices)
    top, bottom = indicators.indicator("MAX")(series, period), indicators.indicator("MIN")(series, period)
    middle = indicators.indicator("PERCENTILE")(series, period, 50.0)
    for i in range(period - 1, len(prices)):
        window = sorted(prices[i - period + 1 : i + 1])
        assert (bottom[i], middle[i], top[i]) == (window[0], window[-(-period // 2) - 1], window[-1])


@pytest.mark.parametrize("group", list(indicators.groups()))
def test_every_function_describes_itself(group: str) -> None:
    for name in names(group):
        text = indicators.indicator(name).__doc__ or ""
        assert FUNCTIONS[name].title in text
        assert all(p.name in text for p in FUNCTIONS[name].parameters)
