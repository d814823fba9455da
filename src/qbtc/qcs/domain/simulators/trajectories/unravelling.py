"""Operations as the tables of `jumps`: gates, and choices between Kraus operators with what is known of their chances.

Any Kraus set of a channel gives the same average; the one is taken whose least probabilities add up to most, so that
states are seldom looked at. Gates of one qubit are multiplied with their neighbours, and into the channel behind them where its most
likely operator has to be computed anyway. A channel that ends a qubit before its measurement, and changes populations
by populations only, is no more than a confusion of the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from qbtc.core.hilbert.types import Complex, Index, Real

from ...noise.channels import reset
from ...noise.forms import canonical
from ...program import Channel, Measure, Op, Reset, Unitary
from ..jumps import CERTAIN, DENSE, DIAGONAL, FLIP, IDENTITY, ONE, OPERATOR_FIELDS, ROW_FIELDS

TINY = 1e-13
PROJECTORS: Complex = np.array([[[1, 0], [0, 0]], [[0, 0], [0, 1]]], dtype=np.complex128)
LEAST_SCRATCH = 1024
Tables = tuple[Index, Index, Index, Real, Real]


@dataclass(frozen=True, slots=True)
class Choice:
    """Kraus operators (m, d, d), the likeliest first; `sure` (m + 1,): their least probabilities and the rest."""

    kraus: Complex
    sure: Real

    @property
    def stays(self) -> bool:
        """Whether the likeliest operator leaves the state as it is."""
        return _is_scalar(self.kraus[0])


def choice(kraus: Complex) -> Choice:
    """The Kraus set, or the canonical one of the same channel, whichever decides more often without a look.

    A set of more operators than the d^2 that a channel needs is never taken: tables and scratch have room for no more.
    """
    sets = [kraus, canonical(kraus)] if len(kraus) > 1 else [kraus]
    sets = sets[1:] if len(kraus) > kraus.shape[-1] ** 2 else sets
    least = [np.linalg.eigvalsh(k.conj().transpose(0, 2, 1) @ k)[:, 0].clip(0, 1) for k in sets]
    best = max(range(len(sets)), key=lambda i: (round(float(least[i].sum()), 9), -i))
    order = np.argsort(-least[best], kind="stable")
    sure = least[best][order]
    rest = max(1 - float(sure.sum()), 0.0)
    total = sure / sure.sum() if rest < CERTAIN else sure
    return Choice(sets[best][order], np.append(total, 0.0 if rest < CERTAIN else rest))


class Unravelling:
    """Makes tables; what was recognised once is kept by its matrices."""

    def __init__(self) -> None:
        self._choices: dict[bytes, Choice] = {}

    def choice(self, kraus: Complex) -> Choice:
        key = kraus.tobytes()
        found = self._choices.get(key)
        if found is None:
            found = self._choices[key] = choice(kraus)
        return found

    def tables(self, ops: Iterable[Op], *, fused: bool = True) -> Tables:
        """`fused` changes how many rows there are; without it there is one for each operation."""
        work = _Work(self)
        for op in self._fused(ops) if fused else ops:
            work.add(op)
        return work.done()

    def _fused(self, ops: Iterable[Op]) -> Iterator[Op]:
        waiting: dict[int, Unitary] = {}
        for op in ops:
            if _single(op):
                assert isinstance(op, Unitary)
                before = waiting.get(op.targets[0])
                waiting[op.targets[0]] = op if before is None else replace(op, matrix=op.matrix @ before.matrix)
                continue
            if self._takes_in(op) and op.qubits[0] in waiting:
                assert isinstance(op, Channel)
                op = replace(op, kraus=op.kraus @ waiting.pop(op.targets[0]).matrix)
            for qubit in op.qubits:
                if qubit in waiting:
                    yield waiting.pop(qubit)
            yield op
        yield from waiting.values()

    def _takes_in(self, op: Op) -> bool:
        if not isinstance(op, Channel) or len(op.targets) > 1 or op.condition is not None:
            return False
        return not self.choice(op.kraus).stays


def _single(op: Op) -> bool:
    return isinstance(op, Unitary) and len(op.targets) == 1 and not op.controls and op.condition is None


def _is_scalar(matrix: Complex) -> bool:
    return float(np.abs(matrix - matrix[0, 0] * np.eye(len(matrix))).max()) < TINY


@dataclass(slots=True)
class _Work:
    maker: Unravelling
    rows: list[list[int]] = field(default_factory=list)
    operators: list[list[int]] = field(default_factory=list)
    integers: list[int] = field(default_factory=list)
    sure: list[float] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)

    def add(self, op: Op) -> None:
        if isinstance(op, Unitary):
            self._row(op, op.matrix[None], None, op.controls)
        elif isinstance(op, Measure):
            self._row(op, PROJECTORS, np.array([0.0, 0.0, 1.0]))
        else:
            found = self.maker.choice(reset(1.0) if isinstance(op, Reset) else op.kraus)
            self._row(op, found.kraus, found.sure if len(found.kraus) > 1 else None)

    def _row(self, op: Op, kraus: Complex, sure: Real | None, controls: tuple[int, ...] = ()) -> None:
        targets = op.targets if isinstance(op, Unitary | Channel) else op.qubits
        row = [len(self.operators), len(kraus), len(self.sure), len(self.integers), len(targets), len(self.numbers)]
        self.integers += targets
        if sure is not None:
            self.sure += sure.tolist()
            self._numbers(kraus.conj().transpose(0, 2, 1) @ kraus)
        row += [self._condition(op), op.bit if isinstance(op, Measure) else -1]
        self.rows.append(row)
        for matrix in kraus:
            self._operator(matrix, targets, controls)

    def _condition(self, op: Op) -> int:
        if op.condition is None:
            return -1
        at, condition = len(self.integers), op.condition
        self.integers += [condition.offset, condition.size]
        self.integers += [condition.value >> i & 1 for i in range(condition.size)]
        return at

    def _operator(self, matrix: Complex, targets: tuple[int, ...], controls: tuple[int, ...]) -> None:
        """`integers`: targets, then all qubits rising (for `dense` the targets alone)."""
        form = _form(matrix, bool(controls))
        held = targets if form == DENSE else (*targets, *controls)
        row = [form, len(targets), len(self.integers), len(held), sum(1 << c for c in controls), len(self.numbers)]
        self.operators.append(row)
        self.integers += [*targets, *sorted(held)]
        self._numbers(matrix)

    def _numbers(self, matrices: Complex) -> None:
        self.numbers += np.ascontiguousarray(matrices, dtype=np.complex128).view(np.float64).ravel().tolist()

    def done(self) -> Tables:
        return (
            np.array(self.rows, dtype=np.int64).reshape(-1, ROW_FIELDS),
            np.array(self.operators, dtype=np.int64).reshape(-1, OPERATOR_FIELDS),
            np.array(self.integers, dtype=np.int64),
            np.array(self.sure, dtype=np.float64),
            np.array(self.numbers, dtype=np.float64),
        )


def _form(matrix: Complex, controlled: bool) -> int:
    """The kernel for a matrix; a factor in front of the whole is left out only where nothing controls it."""
    if _is_scalar(matrix) and (not controlled or abs(matrix[0, 0] - 1) < TINY):
        return IDENTITY
    if len(matrix) > 2:
        return DENSE
    if abs(matrix[0, 1]) < TINY and abs(matrix[1, 0]) < TINY:
        return DIAGONAL
    straight = abs(matrix[0, 0]) < TINY and abs(matrix[1, 1]) < TINY and abs(matrix[0, 1] - matrix[1, 0]) < TINY
    return FLIP if straight and (not controlled or abs(matrix[0, 1] - 1) < TINY) else ONE


def scratch_of(tables: Tables) -> int:
    """Numbers that `jumps.advance` needs beside the state."""
    widest = int(tables[1][:, 1].max(initial=1))
    return max(LEAST_SCRATCH, (2 << 2 * widest) + (8 << widest))


def confusions(ops: Sequence[Op], measured: Sequence[int]) -> tuple[tuple[Op, ...], dict[int, Real]]:
    """`ops` without the channels that only confuse the outcomes of qubits measured behind them, and what those do.

    A confusion (2, 2) has the probability of reading row for true column: Tr(|row><row| E(|column><column|)).
    """
    left, found, later = list[Op](), dict[int, Real](), set[int]()
    wanted = set(measured)
    for op in reversed(ops):
        matrix = _confusion(op) if wanted.issuperset(op.qubits) and later.isdisjoint(op.qubits) else None
        if matrix is None:
            left.append(op)
            later.update(op.qubits)
        else:
            qubit = op.qubits[0]
            found[qubit] = found[qubit] @ matrix if qubit in found else matrix
    return tuple(reversed(left)), found


def _confusion(op: Op) -> Real | None:
    """Where the channel's populations depend on populations alone."""
    if not isinstance(op, Channel) or len(op.targets) > 1 or op.condition is not None:
        return None
    seen = np.einsum("kra,krb->rab", op.kraus.conj(), op.kraus)
    if np.abs(seen[:, 0, 1]).max() > TINY:
        return None
    diagonal: Real = np.einsum("raa->ra", seen).real
    return diagonal
