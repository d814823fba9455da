"""Which market moments are kept, and what followed them.

Rule: a symbol's moment is kept at a regime change, at a fill, or when a minute of market time has passed since its
last one; between two kept moments lie at least `min_gap` seconds, so that a flickering regime cannot flood memory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

SECOND: Final = 1_000_000_000

Reason = Literal["first", "regime", "fill", "minute"]


@dataclass(frozen=True, slots=True)
class KeepRule:
    every: float = 60.0
    min_gap: float = 5.0


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a symbol's memory stands: its market session and the market time of its last kept moment."""

    session: str
    at: int


def why_keep(rule: KeepRule, last: Kept | None, *, now: Kept, regime_changed: bool, filled: bool) -> Reason | None:
    """The reason to keep this moment, or None. Times are market nanoseconds."""
    if last is None or last.session != now.session or now.at < last.at:
        return "first"
    elapsed = (now.at - last.at) / SECOND
    if elapsed < rule.min_gap:
        return None
    if filled:
        return "fill"
    if regime_changed:
        return "regime"
    return "minute" if elapsed >= rule.every else None


@dataclass(frozen=True, slots=True)
class Bar:
    """The close of one bar; `end` is the market time in nanoseconds when it was complete."""

    end: int
    close: float


def price_at(bars: Sequence[Bar], at: int, *, tolerance: float = 5.0) -> float | None:
    """The last close at or before `at` and at most `tolerance` seconds older; None when there is none."""
    known = [bar for bar in bars if at - tolerance * SECOND <= bar.end <= at]
    return max(known, key=lambda bar: bar.end).close if known else None


def forward_return(price: float, bars: Sequence[Bar], *, at: int, horizon: float) -> float | None:
    """Simple return from `price` at `at` to the close `horizon` seconds later; None while that is not known."""
    later = price_at(bars, at + int(horizon * SECOND))
    return None if later is None or price <= 0 else later / price - 1.0
