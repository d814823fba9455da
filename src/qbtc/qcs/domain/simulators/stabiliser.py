"""The engine of Clifford circuits with Pauli noise, measurement, reset and feedback: thousands of qubits, by stim.

Shots of a circuit whose only conditions are Pauli gates on one measured bit are drawn together (C. Gidney, Quantum 5,
497, 2021); any other feedback is followed shot by shot. Expectation values of Pauli strings are exact: the string is
carried back through the circuit, and each Pauli channel on its way shortens it by a factor.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..noise.forms import pauli_strings
from ..program import Channel, Measure, Op, Program, Reset, Unitary
from .clifford import Translation
from .protocol import (
    MAX_LISTED,
    Circuit,
    Cost,
    Expectation,
    Observable,
    Outcome,
    PauliSum,
    PauliTerm,
    Refusal,
    Run,
    Shots,
    Task,
    Unsupported,
)
from .survey import listed, sizes, survey, tail

if TYPE_CHECKING:
    import stim

SECONDS_OF_START = 2e-3
SECONDS_OF_OP = 1e-5
SECONDS_OF_BIT = 2e-9
CHECK_EVERY = 64
BATCH = 1 << 16
BYTES_OF_COURSES = 64 << 20


class Stabiliser:
    @property
    def name(self) -> str:
        return "stabiliser"

    @property
    def amplitudes(self) -> bool:
        return False

    def cost(self, circuit: Circuit, task: Task) -> Cost | Refusal:
        if not isinstance(task, Shots | Expectation):
            return Refusal("a stabiliser state gives counts and expectation values of Pauli strings only")
        found = survey(circuit)
        refusal = _refusal(circuit, task, conditional=bool(found.middle) or found.feedback)
        if refusal is not None:
            return refusal
        ops = found.gates + found.channels + found.measured + 1
        seconds = SECONDS_OF_START + ops * SECONDS_OF_OP
        size = found.qubits**2 + 200 * ops + min(BYTES_OF_COURSES, MAX_LISTED * found.qubits**2)
        if isinstance(task, Shots):
            single = isinstance(circuit, Program) and _records(circuit, Translation()) is not None
            seconds += task.shots * (found.measured * SECONDS_OF_BIT if single else ops * SECONDS_OF_OP)
            size += min(task.shots, BATCH) * max(found.measured, found.bits)
        else:
            seconds += ops * SECONDS_OF_OP * sum(_terms(o) for o in task.observables)
        return Cost(size, seconds, f"only Clifford gates and Pauli noise, {found.qubits} qubits: stabilisers")

    def run(self, circuit: Circuit, task: Task, run: Run) -> Outcome:
        translation = Translation()
        if isinstance(task, Expectation):
            if not isinstance(circuit, Program):
                raise Unsupported("expectation values behind classical control need a density matrix")
            return Outcome(values=tuple(_expectation(circuit, o, translation, run) for o in task.observables))
        if not isinstance(task, Shots):
            raise Unsupported("a stabiliser state gives counts and expectation values of Pauli strings only")
        made = _records(circuit, translation) if isinstance(circuit, Program) else None
        if made is None:
            return Outcome(counts=_one_by_one(circuit, task.shots, translation, run))
        exact = _exact(circuit, translation) if task.exact and isinstance(circuit, Program) else None
        return Outcome(counts=_together(*made, task.shots, run), probabilities=exact)


def _refusal(circuit: Circuit, task: Task, *, conditional: bool) -> Refusal | None:
    translation = Translation()
    try:
        for op in listed(circuit):
            translation.lines(op)
    except Unsupported as error:
        return Refusal(str(error))
    if isinstance(task, Expectation):
        if any(not isinstance(o, PauliSum) for o in task.observables):
            return Refusal("expectation values of Pauli strings only")
        if conditional and (not isinstance(circuit, Program) or any(op.condition for op in circuit.ops)):
            return Refusal("expectation values behind conditions need a density matrix")
    return None


def _terms(observable: Observable) -> int:
    return len(observable.terms) if isinstance(observable, PauliSum) else 0


def _records(program: Program, translation: Translation) -> tuple[stim.Circuit, dict[int, int]] | None:
    """All of the program as one stim circuit and the record of each bit; None where its feedback is not of Paulis."""
    import stim

    lines, records, count = list[str](), dict[int, int](), 0
    for op in program.ops:
        if op.condition is not None:
            if not _conditioned(lines, op, records, count):
                return None
            continue
        lines += translation.lines(op)
        if isinstance(op, Measure):
            records[op.bit] = count
            count += 1
    return stim.Circuit("\n".join(lines)), records


def _conditioned(lines: list[str], op: Op, records: dict[int, int], count: int) -> bool:
    """Add a Pauli gate that one bit controls; says whether the operation is one."""
    name = _pauli_name(op)
    condition = op.condition
    if name is None or condition is None or condition.size != 1:
        return False
    if condition.value == 0:
        lines.append(f"{name} {op.qubits[0]}")
    elif condition.value != 1:
        return True
    if condition.offset in records:
        lines.append(f"C{name} rec[{records[condition.offset] - count}] {op.qubits[0]}")
    return True


def _pauli_name(op: Op) -> str | None:
    """X, Y or Z, up to a phase that a condition does not make visible."""
    if not isinstance(op, Unitary) or len(op.targets) != 1 or op.controls:
        return None
    p = np.abs(
        np.array(
            [op.matrix[0, 1] + op.matrix[1, 0], op.matrix[0, 1] - op.matrix[1, 0], op.matrix[0, 0] - op.matrix[1, 1]]
        )
    )
    return "XYZ"[int(p.argmax())] if abs(p.max() - 2) < 1e-9 else None


def _together(circuit: stim.Circuit, records: dict[int, int], shots: int, run: Run) -> dict[int, int]:
    counts: dict[int, int] = {}
    sampler = circuit.compile_sampler(seed=_seed(run))
    bits = sorted(records)
    columns = [records[b] for b in bits]
    for first in range(0, shots, BATCH):
        run.check()
        amount = min(BATCH, shots - first)
        for word, n in _counted(sampler.sample(amount)[:, columns], bits, amount).items():
            counts[word] = counts.get(word, 0) + n
    return counts


def _counted(seen: Any, bits: Sequence[int], shots: int) -> dict[int, int]:
    """Rows of booleans (shots, bits) as words, each with its count."""
    if not bits:
        return {0: shots}
    wide = np.zeros((shots, bits[-1] + 1), dtype=np.bool_)
    wide[:, bits] = seen
    packed = np.packbits(wide, axis=1, bitorder="little")
    rows = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
    values, amounts = np.unique(rows, return_counts=True)
    return {int.from_bytes(v.tobytes(), "little"): int(n) for v, n in zip(values, amounts, strict=True)}


def _one_by_one(circuit: Circuit, shots: int, translation: Translation, run: Run) -> dict[int, int]:
    import stim

    counts: dict[int, int] = {}
    known: dict[int, tuple[Op, stim.Circuit]] = {}
    n, seed = sizes(circuit)[0], _seed(run)
    for shot in range(shots):
        simulator = stim.TableauSimulator(seed=(seed + shot) % 2**63)
        simulator.set_num_qubits(n)
        word = _shot(circuit, simulator, known, translation, run)
        counts[word] = counts.get(word, 0) + 1
    return counts


def _shot(
    circuit: Circuit, simulator: stim.TableauSimulator, known: dict[int, Any], translation: Translation, run: Run
) -> int:
    course, answer, at = circuit.start(), None, 0
    while True:
        if at % CHECK_EVERY == 0:
            run.check()
        at += 1
        try:
            op = course.send(answer)
        except StopIteration as end:
            return int(end.value)
        answer = None
        if isinstance(op, Measure):
            answer = int(simulator.measure(op.qubit))
            continue
        if id(op) not in known or known[id(op)][0] is not op:
            known[id(op)] = op, translation.circuit(op)
        simulator.do_circuit(known[id(op)][1])


def _seed(run: Run) -> int:
    return int(run.rng.integers(2**63))


def _exact(program: Program, translation: Translation) -> dict[int, float] | None:
    """Exact probabilities of the words where only gates come before the measurements and few words are likely."""
    import stim

    end = tail(program)
    if not all(isinstance(op, Unitary) and op.condition is None for op in program.ops[:end]) or end == len(program.ops):
        return None
    simulator = stim.TableauSimulator()
    simulator.set_num_qubits(program.n_qubits)
    lines = [line for op in program.ops[:end] for line in translation.lines(op)]
    simulator.do_circuit(stim.Circuit("\n".join(lines)))
    found, most = [(0, 1.0, simulator)], min(MAX_LISTED, 1 + BYTES_OF_COURSES * 2 // program.n_qubits**2)
    for measure in program.ops[end:]:
        assert isinstance(measure, Measure)
        found = [part for course in found for part in _outcomes(*course, measure)]
        if len(found) > most:
            return None
    words: dict[int, float] = {}
    for word, p, _ in found:
        words[word] = words.get(word, 0.0) + p
    return words


def _outcomes(word: int, p: float, state: stim.TableauSimulator, op: Measure) -> list[tuple[int, float, Any]]:
    """The outcomes of one measurement that can be, each with the state behind it."""
    sign, rest = state.peek_z(op.qubit), word & ~(1 << op.bit)
    if sign:
        return [(rest | (sign < 0) << op.bit, p, state)]
    other = state.copy()
    state.postselect_z(op.qubit, desired_value=False)
    other.postselect_z(op.qubit, desired_value=True)
    return [(rest, p / 2, state), (rest | 1 << op.bit, p / 2, other)]


def _expectation(program: Program, observable: Observable, translation: Translation, run: Run) -> float:
    if not isinstance(observable, PauliSum):
        raise Unsupported("expectation values of Pauli strings only")
    ops = program.ops[: tail(program)]
    if any(op.condition is not None for op in ops):
        raise Unsupported("expectation values behind conditions need a density matrix")
    return float(sum(t.factor * _pauli_value(ops, t, program.n_qubits, translation, run) for t in observable.terms))


def _pauli_value(ops: Sequence[Op], term: PauliTerm, n: int, translation: Translation, run: Run) -> float:
    """The string carried back to |0...0>, where it is 1 if it is made of Z alone and 0 otherwise."""
    import stim

    string, factor = stim.PauliString(n), 1.0
    for qubit, letter in term.paulis:
        string[qubit] = letter
    for op in reversed(ops):
        run.check()
        if isinstance(op, Measure | Reset):
            if string[op.qubit] in (1, 2):
                return 0.0
            if isinstance(op, Reset):
                string[op.qubit] = 0
        elif isinstance(op, Channel) and len(op.kraus) > 1:
            factor *= _shortened(string, op, translation)
        else:
            string = string.before(translation.circuit(op))
    if any(string[q] in (1, 2) for q in range(n)):
        return 0.0
    return float(factor * string.sign.real)


def _shortened(string: stim.PauliString, op: Channel, translation: Translation) -> float:
    """sum of the probabilities of Pauli strings that commute, less those that do not."""
    import stim

    mine = stim.PauliString([string[q] for q in op.targets])
    p = translation.probabilities(op)
    strings = map(stim.PauliString, pauli_strings(len(op.targets)))
    return float(sum(q if mine.commutes(s) else -q for q, s in zip(p.tolist(), strings, strict=True)))
