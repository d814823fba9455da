"""Positions and profit from fills, exact: integers of 1e-8 for prices and quantities, of 1e-16 for amounts.

Average cost. What a reduction takes out of the cost basis is rounded down to 1e-16 and the rest stays in the basis,
so realised + unrealised - fees equals cash flow plus the value of the holding to the last digit, always.
A fee in the base asset is a disposal at the fill's price. A fee in a third asset is kept apart by asset, because it
moves another balance, and counts as a loss at what it was worth when it was paid (`worth`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qbtc.contracts.common import Side

from .units import ONE

FEE_PART = 1000
"""A fee in an asset without a mark counts as this part of the fill, 0.1 %: what Binance spot takes without a discount,
so that a fee paid in BNB, which is discounted, is never counted too low. The hot loop counts the same."""


@dataclass(frozen=True, slots=True)
class Fill:
    """One execution. `price`, `quantity` and `fee` in 1e-8; `fee` in units of `fee_asset`."""

    symbol: str
    trade_id: str
    client_order_id: str
    side: Side
    price: int
    quantity: int
    fee: int
    fee_asset: str
    maker: bool
    at_ns: int
    venue_order_id: str | None = None
    strategy: str | None = None

    @property
    def signed(self) -> int:
        return self.quantity if self.side is Side.BUY else -self.quantity


@dataclass(slots=True)
class Position:
    """Holding of one symbol that came from fills; negative is short. `cost` has the sign of `quantity`."""

    symbol: str
    quantity: int = 0
    cost: int = 0
    realised: int = 0
    fees: int = 0
    other_fees: dict[str, int] = field(default_factory=dict)
    fills: int = 0
    other_worth: int = 0

    def apply(self, fill: Fill, *, base: str, quote: str, worth: int = 0) -> None:
        """`worth` is that of a fee in a third asset, in 1e-16 of the quote asset."""
        self.fills += 1
        self._move(fill.signed, fill.price)
        if fill.fee_asset == quote:
            self.fees += fill.fee * ONE
        elif fill.fee_asset == base:
            self._move(-fill.fee, fill.price)
            self.fees += fill.fee * fill.price
        else:
            self.other_fees[fill.fee_asset] = self.other_fees.get(fill.fee_asset, 0) + fill.fee
            self.other_worth += worth

    @property
    def all_fees(self) -> int:
        """In 1e-16 of the quote asset, those in third assets as they were worth."""
        return self.fees + self.other_worth

    def _move(self, change: int, price: int) -> None:
        closing = 0
        if self.quantity * change < 0:
            closing = min(abs(change), abs(self.quantity)) * (1 if change > 0 else -1)
            self._reduce(closing, price)
        opening = change - closing
        self.quantity += opening
        self.cost += opening * price

    def _reduce(self, change: int, price: int) -> None:
        """Take |change| out of the position; the cost taken is the average, rounded towards zero."""
        size = abs(self.quantity)
        taken = abs(self.cost) * abs(change) // size
        taken = taken if self.cost >= 0 else -taken
        self.realised += -change * price - taken
        self.cost -= taken
        self.quantity += change

    @property
    def average(self) -> int | None:
        """Average cost in 1e-8, rounded; None when flat."""
        return round(self.cost / self.quantity) if self.quantity else None

    def unrealised(self, mark: int) -> int:
        """In 1e-16 of the quote asset at a price of 1e-8."""
        return self.quantity * mark - self.cost

    def total(self, mark: int) -> int:
        return self.realised + self.unrealised(mark) - self.all_fees


@dataclass(frozen=True, slots=True)
class Pnl:
    """Sums over positions, in 1e-16 of one quote asset."""

    realised: int
    unrealised: int
    fees: int

    @property
    def total(self) -> int:
        return self.realised + self.unrealised - self.fees


def worth(fill: Fill, mark: int | None) -> int:
    """What a fee in a third asset costs, in 1e-16 of the quote asset: at the mark of its asset (1e-8), or without one
    a `FEE_PART` of the fill."""
    if not fill.fee:
        return 0
    return fill.fee * mark if mark is not None else -(-fill.quantity * fill.price // FEE_PART)


def pnl(positions: Mapping[str, Position], marks: Mapping[str, int], rates: Mapping[str, int]) -> Pnl:
    """`rates`: what the quote asset of each symbol is worth in the one that is summed in, in 1e-8; a position without a
    rate is left out. One without a mark is valued at cost; callers show its mark as missing."""
    held = [(p, rates[p.symbol]) for p in positions.values() if p.symbol in rates]
    unrealised = sum(p.unrealised(marks[p.symbol]) * rate // ONE for p, rate in held if p.symbol in marks)
    return Pnl(
        sum(p.realised * rate // ONE for p, rate in held), unrealised, sum(p.all_fees * rate // ONE for p, rate in held)
    )
