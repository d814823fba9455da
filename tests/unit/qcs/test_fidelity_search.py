"""`qbtc.qcs.fidelity_search`: vectors and matrices on both sides."""

import numpy as np
import pytest
from tests.every import every
from tests.unit.core.hilbert.search.test_mixed_index import densities
from tests.unit.core.hilbert.search.test_pure_index import states

import qbtc.qcs
from qbtc.core.hilbert import fidelity, signed_overlap
from qbtc.core.hilbert.coherence import uhlmann_fidelity
from qbtc.core.hilbert.search import PureIndex

RNG = np.random.default_rng(0)
PSI, RHO = states(RNG, 300), densities(RNG, 100, 26, 9)


def test_vectors_among_vectors_by_fidelity_and_by_signed_overlap():
    found = qbtc.qcs.fidelity_search(PSI, PSI[7], 5)
    np.testing.assert_allclose(found.scores[0], np.sort(fidelity(PSI, PSI[7]))[::-1][:5], atol=1e-14)
    found = qbtc.qcs.fidelity_search(PSI, PSI[7], 5, measure="signed")
    np.testing.assert_allclose(found.scores[0], np.sort(signed_overlap(PSI, PSI[7]))[::-1][:5], atol=1e-14)


def test_a_matrix_among_matrices_and_among_vectors():
    found = qbtc.qcs.fidelity_search(RHO, RHO[3], 4)
    np.testing.assert_allclose(found.scores[0], np.sort(uhlmann_fidelity(RHO[3], RHO))[::-1][:4], atol=1e-6)
    found = qbtc.qcs.fidelity_search(PSI, RHO[3], 4)
    exact = np.array([np.vdot(p, RHO[3] @ p).real for p in PSI])
    np.testing.assert_allclose(found.scores[0], np.sort(exact)[::-1][:4], atol=1e-14)


def test_as_many_vectors_as_dimensions_are_vectors_and_not_a_matrix():
    assert qbtc.qcs.fidelity_search(PSI, PSI[:26], 1).positions[:, 0].tolist() == list(range(26))
    assert qbtc.qcs.fidelity_search(RHO, PSI[:26], 2).positions.shape == (26, 2)


def test_an_index_is_used_as_it_is():
    index = PureIndex(26)
    index.append(PSI)
    assert qbtc.qcs.fidelity_search(index, PSI[2], 1).positions.tolist() == [[2]]


@pytest.mark.parametrize(
    ("states", "query", "words"),
    [
        (PSI, 2 * PSI[0], "norm of state 0 is 2"),
        (PSI, np.full(26, np.nan), "norm of state 0 is nan"),
        (np.where(np.arange(300)[:, None] == 4, np.nan, PSI), PSI[0], "norm of state 4 is nan"),
        (PSI, 2 * RHO[0], "trace is 2"),
        (RHO * 2, PSI[0], "trace is 2"),
        (PSI[0], PSI[0], "allowed are vectors"),
        (PSI, PSI[0, :5], r"it must be \(n, 26\)"),
    ],
)
def test_what_is_no_state_is_refused_with_its_number(states, query, words):
    with pytest.raises(ValueError, match=words):
        qbtc.qcs.fidelity_search(states, query)


def test_signed_overlap_of_matrices_is_refused():
    with pytest.raises(ValueError, match="between pure states only"):
        qbtc.qcs.fidelity_search(RHO, PSI[0], measure="signed")
    with pytest.raises(ValueError, match="between pure states only"):
        qbtc.qcs.fidelity_search(PSI, RHO[0], measure="signed")


@every(
    "states, query, k, measure, words",
    [
        (PSI, PSI[0], 2.5, "fidelity", "k is 2.5; it must be a whole number of at least 1"),
        (PSI, PSI[0], 0, "fidelity", "k is 0; it must be a whole number of at least 1"),
        (RHO, PSI[0], True, "fidelity", "k is True; it must be a whole number"),
        (PSI, PSI[:0], 1, "fidelity", "no query is given"),
        (RHO, PSI[:0], 1, "fidelity", "no query is given"),
        (RHO, PSI[0], 1, "nearest", "no measure 'nearest'; allowed are"),
        (np.eye(1, 40_000), np.eye(1, 40_000)[0], 1, "fidelity", "40000 dimensions; at most"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(states, query, k, measure, words):
    with pytest.raises(ValueError, match=words):
        qbtc.qcs.fidelity_search(states, query, k, measure=measure)


def test_vectors_of_many_dimensions_are_found_too():
    psi = np.eye(4096, dtype=complex)[:4] * np.exp(0.3j)
    found = qbtc.qcs.fidelity_search(psi, psi[2], 2)
    assert found.positions.tolist() == [[2, 0]]
    np.testing.assert_allclose(found.scores, [[1, 0]], atol=1e-14)


def test_a_name_that_is_not_public_is_refused():
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = qbtc.qcs.nothing
