"""Loading, comparing, adding, amplifying, transforming: each list of gates does what its name says, on every input."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.qcs.domain.finance import circuits as c
from qbtc.qcs.domain.finance import run


def matrix(gates: c.Gates, qubits: int) -> np.ndarray:
    """The circuit as a dense matrix, a column for each basis state."""
    columns = []
    for index in range(1 << qubits):
        state = np.zeros(1 << qubits, dtype=np.complex128)
        state[index] = 1
        run.further(state, gates)
        columns.append(state)
    return np.array(columns).T


@given(st.lists(st.floats(-1, 1), min_size=8, max_size=8).filter(lambda v: np.linalg.norm(v) > 1e-3))
def test_real_amplitudes_are_loaded_with_their_signs(values: list[float]) -> None:
    wanted = np.array(values) / np.linalg.norm(values)
    found = run.state(c.program(c.prepare(wanted, range(3)), 3))
    assert np.allclose(found, wanted, atol=1e-12)


def test_a_chosen_rotation_turns_by_the_angle_of_what_its_controls_hold() -> None:
    angles = np.linspace(-3, 3, 8)
    whole = matrix(c.chosen_ry(angles, [0, 1, 2], 3), 4)
    for index, angle in enumerate(angles):
        assert whole[index, index] == pytest.approx(np.cos(angle / 2))
        assert whole[index + 8, index] == pytest.approx(np.sin(angle / 2))


@pytest.mark.parametrize("value", range(-1, 10))
def test_a_comparator_marks_every_number_from_its_value_on_and_returns_its_carries(value: int) -> None:
    n, result = 3, 3
    for number in range(1 << n):
        state = np.zeros(1 << 6, dtype=np.complex128)
        state[number] = 1
        run.further(state, c.at_least(value, [0, 1, 2], result, [4, 5]))
        assert abs(state[number | (int(number >= value) << result)]) == pytest.approx(1)


@pytest.mark.parametrize("amount", range(8))
def test_an_adder_adds_where_its_control_is_set(amount: int) -> None:
    for number in range(8):
        for control in (0, 1):
            state = np.zeros(16, dtype=np.complex128)
            state[number | control << 3] = 1
            run.further(state, c.add(amount, [0, 1, 2], 3))
            assert abs(state[(number + control * amount) % 8 | control << 3]) == pytest.approx(1)


def test_the_inverse_undoes_a_circuit() -> None:
    gates = [*c.prepare(np.array([0.6, 0, 0, 0.8]), range(2)), *c.fourier([0, 1, 2]), *c.at_least(3, [0, 1], 2, [3])]
    assert np.allclose(matrix([*gates, *c.inverse(gates)], 4), np.eye(16), atol=1e-12)


def test_the_fourier_transform_is_the_unitary_one() -> None:
    n = 3
    roots = np.exp(2j * np.pi * np.outer(np.arange(8), np.arange(8)) / 8) / np.sqrt(8)
    assert np.allclose(matrix(c.fourier(range(n)), n), roots, atol=1e-12)


@pytest.mark.parametrize("steps", [0, 1, 2, 5])
def test_k_steps_of_amplification_turn_by_2k_plus_1_angles(steps: int) -> None:
    circuit = [c.ry(0.7, 0), c.ry(1.1, 1, 0)]
    first = run.chance(run.state(c.program(circuit, 2)), 1)
    after = run.chance(run.state(c.program([*circuit, *c.amplify(circuit, 1, 2) * steps], 2)), 1)
    assert after == pytest.approx(np.sin((2 * steps + 1) * np.arcsin(np.sqrt(first))) ** 2, abs=1e-12)


def test_the_gradient_is_that_of_finite_differences() -> None:
    rng = np.random.default_rng(4)
    energies = rng.normal(size=8)
    from qbtc.qcs.domain.finance.ising import Ising
    from qbtc.qcs.domain.finance.qaoa import qaoa

    cost = Ising(0.0, rng.normal(size=3), np.triu(rng.normal(size=(3, 3)), 1))
    circuit, _ = qaoa(cost, 2, 1.0)(rng.normal(size=4))
    _, slopes = run.gradient(circuit, energies)
    for place, op in enumerate(circuit):
        if not op.parameters:
            assert slopes[place] == 0
            continue
        ends = []
        for change in (1e-5, -1e-5):
            turned = [*circuit]
            angle = op.parameters[0] + change
            maker = {"rx": c.gates.rx, "rz": c.gates.rz, "rzz": c.gates.rzz}[op.name]
            turned[place] = c.Unitary(op.name, maker(angle), op.targets, parameters=(angle,))
            ends.append(run.expectation(turned, energies))
        assert slopes[place] == pytest.approx((ends[0] - ends[1]) / 2e-5, abs=1e-8)
