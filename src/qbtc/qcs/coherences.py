"""Reports on request (`POST /coherence`), and the bootstrap intervals of the series that the Quantum page draws.

An interval takes some milliseconds of a core, so the series has one at every `EVERY`-th bar and at its newest one, and those
of stored states are kept. The generator of a stored state comes from its id: the same state has the same interval everywhere.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict
from zlib import crc32

import numpy as np
from pydantic import JsonValue

from qbtc.contracts.basis26 import WINDOW_BARS
from qbtc.core.hilbert import exponential_weights
from qbtc.core.hilbert.types import Complex
from qbtc.kit.errors import BadInput

from .domain.reports import FullReport, report_of_matrix, report_of_rows
from .errors import BadState
from .ports import KeptState

EVERY = 15
DRAWS = 100
KEPT = 5000

Interval = tuple[float, float]


def of_matrix(rho: Complex) -> dict[str, JsonValue]:
    """The body of the answer for a density matrix; raises BadState."""
    try:
        return _body(report_of_matrix(rho))
    except ValueError as error:
        raise BadState(str(error), field="matrix") from None


def of_rows(rows: Complex, half_life: float, *, draws: int, level: float, seed: int) -> dict[str, JsonValue]:
    """The body of the answer for the rows of a window; raises BadInput."""
    from qbtc.core.hilbert.intervals import Resampling

    try:
        how = Resampling(draws=draws, level=level)
        return _body(report_of_rows(rows, half_life, how, np.random.default_rng(seed)))
    except ValueError as error:
        raise BadInput(str(error), field="rows") from None


class Intervals:
    """Intervals of C_r / log2 26 of stored states, the last `KEPT` of them remembered."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Interval | None] = OrderedDict()

    def of_series(self, rows: Sequence[KeptState], wanted: int) -> dict[str, Interval]:
        """By state id, for every `EVERY`-th bar and the newest of the last `wanted` of `rows` (one symbol, oldest first)."""
        found: dict[str, Interval] = {}
        for index in range(max(len(rows) - wanted, 0), len(rows)):
            kept = rows[index]
            if kept.bar % EVERY == 0 or index == len(rows) - 1:
                interval = self._of(kept, rows[max(index + 1 - WINDOW_BARS, 0) : index + 1])
                if interval is not None:
                    found[kept.state.state_id] = interval
        return found

    def _of(self, kept: KeptState, window: Sequence[KeptState]) -> Interval | None:
        key = kept.state.state_id
        if key not in self._known:
            self._known[key] = _interval(kept, window)
            while len(self._known) > KEPT:
                self._known.popitem(last=False)
        return self._known[key]


def _interval(kept: KeptState, window: Sequence[KeptState]) -> Interval | None:
    """None where too few bars of the window are stored."""
    from qbtc.core.hilbert.intervals import FEWEST_ROWS, Resampling, report_intervals

    inside = [
        w
        for w in window
        if w.session == kept.session and kept.bar - WINDOW_BARS < w.bar <= kept.bar and w.state.informative
    ]
    if len(inside) < FEWEST_ROWS:
        return None
    rows = np.array([_amplitudes(w) for w in inside])
    weights = exponential_weights(np.array([kept.bar - w.bar for w in inside], dtype=np.float64))
    rng = np.random.default_rng(crc32(kept.state.state_id.encode()))
    return report_intervals(rows, weights, rng, Resampling(draws=DRAWS))["normalised"]


def _amplitudes(kept: KeptState) -> Complex:
    state = kept.state
    return (np.array(state.real) + 1j * np.array(state.imaginary)) * state.intensity


def _body(full: FullReport) -> dict[str, JsonValue]:
    report = full.report
    names = ("l1", "relative", "normalised", "purity", "entropy", "effective_rank", "participation")
    numbers: dict[str, JsonValue] = {name: float(getattr(report, name)) for name in names}
    registers: list[JsonValue] = [
        {"registers": list(shape), **asdict(found)} for shape, found in full.registers.items()
    ]
    intervals: dict[str, JsonValue] = {name: list(pair) for name, pair in full.intervals.items()}
    return numbers | {
        "size": len(report.diagonal),
        "diagonal": report.diagonal.tolist(),
        "contributions": full.contributions.tolist(),
        "registers": registers,
        "intervals": intervals or None,
        "shrinkage": full.shrinkage,
    }
