"""What a fill earned: positions at mean price, and the result of the part that a fill closes.

result = closed quantity x (price - mean price) x side of the position - the fees of opening and closing that part. Fees
count in the quote asset; those in the base asset at the fill's price, those in a third asset not (their price is unknown).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Position:
    """Signed quantity in the base asset, mean price, and what its opening cost in fees (quote)."""

    quantity: Decimal = ZERO
    price: Decimal = ZERO
    fees: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Fill:
    """`quantity` signed: bought above 0. `fee` in the quote asset."""

    quantity: Decimal
    price: Decimal
    fee: Decimal = ZERO


def fee_in_quote(symbol: str, price: Decimal, fee: Decimal, asset: str | None) -> Decimal:
    if not asset or symbol.endswith(asset):
        return fee
    return fee * price if symbol.startswith(asset) else ZERO


def filled(held: Position, fill: Fill) -> tuple[Position, Decimal | None]:
    """The position after the fill, and what the closed part earned; None when the fill closes nothing."""
    total = held.quantity + fill.quantity
    if held.quantity * fill.quantity >= 0:
        price = (held.quantity * held.price + fill.quantity * fill.price) / total if total else ZERO
        return Position(total, price, held.fees + fill.fee), None
    closed = min(abs(held.quantity), abs(fill.quantity))
    side = 1 if held.quantity > 0 else -1
    opening = held.fees * closed / abs(held.quantity)
    closing = fill.fee * closed / abs(fill.quantity)
    earned = side * closed * (fill.price - held.price) - opening - closing
    if abs(fill.quantity) > abs(held.quantity):
        return Position(total, fill.price, fill.fee - closing), earned
    return Position(total, held.price if total else ZERO, held.fees - opening), earned
