"""HFT's queues without a bus and without a database: what each message does to the desk, and what is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest
from pydantic import JsonValue

from qbtc.contracts import Envelope, MarketMode, Message, Scope, TradingState
from qbtc.contracts.basis26 import SCHEMA_HASH, SIZE
from qbtc.contracts.common import OrderType, Side
from qbtc.contracts.memory import Reflection
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.contracts.trading import (
    CancelOrder,
    Kill,
    OrderEvent,
    OrderStatus,
    PlaceOrder,
    Resume,
    SetStrategy,
    Signal,
    TradingAnswer,
    TradingQuery,
)
from qbtc.hft.domain.orders import State, message_order_id
from qbtc.hft.errors import (
    BadParameter,
    NoSuchOrder,
    NoSuchStrategy,
    NoSuchSymbol,
    OrderRefused,
    TooLate,
    VenueRejected,
)
from qbtc.hft.ports import VenueError
from qbtc.kit.ids import uuid7
from qbtc.kit.store.pool import Connection
from qbtc.testing.trading import TradingDesk

BUY = PlaceOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.LIMIT, quantity="0.01", price="59900")


class NoRows:
    """A connection to tables without rows; remembers the parameters of every statement."""

    def __init__(self) -> None:
        self.written: list[tuple[object, ...]] = []

    async def execute(self, _sql: str, params: tuple[object, ...]) -> NoRows:
        self.written.append(params)
        return self

    async def fetchone(self) -> None:
        return None


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[TradingDesk]:
    made = TradingDesk(tmp_path)
    yield made
    made.close()


async def send(
    desk: TradingDesk,
    queue: str,
    body: Message,
    *,
    operation: str | None = None,
    conn: NoRows | None = None,
    waited: float = 0,
) -> Message | None:
    return await desk.bus.handlers()[queue](cast(Connection, conn or NoRows()), sent(waited, operation), body)


def sent(seconds_ago: float, operation: str | None = None) -> Envelope:
    at = datetime.now(UTC) - timedelta(seconds=seconds_ago)
    return Envelope(id=uuid7(), source="web", type="t", time=at, dataschema="t", data={}, idempotencykey=operation)


def rows(answer: Message | None) -> list[dict[str, object]]:
    assert isinstance(answer, TradingAnswer)
    return cast(dict[str, list[dict[str, object]]], answer.data)["items"]


async def test_an_order_is_placed_at_the_venue_and_answered_with_its_state(desk: TradingDesk) -> None:
    (row,) = rows(await send(desk, "hft.orders", BUY, operation="op-1"))
    assert (row["state"], row["quantity"], row["price"], row["venue_order_id"]) == ("acked", "0.01", "59900", "v1")
    assert [o.client_order_id for o in desk.venue.placed] == [row["client_order_id"]]


async def test_the_same_operation_twice_places_one_order(desk: TradingDesk) -> None:
    first, again = [rows(await send(desk, "hft.orders", BUY, operation="op-1")) for _ in range(2)]
    assert first == again
    assert len(desk.venue.placed) == 1
    await send(desk, "hft.orders", BUY, operation="op-2")
    assert len(desk.venue.placed) == 2


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"symbol": "NOPEUSDT"}, NoSuchSymbol, "symbol"),
        ({"price": "59900.001"}, BadParameter, "price"),
        ({"quantity": "0.0000001"}, BadParameter, "quantity"),
        ({"price": "90000"}, OrderRefused, "price_collar"),
    ],
)
async def test_an_order_that_cannot_be_is_refused_with_its_field_and_never_sent(
    desk: TradingDesk, change: dict[str, object], error: type[Exception], field: str
) -> None:
    with pytest.raises(error) as caught:
        await send(desk, "hft.orders", BUY.model_copy(update=change))
    assert caught.value.field == field  # type: ignore[attr-defined]
    assert desk.venue.placed == []


async def test_the_venues_no_is_told_and_the_order_is_rejected(desk: TradingDesk) -> None:
    desk.venue.refusal = VenueError(-2010, "Account has insufficient balance.")
    with pytest.raises(VenueRejected, match="insufficient balance"):
        await send(desk, "hft.orders", BUY, operation="op-1")
    assert [o.state.value for o in desk.desk.orders.values()] == ["rejected"]


async def test_a_cancel_takes_the_order_out_of_the_market(desk: TradingDesk) -> None:
    (row,) = rows(await send(desk, "hft.orders", BUY))
    key = str(row["client_order_id"])
    (gone,) = rows(await send(desk, "hft.orders", CancelOrder(symbol="BTCUSDT", client_order_id=key)))
    assert (gone["state"], desk.venue.cancelled) == ("cancelled", [key])


async def test_a_cancel_of_nothing_is_refused(desk: TradingDesk) -> None:
    with pytest.raises(NoSuchOrder, match="no order 'x'"):
        await send(desk, "hft.orders", CancelOrder(symbol="BTCUSDT", client_order_id="x"))


async def test_a_strategy_is_stopped_with_new_parameters_and_both_are_stored(desk: TradingDesk) -> None:
    conn = NoRows()
    body = SetStrategy(strategy="imbalance", action="stop", parameters={"enter": 0.7})
    (row,) = rows(await send(desk, "hft.orders", body, conn=conn))
    assert (row["state"], cast(dict[str, float], row["parameters"])["enter"]) == ("stopped", 0.7)
    ((venue, name, running, *_),) = conn.written
    assert (venue, name, running) == ("local", "imbalance", False)
    (row,) = rows(await send(desk, "hft.orders", SetStrategy(strategy="imbalance", action="start")))
    assert row["state"] == "starting"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (SetStrategy(strategy="wish", action="start"), NoSuchStrategy),
        (SetStrategy(strategy="imbalance", action="start", parameters={"enter": 7.0}), BadParameter),
        (SetStrategy(strategy="imbalance", action="start", parameters={"nonsense": 1.0}), BadParameter),
    ],
)
async def test_a_strategy_or_parameter_that_is_not_there_is_refused_and_nothing_is_stored(
    desk: TradingDesk, body: SetStrategy, error: type[Exception]
) -> None:
    conn = NoRows()
    with pytest.raises(error):
        await send(desk, "hft.orders", body, conn=conn)
    assert conn.written == []


async def test_a_signal_holds_until_its_time_is_over(desk: TradingDesk) -> None:
    body = Signal(symbol="BTCUSDT", regime="trend_up", confidence=0.9, bias=0.5, valid_until=1, reason="r")
    await send(desk, "hft.signals", body.model_copy(update={"valid_until": -1}))
    assert desk.engine.slow_of("BTCUSDT").bias == 0
    await send(desk, "hft.signals", body)
    assert (desk.engine.slow_of("BTCUSDT").bias, desk.engine.slow_of("ETHUSDT").bias) == (0.5, 0)


async def test_the_newest_state_and_reflection_of_a_symbol_are_kept_and_move_nothing(desk: TradingDesk) -> None:
    for name in ("first", "second"):
        await send(desk, "hft.states", quantum(name))
        await send(desk, "hft.reflections", reflection(name))
    assert desk.bus.states["BTCUSDT"].state_id == "second"
    assert desk.bus.reflections["BTCUSDT"].reflection_id == "second"
    assert desk.engine.slow == {}
    assert desk.venue.placed == []


@pytest.mark.parametrize("what", ["market", "positions", "orders", "fills", "pnl", "risk", "strategies"])
async def test_a_query_is_answered_under_its_own_name(desk: TradingDesk, what: str) -> None:
    await send(desk, "hft.orders", BUY)
    answer = await send(desk, "hft.queries", TradingQuery.model_validate({"what": what}))
    assert isinstance(answer, TradingAnswer)
    assert (answer.what, bool(answer.data)) == (what, True)


async def test_the_query_for_orders_obeys_its_limit(desk: TradingDesk) -> None:
    for n in range(3):
        await send(desk, "hft.orders", BUY, operation=f"op-{n}")
    assert len(rows(await send(desk, "hft.queries", TradingQuery(what="orders", limit=2)))) == 2


async def test_a_query_for_a_market_that_is_not_there_is_refused(desk: TradingDesk) -> None:
    with pytest.raises(NoSuchSymbol, match="no market session yet"):
        await send(desk, "hft.queries", TradingQuery(what="book", symbol="BTCUSDT"))


async def test_kill_cancels_and_refuses_until_resume(desk: TradingDesk) -> None:
    await send(desk, "hft.orders", BUY)
    await desk.bus.on_control("hft.trading.kill", Kill(scope=Scope.CANCEL, reason="drill"))
    assert (desk.desk.state, desk.desk.reason, desk.desk.open_orders()) == (TradingState.HALTED, "drill", [])
    with pytest.raises(OrderRefused, match="Trading is halted"):
        await send(desk, "hft.orders", BUY, operation="while-halted")
    await desk.bus.on_control("hft.trading.resume", Resume(reason="over"))
    assert rows(await send(desk, "hft.orders", BUY, operation="after"))[0]["state"] == "acked"


async def test_an_order_that_waited_too_long_is_not_sent(desk: TradingDesk) -> None:
    with pytest.raises(TooLate, match=r"the order waited 3[12] s"):
        await send(desk, "hft.orders", BUY, waited=31.5)
    assert desk.venue.placed == []
    assert rows(await send(desk, "hft.orders", BUY, waited=20))[0]["state"] == "acked"


async def test_an_order_from_before_the_last_halt_is_not_sent_after_the_resume(desk: TradingDesk) -> None:
    await desk.bus.on_control("hft.trading.kill", Kill(scope=Scope.PAUSE, reason="drill"), sent(0))
    await desk.bus.on_control("hft.trading.resume", Resume(reason="over"), sent(0))
    assert desk.desk.state is TradingState.ACTIVE
    for body in (BUY, proposal()):
        with pytest.raises(TooLate, match="accepted before the last halt"):
            await send(desk, "hft.orders", body, waited=5)
    assert desk.venue.placed == []


async def test_a_resume_from_before_the_last_halt_is_ignored(desk: TradingDesk) -> None:
    early = sent(0)
    await desk.bus.on_control("hft.trading.kill", Kill(scope=Scope.PAUSE, reason="drill"), sent(0))
    await desk.bus.on_control("hft.trading.resume", Resume(reason="old"), early)
    assert (desk.desk.state, desk.desk.reason) == (TradingState.HALTED, "drill")


class OneOrder(NoRows):
    """A connection to tables in which every order that is asked for is found, filled."""

    async def fetchone(self) -> dict[str, object]:  # type: ignore[override]
        return {
            "client_order_id": self.written[-1][1], "venue_order_id": "v9", "symbol": "BTCUSDT", "side": "BUY",
            "type": "LIMIT", "quantity": Decimal("0.01"), "price": Decimal("59900"), "state": "filled",
            "filled": Decimal("0.01"), "strategy": None, "reason": None, "created_ns": 1, "updated_ns": 2,
        }  # fmt: skip


async def test_an_order_that_only_the_tables_remember_is_answered_and_not_sent_again(desk: TradingDesk) -> None:
    (row,) = rows(await send(desk, "hft.orders", BUY, operation="op-1", conn=OneOrder(), waited=999))
    assert (row["client_order_id"], row["state"], row["filled"]) == (message_order_id("op-1"), "filled", "0.01")
    assert desk.venue.placed == []


async def test_a_message_that_is_not_for_a_queue_does_nothing(desk: TradingDesk) -> None:
    for queue in desk.bus.handlers():
        assert await send(desk, queue, Resume(reason="lost")) is None
    assert desk.venue.placed == []


def proposal() -> OrderEvent:
    return OrderEvent(
        client_order_id="p1", symbol="BTCUSDT", side=Side.BUY, type=OrderType.LIMIT, quantity="0.01", price="59900",
        status=OrderStatus.APPROVED, at=1,
    )  # fmt: skip


def quantum(state_id: str) -> QuantumState:
    zeros, mask = (0.0,) * SIZE, (True,) * SIZE
    state = SymbolState(
        symbol="BTCUSDT", state_id=state_id, state_hash="h", informative=True, intensity=1.0, real=zeros,
        imaginary=zeros, present=mask, diagonal=zeros, coherence_l1=0, coherence_relative=0, coherence=0, purity=1,
        entropy=0, effective_rank=1, participation=1, shrinkage=0, regime="calm", regime_probabilities={"calm": 1.0},
    )  # fmt: skip
    return QuantumState(
        bar_end=1, bar=1, session="s", mode=MarketMode.SIMULATED, schema_hash=SCHEMA_HASH, states=(state,)
    )


def reflection(name: str) -> Reflection:
    return Reflection(
        reflection_id=name, symbol="BTCUSDT", text_en="e", text_es="s", rule="r", confidence=0.9, bias=0.5,
        evidence=("m",), sample=9, moment_id="m", created_at=datetime.now(UTC),
    )  # fmt: skip


class OneProposal(NoRows):
    """A connection to a table that holds one proposal."""

    def __init__(self, event: OrderEvent) -> None:
        super().__init__()
        self._event = event

    async def execute(self, sql: str, params: tuple[object, ...]) -> NoRows:
        self._found = {"body": self._event.model_dump(mode="json")} if sql.startswith("UPDATE proposals") else None
        return await super().execute(sql, params)

    async def fetchone(self) -> dict[str, object] | None:  # type: ignore[override]
        return self._found


PROPOSED = OrderEvent(
    client_order_id="ce3-1", symbol="BTCUSDT", side=Side.BUY, type=OrderType.LIMIT, quantity="0.01", price="59900",
    status=OrderStatus.PROPOSED, strategy="assistant", at=1,
)  # fmt: skip


async def approve(desk: TradingDesk, event: OrderEvent) -> list[str]:
    """The proposals that were ended after an approval that was refused."""
    settled: list[str] = []

    async def settle(name: str) -> None:
        settled.append(name)

    desk.bus.settle = settle
    envelope = sent(-1).model_copy(update={"type": "hft.order.approved"})
    with pytest.raises((NoSuchSymbol, BadParameter, OrderRefused)):
        await desk.bus.on_order(
            cast(Connection, OneProposal(event)), envelope, event.model_copy(update={"status": OrderStatus.APPROVED})
        )
    await asyncio.sleep(0)
    return settled


@pytest.mark.parametrize("change", [{"symbol": "DOGEUSDT"}, {"quantity": "0.000000001"}, {"quantity": "1"}])
async def test_a_proposal_that_can_never_be_placed_waits_for_nobody_any_more(
    desk: TradingDesk, change: dict[str, str]
) -> None:
    assert await approve(desk, PROPOSED.model_copy(update=change)) == ["ce3-1"]


async def test_a_proposal_that_is_refused_only_now_goes_on_waiting(desk: TradingDesk) -> None:
    desk.trader.halt(Scope.PAUSE, "drill")
    assert await approve(desk, PROPOSED) == []


async def asked(desk: TradingDesk, query: TradingQuery) -> dict[str, JsonValue]:
    answer = await send(desk, "hft.queries", query)
    assert isinstance(answer, TradingAnswer)
    assert isinstance(answer.data, dict)
    return answer.data


async def test_an_order_is_checked_without_being_sent(desk: TradingDesk) -> None:
    assert await asked(desk, TradingQuery(what="check", order=BUY)) == {"ok": True}
    refused = await asked(desk, TradingQuery(what="check", order=BUY.model_copy(update={"quantity": "1"})))
    assert (refused["ok"], refused["rule"], refused["allowed"]) == (False, "order_notional", "25000")
    assert desk.venue.placed == []


async def test_open_orders_are_asked_for_apart_from_those_that_have_ended(desk: TradingDesk) -> None:
    await send(desk, "hft.orders", BUY, operation="op-1")
    assert len(rows(await send(desk, "hft.queries", TradingQuery(what="open_orders")))) == 1
    (order,) = desk.desk.open_orders()
    await send(desk, "hft.orders", CancelOrder(symbol="BTCUSDT", client_order_id=order.client_order_id))
    desk.desk.step(order.client_order_id, State.CANCELLED, 1)
    assert rows(await send(desk, "hft.queries", TradingQuery(what="open_orders"))) == []
    assert len(rows(await send(desk, "hft.queries", TradingQuery(what="orders")))) == 1
