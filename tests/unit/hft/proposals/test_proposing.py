"""When other parameters are proposed, and every reason for which they are not."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qbtc.hft.domain.backtest.assumptions import BadAssumption
from qbtc.hft.domain.proposing import Bars, Case, Doubt, Swept, doubts, nearest_best, probability_of_more, walk, weigh

Floats = NDArray[np.float64]
BARS = Bars()
SECOND = 1_000_000_000
TRIALS = [{"a": float(n)} for n in range(6)]


def swept(means: tuple[float, ...], *, count: int = 2000, seed: int = 1, fills: int = 500, earlier: float = 0.0) -> Swept:
    """Trials with these means and a deviation of 1; the first one is what runs now."""
    rng = np.random.default_rng(seed)
    returns = rng.normal(size=(len(means), count)) + np.array(means)[:, None]
    return Swept(TRIALS[: len(means)], returns, [fills] * len(means), SECOND, earlier=earlier)


def found(case: Case) -> set[Doubt]:
    return {reason.doubt for reason in case.reasons}


def test_what_is_clearly_better_in_every_window_is_proposed_with_its_prediction() -> None:
    case = weigh(swept((-0.1, 0.0, 0.4, 0.1)), "sharpe", 400, 200, BARS)
    assert case.convincing
    assert case.changes == {"a": (0.0, 2.0)}
    assert case.outside.profit > 0 > case.present.profit
    assert case.prediction is not None and case.hour is not None and case.day is not None
    assert case.prediction.periods == case.outside.periods == 200 * case.windows
    assert case.hour.low < case.hour.middle < case.hour.high


def test_of_trials_without_any_skill_hardly_one_search_in_twenty_proposes_something() -> None:
    """The same bars on 100 searches through 6 trials of pure luck."""
    proposed = sum(weigh(swept((0.0,) * 6, count=1200, seed=seed), "sharpe", 240, 120, BARS).convincing for seed in range(100))
    assert proposed <= 5


@pytest.mark.parametrize(
    ("given_", "bars", "doubt"),
    [
        (swept((0.4, 0.0, -0.1)), BARS, Doubt.SAME),
        (swept((-0.1, 0.4), fills=29), BARS, Doubt.FILLS),
        (swept((-0.1, 0.4)), replace(BARS, windows=50), Doubt.WINDOWS),
        (swept((-0.3, -0.1)), BARS, Doubt.LOSS),
        (swept((-0.3, -0.1)), BARS, Doubt.DEFLATED),
        (swept((0.0, 0.0, 0.0, 0.0), seed=5), BARS, Doubt.OVERFITTING),
        (swept((0.3, 0.3), seed=4), BARS, Doubt.NOT_BETTER),
        (swept((-0.1, 0.4), count=120), BARS, Doubt.SHORT),  # 60 periods outside of the training
    ],
)
def test_a_bar_that_is_not_reached_is_a_reason(given_: Swept, bars: Bars, doubt: Doubt) -> None:
    train, test = (60, 20) if given_.returns.shape[1] == 120 else (400, 200)
    case = weigh(given_, "sharpe", train, test, bars)
    assert doubt in found(case)
    assert not case.convincing


def test_a_parameter_that_makes_no_difference_to_the_score_is_left_as_it_is() -> None:
    """Twice the size is twice the profit and the same Sharpe ratio."""
    rng = np.random.default_rng(6)
    good, bad = rng.normal(0.4, 1.0, 2000), rng.normal(-0.1, 1.0, 2000)
    trials = [{"way": way, "size": size} for way in (-1.0, 1.0) for size in (3.0, 1.0, 7.0)]
    returns = np.array([(good if trial["way"] > 0 else bad) * trial["size"] for trial in trials])
    case = weigh(Swept(trials, returns, [500] * 6, SECOND), "sharpe", 400, 200, BARS)
    assert case.changes == {"way": (-1.0, 1.0)}
    by_profit = weigh(Swept(trials, returns, [500] * 6, SECOND), "profit", 400, 200, BARS)
    assert by_profit.changes == {"way": (-1.0, 1.0), "size": (3.0, 7.0)}


@given(st.lists(st.floats(-5, 5) | st.just(math.nan), min_size=1, max_size=8), st.integers(0, 99))
def test_the_nearest_best_is_a_best_and_none_as_good_is_nearer(scores: list[float], seed: int) -> None:
    moved = np.random.default_rng(seed).integers(0, 3, len(scores))
    place = nearest_best(np.array(scores), moved)
    known = [score for score in scores if not math.isnan(score)]
    if not known:
        assert place == -1
        return
    assert scores[place] == pytest.approx(max(known), rel=1e-8, abs=1e-12)
    assert moved[place] == min(moved[n] for n, score in enumerate(scores) if score == max(known)) or scores[place] != max(known)


def test_without_a_trade_there_is_nothing_to_choose() -> None:
    given_ = Swept(TRIALS[:3], np.zeros((3, 500)), [0, 0, 0], SECOND)
    case = weigh(given_, "sharpe", 100, 50, BARS)
    assert (case.proposed, found(case)) == (None, {Doubt.NOTHING})
    assert case.changes == {}


def test_trials_that_were_made_before_on_the_same_data_weaken_the_evidence() -> None:
    first, later = (weigh(swept((0.0, 0.06, 0.05, 0.04), earlier=count), "sharpe", 400, 200, BARS) for count in (0.0, 5000.0))
    assert later.trials == first.trials + 5000
    assert later.deflated < first.deflated


def luckiest(seed: int, tried: int = 300, count: int = 2000) -> Floats:
    """Of so many series of luck the one with the highest Sharpe ratio."""
    return max(np.random.default_rng(seed).normal(size=(tried, count)), key=lambda row: float(row.mean() / row.std()))


@pytest.mark.parametrize("others", [0.0, 1.0])
def test_each_further_trial_lowers_the_figure_where_the_search_itself_shows_no_variance(others: float) -> None:
    """The present parameters never traded, or earned nearly the same."""
    lucky = luckiest(3)
    returns = np.vstack([others * lucky + others * np.random.default_rng(1).normal(0, 0.01, lucky.size), lucky])
    figures = [weigh(Swept(TRIALS[:2], returns, [0, 500], SECOND, earlier=n), "sharpe", 400, 200, BARS).deflated for n in (1, 10, 300, 1e5)]
    assert all(before > after for before, after in itertools.pairwise(figures))
    assert figures[-1] < 0.5 < figures[0]


def test_earlier_trials_count_also_beside_a_larger_grid_whose_trials_are_alike() -> None:
    lucky = luckiest(3)
    returns = lucky + np.random.default_rng(1).normal(0, 0.01, (51, lucky.size))
    given_ = [Swept([{"a": float(n)} for n in range(51)], returns, [500] * 51, SECOND, earlier=earlier) for earlier in (0.0, 40.0)]
    alone, later = (weigh(each, "sharpe", 400, 200, BARS).deflated for each in given_)
    assert later < BARS.deflated < alone


def test_the_luckiest_of_three_hundred_earlier_searches_is_not_proposed() -> None:
    for seed in range(20):
        lucky = luckiest(seed)
        given_ = Swept(TRIALS[:2], np.vstack([np.zeros(lucky.size), lucky]), [0, 500], SECOND, earlier=300.0)
        assert Doubt.DEFLATED in found(weigh(given_, "sharpe", 400, 200, BARS))


CASE = weigh(swept((-0.1, 0.0, 0.4, 0.1)), "sharpe", 400, 200, BARS)


@given(
    st.sampled_from(["deflated", "overfitting", "better"]), st.floats(0, 1) | st.just(math.nan),
    st.floats(0, 1),
)  # fmt: skip
def test_a_figure_that_is_not_known_or_not_good_enough_never_passes(name: str, value: float, bar: float) -> None:
    reached = value <= bar if name == "overfitting" else value >= bar
    case = replace(CASE, **{name: value})
    bars = replace(Bars(), **{name: bar})
    names = {"deflated": Doubt.DEFLATED, "overfitting": Doubt.OVERFITTING, "better": Doubt.NOT_BETTER}
    assert (names[name] in {reason.doubt for reason in doubts(case, bars)}) == (not reached)


@given(st.integers(2, 300), st.integers(1, 300), st.integers(1, 300))
def test_windows_end_with_the_data_and_no_test_is_seen_by_its_training(count: int, train: int, test: int) -> None:
    if train + test > count:
        with pytest.raises(BadAssumption):
            walk(count, train, test)
        return
    windows = walk(count, train, test)
    assert windows[-1].test_end == count
    for before, after in itertools.pairwise(windows):
        assert before.test_end == after.test
    assert all(w.train_end == w.test and w.train_end - w.train == train and w.test_end - w.test == test for w in windows)
    assert windows[0].train >= 0


def test_nothing_behind_a_window_can_change_what_its_training_chose() -> None:
    """Shuffling the last test changes what the rule earned in it and nothing else."""
    given_ = swept((-0.1, 0.1, 0.12, 0.08), count=1000)
    shuffled = given_.returns.copy()
    shuffled[:, 800:] = shuffled[:, 800:][:, np.random.default_rng(2).permutation(200)]
    one, other = (weigh(Swept(TRIALS[:4], r, [500] * 4, SECOND), "sharpe", 400, 200, BARS) for r in (given_.returns, shuffled))
    assert one.outside.profit == pytest.approx(other.outside.profit)


@given(st.integers(0, 1000))
def test_the_probability_of_more_is_that_of_less_turned_around(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 60))
    assert probability_of_more(a, b, draws=100) + probability_of_more(b, a, draws=100) == pytest.approx(1.0)
    assert probability_of_more(a, a) == 0.0
    assert probability_of_more(a + 5, a, draws=50) == 1.0
