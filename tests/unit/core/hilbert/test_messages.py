"""Messages on a tree give the marginals of the dense state; of diagonal ones they are sum-product."""

from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples
from tests.unit.core.hilbert.making import matrices

from qbtc.core.hilbert.isometry import random_isometry
from qbtc.core.hilbert.messages import EdgesDoNotCommute, NotATree, marginals

seeds = st.integers(0, 2**31)


def tree(rng, count):
    """Edges of a random tree; either end may come first."""
    found = [(int(rng.integers(0, v)), v) for v in range(1, count)]
    return [pair if rng.random() < 0.5 else pair[::-1] for pair in found]


def embedded(operator, pair, sizes):
    """nu_uv on the whole register."""
    u, v = pair
    others = [k for k in range(len(sizes)) if k not in pair]
    rest = int(np.prod([sizes[k] for k in others], dtype=int))
    full = np.kron(operator, np.eye(rest)).reshape([sizes[k] for k in (u, v, *others)] * 2)
    back = np.argsort([u, v, *others])
    n = len(sizes)
    total = int(np.prod(sizes))
    return full.transpose([*back, *(back + n)]).reshape(total, total)


def root(a):
    values, vectors = np.linalg.eigh(a)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.conj().T


def dense(nodes, edges):
    sizes = [len(mu) for mu in nodes]
    product = reduce(np.matmul, (embedded(nu, pair, sizes) for pair, nu in edges.items()), np.eye(int(np.prod(sizes))))
    half = root(reduce(np.kron, nodes))
    rho = half @ product @ half
    z = np.trace(rho).real
    found = []
    for v, size in enumerate(sizes):
        left, right = int(np.prod(sizes[:v], dtype=int)), int(np.prod(sizes[v + 1 :], dtype=int))
        found.append(np.einsum("aibajb->ij", (rho / z).reshape(left, size, right, left, size, right)))
    return found, np.log(z)


def same_basis(rng, count, size):
    """Edges diagonal in one basis a node; nodes that commute with nothing."""
    bases = [random_isometry(size, size, rng) for _ in range(count)]
    edges = {}
    for u, v in tree(rng, count):
        frame = np.kron(bases[u], bases[v])
        edges[u, v] = frame @ np.diag(rng.uniform(0.1, 3, size * size)) @ frame.conj().T
    return list(3 * matrices(rng, count, size)), edges


def against_dense(nodes, edges):
    found, (wanted, log_z) = marginals(nodes, edges), dense(nodes, edges)
    for one, other in zip(found.nodes, wanted, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-12)
    assert found.log_z == pytest.approx(log_z, abs=1e-10)


@settings(max_examples=examples(30), deadline=None)
@given(seeds, st.integers(1, 6))
def test_marginals_of_qubits_are_those_of_the_dense_state(seed, count):
    against_dense(*same_basis(np.random.default_rng(seed), count, 2))


def test_eight_qubits_and_three_qutrits_agree_with_the_dense_state():
    for count, size in ((8, 2), (3, 3)):
        against_dense(*same_basis(np.random.default_rng(count), count, size))


@settings(max_examples=examples(15), deadline=None)
@given(seeds)
def test_edges_that_are_entangled_but_act_on_parts_of_their_own_agree_too(seed):
    rng = np.random.default_rng(seed)
    one, two = matrices(rng, 2, 4)
    edges = {
        (0, 1): np.kron(one, np.eye(2)),  # qubit 0 with the first half of node 1
        (2, 1): np.kron(np.eye(2), two).reshape([2] * 6).transpose(1, 0, 2, 4, 3, 5).reshape(8, 8),
    }
    nodes = [matrices(rng, 1, size)[0] for size in (2, 4, 2)]
    against_dense(nodes, edges)


@settings(max_examples=examples(20), deadline=None)
@given(seeds, st.integers(2, 6), st.integers(2, 4))
def test_of_diagonal_states_it_is_the_sum_product_algorithm(seed, count, size):
    rng = np.random.default_rng(seed)
    pairs, local = tree(rng, count), rng.uniform(0.1, 1, (count, size))
    tables = {pair: rng.uniform(0.1, 1, (size, size)) for pair in pairs}
    joint = np.ones([size] * count)
    for v in range(count):
        joint *= local[v].reshape([size if k == v else 1 for k in range(count)])
    for (u, v), table in tables.items():
        ordered = table if u < v else table.T
        joint *= ordered.reshape([size if k in (u, v) else 1 for k in range(count)])
    found = marginals(
        [np.diag(p).astype(complex) for p in local],
        {pair: np.diag(table.reshape(-1)).astype(complex) for pair, table in tables.items()},
    )
    for v, rho in enumerate(found.nodes):
        p = joint.sum(axis=tuple(k for k in range(count) if k != v)) / joint.sum()
        assert np.abs(rho - np.diag(p)).max() < 1e-13
    assert found.log_z == pytest.approx(np.log(joint.sum()), abs=1e-12)


def test_a_long_chain_neither_overflows_nor_underflows():
    eye = np.eye(2, dtype=complex)
    for scale in (1e-30, 1e30):
        found = marginals([eye] * 40, {(v, v + 1): scale * np.eye(4, dtype=complex) for v in range(39)})
        assert found.log_z == pytest.approx(39 * np.log(scale) + 40 * np.log(2), abs=1e-8)


def test_edges_that_do_not_commute_are_refused():
    rng = np.random.default_rng(0)
    nodes = list(matrices(rng, 3, 2))
    with pytest.raises(EdgesDoNotCommute, match="must be 0"):
        marginals(nodes, dict(zip([(0, 1), (1, 2)], matrices(rng, 2, 4), strict=True)))


@pytest.mark.parametrize(
    ("count", "pairs", "error", "says"),
    [
        (0, [], NotATree, "no node"),
        (3, [(0, 1)], NotATree, "one edge fewer"),
        (3, [(0, 1), (1, 0)], NotATree, "one edge fewer"),
        (4, [(0, 1), (2, 3), (3, 3)], NotATree, "between two"),
        (2, [(0, 5)], NotATree, "leaves the nodes"),
        (5, [(0, 1), (2, 3), (3, 4), (2, 4)], NotATree, "not connected"),
    ],
)
def test_what_is_no_tree_is_refused(count, pairs, error, says):
    eye = np.eye(2, dtype=complex)
    with pytest.raises(error, match=says):
        marginals([eye] * count, {pair: np.eye(4, dtype=complex) for pair in pairs})


def test_operators_that_are_not_positive_or_of_another_size_are_refused():
    eye = np.eye(2, dtype=complex)
    with pytest.raises(ValueError, match="node 1 is not positive"):
        marginals([eye, np.diag([1.0, -1])], {(0, 1): np.eye(4)})
    with pytest.raises(ValueError, match=r"edge 0-1 has shape \(3, 3\); it must be \(4, 4\)"):
        marginals([eye, eye], {(0, 1): np.eye(3)})
    with pytest.raises(ValueError, match="Hermitian"):
        marginals([eye, np.array([[1, 1], [0, 1]])], {(0, 1): np.eye(4)})
