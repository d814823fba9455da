"""Gates to the few forms that the kernels know, decided by the values of their matrices and not by their names.

Every unitary of one qubit is phases, a real rotation exp(-i Y theta / 2) and phases. Phases and permutations of basis
states (RZ, S, T, X, CX, CZ, SWAP, CCX, controlled phases ...) are monomial matrices: any run of them is one table. What
is left to compute is the real rotation; divided by its cosine it is one multiply-add a number (`MIX`). Rotations over
90 degrees first turn by 180 (a monomial), so the divisor is at least 1/sqrt(2).
"""

from __future__ import annotations

import cmath
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from qbtc.core.hilbert.types import Complex, Index, Mask

from ..program import Unitary

MIX, DIAGONAL, FLIP, SWAP, MONOMIAL, DENSE = range(6)
COLUMNS = 6
Small = tuple[complex, complex, complex, complex]
TINY = 1e-14


@dataclass(frozen=True, slots=True)
class Lowered:
    """Atoms in order: `rows` (m, 6) = kind, two qubits or counts, control mask, start in `integers` and in `numbers`.

    `masks` has the qubits of each atom as bits. A `MIX` has the tangent and the cosine that was divided out.
    """

    n: int
    rows: Index
    masks: Index
    integers: Index
    numbers: Complex


def lower(n: int, gates: Iterable[Unitary], *, fused: bool = True) -> Lowered:
    """`fused` multiplies neighbouring gates of one qubit first."""
    work = _Work(fused)
    for gate in gates:
        work.add(gate)
    for qubit in list(work.waiting):
        work.flush(qubit)
    return Lowered(
        n,
        np.array(work.rows, dtype=np.int64).reshape(-1, COLUMNS),
        np.array(work.masks, dtype=np.int64),
        np.array(work.integers, dtype=np.int64),
        np.array(work.numbers, dtype=np.complex128),
    )


@dataclass(slots=True)
class _Work:
    fused: bool
    rows: list[tuple[int, ...]] = field(default_factory=list)
    masks: list[int] = field(default_factory=list)
    integers: list[int] = field(default_factory=list)
    numbers: list[complex] = field(default_factory=list)
    waiting: dict[int, Small] = field(default_factory=dict)

    def add(self, gate: Unitary) -> None:
        if len(gate.targets) == 1 and not gate.controls:
            self._single(gate.targets[0], _small(gate.matrix))
            return
        if len(gate.targets) == 1 and len(gate.controls) == 1 and _is_flip(gate.matrix):
            self._flush_all((*gate.controls, *gate.targets))
            self._flip(gate.targets[0], gate.controls[0])
            return
        self._flush_all(gate.qubits)
        self._general(gate.matrix, gate.targets, gate.controls)

    def flush(self, qubit: int) -> None:
        matrix = self.waiting.pop(qubit, None)
        if matrix is not None:
            self._emit_single(qubit, matrix)

    def _flush_all(self, qubits: tuple[int, ...]) -> None:
        for qubit in qubits:
            self.flush(qubit)

    def _single(self, qubit: int, matrix: Small) -> None:
        before = self.waiting.get(qubit)
        self.waiting[qubit] = matrix if before is None else _product(matrix, before)
        if not self.fused:
            self.flush(qubit)

    def _emit_single(self, qubit: int, matrix: Small) -> None:
        a, b, c, d = matrix
        if min(abs(b), abs(c)) < TINY:
            self._phases(qubit, a, d)
        elif min(abs(a), abs(d)) < TINY:
            self._flip(qubit, -1)
            self._phases(qubit, b, c)
        else:
            first, last, t, cosine, turned = rotation_of(matrix)
            self._phases(qubit, 1, first)
            if turned:
                self._flip(qubit, -1)
                self._phases(qubit, -1, 1)
            self._mix(qubit, t, cosine)
            self._phases(qubit, a / abs(a), last * a / abs(a))

    def _mix(self, qubit: int, t: float, cosine: float) -> None:
        self._row((MIX, qubit, 0, 0, 0, len(self.numbers)), 1 << qubit)
        self.numbers += (t, cosine)

    def _phases(self, qubit: int, zero: complex, one: complex) -> None:
        if abs(zero - 1) < TINY and abs(one - 1) < TINY:
            return
        self._row((DIAGONAL, qubit, 0, 0, 0, len(self.numbers)), 1 << qubit)
        self.numbers += (zero, one)

    def _flip(self, target: int, control: int) -> None:
        mask = 1 << target | (1 << control if control >= 0 else 0)
        self._row((FLIP, target, control, 0, 0, 0), mask)

    def _row(self, row: tuple[int, ...], mask: int) -> None:
        self.rows.append(row)
        self.masks.append(mask)

    def _general(self, matrix: Complex, targets: tuple[int, ...], controls: tuple[int, ...]) -> None:
        used = _used(matrix)
        if (used.sum(axis=0) == 1).all() and (used.sum(axis=1) == 1).all():
            self._monomial(matrix, used.argmax(axis=1), targets, controls)
        elif len(targets) == 1:
            self._controlled(_small(matrix), targets[0], controls)
        elif len(targets) == 2 and _crossed(used) and _is_unitary(matrix):
            self._paired(matrix, targets, controls)
        else:
            control = sum(1 << c for c in controls)
            self._row(
                (DENSE, len(targets), 0, control, len(self.integers), len(self.numbers)), _mask(targets) | control
            )
            self.integers += targets
            self.numbers += matrix.ravel().tolist()

    def _monomial(self, matrix: Complex, sources: Index, targets: tuple[int, ...], controls: tuple[int, ...]) -> None:
        """Row r takes basis state sources[r] times a phase."""
        phases = matrix[np.arange(len(matrix)), sources]
        if (
            not controls
            and len(targets) == 2
            and sources.tolist() == [0, 2, 1, 3]
            and np.allclose(phases, 1, atol=TINY)
        ):
            self._row((SWAP, targets[0], targets[1], 0, 0, 0), _mask(targets))
            return
        control = sum(1 << c for c in controls)
        row = (MONOMIAL, len(targets), 0, control, len(self.integers), len(self.numbers))
        self._row(row, _mask(targets) | control)
        self.integers += (*targets, *sources.tolist())
        self.numbers += phases.tolist()

    def _controlled(self, matrix: Small, target: int, controls: tuple[int, ...]) -> None:
        """Controlled phases around RY(theta) = RY(theta / 2) Z RY(-theta / 2) Z, where only the Z are controlled."""
        a = matrix[0]
        first, last, t, cosine, turned = rotation_of(matrix)
        self._monomial(np.diag([1, first]), np.arange(2), (target,), controls)
        if turned:
            self._monomial(np.array([[0, -1], [1, 0]], dtype=np.complex128), np.array([1, 0]), (target,), controls)
        half, part = _half(t, cosine)
        sign = np.diag([1.0 + 0j, -1])
        self._monomial(sign, np.arange(2), (target,), controls)
        self._mix(target, -half, part)
        self._monomial(sign, np.arange(2), (target,), controls)
        self._mix(target, half, part)
        unit = a / abs(a)
        self._monomial(np.diag([unit, last * unit]), np.arange(2), (target,), controls)

    def _paired(self, matrix: Complex, targets: tuple[int, ...], controls: tuple[int, ...]) -> None:
        """Matrices that mix 00 with 11 and 01 with 10 only (RXX, RYY, exchange of excitations).

        With the first target flipped where the second is 1, the first selects which of two rotations the second has.
        """
        first, second = targets
        outer = matrix[np.ix_([0, 3], [0, 3])]
        inside = matrix[np.ix_([1, 2], [1, 2])]
        self._flip(first, second)
        self._branch(outer, inside, second, (first, controls))
        self._flip(first, second)

    def _branch(self, zero: Complex, one: Complex, target: int, where: tuple[int, tuple[int, ...]]) -> None:
        """`zero` on the target where the selecting qubit is 0, `one` where it is 1."""
        select, controls = where
        if controls:
            self._general(zero, (target,), controls)
        else:
            self._emit_single(target, _small(zero))
        rest = one @ zero.conj().T
        if not np.allclose(rest, np.eye(2), atol=TINY):
            self._general(rest, (target,), (select, *controls))


