"""From features to a state: frozen reference, velocity within a session, novelty, hash."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qbtc.contracts.basis26 import CLIP, INDEX, LETTERS, SIZE
from qbtc.core.hilbert.states import MAD_TO_SIGMA
from qbtc.core.language.text26 import Around, formula, novelty, session_states, text_state
from qbtc.core.language.text26.reference import reference, summarise

RALLY = "We won! Great profits, wonderful growth. I love this market and I trust it."
CRASH = "We lost. Terrible losses, an awful crash. They fear this market, it is a fraud."
CALM = "The office has a table, a chair and a window."
N = INDEX["N"]


def test_scores_are_robust_z_of_the_frozen_reference() -> None:
    state, usual = text_state(CALM, language="en"), reference("en").value
    i = INDEX["E"]
    expected = (state.values[i] - usual.centre[i]) / (MAD_TO_SIGMA * usual.spread[i])
    assert state.z[i] == pytest.approx(expected) and abs(expected) < CLIP


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_reference_can_tell_every_feature_of_a_text(language: str) -> None:
    usual = reference(language)  # type: ignore[arg-type]
    assert (usual.value.spread > 0).all() and (usual.step.spread > 0).all()
    assert (usual.value.number >= 100).all() and (usual.step.number >= 30).all()


def test_a_missing_feature_has_score_and_velocity_zero_and_no_mask_bit() -> None:
    state = text_state("hello", text_state(CALM))
    for letter in "HJN":
        i = INDEX[letter]
        assert (state.z[i], state.v[i], bool(state.mask[i])) == (0.0, 0.0, False)


def test_the_first_text_of_a_session_has_no_velocity_and_the_next_one_has() -> None:
    first, second = session_states([RALLY, CRASH])
    assert not first.v.any()
    i, step = INDEX["A"], reference("en").step
    change = second.z[i] - first.z[i]
    assert second.v[i] == pytest.approx(
        np.clip((change - step.centre[i]) / (MAD_TO_SIGMA * step.spread[i]), -CLIP, CLIP)
    )
    assert second.v[i] < 0


def test_amplitude_is_score_plus_i_velocity_over_intensity() -> None:
    state = session_states([RALLY, CRASH])[1]
    assert state.intensity == pytest.approx(math.hypot(*state.z, *state.v))
    assert state.pure.psi * state.intensity == pytest.approx(state.z + 1j * state.v)
    assert np.linalg.norm(state.vector) == pytest.approx(1.0)


def test_good_news_is_nearer_to_good_news_than_to_bad() -> None:
    other = "Excellent success: we earned a great prize, and I am happy and grateful."
    good, bad, asked = (text_state(t).vector for t in (RALLY, CRASH, other))
    assert asked @ good > asked @ bad


def test_a_text_without_words_carries_no_information() -> None:
    state = text_state("?!")
    assert not state.pure.informative and state.intensity == 0 and not state.vector.any()


def test_novelty_is_one_minus_the_largest_overlap_with_n_left_out() -> None:
    a = np.zeros(SIZE, dtype=complex)
    a[0], a[N] = 3.0, 40.0
    like, mirror = np.zeros((2, 2 * SIZE))
    like[[0, 1]], mirror[0] = (0.6, 0.8), -1.0
    assert novelty(a, np.stack([like, mirror])) == pytest.approx(0.4)
    assert novelty(a, mirror[None, :]) == 1.0
    assert np.isnan(novelty(a, np.zeros((0, 2 * SIZE))))


def test_a_text_said_before_is_not_novel_and_another_one_is() -> None:
    first = text_state(RALLY)
    same, other = (text_state(t, earlier=first.vector[None, :]) for t in (RALLY, CALM))
    assert same.values[N] == pytest.approx(0.0, abs=1e-12)
    assert other.values[N] > 0.3
    assert same.mask[N]


def test_earlier_states_of_another_shape_are_refused_with_what_is_allowed() -> None:
    with pytest.raises(ValueError, match=r"shape \(3, 26\); allowed is \(n, 52\)"):
        text_state(RALLY, earlier=np.zeros((3, 26)))


def test_a_text_whose_language_cannot_be_told_is_read_in_that_of_the_one_before() -> None:
    before = text_state("El precio de la casa sube mucho este año")
    assert before.language == "es"
    assert text_state("42 ok", before).language == "es" and text_state("42 ok").language == "en"


def test_joint_enters_the_state_when_the_conversation_is_known() -> None:
    vector = np.ones(4)
    assert text_state(CALM, around=Around(vector, vector)).mask[INDEX["J"]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=120), min_size=1, max_size=4))
def test_the_same_session_gives_the_same_bits_and_every_number_is_finite_and_clipped(texts: list[str]) -> None:
    once, twice = session_states(texts), session_states(texts)
    assert [s.hash for s in once] == [s.hash for s in twice]
    for state in once:
        assert np.abs(state.z).max() <= CLIP and np.abs(state.v).max() <= CLIP
        assert np.isfinite(state.vector).all()


def test_the_spread_is_the_mad_and_where_that_is_zero_the_mean_deviation_of_the_same_sigma() -> None:
    samples = np.full((10, SIZE), np.nan)
    samples[:, 0] = np.arange(10)
    samples[:, 1] = [0] * 8 + [5, 5]
    found = summarise(samples)
    assert found.spread[0] == 2.5
    assert found.spread[1] * MAD_TO_SIGMA == pytest.approx(math.sqrt(math.pi / 2) * 1.0)
    assert found.number[2] == 0


def test_the_formula_has_a_name_of_sixteen_digits() -> None:
    assert len(formula()) == 16 and int(formula(), 16) >= 0
    assert len(LETTERS) == SIZE
