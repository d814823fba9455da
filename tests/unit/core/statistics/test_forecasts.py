"""The test of Diebold and Mariano."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.regression.linear_model import OLS

from qbtc.core.statistics.forecasts import diebold_mariano


def losses(seed: int, n: int = 200) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=n) ** 2, 1.3 * rng.normal(size=n) ** 2


def test_at_horizon_one_it_is_the_t_test_of_the_mean_difference() -> None:
    first, second = losses(1)
    regression = OLS(first - second, np.ones(200)).fit()
    found = diebold_mariano(first, second)
    assert found.statistic == pytest.approx(float(regression.tvalues[0]), rel=1e-12)
    assert found.p_value == pytest.approx(float(regression.pvalues[0]), rel=1e-10)


@given(st.integers(0, 50), st.integers(1, 6))
def test_exchanging_the_forecasts_changes_the_sign_only(seed: int, horizon: int) -> None:
    first, second = losses(seed)
    one, other = diebold_mariano(first, second, horizon=horizon), diebold_mariano(second, first, horizon=horizon)
    assert one.statistic == pytest.approx(-other.statistic)
    assert one.p_value == pytest.approx(other.p_value)


def test_equal_forecasts_are_found_different_as_often_as_the_level_says() -> None:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(2, 600, 120)) ** 2
    rejected = [diebold_mariano(a, b).p_value < 0.05 for a, b in zip(*x, strict=True)]
    assert 0.02 < np.mean(rejected) < 0.085


def test_a_worse_forecast_is_found() -> None:
    rng = np.random.default_rng(4)
    truth = rng.normal(size=500)
    found = diebold_mariano(truth**2, (truth - 0.8) ** 2)
    assert found.difference < 0
    assert found.p_value < 1e-6


def test_negative_autocovariances_never_give_a_negative_variance() -> None:
    d = np.tile([1.0, -1.0], 50) + np.linspace(0, 1e-3, 100)
    assert diebold_mariano(d, np.zeros(100), horizon=2).error > 0


@pytest.mark.parametrize(
    ("first", "second", "horizon", "message"),
    [
        (np.ones(5), np.ones(6), 1, "one length"),
        (np.ones(50), np.zeros(50), 1, "nothing can be tested"),
        (np.ones(50), np.ones(50), 26, "a horizon of 1 to n / 2"),
        (np.r_[np.nan, np.ones(9)], np.ones(10), 1, "period 0"),
    ],
)
def test_what_cannot_be_compared_is_said(first: np.ndarray, second: np.ndarray, horizon: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        diebold_mariano(first, second, horizon=horizon)
