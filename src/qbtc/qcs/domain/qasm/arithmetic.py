"""Operators and functions of OpenQASM 3 on `Value`s. Raises ValueFault."""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Callable

from .values import (
    BOOL,
    COMPLEX,
    DURATION,
    FLOAT,
    LITERAL,
    MAX_WIDTH,
    UINT,
    WIDTH,
    Kind,
    Scalar,
    Value,
    ValueFault,
    converted,
    real,
    truth,
    whole,
    wrapped,
)

_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_BITWISE: dict[str, Callable[[int, int], int]] = {"&": operator.and_, "|": operator.or_, "^": operator.xor}
_TIMES = ("duration", "stretch")


def binary(op: str, left: Value, right: Value) -> Value:
    """`left op right` for every binary operator of the language."""
    try:
        if op in ("&&", "||"):
            both = (truth(left), truth(right))
            return Value(BOOL, int(all(both) if op == "&&" else any(both)))
        if op in ("==", "!=") or op in _ORDER:
            return Value(BOOL, int(_compared(op, left, right)))
        if op in _BITWISE:
            return _bitwise(op, left, right)
        if op in ("<<", ">>"):
            return _shifted(op, left, right)
        return _arithmetic(op, left, right)
    except (ArithmeticError, ValueError) as error:
        raise ValueFault(f"{op!r} cannot be computed: {error}") from None


def _compared(op: str, left: Value, right: Value) -> bool:
    if (left.kind.name in _TIMES) != (right.kind.name in _TIMES):
        raise ValueFault(f"a {left.kind} is compared with a {right.kind}")
    if op in ("==", "!="):
        return bool(_plain(left) == _plain(right)) == (op == "==")
    a, b = _plain(left), _plain(right)
    if isinstance(a, complex) or isinstance(b, complex):
        raise ValueFault("complex numbers have no order")
    return _ORDER[op](a, b)


def _plain(value: Value) -> Scalar:
    return real(value) if value.kind.name == "angle" else value.data


def _bitwise(op: str, left: Value, right: Value) -> Value:
    allowed = ("bit", "bool", "uint", "int", "angle")
    if left.kind.name not in allowed or right.kind.name not in allowed:
        raise ValueFault(f"no bits in a {left.kind} and a {right.kind}")
    sized = "bit" in (left.kind.name, right.kind.name) and left.kind.size and right.kind.size
    if sized and left.kind.width != right.kind.width:
        raise ValueFault(f"{left.kind.width} bits and {right.kind.width} bits")
    kind = max(left.kind, right.kind, key=lambda k: (k.name != "bool", k.size or 0))
    return Value(kind, wrapped(kind, _BITWISE[op](int(left.data.real), int(right.data.real))))


def _shifted(op: str, left: Value, right: Value) -> Value:
    places = whole(right)
    if left.kind.name not in ("bit", "uint", "int", "angle") or places < 0:
        raise ValueFault(f"a {left.kind} is shifted by {places} places")
    number = int(left.data.real)
    if op == ">>":
        return Value(left.kind, number >> min(places, MAX_WIDTH))
    if places > MAX_WIDTH and left.kind == LITERAL:
        raise ValueFault(f"a shift by more than {MAX_WIDTH} places")
    return Value(left.kind, wrapped(left.kind, number << min(places, MAX_WIDTH)))


def _arithmetic(op: str, left: Value, right: Value) -> Value:
    names = {left.kind.name, right.kind.name}
    if names & set(_TIMES):
        return _timed(op, left, right)
    if "complex" in names:
        return _complex(op, converted(left, COMPLEX), converted(right, COMPLEX))
    if "angle" in names:
        return _angular(op, left, right)
    if "float" in names:
        return Value(FLOAT, _finite(_floating(op, real(left), real(right))))
    return _integral(op, left, right)


def _timed(op: str, left: Value, right: Value) -> Value:
    both = left.kind.name in _TIMES and right.kind.name in _TIMES
    if op in ("+", "-") and both:
        return Value(DURATION, left.data + right.data if op == "+" else left.data - right.data)
    if op == "/" and right.data == 0:
        raise ValueFault("division by zero")
    if op == "/" and both:
        return Value(FLOAT, left.data / right.data)
    if op == "/" and left.kind.name in _TIMES:
        return Value(DURATION, left.data / real(right))
    if op == "*" and not both:
        time, factor = (left, right) if left.kind.name in _TIMES else (right, left)
        return Value(DURATION, time.data * real(factor))
    raise ValueFault(f"not between a {left.kind} and a {right.kind}")


def _complex(op: str, a: Scalar, b: Scalar) -> Value:
    if op == "%":
        raise ValueFault("complex numbers have no remainder")
    result = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow}[op](
        a, b
    )
    if not cmath.isfinite(result):
        raise ValueFault("the result is not finite")
    return Value(COMPLEX, complex(result))


