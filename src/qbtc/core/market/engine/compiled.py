"""The decorators of compiled code: `inner` for functions that others call, `entry` for those that Python calls.

Only entries are cached on disk, since they contain what they call. Numba's cache knows of changes to an entry's own
file alone; here its key holds a checksum of the whole package, so that a change in any file compiles anew.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.caching import FunctionCache

F = TypeVar("F", bound=Callable[..., Any])


def _stamp() -> int:
    files = sorted(Path(__file__).parent.glob("*.py"))
    return zlib.crc32(b"".join(file.read_bytes() for file in files))


STAMP = _stamp()


class _Cache(FunctionCache):  # type: ignore[misc]
    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), STAMP)  # type: ignore[no-untyped-call]


def inner(function: F) -> F:
    """Compiled into those that call it."""
    return cast(F, njit(nogil=True, fastmath=False)(function))


def entry(function: F) -> F:
    """Compiled at its first call, or read from the cache."""
    made: Any = njit(nogil=True, fastmath=False)(function)
    made._cache = _Cache(made.py_func)  # type: ignore[no-untyped-call]
    return cast(F, made)
