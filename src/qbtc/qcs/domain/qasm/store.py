"""What names stand for while a program runs: cells with a value, arrays, qubits and views of bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .values import Kind, Scalar, ValueFault, wrapped

Objects = NDArray[np.object_]


class NeedsFeedback(Exception):
    """A measured value is used in a way that no flat program can say."""


@dataclass(slots=True, eq=False)
class Cell:
    """A scalar variable. `offset` is the number of its first bit among the bits of the result, `unknown` marks its bits
    that a measurement wrote while the program is only being flattened."""

    kind: Kind
    data: Scalar
    const: bool = False
    offset: int | None = None
    unknown: int = 0

    def read(self) -> Scalar:
        if self.unknown:
            raise NeedsFeedback
        return self.data

    def write(self, data: Scalar) -> None:
        self.data = data

    def read_bit(self, place: int) -> int:
        if self.unknown >> place & 1:
            raise NeedsFeedback
        return int(self.data.real) >> place & 1

    def write_bit(self, place: int, bit: int) -> None:
        number = int(self.data.real) & ((1 << self.kind.width) - 1)
        self.data = wrapped(self.kind, number & ~(1 << place) | bit << place)


@dataclass(slots=True, eq=False)
class Element(Cell):
    """One element of an array, as a cell."""

    array: Objects | None = None
    place: tuple[int, ...] = ()

    def write(self, data: Scalar) -> None:
        self.data = data
        if self.array is not None:
            self.array[self.place] = data

    def write_bit(self, place: int, bit: int) -> None:
        Cell.write_bit(self, place, bit)
        self.write(self.data)


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    """An array, or a view of a part of one: `items` holds data of `kind`."""

    kind: Kind
    items: Objects
    const: bool = False


@dataclass(frozen=True, slots=True)
class Qubits:
    """Qubits of a register, a slice or an alias; `single` where the name is of one qubit, which has no elements."""

    numbers: tuple[int, ...]
    single: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Bits:
    """Bits of cells, least significant first."""

    parts: tuple[tuple[Cell, int], ...]
    single: bool = False

    def read(self) -> int:
        return sum(cell.read_bit(place) << i for i, (cell, place) in enumerate(self.parts))

    def write(self, data: int) -> None:
        for i, (cell, place) in enumerate(self.parts):
            cell.write_bit(place, data >> i & 1)


Binding = Cell | Array | Qubits | Bits


def bit_kind(count: int, single: bool) -> Kind:
    return Kind("bit") if single else Kind("bit", count)


def number_of(index: int, size: int) -> int:
    """An index from -size to size - 1 as one from 0. Raises ValueFault."""
    if not -size <= index < size:
        raise ValueFault(f"index {index} of {size} elements")
    return index % size
