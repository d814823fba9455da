"""Each market feature on a case small enough to check by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qbtc.contracts import basis26
from qbtc.hft.domain.bars import COLUMNS, HISTORY, NAN, Bar, Panel
from qbtc.hft.domain.features import FEATURES, MISSING, book, compute, cross, flow, price
from qbtc.hft.domain.features.registry import CROSS
from qbtc.hft.domain.features.window import Window


def window(mids: list[float] | np.ndarray, **columns: list[float] | float) -> Window:
    data = np.ones((1, len(COLUMNS), len(mids)))
    filled = {"mid": mids, "mid_high": mids, "mid_low": mids} | columns
    for name, values in filled.items():
        data[0, COLUMNS.index(name)] = values
    return Window.of(data)


def from_returns(returns: list[float] | np.ndarray) -> Window:
    return window(100 * np.exp(np.concatenate(([0.0], np.cumsum(returns)))))


def only(values: np.ndarray) -> float:
    assert values.shape == (1,)
    return float(values[0])


def test_advance_is_the_t_statistic_of_the_mean_return() -> None:
    # mean 0.02, s = sqrt(0.0002/2) = 0.01, n = 3: t = 0.02 / 0.01 * sqrt 3
    assert only(price.advance(from_returns([0.01, 0.02, 0.03]))) == pytest.approx(2 * math.sqrt(3))


def test_advance_of_constant_returns_is_masked() -> None:
    assert math.isnan(only(price.advance(window([1.0, 1.0, 1.0, 1.0]))))


def test_burst_is_the_log_of_realised_volatility() -> None:
    assert only(price.burst(from_returns([0.03, -0.04]))) == pytest.approx(math.log(0.05))


def test_entropy_of_a_monotone_series_is_zero_and_of_two_equal_patterns_log2_over_log24() -> None:
    assert only(price.entropy(from_returns([0.1, 0.2, 0.3, 0.4, 0.5]))) == pytest.approx(0.0)
    # windows (1 2 3 4) and (2 3 4 1): two patterns, once each
    assert only(price.entropy(from_returns([0.1, 0.2, 0.3, 0.4, 0.05]))) == pytest.approx(math.log(2) / math.log(24))


def test_entropy_of_an_unchanging_price_is_masked() -> None:
    assert math.isnan(only(price.entropy(window([5.0] * 8))))


def test_gap_is_the_share_of_variance_that_is_not_bipower() -> None:
    # RV = 0.01^2 + 0.05^2 + 0.01^2 = 0.0027; BV = pi/2 (0.0005 + 0.0005)
    expected = (0.0027 - math.pi / 2 * 0.001) / 0.0027
    assert only(price.gap(from_returns([0.01, 0.05, -0.01]))) == pytest.approx(expected)
    assert only(price.gap(from_returns([0.01, 0.01, 0.01]))) == 0.0


def test_hurst_is_near_zero_for_white_noise_and_one_for_its_running_sum() -> None:
    noise = np.random.default_rng(1).normal(0, 1e-3, (400, 60))
    data = np.ones((400, len(COLUMNS), 61))
    data[:, 0] = 100 * np.exp(np.concatenate((np.zeros((400, 1)), np.cumsum(noise, axis=1)), axis=1))
    white = float(np.mean(price.hurst(Window.of(data))))
    data[:, 0] = 100 * np.exp(np.concatenate((np.zeros((400, 1)), np.cumsum(np.cumsum(noise, axis=1), axis=1)), axis=1))
    walk = float(np.mean(price.hurst(Window.of(data))))
    assert abs(white) < 0.12
    assert walk - white == pytest.approx(1.0, abs=0.2)


def test_dfa_removes_a_linear_trend_of_the_profile_exactly() -> None:
    assert price._fluctuation(np.array([[0.0, 1.0, 2.0, 3.0, 7.0, 5.0, 3.0, 1.0]]), 4)[0] == pytest.approx(
        0.0, abs=1e-12
    )
    # (0, 1, 0, 1) around its trend 0.2 + 0.2 t: squares 0.04, 0.36, 0.36, 0.04
    assert price._fluctuation(np.array([[0.0, 1.0, 0.0, 1.0]]), 4)[0] == pytest.approx(math.sqrt(0.2))


def test_kurtosis_and_skew_are_the_realised_moments() -> None:
    w = from_returns([0.01, 0.01, 0.02])
    assert only(price.kurtosis(w)) == pytest.approx(3 * (1 + 1 + 16) / (1 + 1 + 4) ** 2 - 3)
    assert only(price.skew(w)) == pytest.approx(math.sqrt(3) * (1 + 1 + 8) / 6**1.5)


def test_momentum_of_a_step_is_the_difference_of_the_averages_over_the_true_range() -> None:
    mids = [100.0] * 20 + [101.0]
    w = window(mids, mid_high=[m + 0.5 for m in mids], mid_low=[m - 0.5 for m in mids])
    # 13 quiet ranges of 1.0 and the last one from 100 to 101.5
    assert only(price.momentum(w)) == pytest.approx((2 / 13 - 2 / 27) / ((13 * 1.0 + 1.5) / 14))


def test_periodicity_is_one_for_a_single_frequency() -> None:
    returns = 1e-3 * np.cos(2 * math.pi * 3 * np.arange(40) / 40)
    assert only(price.periodicity(from_returns(returns))) == pytest.approx(1.0)


def test_reversion_is_minus_the_log_half_life_of_an_exact_decay() -> None:
    mids = np.exp(0.1 * 0.5 ** np.arange(10.0))  # log mid halves every bar: half-life 1
    assert only(price.reversion(window(mids))) == pytest.approx(0.0, abs=1e-9)
    assert math.isnan(only(price.reversion(window(np.exp(1.1 ** np.arange(10.0))))))


def test_zenith_is_the_drawdown_in_per_cent() -> None:
    assert only(price.zenith(window([100.0, 110.0, 99.0]))) == pytest.approx(10.0)


def test_control_is_order_flow_over_the_mean_size_at_the_touch() -> None:
    assert only(flow.control(window([1.0, 1.0], order_flow=[3.0, 1.0], top_size=[2.0, 6.0]))) == pytest.approx(1.0)


def test_quickness_is_the_log_of_messages_per_second() -> None:
    assert only(flow.quickness(window([1.0, 1.0], messages=[10.0, 30.0]))) == pytest.approx(math.log(20))
    assert math.isnan(only(flow.quickness(window([1.0, 1.0], messages=[0.0, 0.0]))))


def test_toxicity_is_one_for_one_sided_volume_and_zero_for_balanced_volume() -> None:
    one_sided = window([1.0] * 3, buy_volume=[1.0, 2.0, 3.0], sell_volume=0.0)
    balanced = window([1.0] * 3, buy_volume=[1.0, 2.0, 3.0], sell_volume=[1.0, 2.0, 3.0])
    assert only(flow.toxicity(one_sided)) == pytest.approx(1.0)
    assert only(flow.toxicity(balanced)) == pytest.approx(0.0, abs=1e-12)


def test_toxicity_sees_buckets_of_volume_not_the_whole_window() -> None:
    # first half all buys, second half all sells: balanced in sum, one-sided in every bucket
    assert only(flow.toxicity(window([1.0, 1.0], buy_volume=[5.0, 0.0], sell_volume=[0.0, 5.0]))) == pytest.approx(1.0)


def test_volume_is_the_log_of_quote_volume_and_masked_without_trades() -> None:
    assert only(flow.volume(window([1.0, 1.0], quote_volume=[40.0, 60.0]))) == pytest.approx(math.log(100))
    assert math.isnan(only(flow.volume(window([1.0, 1.0], quote_volume=0.0))))


def test_friction_imbalance_and_liquidity_read_the_book_at_the_close() -> None:
    w = window([1.0, 1.0], half_spread_bp=[9.0, 2.5], imbalance=[0.0, -0.25], depth=[1.0, 1000.0])
    assert only(book.friction(w)) == 2.5
    assert only(book.imbalance(w)) == -0.25
    assert only(book.liquidity(w)) == pytest.approx(math.log(1000))


def test_dispersion_is_the_standard_deviation_across_symbols_in_basis_points() -> None:
    returns = np.array([[0.001, 0.001], [0.0, 0.004]])  # totals 20 and 40 bp
    assert cross.dispersion(returns, None) == pytest.approx([10 * math.sqrt(2)] * 2)


def test_joint_is_the_mean_correlation_with_the_others() -> None:
    a = [1.0, 2.0, 3.0, 4.0]
    returns = np.array([a, [2 * x for x in a], [-x for x in a]])
    assert cross.joint(returns, 0) == pytest.approx([0.0, 0.0, -1.0])


def test_cross_lead_is_positive_when_btc_moves_first() -> None:
    btc = np.array([0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0])
    follower = np.roll(btc, 1)
    lead = cross.cross_lead(np.array([btc, follower]), 0)
    assert math.isnan(lead[0])
    assert lead[1] > 0.5
    assert cross.cross_lead(np.array([follower, btc]), 0)[1] == pytest.approx(-lead[1])


def make_bar(end: int, mid: float) -> Bar:
    return Bar(end, mid, mid, mid, mid, mid, mid + 0.1, mid - 0.1, 1.0, 0.2, 1e5, 3.0, 0.5, 1.0, 2.0, 300.0, 12.0, 4)


def filled(symbols: list[str], bars: int) -> Panel:
    panel, rng = Panel(symbols), np.random.default_rng(7)
    mids = 100 * np.exp(np.cumsum(rng.normal(0, 1e-4, (bars, len(symbols))), axis=0))
    for i in range(bars):
        panel.push([make_bar(i, float(m)) for m in mids[i]])
    return panel


def present(panel: Panel, row: int = 0) -> str:
    return "".join(letter for letter, here in zip(basis26.LETTERS, compute(panel).present[row], strict=True) if here)


def test_registered_and_missing_letters_are_the_26_once_each() -> None:
    letters = [f.letter for f in FEATURES] + [f.letter for f in CROSS] + list(MISSING)
    assert sorted(letters) == sorted(basis26.LETTERS)


def test_under_thirty_bars_only_the_book_features_are_present() -> None:
    assert present(filled(["BTCUSDT"], 29)) == "FIL"
    assert present(filled(["BTCUSDT"], 1)) == "FIL"


def test_thirty_bars_of_one_symbol_give_all_but_cross_and_missing_features() -> None:
    found = present(filled(["BTCUSDT"], 30))
    assert set("ABCEFGHIKLMPQSTVZ") <= set(found)
    assert not set(found) & set("DJXNOUWY")


def test_two_symbols_add_the_cross_features_and_btc_has_no_lead_over_itself() -> None:
    panel = filled(["ETHUSDT", "BTCUSDT"], HISTORY + 5)
    assert set("DJX") <= set(present(panel, 0))
    assert set("DJ") <= set(present(panel, 1))
    assert "X" not in present(panel, 1)


def test_a_bar_without_a_book_breaks_the_window() -> None:
    panel = filled(["BTCUSDT"], 40)
    panel.push([make_bar(41, NAN)])
    assert present(panel) == ""
    panel.push([make_bar(42, 100.0)])
    assert panel.lengths().tolist() == [1]
    assert present(panel) == "FIL"


def test_symbols_with_windows_of_different_length_do_not_disturb_each_other() -> None:
    alone, both = Panel(["A1USDT"]), Panel(["A1USDT", "B1USDT"])
    rng = np.random.default_rng(3)
    for i, mid in enumerate(100 * np.exp(np.cumsum(rng.normal(0, 1e-4, 50)))):
        alone.push([make_bar(i, float(mid))])
        both.push([make_bar(i, float(mid)), make_bar(i, NAN if i < 10 else float(mid) + 1)])
    mine = [i for i, letter in enumerate(basis26.LETTERS) if letter not in "DJX"]
    np.testing.assert_allclose(compute(both).values[0, mine], compute(alone).values[0, mine], rtol=1e-12)
