"""Calls into CPython from compiled code: numbers out of objects and into them. The caller holds the GIL.

An object is its address (int64); 0 is NULL, which tells the interpreter that an exception is set.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types as numba_types
from numba.extending import intrinsic

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
_intrinsic: Any = intrinsic
_literal: Any = intrinsic(prefer_literal=True)
types: Any = numba_types
_WORD = ir.IntType(64)
NULL = 0


def _object(api: Any, builder: Any, address: Any) -> Any:
    return builder.inttoptr(address, api.pyobj)


@_intrinsic
def as_double(typingctx: Any, item: Any) -> Any:
    """The float of a real number; -1.0 with an exception set for anything else."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        api = context.get_python_api(builder)
        return api.float_as_double(_object(api, builder, args[0]))

    return types.float64(types.int64), make


@_intrinsic
def failed(typingctx: Any) -> Any:
    """Whether an exception is set."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        found = context.get_python_api(builder).err_occurred()
        return builder.icmp_unsigned("!=", builder.ptrtoint(found, _WORD), _WORD(0))

    return types.boolean(), make


@_intrinsic
def new_object(typingctx: Any, value: Any) -> Any:
    """A new float, int or tuple of these."""
    kinds = tuple(value.types) if isinstance(value, types.BaseTuple) else None

    def single(api: Any, builder: Any, kind: Any, number: Any) -> Any:
        if isinstance(kind, types.Float):
            return api.float_from_double(number)
        return api.long_from_longlong(number)

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        api = context.get_python_api(builder)
        if kinds is None:
            return builder.ptrtoint(single(api, builder, value, args[0]), _WORD)
        parts = [single(api, builder, kind, builder.extract_value(args[0], i)) for i, kind in enumerate(kinds)]
        made = api.tuple_new(len(parts))
        for i, part in enumerate(parts):
            api.tuple_setitem(made, i, part)
        return builder.ptrtoint(made, _WORD)

    return types.int64(value), make


@_literal
def raise_type_error(typingctx: Any, message: Any) -> Any:
    """Set TypeError with a literal message; gives NULL."""
    text = message.literal_value

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        context.get_python_api(builder).err_set_string("PyExc_TypeError", text)
        return _WORD(NULL)

    return types.int64(message), make


@_intrinsic
def release(typingctx: Any) -> Any:
    """Let go of the GIL; gives what `regain` takes."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ptrtoint(context.get_python_api(builder).save_thread(), _WORD)

    return types.int64(), make


@_intrinsic
def regain(typingctx: Any, thread: Any) -> Any:
    """Take the GIL again."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        context.get_python_api(builder).restore_thread(builder.inttoptr(args[0], ir.IntType(8).as_pointer()))
        return context.get_dummy_value()

    return types.void(types.int64), make


@_intrinsic
def none(typingctx: Any) -> Any:
    """None, as a new reference."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.ptrtoint(context.get_python_api(builder).make_none(), _WORD)

    return types.int64(), make
