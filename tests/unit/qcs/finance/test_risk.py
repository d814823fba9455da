"""Value at risk: the circuit holds the distribution that is computed beside it, and the bisection finds its quantile."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from pydantic import ValidationError

from qbtc.qcs import finance
from qbtc.qcs.domain.finance.risk import (
    Loan,
    continuous,
    default_given,
    distribution,
    factor,
    loaded_distribution,
    losses,
    measured,
)

TWO = [Loan(1, 0.15, 0.1), Loan(2, 0.25, 0.05)]
THREE = [Loan(1, 0.1, 0.2), Loan(2, 0.05, 0.3), Loan(3, 0.2, 0.0)]


@pytest.mark.parametrize(("loans", "qubits"), [(TWO, 2), (THREE, 2), (TWO, 3), ([Loan(5, 0.4, 0.6)], 1)])
def test_the_circuit_holds_the_distribution_of_losses(loans: list[Loan], qubits: int) -> None:
    loaded = losses(loans, qubits)
    found = loaded_distribution(loaded)
    assert np.allclose(found[: loaded.values.size], loaded.values, atol=1e-12)
    assert np.allclose(found[loaded.values.size :], 0, atol=1e-12)


def test_the_distribution_is_the_sum_over_all_cases() -> None:
    z, weights = factor(2)
    wanted = np.zeros(7)
    for place in range(4):
        for fails in itertools.product((0, 1), repeat=3):
            chance = weights[place]
            for loan, fail in zip(THREE, fails, strict=True):
                p = default_given(loan, z)[place]
                chance *= p if fail else 1 - p
            wanted[sum(loan.loss * fail for loan, fail in zip(THREE, fails, strict=True))] += chance
    assert np.allclose(distribution(THREE, z, weights), wanted, atol=1e-14)


def test_with_the_whole_factor_each_loan_defaults_as_often_as_it_says() -> None:
    assert measured(continuous(THREE), 0.95)["expected"] == pytest.approx(0.1 + 2 * 0.05 + 3 * 0.2, abs=1e-9)


def ask(loans: list[Loan], **changes: object) -> dict:
    rows = [{"loss": loan.loss, "default": loan.default, "correlation": loan.correlation} for loan in loans]
    return finance.compute(finance.Risk(loans=rows, seed=3, **changes))


@pytest.mark.parametrize("level", [0.6, 0.8, 0.95])
def test_the_bisection_finds_the_classical_value_at_risk(level: float) -> None:
    found = ask(TWO, level=level)
    assert found["quantum"]["var"] == found["classical"]["var"]
    assert all(step["interval"][0] <= step["probability"] <= step["interval"][1] for step in found["quantum"]["steps"])


def test_the_interval_of_the_mean_beyond_it_holds_the_classical_one_and_narrows() -> None:
    widths = []
    for epsilon in (0.02, 0.005):
        found = ask(THREE, level=0.8, epsilon=epsilon)
        low, high = found["quantum"]["cvar_interval"]
        assert low <= found["quantum"]["cvar"] <= high
        assert low <= found["classical"]["cvar"] <= high
        widths.append(high - low)
    assert widths[1] < widths[0]


def test_a_level_too_near_to_a_step_is_said_to_be_unsure() -> None:
    reached = float(np.cumsum(losses(TWO, 2).values)[1])
    assert ask(TWO, level=reached - 1e-4, epsilon=0.02)["quantum"]["sure"] is False


def test_more_qubits_than_are_simulated_are_refused_with_what_would_do() -> None:
    with pytest.raises(ValidationError, match=r"take 29 qubits; allowed are 16: fewer loans"):
        ask([Loan(100, 0.1, 0.1)] * 6)
