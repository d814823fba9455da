"""Vectors of numbers inside compiled code: four float64 or eight float32, loaded, shuffled and multiplied explicitly.

Numba vectorises a loop only where it can prove that its arrays do not overlap, which butterflies on one array never
allow. Here the vector is a type of its own and each operation one LLVM instruction, on any processor: LLVM splits what
is wider than the registers. Indices count real numbers of the array.
"""

from __future__ import annotations

import platform
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types as numba_types
from numba.core import cgutils as numba_cgutils
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import models, register_model

# mypy: disable-error-code="untyped-decorator"

types: Any = numba_types
cgutils: Any = numba_cgutils
intrinsic: Any = numba_intrinsic
INDEX = ir.IntType(32)


class Vector(types.Type):  # type: ignore[misc]
    def __init__(self, element: Any, lanes: int) -> None:
        self.element, self.lanes = element, lanes
        super().__init__(name=f"Vector({element} x {lanes})")  # type: ignore[no-untyped-call]


@register_model(Vector)
class VectorModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        element = ir.DoubleType() if kind.element == types.float64 else ir.FloatType()
        super().__init__(manager, kind, ir.VectorType(element, kind.lanes))  # type: ignore[no-untyped-call]


KINDS = {types.float64: Vector(types.float64, 4), types.float32: Vector(types.float32, 8)}


def _pointer(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(data, [index])


def _bytes(kind: Any) -> int:
    return int(kind.bitwidth) // 8


def _shuffled(builder: Any, vector: Any, order: list[int]) -> Any:
    mask = ir.Constant(ir.VectorType(INDEX, len(order)), order)
    return builder.shuffle_vector(vector, ir.Constant(vector.type, ir.Undefined), mask)


@intrinsic
def load(typing: Any, array: Any, at: Any) -> Any:
    """The vector that starts at `array[at]`."""
    kind = KINDS[array.dtype]

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, array, args[0], args[1])
        wide = context.get_value_type(kind).as_pointer()
        return builder.load(builder.bitcast(pointer, wide), align=_bytes(array.dtype))

    return kind(array, types.intp), make


@intrinsic
def store(typing: Any, array: Any, at: Any, vector: Any) -> Any:
    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = _pointer(context, builder, array, args[0], args[1])
        builder.store(args[2], builder.bitcast(pointer, args[2].type.as_pointer()), align=_bytes(array.dtype))
        return context.get_dummy_value()

    return types.void(array, types.intp, vector), make


@intrinsic
def gather(typing: Any, array: Any, base: Any, places: Any, at: Any) -> Any:
    """The complex numbers `base + places[at + i]` of an array of pairs (real, imaginary), one after another."""
    kind = KINDS[array.dtype]

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pairs = kind.lanes // 2
        word = ir.IntType(2 * array.dtype.bitwidth)
        found = ir.Constant(ir.VectorType(word, pairs), ir.Undefined)
        if array.dtype == types.float64:
            word = ir.VectorType(ir.DoubleType(), 2)
        parts = []
        for i in range(pairs):
            index = builder.add(args[3], ir.Constant(args[3].type, i))
            place = builder.load(_pointer(context, builder, places, args[2], index))
            offset = builder.add(args[1], builder.zext(place, args[1].type))
            pointer = _pointer(context, builder, array, args[0], builder.shl(offset, ir.Constant(offset.type, 1)))
            parts.append(builder.load(builder.bitcast(pointer, word.as_pointer()), align=_bytes(array.dtype)))
        if array.dtype == types.float64:
            return builder.shuffle_vector(parts[0], parts[1], ir.Constant(ir.VectorType(INDEX, 4), [0, 1, 2, 3]))
        for i, part in enumerate(parts):
            found = builder.insert_element(found, part, INDEX(i))
        return builder.bitcast(found, context.get_value_type(kind))

    return kind(array, types.intp, places, types.intp), make


@intrinsic
def splat(typing: Any, number: Any) -> Any:
    kind = KINDS[number]

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        empty = ir.Constant(context.get_value_type(kind), ir.Undefined)
        return _shuffled(builder, builder.insert_element(empty, args[0], INDEX(0)), [0] * kind.lanes)

    return kind(number), make


@intrinsic
def fma(typing: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c, in one rounding where the processor has it."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        wide = args[0].type
        name = f"llvm.fmuladd.v{a.lanes}f{a.element.bitwidth}"
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(wide, [wide] * 3), name)
        return builder.call(function, args)

    return a(a, a, a), make


@intrinsic
def mul(typing: Any, a: Any, b: Any) -> Any:
    return a(a, a), lambda context, builder, signature, args: builder.fmul(*args)


@intrinsic
def swap(typing: Any, a: Any, bit: Any) -> Any:
    """Lanes exchanged whose numbers differ in `bit` (a constant)."""
    if not isinstance(bit, types.IntegerLiteral):
        return None
    flip = 1 << bit.literal_value

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _shuffled(builder, args[0], [lane ^ flip for lane in range(a.lanes)])

    return a(a, bit), make


@intrinsic
def doubled(typing: Any, a: Any, part: Any) -> Any:
    """The real (0) or imaginary (1) part of each pair, in both its lanes."""
    if not isinstance(part, types.IntegerLiteral):
        return None
    which = part.literal_value

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _shuffled(builder, args[0], [lane & ~1 | which for lane in range(a.lanes)])

    return a(a, part), make


@intrinsic
def turned(typing: Any, a: Any) -> Any:
    """i * a for pairs (real, imaginary)."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        negative = builder.fneg(args[0])
        order = [lane + a.lanes + 1 if lane % 2 == 0 else lane - 1 for lane in range(a.lanes)]
        return builder.shuffle_vector(args[0], negative, ir.Constant(ir.VectorType(INDEX, a.lanes), order))

    return a(a), make


FLUSH = {"x86_64": 0x8040, "aarch64": 1 << 24}.get(platform.machine(), 0)


def _control(builder: Any, value: Any) -> Any:
    """Read the floating-point control register, or write it where a value is given; as a 64-bit integer."""
    word, wide, byte = ir.IntType(32), ir.IntType(64), ir.IntType(8).as_pointer()
    if platform.machine() == "x86_64":
        place = cgutils.alloca_once(builder, word)
        name = "llvm.x86.sse.stmxcsr" if value is None else "llvm.x86.sse.ldmxcsr"
        if value is not None:
            builder.store(builder.trunc(value, word), place)
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(ir.VoidType(), [byte]), name)
        builder.call(function, [builder.bitcast(place, byte)])
        return builder.zext(builder.load(place), wide)
    if platform.machine() == "aarch64":
        kind = ir.FunctionType(wide, []) if value is None else ir.FunctionType(ir.VoidType(), [wide])
        name = "llvm.aarch64.get.fpcr" if value is None else "llvm.aarch64.set.fpcr"
        found = builder.call(
            cgutils.get_or_insert_function(builder.module, kind, name), [] if value is None else [value]
        )
        return found if value is None else value
    return ir.Constant(wide, 0)


@intrinsic
def flush_denormals(typing: Any) -> Any:
    """From here numbers too small for full precision count as 0 (they cost a hundred cycles each); gives what was."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        before = _control(builder, None)
        _control(builder, builder.or_(before, ir.Constant(before.type, FLUSH)))
        return before

    return types.int64(), make


@intrinsic
def restore_denormals(typing: Any, before: Any) -> Any:
    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        _control(builder, args[0])
        return context.get_dummy_value()

    return types.void(types.int64), make
