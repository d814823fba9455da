"""Order-book libraries, unmodified, keep the venue's book: no gap, no crossed book, and the same levels as a snapshot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess
from qbtc.testing.venue_clients import python_binance, python_binance_sockets, unicorn_rest
from qbtc.testing.waiting import until

SYMBOL = "BTCUSDT"
SECONDS = 30.0
MISSING = "is not installed (requirements/dev.lock has it)"


@contextmanager
def unicorn(target: VenueProcess) -> Iterator[Any]:
    """A synchronised depth cache of BTCUSDT."""
    depth = pytest.importorskip("unicorn_binance_local_depth_cache", reason=f"unicorn's depth cache {MISSING}")
    rest = pytest.importorskip("unicorn_binance_rest_api", reason=f"unicorn's REST manager {MISSING}")
    asker = unicorn_rest(rest.BinanceRestApiManager, target)
    keeper = depth.BinanceLocalDepthCacheManager(
        exchange="binance.com", ubra_manager=asker, init_interval=0.1, warn_on_update=False, websocket_close_timeout=1
    )
    keeper.ubwa.websocket_base_uri = f"{target.ws}/"
    try:
        keeper.create_depthcache(markets=[SYMBOL])
        until(lambda: keeper.is_depth_cache_synchronized(market=SYMBOL), seconds=SECONDS, what="a depth cache in sync")
        yield keeper
    finally:
        keeper.stop_manager()


def test_unicorn_keeps_the_book_of_a_moving_market(live: VenueProcess) -> None:
    with unicorn(live) as cache:
        first = cache.get_last_update_time(market=SYMBOL)
        until(
            lambda: cache.get_last_update_time(market=SYMBOL) > first + 2_000, seconds=SECONDS, what="the cache moves"
        )
        bid, ask = (side(market=SYMBOL, limit_count=1)[0] for side in (cache.get_bids, cache.get_asks))
        assert bid[0] < ask[0]
        assert cache.get_restart_count(market=SYMBOL) == 0


def test_unicorn_keeps_a_quiet_book_to_the_last_level(quiet: MortalVenue) -> None:
    with unicorn(quiet) as cache:
        quiet.order("BUY", "LIMIT", timeInForce="GTC", quantity="0.25", price="95.50", newClientOrderId="depth")
        until(lambda: [95.5, 0.25] in cache.get_bids(market=SYMBOL), seconds=SECONDS, what="our order in the cache")
        snapshot = quiet.call("GET", "/api/v3/depth", symbol=SYMBOL, limit=5000).json()
        quiet.signed("DELETE", "/api/v3/order", symbol=SYMBOL, origClientOrderId="depth")
        assert numbers(snapshot["asks"]) == cache.get_asks(market=SYMBOL)
        assert numbers(snapshot["bids"])[:3] == cache.get_bids(market=SYMBOL)[:3]
        until(
            lambda: [95.5, 0.25] not in cache.get_bids(market=SYMBOL), seconds=SECONDS, what="the cancelled order gone"
        )


def numbers(levels: list[list[str]]) -> list[list[float]]:
    return [[float(price), float(quantity)] for price, quantity in levels]


async def test_python_binance_keeps_the_book_of_a_quiet_market_to_the_last_level(quiet: MortalVenue) -> None:
    binance = pytest.importorskip("binance", reason="python-binance is not installed (requirements/dev.lock has it)")
    client = await python_binance(binance.AsyncClient, quiet).create(quiet.api_key, quiet.secret)
    try:
        manager = binance.DepthCacheManager(client, SYMBOL, refresh_interval=0, ws_interval=100)
        manager._bm = python_binance_sockets(binance.BinanceSocketManager, quiet)(client)
        async with asyncio.timeout(SECONDS), manager as depth:
            await depth.recv()
            placed = await client.order_limit_buy(symbol=SYMBOL, quantity="0.25", price="95.50")
            book = await depth.recv()
            while [95.5, 0.25] not in book.get_bids():
                book = await depth.recv()
            snapshot = await client.get_order_book(symbol=SYMBOL, limit=5000)
            assert numbers(snapshot["asks"]) == book.get_asks()
            assert numbers(snapshot["bids"])[:3] == book.get_bids()[:3]
            await client.cancel_order(symbol=SYMBOL, orderId=placed["orderId"])
    finally:
        await client.close_connection()
