"""The compiled entries of a kernel: `batch` over arrays, `update` called by CPython, `advance` for compiled callers.

They are written from templates, because inputs and outputs differ in number, and cached on disk under a checksum of
every file that the kernel's code reaches. All three run the same step on the same block of memory:

    block: [bars seen, history mask, lookback, identity, bars passed over | state | numbers | history of inputs | rings]
"""

from __future__ import annotations

import struct
import sys
import zlib
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
from numba import types as numba_types
from numba.core.caching import FunctionCache
from numba.core.ccallback import CFunc
from numba.extending import intrinsic
from numpy.typing import NDArray

from .memory import element, fused, load, set_element, set_int32, store
from .objects import NULL, as_double, failed, new_object, none, raise_type_error, regain, release
from .plan import Kernel, Key, Plan, contents, packed, placed, ring_mask, type_of

Block = NDArray[np.int64]
types: Any = numba_types
HEADER = 5
_DATA, _SHAPE = 16, 32  # NumPy promises where an array object keeps the addresses of its data and of its shape
_OPTIONS = {"nogil": True, "error_model": "numpy", "_nrt": False, "nopython": True}

ADVANCE = """
def advance_{name}(block, {values}):
    {floats}
    t = load(block, INT)
    mask = load(block + 8, INT)
    if t == 0 and ({any_nan}):
        store(block + 32, load(block + 32, INT) + 1)
        return {missing}
    memory = block + MEMORY
    {keep}
    state, out = step(load(block + STATE_AT, STATE), load(block + NUMBERS_AT, NUMBERS), memory, t, {rings})
    store(block + STATE_AT, settle(state, STATE))
    store(block, t + 1)
    if t < load(block + 16, INT):
        return {missing}
    return {given}
"""
BATCH = """
def batch_{name}(self, args, count):
    block, n = load(load(args, INT) + DATA, INT), load(load(load(args + 8, INT) + SHAPE, INT), INT)
    {arrays}
    begin = 0
    while begin < n and ({any_nan}):
        begin += 1
    first = min(begin + load(block + 16, INT), n)
    {views}
    thread = release()
    state = load(block + STATE_AT, STATE)
    numbers = load(block + NUMBERS_AT, NUMBERS)
    memory = block + MEMORY
    for t in range(n - begin):
        state, out = turn(state, numbers, memory, t, {series})
        {write}
    for t in range(first):
        {blank}
    regain(thread)
    return none()
"""
TURN = """
def turn_{name}(state, numbers, memory, t, {arrays}):
    state, out = step(state, numbers, memory, t, {arrays})
    return settle(state, STATE), out
"""
UPDATE_ONE = """
def update_{name}(self, x0, unused):
    a0 = as_double(x0)
    if a0 == -1.0 and failed():
        return NULL
    return new_object(advance(load(self + DATA, INT), a0))
"""
UPDATE_SOME = """
def update_{name}(self, args, n):
    if n != {count}:
        return raise_type_error("update() takes {count} numbers: {inputs}")
    {read}
    return new_object(advance(load(self + DATA, INT), {values}))
"""


