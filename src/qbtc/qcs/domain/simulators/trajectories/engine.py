"""The trajectory engine (Monte-Carlo wave functions): noise by chance on pure states, memory 2^n numbers a state.

J. Dalibard, Y. Castin and K. Moelmer, Phys. Rev. Lett. 68, 580 (1992). Shots that met the same chances so far are one
group with one state. Where a channel or a measurement parts a group, the smaller parts are followed to their end first,
so that at most log2(shots) + 1 states live at a time and what is likely is computed once. Counts are drawn from the exact
distribution; expectation values and distributions are means over trajectories, with their standard errors.

A group has a stream of random numbers of its own, so the same seed gives the same answer on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np

from qbtc.core.hilbert.types import Index, Real

from ...program import Measure, Op, Ops, Program
from .. import observables
from ..jumps import COUNT, advance, samples
from ..plan import zero_state
from ..protocol import (
    Circuit,
    Cost,
    Expectation,
    FinalState,
    Gradient,
    Observable,
    Outcome,
    Probabilities,
    Refusal,
    Run,
    Shots,
    Task,
    TooMuchMemory,
    Unsupported,
)
from ..sampling import counted
from ..survey import listed, sizes, survey, tail, written
from .unravelling import Tables, Unravelling, confusions, scratch_of

SECONDS_OF_PASS = 9e-10
SECONDS_OF_START = 1e-3
SECONDS_OF_GROUP = 2.5e-4
SECONDS_OF_FOLLOWED_OP = 5e-6
TREES = 8
GROUPS_WORTH_A_TREE = 32
AMPLITUDES_BETWEEN_CHECKS = 1 << 26


class Trajectories:
    """Double precision, 16 bytes an amplitude."""

    @property
    def name(self) -> str:
        return "trajectories"

    @property
    def amplitudes(self) -> bool:
        return True

    def cost(self, circuit: Circuit, task: Task) -> Cost | Refusal:
        if isinstance(task, FinalState | Gradient):
            return Refusal("trajectories give counts and means, neither a state nor a gradient")
        found = survey(circuit)
        shots, ops = task.shots, found.gates + found.channels + found.middle + 1
        groups = expected_groups(listed(circuit), shots)
        each = SECONDS_OF_GROUP + ops * (SECONDS_OF_PASS * 2**found.qubits)
        each += ops * SECONDS_OF_FOLLOWED_OP if found.feedback else 0.0
        size, live = 16 << found.qubits, shots.bit_length() + 1
        why = f"{found.qubits} qubits: about {groups:.0f} trajectories for {shots} shots, {size / 2**20:.3g} MB a state"
        noise = "noise" if found.channels else "no noise"
        sampled = not isinstance(task, Shots) or task.exact
        return Cost(size * live + 8 * shots, SECONDS_OF_START + groups * each, f"{noise}, {why}", sampled)

    def run(self, circuit: Circuit, task: Task, run: Run) -> Outcome:
        if isinstance(task, FinalState | Gradient):
            raise Unsupported("trajectories give counts and means, neither a state nor a gradient")
        size = (16 << sizes(circuit)[0]) * (task.shots.bit_length() + 1)
        if size > run.memory:
            raise TooMuchMemory(f"trajectories of {sizes(circuit)[0]} qubits are over {run.memory} bytes")
        if isinstance(task, Shots):
            return _counts(circuit, task.shots, run)
        body = replace(circuit, ops=circuit.ops[: tail(circuit)]) if isinstance(circuit, Program) else circuit
        n = sizes(circuit)[0]
        if isinstance(task, Probabilities):
            qubits = np.array(range(n) if task.qubits is None else task.qubits, dtype=np.int64)
            return _means(body, task, run, lambda state: observables.probabilities_of(state, qubits))
        return _means(body, task, run, _values(task.observables))


def expected_groups(ops: Iterable[Op], shots: int) -> float:
    """How many states are followed to their end, if the chances at each operation are independent."""
    maker, alone, outcomes = Unravelling(), 1.0, 1.0
    for op in ops:
        if isinstance(op, Measure):
            outcomes = min(outcomes * 2, shots)
        elif not hasattr(op, "matrix") and hasattr(op, "kraus"):
            alone *= float(maker.choice(op.kraus).sure[0])
    return min(shots * (1 - alone) + outcomes, float(shots))


@dataclass(frozen=True, slots=True)
class Group:
    """`shots` with one `state`, before operation `at`, for which `chosen` (with its `weight`) may be decided already.

    `bits` as measured so far (not of a `Feedback`, which keeps its own; `answers` are what it was sent). A `borrowed` state
    is copied before it changes.
    """

    state: Any
    shots: int
    bits: Any
    seed: Any
    at: int = 0
    chosen: int = -1
    weight: float = 1.0
    answers: tuple[int, ...] = ()
    borrowed: bool = False


L = TypeVar("L", "_Drawn", "_Mean")
Leaf = Callable[[Group, int], None]


@dataclass(slots=True)
class _Tree:
    """Follows a group and all its parts to the end, where `leaf` gets each part with its final bits."""

    circuit: Circuit
    run: Run
    leaf: Leaf
    maker: Unravelling = field(default_factory=Unravelling)
    tables: Tables | None = None
    scratch: int = 0

    def follow(self, group: Group) -> None:
        if isinstance(self.circuit, Program):
            self.tables = self.maker.tables(self.circuit.ops)
            self.scratch = scratch_of(self.tables)
        waiting = [group]
        while waiting:
            self.run.check()
            group = waiting.pop()
            if group.borrowed:
                group = replace(group, state=group.state.copy(), borrowed=False)
            waiting += self._flat(group) if self.tables is not None else self._followed(group)

    def _flat(self, group: Group) -> list[Group]:
        assert self.tables is not None
        end, parts = self._advanced(group, self.tables, self.scratch)
        if parts is None:
            self.leaf(group, _word(group.bits))
            return []
        return _parted(group, end, parts)

    def _advanced(self, group: Group, tables: Tables, scratch: int) -> tuple[int, tuple[Index, Real] | None]:
        """Up to the end, or to where the shots part with how many go where."""
        most = 1 + int(tables[0][:, COUNT].max(initial=1))
        parts, weights = np.zeros(most, dtype=np.int64), np.zeros(most)
        end, at, chosen = len(tables[0]), group.at, group.chosen
        weights[max(chosen, 0)] = group.weight
        real, step = group.state.view(np.float64), max(1, AMPLITUDES_BETWEEN_CHECKS // group.state.size)
        while at < end:
            self.run.check()
            span = np.array([at, min(at + step, end), chosen, scratch], dtype=np.int64)
            at, chosen = advance(real, tables, span, group.shots, group.bits, group.seed, parts, weights), -1
            if at < span[1]:
                return at, (parts, weights)
        return end, None

    def _followed(self, group: Group) -> list[Group]:
        """A circuit with classical control, piece by piece up to each measurement."""
        course, op, bits = _again(self.circuit, group)
        while op is not None:
            piece, bits = _piece(course, op)
            tables = self.maker.tables(piece, fused=False)
            end, parts = self._advanced(replace(group, at=0), tables, scratch_of(tables))
            if parts is not None:
                return _parted(group, group.at + end, parts)
            group, op = replace(group, at=group.at + len(piece), chosen=-1), None
            if isinstance(piece[-1], Measure):
                answer = int(group.bits[0])
                group = replace(group, answers=(*group.answers, answer))
                op, bits = _next(course, answer)
        self.leaf(group, bits)
        return []


def _parted(group: Group, at: int, found: tuple[Index, Real]) -> list[Group]:
    """The parts of a group, the largest first (so that it is followed last); it keeps the state."""
    parts, weights = found
    likely = sorted(np.flatnonzero(parts).tolist(), key=lambda k: -int(parts[k]))
    seeds = np.random.default_rng(int(group.seed[0])).integers(2**64, size=len(likely), dtype=np.uint64)
    part = replace(group, at=at, borrowed=True)
    found_parts = [
        replace(
            part, shots=int(parts[k]), bits=group.bits.copy(), seed=seeds[i : i + 1], chosen=k, weight=float(weights[k])
        )
        for i, k in enumerate(likely)
    ]
    return [replace(found_parts[0], borrowed=False), *found_parts[1:]]


def _piece(course: Ops, op: Op) -> tuple[list[Op], int]:
    """Operations up to the next measurement, whose outcome goes to bit 0, or to the end with the final bits."""
    piece, bits = list[Op](), 0
    following: Op | None = op
    while following is not None:
        if isinstance(following, Measure):
            return [*piece, replace(following, bit=0)], 0
        piece.append(following)
        following, bits = _next(course, None)
    return piece, bits


def _again(circuit: Circuit, group: Group) -> tuple[Ops, Op | None, int]:
    """The circuit from its start, answered as this group was, up to its next operation."""
    course, answers = circuit.start(), iter(group.answers)
    op, bits = _next(course, None)
    for _ in range(group.at):
        op, bits = _next(course, next(answers) if isinstance(op, Measure) else None)
    return course, op, bits


def _next(course: Ops, answer: int | None) -> tuple[Op | None, int]:
    try:
        return course.send(answer), 0
    except StopIteration as end:
        return None, end.value


def _word(bits: Any) -> int:
    return int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")


@dataclass(slots=True)
class _Drawn:
    """What the ends of trajectories are counted in: words, or basis states by the bits that were known before."""

    pairs: tuple[tuple[int, int], ...]
    counts: dict[int, int] = field(default_factory=dict)
    states: dict[int, list[Index]] = field(default_factory=dict)

    def __call__(self, group: Group, bits: int) -> None:
        if self.pairs:
            self.states.setdefault(bits, []).append(samples(group.state.view(np.float64), group.shots, group.seed))
        else:
            self.counts[bits] = self.counts.get(bits, 0) + group.shots


def _counts(circuit: Circuit, shots: int, run: Run) -> Outcome:
    pairs: tuple[tuple[int, int], ...] = ()
    confused: dict[int, Real] = {}
    if isinstance(circuit, Program):
        pairs = written(circuit)
        ops, confused = confusions(circuit.ops[: tail(circuit)], [q for q, _ in pairs])
        circuit = replace(circuit, ops=ops)
    counts: dict[int, int] = {}
    for drawn in _followed_all(circuit, shots, run, lambda: _Drawn(pairs)):
        for word, n in drawn.counts.items():
            counts[word] = counts.get(word, 0) + n
        for bits, states in drawn.states.items():
            read = _confused(np.concatenate(states), confused, run.rng)
            for word, n in counted(read, len(read), pairs, run.rng, bits).items():
                counts[word] = counts.get(word, 0) + n
    return Outcome(counts=counts)


def _confused(states: Index, confusions: dict[int, Real], rng: np.random.Generator) -> Index:
    for qubit, matrix in confusions.items():
        one = matrix[1, states >> qubit & 1]
        read: Index = (rng.random(len(states)) < one).astype(np.int64)
        states = states & ~(1 << qubit) | read << qubit
    return states


@dataclass(slots=True)
class _Mean:
    """Sums over trajectories of what is read from their states, and of its squares."""

    value: Callable[[Any], Real]
    total: Any = 0.0
    squares: Any = 0.0

    def __call__(self, group: Group, bits: int) -> None:
        norm = np.sqrt(np.vdot(group.state, group.state).real)
        np.divide(group.state, norm, out=group.state)
        found = self.value(group.state)
        self.total = self.total + group.shots * found
        self.squares = self.squares + group.shots * found**2


def _values(wanted: Sequence[Observable]) -> Callable[[Any], Real]:
    return lambda state: np.array([observables.expectation(state, o) for o in wanted])


def _mean_and_error(parts: Sequence[_Mean], shots: int) -> tuple[Real, Real]:
    mean = np.sum([part.total for part in parts], axis=0) / shots
    spread = np.sum([part.squares for part in parts], axis=0) / shots - mean**2
    error: Real = np.sqrt(np.clip(spread, 0, None) / max(shots - 1, 1))
    return mean, error


def _means(circuit: Circuit, task: Probabilities | Expectation, run: Run, value: Callable[[Any], Real]) -> Outcome:
    mean, error = _mean_and_error(_followed_all(circuit, task.shots, run, lambda: _Mean(value)), task.shots)
    notes = {"trajectories": float(task.shots)}
    if isinstance(task, Probabilities):
        return Outcome(distribution=mean, notes={**notes, "largest_error": float(error.max())})
    return Outcome(values=tuple(mean.tolist()), errors=tuple(error.tolist()), notes=notes)


def _followed_all(circuit: Circuit, shots: int, run: Run, leaf: Callable[[], L]) -> list[L]:
    """The shots in a few trees, which do not depend on the threads that follow them."""
    groups = expected_groups(listed(circuit), shots)
    trees = min(TREES, max(1, int(groups) // GROUPS_WORTH_A_TREE))
    seeds = run.rng.integers(2**64, size=trees, dtype=np.uint64)
    leaves = [leaf() for _ in range(trees)]

    def follow(i: int) -> None:
        share = shots * (i + 1) // trees - shots * i // trees
        n, bits = sizes(circuit)
        known = np.zeros(max(bits, 1), dtype=np.uint8)
        _Tree(circuit, run, leaves[i]).follow(Group(zero_state(n), share, known, seeds[i : i + 1]))

    tree = (16 << sizes(circuit)[0]) * (shots.bit_length() + 1)
    threads = min(run.threads, trees, run.memory // tree)
    if threads < 2:
        for i in range(trees):
            follow(i)
    else:
        with ThreadPoolExecutor(threads, thread_name_prefix="trajectories") as workers:
            list(workers.map(follow, range(trees)))
    return leaves
