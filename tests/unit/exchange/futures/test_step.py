"""One step of the futures venue's time: a price that ruins an account is looked at before its stops are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from qbtc.core.binance.messages import DepthUpdate, Snapshot, Trade
from qbtc.core.market.clock import MarketClock
from qbtc.core.market.futures.contracts import contract
from qbtc.core.market.futures.requests import new_algo, new_order
from qbtc.core.market.margin import SCALE
from qbtc.core.market.replay import Frame
from qbtc.exchange.futures.liquidity import Priced, SpotTrade
from qbtc.exchange.futures.recovery import recover
from qbtc.exchange.futures.service import Futures, Setup, Source
from qbtc.exchange.keys import PAPER, KeyStore
from qbtc.exchange.limits import Limits
from qbtc.exchange.passed_over import PassedOver

from .house import START, d

RULES = contract("BTCUSDT")


class Spot:
    """Ten coins at every dollar around a price that is set."""

    price = 10_000
    prints: Sequence[SpotTrade] = ()

    def levels(self, count: int) -> tuple[list[Priced], list[Priced]]:
        sides = ([self.price - 1 - i for i in range(count)], [self.price + 1 + i for i in range(count)])
        bids, asks = ([(price * SCALE, d("10")) for price in side] for side in sides)
        return bids, asks

    def trades_after(self, trade_id: int) -> list[SpotTrade]:
        return [row for row in self.prints if row.trade_id > trade_id]

    def last_trade(self) -> int:
        return self.prints[-1].trade_id if self.prints else 0


@pytest.fixture
def spot() -> Spot:
    return Spot()


@pytest.fixture
def futures(tmp_path: Path, spot: Spot) -> Futures:
    assert RULES is not None
    source = Source(RULES.grid, spot)
    setup = Setup(tmp_path, d("1000"), MarketClock(START), KeyStore(), Limits(), lambda: {"BTCUSDT": source})
    made = Futures(setup)
    made.ensure()
    return made


def place(futures: Futures, kind: str, now: int, **params: str) -> None:
    assert RULES is not None
    sent = {"symbol": "BTCUSDT", "type": kind} | params
    if kind == "MARKET":
        futures.venue.place(PAPER, new_order(sent, RULES, now), now)
    else:
        futures.desk.algos.place(PAPER, new_algo({"algoType": "CONDITIONAL"} | sent, RULES, now), now)


async def test_a_stop_in_a_gap_beyond_bankruptcy_leaves_no_debt(futures: Futures, spot: Spot, tmp_path: Path) -> None:
    now = futures.now()
    futures.desk.accounts.leverage(PAPER, "BTCUSDT", 100, now)
    place(futures, "MARKET", now, side="BUY", quantity="5")
    place(futures, "STOP_MARKET", now, side="SELL", triggerPrice="9900", closePosition="true", workingType="MARK_PRICE")
    spot.price = 9_000
    futures.step(now + 10**9)
    account = futures.venue.state.account(PAPER)
    assert (account.position("BTCUSDT", "BOTH").quantity, account.wallet) == (0, 0)
    assert futures.venue.state.data.insurance >= 0
    assert [algo.status for algo in futures.venue.state.data.algos.values()] == ["EXPIRED"]
    await futures.close()
    assert recover(tmp_path).state.state_hash() == futures.venue.state.state_hash()


async def test_a_stop_that_is_reached_before_its_account_is_ruined_closes_at_the_market(
    futures: Futures, spot: Spot
) -> None:
    now = futures.now()
    place(futures, "MARKET", now, side="BUY", quantity="0.5")
    place(futures, "STOP_MARKET", now, side="SELL", triggerPrice="9900", closePosition="true", workingType="MARK_PRICE")
    spot.price = 9_890
    futures.step(now + 10**9)
    account = futures.venue.state.account(PAPER)
    assert account.position("BTCUSDT", "BOTH").quantity == 0
    assert [algo.status for algo in futures.venue.state.data.algos.values()] == ["FINISHED"]
    assert futures.venue.state.data.liquidations == []
    await futures.close()


async def test_a_recorded_frame_off_the_contracts_grid_is_passed_over_and_the_next_one_is_played(tmp_path: Path) -> None:
    notes: list[str] = []
    setup = Setup(
        tmp_path, d("1000"), MarketClock(START), KeyStore(), Limits(), dict,
        frames=lambda bad: iter(()), symbols=("BTCUSDT",), passed=PassedOver(notes),
    )  # fmt: skip
    futures = Futures(setup)
    futures.ensure()
    market = futures.venue.markets["BTCUSDT"]
    for number, body in enumerate((
        Snapshot(5, [("10000.0", "1")], [("10001.0", "1")]),
        Snapshot(6, [("10000.05", "1")], [("10001.0", "1")]),
        update(6, "10000.15"),
        Trade(event="trade", event_ms=1, symbol="BTCUSDT", trade_id=1, price="0", quantity="1", trade_ms=1, buyer_is_maker=True),
        update(7, "10000.2"),
    )):  # fmt: skip
        futures._frame(Frame(START, "BTCUSDT", body, number), START)
    assert market.top(5, 0) == [(d("10000.2"), d("1")), (d("10000.0"), d("1"))]
    assert notes[0].startswith("market frames that were passed over: 3, the last because line 3: ")
    assert len(notes) == 1
    await futures.close()


def update(number: int, price: str) -> DepthUpdate:
    return DepthUpdate(
        event="depthUpdate", event_ms=1, symbol="BTCUSDT", first=number, last=number, bids=[(price, "1")], asks=[],
        previous=number - 1,
    )  # fmt: skip


async def test_a_stop_is_triggered_by_a_trade_that_was_not_the_last_of_its_step(futures: Futures, spot: Spot) -> None:
    now = futures.now()
    place(futures, "MARKET", now, side="BUY", quantity="0.5")
    place(futures, "STOP_MARKET", now, side="SELL", triggerPrice="9990", closePosition="true")
    spot.prints = [SpotTrade(n, price * SCALE, d("1"), -1) for n, price in enumerate((9_989, 10_001), 1)]
    futures.step(now + 10**8)
    assert [algo.status for algo in futures.venue.state.data.algos.values()] == ["FINISHED"]
    await futures.close()
