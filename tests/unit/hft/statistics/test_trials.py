"""Trials, overfitting, bootstrap and splits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.statistics import bootstrap, overfitting, trials
from qbtc.core.statistics.series import sharpe
from qbtc.hft.domain.statistics import splits


def noise(shape: tuple[int, int], seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=shape)


# ---- effective number of trials


def test_the_average_correlation_is_that_of_the_correlation_matrix() -> None:
    x = noise((300, 6), 1) + noise((300, 1), 2)
    matrix = np.corrcoef(x.T)
    assert trials.average_correlation(x) == pytest.approx(matrix[np.triu_indices(6, 1)].mean())


def test_copies_of_one_trial_are_one_trial_and_independent_ones_are_many() -> None:
    assert trials.effective_number(np.repeat(noise((500, 1), 3), 20, axis=1)) == pytest.approx(1.0)
    assert trials.effective_number(noise((5000, 20), 4)) == pytest.approx(20, abs=0.5)


def test_a_trial_that_did_nothing_counts_as_a_trial() -> None:
    x = np.hstack([noise((500, 2), 5), np.zeros((500, 1))])
    assert 2.5 < trials.effective_number(x) <= 3
    assert trials.effective_number(np.zeros((10, 4))) == 4
    with pytest.raises(ValueError, match="matrix"):
        trials.effective_number(np.zeros(4))


# ---- CSCV


def test_the_best_of_noise_is_overfitted_half_of_the_time() -> None:
    found = [overfitting.cscv(noise((400, 40), seed), 10).pbo for seed in range(12)]
    assert 0.3 < np.mean(found) < 0.7


def test_a_true_edge_is_not_overfitted() -> None:
    x = noise((1000, 30), 6)
    x[:, 7] += 0.3
    found = overfitting.cscv(x)
    assert found.pbo < 0.01 and found.loss < 0.01
    assert (found.chosen == 7).mean() > 0.99


def test_choices_are_those_of_the_definition() -> None:
    """Against a slow reading of the paper: choose, rank, look up."""
    from itertools import combinations

    x, blocks = noise((60, 5), 7), 6
    parts = np.array_split(np.arange(60), blocks)
    logits, outside = [], []
    for inside in combinations(range(blocks), blocks // 2):
        rows = np.concatenate([parts[b] for b in inside])
        others = np.setdiff1d(np.arange(60), rows)
        best = int(np.argmax([sharpe(x[rows, n]) for n in range(5)]))
        ratios = np.array([sharpe(x[others, n]) for n in range(5)])
        share = (1 + (ratios < ratios[best]).sum()) / 6
        logits.append(np.log(share / (1 - share)))
        outside.append(ratios[best])
    found = overfitting.cscv(x, blocks)
    assert found.logits == pytest.approx(np.array(logits))
    assert found.outside == pytest.approx(np.array(outside))
    assert found.pbo == np.mean(np.array(logits) <= 0)
    slope, intercept = np.polyfit(found.inside, found.outside, 1)
    assert (found.slope, found.intercept) == pytest.approx((slope, intercept))
    assert found.r2 == pytest.approx(np.corrcoef(found.inside, found.outside)[0, 1] ** 2)


def test_overfitting_does_not_depend_on_the_scale_of_a_trial_or_the_order_of_trials() -> None:
    x = noise((200, 12), 8)
    found = overfitting.cscv(x, 8)
    assert overfitting.cscv(x * 1000, 8).logits == pytest.approx(found.logits)
    assert overfitting.cscv(x[:, ::-1], 8).pbo == found.pbo


def test_trials_that_did_nothing_are_looked_up_as_ratio_zero() -> None:
    found = overfitting.cscv(np.zeros((64, 3)))
    assert (found.inside == 0).all() and found.loss == 0
    assert np.isnan(found.slope)


@pytest.mark.parametrize(
    ("x", "blocks", "said"),
    [
        (np.zeros((64, 1)), 16, "two trials"),
        (np.zeros((64, 2)), 7, "even number"),
        (np.zeros((64, 2)), 40, "from 2 to 20"),
        (np.zeros((20, 2)), 16, "32 periods at least, not 20"),
        (np.where(np.eye(64, 2) == 1, np.nan, 0.0), 16, "period 0, trial 0 is nan"),
    ],
)
def test_what_cannot_be_cut_into_blocks_is_refused(x: np.ndarray, blocks: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        overfitting.cscv(x, blocks)


# ---- bootstrap


def test_the_same_seed_gives_the_same_interval_and_says_it() -> None:
    x = noise((300, 1), 9)[:, 0]
    first, again = (bootstrap.interval(x, bootstrap.sharpes, seed=5, draws=200) for _ in range(2))
    other = bootstrap.interval(x, bootstrap.sharpes, seed=6, draws=200)
    assert first == again and first.seed == 5
    assert (first.low, first.high) != (other.low, other.high)


def test_blocks_have_the_length_asked_for_on_average() -> None:
    drawn = bootstrap.stationary(1000, 200, 8.0, np.random.default_rng(1))
    breaks = (np.diff(drawn, axis=1) % 1000 != 1).mean()
    assert 1 / breaks == pytest.approx(8.0, rel=0.05)
    fixed = bootstrap.circular(1000, 5, 10, np.random.default_rng(1))
    assert (np.diff(fixed.reshape(5, 100, 10), axis=2) % 1000 == 1).all()


def test_every_value_is_as_likely_as_any_other() -> None:
    drawn = bootstrap.stationary(50, 4000, 5.0, np.random.default_rng(2))
    assert np.bincount(drawn.ravel(), minlength=50) / drawn.size == pytest.approx(np.full(50, 0.02), rel=0.1)


def test_an_interval_of_the_mean_covers_it_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(200):
        x = np.convolve(rng.normal(size=260), np.ones(3) / 3, "valid")
        found = bootstrap.interval(x, lambda drawn: drawn.mean(axis=1), draws=200, block=10, level=0.9)
        covered += found.low <= 0 <= found.high
    assert 0.78 < covered / 200 < 0.98


def test_an_interval_of_nothing_is_not_known_and_nonsense_is_refused() -> None:
    assert np.isnan(bootstrap.interval(np.ones(1), bootstrap.sharpes).low)
    assert np.isnan(bootstrap.interval(np.ones(9), bootstrap.sharpes).low)
    for count, block in ((0, 1.0), (5, 0.5), (5, float("nan"))):
        with pytest.raises(ValueError, match="bootstrap"):
            bootstrap.stationary(count, 1, block, np.random.default_rng(0))


# ---- splits


@given(st.integers(10, 80), st.integers(2, 6), st.integers(0, 6), st.integers(0, 6))
def test_no_period_of_the_training_touches_a_label_of_the_test(count: int, folds: int, horizon: int, embargo: int) -> None:
    tested = []
    for train, test in splits.purged(count, folds, horizon=horizon, embargo=embargo):
        tested.extend(test.tolist())
        low, high = test[0], test[-1]
        assert all(i + horizon < low or i > high + horizon + embargo for i in train)
        left_out = set(range(count)) - set(train) - set(test)
        assert left_out == {
            i for i in range(max(low - horizon, 0), min(high + horizon + embargo + 1, count)) if not low <= i <= high
        }
    assert sorted(tested) == list(range(count))


def test_combinations_test_every_group_equally_often() -> None:
    found = list(splits.combinatorial(60, 6, 2))
    assert len(found) == 15
    assert (np.bincount(np.concatenate([test for _, test in found])) == 5).all()
    assert all(np.intersect1d(train, test).size == 0 for train, test in found)


def test_windows_walk_forward_without_overlap_of_tests() -> None:
    assert list(splits.walk_forward(10, 4, 2)) == [(0, 4, 4, 6), (2, 6, 6, 8), (4, 8, 8, 10)]
    assert list(splits.walk_forward(10, 4, 2, anchored=True, gap=1)) == [(0, 4, 5, 7), (0, 6, 7, 9)]
    assert list(splits.walk_forward(10, 4, 2, step=4)) == [(0, 4, 4, 6), (4, 8, 8, 10)]


@pytest.mark.parametrize("wrong", [(5, 4, 2, 1, 0), (10, 0, 1, 1, 0), (10, 1, 0, 1, 0), (10, 1, 1, 0, 0), (10, 1, 1, 1, -1)])
def test_windows_that_do_not_fit_are_refused(wrong: tuple[int, int, int, int, int]) -> None:
    count, train, test, step, gap = wrong
    with pytest.raises(ValueError, match="walk-forward"):
        splits.walk_forward(count, train, test, step=step, gap=gap)


def test_folds_that_do_not_fit_are_refused() -> None:
    for wrong in ((5, 1, 1, 0, 0), (5, 6, 1, 0, 0), (5, 2, 2, 0, 0), (5, 2, 1, -1, 0), (5, 2, 1, 0, -1)):
        with pytest.raises(ValueError, match="groups"):
            splits.combinatorial(*wrong[:3], horizon=wrong[3], embargo=wrong[4])


def test_the_variance_of_ratios_is_that_of_trials_that_traded() -> None:
    rng = np.random.default_rng(3)
    profits = rng.normal(0.1, 1.0, (50, 4))
    profits[:, 2] = 0.0
    ratios = [column.mean() / column.std(ddof=1) for column in profits[:, [0, 1, 3]].T]
    assert trials.variance_of_ratios(profits) == pytest.approx(float(np.var(ratios, ddof=1)))
    assert math.isnan(trials.variance_of_ratios(profits[:, [0, 2]]))


def test_where_nobody_knows_the_variance_it_is_that_of_the_estimate() -> None:
    assert trials.believed(0.25, 100) == 0.25
    assert trials.believed(math.nan, 101) == 0.01
