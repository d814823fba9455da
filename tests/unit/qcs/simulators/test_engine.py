"""The state-vector engine's tasks: shots through measurement and feedback, distributions, expectations, gradients."""

from dataclasses import dataclass

import numpy as np
import pytest
from tests.unit.qcs.simulators.making import haar, program, random_gates, reference

from qbtc.qcs.domain.program import Channel, Condition, Measure, Register, Reset, Unitary
from qbtc.qcs.domain.qasm.gates import QELIB1
from qbtc.qcs.domain.simulators.protocol import (
    Cost,
    Expectation,
    FinalState,
    Gradient,
    Hermitian,
    PauliSum,
    PauliTerm,
    Probabilities,
    Refusal,
    Run,
    Shots,
    TooMuchMemory,
    Unsupported,
)
from qbtc.qcs.domain.simulators.statevector import StateVector

ENGINE = StateVector()
SINGLE = StateVector("single")
PAULIS = {"X": np.array([[0, 1], [1, 0]]), "Y": np.array([[0, -1j], [1j, 0]]), "Z": np.diag([1, -1])}


def gate(name: str, *qubits: int, angles: tuple[float, ...] = (), condition=None) -> Unitary:
    g = QELIB1[name]
    return Unitary(name, g.matrix(*angles), qubits[g.controls :], qubits[: g.controls], condition, angles)


def running(seed: int = 1, **limits) -> Run:
    return Run(np.random.default_rng(seed), **limits)


def counts(circuit, shots: int = 20_000, engine=ENGINE, **limits) -> dict[int, int]:
    found = engine.run(circuit, Shots(shots), running(**limits)).counts
    assert sum(found.values()) == shots
    return found


def assert_near(found: dict[int, int], expected: dict[int, float]) -> None:
    """Every frequency within five standard errors, nothing else found."""
    shots = sum(found.values())
    assert set(found) <= {word for word, p in expected.items() if p > 0}
    for word, p in expected.items():
        assert abs(found.get(word, 0) / shots - p) <= 5 * np.sqrt(p * (1 - p) / shots) + 1e-9, (word, found)


@pytest.mark.parametrize("engine", [ENGINE, SINGLE])
@pytest.mark.parametrize("n", [1, 2, 5, 11])
def test_shots_follow_the_squared_amplitudes(n, engine):
    gates = random_gates(n, 20, n)
    p = np.abs(reference(n, gates)) ** 2
    found = counts(program(n, gates, measured=True), engine=engine)
    frequency = np.array([found.get(i, 0) for i in range(1 << n)]) / 20_000
    assert np.all(np.abs(frequency - p) <= 6 * np.sqrt(p * (1 - p) / 20_000) + 3e-4)


def test_exact_probabilities_come_with_final_measurements():
    circuit = program(2, [gate("h", 0), gate("cx", 0, 1)], measured=True)
    assert ENGINE.run(circuit, Shots(10), running()).probabilities == pytest.approx({0: 0.5, 3: 0.5})


def test_one_qubit_measured_of_many_that_are_likely_has_its_exact_probabilities():
    ops = [gate("ry", q, angles=(0.8,)) for q in range(12)]
    found = ENGINE.run(program(12, [*ops, Measure(3, 1)], bits=2), Shots(10), running())
    assert found.probabilities == pytest.approx({0: np.cos(0.4) ** 2, 2: np.sin(0.4) ** 2})


def test_a_qubit_measured_twice_into_two_bits_agrees_with_itself():
    circuit = program(1, [gate("h", 0), Measure(0, 0), Measure(0, 1)], bits=2)
    assert_near(counts(circuit), {0: 0.5, 3: 0.5})


def test_a_measurement_inside_collapses_the_state():
    circuit = program(1, [gate("h", 0), Measure(0, 0), gate("h", 0), Measure(0, 1)], bits=2)
    assert_near(counts(circuit), dict.fromkeys(range(4), 0.25))


def test_a_reset_leaves_zero_and_keeps_the_partner_as_it_was():
    circuit = program(2, [gate("h", 0), gate("cx", 0, 1), Reset(0), gate("x", 0)], measured=True)
    assert_near(counts(circuit), {1: 0.5, 3: 0.5})


def test_a_reset_after_a_measurement_keeps_the_measured_bit():
    circuit = program(1, [gate("h", 0), Measure(0, 0), Reset(0), Measure(0, 1), gate("x", 0), Measure(0, 2)], bits=3)
    assert_near(counts(circuit), {4: 0.5, 5: 0.5})