@intrinsic
def settle(typingctx: Any, value: Any, kind: Any) -> Any:
    """A value as a type that it converts to."""
    what = kind.instance_type

    def make(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return context.cast(builder, args[0], value, what)

    return what(value, kind), make


BENEATH = [Path(__file__).with_name(f"{name}.py") for name in ("memory", "objects", "plan")]
"""What every kernel stands on; intrinsics are not functions that `reached` could follow."""


def reached(function: Any, seen: set[Any]) -> set[str]:
    """The files of all functions of this package that a function calls, its own included."""
    plain = getattr(function, "py_func", function)
    if not isinstance(plain, FunctionType) or plain in seen or not plain.__module__.startswith(__package__ or "-"):
        return set()
    seen.add(plain)
    names = {*plain.__code__.co_names}
    called = [plain.__globals__[name] for name in names if name in plain.__globals__]
    called += [cell.cell_contents for cell in plain.__closure__ or ()]
    files = {sys.modules[plain.__module__].__file__ or ""}
    return files.union(*(reached(f, seen) for f in called))


class Entries:
    """The entries of one kernel with a number of inputs and kinds of outputs ("f8" or "i4"), compiled when needed."""

    def __init__(
        self, kernel: Kernel, key: Key, inputs: tuple[str, ...], outputs: tuple[str, ...], example: Plan
    ) -> None:
        self.step, self.inputs, self.outputs = kernel.make(*key), inputs, outputs
        self.name = "_".join([kernel.name, *map(str, key)])
        self._numbers, self._state = type_of(example.numbers), type_of(example.state)
        self._state_bytes, self._numbers_bytes = len(packed(example.state)), 8 * self._words(self._numbers)
        self.memory_at = 8 * HEADER + self._state_bytes + self._numbers_bytes

    def _words(self, kind: Any) -> int:
        return sum(self._words(part) for part in kind.types) if isinstance(kind, types.BaseTuple) else 1

    def block(self, plan: Plan, *, history: bool) -> Block:
        """Fresh memory for a plan; without history for batch, which reads the caller's arrays."""
        mask = ring_mask(plan.depth + 1) if history else 0
        numbers, end = placed(plan.numbers, 8 * (mask + 1) * len(self.inputs) if history else 0)
        head = struct.pack("5q", 0, mask, plan.lookback, self.identity, 0)
        made = head + packed(plan.state) + packed(numbers)
        block = np.zeros((len(made) + end) // 8, np.int64)
        block[: len(made) // 8] = np.frombuffer(made, np.int64)
        for where, content in contents(plan.numbers, numbers):
            start = (len(made) + where) // 8
            block[start : start + len(content) // 8] = np.frombuffer(content, np.int64)
        return block

    def fixed(self, block: Block) -> bytes:
        """The part of a block that never changes: the sizes, the identity and the numbers."""
        start = HEADER + self._state_bytes // 8
        return block[1:4].tobytes() + block[start : self.memory_at // 8].tobytes()

    @cached_property
    def identity(self) -> int:
        """Tells a block of another function apart."""
        return zlib.crc32(repr((self.name, str(self._state), str(self._numbers))).encode())

    @cached_property
    def mark(self) -> int:
        """A checksum of the sources."""
        files = sorted({__file__, *map(str, BENEATH), *reached(self.step, set())})
        return zlib.crc32(b"".join(Path(file).read_bytes() for file in files))

    @cached_property
    def advance(self) -> Any:
        """`advance(block address, *values)`: for compiled callers."""
        names = [f"x{i}" for i in range(len(self.inputs))]
        ring = "(memory + {i} * 8 * (mask + 1), mask, 0)"
        return fused(self._made(
            ADVANCE, "advance", step=self.step, values=", ".join(names),
            floats="; ".join(f"{x} = float({x})" for x in names), any_nan=" or ".join(f"{x} != {x}" for x in names), missing=self._outs("NAN", "ZERO", "ZERO"),
            keep="; ".join(f"set_element(memory + {i} * 8 * (mask + 1), t & mask, {x})" for i, x in enumerate(names)),
            rings=", ".join(ring.format(i=i) for i in range(len(names))), given=self._outs("float(out{})", "INT(out{})", "INT(out{}) + load(block + 32, INT)"),
        ))  # fmt: skip

    def _outs(self, number: str, whole: str, bar: str) -> str:
        many, words = len(self.outputs) > 1, {"f8": number, "i4": whole, "ix": bar}
        parts = [words[kind].format(f"[{i}]" if many else "") for i, kind in enumerate(self.outputs)]
        return f"({', '.join(parts)})" if many else parts[0]

    @cached_property
    def batch(self) -> int:
        """The address of a C function for CPython, METH_FASTCALL: `batch(block, *inputs, *outputs)`, all arrays.

        It passes over leading bars with a NaN, fills what comes before the first value, and lets go of the GIL.
        """
        ins, outs = range(len(self.inputs)), range(len(self.outputs))
        many, offset = len(outs) > 1, len(self.inputs) + 1
        setter = {"f8": "set_element(y{i}, {t}, {v})", "i4": "set_int32(y{i}, {t}, {v})", "ix": "set_int32(y{i}, {t}, {v})"}
        given = {"f8": "float(out{n})", "i4": "INT(out{n})", "ix": "INT(out{n}) + begin"}

        def written(where: str, words: dict[str, str]) -> str:
            return "; ".join(
                setter[kind].format(i=i, t=where, v=words[kind].format(n=f"[{i}]" if many else ""))
                for i, kind in enumerate(self.outputs)
            )

        datum = "load(load(args + {at}, INT) + DATA, INT)"
        arrays = [f"x{i} = {datum.format(at=8 * (i + 1))}" for i in ins]
        arrays += [f"y{i} = {datum.format(at=8 * (i + offset))}" for i in outs]
        turn = fused(self._made(TURN, "turn", step=self.step, arrays=", ".join(f"x{i}" for i in ins)))
        function = self._made(
            BATCH, "batch", turn=turn, arrays="; ".join(arrays),
            any_nan=" or ".join(f"element(x{i}, begin) != element(x{i}, begin)" for i in ins),
            views="; ".join(f"v{i} = (x{i} + 8 * begin, 0)" for i in ins), series=", ".join(f"v{i}" for i in ins),
            write=written("begin + t", given), blank=written("t", {"f8": "NAN", "i4": "ZERO", "ix": "ZERO"}),
        )  # fmt: skip
        return int(self._compiled(function).address)

    @cached_property
    def update(self) -> int:
        """The address of a C function for CPython: METH_O for one input, METH_FASTCALL for more."""
        count = len(self.inputs)
        names = [f"a{i}" for i in range(count)]
        read = "\n    ".join(
            f"a{i} = as_double(load(args + {8 * i}, INT))\n    if a{i} == -1.0 and failed():\n        return NULL"
            for i in range(count)
        )
        function = self._made(
            UPDATE_ONE if count == 1 else UPDATE_SOME, "update", advance=self.advance, count=count, read=read,
            values=", ".join(names), inputs=", ".join(self.inputs),
        )  # fmt: skip
        return int(self._compiled(function).address)

    def _made(self, template: str, prefix: str, **words: Any) -> Any:
        """A function written from a template; words that are no text are names it sees."""
        state_at = 8 * HEADER
        inside: dict[str, Any] = {
            "__name__": __name__, "load": load, "store": store, "settle": settle, "set_element": set_element,
            "set_int32": set_int32, "element": element, "release": release, "regain": regain, "none": none, "as_double": as_double, "failed": failed, "new_object": new_object,
            "raise_type_error": raise_type_error, "INT": types.int64, "NAN": float("nan"), "ZERO": 0, "NULL": NULL,
            "DATA": _DATA, "SHAPE": _SHAPE, "STATE": self._state, "NUMBERS": self._numbers, "STATE_AT": state_at,
            "NUMBERS_AT": state_at + self._state_bytes, "MEMORY": self.memory_at,
            **{name: word for name, word in words.items() if not isinstance(word, str | int)},
        }  # fmt: skip
        text = template.format(name=self.name, **words)
        exec(compile(text, __file__, "exec"), inside)  # noqa: S102 - templates of this file
        return inside[f"{prefix}_{self.name}"]

    def _compiled(self, function: Any) -> Any:
        mark = self.mark

        class Cache(FunctionCache):  # type: ignore[misc]
            def _index_key(self, sig: Any, codegen: Any) -> Any:
                return (*super()._index_key(sig, codegen), mark)  # type: ignore[no-untyped-call]

        kinds: Any = ([types.int64] * 3, types.int64)
        made: Any = CFunc(function, kinds, locals={}, options=dict(_OPTIONS))
        made._cache = Cache(function)  # type: ignore[no-untyped-call]
        made.compile()
        return made
