"""Frames whose event time cannot be: the engine skips them and goes on as if they had never come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from qbtc.contracts import MarketMode, Scope, TradingState
from qbtc.contracts.common import Side
from qbtc.core.binance.messages import MalformedFrame
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.domain.desk import DAY_LOSS
from qbtc.hft.domain.feed import AHEAD_NS, Feed, Reach
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.units import units
from qbtc.hft.engine import BEYOND, Engine, MarketChanged
from qbtc.hft.ports import MarketInfo
from qbtc.testing.trading import TradingDesk

NOW_MS = 1_764_400_000_000
WRONG_MS = (NOW_MS + 61_000, NOW_MS + 365 * 86_400_000, NOW_MS * 1000, 9 * 10**18, -1, -(9 * 10**18))


def trade(at_ms: int, number: int = 1) -> bytes:
    data = {
        "e": "trade", "E": at_ms, "s": "BTCUSDT", "t": number, "p": "60000.00", "q": "0.01000000", "T": at_ms,
        "m": False, "M": True,
    }  # fmt: skip
    return json.dumps({"stream": "btcusdt@trade", "data": data}).encode()


@pytest.fixture
def one(tmp_path: Path) -> Iterator[TradingDesk]:
    made = TradingDesk(tmp_path)
    made.engine.feed = Feed([KNOWN["BTCUSDT"]], session="s", started_ns=0)
    made.engine._syncing.add("BTCUSDT")  # no snapshot is asked for
    made.engine.on_frame(trade(NOW_MS))
    yield made
    made.close()


def seen(engine: Engine) -> int:
    assert engine.feed is not None
    return len(engine.feed.markets["BTCUSDT"].tape)


@pytest.mark.parametrize("wrong", WRONG_MS)
def test_a_frame_with_a_wrong_time_is_skipped_and_the_next_one_is_taken(one: TradingDesk, wrong: int) -> None:
    one.engine.on_frame(trade(wrong, 2))
    assert (one.engine.now(), seen(one.engine)) == (NOW_MS * 10**6, 1)
    one.engine.on_frame(trade(NOW_MS + 1000, 3))
    assert (one.engine.now(), seen(one.engine)) == ((NOW_MS + 1000) * 10**6, 2)


def test_a_wrong_time_does_not_end_the_day_and_with_it_its_loss_limit(one: TradingDesk) -> None:
    one.desk.mark({"BTCUSDT": units("60000")}, one.engine.now())
    one.desk.set_state(TradingState.REDUCING, DAY_LOSS)
    one.engine.on_frame(trade(NOW_MS + 365 * 86_400_000, 2))
    one.desk.mark({"BTCUSDT": units("60000")}, one.engine.now())
    assert one.desk.state is TradingState.REDUCING


async def test_a_kill_closes_after_a_frame_with_an_absurd_time(one: TradingDesk) -> None:
    one.trader.follow(one.engine.market_of, one.engine.now, on_fill=lambda _: None)
    one.engine.market = MarketInfo(
        MarketMode.SIMULATED, "running", "s", 1.0, ("BTCUSDT",), 0, NOW_MS * 10**6, False, ""
    )
    one.engine.on_frame(trade(9 * 10**18, 2))
    one.trader.count(Fill("BTCUSDT", "1", "x", Side.BUY, units("60000"), units("0.1"), 0, "USDT", False, 1))
    one.trader.switch.seconds = 0.1
    assert (await one.trader.kill(Scope.FLATTEN, "drill"))["closing"] == 1


def test_when_every_frame_seems_wrong_the_venue_is_asked_for_its_time_again(one: TradingDesk) -> None:
    for number in range(BEYOND):
        one.engine.on_frame(trade(NOW_MS + 86_400_000, number))
    with pytest.raises(MarketChanged):
        one.engine.on_frame(trade(NOW_MS + 86_400_000))


def test_market_time_runs_at_its_speed() -> None:
    reach = Reach(10**18, 0, speed=100.0)
    reach.check(10**18 + 100 * 10**9 + 100 * 10**9, wall=10**9)
    with pytest.raises(MalformedFrame, match="later than it can be"):
        reach.check(10**18 + 100 * 10**9 + 100 * 10**9 + 1, wall=10**9)


def test_at_the_speed_of_life_a_minute_ahead_is_taken() -> None:
    Reach(10**18, 5).check(10**18 + AHEAD_NS, wall=5)
    with pytest.raises(MalformedFrame):
        Reach(10**18, 5).check(10**18 + AHEAD_NS + 1, wall=5)