def test_teleportation_moves_the_state_by_conditions():
    angle = 1.1
    ops = [gate("ry", 0, angles=(angle,)), gate("h", 1), gate("cx", 1, 2), gate("cx", 0, 1), gate("h", 0)]
    ops += [Measure(0, 0), Measure(1, 1), gate("x", 2, condition=Condition(1, 1, 1))]
    ops += [gate("z", 2, condition=Condition(0, 1, 1)), Measure(2, 2)]
    p = np.sin(angle / 2) ** 2
    assert_near(counts(program(3, ops)), {w: 0.25 * (p if w & 4 else 1 - p) for w in range(8)})


@dataclass(frozen=True)
class UntilOne:
    """Measure H|0> until it gives 1, five times at most; the bits count the tries."""

    qubits = (Register("q", 0, 1),)
    bits = (Register("c", 0, 3),)

    def start(self):
        for tried in range(1, 6):
            yield gate("h", 0)
            if (yield Measure(0, 0)):
                return tried
            yield Reset(0)
        return 0


def test_a_loop_until_success_has_its_geometric_distribution():
    assert_near(counts(UntilOne()), {t: 0.5**t for t in range(1, 6)} | {0: 0.5**5})


def test_feedback_and_program_agree_where_both_can_say_it():
    ops = [gate("ry", 0, angles=(0.7,)), Measure(0, 0), gate("x", 1, condition=Condition(0, 1, 1)), Measure(1, 1)]
    circuit = program(2, ops)

    class Told:
        qubits, bits = circuit.qubits, circuit.bits

        def start(self):
            return circuit.start()

    p = np.sin(0.35) ** 2
    assert_near(counts(Told()), {0: 1 - p, 3: p})
    assert_near(counts(circuit), {0: 1 - p, 3: p})


def test_branches_over_the_memory_are_refused():
    ops = [op for q in range(10) for op in (gate("h", q), Measure(q, q), gate("h", q))]
    with pytest.raises(TooMuchMemory, match="branches of 10 qubits"):
        counts(program(10, ops), shots=500, memory=3 * 16 * 1024)
    with pytest.raises(TooMuchMemory, match="20000 shots that are drawn one by one"):
        counts(program(10, ops), shots=20_000, memory=3 * 16 * 1024)
    with pytest.raises(TooMuchMemory, match="a state of 10 qubits"):
        counts(program(10, ops), shots=1, memory=100)


def test_noise_is_refused_with_a_reason_and_raises_where_it_shows_only_while_running():
    noisy = program(1, [Channel("none", np.eye(2, dtype=complex)[None], (0,))], measured=True)
    assert "noise" in ENGINE.cost(noisy, Shots(1)).why
    with pytest.raises(Unsupported, match="trajectories"):
        counts(noisy)


def test_a_circuit_that_measures_inside_has_no_final_state():
    circuit = program(1, [gate("h", 0), Measure(0, 0), gate("h", 0)])
    assert isinstance(ENGINE.cost(circuit, FinalState()), Refusal)
    with pytest.raises(Unsupported, match="operation 1"):
        ENGINE.run(circuit, FinalState(), running())


def test_the_cost_is_the_bytes_of_the_state():
    cost = ENGINE.cost(program(20, [gate("h", 0)]), FinalState())
    assert isinstance(cost, Cost)
    assert cost.bytes == 16 << 20
    assert SINGLE.cost(program(20, [gate("h", 0)]), FinalState()).bytes == 8 << 20


def test_a_gate_on_very_many_qubits_counts_its_tables():
    flip = Unitary("x", QELIB1["x"].matrix(), (0,), tuple(range(1, 20)))
    assert ENGINE.cost(program(20, [flip]), FinalState()).bytes > 8 * (16 << 20)


def test_the_final_state_and_probabilities_are_those_of_the_reference():
    gates = random_gates(5, 30, 2)
    state = reference(5, gates)
    circuit = program(5, gates, measured=True)
    np.testing.assert_allclose(ENGINE.run(circuit, FinalState(), running()).state, state, atol=1e-12)
    found = ENGINE.run(circuit, Probabilities((3, 0)), running()).distribution
    p = (np.abs(state) ** 2).reshape((2,) * 5)
    np.testing.assert_allclose(found.reshape(2, 2), p.sum(axis=(0, 2, 3)).T, atol=1e-12)


def dense(term: PauliTerm, n: int) -> np.ndarray:
    out = np.eye(1)
    named = dict(term.paulis)
    for q in range(n):
        out = np.kron(PAULIS.get(named.get(q, ""), np.eye(2)), out)
    return term.factor * out


