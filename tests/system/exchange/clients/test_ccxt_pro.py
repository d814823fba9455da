"""ccxt.pro, unmodified: it watches the public streams and the account, and trades by the WebSocket API."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess
from qbtc.testing.venue_clients import ccxt_config, redirect_ccxt
from qbtc.testing.waiting import eventually

pro = pytest.importorskip("ccxt.pro", reason="ccxt is not installed (requirements/dev.lock has it)")

SYMBOL = "BTC/USDT"
SECONDS = 20.0


@asynccontextmanager
async def connected(target: VenueProcess, **config: Any) -> AsyncIterator[Any]:
    exchange = redirect_ccxt(pro.binance(ccxt_config(target) | config), target)
    try:
        await exchange.load_markets()
        yield exchange
    finally:
        await exchange.close()


async def within(work: Awaitable[Any]) -> Any:
    async with asyncio.timeout(SECONDS):
        return await work


async def until(watch: Callable[[], Awaitable[Any]], holds: Callable[[Any], bool]) -> Any:
    """Keep watching until an update has what is looked for."""
    async with asyncio.timeout(SECONDS):
        while not holds(found := await watch()):
            pass
        return found


async def test_it_watches_every_public_stream(live: VenueProcess) -> None:
    async with connected(live) as exchange:
        book, ticker, trades, candles, best, tickers = await within(
            asyncio.gather(
                exchange.watch_order_book(SYMBOL),
                exchange.watch_ticker(SYMBOL),
                exchange.watch_trades(SYMBOL),
                exchange.watch_ohlcv(SYMBOL, "1s"),
                exchange.watch_bids_asks([SYMBOL]),
                exchange.watch_tickers([SYMBOL, "ETH/USDT"]),
            )
        )
        assert book["bids"][0][0] < book["asks"][0][0]
        assert ticker["last"] > 0
        assert trades[0]["amount"] > 0
        assert candles[-1][4] > 0
        assert best[SYMBOL]["bid"] < best[SYMBOL]["ask"]
        assert set(tickers) <= {SYMBOL, "ETH/USDT"}
        seen = book["nonce"]
        again = await until(lambda: exchange.watch_order_book(SYMBOL), lambda b: b["nonce"] > seen + 20)
        assert again["bids"][0][0] < again["asks"][0][0]


async def test_its_book_is_the_venue_book(quiet: MortalVenue) -> None:
    async with connected(quiet) as exchange:
        await within(exchange.watch_order_book(SYMBOL))
        placed = await exchange.create_order(SYMBOL, "limit", "buy", 0.25, 95.5)
        await until(lambda: exchange.watch_order_book(SYMBOL), lambda b: [95.5, 0.25] in b["bids"])
        await exchange.cancel_order(placed["id"], SYMBOL)
        book = await until(lambda: exchange.watch_order_book(SYMBOL), lambda b: [95.5, 0.25] not in b["bids"])
        there = await exchange.fetch_order_book(SYMBOL)
        assert book["asks"] == there["asks"]
        assert book["bids"][:3] == there["bids"][:3]


async def test_it_hears_its_orders_trades_and_balance(quiet: MortalVenue) -> None:
    async with connected(quiet) as exchange:
        heard = asyncio.gather(
            until(lambda: exchange.watch_orders(SYMBOL), lambda rows: rows[-1]["status"] == "closed"),
            exchange.watch_my_trades(SYMBOL),
            exchange.watch_balance(),
        )
        await eventually(lambda: bool(exchange.clients) and any("ws-api" in url for url in exchange.clients), SECONDS)
        before = await exchange.fetch_balance()

        async def buy_until_heard() -> None:
            while not heard.done():
                await exchange.create_order(SYMBOL, "market", "buy", 0.1)
                await asyncio.wait({heard}, timeout=1)

        await within(buy_until_heard())
        orders, trades, balance = heard.result()
        assert orders[-1]["average"] == 100.10
        assert trades[-1]["takerOrMaker"] == "taker"
        assert balance["BTC"]["free"] > before["BTC"]["free"]


async def test_it_trades_by_the_websocket_api(quiet: MortalVenue) -> None:
    async with connected(quiet) as exchange:
        placed = await within(exchange.create_order_ws(SYMBOL, "limit", "buy", 0.5, 95.0))
        assert placed["status"] == "open"
        assert (await within(exchange.fetch_order_ws(placed["id"], SYMBOL)))["price"] == 95.0
        assert [o["id"] for o in await within(exchange.fetch_open_orders_ws(SYMBOL))] == [placed["id"]]
        edited = await within(exchange.edit_order_ws(placed["id"], SYMBOL, "limit", "buy", 0.4, 96.0))
        assert edited["price"] == 96.0
        assert (await within(exchange.cancel_order_ws(edited["id"], SYMBOL)))["status"] == "canceled"
        filled = await within(exchange.create_order_ws(SYMBOL, "market", "sell", 0.1))
        assert filled["status"] == "closed"
        assert (await within(exchange.fetch_my_trades_ws(SYMBOL)))[-1]["order"] == filled["id"]
        assert (await within(exchange.fetch_balance_ws()))["info"]["canTrade"]
        assert await within(exchange.fetch_trades_ws(SYMBOL, limit=5))
        await within(exchange.create_order_ws(SYMBOL, "limit", "buy", 0.1, 94.0))
        await within(exchange.cancel_all_orders_ws(SYMBOL))
        assert await within(exchange.fetch_open_orders_ws(SYMBOL)) == []


async def test_refusals_on_the_websocket_api_are_the_same_exceptions(quiet: MortalVenue) -> None:
    async with connected(quiet) as exchange:
        with pytest.raises(pro.OrderNotFound):
            await within(exchange.cancel_order_ws("999999", SYMBOL))
        with pytest.raises(pro.InsufficientFunds):
            await within(exchange.create_order_ws(SYMBOL, "limit", "buy", 8000, 95.0))
        assert (await within(exchange.fetch_balance_ws()))["info"]["canTrade"]


async def test_after_a_kill_it_watches_again(quiet: MortalVenue) -> None:
    async with connected(quiet) as exchange:
        await within(exchange.watch_order_book(SYMBOL))
        await asyncio.to_thread(quiet.die)
        with pytest.raises(pro.NetworkError):
            await until(lambda: exchange.watch_order_book(SYMBOL), lambda _: False)
        await asyncio.to_thread(quiet.revive)
        book = await within(exchange.watch_order_book(SYMBOL))
        assert book["bids"][0][0] == 100.0
