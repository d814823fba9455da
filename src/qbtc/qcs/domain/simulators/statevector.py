"""The state-vector engine, in double or single precision: exact, any gates, memory 2^n amplitudes.

Shots are drawn where the circuit first measures; each measurement parts the shots of a branch by their bits, and a
branch that goes on is projected only then. So outcomes without shots are never followed, final measurements copy no
state, and a `Feedback` is followed by starting again and answering alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Index

from ..program import Channel, Measure, Op, Ops, Program, Reset, Unitary
from . import gradients, observables
from .plan import Plan, block, zero_state
from .protocol import (
    MAX_LISTED,
    Circuit,
    Cost,
    Expectation,
    FinalState,
    Gradient,
    Outcome,
    Probabilities,
    Refusal,
    Run,
    Shots,
    Task,
    TooMuchMemory,
    Unsupported,
)
from .sampling import SMALL, counted, likely, sample
from .survey import Survey, listed, sizes, survey, tail, written

SECONDS_OF_GATE = {"double": 4e-10, "single": 2e-10}
SECONDS_OF_START = 3e-5
KEPT_PLANS = 64
BYTES_OF_TABLES = 100
BYTES_OF_SHOT = 24
DRAWN_QUBITS = SMALL.bit_length() - 1
"""From more qubits the shots are drawn one by one (`sampling.counted`)."""


class StateVector:
    """`precision` is "double" (16 bytes an amplitude) or "single" (8); tests hold the latter to 1e-5."""

    def __init__(self, precision: str = "double") -> None:
        self._precision = precision
        self._dtype = np.dtype(np.complex128 if precision == "double" else np.complex64)
        self._plans: dict[int, _Ready] = {}

    @property
    def name(self) -> str:
        return "statevector" if self._precision == "double" else "statevector-single"

    @property
    def amplitudes(self) -> bool:
        return True

    def cost(self, circuit: Circuit, task: Task) -> Cost | Refusal:
        found = survey(circuit)
        if found.channels:
            return Refusal("noise needs a density matrix or trajectories")
        if not isinstance(task, Shots) and (found.middle or found.feedback):
            return Refusal("measurements, resets or conditions inside the circuit leave no single state vector")
        states = 1 + (1 if found.middle else 0) + (2 if isinstance(task, Gradient) else 0)
        size = self._bytes(task) << found.qubits
        seconds = SECONDS_OF_START + (found.gates + 1) * SECONDS_OF_GATE[self._precision] * 2**found.qubits
        return Cost(size * states + self._workspace(circuit), seconds * self._runs(found, task), self._why(found, size))

    def _bytes(self, task: Task) -> int:
        """Of an amplitude; gradients are computed in double precision."""
        return 16 if isinstance(task, Gradient) else self._dtype.itemsize

    def _workspace(self, circuit: Circuit) -> int:
        """Bytes of blocks and tables beside the state: more only where one gate is on very many qubits."""
        widest = max((len(op.qubits) for op in listed(circuit)), default=1)
        n = sizes(circuit)[0]
        k, _ = block(n, widest, self._dtype)
        return 0 if k == block(n, 1, self._dtype)[0] else (2 * self._dtype.itemsize + BYTES_OF_TABLES) << k

    def _runs(self, found: Survey, task: Task) -> float:
        """How often the circuit is gone through: each measurement inside may double the branches."""
        if isinstance(task, Gradient):
            return 20.0
        if isinstance(task, Shots) and found.middle:
            return float(min(task.shots, 2 ** min(found.measured, 30)))
        return 1.0

    def _why(self, found: Survey, size: int) -> str:
        amount = f"{size / 2**20:.3g} MB" if size >= 2**20 else f"{size / 1024:.3g} kB"
        kind = "measurements inside, no noise" if found.middle else "no noise"
        return f"{kind}, {found.qubits} qubits: state vector in {self._precision} precision, {amount}"

    def run(self, circuit: Circuit, task: Task, run: Run) -> Outcome:
        if self._bytes(task) << sizes(circuit)[0] > run.memory:
            raise TooMuchMemory(f"a state of {sizes(circuit)[0]} qubits is over {run.memory} bytes")
        if isinstance(task, Shots):
            return self._shots(circuit, task, run)
        if not isinstance(circuit, Program):
            raise Unsupported("a circuit with classical control has no single state vector at its end")
        if isinstance(task, Gradient):
            return self._gradient(circuit, task, run)
        state = self._final(circuit, run)
        if isinstance(task, FinalState):
            return Outcome(state=state.astype(np.complex128, copy=False))
        if isinstance(task, Probabilities):
            qubits = range(circuit.n_qubits) if task.qubits is None else task.qubits
            return Outcome(distribution=observables.probabilities_of(state, np.array(qubits, dtype=np.int64)))
        assert isinstance(task, Expectation)
        return Outcome(values=tuple(observables.expectation(state, o) for o in task.observables))

    def _final(self, program: Program, run: Run) -> Any:
        plan = self._ready(program).plan
        run.check()
        return plan.run(zero_state(plan.n, plan.dtype), threads=run.threads, check=run.check)

    def _ready(self, program: Program) -> _Ready:
        """Kept for the next run of the same program."""
        known = self._plans.get(id(program))
        if known is not None:
            return known
        plan = self._planned(program.n_qubits, [gate for _, gate in _gates(program)])
        ready = _Ready(program, plan, written(program))
        if len(self._plans) >= KEPT_PLANS:
            self._plans.pop(next(iter(self._plans)), None)
        self._plans[id(program)] = ready
        return ready

    def _planned(self, n: int, gates: Sequence[Unitary]) -> Plan:
        return Plan(n, gates, self._dtype if n > 1 else np.complex128)

    def _gradient(self, program: Program, task: Gradient, run: Run) -> Outcome:
        gates = list(_gates(program))
        n = program.n_qubits
        state = Plan(n, [g for _, g in gates]).run(zero_state(n), threads=run.threads, check=run.check)
        value = observables.expectation(state, task.observable)
        carried = observables.applied(state, task.observable)
        places, values = gradients.adjoint(state, carried, gates, run.check)
        return Outcome(values=values, parameters=places, expectation=value)

    def _shots(self, circuit: Circuit, task: Shots, run: Run) -> Outcome:
        if not isinstance(circuit, Program):
            return Outcome(counts=_Branches(self, circuit, task.shots, run).counts)
        if id(circuit) not in self._plans and not _plain(circuit):
            pairs = written(circuit)
            return Outcome(counts=_Branches(self, circuit, task.shots, run, end=tail(circuit), pairs=pairs).counts)
        if circuit.n_qubits > DRAWN_QUBITS:
            _refuse_drawn(task.shots, run)
        state = self._final(circuit, run)
        pairs = self._ready(circuit).pairs
        exact = likely(state, pairs, MAX_LISTED) if task.exact else None
        return Outcome(counts=counted(state, task.shots, pairs, run.rng), probabilities=exact)


@dataclass(frozen=True, slots=True)
class _Ready:
    """The plan of a program's gates, and what its final measurements write: (qubit, bit)."""

    program: Program
    plan: Plan
    pairs: tuple[tuple[int, int], ...]