def rotation_of(matrix: Small) -> tuple[complex, complex, float, float, bool]:
    """U = e^{ia} diag(1, last) RY diag(1, first), for U with no zero element.

    Gives first, last, tangent and cosine of the rotation that is left, and whether a half turn goes before it; e^{ia}
    is the phase of U[0, 0].
    """
    a, b, c, _ = matrix
    unit = a / abs(a)
    if abs(c) <= abs(a):
        last = c / abs(c) / unit
        first = -b / abs(b) / unit
        return first, last, abs(c) / abs(a), abs(a), False
    last = c / abs(c) / unit
    first = -b / abs(b) / unit
    return first, last, -abs(a) / abs(c), abs(c), True


def _half(t: float, cosine: float) -> tuple[float, float]:
    """Tangent and squared cosine of half the angle (of two rotations, each half)."""
    half = t * cosine / (1 + cosine)
    return half, 1 / cmath.sqrt(1 + half * half).real


def _product(a: Small, b: Small) -> Small:
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
    )


def _used(matrix: Complex) -> Mask:
    """Elements that are not zero; of a unitary of one qubit both on a diagonal are, or none: the rest is rounding."""
    size = np.abs(matrix)
    return (np.minimum(size, size[::-1, ::-1]) if len(matrix) == 2 else size) > TINY


def _small(matrix: Complex) -> Small:
    a, b, c, d = matrix.ravel().tolist()
    return a, b, c, d


def _is_flip(matrix: Complex) -> bool:
    a, b, c, d = matrix.ravel().tolist()
    return bool(a == 0 and d == 0 and b == 1 and c == 1)


def _is_unitary(matrix: Complex) -> bool:
    """Superoperators of channels are not."""
    return bool(np.abs(matrix @ matrix.conj().T - np.eye(len(matrix))).max() < 1e-9)


def _crossed(used: Mask) -> bool:
    """Whether only the diagonal and the anti-diagonal of a 4 x 4 matrix are used."""
    pattern = np.eye(4, dtype=bool) | np.eye(4, dtype=bool)[::-1]
    return not (used & ~pattern).any()


def _mask(qubits: tuple[int, ...]) -> int:
    return sum(1 << q for q in qubits)
