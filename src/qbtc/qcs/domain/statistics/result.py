"""What every method takes and gives: a checked series, an estimate with its interval, a test with its p-value.

A result is a frozen dataclass of such parts with `n` and `words`, a sentence that says what the numbers mean; `plain`
makes JSON of it. What cannot be known is NaN (null in JSON), never 0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Plain: TypeAlias = "float | int | str | bool | list[Plain] | dict[str, Plain] | None"
MOST = 200_000
"""Values of a series."""
LARGEST = 1e50
"""In size: fourth powers of more are no numbers any more."""


class BadSample(ValueError):
    """A series that a method cannot be applied to, and why. `field` names the parameter."""

    def __init__(self, message: str, field: str = "values") -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Estimate:
    """A value, its standard error and an interval at `level`; NaN where one is not known."""

    value: float
    error: float = math.nan
    low: float = math.nan
    high: float = math.nan
    level: float = 0.95


@dataclass(frozen=True)
class Test:
    """A statistic and the probability of one as large under `null`."""

    statistic: float
    p_value: float
    null: str
    __test__ = False

    @property
    def rejected(self) -> bool:
        """At 5 %."""
        return self.p_value < 0.05


def normal_estimate(value: float, error: float, level: float = 0.95) -> Estimate:
    """With the interval of a normal distribution."""
    from statistics import NormalDist

    half = NormalDist().inv_cdf(0.5 + level / 2.0) * error
    return Estimate(float(value), float(error), float(value - half), float(value + half), level)


def series(values: ArrayLike, *, least: int, name: str = "values", varies: bool = True) -> Floats:
    """float64[n] that is finite, has `least` values at least and MOST at most. Raises BadSample."""
    x = np.asarray(values, np.float64)
    if x.ndim != 1:
        raise BadSample(f"{name}: one column of numbers is needed, not an array of shape {x.shape}", name)
    if not least <= x.size <= MOST:
        raise BadSample(f"{name}: {x.size} values; allowed: {least} to {MOST:,}", name)
    finite = np.isfinite(x)
    if not finite.all():
        place = int(np.argmin(finite))
        raise BadSample(f"{name}: value {place} is {x[place]}, and {int((~finite).sum())} in all are not finite", name)
    if float(np.abs(x).max()) > LARGEST:
        place = int(np.abs(x).argmax())
        raise BadSample(f"{name}: value {place} is {x[place]:g}; allowed are sizes up to {LARGEST:g}", name)
    if varies and not float(np.ptp(x)) > 1e-13 * float(np.abs(x).max()):
        raise BadSample(f"{name}: all {x.size} values are equal, so that nothing can be estimated", name)
    return x


def matrix(values: ArrayLike, *, rows: int, columns: int = 1, name: str = "values") -> Floats:
    """float64[n, m] that is finite, n >= rows, m >= columns, n m <= MOST. Raises BadSample."""
    try:
        x = np.asarray(values, np.float64)
    except ValueError:
        raise BadSample(f"{name}: every row must have the same number of columns", name) from None
    if x.ndim != 2:
        raise BadSample(f"{name}: rows of numbers are needed, not an array of shape {x.shape}", name)
    if x.shape[0] < rows or x.shape[1] < columns or x.size > MOST:
        raise BadSample(
            f"{name}: {x.shape[0]} rows of {x.shape[1]}; allowed: {rows} rows of {columns} at least, {MOST:,} numbers at most",
            name,
        )
    if not np.isfinite(x).all():
        row, column = np.argwhere(~np.isfinite(x))[0]
        raise BadSample(f"{name}: row {row}, column {column} is {x[row, column]}", name)
    if float(np.abs(x).max()) > LARGEST:
        raise BadSample(f"{name}: a value is {np.abs(x).max():g} in size; allowed is up to {LARGEST:g}", name)
    return x


def within(value: float, low: float, high: float, name: str) -> float:
    """`value` if low <= value <= high. Raises BadSample."""
    if not low <= value <= high:
        raise BadSample(f"{name}: {value} is not allowed; allowed: {low} to {high}", name)
    return value


def one_of(value: str, allowed: tuple[str, ...] | Mapping[str, object], name: str) -> str:
    """`value` if it is allowed. Raises BadSample."""
    if value not in allowed:
        raise BadSample(f"{name}: {value!r} is not known; allowed: {', '.join(allowed)}", name)
    return value


def plain(value: object) -> Plain:
    """A result as JSON: dataclasses become objects, arrays lists, and numbers that are not finite null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value) if not f.name.startswith("_")}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (np.ndarray, list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return value if isinstance(value, str) or value is None else str(value)


def significant(p_value: float) -> str:
    """A p-value in words."""
    return f"p = {p_value:.3g}" if p_value >= 0.001 else "p < 0.001"
