"""The value of an expression. Pure: calls of subroutines, which may measure, are made beforehand by the machine.

Every fault is told at the place of the operator, name or index that caused it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from . import syntax as s
from .arithmetic import ARITY, binary, function, unary
from .errors import QasmError, Sources
from .store import Array, Binding, Bits, Cell, Element, Qubits, bit_kind, number_of
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
    Value,
    ValueFault,
    converted,
    real,
    truth,
    whole,
)

T = TypeVar("T")
CONSTANTS: dict[str, float] = {
    "pi": math.pi,
    "π": math.pi,
    "tau": math.tau,
    "τ": math.tau,
    "euler": math.e,
    "ℇ": math.e,
}
MAX_ELEMENTS = 1_000_000
_SIGNED = {"-": -1, "+": 1}
_UNITS = {"dt": 1e-9, "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
Names = dict[str, Binding]


class Evaluator:
    """`scopes` are searched from the last to the first; `called` holds the values of calls made beforehand,
    `shapes` the dimensions of arrays and registers that have no elements yet."""

    def __init__(self, sources: Sources, scopes: list[Names]) -> None:
        self.sources, self.scopes = sources, scopes
        self.called: dict[int, Value] = {}
        self.shapes: dict[str, tuple[int, ...]] = {}
        self._kinds: dict[type, Callable[..., Value]] = {
            s.Name: self._name,
            s.Literal: self._literal,
            s.Unary: self._unary,
            s.Binary: self._binary,
            s.Index: self._index,
            s.Call: self._call,
            s.QuantumCall: self._made,
            s.MeasureOf: self._made,
            s.Cast: self._cast,
            s.DurationOf: self._duration,
            s.Concat: self._concat,
        }

    def fault(self, at: int, message: str, expected: str | None = None) -> QasmError:
        return self.sources.error(at, message, expected)

    def guarded(self, at: int, compute: Callable[[], T]) -> T:
        """The result, with a value's fault told at `at`."""
        try:
            return compute()
        except ValueFault as error:
            raise self.fault(at, str(error)) from None

    def find(self, name: str) -> Binding | None:
        for scope in reversed(self.scopes):
            if name in scope:
                return scope[name]
        return None

    def value(self, node: s.Expression) -> Value:
        handler = self._kinds.get(type(node))
        if handler is None:
            raise self.fault(node.at, "an array literal is no value", "a declaration of an array")
        return handler(node)

    def real(self, node: s.Expression) -> float:
        return self.guarded(node.at, lambda: real(self.value(node)))

    def whole(self, node: s.Expression) -> int:
        return self.guarded(node.at, lambda: whole(self.value(node)))

    def truth(self, node: s.Expression) -> bool:
        return self.guarded(node.at, lambda: truth(self.value(node)))

    def data(self, node: s.Expression, kind: Kind) -> int | float | complex:
        """The value of the expression as `kind`."""
        return self.guarded(node.at, lambda: converted(self.value(node), kind))

    def kind(self, node: s.TypeOf) -> Kind:
        """The kind of a scalar type; its size is evaluated."""
        if node.name == "stretch":
            return DURATION
        if node.size is None:
            unsized = {"int": Kind("int", WIDTH), "uint": UINT, "angle": Kind("angle", WIDTH)}
            return unsized.get(node.name, Kind(node.name))
        size = self.whole(node.size)
        if not 1 <= size <= MAX_WIDTH:
            raise self.fault(node.size.at, f"a width of {size}", f"1 to {MAX_WIDTH}")
        return Kind(node.name, None if node.name == "float" else size)

    def _name(self, node: s.Name) -> Value:
        found = self.find(node.name)
        if isinstance(found, Cell):
            return Value(found.kind, found.read())
        if isinstance(found, Bits):
            return Value(bit_kind(len(found.parts), found.single), found.read())
        if found is None and node.name in CONSTANTS:
            return Value(FLOAT, CONSTANTS[node.name])
        if found is None:
            raise self.fault(node.at, f"unknown name {node.name!r}", "a declared name")
        what = "an array" if isinstance(found, Array) else "of qubits"
        raise self.fault(node.at, f"{node.name!r} is {what}, not a value")

    def _literal(self, node: s.Literal) -> Value:
        if node.kind == "int":
            return Value(LITERAL, node.value)
        if node.kind == "float":
            return Value(FLOAT, node.value)
        if node.kind == "bits":
            return Value(Kind("bit", node.size), node.value)
        if node.kind == "imag":
            return Value(COMPLEX, complex(0, node.value))
        return Value(DURATION, node.value * _UNITS[node.unit]) if node.kind == "time" else Value(BOOL, int(node.value))

    def _unary(self, node: s.Unary) -> Value:
        operand = self.value(node.operand)
        return self.guarded(node.at, lambda: unary(node.op, operand))

    def _binary(self, node: s.Binary) -> Value:
        left = self.value(node.left)
        right = self.value(node.right)
        return self.guarded(node.at, lambda: binary(node.op, left, right))

    def _made(self, node: s.Expression) -> Value:
        found = self.called.get(id(node))
        if found is None:
            raise self.fault(node.at, "this needs a run of the circuit", "a value that is known beforehand")
        return found

    def _call(self, node: s.Call) -> Value:
        if id(node) in self.called:
            return self.called[id(node)]
        if node.name == "sizeof":
            return self._sizeof(node)
        if node.name not in ARITY:
            return self._made(node)
        arguments = tuple(self.value(a) for a in node.arguments)
        if len(arguments) != ARITY[node.name]:
            raise self.fault(node.at, f"{node.name!r} is given {len(arguments)} values", str(ARITY[node.name]))
        return self.guarded(node.at, lambda: function(node.name, arguments))

    def _sizeof(self, node: s.Call) -> Value:
        if not 1 <= len(node.arguments) <= 2:
            raise self.fault(node.at, f"'sizeof' is given {len(node.arguments)} values", "1 or 2")
        shape = self._shape(node.arguments[0])
        found = self.place(node.arguments[0]) if shape is None else None
        shape = found.items.shape if isinstance(found, Array) else shape
        if shape is not None:
            axis = self.whole(node.arguments[1]) if len(node.arguments) == 2 else 0
            if not 0 <= axis < len(shape):
                raise self.fault(node.at, f"dimension {axis} of {len(shape)}")
            return Value(UINT, shape[axis])
        if isinstance(found, Qubits | Bits) and len(node.arguments) == 1:
            return Value(UINT, len(found.numbers if isinstance(found, Qubits) else found.parts))
        if isinstance(found, Cell) and found.kind.name == "bit" and len(node.arguments) == 1:
            return Value(UINT, found.kind.width)
        raise self.fault(node.at, "'sizeof' needs an array or a register")

    def _shape(self, node: s.Expression) -> tuple[int, ...] | None:
        """Where only the dimensions are known: of the array itself, or of an element of its first ones."""
        base, given = (node.base, node.items) if isinstance(node, s.Index) else (node, ())
        if not isinstance(base, s.Name) or self.find(base.name) is not None or base.name not in self.shapes:
            return None
        shape = self.shapes[base.name]
        single = not any(isinstance(item, s.Range | s.SetOf) for item in given)
        return shape[len(given) :] if single and len(given) < len(shape) else None

    def _cast(self, node: s.Cast) -> Value:
        kind = self.kind(node.type)
        return Value(kind, self.data(node.operand, kind))

    def _duration(self, _node: s.DurationOf) -> Value:
        """Gates take no time here."""
        return Value(DURATION, 0.0)

    def _concat(self, node: s.Concat) -> Value:
        number, width = 0, 0
        for part in node.parts:
            value = self.value(part)
            if value.kind.name != "bit":
                raise self.fault(part.at, f"a {value.kind} in a concatenation", "bits")
            number, width = number | int(value.data.real) << width, width + value.kind.width
        return Value(Kind("bit", width), number)

    def _index(self, node: s.Index) -> Value:
        found = self.place(node)
        if isinstance(found, Cell):
            return Value(found.kind, found.read())
        if isinstance(found, Bits):
            return Value(bit_kind(len(found.parts), found.single), found.read())
        raise self.fault(node.at, "a part of an array is no value", "an element of it")

    def place(self, node: s.Expression) -> Binding:
        """What a name, an indexed name or a concatenation of them stands for: it can be read, written or operated on."""
        if isinstance(node, s.Name):
            found = self.find(node.name)
            if found is not None:
                return found
            raise self.fault(node.at, f"unknown name {node.name!r}", "a declared name")
        if isinstance(node, s.Index):
            return self._part(node, self.place(node.base))
        if isinstance(node, s.Concat):
            return self._joined(node)
        value = self.value(node)
        return Cell(value.kind, value.data, const=True)

    def _joined(self, node: s.Concat) -> Binding:
        parts = [self.place(part) for part in node.parts]
        if all(isinstance(p, Qubits) for p in parts):
            numbers = tuple(n for p in parts if isinstance(p, Qubits) for n in p.numbers)
            if len(set(numbers)) != len(numbers):
                raise self.fault(node.at, "a qubit appears twice in an alias", "different qubits")
            return Qubits(numbers)
        joined: list[tuple[Cell, int]] = []
        for part, expression in zip(parts, node.parts, strict=True):
            bits = part if isinstance(part, Bits) else self._all_bits(part)
            if bits is None:
                raise self.fault(expression.at, "only qubits or only bits can be joined")
            joined += bits.parts
        return Bits(tuple(joined))

    def _all_bits(self, found: Binding) -> Bits | None:
        if isinstance(found, Cell) and found.kind.name == "bit":
            return Bits(tuple((found, i) for i in range(found.kind.width)), found.kind.size is None)
        return None

    def bits_of(self, node: s.Expression) -> Bits:
        """The bits that a measurement writes."""
        found = self.place(node)
        if isinstance(found, Cell) and found.const:
            raise self.fault(node.at, "a constant cannot be written")
        bits = found if isinstance(found, Bits) else self._all_bits(found)
        if bits is None and isinstance(found, Cell) and found.kind.name == "bool":
            bits = Bits(((found, 0),), single=True)
        if bits is None and isinstance(found, Cell) and found.kind.name in ("angle", "uint", "int"):
            bits = Bits(tuple((found, i) for i in range(found.kind.width)))
        if bits is None:
            raise self.fault(node.at, "a measurement is written into something without bits", "a bit or a register")
        return bits

    def _part(self, node: s.Index, base: Binding) -> Binding:
        if isinstance(base, Array):
            return self._array_part(node, base)
        if len(node.items) != 1:
            raise self.fault(node.at, f"{len(node.items)} indices of one dimension", "one index, range or set")
        item = node.items[0]
        if isinstance(base, Qubits):
            if base.single:
                raise self.fault(node.at, "a single qubit has no elements", "no index")
            numbers = tuple(base.numbers[i] for i in self.positions(item, len(base.numbers), node.base))
            return Qubits(numbers, single=not isinstance(item, s.Range | s.SetOf))
        if isinstance(base, Cell) and (
            base.kind.name not in ("bit", "int", "uint", "angle") or base.kind == Kind("bit")
        ):
            raise self.fault(node.at, f"a value of type {base.kind} has no elements", "no index")
        parts = base.parts if isinstance(base, Bits) else tuple((base, i) for i in range(base.kind.width))
        chosen = tuple(parts[i] for i in self.positions(item, len(parts), node.base))
        return Bits(chosen, single=not isinstance(item, s.Range | s.SetOf))

    def positions(
        self, item: s.Expression | s.Range | s.SetOf, size: int, base: s.Expression | None = None
    ) -> list[int]:
        """The numbers, from 0, that an index, a range or a set chooses of `size` elements."""
        if isinstance(item, s.Range):
            numbers = list(self.range(item, size))
        elif isinstance(item, s.SetOf):
            numbers = [self.whole(i) for i in item.items]
        else:
            numbers = [self.whole(item)]
        for number in numbers:
            if not -size <= number < size:
                shown = base.name if isinstance(base, s.Name) else ""
                allowed = f"an index from 0 to {size - 1}"
                raise self.fault(item.at, f"{shown}[{number}] does not exist", allowed)
        found = [number_of(n, size) for n in numbers]
        if len(set(found)) != len(found):
            raise self.fault(item.at, "an element appears twice in an index", "different elements")
        return found

    def range(self, item: s.Range, size: int | None = None) -> range:
        """The numbers of a range; the end is included. Without `size` both ends must be given."""
        step = 1 if item.step is None else self.whole(item.step)
        if step == 0:
            raise self.fault(item.at, "a range with step 0", "another step")
        if size is None and (item.start is None or item.stop is None):
            raise self.fault(item.at, "a range without an end", "a start and an end")
        last = (size or 0) - 1
        start = (0 if step > 0 else last) if item.start is None else self.whole(item.start)
        stop = (last if step > 0 else 0) if item.stop is None else self.whole(item.stop)
        if size is not None:
            start, stop = (n + size if -size <= n < 0 else n for n in (start, stop))
        if max(abs(start), abs(stop), abs(step)) >> 62:
            raise self.fault(item.at, "a range beyond 62 bits")
        found = range(start, stop + _SIGNED["+" if step > 0 else "-"], step)
        if size is not None and len(found) > size:
            raise self.fault(item.at, f"a range of {len(found)} in {size} elements", f"an index from 0 to {last}")
        return found

    def _array_part(self, node: s.Index, base: Array) -> Binding:
        if len(node.items) > base.items.ndim:
            raise self.fault(node.at, f"{len(node.items)} indices of {base.items.ndim} dimensions")
        keys: list[int | slice] = []
        for item, size in zip(node.items, base.items.shape, strict=False):
            if isinstance(item, s.SetOf):
                raise self.fault(item.at, "a set as an index of an array", "an index or a range")
            chosen = self.positions(item, size, node.base)
            keys.append(_as_slice(chosen) if isinstance(item, s.Range) else chosen[0])
        if len(keys) == base.items.ndim and all(isinstance(k, int) for k in keys):
            place = tuple(k for k in keys if isinstance(k, int))
            return Element(base.kind, base.items[place], base.const, array=base.items, place=place)
        return Array(base.kind, base.items[tuple(keys)], base.const)

    def new_array(self, node: s.TypeOf) -> Array:
        """An array of zeros of the type's dimensions."""
        if node.element is None:
            raise self.fault(node.at, "an array without an element type")
        dims = tuple(self.whole(d) for d in node.dims)
        if min(dims) < 0 or math.prod(dims) > MAX_ELEMENTS:
            raise self.fault(node.at, f"an array of {' x '.join(map(str, dims))}", f"at most {MAX_ELEMENTS} elements")
        kind = self.kind(node.element)
        start = 0.0 if kind.name in ("float", "duration") else 0j if kind.name == "complex" else 0
        return Array(kind, np.full(dims, start, dtype=np.object_))

    def fill(self, array: Array, node: s.Expression) -> None:
        """Set all elements from a literal or from an array of the same shape."""
        if isinstance(node, s.ArrayOf):
            self._fill_literal(array.items, array.kind, node)
            return
        found = self.place(node)
        if not isinstance(found, Array) or found.items.shape != array.items.shape:
            shape = " x ".join(map(str, array.items.shape))
            raise self.fault(node.at, "not an array of the same shape", f"an array of {shape}")
        values = [Value(found.kind, data) for data in found.items.ravel().tolist()]
        data = self.guarded(node.at, lambda: [converted(value, array.kind) for value in values])
        array.items[...] = np.array(data, dtype=np.object_).reshape(array.items.shape)

    def _fill_literal(self, items: object, kind: Kind, node: s.ArrayOf) -> None:
        assert isinstance(items, np.ndarray)
        if len(node.items) != items.shape[0]:
            raise self.fault(node.at, f"{len(node.items)} elements", str(items.shape[0]))
        for i, item in enumerate(node.items):
            if isinstance(item, s.ArrayOf) != (items.ndim > 1):
                inner = None if isinstance(item, s.ArrayOf) else self._row(item)
                if inner is None or inner.items.shape != items.shape[1:]:
                    raise self.fault(item.at, "an element of the wrong depth", f"{items.ndim} levels of braces")
                self.fill(Array(kind, items[i]), item)
            elif isinstance(item, s.ArrayOf):
                self._fill_literal(items[i], kind, item)
            else:
                items[i] = self.data(item, kind)

    def _row(self, node: s.Expression) -> Array | None:
        found = self.place(node) if isinstance(node, s.Name | s.Index) else None
        return found if isinstance(found, Array) else None


def _as_slice(chosen: list[int]) -> slice:
    """The slice of evenly spaced indices, so that the part of the array is a view."""
    if not chosen:
        return slice(0, 0)
    step = chosen[1] - chosen[0] if len(chosen) > 1 else 1
    stop = chosen[-1] + (1 if step > 0 else -1)
    return slice(chosen[0], stop if stop >= 0 else None, step)
