"""The decorator of the tape's compiled code: cached on disk under a checksum of all sources that it is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types as numba_types
from numba.extending import intrinsic

from ...binance import fast_text
from ...binance.fast_text import compiler, stamp

# mypy: disable-error-code="untyped-decorator"

_intrinsic: Any = intrinsic
types: Any = numba_types

compiled = compiler(
    stamp(str(Path(__file__).with_name("*.py")), str(Path(fast_text.__file__).with_name("fast_*.py")))
)


@_intrinsic
def bits_of(typingctx: Any, number: Any) -> Any:
    """The bits of a float64 as int64."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.IntType(64))

    return types.int64(types.float64), make
