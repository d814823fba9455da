"""The master equation: closed forms, both ways beside each other and an independent integrator, and what is refused."""

import math

import numpy as np
import pytest

from qbtc.core.hilbert.batches import random_densities
from qbtc.core.hilbert.density import pure_density
from qbtc.core.hilbert.lindblad import (
    Generator,
    _terms,
    evolve,
    from_hermitian_basis,
    real_liouvillian,
    to_hermitian_basis,
)

RNG = np.random.default_rng


def generator(size: int, seed: int = 0, *, jumps: int = 2) -> Generator:
    rng = RNG(seed)
    g = rng.normal(size=(size, size)) + 1j * rng.normal(size=(size, size))
    return Generator((g + g.conj().T) / 4, 0.2 * rng.normal(size=(jumps, size, size)).astype(complex))


def ladder(size: int) -> np.ndarray:
    return np.diag(np.sqrt(np.arange(1, size)), 1).astype(complex)


@pytest.mark.parametrize("method", ["series", "exponential"])
def test_a_decaying_qubit_follows_its_closed_form(method):
    gamma, omega = 0.7, 1.3
    decay = Generator(np.diag([0.0, omega]).astype(complex), np.sqrt(gamma) * ladder(2)[None])
    plus = pure_density(np.array([1, 1]) / np.sqrt(2))
    times = np.linspace(0, 5, 11)
    found = evolve(plus, decay, times, method=method)
    np.testing.assert_allclose(found[:, 1, 1], 0.5 * np.exp(-gamma * times), atol=1e-10)
    np.testing.assert_allclose(found[:, 0, 1], 0.5 * np.exp((1j * omega - gamma / 2) * times), atol=1e-10)


@pytest.mark.parametrize("method", ["series", "exponential", "auto"])
@pytest.mark.parametrize("unit", [1e-15, 1e-9, 1e9])
def test_the_unit_of_time_does_not_matter(method, unit):
    """Angular frequencies of 10^15 a second and times of femtoseconds are what physicists have."""
    law = Generator(np.array([[0, 0.5], [0.5, 0]], dtype=complex) / unit, np.zeros((0, 2, 2), dtype=complex))
    times = np.array([0.1, 0.77, 1.3, 1.3000000123, 40.4])
    found = evolve(np.diag([1.0, 0]).astype(complex), law, times * unit, method=method)
    np.testing.assert_allclose(found[:, 0, 0].real, np.cos(times / 2) ** 2, rtol=0, atol=1e-10)


@pytest.mark.parametrize("size", [2, 5, 13, 26])
def test_series_and_exponential_agree(size):
    law, rho = generator(size), random_densities(19, size, RNG(1))
    times = np.array([0.0, 0.1, 0.1, 0.9])
    series, exact = (evolve(rho, law, times, method=m) for m in ("series", "exponential"))
    np.testing.assert_allclose(series, exact, rtol=0, atol=1e-11)
    np.testing.assert_allclose(series[:, 0], rho, rtol=0, atol=1e-15)


def test_an_independent_integrator_agrees():
    from scipy.integrate import solve_ivp

    law, rho = generator(6), random_densities(1, 6, RNG(2))[0]
    h, jumps = law.hamiltonian, law.jumps

    def slope(_: float, y: np.ndarray) -> np.ndarray:
        r = y.reshape(6, 6)
        out = -1j * (h @ r - r @ h)
        for jump in jumps:
            square = jump.conj().T @ jump
            out = out + jump @ r @ jump.conj().T - (square @ r + r @ square) / 2
        return out.ravel()

    expected = solve_ivp(slope, (0, 2), rho.ravel(), method="DOP853", rtol=1e-11, atol=1e-12).y[:, -1].reshape(6, 6)
    np.testing.assert_allclose(evolve(rho, law, np.array([2.0]))[0], expected, atol=1e-9)