def _angular(op: str, left: Value, right: Value) -> Value:
    kind = max((v.kind for v in (left, right) if v.kind.name == "angle"), key=lambda k: k.width)
    both = left.kind.name == right.kind.name
    if op in ("+", "-"):
        a, b = int(converted(left, kind).real), int(converted(right, kind).real)
        return Value(kind, wrapped(kind, a + b if op == "+" else a - b))
    if op == "/" and both:
        return Value(UINT, int(converted(left, kind).real) // int(converted(right, kind).real))
    angle, other = (left, right) if left.kind.name == "angle" else (right, left)
    if both or other.kind.name == "float" or op not in ("*", "/") or (op == "/" and angle is right):
        return Value(FLOAT, _finite(_floating(op, real(left), real(right))))
    number = int(angle.data.real)
    return Value(kind, wrapped(kind, number * whole(other) if op == "*" else number // whole(other)))


def _floating(op: str, a: float, b: float) -> float:
    if op == "**":
        result = a**b
        if isinstance(result, complex):
            raise ValueFault(f"{a} to the power of {b} is not real")
        return float(result)
    if op == "%":
        return math.fmod(a, b)
    return float({"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[op](a, b))


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueFault(f"the result is {number}")
    return number


def _integral(op: str, left: Value, right: Value) -> Value:
    a, b = whole(left), whole(right)
    kind = _common(left.kind, right.kind)
    if op in ("/", "%"):
        if b == 0:
            raise ValueFault("division by zero")
        if op == "/" and kind == LITERAL and a % b:
            return Value(FLOAT, a / b)
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return Value(kind, wrapped(kind, quotient if op == "/" else a - b * quotient))
    if op == "**":
        return _power(a, b, kind)
    return Value(kind, wrapped(kind, a + b if op == "+" else a - b if op == "-" else a * b))


def _power(a: int, b: int, kind: Kind) -> Value:
    if b < 0:
        return Value(FLOAT, _finite(_floating("**", float(a), float(b))))
    if kind == LITERAL:
        if a not in (-1, 0, 1) and a.bit_length() * b > MAX_WIDTH:
            raise ValueFault(f"a number of more than {MAX_WIDTH} bits")
        return Value(kind, a ** (b % 2 if a in (-1, 1) else b))
    return Value(kind, wrapped(kind, pow(a, b, 1 << kind.width)))


def _common(left: Kind, right: Kind) -> Kind:
    if left == right == LITERAL:
        return LITERAL
    a, b = (k.width if k.name in ("int", "uint") else 0 for k in (left, right))
    width = max(a, b) or WIDTH
    unsigned = any(k.name == "uint" and w == width for k, w in ((left, a), (right, b)))
    return Kind("uint" if unsigned else "int", width)


def unary(op: str, value: Value) -> Value:
    """-x, ~x and !x."""
    name = value.kind.name
    if op == "!" or (op == "~" and name == "bool"):
        return Value(BOOL, int(not truth(value)))
    if op == "~":
        if name not in ("bit", "int", "uint", "angle"):
            raise ValueFault(f"no bits in a {value.kind}")
        return Value(value.kind, wrapped(value.kind, ~int(value.data.real)))
    if name in ("bit", "bool"):
        return Value(LITERAL, -whole(value))
    if name in ("int", "uint", "angle"):
        return Value(value.kind, wrapped(value.kind, -int(value.data.real)))
    return Value(value.kind, -value.data)


_REAL: dict[str, Callable[[float], float]] = {
    "arccos": math.acos,
    "arcsin": math.asin,
    "arctan": math.atan,
    "cos": math.cos,
    "exp": math.exp,
    "ln": math.log,
    "log": math.log,
    "sin": math.sin,
    "tan": math.tan,
}
_COMPLEX: dict[str, Callable[[complex], complex]] = {"exp": cmath.exp, "sqrt": cmath.sqrt}
ARITY = {
    **dict.fromkeys(_REAL, 1),
    **dict.fromkeys(("sqrt", "ceiling", "floor", "popcount", "real", "imag", "abs"), 1),
    **dict.fromkeys(("mod", "pow", "rotl", "rotr"), 2),
}
FUNCTIONS_2 = frozenset(["sin", "cos", "tan", "exp", "ln", "sqrt"])


def function(name: str, arguments: tuple[Value, ...]) -> Value:
    """A built-in function with the right number of arguments."""
    try:
        return _function(name, arguments)
    except (ArithmeticError, ValueError) as error:
        raise ValueFault(f"{name!r} cannot be computed: {error}") from None


def _function(name: str, arguments: tuple[Value, ...]) -> Value:
    first = arguments[0]
    if name in ("mod", "pow"):
        return binary("%" if name == "mod" else "**", first, arguments[1])
    if name in ("rotl", "rotr"):
        return _rotated(first, whole(arguments[1]) * (1 if name == "rotl" else -1))
    if name == "popcount":
        return Value(UINT, (int(first.data.real) & ((1 << first.kind.width) - 1)).bit_count())
    if name in ("real", "imag"):
        number = complex(converted(first, COMPLEX))
        return Value(FLOAT, number.real if name == "real" else number.imag)
    if first.kind.name == "complex" and name in _COMPLEX:
        return Value(COMPLEX, _COMPLEX[name](complex(first.data)))
    number = real(first)
    if name in ("ceiling", "floor"):
        return Value(FLOAT, float(math.ceil(number) if name == "ceiling" else math.floor(number)))
    if name == "abs":
        return Value(first.kind, abs(first.data)) if first.kind.name == "int" else Value(FLOAT, abs(number))
    return Value(FLOAT, _finite(math.sqrt(number) if name == "sqrt" else _REAL[name](number)))


def _rotated(value: Value, places: int) -> Value:
    if value.kind.name not in ("bit", "uint"):
        raise ValueFault(f"a {value.kind} is rotated")
    width, number = value.kind.width, int(value.data.real)
    places %= width
    return Value(value.kind, (number << places | number >> (width - places)) & ((1 << width) - 1))
