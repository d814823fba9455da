"""A small GHZ state sampled by the peers: one JSON request a line, the median seconds of a run and its counts back."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Callable

QUBITS = 5


def qulacs(shots: int) -> Callable[[], dict[str, int]]:
    import qulacs as q_

    circuit = q_.QuantumCircuit(QUBITS)
    circuit.add_H_gate(0)
    for q in range(QUBITS - 1):
        circuit.add_CNOT_gate(q, q + 1)
    state = q_.QuantumState(QUBITS)

    def run() -> dict[str, int]:
        state.set_zero_state()
        circuit.update_quantum_state(state)
        return {f"{word:0{QUBITS}b}": n for word, n in Counter(state.sampling(shots)).items()}

    return run


def aer(shots: int) -> Callable[[], dict[str, int]]:
    from qiskit import QuantumCircuit
    from qiskit_aer import AerSimulator

    circuit = QuantumCircuit(QUBITS)
    circuit.h(0)
    for q in range(QUBITS - 1):
        circuit.cx(q, q + 1)
    circuit.measure_all()
    simulator = AerSimulator(method="statevector", max_parallel_threads=1)
    return lambda: dict(simulator.run(circuit, shots=shots).result().get_counts())


def main() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        run, taken, counts = globals()[asked["tool"]](asked["shots"]), [], {}
        for _ in range(asked["calls"]):
            start = time.perf_counter()
            counts = run()
            taken.append(time.perf_counter() - start)
        print(json.dumps({"seconds": sorted(taken)[len(taken) // 2], "counts": counts}), flush=True)


if __name__ == "__main__":
    main()