def test_without_jumps_it_is_the_unitary_of_the_hamiltonian():
    law, rho = generator(26, jumps=0), random_densities(7, 26, RNG(3))
    values, vectors = np.linalg.eigh(law.hamiltonian)
    u = vectors * np.exp(-1j * values * 3.0) @ vectors.conj().T
    np.testing.assert_allclose(evolve(rho, law, np.array([3.0]))[:, 0], u @ rho @ u.conj().T, atol=1e-10)


def test_evolution_is_a_state_at_every_time_and_composes():
    law, rho = generator(26, seed=4), random_densities(6, 26, RNG(5))
    times = np.linspace(0, 1, 41)
    found = evolve(rho, law, times)
    np.testing.assert_allclose(np.trace(found, axis1=-2, axis2=-1), 1, atol=1e-11)
    assert np.linalg.eigvalsh(found).min() > -1e-11
    again = evolve(found[:, 20], law, np.array([0.5]))[:, 0]
    np.testing.assert_allclose(again, found[:, 40], atol=1e-10)


def test_a_wider_tolerance_is_kept_too():
    law, rho = generator(13, seed=6), random_densities(6, 13, RNG(7))
    times = np.array([2.0])
    exact, rough = (evolve(rho, law, times, tolerance=t, method="series") for t in (1e-13, 1e-4))
    assert np.abs(np.linalg.eigvalsh(exact - rough)).sum(axis=-1).max() < 1e-4
    terms = [_terms(5.0, tolerance) for tolerance in (1e-13, 1e-8, 1e-4)]
    assert terms == sorted(terms, reverse=True)
    remainders = [sum(5.0**k / math.factorial(k) for k in range(n + 1, n + 60)) for n in terms]
    assert all(r <= t < 10 * 5.0 * r for r, t in zip(remainders, (1e-13, 1e-8, 1e-4), strict=True))


def test_the_bound_is_no_less_than_the_rate_of_any_state():
    law = generator(8, seed=8)
    rate = law.rate(random_densities(200, 8, RNG(9)))
    assert np.abs(np.linalg.eigvalsh(rate)).sum(axis=-1).max() <= law.bound()


def test_the_real_basis_keeps_inner_products_and_the_liouvillian_is_real_in_it():
    rho = random_densities(6, 5, RNG(10))
    vectors = to_hermitian_basis(rho)
    np.testing.assert_allclose(vectors @ vectors.T, np.einsum("aij,bji->ab", rho, rho).real, atol=1e-14)
    np.testing.assert_allclose(from_hermitian_basis(vectors, 5), rho, atol=1e-15)
    law = generator(5)
    np.testing.assert_allclose(vectors @ real_liouvillian(law).T, to_hermitian_basis(law.rate(rho)), atol=1e-13)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"times": [1.0, 0.5]}, "one rising list"),
        ({"times": [-1.0]}, "from 0 on"),
        ({"times": [1e9]}, "at most"),
        ({"tolerance": 1.0}, "allowed is 1e-14 to 1e-2"),
        ({"rho": np.eye(3)}, r"needs \(\.\.\., 4, 4\)"),
        ({"rho": np.triu(np.ones((4, 4)))}, "Hermitian"),
    ],
)
def test_what_cannot_be_evolved_is_refused_in_words(change, message):
    given = {"rho": np.eye(4) / 4, "times": [1.0], "tolerance": 1e-10} | change
    with pytest.raises(ValueError, match=message):
        evolve(given["rho"], generator(4), np.array(given["times"]), tolerance=given["tolerance"])


def test_a_hamiltonian_that_is_not_hermitian_is_refused():
    with pytest.raises(ValueError, match="H is not Hermitian"):
        Generator(np.triu(np.ones((3, 3))).astype(complex), np.zeros((0, 3, 3), dtype=complex))
    with pytest.raises(ValueError, match=r"needed are \(d, d\) and \(m, d, d\)"):
        Generator(np.eye(3, dtype=complex), np.zeros((3, 3), dtype=complex))
