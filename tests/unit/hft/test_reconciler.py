"""Orders of unknown state, orders given up too early, and what another client does on the same account."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from qbtc.contracts.common import OrderType, Side
from qbtc.core.binance.user_data import ExecutionReport
from qbtc.core.market.instrument import KNOWN, Instrument
from qbtc.hft.domain.closing import closing, held
from qbtc.hft.domain.desk import DAY_NS, Balance
from qbtc.hft.domain.orders import NO_MARK, Order, State, installation_mark, message_order_id
from qbtc.hft.domain.pairs import contract
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import ONE, units
from qbtc.hft.errors import VenueRejected, VenueUnreachable
from qbtc.hft.facts import OrderFact
from qbtc.hft.ports import Margin, NoAnswer, Venue, VenueError, VenueOrder
from qbtc.hft.reconciler import _missed_in, audit, reconcile
from qbtc.hft.trader import Origin
from qbtc.testing.trading import OPEN, TradingDesk
from qbtc.testing.waiting import eventually

SYMBOL = "BTCUSDT"
CONTRACT = contract(SYMBOL)
BUY = Proposal(SYMBOL, Side.BUY, OrderType.LIMIT, units("0.01"), units("59900"))


class Account:
    """An account at a venue that loses the answers to orders; the test says what is there."""

    def __init__(self) -> None:
        self.orders: dict[str, VenueOrder] = {}
        self.trades: list[Fill] = []
        self.cancelled: list[str] = []
        self.held = {"USDT": Balance(units("100000")), "BTC": Balance(units("1"))}
        self.asked = 0
        self.after: list[int | None] = []
        self.numbers: list[str] = []
        self.entries: dict[str, int] = {}
        self.listed: dict[str, Instrument] = {}
        self.on_balances: Callable[[int], object] = lambda _: None

    async def margin(self) -> Margin | None:
        return Margin(10, {}, self.entries) if self.entries else None

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        return [self.listed[s] for s in symbols] if set(symbols) <= self.listed.keys() else self._unknown(symbols)

    def _unknown(self, symbols: Sequence[str]) -> list[Instrument]:
        raise VenueError(-1121, "Invalid symbol.")

    async def last_price(self, instrument: Instrument) -> int | None:
        return units("3100")

    async def clock_offset_ns(self) -> int:
        return 0

    async def place(self, order: object) -> VenueOrder:
        raise NoAnswer("ReadTimeout")

    async def order(self, symbol: str, client_order_id: str) -> VenueOrder:
        if client_order_id not in self.orders:
            raise VenueError(-2013, "Order does not exist.")
        return self.orders[client_order_id]

    async def order_numbered(self, symbol: str, venue_order_id: str) -> VenueOrder:
        self.numbers.append(venue_order_id)
        for order in self.orders.values():
            if order.venue_order_id == venue_order_id:
                return order
        raise VenueError(-2013, "Order does not exist.")

    async def open_orders(self) -> list[VenueOrder]:
        return [o for o in self.orders.values() if o.status in ("NEW", "PARTIALLY_FILLED")]

    async def cancel(self, symbol: str, client_order_id: str) -> VenueOrder:
        if self.orders[client_order_id].status == "CANCELED":
            raise VenueError(-2011, "Unknown order sent.")
        self.cancelled.append(client_order_id)
        return VenueOrder(client_order_id, "v", symbol, "CANCELED", 0)

    async def fills(self, instrument: Instrument, after: int | None) -> list[Fill]:
        self.after.append(after)
        return [f for f in self.trades if f.symbol == instrument.symbol and int(f.trade_id) > (after or 0)]

    async def balances(self) -> dict[str, Balance]:
        asked, self.asked = self.asked, self.asked + 1
        self.on_balances(asked)
        return dict(self.held)


class Scene:
    def __init__(self, one: TradingDesk) -> None:
        self.desk, self.trader, self.venue, self.engine = one.desk, one.trader, Account(), one.engine
        self.trader.venue = self.engine.venue = cast(Venue, self.venue)

    def wait_for_unknown(self, seconds: float) -> None:
        self.trader.follow(lambda _: OPEN, lambda: 1, on_fill=lambda _: None, unknown_seconds=seconds)

    async def lose(self, key: str) -> None:
        with pytest.raises(VenueUnreachable):
            await self.trader.place(BUY, Origin(client_order_id=key))

    async def resolve(self, key: str) -> State:
        await self.trader.resolve([self.desk.orders[key]])
        return self.desk.orders[key].state


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = TradingDesk(tmp_path)
    yield Scene(made)
    made.close()


def at_venue(key: str, status: str = "NEW", filled: str = "0") -> VenueOrder:
    return VenueOrder(key, "77", SYMBOL, status, units(filled))


def execution(key: str, trade: str = "1") -> Fill:
    return Fill(SYMBOL, trade, key, Side.BUY, units("59900"), units("0.01"), 0, "USDT", False, 1, venue_order_id="77")


def report(key: str, status: str, kind: str = "NEW") -> ExecutionReport:
    return ExecutionReport(
        event_ms=1, symbol=SYMBOL, client_order_id=key, side="BUY", order_type="LIMIT", time_in_force="GTC",
        quantity="0.01", price="59900", execution=kind, status=status, order_id=77, transaction_ms=1, created_ms=1,
        last_quantity="0.01", last_price="59900", trade_id=1, fee_asset="USDT",
    )  # fmt: skip


async def test_an_order_that_may_still_arrive_is_not_given_up(scene: Scene) -> None:
    scene.wait_for_unknown(60)
    await scene.lose("m1")
    assert await scene.resolve("m1") is State.UNKNOWN
    scene.venue.orders["m1"] = at_venue("m1")
    assert await scene.resolve("m1") is State.ACKED


async def test_an_order_that_never_arrived_is_rejected_in_the_end(scene: Scene) -> None:
    scene.wait_for_unknown(0)
    await scene.lose("m1")
    assert await scene.resolve("m1") is State.REJECTED


async def test_an_order_that_arrives_after_all_is_open_again(scene: Scene) -> None:
    scene.wait_for_unknown(0)
    await scene.lose("m1")
    await scene.resolve("m1")
    scene.trader.on_user_event(report("m1", "NEW"))
    assert (scene.desk.orders["m1"].state, len(scene.desk.open_orders())) == (State.ACKED, 1)


@pytest.mark.parametrize(("status", "filled", "state"), [("NEW", "0", State.ACKED), ("FILLED", "0.01", State.FILLED)])
async def test_reconciliation_finds_an_order_that_was_given_up(
    scene: Scene, status: str, filled: str, state: State
) -> None:
    """The venue's list of executions names only its own order id."""
    scene.wait_for_unknown(0)
    await scene.lose("m1")
    await scene.resolve("m1")
    scene.venue.orders["m1"] = at_venue("m1", status, filled)
    scene.venue.trades = [execution("")] if status == "FILLED" else []
    await reconcile(scene.trader)
    assert scene.desk.orders["m1"].state is state
    assert scene.desk.position(SYMBOL).quantity == units(filled)


