"""The use case of running a circuit: limits first, then the work in a thread of its own, stopped at its deadline."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from qbtc.kit.metrics import counter, histogram

from .domain.program import Program
from .domain.qasm import Limits, QasmError, parse
from .domain.statevector import Run, TooMuchMemory, simulate
from .errors import BadCircuit, CircuitsBusy, CircuitTimeout, CircuitTooLarge
from .settings import QcsSettings

ENGINE = "statevector-numpy"
MAX_SOURCE = 2_000_000
MAX_QUEUED = 32


@dataclass(frozen=True, slots=True)
class Job:
    source: str
    shots: int
    seed: int | None
    file: str = "circuit"


class Circuits:
    """`run` gives the body of `POST /qasm/run`. At most `circuit_workers` run at once, `MAX_QUEUED` wait."""

    def __init__(self, settings: QcsSettings) -> None:
        self._settings = settings
        self._pool = ThreadPoolExecutor(settings.circuit_workers, thread_name_prefix="circuit")
        self._waiting = 0
        self._seconds = histogram("qbtc_qcs_circuit_seconds", "Time to simulate a circuit")
        self._runs = counter("qbtc_qcs_circuits_total", "Circuits by outcome", ("outcome",))

    async def run(self, job: Job) -> dict[str, JsonValue]:
        """Raises BadCircuit, CircuitTooLarge, CircuitTimeout or CircuitsBusy."""
        self._refuse(job)
        if self._waiting >= MAX_QUEUED:
            raise CircuitsBusy(f"{MAX_QUEUED} circuits wait already; try again in a moment")
        self._waiting += 1
        try:
            answer = await asyncio.get_running_loop().run_in_executor(self._pool, self._work, job)
        except Exception:
            self._runs.labels("refused").inc()
            raise
        finally:
            self._waiting -= 1
        self._runs.labels("done").inc()
        return answer

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _refuse(self, job: Job) -> None:
        if len(job.source) > MAX_SOURCE:
            raise CircuitTooLarge(f"the source has {len(job.source)} characters", field="source", allowed=MAX_SOURCE)
        if not 1 <= job.shots <= self._settings.max_shots:
            most = self._settings.max_shots
            raise CircuitTooLarge(f"{job.shots} shots", field="shots", allowed=f"1 to {most}")

    def _work(self, job: Job) -> dict[str, JsonValue]:
        started = time.perf_counter()
        program = self._parse(job)
        seed = secrets.randbits(32) if job.seed is None else job.seed
        try:
            outcome = simulate(program, job.shots, Run(np.random.default_rng(seed), self._stopper(started)))
        except TooMuchMemory as error:
            raise CircuitTooLarge(f"{error}; use fewer qubits or fewer measurements inside the circuit") from None
        self._seconds.observe(time.perf_counter() - started)
        exact = outcome.probabilities
        return {
            "counts": {program.format_bits(k): outcome.counts[k] for k in sorted(outcome.counts)},
            "probabilities": {program.format_bits(k): exact[k] for k in sorted(exact)} if exact is not None else None,
            "n_qubits": program.n_qubits,
            "depth": program.depth(),
            "operations": len(program.ops),
            "shots": job.shots,
            "seed": seed,
            "engine": ENGINE,
            "ms": round((time.perf_counter() - started) * 1e3, 3),
        }

    def _parse(self, job: Job) -> Program:
        try:
            program = parse(job.source, file=job.file, limits=Limits(qubits=self._settings.max_qubits))
        except QasmError as error:
            where: JsonValue = {
                "file": error.file,
                "line": error.line,
                "column": error.column,
                "expected": error.expected,
            }
            raise BadCircuit(str(error), field="source", allowed=where) from None
        if not program.bits:
            raise BadCircuit(
                f"{job.file}: nothing is measured, so there is nothing to count",
                field="source",
                allowed="declare a creg and measure into it",
            )
        return program

    def _stopper(self, started: float) -> Callable[[], None]:
        limit = self._settings.circuit_seconds

        def check() -> None:
            if time.perf_counter() - started > limit:
                raise CircuitTimeout(f"stopped after {limit:g} s; use fewer qubits, gates or shots")

        return check
