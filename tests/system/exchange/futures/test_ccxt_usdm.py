"""ccxt's `binanceusdm`, unmodified, trades futures on the venue: unified calls, its own exceptions, its streams."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess
from qbtc.testing.venue_clients import ccxt_config, redirect_ccxt
from qbtc.testing.waiting import until

ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed (requirements/dev.lock has it)")

SYMBOL = "BTC/USDT:USDT"
OTHER = "ETH/USDT:USDT"


def connected(target: VenueProcess) -> Any:
    exchange = redirect_ccxt(ccxt.binanceusdm(ccxt_config(target)), target)
    exchange.load_markets()
    return exchange


@pytest.fixture(scope="module")
def usdm(live: VenueProcess) -> Any:
    return connected(live)


def test_it_reads_all_market_data(usdm: Any) -> None:
    market = usdm.market(SYMBOL)
    assert (market["swap"], market["linear"], market["precision"]["price"]) == (True, True, 0.1)
    until(lambda: usdm.fetch_trades(SYMBOL), what="a trade")
    book = usdm.fetch_order_book(SYMBOL, 20)
    assert book["bids"][0][0] < book["asks"][0][0]
    assert usdm.fetch_ticker(SYMBOL)["last"] > 0
    assert set(usdm.fetch_tickers()) == {SYMBOL, OTHER}
    assert usdm.fetch_ohlcv(SYMBOL, "1m")
    assert usdm.fetch_mark_ohlcv(SYMBOL, "1m")
    assert usdm.fetch_index_ohlcv(SYMBOL, "1m")
    rate = usdm.fetch_funding_rate(SYMBOL)
    assert rate["markPrice"] > 0
    assert rate["fundingTimestamp"] > rate["timestamp"]
    assert set(usdm.fetch_funding_rates()) == {SYMBOL, OTHER}
    assert usdm.fetch_open_interest(SYMBOL)["openInterestAmount"] is not None
    assert set(usdm.fetch_bids_asks()) == {SYMBOL, OTHER}


def flatten(usdm: Any) -> None:
    """Close what a run of this test before left open."""
    for position in usdm.fetch_positions([SYMBOL]):
        if position["contracts"]:
            usdm.create_order(SYMBOL, "market", "sell", position["contracts"], params={"reduceOnly": True})


def test_it_opens_and_closes_a_position_and_finds_it_everywhere(usdm: Any) -> None:
    flatten(usdm)
    usdm.set_leverage(10, SYMBOL)
    opened = usdm.create_order(SYMBOL, "market", "buy", 0.05)
    assert opened["status"] in ("open", "closed")
    position = usdm.fetch_positions([SYMBOL])[0]
    assert (position["contracts"], position["side"]) == (0.05, "long")
    assert usdm.fetch_leverages([SYMBOL])[SYMBOL]["longLeverage"] == 10
    balance = usdm.fetch_balance()
    assert balance["USDT"]["total"] > balance["USDT"]["free"]
    # A taker may meet several levels.
    trades = [one for one in usdm.fetch_my_trades(SYMBOL) if one["order"] == opened["id"]]
    assert sum(one["amount"] for one in trades) == pytest.approx(0.05)
    assert {one["fee"]["currency"] for one in trades} == {"USDT"}
    usdm.create_order(SYMBOL, "market", "sell", 0.05, params={"reduceOnly": True})
    assert usdm.fetch_positions([SYMBOL]) == [] or usdm.fetch_positions([SYMBOL])[0]["contracts"] == 0
    assert usdm.fetch_ledger("USDT")


def test_it_places_edits_queries_and_cancels_a_limit_order(usdm: Any) -> None:
    price = usdm.fetch_ticker(SYMBOL)["last"] * 0.97
    order = usdm.create_order(SYMBOL, "limit", "buy", 0.02, price, {"postOnly": True})
    edited = usdm.edit_order(order["id"], SYMBOL, "limit", "buy", 0.03, price * 0.99)
    assert edited["amount"] == 0.03
    assert usdm.fetch_order(order["id"], SYMBOL)["status"] == "open"
    assert [one["id"] for one in usdm.fetch_open_orders(SYMBOL)] == [order["id"]]
    assert usdm.cancel_order(order["id"], SYMBOL)["status"] == "canceled"
    assert order["id"] in [one["id"] for one in usdm.fetch_orders(SYMBOL)]
    several = usdm.create_orders(
        [{"symbol": SYMBOL, "type": "limit", "side": "buy", "amount": 0.02, "price": price} for _ in range(2)]
    )
    assert len(several) == 2
    usdm.cancel_all_orders(SYMBOL)
    assert usdm.fetch_open_orders(SYMBOL) == []


def test_its_stop_orders_go_to_the_algo_service(usdm: Any) -> None:
    usdm.create_order(SYMBOL, "market", "buy", 0.02)
    last = usdm.fetch_ticker(SYMBOL)["last"]
    stop = usdm.create_order(SYMBOL, "market", "sell", 0.02, params={"stopLossPrice": last * 0.9, "reduceOnly": True})
    found = usdm.fetch_open_orders(SYMBOL, params={"trigger": True})
    assert [one["id"] for one in found] == [stop["id"]]
    usdm.cancel_order(stop["id"], SYMBOL, {"trigger": True})
    usdm.create_order(SYMBOL, "market", "sell", 0.02, params={"reduceOnly": True})


def test_what_it_may_set_is_set(usdm: Any) -> None:
    usdm.set_margin_mode("isolated", OTHER)
    assert usdm.fetch_leverages([OTHER])[OTHER]["marginMode"] == "isolated"
    usdm.set_margin_mode("cross", OTHER)
    assert usdm.fetch_position_mode()["hedged"] is False
    usdm.set_position_mode(True)
    usdm.create_order(OTHER, "market", "buy", 1, params={"positionSide": "LONG"})
    usdm.create_order(OTHER, "market", "sell", 1, params={"positionSide": "LONG"})
    usdm.set_position_mode(False)
    tiers = usdm.fetch_leverage_tiers([SYMBOL])[SYMBOL]
    assert tiers[0]["maxLeverage"] == 125
    assert usdm.fetch_trading_fee(SYMBOL)["taker"] == 0.0005


def test_refusals_carry_the_codes_of_futures(usdm: Any) -> None:
    """ccxt tells spot's codes from futures' by Binance's host name, so here only the shared ones get a class."""
    last = usdm.fetch_ticker(SYMBOL)["last"]
    with pytest.raises(ccxt.ExchangeError, match="-2019"):
        usdm.create_order(SYMBOL, "limit", "buy", 70, last * 0.97)
    with pytest.raises(ccxt.ExchangeError, match="-2022"):
        usdm.create_order(SYMBOL, "market", "sell", 0.01, params={"reduceOnly": True})
    with pytest.raises(ccxt.ExchangeError, match="-2021"):
        usdm.create_order(SYMBOL, "market", "sell", 0.02, params={"stopLossPrice": last * 1.05})
    with pytest.raises(ccxt.OrderNotFound):
        usdm.cancel_order("987654", SYMBOL)


