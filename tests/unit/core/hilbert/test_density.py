"""Window states: weights, shrinkage and what happens when there is little."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qbtc.core.hilbert import check_density, exponential_weights, window_state

SIZE = 6
rows = arrays(np.float64, st.tuples(st.integers(0, 12), st.just(2), st.just(SIZE)), elements=st.floats(-5, 5))


def complex_rows(seed: int, t: int, size: int = 26) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(t, size)) + 1j * rng.normal(size=(t, size))


def ledoit_wolf_by_hand(x: np.ndarray, w: np.ndarray) -> float:
    """The published formula written as loops over rows."""
    w = w / w.sum()
    size = x.shape[1]
    s = sum(wt * np.outer(row, row.conj()) for wt, row in zip(w, x, strict=True))
    mean = np.trace(s).real / size
    d2 = np.linalg.norm(s - mean * np.eye(size)) ** 2
    b2 = sum(wt**2 * np.linalg.norm(np.outer(row, row.conj()) - s) ** 2 for wt, row in zip(w, x, strict=True))
    return min(b2, d2) / d2


@given(rows)
def test_every_window_gives_a_valid_state(parts):
    a = parts[:, 0] + 1j * parts[:, 1]
    state = window_state(a, exponential_weights(np.arange(len(a))[::-1]))
    check_density(state.rho, size=SIZE)
    assert 0 <= state.shrinkage <= 1


@pytest.mark.parametrize("t", [2, 10, 60])
def test_the_shrinkage_weight_is_the_published_formula(t):
    x, w = complex_rows(t, t), exponential_weights(np.arange(t)[::-1])
    x = x * np.linspace(0.2, 3, 26)
    assert window_state(x, w).shrinkage == pytest.approx(ledoit_wolf_by_hand(x, w), rel=1e-10)


def test_shrinkage_vanishes_as_the_window_grows():
    scale = np.linspace(0.2, 3, 26)
    weights = [float(window_state(complex_rows(1, t) * scale, np.ones(t)).shrinkage) for t in (30, 300, 3000)]
    assert weights[0] > weights[1] > weights[2]
    assert weights[2] < 0.02


def test_one_row_knows_nothing_of_its_error_and_is_shrunk_fully():
    state = window_state(complex_rows(2, 1), np.ones(1))
    assert state.shrinkage == 1
    assert state.informative
    np.testing.assert_allclose(state.rho, np.eye(26) / 26, atol=1e-15)


def test_rows_without_information_do_not_count():
    a = complex_rows(3, 10)
    padded = np.concatenate([a, np.zeros((5, 26))])
    weights = np.ones(15)
    np.testing.assert_allclose(window_state(padded, weights).rho, window_state(a, np.ones(10)).rho, atol=1e-15)
    assert window_state(padded, weights).rows == pytest.approx(10)


def test_an_empty_window_is_no_information():
    state = window_state(np.zeros((4, 26), dtype=complex), np.ones(4))
    assert not state.informative
    np.testing.assert_array_equal(state.rho, np.eye(26) / 26)
    assert state.rows == 0


def test_the_weight_halves_every_half_life():
    np.testing.assert_allclose(exponential_weights(np.array([0, 20, 40, np.inf])), [1, 0.5, 0.25, 0])


def test_intense_rows_weigh_more():
    rows = np.zeros((3, 4), dtype=complex)
    rows[0, 0], rows[1, 1], rows[2, 1] = 3, 1, 1
    diagonal = np.diagonal(window_state(rows, np.ones(3)).rho).real
    assert diagonal[0] > diagonal[1] > diagonal[2]


def test_a_batch_gives_the_same_bits_as_one_by_one():
    batch = np.stack([complex_rows(s, 60) for s in range(8)])
    w = np.broadcast_to(exponential_weights(np.arange(60)[::-1]), (8, 60))
    whole = window_state(batch, w)
    for i in range(8):
        assert whole.rho[i].tobytes() == window_state(batch[i], w[i]).rho.tobytes()