async def test_a_live_order_of_ours_that_nobody_remembers_is_cancelled_and_others_are_left(scene: Scene) -> None:
    ours = (message_order_id("op"), "imbalance-t-7")
    for key in (*ours, "web_abc", "imbalance-other-7", message_order_id("op", installation_mark("another"))):
        scene.venue.orders[key] = at_venue(key)
    found = await reconcile(scene.trader)
    assert sorted(scene.venue.cancelled) == sorted(ours)
    assert set(found.foreign_orders) >= {"web_abc", "imbalance-other-7"}


async def test_an_execution_of_another_client_counts_neither_in_the_stream_nor_in_the_list(scene: Scene) -> None:
    scene.trader.on_user_event(report("web_abc", "FILLED", "TRADE"))
    assert scene.desk.position(SYMBOL).quantity == 0
    scene.venue.trades = [execution("web_abc")]
    assert (await reconcile(scene.trader)).missed_fills == 0
    assert scene.desk.position(SYMBOL).quantity == 0


async def test_an_execution_of_an_order_of_ours_counts_once_although_the_order_left_the_memory(scene: Scene) -> None:
    scene.trader.on_user_event(report("imbalance-t-7", "FILLED", "TRADE"))
    scene.venue.trades = [execution("imbalance-t-7")]
    await reconcile(scene.trader)
    assert scene.desk.position(SYMBOL).quantity == units("0.01")


