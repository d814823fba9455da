"""What a feature sees: the dense window of a group of symbols that have the same number of unbroken bars.

Arrays are (symbol, bar), newest last. `mid` holds one bar more than `returns`. A feature returns one value a symbol
and NaN where the data does not define it; the registry turns NaN into the mask.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26

from ..bars import COLUMNS

Array = NDArray[np.float64]
MIN_BARS = 30


@dataclass(frozen=True, slots=True)
class Window:
    """Bars of `n` symbols: `mid` and the other columns (n, k+1) or (n, k), `returns` log returns of the mid (n, k)."""

    columns: NDArray[np.float64]
    returns: Array

    @classmethod
    def of(cls, data: NDArray[np.float64]) -> Window:
        """`data` is (symbol, column, bar) without NaN in the mid; returns exist from the second bar on."""
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = np.log(data[:, COLUMNS.index("mid"), :])
        return cls(data, np.diff(logs, axis=1))

    def all(self, name: str) -> Array:
        """Every bar of a column, one more than there are returns."""
        return self.columns[:, COLUMNS.index(name), :]

    def last(self, name: str) -> Array:
        return self.columns[:, COLUMNS.index(name), -1]

    def window(self, name: str) -> Array:
        """The last W bars of a column."""
        return self.all(name)[:, -basis26.WINDOW_BARS :]


def ratio(above: Array, below: Array) -> Array:
    """above / below, NaN where below is not positive."""
    result: Array = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
    return result


def log(value: Array) -> Array:
    """Natural logarithm, NaN where the value is not positive."""
    return np.log(value, out=np.full(np.shape(value), np.nan), where=value > 0)
