"""Mutual information of two views of the same moments, against closed forms, the explicit density matrix and Shannon."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.every import every

from qbtc.core.hilbert.bipartite import mutual_information
from qbtc.core.hilbert.joint import information_test, joint_information, shuffled_blocks
from qbtc.core.hilbert.types import Complex, Real


def units(seed: int, rows: int, size: int, *, real: bool = False) -> Complex:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(rows, size)) + (0 if real else 1j) * rng.normal(size=(rows, size))
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def binary_entropy(p: float) -> float:
    return float(-sum(q * np.log2(q) for q in (p, 1 - p) if q > 0))


@every("size", [2, 5, 26])
def test_letters_that_name_each_other_share_log2_of_their_number(size: int) -> None:
    letters = np.eye(size)
    found = joint_information(letters, letters)
    assert (found.first, found.second, found.both) == pytest.approx((np.log2(size),) * 3, abs=1e-12)
    assert found.information == pytest.approx(np.log2(size), abs=1e-12)


def test_a_view_that_never_changes_shares_nothing() -> None:
    constant = np.tile(units(1, 1, 7), (9, 1))
    assert joint_information(units(2, 9, 26), constant).information == pytest.approx(0.0, abs=1e-12)


@every("overlap", [0.0, 0.3, 0.8, 1.0])
def test_two_states_of_overlap_c_have_the_closed_form(overlap: float) -> None:
    pair = np.array([[1.0, 0.0], [overlap, np.sqrt(1 - overlap**2)]])
    expected = 2 * binary_entropy((1 + overlap) / 2) - binary_entropy((1 + overlap**2) / 2)
    assert joint_information(pair, pair).information == pytest.approx(expected, abs=1e-12)


def test_weights_enter_as_probabilities() -> None:
    letters = np.eye(2)
    assert joint_information(letters, letters, np.array([3.0, 1.0])).information == pytest.approx(binary_entropy(0.25))


def test_for_orthogonal_letters_it_is_shannons_mutual_information() -> None:
    rng = np.random.default_rng(3)
    table = rng.dirichlet(np.ones(12)).reshape(3, 4)
    x, y = np.divmod(np.arange(12), 4)
    expected = np.sum(table * np.log2(table / table.sum(1, keepdims=True) / table.sum(0, keepdims=True)))
    assert joint_information(np.eye(3)[x], np.eye(4)[y], table.ravel()).information == pytest.approx(
        expected, abs=1e-12
    )


@every("seed, real", [(1, False), (2, True), (3, False)])
def test_it_equals_that_of_the_explicit_density_matrix(seed: int, real: bool) -> None:
    psi, e = units(seed, 6, 4), units(seed + 10, 6, 5, real=real)
    weights = np.random.default_rng(seed).dirichlet(np.ones(6))
    pairs = np.einsum("ta,tb->tab", psi, e).reshape(6, 20)
    rho = np.einsum("t,ti,tj->ij", weights, pairs, pairs.conj())
    assert joint_information(psi, e, weights).information == pytest.approx(mutual_information(rho, (4, 5)), abs=1e-10)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), rows=st.integers(1, 12))
def test_a_mixture_of_products_shares_at_most_the_entropy_of_either_view(seed: int, rows: int) -> None:
    found = joint_information(units(seed, rows, 5), units(seed + 1, rows, 3))
    assert -1e-9 <= found.information <= min(found.first, found.second) + 1e-9
    assert found.both >= max(found.first, found.second) - 1e-9


def test_views_that_go_together_stand_out_of_the_null_and_unrelated_ones_do_not() -> None:
    psi = units(5, 40, 26)
    together = information_test(psi, psi.conj(), draws=99, rng=np.random.default_rng(0))
    assert together.p == pytest.approx(0.01)
    assert together.excess > 0
    ps = [
        information_test(units(s, 12, 6), units(s + 500, 12, 6), draws=19, rng=np.random.default_rng(s)).p
        for s in range(60)
    ]
    assert np.mean(np.array(ps) <= 0.2) < 0.4


@every("weights", [np.ones(9), np.arange(1.0, 10.0)])
def test_a_permutation_has_the_information_of_the_views_in_that_order(weights: Real) -> None:
    psi, e = units(7, 9, 5), units(8, 9, 4)
    order = shuffled_blocks(9, 1, np.random.default_rng(4))
    found = information_test(psi, e, weights, draws=1, rng=np.random.default_rng(4))
    assert found.null[0] == pytest.approx(joint_information(psi, e[order], weights).information, abs=1e-10)


def walk(seed: int, rows: int) -> Real:
    """Unit vectors that drift: neighbours are alike."""
    rng = np.random.default_rng(seed)
    x = np.cumsum(rng.normal(size=(rows, 3)), axis=0)
    return np.asarray(x / np.linalg.norm(x, axis=1, keepdims=True))


def test_blocks_keep_unrelated_drifts_from_looking_related() -> None:
    def share(block: int) -> float:
        ps = [
            information_test(walk(s, 48), walk(s + 900, 48), draws=19, block=block, rng=np.random.default_rng(s)).p
            for s in range(40)
        ]
        return float(np.mean(np.array(ps) <= 0.05))

    assert share(16) < share(1)


@every("size, block", [(10, 1), (10, 3), (11, 5), (512, 40)])
def test_shuffled_blocks_keep_every_moment_once(size: int, block: int) -> None:
    order = shuffled_blocks(size, block, np.random.default_rng(size))
    assert sorted(order) == list(range(size))
    assert np.sum(np.diff(order) == 1) >= size - 2 - -(-size // block)


@every(
    "psi, e, weights, said",
    [
        (np.zeros((2, 3)), np.eye(2), None, "row 0 of the first view has norm 0; it must be 1"),
        (np.eye(2), np.array([[1.0, 0], [np.nan, 0]]), None, "row 1 of the second view has norm nan"),
        (np.eye(2), np.eye(3), None, "2 and 3 rows"),
        (np.eye(2)[0], np.eye(2), None, "must be (moments, dimensions)"),
        (np.tile(np.eye(1), (513, 1)), np.tile(np.eye(1), (513, 1)), None, "513 moments; 1 to 512 are allowed"),
        (np.eye(2), np.eye(2), np.array([1.0, -1.0]), "not negative"),
        (np.eye(2), np.eye(2), np.ones(3), "weights have shape (3,)"),
    ],
)
def test_what_is_not_two_views_is_refused_in_words(psi: Complex, e: Complex, weights: Real | None, said: str) -> None:
    with pytest.raises(ValueError) as error:
        joint_information(psi, e, weights)
    assert said in str(error.value)


def test_a_null_without_two_blocks_or_without_draws_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="does not leave two blocks"):
        information_test(np.eye(4), np.eye(4), draws=9, block=3, rng=rng)
    with pytest.raises(ValueError, match="draws is 0"):
        information_test(np.eye(4), np.eye(4), draws=0, rng=rng)
