"""The simulator against matrices built another way, and its treatment of measurement."""

from functools import reduce

import numpy as np
import pytest

from qbtc.qcs.domain.qasm import parse
from qbtc.qcs.domain.qasm.gates import QELIB1
from qbtc.qcs.domain.statevector import Run, TooMuchMemory, final_state, simulate

HEAD = 'OPENQASM 2.0;\ninclude "qelib1.inc";\n'
ANGLES = (0.3, 1.1, -0.7, 0.4)
ONE, X, Z = np.eye(2), np.array([[0, 1], [1, 0]]), np.diag([1, -1])


def outcome(source: str, shots: int = 4000, seed: int = 3, **limits: int):
    program = parse(HEAD + source)
    result = simulate(program, shots, Run(np.random.default_rng(seed), lambda: None, **limits))
    return program, result


def counts(source: str, shots: int = 4000, seed: int = 3) -> dict[str, int]:
    program, result = outcome(source, shots, seed)
    return {program.format_bits(k): n for k, n in result.counts.items()}


def random_state_prefix(n: int) -> str:
    lines = [f"u3({0.4 + i},{1.3 * i},{0.2 - i}) q[{i}];" for i in range(n)]
    return f"qreg q[{n}];\n" + "\n".join(lines + [f"cx q[{i}],q[{i + 1}];" for i in range(n - 1)]) + "\n"


def full_matrix(matrix: np.ndarray, controls: tuple[int, ...], targets: tuple[int, ...], n: int) -> np.ndarray:
    """The operator on all qubits, element by element."""
    size = 1 << n
    out = np.zeros((size, size), dtype=complex)
    for column in range(size):
        if not all(column >> c & 1 for c in controls):
            out[column, column] = 1
            continue
        index = sum((column >> t & 1) << k for k, t in enumerate(targets))
        for row in range(len(matrix)):
            moved = column
            for k, t in enumerate(targets):
                moved = moved & ~(1 << t) | (row >> k & 1) << t
            out[moved, column] = matrix[row, index]
    return out


@pytest.mark.parametrize("name", sorted(QELIB1))
def test_every_gate_is_its_matrix_on_the_right_qubits(name):
    gate, n = QELIB1[name], 5
    angles = ANGLES[: gate.parameters]
    places = (3, 0, 4, 1, 2)[: gate.qubits]
    call = f"{name}({','.join(map(str, angles))})" if angles else name
    before = final_state(parse(HEAD + random_state_prefix(n)))
    after = final_state(parse(HEAD + random_state_prefix(n) + f"{call} {','.join(f'q[{p}]' for p in places)};"))
    operator = full_matrix(gate.matrix(*angles), places[: gate.controls], places[gate.controls :], n)
    np.testing.assert_allclose(after, operator @ before, atol=1e-13)
    np.testing.assert_allclose(operator @ operator.conj().T, np.eye(32), atol=1e-13)


@pytest.mark.parametrize(
    ("gate", "definition"),
    [
        (
            "cu3(0.3,0.5,0.9) q[0],q[1];",
            "u1(0.7) q[0]; u1(0.2) q[1]; cx q[0],q[1]; u3(-0.15,0,-0.7) q[1]; cx q[0],q[1]; u3(0.15,0.5,0) q[1];",
        ),
        ("crz(0.8) q[0],q[1];", "rz(0.4) q[1]; cx q[0],q[1]; rz(-0.4) q[1]; cx q[0],q[1];"),
        ("cu1(0.8) q[0],q[1];", "u1(0.4) q[0]; cx q[0],q[1]; u1(-0.4) q[1]; cx q[0],q[1]; u1(0.4) q[1];"),
        ("rzz(0.8) q[0],q[1];", "cx q[0],q[1]; u1(0.8) q[1]; cx q[0],q[1];"),
        ("cy q[0],q[1];", "sdg q[1]; cx q[0],q[1]; s q[1];"),
        ("ch q[0],q[1];", "s q[1]; h q[1]; t q[1]; cx q[0],q[1]; tdg q[1]; h q[1]; sdg q[1];"),
        ("swap q[0],q[1];", "cx q[0],q[1]; cx q[1],q[0]; cx q[0],q[1];"),
        ("cswap q[2],q[0],q[1];", "cx q[1],q[0]; ccx q[2],q[0],q[1]; cx q[1],q[0];"),
        ("u2(0.3,0.4) q[0];", "u3(pi/2,0.3,0.4) q[0];"),
        ("h q[0];", "u2(0,pi) q[0];"),
    ],
)
def test_gates_equal_their_definition_in_the_library_up_to_a_global_phase(gate, definition):
    one = final_state(parse(HEAD + random_state_prefix(3) + gate))
    other = final_state(parse(HEAD + random_state_prefix(3) + definition))
    assert abs(np.vdot(one, other)) == pytest.approx(1, abs=1e-12)


