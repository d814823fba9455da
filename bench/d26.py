"""Batches of 26-dimensional states beside QuTiP and TensorCircuit-NG, and the bar of 50 symbols; prints one JSON line.

One thread each (BLAS too), answers compared before speeds, ours and the peer in turn round by round. Times are CPU time of
the process, which with one thread is the wall clock of a machine that does nothing else. Peers live in an
environment of their own (QBTC_QUANTUM names one that exists). Aims: U rho U^H <= 5 us a state; Lindblad batch >= 25 times
QuTiP's mesolve in matrix form; coherence report <= 35 us a state; GHZ of three 26-level qudits <= 0.5 ms; a bar of 50
symbols <= 20 ms.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import argparse  # noqa: E402
import tempfile  # noqa: E402
import time  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402
from bench.fold import measured as fold_measured  # noqa: E402
from bench.harness import Figures, emit, ratio, summary  # noqa: E402
from bench.peers.environment import Peer, python_of  # noqa: E402

import qbtc.qcs  # noqa: E402
from qbtc.core.hilbert.batches import conjugate, haar_unitaries, random_densities  # noqa: E402
from qbtc.core.hilbert.lindblad import Generator, evolve  # noqa: E402
from qbtc.qcs.domain.qudits import Circuit, controlled_sum, fourier, state  # noqa: E402

SIZE, BATCH, PEER_STATES, REPEAT = 26, 256, 8, 5
AIMS_US = {"conjugate": 5.0, "report": 35.0, "ghz": 500.0}


def seconds_of(run: Callable[[], Any]) -> tuple[float, Any]:
    """The median CPU time of `REPEAT` runs, and the answer."""
    taken = []
    for _ in range(REPEAT):
        begun = time.process_time()
        answer = run()
        taken.append(time.process_time() - begun)
    return sorted(taken)[REPEAT // 2], answer


def ghz() -> Any:
    sums = (controlled_sum((SIZE, SIZE), 0, k) for k in (1, 2))
    return state(Circuit((SIZE,) * 3, (fourier(SIZE, 0), *sums)))


class Task:
    """One measurement: what the peer is given and how many states it does, our run, and how far answers may differ."""

    def __init__(
        self, name: str, given: dict[str, Any], ours: Callable[[], Any], *, states: int, tolerance: float
    ) -> None:
        self.name, self.given, self.ours, self.states, self.tolerance = name, given, ours, states, tolerance

    def round(self, peer: Peer, folder: Path) -> tuple[Figures, Figures, float]:
        """Microseconds a state of ours and of the peer, and the greatest difference of their answers."""
        task, file, out = self.name.partition("_")[0], folder / f"{self.name}.npz", folder / f"{self.name}.npy"
        np.savez(file, **self.given)
        seconds, mine = seconds_of(self.ours)
        theirs = peer.ask(task=task, file=str(file), out=str(out))
        answer = np.load(out)
        apart = float(np.abs(np.asarray(mine)[: len(answer)] - answer).max())
        if apart > self.tolerance:
            raise SystemExit(f"{self.name}: answers differ by {apart:.3g}; at most {self.tolerance:g} is allowed")
        return {"us": seconds / self.states * 1e6}, {"us": theirs["seconds"] * 1e6}, apart


def lindblad(rng: np.random.Generator) -> list[Task]:
    """A random H with a ladder (sparse) or a dense jump, t = 5: the end alone, and 51 times."""
    g = rng.normal(size=(SIZE, SIZE)) + 1j * rng.normal(size=(SIZE, SIZE))
    h, ladder = (g + g.conj().T) / 2 / np.sqrt(SIZE), np.diag(np.sqrt(np.arange(1.0, SIZE)), 1).astype(complex)
    cases = {
        "evolve_ladder_end": (0.1 * ladder, np.array([5.0]), 4096),
        "evolve_dense_end": (0.1 * g / np.sqrt(SIZE), np.array([5.0]), 4096),
        "evolve_ladder_end_256": (0.1 * ladder, np.array([5.0]), 256),
        "evolve_ladder_51": (0.1 * ladder, np.linspace(0, 5, 51), 256),
    }
    tasks = []
    for name, (jump, times, count) in cases.items():
        law, rho = Generator(h, jump[None]), random_densities(count, SIZE, rng)
        shown = times if times[0] == 0 else np.array([0.0, *times])
        given = {"h": h, "jumps": jump[None], "rho": rho[:PEER_STATES], "times": shown}
        ours = lambda law=law, rho=rho, shown=shown: evolve(rho, law, shown, tolerance=1e-6)  # noqa: E731
        tasks.append(Task(name, given, ours, states=count, tolerance=2e-5))
    return tasks


def tasks(rng: np.random.Generator) -> list[Task]:
    rho, u = random_densities(BATCH, SIZE, rng), haar_unitaries(1, SIZE, rng)[0]

    def report() -> Any:
        found = qbtc.qcs.coherence(rho)
        return np.stack([found.l1, found.relative, found.purity], axis=1)

    return [
        Task("conjugate", {"u": u, "rho": rho}, lambda: conjugate(u, rho), states=BATCH, tolerance=1e-13),
        Task("report", {"rho": rho}, report, states=BATCH, tolerance=1e-11),
        Task("ghz", {"dim": SIZE, "rounds": 5}, ghz, states=1, tolerance=1e-12),
        *lindblad(rng),
    ]


def figures(task: Task, peer: Peer, folder: Path, rounds: int) -> dict[str, Any]:
    task.ours()
    ours, theirs, apart = zip(*(task.round(peer, folder) for _ in range(rounds)), strict=True)
    mine = summary(ours)["us"]
    aim = AIMS_US.get(task.name)
    faster = ratio(theirs, ours, "us")
    met = mine <= aim if aim else faster["median"] >= 25
    best = round(min(o["us"] for o in ours), 3)
    return {
        "us": mine,
        "best_us": best,
        "peer_us": summary(theirs)["us"],
        "times_faster": faster,
        "apart": max(apart),
        "ok": bool(met),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    python, script = (
        python_of("quantum", os.environ.get("QBTC_QUANTUM")),
        Path(__file__).parent / "peers/quantum_d26.py",
    )
    with tempfile.TemporaryDirectory() as folder, Peer(python, script) as peer:
        found = {t.name: figures(t, peer, Path(folder), rounds) for t in tasks(np.random.default_rng(0))}
    emit("d26", threads=1, rounds=rounds, **found, bar=fold_measured())


if __name__ == "__main__":
    main()
