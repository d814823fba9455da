"""The kill switch against a venue that is late, silent or full, and a journal whose disk is full."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from qbtc.contracts import MarketMode, Scope, TradingState
from qbtc.contracts.common import Side
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.domain.closing import unserved
from qbtc.hft.domain.desk import Balance, Desk
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.units import text, units
from qbtc.hft.errors import JournalBroken, OrderRefused
from qbtc.hft.pause import Pause
from qbtc.hft.ports import Journal, MarketInfo, NoAnswer, Venue, VenueError, VenueOrder
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Origin, Trader
from qbtc.testing.scene import LIMIT, SYMBOL, FullDisk, Scene
from qbtc.testing.trading import OPEN, TradingDesk
from qbtc.testing.waiting import eventually


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
    assert (scene.venue.live, done) == ({}, {"cancelled": 1, "closing": 0, "still_open": 0, "not_flat": [], "unserved": []})


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
    assert done == {"cancelled": 1, "closing": 1, "still_open": 0, "not_flat": [], "unserved": []}
    assert (scene.held, scene.venue.live) == (0, {})
    with pytest.raises(JournalBroken):
        scene.trader.resume("over")
    assert scene.desk.state is TradingState.HALTED
    disk.full = False
    scene.trader.resume("over")
    assert [r["k"] for r in disk.rows] == ["state", "order", "intent", "fill", "order", "state"]


async def test_a_halt_that_met_a_full_disk_is_journalled_once_there_is_room(scene: Scene) -> None:
    disk = FullDisk()
    scene.trader.journal, disk.full = cast(Journal, disk), True
    await scene.trader.kill(Scope.PAUSE, "drill")
    watch = asyncio.create_task(scene.engine.run_watch())
    await asyncio.sleep(0.3)
    assert (disk.rows, watch.done()) == ([], False)
    disk.full = False
    await eventually(lambda: bool(disk.rows), what="the halt is journalled")
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    assert [(r["k"], r["state"]) for r in disk.rows] == [("state", "HALTED")]


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


def holding(scene: Scene, total: str, locked: str = "0") -> list[str]:
    """A venue at which the account holds so much BTC; the sizes that it is asked to sell."""
    free, asked = units(total) - units(locked), list[str]()

    def sell(order: Order) -> None:
        nonlocal free
        asked.append(text(order.quantity))
        if order.quantity > free:
            raise VenueError(-2010, "Account has insufficient balance for requested action.")
        free -= order.quantity
        scene.fill(order.side, text(order.quantity), order)

    scene.venue.on_market = sell
    scene.desk.balances["BTC"] = Balance(free, units(locked))
    return asked


async def test_a_flatten_sells_no_more_than_a_spot_account_holds(scene: Scene) -> None:
    """A part of what was bought here was sent elsewhere."""
    scene.fill(Side.BUY)
    asked = holding(scene, "0.006")
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (asked[0], scene.held, done["closing"], done["not_flat"]) == ("0.006", units("0.004"), 1, [SYMBOL])


async def test_a_flatten_sells_what_is_free_where_another_client_has_locked_the_rest(scene: Scene) -> None:
    scene.fill(Side.BUY)
    asked = holding(scene, "0.01", locked="0.004")
    await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (asked[:2], scene.held) == (["0.01", "0.006"], units("0.004"))


def refusing_more_than(scene: Scene, largest: str, refusal: VenueError) -> list[str]:
    """A venue whose largest market order is this; the sizes that it was asked for."""
    asked = list[str]()

    def sell(order: Order) -> None:
        asked.append(text(order.quantity))
        if order.quantity > units(largest):
            raise refusal
        scene.fill(order.side, text(order.quantity), order)

    scene.venue.on_market = sell
    return asked


@pytest.mark.parametrize(
    "refusal",
    [VenueError(-1013, "Filter failure: MARKET_LOT_SIZE"), VenueError(-4005, "Quantity greater than max quantity.")],
)
async def test_a_position_beyond_the_venues_largest_market_order_is_closed_in_parts(
    scene: Scene, refusal: VenueError
) -> None:
    scene.fill(Side.BUY)
    scene.trader.switch.seconds = 2.0
    asked = refusing_more_than(scene, "0.003", refusal)
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (asked, scene.held, done["not_flat"]) == (["0.01", "0.005", *["0.0025"] * 4], 0, [])


async def test_parts_that_a_kill_had_no_time_for_are_closed_one_by_one_without_growing_pauses(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.trader.switch.seconds = 0.0
    refusing_more_than(scene, "0.005", VenueError(-4005, "Quantity greater than max quantity."))
    await scene.trader.kill(Scope.FLATTEN, "drill")
    scene.trader.switch._closes = Pause(60.0, 60.0)
    for left in ("0.005", "0"):
        await scene.trader.switch.pursue()
        assert scene.held == units(left)


async def test_an_order_that_is_refused_down_to_the_smallest_size_is_not_tried_again_and_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qbtc.hft.kill.REFUSED_SECONDS", 0.0)
    scene.fill(Side.BUY)
    scene.trader.switch.seconds = 30.0
    asked = refusing_more_than(scene, "0", VenueError(-1013, "Filter failure: LOT_SIZE"))
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (len(asked), asked[-1], done["not_flat"]) == (14, "0.000001", [SYMBOL])


async def test_a_futures_position_is_closed_whatever_the_wallet_holds(scene: Scene) -> None:
    scene.fill(Side.BUY)
    scene.fill_at_once()
    scene.desk.futures, scene.desk.balances["BTC"] = True, Balance()
    await scene.trader.kill(Scope.FLATTEN, "drill")
    assert scene.held == 0


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


def broken(*_: object) -> NoReturn:
    raise KeyError("orderId")


async def test_an_answer_that_cannot_be_read_leaves_the_order_unknown(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scene.venue, "place", broken)
    order = scene.trader.fire(LIMIT, Origin(strategy="imbalance"))
    assert order is not None
    await eventually(lambda: order.state is State.UNKNOWN, what="the order is asked for")


def but_ether(method: Callable[..., Any]) -> Callable[..., Any]:
    return lambda wanted, *rest: (broken if wanted.symbol == "ETHUSDT" else method)(wanted, *rest)


@pytest.mark.parametrize("where", ["place", "decide"])
async def test_an_unforeseen_failure_in_one_symbol_does_not_keep_from_closing_the_other(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    scene.desk.instruments["ETHUSDT"] = KNOWN["ETHUSDT"]
    scene.fill(Side.BUY)
    scene.trader.count(Fill("ETHUSDT", "900", "earlier", Side.BUY, units("3000"), units("0.01"), 0, "USDT", False, 1))
    scene.fill_at_once()
    owner = scene.venue if where == "place" else scene.trader
    monkeypatch.setattr(owner, where, but_ether(getattr(owner, where)))
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (scene.held, done["not_flat"]) == (0, ["ETHUSDT"])


@pytest.mark.parametrize("name", ["before_cancel", "on_state"])
async def test_nobody_who_must_hear_of_a_kill_can_keep_it_from_cancelling(scene: Scene, name: str) -> None:
    await scene.trader.place(LIMIT, Origin(client_order_id="c1"))
    setattr(scene.trader, name, broken)
    await scene.trader.kill(Scope.CANCEL, "drill")
    assert scene.venue.live == {}


async def test_orders_that_a_slow_venue_is_asked_for_delay_neither_the_loss_of_the_day_nor_each_other(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, marks = list[str](), list[int]()

    async def silent(_: str, client_order_id: str) -> VenueOrder:
        asked.append(client_order_id)
        await asyncio.Event().wait()
        raise NoAnswer("never")

    for key in ("c1", "c2"):
        await scene.trader.place(LIMIT, Origin(client_order_id=key))
    for key in ("c1", "c2"):
        scene.desk.step(key, State.UNKNOWN, 1)
    monkeypatch.setattr(scene.venue, "order", silent, raising=False)
    monkeypatch.setattr(scene.engine, "_user_up", True)
    monkeypatch.setattr(scene.engine, "_mark", lambda: marks.append(1))
    watch = asyncio.create_task(scene.engine.run_watch())
    await eventually(lambda: len(marks) >= 3, what="the watch has come round")
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)
    assert sorted(asked) == ["c1", "c2"]


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
    assert (done["unserved"], done["not_flat"], done["closing"], scene.held) == (["OLDUSDT"], [], 1, 0)


async def test_orders_and_positions_of_a_symbol_that_is_not_served_any_more_are_named_and_left_alone(scene: Scene) -> None:
    """As after a start with fewer symbols: the venue would refuse every question about them."""
    scene.trader.count(Fill("ETHUSDT", "1", "earlier", Side.BUY, units("3000"), units("0.5"), 0, "USDT", False, 1))
    scene.desk.instruments["SOLUSDT"] = KNOWN["SOLUSDT"]
    sol = replace(LIMIT, symbol="SOLUSDT", quantity=units("1"), price=units("100"))
    scene.desk.accept(Order("sol", "SOLUSDT", sol.side, sol.type, sol.quantity, sol.price, 1), 1)
    del scene.desk.instruments["SOLUSDT"]
    done = await scene.trader.kill(Scope.FLATTEN, "drill")
    assert (done["unserved"], done["still_open"], done["not_flat"]) == (["ETHUSDT", "SOLUSDT"], 0, [])
    assert (scene.venue.asked, scene.venue.swept, scene.venue.placed) == ([], [], [])
    await scene.trader.switch.pursue()
    assert (scene.venue.asked, scene.venue.placed) == ([], [])


def test_dust_of_a_symbol_that_is_not_served_is_nothing(scene: Scene) -> None:
    scene.trader.count(Fill("ETHUSDT", "1", "earlier", Side.BUY, units("3000"), units("0.000009"), 0, "USDT", False, 1))
    assert unserved(scene.desk) == []