def trade(self_id: str, number: int, *, lots: str = "0.01") -> Fill:
    return Fill(SYMBOL, str(number), self_id, Side.BUY, units("100"), units(lots), 0, "USDT", False, 1, "77")


async def test_a_lost_execution_is_found_although_a_later_one_is_counted(scene: Scene) -> None:
    await reconcile(scene.trader)
    scene.trader.count(trade("imbalance-t-7", 2))
    scene.venue.trades = [trade("imbalance-t-7", 1), trade("imbalance-t-7", 2)]
    scene.venue.held["BTC"] = Balance(units("1.02"))
    scene.venue.held["USDT"] = Balance(units("99998"))
    found = await audit(scene.trader)
    assert (found.missed_fills, found.transfers) == (1, ())
    assert scene.desk.position(SYMBOL).quantity == units("0.02")
    assert scene.desk.settled(SYMBOL) == 2


async def test_an_execution_while_the_account_is_read_is_no_transfer(scene: Scene) -> None:
    await reconcile(scene.trader)
    asked = scene.venue.asked

    def fill_between(number: int) -> None:
        if number == asked + 1:
            scene.venue.held |= {"BTC": Balance(units("1.01")), "USDT": Balance(units("99999"))}
            scene.venue.trades = [trade("imbalance-t-7", 1)]

    scene.venue.on_balances = fill_between
    found = await audit(scene.trader)
    assert (found.missed_fills, found.transfers, found.settled) == (1, (), True)


async def test_an_event_that_overtakes_the_balances_is_no_transfer(scene: Scene) -> None:
    await reconcile(scene.trader)
    asked = scene.venue.asked

    def event(number: int) -> None:
        if number == asked + 1:
            scene.trader.count(trade("imbalance-t-7", 1))
        if number == asked + 2:
            scene.venue.held |= {"BTC": Balance(units("1.01")), "USDT": Balance(units("99999"))}
            scene.venue.trades = [trade("imbalance-t-7", 1)]

    scene.venue.on_balances = event
    found = await audit(scene.trader)
    assert (found.transfers, found.settled) == ((), True)


async def test_an_account_that_never_stands_still_is_not_called_reconciled(scene: Scene) -> None:
    def move(number: int) -> None:
        scene.venue.held["USDT"] = Balance(units(str(1000 + number)))

    scene.venue.on_balances = move
    with pytest.raises(NoAnswer, match="stand still"):
        await reconcile(scene.trader)
    assert not scene.desk.reconciled
    scene.venue.on_balances = lambda _: None
    await reconcile(scene.trader)
    assert scene.desk.reconciled
    scene.venue.on_balances = move
    assert not (await audit(scene.trader)).settled
    assert scene.desk.reconciled


@pytest.mark.parametrize("key", ["", "c1"])
async def test_an_execution_in_another_symbol_is_not_ours_by_the_number_or_name_of_an_order_of_ours(
    scene: Scene, key: str
) -> None:
    scene.desk.instruments["ETHUSDT"] = KNOWN["ETHUSDT"]
    await reconcile(scene.trader)
    await scene.lose("c1")
    ours = scene.desk.orders["c1"]
    ours.venue_order_id = "77"
    scene.venue.trades = [replace(execution(key), symbol="ETHUSDT")]
    scene.venue.orders["theirs"] = replace(at_venue("theirs", "FILLED"), symbol="ETHUSDT")
    assert await _missed_in(scene.trader, "ETHUSDT") == 0
    assert (ours.filled, scene.desk.position("ETHUSDT").quantity) == (0, 0)
    scene.venue.trades = [execution(key)]
    assert await _missed_in(scene.trader, SYMBOL) == 1
    assert ours.filled == units("0.01")


async def test_a_comparison_that_fails_in_an_unforeseen_way_stops_orders_and_is_tried_again(scene: Scene) -> None:
    def broken(_: int) -> None:
        raise KeyError("balances")

    scene.venue.on_balances = broken
    keeper = asyncio.create_task(scene.engine._keep_reconciled())
    await eventually(lambda: not scene.desk.reconciled, what="no order passes")
    scene.venue.on_balances = lambda _: None
    await eventually(lambda: scene.desk.reconciled or keeper.done(), what="it was tried again")
    assert not keeper.done()
    keeper.cancel()
    await asyncio.gather(keeper, return_exceptions=True)


