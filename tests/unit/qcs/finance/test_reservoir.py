"""The reservoir and what it is compared with: physical states, forecasts that look at nothing later, known statistics."""

from __future__ import annotations

import math

import numpy as np
import pytest
from pydantic import ValidationError

from qbtc.qcs import finance
from qbtc.qcs.domain.finance.forecasts import (
    diebold_mariano,
    har_features,
    losses,
    realised_variance,
    ridge,
    walk_forward,
)
from qbtc.qcs.domain.finance.reservoir import Spins, compare, echo_features, evolution, quantum_features
from qbtc.testing.data import MARKET

RNG = np.random.default_rng(2)


def persistent(count: int, seed: int = 3) -> np.ndarray:
    """ln RV that follows a HAR process."""
    rng, series = np.random.default_rng(seed), np.full(count, -9.0)
    for t in range(24, count):
        past = 0.4 * series[t - 1] + 0.3 * series[t - 6 : t].mean() + 0.2 * series[t - 24 : t].mean()
        series[t] = past - 0.9 + 0.3 * rng.normal()
    return np.exp(series)


def test_the_evolution_is_unitary_and_readings_are_expectations() -> None:
    shape = Spins(3, 2)
    step = evolution(shape, np.random.default_rng(1))
    assert np.allclose(step @ step.conj().T, np.eye(8), atol=1e-12)
    rows = quantum_features(RNG.random(40), shape, np.random.default_rng(1))
    assert rows.shape == (40, shape.readings)
    assert np.abs(rows).max() <= 1 + 1e-12


def test_the_reservoir_forgets_where_it_began_and_remembers_what_came_in() -> None:
    shape = Spins(3, 1)
    inputs = RNG.random(400)
    other = np.concatenate([RNG.random(60), inputs[60:]])
    first, second = (quantum_features(values, shape, np.random.default_rng(1)) for values in (inputs, other))
    assert np.abs(first[60] - second[60]).max() > 1e-3
    assert np.abs(first[-1] - second[-1]).max() < 1e-3


def test_one_spin_that_is_read_at_once_shows_its_input() -> None:
    shape = Spins(2, 1, tau=1e-9)
    rows = quantum_features(np.array([0.0, 1.0, 0.25]), shape, np.random.default_rng(1))
    assert rows[:, 1] == pytest.approx([1.0, -1.0, 0.5], abs=1e-6)  # <Z> of the input spin is 1 - 2s


def test_an_echo_network_has_as_many_units_as_asked_and_is_fixed_by_its_seed() -> None:
    first, second = (echo_features(np.linspace(0, 1, 30), 12, np.random.default_rng(4)) for _ in range(2))
    assert first.shape == (30, 12)
    assert np.array_equal(first, second)


def test_realised_variance_sums_squared_returns_of_each_block() -> None:
    closes = np.exp(np.cumsum([0.0, 0.01, -0.02, 0.03, 0.0, 0.5]))
    assert realised_variance(closes, 2) == pytest.approx([0.01**2 + 0.02**2, 0.03**2])


def test_har_means_are_of_the_last_1_6_and_24_values() -> None:
    values = RNG.normal(size=50)
    rows = har_features(values)
    assert np.isnan(rows[22]).any() and not np.isnan(rows[23]).any()
    assert rows[40] == pytest.approx([values[40], values[35:41].mean(), values[17:41].mean()])


def test_a_ridge_readout_without_penalty_is_least_squares() -> None:
    features, target = RNG.normal(size=(60, 3)), RNG.normal(size=60)
    weights, centre, scale, spread = ridge(features, target, 0.0)
    plain, *_ = np.linalg.lstsq(np.column_stack([np.ones(60), features]), target, rcond=None)
    assert weights[1:] / scale == pytest.approx(plain[1:])
    assert spread == pytest.approx(np.mean((target - np.column_stack([np.ones(60), features]) @ plain) ** 2))
    assert centre == pytest.approx(features.mean(axis=0))


def test_forecasts_do_not_change_when_the_future_does() -> None:
    target = np.log(persistent(300))
    changed = target.copy()
    changed[200:] += 5.0
    before, after = (walk_forward(har_features(series), series, 150, 1.0)[0] for series in (target, changed))
    assert np.array_equal(before[: 200 - 150], after[: 200 - 150])
    assert not np.array_equal(before[51:], after[51:])


def test_losses_are_zero_for_a_perfect_forecast_and_as_defined_else() -> None:
    assert all(np.all(loss == 0) for loss in losses(np.array([2.0]), np.array([2.0])).values())
    found = losses(np.array([1.0]), np.array([2.0]))
    assert found["qlike"][0] == pytest.approx(2 - math.log(2) - 1)
    assert found["mse"][0] == pytest.approx(math.log(2) ** 2)


def test_diebold_mariano_without_lags_is_the_t_test_of_the_differences() -> None:
    from scipy.stats import ttest_1samp

    first, second = RNG.normal(size=80) ** 2, RNG.normal(size=80) ** 2
    found, wanted = diebold_mariano(first, second, lags=0), ttest_1samp(first - second, 0.0)
    assert (found.statistic, found.p) == pytest.approx((wanted.statistic, wanted.pvalue))


def test_equal_losses_are_no_difference() -> None:
    found = diebold_mariano(np.ones(30), np.ones(30))
    assert (found.difference, found.p) == (0.0, 1.0)


def test_the_report_has_three_models_on_the_same_steps_and_a_verdict_for_each_comparison() -> None:
    found = compare(persistent(400), Spins(3, 2), train=0.5, seed=1, told=lambda *_: None)
    assert set(found["models"]) == {"har", "reservoir", "echo"}
    assert found["models"]["echo"]["inputs"] == found["models"]["reservoir"]["inputs"] == Spins(3, 2).readings
    assert found["forecasts"] == 199
    for row in found["comparisons"]:
        gap = found["models"]["reservoir"][row["loss"]] - found["models"][row["against"]][row["loss"]]
        assert row["difference"] == pytest.approx(gap)
        assert row["verdict"] == ("no difference" if row["p"] >= 0.05 else "wins" if gap < 0 else "loses")


def test_har_is_not_beaten_on_a_har_process() -> None:
    found = compare(persistent(900), Spins(3, 2), train=0.5, seed=1, told=lambda *_: None)
    assert all(row["verdict"] != "wins" for row in found["comparisons"] if row["against"] == "har")


@pytest.mark.skipif(not (MARKET / "btc_perp_1m_202201.csv").exists(), reason="no recorded data: set QBTC_DATA")
def test_on_recorded_bitcoin_hours_the_reservoir_does_not_win() -> None:
    closes = np.loadtxt(MARKET / "btc_perp_1m_202201.csv", delimiter=",", skiprows=1, usecols=4)
    found = finance.compute(finance.Reservoir(closes=closes.tolist(), spins=4, times=2, seed=1))
    assert (found["blocks"], found["forecasts"]) == (750, 449)
    assert all(row["verdict"] != "wins" for row in found["comparisons"])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "either closes or variance"),
        ({"variance": [1e-4] * 100}, "100 variances; allowed are 200 to 5000"),
        ({"variance": [1e-4] * 300, "spins": 9}, "less than or equal to 6"),
    ],
)
def test_too_little_data_or_too_many_spins_are_refused(given: dict, says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        finance.Reservoir(**given)
