"""Similarity, precedents and what they are allowed to say."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from qbtc.cio.domain.memory import State
from qbtc.cio.domain.moments import SECOND
from qbtc.cio.domain.reflection import Moment, Precedent, ReflectRule, precedents, reflect, student_within
from qbtc.cio.domain.similarity import Likeness, likeness
from qbtc.cio.domain.wording import reflection_texts

RULE = ReflectRule(horizon=30, k=20, min_sample=5, min_overlap=0.25)


def state(*leading: float, intensity: float = 1.0) -> State:
    vector = np.zeros(52)
    vector[: len(leading)] = leading
    return State(vector / np.linalg.norm(vector), intensity)


def moment(name: str, at: float, *, followed: float | None = 0.001, like: State | None = None, **rest: str) -> Moment:
    base = Moment(name, "BTCUSDT", "s1", "REPLAY", int(at * SECOND), like or state(1.0), 100.0, followed)
    return replace(base, **rest)


NOW = moment("now", 10_000, followed=None)


def test_overlap_tells_a_moment_from_its_mirror_where_fidelity_cannot() -> None:
    mirror = State(-state(1.0, 2.0).vector, 1.0)
    found = likeness(state(1.0, 2.0), mirror)
    assert found.overlap == pytest.approx(-1.0)
    assert found.fidelity == pytest.approx(1.0)


def test_a_global_phase_changes_overlap_but_not_fidelity() -> None:
    turned = np.zeros(52)
    turned[26] = 1.0  # i times the first basis state
    found = likeness(state(1.0), State(turned, 1.0))
    assert (found.overlap, found.fidelity) == (pytest.approx(0.0), pytest.approx(1.0))


def test_a_whisper_of_the_same_shape_scores_by_the_ratio_of_intensities() -> None:
    assert likeness(state(1.0, intensity=4.0), state(1.0, intensity=1.0)).score == pytest.approx(0.25)


def test_precedents_are_ranked_by_likeness() -> None:
    close, far = moment("close", 1_000, like=state(1.0, 0.1)), moment("far", 2_000, like=state(1.0, 1.0))
    assert [p.moment.memory_id for p in precedents(NOW, [far, close], RULE)] == ["close", "far"]


@pytest.mark.parametrize(
    "stranger",
    [
        moment("other symbol", 1_000, symbol="ETHUSDT"),
        moment("other replay session", 1_000, session="s0"),
        moment("other world", 1_000, mode="LIVE"),
        moment("outcome not before now", 9_980),
        moment("outcome unknown", 1_000, followed=None),
        moment("mirror", 1_000, like=State(-state(1.0).vector, 1.0)),
        moment("now", 1_000),
    ],
    ids=lambda m: m.memory_id,
)
def test_moments_that_may_not_speak_are_left_out(stranger: Moment) -> None:
    assert precedents(NOW, [stranger], RULE) == []


def test_live_moments_of_earlier_sessions_may_speak() -> None:
    now = replace(NOW, mode="LIVE")
    assert len(precedents(now, [moment("yesterday", 1_000, session="s0", mode="LIVE")], RULE)) == 1


def test_overlapping_outcomes_count_once_and_the_most_similar_one_stays() -> None:
    best = moment("best", 1_010, like=state(1.0))
    crowd = [moment(f"m{i}", 1_000 + i, like=state(1.0, 0.5)) for i in range(20)]
    found = [p.moment.memory_id for p in precedents(NOW, [*crowd, best], RULE)]
    assert found == ["best"]


def found_with(returns: list[float]) -> list[Precedent]:
    return [
        Precedent(moment(f"m{i}", 100 * i, followed=value), Likeness(1.0, 1.0, 1.0)) for i, value in enumerate(returns)
    ]


def test_four_precedents_are_not_enough_and_say_so_in_both_languages() -> None:
    finding = reflect(found_with([0.01] * 4), RULE)
    assert (finding.sample, finding.bias, finding.confidence, finding.enough) == (4, 0.0, 0.0, False)
    english, spanish = reflection_texts("BTCUSDT", finding, RULE)
    assert "not enough earlier moments" in english
    assert "no hay suficientes momentos anteriores" in spanish
    assert finding.evidence == ("m0", "m1", "m2", "m3")


def test_the_numbers_of_a_hand_computed_case() -> None:
    returns = [0.001, 0.002, 0.003, 0.004, 0.005]
    t = 0.003 / (math.sqrt(2.5e-6) / math.sqrt(5))
    shrink = 1 - 1 / t**2
    finding = reflect(found_with(returns), RULE)
    assert finding.mean == pytest.approx(0.003)
    assert finding.bias == pytest.approx(shrink * t / math.sqrt(t**2 + 4))
    assert finding.confidence == pytest.approx(shrink * (1 - 2 * stats.t.sf(t, 4)))
    english, spanish = reflection_texts("BTCUSDT", finding, RULE)
    assert "+30.00 bp" in english and "rises" in english and "5 most similar" in english
    assert "+30.00 pb" in spanish and "subidas" in spanish


def test_noise_around_zero_says_nothing() -> None:
    finding = reflect(found_with([0.01, -0.01, 0.012, -0.011, 0.0]), RULE)
    assert (finding.bias, finding.confidence, finding.enough) == (0.0, 0.0, True)
    assert "within chance" in reflection_texts("BTCUSDT", finding, RULE)[0]


def test_five_equal_ticks_smaller_than_the_noise_are_no_certainty() -> None:
    assert reflect(found_with([1e-5] * 5), RULE).confidence == 0.0


returns = st.lists(st.floats(-0.1, 0.1, allow_nan=False), min_size=5, max_size=30)


@given(returns)
def test_bias_and_confidence_stay_in_bounds_and_bias_has_the_sign_of_the_mean(values: list[float]) -> None:
    finding = reflect(found_with(values), RULE)
    assert -1 < finding.bias < 1
    assert 0 <= finding.confidence <= 1
    assert finding.bias * finding.mean >= 0


@given(returns)
def test_mirrored_returns_give_the_mirrored_bias(values: list[float]) -> None:
    one, other = reflect(found_with(values), RULE), reflect(found_with([-v for v in values]), RULE)
    assert other.bias == pytest.approx(-one.bias, abs=1e-12)
    assert other.confidence == pytest.approx(one.confidence, abs=1e-12)


@given(st.floats(0, 50), st.integers(1, 60))
def test_student_probability_agrees_with_scipy(t: float, freedom: int) -> None:
    assert student_within(t, freedom) == pytest.approx(1 - 2 * stats.t.sf(t, freedom), abs=1e-9)


@given(st.lists(st.floats(-1, 1), min_size=52, max_size=52), st.lists(st.floats(-1, 1), min_size=52, max_size=52))
def test_overlap_is_symmetric_and_bounded_by_fidelity(left: list[float], right: list[float]) -> None:
    x, y = np.array(left), np.array(right)
    assume(np.linalg.norm(x) > 1e-3 and np.linalg.norm(y) > 1e-3)
    a, b = State(x / np.linalg.norm(x), 1.0), State(y / np.linalg.norm(y), 2.0)
    one, other = likeness(a, b), likeness(b, a)
    assert one.overlap == pytest.approx(other.overlap)
    assert one.fidelity == pytest.approx(other.fidelity)
    assert one.overlap**2 <= one.fidelity + 1e-12 <= 1 + 1e-9
