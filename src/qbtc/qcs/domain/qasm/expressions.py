"""Expressions by precedence climbing; lists of operands, index operators and types, which both parsers share.

The size of an expression is bounded, so that whoever walks a tree may recurse.
"""

from __future__ import annotations

from .cursor import MAX_NESTING, MAX_OPERATORS, Cursor
from .errors import QasmError
from .syntax import (
    ArrayOf,
    Binary,
    Block,
    Call,
    Cast,
    Concat,
    DurationOf,
    Expression,
    Index,
    Literal,
    MeasureOf,
    Name,
    QuantumCall,
    Range,
    SetOf,
    TypeOf,
    Unary,
)

PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "|": 3,
    "^": 4,
    "&": 5,
    "==": 6,
    "!=": 6,
    "<": 7,
    ">": 7,
    "<=": 7,
    ">=": 7,
    "<<": 8,
    ">>": 8,
    "+": 9,
    "-": 9,
    "*": 10,
    "/": 10,
    "%": 10,
    "**": 12,
}
UNARY = 11
SCALARS = frozenset(["bit", "int", "uint", "float", "angle", "bool", "duration", "stretch", "complex"])
TYPES = SCALARS | {"array"}
OPERAND = "a qubit or a register"
VALUE = "a value: a number, a name, a function or '('"
_SECONDS = {"dt": 1e-9, "ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
_RADIX = {"0b": 2, "0o": 8, "0x": 16}
MAX_DIGITS = 1000


class Expressions(Cursor):
    """The expressions of version 3."""

    _depth = 0
    _operators = 0

    def block(self) -> Block:
        raise NotImplementedError

    def value(self) -> Expression:
        """The right side of an assignment: a measurement, a subroutine on qubits or an expression."""
        if self.kind == "measure":
            at = self.at
            self.next()
            return MeasureOf(at, self.operand())
        found = self.expression()
        if self.kind in ("id", "hardware") and isinstance(found, Name | Call):
            arguments = found.arguments if isinstance(found, Call) else ()
            return QuantumCall(found.at, found.name, arguments, self.operands())
        return found

    def expression(self) -> Expression:
        return self.rest(None)

    def rest(self, left: Expression | None) -> Expression:
        """The expression whose first operand, if it is given, is read already."""
        if self._depth == 0:
            self._operators = 0
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self.error(f"an expression is nested deeper than {MAX_NESTING} levels")
        found = self._climb(1, None if left is None else self._indexed(left))
        self._depth -= 1
        return found

    def _climb(self, lowest: int, first: Expression | None = None) -> Expression:
        left = self._prefix() if first is None else first
        while True:
            op = self._operator()
            level = PRECEDENCE.get(op, 0)
            if level < lowest:
                return left
            at = self.at
            self.next()
            self._count()
            left = Binary(at, op, left, self._climb(level if op == "**" else level + 1))

    def _operator(self) -> str:
        return self.kind

    def _prefix(self) -> Expression:
        if self.kind in ("-", "~", "!"):
            at, op = self.at, self.next()
            self._count()
            return Unary(at, op, self._climb(UNARY))
        return self._indexed(self._atom())

    def _count(self) -> None:
        self._operators += 1
        if self._operators > MAX_OPERATORS:
            raise self.error(f"an expression has more than {MAX_OPERATORS} operators")

    def _indexed(self, base: Expression) -> Expression:
        while self.kind == "[":
            self._count()
            base = self.index_of(base)
        return base

    def index_of(self, base: Expression) -> Index:
        at = self.at
        self.expect("[")
        if self.kind == "{":
            items: tuple[Expression | Range | SetOf, ...] = (self.set_of(),)
        else:
            found = [self.range_or_value()]
            while self.accept(",") and self.kind != "]":
                found.append(self.range_or_value())
            items = tuple(found)
        self.expect("]")
        return Index(at, base, items)

    def range_or_value(self) -> Expression | Range:
        at = self.at
        first = None if self.kind == ":" else self.expression()
        if not self.accept(":"):
            if first is None:
                raise self.error(f"found {self.shown}", VALUE)
            return first
        second = None if self.kind in (":", "]", ",") else self.expression()
        if not self.accept(":"):
            return Range(at, first, None, second)
        return Range(at, first, second, self.expression())

    def set_of(self) -> SetOf:
        at = self.at
        self.expect("{")
        items = [self.expression()]
        while self.accept(",") and self.kind != "}":
            items.append(self.expression())
        self.expect("}")
        return SetOf(at, tuple(items))

    def _atom(self) -> Expression:
        at, kind = self.at, self.kind
        if kind == "id":
            return self._name_or_call()
        if kind == "integer":
            return Literal(at, "int", self.whole(self.next(), at))
        if kind in ("real", "imag", "time"):
            return self._measured(at, kind, self.next())
        if kind == "(":
            self.next()
            inner = self.expression()
            self.expect(")")
            return inner
        if kind == "string":
            return self._bits(at, self.next())
        if kind in ("true", "false"):
            return Literal(at, "bool", self.next() == "true")
        if kind == "hardware":
            return Name(at, self.next())
        return self._keyword(at, kind)

    def _keyword(self, at: int, kind: str) -> Expression:
        if kind in TYPES:
            return self.cast(self.type_of())
        if kind == "durationof":
            self.next()
            self.expect("(")
            body = self.block()
            self.expect(")")
            return DurationOf(at, body)
        if kind == "pow" and self.peek() == "(":
            return self._name_or_call()
        raise self.error(f"found {self.shown}", VALUE)

    def cast(self, kind: TypeOf) -> Cast:
        self.expect("(")
        operand = self.expression()
        self.expect(")")
        return Cast(kind.at, kind, operand)

    def _name_or_call(self) -> Expression:
        at, name = self.at, self.next()
        if self.kind != "(":
            return Name(at, name)
        return Call(at, name, self.arguments())

    def arguments(self) -> tuple[Expression, ...]:
        """`(a, b)`, possibly empty."""
        self.expect("(")
        found: list[Expression] = []
        while self.kind != ")":
            found.append(self.expression())
            if not self.accept(","):
                break
        self.expect(")", "',' or ')'")
        return tuple(found)

    def whole(self, text: str, at: int) -> int:
        if len(text) > MAX_DIGITS:
            raise self.error(f"the number {text[:20]}... is too large", f"at most {MAX_DIGITS} digits", at)
        digits = text.replace("_", "")
        radix = _RADIX.get(digits[:2].lower(), 10)
        return int(digits if radix == 10 else digits[2:], radix)

    def _measured(self, at: int, kind: str, text: str) -> Literal:
        digits = text.replace("_", "")
        if kind == "real":
            return Literal(at, "float", self._real(digits, at))
        unit = "im" if kind == "imag" else next(u for u in _SECONDS if digits.endswith(u))
        number = self._real(digits[: -len(unit)], at)
        if kind == "imag":
            return Literal(at, "imag", number)
        return Literal(at, "time", number, unit="us" if unit == "µs" else unit)

    def _real(self, digits: str, at: int) -> float:
        number = float(digits)
        if number == float("inf"):
            raise self.error(f"the number {digits[:20]} is too large", "at most 1.8e308", at)
        return number

    def _bits(self, at: int, text: str) -> Literal:
        digits = text[1:-1].replace("_", "")
        if text[0] != '"' or set(digits) - {"0", "1"} or "__" in text or text[1] == "_" or text[-2] == "_":
            raise self.error(f"found the string {text}", 'bits in double quotes such as "0110"', at)
        return Literal(at, "bits", int(digits, 2), size=len(digits))

    def operand(self) -> Expression:
        """A qubit, a register or a part of one."""
        if self.kind not in ("id", "hardware"):
            raise self.error(f"found {self.shown}", OPERAND)
        at, hardware = self.at, self.kind == "hardware"
        found: Expression = Name(at, self.next())
        while self.kind == "[" and not hardware:
            found = self.index_of(found)
        return found

    def operands(self) -> tuple[Expression, ...]:
        found = [self.operand()]
        while self.accept(",") and self.kind in ("id", "hardware"):
            found.append(self.operand())
        return tuple(found)

    def concatenation(self) -> Expression:
        """`a ++ b` of a declaration or an alias."""
        at = self.at
        return self._concatenated(at, self.expression())

    def _concatenated(self, at: int, first: Expression) -> Expression:
        parts = [first]
        while self.accept("++"):
            parts.append(self.expression())
        return parts[0] if len(parts) == 1 else Concat(at, tuple(parts))

    def initial(self) -> Expression:
        """What may stand after `=` in a declaration."""
        at = self.at
        return self.array() if self.kind == "{" else self._concatenated(at, self.value())

    def array(self) -> ArrayOf:
        at = self.at
        operators = self._operators if self._depth else 0
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise self.error(f"an array is nested deeper than {MAX_NESTING} levels")
        self.expect("{")
        items: list[Expression] = []
        while self.kind != "}":
            self._operators = operators
            items.append(self.array() if self.kind == "{" else self.expression())
            if not self.accept(","):
                break
        self.expect("}", "',' or '}'")
        self._depth -= 1
        return ArrayOf(at, tuple(items))

    def size(self) -> Expression | None:
        """`[n]`, where there is one."""
        if not self.accept("["):
            return None
        found = self.expression()
        self.expect("]")
        return found

    def type_of(self) -> TypeOf:
        """A scalar or an array type."""
        at, name = self.at, self.kind
        if name not in TYPES:
            raise self.error(f"found {self.shown}", "a type")
        self.next()
        if name == "array":
            return self._array_type(at)
        if name == "complex":
            return TypeOf(at, name, element=self._element())
        return TypeOf(at, name, None if name in ("bool", "duration", "stretch") else self.size())

    def scalar(self) -> TypeOf:
        if self.kind == "array":
            raise self.error("found 'array'", "a scalar type")
        return self.type_of()

    def _element(self) -> TypeOf | None:
        if not self.accept("["):
            return None
        found = self.scalar()
        self.expect("]")
        return found

    def _array_type(self, at: int, access: str = "") -> TypeOf:
        self.expect("[")
        element = self.scalar()
        self.expect(",")
        if access and self.accept("#dim"):
            self.expect("=")
            rank = self.expression()
            self.expect("]")
            return TypeOf(at, "array", element=element, rank=rank, access=access)
        dims = [self.expression()]
        while self.accept(",") and self.kind != "]":
            dims.append(self.expression())
        self.expect("]", "',' or ']'")
        return TypeOf(at, "array", element=element, dims=tuple(dims), access=access)

    def array_reference(self) -> TypeOf:
        """The type of an array parameter: `readonly array[...]` or `mutable array[...]`."""
        at, access = self.at, self.next()
        self.expect("array")
        return self._array_type(at, access)


__all__ = ["Expressions", "QasmError"]
