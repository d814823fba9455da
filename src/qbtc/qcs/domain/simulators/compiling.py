"""The decorators of the simulators' compiled code. A function's cache on disk is keyed by a checksum of all of it.

Numba alone would look at the function's own file and miss changes to what it calls.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache

_OPTIONS: Any = {"nogil": True, "error_model": "numpy", "boundscheck": False}
_STAMP = zlib.crc32(b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py"))))


class _Cache(FunctionCache):  # type: ignore[misc]
    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), _STAMP)  # type: ignore[no-untyped-call]


def inner(function: Any) -> Any:
    """Compiled into those that call it."""
    made: Any = njit(**_OPTIONS)
    return made(function)


def compiled(function: Any) -> Any:
    """Called from Python, without the interpreter's lock; may be called by compiled code too."""
    made: Any = inner(function)
    made._cache = _Cache(made.py_func)  # type: ignore[no-untyped-call]
    return made
