"""What a kernel needs to run with given parameters: its lookback, numbers, first state, history and rings.

Kernels register themselves here with `kernel(name, plan)`; front ends look them up. Not here: the names, inputs and
parameters that users see (`registry`), compiled code (`entries`).
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from .memory import fused, types

Numbers = tuple[Any, ...]
Key = tuple[int, ...]


class Ring(NamedTuple):
    """A ring that holds at least `size` float64; it stands in `Plan.numbers` where the kernel expects (bytes, mask).

    `content` is what it holds at first, as bytes; zeros otherwise.
    """

    size: int
    content: bytes = b""


@dataclass(frozen=True, slots=True)
class Plan:
    """`numbers` and `state` are tuples (nested, at will) of float and int; their types are the same for all parameters.

    `depth` is how many bars before the newest one the kernel reads of its inputs.
    """

    lookback: int
    numbers: Numbers = (0,)
    state: Numbers = (0,)
    depth: int = 0


def _one(*parameters: float) -> Key:
    return ()


@dataclass(frozen=True, slots=True)
class Kernel:
    """`make(*choose(*parameters))` is the step: `step(state, numbers, memory, t, *views) -> (state, outputs)`.

    Most functions have one step; those with a type of average among their parameters have one for each.
    """

    name: str
    plan: Callable[..., Plan]
    make: Callable[..., Any]
    choose: Callable[..., Key] = _one


KERNELS: dict[str, Kernel] = {}


def kernel(name: str, plan: Callable[..., Plan]) -> Callable[[Any], Any]:
    """A decorator for a step function. What it returns before `lookback` bars is never shown."""

    def register(step: Any) -> Any:
        compiled = step if hasattr(step, "py_func") else fused(step)
        KERNELS[name] = Kernel(name, plan, lambda: compiled)
        return compiled

    return register


def family(name: str, plan: Callable[..., Plan], choose: Callable[..., Key]) -> Callable[[Any], Any]:
    """A decorator for a function that makes the step of a variant out of what `choose(*parameters)` gives."""
    made: dict[Key, Any] = {}

    def register(make: Callable[..., Any]) -> Callable[..., Any]:
        def step(*key: int) -> Any:
            if key not in made:
                function = make(*key)
                made[key] = function if hasattr(function, "py_func") else fused(function)
            return made[key]

        KERNELS[name] = Kernel(name, plan, step, choose)
        return make

    return register


def type_of(value: Any) -> Any:
    """The compiled type of a number, a Ring or a tuple of these."""
    if isinstance(value, Ring):
        return types.UniTuple(types.int64, 2)
    if isinstance(value, tuple):
        return types.BaseTuple.from_types(tuple(type_of(part) for part in value))
    return types.float64 if isinstance(value, float) else types.int64


def flat(value: Any) -> Iterator[float]:
    """The numbers of a nested tuple in order."""
    if isinstance(value, tuple):
        for part in value:
            yield from flat(part)
    else:
        yield value


def packed(value: Any) -> bytes:
    """A nested tuple as it lies in memory."""
    return b"".join(struct.pack("d" if isinstance(part, float) else "q", part) for part in flat(value))


def ring_mask(size: int) -> int:
    return (1 << max(size - 1, 0).bit_length()) - 1


def placed(value: Any, offset: int) -> tuple[Any, int]:
    """A plan's numbers with each Ring replaced by (bytes, mask), and the bytes that rings take up in the end."""
    if isinstance(value, Ring):
        mask = ring_mask(value.size)
        return (offset, mask), offset + 8 * (mask + 1)
    if not isinstance(value, tuple):
        return value, offset
    parts = []
    for part in value:
        made, offset = placed(part, offset)
        parts.append(made)
    return tuple(parts), offset


def contents(value: Any, located: Any) -> Iterator[tuple[int, bytes]]:
    """(byte, what stands there at first) of the rings of a plan that do not begin empty."""
    if isinstance(value, Ring):
        if value.content:
            yield located[0], value.content
    elif isinstance(value, tuple):
        for part, where in zip(value, located, strict=True):
            yield from contents(part, where)
