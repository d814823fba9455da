"""Orders of strategies that run nowhere do not stay in the market."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from qbtc.contracts import Scope
from qbtc.contracts.common import Side
from qbtc.hft.trader import Origin
from qbtc.testing.scene import LIMIT, Scene
from qbtc.testing.trading import TradingDesk
from qbtc.testing.waiting import eventually


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = TradingDesk(tmp_path)
    yield Scene(made)
    made.close()


@asynccontextmanager
async def watched(scene: Scene) -> AsyncIterator[None]:
    watch = asyncio.create_task(scene.engine.run_watch())
    yield
    watch.cancel()
    await asyncio.gather(watch, return_exceptions=True)


async def test_an_order_that_arrives_after_its_strategy_was_stopped_is_cancelled(scene: Scene) -> None:
    scene.venue.gate.clear()
    scene.trader.fire(LIMIT, Origin(strategy="imbalance"))
    await eventually(lambda: scene.venue.waiting > 0, what="the order is on the wire")
    scene.engine.set_strategy("imbalance", start=False, parameters={})
    scene.venue.gate.set()
    await eventually(lambda: bool(scene.venue.live), what="the order has arrived")
    async with watched(scene):
        await eventually(lambda: not scene.venue.live, what="it is cancelled")


async def test_an_order_of_a_stopped_strategy_whose_cancel_was_not_answered_is_cancelled_again(scene: Scene) -> None:
    scene.trader.fire(LIMIT, Origin(strategy="imbalance"))
    await eventually(lambda: bool(scene.venue.live), what="the order has arrived")
    scene.venue.silent = 1
    scene.engine.set_strategy("imbalance", start=False, parameters={})
    async with watched(scene):
        await eventually(lambda: not scene.venue.live, what="it is cancelled")


async def test_orders_of_people_and_of_strategies_that_run_are_not_ownerless(scene: Scene) -> None:
    await scene.trader.place(LIMIT, Origin(client_order_id="by-hand"))
    await scene.trader.place(LIMIT, Origin(strategy="imbalance"))
    await scene.trader.place(LIMIT, Origin(strategy="in-the-hot-tier"))
    scene.engine.strategist.elsewhere = lambda order: order.strategy == "in-the-hot-tier"
    await scene.trader.place(LIMIT, Origin(strategy="gone"))
    assert [o.strategy for o in scene.engine.strategist.ownerless()] == ["gone"]


async def test_what_closes_a_position_is_not_ownerless(scene: Scene) -> None:
    scene.fill(Side.BUY)
    await scene.trader.kill(Scope.FLATTEN, "drill")
    assert [o.closing for o in scene.desk.open_orders()] == [True]
    assert scene.engine.strategist.ownerless() == []


async def test_a_service_that_stops_leaves_no_order_of_a_strategy_and_all_of_people(scene: Scene) -> None:
    await scene.trader.place(LIMIT, Origin(client_order_id="by-hand"))
    await scene.trader.place(LIMIT, Origin(strategy="imbalance"))
    scene.venue.silent = 1
    await scene.engine.strategist.close()
    assert list(scene.venue.live) == ["by-hand"]


async def test_a_service_that_stops_does_not_wait_for_a_silent_venue(scene: Scene) -> None:
    await scene.trader.place(LIMIT, Origin(strategy="imbalance"))
    scene.venue.silent = 10_000
    await scene.engine.strategist.close(0.2)
    assert len(scene.engine.strategist.ownerless()) == 1
