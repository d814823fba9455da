"""Index, mark price and funding of a perpetual contract, and what a funding payment is. Pure; integers of 1e-8.

After Binance's public description, with the intervals of this house:
  premium  = (max(0, bid - index) - max(0, index - ask)) / index, every `STEP`, with the touch for the impact prices
  funding  = average premium of the interval + clamp(interest - average, -0.05 %, +0.05 %), within +-cap
  price 1  = index * (1 + funding * time to the next payment / interval)
  price 2  = index + average of (mid - index) over the last `WINDOW` samples
  mark     = median of price 1, price 2 and the last contract price
Payments are due at 00:00, 08:00 and 16:00 UTC of market time: a long pays `notional at mark * rate`, a short gets it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from .margin import SCALE, Position, value

INTERVAL = 8 * 3600 * 10**9
STEP = 5 * 10**9
WINDOW = 60
INTEREST = 10_000
"""0.01 % an interval."""
DAMPER = 50_000
"""0.05 %."""


def next_funding(now: int) -> int:
    """The first payment time after `now` (nanoseconds)."""
    return now - now % INTERVAL + INTERVAL


def premium(bid: int, ask: int, index: int) -> int:
    """Premium index in 1e-8."""
    if index <= 0:
        return 0
    return (max(0, bid - index) - max(0, index - ask)) * SCALE // index


def funding_rate(average: int, cap: int) -> int:
    rate = average + min(max(INTEREST - average, -DAMPER), DAMPER)
    return min(max(rate, -cap), cap)


def mark_price(index: int, basis: int, last: int, rate: int, left: int) -> int:
    """`basis` is the mean of mid - index, `rate` the funding rate, `left` the time to its payment; 0 without index."""
    if index <= 0:
        return last
    first = index + index * rate // SCALE * left // INTERVAL
    second = index + basis
    return sorted((first, second, last or second))[1]


def payment(position: Position, mark: int, rate: int) -> int:
    """What the position receives (negative: pays), rounded toward zero."""
    owed = value(mark, position.quantity) * rate
    return -(owed // SCALE) if owed >= 0 else -owed // SCALE


@dataclass(slots=True)
class Funding:
    """Samples of one symbol since the last payment. `cap` bounds the rate."""

    cap: int
    total: int = 0
    count: int = 0
    sampled: int = 0
    bases: deque[int] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def sample(self, bid: int, ask: int, index: int, now: int) -> None:
        """At most one sample a `STEP`; without a touch or an index there is none."""
        if now - self.sampled < STEP or min(bid, ask, index) <= 0:
            return
        self.sampled = now
        self.total += premium(bid, ask, index)
        self.count += 1
        self.bases.append((bid + ask) // 2 - index)

    @property
    def rate(self) -> int:
        return funding_rate(self.total // self.count if self.count else 0, self.cap)

    @property
    def basis(self) -> int:
        return sum(self.bases) // len(self.bases) if self.bases else 0

    def settle(self) -> int:
        """The rate that is due, and a new interval."""
        rate = self.rate
        self.total = self.count = 0
        return rate
