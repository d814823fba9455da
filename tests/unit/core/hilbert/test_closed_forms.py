"""Every line of the closed-form table of the 26 dimensions, and the same formulas at other sizes."""

import numpy as np
import pytest

from qbtc.core.hilbert import coherence_report, pure_density
from qbtc.core.hilbert.bipartite import maximally_entangled, mutual_information, negativity
from qbtc.core.hilbert.density import dephase, depolarise, maximally_coherent, maximally_mixed

LOG26 = 4.700439718
SIZES = (5, 13, 26, 36)


def haar(rng: np.random.Generator, count: int, size: int) -> np.ndarray:
    z = rng.normal(size=(count, size)) + 1j * rng.normal(size=(count, size))
    return z / np.linalg.norm(z, axis=1, keepdims=True)


def harmonic(n: int) -> float:
    return sum(1 / k for k in range(1, n + 1))


def test_the_maximally_coherent_state_has_all_the_coherence_and_no_entropy():
    report = coherence_report(pure_density(maximally_coherent(26)))
    assert report.l1 == pytest.approx(25, abs=1e-12)
    assert report.relative == pytest.approx(LOG26, abs=1e-9)
    assert report.normalised == pytest.approx(1, abs=1e-12)
    assert report.entropy == pytest.approx(0, abs=1e-12)


def test_the_maximally_mixed_state_has_no_coherence_and_all_the_entropy():
    report = coherence_report(maximally_mixed(26))
    assert report.l1 == 0
    assert report.relative == pytest.approx(0, abs=1e-12)
    assert report.entropy == pytest.approx(LOG26, abs=1e-9)
    assert report.purity == pytest.approx(1 / 26, abs=1e-15)
    assert report.effective_rank == pytest.approx(26, abs=1e-10)
    assert report.participation == pytest.approx(26, abs=1e-10)


@pytest.mark.parametrize(
    ("p", "relative", "purity"),
    [(0.1, 3.7972314530, 0.8173076923), (0.5, 1.4688838954, 0.2788461538), (0.9, 0.1117566394, 0.0480769231)],
)
def test_depolarised_coherent_state_matches_the_table(p, relative, purity):
    report = coherence_report(depolarise(pure_density(maximally_coherent(26)), p))
    assert report.l1 == pytest.approx(25 * (1 - p), abs=1e-12)
    assert report.relative == pytest.approx(relative, abs=1e-10)
    assert report.purity == pytest.approx(purity, abs=1e-10)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("p", [0.0, 0.25, 0.75, 1.0])
def test_depolarised_coherent_state_follows_its_formula_at_any_size(size, p):
    report = coherence_report(depolarise(pure_density(maximally_coherent(size)), p))
    values = np.array([1 - p + p / size] + [p / size] * (size - 1))
    spectrum_entropy = -sum(v * np.log2(v) for v in values if v > 0)
    assert report.l1 == pytest.approx((size - 1) * (1 - p), abs=1e-11)
    assert report.relative == pytest.approx(np.log2(size) - spectrum_entropy, abs=1e-11)
    assert report.purity == pytest.approx((1 - p) ** 2 + (1 - (1 - p) ** 2) / size, abs=1e-12)


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_dephasing_shrinks_the_off_diagonal_and_leaves_the_diagonal_untouched(p):
    rho = pure_density(haar(np.random.default_rng(1), 1, 26)[0])
    out = dephase(rho, p)
    off = ~np.eye(26, dtype=bool)
    np.testing.assert_array_equal(np.diagonal(out), np.diagonal(rho))
    np.testing.assert_allclose(out[off], (1 - p) * rho[off], rtol=0, atol=1e-16)
    assert coherence_report(out).l1 == pytest.approx((1 - p) * float(coherence_report(rho).l1), abs=1e-12)


@pytest.mark.parametrize("size", SIZES)
def test_haar_random_states_have_the_expected_coherence(size):
    report = coherence_report(pure_density(haar(np.random.default_rng(7), 1000, size)))
    for values, expected in (
        (report.l1, (size - 1) * np.pi / 4),
        (report.relative, (harmonic(size) - 1) / np.log(2)),
    ):
        assert abs(values.mean() - expected) < 5 * values.std() / np.sqrt(len(values))


def test_the_haar_expectations_are_the_numbers_of_the_table():
    assert 25 * np.pi / 4 == pytest.approx(19.634954085, abs=1e-9)
    assert (harmonic(26) - 1) / np.log(2) == pytest.approx(4.118057169, abs=1e-9)


def test_the_maximally_entangled_pair_has_its_negativity_and_mutual_information():
    rho = pure_density(maximally_entangled(26))
    assert negativity(rho, (26, 26)) == pytest.approx(12.5, abs=1e-9)
    assert mutual_information(rho, (26, 26)) == pytest.approx(9.400879436, abs=1e-8)


def test_a_mixture_of_products_has_no_negativity():
    rng = np.random.default_rng(3)
    a, b = haar(rng, 4, 5), haar(rng, 4, 3)
    joint = np.einsum("ti,tj->tij", a, b).reshape(4, 15)
    rho = pure_density(joint).mean(axis=0)
    assert negativity(rho, (5, 3)) == pytest.approx(0, abs=1e-12)
    assert mutual_information(rho, (5, 3)) > 0
