"""Memory that kernels see: views of series, words at addresses, tuples laid down in a row. No allocation.

A *view* is a ring (address, mask, shift), whose element `i` is at `address + 8 * ((i + shift) & mask)` and whose mask is
2^k - 1 for the last 2^k elements, or an array that nobody writes (address, shift), whose element `i` is at `address + 8 *
(i + shift)`. One kernel therefore reads the caller's own array in batch and its ring in a stream. A *tuple in memory* is
its scalars (float64, int64) in a row.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types as numba_types
from numba.core import cgutils
from numba.extending import intrinsic

from ..market.engine.compiled import fused as _fused

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
_intrinsic: Any = intrinsic
fused: Any = _fused
"""The decorator of everything that is compiled into an entry: merged into its callers, not compiled by itself."""
types: Any = numba_types
_cgutils: Any = cgutils
_WORD, _HALF = ir.IntType(64), ir.IntType(32)


def _element(builder: Any, address: Any, index: Any, kind: Any) -> Any:
    return builder.gep(builder.inttoptr(address, kind.as_pointer()), [index])


@_intrinsic
def load(typingctx: Any, address: Any, kind: Any) -> Any:
    """The tuple or number of a type at an address."""
    what = kind.instance_type

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = builder.load(builder.inttoptr(args[0], context.get_value_type(what).as_pointer()))
        found.align = 8
        return found

    return what(types.int64, kind), make


@_intrinsic
def store(typingctx: Any, address: Any, value: Any) -> Any:
    """Lay a tuple or number down at an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = builder.inttoptr(args[0], args[1].type.as_pointer())
        builder.store(args[1], pointer).align = 8
        return context.get_dummy_value()

    return types.void(types.int64, value), make


@_intrinsic
def element(typingctx: Any, address: Any, index: Any) -> Any:
    """The float64 with a number in the array at an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_element(builder, args[0], args[1], ir.DoubleType()))

    return types.float64(types.int64, types.int64), make


@_intrinsic
def set_element(typingctx: Any, address: Any, index: Any, value: Any) -> Any:
    """Write a float64 into the array at an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[2], _element(builder, args[0], args[1], ir.DoubleType()))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.float64), make


@_intrinsic
def set_int32(typingctx: Any, address: Any, index: Any, value: Any) -> Any:
    """Write an int32 into the array at an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(builder.trunc(args[2], _HALF), _element(builder, args[0], args[1], _HALF))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), make


@_intrinsic
def fma(typingctx: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c rounded once: half the latency of a recurrence, and the same in every mode."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return types.float64(types.float64, types.float64, types.float64), make


@_intrinsic
def address_of(typingctx: Any, record: Any) -> Any:
    """Where a record is."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        pointer = args[0] if isinstance(args[0].type, ir.PointerType) else _cgutils.alloca_once_value(builder, args[0])
        return builder.ptrtoint(pointer, _WORD)

    return types.int64(record), make


@_intrinsic
def at(typingctx: Any, view: Any, i: Any) -> Any:
    """Element `i` of a view. The compiler may take it that arrays do not change, and reorder what reads them."""
    fixed = len(view) == 2

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        place = [builder.extract_value(args[0], part) for part in range(len(view))]
        index = builder.add(args[1], place[-1])
        if not fixed:
            return builder.load(_element(builder, place[0], builder.and_(index, place[1]), ir.DoubleType()))
        found = builder.load(_element(builder, place[0], index, ir.DoubleType()))
        found.set_metadata("invariant.load", builder.module.add_metadata([]))
        return found

    return types.float64(view, types.int64), make


@fused
def put(view, i, value):
    """Write element `i` of a view."""
    set_element(view[0], (i + view[2]) & view[1], value)


@fused
def ring(memory, where):
    """The view of a ring that a plan asked for: `where` is (bytes from `memory`, mask)."""
    return memory + where[0], where[1], 0


@_intrinsic
def later(typingctx: Any, view: Any, k: Any) -> Any:
    """The view that begins at element k: for a part that starts after the first bar."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        last = len(view) - 1
        return builder.insert_value(args[0], builder.add(builder.extract_value(args[0], last), args[1]), last)

    return view(view, types.int64), make
