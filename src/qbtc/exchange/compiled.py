"""The decorator of the books' compiled code: cached on disk under a checksum of every file that it is made from.

Numba's own cache knows of changes to the file of the cached function alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.caching import FunctionCache

from ..core.market.engine import layout
from ..core.market.engine.compiled import STAMP as ENGINE

F = TypeVar("F", bound=Callable[..., Any])
_HERE = Path(__file__).parent
_FILES = (
    Path(layout.__file__),
    *(
        _HERE / f"{name}.py"
        for name in ("compiled", "journal_format", "books_state", "books_fold", "books_calls", "books_entry")
    ),
)
STAMP = zlib.crc32(b"".join(file.read_bytes() for file in _FILES), ENGINE)


class _Cache(FunctionCache):  # type: ignore[misc]
    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), STAMP)  # type: ignore[no-untyped-call]


def inner(function: F) -> F:
    """Compiled into those that call it."""
    return cast(F, njit(nogil=True, fastmath=False, forceinline=True)(function))


def entry(function: F) -> F:
    """Called from Python: compiled at its first call, or read from the cache."""
    made: Any = njit(nogil=True, fastmath=False)(function)
    made._cache = _Cache(made.py_func)  # type: ignore[no-untyped-call]
    return cast(F, made)
