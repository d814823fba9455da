"""The way from a compiled run into a strategy's plain Python and back: four C functions of the shape of a compiled method.

What the market shows is laid into slots of one Python object, only what changed; the method is called as the interpreter
calls it; what it left in `orders` goes back into the records. All through CPython's own functions. PLAIN says where
everything is; `plain.Living` owns it.
"""

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import types as numba_types
from numba.extending import intrinsic as numba_intrinsic

from qbtc.core.indicators.objects import failed, new_object
from qbtc.core.market.engine.memory import load, pointer, store
from qbtc.hft.domain.strategy_records import INTENT_BUFFER, RAISED, RETURNED

from .loop import step
from .native import held, quick

types: Any = numba_types
intrinsic: Any = numba_intrinsic
_WORD, _BYTE = ir.IntType(64), ir.IntType(8)
_AT = _BYTE.as_pointer()

SHOWN = np.dtype(
    [
        ("offset", "i8"),  # in the record of the market
        ("slot_at", "i8"),
        ("seen", "i8"),  # the bits that the slot holds
        ("floating", "i8"),
    ],
    align=True,
)
"""One field of the market that the strategy reads."""
DECLARED = np.dtype([("slot_at", "i8"), ("kind_at", "i8")], align=True)
"""One number of the strategy, and the type it must have."""
WISHES = np.dtype([("offset", "i8"), ("count_at", "i8"), ("fault_at", "i8")], align=True)
"""Of one leg: its place in the record of the wishes, and the slots of the object that Python writes."""
PLAIN = np.dtype(
    [
        ("methods", "i8", (4,)),  # functions
        ("given", "i8", (3,)),  # self, market, orders
        ("shown_at", "i8"),
        ("shown", "i8"),
        ("declared_at", "i8"),
        ("declared", "i8"),
        ("type_at", "i8"),  # where an object keeps its type
        ("mend", "i8"),  # called without arguments when a declared number has another type
        ("wishes_at", "i8"),
        ("wishes", "i8"),
        ("zero", "i8"),  # the object 0
        ("error", "i8", (3,)),  # type, value, traceback of what was raised
    ],
    align=True,
)
SHOWN_SIZE, DECLARED_SIZE, WISHES_SIZE = SHOWN.itemsize, DECLARED.itemsize, WISHES.itemsize


def offset(dtype: np.dtype[np.void], name: str) -> int:
    """Of a field in its record."""
    fields = dtype.fields
    assert fields is not None
    return int(fields[name][1])


GIVEN, ERROR = offset(PLAIN, "given"), offset(PLAIN, "error")
plain_at: Any = pointer(PLAIN)
shown_at: Any = pointer(SHOWN)
declared_at: Any = pointer(DECLARED)
wishes_at: Any = pointer(WISHES)
intents_at: Any = pointer(INTENT_BUFFER)


def _function(builder: Any, name: str, gives: Any, *takes: Any) -> Any:
    module = builder.module
    return module.globals.get(name) or ir.Function(module, ir.FunctionType(gives, takes), name)


@intrinsic
def _lock(typingctx: Any) -> Any:
    """Take the interpreter's lock, or count once more where it is held."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.sext(builder.call(_function(builder, "PyGILState_Ensure", ir.IntType(32)), []), _WORD)

    return types.int64(), make


@intrinsic
def _unlock(typingctx: Any, before: Any) -> Any:
    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        narrow = builder.trunc(args[0], ir.IntType(32))
        builder.call(_function(builder, "PyGILState_Release", ir.VoidType(), ir.IntType(32)), [narrow])
        return context.get_dummy_value()

    return types.void(types.int64), make


@intrinsic
def _called(typingctx: Any, function: Any, given: Any, count: Any) -> Any:
    """Call an object with the objects at an address; gives a new reference or NULL."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        call = _function(builder, "PyObject_Vectorcall", _AT, _AT, _AT, _WORD, _AT)
        function, given, count = args
        places = builder.inttoptr(function, _AT), builder.inttoptr(given, _AT), count, _AT(None)
        return builder.ptrtoint(builder.call(call, places), _WORD)

    return types.int64(types.int64, types.int64, types.int64), make


