"""Each market feature on a case small enough to check by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qbtc.hft.domain.features import book, cross, flow, price
from qbtc.hft.domain.features.native import Array, median, room

WORK = np.empty(room(200))


def arrays(*values: list[float]) -> list[Array]:
    return [np.array(each, np.float64) for each in values]


def returns(*values: float) -> Array:
    return np.array(values)


def test_advance_is_the_t_statistic_of_the_mean_return() -> None:
    # mean 0.02, s = sqrt(0.0002/2) = 0.01, n = 3: t = 0.02 / 0.01 * sqrt 3
    assert price.advance(returns(0.01, 0.02, 0.03), WORK) == pytest.approx(2 * math.sqrt(3))


def test_advance_of_constant_returns_is_masked() -> None:
    assert math.isnan(price.advance(returns(0.0, 0.0, 0.0), WORK))


def test_burst_is_the_log_of_realised_volatility() -> None:
    assert price.burst(returns(0.03, -0.04), WORK) == pytest.approx(math.log(0.05))


def test_entropy_of_a_monotone_series_is_zero_and_of_two_equal_patterns_log2_over_log24() -> None:
    assert price.entropy(returns(0.1, 0.2, 0.3, 0.4, 0.5), WORK) == pytest.approx(0.0)
    # windows (1 2 3 4) and (2 3 4 1): two patterns, once each
    assert price.entropy(returns(0.1, 0.2, 0.3, 0.4, 0.05), WORK) == pytest.approx(math.log(2) / math.log(24))


def test_entropy_of_every_pattern_once_is_one() -> None:
    # a superpattern: each of the 24 orders of 4 values occurs, so many times each
    rng = np.random.default_rng(0)
    assert price.entropy(rng.normal(size=20_000), np.empty(room(20_000))) == pytest.approx(1.0, abs=1e-3)


def test_entropy_of_an_unchanging_price_is_masked() -> None:
    assert math.isnan(price.entropy(np.zeros(8), WORK))


def test_gap_is_the_share_of_variance_that_is_not_bipower() -> None:
    # RV = 0.01^2 + 0.05^2 + 0.01^2 = 0.0027; BV = pi/2 (0.0005 + 0.0005)
    expected = (0.0027 - math.pi / 2 * 0.001) / 0.0027
    assert price.gap(returns(0.01, 0.05, -0.01), WORK) == pytest.approx(expected)
    assert price.gap(returns(0.01, 0.01, 0.01), WORK) == 0.0


def test_hurst_is_near_zero_for_white_noise_and_one_for_its_running_sum() -> None:
    noise = np.random.default_rng(1).normal(0, 1e-3, (400, 60))
    white = float(np.mean([price.hurst(row, WORK) for row in noise]))
    walk = float(np.mean([price.hurst(np.cumsum(row), WORK) for row in noise]))
    assert abs(white) < 0.12
    assert walk - white == pytest.approx(1.0, abs=0.2)


def test_dfa_removes_a_linear_trend_of_the_profile_exactly() -> None:
    assert price.fluctuation(returns(0.0, 1.0, 2.0, 3.0, 7.0, 5.0, 3.0, 1.0), 4) == pytest.approx(0.0, abs=1e-12)
    # (0, 1, 0, 1) around its trend 0.2 + 0.2 t: squares 0.04, 0.36, 0.36, 0.04
    assert price.fluctuation(returns(0.0, 1.0, 0.0, 1.0), 4) == pytest.approx(math.sqrt(0.2))


def test_kurtosis_and_skew_are_the_realised_moments() -> None:
    r = returns(0.01, 0.01, 0.02)
    assert price.kurtosis(r, WORK) == pytest.approx(3 * (1 + 1 + 16) / (1 + 1 + 4) ** 2 - 3)
    assert price.skew(r, WORK) == pytest.approx(math.sqrt(3) * (1 + 1 + 8) / 6**1.5)


def test_momentum_of_a_step_is_the_difference_of_the_averages_over_the_true_range() -> None:
    mids = [100.0] * 20 + [101.0]
    mid, high, low = arrays(mids, [m + 0.5 for m in mids], [m - 0.5 for m in mids])
    # 13 quiet ranges of 1.0 and the last one from 100 to 101.5
    assert price.momentum(mid, high, low, WORK) == pytest.approx((2 / 13 - 2 / 27) / ((13 * 1.0 + 1.5) / 14))


def test_periodicity_is_one_for_a_single_frequency() -> None:
    assert price.periodicity(1e-3 * np.cos(2 * math.pi * 3 * np.arange(40) / 40), WORK) == pytest.approx(1.0)


def test_reversion_is_minus_the_log_half_life_of_an_exact_decay() -> None:
    # log mid halves every bar: half-life 1
    assert price.reversion(np.exp(0.1 * 0.5 ** np.arange(10.0)), WORK) == pytest.approx(0.0, abs=1e-9)
    assert price.reversion(np.exp(0.1 * 0.5 ** (np.arange(20.0) / 8)), WORK) == pytest.approx(-math.log(8))
    assert math.isnan(price.reversion(np.exp(1.1 ** np.arange(10.0)), WORK))


def test_zenith_is_the_drawdown_in_per_cent() -> None:
    assert price.zenith(*arrays([100.0, 109.0, 99.0], [100.0, 110.0, 99.0]), WORK) == pytest.approx(10.0)


def test_control_is_order_flow_over_the_mean_size_at_the_touch() -> None:
    assert flow.control(*arrays([3.0, 1.0], [2.0, 6.0]), WORK) == pytest.approx(1.0)


def test_quickness_is_the_log_of_messages_per_second() -> None:
    assert flow.quickness(returns(10.0, 30.0), 1.0, WORK) == pytest.approx(math.log(20))
    assert flow.quickness(returns(10.0, 30.0), 10.0, WORK) == pytest.approx(math.log(2))
    assert math.isnan(flow.quickness(returns(0.0, 0.0), 1.0, WORK))


def test_toxicity_is_one_for_one_sided_volume_and_zero_for_balanced_volume() -> None:
    buys, none = arrays([1.0, 2.0, 3.0], [0.0, 0.0, 0.0])
    assert flow.toxicity(buys, none, WORK) == pytest.approx(1.0)
    assert flow.toxicity(buys, buys, WORK) == pytest.approx(0.0, abs=1e-12)
    assert math.isnan(flow.toxicity(none, none, WORK))


def test_toxicity_sees_buckets_of_volume_not_the_whole_window() -> None:
    # first half all buys, second half all sells: balanced in sum, one-sided in every bucket
    assert flow.toxicity(*arrays([5.0, 0.0], [0.0, 5.0]), WORK) == pytest.approx(1.0)


def test_volume_is_the_log_of_quote_volume_and_masked_without_trades() -> None:
    assert flow.volume(returns(40.0, 60.0), WORK) == pytest.approx(math.log(100))
    assert math.isnan(flow.volume(returns(0.0, 0.0), WORK))


def test_openness_is_the_change_of_open_interest_in_per_cent() -> None:
    assert flow.openness(returns(200.0, 190.0, 210.0), WORK) == pytest.approx(5.0)
    assert math.isnan(flow.openness(returns(math.nan, 190.0, 210.0), WORK))
    assert math.isnan(flow.openness(returns(0.0, 1.0), WORK))


def test_features_of_one_bar_read_it_at_the_close() -> None:
    assert book.friction(returns(9.0, 2.5), WORK) == 2.5
    assert book.imbalance(returns(0.0, -0.25), WORK) == -0.25
    assert book.liquidity(returns(1.0, 1000.0), WORK) == pytest.approx(math.log(1000))
    assert (book.width(returns(1.0, -3.0), WORK), book.yielded(returns(1.0, 10.95), WORK)) == (-3.0, 10.95)


def together(rows: list[list[float]], reference: int = -1) -> tuple[Array, Array]:
    given = np.array(rows)
    unit, likeness, lead = np.empty((max(4, len(rows)), given.shape[1])), np.empty(len(rows)), np.empty(len(rows))
    cross.joint(given, unit, likeness)
    cross.cross_lead(given, reference, unit, lead)
    return likeness, lead


def test_dispersion_is_the_standard_deviation_across_symbols_in_basis_points() -> None:
    # totals 20 and 40 bp
    assert cross.dispersion(np.array([[0.001, 0.001], [0.0, 0.004]])) == pytest.approx(10 * math.sqrt(2))
    assert math.isnan(cross.dispersion(np.array([[0.001, 0.001]])))


def test_joint_is_the_mean_correlation_with_the_others() -> None:
    a = [1.0, 2.0, 3.0, 4.0]
    assert together([a, [2 * x for x in a], [-x for x in a]])[0] == pytest.approx([0.0, 0.0, -1.0])


def test_a_symbol_that_does_not_move_is_no_companion() -> None:
    a = [1.0, 2.0, 3.0, 4.0]
    likeness = together([a, [0.5] * 4, [-x for x in a]])[0]
    assert likeness[[0, 2]] == pytest.approx([-1.0, -1.0])
    assert math.isnan(likeness[1])


def test_cross_lead_is_positive_when_btc_moves_first() -> None:
    btc = [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0]
    follower = [btc[-1], *btc[:-1]]
    lead = together([btc, follower], 0)[1]
    assert math.isnan(lead[0])
    assert lead[1] > 0.5
    assert together([follower, btc], 0)[1][1] == pytest.approx(-lead[1])
    assert np.isnan(together([btc, follower])[1]).all()


@pytest.mark.parametrize("count", range(1, 9))
def test_the_median_is_that_of_numpy(count: int) -> None:
    values = np.random.default_rng(count).normal(size=count)
    assert median(values.copy()) == pytest.approx(float(np.median(values)))
