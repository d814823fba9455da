"""The final state of any circuit in a peer: one JSON request a line names a tool and files of gates and of the state."""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy as np

Gates = list[tuple[np.ndarray, list[int]]]


def aer(n: int, gates: Gates) -> np.ndarray:
    from qiskit import QuantumCircuit
    from qiskit_aer import AerSimulator

    circuit = QuantumCircuit(n)
    for matrix, qubits in gates:
        circuit.unitary(matrix, qubits)
    circuit.save_statevector()
    return np.asarray(AerSimulator(method="statevector").run(circuit).result().get_statevector())


def qulacs(n: int, gates: Gates) -> np.ndarray:
    import qulacs as q_
    from qulacs.gate import DenseMatrix

    state = q_.QuantumState(n)
    for matrix, qubits in gates:
        DenseMatrix(qubits, matrix).update_quantum_state(state)
    return state.get_vector()


def cirq(n: int, gates: Gates) -> np.ndarray:
    import cirq as c

    line = c.LineQubit.range(n)
    circuit = c.Circuit(c.MatrixGate(m).on(*(line[n - 1 - q] for q in reversed(qubits))) for m, qubits in gates)
    found = c.Simulator(dtype=np.complex128).simulate(circuit, qubit_order=line)
    return np.asarray(found.final_state_vector)


def controlled(gate: dict[str, Any]) -> tuple[np.ndarray, list[int]]:
    """The whole matrix on targets and then controls, the first least significant."""
    matrix = np.array(gate["real"]) + 1j * np.array(gate["imaginary"])
    size = len(matrix) << len(gate["controls"])
    whole = np.eye(size, dtype=complex)
    whole[size - len(matrix) :, size - len(matrix) :] = matrix
    return whole, [*gate["targets"], *gate["controls"]]


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        np.save(asked["state"], globals()[asked["tool"]](asked["n"], [controlled(g) for g in asked["gates"]]))
        print(json.dumps({"done": True}), flush=True)


if __name__ == "__main__":
    main()
