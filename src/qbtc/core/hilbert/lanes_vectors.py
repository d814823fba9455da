"""How compiled loops over lanes are written: Python expressions that become LLVM vector instructions.

Numba's own inner loops over 16 lanes keep sums in memory and test at run time whether arrays overlap, which costs more than
the arithmetic. A `primitive` is a function of `Lane` (the place to write instructions) and its arguments; what it builds
stays in registers. No product code but `lanes` and `lanes_spectra` uses this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from inspect import Parameter, Signature
from typing import Any, NamedTuple

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

LANES = 16

_WORD, _DOUBLE = ir.IntType(64), ir.DoubleType()
_VECTOR = ir.VectorType(_DOUBLE, LANES)
_CONTRACT = ("contract",)
_types: Any = types
_tools: Any = cgutils
_intrinsic: Any = intrinsic


class Vector:
    """LANES doubles; sums of products contract to one instruction where the processor has it."""

    __slots__ = ("builder", "value")

    def __init__(self, builder: Any, value: Any) -> None:
        self.builder, self.value = builder, value

    def _with(self, method: str, other: Vector | float) -> Vector:
        right = other.value if isinstance(other, Vector) else ir.Constant(_VECTOR, [other] * LANES)
        return Vector(self.builder, getattr(self.builder, method)(self.value, right, flags=_CONTRACT))

    def __add__(self, other: Vector | float) -> Vector:
        return self._with("fadd", other)

    def __sub__(self, other: Vector | float) -> Vector:
        return self._with("fsub", other)

    def __mul__(self, other: Vector | float) -> Vector:
        return self._with("fmul", other)

    def __truediv__(self, other: Vector | float) -> Vector:
        return self._with("fdiv", other)

    def sqrt(self) -> Vector:
        return self._call("sqrt")

    def like_sign_of(self, other: Vector) -> Vector:
        return self._call("copysign", other)

    def if_not_zero(self, chosen: Vector, otherwise: Vector) -> Vector:
        """`chosen` where this is not 0."""
        test = self.builder.fcmp_unordered("!=", self.value, ir.Constant(_VECTOR, [0.0] * LANES))
        return Vector(self.builder, self.builder.select(test, chosen.value, otherwise.value))

    def _call(self, name: str, *others: Vector) -> Vector:
        kind = ir.FunctionType(_VECTOR, [_VECTOR] * (1 + len(others)))
        function = _tools.get_or_insert_function(self.builder.module, kind, f"llvm.{name}.v{LANES}f64")
        return Vector(self.builder, self.builder.call(function, [self.value, *(o.value for o in others)]))


def double(value: float) -> Any:
    """A constant."""
    return ir.Constant(_DOUBLE, value)


class Pair(NamedTuple):
    """A complex number a lane."""

    real: Vector
    imaginary: Vector

    def plus(self, a: Pair, b: Pair) -> Pair:
        """self + a b."""
        return Pair(
            self.real + a.real * b.real - a.imaginary * b.imaginary,
            self.imaginary + a.real * b.imaginary + a.imaginary * b.real,
        )

    def plus_conjugate(self, a: Pair, b: Pair) -> Pair:
        """self + conj(a) b."""
        return Pair(
            self.real + a.real * b.real + a.imaginary * b.imaginary,
            self.imaginary + a.real * b.imaginary - a.imaginary * b.real,
        )

    def minus_conjugate(self, a: Pair, b: Pair) -> Pair:
        """self - conj(a) b."""
        return Pair(
            self.real - a.real * b.real - a.imaginary * b.imaginary,
            self.imaginary - a.real * b.imaginary + a.imaginary * b.real,
        )


class Variable:
    """A pair that a loop changes."""

    def __init__(self, builder: Any, value: Pair) -> None:
        self._builder = builder
        self._slots = tuple(_tools.alloca_once(builder, _VECTOR) for _ in value)
        self.set(value)

    def get(self) -> Pair:
        return Pair(*(Vector(self._builder, self._builder.load(slot)) for slot in self._slots))

    def set(self, value: Pair) -> None:
        for slot, part in zip(self._slots, value, strict=True):
            self._builder.store(part.value, slot)


class Lane:
    """Where instructions go, and the addresses behind array arguments."""

    def __init__(self, context: Any, builder: Any) -> None:
        self._context, self.builder = context, builder

    def array(self, kind: Any, value: Any) -> Any:
        """The address of the first element of an array argument."""
        return self._context.make_array(kind)(self._context, self.builder, value).data

    def length(self, kind: Any, value: Any) -> Any:
        """The last length of an array argument's shape."""
        shape = self._context.make_array(kind)(self._context, self.builder, value).shape
        return self.builder.extract_value(shape, kind.ndim - 1)

    def element(self, base: Any, index: Any) -> Any:
        return self.builder.load(self.builder.gep(base, [index]))

    def everywhere(self, value: Any) -> Vector:
        """One double in all lanes."""
        empty = ir.Constant(_VECTOR, ir.Undefined)
        first = self.builder.insert_element(empty, value, ir.IntType(32)(0))
        mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
        return Vector(self.builder, self.builder.shuffle_vector(first, empty, mask))

    def vector(self, base: Any, index: Any) -> Vector:
        """The `index`-th vector from `base`."""
        return Vector(self.builder, self.builder.load(self._place(base, index), align=8))

    def put(self, base: Any, index: Any, value: Vector) -> None:
        self.builder.store(value.value, self._place(base, index), align=8)

    def pair(self, base: Any, index: Any) -> Pair:
        """The `index`-th pair (2, LANES) from `base`."""
        first = self.builder.shl(index, _WORD(1))
        return Pair(self.vector(base, first), self.vector(base, self.builder.add(first, _WORD(1))))

    def put_pair(self, base: Any, index: Any, value: Pair) -> None:
        first = self.builder.shl(index, _WORD(1))
        self.put(base, first, value.real)
        self.put(base, self.builder.add(first, _WORD(1)), value.imaginary)

    @contextmanager
    def each(self, start: Any, stop: Any) -> Iterator[Any]:
        """The index of a loop over start .. stop - 1."""
        with _tools.for_range_slice(self.builder, start, stop, _WORD(1), intp=_WORD) as (index, _):
            yield index

    def _place(self, base: Any, index: Any) -> Any:
        place = self.builder.gep(base, [self.builder.mul(index, _WORD(LANES))])
        return self.builder.bitcast(place, _VECTOR.as_pointer())


def primitive(*names: str) -> Callable[[Callable[[Lane, Any, Any], None]], Any]:
    """A compiled procedure of these arguments whose body `write(lane, types, values)` gives; integers have 64 bits."""

    def made(write: Callable[[Lane, Any, Any], None]) -> Any:
        def typed(typing: Any, *kinds: Any) -> Any:
            wanted = [_types.int64 if isinstance(kind, _types.Integer) else kind for kind in kinds]

            def body(context: Any, builder: Any, signature: Any, values: Any) -> Any:
                write(Lane(context, builder), signature.args, values)
                return context.get_dummy_value()

            return _types.void(*wanted), body

        plain = [Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in ("typing", *names)]
        typed.__name__, typed.__doc__ = write.__name__, write.__doc__
        typed.__signature__ = Signature(plain)  # type: ignore[attr-defined]
        return _intrinsic(typed)

    return made
