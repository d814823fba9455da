"""Batches beside their NumPy reference: channels, eigenvalues, reports, random states; what must hold of every channel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.hilbert.batches import (
    apply_channel,
    apply_superoperator,
    conjugate,
    haar_states,
    haar_unitaries,
    random_channel,
    random_densities,
    superoperator,
)
from qbtc.core.hilbert.coherence import coherence_l1, coherence_report, coherence_reports, contributions
from qbtc.core.hilbert.density import dephase, maximally_coherent, pure_density
from qbtc.core.hilbert.povm import is_complete, predict

SIZES = (2, 5, 13, 26, 36)
SEEDS = st.integers(0, 2**32 - 1)


def incoherent_kraus(size: int, rng: np.random.Generator) -> np.ndarray:
    """Every operator maps basis states to multiples of basis states: weighted permutations and phases."""
    weights = np.sqrt(rng.dirichlet(np.ones(4), size=size)).T
    phases = np.exp(2j * np.pi * rng.random((4, size)))
    return np.stack([np.eye(size)[rng.permutation(size)] * (w * f) for w, f in zip(weights, phases, strict=True)])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("count", [1, 6, 16, 37])
def test_a_batch_is_conjugated_as_numpy_does(size, count):
    rng = np.random.default_rng(size * 100 + count)
    rho, u = random_densities(count, size, rng), haar_unitaries(1, size, rng)[0]
    np.testing.assert_allclose(conjugate(u, rho), u @ rho @ u.conj().T, rtol=0, atol=1e-14)


@pytest.mark.parametrize("size", SIZES)
def test_a_channel_on_a_batch_is_its_reference_and_its_superoperator(size):
    rng = np.random.default_rng(size)
    kraus, rho = random_channel(3, size, rng), random_densities(21, size, rng).reshape(3, 7, size, size)
    expected = predict(rho, kraus)
    np.testing.assert_allclose(apply_channel(kraus, rho), expected, rtol=0, atol=1e-14)
    np.testing.assert_allclose(apply_superoperator(superoperator(kraus), rho), expected, rtol=0, atol=1e-13)


def test_sparse_operators_give_the_same_as_dense_ones():
    rng = np.random.default_rng(0)
    kraus = incoherent_kraus(26, rng)
    rho = random_densities(20, 26, rng)
    np.testing.assert_allclose(apply_channel(kraus, rho), predict(rho, kraus), rtol=0, atol=1e-15)


def test_a_matrix_gives_the_same_bits_wherever_in_a_batch_it_stands():
    rng = np.random.default_rng(1)
    rho, u = random_densities(50, 26, rng), haar_unitaries(1, 26, rng)[0]
    whole, part = conjugate(u, rho), conjugate(u, rho[13:29])
    assert whole[13:29].tobytes() == part.tobytes()
    assert coherence_reports(rho).entropy[13:29].tobytes() == coherence_reports(rho[13:29]).entropy.tobytes()


def test_operators_and_states_of_different_size_are_refused():
    with pytest.raises(ValueError, match=r"operators have shape \(1, 5, 5\) and states \(8, 4, 4\)"):
        conjugate(np.eye(5), np.zeros((8, 4, 4)))
    with pytest.raises(ValueError, match=r"states of size 4 need \(16, 16\)"):
        apply_superoperator(np.eye(25), np.zeros((8, 4, 4)))


@pytest.mark.parametrize("size", SIZES)
def test_the_compiled_report_is_the_reference_to_1e_12(size):
    rng = np.random.default_rng(size)
    pure = pure_density(haar_states(9, size, rng))
    low = np.zeros((3, size, size), dtype=complex)
    low[:, 0, 0] = 1
    mixed = np.tile(np.eye(size, dtype=complex) / size, (5, 1, 1))
    flat = np.tile(pure_density(maximally_coherent(size)), (4, 1, 1))
    rho = np.concatenate([random_densities(17, size, rng), pure, low, mixed, flat])
    found, expected = coherence_reports(rho), coherence_report(rho)
    for name in ("diagonal", "l1", "relative", "purity", "entropy", "effective_rank", "participation"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-12, atol=1e-12, err_msg=name)


@given(seed=SEEDS, size=st.integers(2, 30), rank=st.integers(1, 30))
@settings(max_examples=examples(40), deadline=None)
def test_the_entropy_of_any_rank_agrees_with_lapack(seed, size, rank):
    rng = np.random.default_rng(seed)
    g = rng.normal(size=(8, size, min(rank, size))) + 1j * rng.normal(size=(8, size, min(rank, size)))
    rho = g @ np.swapaxes(g, -1, -2).conj()
    rho /= np.trace(rho, axis1=1, axis2=2)[:, None, None]
    np.testing.assert_allclose(coherence_reports(rho).entropy, coherence_report(rho).entropy, rtol=0, atol=1e-12)


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_matrices_that_are_not_finite_do_not_converge(count, value):
    rho = np.full((count, 4, 4), value, dtype=complex)
    with pytest.raises(ValueError, match="must be finite"):
        coherence_reports(rho)


def test_the_report_of_no_matrix_is_empty():
    assert coherence_reports(np.zeros((0, 4, 4), dtype=complex)).l1.shape == (0,)


def test_contributions_of_dimensions_sum_to_c_l1():
    rho = random_densities(5, 26, np.random.default_rng(2))
    np.testing.assert_allclose(contributions(rho).sum(axis=-1), coherence_l1(rho), rtol=1e-13)


@given(seed=SEEDS, size=st.integers(2, 8), operators=st.integers(1, 5))
@settings(max_examples=examples(40), deadline=None)
def test_a_channel_preserves_the_trace_and_its_choi_matrix_is_positive(seed, size, operators):
    rng = np.random.default_rng(seed)
    kraus = random_channel(operators, size, rng)
    assert is_complete(kraus)
    basis = np.eye(size**2).reshape(size, size, size, size).astype(complex)
    units = np.einsum("ik,jl->ijkl", np.eye(size), np.eye(size)).astype(complex)
    assert units.shape == basis.shape
    choi = apply_superoperator(superoperator(kraus), units).transpose(0, 2, 1, 3).reshape(size**2, size**2)
    assert np.linalg.eigvalsh(choi).min() > -1e-12
    out = apply_channel(kraus, random_densities(9, size, rng))
    np.testing.assert_allclose(np.trace(out, axis1=1, axis2=2), 1, atol=1e-13)


@given(seed=SEEDS, size=st.integers(2, 26))
@settings(max_examples=examples(30), deadline=None)
def test_a_unitary_keeps_purity_entropy_and_undoes_itself(seed, size):
    rng = np.random.default_rng(seed)
    u, rho = haar_unitaries(1, size, rng)[0], random_densities(7, size, rng)
    np.testing.assert_allclose(u @ u.conj().T, np.eye(size), atol=1e-13)
    turned = conjugate(u, rho)
    before, after = coherence_reports(rho), coherence_reports(turned)
    np.testing.assert_allclose(after.purity, before.purity, atol=1e-13)
    np.testing.assert_allclose(after.entropy, before.entropy, atol=1e-12)
    np.testing.assert_allclose(conjugate(u.conj().T, turned), rho, atol=1e-13)


@given(seed=SEEDS, size=st.integers(2, 12))
@settings(max_examples=examples(40), deadline=None)
def test_coherence_does_not_grow_under_incoherent_channels(seed, size):
    rng = np.random.default_rng(seed)
    kraus, rho = incoherent_kraus(size, rng), random_densities(8, size, rng)
    assert is_complete(kraus)
    for out in (apply_channel(kraus, rho), dephase(rho, rng.random())):
        before, after = coherence_reports(rho), coherence_reports(out)
        assert (after.l1 <= before.l1 + 1e-12).all()
        assert (after.relative <= before.relative + 1e-12).all()


def test_haar_unitaries_have_the_moments_of_their_measure():
    u = haar_unitaries(4000, 3, np.random.default_rng(5))
    assert abs(np.mean(np.abs(u[:, 0, 0]) ** 2) - 1 / 3) < 0.02
    assert abs(np.mean(np.abs(u[:, 0, 0]) ** 4) - 2 / 12) < 0.02
    assert abs(np.mean(np.trace(u, axis1=1, axis2=2))) < 0.05
