"""The decorators of compiled code: `inner` for functions that others call, `entry` for those that Python calls.

Numba optimises and assembles every function on its own, with all it calls inside, and once for each mix of argument
types: for a core of 200 small functions that is minutes. So inner functions are compiled once (integers are int64),
without wrappers for Python, and only drafted: LLVM works on an entry as a whole. Entries alone are cached on disk.
Numba's cache knows of changes to an entry's own file only; here its key holds a checksum of the whole package.

This leans on a few private names of Numba 0.68.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit, types
from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.registry import cpu_target

F = TypeVar("F", bound=Callable[..., Any])
_OPTIONS = {"nogil": True, "fastmath": False, "error_model": "numpy", "no_cfunc_wrapper": True}
_jit: Any = njit


def _stamp() -> int:
    files = sorted(Path(__file__).parent.glob("*.py"))
    return zlib.crc32(b"".join(file.read_bytes() for file in files))


STAMP = _stamp()


class _Cache(FunctionCache):  # type: ignore[misc]
    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), STAMP)  # type: ignore[no-untyped-call]


class _Draft(JITCodeLibrary):  # type: ignore[misc]
    """Code that is only ever linked into other code: neither optimised nor assembled by itself."""

    def _optimize_functions(self, ll_module: Any) -> None:
        ll_module.data_layout = self._codegen._data_layout

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()  # type: ignore[no-untyped-call]
        self._finalized = True


@contextmanager
def _drafting() -> Iterator[None]:
    codegen: Any = cpu_target.target_context.codegen()
    before = codegen._library_class, codegen.set_env
    codegen._library_class, codegen.set_env = _Draft, lambda name, environment: None
    try:
        yield
    finally:
        codegen._library_class, codegen.set_env = before


def _wide(kind: Any) -> Any:
    return types.int64 if isinstance(kind, types.Integer | types.IntegerLiteral) else kind


def inner(function: F) -> F:
    """Compiled into those that call it."""
    return _inner(function, forceinline=False)


def fused(function: F) -> F:
    """As `inner`, but always merged into its callers: for the path of a plain order, where a call costs more than the
    work (Numba hands every result back through memory, with a status to check). For few callers only: it copies."""
    return _inner(function, forceinline=True)


def _inner(function: F, *, forceinline: bool) -> F:
    made: Any = _jit(**_OPTIONS, no_cpython_wrapper=True, forceinline=forceinline)(function)
    template = made.get_call_template

    def draft(args: Any, kws: Any) -> Any:
        with _drafting():
            return template(tuple(_wide(kind) for kind in args), kws)

    made.get_call_template = draft
    return cast(F, made)


def entry(function: F) -> F:
    """Compiled at its first call, or read from the cache."""
    made: Any = _jit(**_OPTIONS)(function)
    made._cache = _Cache(made.py_func)  # type: ignore[no-untyped-call]
    return cast(F, made)