def _refuse_drawn(shots: int, run: Run) -> None:
    if BYTES_OF_SHOT * shots > run.memory:
        raise TooMuchMemory(f"{shots} shots that are drawn one by one are over {run.memory} bytes")


def _plain(program: Program) -> bool:
    """Whether only gates come before the final measurements."""
    return all(isinstance(op, Unitary) and op.condition is None for op in program.ops[: tail(program)])


def _gates(program: Program) -> Iterator[tuple[int, Unitary]]:
    """Gates before the final measurements with their numbers. Raises Unsupported for anything else."""
    for at, op in enumerate(program.ops[: tail(program)]):
        if not isinstance(op, Unitary) or op.condition is not None:
            raise Unsupported(f"operation {at} is not a plain gate: the circuit has no single state vector at its end")
        yield at, op


@dataclass(frozen=True, slots=True)
class _Branch:
    """`samples`: basis states of the shots, where drawn; `known`: measured qubits; `cleared`: those reset since."""

    state: Any
    shots: int
    at: int = 0
    answers: tuple[int, ...] = ()
    samples: Index | None = None
    known: int = 0
    values: int = 0
    cleared: int = 0


class _Branches:
    """Follows every outcome that has shots; `counts` at the end. `pairs` are measured after operation `end`."""

    def __init__(
        self, engine: StateVector, circuit: Circuit, shots: int, run: Run, *, end: int = -1, pairs: Any = ()
    ) -> None:
        self._engine, self._run, self._pairs = engine, run, pairs
        self._n = sizes(circuit)[0]
        self._circuit = replace(circuit, ops=circuit.ops[:end]) if isinstance(circuit, Program) else circuit
        self._plans: dict[tuple[int, ...], tuple[list[Unitary], Plan]] = {}
        self.counts: dict[int, int] = {}
        plan = engine._planned(self._n, [])
        self._waiting = [_Branch(zero_state(self._n, plan.dtype), shots)]
        while self._waiting:
            self._bound()
            self._follow(self._waiting.pop())

    def _bound(self) -> None:
        live = {id(branch.state) for branch in self._waiting}
        size = self._waiting[-1].state.nbytes
        if (len(live) + 1) * size > self._run.memory:
            raise TooMuchMemory(f"{len(live)} branches of {self._n} qubits are over {self._run.memory} bytes")

    def _follow(self, branch: _Branch) -> None:
        run, op, bits = self._again(branch)
        gates: list[Unitary] = []
        while op is not None:
            self._run.check()
            answer = None
            if isinstance(op, Channel):
                raise Unsupported(f"channel {op.name!r} needs a density matrix or trajectories")
            if isinstance(op, Unitary):
                gates.append(op)
            else:
                branch = self._measure(self._evolved(branch, gates), op)
                gates = []
                answer = branch.answers[-1] if isinstance(op, Measure) else None
            branch = replace(branch, at=branch.at + 1)
            op, bits = _next(run, answer)
        self._count(self._evolved(branch, gates) if self._pairs else branch, bits)

    def _again(self, branch: _Branch) -> tuple[Ops, Op | None, int]:
        """The circuit from its start, answered as this branch was, up to its next operation."""
        run, answers = self._circuit.start(), iter(branch.answers)
        op, bits = _next(run, None)
        for _ in range(branch.at):
            op, bits = _next(run, next(answers) if isinstance(op, Measure) else None)
        return run, op, bits

    def _evolved(self, branch: _Branch, gates: list[Unitary]) -> _Branch:
        if not gates:
            return branch
        key = tuple(map(id, gates))
        if key not in self._plans:
            if len(self._plans) >= KEPT_PLANS:
                self._plans.clear()
            self._plans[key] = list(gates), self._engine._planned(self._n, gates)
        state = self._projected(branch)
        self._plans[key][1].run(state, threads=self._run.threads, check=self._run.check)
        return _Branch(state, branch.shots, branch.at, branch.answers)

    def _projected(self, branch: _Branch) -> Any:
        """A state of the branch's own, in which its measured qubits have their values."""
        shared = any(other.state is branch.state for other in self._waiting)
        if not branch.known:
            return branch.state.copy() if shared else branch.state
        out = np.empty_like(branch.state)
        observables.collapse(branch.state, branch.known, branch.values, branch.cleared, out)
        return out

    def _measure(self, branch: _Branch, op: Measure | Reset) -> _Branch:
        """Part the shots by the qubit's bit: the rarer outcome waits, the other goes on."""
        _refuse_drawn(branch.shots, self._run)
        samples = branch.samples if branch.samples is not None else sample(branch.state, branch.shots, self._run.rng)
        ones = (samples >> op.qubit & 1).astype(bool)
        parts = [self._part(branch, op, value, samples[ones == bool(value)]) for value in (0, 1)]
        parts = sorted((part for part in parts if part.shots), key=lambda part: part.shots)
        self._waiting += [replace(part, at=part.at + 1) for part in parts[:-1]]
        return parts[-1]

    def _part(self, branch: _Branch, op: Measure | Reset, value: int, samples: Index) -> _Branch:
        bit = 1 << op.qubit
        new = not branch.known & bit
        values = branch.values | bit if new and value else branch.values
        reset = isinstance(op, Reset)
        return replace(
            branch,
            shots=len(samples),
            samples=samples & ~bit if reset else samples,
            known=branch.known | bit,
            values=values,
            cleared=branch.cleared | bit if reset else branch.cleared,
            answers=branch.answers if reset else (*branch.answers, value),
        )

    def _count(self, branch: _Branch, bits: int) -> None:
        if not self._pairs:
            found = {bits: branch.shots}
        elif branch.samples is not None:
            found = counted(branch.samples, branch.shots, self._pairs, self._run.rng, bits)
        else:
            found = counted(branch.state, branch.shots, self._pairs, self._run.rng, bits)
        for word, shots in found.items():
            self.counts[word] = self.counts.get(word, 0) + shots


def _next(run: Ops, answer: int | None) -> tuple[Op | None, int]:
    """The next operation, or None and the final bits."""
    try:
        return run.send(answer), 0
    except StopIteration as end:
        return None, end.value
