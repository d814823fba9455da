"""What every forecaster is given: rows known at the close of a bar, outcomes known `horizon` bars later.

Rows are complex amplitudes (T, d) or density matrices (T, d, d). `outcomes[t]` belongs to the rows up to t and becomes known
at bar t + horizon; `values` and `edges` are the continuous quantity behind it where there is one: outcome y is a value in
(edges[y-1], edges[y]].
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from qbtc.core.hilbert.types import Complex, Index, Real

COMPONENTS = 8


class BadSeries(ValueError):
    """Rows, outcomes or values that do not belong together."""


@dataclass(frozen=True, slots=True)
class Series:
    states: Complex
    outcomes: Index
    count: int
    values: Real
    edges: Real
    horizon: int = 1

    def __len__(self) -> int:
        return len(self.outcomes)

    def part(self, start: int, stop: int) -> Series:
        return replace(
            self, states=self.states[start:stop], outcomes=self.outcomes[start:stop], values=self.values[start:stop]
        )


def series(
    states: Complex, outcomes: Index, *, values: Real | None = None, edges: Real | None = None, horizon: int = 1
) -> Series:
    """A checked Series. Without values the outcomes' numbers are the values, and classes meet half-way between them.

    Raises BadSeries with what is allowed.
    """
    states, outcomes = np.asarray(states, dtype=np.complex128), np.asarray(outcomes)
    if states.ndim not in (2, 3) or outcomes.shape != states.shape[:1]:
        raise BadSeries(f"states {states.shape} and outcomes {outcomes.shape}; allowed are (T, d) or (T, d, d) and (T,)")
    if not np.isfinite(states).all():
        raise BadSeries("states hold values that are not finite; none is allowed")
    empty = np.flatnonzero(~states.reshape(len(states), -1).any(axis=1))
    if len(empty):
        raise BadSeries(f"{len(empty)} states are zero, the first is row {empty[0]}; leave out what carries no information")
    if not np.issubdtype(outcomes.dtype, np.integer) or (len(outcomes) and outcomes.min() < 0):
        raise BadSeries("outcomes must be whole numbers from 0 upwards")
    if horizon < 1:
        raise BadSeries(f"horizon {horizon}; it must be at least 1 bar")
    count = max(int(outcomes.max(initial=0)) + 1, 2, 0 if edges is None else len(edges) + 1)
    values, edges = _quantity(outcomes, count, values, edges)
    return Series(states, outcomes.astype(np.int64), count, values, edges, horizon)


def _quantity(outcomes: Index, count: int, values: Real | None, edges: Real | None) -> tuple[Real, Real]:
    if (values is None) != (edges is None):
        raise BadSeries("values and edges belong together; give both or neither")
    if values is None or edges is None:
        return outcomes.astype(np.float64), np.arange(count - 1, dtype=np.float64) + 0.5
    values, edges = np.asarray(values, dtype=np.float64), np.asarray(edges, dtype=np.float64)
    if values.shape != outcomes.shape or not np.isfinite(values).all():
        raise BadSeries(f"values have shape {values.shape}; {outcomes.shape} finite numbers are needed")
    if len(edges) != count - 1 or np.any(np.diff(edges) <= 0):
        raise BadSeries(f"{len(edges)} edges for {count} outcomes; {count - 1} rising ones are needed")
    return values, edges


@dataclass(frozen=True, slots=True)
class Components:
    """Leading principal components of the rows as real numbers, learnt from training rows only; each of unit variance."""

    centre: Real
    axes: Real

    @classmethod
    def learn(cls, states: Complex, count: int = COMPONENTS) -> Components:
        x = _real(states)
        centre = x.mean(axis=0)
        _, sizes, axes = np.linalg.svd(x - centre, full_matrices=False)
        deviations = sizes / np.sqrt(max(len(x) - 1, 1))
        keep = int(min(count, np.sum(deviations > 1e-9 * max(float(deviations.max(initial=0.0)), 1e-300))))
        return cls(centre, (axes[:keep] / deviations[:keep, None]).T)

    def of(self, states: Complex) -> Real:
        """(T, k)."""
        result: Real = (_real(states) - self.centre) @ self.axes
        return result


def _real(states: Complex) -> Real:
    flat = states.reshape(len(states), -1)
    return np.concatenate([flat.real, flat.imag], axis=1)
