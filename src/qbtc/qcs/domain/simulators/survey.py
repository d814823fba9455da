"""What a circuit consists of, counted without simulating it: what cost models look at.

The operations of a `Feedback` depend on outcomes: the run whose outcomes are all 0 is counted, up to `MOST` operations.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..program import Channel, Measure, Op, Program, Unitary
from .protocol import Circuit

MOST = 20_000


@dataclass(frozen=True, slots=True)
class Survey:
    """Counts of one run. `middle`: measurements, resets and conditions before the final measurements."""

    qubits: int
    bits: int
    gates: int
    channels: int
    middle: int
    measured: int
    widest: int
    feedback: bool


def sizes(circuit: Circuit) -> tuple[int, int]:
    """Numbers of qubits and of classical bits."""
    return sum(r.size for r in circuit.qubits), sum(r.size for r in circuit.bits)


def tail(program: Program) -> int:
    """Where the final run of unconditional measurements starts."""
    at = len(program.ops)
    while at and isinstance(program.ops[at - 1], Measure) and program.ops[at - 1].condition is None:
        at -= 1
    return at


def written(program: Program) -> tuple[tuple[int, int], ...]:
    """What the final measurements write: (qubit, bit), in order."""
    return tuple((op.qubit, op.bit) for op in program.ops[tail(program) :] if isinstance(op, Measure))


def listed(circuit: Circuit) -> tuple[Op, ...]:
    """The operations of a `Program`, or of the run of a `Feedback` whose outcomes are all 0."""
    if isinstance(circuit, Program):
        return circuit.ops
    found: list[Op] = []
    run = circuit.start()
    answer: int | None = None
    try:
        while len(found) < MOST:
            found.append(run.send(answer))
            answer = 0 if isinstance(found[-1], Measure) else None
    except StopIteration:
        pass
    return tuple(found)


def survey(circuit: Circuit) -> Survey:
    n_qubits, n_bits = sizes(circuit)
    feedback = not isinstance(circuit, Program)
    ops = listed(circuit)
    kinds = Counter(type(op) for op in ops)
    end = tail(circuit) if isinstance(circuit, Program) else len(ops)
    return Survey(
        qubits=n_qubits,
        bits=n_bits,
        gates=kinds[Unitary],
        channels=kinds[Channel],
        middle=sum(op.condition is not None or not isinstance(op, Unitary | Channel) for op in ops[:end]),
        measured=kinds[Measure],
        widest=max((len(op.targets) for op in ops if isinstance(op, Unitary | Channel)), default=0),
        feedback=feedback,
    )
