"""System calls, calls by address and ordered memory for compiled code: what Numba lacks to own a socket.

Libc functions are bound by symbol name and addresses travel as integers, so everything here is cacheable. Nothing is
checked here: who calls holds the buffers alive and reads `errno` at once, on the same thread.
"""

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types as numba_types
from numba.extending import intrinsic as numba_intrinsic

from qbtc.core.binance.fast_text import compiler, stamp
from qbtc.core.market.engine.memory import load32
from qbtc.core.market.engine.memory import prefetch as prefetch_line

types: Any = numba_types
intrinsic: Any = numba_intrinsic
load_word: Any = load32
prefetch: Any = prefetch_line
COMPILED = ("codes", "layout", "native", "tape", "links", "recording", "book", "trading", "answers", "loop", "again")
_HERE = Path(__file__).parent
_SOURCE = _HERE.parents[2]
_BELOW = (
    "core/binance/fast_*",
    "core/market/engine/ladder",
    "core/market/engine/memory",
    "core/market/engine/compiled",
)
_RULES = ("risk_records", "risk_rules", "risk_track", "strategy_native", "strategy_records")
hot = compiler(
    stamp(
        *(str(_HERE / f"{name}.py") for name in COMPILED),
        *(str(_SOURCE / f"{name}.py") for name in _BELOW),
        *(str(_SOURCE / f"hft/domain/{name}.py") for name in _RULES),
        str(_SOURCE / "hft/domain/session/kinds.py"),
    )
)

recv = types.ExternalFunction("recv", types.intp(types.int32, types.uintp, types.uintp, types.int32))
send = types.ExternalFunction("send", types.intp(types.int32, types.uintp, types.uintp, types.int32))
epoll_wait = types.ExternalFunction("epoll_wait", types.int32(types.int32, types.uintp, types.int32, types.int32))
clock_gettime = types.ExternalFunction("clock_gettime", types.int32(types.int32, types.uintp))
errno_location = types.ExternalFunction("__errno_location", types.intp())
memcpy = types.ExternalFunction("memcpy", types.uintp(types.uintp, types.uintp, types.uintp))

MSG_DONTWAIT, MSG_NOSIGNAL = 0x40, 0x4000
EINTR, EAGAIN = 4, 11
REALTIME, MONOTONIC = 0, 1
I64 = ir.IntType(64)
I32 = ir.IntType(32)


def _invoke(builder: Any, result: Any, address: Any, arguments: list[Any]) -> Any:
    signature = ir.FunctionType(result, [a.type for a in arguments])
    return builder.call(builder.inttoptr(address, signature.as_pointer()), arguments)


@intrinsic
def call_int(typingctx: Any, address: Any, a: Any, b: Any, c: Any) -> Any:
    """`int f(void *a, void *b, int c)` at an address."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        count = builder.trunc(args[3], I32)
        return builder.sext(_invoke(builder, I32, args[0], [args[1], args[2], count]), I64)

    return types.int64(types.int64, types.int64, types.int64, types.int64), generate


@intrinsic
def call_int2(typingctx: Any, address: Any, a: Any, b: Any) -> Any:
    """`int f(void *a, int b)` at an address."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        number = builder.trunc(args[2], I32)
        return builder.sext(_invoke(builder, I32, args[0], [args[1], number]), I64)

    return types.int64(types.int64, types.int64, types.int64), generate


@intrinsic
def call_digest_sign(typingctx: Any, address: Any, ctx: Any, sig_: Any, size: Any, data: Any, count: Any) -> Any:
    """`int EVP_DigestSign(ctx, sig, &size, data, count)`, and with five pointers any `int f` of that shape."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.sext(_invoke(builder, I32, args[0], list(args[1:])), I64)

    return types.int64(*[types.int64] * 6), generate


@intrinsic
def call_hmac(typingctx: Any, address: Any, md: Any, key: Any, length: Any, data: Any, count: Any, out: Any) -> Any:
    """`unsigned char *HMAC(md, key, int length, data, size_t count, out, NULL)`."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        arguments = [args[1], args[2], builder.trunc(args[3], I32), args[4], args[5], args[6], ir.Constant(I64, 0)]
        return _invoke(builder, I64, args[0], arguments)

    return types.int64(*[types.int64] * 7), generate


@intrinsic
def store_release(typingctx: Any, address: Any, value: Any) -> Any:
    """Write an aligned int64 after all earlier writes are visible."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store_atomic(args[1], builder.inttoptr(args[0], I64.as_pointer()), "release", 8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@intrinsic
def load_acquire(typingctx: Any, address: Any) -> Any:
    """Read an aligned int64 before all later reads."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load_atomic(builder.inttoptr(args[0], I64.as_pointer()), "acquire", 8)

    return types.int64(types.int64), generate


@hot
def now_ns(which, scratch):
    """A kernel clock in nanoseconds; `scratch` is int64[2]."""
    clock_gettime(which, scratch.ctypes.data)
    return scratch[0] * 1_000_000_000 + scratch[1]


@hot
def errno():
    return load_word(errno_location())


@intrinsic
def address_of(typingctx: Any, record: Any) -> Any:
    """Where a record lies."""

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.ptrtoint(args[0], I64)

    return types.int64(record), generate


@hot
def copy_bytes(to, origin, size):
    """Copy `size` bytes between addresses."""
    memcpy(np.uint64(to), np.uint64(origin), np.uint64(size))