def test_the_first_qubit_is_the_last_letter():
    assert counts("qreg q[3];\ncreg c[3];\nx q[0];\nmeasure q -> c;") == {"001": 4000}


def test_registers_are_written_last_first_with_a_space():
    assert counts("qreg q[2];\ncreg a[1];\ncreg b[2];\nx q[0];\nmeasure q[0] -> b[1];\nmeasure q[1] -> a[0];") == {
        "10 0": 4000
    }


def test_a_product_state_is_a_kronecker_product():
    state = final_state(parse(HEAD + "qreg q[2];\nh q[0];\nx q[1];"))
    plus = np.array([1, 1]) / np.sqrt(2)
    np.testing.assert_allclose(state, reduce(np.kron, [np.array([0, 1]), plus]), atol=1e-15)


def test_counts_agree_with_probabilities():
    _, result = outcome("qreg q[2];\ncreg c[2];\nry(1.1) q[0];\ncx q[0],q[1];\nmeasure q -> c;", shots=20000)
    exact = {0: np.cos(0.55) ** 2, 3: np.sin(0.55) ** 2}
    assert result.probabilities == pytest.approx(exact)
    assert result.counts[3] / 20000 == pytest.approx(exact[3], abs=4 * np.sqrt(0.25 / 20000))


def test_a_seed_repeats_the_counts():
    source = "qreg q[3];\ncreg c[3];\nh q;\nmeasure q -> c;"
    assert counts(source, seed=5) == counts(source, seed=5) != counts(source, seed=6)


def test_teleportation_with_classical_control_moves_the_state():
    source = (
        "qreg q[3];\ncreg a[1];\ncreg b[1];\ncreg out[1];\nry(pi/3) q[0];\nh q[1];\ncx q[1],q[2];\ncx q[0],q[1];\n"
        "h q[0];\nmeasure q[0] -> a[0];\nmeasure q[1] -> b[0];\nif (b==1) x q[2];\nif (a==1) z q[2];\n"
        "ry(-pi/3) q[2];\nmeasure q[2] -> out[0];"
    )
    found = counts(source)
    assert sum(found.values()) == 4000
    assert all(word.startswith("0 ") for word in found)
    assert len(found) == 4


def test_a_measured_qubit_stays_collapsed():
    found = counts("qreg q[1];\ncreg c[2];\nh q[0];\nmeasure q[0] -> c[0];\nx q[0];\nmeasure q[0] -> c[1];")
    assert set(found) == {"10", "01"}


def test_reset_gives_zero_whatever_was_there():
    found = counts("qreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\nreset q[0];\nmeasure q -> c;")
    assert set(found) == {"00", "10"}


def test_bits_that_are_not_measured_are_zero_and_a_circuit_without_measurement_counts_zeros():
    assert counts("qreg q[1];\ncreg c[3];\nx q[0];\nmeasure q[0] -> c[1];") == {"010": 4000}
    assert counts("qreg q[1];\ncreg c[2];\nx q[0];") == {"00": 4000}


def test_the_check_stops_a_run():
    def stop() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        simulate(parse(HEAD + "qreg q[1];\nx q[0];"), 1, Run(np.random.default_rng(0), stop))


def test_branches_over_the_memory_limit_are_refused():
    lines = "".join(f"h q[0];\nmeasure q[0] -> c[{i}];\n" for i in range(10))
    with pytest.raises(TooMuchMemory, match="branches of 4 qubits"):
        outcome(f"qreg q[4];\ncreg c[10];\n{lines}h q[0];", memory=4 * 16 * 16)
