"""The reference of every velocity and of novelty: one value a minute up to 30 days, the last 120 bars until then.

27 channels a symbol: the changes of the 26 scores and the raw novelty. The minute sample of a symbol falls on its own
second, so that the sorting work of many symbols spreads over the minute.
"""

from __future__ import annotations

from collections import deque
from zlib import crc32

import numpy as np

from qbtc.core.hilbert.states import median_mad
from qbtc.core.hilbert.types import Index, Real

from .medians import recent_medians

CHANNELS = 27
RECENT_BARS = 120
MINUTES_NEEDED = 120
MINUTES_KEPT = 30 * 24 * 60
BARS_A_MINUTE = 60

Summary = tuple[Real, Real, Real]


def samples_at(symbol: str, bar: int) -> bool:
    """True on the one bar a minute that enters the long reference of this symbol."""
    return bar % BARS_A_MINUTE == crc32(symbol.encode()) % BARS_A_MINUTE


class References:
    """Channels of all symbols of a session; slots are given by the caller and only grow."""

    def __init__(self) -> None:
        self._recent = np.full((0, CHANNELS, RECENT_BARS), np.nan)
        self._bars = np.full((0, RECENT_BARS), -1, dtype=np.int64)
        self._minutes: list[deque[Real]] = []
        self._summaries: list[Summary | None] = []

    def grow(self, slots: int) -> None:
        extra = slots - len(self._minutes)
        self._recent = np.concatenate([self._recent, np.full((extra, CHANNELS, RECENT_BARS), np.nan)])
        self._bars = np.concatenate([self._bars, np.full((extra, RECENT_BARS), -1, dtype=np.int64)])
        self._minutes += [deque(maxlen=MINUTES_KEPT) for _ in range(extra)]
        self._summaries += [None] * extra

    def summary(self, slots: Index, bar: int) -> Summary:
        """Median, MAD and count (n, 27) of what was known before `bar`."""
        found = recent_medians(self._recent, self._bars, slots, max(bar - RECENT_BARS, 0))
        for row, slot in enumerate(slots):
            known = self._summaries[slot]
            if known is not None:
                for target, value in zip(found, known, strict=True):
                    target[row] = value
        return found

    def add(self, slot: int, bar: int, values: Real) -> None:
        """One bar's channels; NaN where a channel has no value."""
        self._recent[slot, :, bar % RECENT_BARS] = values
        self._bars[slot, bar % RECENT_BARS] = bar

    def add_minutes(self, slot: int, rows: list[Real]) -> None:
        """Samples for the long reference, oldest first; they are kept as float32."""
        kept = self._minutes[slot]
        kept.extend(np.asarray(row, dtype=np.float32) for row in rows)
        if rows and len(kept) >= MINUTES_NEEDED:
            self._summaries[slot] = median_mad(np.stack(kept).T.astype(np.float64))