async def test_an_execution_of_an_order_whose_answer_was_lost_is_asked_for_by_its_number(scene: Scene) -> None:
    await reconcile(scene.trader)
    scene.wait_for_unknown(60)
    await scene.lose("m1")
    scene.desk.step("m1", State.REJECTED, 1)
    scene.venue.orders["m1"] = at_venue("m1", "FILLED", "0.01")
    scene.venue.trades = [execution("", "5")]
    assert (await audit(scene.trader)).missed_fills == 1
    assert scene.desk.orders["m1"].state is State.FILLED


@pytest.mark.parametrize(
    ("refusal", "state"),
    [
        (VenueError(-2010, "Account has insufficient balance for requested action."), State.REJECTED),
        (VenueError(-2010, "Duplicate order sent."), State.UNKNOWN),
        (VenueError(-1007, "Timeout waiting for response from backend server."), State.UNKNOWN),
    ],
)
async def test_a_refusal_that_says_nothing_of_the_outcome_leaves_it_open(
    tmp_path: Path, refusal: VenueError, state: State
) -> None:
    one = TradingDesk(tmp_path)
    one.venue.refusal = refusal
    with pytest.raises((VenueRejected, VenueUnreachable)):
        await one.trader.place(BUY, Origin(client_order_id="m1"))
    assert one.desk.orders["m1"].state is state
    one.close()


async def test_a_cancel_of_an_order_that_is_gone_finds_out_what_became_of_it(scene: Scene) -> None:
    scene.wait_for_unknown(60)
    await scene.lose("m1")
    scene.venue.orders["m1"] = at_venue("m1", "CANCELED")
    assert (await scene.trader.cancel(SYMBOL, "m1")).state is State.CANCELLED


async def test_a_doubt_is_followed_by_a_reconciliation_before_the_next_one_is_due(scene: Scene) -> None:
    scene.desk.reconciled = False
    keeping = asyncio.create_task(scene.engine._keep_reconciled())
    await eventually(lambda: scene.desk.reconciled, what="the desk is reconciled")
    scene.desk.reconciled = False
    scene.trader.doubts.on_doubt()
    await eventually(lambda: scene.desk.reconciled, what="the desk is reconciled again")
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)


@pytest.fixture
def futures(scene: Scene) -> Scene:
    """Long of 1 BTC, which was there before."""
    scene.desk.futures = True
    scene.venue.entries = {SYMBOL: units("60000")}
    scene.venue.held = {"USDT": Balance(units("100000")), CONTRACT: Balance(units("1"))}
    return scene


def forced(number: int, key: str = "") -> Fill:
    return Fill(SYMBOL, str(number), key, Side.SELL, units("58000"), units("1"), units("29"), "USDT", False, 1, "99")


def closed_by_force(futures: Scene) -> None:
    futures.venue.trades.append(forced(7))
    futures.venue.orders["autoclose-1"] = VenueOrder("autoclose-1", "99", SYMBOL, "FILLED", units("1"))
    futures.venue.held = {"USDT": Balance(units("97971")), CONTRACT: Balance(0)}


async def test_the_loss_of_a_liquidation_is_a_loss_of_the_day(futures: Scene) -> None:
    await reconcile(futures.trader)
    futures.desk.mark({SYMBOL: units("60000")}, 1)
    closed_by_force(futures)
    found = await audit(futures.trader)
    futures.desk.mark({SYMBOL: units("57000")}, 2)
    assert (found.missed_fills, found.transfers, futures.desk.position(SYMBOL).quantity) == (1, (), 0)
    assert futures.desk.day_pnl == -2029 * ONE * ONE
    assert futures.desk.fills[-1].client_order_id == "autoclose-1"
    assert futures.desk.fills[-1].strategy is None


async def test_an_execution_of_another_client_in_futures_counts_once_in_the_stream_and_in_the_list(
    futures: Scene,
) -> None:
    await reconcile(futures.trader)
    futures.trader.on_user_event(report("web_abc", "FILLED", "TRADE"))
    futures.venue.trades = [execution("web_abc")]
    futures.venue.held[CONTRACT] = Balance(units("1.01"))
    assert (await audit(futures.trader)).missed_fills == 0
    assert futures.desk.position(SYMBOL).quantity == units("1.01")


