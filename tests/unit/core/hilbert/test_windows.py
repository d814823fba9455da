"""The compiled window beside its definition."""

import numpy as np
import pytest

from qbtc.core.hilbert import exponential_weights, window_state
from qbtc.core.hilbert.windows import window_states


def rows(seed: int, count: int, length: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(count, length, size)) + 1j * rng.normal(size=(count, length, size))
    ages = np.where(rng.random((count, length)) < 0.2, np.inf, np.arange(length)[::-1])
    a[:, 3] = 0
    return a, exponential_weights(ages)


@pytest.mark.parametrize("size", [2, 13, 26])
@pytest.mark.parametrize("length", [4, 60])
def test_it_is_the_definition(size, length):
    a, w = rows(size, 5, length, size)
    w[4] = 0
    w[3, 1:] = 0
    found, expected = window_states(a, w), window_state(a, w)
    np.testing.assert_allclose(found.rho, expected.rho, rtol=0, atol=1e-14)
    np.testing.assert_allclose(found.shrinkage, expected.shrinkage, rtol=1e-11)
    np.testing.assert_allclose(found.rows, expected.rows, rtol=1e-13)
    np.testing.assert_array_equal(found.informative, expected.informative)
    np.testing.assert_array_equal(found.shrinkage[3:], 1)


def test_its_bits_do_not_depend_on_the_others_in_the_batch():
    a, w = rows(1, 9, 60, 26)
    whole, alone = window_states(a, w), window_states(a[4:5], w[4:5])
    assert whole.rho[4].tobytes() == alone.rho[0].tobytes()
    assert whole.shrinkage[4] == alone.shrinkage[0]
