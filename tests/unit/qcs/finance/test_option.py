"""Options: the published example, the closed form, the circuit against dense algebra, and a budget that adds up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from qbtc.qcs import finance
from qbtc.qcs.domain.finance import run
from qbtc.qcs.domain.finance.circuits import program
from qbtc.qcs.domain.finance.lognormal import Payoff, Price
from qbtc.qcs.domain.finance.option import circuit_of, on_grid

PRICE = Price(2.0, 0.4, 0.05, 40 / 365)
CALL = Payoff("call", 1.896)
KINDS = ["call", "put", "digital"]


def test_the_published_call_on_three_qubits_is_worth_what_was_published() -> None:
    """Stamatopoulos et al., arXiv 1905.02666, and Qiskit Finance: 0.1623 for this discretisation."""
    assert round(on_grid(PRICE, CALL, 3), 4) == 0.1623
    assert round(CALL.expected(PRICE), 5) == 0.17063


@pytest.mark.parametrize("kind", KINDS)
def test_the_closed_form_is_the_integral_of_the_payoff(kind: str) -> None:
    payoff, (low, high) = Payoff(kind, 1.896), PRICE.bounds

    def density(s: float) -> float:
        d = (math.log(s) - PRICE.log_mean) / PRICE.log_deviation
        return math.exp(-d * d / 2) / (s * PRICE.log_deviation * math.sqrt(2 * math.pi))

    for ends in ((low, high), (1e-6, 20.0)):
        wanted = quad(lambda s: float(payoff.of(np.array(s))) * density(s), *ends, points=[1.896], limit=200)[0]
        assert payoff.expected(PRICE, *ends) == pytest.approx(wanted, abs=1e-9)


def test_call_and_put_differ_by_the_forward() -> None:
    put = Payoff("put", 1.896)
    assert CALL.expected(PRICE) - put.expected(PRICE) == pytest.approx(2.0 * math.exp(0.05 * 40 / 365) - 1.896)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("qubits", [2, 3, 4])
def test_the_circuit_does_what_dense_algebra_says(kind: str, qubits: int) -> None:
    payoff, scaling = Payoff(kind, 1.896), 0.25
    prices, weights = PRICE.grid(qubits)
    priced = circuit_of(PRICE, payoff, qubits, scaling)
    share = payoff.of(prices) / payoff.of(prices).max()
    turn = np.sin(scaling * (2 * share - 1) + math.pi / 4) ** 2 if kind != "digital" else share
    wanted = float(weights @ turn)
    assert run.chance(run.state(program(priced.gates, priced.qubits)), priced.objective) == pytest.approx(
        wanted, abs=1e-12
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_straighter_payoff_rotation_is_nearer_to_the_grid(kind: str) -> None:
    payoff = Payoff(kind, 1.896)
    wanted = on_grid(PRICE, payoff, 3)
    errors = [abs(circuit_of(PRICE, payoff, 3, scaling).exact() - wanted) for scaling in (0.4, 0.1, 0.02)]
    assert errors[0] >= errors[1] >= errors[2]
    assert errors[2] < 1e-4


def test_payoffs_of_nothing_and_of_the_most_are_exact() -> None:
    deep = Payoff("call", PRICE.grid(2)[0][2])  # one price above the strike pays: 0 or all
    assert circuit_of(PRICE, deep, 2, 0.3).exact() == pytest.approx(on_grid(PRICE, deep, 2), abs=1e-12)


def test_the_grid_closes_in_on_the_truncated_value() -> None:
    rows = [on_grid(PRICE, CALL, n) for n in range(3, 12)]
    gaps = [abs(row - CALL.truncated(PRICE)) for row in rows]
    assert gaps[-1] < 2e-5
    assert gaps[-1] < gaps[3] < gaps[0]


def answer(**changes: object) -> dict:
    return finance.compute(finance.Option(spot=2.0, strike=1.896, seed=7, **changes))


@pytest.mark.parametrize("kind", KINDS)
def test_the_budget_adds_up_to_the_whole_error(kind: str) -> None:
    found = answer(payoff=kind)
    lines = found["budget"]
    assert sum(lines[name] for name in ("truncation", "discretisation", "payoff", "sampling")) == pytest.approx(
        lines["total"], abs=1e-12
    )
    assert found["quantum"]["value"] - found["classical"]["value"] == pytest.approx(lines["total"], abs=1e-12)


def test_the_interval_holds_the_exact_value_of_the_circuit_and_the_calls_are_counted() -> None:
    found = answer(epsilon=0.005)["quantum"]
    low, high = found["interval"]
    assert low <= found["exact"] <= high
    assert found["oracle_calls"] == sum(steps * shots for steps, shots, _ in found["rounds"])
    assert found["qubits"] == 7


def test_the_answer_shows_the_classical_value_and_claims_no_advantage() -> None:
    found = answer()
    assert found["classical"]["value"] == pytest.approx(0.17063, abs=5e-6)
    assert found["classical"]["discounted"] == pytest.approx(0.17063 * math.exp(-0.05 * 40 / 365), abs=5e-6)
    assert "No quantum advantage is claimed" in found["note"]


def test_a_strike_outside_the_grid_is_refused_with_the_grid() -> None:
    with pytest.raises(ValueError, match=r"strike 9 pays nothing on the grid from .* to"):
        finance.compute(finance.Option(spot=2.0, strike=9.0))
