"""The engine against the real venue with a simulated market: no database, bus or Redis anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from qbtc.contracts import Scope, TradingState
from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.orders import Order
from qbtc.hft.domain.strategy import Strategy
from qbtc.hft.domain.units import units
from qbtc.hft.domain.venues import LOCAL
from qbtc.hft.errors import OrderRefused
from qbtc.hft.strategies.imbalance import Imbalance
from qbtc.testing.data import BTC
from qbtc.testing.running_desk import RunningDesk, adapter
from qbtc.testing.running_desk import running as on_venue
from qbtc.testing.venue import VenueProcess, venue
from qbtc.testing.waiting import eventually

SYMBOL = "BTCUSDT"
SECONDS = 60.0


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    with venue(tmp_path_factory.mktemp("home"), "--sim", "--symbols", SYMBOL) as found:
        yield found


@asynccontextmanager
async def running(target: VenueProcess, folder: Path, *, eager: bool = False) -> AsyncIterator[RunningDesk]:
    """The desk on the local venue with a strategy that trades all the time, or never."""
    strategy = Strategy(Imbalance, name="imbalance")
    strategy.configure({"enter": 0.05, "exit": 0.05, "cooldown": 0.5} if eager else {"enter": 1.0, "exit": 1.0})
    async with on_venue(adapter(LOCAL, target), folder, strategies=[strategy], audit_seconds=30.0) as one:
        yield one


async def test_a_strategy_trades_by_itself_and_the_account_agrees_with_the_venue(tmp_path: Path) -> None:
    """The market runs ten times as fast: a strategy decides only once there are thirty bars of a second."""
    with venue(tmp_path, "--sim", "--symbols", SYMBOL, "--speed", "10") as target:
        async with running(target, tmp_path / "hft", eager=True) as one:
            await eventually(lambda: len(one.desk.fills) >= 3, SECONDS, what="three fills")
            one.engine.set_strategy("imbalance", start=False, parameters={})
            await one.agrees()
            await eventually(
                lambda: one.engine.feed is not None and one.engine.feed.last is not None,
                SECONDS,
                what="a bar has closed",
            )
            assert one.trader.out.bars


async def test_flatten_closes_the_position_and_nothing_more_is_sent_until_resume(
    target: VenueProcess, tmp_path: Path
) -> None:
    async with running(target, tmp_path) as one:
        await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id="buy-flat", operation=None)
        await eventually(lambda: one.desk.position(SYMBOL).quantity > 0, SECONDS, what="the buy is filled")
        await one.actions.kill(Scope.FLATTEN, "test")
        lot = one.desk.instruments[SYMBOL].lot_units
        await eventually(lambda: 0 <= one.desk.position(SYMBOL).quantity < lot, SECONDS, what="the position is closed")
        assert one.desk.state is TradingState.HALTED
        with pytest.raises(OrderRefused, match="Trading is halted"):
            await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id="after-kill", operation=None)
        one.actions.resume("test")
        await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id="after-resume", operation=None)
        await one.agrees()


async def test_flattens_at_the_same_time_close_the_position_once(target: VenueProcess, tmp_path: Path) -> None:
    async with running(target, tmp_path) as one:
        lot = one.desk.instruments[SYMBOL].lot_units
        before = one.desk.position(SYMBOL).quantity
        await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id="buy-once", operation=None)
        await eventually(lambda: one.desk.position(SYMBOL).quantity > before, SECONDS, what="the buy is filled")
        await asyncio.gather(*(one.actions.kill(Scope.FLATTEN, "test") for _ in range(4)))
        assert 0 <= one.desk.position(SYMBOL).quantity < lot
        assert len([o for o in one.desk.orders.values() if o.strategy == "kill"]) == 1
        one.actions.resume("test")
        await one.agrees()


async def test_kill_cancel_takes_resting_orders_out_of_the_book(target: VenueProcess, tmp_path: Path) -> None:
    async with running(target, tmp_path) as one:
        bid = one.engine.feed and one.engine.feed.markets[SYMBOL].bid()
        assert bid
        tick = one.desk.instruments[SYMBOL].tick_units
        price = f"{bid * 0.995 // tick * tick / 1e8:.2f}"
        resting = await one.actions.place(one.order(Side.BUY, "0.01", price), client_order_id="resting", operation=None)
        assert resting.open
        done = await one.actions.kill(Scope.CANCEL, "test")
        assert done["cancelled"] == 1
        assert await one.venue.open_orders() == []


async def test_the_same_command_twice_places_one_order(target: VenueProcess, tmp_path: Path) -> None:
    async with running(target, tmp_path) as one:
        first = await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id="once", operation=None)
        again = await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id="once", operation=None)
        assert again is first
        await one.agrees()
        assert len([f for f in one.desk.fills if f.client_order_id == "once"]) >= 1
        assert sum(f.quantity for f in one.desk.fills if f.client_order_id == "once") == first.quantity


async def test_fills_that_happened_while_we_were_away_are_counted_at_the_next_start(
    target: VenueProcess, tmp_path: Path
) -> None:
    async with running(target, tmp_path) as one:
        await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id="before", operation=None)
        await one.agrees()
        before = one.desk.position(SYMBOL).quantity
    away = RunningDesk(adapter(LOCAL, target), tmp_path)  # journals an intent, sends it, then is gone: a crash
    away.desk.instruments = dict(one.desk.instruments)
    order = intent("away")
    away.journal.append(away.desk.accept(order, 0))
    await away.venue.place(order)
    await away.venue.close()
    away.journal.close()
    async with running(target, tmp_path) as back:
        assert back.engine.report.missed_fills >= 1
        assert back.engine.report.transfers == ()
        assert back.desk.position(SYMBOL).quantity > before
        await back.agrees()


async def test_an_intent_that_never_reached_the_venue_is_rejected_at_the_next_start(
    target: VenueProcess, tmp_path: Path
) -> None:
    async with running(target, tmp_path) as one:
        instruments = dict(one.desk.instruments)
    lost = RunningDesk(adapter(LOCAL, target), tmp_path)
    lost.desk.instruments = instruments
    order = intent("lost")
    lost.journal.append(lost.desk.accept(order, 0))
    await lost.venue.close()
    lost.journal.close()
    async with running(target, tmp_path) as back:
        await eventually(
            lambda: back.desk.orders["lost"].state.value == "rejected", SECONDS, what="the order is given up"
        )
        assert back.desk.open_orders() == []


def intent(client_order_id: str) -> Order:
    return Order(client_order_id, SYMBOL, Side.BUY, OrderType.MARKET, units("0.01"), None, 1)


@pytest.mark.skipif(not BTC.exists(), reason=f"there is no {BTC}")
async def test_a_recording_gives_a_correct_book_and_ends_with_orders_refused(tmp_path: Path) -> None:
    with venue(tmp_path, "--data", str(BTC), "--speed", "30") as target:
        async with running(target, tmp_path / "hft") as one:
            feed = one.engine.feed
            assert feed is not None
            await eventually(
                lambda: one.engine.market is not None and one.engine.market.ended,
                SECONDS,
                what="the recording has ended",
            )
            assert feed.ticker_checks > 500
            assert feed.ticker_mismatches == 0
            assert feed.last is not None
            assert feed.last.present.sum() >= 16
            bars = len(feed.history[SYMBOL])
            with pytest.raises(OrderRefused, match="market has ended"):
                await one.actions.place(one.order(Side.BUY, "0.01"), client_order_id="late", operation=None)
            assert len(feed.history[SYMBOL]) == bars
