"""Orders of strategies do not rest in a market that cannot be seen."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.market import SymbolMarket
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import units
from qbtc.hft.ports import NoAnswer, VenueOrder
from qbtc.hft.trader import Origin
from qbtc.testing.trading import TradingDesk

SYMBOL = "BTCUSDT"
LIMIT = Proposal(SYMBOL, Side.BUY, OrderType.LIMIT, units("0.001"), units("59900"))
SECOND = 10**9


class Blind(TradingDesk):
    def see(self, at: float, *, last_frame: float, synced: bool = True) -> None:
        market = cast(SymbolMarket, SimpleNamespace(synced=synced))
        self.engine.strategist.withdraw({SYMBOL: market}, int(last_frame * SECOND), int(at * SECOND))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Blind]:
    made = Blind(tmp_path)
    yield made
    made.close()


async def quoting(desk: Blind, origin: Origin) -> str:
    order = desk.trader.fire(LIMIT, origin)
    await asyncio.sleep(0)
    assert order is not None
    desk.see(100, last_frame=100)
    return order.client_order_id


@pytest.mark.parametrize("synced", [True, False])
async def test_they_are_cancelled_once_frames_or_the_book_are_missing_for_the_time_that_is_set(
    desk: Blind, synced: bool
) -> None:
    name = await quoting(desk, Origin(strategy="imbalance"))
    for at in (101, 104.9):
        desk.see(at, last_frame=100 if synced else at, synced=synced)
    await asyncio.sleep(0)
    assert desk.venue.cancelled == []
    desk.see(105, last_frame=100 if synced else 105, synced=synced)
    await asyncio.sleep(0)
    assert desk.venue.cancelled == [name]


async def test_in_a_market_that_is_seen_they_rest(desk: Blind) -> None:
    await quoting(desk, Origin(strategy="imbalance"))
    for at in range(101, 120):
        desk.see(at, last_frame=at - 0.5)
    await asyncio.sleep(0)
    assert desk.venue.cancelled == []


async def test_a_persons_orders_and_the_hot_engines_are_left(desk: Blind) -> None:
    await quoting(desk, Origin())
    await quoting(desk, Origin(strategy="grid", client_order_id="hot-grid-t4abcd-1"))
    desk.see(200, last_frame=100)
    await asyncio.sleep(0)
    assert desk.venue.cancelled == []


async def test_a_cancel_without_an_answer_is_tried_again_after_a_second(
    desk: Blind, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[str] = []

    async def silent(symbol: str, client_order_id: str) -> VenueOrder:
        tries.append(client_order_id)
        raise NoAnswer("silent")

    monkeypatch.setattr(desk.venue, "cancel", silent)
    name = await quoting(desk, Origin(strategy="imbalance"))
    for at in (110, 110.5, 111):
        desk.see(at, last_frame=100)
        await asyncio.sleep(0.01)
    assert tries == [name, name]
