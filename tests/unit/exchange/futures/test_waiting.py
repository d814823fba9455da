"""A contract without a mark price, and one whose market has ended: cancels are taken, orders and amendments are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from qbtc.core.binance.errors import ApiError
from qbtc.core.market.clock import MarketClock
from qbtc.core.market.futures.contracts import contract
from qbtc.core.market.futures.requests import new_algo, new_order
from qbtc.core.market.margin import SCALE
from qbtc.exchange.futures.service import Futures, Setup, Source
from qbtc.exchange.keys import PAPER, KeyStore
from qbtc.exchange.limits import Limits

from .house import ME, START, House, d
from .test_step import Spot

LIMIT = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "9900", "quantity": "0.1"}
RULES = contract("BTCUSDT")


class Empty(Spot):
    """No book until one is `open`."""

    open = False

    def levels(self, count: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        return super().levels(count) if self.open else ([], [])


def started(folder: Path, spot: Spot) -> Futures:
    assert RULES is not None
    source = Source(RULES.grid, spot)
    made = Futures(Setup(folder, d("1000"), MarketClock(START), KeyStore(), Limits(), lambda: {"BTCUSDT": source}))
    made.ensure()
    return made


async def test_an_order_that_was_recovered_rests_once_whatever_is_asked_before_the_first_mark_price(tmp_path: Path) -> None:
    assert RULES is not None
    before = started(tmp_path, Spot())
    order_id = before.venue.place(PAPER, new_order(LIMIT, RULES, START), START).placed.order_id
    await before.close()
    spot = Empty()
    futures = started(tmp_path, spot)
    venue, now = futures.venue, futures.now()
    order = venue.state.data.orders[order_id]
    stop = {"algoType": "CONDITIONAL", "symbol": "BTCUSDT", "side": "SELL", "type": "STOP_MARKET", "triggerPrice": "9000"}
    for refused in (
        lambda: venue.place(PAPER, new_order(LIMIT, RULES, now), now),
        lambda: venue.amend(order, d("9800"), d("0.2"), now),
        lambda: futures.desk.algos.place(PAPER, new_algo(stop | {"quantity": "0.1"}, RULES, now), now),
    ):
        with pytest.raises(ApiError, match="-4141"):
            refused()
    spot.open = True
    futures.step(now + 10**9)
    rows = dict(venue.markets["BTCUSDT"].top(200, 0))
    assert rows[d("9900")] == d("10") + d("0.1")
    venue.amend(order, d("9900"), d("0.3"), now)
    venue.cancel(order, now)
    assert dict(venue.markets["BTCUSDT"].top(200, 0))[d("9900")] == d("10")
    await futures.close()


def test_a_contract_without_a_price_is_not_what_a_ruined_account_is_closed_in() -> None:
    house = House("2000")
    house.add("ETHUSDT")
    house.quote(2_000, "1000", "ETHUSDT")
    for symbol, quantity in (("BTCUSDT", "1"), ("ETHUSDT", "10")):
        house.accounts.leverage(ME, symbol, 50, house.now)
        house.place("BUY", symbol=symbol, quantity=quantity)
    house.add("ETHUSDT").waiting = True
    house.quote(8_100)
    house.guard.watch(house.now)
    assert (house.size(), house.size(symbol="ETHUSDT")) == (0, d("10"))


def test_when_the_market_has_ended_an_order_may_be_cancelled_but_not_amended() -> None:
    house = House()
    order = house.place("BUY", "LIMIT", price="9900", quantity="0.1")
    house.venue.closed = True
    with pytest.raises(ApiError, match="-4141"):
        house.venue.amend(order, 10_010 * SCALE, d("0.1"), house.now)
    assert house.venue.cancel(order, house.now).status == "CANCELED"
