"""The use case of running a circuit: limits first, then the work in a thread of its own, stopped at its deadline.

`simulation` reads the circuit and picks the engine; here are the limits of a shared service and the form of answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from pydantic import JsonValue

from qbtc.kit.metrics import counter, histogram

from .domain.noise.model import NoSuchQubit, TooMuchNoise
from .domain.noise.reading import noise_model
from .domain.program import Program
from .domain.qasm import Limits, QasmError
from .domain.simulators.choice import NoEngine
from .domain.simulators.protocol import (
    Expectation,
    FinalState,
    Gradient,
    Observable,
    Probabilities,
    Shots,
    Task,
    TooMuchMemory,
    Unsupported,
)
from .domain.simulators.survey import sizes
from .errors import BadCircuit, CircuitRefused, CircuitsBusy, CircuitTimeout, CircuitTooLarge
from .settings import QcsSettings
from .simulation import Answer, How, Inputs, Prepared, Watch, answered, noisy, prepared

MAX_SOURCE = 500_000
"""Characters: one to two seconds of reading; longer circuits are written with loops and gates."""
MAX_QUEUED = 32
STATE_QUBITS = 12
LISTED_QUBITS = 16
MAX_COUNTED = 64_000_000
ASKED = ("counts", "probabilities", "state", "expectation", "gradient")


@dataclass(frozen=True, slots=True)
class Job:
    """`task` is one of `ASKED`; the last two need `observables` (a gradient exactly one)."""

    source: str
    shots: int
    seed: int | None
    file: str = "circuit"
    task: str = "counts"
    precision: str = "double"
    engine: str | None = None
    observables: tuple[Observable, ...] = ()
    noise: Mapping[str, object] | None = None
    inputs: Inputs = ()


class Circuits:
    """`run` gives the body of `POST /circuits`. At most `circuit_workers` run at once, `MAX_QUEUED` wait."""

    def __init__(self, settings: QcsSettings) -> None:
        self._settings = settings
        self._pool = ThreadPoolExecutor(settings.circuit_workers, thread_name_prefix="circuit")
        self._waiting = 0
        self._seconds = histogram("qbtc_qcs_circuit_seconds", "Time to simulate a circuit")
        self._runs = counter("qbtc_qcs_circuits_total", "Circuits by outcome", ("outcome",))

    async def run(self, job: Job) -> dict[str, JsonValue]:
        """Raises BadCircuit, CircuitTooLarge, CircuitTimeout or CircuitsBusy."""
        refuse(job, self._settings)
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

    def _work(self, job: Job) -> dict[str, JsonValue]:
        with self._seconds.time():
            return computed(job, self._settings)


def refuse(job: Job, limits: QcsSettings) -> None:
    """Raises CircuitTooLarge for what needs no look into the circuit."""
    if len(job.source) > MAX_SOURCE:
        raise CircuitTooLarge(f"the source has {len(job.source)} characters", field="source", allowed=MAX_SOURCE)
    if not 1 <= job.shots <= limits.max_shots:
        raise CircuitTooLarge(f"{job.shots} shots", field="shots", allowed=f"1 to {limits.max_shots}")


def computed(job: Job, limits: QcsSettings) -> dict[str, JsonValue]:
    """The answer of one circuit, in this thread. Raises BadCircuit, CircuitRefused, CircuitTooLarge or CircuitTimeout."""
    started = time.perf_counter()
    check = stopper(started, limits.circuit_seconds)
    ready = _read(job, limits, check)
    answer = _simulated(job, ready.under(check), limits, check)
    circuit = ready.circuit
    return {
        **_body(job, answer),
        "n_qubits": answer.n_qubits,
        "depth": circuit.depth() if isinstance(circuit, Program) else None,
        "operations": len(circuit.ops) if isinstance(circuit, Program) else None,
        "shots": job.shots,
        "seed": answer.seed,
        "engine": answer.engine,
        "why": answer.why,
        "ms": round((time.perf_counter() - started) * 1e3, 3),
    }


def _simulated(job: Job, ready: Prepared, limits: QcsSettings, check: Callable[[], None]) -> Answer:
    task, memory = _task(job, ready), limits.circuit_megabytes << 20
    how = How(job.seed, job.precision, job.engine, memory, limits.circuit_threads, limits.max_qubits, check)
    try:
        if job.noise is not None:
            ready = noisy(ready, noise_model(job.noise), task, check)
        return answered(ready, task, how)
    except TooMuchNoise as error:
        raise CircuitTooLarge(str(error), field="noise", allowed="fewer rules, or a shorter circuit") from None
    except NoSuchQubit as error:
        raise CircuitRefused(str(error), field="noise", allowed=error.allowed) from None
    except TooMuchMemory as error:
        raise CircuitTooLarge(f"{error}; use fewer qubits or fewer measurements inside the circuit") from None
    except QasmError as error:  # a circuit with classical control is interpreted while it runs
        raise _bad(error) from None
    except (NoEngine, Unsupported) as error:
        raise CircuitRefused(str(error), field="task", allowed="another task or engine") from None
    except ValueError as error:
        if job.noise is None:
            raise
        raise CircuitRefused(str(error), field="noise", allowed="channels that fit the gates they follow") from None


def _read(job: Job, limits: QcsSettings, check: Callable[[], None]) -> Prepared:
    most = Limits(qubits=max(limits.max_qubits, limits.stabiliser_qubits))
    try:
        ready = prepared(job.source, job.file, most, job.inputs, Watch(check))
    except QasmError as error:
        raise _bad(error) from None
    if job.task == "counts" and not ready.circuit.bits:
        raise BadCircuit(
            f"{job.file}: nothing is measured, so there is nothing to count",
            field="source",
            allowed="declare a creg and measure into it",
        )
    bits = sizes(ready.circuit)[1]
    if job.task == "counts" and job.shots * bits > MAX_COUNTED:
        allowed = f"{MAX_COUNTED // bits} shots of {bits} bits"
        raise CircuitTooLarge(f"{job.shots} shots of {bits} bits", field="shots", allowed=allowed)
    return ready


def stopper(started: float, limit: float) -> Callable[[], None]:
    """A check that raises CircuitTimeout once `limit` seconds are over."""

    def check() -> None:
        if time.perf_counter() - started > limit:
            raise CircuitTimeout(f"stopped after {limit:g} s; use fewer qubits, gates or shots")

    return check


def _bad(error: QasmError) -> BadCircuit:
    where: JsonValue = {"file": error.file, "line": error.line, "column": error.column, "expected": error.expected}
    return BadCircuit(str(error), field="source", allowed=where)


def _task(job: Job, ready: Prepared) -> Task:
    """Raises CircuitTooLarge and CircuitRefused."""
    if job.task == "counts":
        return Shots(job.shots)
    most = {"state": STATE_QUBITS, "probabilities": LISTED_QUBITS}.get(job.task)
    if most is not None and ready.n_qubits > most:
        raise CircuitTooLarge(
            f"the {job.task} of {ready.n_qubits} qubits", field="task", allowed=f"{job.task} of at most {most} qubits"
        )
    if job.task == "state":
        return FinalState()
    if job.task == "probabilities":
        return Probabilities(shots=job.shots)
    return _observed(job, ready.n_qubits)


def _observed(job: Job, n: int) -> Task:
    if job.task not in ASKED:
        raise CircuitRefused(f"unknown task {job.task!r}", field="task", allowed=list(ASKED))
    beyond = [q for o in job.observables for q in o.qubits if q >= n]
    if beyond:
        raise CircuitRefused(f"no qubit {beyond[0]}", field="observables", allowed=f"qubits 0 to {n - 1}")
    if not job.observables or (job.task == "gradient" and len(job.observables) > 1):
        wanted = "exactly one" if job.task == "gradient" else "at least one"
        given = len(job.observables)
        raise CircuitRefused(f"{given} observables for {job.task}", field="observables", allowed=wanted)
    return Gradient(job.observables[0]) if job.task == "gradient" else Expectation(job.observables, job.shots)


def _body(job: Job, answer: Answer) -> dict[str, JsonValue]:
    """What belongs to the task."""
    found = answer.outcome
    if job.task == "counts":
        exact = answer.probabilities
        return {"counts": {**answer.counts}, "probabilities": None if exact is None else {**exact}}
    if found.state is not None:
        if found.state.ndim == 2 and answer.n_qubits > STATE_QUBITS // 2:
            raise CircuitTooLarge(
                f"the density matrix of {answer.n_qubits} qubits",
                field="task",
                allowed=f"density matrices of at most {STATE_QUBITS // 2} qubits",
            )
        return {"state": {"real": found.state.real.tolist(), "imaginary": found.state.imag.tolist()}}
    if found.distribution is not None:
        p, n = found.distribution, answer.n_qubits
        return {"probabilities": {f"{i:0{n}b}": float(p[i]) for i in np.flatnonzero(p > 1e-12).tolist()}}
    body: dict[str, JsonValue] = {"values": [*found.values], "errors": [*found.errors]}
    if job.task == "gradient":
        body |= {"parameters": [list(place) for place in found.parameters], "expectation": found.expectation}
    return body
