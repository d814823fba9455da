"""Exact top-10 among a million pure states of 26 dimensions, beside NumPy and faiss: the same answers first, then times.

    python -m bench.fidelity_search [--states 1000000] [--queries 40] [--rounds 5] [--faiss FOLDER]

Two threads each. One query a call (`one`), and 32 in one call (`batch`, a query's share). NumPy multiplies float64 and
partitions; faiss compares float32 (IndexFlatIP; it spreads a single query over no threads, so its halves in two threads are
measured too). `fidelity` has no faiss: two dot products squared and added are no inner product of its vectors. `walk` are
states that move slowly, as those of neighbouring seconds do: most candidates are near the border then. Goal: p50 of one
signed query at most 12 ms. `mixed` is the share of Uhlmann fidelities that a search among density matrices evaluates.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

THREADS = 2
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = str(THREADS)
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np  # noqa: E402
from bench.harness import Figures, emit, interleaved, latency, ratio, summary  # noqa: E402
from bench.peers.environment import ROOT, Peer, python_of  # noqa: E402

from qbtc.core.hilbert.overlap import Measure, rotate, to_real  # noqa: E402
from qbtc.core.hilbert.search import MixedIndex, PureIndex  # noqa: E402

SCRIPT = ROOT / "bench" / "peers" / "faiss_search.py"
K, BATCH, GOAL_MS = 10, 32, 12.0


def haar(rng: np.random.Generator, count: int) -> Any:
    psi = rng.normal(size=(count, 26)) + 1j * rng.normal(size=(count, 26))
    return psi / np.linalg.norm(psi, axis=1, keepdims=True)


def walk(rng: np.random.Generator, count: int) -> Any:
    """Ten walks of autocorrelated amplitudes, one after another."""
    steps = rng.normal(size=(count, 26)) + 1j * rng.normal(size=(count, 26))
    for row in range(1, count):
        if row % (count // 10):
            steps[row] = 0.97 * steps[row - 1] + 0.25 * steps[row]
    return steps / np.linalg.norm(steps, axis=1, keepdims=True)


def brute(x: Any, query: Any, by: Measure) -> Any:
    scores = x @ query
    if by == "fidelity":
        scores = scores**2 + (x @ rotate(query)) ** 2
    near = np.argpartition(-scores, K)[:K]
    return near[np.argsort(-scores[near], kind="stable")]


class Contenders:
    """The same states in every hand; each contender answers all queries and gives its times."""

    def __init__(self, psi: Any, queries: Any, peer: Peer) -> None:
        self.x, self.queries, self.peer = to_real(psi), queries, peer
        self.index = PureIndex(26, threads=THREADS)
        begun = time.perf_counter()
        self.index.append(psi)
        self.built = time.perf_counter() - begun

    def ours(self, by: Measure, batch: int = 1) -> tuple[list[float], Any]:
        seconds, positions = [], []
        for first in range(0, len(self.queries), batch):
            begun = time.perf_counter()
            found = self.index.search(self.queries[first : first + batch], K, by=by)
            seconds.append((time.perf_counter() - begun) / batch)
            positions.append(found.positions)
        return seconds, np.concatenate(positions)

    def numpy(self, by: Measure) -> tuple[list[float], Any]:
        seconds, positions = [], []
        for query in to_real(self.queries):
            begun = time.perf_counter()
            positions.append(brute(self.x, query, by))
            seconds.append(time.perf_counter() - begun)
        return seconds, np.array(positions)

    def faiss(self, index: str, batch: int = 1) -> tuple[list[float], Any]:
        asked = to_real(self.queries).tolist()
        found = self.peer.ask(call="search", index=index, queries=asked, k=K, batch=batch)
        return [s / batch for s in found["seconds"]], np.array(found["positions"])

    def runs(self) -> dict[str, Callable[[], tuple[list[float], Any]]]:
        return {
            "ours": lambda: self.ours("signed"),
            "numpy": lambda: self.numpy("signed"),
            "faiss_flat": lambda: self.faiss("flat"),
            "faiss_shards": lambda: self.faiss("shards"),
            "ours_fidelity": lambda: self.ours("fidelity"),
            "numpy_fidelity": lambda: self.numpy("fidelity"),
            "ours_batch": lambda: self.ours("signed", BATCH),
            "faiss_batch": lambda: self.faiss("flat", BATCH),
        }

    def disagree(self) -> dict[str, int]:
        """Queries whose ten differ from NumPy's, which float32 may cause where scores differ by less than it resolves."""
        truth = {"signed": self.numpy("signed")[1], "fidelity": self.numpy("fidelity")[1]}
        found = {}
        for name, run in self.runs().items():
            expected = truth["fidelity" if name.endswith("fidelity") else "signed"]
            found[name] = int(np.sum(np.any(run()[1] != expected, axis=1)))
        return found

    def scored(self) -> dict[str, float]:
        """States compared in float64 a query, of all that are stored."""
        signed, fidelity = (self.index.search(self.queries, K, by=by).scored for by in ("signed", "fidelity"))
        return {"signed": round(signed * len(self.x)), "fidelity": round(fidelity * len(self.x))}


