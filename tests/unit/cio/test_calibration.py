"""Scores of stated probabilities, against values by hand and against chance."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.cio.domain.calibration import ForecastsRefused, expected_calibration_error, roc_area, scored

CASES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60)


def test_scores_by_hand() -> None:
    found = scored([0.9, 0.8, 0.2, 0.4], [1, 0, 0, 1])
    assert found.brier.value == pytest.approx((0.01 + 0.64 + 0.04 + 0.36) / 4)
    assert found.ece.value == pytest.approx((0.1 + 0.8 + 0.2 + 0.6) / 4)
    assert found.area.value == pytest.approx(3 / 4)
    assert (found.count, found.rate, found.ignorant) == (4, 0.5, 0.25)


def test_a_tie_of_success_and_failure_counts_half() -> None:
    assert roc_area(np.array([0.5, 0.5, 0.1]), np.array([1.0, 0.0, 0.0])) == pytest.approx(0.75)


def test_equal_forecasts_share_a_bin() -> None:
    p, y = np.full(40, 0.25), np.repeat([1.0, 0.0, 0.0, 0.0], 10)
    assert expected_calibration_error(p, y) == pytest.approx(0.0, abs=1e-12)


@given(CASES)
def test_every_score_is_within_its_bounds_and_order_does_not_matter(cases: list[tuple[float, bool]]) -> None:
    p, y = np.array([c[0] for c in cases]), np.array([float(c[1]) for c in cases])
    one, other = scored(p, y, draws=50), scored(p[::-1], y[::-1], draws=50)
    for name in ("brier", "ece", "area"):
        figure = getattr(one, name)
        assert math.isnan(figure.value) or -1e-12 <= figure.value <= 1 + 1e-12
        if name != "ece" and not math.isnan(figure.value):
            assert figure.value == pytest.approx(getattr(other, name).value)


def test_the_interval_of_the_brier_score_holds_the_truth_about_as_often_as_it_says() -> None:
    rng, inside = np.random.default_rng(1), 0
    for seed in range(100):
        p = rng.random(80)
        found = scored(p, rng.random(80) < p, draws=100, seed=seed).brier
        inside += found.low <= 1 / 6 <= found.high
    assert 0.86 <= inside / 100 <= 0.99


def test_honest_probabilities_score_better_than_ones_that_are_too_sure() -> None:
    rng = np.random.default_rng(2)
    p = rng.random(4000)
    y = rng.random(4000) < p
    honest, sure = scored(p, y, draws=100), scored(np.round(p), y, draws=100)
    assert honest.brier.high < sure.brier.low
    assert honest.ece.high < sure.ece.low
    assert honest.area.low > 0.8


def test_what_cannot_be_scored_is_refused_with_the_reason() -> None:
    for p, y, said in (
        ([], [], "one at least"),
        ([0.5], [1, 0], "one outcome for each"),
        ([1.5], [1], "from 0 to 1"),
        ([math.nan], [1], "from 0 to 1"),
        ([0.5], [0.5], "0 or 1"),
    ):
        with pytest.raises(ForecastsRefused, match=said):
            scored(p, y)
