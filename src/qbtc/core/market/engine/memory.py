"""Records at addresses: how the compiled core reaches its state without arrays on the way.

A NumPy array passed between compiled functions costs seven words and reference counts; an address costs one register.
So the state of a market is a header record whose fields are addresses of blocks that Python owns (`Block`), and
`pointer(dtype)` makes the compiled function that views an address as a record. Nothing checks an address: only the
modules of this package make them. Functions take records and addresses, and never return a record.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core.types import Type
from numba.extending import intrinsic
from numba.np.numpy_support import from_dtype
from numpy.typing import NDArray

_WORD = ir.IntType(64)


def pointer(dtype: np.dtype[np.void]) -> Callable[[int], Any]:
    """A compiled function from an address to the record there (fields are read and written as attributes)."""
    record = from_dtype(dtype)

    @intrinsic
    def at(typingctx: Any, address: Type) -> Any:
        def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(record))

        return record(types.int64), make

    return cast("Callable[[int], Any]", at)


@intrinsic
def _load(typingctx: Any, address: Type) -> Any:
    """The 64-bit word at an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(builder.inttoptr(args[0], _WORD.as_pointer()))

    return types.int64(types.int64), make


@intrinsic
def _store(typingctx: Any, address: Type, value: Type) -> Any:
    """Write the 64-bit word at an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[1], builder.inttoptr(args[0], _WORD.as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), make


@intrinsic
def _load32(typingctx: Any, address: Type) -> Any:
    """The signed 32-bit word at an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        narrow = builder.load(builder.inttoptr(args[0], ir.IntType(32).as_pointer()))
        return builder.sext(narrow, _WORD)

    return types.int64(types.int64), make


@intrinsic
def _store32(typingctx: Any, address: Type, value: Type) -> Any:
    """Write the low 32 bits of a word at an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        narrow = builder.trunc(args[1], ir.IntType(32))
        builder.store(narrow, builder.inttoptr(args[0], ir.IntType(32).as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), make


@intrinsic
def _lowest(typingctx: Any, word: Type) -> Any:
    """Index of the lowest bit that is set; 64 for 0."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.int64), make


@intrinsic
def _shift_right(typingctx: Any, word: Type, count: Type) -> Any:
    """Logical shift of a word."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.lshr(args[0], args[1])

    return types.int64(types.int64, types.int64), make


@intrinsic
def _times(typingctx: Any, word: Type, other: Type) -> Any:
    """The low 64 bits of a product. Numba's own signed `*` promises the compiler that nothing overflows."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.mul(args[0], args[1])

    return types.int64(types.int64, types.int64), make


@intrinsic
def _prefetch(typingctx: Any, address: Type) -> Any:
    """Ask for the cache line of an address."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        narrow = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), narrow, narrow, narrow])
        call = builder.module.declare_intrinsic("llvm.prefetch", (ir.IntType(8).as_pointer(),), kind)
        where = builder.inttoptr(args[0], ir.IntType(8).as_pointer())
        builder.call(call, [where, narrow(0), narrow(3), narrow(1)])
        return context.get_dummy_value()

    return types.void(types.int64), make


load = cast("Callable[[int], int]", _load)
store = cast("Callable[[int, int], None]", _store)
load32 = cast("Callable[[int], int]", _load32)
store32 = cast("Callable[[int, int], None]", _store32)
lowest = cast("Callable[[int], int]", _lowest)
shift_right = cast("Callable[[int, int], int]", _shift_right)
times = cast("Callable[[int, int], int]", _times)
prefetch = cast("Callable[[int], None]", _prefetch)


def block(count: int, dtype: Any) -> tuple[NDArray[Any], int]:
    """Zeros that cost memory only where touched, and their address, which starts a cache line."""
    size = count * np.dtype(dtype).itemsize
    raw = np.zeros(size + 64, np.uint8)
    skip = -raw.ctypes.data % 64
    made = raw[skip : skip + size].view(dtype)
    return made, int(made.ctypes.data)
