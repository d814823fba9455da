"""Commands and proposals through the real bus and tables: HFT's own role, inbox, outbox; only the venue is played."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest_asyncio

from qbtc.contracts import Message, Role
from qbtc.contracts.common import OrderType, Side
from qbtc.contracts.trading import CancelOrder, OrderEvent, OrderStatus, PlaceOrder, SetStrategy
from qbtc.contracts.ui import UiUpdate
from qbtc.hft.adapters import exports_store, repository
from qbtc.hft.domain.orders import Order, State
from qbtc.hft.domain.positions import Fill, Position
from qbtc.hft.domain.units import ONE, units
from qbtc.hft.facts import FillFact, OrderFact, fill_fact, order_event
from qbtc.hft.ports import StrategyChoice
from qbtc.kit.bus import Delivery, open_bus
from qbtc.kit.ids import uuid7
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import Actor, KeyRing, Tokens
from qbtc.kit.security.keys import ensure_keys
from qbtc.kit.settings import Platform
from qbtc.kit.store import Outbox, Store
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.prepared import prepared
from qbtc.testing.trading import TradingDesk
from qbtc.testing.waiting import eventually


@dataclass
class House:
    """HFT on its queues, and Web's end of the bus."""

    home: Path
    desk: TradingDesk
    hft: Messenger
    web: Messenger
    ends: dict[str, UiUpdate] = field(default_factory=dict)

    async def hear(self, delivery: Delivery) -> None:
        update = UiUpdate.model_validate(delivery.envelope.data, strict=False)
        if update.operation_id and update.status in ("done", "failed"):
            self.ends[update.operation_id] = update

    async def command(self, key: str, body: Message, operation: str) -> None:
        actor = Actor("ana", Role.TRADER, "web")
        envelope = self.web.envelope(key, body, actor=actor, idempotencykey=operation)
        await self.web.bus.publish(envelope, exchange=None)

    async def done(self, key: str, body: Message) -> UiUpdate:
        """Send one command and return how it ended."""
        operation = uuid7()
        await self.command(key, body, operation)
        await eventually(lambda: operation in self.ends, what=f"{key} has ended")
        return self.ends[operation]

    async def propose(self, event: OrderEvent) -> None:
        await self.hft.publish("hft.order.proposed", event)

        async def waits() -> bool:
            return event in await repository.load_proposals(self.hft.store, venue="local")

        await eventually(waits, what="the proposal waits")


