"""Layers of RX and RZ on every qubit with a ring of CNOT between: ours beside the peers; prints one JSON line.

14 layers of rotations and 13 rings are 820 gates on 20 qubits. The clock covers everything from the list of gates to
the state for us (fusing, tables); for the peers the run of a circuit that is already theirs. Amplitudes are compared
first. One process a number of threads. Goals: f64 <= 0.25x Lightning, <= 0.12x Aer and Qulacs; f32 <= 0.7x qsim.

    python -m bench.statevector [--qubits 20,22,24] [--threads 1,2] [--rounds 5]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.peers.environment import Peer, python_of

LAYERS = 14
SCRIPT = Path(__file__).parent / "peers" / "quantum_circuits.py"
PEERS = {"lightning": "double", "aer": "double", "qulacs": "double", "qsim": "single"}
GOALS = {"lightning": 0.25, "aer": 0.12, "qulacs": 0.12, "qsim": 0.7}
TOLERANCE = {"double": 1e-10, "single": 1e-5}


def gates(n: int, angles: Any) -> list[Any]:
    from qbtc.qcs.domain.program import Unitary
    from qbtc.qcs.domain.qasm.gates import rx, rz, x

    found = []
    for layer, pair in enumerate(angles):
        found += [Unitary("rx", rx(a), (q,), (), None, (a,)) for q, a in enumerate(pair[0].tolist())]
        found += [Unitary("rz", rz(a), (q,), (), None, (a,)) for q, a in enumerate(pair[1].tolist())]
        if layer < LAYERS - 1:
            found += [Unitary("cx", x(), ((q + 1) % n,), (q,)) for q in range(n)]
    return found


def ours(n: int, circuit: list[Any], precision: str, threads: int) -> tuple[float, Any]:
    from qbtc.qcs.domain.simulators.plan import Plan, zero_state

    dtype = np.complex128 if precision == "double" else np.complex64
    start = time.perf_counter()
    state = Plan(n, circuit, dtype).run(zero_state(n, dtype), threads=threads)
    return time.perf_counter() - start, state


def equal(n: int, circuit: list[Any], peer: Peer, where: Path, threads: int) -> dict[str, float]:
    """Largest distance of amplitudes to each peer, phases aligned; stops the bench where one is too large."""
    states = {p: ours(n, circuit, p, threads)[1] for p in ("double", "single")}
    found = {}
    for tool, precision in PEERS.items():
        peer.ask(tool=tool, n=n, angles=str(where / "angles.npy"), state=str(where / "state.npy"))
        theirs = np.load(where / "state.npy")
        overlap = np.vdot(theirs, states[precision])
        found[tool] = float(np.abs(states[precision] - theirs * (overlap / abs(overlap))).max())
        if found[tool] > TOLERANCE[precision]:
            raise SystemExit(f"{tool} and ours differ by {found[tool]:g} at {n} qubits")
    return found


def measure(n: int, threads: int, rounds: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        where = Path(folder)
        angles = np.random.default_rng(n).uniform(0, 2 * np.pi, (LAYERS, 2, n))
        np.save(where / "angles.npy", angles)
        circuit = gates(n, angles)
        with Peer(python_of("quantum", os.environ.get("QBTC_QUANTUM")), SCRIPT) as peer:
            distance = equal(n, circuit, peer, where, threads)

            def of_peer(tool: str) -> Any:
                async def run() -> Figures:
                    return {"ms": peer.ask(tool=tool, n=n, angles=str(where / "angles.npy"))["seconds"] * 1e3}

                return run

            def of_us(precision: str) -> Any:
                async def run() -> Figures:
                    return {"ms": ours(n, circuit, precision, threads)[0] * 1e3}

                return run

            runs = {tool: of_peer(tool) for tool in PEERS} | {p: of_us(p) for p in ("double", "single")}
            found = asyncio.run(interleaved(runs, rounds))
    ratios = {tool: ratio(found[precision], found[tool], "ms") for tool, precision in PEERS.items()}
    return {
        "qubits": n,
        "threads": threads,
        "gates": len(circuit),
        "ms": {name: summary(figures)["ms"] for name, figures in found.items()},
        "ratio": ratios,
        "met": {tool: bool(ratios[tool]["median"] <= goal) for tool, goal in GOALS.items()},
        "distance": distance,
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--qubits", default="20,22,24")
    parser.add_argument("--threads", default="1,2")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    if "," not in asked.threads and os.environ.get("OMP_NUM_THREADS") == asked.threads:
        emit("statevector", runs=[measure(int(n), int(asked.threads), asked.rounds) for n in asked.qubits.split(",")])
        return
    for threads in asked.threads.split(","):
        command = [sys.executable, "-m", "bench.statevector", "--qubits", asked.qubits, "--threads", threads]
        environment = {**os.environ, "OMP_NUM_THREADS": threads}
        subprocess.run([*command, "--rounds", str(asked.rounds)], env=environment, check=True)


if __name__ == "__main__":
    main()
