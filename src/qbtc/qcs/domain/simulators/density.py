"""The density-matrix engine: exact with noise, memory 4^n numbers.

rho is the state vector of 2n qubits: index row 2^n + column, so qubit q is q in the column and q + n in the row. A gate U
is conj(U) on the columns and U on the rows, a channel one superoperator on both (`superoperators`); the plan of the state
vector runs them.
A reset is a channel; a measurement inside parts the branch, with the shots drawn or, for other tasks than shots, with
the probabilities of both outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from qbtc.core.hilbert.types import Complex, Index

from ..noise.channels import dephasing
from ..program import Channel, Measure, Op, Program, Reset, Unitary
from .mixed import distribution, expectation
from .plan import Plan, zero_state
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
)
from .sampling import counted, likely
from .superoperators import doubled
from .survey import sizes, survey, tail, written

SECONDS_OF_STEP = 1e-9
SECONDS_OF_START = 2e-4
MOST_QUBITS = 15
IMPOSSIBLE = 1e-15
Split = Callable[[float, float], tuple[float, float]]


class DensityMatrix:
    """Double precision, 16 bytes an element."""

    @property
    def name(self) -> str:
        return "density"

    @property
    def amplitudes(self) -> bool:
        return True

    def cost(self, circuit: Circuit, task: Task) -> Cost | Refusal:
        found = survey(circuit)
        if isinstance(task, Gradient):
            return Refusal("gradients need a circuit without noise and the state vector")
        if found.qubits > MOST_QUBITS:
            return Refusal(f"a density matrix has at most {MOST_QUBITS} qubits, this circuit {found.qubits}")
        size = 16 << 2 * found.qubits
        branches = min(found.measured, 20) if found.middle else 0
        runs = min(2.0**branches, task.shots if isinstance(task, Shots) else np.inf)
        steps = found.gates * 2 + found.channels * 4 + 1
        seconds = SECONDS_OF_START + runs * steps * SECONDS_OF_STEP * 4**found.qubits
        noise = "noise" if found.channels else "no noise"
        why = f"{noise}, {found.qubits} qubits: density matrix, {size / 2**20:.3g} MB"
        return Cost(size * (2 + branches), seconds, why)

    def run(self, circuit: Circuit, task: Task, run: Run) -> Outcome:
        n = sizes(circuit)[0]
        if n > MOST_QUBITS or 16 << 2 * n > run.memory:
            raise TooMuchMemory(f"a density matrix of {n} qubits is over {run.memory} bytes")
        if isinstance(task, Shots):
            return _shots(circuit, task, run)
        rho = _average(circuit, run)
        if isinstance(task, FinalState):
            return Outcome(state=rho)
        if isinstance(task, Probabilities):
            return Outcome(distribution=distribution(rho, range(n) if task.qubits is None else task.qubits))
        assert isinstance(task, Expectation)
        return Outcome(values=tuple(expectation(rho, o) for o in task.observables))


def _shots(circuit: Circuit, task: Shots, run: Run) -> Outcome:
    counts: dict[int, int] = {}
    exact: dict[int, float] | None = None
    body, pairs = _parted(circuit)
    for branch, bits in _branches(body, _Branch(_start(body), task.shots), _drawn(run.rng), run):
        # Square roots of probabilities are sampled as the amplitudes of a pure state.
        root = np.sqrt(np.clip(np.diagonal(_square(branch.rho)).real, 0, None)).astype(np.complex128)
        for word, shots in counted(root, int(branch.weight), pairs, run.rng, bits).items():
            counts[word] = counts.get(word, 0) + shots
        if task.exact and not branch.answers and isinstance(circuit, Program):
            exact = likely(root, pairs, MAX_LISTED)
    return Outcome(counts=counts, probabilities=exact)


def _average(circuit: Circuit, run: Run) -> Complex:
    """The state at the end over all outcomes of measurements inside."""
    body, _ = _parted(circuit)
    if isinstance(body, Program) and not any(op.condition for op in body.ops):
        body = replace(body, ops=tuple(map(_forgotten, body.ops)))
    start = _start(body)
    total = np.zeros_like(start)
    for branch, _bits in _branches(body, _Branch(start, 1.0), _both, run):
        total += branch.weight * branch.rho
    found: Complex = _square(total)
    return found


def _forgotten(op: Op) -> Op:
    """A measurement whose outcome nobody uses leaves no coherence."""
    return Channel("measured", dephasing(1.0), (op.qubit,)) if isinstance(op, Measure) else op


def _parted(circuit: Circuit) -> tuple[Circuit, tuple[tuple[int, int], ...]]:
    """The circuit before its final measurements, and what those write: (qubit, bit)."""
    if not isinstance(circuit, Program):
        return circuit, ()
    return replace(circuit, ops=circuit.ops[: tail(circuit)]), written(circuit)


def _start(circuit: Circuit) -> Any:
    return zero_state(2 * sizes(circuit)[0])


def _square(rho: Any) -> Any:
    side = 1 << (rho.size.bit_length() - 1) // 2
    return rho.reshape(side, side)


def _drawn(rng: np.random.Generator) -> Split:
    def split(shots: float, one: float) -> tuple[float, float]:
        ones = int(rng.binomial(int(shots), one))
        return shots - ones, ones

    return split


def _both(weight: float, one: float) -> tuple[float, float]:
    return weight * (1 - one), weight * one


@dataclass(frozen=True, slots=True)
class _Branch:
    """`weight`: shots or probability of this course of outcomes; `at`: operations that are done."""

    rho: Any
    weight: float
    at: int = 0
    answers: tuple[int, ...] = ()


def _branches(circuit: Circuit, first: _Branch, split: Split, run: Run) -> Iterator[tuple[_Branch, int]]:
    """Every course of outcomes that has weight, with its bits; depth first, so that few states live at a time."""
    waiting = [first]
    while waiting:
        if (len(waiting) + 1) * waiting[-1].rho.nbytes > run.memory:
            raise TooMuchMemory(f"{len(waiting)} branches of a density matrix are over {run.memory} bytes")
        branch, stop = _followed(circuit, waiting.pop(), run)
        if isinstance(stop, Measure):
            waiting += _parts(branch, stop, split)
        else:
            yield branch, stop


def _followed(circuit: Circuit, branch: _Branch, run: Run) -> tuple[_Branch, int | Measure]:
    """From where the branch stands to its next measurement, or to the end and its bits."""
    course, answers = circuit.start(), iter(branch.answers)
    pending: list[Unitary | Channel | Reset] = []
    at, answer = 0, None
    while True:
        run.check()
        try:
            op = course.send(answer)
        except StopIteration as end:
            return replace(branch, rho=_evolved(branch.rho, pending, run), at=at), end.value
        answer = next(answers, None) if isinstance(op, Measure) else None
        if isinstance(op, Measure) and answer is None:
            return replace(branch, rho=_evolved(branch.rho, pending, run), at=at), op
        if at >= branch.at and not isinstance(op, Measure):
            pending.append(op)
        at += 1


def _evolved(rho: Any, ops: Sequence[Unitary | Channel | Reset], run: Run) -> Any:
    """In place; every branch has an array of its own."""
    if ops:
        width = rho.size.bit_length() - 1
        Plan(width, doubled(ops, width // 2)).run(rho, threads=run.threads, check=run.check)
    return rho


def _parts(branch: _Branch, op: Measure, split: Split) -> list[_Branch]:
    rho = _square(branch.rho)
    ones: Index = np.arange(len(rho)) >> op.qubit & 1
    p = np.diagonal(rho).real
    one = min(max(float(p[ones == 1].sum() / p.sum()), 0.0), 1.0)
    found = []
    for value, weight in enumerate(split(branch.weight, one)):
        share = one if value else 1 - one
        if weight > 0 and share > IMPOSSIBLE:
            kept = (ones == value) / np.sqrt(share)
            projected = (rho * kept[:, None] * kept).reshape(-1)
            found.append(_Branch(projected, weight, branch.at + 1, (*branch.answers, value)))
    return found