def test_expectations_of_pauli_sums_and_matrices_are_exact():
    rng = np.random.default_rng(8)
    n, gates = 4, random_gates(4, 30, 4)
    state = reference(n, gates)
    strings = [
        tuple((q, str(rng.choice(list("XYZ")))) for q in rng.permutation(n)[: rng.integers(0, 5)].tolist())
        for _ in range(9)
    ]
    terms = tuple(PauliTerm(float(rng.normal()), s) for s in strings)
    total = sum(dense(t, n) for t in terms)
    h = haar(4, rng)
    h = h + h.conj().T
    found = ENGINE.run(program(n, gates), Expectation((PauliSum(terms), Hermitian(h, (2, 0)))), running()).values
    assert found[0] == pytest.approx(np.vdot(state, total @ state).real, abs=1e-12)
    seen = np.array(
        [
            [
                sum(state[b | (r & 1) << 2 | r >> 1].conj() * state[b | (c & 1) << 2 | c >> 1] for b in (0, 2, 8, 10))
                for c in range(4)
            ]
            for r in range(4)
        ]
    )
    assert found[1] == pytest.approx((h * seen).sum().real, abs=1e-12)


ROTATIONS = ("rx", "ry", "rz", "rxx", "rzz", "p", "u", "u3", "u2", "u1", "crx", "cry", "crz", "cp", "cu3", "cu")
OBSERVABLE = PauliSum((PauliTerm(0.7, ((0, "X"), (2, "Y"))), PauliTerm(-0.4, ((1, "Z"),)), PauliTerm(0.9, ((0, "Y"),))))


def value_of(gates: list[Unitary]) -> float:
    return ENGINE.run(program(3, gates), Expectation((OBSERVABLE,)), running()).values[0]


def rotated(name: str, angles: tuple[float, ...]) -> list[Unitary]:
    g = QELIB1[name]
    turned = Unitary(name, g.matrix(*angles), (0, 2, 1)[g.controls : g.qubits], (0, 2, 1)[: g.controls], None, angles)
    plain = [Unitary(o.name, o.matrix, o.targets, o.controls) for o in random_gates(3, 16, 6)]
    return [*plain[:8], turned, *plain[8:]]


@pytest.mark.parametrize("name", ROTATIONS)
def test_gradients_equal_finite_differences(name):
    angles = (0.3, 1.1, -0.7, 0.4)[: QELIB1[name].parameters]
    found = ENGINE.run(program(3, rotated(name, angles)), Gradient(OBSERVABLE), running())
    step = 1e-5
    for number in range(len(angles)):
        up, down = (tuple(a + sign * step * (i == number) for i, a in enumerate(angles)) for sign in (1, -1))
        slope = (value_of(rotated(name, up)) - value_of(rotated(name, down))) / (2 * step)
        assert found.values[number] == pytest.approx(slope, abs=1e-8)
    assert found.parameters == tuple((8, i) for i in range(len(angles)))
    assert found.expectation == pytest.approx(value_of(rotated(name, angles)), abs=1e-12)


@pytest.mark.parametrize("name", ["rx", "ry", "rz", "rxx", "rzz"])
def test_gradients_of_rotations_obey_the_parameter_shift_rule(name):
    found = ENGINE.run(program(3, rotated(name, (0.6,))), Gradient(OBSERVABLE), running()).values[0]
    up, down = value_of(rotated(name, (0.6 + np.pi / 2,))), value_of(rotated(name, (0.6 - np.pi / 2,)))
    assert found == pytest.approx((up - down) / 2, abs=1e-12)


def test_a_gradient_refuses_a_gate_whose_parameters_do_not_make_its_matrix():
    wrong = Unitary("rx", QELIB1["rx"].matrix(0.3), (0,), (), None, (0.4,))
    with pytest.raises(Unsupported, match="not that of its parameters"):
        ENGINE.run(program(3, [wrong]), Gradient(OBSERVABLE), running())
    with pytest.raises(Unsupported, match="no derivative of gate 'mine'"):
        ENGINE.run(program(3, [Unitary("mine", np.eye(2), (0,), (), None, (0.4,))]), Gradient(OBSERVABLE), running())


def test_a_gradient_is_priced_in_the_precision_it_is_computed_in():
    circuit = program(10, [gate("ry", 0, angles=(0.3,))])
    wanted = Gradient(PauliSum((PauliTerm(1.0, ((0, "Z"),)),)))
    double, single = (StateVector(p).cost(circuit, wanted) for p in ("double", "single"))
    assert isinstance(double, Cost)
    assert isinstance(single, Cost)
    assert single.bytes == double.bytes
    with pytest.raises(TooMuchMemory):
        StateVector("single").run(circuit, wanted, running(memory=9 << 10))
