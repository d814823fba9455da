"""The line of the watch: how seldom it is crossed by what is as good as predicted, how soon by what loses."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qbtc.hft.domain.predicting import (
    LEAST_BATCHES,
    Prediction,
    Verdict,
    band,
    batches,
    boundary,
    look,
    predict,
)

Floats = NDArray[np.float64]
SECOND = 1_000_000_000
HOUR = 3600 * SECOND


def normal(rng: np.random.Generator, count: int) -> Floats:
    return rng.normal(0.1, 1.0, count)


def heavy(rng: np.random.Generator, count: int) -> Floats:
    return 0.1 + rng.standard_t(3, count)


def rare(rng: np.random.Generator, count: int) -> Floats:
    """A fill in fifty periods."""
    return np.where(rng.random(count) < 0.02, rng.normal(1.0, 3.0, count), 0.0)


def short_of_luck(rng: np.random.Generator, count: int) -> Floats:
    """Small gains, and a large loss in a hundred periods."""
    return np.where(rng.random(count) < 0.01, -8.0, 0.1)


def sticky(rng: np.random.Generator, count: int) -> Floats:
    """Correlated: an autoregression of 0.7."""
    shocks = rng.normal(0.0, 1.0, count + 50)
    out = np.empty(count + 50)
    last = 0.0
    for n, shock in enumerate(shocks):
        last = 0.7 * last + shock
        out[n] = last
    return out[50:] + 0.1


MAKERS = [normal, heavy, rare, short_of_luck, sticky]
Maker = Callable[[np.random.Generator, int], Floats]


def crossed(said: Prediction, live: Floats, every: int) -> int | None:
    """The first look, each `every` periods, at which the profit is below the line."""
    times = np.arange(every, live.size + 1, every)
    lowest = np.array([said.lowest(float(n) * SECOND) for n in times])
    below = np.flatnonzero(np.cumsum(live)[times - 1] < lowest)
    return int(times[below[0]]) if below.size else None


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_what_is_as_good_as_predicted_is_seldom_set_back_however_often_one_looks(make: Maker) -> None:
    """150 predictions, each followed for four times as long as it rests on and looked at 200 times: 5 % are allowed."""
    rng = np.random.default_rng(7)
    alarms = 0
    for _ in range(150):
        said = predict(make(rng, 500), SECOND)
        alarms += crossed(said, make(rng, 2000), 10) is not None
    assert alarms <= 0.05 * 150 + 3 * math.sqrt(0.05 * 0.95 * 150)


@pytest.mark.parametrize("make", [normal, heavy, rare, short_of_luck], ids=lambda make: make.__name__)
def test_what_loses_a_third_of_a_deviation_a_period_is_found_out(make: Maker) -> None:
    rng = np.random.default_rng(8)
    times = []
    for _ in range(20):
        seen, live = make(rng, 500), make(rng, 5000)
        losing = live - float(live.mean()) + float(seen.mean()) - float(seen.std()) / 3
        times.append(crossed(predict(seen, SECOND), losing, 10) or math.inf)
    assert max(times) < math.inf
    assert float(np.median(times)) < 1500


def test_a_larger_loss_is_found_out_sooner() -> None:
    rng = np.random.default_rng(9)
    said, live = predict(normal(rng, 900), SECOND), normal(rng, 6000)
    found = [crossed(said, live - loss, 1) for loss in (0.4, 0.8, 1.6, 3.2)]
    assert all(each is not None for each in found)
    assert found == sorted(found, key=lambda each: -(each or 0))
    assert len(set(found)) == len(found)


@given(v=st.floats(0, 1e9), more=st.floats(1e-3, 1e9), error=st.floats(1e-6, 0.4), rho=st.floats(1e-6, 1e6))
def test_the_boundary_grows_with_the_variance_and_with_caution(v: float, more: float, error: float, rho: float) -> None:
    assert 0 < boundary(v, error, rho) <= boundary(v + more, error, rho)
    assert boundary(v, error, rho) <= boundary(v, error / 2, rho)


def test_the_boundary_is_that_of_the_paper() -> None:
    """Howard et al. (2021), eq. 14, by hand: v = 100, rho = 100, alpha = 0.05."""
    assert boundary(100.0, 0.05, 100.0) == pytest.approx(math.sqrt(2 * 200 * math.log(1 + math.sqrt(2) / 0.1)))


def test_the_sum_of_a_walk_without_drift_exceeds_the_boundary_as_seldom_as_it_says() -> None:
    rng = np.random.default_rng(10)
    times = np.arange(1, 3001)
    line = np.array([boundary(float(n), 0.1, 200.0) for n in times])
    walks = rng.normal(size=(600, times.size)).cumsum(axis=1)
    share = float((walks > line).any(axis=1).mean())
    assert 0.0 < share <= 0.1 + 3 * math.sqrt(0.1 * 0.9 / 600)


@given(st.integers(0, 2**31), st.floats(0.01, 100.0))
def test_a_prediction_has_the_scale_of_its_profits(seed: int, scale: float) -> None:
    x = np.random.default_rng(seed).normal(0.2, 1.0, 200)
    one, other = predict(x, SECOND), predict(x * scale, SECOND)
    assert other.least == pytest.approx(one.least * scale)
    assert other.lowest(HOUR) == pytest.approx(one.lowest(HOUR) * scale, rel=1e-9)
    assert one.least < one.mean and one.deviation > one.spread


def test_correlated_profits_have_the_deviation_of_their_sums_and_not_of_single_ones() -> None:
    x = sticky(np.random.default_rng(3), 40_000)
    assert batches(x).deviation == pytest.approx(1 / (1 - 0.7), rel=0.15)  # long-run deviation of AR(1)
    assert batches(x).deviation > 2 * x.std()


@pytest.mark.parametrize("count", [0, 1, LEAST_BATCHES**2 - 1])
def test_too_short_a_past_predicts_nothing(count: int) -> None:
    with pytest.raises(ValueError, match="allowed: 64 at least"):
        predict(np.ones(count), SECOND)


def test_profits_that_never_vary_are_predicted_to_stay_so() -> None:
    said = predict(np.full(100, 0.5), SECOND)
    assert (said.least, said.deviation, said.lowest(10 * SECOND)) == (0.5, 0.0, 5.0)


def test_most_outcomes_lie_in_the_band_also_when_the_mean_is_only_known_from_few_periods() -> None:
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(200):
        found = band(normal(rng, 300), 600, draws=300)
        inside += found.low <= float(normal(rng, 600).sum()) <= found.high
    assert inside >= 0.95 * 200 - 3 * math.sqrt(0.95 * 0.05 * 200) - 6  # blocks of a few hundred values are a little narrow


@given(st.integers(1, 300), st.integers(1, 5000), st.integers(0, 9))
def test_a_band_is_in_order_the_same_for_the_same_seed_and_exact_where_nothing_varies(count: int, periods: int, seed: int) -> None:
    x = np.random.default_rng(seed).normal(size=count)
    found = band(x, periods, draws=50)
    assert found.low <= found.middle <= found.high
    assert found == band(x, periods, draws=50)
    same = band(np.full(count, 0.25), periods, draws=20)
    assert (same.low, same.high) == pytest.approx((0.25 * periods, 0.25 * periods))


SAID = predict(np.random.default_rng(1).normal(0.5, 1.0, 400), SECOND)


def seen(profit: float, elapsed: int, fills: int) -> Verdict:
    return look(SAID, profit=profit, elapsed_ns=elapsed, fills=fills, least_fills=20, until_ns=24 * HOUR)


def test_nothing_is_set_back_on_fewer_fills_than_it_takes() -> None:
    assert seen(-1e6, HOUR, 19) is Verdict.WAITING
    assert seen(-1e6, HOUR, 20) is Verdict.OUTSIDE


def test_a_watch_that_is_over_keeps_the_parameters_unless_they_lose_at_that_moment() -> None:
    assert seen(1e6, 24 * HOUR, 500) is Verdict.KEPT
    assert seen(-1e6, 24 * HOUR, 500) is Verdict.OUTSIDE
    assert seen(1e6, 24 * HOUR - 1, 500) is Verdict.INSIDE
    assert seen(0.0, 24 * HOUR, 0) is Verdict.KEPT


def test_a_profit_that_is_no_number_counts_as_outside() -> None:
    assert seen(math.nan, HOUR, 100) is Verdict.OUTSIDE
