"""U: the fit against SciPy's optimiser, a long series against what arch 8.0.0 found of it, and cases by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from qbtc.hft.domain.features.garch import LEAST, MOST, cost, fit, forecasts, loss, standardise, uncertainty
from qbtc.hft.domain.features.native import Array, room


def simulated(seed: int, bars: int, shock: float = 0.12, kept: float = 0.8) -> Array:
    """A GARCH(1,1) of variance 1."""
    rng, h, r = np.random.default_rng(seed), 1.0, np.empty(bars)
    for t in range(bars):
        r[t] = math.sqrt(h) * rng.standard_normal()
        h = 1 - shock - kept + shock * r[t] ** 2 + kept * h
    return r


def squares(r: Array) -> Array:
    square = np.empty(r.size)
    standardise(r, square)
    return square


def test_the_loss_is_minus_twice_the_gaussian_log_likelihood() -> None:
    square, shock, persistence = squares(simulated(1, 50)), 0.1, 0.9
    h, expected = 1.0, 0.0
    for value in square:
        expected += math.log(h) + value / h
        h = (1 - persistence) + shock * value + (persistence - shock) * h
    assert loss(square, shock, persistence) == pytest.approx(expected, rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), bars=st.integers(29, 60))
def test_no_optimiser_finds_a_better_fit(seed: int, bars: int) -> None:
    square = squares(simulated(seed, bars))
    shock, persistence = fit(square)

    def of(x: Array) -> float:
        p = min(max(x[1], 2 * LEAST), MOST)
        return float(cost(square, min(max(x[0], LEAST), p - LEAST), p))

    found = min(minimize(of, start, method="Nelder-Mead").fun for start in ((0.1, 0.9), (0.3, 0.5), (shock, persistence)))
    assert cost(square, shock, persistence) <= found + 1e-4


def test_a_long_series_has_the_parameters_that_arch_finds() -> None:
    # arch 8.0.0, arch_model(r, mean="Constant", vol="GARCH", p=1, q=1): alpha 0.106203, beta 0.823045
    shock, persistence = fit(squares(simulated(5, 4000)))
    assert (shock, persistence - shock) == pytest.approx((0.106203, 0.823045), abs=0.003)


def test_its_next_variance_is_that_of_arch() -> None:
    # the same model's forecast(horizon=1).variance: 0.9361019
    r = simulated(5, 4000)
    square, ahead = squares(r), np.empty(r.size)
    forecasts(square, *fit(square), ahead)
    assert ahead[-1] * r.var() == pytest.approx(0.9361019, rel=0.005)


def test_forecasts_follow_the_recursion() -> None:
    out = np.empty(3)
    forecasts(np.array([1.0, 4.0, 0.0]), 0.2, 0.9, out)
    # 0.1 + 0.2 + 0.7; 0.1 + 0.8 + 0.7; 0.1 + 0 + 1.12
    assert out == pytest.approx([1.0, 1.6, 1.22])


def test_uncertainty_is_high_after_a_shock_and_low_after_calm() -> None:
    calm, work = np.tile([1e-4, -1e-4], 25), np.empty(room(60))
    assert uncertainty(np.append(calm, 2e-3), work) > 0.5
    assert uncertainty(np.insert(calm, 10, 2e-3), work) < uncertainty(np.append(calm, 2e-3), work)


def test_uncertainty_knows_no_scale_and_no_sign() -> None:
    r, work = simulated(3, 60), np.empty(room(60))
    assert uncertainty(1e-4 * r, work) == pytest.approx(uncertainty(r, work), abs=1e-9)
    assert uncertainty(-r, work) == pytest.approx(uncertainty(r, work), abs=1e-9)


def test_uncertainty_of_an_unchanging_price_is_masked() -> None:
    assert math.isnan(uncertainty(np.zeros(60), np.empty(room(60))))