def timed(run: Callable[[], tuple[list[float], Any]]) -> Callable[[], Awaitable[Figures]]:
    async def once() -> Figures:
        return latency(run()[0])

    return once


def mixed(rng: np.random.Generator, count: int = 5_000) -> dict[str, object]:
    """Windows that move slowly: time of a search, and the share of fidelities that it evaluated."""
    noise = rng.normal(size=(count, 26, 3)) + 1j * rng.normal(size=(count, 26, 3))
    states, rho = np.empty((count, 26, 26), dtype=complex), np.eye(26) / 26
    for i, a in enumerate(noise):
        step = a @ a.conj().T
        rho = 0.95 * rho + 0.05 * step / np.trace(step).real
        states[i] = rho
    index = MixedIndex(26)
    index.append(states)
    seconds, shares = [], []
    for i in rng.integers(0, count, 20):
        begun = time.perf_counter()
        shares.append(index.search(states[i], K).scored)
        seconds.append(time.perf_counter() - begun)
    return {"states": count, **latency(seconds), "evaluated": round(float(np.mean(shares)), 4)}


async def compare(psi: Any, queries: Any, rounds: int, faiss: str | None) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, Peer(python_of("faiss", faiss), SCRIPT) as peer:
        path = Path(folder) / "states.npy"
        np.save(path, to_real(psi))
        about = peer.ask(call="load", path=str(path), threads=THREADS)
        hands = Contenders(psi, queries, peer)
        disagree = hands.disagree()
        if disagree["ours"] or disagree["ours_fidelity"] or disagree["ours_batch"]:
            raise SystemExit(f"our answers are not those of a full scan: {disagree}")
        found = await interleaved({name: timed(run) for name, run in hands.runs().items()}, rounds)
    pairs = {
        "numpy": "ours",
        "faiss_flat": "ours",
        "faiss_shards": "ours",
        "numpy_fidelity": "ours_fidelity",
        "faiss_batch": "ours_batch",
    }
    return {
        "peer": about,
        "disagree": disagree,
        "scored": hands.scored(),
        "build_s": round(hands.built, 2),
        "figures": {name: summary(rows) for name, rows in found.items()},
        "times_faster": {peer: ratio(found[peer], found[us], "p50_ms") for peer, us in pairs.items()},
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--faiss", default=os.environ.get("QBTC_FAISS"), help="folder of an environment that has faiss")
    args = parser.parse_args()
    rng = np.random.default_rng(26)
    random = await compare(haar(rng, args.states), haar(rng, args.queries), args.rounds, args.faiss)
    psi = walk(rng, args.states + args.queries)
    walks = await compare(psi[: args.states], psi[args.states :], args.rounds, args.faiss)
    p50 = random["figures"]["ours"]["p50_ms"]  # type: ignore[index]
    emit(
        "fidelity_search", states=args.states, k=K, threads=THREADS, goal_ms=GOAL_MS, ok=p50 <= GOAL_MS, random=random, walk=walks,
        mixed=mixed(rng),
    )  # fmt: skip


if __name__ == "__main__":
    asyncio.run(main())
