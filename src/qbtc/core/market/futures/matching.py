"""The seam to matching: orders in ticks and lots in, fills and ends out; behind it `core_matcher`.

Funds, positions and filters are not its business. A MARKET order comes as an IOC order at the price that bounds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ..book import Level

BACKGROUND = 0
TICKS = 1 << 27
"""Prices are below this many ticks."""


class Fill(NamedTuple):
    """Ids of our orders, or BACKGROUND. `side` 1: the taker bought."""

    maker: int
    taker: int
    side: int
    tick: int
    lots: int


class Gone(NamedTuple):
    """An order left the book, or never entered it, with `lots` not traded."""

    order_id: int
    lots: int
    self_trade: bool


Step = Fill | Gone


class Wanted(NamedTuple):
    """An order for the book. `tif` GTC, IOC, FOK or GTX; `side` 1 buys."""

    order_id: int
    account: int
    side: int
    tick: int
    lots: int
    tif: str
    stp: str


class Matcher(Protocol):
    """One symbol. `side` of levels: 0 bids, 1 asks."""

    def submit(self, order: Wanted, now: int) -> list[Step]: ...
    def cancel(self, order_id: int, now: int) -> bool: ...
    def reduce(self, order_id: int, lots: int, now: int) -> None:
        """Take `lots` off an order, which keeps its place in the queue."""

    def update(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]: ...
    def replace(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]: ...
    def traded(self, tick: int, lots: int, side: int, now: int) -> list[Step]: ...
    def top(self, count: int, side: int) -> list[Level]: ...
    def changes(self) -> tuple[list[Level], list[Level]]: ...
