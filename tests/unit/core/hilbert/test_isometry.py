"""The ascent over isometries stays on them, never falls and finds known optima."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.hilbert.isometry import climb, polar, random_isometry

seeds = st.integers(0, 2**31)


def quadratic(matrix):
    """Re Tr(V^H A V), whose maximum is the sum of the largest eigenvalues."""
    return lambda v: (float(np.trace(v.conj().T @ matrix @ v).real), matrix @ v)


@settings(max_examples=examples(40))
@given(seeds, st.integers(1, 6), st.integers(0, 12))
def test_the_ascent_ends_on_an_isometry_and_never_falls(seed, size, extra):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(size + extra, size + extra))
    found = climb(random_isometry(size + extra, size, rng), quadratic(a + a.T), steps=50)
    assert np.abs(found.point.conj().T @ found.point - np.eye(size)).max() < 1e-12
    assert np.all(np.diff(found.values) >= 0)


@settings(max_examples=examples(20))
@given(seeds)
def test_it_finds_the_leading_eigenvectors(seed):
    rng = np.random.default_rng(seed)
    basis = random_isometry(12, 12, rng)
    matrix = basis @ np.diag(np.arange(12.0)) @ basis.conj().T
    found = climb(random_isometry(12, 3, rng), quadratic(matrix), steps=500, tolerance=1e-8)
    assert found.values[-1] == pytest.approx(11 + 10 + 9, abs=1e-6)


@settings(max_examples=examples(20))
@given(seeds)
def test_the_polar_factor_is_the_nearest_isometry(seed):
    rng = np.random.default_rng(seed)
    a = rng.normal(size=(6, 3)) + 1j * rng.normal(size=(6, 3))
    near = np.linalg.norm(a - polar(a))
    assert all(near <= np.linalg.norm(a - random_isometry(6, 3, rng)) for _ in range(20))


def test_a_start_at_the_optimum_stays_there():
    found = climb(np.eye(4, 2, dtype=complex), quadratic(np.diag([4.0, 3, 2, 1])), steps=10)
    assert len(found.values) == 1
    np.testing.assert_allclose(found.point, np.eye(4, 2), atol=1e-15)


def test_fewer_rows_than_columns_are_refused():
    with pytest.raises(ValueError, match="at least 3 rows"):
        random_isometry(2, 3, np.random.default_rng(0))
