"""What is known of the perpetual contract on a symbol: mark price, index, funding rate, open interest. Pure.

The basis is mark over index, which come in one message: the perpetual against the spot markets that Binance's index is
made of. A fact that is too old at a bar's close is not known there.
"""

from __future__ import annotations

import math

from qbtc.core.binance.messages import MalformedFrame, MarkPrice

from .bars import NAN, NANOS, Known

MS = 1_000_000
MARK_NS = 60 * NANOS
"""A mark price counts for so long; it is told every second."""
INTEREST_NS = 600 * NANOS
"""Open interest counts for so long: the exchange's own history has one value in five minutes."""
FUNDING_HOURS = 8.0
YEAR_HOURS = 24 * 365
FAR_NS = -(2**62)


class Perpetual:
    """`hours` between two fundings. Times are those of the exchange, in ns."""

    def __init__(self) -> None:
        self.hours = FUNDING_HOURS
        self._mark_at = self._interest_at = FAR_NS
        self._basis = self._rate = self._interest = NAN

    def on_mark(self, event: MarkPrice) -> None:
        """Raises MalformedFrame for what are no prices."""
        try:
            mark, index, rate = float(event.mark), float(event.index or "nan"), float(event.rate or "nan")
        except ValueError as error:
            raise MalformedFrame(f"mark price of {event.symbol}: {error}") from None
        self._mark_at, self._basis, self._rate = event.event_ms * MS, basis_bp(mark, index), rate

    def on_interest(self, quantity: float, at_ns: int) -> None:
        self._interest, self._interest_at = quantity, at_ns

    def at(self, end_ns: int) -> Known:
        """As known at the close of a bar."""
        fresh = self._mark_at > end_ns - MARK_NS
        return Known(
            self._basis if fresh else NAN,
            yearly_percent(self._rate, self.hours) if fresh else NAN,
            self._interest if self._interest_at > end_ns - INTEREST_NS else NAN,
        )

    @property
    def heard(self) -> bool:
        """Whether a mark price was ever told."""
        return self._mark_at > FAR_NS

    @property
    def counted(self) -> bool:
        """Whether open interest was ever told."""
        return self._interest_at > FAR_NS


def basis_bp(mark: float, index: float) -> float:
    """Mark over index in basis points; NaN without both."""
    return 1e4 * (mark / index - 1) if mark > 0 and index > 0 and math.isfinite(mark) else NAN


def yearly_percent(rate: float, hours: float) -> float:
    """A funding rate a funding interval in per cent a year, without compounding."""
    return 100 * rate * (YEAR_HOURS / hours)
