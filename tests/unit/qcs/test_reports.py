"""`qbtc.qcs.coherence` and reports on request."""

import numpy as np
import pytest

import qbtc.qcs
from qbtc.core.hilbert import InvalidState, coherence_report
from qbtc.core.hilbert.batches import random_densities
from qbtc.core.hilbert.intervals import Resampling
from qbtc.qcs.domain.reports import report_of_matrix, report_of_rows

RNG = np.random.default_rng


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_public_function_reports_one_matrix_or_a_batch(count):
    rho = random_densities(count, 26, RNG(count))
    for given in (rho, rho[0], rho.reshape(1, count, 26, 26)):
        found, expected = qbtc.qcs.coherence(given), coherence_report(given)
        np.testing.assert_allclose(found.relative, expected.relative, atol=1e-12)
        assert np.shape(found.l1) == given.shape[:-2]


@pytest.mark.parametrize(
    ("rho", "fault"),
    [
        (np.eye(3), "traces are off 1 by up to 2"),
        (np.diag([1.5, -0.5]), "the least eigenvalue is -0.5"),
        (np.array([[0.5, 1], [0, 0.5]]), "Hermiticity by 1"),
        (np.full((2, 2), np.nan), "all of them finite"),
        (np.ones((2, 3)), r"must be \(\.\.\., d, d\)"),
        (np.ones((1, 1)), "d of at least 2"),
    ],
)
def test_what_is_no_state_is_refused_in_words(rho, fault):
    with pytest.raises(InvalidState, match=fault):
        qbtc.qcs.coherence(rho)
    with pytest.raises(InvalidState, match=fault):
        qbtc.qcs.coherence(np.stack([rho] * 9))


def test_a_report_of_rows_has_intervals_and_one_of_a_matrix_has_none():
    rows = RNG(0).normal(size=(60, 26)) + 1j * RNG(1).normal(size=(60, 26))
    full = report_of_rows(rows, 20.0, Resampling(draws=50), RNG(2))
    low, high = full.intervals["normalised"]
    assert 0 <= low < high <= 1
    assert full.contributions.sum() == pytest.approx(float(full.report.l1))
    assert set(full.registers) == {(2, 13)}
    assert 0 < full.shrinkage < 1
    plain = report_of_matrix(random_densities(1, 13, RNG(3))[0])
    assert (plain.intervals, plain.registers, plain.shrinkage) == ({}, {}, None)


def test_an_unknown_name_of_the_package_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'decoherence'"):
        _ = qbtc.qcs.decoherence
