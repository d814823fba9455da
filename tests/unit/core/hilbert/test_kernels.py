"""Gram matrices are symmetric and positive; what each kernel sees is what its formula says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples
from tests.unit.core.hilbert.making import matrices, vectors

from qbtc.core.hilbert.kernels import (
    alignment,
    fidelity_kernel,
    median_gamma,
    projected_kernel,
    rbf_kernel,
    signed_kernel,
)
from qbtc.core.hilbert.overlap import fidelity

seeds = st.integers(0, 2**31)
KERNELS = {
    "fidelity": fidelity_kernel,
    "signed": signed_kernel,
    "projected": lambda a, b: projected_kernel(a, b, shape=(2, 3), gamma=2.0),
    "rbf": lambda a, b: rbf_kernel(a.real, b.real, 0.7),
}


@pytest.mark.parametrize("name", KERNELS)
@settings(max_examples=examples(20))
@given(seeds)
def test_a_gram_matrix_is_symmetric_and_positive(name, seed):
    psi = vectors(np.random.default_rng(seed), 20, 6)
    gram = KERNELS[name](psi, psi)
    assert np.abs(gram - gram.T).max() < 1e-13
    assert np.linalg.eigvalsh(gram).min() > -1e-12
    np.testing.assert_allclose(np.diag(gram), np.diag(gram)[0] if name == "rbf" else 1, atol=1e-12)


@pytest.mark.parametrize("kernel", [fidelity_kernel, lambda a, b: projected_kernel(a, b, shape=(2, 3))])
@settings(max_examples=examples(10))
@given(seeds)
def test_kernels_of_mixed_states_are_positive_too(kernel, seed):
    rho = matrices(np.random.default_rng(seed), 15, 6)
    gram = kernel(rho, rho)
    assert np.abs(gram - gram.T).max() < 1e-13
    assert np.linalg.eigvalsh(gram).min() > -1e-12


@settings(max_examples=examples(10))
@given(seeds)
def test_the_fidelity_of_vectors_is_that_of_their_matrices_and_of_overlap(seed):
    a, b = vectors(np.random.default_rng(seed), 14, 5).reshape(2, 7, 5)
    found = fidelity_kernel(a, b)
    outer = [x[:, :, None] * x[:, None, :].conj() for x in (a, b)]
    np.testing.assert_allclose(found, fidelity_kernel(*outer), atol=1e-13)
    np.testing.assert_allclose(np.diag(found), fidelity(a, b), atol=1e-13)


def test_only_the_signed_kernel_sees_the_mirror():
    psi = vectors(np.random.default_rng(0), 1, 6)
    assert signed_kernel(psi, -psi)[0, 0] == pytest.approx(-1)
    assert fidelity_kernel(psi, -psi)[0, 0] == pytest.approx(1)
    assert projected_kernel(psi, -psi, shape=(3, 2))[0, 0] == pytest.approx(1)


def test_the_projected_kernel_is_the_formula_on_reduced_states():
    one, two = matrices(np.random.default_rng(1), 2, 6)
    found = projected_kernel(one[None], two[None], shape=(2, 3), gamma=0.5)[0, 0]
    gap = one - two
    first = np.einsum("iaja->ij", gap.reshape(2, 3, 2, 3))
    second = np.einsum("iaib->ab", gap.reshape(2, 3, 2, 3))
    assert found == pytest.approx(np.exp(-0.5 * (np.sum(abs(first) ** 2) + np.sum(abs(second) ** 2))), abs=1e-13)


def test_alignment_is_one_for_the_ideal_kernel_and_near_zero_for_noise():
    rng = np.random.default_rng(2)
    target = np.eye(2)[rng.integers(0, 2, 200)]
    centred = target - target.mean(axis=0)
    assert alignment(centred @ centred.T, target) == pytest.approx(1)
    psi = vectors(rng, 200, 6)
    assert abs(alignment(fidelity_kernel(psi, psi), target)) < 0.05
    assert alignment(np.ones((200, 200)), target) == 0


def test_the_median_width_is_one_over_the_median_squared_distance():
    x = np.array([[0.0], [1.0], [3.0]])
    assert median_gamma(x) == pytest.approx(1 / 4)
    assert median_gamma(np.zeros((4, 2))) == 1


def test_states_of_other_sizes_are_refused():
    psi = vectors(np.random.default_rng(3), 2, 5)
    with pytest.raises(ValueError, match="registers of 2 x 3"):
        projected_kernel(psi, psi, shape=(2, 3))
    with pytest.raises(ValueError, match="allowed are"):
        fidelity_kernel(psi, psi[:, :, None] * psi[:, None, :])
