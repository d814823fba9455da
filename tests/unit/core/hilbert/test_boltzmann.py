"""The quantum Boltzmann machine: exact gradient, falling loss, and no gain where the data are diagonal."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples
from tests.unit.core.hilbert.making import matrices, vectors

from qbtc.core.hilbert import check_density, relative_entropy
from qbtc.core.hilbert.boltzmann import diagonal_generators, fit_boltzmann, hermitian_generators, pair_generators
from qbtc.core.hilbert.coherence import entropy

seeds = st.integers(0, 2**31)
LN2 = np.log(2)


def chain(size):
    return np.concatenate([diagonal_generators(size), pair_generators(size, [(i, i + 1) for i in range(size - 1)])])


@settings(max_examples=examples(20), deadline=None)
@given(seeds, st.integers(2, 7))
def test_the_loss_falls_at_every_step_and_ends_where_the_means_agree(seed, size):
    eta = matrices(np.random.default_rng(seed), 1, size)[0]
    generators = chain(size)
    fit = fit_boltzmann(eta, generators, ridge=0.0)
    assert np.all(np.diff(fit.losses) < 0)
    check_density(fit.rho, size=size)
    gap = np.einsum("kij,ji->k", generators, eta - fit.rho).real
    assert np.abs(gap).max() < 1e-7


@settings(max_examples=examples(20), deadline=None)
@given(seeds, st.integers(2, 6))
def test_with_all_generators_any_state_of_full_rank_is_learnt_exactly(seed, size):
    eta = matrices(np.random.default_rng(seed), 1, size)[0]
    fit = fit_boltzmann(eta, hermitian_generators(size), ridge=0.0)
    assert float(relative_entropy(eta, fit.rho)) < 1e-9
    assert fit.losses[-1] == pytest.approx(float(entropy(eta)) * LN2, abs=1e-8)


@settings(max_examples=examples(20), deadline=None)
@given(seeds, st.integers(2, 6))
def test_the_gradient_is_the_difference_of_means(seed, size):
    rng = np.random.default_rng(seed)
    eta, generators = matrices(rng, 1, size)[0], hermitian_generators(size)
    theta, way, step = rng.normal(size=len(generators)), rng.normal(size=len(generators)), 1e-5

    def loss(parameters):
        levels = np.linalg.eigvalsh(np.tensordot(parameters, generators, axes=1))
        return parameters @ np.einsum("kij,ji->k", generators, eta).real + np.log(np.sum(np.exp(-levels)))

    values, basis = np.linalg.eigh(np.tensordot(theta, generators, axes=1))
    rho = (basis * np.exp(-values)) @ basis.conj().T / np.exp(-values).sum()
    exact = np.einsum("kij,ji->k", generators, eta - rho).real @ way
    assert (loss(theta + step * way) - loss(theta - step * way)) / (2 * step) == pytest.approx(exact, abs=1e-6)


@settings(max_examples=examples(20), deadline=None)
@given(seeds, st.integers(2, 8))
def test_of_diagonal_data_the_quantum_machine_gains_nothing_over_the_classical_one(seed, size):
    p = np.random.default_rng(seed).dirichlet(np.full(size, 5.0))
    eta = np.diag(p).astype(complex)
    quantum, classical = (
        fit_boltzmann(eta, g, ridge=0.0) for g in (hermitian_generators(size), diagonal_generators(size))
    )
    assert quantum.losses[-1] == pytest.approx(classical.losses[-1], abs=1e-9)
    np.testing.assert_allclose(classical.rho, eta, atol=1e-7)
    np.testing.assert_allclose(quantum.rho, eta, atol=1e-7)


def test_coherent_data_are_a_gain_for_the_quantum_machine():
    eta = 0.2 * np.eye(4) / 4 + 0.8 * np.full((4, 4), 0.25)
    quantum, classical = (fit_boltzmann(eta.astype(complex), g) for g in (chain(4), diagonal_generators(4)))
    assert classical.losses[-1] == pytest.approx(np.log(4), abs=1e-6)
    assert quantum.losses[-1] < classical.losses[-1] - 0.5


def test_at_26_dimensions_all_675_parameters_are_found():
    eta = matrices(np.random.default_rng(0), 1, 26)[0]
    fit = fit_boltzmann(eta, hermitian_generators(26), ridge=0.0)
    assert np.abs(fit.rho - eta).max() < 1e-7
    assert len(fit.losses) < 20


def test_the_loss_of_rows_has_the_cross_entropy_as_its_mean():
    psi = vectors(np.random.default_rng(1), 300, 5)
    eta = np.einsum("ti,tj->ij", psi, psi.conj()) / 300
    fit = fit_boltzmann(eta, chain(5), ridge=0.0)
    assert fit.loss(psi).mean() == pytest.approx(fit.losses[-1], abs=1e-10)


def test_pure_data_have_a_finite_optimum_under_a_ridge():
    psi = np.array([1, 1j, 0]) / np.sqrt(2)
    fit = fit_boltzmann(np.outer(psi, psi.conj()), hermitian_generators(3), ridge=1e-3)
    assert np.all(np.isfinite(fit.theta))
    assert (psi.conj() @ fit.rho @ psi).real > 0.95


def test_generators_are_hermitian_and_independent():
    g = hermitian_generators(5)
    np.testing.assert_array_equal(g, np.swapaxes(g, 1, 2).conj())
    assert np.linalg.matrix_rank(g.reshape(len(g), -1)) == 24


def test_generators_of_another_size_and_pairs_of_one_are_refused():
    with pytest.raises(ValueError, match="allowed are"):
        fit_boltzmann(np.eye(3) / 3, hermitian_generators(2))
    with pytest.raises(ValueError, match="two different numbers"):
        pair_generators(3, [(1, 1)])
