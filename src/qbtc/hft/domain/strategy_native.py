"""Calls of a compiled strategy from compiled code: it is a C function over three addresses."""

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types as numba_types
from numba.extending import intrinsic as numba_intrinsic

types: Any = numba_types
intrinsic: Any = numba_intrinsic
_WORD = ir.IntType(64)


@intrinsic
def call_strategy(typingctx: Any, address: Any, own: Any, market: Any, orders: Any) -> Any:
    """`int64 f(void *self, void *market, void *orders)` at an address."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = ir.FunctionType(_WORD, [_WORD] * 3)
        return builder.call(builder.inttoptr(args[0], kind.as_pointer()), list(args[1:]))

    return types.int64(*[types.int64] * 4), generate
