"""HFT's engine on any venue, for tests: desk, trader and journal without a house around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from qbtc.contracts.common import OrderType, Side
from qbtc.contracts.trading import PlaceOrder
from qbtc.hft.actions import Actions
from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.adapters.venue import BinanceVenue, LiveSpot
from qbtc.hft.adapters.venue_usdm import UsdmVenue
from qbtc.hft.domain.desk import Desk
from qbtc.hft.domain.market import SymbolMarket
from qbtc.hft.domain.reconcile import differences
from qbtc.hft.domain.strategy import Strategy
from qbtc.hft.domain.venues import LOCAL, Addresses, Product, site
from qbtc.hft.engine import Engine
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Trader

from .venue import VenueProcess
from .waiting import eventually

SYMBOL = "BTCUSDT"
SECONDS = 60.0
AnyVenue = BinanceVenue | LiveSpot | UsdmVenue


def adapter(name: str, target: VenueProcess, *, keyed: bool = True, symbols: tuple[str, ...] = (SYMBOL,)) -> AnyVenue:
    """The adapter of this venue's name, with the test venue in the place of the real one."""
    key, secret = (SecretStr(text if keyed else "") for text in (target.api_key, target.secret))
    if name == LOCAL:
        return BinanceVenue(target.rest, key, secret)
    chosen = site(name, Addresses(rest=target.rest), here=target.rest)
    kind = UsdmVenue if chosen.product is Product.USDM else LiveSpot
    return kind(chosen, key, secret, symbols=symbols)


class RunningDesk:
    def __init__(
        self, venue: AnyVenue, folder: Path, *, keyed: bool = True, strategies: Sequence[Strategy] = (),
        audit_seconds: float = 1.0,
    ) -> None:  # fmt: skip
        self.venue, self.journal = venue, FileJournal(folder, epoch="t1")
        self.desk = Desk({}, HftSettings().limits(), futures=isinstance(venue, UsdmVenue))
        self.desk.restore(self.journal.records())
        self.trader = Trader(self.desk, venue, self.journal, epoch=self.journal.epoch)
        self.engine = Engine(
            self.desk, self.trader, venue, strategies, symbols=(SYMBOL,), unknown_seconds=5,
            audit_seconds=audit_seconds, keyed=keyed,
        )  # fmt: skip
        self.actions = Actions(self.engine, self.trader)
        self.keyed = keyed

    @property
    def market(self) -> SymbolMarket:
        assert self.engine.feed is not None
        return self.engine.feed.markets[SYMBOL]

    @property
    def lot(self) -> int:
        return self.desk.instruments[SYMBOL].lot_units

    @property
    def position(self) -> int:
        return self.desk.position(SYMBOL).quantity

    def away(self, side: Side, part: float) -> str:
        """A price that rests this part of the price away from the touch."""
        touch = self.market.bid() if side is Side.BUY else self.market.ask()
        assert touch is not None
        tick = self.desk.instruments[SYMBOL].tick_units
        return f"{touch * (1 - part if side is Side.BUY else 1 + part) // tick * tick / 1e8:.2f}"

    def order(self, side: Side, quantity: str, price: str | None = None) -> PlaceOrder:
        kind = OrderType.LIMIT if price else OrderType.MARKET
        return PlaceOrder(symbol=SYMBOL, side=side, type=kind, quantity=quantity, price=price)

    async def ready(self) -> None:
        def up() -> bool:
            known = self.engine.feed is not None and self.market.synced and self.market.last_price is not None
            now = self.engine.market_of(SYMBOL)
            usual = None not in (now.typical_lots, now.typical_spread, now.moved_bp)
            return known and usual and (self.desk.reconciled or not self.keyed)

        await eventually(up, SECONDS, what="the market is known and the desk reconciled")

    async def agrees(self) -> None:
        """What we hold by our fills is what the venue says, to the last digit."""
        await eventually(lambda: not self.desk.open_orders(), SECONDS, what="no order is open")
        found = await self.venue.balances()
        await eventually(lambda: differences(self.desk, found) == [], SECONDS, what=f"no difference to {found}")
        assert self.engine.report.transfers == ()

    async def close(self) -> None:
        await self.venue.close()
        self.journal.close()


@asynccontextmanager
async def running(
    venue: AnyVenue, folder: Path, *, keyed: bool = True, strategies: Sequence[Strategy] = (), audit_seconds: float = 1.0
) -> AsyncIterator[RunningDesk]:
    """The desk once its market is known well enough to trade and, with keys, the account compared."""
    one = RunningDesk(venue, folder, keyed=keyed, strategies=strategies, audit_seconds=audit_seconds)
    works = [one.engine.run_market, one.engine.run_watch, *([one.engine.run_user] if keyed else [])]
    tasks = [asyncio.create_task(work()) for work in works]
    try:
        await one.ready()
        yield one
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await one.close()
