"""Running sums stay right: against exact sums after a million bars and after a spike, and summed afresh at the same bars."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qbtc.core import indicators
from qbtc.core.indicators.cells import LEAST, again

from .cases import FUNCTIONS, inputs, walk

PERIOD = 14


def exact_mean(prices: np.ndarray, i: int) -> float:
    return math.fsum(prices[i - PERIOD + 1 : i + 1]) / PERIOD


def exact_weighted(prices: np.ndarray, i: int) -> float:
    window = prices[i - PERIOD + 1 : i + 1]
    return math.fsum(w * x for w, x in enumerate(window, 1)) / (PERIOD * (PERIOD + 1) / 2)


def exact_deviation(prices: np.ndarray, i: int) -> float:
    window = prices[i - PERIOD + 1 : i + 1]
    mean = math.fsum(window) / PERIOD
    return math.sqrt(math.fsum((x - mean) ** 2 for x in window) / PERIOD)


def exact_slope(prices: np.ndarray, i: int) -> float:
    window = prices[i - PERIOD + 1 : i + 1]
    middle = (PERIOD - 1) / 2
    return math.fsum((k - middle) * x for k, x in enumerate(window)) / math.fsum((k - middle) ** 2 for k in range(PERIOD))


@pytest.mark.parametrize(("name", "exact"), [
    ("SMA", exact_mean), ("WMA", exact_weighted), ("STDDEV", exact_deviation), ("LINEARREG_SLOPE", exact_slope),
    ("TRIMA", None),
])  # fmt: skip
def test_after_a_million_bars_a_window_is_as_right_as_at_first(name: str, exact: object) -> None:
    prices = walk(1_000_000, 8, start=60_000.0, step=0.5)["close"]
    found = indicators.indicator(name)(prices, timeperiod=PERIOD)
    for i in range(len(prices) - 2000, len(prices), 97):
        fresh = exact(prices, i) if callable(exact) else indicators.indicator(name)(prices[i - 40 : i + 1], PERIOD)[-1]
        assert found[i] == pytest.approx(fresh, abs=1e-10 * 60_000.0, rel=0)


@pytest.mark.parametrize("name", ["ULTOSC", "VORTEX", "CMOU", "CMF", "MFI", "IMI", "ER", "VHF"])
def test_what_a_spike_leaves_behind_is_gone_at_the_next_sum_afresh(name: str) -> None:
    """TA-Lib keeps it for ever; ours equals a series that begins after the spike."""
    function = FUNCTIONS[name]
    given = inputs(function, walk(2400, 9))
    for values in given:
        values[100] *= 1e7
    start = again(PERIOD) + 1
    late = [values[start - 200 :] for values in given]

    whole, fresh = indicators.indicator(name)(*given), indicators.indicator(name)(*late)
    for a, b in zip(*(x if isinstance(x, tuple) else (x,) for x in (whole, fresh)), strict=True):
        np.testing.assert_allclose(a[start + 60 :], b[260:], rtol=1e-10, atol=1e-12)


def test_how_often_a_window_is_summed_costs_at_most_a_sixteenth_of_a_step() -> None:
    assert again(1) == again(60) == LEAST
    for n in (2, 64, 65, 1000, 100_000):
        mask = again(n)
        assert (mask + 1) & mask == 0
        assert (mask + 1) / n >= 16 or mask == LEAST
