"""From scores to unit vectors, intensities and hashes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qbtc.core.hilbert import amplitudes, normalise, robust_z, state_hash
from qbtc.core.hilbert.states import median_mad

scores = arrays(np.float64, 26, elements=st.floats(-5, 5))


@given(scores, scores)
def test_a_state_has_norm_one_or_says_that_it_has_no_information(z, v):
    state = normalise(amplitudes(z, v))
    norm = np.linalg.norm(state.psi)
    assert norm == pytest.approx(1.0 if state.informative else 0.0, abs=1e-12)
    assert bool(state.informative) == (float(state.intensity) >= 1e-9)


@given(scores, scores)
def test_intensity_times_the_unit_vector_gives_the_amplitudes_back(z, v):
    a = amplitudes(z, v)
    np.testing.assert_allclose(normalise(a).amplitudes, a, atol=1e-8)


@given(scores, scores)
def test_the_mirror_of_a_moment_is_minus_its_state(z, v):
    np.testing.assert_array_equal(normalise(amplitudes(-z, -v)).psi, -normalise(amplitudes(z, v)).psi)


def test_a_batch_gives_the_same_bits_as_one_by_one():
    rng = np.random.default_rng(0)
    a = amplitudes(rng.normal(size=(40, 26)), rng.normal(size=(40, 26)))
    whole = normalise(a)
    for i in range(40):
        assert whole.psi[i].tobytes() == normalise(a[i]).psi.tobytes()


def test_no_information_is_the_maximally_mixed_state():
    state = normalise(np.zeros(26, dtype=complex))
    assert not state.informative
    np.testing.assert_array_equal(state.density(), np.eye(26) / 26)


def test_the_density_of_an_informative_state_is_its_projector():
    state = normalise(amplitudes(np.arange(26.0), np.ones(26)))
    rho = state.density()
    np.testing.assert_allclose(rho @ rho, rho, atol=1e-14)


def test_numbers_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="1 values that are not finite"):
        normalise(np.array([1, np.nan, 2], dtype=complex))


def test_scores_and_velocities_of_different_shape_are_refused():
    with pytest.raises(ValueError, match="must be equal"):
        amplitudes(np.zeros(26), np.zeros(25))


def test_the_robust_score_of_a_hand_computed_case():
    reference = np.array([1.0, 2, 3, 4, 5, 6, 7])  # median 4, deviations 3 2 1 0 1 2 3 -> MAD 2
    score, defined = robust_z(np.float64(7.0), reference, minimum=7)
    assert defined
    assert score == pytest.approx(3 / (1.4826 * 2))


def test_the_robust_score_is_clipped_at_five():
    score, _ = robust_z(np.float64(1e9), np.arange(100.0))
    assert score == 5


def test_too_short_a_reference_gives_zero_and_says_undefined():
    score, defined = robust_z(np.float64(3.0), np.arange(29.0))
    assert (score, defined) == (0, False)


def test_a_constant_reference_gives_zero_and_says_undefined():
    score, defined = robust_z(np.float64(3.0), np.ones(50))
    assert (score, defined) == (0, False)


def test_missing_values_are_left_out_and_a_missing_score_is_undefined():
    with_gaps = np.concatenate([np.arange(40.0), np.full(20, np.nan)])
    assert robust_z(np.float64(30.0), with_gaps)[0] == robust_z(np.float64(30.0), np.arange(40.0))[0]
    assert robust_z(np.float64(np.nan), with_gaps) == (0, False)


@given(arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 40)), elements=st.floats(-1e6, 1e6)))
def test_median_and_deviation_agree_with_numpy(samples):
    centre, spread, count = median_mad(samples)
    expected = np.median(samples, axis=-1)
    np.testing.assert_allclose(centre, expected)
    np.testing.assert_allclose(spread, np.median(np.abs(samples - expected[:, None]), axis=-1))
    assert (count == samples.shape[-1]).all()


def test_the_median_of_nothing_is_zero_with_count_zero():
    assert [float(x) for x in median_mad(np.empty(0))] == [0, 0, 0]
    assert [float(x) for x in median_mad(np.full(4, np.nan))] == [0, 0, 0]


def test_the_hash_is_of_the_exact_bytes_and_the_schema():
    psi = normalise(amplitudes(np.arange(26.0), np.zeros(26))).psi
    nudged = psi.copy()
    nudged[3] = np.nextafter(nudged[3].real, 2)
    assert state_hash(psi, 1.0) == state_hash(psi.copy(), 1.0)
    assert len({state_hash(psi, 1.0), state_hash(nudged, 1.0), state_hash(psi, 2.0), state_hash(psi, 1.0, "v2")}) == 4
    assert len(state_hash(psi, 1.0)) == 64
