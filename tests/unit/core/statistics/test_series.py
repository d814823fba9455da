"""Moments, ratios, drawdowns and tails against NumPy, SciPy and published values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from qbtc.core.statistics import series, sharpe, tails

VALUES = arrays(np.float64, st.integers(2, 60), elements=st.integers(-1000, 1000).map(float))
T, SKEW, KURTOSIS = 1250, -3.0, 10.0
DAILY = 2.5 / math.sqrt(250)


@given(VALUES)
def test_moments_are_those_of_numpy_and_scipy(x: np.ndarray) -> None:
    found = series.moments(x)
    assert found.mean == pytest.approx(x.mean(), abs=1e-9)
    assert found.deviation == pytest.approx(x.std(ddof=1), abs=1e-9)
    if np.ptp(x) == 0:
        assert math.isnan(found.skew) and math.isnan(found.kurtosis)
    else:
        assert found.skew == pytest.approx(stats.skew(x), abs=1e-9)
        assert found.kurtosis == pytest.approx(stats.kurtosis(x, fisher=False), abs=1e-9)


@given(VALUES, st.floats(0.001, 1000))
def test_ratios_do_not_depend_on_the_scale_of_profits(x: np.ndarray, scale: float) -> None:
    for ratio in (series.sharpe, series.sortino, series.profit_factor, series.hit_rate, tails.tail_ratio):
        assert ratio(x * scale) == pytest.approx(ratio(x), rel=1e-9, nan_ok=True)


def test_what_has_no_variance_has_no_ratio_and_not_the_ratio_zero() -> None:
    for x in (np.zeros(0), np.ones(1), np.full(9, 0.1), np.zeros(9)):
        assert math.isnan(series.sharpe(x))
    assert math.isnan(series.sortino(np.ones(9)))
    assert math.isnan(series.profit_factor(np.ones(9)))
    assert math.isnan(series.hit_rate(np.zeros(9)))


@given(VALUES)
def test_a_drawdown_is_the_deepest_fall_from_an_earlier_high(x: np.ndarray) -> None:
    fall = series.maximum_drawdown(x)
    falls = [(x[i] - x[j], i, j) for j in range(x.size) for i in range(j + 1)]
    assert fall.depth == pytest.approx(max(f for f, _, _ in falls))
    assert 0 <= fall.depth <= np.ptp(x)
    assert x[fall.peak] - x[fall.trough] == fall.depth
    if fall.end >= 0:
        assert x[fall.end] >= x[fall.peak] and (x[fall.peak + 1 : fall.end] < x[fall.peak]).all()
    else:
        assert (x[fall.trough :] < x[fall.peak]).all()


def test_a_rise_has_no_drawdown() -> None:
    assert series.maximum_drawdown(np.arange(5.0)) == (0.0, 0, 0, 0)


def test_autocorrelations_are_those_of_the_definition() -> None:
    x = np.random.default_rng(1).normal(size=200).cumsum()
    d = x - x.mean()
    expected = [np.correlate(d, d, "full")[x.size - 1 + k] / (d @ d) for k in range(1, 6)]
    assert series.autocorrelations(x, 5) == pytest.approx(expected)


# ---- Sharpe


@pytest.mark.parametrize(("trials", "expected"), [(100, 0.900397), (46, 0.950502)])
def test_the_deflated_ratio_has_the_values_of_the_paper(trials: int, expected: float) -> None:
    found = sharpe.deflated(DAILY, T, SKEW, KURTOSIS, trials=trials, variance=0.5 / 250)
    assert round(found, 6) == expected


def test_the_deflated_ratio_of_one_trial_is_the_probabilistic_one() -> None:
    assert sharpe.deflated(DAILY, T, SKEW, KURTOSIS, trials=1, variance=0.5) == sharpe.probabilistic(
        DAILY, 0.0, T, SKEW, KURTOSIS
    )


def test_more_trials_never_make_a_result_better() -> None:
    found = [sharpe.deflated(DAILY, T, SKEW, KURTOSIS, trials=n, variance=0.5 / 250) for n in (1, 2, 5, 20, 1000, 10**6)]
    assert found == sorted(found, reverse=True)


def test_the_expected_maximum_is_near_that_of_drawn_maxima() -> None:
    drawn = np.random.default_rng(2).normal(size=(20_000, 50)).max(axis=1).mean()
    assert sharpe.expected_maximum(50, 1.0) == pytest.approx(drawn, abs=0.03)


def test_the_standard_error_is_los_for_normal_profits_and_that_of_drawn_series() -> None:
    assert sharpe.standard_error(0.5, 1001, 0.0, 3.0) == pytest.approx(math.sqrt((1 + 0.125) / 1000))
    x = np.random.default_rng(3).exponential(size=(4000, 500)) - 0.5
    ratios = x.mean(axis=1) / x.std(axis=1, ddof=1)
    assert sharpe.standard_error(0.5, 500, 2.0, 9.0) == pytest.approx(ratios.std(), rel=0.05)


def test_at_the_minimum_length_the_probability_is_the_confidence() -> None:
    length = sharpe.minimum_length(DAILY, 0.0, SKEW, KURTOSIS, 0.95)
    error = math.sqrt((1 - SKEW * DAILY + 2.25 * DAILY**2) / (length - 1))
    assert stats.norm.cdf(DAILY / error) == pytest.approx(0.95)
    assert math.isnan(sharpe.minimum_length(-0.1, 0.0, 0.0, 3.0))


def test_los_factor_is_the_root_of_time_without_correlation_and_less_with_a_positive_one() -> None:
    rng = np.random.default_rng(4)
    white = rng.normal(size=20_000)
    assert sharpe.lo_factor(white, 252.0, 0) == pytest.approx(math.sqrt(252))
    assert sharpe.lo_factor(white, 252.0) == pytest.approx(math.sqrt(252), rel=0.1)
    smooth = np.convolve(white, np.ones(4) / 4, "valid")
    assert sharpe.lo_factor(smooth, 252.0) == pytest.approx(math.sqrt(252) / 2, rel=0.1)


def test_los_factor_has_the_closed_form_of_an_autoregression() -> None:
    rho, q = 0.3, 12
    x = np.array([1.0, -1.0])  # any: the formula is asked with the lags it has
    eta = q / math.sqrt(q + 2 * sum((q - k) * rho**k for k in range(1, q)))
    closed = math.sqrt(q) / math.sqrt(1 + 2 * rho / (1 - rho) * (1 - (1 - rho**q) / (q * (1 - rho))))
    assert eta == pytest.approx(closed)
    noise = np.random.default_rng(5).normal(size=200_000)
    x = np.empty_like(noise)
    last = 0.0
    for i, e in enumerate(noise):
        last = rho * last + e
        x[i] = last
    assert sharpe.lo_factor(x, q, 11) == pytest.approx(closed, rel=0.02)


# ---- tails


@given(VALUES, st.floats(0.5, 0.99))
def test_the_expected_shortfall_is_at_least_the_value_at_risk(x: np.ndarray, level: float) -> None:
    assert tails.expected_shortfall(x, level) >= tails.value_at_risk(x, level) - 1e-9


def test_tails_of_a_hundred_values_are_counted_by_hand() -> None:
    x = np.random.default_rng(6).permutation(np.arange(1.0, 101.0)) - 50
    assert tails.value_at_risk(x) == 45
    assert tails.expected_shortfall(x) == pytest.approx(np.mean([49, 48, 47, 46, 45]))
    assert tails.tail_ratio(x) == pytest.approx(45 / 45)


def test_the_tails_of_many_normal_values_are_those_of_the_distribution() -> None:
    x = np.random.default_rng(7).normal(size=400_000)
    assert tails.value_at_risk(x) == pytest.approx(stats.norm.ppf(0.95), abs=0.01)
    assert tails.expected_shortfall(x) == pytest.approx(stats.norm.pdf(stats.norm.ppf(0.95)) / 0.05, abs=0.02)


@pytest.mark.parametrize(("n", "x", "p", "expected"), [(250, 6, 0.01, 3.5554), (255, 7, 0.05, 3.2407)])
def test_kupiecs_ratio_has_the_published_values(n: int, x: int, p: float, expected: float) -> None:
    found, chance = tails.kupiec(n, x, p)
    assert round(found, 4) == expected
    assert chance == pytest.approx(stats.chi2.sf(found, 1))


def test_kupiecs_test_takes_the_ends_and_refuses_the_impossible() -> None:
    assert tails.kupiec(100, 0, 0.01)[0] == pytest.approx(-200 * math.log(0.99))
    assert tails.kupiec(100, 1, 0.01) == (0.0, 1.0)
    for wrong in ((100, 101, 0.1), (0, 0, 0.1), (10, 1, 0.0), (10, 1, 1.0)):
        with pytest.raises(ValueError, match="Kupiec"):
            tails.kupiec(*wrong)
