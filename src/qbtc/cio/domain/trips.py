"""What fills earned: the result of the part that a fill closes (`filled`), and of a trade from flat to flat (`closed`).

Of a part: closed quantity x (price - mean price) x side of the position - the fees of opening and closing that part; fees
count in the quote asset, those in the base asset at the fill's price, those in a third asset not (their price is unknown).
Of a trade: what was received minus what was paid and the fees in the quote asset, exact decimals; a fee in the base asset
counts by the dust that it leaves unsold, and would count twice otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

ZERO: Final = Decimal(0)
DUST: Final = Decimal("0.001")
"""A position of at most this part of the most that was held counts as flat: what a fee in the base asset or a lot size leaves."""


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


@dataclass(frozen=True, slots=True)
class Kept:
    """A fill as the memory has it."""

    memory_id: str
    strategy: str
    symbol: str
    fill: Fill


@dataclass(frozen=True, slots=True)
class Trade:
    """A closed trade and the memories of the fills that made it, the one that closed it last."""

    strategy: str
    symbol: str
    result: Decimal
    fills: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    held: Decimal = ZERO
    cash: Decimal = ZERO
    most: Decimal = ZERO
    fills: list[str] = field(default_factory=list)

    def add(self, one: Kept, signed: Decimal) -> None:
        """`signed` of the fill's quantity, with its share of the fee."""
        self.held += signed
        self.most = max(self.most, abs(self.held))
        self.cash -= signed * one.fill.price + one.fill.fee * (signed / one.fill.quantity)
        self.fills.append(one.memory_id)


def closed(kept: Iterable[Kept]) -> list[Trade]:
    """The trades that the fills, oldest first, close, in the order in which they close. What is still open is left out.

    A trade opens with the first fill of a flat strategy and symbol and closes when the position is flat again; a fill that
    turns the position round closes one and opens the next.
    """
    books: dict[tuple[str, str], _Open] = {}
    found = list[Trade]()
    for one in kept:
        key, signed = (one.strategy, one.symbol), one.fill.quantity
        book = books.setdefault(key, _Open())
        closing = min(abs(signed), abs(book.held)).copy_sign(signed) if signed * book.held < 0 else ZERO
        if closing:
            book.add(one, closing)
            if abs(book.held) <= DUST * book.most:
                found.append(Trade(one.strategy, one.symbol, book.cash, tuple(book.fills)))
                book = books[key] = _Open()
        if signed != closing:
            book.add(one, signed - closing)
    return found
