"""The index of pure states answers as a full scan does, whatever is stored."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.hilbert import InvalidState, normalise, to_real, top_k
from qbtc.core.hilbert.overlap import rotate
from qbtc.core.hilbert.search import PureIndex
from qbtc.core.hilbert.search.pure import CHUNK, CODE, form_scale

MEASURES = ["signed", "fidelity"]


def states(rng: np.random.Generator, count: int, size: int = 26) -> np.ndarray:
    return normalise(rng.normal(size=(count, size)) + 1j * rng.normal(size=(count, size))).psi


def index_of(psi: np.ndarray, *, threads: int = 1) -> PureIndex:
    index = PureIndex(psi.shape[1], threads=threads)
    index.append(psi)
    return index


def full_scan(psi: np.ndarray, query: np.ndarray, k: int, by: str) -> tuple[np.ndarray, np.ndarray]:
    """Scores summed coordinate by coordinate, then falling score and rising position: no shortcut anywhere."""
    x, y = to_real(psi), to_real(query)
    first, second = np.zeros(len(x)), np.zeros(len(x))
    for j in range(x.shape[1]):
        first += x[:, j] * y[j]
        second += x[:, j] * rotate(y)[j]
    scores = first if by == "signed" else first * first + second * second
    order = np.lexsort((np.arange(len(x)), -scores))[:k]
    return scores[order], order


def assert_exact(psi: np.ndarray, query: np.ndarray, k: int, by: str, allowed: np.ndarray | None = None) -> None:
    found = (
        index_of(psi).search(query, k, by=by)
        if allowed is None
        else index_of(psi).search(query, k, by=by, allowed=allowed)
    )
    rows = np.arange(len(psi)) if allowed is None else np.flatnonzero(allowed)
    scores, order = full_scan(psi[rows], query, k, by)
    np.testing.assert_array_equal(found.positions[0], rows[order])
    np.testing.assert_array_equal(found.scores[0], scores)


@st.composite
def crowds(draw) -> tuple[np.ndarray, np.ndarray]:
    """States with what breaks searches: duplicates, mirrors, turned phases, neighbours closer than a code can tell, axes."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = draw(st.sampled_from([1, 2, 5, 26, 36]))
    psi = states(rng, draw(st.integers(1, 700)), size)
    query = states(rng, 1, size)[0]
    for kind in draw(st.lists(st.sampled_from(["copies", "mirrors", "phases", "near", "hair", "axes"]), max_size=4)):
        rows = rng.integers(0, len(psi), size=rng.integers(1, len(psi) + 1))
        near = {"near": 1e-3, "hair": 1e-15}.get(kind)
        if near is not None:
            psi[rows] = normalise(query + near * states(rng, len(rows), size)).psi
        elif kind == "axes":
            psi[rows] = np.eye(size)[rng.integers(0, size, len(rows))] * rng.choice([1, -1, 1j, -1j], (len(rows), 1))
        else:
            factor = {"copies": 1, "mirrors": -1, "phases": 1j}[kind]
            psi[rows] = factor * psi[rng.integers(0, len(psi))]
    return psi, query if draw(st.booleans()) else psi[rng.integers(0, len(psi))].copy()


@given(crowds(), st.integers(1, 40), st.sampled_from(MEASURES))
def test_the_answer_is_that_of_a_full_scan_bit_for_bit(crowd, k, by):
    assert_exact(*crowd, k, by)


@given(crowds(), st.integers(1, 40), st.sampled_from(MEASURES), st.floats(0, 1), st.integers(0, 99))
def test_rows_that_are_not_allowed_are_as_if_they_were_not_stored(crowd, k, by, share, seed):
    psi, query = crowd
    assert_exact(psi, query, k, by, np.random.default_rng(seed).random(len(psi)) < share)


@pytest.mark.parametrize("by", MEASURES)
def test_thousands_of_neighbours_that_codes_cannot_tell_apart_are_all_scored(by):
    rng = np.random.default_rng(1)
    query = states(rng, 1)[0]
    psi = normalise(query + 1e-9 * states(rng, 3000)).psi
    assert_exact(psi, query, 10, by)
    assert index_of(psi).search(query, 10, by=by).scored == 1.0


def test_of_equal_states_the_earliest_are_found():
    psi = np.repeat(states(np.random.default_rng(2), 1), 5000, axis=0)
    assert index_of(psi).search(psi[0], 4).positions.tolist() == [[0, 1, 2, 3]]


def test_a_mirror_is_last_by_signed_overlap_and_first_by_fidelity():
    psi = states(np.random.default_rng(3), 300)
    psi[17] = -psi[200]
    index = index_of(psi)
    assert index.search(psi[200], 300).positions[0, -1] == 17
    assert index.search(psi[200], 2, by="fidelity").positions.tolist() == [[17, 200]]


