"""Refits of a GARCH over moving windows: each begins where the one before it ended."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..result import BadSample, Floats, Ints, series, within
from . import kernel
from .model import LEAST
from .parameters import STARTS, Spec, least_squares, regressors, starts

CHUNK = 50
"""Windows that are fitted in a row, the first of them from all starts: the same bits for any number of threads."""

Told = Callable[[float, str], None]
"""Called with (share that is done, 0 to 1; what it is doing)."""


def _silent(_share: float, _step: str) -> None:
    return


@dataclass(frozen=True)
class Rolling:
    """A row a window: `thetas` float64[w, m] in the order of `names`, `loglik`, `variance` forecast for the period after
    the window, `ends` the place of that period, `slope` largest derivative of the mean log-likelihood."""

    names: tuple[str, ...]
    ends: Ints
    thetas: Floats
    loglik: Floats
    variance: Floats
    slope: Floats
    window: int
    words: str

    @property
    def converged(self) -> float:
        """Share of the windows."""
        return float((self.slope < 1e-5).mean())


def rolling(
    values: ArrayLike, spec: Spec | None = None, *, window: int, step: int = 1, threads: int = 1, told: Told = _silent
) -> Rolling:
    """Of returns, float64[n]: windows of `window` values moved by `step`; `told` hears of every `CHUNK` windows.
    Raises BadSample."""
    chosen = Spec() if spec is None else spec
    raw = series(values, least=LEAST)
    within(window, LEAST, raw.size, "window")
    if step < 1 or threads < 1:
        raise BadSample(f"step {step}, threads {threads}: allowed is 1 at least", "step")
    if chosen.mean == "ar" and chosen.start == "backcast":
        raise BadSample("start: windows with an autoregressive mean begin at the sample's mean square", "start")
    scale = float(raw.std())
    y, x = regressors(raw / scale, chosen)
    length = window - (raw.size - y.size)
    thetas, found = _refitted(y, x, chosen, (length, step), threads, told)
    _scale_back(chosen, thetas, found, scale, length)
    ends = raw.size - y.size + length + step * np.arange(len(thetas))
    settled = float((found[:, 1] < 1e-5).mean())
    words = f"{len(thetas)} refits over windows of {window} values; {settled:.1%} of them reached a maximum of the likelihood."
    return Rolling(chosen.names, ends, thetas, found[:, 0], found[:, 2], found[:, 1], window, words)


def _refitted(
    y: Floats, x: Floats, spec: Spec, window: tuple[int, int], threads: int, told: Told
) -> tuple[Floats, Floats]:
    length, step = window
    count = (y.size - length) // step + 1
    begin = least_squares(y, x)
    table = starts(spec, begin, float(np.mean((y - x @ begin) ** 2)))
    thetas, found = np.empty((count, len(spec.names))), np.empty((count, 3))

    def part(first: int) -> None:
        plan = (length, step, first, min(first + CHUNK, count), STARTS[spec.start])
        kernel.roll(table, y, x, spec.orders, plan, thetas, found)

    with ThreadPoolExecutor(threads) as pool:
        for done, _ in enumerate(pool.map(part, range(0, count, CHUNK))):
            told(min((done + 1) * CHUNK / count, 1.0), f"{min((done + 1) * CHUNK, count)} of {count} refits")
    return thetas, found


def _scale_back(spec: Spec, thetas: Floats, found: Floats, scale: float, length: int) -> None:
    k = spec.mean_size
    if k:
        thetas[:, 0] *= scale
    if spec.family == "egarch":
        thetas[:, k] += (1.0 - thetas[:, k + 1 + spec.p + spec.asymmetric]) * 2.0 * math.log(scale)
    else:
        thetas[:, k] *= scale**2
    found[:, 0] -= length * math.log(scale)
    found[:, 2] *= scale**2