@pytest_asyncio.fixture
async def house(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[House]:
    ensure_keys(tmp_path)
    _, dsns = await prepared(postgres, tmp_path)
    hft, web = [await opened(tmp_path, name, dsns[name]) for name in ("hft", "web")]
    made = House(tmp_path, TradingDesk(tmp_path / "hft"), hft, web)
    for queue in ("hft.orders", "hft.queries"):
        await made.hft.bus.consume(queue, made.hft.deliverer(queue, made.desk.bus.handlers()[queue]))
    await made.web.bus.consume("web.updates", made.hear)
    relay = asyncio.create_task(made.hft.outbox.relay(made.hft.bus))
    yield made
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    for messenger in (made.hft, made.web):
        await messenger.bus.close()
        await messenger.store.close()
    made.desk.close()


async def opened(home: Path, name: str, dsn: str) -> Messenger:
    store = Store(dsn, name=name)
    await store.open()
    bus = open_bus(dsn, service=name)
    await bus.start()
    return Messenger(name, store, bus, Outbox(store), Tokens(KeyRing(home), name, Platform(home=home).instance))


BUY = PlaceOrder(symbol="BTCUSDT", side=Side.BUY, type=OrderType.LIMIT, quantity="0.01", price="59900")


def proposed(key: str, *, quantity: str = "0.01", status: OrderStatus = OrderStatus.PROPOSED) -> OrderEvent:
    return OrderEvent(
        client_order_id=key, symbol="BTCUSDT", side=Side.BUY, type=OrderType.LIMIT, quantity=quantity, price="59900",
        status=status, at=1,
    )  # fmt: skip


def state(update: UiUpdate) -> str:
    return cast(dict[str, list[dict[str, str]]], cast(dict[str, object], update.data)["data"])["items"][0]["state"]


async def test_a_command_sent_twice_is_one_order_and_its_end_reaches_the_screen(house: House) -> None:
    operation = uuid7()
    for _ in range(2):
        await house.command("hft.order.place", BUY, operation)
    await eventually(lambda: operation in house.ends, what="the operation has ended")
    other = await house.done("hft.order.place", BUY)
    assert (house.ends[operation].status, state(house.ends[operation]), other.status) == ("done", "acked", "done")
    assert len(house.desk.venue.placed) == 2


async def test_an_order_that_only_the_table_remembers_is_found_there(house: House) -> None:
    placed = Order(
        "m1", "BTCUSDT", Side.BUY, OrderType.LIMIT, units("0.01"), units("59900"), 7, state=State.FILLED,
        filled=units("0.01"), venue_order_id="v1", updated_ns=9,
    )  # fmt: skip
    event = order_event(placed, OrderStatus.FILLED, 9)
    fact = OrderFact("", event, placed.state.value, str(placed.filled), placed.created_ns, None)
    async with house.hft.store.transaction() as conn:
        await repository.save_order(conn, fact, venue="local")
        assert await repository.load_order(conn, "m1", venue="local") == placed
        assert await repository.load_order(conn, "m2", venue="local") is None


async def test_a_refused_command_ends_as_a_problem_that_names_the_field(house: House) -> None:
    end = await house.done("hft.order.place", BUY.model_copy(update={"price": "59900.001"}))
    assert (end.status, end.problem and end.problem["field"]) == ("failed", "price")
    assert house.desk.venue.placed == []


async def test_what_was_proposed_is_placed_once_when_it_is_approved(house: House) -> None:
    await house.propose(proposed("p1"))
    approval = proposed("p1", status=OrderStatus.APPROVED)
    assert state(await house.done("hft.order.approved", approval)) == "acked"
    again = await house.done("hft.order.approved", approval)
    assert (again.status, [o.client_order_id for o in house.desk.venue.placed]) == ("failed", ["p1"])
    assert await repository.load_proposals(house.hft.store, venue="local") == []


async def test_an_approval_of_something_else_places_nothing_and_the_proposal_still_waits(house: House) -> None:
    await house.propose(proposed("p2"))
    end = await house.done("hft.order.approved", proposed("p2", quantity="0.5", status=OrderStatus.APPROVED))
    assert (end.status, end.problem and end.problem["field"]) == ("failed", "quantity")
    assert house.desk.venue.placed == []
    assert [p.client_order_id for p in await repository.load_proposals(house.hft.store, venue="local")] == ["p2"]


async def test_a_cancelled_proposal_is_never_placed(house: House) -> None:
    await house.propose(proposed("p3"))
    cancelled = await house.done("hft.order.cancel", CancelOrder(symbol="BTCUSDT", client_order_id="p3"))
    assert state(cancelled) == "cancelled"
    end = await house.done("hft.order.approved", proposed("p3", status=OrderStatus.APPROVED))
    assert (end.status, house.desk.venue.placed) == ("failed", [])


async def test_a_strategys_setting_survives_in_its_table(house: House) -> None:
    body = SetStrategy(strategy="imbalance", action="stop", parameters={"enter": 0.7})
    assert (await house.done("hft.strategy.set", body)).status == "done"
    stored = (await repository.load_strategies(house.hft.store, venue="local"))["imbalance"]
    assert (stored.running, stored.parameters["enter"], stored.tier) == (False, 0.7, "service")


def filled_at(price: str) -> FillFact:
    fill = Fill("BTCUSDT", "7", "m7", Side.BUY, units(price), units("0.01"), 0, "USDT", False, 9)
    position = Position("BTCUSDT")
    position.apply(fill, base="BTC", quote="USDT")
    return fill_fact(fill, None, position, None)


async def test_what_belongs_to_one_venue_is_not_seen_at_another_even_under_the_same_names(house: House) -> None:
    store = house.hft.store
    for venue, price in (("local", "60000"), ("binance", "61000")):
        async with store.transaction() as conn:
            assert await repository.save_fill(conn, filled_at(price), venue=venue)
            await repository.save_proposal(conn, proposed("p7").model_copy(update={"price": price}), venue=venue)
            await repository.save_strategy(conn, "imbalance", StrategyChoice(venue == "local", {}, record=venue == "local"), venue=venue)
    for venue, price in (("local", "60000"), ("binance", "61000")):
        assert [f.price for f in await repository.load_fills(store, 10, venue=venue)] == [units(price)]
        assert [e.price for e in await repository.load_proposals(store, venue=venue)] == [price]
        chosen = (await repository.load_strategies(store, venue=venue))["imbalance"]
        assert (chosen.running, chosen.record) == (venue == "local", venue == "local")
        assert [row["price"] async for row in exports_store.fills(store, venue, None, 10)] == [price]
    rows = await store.fetch("SELECT venue, cost FROM positions ORDER BY venue")
    assert [(row["venue"], int(row["cost"])) for row in rows] == [
        ("binance", units("610") * ONE), ("local", units("600") * ONE),
    ]  # fmt: skip


async def test_a_proposal_of_the_paper_account_cannot_be_approved_at_a_live_venue(house: House) -> None:
    async with house.hft.store.transaction() as conn:
        await repository.save_proposal(conn, proposed("p8"), venue="local")
        assert await repository.take_proposal(conn, "p8", venue="binance") is None
        assert await repository.refuse_proposal(conn, "p8", venue="binance") is None
        assert await repository.take_proposal(conn, "p8", venue="local") == proposed("p8")