@pytest.mark.parametrize("by", MEASURES)
def test_several_chunks_threads_and_queries_change_nothing(by):
    rng = np.random.default_rng(4)
    psi, queries = states(rng, 2 * CHUNK + 700, 3), states(rng, 11, 3)
    one, two = index_of(psi), PureIndex(3, threads=2)
    for part in np.array_split(psi, 7):
        two.append(part)
    found, again = one.search(queries, 5, by=by), two.search(queries, 5, by=by)
    np.testing.assert_array_equal(found.positions, again.positions)
    np.testing.assert_array_equal(found.scores, again.scores)
    for row, query in enumerate(queries):
        scores, order = full_scan(psi, query, 5, by)
        np.testing.assert_array_equal(found.positions[row], order)
        np.testing.assert_array_equal(found.scores[row], scores)


def test_it_agrees_with_the_plain_search_and_scores_few_states():
    rng = np.random.default_rng(5)
    psi, query = states(rng, 20_000), states(rng, 1)[0]
    for by in MEASURES:
        scores, order = top_k(to_real(query), to_real(psi), 10, by=by)
        found = index_of(psi).search(query, 10, by=by)
        np.testing.assert_array_equal(found.positions, order)
        np.testing.assert_allclose(found.scores, scores, atol=1e-14)
        assert found.scored < 0.02


def test_the_oldest_chunk_can_be_dropped_and_positions_move():
    psi = states(np.random.default_rng(6), CHUNK + 10, 2)
    index = index_of(psi)
    assert index.drop_oldest() == CHUNK
    assert index.search(psi[CHUNK + 3], 1).positions.tolist() == [[3]]
    assert (len(index), index.drop_oldest()) == (10, 0)


def test_a_search_in_nothing_finds_nothing():
    found = PureIndex(26).search(states(np.random.default_rng(7), 2), 5)
    assert found.scores.shape == found.positions.shape == (2, 0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_not_finite_are_refused_and_nothing_is_added(bad):
    psi = states(np.random.default_rng(8), 3)
    psi[1, 4] = bad
    index = PureIndex(26)
    with pytest.raises(InvalidState, match=r"norm of state 1 is (nan|inf)"):
        index.append(psi)
    assert len(index) == 0
    with pytest.raises(InvalidState, match="norm of state 1"):
        index_of(psi[:1]).search(psi, 1)


def test_lengths_sizes_and_requests_that_are_not_allowed_are_refused():
    psi = states(np.random.default_rng(9), 3)
    with pytest.raises(InvalidState, match=r"norm of state 0 is 2; it must be 1"):
        PureIndex(26).append(2 * psi)
    with pytest.raises(InvalidState, match=r"shape is \(3, 26\); it must be \(n, 5\)"):
        PureIndex(5).append(psi)
    with pytest.raises(ValueError, match="k is 0"):
        index_of(psi).search(psi, 0)
    with pytest.raises(ValueError, match="allowed are 'signed' and 'fidelity'"):
        index_of(psi).search(psi, 1, by="angle")
    with pytest.raises(ValueError, match="2 rows are allowed or not; there are 3"):
        index_of(psi).search(psi, 1, allowed=np.ones(2, dtype=bool))


@pytest.mark.parametrize("width", [2, 10, 52, 72, 512, 2000])
def test_no_dot_product_of_codes_leaves_sixteen_bits(width):
    """The worst case of Cauchy-Schwarz: a code and a form that are parallel, each as long as rounding can make it."""
    rounding = np.sqrt(width) / 2
    assert (CODE + rounding) * (form_scale(width) + rounding) < 2**15
    assert form_scale(width) >= 120


def test_the_fidelity_with_a_density_matrix_is_its_expectation():
    rng = np.random.default_rng(10)
    psi = states(rng, 400)
    psi[30] = psi[10] = psi[20]
    parts = states(rng, 4)
    rho = np.einsum("k,ki,kj->ij", [0.4, 0.3, 0.2, 0.1], parts, parts.conj())
    exact = np.array([np.vdot(p, rho @ p).real for p in psi])
    found = index_of(psi).expect(rho, 400)
    np.testing.assert_array_equal(found.positions[0], np.lexsort((np.arange(400), -exact)))
    np.testing.assert_array_equal(found.scores[0], exact[found.positions[0]])
    only = np.zeros(400, dtype=bool)
    only[[20, 30]] = True
    assert index_of(psi).expect(rho, 3, allowed=only).positions.tolist() == [[20, 30]]
