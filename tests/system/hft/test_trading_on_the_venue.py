"""The engine against the real venue with a simulated market: no database, bus or Redis anywhere."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from pydantic import SecretStr

from qbtc.contracts import Scope, TradingState
from qbtc.contracts.common import OrderType, Side
from qbtc.contracts.trading import PlaceOrder
from qbtc.hft.actions import Actions
from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.adapters.venue import BinanceVenue
from qbtc.hft.domain.desk import Balance, Desk
from qbtc.hft.domain.reconcile import differences
from qbtc.hft.engine import Engine
from qbtc.hft.errors import OrderRefused
from qbtc.hft.settings import HftSettings
from qbtc.hft.strategies import Imbalance
from qbtc.hft.trader import Trader

SYMBOL = "BTCUSDT"
SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, "-m", "qbtc", "exchange", "--sim", "--port", str(free_port()), "--symbols", SYMBOL, "--json"]
    environment = os.environ | {"QBTC_HOME": str(home)}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    try:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=20)


class Desk1:
    """One running engine on the venue."""

    def __init__(self, venue: dict[str, str], directory: Path, *, eager: bool) -> None:
        self.journal = FileJournal(directory, epoch="t1")
        self.desk = Desk({}, HftSettings().limits())
        self.desk.restore(self.journal.records())
        self.venue = BinanceVenue(venue["rest"], SecretStr(venue["api_key"]), SecretStr(venue["secret"]))
        self.trader = Trader(
            self.desk, self.venue, self.journal, epoch=self.journal.epoch, market_of=lambda s: self.engine.market_of(s),
            now=lambda: self.engine.now(),
        )
        strategy = Imbalance()
        strategy.configure({"enter": 0.05, "exit": 0.05, "cooldown": 0.5} if eager else {"enter": 1.0, "exit": 1.0})
        self.engine = Engine(self.desk, self.trader, self.venue, [strategy], symbols=(SYMBOL,), unknown_seconds=5)
        self.actions = Actions(self.engine, self.trader)

    async def ready(self) -> None:
        market = lambda: self.engine.feed and self.engine.feed.markets[SYMBOL].synced  # noqa: E731
        await until(lambda: bool(market()) and self.desk.reconciled, "the book is in sync and the desk reconciled")

    def buy(self, quantity: str, price: str | None = None) -> PlaceOrder:
        kind = OrderType.LIMIT if price else OrderType.MARKET
        return PlaceOrder(symbol=SYMBOL, side=Side.BUY, type=kind, quantity=quantity, price=price)


async def until(condition: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(SECONDS):
            while not condition():
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"not within {SECONDS} s: {what}")


@asynccontextmanager
async def running(venue: dict[str, str], directory: Path, *, eager: bool = False) -> AsyncIterator[Desk1]:
    one = Desk1(venue, directory, eager=eager)
    work = (one.engine.run_market, one.engine.run_user, one.engine.run_watch)
    tasks = [asyncio.create_task(f()) for f in work]
    try:
        await one.ready()
        yield one
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await one.venue.close()
        one.journal.close()


async def agrees(one: Desk1) -> None:
    """What we hold by our fills is what the venue says, to the last digit."""
    await until(lambda: not one.desk.open_orders(), "no order is open")
    found: dict[str, Balance] = await one.venue.balances()
    await until(lambda: differences(one.desk, found) == [], f"no difference to {found}")


async def test_a_strategy_trades_by_itself_and_the_account_agrees_with_the_venue(
    venue: dict[str, str], tmp_path: Path
) -> None:
    async with running(venue, tmp_path, eager=True) as one:
        await until(lambda: len(one.desk.fills) >= 3, "three fills")
        one.engine.set_strategy("imbalance", start=False, parameters={})
        await agrees(one)
        await until(lambda: one.engine.feed is not None and one.engine.feed.last is not None, "a bar has closed")
        assert one.trader.out.bars


async def test_flatten_closes_the_position_and_nothing_more_is_sent_until_resume(
    venue: dict[str, str], tmp_path: Path
) -> None:
    async with running(venue, tmp_path) as one:
        await one.actions.place(one.buy("0.01"), client_order_id="buy-flat", operation=None)
        await until(lambda: one.desk.position(SYMBOL).quantity > 0, "the buy is filled")
        await one.actions.kill(Scope.FLATTEN, "test")
        lot = one.desk.instruments[SYMBOL].lot_units
        await until(lambda: 0 <= one.desk.position(SYMBOL).quantity < lot, "the position is closed")
        assert one.desk.state is TradingState.HALTED
        with pytest.raises(OrderRefused, match="trading_state"):
            await one.actions.place(one.buy("0.01"), client_order_id="after-kill", operation=None)
        one.actions.resume("test")
        await one.actions.place(one.buy("0.01"), client_order_id="after-resume", operation=None)
        await agrees(one)


async def test_kill_cancel_takes_resting_orders_out_of_the_book(venue: dict[str, str], tmp_path: Path) -> None:
    async with running(venue, tmp_path) as one:
        bid = one.engine.feed and one.engine.feed.markets[SYMBOL].bid()
        assert bid
        tick = one.desk.instruments[SYMBOL].tick_units
        price = f"{bid * 0.995 // tick * tick / 1e8:.2f}"
        resting = await one.actions.place(one.buy("0.01", price), client_order_id="resting", operation=None)
        assert resting.open
        done = await one.actions.kill(Scope.CANCEL, "test")
        assert done["cancelled"] == 1
        assert await one.venue.open_orders() == []


async def test_the_same_command_twice_places_one_order(venue: dict[str, str], tmp_path: Path) -> None:
    async with running(venue, tmp_path) as one:
        first = await one.actions.place(one.buy("0.01"), client_order_id="once", operation=None)
        again = await one.actions.place(one.buy("0.01"), client_order_id="once", operation=None)
        assert again is first
        await agrees(one)
        assert len([f for f in one.desk.fills if f.client_order_id == "once"]) >= 1
        assert sum(f.quantity for f in one.desk.fills if f.client_order_id == "once") == first.quantity


async def test_fills_that_happened_while_we_were_away_are_counted_at_the_next_start(
    venue: dict[str, str], tmp_path: Path
) -> None:
    async with running(venue, tmp_path) as one:
        await one.actions.place(one.buy("0.01"), client_order_id="before", operation=None)
        await agrees(one)
        before = one.desk.position(SYMBOL).quantity
    away = Desk1(venue, tmp_path, eager=False)  # only journals an intent and sends it, then is gone: a crash in between
    away.desk.instruments = dict(one.desk.instruments)
    order = away.trader._order(_proposal(away), _origin("away"))
    away.journal.append(away.desk.accept(order, 0))
    await away.venue.place(order)
    await away.venue.close()
    away.journal.close()
    async with running(venue, tmp_path) as back:
        assert back.engine.report.missed_fills >= 1
        assert back.engine.report.transfers == ()
        assert back.desk.position(SYMBOL).quantity > before
        await agrees(back)


async def test_an_intent_that_never_reached_the_venue_is_rejected_at_the_next_start(
    venue: dict[str, str], tmp_path: Path
) -> None:
    async with running(venue, tmp_path) as one:
        instruments = dict(one.desk.instruments)
    lost = Desk1(venue, tmp_path, eager=False)
    lost.desk.instruments = instruments
    order = lost.trader._order(_proposal(lost), _origin("lost"))
    lost.journal.append(lost.desk.accept(order, 0))
    await lost.venue.close()
    lost.journal.close()
    async with running(venue, tmp_path) as back:
        assert back.desk.orders["lost"].state.value == "rejected"
        assert back.desk.open_orders() == []


def _proposal(one: Desk1):  # type: ignore[no-untyped-def]
    from qbtc.hft.domain.units import units
    from qbtc.hft.trader import proposal

    return proposal(SYMBOL, Side.BUY, units("0.01"), None)


def _origin(key: str):  # type: ignore[no-untyped-def]
    from qbtc.hft.trader import Origin

    return Origin(client_order_id=key)


DATA = Path(os.environ.get("QBTC_DATA") or Path(__file__).parents[4] / "shared" / "data") / "market"


@pytest.mark.skipif(not DATA.exists(), reason=f"no recorded market in {DATA}")
async def test_a_recording_gives_a_correct_book_and_ends_with_orders_refused(tmp_path: Path) -> None:
    recording = DATA / "spot_btcusdt_20240808.gz"
    command = [sys.executable, "-m", "qbtc", "exchange", "--data", str(recording), "--speed", "30", "--port", str(free_port())]
    environment = os.environ | {"QBTC_HOME": str(tmp_path / "venue")}
    process = subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment)
    try:
        assert process.stdout is not None
        async with running(json.loads(process.stdout.readline()), tmp_path / "hft") as one:
            feed = one.engine.feed
            assert feed is not None
            await until(lambda: one.engine.market is not None and one.engine.market.ended, "the recording has ended")
            assert feed.ticker_checks > 500
            assert feed.ticker_mismatches == 0
            assert feed.last is not None
            assert feed.last.present.sum() >= 16
            bars = len(feed.history[SYMBOL])
            with pytest.raises(OrderRefused, match="market_open"):
                await one.actions.place(one.buy("0.01"), client_order_id="late", operation=None)
            assert len(feed.history[SYMBOL]) == bars
    finally:
        process.terminate()
        process.communicate(timeout=20)
