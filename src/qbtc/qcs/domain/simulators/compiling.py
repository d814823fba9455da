"""The decorators of the simulators' compiled code. A function's cache on disk is keyed by a checksum of all of it.

Numba alone would look at the function's own file and miss changes to what it calls: the files that have compiled code
count, and those they import from.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache

_OPTIONS: Any = {"nogil": True, "error_model": "numpy", "boundscheck": False}


def compiled_sources(files: Mapping[str, bytes]) -> list[str]:
    """Of modules by name, those that import from `compiling`, and all they import from beside them."""
    found: set[str] = set()
    waiting = [name for name, text in files.items() if "compiling" in _imported(text)]
    while waiting:
        name = waiting.pop()
        if name in files and name not in found:
            found.add(name)
            waiting += _imported(files[name])
    return sorted(found)


def _imported(text: bytes) -> list[str]:
    return [name.decode() for name in re.findall(rb"^from \.(\w+) import", text, re.MULTILINE)]


_FILES = {file.stem: file.read_bytes() for file in Path(__file__).parent.glob("*.py")}
_STAMP = zlib.crc32(b"".join(_FILES[name] for name in compiled_sources(_FILES)))


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
