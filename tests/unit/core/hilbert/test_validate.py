"""Invalid states are refused, with what was wrong."""

import numpy as np
import pytest

from qbtc.core.hilbert import InvalidState, check_density, check_pure
from qbtc.core.hilbert.density import maximally_coherent, maximally_mixed


def test_valid_states_pass():
    check_pure(maximally_coherent(26))
    check_pure(np.zeros(26, dtype=complex), informative=False)
    check_density(maximally_mixed(26))


@pytest.mark.parametrize(
    ("psi", "words"),
    [
        (maximally_coherent(25), r"shape is \(25,\); it must be \(26,\)"),
        (2 * maximally_coherent(26), r"norm is 2; it must be 1"),
        (np.full(26, np.nan, dtype=complex), r"26 values are not finite"),
    ],
)
def test_a_vector_that_is_no_state_is_refused(psi, words):
    with pytest.raises(InvalidState, match=words):
        check_pure(psi)


def test_a_state_that_says_it_has_no_information_must_be_zero():
    with pytest.raises(InvalidState, match="it must be 0"):
        check_pure(maximally_coherent(26), informative=False)


def skewed() -> np.ndarray:
    rho = maximally_mixed(26)
    rho[0, 1] = 0.01
    return rho


def negative() -> np.ndarray:
    values = np.full(26, 1.2 / 25)
    values[0] = -0.2
    return np.diag(values).astype(complex)


@pytest.mark.parametrize(
    ("rho", "words"),
    [
        (maximally_mixed(5), r"it must be \(26, 26\)"),
        (2 * maximally_mixed(26), "trace is 2"),
        (skewed(), "not Hermitian: .* is up to 0.01"),
        (negative(), "not positive: the least eigenvalue is -0.2"),
        (np.full((26, 26), np.inf, dtype=complex), "676 values are not finite"),
    ],
)
def test_a_matrix_that_is_no_state_is_refused(rho, words):
    with pytest.raises(InvalidState, match=words):
        check_density(rho)


def test_every_fault_is_named():
    bad = negative()
    bad[0, 1] = 1
    with pytest.raises(InvalidState) as caught:
        check_density(bad * 2)
    assert len(caught.value.faults) == 3
