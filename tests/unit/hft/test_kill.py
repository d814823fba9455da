"""The kill switch against a venue that is late, silent or full, and a journal whose disk is full."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from qbtc.contracts import MarketMode, Scope, TradingState
from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.desk import Balance, Desk, Record
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import units
from qbtc.hft.errors import JournalBroken, OrderRefused
from qbtc.hft.ports import Journal, MarketInfo, NoAnswer, Venue, VenueError, VenueOrder
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Origin, Trader
from qbtc.testing.trading import OPEN, TradingDesk
from qbtc.testing.waiting import eventually

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


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = TradingDesk(tmp_path)
    yield Scene(made)
    made.close()


async def test_two_flattens_at_once_close_the_position_once(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.fill_at_once()
    scene.venue.gate.clear()
    kills = [asyncio.create_task(scene.trader.kill(Scope.FLATTEN, "drill")) for _ in range(3)]
    await eventually(lambda: scene.venue.waiting > 0, what="a closing order is on the wire")
    scene.venue.gate.set()
    await asyncio.gather(*kills)
    assert (scene.held, len(scene.venue.placed)) == (0, 1)


async def test_a_flatten_leaves_alone_what_a_working_order_closes_already(scene: Scene) -> None:
    """The first closing order is taken and its fill is not reported yet."""
    scene.fill(Side.BUY)
    for _ in range(2):
        await scene.trader.kill(Scope.FLATTEN, "drill")
    assert [o.quantity for o in scene.venue.placed] == [units("0.01")]
    scene.fill(Side.SELL, order=scene.venue.placed[0])
    await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (scene.held, len(scene.venue.placed)) == (0, 1)


async def test_what_a_cancelled_order_filled_and_did_not_report_yet_is_not_closed_again(scene: Scene) -> None:
    scene.fill(Side.BUY)
    await scene.trader.place(replace(LIMIT, side=Side.SELL, price=units("60100")), Origin(client_order_id="s"))
    scene.venue.ahead = units("0.004")
    await scene.trader.kill(Scope.FLATTEN, "drill")
    assert [o.quantity for o in scene.venue.placed[1:]] == [units("0.006")]


async def test_an_order_on_the_wire_when_the_kill_comes_is_cancelled_once_it_arrives(scene: Scene) -> None:
    scene.venue.gate.clear()
    scene.trader.fire(LIMIT, Origin(strategy="imbalance"))
    kill = asyncio.create_task(scene.trader.kill(Scope.CANCEL, "drill"))
    placing = asyncio.create_task(scene.trader.place(LIMIT, Origin(client_order_id="late")))
    with pytest.raises(OrderRefused):
        await placing
    scene.venue.gate.set()
    done = await kill
    assert (scene.venue.live, done["still_open"]) == ({}, 0)


async def test_an_order_that_was_decided_but_not_sent_before_the_halt_never_is(scene: Scene) -> None:
    order = scene.trader.fire(LIMIT, Origin(strategy="imbalance"))
    assert order is not None
    await scene.trader.kill(Scope.PAUSE, "drill")
    await eventually(lambda: not order.open, what="the order is closed")
    assert (order.state, order.reason, scene.venue.placed) == (State.REJECTED, "halted", [])


async def test_a_cancel_that_is_not_answered_is_sent_again(scene: Scene) -> None:
    await scene.trader.place(LIMIT, Origin(client_order_id="c1"))
    scene.venue.silent = 2
    done = await scene.trader.kill(Scope.CANCEL, "drill")
    assert (scene.venue.live, done) == ({}, {"cancelled": 1, "closing": 0, "still_open": 0, "not_flat": []})


async def test_a_kill_says_what_is_still_open_and_pursues_it_until_it_is_gone(scene: Scene) -> None:
    await scene.trader.place(LIMIT, Origin(client_order_id="c1"))
    scene.venue.silent = 10_000
    assert (await scene.trader.kill(Scope.CANCEL, "drill"))["still_open"] == 1
    scene.venue.silent = 0
    await scene.trader.switch.pursue()
    assert (scene.venue.live, scene.desk.open_orders()) == ({}, [])


async def test_the_watch_goes_on_cancelling_while_trading_is_halted(scene: Scene) -> None:
    await scene.trader.place(LIMIT, Origin(client_order_id="c1"))
    scene.venue.silent = 10_000
    await scene.trader.kill(Scope.CANCEL, "drill")
    scene.venue.silent = 1
    watch = asyncio.create_task(scene.engine.run_watch())
    await eventually(lambda: not scene.desk.open_orders(), what="no order is open")
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    assert scene.venue.live == {}


async def test_a_compaction_writes_what_waited_for_the_disk_once(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.fill_at_once()
    real, disk = scene.trader.journal, FullDisk()
    scene.trader.journal, disk.full = cast(Journal, disk), True
    await scene.trader.kill(Scope.FLATTEN, "drill")
    assert not scene.trader.compact()
    scene.trader.journal = real
    assert scene.trader.compact()
    scene.trader.flush_journal()
    after = Desk(scene.desk.instruments, scene.desk.limits)
    after.restore(real.records())
    assert (after.open_orders(), after.state, after.positions) == ([], TradingState.HALTED, scene.desk.positions)


async def test_a_pause_and_a_resumed_desk_pursue_nothing(scene: Scene) -> None:
    await scene.trader.place(LIMIT, Origin(client_order_id="c1"))
    assert (await scene.trader.kill(Scope.PAUSE, "drill"))["still_open"] == 1
    await scene.trader.switch.pursue()
    assert list(scene.venue.live) == ["c1"]


async def test_a_pause_after_a_cancel_does_not_call_the_cancel_off(scene: Scene) -> None:
    await scene.trader.kill(Scope.CANCEL, "drill")
    await scene.trader.kill(Scope.PAUSE, "drill")
    reached = [scene.desk.scope]
    scene.trader.resume("over")
    await scene.trader.kill(Scope.PAUSE, "drill")
    assert [*reached, scene.desk.scope] == [Scope.CANCEL, Scope.PAUSE]


async def test_a_kill_cancels_and_closes_with_a_full_disk(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.fill_at_once()
    await scene.trader.place(LIMIT, Origin(client_order_id="c1"))
    disk = FullDisk()
    scene.trader.journal, disk.full = cast(Journal, disk), True
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert done == {"cancelled": 1, "closing": 1, "still_open": 0, "not_flat": []}
    assert (scene.held, scene.venue.live) == (0, {})
    with pytest.raises(JournalBroken):
        scene.trader.resume("over")
    assert scene.desk.state is TradingState.HALTED
    disk.full = False
    scene.trader.resume("over")
    assert [r["k"] for r in disk.rows] == ["state", "order", "intent", "fill", "order", "state"]


async def test_without_a_journal_no_order_is_sent_and_none_is_left_behind(scene: Scene) -> None:
    disk = FullDisk()
    scene.trader.journal, disk.full = cast(Journal, disk), True
    with pytest.raises(JournalBroken):
        await scene.trader.place(LIMIT, Origin(client_order_id="m1"))
    assert scene.trader.fire(LIMIT, Origin(strategy="imbalance")) is None
    assert (scene.desk.orders, scene.venue.placed) == ({}, [])
    disk.full = False
    assert (await scene.trader.place(LIMIT, Origin(client_order_id="m1"))).state is State.ACKED
    assert len(scene.venue.placed) == 1


async def test_funds_that_are_still_locked_do_not_keep_from_closing(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.fill_at_once()
    scene.desk.balances["BTC"] = Balance(0, units("0.01"))
    scene.venue.refusals = [VenueError(-2010, "Account has insufficient balance for requested action.")]
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (done["closing"], scene.held) == (1, 0)


async def test_what_the_venue_refuses_for_another_reason_is_not_tried_again_and_again(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.venue.refusals = [VenueError(-1013, "Filter failure: NOTIONAL")] * 50
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (done["closing"], done["not_flat"], len(scene.venue.refusals)) == (0, [SYMBOL], 49)


async def test_what_closes_a_position_is_known_as_that_after_a_restart(scene: Scene) -> None:
    scene.fill(Side.BUY)
    await scene.trader.kill(Scope.FLATTEN, "drill")
    for records in (scene.trader.journal.records(), scene.desk.checkpoint()):
        after = Desk(scene.desk.instruments, scene.desk.limits)
        after.restore(records)
        assert [o.closing for o in after.open_orders()] == [True]


async def test_a_flatten_needs_no_market_data_unless_the_market_has_ended(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.fill_at_once()
    for ended, left in ((True, units("0.01")), (False, 0)):
        market = replace(OPEN, open=False, ended=ended)
        scene.trader.follow(lambda _, now=market: now, lambda: 1, on_fill=lambda _: None)  # type: ignore[misc]
        await scene.trader.kill(Scope.FLATTEN, "drill")
        assert scene.held == left


def test_a_market_that_nobody_hears_of_has_not_ended(scene: Scene) -> None:
    info = MarketInfo(MarketMode.LIVE, "running", "s", 1.0, (SYMBOL,), 0, 1, False, "")
    for ended in (False, True):
        scene.engine.market = replace(info, ended=ended)
        market = scene.engine.market_of(SYMBOL)
        assert (market.open, market.ended) == (False, ended)


async def test_what_a_flatten_could_not_close_is_closed_later(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.venue.refusals = [VenueError(-1013, "Filter failure: NOTIONAL")]
    await scene.trader.kill(Scope.FLATTEN, "drill")
    assert scene.held == units("0.01")
    scene.desk.reconciled = False
    scene.fill_at_once()
    await scene.trader.switch.pursue()
    assert scene.held == units("0.01")
    scene.desk.reconciled = True
    await scene.trader.switch.pursue()
    assert scene.held == 0


async def test_attempts_to_close_what_the_venue_refuses_grow_rare(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.venue.refusals = [VenueError(-1013, "Filter failure: NOTIONAL")] * 50
    await scene.trader.kill(Scope.FLATTEN, "drill")
    for _ in range(10):
        await scene.trader.switch.pursue()
    assert len(scene.venue.refusals) == 48


async def test_a_kill_that_only_cancels_closes_nothing_later(scene: Scene) -> None:
    scene.fill(Side.BUY)
    await scene.trader.kill(Scope.CANCEL, "drill")
    await scene.trader.switch.pursue()
    assert (scene.held, scene.venue.placed) == (units("0.01"), [])


def test_the_scope_and_time_of_a_halt_survive_a_restart() -> None:
    before, after = (Desk({}, HftSettings().limits()) for _ in range(2))
    before.halt(Scope.FLATTEN, "drill", 77)
    after.restore(before.checkpoint())
    assert (after.state, after.scope, after.halted_at) == (TradingState.HALTED, Scope.FLATTEN, 77)


def test_a_trader_is_told_the_wall_clock(tmp_path: Path) -> None:
    one = TradingDesk(tmp_path)
    made = Trader(one.desk, cast(Venue, one.venue), one.journal, epoch="t", clock=lambda: 5)
    asyncio.run(made.kill(Scope.PAUSE, "drill"))
    assert one.desk.halted_at == 5
    one.close()


async def several(scene: Scene, count: int) -> None:
    for n in range(count):
        await scene.trader.place(LIMIT, Origin(client_order_id=f"c{n}"))
        scene.desk.counters.sent[0] = 0


async def test_many_orders_of_a_symbol_are_cancelled_by_one_request(scene: Scene) -> None:
    await several(scene, 5)
    done = await scene.trader.kill(Scope.CANCEL, "drill")
    assert (scene.venue.swept, scene.venue.asked, scene.venue.live) == ([SYMBOL], [], {})
    assert (done["cancelled"], done["still_open"]) == (5, 0)


async def test_one_order_is_cancelled_by_its_name(scene: Scene) -> None:
    await several(scene, 1)
    await scene.trader.kill(Scope.CANCEL, "drill")
    assert (scene.venue.swept, scene.venue.live) == ([], {})


@pytest.mark.parametrize("fault", [NoAnswer("timeout"), VenueError(-1100, "Illegal parameter."), KeyError("orderId")])
async def test_orders_are_cancelled_one_by_one_where_that_request_fails(scene: Scene, fault: Exception) -> None:
    await several(scene, 3)
    scene.venue.sweep_fault = fault
    done = await scene.trader.kill(Scope.CANCEL, "drill")
    assert (done["cancelled"], scene.venue.live) == (3, {})


async def test_a_venue_that_has_had_too_many_requests_gets_fewer_and_fewer(scene: Scene) -> None:
    await several(scene, 10)
    scene.venue.refuses = scene.venue.sweep_fault = VenueError(-1003, "Too many requests.")
    await scene.trader.kill(Scope.CANCEL, "drill")
    in_the_kill = len(scene.venue.asked)
    watch = asyncio.create_task(scene.engine.run_watch())
    await asyncio.sleep(1.6)
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    assert in_the_kill <= 60
    assert 0 < len(scene.venue.asked) - in_the_kill <= 40


async def test_what_cannot_be_closed_is_named_and_does_not_hold_up_the_rest(scene: Scene) -> None:
    """A position whose symbol the venue does not list any more."""
    scene.fill(Side.BUY)
    scene.fill_at_once()
    scene.trader.count(Fill("OLDUSDT", "1", "earlier", Side.BUY, units("3"), units("5"), 0, "USDT", False, 1))
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (done["not_flat"], done["closing"], scene.held) == (["OLDUSDT"], 1, 0)
