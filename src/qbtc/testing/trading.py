"""HFT's desk for tests: everything from its queues to a venue, which is played by a few lines that always say yes or no."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from qbtc.core.market.instrument import KNOWN
from qbtc.hft.actions import Actions
from qbtc.hft.adapters.hot_engine import HotEngine
from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.api.bus import BusApi
from qbtc.hft.domain.desk import Balance, Desk
from qbtc.hft.domain.orders import Order
from qbtc.hft.domain.risk_situation import Market
from qbtc.hft.domain.units import units
from qbtc.hft.engine import Engine
from qbtc.hft.hot import HotTier
from qbtc.hft.ports import Venue, VenueError, VenueOrder
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Trader
from qbtc.hft.views import Views


def quiet(price: str) -> Market:
    """An open market of BTCUSDT that quotes two ticks around a price and does not move."""
    at = units(price)
    tick = KNOWN["BTCUSDT"].tick_units
    return Market(at, 5, True, at - tick, at + tick, at, 1_000_000, 2 * 1024, 0, 600)


OPEN = quiet("60000")


class PlayedVenue:
    """Takes every order, fills none; refuses with `refusal` where a test sets it."""

    def __init__(self) -> None:
        self.placed: list[Order] = []
        self.cancelled: list[str] = []
        self.refusal: VenueError | None = None

    async def place(self, order: Order) -> VenueOrder:
        if self.refusal is not None:
            raise self.refusal
        self.placed.append(order)
        return VenueOrder(order.client_order_id, f"v{len(self.placed)}", order.symbol, "NEW", 0)

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder:
        self.cancelled.append(client_order_id)
        return VenueOrder(client_order_id, "v", symbol, "CANCELED", 0)

    async def cancel_all(self, symbol: str) -> list[VenueOrder]:
        return []


class TradingDesk:
    """BTCUSDT at 60,000 in an open market, 100,000 USDT and 1 BTC, one strategy; nothing runs by itself."""

    def __init__(self, folder: Path) -> None:
        self.venue, self.desk = PlayedVenue(), Desk({"BTCUSDT": KNOWN["BTCUSDT"]}, HftSettings().limits())
        self.desk.balances = {"USDT": Balance(units("100000")), "BTC": Balance(units("1"))}
        self.desk.reconciled = self.desk.connected = True
        self.desk.skew_ns = 0
        self.journal = FileJournal(folder, epoch="t")
        venue = cast(Venue, self.venue)
        self.trader = Trader(self.desk, venue, self.journal, epoch="t")
        self.engine = Engine(
            self.desk,
            self.trader,
            venue,
            [load("imbalance", folder)],
            symbols=("BTCUSDT",),
            unknown_seconds=5,
        )
        self.trader.follow(lambda _: OPEN, lambda: 1, on_fill=lambda _: None)
        self.hot = HotTier(self.engine, HotEngine(folder, "http://127.0.0.1:1"))
        self.bus = BusApi(
            self.engine, Actions(self.engine, self.trader, hot=self.hot), Views(self.engine, hot=self.hot)
        )

    def close(self) -> None:
        self.journal.close()
