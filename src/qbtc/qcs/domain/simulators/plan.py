"""A circuit without measurement as passes over memory, and running them on one or more threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..program import Unitary
from . import kernels, schedule
from .lowering import Lowered, lower
from .writing import Pass, written

Amplitudes = NDArray[Any]
BLOCK = {np.dtype(np.complex128): 12, np.dtype(np.complex64): 12}
ROW = {np.dtype(np.complex128): 2, np.dtype(np.complex64): 3}
LARGE = 20
ROTATIONS = {np.dtype(np.complex128): 1500, np.dtype(np.complex64): 200}
"""The most rotations of a pass: the cosines divided out of them, at least 1/sqrt(2) each, must stay within the exponents."""
WORTH_A_THREAD = 1 << 15
KEPT = 1 << 14
ANY_GROUP = 1 << 30


class Plan:
    """Gates made ready for states of one size and precision; `run` multiplies a state by them, in place."""

    def __init__(self, n: int, gates: Iterable[Unitary], dtype: Any = np.complex128, *, fused: bool = True) -> None:
        self.n, self.dtype = n, np.dtype(dtype)
        self._lowered = lower(n, gates, fused=fused)
        self._small: tuple[Pass, ...] | None = None
        if n and (len(self._lowered.masks) << min(n, 20)) <= KEPT:
            self._small = tuple(_passes(self._lowered, self.dtype))

    def run(self, state: Amplitudes, *, threads: int = 1, check: Callable[[], None] = lambda: None) -> Amplitudes:
        """`state` (2^n,) of the plan's precision, contiguous; changed in place and returned."""
        real = state.view(state.real.dtype)
        threads = min(threads, max(1, state.size // WORTH_A_THREAD))
        for step in self._small or _passes(self._lowered, self.dtype):
            check()
            _run(step, real, threads)
        return state


def zero_state(n: int, dtype: Any = np.complex128) -> Amplitudes:
    state = np.zeros(1 << n, dtype=dtype)
    state[0] = 1
    return state


def block(n: int, widest: int, dtype: np.dtype[Any]) -> tuple[int, int]:
    """Index bits of a block and of its rows in memory, where `widest` is the most qubits of a gate.

    A large state is worth the larger tables that longer rows need.
    """
    large = n >= LARGE
    row = min(max(ROW[dtype], 3 if large else 0), n)
    return min(n, max(BLOCK[dtype] + large, widest + row)), row


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(thread_name_prefix="amplitudes")


def _run(step: Pass, real: Amplitudes, threads: int) -> None:
    blocks = 1 << step.outside.size
    share = min(threads, blocks)
    if share == 1:
        _work(step, real, (0, blocks))
        return
    cuts = [blocks * i // share for i in range(share + 1)]
    waiting = [_pool().submit(_work, step, real, part) for part in pairwise(cuts[1:])]
    _work(step, real, (0, cuts[1]))
    for part in waiting:
        part.result()


def _work(step: Pass, real: Amplitudes, blocks: tuple[int, int]) -> None:
    scratch = np.empty((2, 2 << step.k), dtype=real.dtype)
    kernels.run_blocks(real, step.tables, step.outside, blocks, scratch)


def _passes(lowered: Lowered, dtype: np.dtype[Any]) -> Iterator[Pass]:
    """Every pass holds the lowest qubits, so that blocks are whole cache lines."""
    n = lowered.n
    k, row = block(n, int(np.bitwise_count(lowered.masks).max(initial=1)), dtype)
    # A table in the middle of a block costs more than doing what follows it in a later pass.
    limits = np.array([k, (1 << row) - 1, 2 if k < n else ANY_GROUP, ROTATIONS[dtype]], dtype=np.int64)
    kinds = np.ascontiguousarray(lowered.rows[:, 0])
    waiting = np.arange(kinds.size, dtype=np.int64)
    while waiting.size:
        found = np.empty((waiting.size, 2), dtype=np.int64)
        count, inside = schedule.take(lowered.masks, kinds, waiting, limits, found)
        found = found[:count]
        waiting = schedule.left_over(waiting, found)
        yield written(lowered, found, [q for q in range(n) if inside >> q & 1], np.dtype(dtype))
