"""What a circuit of qudits is made of, and what is refused before anything is computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from qbtc.core.hilbert.povm import is_complete
from qbtc.core.hilbert.types import Complex, Index

MAX_BYTES = 512 * 2**20
TOLERANCE = 1e-9


class TooLarge(ValueError):
    """The state would need more memory than is allowed; nothing has been allocated."""


@dataclass(frozen=True, slots=True)
class Dense:
    """A matrix (D, D); not checked here: `Gate.of` does."""

    matrix: Complex

    @property
    def size(self) -> int:
        return int(self.matrix.shape[0])

    def conj(self) -> Dense:
        return Dense(self.matrix.conj())

    def apply(self, columns: Complex) -> Complex:
        """The operator on columns (D, n)."""
        result: Complex = self.matrix @ columns
        return result


@dataclass(frozen=True, slots=True)
class Monomial:
    """One entry a row: row i takes `factors[i]` times row `sources[i]`. Shifts, clocks and controlled sums are this."""

    sources: Index
    factors: Complex | None = None

    @property
    def size(self) -> int:
        return len(self.sources)

    def conj(self) -> Monomial:
        return Monomial(self.sources, None if self.factors is None else self.factors.conj())

    def apply(self, columns: Complex) -> Complex:
        moved = columns[self.sources]
        return moved if self.factors is None else self.factors[:, None] * moved


@dataclass(frozen=True, slots=True)
class Gate:
    """A unitary on `targets`; the product of their dimensions is its size."""

    operator: Dense | Monomial
    targets: tuple[int, ...]

    @classmethod
    def of(cls, matrix: Complex, *targets: int) -> Gate:
        """A gate of any matrix. Raises ValueError if it is not unitary to 1e-9."""
        matrix = np.asarray(matrix, dtype=np.complex128)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
            raise ValueError(f"a gate has shape {matrix.shape}; it must be square")
        off = float(np.abs(matrix @ matrix.conj().T - np.eye(len(matrix))).max())
        if not off <= TOLERANCE:
            raise ValueError(f"not unitary: |U U^H - I| is up to {off:.3g}; at most {TOLERANCE:g} is allowed")
        return cls(Dense(matrix), targets)


@dataclass(frozen=True, slots=True)
class Channel:
    """rho -> sum_k K rho K^H with `kraus` (m, D, D) on `targets`. Raises ValueError if it does not keep the trace."""

    kraus: Complex
    targets: tuple[int, ...]

    def __post_init__(self) -> None:
        kraus = np.asarray(self.kraus, dtype=np.complex128)
        object.__setattr__(self, "kraus", kraus)
        if kraus.ndim != 3 or kraus.shape[1] != kraus.shape[2] or not is_complete(kraus, TOLERANCE):
            raise ValueError("Kraus operators (m, D, D) must fulfil sum K^H K = I to 1e-9")


@dataclass(frozen=True, slots=True)
class Measure:
    """Of one qudit in its computational basis; outcomes are listed in order of measurement."""

    target: int


Operation = Gate | Channel | Measure


@dataclass(frozen=True, slots=True)
class Circuit:
    """Operations on qudits of dimensions `dims`, all starting in |0>. Raises ValueError for targets that do not fit."""

    dims: tuple[int, ...]
    operations: tuple[Operation, ...]

    def __post_init__(self) -> None:
        if not self.dims or not all(isinstance(d, int | np.integer) and d >= 2 for d in self.dims):
            raise ValueError(
                f"dimensions are {self.dims}; at least one qudit is needed, and at least 2 levels of each, a whole number"
            )
        for number, operation in enumerate(self.operations):
            _refuse_misfit(self.dims, number, operation)

    @property
    def size(self) -> int:
        return prod(self.dims)

    @property
    def measured(self) -> tuple[int, ...]:
        return tuple(op.target for op in self.operations if isinstance(op, Measure))


def refuse_large(amplitudes: int, limit: int) -> None:
    """Raises TooLarge if two copies of a state of complex128 amplitudes pass `limit` bytes."""
    needed = 2 * 16 * amplitudes
    if needed > limit:
        raise TooLarge(f"{amplitudes} amplitudes need {needed} bytes; at most {limit} are allowed")


def are_places(qudits: Sequence[int], count: int) -> bool:
    """Whether these are different numbers of qudits."""
    whole = all(isinstance(q, int | np.integer) and 0 <= q < count for q in qudits)
    return whole and len(set(qudits)) == len(qudits)


def targets_of(operation: Operation) -> tuple[int, ...]:
    return (operation.target,) if isinstance(operation, Measure) else operation.targets


def _refuse_misfit(dims: tuple[int, ...], number: int, operation: Operation) -> None:
    targets = targets_of(operation)
    if not targets or not are_places(targets, len(dims)):
        raise ValueError(
            f"operation {number} acts on {targets}; allowed are different qudits from 0 to {len(dims) - 1}"
        )
    size = prod(dims[t] for t in targets)
    found = size if isinstance(operation, Measure) else _size(operation)
    if found != size:
        raise ValueError(f"operation {number} has size {found}; its targets {targets} have {size} levels together")


def _size(operation: Gate | Channel) -> int:
    return operation.operator.size if isinstance(operation, Gate) else int(operation.kraus.shape[1])
