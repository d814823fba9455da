"""The whole mapping of a run, and the block that says how far to believe it."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.hft.backtest import Assumptions
from qbtc.hft.domain.backtest.assumptions import BadAssumption
from qbtc.hft.domain.statistics.account import account
from qbtc.hft.domain.statistics.honesty import Honesty, Trials, weigh
from qbtc.hft.domain.statistics.registry import GROUPS, MEANINGS, NAMES
from qbtc.hft.domain.statistics.summary import summarise
from qbtc.hft.domain.statistics.words import CAUTIONS, assumed, caution

from .records import BEGIN, LOT, fills, run
from .test_fills import FILLS

MIDS = [50.0, 50.5, 51.0, 50.0, 49.0, 49.5, 50.5, 52.0, 51.0, 50.5, 50.0, 51.5]
PLAIN = Assumptions("10ms", "power3", "whole", (0.0, 0.001), True, 0)


def walk(count: int, seed: int) -> list[float]:
    return (50 + 0.1 * np.random.default_rng(seed).normal(size=count).cumsum()).tolist()


@given(FILLS)
def test_there_is_every_name_of_the_registry_and_a_reason_for_each_that_has_no_value(of: np.ndarray) -> None:
    found = summarise(run(of, MIDS))
    assert set(found) == set(NAMES)
    missing = {name for name, value in found.items() if math.isnan(value)}
    assert missing == set(found.reasons)
    assert all(found.reasons.values())
    assert not any(math.isinf(value) for value in found.values())


def test_a_run_without_a_fill_has_counts_of_zero_and_ratios_of_none() -> None:
    found = summarise(run(fills([]), MIDS))
    assert found["fills"] == found["net"] == found["round_trips"] == found["max_drawdown"] == 0
    assert found.reasons["sharpe"] == "profits do not vary"
    assert found.reasons["hit_trips"] == "no round trip was closed"
    assert found.reasons["maker_share"] == "no fill"
    assert found.reasons["orders_filled"] == "no order"


def test_a_run_of_one_sample_has_too_few_periods_for_a_ratio() -> None:
    found = summarise(run(fills([(0.5, 0, 100, 1, 100.0)]), [51.0]))
    assert found["net"] == pytest.approx(0.001)
    assert found.reasons["sharpe"] == "fewer than two whole periods between samples"


def test_the_numbers_of_a_small_run_are_those_of_a_hand() -> None:
    of = fills([(0.5, 0, 100, 2, 101.0), (4.5, 1, 102, 2, 100.0)], fee=0.001)
    found = summarise(run(of, MIDS))
    fee = 0.001 * (100 + 102) * 2 * 0.5 * LOT
    assert found["fees"] == pytest.approx(fee)
    assert found["net"] == pytest.approx(0.002 - fee)
    assert found["gross"] == pytest.approx(0.002)
    assert (found["round_trips"], found["hit_trips"]) == (1, 1.0)
    assert found["trip_hold_s"] == pytest.approx(4.0)
    assert found["time_in_market"] == pytest.approx(4 / 12)
    assert found["value_max"] == pytest.approx(0.102)
    assert found["turnover"] == pytest.approx(0.202 / 0.102)
    assert found["return"] == pytest.approx(found["net"] / 0.102)
    assert found["spread"] == pytest.approx((-1 - 2) * 2 * 0.5 * LOT)
    assert found["fills_buy"] == found["fills_sell"] == 1
    equity = np.array([0, 0, 1, 2, 0, 2]) * 0.001 - 0.0001
    equity[0], equity[-1] = 0, 0.002 - fee
    x = np.diff(np.append(equity, [equity[-1]] * 7))
    assert found["sharpe"] == pytest.approx(x.mean() / x.std(ddof=1) * math.sqrt(365.25 * 86400))
    assert found["max_drawdown"] == pytest.approx(0.002)
    assert (found["drawdown_peak_s"], found["drawdown_trough_s"], found["drawdown_end_s"]) == (3, 4, pytest.approx(math.nan, nan_ok=True))


def test_coarse_samples_give_a_reason_instead_of_an_adverse_selection() -> None:
    made = run(fills([(2.5, 0, 100, 2, 100.0)]), MIDS)
    made.equity = made.equity[1::2]
    found = summarise(made)
    assert found.reasons["adverse_1s"] == "samples are farther apart than this"
    assert found["adverse_5s"] == pytest.approx(-2.0 * 2 * LOT)


def test_the_registry_has_two_languages_and_a_group_for_every_name() -> None:
    assert len(set(NAMES)) == len(NAMES)
    for meaning in MEANINGS:
        assert all(meaning.label) and all(meaning.text) and meaning.group in GROUPS
        assert meaning.text[0].endswith(".") and meaning.text[1].endswith(".")


# ---- honesty


def judged(trials: object, *, seed: int = 1, drift: float = 0.0) -> Honesty:
    rows = [(k + 0.5, k % 2, 100 + (k % 2), 1, 100.0) for k in range(200)]
    made = run(fills(rows), [value + drift * k for k, value in enumerate(walk(240, seed))])
    made.stats, made.assumptions = summarise(made), PLAIN
    return weigh(made, account(made.equity, BEGIN, LOT), Trials.of(trials), draws=200)  # type: ignore[arg-type]


def test_one_trial_deflates_nothing_and_many_do() -> None:
    one, many = judged(1), judged(500)
    assert one.expected_maximum == 0.0
    assert one.deflated_sharpe == one.figures["psr"]
    assert many.deflated_sharpe < one.deflated_sharpe
    assert many.expected_maximum > 0


def test_given_ratios_of_trials_their_number_and_variance_count() -> None:
    ratios = [10.0, -500.0, 900.0, 4000.0]
    found = Trials.of(ratios)
    assert found == Trials(4, pytest.approx(np.var(ratios, ddof=1)))
    assert judged(ratios).deflated_sharpe < judged(4).deflated_sharpe
    assert "least" in judged(4).warnings and "least" not in judged(ratios).warnings


def test_profits_of_all_trials_give_their_effective_number_and_variance() -> None:
    x = np.random.default_rng(1).normal(size=(4000, 10))
    found = Trials.of_profits(np.hstack([x, x[:, :5], np.zeros((4000, 1))]), 86_400 * 10**9)
    assert 10 < found.count < 16
    both = np.hstack([x, x[:, :5]])
    assert found.variance == pytest.approx((both.mean(axis=0) / both.std(axis=0, ddof=1) * math.sqrt(365.25)).var(ddof=1))
    assert math.isnan(Trials.of_profits(np.zeros((10, 3)), 1).variance)


@pytest.mark.parametrize("wrong", [0, -3, math.nan, math.inf, [], [1.0, math.nan]])
def test_trials_that_cannot_be_are_refused_with_what_is_allowed(wrong: object) -> None:
    with pytest.raises(BadAssumption, match="allowed: a number of 1 at least"):
        Trials.of(wrong)  # type: ignore[arg-type]


def test_the_interval_states_its_seed_and_holds_the_ratio() -> None:
    found = judged(1)
    assert found.sharpe_interval.low < found.figures["sharpe"] < found.sharpe_interval.high
    assert (found.sharpe_interval.seed, found.sharpe_interval.draws) == (20_140_731, 200)
    assert judged(1).sharpe_interval == found.sharpe_interval


@given(
    st.sampled_from(["10ms", "entry=2ms,response=5us", "feed", "feed:1.5,2", "lag.csv"]),
    st.sampled_from(["risk-averse", "power", "power2:1.5", "log2"]),
    st.sampled_from(["whole", "partial", "venue"]),
    st.booleans(),
    st.sampled_from([0, 1_272_402_468]),
)
def test_every_assumption_has_a_sentence_in_both_languages(
    latency: str, queue: str, fill: str, tickers: bool, moved: int
) -> None:
    said = Assumptions(latency, queue, fill, (0.0002, 0.0005), tickers, moved)
    english, spanish = assumed(said, "en"), assumed(said, "es")
    assert len(english) == len(spanish) == 6 - (fill == "venue") + (not tickers) + (moved > 0)
    assert all(sentence.endswith(".") and "{" not in sentence for sentence in english + spanish)
    assert not set(english) & set(spanish)


def test_words_say_the_figures_that_were_assumed() -> None:
    text = " ".join(assumed(Assumptions("entry=2ms,response=5us", "power3:2.5", "partial", (-0.0001, 0.0005), False, 5_000_000)))
    for part in ("2\u00a0ms", "5\u00a0µs", "power3:2.5", "-1 bp", "5 bp", "walks the recorded levels", "left out", "0.005 s"):
        assert part in text


def test_every_caution_can_be_said_in_both_languages() -> None:
    figures = judged(3).figures
    for name in CAUTIONS:
        assert caution(name, "en", figures) != caution(name, "es", figures)
    with pytest.raises(ValueError, match="allowed: en, es"):
        caution("short", "fr", figures)


def test_nothing_traded_is_said_and_not_judged() -> None:
    made = run(fills([]), MIDS)
    made.stats, made.assumptions = summarise(made), PLAIN
    found = weigh(SimpleNamespace(stats=made.stats, margin=None, assumptions=PLAIN), account(made.equity, BEGIN, LOT), Trials())
    assert "nothing" in found.warnings and "few" not in found.warnings
    assert math.isnan(found.deflated_sharpe) and math.isnan(found.sharpe_interval.low)
