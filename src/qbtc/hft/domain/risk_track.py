"""What the risk gate must remember to know a situation: how often something happened, and what a market usually looks like.

Compiled and fed by the control path and by the hot loop alike. A `RATE` counts events of the last second and the last
ten; a `PULSE` keeps the usual size and spread of the touch and the range of the mid over ten seconds. Times are ns of
one clock that never goes back, given by the caller.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from .risk_records import UNKNOWN
from .risk_rules import ratio_up

# mypy: disable-error-code="no-untyped-def, misc"
SECOND = 1_000_000_000
KEPT = 4096
"""More events than this within ten seconds count as this many: every limit is below it."""
SLOTS = 10
MEMORY = 256.0
"""Touches over which the usual size and spread are averaged."""

RATE = np.dtype([("head", "i8"), ("one", "i8"), ("ten", "i8"), ("at", "i8", (KEPT,))], align=True)
PULSE = np.dtype(
    [
        ("touches", "i8"),
        ("second", "i8"),
        ("lots", "f8"),
        ("spread", "f8"),  # ticks
        ("high", "i8", (SLOTS,)),  # twice the mid, one slot a second; 0: no quote in that second
        ("low", "i8", (SLOTS,)),
    ],
    align=True,
)

compiled: Any = njit(cache=True, nogil=True, error_model="numpy")


@compiled
def happened(rate, now):
    rate.at[rate.head % KEPT] = now
    rate.head += 1


@compiled
def last_second(rate, now):
    """How many events are younger than one second."""
    tail = max(rate.one, rate.head - KEPT)
    while tail < rate.head and rate.at[tail % KEPT] <= now - SECOND:
        tail += 1
    rate.one = tail
    return rate.head - tail


@compiled
def last_ten(rate, now):
    """How many events are younger than ten seconds."""
    tail = max(rate.ten, rate.head - KEPT)
    while tail < rate.head and rate.at[tail % KEPT] <= now - 10 * SECOND:
        tail += 1
    rate.ten = tail
    return rate.head - tail


@compiled
def observe(pulse, now, bid, ask, bid_lots, ask_lots):
    """Take a touch of the market; a crossed or one-sided one is left out."""
    if bid <= 0 or ask <= bid:
        return
    pulse.touches += 1
    weight = 1.0 / min(np.float64(pulse.touches), MEMORY)
    pulse.lots += weight * (0.5 * (bid_lots + ask_lots) - pulse.lots)
    pulse.spread += weight * ((ask - bid) - pulse.spread)
    _forget(pulse, now // SECOND)
    slot, twice = pulse.second % SLOTS, bid + ask
    pulse.high[slot] = max(pulse.high[slot], twice)
    pulse.low[slot] = twice if pulse.low[slot] == 0 else min(pulse.low[slot], twice)


@compiled
def _forget(pulse, second):
    """Empty the slots of the seconds that have begun since."""
    begun = min(second - pulse.second, SLOTS)
    for i in range(begun):
        pulse.high[(second - i) % SLOTS] = 0
        pulse.low[(second - i) % SLOTS] = 0
    pulse.second = max(second, pulse.second)


@compiled
def moved(pulse, now):
    """(highest - lowest mid) / lowest of the last ten seconds, basis points; UNKNOWN before the first touch."""
    _forget(pulse, now // SECOND)
    high, low = np.int64(0), np.int64(0)
    for value in pulse.high:  # an array's own max() cannot be compiled where nothing may allocate, as in the hot loop
        high = max(high, value)
    for value in pulse.low:
        if value > 0 and (low == 0 or value < low):
            low = value
    if low == 0:
        return np.int64(UNKNOWN) if pulse.touches == 0 else np.int64(0)
    return ratio_up(high - low, low, 10_000.0)


@compiled
def typical_lots(pulse):
    """For SITUATION; UNKNOWN before the first touch."""
    return np.int64(UNKNOWN) if pulse.touches == 0 else np.int64(max(pulse.lots, 1.0))


@compiled
def typical_spread(pulse):
    """In 1/1024 tick; UNKNOWN before the first touch."""
    return np.int64(UNKNOWN) if pulse.touches == 0 else np.int64(max(pulse.spread * 1024.0, 1.0))
