"""Noisy circuits beside Aer and Qulacs; prints one JSON line.

Layers of RX, RZ and a ring of CX; a two-qubit depolarising channel (1 %) behind every CX, thermal relaxation behind every RX. Counts of
all qubits: by density matrix (8 and 10 qubits, beside Aer's density_matrix) and by trajectories (12 and 16 qubits, beside
Aer's statevector with noise and Qulacs' CPTP gates, shot by shot). Frequencies of single ones are compared before the speeds. One thread each
(`--threads`); the peers' environment is made once (QBTC_QUANTUM names one that exists). Seconds of the run, without building circuits.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bench.harness import Figures, emit, ratio, summary
from bench.peers.environment import Peer, python_of

from qbtc.qcs.domain.noise.channels import depolarising, thermal_relaxation
from qbtc.qcs.domain.noise.model import GateNoise, NoiseModel
from qbtc.qcs.domain.program import Measure, Program, Register, Unitary
from qbtc.qcs.domain.qasm.gates import QELIB1
from qbtc.qcs.domain.simulators.clifford import controlled
from qbtc.qcs.domain.simulators.density import DensityMatrix
from qbtc.qcs.domain.simulators.protocol import Engine, Run, Shots
from qbtc.qcs.domain.simulators.trajectories import Trajectories

SCRIPT = Path(__file__).parent / "peers" / "quantum_noise.py"
NOISE = {"cx": depolarising(0.01, 4), "rx": thermal_relaxation(50.0, 70.0, 0.1)}
LAYERS = 8
Case = tuple[str, int, int, tuple[str, ...]]
CASES: tuple[Case, ...] = (
    ("density", 8, 1000, ("aer-density",)),
    ("density", 10, 1000, ("aer-density",)),
    ("trajectories", 12, 100, ("aer-shots", "qulacs-shots")),
    ("trajectories", 16, 20, ("aer-shots", "qulacs-shots")),
)


def layered(n: int, layers: int = LAYERS) -> list[Unitary]:
    rng, gates = np.random.default_rng(n), []
    for _ in range(layers):
        for name in ("rx", "rz"):
            for q in range(n):
                angle = float(rng.uniform(0, 6))
                gates.append(Unitary(name, QELIB1[name].matrix(angle), (q,), (), None, (angle,)))
        gates += [Unitary("cx", QELIB1["x"].matrix(), ((q + 1) % n,), (q,)) for q in range(n)]
    return gates


def pairs(values: np.ndarray) -> Any:
    return np.stack([values.real, values.imag], axis=-1).tolist()


def asked_of(n: int, gates: Sequence[Unitary], noise: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """The request of `peers/quantum_noise`; a controlled gate as a matrix on targets and controls."""
    listed = [[g.name, pairs(controlled(g.matrix, len(g.controls))), (*g.targets, *g.controls)] for g in gates]
    return {"n": n, "gates": listed, "noise": {name: pairs(kraus) for name, kraus in noise.items()}}


def noisy(n: int) -> Program:
    """Ours: the same gates with channels of CX on (control, target), which a depolarising channel does not tell apart."""
    ends = tuple(Measure(q, q) for q in range(n))
    model = NoiseModel(tuple(GateNoise(kraus, name) for name, kraus in NOISE.items()))
    circuit = model.applied(Program((Register("q", 0, n),), (Register("c", 0, n),), (*layered(n), *ends)))
    assert isinstance(circuit, Program)
    return circuit


def ones(counts: Mapping[int, int], n: int) -> np.ndarray:
    shots = sum(counts.values())
    return np.array([sum(k for word, k in counts.items() if word >> q & 1) / shots for q in range(n)])


def timed(engine: Engine, circuit: Program, shots: int, threads: int, seed: int) -> tuple[float, dict[int, int]]:
    start = time.perf_counter()
    outcome = engine.run(
        circuit, Shots(shots, exact=False), Run(np.random.default_rng(seed), memory=4 << 30, threads=threads)
    )
    assert outcome.counts is not None
    return time.perf_counter() - start, outcome.counts


def case(peer: Peer, given: Case, rounds: int, threads: int) -> dict[str, Any]:
    kind, n, shots, tools = given
    engine: Engine = DensityMatrix() if kind == "density" else Trajectories()
    circuit, asked = noisy(n), asked_of(n, layered(n), NOISE)
    found: dict[str, list[Figures]] = {name: [] for name in ("ours", *tools)}
    timed(engine, circuit, 2, threads, 0)  # compiled code is loaded
    for number in range(rounds):
        seconds, counts = timed(engine, circuit, shots, threads, number)
        found["ours"].append({"ms": seconds * 1e3})
        for tool in tools:
            answer = peer.ask(tool=tool, shots=shots, **asked)
            found[tool].append({"ms": answer["seconds"] * 1e3})
            theirs = ones({int(word): k for word, k in answer["counts"].items()}, n)
            assert np.abs(ones(counts, n) - theirs).max() < 6 * (0.5 / shots) ** 0.5, (tool, n)
    return {
        "engine": kind,
        "qubits": n,
        "shots": shots,
        "ms": {name: summary(figures)["ms"] for name, figures in found.items()},
        "ratio": {tool: ratio(found["ours"], found[tool], "ms") for tool in tools},
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(asked.threads)
    with Peer(python_of("quantum", os.environ.get("QBTC_QUANTUM")), SCRIPT) as peer:
        cases = [case(peer, each, asked.rounds, asked.threads) for each in CASES]
    emit("noise", threads=asked.threads, layers=LAYERS, cases=cases)


if __name__ == "__main__":
    main()
