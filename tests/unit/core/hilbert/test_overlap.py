"""Signed overlap, fidelity and exact search."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qbtc.core.hilbert import amplitudes, fidelity, normalise, signed_overlap, to_real, top_k
from qbtc.core.hilbert.overlap import rotate

scores = arrays(np.float64, 26, elements=st.floats(-5, 5))


def states(seed: int, count: int, size: int = 26) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return normalise(rng.normal(size=(count, size)) + 1j * rng.normal(size=(count, size))).psi


def moment(direction: float) -> np.ndarray:
    """A crash (-1) or a rally (+1): advance, momentum, order flow and drawdown all with one sign."""
    z, v = np.zeros(26), np.zeros(26)
    z[[0, 2, 12, 25]] = direction * np.array([4.0, 3.0, 2.5, 2.0])
    v[[0, 2]] = direction * np.array([1.5, 0.5])
    return normalise(amplitudes(z, v)).psi


def test_a_crash_is_least_like_a_rally_though_their_fidelity_is_one():
    crash, rally = moment(-1), moment(+1)
    assert fidelity(crash, rally) == pytest.approx(1, abs=1e-14)
    assert signed_overlap(crash, rally) == pytest.approx(-1, abs=1e-14)


def test_search_by_signed_overlap_ranks_another_crash_first_and_the_rally_last():
    crash, rally = moment(-1), moment(+1)
    near = normalise(crash + 0.2 * states(0, 1)[0]).psi
    memory = to_real(np.stack([rally, states(1, 1)[0], near]))
    _, order = top_k(to_real(crash), memory, 3)
    assert order.tolist() == [[2, 1, 0]]
    assert top_k(to_real(crash), memory, 1, by="fidelity")[1].tolist() == [[0]]


@given(scores, scores, scores, scores)
def test_overlaps_agree_with_the_inner_product(z, v, y, u):
    phi, psi = normalise(amplitudes(z, v)).psi, normalise(amplitudes(y, u)).psi
    inner = np.vdot(phi, psi)
    assert signed_overlap(phi, psi) == pytest.approx(inner.real, abs=1e-12)
    assert fidelity(phi, psi) == pytest.approx(abs(inner) ** 2, abs=1e-12)


def test_the_rotation_is_multiplication_by_i():
    psi = states(2, 1)[0]
    np.testing.assert_array_equal(rotate(to_real(psi)), to_real(1j * psi))


@given(st.integers(0, 2**31), st.integers(1, 60), st.integers(1, 12), st.sampled_from(["signed", "fidelity"]))
def test_search_is_exact(seed, count, k, by):
    memory, query = states(seed, count), states(seed + 1, 3)
    found, order = top_k(to_real(query), to_real(memory), k, by=by)
    measure = signed_overlap if by == "signed" else fidelity
    for q in range(3):
        expected = np.sort(measure(memory, query[q]))[::-1][:k]
        np.testing.assert_allclose(found[q], expected, atol=1e-12)
        np.testing.assert_allclose(measure(memory[order[q]], query[q]), found[q], atol=1e-12)


def test_equal_scores_come_in_order_of_position():
    one = to_real(states(3, 1)[0])
    assert top_k(one, np.stack([one] * 6), 3)[1].tolist() == [[0, 1, 2]]


def test_a_search_in_nothing_finds_nothing():
    found, order = top_k(np.zeros((2, 52)), np.empty((0, 52)), 5)
    assert found.shape == order.shape == (2, 0)


def test_a_search_for_no_results_or_by_an_unknown_measure_is_refused():
    with pytest.raises(ValueError, match="at least 1"):
        top_k(np.zeros(52), np.zeros((3, 52)), 0)
    with pytest.raises(ValueError, match="allowed are 'signed' and 'fidelity'"):
        top_k(np.zeros(52), np.zeros((3, 52)), 1, by="angle")
