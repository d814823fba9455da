"""Builtin functions of CPython's own kind out of compiled code.

A call from Python into Numba costs some 200 ns because it has to unpack its arguments; a builtin function costs 25. So
each compiled entry has one `PyMethodDef`, kept for ever as the code is, and each user one function object bound to it.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

METH_FASTCALL, METH_O = 0x0080, 0x0008


class _MethodDef(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p), ("function", ctypes.c_void_p), ("flags", ctypes.c_int), ("doc", ctypes.c_char_p)
    ]  # fmt: skip


_METHODS: dict[int, _MethodDef] = {}
_new = ctypes.pythonapi.PyCFunction_NewEx
_new.restype, _new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.py_object, ctypes.c_void_p]


def builtin(where: int, owner: object, name: str, inputs: tuple[str, ...]) -> Callable[..., Any]:
    """A function `name(*inputs)` over the code at an address; it keeps `owner`, its `self`, alive."""
    if where not in _METHODS:
        doc = f"{name}({', '.join(inputs)})"
        flags = METH_O if len(inputs) == 1 else METH_FASTCALL
        _METHODS[where] = _MethodDef(name.encode(), where, flags, doc.encode())
    made: Callable[..., Any] = _new(ctypes.addressof(_METHODS[where]), owner, None)
    return made
