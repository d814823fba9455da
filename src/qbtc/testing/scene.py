"""A desk whose venue is late, silent or refuses, and whose journal may be full; fills are reported by hand or at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.desk import Record
from qbtc.hft.domain.orders import Order
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import units
from qbtc.hft.errors import JournalBroken
from qbtc.hft.ports import NoAnswer, Venue, VenueError, VenueOrder

from .trading import TradingDesk

SYMBOL = "BTCUSDT"
LIMIT = Proposal(SYMBOL, Side.BUY, OrderType.LIMIT, units("0.01"), units("59900"))
Answer = Callable[[Order], None]


class SlowVenue:
    """Holds what rests, fills market orders, and answers only when `gate` is open."""

    def __init__(self) -> None:
        self.placed: list[Order] = []
        self.live: dict[str, Order] = {}
        self.silent = self.waiting = 0
        self.ahead = 0
        self.swept: list[str] = []
        self.asked: list[str] = []
        self.refuses: VenueError | None = None
        self.sweep_fault: Exception | None = None
        self.refusals: list[VenueError] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.on_market: Answer = lambda _: None

    async def place(self, order: Order) -> VenueOrder:
        self.waiting += 1
        await self.gate.wait()
        if self.refusals:
            raise self.refusals.pop(0)
        self.placed.append(order)
        if order.type is OrderType.MARKET:
            self.on_market(order)
        else:
            self.live[order.client_order_id] = order
        return VenueOrder(order.client_order_id, f"v{len(self.placed)}", order.symbol, "NEW", 0)

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder:
        self.asked.append(client_order_id)
        if self.refuses is not None:
            raise self.refuses
        if self.silent:
            self.silent -= 1
            raise NoAnswer("timeout")
        if self.live.pop(client_order_id, None) is None:
            raise VenueError(-2011, "Unknown order sent.")
        return VenueOrder(client_order_id, "v", symbol, "CANCELED", self.ahead)

    async def cancel_all(self, symbol: str) -> list[VenueOrder]:
        self.swept.append(symbol)
        if self.sweep_fault is not None:
            raise self.sweep_fault
        gone, self.live = self.live, {}
        return [VenueOrder(key, "v", symbol, "CANCELED", self.ahead) for key in gone]


class FullDisk:
    """A journal that takes records until it is full."""

    def __init__(self) -> None:
        self.full = False
        self.rows: list[Record] = []

    def append(self, record: Record) -> None:
        if self.full:
            raise JournalBroken("no space left on device")
        self.rows.append(record)

    def compact(self, records: object) -> None:
        raise JournalBroken("no space left on device")


class Scene:
    """A desk long of 0.01 BTC if a test says so, with its fills reported by hand or at once."""

    def __init__(self, one: TradingDesk) -> None:
        self.desk, self.trader, self.engine, self.venue = one.desk, one.trader, one.engine, SlowVenue()
        self.trader.venue = cast(Venue, self.venue)
        self.trader.switch.seconds = 0.4
        self.trades = 0

    def fill(self, side: Side, quantity: str = "0.01", order: Order | None = None) -> None:
        self.trades += 1
        key = order.client_order_id if order else "earlier"
        self.trader.count(
            Fill(SYMBOL, str(self.trades), key, side, units("60000"), units(quantity), 0, "USDT", False, 1)
        )

    def fill_at_once(self) -> None:
        self.venue.on_market = lambda o: self.fill(o.side, str(o.quantity / 10**8), o)

    @property
    def held(self) -> int:
        return self.desk.position(SYMBOL).quantity
