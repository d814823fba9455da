"""Weights of recall that learn from use: what a step does, when a champion changes, how it goes back."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbtc.cio.domain.evidence import NAMES, Floats
from qbtc.cio.domain.evolution import UNIFORM, Evolution, Rule, diff_told, evolving, fold_of, interval
from qbtc.cio.domain.learning import (
    SIGNED,
    Feedback,
    FeedbackRefused,
    beginner,
    gain,
    standing,
    table,
    vector,
)
from qbtc.cio.domain.ranking import WEIGHTS, rank
from qbtc.cio.domain.versions import VersionRefused

RULE = Rule(window=20, patience=2)
COSINE = NAMES.index("cosine")


def lists(seed: int, count: int = 12) -> Floats:
    return np.abs(np.random.default_rng(seed).standard_normal((count, len(NAMES))))


def felt(seed: int, truth: Floats, weights: Floats, shown: int = 6) -> Feedback:
    """A list as it stood under `weights`, the best shown hit under `truth` marked useful."""
    rows = lists(seed)[standing(lists(seed), weights)]
    return Feedback(rows, (int(np.argmax(rows[:shown] @ truth)),), seed)


def lived(start: dict[str, float], truth: Floats, events: int, rule: Rule = RULE, seed: int = 0) -> Evolution:
    evolution = evolving(start, at=0, rule=rule)
    for number in range(seed, seed + events):
        evolution = evolution.after(felt(number, truth, vector(evolution.champion)))
    return evolution


def goodness(weights: Floats, truth: Floats) -> float:
    """Mean gain on lists that no test learns from."""
    rows = [lists(seed) for seed in range(90_000, 90_150)]
    return float(np.mean([gain(Feedback(r, (int(np.argmax(r @ truth)),), 0), weights) for r in rows]))


TRUTH = vector({**dict.fromkeys(NAMES, 0.2), "cosine": 4.0, "asks": -2.0})


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.booleans())
def test_standing_is_the_order_of_rank(seed: int, sparse: bool) -> None:
    rng = np.random.default_rng(seed)
    rows = lists(seed) * (rng.random((12, len(NAMES))) < (0.15 if sparse else 1.0))
    weights = rng.standard_normal(len(NAMES))
    weights[:SIGNED] = np.maximum(weights[:SIGNED], 0)
    listed = rank({f"m{i:02}": row for i, row in enumerate(rows)}, {}, 50, table(weights))
    assert [f"m{i:02}" for i in standing(rows, vector(table(weights)))] == [one.memory_id for one in listed]


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 11))
def test_a_step_raises_the_share_of_the_hit_that_was_useful(seed: int, place: int) -> None:
    told = Feedback(lists(seed), (place,), 0)
    before = beginner(vector(WEIGHTS))
    after = before.taught(told)
    shares = [np.exp(told.rows @ w) / np.exp(told.rows @ w).sum() for w in (before.weights, after.weights)]
    if (after.weights[:SIGNED] > 0).all():
        assert shares[1][place] >= shares[0][place] - 1e-9
    assert (after.weights[:SIGNED] >= 0).all()
    assert (np.linalg.eigvalsh(after.precision - before.precision) > -1e-9).all(), "knowing more is never less sure"


def test_the_gradient_is_that_of_the_likelihood() -> None:
    told, start, small = Feedback(lists(3), (2, 5), 0), vector(WEIGHTS) + 1.0, 1e-6

    def likelihood(weights: Floats) -> float:
        scores = told.rows @ weights
        return float(scores[[2, 5]].mean() - np.log(np.exp(scores).sum()))

    slope = [(likelihood(start + small * d) - likelihood(start - small * d)) / (2 * small) for d in np.eye(len(NAMES))]
    taught = beginner(start).taught(told)
    assert taught.precision @ (taught.weights - start) == pytest.approx(slope, abs=1e-5)


@settings(max_examples=30)
@given(st.integers(0, 10_000), st.integers(0, 11))
def test_a_hit_that_did_not_help_loses_share_and_the_step_is_that_of_its_likelihood(seed: int, place: int) -> None:
    told, start, small = Feedback(lists(seed), (), 0, useless=(place,)), vector(WEIGHTS) / 10 + 0.1, 1e-6

    def likelihood(weights: Floats) -> float:
        share = np.exp(told.rows @ weights)
        return float(np.log(1 - share[place] / share.sum()))

    taught = beginner(start).taught(told)
    if (taught.weights[:SIGNED] > 0).all():
        slope = [(likelihood(start + small * d) - likelihood(start - small * d)) / (2 * small) for d in np.eye(len(NAMES))]
        assert taught.precision @ (taught.weights - start) == pytest.approx(slope, abs=1e-4)
        assert likelihood(taught.weights) >= likelihood(start) - 1e-9
    assert gain(told, start) <= 0


def test_an_event_is_judged_by_the_learner_that_was_not_taught_its_question() -> None:
    evolution = evolving(WEIGHTS, at=0, rule=RULE)
    for number in range(20):
        told = Feedback(lists(number), (3,), number, question="the same words")
        evolution = evolution.after(told)
    fold = fold_of("the same words")
    assert np.array_equal(evolution.apart[fold].weights, vector(WEIGHTS)), "all others know the question"
    assert all(not np.array_equal(one.weights, vector(WEIGHTS)) for k, one in enumerate(evolution.apart) if k != fold)
    for number in range(60):
        evolution = evolution.after(Feedback(lists(number % 20), (3,), number, question="the same words"))
    assert len(evolution.history.versions) == 1, "one question asked again and again proves nothing"


def test_gain_counts_ranks_by_hand() -> None:
    rows = np.zeros((4, len(NAMES)))
    rows[:, COSINE] = (4.0, 3.0, 2.0, 0.0)
    weights = vector(UNIFORM)
    assert gain(Feedback(rows, (0,), 0), weights) == 1.0
    assert gain(Feedback(rows, (0, 2), 0), weights) == pytest.approx((1 + 0.5) / 2)
    assert gain(Feedback(rows, (3,), 0), weights) == 0.0, "what nothing speaks for is not listed"


def test_from_uniform_weights_it_comes_near_the_truth_on_lists_it_never_saw() -> None:
    evolved = lived(dict(UNIFORM), TRUTH, 300)
    start, end = goodness(vector(UNIFORM), TRUTH), goodness(vector(evolved.champion), TRUTH)
    assert end - start > 0.8 * (1.0 - start)
    assert len(evolved.history.versions) > 1


def test_the_same_events_give_the_same_versions() -> None:
    assert lived(dict(UNIFORM), TRUTH, 120).history == lived(dict(UNIFORM), TRUTH, 120).history


def test_a_champion_changes_only_with_a_reason_and_a_diff_that_can_be_read_and_undone() -> None:
    evolved = lived(dict(UNIFORM), TRUTH, 100)
    newest = evolved.history.current
    assert re.fullmatch(r"gain \+[\d.]+ \(\+[\d.]+ to \+[\d.]+\) on (20|40) events it had not seen", newest.reason)
    lines = diff_told(evolved.history.diff(0, newest.number)).splitlines()
    assert any(line.startswith("cosine ") and "1.000 -> " in line for line in lines)
    while evolved.history.current.source:
        evolved = evolved.undone(at=200)
    assert evolved.champion == dict(UNIFORM)
    assert evolved.trial.weights == pytest.approx(vector(UNIFORM))
    with pytest.raises(VersionRefused, match="nothing to undo"):
        evolved.undone(at=201)


def test_a_challenger_is_judged_only_by_events_after_it_was_frozen() -> None:
    evolved = lived(dict(UNIFORM), TRUTH, 20)
    frozen = evolved.trial.weights
    assert not evolved.trial.differences
    later = lived(dict(UNIFORM), TRUTH, 33)
    assert np.array_equal(later.trial.weights, frozen)
    assert len(later.trial.differences) == 13


def test_when_fresh_events_speak_against_a_new_champion_it_is_rolled_back_by_itself() -> None:
    evolved = lived(dict(UNIFORM), TRUTH, 40)
    while len(evolved.history.versions) == 1:
        evolved = evolved.after(felt(evolved.events, TRUTH, vector(evolved.champion)))
    other = vector(dict(UNIFORM))
    before = evolved.history.versions[-2].values
    for number in range(5_000, 5_040):
        evolved = evolved.after(felt(number, other, other, shown=12))
        if evolved.history.current.reason.startswith("undo"):
            break
    assert evolved.history.current.reason.startswith("undo of version")
    assert evolved.champion == before
    assert evolved.watch is None


def test_without_a_difference_nothing_is_promoted() -> None:
    evolution = evolving(WEIGHTS, at=0, rule=RULE)
    same = np.tile(lists(1)[:1], (5, 1))
    for number in range(100):
        evolution = evolution.after(Feedback(same, (0,), number))
    assert len(evolution.history.versions) == 1


def test_the_interval_is_about_the_normal_one_and_repeats() -> None:
    values = tuple(np.random.default_rng(4).standard_normal(400))
    low, high = interval(values, 0.9)
    error = np.std(values) / 20
    assert (low, high) == pytest.approx((np.mean(values) - 1.645 * error, np.mean(values) + 1.645 * error), abs=0.02)
    assert interval(values, 0.9) == (low, high)


def test_bad_feedback_tables_and_rules_are_refused_with_what_is_allowed() -> None:
    good = lists(0)
    for rows, useful, said in (
        (good[:, :3], (0,), "20 columns"),
        (good[:1], (0,), "2 to 50 hits"),
        (good * np.nan, (0,), "finite"),
        (good, (), "places from 0 to 11"),
        (good, (12,), "places from 0 to 11"),
        (good, (1, 1), "distinct"),
    ):
        with pytest.raises(FeedbackRefused, match=said):
            Feedback(rows, useful, 0)
    with pytest.raises(FeedbackRefused, match="a finite number for each of words"):
        evolving({"words": 1.0}, at=0)
    with pytest.raises(FeedbackRefused, match="window is 10 or more"):
        Rule(window=1)
