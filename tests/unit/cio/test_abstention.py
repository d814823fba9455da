"""Saying "I don't have that": a probability that can be believed, and where to stop."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qbtc.cio.domain.abstention import CUES, AbstentionRefused, cues, fitted, threshold_of
from qbtc.cio.domain.calibration import scored
from qbtc.cio.domain.evidence import NAMES, Floats
from qbtc.cio.domain.learning import vector
from qbtc.cio.domain.ranking import WEIGHTS

SLOPE = np.linspace(-1.5, 2.0, len(CUES))


def world(seed: int, count: int) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Cues, the true probability, and what came of it."""
    rng = np.random.default_rng(seed)
    given = rng.standard_normal((count, len(CUES)))
    p = 1 / (1 + np.exp(-(given @ SLOPE - 0.7)))
    return given, p, rng.random(count) < p


def test_cues_by_hand() -> None:
    rows = np.zeros((3, len(NAMES)))
    rows[:, NAMES.index("cosine")] = (1.0, 3.0, 0.0)
    rows[0, NAMES.index("coverage")] = 0.5
    weights = vector({**dict.fromkeys(NAMES, 0.0), "cosine": 2.0})
    found = dict(zip(CUES, cues(rows, weights), strict=True))
    assert (found["top"], found["margin"], found["spread"]) == (6.0, 4.0, 2.0)
    assert (found["cosine"], found["coverage"], found["author"]) == (3.0, 0.5, 0.0)


def test_without_a_hit_all_cues_are_zero() -> None:
    assert not cues(np.zeros((4, len(NAMES))), vector(WEIGHTS)).any()
    assert not cues(np.zeros((0, len(NAMES))), vector(WEIGHTS)).any()


@settings(max_examples=20)
@given(st.integers(0, 10_000))
def test_cues_do_not_depend_on_the_order_of_the_candidates(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = np.abs(rng.standard_normal((20, len(NAMES))))
    assert cues(rows, vector(WEIGHTS)) == pytest.approx(cues(rows[rng.permutation(20)], vector(WEIGHTS)))


def test_on_questions_never_seen_the_probabilities_are_near_the_true_ones() -> None:
    given, _, came = world(1, 3000)
    judge = fitted(given, came)
    fresh, truth, then = world(2, 3000)
    said = judge.probability(fresh)
    assert np.abs(said - truth).mean() < 0.03
    assert scored(said, then, draws=50).ece.value < 0.04


def test_at_the_maximum_the_mean_probability_is_the_share_of_answers() -> None:
    given, _, came = world(3, 400)
    assert fitted(given, came).probability(given).mean() == pytest.approx(came.mean(), abs=1e-6)


def test_cues_that_separate_perfectly_give_finite_weights() -> None:
    given = np.tile(np.linspace(-1, 1, 40)[:, None], (1, len(CUES)))
    judge = fitted(given, given[:, 0] > 0)
    assert np.isfinite(judge.weights).all()
    assert judge.abstains(given[0], 0.5)
    assert not judge.abstains(given[-1], 0.5)


def test_the_threshold_of_the_costs_costs_least() -> None:
    _, truth, _ = world(4, 5000)
    best = threshold_of(wrong=3.0, silent=1.0)

    def cost(threshold: float) -> float:
        return float(np.where(truth < threshold, truth * 1.0, (1 - truth) * 3.0).mean())

    assert best == 0.75
    assert all(cost(best) <= cost(other) for other in np.linspace(0, 1, 41))


@settings(max_examples=20)
@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_answers_what_a_lower_one_withheld(one: float, other: float) -> None:
    given, _, came = world(5, 60)
    judge, low, high = fitted(given, came), min(one, other), max(one, other)
    assert all(judge.abstains(row, high) for row in given[:10] if judge.abstains(row, low))


def test_what_it_cannot_be_fitted_or_asked_with_is_refused() -> None:
    given, _, came = world(6, 30)
    for rows, outcomes, said in (
        (given[:, :2], came, "finite cues"),
        (given, came[:3], "n outcomes"),
        (given * np.nan, came, "finite"),
        (given, np.ones(30, bool), "both questions"),
    ):
        with pytest.raises(AbstentionRefused, match=said):
            fitted(rows, outcomes)
    judge = fitted(given, came)
    with pytest.raises(AbstentionRefused, match="from 0 to 1"):
        judge.abstains(given[0], 1.5)
    with pytest.raises(AbstentionRefused, match=f"{len(CUES)} finite numbers"):
        judge.probability(given[0, :3])
    with pytest.raises(AbstentionRefused, match="not both 0"):
        threshold_of(wrong=0, silent=0)
