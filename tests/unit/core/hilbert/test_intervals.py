"""Bootstrap intervals: how rows are drawn, what intervals cover, what is refused."""

import numpy as np
import pytest
from tests.sizes import examples

from qbtc.core.hilbert import coherence_report, exponential_weights, window_state
from qbtc.core.hilbert.intervals import MEASURES, Resampling, report_intervals, stationary_indices

RNG = np.random.default_rng


def test_stretches_follow_each_other_around_the_end_and_have_the_mean_length_asked():
    positions = stationary_indices(60, 4.0, 2000, RNG(0))
    follows = (positions[:, 1:] - positions[:, :-1]) % 60 == 1
    assert np.mean(~follows) == pytest.approx(0.25 * 59 / 60, abs=0.01)
    assert np.bincount(positions.ravel(), minlength=60).min() > 0.8 * 2000


def sample(seed: int, rows: int = 60, size: int = 6) -> np.ndarray:
    rng = RNG(seed)
    factor = rng.normal(size=(rows, 1)) + 1j * rng.normal(size=(rows, 1))
    noise = rng.normal(size=(rows, size)) + 1j * rng.normal(size=(rows, size))
    return 1.5 * factor * np.ones(size) + noise


def test_the_interval_covers_the_coherence_of_the_population_about_as_often_as_it_says():
    covariance, weights = 1.5**2 * np.ones((26, 26)) + np.eye(26), exponential_weights(np.arange(60.0)[::-1])
    truth = float(coherence_report((covariance / np.trace(covariance)).astype(complex)).normalised)
    tries, hits = examples(120), 0
    for seed in range(tries):
        low, high = report_intervals(sample(seed, size=26), weights, RNG(seed), Resampling(draws=100))["normalised"]
        hits += low <= truth <= high
    assert 0.7 <= hits / tries < 1


def test_every_measure_has_an_interval_around_or_near_its_value():
    rows = sample(3)
    weights = exponential_weights(np.arange(60.0)[::-1])
    found = report_intervals(rows, weights, RNG(1))
    report = coherence_report(window_state(rows, weights).rho)
    assert set(found) == set(MEASURES)
    for name, (low, high) in found.items():
        assert low < high
        assert low - (high - low) < getattr(report, name) < high + (high - low)


def test_the_same_generator_gives_the_same_interval_and_rows_without_weight_do_not_count():
    rows, weights = sample(4), np.ones(60)
    assert report_intervals(rows, weights, RNG(2)) == report_intervals(rows, weights, RNG(2))
    weights[:10] = 0
    assert report_intervals(rows, weights, RNG(2)) == report_intervals(rows[10:], weights[10:], RNG(2))


def test_what_gives_no_interval_is_refused_in_words():
    with pytest.raises(ValueError, match="7 rows count; an interval needs at least 8"):
        report_intervals(sample(0, 7), np.ones(7), RNG(0))
    for how, message in (
        ({"draws": 5}, "5 draws"),
        ({"block": 0.5}, "at least 1"),
        ({"level": 1.0}, "between 0 and 1"),
    ):
        with pytest.raises(ValueError, match=message):
            Resampling(**how)
