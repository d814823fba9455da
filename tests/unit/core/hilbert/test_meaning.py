"""What the density matrix means to a statistician, one test a sentence."""

import numpy as np
import pytest

from qbtc.core.hilbert import bures_distance, coherence_report, relative_entropy, window_state
from qbtc.core.hilbert.bootstrap import block_null, change_statistic, p_value
from qbtc.core.hilbert.coherence import uhlmann_fidelity

RNG = np.random.default_rng


def unshrunk(rows: np.ndarray) -> np.ndarray:
    moment = rows.T @ rows.conj()
    return moment / np.trace(moment).real


def covariance(rng: np.random.Generator, size: int) -> np.ndarray:
    a = rng.normal(size=(size, 2 * size))
    return a @ a.T / (2 * size)


def test_the_diagonal_is_the_share_of_variance():
    scale = np.array([1.0, 2.0, 3.0])
    rows = (RNG(0).normal(size=(20000, 3)) * scale).astype(complex)
    state = window_state(rows, np.ones(20000))
    np.testing.assert_allclose(np.diagonal(state.rho).real, scale**2 / np.sum(scale**2), atol=0.01)


def test_the_real_part_is_co_movement_in_phase():
    t = np.arange(2000) * 2 * np.pi / 50
    wave = np.exp(1j * t)
    rho = unshrunk(np.stack([wave, wave, -wave], axis=1))
    assert rho[0, 1].real == pytest.approx(1 / 3, abs=1e-12)
    assert rho[0, 2].real == pytest.approx(-1 / 3, abs=1e-12)
    assert abs(rho[0, 1].imag) < 1e-12


@pytest.mark.parametrize("lag", [np.pi / 2, np.pi / 6])
def test_the_imaginary_part_is_lead_and_lag_and_its_sign_says_who_leads(lag):
    t = np.arange(2000) * 2 * np.pi / 50
    rho = unshrunk(np.stack([np.exp(1j * t), np.exp(1j * (t - lag))], axis=1))
    assert rho[0, 1].imag == pytest.approx(np.sin(lag) / 2, abs=1e-12)
    assert rho[1, 0].imag == pytest.approx(-np.sin(lag) / 2, abs=1e-12)
    assert np.angle(rho[0, 1]) == pytest.approx(lag, abs=1e-12)


def test_the_exponential_of_the_entropy_counts_equal_independent_components():
    for k in (1, 3, 7):
        rho = np.zeros((26, 26), dtype=complex)
        rho[:k, :k] = np.eye(k) / k
        assert coherence_report(rho).effective_rank == pytest.approx(k, rel=1e-12)


def test_the_participation_ratio_is_one_over_the_sum_of_squared_eigenvalues():
    values = np.array([0.5, 0.3, 0.2])
    q, _ = np.linalg.qr(RNG(2).normal(size=(3, 3)) + 1j * RNG(3).normal(size=(3, 3)))
    report = coherence_report(q @ np.diag(values) @ q.conj().T)
    assert report.participation == pytest.approx(1 / np.sum(values**2), rel=1e-12)
    assert report.effective_rank == pytest.approx(np.exp(-np.sum(values * np.log(values))), rel=1e-12)


def test_the_bures_distance_is_the_wasserstein_distance_of_centred_gaussians_up_to_scale():
    scipy_linalg = pytest.importorskip("scipy.linalg")
    a, b = covariance(RNG(4), 6), covariance(RNG(5), 6)
    a, b = a / np.trace(a), b / np.trace(b)
    root = scipy_linalg.sqrtm(a).real
    squared = np.trace(a) + np.trace(b) - 2 * np.trace(scipy_linalg.sqrtm(root @ b @ root).real)
    assert float(bures_distance(a, b)) ** 2 == pytest.approx(squared, abs=1e-10)
    scale = 9.0
    big = scipy_linalg.sqrtm(scale * root @ root)
    scaled = scale * 2 - 2 * np.trace(scipy_linalg.sqrtm(big @ (scale * b) @ big).real)
    assert scaled == pytest.approx(scale * squared, abs=1e-8)


def test_the_bures_distance_of_commuting_gaussians_is_the_distance_of_their_deviations():
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.6, 0.3])
    expected = np.sqrt(np.sum((np.sqrt(p) - np.sqrt(q)) ** 2))
    assert bures_distance(np.diag(p).astype(complex), np.diag(q).astype(complex)) == pytest.approx(expected, abs=1e-12)
    assert uhlmann_fidelity(np.diag(p), np.diag(p)) == pytest.approx(1, abs=1e-12)


def test_relative_entropy_of_diagonal_states_is_kullback_leibler():
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.1, 0.6, 0.3])
    value = relative_entropy(np.diag(p).astype(complex), np.diag(q).astype(complex))
    assert value == pytest.approx(np.sum(p * np.log2(p / q)), abs=1e-12)


def test_relative_entropy_is_infinite_outside_the_support():
    pure, other = np.diag([1.0, 0, 0]).astype(complex), np.diag([0, 0.5, 0.5]).astype(complex)
    assert relative_entropy(pure, other) == np.inf
    assert np.isfinite(relative_entropy(other, np.eye(3) / 3))


def rows_with_a_change(rng: np.random.Generator, *, change: bool) -> np.ndarray:
    size, t = 6, 120
    rows = rng.normal(size=(t, size)) + 1j * rng.normal(size=(t, size))
    if change:
        rows[-8:] = rows[-8:, :1] * 3 * np.ones(size)
    return rows


def test_a_regime_change_stands_out_of_the_block_bootstrap_null():
    rows = rows_with_a_change(RNG(6), change=True)
    null = block_null(rows_with_a_change(RNG(7), change=False), lag=8, block=10, draws=99, rng=RNG(8))
    assert p_value(change_statistic(rows, 8), null) <= 0.02


def test_without_a_change_the_statistic_is_inside_its_null():
    inside = 0
    for seed in range(20):
        rows = rows_with_a_change(RNG(100 + seed), change=False)
        null = block_null(rows, lag=8, block=10, draws=39, rng=RNG(seed))
        inside += p_value(change_statistic(rows, 8), null) > 0.05
    assert inside >= 16


def test_a_block_longer_than_the_data_is_refused():
    with pytest.raises(ValueError, match="does not fit 5 rows"):
        block_null(np.ones((5, 3), dtype=complex), lag=1, block=6, draws=1, rng=RNG(0))
