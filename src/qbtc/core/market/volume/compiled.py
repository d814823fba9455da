"""The decorator of the functions that Python calls: cached on disk under a checksum of all sources they are made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache

from ...binance.fast_text import stamp
from ..engine import chance
from ..engine.compiled import _drafting, _wide

_jit: Any = njit
_OPTIONS = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}
"""Without reference counts, so nothing can allocate."""
_TAPE = Path(__file__).parents[1] / "tape"
STAMP = stamp(
    str(Path(__file__).with_name("*.py")), str(Path(chance.__file__).with_name("*.py")), str(_TAPE / "layout.py"), str(_TAPE / "watching.py")
)


class _Cache(FunctionCache):  # type: ignore[misc]
    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), STAMP)  # type: ignore[no-untyped-call]


def inner(function: Any) -> Any:
    """Merged into those that call it: a call would hand over every array of the world piece by piece."""
    made: Any = _jit(**_OPTIONS, no_cpython_wrapper=True, forceinline=True)(function)
    template = made.get_call_template

    def draft(args: Any, kws: Any) -> Any:
        with _drafting():
            return template(tuple(_wide(kind) for kind in args), kws)

    made.get_call_template = draft
    return made


def entry(function: Any) -> Any:
    """Compiled at its first call, or read from the cache."""
    made: Any = _jit(**_OPTIONS)(function)
    made._cache = _Cache(made.py_func)  # type: ignore[no-untyped-call]
    return made
