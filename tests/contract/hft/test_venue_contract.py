"""What every venue adapter must do, in one suite: the local exchange, Binance spot and USD-M futures.

The test venue stands in the place of the real one; it was never met from here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from qbtc.contracts import MarketMode, Scope
from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.pairs import contract
from qbtc.hft.domain.requests import Origin
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import text, units
from qbtc.hft.errors import OrderRefused, VenueRejected
from qbtc.hft.ports import VenueError
from qbtc.testing.running_desk import SECONDS, SYMBOL, RunningDesk, adapter, running
from qbtc.testing.venue import VenueProcess, venue
from qbtc.testing.waiting import eventually

NAMES = ("local", "binance", "binance-usdm")
QUANTITY = "0.01"


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    with venue(tmp_path_factory.mktemp("home"), "--sim", "--symbols", "BTCUSDT,ETHUSDT") as found:
        yield found


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def intent(one: RunningDesk, order_id: str, *, side: Side = Side.BUY, price: str | None = None) -> Order:
    kind = OrderType.LIMIT if price else OrderType.MARKET
    return Order(order_id, SYMBOL, side, kind, units(QUANTITY), units(price) if price else None, 1)


async def test_the_market_says_what_it_is_and_its_contracts_have_a_grid(name: str, target: VenueProcess) -> None:
    found = adapter(name, target)
    info = await found.market()
    instruments = await found.instruments([SYMBOL])
    await found.close()
    assert SYMBOL in info.symbols
    assert not info.ended
    assert info.mode is (MarketMode.SIMULATED if name == "local" else MarketMode.LIVE)
    assert [(i.symbol, i.base, i.quote, i.tick_units > 0, i.lot_units > 0) for i in instruments] == [
        (SYMBOL, "BTC", "USDT", True, True)
    ]


async def test_book_and_trades_come_and_the_book_is_what_the_touch_says(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        feed = one.engine.feed
        assert feed is not None
        await eventually(lambda: one.market.tape and feed.ticker_checks > 20, SECONDS, what="trades and tickers")
        assert (feed.ticker_mismatches, one.market.local.sync.gaps, one.market.local.book.crossed) == (0, 0, False)


async def test_what_is_bought_is_counted_and_the_account_agrees_to_the_last_digit(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        before = one.position
        bought = await one.actions.place(one.order(Side.BUY, QUANTITY), client_order_id=f"buy-{name}", operation=None)
        await eventually(lambda: bought.state is State.FILLED, SECONDS, what="the order is filled")
        assert one.position > before
        await one.agrees()
        assert one.engine.report.transfers == ()


async def test_a_resting_order_is_found_by_name_number_and_list_and_cancelled_once(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        price = one.away(Side.BUY, 0.005)
        placed = await one.actions.place(one.order(Side.BUY, QUANTITY, price), client_order_id=f"rest-{name}", operation=None)
        found = await one.venue.order(SYMBOL, placed.client_order_id)
        assert (found.status, found.filled) == ("NEW", 0)
        assert await one.venue.order_numbered(SYMBOL, found.venue_order_id) == found
        assert found in await one.venue.open_orders()
        assert (await one.venue.cancel(SYMBOL, placed.client_order_id)).status == "CANCELED"
        await eventually(lambda: placed.state is State.CANCELLED, SECONDS, what="the stream tells of the cancel")
        with pytest.raises(VenueError) as caught:
            await one.venue.cancel(SYMBOL, placed.client_order_id)
        assert caught.value.code == -2011


async def test_several_resting_orders_are_cancelled_by_one_request(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        price = one.away(Side.BUY, 0.005)
        orders = [
            await one.actions.place(one.order(Side.BUY, QUANTITY, price), client_order_id=f"all{n}-{name}", operation=None)
            for n in range(2)
        ]
        await one.trader.cancel_all(SYMBOL)
        await eventually(lambda: all(o.state is State.CANCELLED for o in orders), SECONDS, what="both are cancelled")
        assert await one.venue.open_orders() == []
        await one.agrees()


async def test_an_order_that_never_was_is_said_not_to_exist(name: str, target: VenueProcess) -> None:
    found = adapter(name, target)
    await found.synchronise()
    with pytest.raises(VenueError) as caught:
        await found.order(SYMBOL, "never-was")
    await found.close()
    assert caught.value.code == -2013


def stop(one: RunningDesk, side: Side, away: float) -> Proposal:
    trigger = units(one.away(Side.SELL if side is Side.BUY else Side.BUY, away))
    return Proposal(SYMBOL, side, OrderType.MARKET, units(QUANTITY), None, trigger=trigger)


async def placed_stop(one: RunningDesk, side: Side) -> Order:
    """Close to the market, which may pass by the trigger before the order is there."""
    for away in (0.00005, 0.0001, 0.0002, 0.0004):
        with contextlib.suppress(VenueRejected):
            return await one.trader.place(stop(one, side, away), Origin(client_order_id=f"{side}{away}-{one.journal.epoch}{id(one)}"))
    raise AssertionError("each would have triggered at once")


async def test_a_stop_waits_outside_the_book_and_trades_when_the_market_reaches_it(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        if name == "binance-usdm":
            with pytest.raises(OrderRefused, match="not sent to USD-M futures"):
                await one.trader.place(stop(one, Side.BUY, 0.05), Origin(client_order_id=f"stop-{name}"))
            return
        waits = await one.trader.place(stop(one, Side.BUY, 0.05), Origin(client_order_id=f"far-{name}"))
        assert waits.waiting
        near = [await placed_stop(one, side) for side in Side]
        await eventually(lambda: any(o.state is State.FILLED for o in near), 2 * SECONDS, what="the market reaches one")
        assert (waits.waiting, waits.state) == (True, State.ACKED)
        for order in [waits, *(o for o in near if o.open)]:
            await one.trader.cancel_quietly(order)
        await eventually(lambda: waits.state is State.CANCELLED, SECONDS, what="the other is cancelled")
        await one.agrees()


async def test_fill_or_kill_fills_whole_or_not_at_all(name: str, target: VenueProcess, tmp_path: Path) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        orders = []
        for n, (quantity, price) in enumerate((("20", one.away(Side.SELL, 0.0002)), (QUANTITY, one.away(Side.SELL, 0.002)))):
            order = intent(one, f"fok{n}-{name}", price=price)
            order.quantity, order.fok = units(quantity), True
            one.desk.accept(order, 0)
            try:
                await one.venue.place(order)
            except VenueError as error:
                assert error.code in (-2010, -2019, -5021), error
                order.state = State.CANCELLED
            orders.append(order)
        await eventually(lambda: not any(o.open for o in orders), SECONDS, what="both have ended")
        assert [o.filled for o in orders] == [0, orders[1].quantity]


async def test_a_post_only_order_that_would_take_is_never_filled(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        order = intent(one, f"post-{name}", price=one.away(Side.SELL, 0.002))
        order.post = True
        try:
            status = (await one.venue.place(order)).status
            status = (await one.venue.order(SYMBOL, order.client_order_id)).status
        except VenueError:
            status = "REJECTED"
        assert status in ("REJECTED", "EXPIRED")


async def test_an_order_too_large_for_the_account_is_refused_in_the_venues_own_words(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        order = intent(one, f"large-{name}")
        order.quantity = units("900")
        with pytest.raises(VenueError) as caught:
            await one.venue.place(order)
        assert caught.value.code in (-2010, -2019, -1013, -4005)


async def test_flatten_closes_the_position_and_a_resumed_desk_trades_again(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        await one.actions.place(one.order(Side.BUY, QUANTITY), client_order_id=f"flat-{name}", operation=None)
        await eventually(lambda: one.position >= one.lot, SECONDS, what="the buy is filled")
        await one.actions.kill(Scope.FLATTEN, "test")
        await eventually(lambda: abs(one.position) < one.lot, SECONDS, what="the position is closed")
        one.actions.resume("test")
        await one.actions.place(one.order(Side.BUY, QUANTITY), client_order_id=f"more-{name}", operation=None)
        await one.agrees()


async def test_an_execution_that_happened_while_we_were_away_is_counted_once(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        instruments, before = dict(one.desk.instruments), one.position
    crashed = RunningDesk(adapter(name, target), tmp_path)  # journals an intent, sends it and is gone
    crashed.desk.instruments = instruments
    order = intent(crashed, f"away-{name}")
    crashed.journal.append(crashed.desk.accept(order, 0))
    await crashed.venue.synchronise()
    await crashed.venue.place(order)
    await crashed.close()
    async with running(adapter(name, target), tmp_path) as back:
        assert back.engine.report.missed_fills >= 1
        assert back.engine.report.transfers == ()
        assert text(back.position - before).startswith("0.01" if name == "binance-usdm" else "0.0099")
        await back.agrees()


async def test_an_order_that_still_rests_is_known_after_a_restart(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    order_id = f"long-{name}"
    async with running(adapter(name, target), tmp_path) as one:
        price = one.away(Side.BUY, 0.008)
        await one.actions.place(one.order(Side.BUY, QUANTITY, price), client_order_id=order_id, operation=None)
    async with running(adapter(name, target), tmp_path) as back:
        assert back.desk.orders[order_id].state is State.ACKED
        await back.trader.cancel(SYMBOL, order_id)
        await back.agrees()


async def test_the_stand_in_says_that_its_keys_cannot_withdraw(name: str, target: VenueProcess) -> None:
    found = adapter(name, target)
    assert await found.withdraws(target.rest) is False
    await found.close()


async def test_without_keys_the_market_is_there_and_the_account_is_not(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target, keyed=False), tmp_path, keyed=False) as one:
        await one.engine.check_venue()
        assert one.market.mid() is not None
        with pytest.raises(VenueError):
            await one.venue.balances()
        with pytest.raises(VenueError):
            await one.venue.withdraws(target.rest)


@pytest.mark.parametrize("name", ["binance", "binance-usdm"])
async def test_a_restart_on_the_same_day_goes_on_with_the_same_session(name: str, target: VenueProcess) -> None:
    sessions = []
    for _ in range(2):
        found = adapter(name, target)
        info = await found.market()
        sessions.append(info.session)
        assert info.started_ns % (86_400 * 10**9) == 0
        assert 0 <= info.market_time_ns - info.started_ns < 86_400 * 10**9
        await found.close()
    assert sessions == [f"{name}-{info.started_ns // (86_400 * 10**9)}"] * 2


@pytest.mark.parametrize("name", ["binance", "binance-usdm"])
async def test_a_symbol_that_a_live_venue_does_not_have_is_named(name: str, target: VenueProcess) -> None:
    found = adapter(name, target, symbols=(SYMBOL, "NOSUCHUSDT"))
    with pytest.raises(VenueError) as caught:
        await found.market()
    await found.close()
    assert caught.value.code == -1121


@pytest.mark.parametrize("name", ["binance", "binance-usdm"])
async def test_a_live_venue_has_no_paper_account(name: str, target: VenueProcess) -> None:
    found = adapter(name, target)
    with pytest.raises(VenueError, match="has no paper account"):
        await found.reset_paper()
    await found.close()


async def test_futures_go_short_and_the_kill_buys_back_no_more_than_was_sold(
    target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter("binance-usdm", target), tmp_path) as one:
        await one.actions.kill(Scope.FLATTEN, "start flat")
        one.actions.resume("test")
        await one.actions.place(one.order(Side.SELL, QUANTITY), client_order_id="short", operation=None)
        await eventually(lambda: one.position == -units(QUANTITY), SECONDS, what="the position is short")
        assert one.desk.margin_ratio is not None
        await asyncio.gather(*(one.actions.kill(Scope.FLATTEN, "test") for _ in range(3)))
        await eventually(lambda: one.position == 0, SECONDS, what="the position is closed")
        await one.agrees()


async def test_a_futures_position_that_somebody_else_changed_is_what_the_venue_says(
    target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter("binance-usdm", target), tmp_path) as one:
        await one.actions.kill(Scope.FLATTEN, "start flat")
        one.actions.resume("test")
        await one.actions.place(one.order(Side.BUY, QUANTITY), client_order_id="ours", operation=None)
        await eventually(lambda: one.position == units(QUANTITY), SECONDS, what="ours is filled")
        elsewhere = {"symbol": SYMBOL, "side": "SELL", "type": "MARKET", "quantity": "0.03"}
        answer = await asyncio.to_thread(lambda: target.signed("POST", "/fapi/v1/order", **elsewhere))
        assert answer.status_code == 200, answer.text
        await eventually(lambda: one.position == -units("0.02"), SECONDS, what="the desk has learned of it")
        await one.actions.kill(Scope.FLATTEN, "test")
        await eventually(lambda: one.position == 0, SECONDS, what="all of it is closed")
        assert (await one.venue.balances())[contract(SYMBOL)].total == 0
        await eventually(lambda: one.engine.report.transfers == (), SECONDS, what="a look that finds nothing more")
        await one.agrees()


async def test_a_kill_order_at_futures_only_reduces(target: VenueProcess, tmp_path: Path) -> None:
    async with running(adapter("binance-usdm", target), tmp_path) as one:
        await one.actions.kill(Scope.FLATTEN, "start flat")
        held = (await one.venue.balances())[contract(SYMBOL)].total
        order = intent(one, "kill-t1-900", side=Side.BUY if held >= 0 else Side.SELL)
        order.closing = True
        with pytest.raises(VenueError) as caught:
            await one.venue.place(order)
        assert caught.value.code == -2022


async def test_a_refusal_of_the_venue_ends_the_order_and_leaves_the_account_agreeing(
    name: str, target: VenueProcess, tmp_path: Path
) -> None:
    async with running(adapter(name, target), tmp_path) as one:
        taken = f"twice-{name}"
        price = one.away(Side.BUY, 0.008)
        await one.venue.place(intent(one, taken, price=price))
        with pytest.raises((VenueRejected, VenueError)):
            await one.venue.place(intent(one, taken, price=price))
        await one.venue.cancel(SYMBOL, taken)
        await one.agrees()