async def test_an_execution_while_the_margin_is_asked_for_is_neither_lost_nor_a_transfer(
    futures: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await reconcile(futures.trader)

    async def margin() -> Margin:
        futures.trader.on_user_event(report("web_abc", "FILLED", "TRADE"))
        futures.venue.trades, futures.venue.held[CONTRACT] = [execution("web_abc")], Balance(units("1.01"))
        return Margin(10, {}, futures.venue.entries)

    monkeypatch.setattr(futures.venue, "margin", margin)
    assert (await audit(futures.trader)).transfers == ()
    assert futures.desk.position(SYMBOL).quantity == units("1.01")


@pytest.mark.parametrize("listed", [True, False])
async def test_a_position_that_an_order_of_ours_may_have_made_is_taken_over_only_if_no_execution_is_listed_soon(
    futures: Scene, monkeypatch: pytest.MonkeyPatch, listed: bool
) -> None:
    """The venue's list of executions may be a moment behind its positions."""
    monkeypatch.setattr("qbtc.hft.reconciler.LAG_SECONDS", 0.0)
    await reconcile(futures.trader)
    futures.desk.accept(futures.trader._order(BUY, Origin(client_order_id="m1")), 0)
    futures.venue.orders["m1"] = at_venue("m1")
    futures.venue.held[CONTRACT], begun = Balance(units("1.01")), futures.venue.asked

    def look(asked: int) -> None:
        if listed and asked == begun + 4:
            futures.venue.trades = [execution("m1")]

    futures.venue.on_balances = look
    found = await audit(futures.trader)
    assert (found.missed_fills, found.settled) == (int(listed), True)
    assert futures.desk.position(SYMBOL).quantity == units("1.01")
    assert futures.desk.position(SYMBOL).fills == int(listed)


async def test_what_was_traded_before_the_first_look_at_a_futures_account_is_not_counted(futures: Scene) -> None:
    futures.venue.trades = [forced(3)]
    for _ in range(2):
        assert (await reconcile(futures.trader)).missed_fills == 0
    assert (futures.desk.position(SYMBOL).quantity, futures.desk.position(SYMBOL).fills) == (units("1"), 0)


@pytest.mark.parametrize(("day", "profit"), [(0, "-1900"), (1, "0")])
async def test_a_position_that_vanishes_without_a_trace_keeps_what_it_had_won_or_lost(
    futures: Scene, day: int, profit: str
) -> None:
    """On the day of the loss it stays one; on the next day it is none of that day's."""
    await reconcile(futures.trader)
    futures.desk.mark({SYMBOL: units("60000")}, 1)
    futures.desk.mark({SYMBOL: units("58100")}, 2)
    futures.desk.mark({SYMBOL: units("58100")}, day * DAY_NS + 3)
    futures.venue.held = {"USDT": Balance(units("98100")), CONTRACT: Balance(0)}
    await audit(futures.trader)
    futures.desk.mark({SYMBOL: units("50000")}, day * DAY_NS + 4)
    assert futures.desk.day_pnl == units(profit) * ONE


def held_from_before(scene: Scene) -> None:
    """5 ETH, bought in a session that had them."""
    scene.trader.count(Fill("ETHUSDT", "1", "earlier", Side.BUY, units("3000"), units("5"), 0, "USDT", False, 1))


async def test_what_is_held_outside_this_session_is_learned_counts_and_can_be_closed(scene: Scene) -> None:
    held_from_before(scene)
    scene.venue.listed = {"ETHUSDT": KNOWN["ETHUSDT"]}
    await reconcile(scene.trader)
    scene.desk.mark({SYMBOL: units("60000")}, 1)
    await audit(scene.trader)
    scene.desk.mark({SYMBOL: units("60000")}, 2)
    assert (scene.desk.blind, scene.desk.pnl(scene.desk.marks).unrealised) == (False, 500 * ONE * ONE)
    proposal = closing(scene.desk, "ETHUSDT")
    assert proposal is not None
    assert (proposal.side, proposal.quantity) == (Side.SELL, units("5"))
    assert scene.desk.session == {SYMBOL}


async def test_what_the_venue_does_not_list_does_not_keep_the_desk_from_its_comparison(scene: Scene) -> None:
    held_from_before(scene)
    await reconcile(scene.trader)
    assert scene.desk.reconciled
    assert held(scene.desk) == ["ETHUSDT"]


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_step_before_the_first_frame_is_not_older_than_the_one_before(scene: Scene, restarted: bool) -> None:
    """Market time is not known yet, and the table of orders takes no step that is older than its last."""
    scene.trader.follow(lambda _: OPEN, lambda: 1_000, on_fill=lambda _: None)
    await scene.lose("m1")
    scene.trader.follow(lambda _: OPEN, lambda: 2_000, on_fill=lambda _: None)
    scene.trader.on_user_event(report("m1", "NEW"))
    if restarted:
        rows = scene.desk.checkpoint()
        scene.desk.orders.clear()
        scene.desk.restore(rows)
    scene.trader.follow(lambda _: OPEN, lambda: 0, on_fill=lambda _: None)
    scene.trader.out.orders.clear()
    scene.trader.on_user_event(report("m1", "CANCELED"))
    fact = scene.trader.out.orders[-1]
    assert isinstance(fact, OrderFact)
    assert (fact.state, fact.event.at) == (State.CANCELLED, 2_000)


@pytest.mark.parametrize("status", ["FILLED", "CANCELED"])
async def test_an_order_whose_executions_were_counted_before_it_was_heard_of_is_closed_and_whole(
    scene: Scene, status: str
) -> None:
    """As a hot engine's order that is taken over after the desk has forgotten its executions."""
    filled = "0.01" if status == "FILLED" else "0.004"
    scene.desk.opening = {"BTC": units("1"), "USDT": units("100000")}
    name = f"hot{NO_MARK}-grid-t4abcd-1"
    scene.trader.count(replace(execution(name), quantity=units(filled)))
    scene.trader._orphans.clear()
    order = scene.trader.adopt(
        Order(name, SYMBOL, Side.BUY, OrderType.LIMIT, units("0.01"), units("59900"), 7, strategy="grid")
    )
    scene.venue.orders[name] = at_venue(name, status, filled)
    scene.venue.trades = [replace(execution(name), quantity=units(filled))]
    await reconcile(scene.trader)
    assert (order.open, order.filled, order.unreported) == (False, units(filled), 0)
    assert scene.desk.position(SYMBOL).quantity == units(filled)


async def test_what_an_account_traded_before_a_desk_began_is_not_read_from_its_beginning(scene: Scene) -> None:
    scene.venue.trades = [execution("web_abc", "7000")]
    await reconcile(scene.trader)
    scene.venue.trades.append(execution("web_abc", "7001"))
    await reconcile(scene.trader)
    assert scene.venue.after == [None, 7000]


async def test_a_symbol_without_executions_is_read_from_the_beginning_once_it_was_compared(scene: Scene) -> None:
    for _ in range(2):
        await reconcile(scene.trader)
    assert scene.venue.after == [None, 0]


async def test_another_clients_order_is_asked_for_once_however_many_executions_it_has(scene: Scene) -> None:
    await reconcile(scene.trader)
    scene.venue.orders["web_abc"] = at_venue("web_abc", "FILLED", "0.03")
    scene.venue.trades = [replace(execution("", str(n)), venue_order_id="77") for n in (1, 2, 3)]
    scene.venue.held = {"USDT": Balance(units("98203")), "BTC": Balance(units("1.03"))}
    await audit(scene.trader)
    scene.venue.trades.append(replace(execution("", "4"), venue_order_id="77"))
    await audit(scene.trader)
    assert scene.venue.numbers == ["77"]
    assert scene.desk.position(SYMBOL).quantity == 0


async def test_what_an_account_did_before_in_a_symbol_that_is_new_here_is_not_asked_for_order_by_order(
    scene: Scene,
) -> None:
    await reconcile(scene.trader)
    scene.desk.instruments["ETHUSDT"] = KNOWN["ETHUSDT"]
    scene.venue.trades = [replace(execution("", str(n)), symbol="ETHUSDT", venue_order_id=f"{n}") for n in range(1, 9)]
    await reconcile(scene.trader)
    assert (scene.venue.numbers, scene.desk.settled("ETHUSDT")) == ([], 8)
