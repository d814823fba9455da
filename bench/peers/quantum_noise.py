"""Noisy circuits in the peers, in their own environment: one JSON request a line, one answer a line.

A request has `n`, `gates` as [name, matrix, qubits], `noise` as name -> Kraus operators behind every gate of that name (elements as
[real, imaginary], the first qubit least significant) and a `tool`: `aer` and `qutip` write the density matrix to `file`;
`aer-density`, `aer-shots` and `qulacs-shots` count `shots` outcomes of all qubits. The answer has the seconds of one run.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from typing import Any

import numpy as np

THREADS = int(os.environ.get("OMP_NUM_THREADS", "1"))
Asked = dict[str, Any]


def read(values: Any) -> np.ndarray:
    pairs = np.array(values, dtype=float)
    return pairs[..., 0] + 1j * pairs[..., 1]


def aer_circuit(asked: Asked) -> tuple[Any, Any]:
    from qiskit import QuantumCircuit
    from qiskit.circuit.library import UnitaryGate
    from qiskit_aer.noise import NoiseModel, kraus_error

    circuit, model = QuantumCircuit(asked["n"]), NoiseModel(["unitary"])
    for name, matrix, qubits in asked["gates"]:
        circuit.append(UnitaryGate(read(matrix), label=name), qubits)
    for name, kraus in asked["noise"].items():
        model.add_all_qubit_quantum_error(kraus_error(list(read(kraus))), [name])
    return circuit, model


def aer(asked: Asked) -> dict[str, Any]:
    from qiskit_aer import AerSimulator

    circuit, model = aer_circuit(asked)
    circuit.save_density_matrix()
    simulator = AerSimulator(method="density_matrix", noise_model=model, max_parallel_threads=THREADS)
    result = simulator.run(circuit, shots=1).result()
    np.save(asked["file"], np.asarray(result.data()["density_matrix"]))
    return {"seconds": result.results[0].time_taken}


def qutip(asked: Asked) -> dict[str, Any]:
    import qutip as qt

    n = asked["n"]
    rho = qt.ket2dm(qt.tensor([qt.basis(2, 0)] * n))

    def wide(matrix: np.ndarray, qubits: list[int]) -> Any:
        """QuTiP's first factor is the most significant: the targets stand last and are moved home."""
        rest = [q for q in range(n) if q not in qubits]
        places = [*rest, *reversed(qubits)]
        whole = qt.tensor([qt.qeye(2)] * len(rest) + [qt.Qobj(matrix, dims=[[2] * len(qubits)] * 2)])
        return whole.permute([places.index(q) for q in reversed(range(n))])

    start = time.perf_counter()
    for name, matrix, qubits in asked["gates"]:
        gate = wide(read(matrix), qubits)
        rho = gate * rho * gate.dag()
        if name in asked["noise"]:
            parts = [wide(k, qubits) for k in read(asked["noise"][name])]
            rho = sum(k * rho * k.dag() for k in parts)
    seconds = time.perf_counter() - start
    np.save(asked["file"], rho.full())
    return {"seconds": seconds}


def aer_counts(asked: Asked, method: str) -> dict[str, Any]:
    from qiskit_aer import AerSimulator

    circuit, model = aer_circuit(asked)
    circuit.measure_all()
    simulator = AerSimulator(method=method, noise_model=model, max_parallel_threads=THREADS)
    result = simulator.run(circuit, shots=asked["shots"]).result()
    counts = {str(int(word, 2)): n for word, n in result.get_counts().items()}
    return {"seconds": result.results[0].time_taken, "counts": counts}


def qulacs_counts(asked: Asked) -> dict[str, Any]:
    import qulacs as q_

    circuit = q_.QuantumCircuit(asked["n"])
    for name, matrix, qubits in asked["gates"]:
        circuit.add_gate(q_.gate.DenseMatrix(qubits, read(matrix)))
        if name in asked["noise"]:
            circuit.add_gate(q_.gate.CPTP([q_.gate.DenseMatrix(qubits, k) for k in read(asked["noise"][name])]))
    state, found = q_.QuantumState(asked["n"]), Counter[int]()
    start = time.perf_counter()
    for _ in range(asked["shots"]):
        state.set_zero_state()
        circuit.update_quantum_state(state)
        found[state.sampling(1)[0]] += 1
    return {"seconds": time.perf_counter() - start, "counts": {str(word): n for word, n in found.items()}}


TOOLS = {
    "aer": aer,
    "qutip": qutip,
    "aer-density": lambda asked: aer_counts(asked, "density_matrix"),
    "aer-shots": lambda asked: aer_counts(asked, "statevector"),
    "qulacs-shots": qulacs_counts,
}


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(TOOLS[asked["tool"]](asked)), flush=True)


if __name__ == "__main__":
    main()
