"""The engines there are, made once: they keep the plans of circuits that are run again."""

from __future__ import annotations

from functools import cache

from .density import DensityMatrix
from .protocol import Engine
from .stabiliser import Stabiliser
from .statevector import StateVector
from .trajectories import Trajectories

PRECISIONS = ("double", "single")


@cache
def engines(precision: str = "double") -> tuple[Engine, ...]:
    """Those to choose from at this precision of amplitudes; engines that have only one precision are in both."""
    if precision not in PRECISIONS:
        raise ValueError(f"unknown precision {precision!r}; allowed are {' and '.join(PRECISIONS)}")
    return (StateVector(precision), DensityMatrix(), Stabiliser(), Trajectories())
