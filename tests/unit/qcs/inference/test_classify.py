"""Kernel classifiers learn what their kernel sees."""

import numpy as np
from tests.unit.core.hilbert.making import vectors

from qbtc.qcs.domain.inference.classify import compare_kernels, registers


def test_the_fidelity_kernel_learns_a_quadratic_form_and_the_signed_one_cannot():
    rng = np.random.default_rng(0)
    psi = vectors(rng, 600, 4)
    outcomes = (np.abs(psi[:, 0]) ** 2 > 0.2).astype(int)
    found = {one.kernel: one for one in compare_kernels(psi, outcomes, 400, count=2, ridge=0.1)}
    assert found["fidelity"].logistic_hits > 0.9
    assert found["signed"].logistic_hits < 0.7
    assert found["fidelity"].alignment > found["signed"].alignment


def test_twenty_six_is_two_registers_and_a_prime_is_none():
    assert registers(26) == (2, 13)
    assert registers(13) is None