def test_after_kill_nine_it_finds_what_it_left(quiet: MortalVenue) -> None:
    exchange = connected(quiet)
    exchange.create_order(SYMBOL, "market", "buy", 1)
    order = exchange.create_order(SYMBOL, "limit", "buy", 2, 99)
    quiet.restart()
    assert exchange.fetch_positions([SYMBOL])[0]["contracts"] == 1
    assert [one["id"] for one in exchange.fetch_open_orders(SYMBOL)] == [order["id"]]
    quiet.restart()
    exchange.cancel_order(order["id"], SYMBOL)
    exchange.create_order(SYMBOL, "market", "sell", 1, params={"reduceOnly": True})
    assert exchange.fetch_my_trades(SYMBOL)[-1]["side"] == "sell"


async def test_its_streams_bring_the_market_and_the_account(live: VenueProcess) -> None:
    pro: Any = pytest.importorskip("ccxt.pro")
    exchange = redirect_ccxt(pro.binanceusdm(ccxt_config(live)), live)
    try:
        async with asyncio.timeout(60):
            await exchange.load_markets()
            ticker = await exchange.watch_ticker(SYMBOL)
            assert ticker["last"] > 0
            book = await exchange.watch_order_book(SYMBOL)
            for _ in range(5):
                book = await exchange.watch_order_book(SYMBOL)
            assert book["bids"][0][0] < book["asks"][0][0]
            assert await exchange.watch_trades(SYMBOL)
            assert (await exchange.watch_mark_price(SYMBOL))["markPrice"] > 0
            assert await exchange.watch_ohlcv(SYMBOL, "1m")
            watching = asyncio.ensure_future(exchange.watch_orders(SYMBOL))
            await exchange.watch_bids_asks([SYMBOL])
            until_ready = asyncio.get_running_loop().time() + 20
            while not watching.done() and asyncio.get_running_loop().time() < until_ready:
                await exchange.create_order(SYMBOL, "market", "buy", 0.01)
                await asyncio.wait({watching}, timeout=1)
            assert (await watching)[-1]["symbol"] == SYMBOL
    finally:
        await exchange.close()
