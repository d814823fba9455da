"""State-vector simulation on NumPy: qubit 0 is the least significant bit, as in Qiskit.

Measurements at the end are sampled from the final probabilities. A measurement, reset or condition before that splits
the shots between its outcomes by a binomial draw, and only outcomes that have shots are followed: exact sampling, with
as many branches as the shots need. The generator and the deadline are passed in.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qbtc.core.hilbert.types import Complex, Real

from .program import Channel, Measure, Op, Program, Reset, Unitary

BYTES_OF_AMPLITUDE = 16
MAX_LISTED = 1024


class TooMuchMemory(ValueError):
    """The branches of mid-circuit measurements would hold more state than allowed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts by bits as an integer; exact probabilities where all measurements are at the end and few enough."""

    counts: dict[int, int]
    probabilities: dict[int, float] | None


@dataclass(frozen=True, slots=True)
class _Branch:
    at: int
    state: Complex
    bits: int
    shots: int


@dataclass(frozen=True, slots=True)
class Run:
    """`check` is called between operations and raises to stop the run; `memory` bounds the bytes of live states."""

    rng: np.random.Generator
    check: Callable[[], None]
    memory: int = 512 * 1024 * 1024


def simulate(program: Program, shots: int, run: Run) -> Outcome:
    """Counts of `shots` runs from |0...0>. Raises TooMuchMemory or what `check` raises."""
    tail = _tail(program.ops)
    counts: dict[int, int] = {}
    probabilities: dict[int, float] | None = None
    waiting = [_Branch(0, zero_state(program.n_qubits), 0, shots)]
    while waiting:
        if len(waiting) * waiting[-1].state.size * BYTES_OF_AMPLITUDE > run.memory:
            raise TooMuchMemory(f"{len(waiting)} branches of {program.n_qubits} qubits are over {run.memory} bytes")
        branch = waiting.pop()
        ended = _advance(program, branch, tail, run, waiting)
        if ended is None:
            continue
        listed = _sample(program.ops[tail:], ended, run.rng, counts)
        if branch.at == 0 and ended.shots == shots:
            probabilities = listed
    return Outcome(counts, probabilities)


def zero_state(n_qubits: int) -> Complex:
    state = np.zeros(1 << n_qubits, dtype=np.complex128)
    state[0] = 1
    return state


def final_state(program: Program) -> Complex:
    """The state before any measurement of a circuit that only has gates and final measurements."""
    state = zero_state(program.n_qubits)
    for op in program.ops:
        if isinstance(op, Unitary) and op.condition is None:
            apply(state, op)
        elif not isinstance(op, Measure):
            raise ValueError("the circuit has resets or conditions: its final state is not one vector")
    return state


def apply(state: Complex, op: Unitary) -> None:
    """Multiply in place: the sub-space where all controls are 1, seen as one axis of 2 for every qubit."""
    # The trailing Ellipsis makes every part a view, also where no axis is left.
    n = state.size.bit_length() - 1
    view = state.reshape((2,) * n)
    where: list[int | slice] = [slice(None)] * n
    for control in op.controls:
        where[n - 1 - control] = 1
    parts = []
    for index in range(1 << len(op.targets)):
        for place, target in enumerate(op.targets):
            where[n - 1 - target] = index >> place & 1
        parts.append(view[(*where, ...)])
    before = [part.copy() for part in parts]
    for row, part in zip(op.matrix, parts, strict=True):
        _combine(row, before, part)


def _combine(row: Complex, before: list[Complex], out: Complex) -> None:
    terms = [(factor, part) for factor, part in zip(row, before, strict=True) if factor != 0]
    np.multiply(terms[0][1], terms[0][0], out=out)
    for factor, part in terms[1:]:
        out += factor * part


def _advance(program: Program, branch: _Branch, tail: int, run: Run, waiting: list[_Branch]) -> _Branch | None:
    """Run one branch to the tail; at a split the outcomes go to `waiting` and None is returned."""
    state, bits = branch.state, branch.bits
    for at in range(branch.at, tail):
        run.check()
        op = program.ops[at]
        if op.condition is not None and not op.condition.holds(bits):
            continue
        if isinstance(op, Unitary):
            apply(state, op)
            continue
        if isinstance(op, Channel):
            raise TypeError(f"channel {op.name!r} needs a density matrix or trajectories, which this simulator has not")
        waiting += _split(op, _Branch(at + 1, state, bits, branch.shots), run.rng)
        return None
    return _Branch(branch.at, state, bits, branch.shots)


def _split(op: Measure | Reset, branch: _Branch, rng: np.random.Generator) -> list[_Branch]:
    """The outcomes of measuring one qubit that got at least one shot."""
    halves = branch.state.reshape(-1, 2, 1 << op.qubit)
    weight = [float(np.sum(np.abs(halves[:, value]) ** 2)) for value in (0, 1)]
    ones = int(rng.binomial(branch.shots, min(weight[1] / (weight[0] + weight[1]), 1.0)))
    found = []
    for value, shots in ((0, branch.shots - ones), (1, ones)):
        if shots:
            state = np.zeros_like(branch.state)
            kept = 0 if isinstance(op, Reset) else value
            state.reshape(-1, 2, 1 << op.qubit)[:, kept] = halves[:, value] / np.sqrt(weight[value])
            bits = branch.bits if isinstance(op, Reset) else _with_bit(branch.bits, op.bit, value)
            found.append(_Branch(branch.at, state, bits, shots))
    return found


def _tail(ops: tuple[Op, ...]) -> int:
    """Where the final run of unconditional measurements starts."""
    at = len(ops)
    while at and isinstance(ops[at - 1], Measure) and ops[at - 1].condition is None:
        at -= 1
    return at


def _sample(
    measures: tuple[Op, ...], branch: _Branch, rng: np.random.Generator, counts: dict[int, int]
) -> dict[int, float] | None:
    """Draw the final measurements of one branch; gives the exact distribution where it is small."""
    pairs = [(op.qubit, op.bit) for op in measures if isinstance(op, Measure)]
    if not pairs:
        counts[branch.bits] = counts.get(branch.bits, 0) + branch.shots
        return None
    qubits = sorted({q for q, _ in pairs})
    p = _marginal(branch.state, qubits)
    drawn = rng.multinomial(branch.shots, p)
    words = {int(i): _bits_of(int(i), qubits, pairs, branch.bits) for i in np.flatnonzero(drawn)}
    for index, word in words.items():
        counts[word] = counts.get(word, 0) + int(drawn[index])
    likely = np.flatnonzero(p > 1e-12)
    if len(likely) > MAX_LISTED:
        return None
    exact: dict[int, float] = {}
    for place in likely.tolist():
        word = _bits_of(place, qubits, pairs, branch.bits)
        exact[word] = exact.get(word, 0.0) + float(p[place])
    return exact


def _marginal(state: Complex, qubits: list[int]) -> Real:
    """Probabilities of the measured qubits; the first of `qubits` is the least significant."""
    n = state.size.bit_length() - 1
    others = tuple(n - 1 - q for q in range(n) if q not in set(qubits))
    p = np.sum((state.real**2 + state.imag**2).reshape((2,) * n), axis=others).reshape(-1)
    normalised: Real = p / p.sum()
    return normalised


def _bits_of(index: int, qubits: list[int], pairs: list[tuple[int, int]], bits: int) -> int:
    for qubit, bit in pairs:
        bits = _with_bit(bits, bit, index >> qubits.index(qubit) & 1)
    return bits


def _with_bit(bits: int, bit: int, value: int) -> int:
    return bits & ~(1 << bit) | value << bit
