"""What there is much of when a recording begins, as short JSON: a book by two arrays a side, an order by its values in a row.

The core stands still meanwhile, so it is made by few steps of Python for each level or order.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any

import numpy as np

from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.book import Book

from ..domain.orders import Order, State

ORDER = tuple(f.name for f in fields(Order))
KINDS = {ORDER.index("side"): Side, ORDER.index("type"): OrderType, ORDER.index("state"): State}
_values = attrgetter(*ORDER)


def packed_order(order: Order) -> list[Any]:
    return list(_values(order))


def order(row: list[Any]) -> Order:
    """Raises ValueError for a row of another version."""
    if len(row) != len(ORDER):
        raise ValueError(f"an order of {len(row)} fields, here {len(ORDER)}")
    values: list[Any] = [KINDS[n](value) if n in KINDS else value for n, value in enumerate(row)]
    return Order(*values)


def packed_book(book: Book) -> list[Any]:
    """Raises OverflowError for what no market has."""
    return [book.update_id, *(_text(part) for side in book._levels for part in (side.keys(), side.values()))]


def book(row: list[Any]) -> Book:
    """Raises ValueError."""
    update, *sides = row
    bids, bid_lots, asks, ask_lots = (_numbers(text) for text in sides)
    made = Book()
    made.replace(zip(bids, bid_lots, strict=True), zip(asks, ask_lots, strict=True), update)
    return made


def _text(numbers: Iterable[int]) -> str:
    return base64.b64encode(np.fromiter(numbers, "<i8").tobytes()).decode()


def _numbers(text: str) -> list[int]:
    found: list[int] = np.frombuffer(base64.b64decode(text), "<i8").tolist()
    return found
