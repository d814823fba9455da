"""What a new connection to the market keeps, and what it learns anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import cast

import msgspec
import pytest

from qbtc.contracts import MarketMode
from qbtc.core.binance.messages import MalformedFrame
from qbtc.core.market.book import DepthSnapshot
from qbtc.core.market.instrument import KNOWN, Instrument, OffGrid
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain.feed import Feed
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import ONE
from qbtc.hft.ports import MarketInfo, Venue
from qbtc.hft.trader import Origin
from qbtc.testing.trading import TradingDesk

LIVE = MarketInfo(MarketMode.LIVE, "running", "binance-20000", 1.0, ("BTCUSDT",), 0, 1, ended=False, note="binance")
COARSER = replace(KNOWN["BTCUSDT"], tick_size=Decimal("0.1"))


class Market:
    """A venue of one symbol; each connection ends at once."""

    def __init__(self) -> None:
        self.info, self.instrument, self.connections = LIVE, KNOWN["BTCUSDT"], 0
        self.unreadable, self.asked = list[Exception](), 0

    async def market(self) -> MarketInfo:
        return self.info

    async def instruments(self, symbols: Sequence[str]) -> list[Instrument]:
        return [self.instrument] if self.instrument.symbol in symbols else []

    async def last_price(self, instrument: Instrument) -> int | None:
        return 60_000 * ONE

    async def snapshot(self, instrument: Instrument) -> DepthSnapshot:
        self.asked += 1
        if self.unreadable:
            raise self.unreadable.pop()
        return DepthSnapshot(self.asked, [(6_000_000, 1)], [(6_000_001, 1)])

    async def stream(self, symbols: Sequence[str], on_frame: Callable[[bytes], None]) -> None:
        self.connections += 1


class Scene:
    def __init__(self, one: TradingDesk) -> None:
        self.engine, self.desk, self.venue = one.engine, one.desk, Market()
        self.engine.venue = cast(Venue, self.venue)

    async def connect(self) -> Feed:
        await self.engine._session()
        assert self.engine.feed is not None
        return self.engine.feed


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = TradingDesk(tmp_path)
    yield Scene(made)
    made.close()


async def test_a_new_connection_to_the_same_market_goes_on_where_it_was(scene: Scene) -> None:
    assert await scene.connect() is await scene.connect()
    assert scene.venue.connections == 2


async def test_a_step_that_the_venue_has_changed_is_known_from_the_next_connection_on(scene: Scene) -> None:
    before = await scene.connect()
    scene.venue.instrument = COARSER
    after = await scene.connect()
    assert after is not before
    assert (after.markets["BTCUSDT"].instrument, scene.desk.instruments["BTCUSDT"]) == (COARSER, COARSER)


async def test_another_session_of_the_market_begins_anew(scene: Scene) -> None:
    before = await scene.connect()
    scene.venue.info = replace(LIVE, session="binance-20001")
    assert await scene.connect() is not before
    assert scene.desk.session == {"BTCUSDT"}


async def test_a_snapshot_that_cannot_be_read_is_asked_for_again_after_a_pause(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not with every frame that comes meanwhile."""
    pauses, feed = list[float](), await scene.connect()
    scene.engine._connected, pause = True, asyncio.sleep

    async def short(seconds: float) -> None:
        pauses.append(seconds)
        for _ in range(5):
            scene.engine._resync("BTCUSDT")
            await pause(0)

    monkeypatch.setattr("qbtc.hft.engine.asyncio.sleep", short)
    scene.venue.unreadable = [OffGrid("'x' is not a number"), MalformedFrame("not a depth snapshot")]
    scene.engine._resync("BTCUSDT")
    await asyncio.gather(*scene.engine._tasks)
    assert (feed.markets["BTCUSDT"].synced, scene.venue.asked, pauses) == (True, 3, [0.1, 0.2])


def frame(kind: str, **words: object) -> bytes:
    return msgspec.json.encode({"stream": f"btcusdt@{kind}", "data": {"E": 1, "s": "BTCUSDT", **words}})


async def test_frames_off_the_grid_move_book_and_last_price_like_any_other(scene: Scene) -> None:
    scene.venue.instrument = COARSER
    market = (await scene.connect()).markets["BTCUSDT"]
    market.on_snapshot(DepthSnapshot(1, [(600_000, 1)], [(600_002, 1)]))
    for raw in (
        frame("depth", e="depthUpdate", U=2, u=2, b=[["60000.05", "1"], ["60000.1", "0.0000025"]], a=[]),
        frame("bookTicker", u=2, b="60000.05", B="1", a="60000.2", A="0.000001"),
        frame("trade", e="trade", t=1, p="60000.05", q="0.5", T=1, m=True),
        frame("bookTicker", u=3, b="60000.1", B="1", a="60000.2", A="0.000001"),
    ):
        scene.engine.on_frame(raw)
    assert (market.touch(), market.last_price) == ((600_001, 2, 600_002, 1), 6_000_005_000_000)
    assert scene.engine._malformed == 0


@pytest.mark.parametrize("changed", ["step", "session"])
async def test_after_another_step_or_session_a_strategy_asks_for_the_same_money_at_the_same_prices(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    """What it saw and remembered is in ticks and times of before, and the new market time may be an earlier one."""
    grid, asked = load("grid", Path()), list[tuple[str, int, int]]()
    grid.prepare()
    scene.engine.strategies["grid"] = grid
    scene.engine.running |= {"grid"}

    def fire(p: Proposal, _: Origin) -> None:
        asked.append((p.side.value, round((p.price or 0) / ONE), round(p.quantity * (p.price or 0) / ONE**2)))

    monkeypatch.setattr(scene.engine.trader, "fire", fire)

    async def seen_at(now_ns: int) -> list[tuple[str, int, int]]:
        market = (await scene.connect()).markets["BTCUSDT"]
        at = market.instrument.to_ticks("60000")
        market.on_snapshot(DepthSnapshot(1, [(at, 100)], [(at + 1, 100)]))
        asked.clear()
        scene.engine.strategist.on_time(market, now_ns)
        return [*asked]

    before = await seen_at(10**18)
    scene.venue.instrument = COARSER if changed == "step" else KNOWN["BTCUSDT"]
    scene.venue.info = LIVE if changed == "step" else replace(LIVE, session="binance-20001")
    assert before
    assert await seen_at(10**17) == before


@pytest.mark.parametrize("stream", ["market", "user"])
async def test_a_stream_that_is_closed_as_soon_as_it_is_made_is_made_less_and_less_often(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, stream: str
) -> None:
    """Until one lasts: then the next pause is the shortest again."""
    pauses, now, lasted = list[float](), [0], 0

    async def rest(seconds: float) -> None:
        nonlocal lasted
        pauses.append(seconds)
        if len(pauses) > 7:
            raise asyncio.CancelledError
        lasted = 60 if len(pauses) == 6 else 0

    async def user_stream(on_up: Callable[[], None], _: object) -> None:
        now[0] += lasted * 10**9

    async def market_stream(*_: object) -> None:
        now[0] += lasted * 10**9

    await scene.connect()
    monkeypatch.setattr(scene.venue, "stream", market_stream)
    monkeypatch.setattr(scene.venue, "user_stream", user_stream, raising=False)
    monkeypatch.setattr("qbtc.hft.engine.monotonic_ns", lambda: now[0])
    monkeypatch.setattr("qbtc.hft.engine.asyncio.sleep", rest)
    with pytest.raises(asyncio.CancelledError):
        await (scene.engine.run_market() if stream == "market" else scene.engine.run_user())
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0, 5.0, 0.25, 0.5]
