"""Closed trades from fills: what each strategy won or lost from flat to flat. Pure; by the average cost of what is held.

A trade opens with the first fill of a flat strategy and symbol and closes when the position is flat again; a fill that turns the
position round closes one and opens the next. What a fee in the base asset or a lot size leaves, up to a thousandth of the most that was
held, counts as flat and is dropped. The result is what was received minus what was paid, fees of the quote asset taken off,
in units of the quote. Sums are exact decimals.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

DUST: Final = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Fill:
    """One fill: `quantity` > 0, `fee` in the quote asset (0 when it was taken in another one)."""

    memory_id: str
    strategy: str
    symbol: str
    side: str
    quantity: Decimal
    price: Decimal
    fee: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Trade:
    """A closed trade and the memories of the fills that made it, the one that closed it last."""

    strategy: str
    symbol: str
    result: Decimal
    fills: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    held: Decimal = Decimal(0)
    cash: Decimal = Decimal(0)
    most: Decimal = Decimal(0)
    fills: list[str] = field(default_factory=list)


def closed(fills: Iterable[Fill]) -> list[Trade]:
    """The trades that the fills, oldest first, close, in the order in which they close. What is still open is left out."""
    books: dict[tuple[str, str], _Open] = {}
    found = list[Trade]()
    for fill in fills:
        book = books.setdefault((fill.strategy, fill.symbol), _Open())
        signed = fill.quantity if fill.side == "BUY" else -fill.quantity
        closing = min(abs(signed), abs(book.held)) if signed * book.held < 0 else Decimal(0)
        rest = abs(signed) - closing
        if closing:
            _add(book, fill, closing if signed > 0 else -closing, share=closing / fill.quantity)
            if abs(book.held) <= DUST * book.most:
                found.append(Trade(fill.strategy, fill.symbol, book.cash, tuple(book.fills)))
                book = books[fill.strategy, fill.symbol] = _Open()
        if rest:
            _add(book, fill, rest if signed > 0 else -rest, share=rest / fill.quantity)
    return found


def _add(book: _Open, fill: Fill, signed: Decimal, *, share: Decimal) -> None:
    book.held += signed
    book.most = max(book.most, abs(book.held))
    book.cash -= signed * fill.price + fill.fee * share
    book.fills.append(fill.memory_id)
