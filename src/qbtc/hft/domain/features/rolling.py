"""One feature by itself over rolling windows: over whole arrays, or one bar at a time. Both call the same kernel.

    toxicity(buy, sell)                 # float64[bars], NaN until 30 bars are there
    stream = toxicity.stream()
    stream.update(12.5, 3.1)            # the same number for the same bars
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qbtc.contracts import basis26

from .native import returns_of, room
from .registry import RETURNS, Feature

Floats = NDArray[np.float64]
_RATE = "messages"


class Rolling:
    """A feature of one symbol. Inputs are those of `feature.inputs`, with `mid` in the place of returns."""

    def __init__(self, feature: Feature) -> None:
        if feature.kernel is None:
            raise ValueError(f"{feature.name} is of several symbols")
        self.feature, self._kernel = feature, feature.kernel
        self.inputs = tuple("mid" if name == RETURNS else name for name in feature.inputs)
        self.__name__, self.__doc__ = feature.name, feature.kernel.__doc__

    def __repr__(self) -> str:
        return f"<feature {self.feature.letter} {self.__name__}({', '.join(self.inputs)})>"

    def __call__(self, *arrays: ArrayLike, window: int = basis26.WINDOW_BARS, seconds: float = 1.0) -> Floats:
        """The value at every bar, float64[bars]. Raises ValueError for arrays that do not fit.

        One bar after the other; what computes all features of many bars at once is `hft.features.over`.
        """
        data = self._checked(arrays)
        stream = self.stream(window=window, seconds=seconds)
        return np.array([stream.update(*bar) for bar in data.T], np.float64)

    def _checked(self, arrays: tuple[ArrayLike, ...]) -> Floats:
        found = [np.asarray(each, np.float64) for each in arrays]
        shapes = {each.shape for each in found}
        if len(found) != len(self.inputs) or len(shapes) != 1 or found[0].ndim != 1:
            given = ", ".join(str(each.shape) for each in found) or "nothing"
            raise ValueError(f"{self.__name__} takes {', '.join(self.inputs)}, each one number a bar; given: {given}")
        return np.stack(found)

    def stream(self, *, window: int = basis26.WINDOW_BARS, seconds: float = 1.0) -> Stream:
        """One that takes a bar at a time. `window` is in bars, of `seconds` each. Raises ValueError."""
        return Stream(self, window, seconds)


class Stream:
    """The last bars of one symbol."""

    def __init__(self, rolling: Rolling, window: int, seconds: float) -> None:
        feature = rolling.feature
        least = max(2, feature.bars - 1)
        if isinstance(window, bool) or not isinstance(window, int) or window < least:
            raise ValueError(f"window {window!r} is not allowed: a whole number of bars, {least} at least")
        if not 0 < seconds < float("inf"):
            raise ValueError(f"seconds {seconds!r} is not allowed: a bar has a positive length")
        self._feature, self._kernel, self._seconds = feature, rolling._kernel, seconds
        self._length = window + feature.whole
        self._held: Any = np.empty((len(rolling.inputs), 2 * self._length))
        self._count = self._end = 0
        self._work = np.empty(room(self._length))
        self._returns = feature.inputs == (RETURNS,)
        self._logs = np.empty(self._length)

    @property
    def warm(self) -> int:
        """How many bars are missing until the first value."""
        return max(0, self._feature.bars - self._count)

    def update(self, *bar: float) -> float:
        """The value with this bar; NaN while `warm` is not 0, and where the data do not define it.

        A bar with a NaN, or a price that is none, breaks the window: it begins anew behind it.
        """
        if len(bar) != len(self._held):
            raise ValueError(f"{len(bar)} numbers; {self._feature.name} takes {len(self._held)} a bar")
        if not all(-np.inf < value < np.inf for value in bar) or (self._returns and not bar[0] > 0):
            self._count = 0
            return float("nan")
        self._push(bar)
        return self._value() if self._count >= self._feature.bars else float("nan")

    def _push(self, bar: tuple[float, ...]) -> None:
        """Each input lies in a row twice as long as the window, so that the window is one piece."""
        if self._end == self._held.shape[1]:
            keep = self._length - 1
            self._held[:, :keep] = self._held[:, self._end - keep :]
            self._end = keep
        self._held[:, self._end] = bar
        self._end += 1
        self._count = min(self._count + 1, self._length)

    def _value(self) -> float:
        inputs = self._held[:, self._end - self._count : self._end]
        if self._returns:
            returns = self._logs[: self._count - 1]
            returns_of(inputs[0], returns)
            return float(self._kernel(returns, self._work))
        if self._feature.inputs == (_RATE,):
            return float(self._kernel(inputs[0], self._seconds, self._work))
        return float(self._kernel(*inputs, self._work))
