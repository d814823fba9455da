"""A strategy class as machine code: four C functions over three records, cached beside the strategy's own file.

`int64 f(self, market, orders)` takes addresses and gives RETURNED or RAISED, so that the hot loop can call any strategy
through a pointer without being compiled for it. Helpers that a strategy uses must be in its own file or here: the
cache looks at that file's time stamp and at the layout of the records, not at other modules.
"""

from __future__ import annotations

import hashlib
import math
import re
import sys
import time
import traceback
from collections.abc import Mapping
from types import FunctionType
from typing import Any

import numba
import numpy as np
from numba import cfunc, from_dtype, njit, types
from numba.core import errors
from numba.extending import intrinsic

from .risk_records import Records
from .strategy_class import METHODS, Row, Spec, StrategyFault
from .strategy_records import FAULTS, OK, RETURNED, _add, _limit, _stop, buffers_of

SIGNATURE = types.int64(types.int64, types.int64, types.int64)
WRAPPER = """
def {name}(self, market, orders):
    try:
        method(record_at(self, STATE), record_at(market, MARKET), record_at(orders, ORDERS))
    except Exception:
        return 1
    return 0
"""


@intrinsic
def record_at(typing: Any, address: Any, kind: Any) -> Any:
    """The record at an address, without a copy."""
    record = kind.instance_type

    def generate(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], context.get_value_type(record))

    return record(types.int64, kind), generate


class Program:
    """A compiled strategy. Methods it does not have are at address 0. Raises StrategyFault when it does not compile."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        started = time.perf_counter()
        self._functions = {name: _compile(spec, name) for name in spec.methods}
        self._calls = {name: f.ctypes for name, f in self._functions.items()}
        self.seconds = time.perf_counter() - started

    def address(self, method: str) -> int:
        return int(self._functions[method].address) if method in self._functions else 0

    def has(self, method: str) -> bool:
        return method in self._functions

    def call(self, method: str, state: Records, market: Records, orders: Records) -> None:
        """Empty the intents and run a method. Raises StrategyFault when it raises or leaves a fault."""
        buffers = buffers_of(orders, self.spec.legs)
        for buffer in buffers:
            buffer["count"], buffer["fault"] = 0, OK
        before = state.copy()
        if self._calls[method](state.ctypes.data, market.ctypes.data, orders.ctypes.data) != RETURNED:
            raise self.explain(method, before, market)
        for buffer in buffers:
            if buffer["fault"][0] != OK:
                raise self.refuse(method, int(buffer["fault"][0]))

    def explain(self, method: str, state: Records, market: Records) -> StrategyFault:
        """Why a call raised: the same call once more in plain Python, which knows the line."""
        try:
            run_plain(self.spec, method, state.copy(), market.copy(), np.zeros(1, self.spec.orders))
        except Exception as error:
            frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == self.spec.path]
            line = frames[-1].lineno if frames else self.spec.line
            message = f"{self.spec.name}.{method} raised {type(error).__name__}: {error}"
            return StrategyFault(message, path=self.spec.path, line=line or 0)
        return StrategyFault(f"{self.spec.name}.{method} raised an error", path=self.spec.path, line=self.spec.line)

    def refuse(self, method: str, fault: int) -> StrategyFault:
        function = self.spec.methods[method]
        line = function.__code__.co_firstlineno
        return StrategyFault(f"{self.spec.name}.{method} asked for {FAULTS[fault]}", path=self.spec.path, line=line)


def run_plain(spec: Spec, method: str, state: Records, market: Records, orders: Records) -> None:
    """The same method as plain Python, on the same records: for research and for error messages."""
    spec.methods[method](Row(state), Row(market), Row(orders))


def not_a_number(state: Records) -> str | None:
    """The first float of a state that is NaN or infinite."""
    row = state[0]
    for name in state.dtype.names or ():
        value = row[name]
        if isinstance(value, np.floating) and not math.isfinite(value):
            return name
    return None


def _compile(spec: Spec, method: str) -> Any:
    function = spec.methods[method]
    assert isinstance(function, FunctionType)
    name = f"{spec.cls.__name__}_{method}_{_layout(spec)}"
    module = function.__module__
    if module not in sys.modules:
        raise StrategyFault(f"the module {module} of {spec.name} is not loaded", path=spec.path, line=spec.line)
    inside: dict[str, Any] = {
        "__name__": module, "record_at": record_at, "STATE": from_dtype(spec.dtype), "MARKET": from_dtype(spec.market),
        "ORDERS": from_dtype(spec.orders), "method": njit(nogil=True, boundscheck=True)(function),
    }  # fmt: skip
    exec(compile(WRAPPER.format(name=name), spec.path, "exec"), inside)  # noqa: S102 - a template of ours, for the cache
    try:
        return cfunc(SIGNATURE, cache=True)(inside[name])
    except errors.NumbaError as error:
        raise _in_words(spec, method, error) from None


def _layout(spec: Spec) -> str:
    """Changes when the records or the helpers change: what the compiler's cache does not see by itself."""
    helpers = [(f.__code__.co_code, f.__code__.co_consts) for f in (_add, _limit, _stop)]
    indicators = [indicator.mark for indicator in spec.fields.values()]
    records = spec.dtype.descr, spec.market.descr, spec.orders.descr
    text = repr((records, indicators, helpers, WRAPPER, numba.__version__))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


_PLAIN: Mapping[str, str] = {
    r"Untyped global name '(\w+)'.*": "{0!r} cannot be used in compiled code; if it is a function, mark it with @helper",
    r"NameError: name '(\w+)' is not defined": "{0!r} is not defined",
    r"(?:Cannot resolve|Invalid use of).*'(\w+)'.*": "{0!r} cannot be used like this in compiled code",
    r"Cannot unify (\S+) and (\S+) for '(\w+)[.\d]*'.*": "{2!r} is {0} in one branch and {1} in another",
    r"Unknown attribute '(\w+)' of type (\w+).*": "there is no {0!r} on {1}",
    r"Use of unsupported opcode \((\w+)\).*": "this Python construct ({0}) does not compile",
}


def _in_words(spec: Spec, method: str, error: errors.NumbaError) -> StrategyFault:
    plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
    lines = [
        int(n) for n in re.findall(rf'File "(?:[^"]*/)?{re.escape(spec.path.rpartition("/")[2])}", line (\d+)', plain)
    ]
    paths = re.findall(rf"{re.escape(spec.path)} \((\d+)\)", plain)
    first_line = spec.methods[method].__code__.co_firstlineno
    line = max([n for n in (*lines, *map(int, paths)) if n >= first_line], default=first_line)
    for pattern, says in _PLAIN.items():
        found = re.search(pattern, plain)
        if found:
            return StrategyFault(f"{spec.name}.{method}: {says.format(*found.groups())}", path=spec.path, line=line)
    first = next((t.strip() for t in plain.splitlines()[1:] if t.strip()), plain.splitlines()[0])
    return StrategyFault(f"{spec.name}.{method} does not compile: {first}", path=spec.path, line=line)


def intents(orders: Records) -> list[tuple[int, int, int, int, int, int]]:
    """(verb, side, tick, lots, rest, stop) of each intent, in order."""
    row = orders[0]
    columns = [row[name][: int(row["count"])].tolist() for name in ("verb", "side", "tick", "lots", "rest", "stop")]
    return list(zip(*columns, strict=True))


__all__ = ["METHODS", "Program", "intents", "not_a_number", "record_at", "run_plain"]
