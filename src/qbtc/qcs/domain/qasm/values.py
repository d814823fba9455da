"""Values of OpenQASM 3 and their conversions. Bits and angles are integers of fixed width, times are seconds.

Conversions and promotions are those of the language's chapter on types: C99's ranks for numbers, wrapping at the width,
two's complement. A number literal has no width until it meets a typed value. A refusal is a `ValueFault`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Scalar = int | float | complex
WIDTH = 64
MAX_WIDTH = 4096
TURN = 2 * math.pi


class ValueFault(ValueError):
    """A value that cannot be computed or converted; whoever evaluates says where."""


@dataclass(frozen=True, slots=True)
class Kind:
    """`size` is None for a single bit, for what has no width and for number literals."""

    name: str
    size: int | None = None

    def __str__(self) -> str:
        return self.name if self.size is None else f"{self.name}[{self.size}]"

    @property
    def width(self) -> int:
        return self.size or (1 if self.name in ("bit", "bool") else WIDTH)


BIT, BOOL, LITERAL, FLOAT = Kind("bit"), Kind("bool"), Kind("int"), Kind("float")
COMPLEX, DURATION, INT, UINT = Kind("complex"), Kind("duration"), Kind("int", WIDTH), Kind("uint", WIDTH)
INTEGERS = ("int", "uint", "bit", "bool")


@dataclass(frozen=True, slots=True)
class Value:
    kind: Kind
    data: Scalar


def zero(kind: Kind) -> Scalar:
    return 0.0 if kind.name in ("float", "duration", "stretch") else 0j if kind.name == "complex" else 0


def wrapped(kind: Kind, number: int) -> int:
    """The number in the kind's width."""
    if kind.size is None and kind.name == "int":
        if number.bit_length() > MAX_WIDTH:
            raise ValueFault(f"a number of more than {MAX_WIDTH} bits")
        return number
    modulus = 1 << kind.width
    number %= modulus
    return number - modulus if kind.name == "int" and number >> (kind.width - 1) else number


def real(value: Value) -> float:
    """The value as a real number; an angle in radians from 0 to 2 pi."""
    name = value.kind.name
    if name in ("complex", "duration", "stretch"):
        raise ValueFault(f"a value of type {value.kind} is not a real number")
    if name == "angle":
        return float(value.data.real) * TURN / (1 << value.kind.width)
    try:
        return float(value.data.real)
    except OverflowError:
        raise ValueFault("a number too large for a float") from None


def whole(value: Value) -> int:
    """The value as an integer, as an index or an exponent needs one."""
    if value.kind.name not in INTEGERS:
        raise ValueFault(f"a value of type {value.kind} is not an integer")
    return int(value.data.real)


def truth(value: Value) -> bool:
    if value.kind.name in ("duration", "stretch", "complex"):
        raise ValueFault(f"a value of type {value.kind} is neither true nor false")
    return value.data != 0


def converted(value: Value, kind: Kind) -> Scalar:
    """The data of `value` as `kind`. Raises ValueFault where the language has no such conversion."""
    if value.kind == kind:
        return value.data
    name, target = value.kind.name, kind.name
    if target in ("duration", "stretch") or name in ("duration", "stretch"):
        if name not in ("duration", "stretch") or target not in ("duration", "stretch"):
            raise ValueFault(f"a {value.kind} cannot become a {kind}")
        return value.data
    if target == "complex":
        return value.data if name == "complex" else complex(real(value))
    if name == "complex":
        raise ValueFault(f"a complex value cannot become a {kind}")
    return _NUMERIC[target](value, kind)


def _to_integer(value: Value, kind: Kind) -> int:
    if value.kind.name == "angle":
        raise ValueFault(f"an angle cannot become a {kind}: cast it to bits first")
    if value.kind.name == "float":
        return wrapped(kind, math.trunc(value.data.real)) if math.isfinite(value.data.real) else 0
    return wrapped(kind, int(value.data.real))


def _to_bits(value: Value, kind: Kind) -> int:
    if value.kind.name == "float":
        raise ValueFault(f"a float cannot become a {kind}")
    if value.kind.name in ("bit", "angle") and value.kind.width != kind.width:
        raise ValueFault(f"{value.kind.width} bits cannot become {kind.width}")
    return int(value.data.real) & ((1 << kind.width) - 1)


def _to_angle(value: Value, kind: Kind) -> int:
    if value.kind.name == "angle":
        shift = kind.width - value.kind.width
        number = int(value.data.real)
        return number << shift if shift >= 0 else number >> -shift
    if value.kind.name == "bit":
        return _to_bits(value, kind)
    return round((real(value) / TURN % 1.0) * (1 << kind.width)) % (1 << kind.width)


def _to_float(value: Value, _kind: Kind) -> float:
    return real(value)


_NUMERIC = {
    "int": _to_integer,
    "uint": _to_integer,
    "bit": _to_bits,
    "bool": lambda value, _kind: int(truth(value)),
    "angle": _to_angle,
    "float": _to_float,
}
