"""An indicator fed bar by bar from Python: `update` is a C function of CPython's own kind over the state's memory.

A call from Python into Numba costs some 200 ns because it has to unpack its arguments; a builtin function costs 25. So
each compiled kernel has one `PyMethodDef`, kept for ever, and each stream one builtin bound to its block of memory.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .entries import Entries
    from .front import Indicator, Values

METH_FASTCALL, METH_O = 0x0080, 0x0008


class _MethodDef(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p)
    ]  # fmt: skip


_METHODS: dict[int, _MethodDef] = {}
_new = ctypes.pythonapi.PyCFunction_NewEx
_new.restype, _new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p]


def _bound(entries: Entries, block: Any) -> Callable[..., Any]:
    """A builtin function over a block; it keeps the block alive, and nothing frees the code."""
    where = entries.update
    if where not in _METHODS:
        flags = METH_O if len(entries.inputs) == 1 else METH_FASTCALL
        doc = f"update({', '.join(entries.inputs)})\n\nThe value of the newest bar."
        _METHODS[where] = _MethodDef(b"update", where, flags, doc.encode())
    made: Callable[..., Any] = _new(ctypes.addressof(_METHODS[where]), block, None)
    return made


class Stream:
    """`update(x)` (or `update(high, low, close)`) takes the newest bar and gives its value, a tuple if there are several.

    Before the first value it gives NaN (0 for whole numbers); `warm` says how many updates are missing until then.
    """

    __slots__ = ("__weakref__", "_block", "_entries", "_fixed", "_lookback", "indicator", "parameters", "update")

    update: Callable[..., Any]

    def __init__(self, indicator: Indicator, values: Values) -> None:
        self._entries, plan = indicator.compiled(values)
        self.indicator, self._lookback = indicator, plan.lookback
        self.parameters = dict(zip((p.name for p in indicator.function.parameters), values, strict=True))
        self._block = self._entries.block(plan, history=True)
        self._fixed = self._entries.fixed(self._block)
        self.update = _bound(self._entries, self._block)

    def __call__(self, *values: float) -> Any:
        return self.update(*values)

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        return f"<stream {self.indicator.__name__}({given}), {int(self._block[0])} bars>"

    @property
    def warm(self) -> int:
        """How many values are still missing before the first one; 0 when there is one."""
        return max(self._lookback + 1 - int(self._block[0]), 0)

    @property
    def state(self) -> bytes:
        """All that it remembers; `restore` takes it."""
        return self._block.tobytes()

    def restore(self, state: bytes) -> None:
        """Go on where `state` was taken. Raises ValueError if it is of another function or other parameters."""
        words = np.frombuffer(state, np.int64) if len(state) == self._block.nbytes else None
        if words is None or self._entries.fixed(words) != self._fixed:
            raise ValueError(f"{self!r}: this is not the state of such a stream with the same parameters")
        self._block[:] = words

    def copy(self) -> Stream:
        """A stream of its own that goes on from here."""
        made = Stream(self.indicator, tuple(self.parameters.values()))
        made.restore(self.state)
        return made

    __copy__ = copy

    def __deepcopy__(self, memo: dict[int, Any]) -> Stream:
        return self.copy()

    def __reduce__(self) -> tuple[Any, ...]:
        return resumed, (self.indicator, tuple(self.parameters.values()), self.state)


def resumed(indicator: Indicator, values: Values, state: bytes) -> Stream:
    """A stream from its parts, as pickle keeps them."""
    made = Stream(indicator, values)
    made.restore(state)
    return made
