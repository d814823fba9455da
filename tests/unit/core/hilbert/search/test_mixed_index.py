"""The index of density matrices: bounds hold, answers are those of a full scan, few fidelities are evaluated."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.hilbert import InvalidState, normalise
from qbtc.core.hilbert.coherence import uhlmann_fidelity
from qbtc.core.hilbert.density import maximally_mixed, pure_density
from qbtc.core.hilbert.search import MixedIndex, super_fidelity
from qbtc.core.hilbert.search.mixed import SLACK, Fidelities, embed, restore


def densities(rng: np.random.Generator, count: int, size: int, rank: int) -> np.ndarray:
    a = rng.normal(size=(count, size, rank)) + 1j * rng.normal(size=(count, size, rank))
    rho = a @ np.swapaxes(a, 1, 2).conj()
    return rho / np.trace(rho, axis1=1, axis2=2).real[:, None, None]


@st.composite
def crowds(draw) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = draw(st.sampled_from([2, 5, 26]))
    ranks = draw(st.lists(st.integers(1, size), min_size=1, max_size=4))
    rho = np.concatenate([densities(rng, 70, size, rank) for rank in ranks])
    query = densities(rng, 1, size, draw(st.integers(1, size)))[0]
    rho[3] = rho[1]
    rho[5] = (query + 1e-3 * maximally_mixed(size)) / 1.001
    return rho, query if draw(st.booleans()) else rho[0].copy()


def index_of(rho: np.ndarray) -> MixedIndex:
    index = MixedIndex(rho.shape[-1])
    index.append(rho)
    return index


@given(crowds(), st.integers(1, 40))
def test_the_answer_is_that_of_evaluating_every_fidelity(crowd, k):
    rho, query = crowd
    index = index_of(rho)
    found = index.search(query, k)
    every = Fidelities(query)(restore(embed(rho), rho.shape[-1]))
    order = np.lexsort((np.arange(len(rho)), -every))[:k]
    np.testing.assert_array_equal(found.positions[0], order)
    np.testing.assert_array_equal(found.scores[0], every[order])
    np.testing.assert_allclose(found.scores[0], uhlmann_fidelity(query, rho[order]), atol=SLACK)


@given(crowds())
def test_super_fidelity_and_a_measurement_are_upper_bounds(crowd):
    rho, query = crowd
    exact = uhlmann_fidelity(query, rho)
    assert np.all(super_fidelity(query, rho) >= exact - SLACK)
    assert np.all(Fidelities(query).bound(embed(rho)) >= exact - SLACK)


def test_super_fidelity_is_the_formula():
    rng = np.random.default_rng(0)
    a, b = densities(rng, 2, 26, 5)
    purity = [np.trace(m @ m).real for m in (a, b)]
    assert super_fidelity(a, b) == pytest.approx(
        np.trace(a @ b).real + np.sqrt((1 - purity[0]) * (1 - purity[1])), abs=1e-14
    )
    assert embed(a).shape == (677,)
    np.testing.assert_allclose(restore(embed(a), 26), a, atol=1e-16)


def test_commuting_states_have_the_classical_fidelity():
    p, q = np.array([0.5, 0.3, 0.2, 0.0]), np.array([0.1, 0.2, 0.3, 0.4])
    found = index_of(np.stack([np.diag(q)]).astype(complex)).search(np.diag(p).astype(complex), 1)
    assert found.scores[0, 0] == pytest.approx(np.sum(np.sqrt(p * q)) ** 2, abs=1e-12)


def test_a_pure_query_needs_no_fidelity_but_the_overlap():
    rng = np.random.default_rng(1)
    rho, psi = densities(rng, 200, 26, 7), normalise(rng.normal(size=26) + 1j * rng.normal(size=26)).psi
    found = index_of(rho).search(psi, 200)
    exact = np.array([np.vdot(psi, r @ psi).real for r in rho])
    np.testing.assert_array_equal(found.positions[0], np.argsort(-exact))
    np.testing.assert_allclose(found.scores[0], exact[found.positions[0]], atol=1e-14)
    np.testing.assert_allclose(index_of(rho).search(pure_density(psi), 5).scores, found.scores[:, :5], atol=1e-6)


def test_of_windows_that_move_slowly_few_fidelities_are_evaluated():
    rng = np.random.default_rng(2)
    rho, out = densities(rng, 1, 26, 8)[0], []
    for step in densities(rng, 2000, 26, 3):
        rho = 0.95 * rho + 0.05 * step
        out.append(rho)
    found = index_of(np.stack(out)).search(out[1200], 10)
    assert found.positions[0, 0] == 1200
    assert found.scored < 0.03


def test_only_allowed_rows_are_found_and_few_rows_give_few_results():
    rho = densities(np.random.default_rng(3), 20, 5, 3)
    allowed = np.zeros(20, dtype=bool)
    allowed[[4, 9]] = True
    assert index_of(rho).search(rho[9], 5, allowed=allowed).positions.tolist() == [[9, 4]]
    assert MixedIndex(5).search(rho[0], 3).positions.shape == (1, 0)
    assert MixedIndex(5).search(np.eye(5)[0], 3).positions.shape == (1, 0)


def test_what_is_no_density_matrix_is_refused_and_nothing_is_added():
    rho = densities(np.random.default_rng(4), 3, 5, 3)
    index = index_of(rho)
    for bad, words in ((2 * rho, "trace is 2"), (rho + 0.1j, "not Hermitian"), (rho * np.nan, "not finite")):
        with pytest.raises(InvalidState, match=words):
            index.append(bad)
        with pytest.raises(InvalidState, match=words):
            index.search(bad[0], 1)
    assert len(index) == 3
    with pytest.raises(ValueError, match="k is 0"):
        index.search(rho[0], 0)
    with pytest.raises(ValueError, match="2 rows are allowed or not; there are 3"):
        index.search(rho[0], 1, allowed=np.ones(2, dtype=bool))