@intrinsic
def _drop(typingctx: Any, item: Any) -> Any:
    """Give a reference back."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.call(_function(builder, "Py_DecRef", ir.VoidType(), _AT), [builder.inttoptr(args[0], _AT)])
        return context.get_dummy_value()

    return types.void(types.int64), make


@intrinsic
def _keep(typingctx: Any, item: Any) -> Any:
    """Take a reference more."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.call(_function(builder, "Py_IncRef", ir.VoidType(), _AT), [builder.inttoptr(args[0], _AT)])
        return context.get_dummy_value()

    return types.void(types.int64), make


@intrinsic
def _whole(typingctx: Any, item: Any) -> Any:
    """The int64 of an int; -1 with an exception set for anything else."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.call(_function(builder, "PyLong_AsLongLong", _WORD, _AT), [builder.inttoptr(args[0], _AT)])

    return types.int64(types.int64), make


@intrinsic
def _caught(typingctx: Any, at: Any) -> Any:
    """Move the exception that is set into three words."""

    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        fetch = _function(builder, "PyErr_Fetch", ir.VoidType(), _AT, _AT, _AT)
        builder.call(fetch, [builder.inttoptr(builder.add(args[0], _WORD(8 * n)), _AT) for n in range(3)])
        return context.get_dummy_value()

    return types.void(types.int64), make


@intrinsic
def _floating(typingctx: Any, bits: Any) -> Any:
    def make(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), make


@quick
def _lay(slot_at, item):
    """Put a new reference into a slot; an empty slot is NULL."""
    before = load(slot_at)
    store(slot_at, item)
    if before != 0:
        _drop(before)


@quick
def _show(p, market):
    for n in range(p.shown):
        s = shown_at(p.shown_at + n * SHOWN_SIZE)
        bits = load(market + s.offset)
        if bits != s.seen:
            s.seen = bits
            _lay(s.slot_at, new_object(_floating(bits)) if s.floating else new_object(bits))


@quick
def _kept(p):
    """False: a number of the strategy is not there, or of another type than it was declared."""
    for n in range(p.declared):
        d = declared_at(p.declared_at + n * DECLARED_SIZE)
        item = load(d.slot_at)
        if item == 0 or load(item + p.type_at) != d.kind_at:
            return False
    return True


@quick
def _taken(slot_at, zero):
    """The whole number in a slot, which becomes 0 again; -1 with an exception set where there is none."""
    item = load(slot_at)
    if item == zero:
        return np.int64(0)
    found = np.int64(-1) if item == 0 else _whole(item)
    _keep(zero)
    _lay(slot_at, zero)
    return found


@quick
def _asked(p, orders):
    """What was left in `orders`; False: an exception is set."""
    fine = True
    for n in range(p.wishes):
        w = wishes_at(p.wishes_at + n * WISHES_SIZE)
        k = intents_at(orders + w.offset)
        k.count, k.fault = _taken(w.count_at, p.zero), _taken(w.fault_at, p.zero)
        fine = fine and not (k.count == -1 or k.fault == -1)
    return fine or not failed()


@quick
def _enter(plain, market, orders, method):
    p = plain_at(plain)
    before = _lock()
    _show(p, market)
    result = _called(p.methods[method], plain + GIVEN, 3)
    if result != 0:
        _drop(result)
        if not _kept(p):
            result = _called(p.mend, plain + GIVEN, 0)
            if result != 0:
                _drop(result)
        if result != 0 and not _asked(p, orders):
            result = np.int64(0)
    if result == 0:
        _caught(plain + ERROR)
    _unlock(before)
    return RAISED if result == 0 else RETURNED


@quick
def on_book(plain, market, orders):
    return _enter(plain, market, orders, 0)


@quick
def on_trade(plain, market, orders):
    return _enter(plain, market, orders, 1)


@quick
def on_fill(plain, market, orders):
    return _enter(plain, market, orders, 2)


@quick
def on_timer(plain, market, orders):
    return _enter(plain, market, orders, 3)


@held
def step_held(runs, legs):
    """`loop.step` for a strategy in plain Python."""
    return step(runs, legs)


def address(method: str) -> int:
    """Of the C function `int64 f(plain, market, orders)` of a method."""
    entrance, signature = _ENTRANCES[method], (types.int64,) * 3
    entrance.compile(signature)
    made = entrance.overloads[signature]
    return int(made.library.get_pointer_to_function(made.fndesc.llvm_cfunc_wrapper_name))


_ENTRANCES: dict[str, Any] = {"on_book": on_book, "on_trade": on_trade, "on_fill": on_fill, "on_timer": on_timer}
