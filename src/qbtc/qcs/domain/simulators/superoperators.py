"""Operations on n qubits as operations on the 2n qubits of a density matrix: columns 0 .. n - 1, rows n .. 2n - 1.

A mixture of Pauli strings is diagonal in the Pauli basis: a CX from row to column leaves the difference of both in the
column, a Hadamard gate on the row its transform, and there every channel is one factor a number. That is much less work than a
superoperator of 16^k elements. Of neighbours on one qubit that are no such mixture one superoperator is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np

from qbtc.core.hilbert.batches import superoperator
from qbtc.core.hilbert.types import Complex

from ..noise.channels import PAULIS, reset
from ..noise.forms import pauli_probabilities, pauli_strings
from ..program import Channel, Reset, Unitary

HADAMARD: Complex = np.array([[1, 1], [1, -1]], dtype=np.complex128) / np.sqrt(2)
LEAST_FACTOR = 1e-9
MOST_PAULI = 3
Quantum = Unitary | Channel | Reset


def doubled(ops: Iterable[Quantum], n: int) -> Iterator[Unitary]:
    """What a plan of 2n qubits runs (the matrices need not be unitary)."""
    waiting: dict[int, list[Quantum]] = {}
    for op in ops:
        if len(op.qubits) == 1:
            waiting.setdefault(op.qubits[0], []).append(op)
            continue
        for qubit in op.qubits:
            yield from _run(waiting.pop(qubit, []), n)
        yield from _on_both(op, n)
    for run in waiting.values():
        yield from _run(run, n)


def _run(ops: list[Quantum], n: int) -> Iterator[Unitary]:
    """Operations on one and the same qubit."""
    if len(ops) > 1 and not all(_is_light(op) for op in ops):
        matrix = np.eye(4, dtype=np.complex128)
        for op in ops:
            matrix = superoperator(_kraus(op)) @ matrix
        qubit = ops[0].qubits[0]
        yield Unitary("noise", matrix, (qubit, qubit + n))
        return
    for op in ops:
        yield from _on_both(op, n)


def _is_light(op: Quantum) -> bool:
    kraus = _kraus(op)
    return len(kraus) == 1 or _pauli_factors(kraus.tobytes(), 1) is not None


def _kraus(op: Quantum) -> Complex:
    if isinstance(op, Unitary):
        return op.matrix[None]
    return reset(1.0) if isinstance(op, Reset) else op.kraus


def _on_both(op: Quantum, n: int) -> Iterator[Unitary]:
    targets = op.targets if isinstance(op, Unitary | Channel) else op.qubits
    rows, kraus = tuple(q + n for q in targets), _kraus(op)
    if len(kraus) == 1:
        controls = op.controls if isinstance(op, Unitary) else ()
        yield Unitary("columns", kraus[0].conj(), targets, controls)
        yield Unitary("rows", kraus[0], rows, tuple(q + n for q in controls))
        return
    factors = _pauli_factors(kraus.tobytes(), len(targets)) if len(targets) <= MOST_PAULI else None
    if factors is None:
        yield Unitary("noise", superoperator(kraus), targets + rows)
        return
    change = [Unitary("cx", PAULIS["X"], (q,), (q + n,)) for q in targets]
    change += [Unitary("h", HADAMARD, (row,)) for row in rows]
    yield from change
    yield Unitary("noise", factors, targets + rows)
    yield from reversed(change)


@lru_cache(maxsize=1024)
def _pauli_factors(kraus: bytes, k: int) -> Complex | None:
    """Diagonal matrix (4^k, 4^k) of sum_P p(P) (-1)^(z d + x w), d the lower and w the upper k bits of the index, with P = X^x Z^z;
    None where the channel is no mixture of Pauli strings, or a factor is too small for a table to tell from 0."""
    p = pauli_probabilities(np.frombuffer(kraus, dtype=np.complex128).reshape(-1, 1 << k, 1 << k))
    if p is None:
        return None
    index = np.arange(4**k)
    total = np.zeros(4**k)
    for string, weight in zip(pauli_strings(k), p.tolist(), strict=True):
        signs = sum(1 << q for q, c in enumerate(string) if c in "YZ")
        signs |= sum(1 << (q + k) for q, c in enumerate(string) if c in "XY")
        total += weight * (1 - 2 * (np.bitwise_count(index & signs) & 1).astype(np.float64))
    return None if np.abs(total).min() < LEAST_FACTOR else np.diag(total).astype(np.complex128)
