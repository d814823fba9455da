"""Five qubits in a GHZ state, 1,024 shots: in this process beside Qulacs and Aer, and through HTTP; prints one JSON line.

In process: `qbtc.qcs.simulate` from source text to counts (the parsed circuit is kept from the call before, the state
and the shots are not), beside a peer's run and sampling of a circuit that is already its own. Through HTTP: `POST
/circuits` of a running system (`--url`, `--token`). Goals: <= 35 us in process, p50 <= 1.5 ms through HTTP.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import time
from pathlib import Path
from typing import Any

import httpx
from bench.harness import Figures, emit, interleaved, latency, quantile, ratio, summary
from bench.peers.environment import Peer, python_of

from qbtc.qcs import simulate

GHZ = (
    'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[5];\ncreg c[5];\nh q[0];\n'
    + "".join(f"cx q[{i}],q[{i + 1}];\n" for i in range(4))
    + "measure q -> c;\n"
)
SHOTS = 1024
SCRIPT = Path(__file__).parent / "peers" / "quantum_small.py"


def counted(counts: dict[str, int]) -> None:
    assert set(counts) <= {"00000", "11111"}, counts
    assert sum(counts.values()) == SHOTS
    assert abs(counts["11111"] - SHOTS / 2) < 6 * (SHOTS / 4) ** 0.5


def of_us(calls: int) -> Any:
    async def run() -> Figures:
        taken = []
        for seed in range(calls):
            start = time.perf_counter()
            counts = simulate(GHZ, shots=SHOTS, seed=seed).counts
            taken.append(time.perf_counter() - start)
        counted(counts)
        return {"us": quantile(taken, 0.5) * 1e6}

    return run


def of_peer(peer: Peer, tool: str, calls: int) -> Any:
    async def run() -> Figures:
        found = peer.ask(tool=tool, shots=SHOTS, calls=calls)
        counted(found["counts"])
        return {"us": found["seconds"] * 1e6}

    return run


def through_http(url: str, token: str, calls: int = 500) -> dict[str, float]:
    taken = []
    with httpx.Client(headers={"Authorization": f"Bearer {token}"}) as client:
        for seed in range(calls):
            start = time.perf_counter()
            answer = client.post(f"{url}/api/qcs/circuits", json={"source": GHZ, "shots": SHOTS, "seed": seed})
            taken.append(time.perf_counter() - start)
            answer.raise_for_status()
    counted(answer.json()["counts"])
    return latency(taken[calls // 10 :])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--url")
    parser.add_argument("--token", default=os.environ.get("QBTC_TOKEN", ""))
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with Peer(python_of("quantum", os.environ.get("QBTC_QUANTUM")), SCRIPT) as peer:
        runs = {"ours": of_us(2000), "qulacs": of_peer(peer, "qulacs", 1000), "aer": of_peer(peer, "aer", 50)}
        found = asyncio.run(interleaved(runs, asked.rounds))
    us = {name: summary(figures)["us"] for name, figures in found.items()}
    ratios = {tool: ratio(found["ours"], found[tool], "us") for tool in ("qulacs", "aer")}
    http = through_http(asked.url, asked.token) if asked.url else None
    emit("small_circuit", us=us, ratio=ratios, met=us["ours"] <= 35, http=http)


if __name__ == "__main__":
    main()
