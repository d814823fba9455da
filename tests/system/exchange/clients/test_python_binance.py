"""python-binance, unmodified: its sync and async clients, its sockets and its own exception."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from qbtc.testing.venue import MortalVenue, VenueProcess
from qbtc.testing.venue_clients import python_binance, python_binance_client, python_binance_sockets

binance = pytest.importorskip("binance", reason="python-binance is not installed (requirements/dev.lock has it)")

from binance.exceptions import BinanceAPIException, BinanceRequestException  # noqa: E402

SYMBOL = "BTCUSDT"
Allowed = Callable[[str], None]
SECONDS = 20.0


def connected(target: VenueProcess, *keys: str) -> Any:
    return python_binance_client(binance.Client, target, *keys)


@asynccontextmanager
async def connected_async(target: VenueProcess) -> AsyncIterator[Any]:
    client = await python_binance(binance.AsyncClient, target).create(target.api_key, target.secret)
    try:
        yield client
    finally:
        await client.close_connection()


@pytest.fixture(scope="module")
def client(quiet: MortalVenue) -> Iterator[Any]:
    with connected(quiet) as found:
        yield found


@pytest.fixture(autouse=True)
def nothing_left_open(client: Any) -> Iterator[None]:
    yield
    for order in client.get_open_orders(symbol=SYMBOL):
        client.cancel_order(symbol=SYMBOL, orderId=order["orderId"])


def test_it_reads_all_market_data(live: VenueProcess) -> None:
    with connected(live) as reader:
        assert reader.ping() == {}
        assert abs(reader.get_server_time()["serverTime"] - time.time() * 1000) < 5_000
        assert reader.get_system_status()["status"] == 0
        assert {row["symbol"] for row in reader.get_exchange_info()["symbols"]} == {"BTCUSDT", "ETHUSDT"}
        assert reader.get_symbol_info(SYMBOL)["baseAsset"] == "BTC"
        assert {row["symbol"] for row in reader.get_all_tickers()} == {"BTCUSDT", "ETHUSDT"}
        assert {row["symbol"] for row in reader.get_orderbook_tickers()} == {"BTCUSDT", "ETHUSDT"}
        assert len(reader.get_order_book(symbol=SYMBOL, limit=10)["bids"]) == 10
        assert reader.get_recent_trades(symbol=SYMBOL)[0]["qty"]
        assert reader.get_historical_trades(symbol=SYMBOL, limit=3)
        assert reader.get_aggregate_trades(symbol=SYMBOL, limit=3)[0]["p"]
        assert len(reader.get_klines(symbol=SYMBOL, interval="1s", limit=3)[0]) == 12
        assert reader.get_ui_klines(symbol=SYMBOL, interval="1m")
        assert Decimal(reader.get_avg_price(symbol=SYMBOL)["price"]) > 0
        assert Decimal(reader.get_ticker(symbol=SYMBOL)["lastPrice"]) > 0
        assert Decimal(reader.get_symbol_ticker(symbol=SYMBOL)["price"]) > 0
        assert reader.get_orderbook_ticker(symbol=SYMBOL)["symbol"] == SYMBOL
        assert Decimal(reader.get_symbol_ticker_window(symbol=SYMBOL, windowSize="1h")["lastPrice"]) > 0
        assert next(reader.aggregate_trade_iter(symbol=SYMBOL, last_id=1))["a"] > 1


def test_it_reads_the_account(client: Any) -> None:
    assert client.get_account()["accountType"] == "SPOT"
    assert Decimal(client.get_asset_balance(asset="USDT")["free"]) > 0
    assert client.get_trade_fee(symbol=SYMBOL)[0]["takerCommission"]
    assert client.get_current_order_count()[0]["rateLimitType"] == "ORDERS"
    assert client.get_prevented_matches(symbol=SYMBOL, orderId=1) == []
    assert client.get_allocations(symbol=SYMBOL) == []


def test_it_places_reads_tests_and_cancels_orders(client: Any) -> None:
    assert client.create_test_order(symbol=SYMBOL, side="BUY", type="MARKET", quantity="0.1") == {}
    placed = client.order_limit_buy(symbol=SYMBOL, quantity="0.5", price="95.00")
    assert placed["status"] == "NEW"
    assert placed["clientOrderId"].startswith("x-HNA2TXFJ")
    assert client.get_order(symbol=SYMBOL, orderId=placed["orderId"])["price"] == "95.00000000"
    assert client.get_open_orders()[0]["orderId"] == placed["orderId"]
    gone = client.cancel_order(symbol=SYMBOL, origClientOrderId=placed["clientOrderId"])
    assert gone["status"] == "CANCELED"
    assert placed["orderId"] in [row["orderId"] for row in client.get_all_orders(symbol=SYMBOL)]


def test_it_takes_and_makes(client: Any) -> None:
    taken = client.order_market_buy(symbol=SYMBOL, quantity="0.1")
    assert taken["status"] == "FILLED"
    assert taken["fills"][0]["price"] == "100.10000000"
    resting = client.create_order(symbol=SYMBOL, side="BUY", type="LIMIT_MAKER", quantity="0.2", price="100.05")
    client.order_market_sell(symbol=SYMBOL, quantity="0.2")
    trades = client.get_my_trades(symbol=SYMBOL, orderId=resting["orderId"])
    assert [(row["isMaker"], row["price"]) for row in trades] == [(True, "100.05000000")]
    spent = client.order_market_buy(symbol=SYMBOL, quoteOrderQty="20.02")
    assert spent["cummulativeQuoteQty"] == "20.02000000"


def test_it_replaces_an_order(client: Any, allowed: Allowed) -> None:
    allowed("cancelReplaceAllowed")
    first = client.order_limit_buy(symbol=SYMBOL, quantity="0.5", price="95.00")
    replaced = client.cancel_replace_order(
        symbol=SYMBOL, side="BUY", type="LIMIT", cancelReplaceMode="STOP_ON_FAILURE", timeInForce="GTC",
        quantity="0.5", price="96", cancelOrderId=first["orderId"],
    )  # fmt: skip
    assert (replaced["cancelResult"], replaced["newOrderResult"]) == ("SUCCESS", "SUCCESS")


def test_it_places_stops(client: Any, allowed: Allowed) -> None:
    allowed("STOP_LOSS_LIMIT")
    stop = {"side": "SELL", "quantity": "0.1", "stopPrice": "95", "price": "94", "timeInForce": "GTC"}
    placed = client.create_order(symbol=SYMBOL, type="STOP_LOSS_LIMIT", **stop)
    assert client.get_order(symbol=SYMBOL, orderId=placed["orderId"])["stopPrice"] == "95.00000000"


def test_it_places_and_cancels_an_oco(client: Any, allowed: Allowed) -> None:
    allowed("ocoAllowed")
    listed = client.create_oco_order(
        symbol=SYMBOL, side="SELL", quantity="0.1", aboveType="LIMIT_MAKER", abovePrice="120",
        belowType="STOP_LOSS_LIMIT", belowPrice="89", belowStopPrice="90", belowTimeInForce="GTC",
    )  # fmt: skip
    assert listed["contingencyType"] == "OCO"
    assert client.v3_get_order_list(orderListId=listed["orderListId"])["listOrderStatus"] == "EXECUTING"
    gone = client.v3_delete_order_list(symbol=SYMBOL, orderListId=listed["orderListId"])
    assert gone["listOrderStatus"] == "ALL_DONE"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quantity": "0.00001"}, -1013),
        ({"quantity": "0.1", "price": "95.001"}, -1013),
        ({"quantity": "0.1", "symbol": "NOPEUSDT"}, -1121),
        ({"quantity": "8000"}, -2010),
        ({"quantity": "0.1", "side": "SIDEWAYS"}, -1117),
        ({"quantity": "0.1", "timeInForce": "SOON"}, -1115),
        ({}, -1102),
    ],
)
def test_a_refusal_is_its_exception_with_binance_code(client: Any, changed: dict[str, str], code: int) -> None:
    order = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "95"} | changed
    with pytest.raises(BinanceAPIException) as refused:
        client.create_order(**order)
    assert (refused.value.code, refused.value.status_code) == (code, 400)


def test_unknown_orders_wrong_secrets_and_keys_are_refused(client: Any, quiet: MortalVenue) -> None:
    for call, code in ((client.get_order, -2013), (client.cancel_order, -2011)):
        with pytest.raises(BinanceAPIException) as refused:
            call(symbol=SYMBOL, orderId=999_999)
        assert refused.value.code == code
    with connected(quiet, quiet.api_key, "x" * 64) as wrong, pytest.raises(BinanceAPIException) as refused:
        wrong.get_account()
    assert refused.value.code == -1022


def test_a_skewed_clock_is_refused_until_it_is_set(client: Any, quiet: MortalVenue) -> None:
    with connected(quiet) as skewed:
        skewed.timestamp_offset = -60_000
        with pytest.raises(BinanceAPIException) as refused:
            skewed.get_account()
        assert refused.value.code == -1021
        skewed.timestamp_offset = skewed.get_server_time()["serverTime"] - int(time.time() * 1000)
        assert skewed.get_account()["canTrade"]


async def test_its_sockets_deliver_the_public_streams(live: VenueProcess) -> None:
    async with connected_async(live) as reader:
        sockets = python_binance_sockets(binance.BinanceSocketManager, live)(reader)
        wanted = {
            "depthUpdate": sockets.depth_socket(SYMBOL, interval=100),
            "kline": sockets.kline_socket(SYMBOL, "1s"),
            "trade": sockets.trade_socket(SYMBOL),
            "aggTrade": sockets.aggtrade_socket(SYMBOL),
            "24hrTicker": sockets.symbol_ticker_socket(SYMBOL),
            "24hrMiniTicker": sockets.symbol_miniticker_socket(SYMBOL),
        }
        for name, socket in wanted.items():
            assert (await _first(socket))["e"] == name
        assert len((await _first(sockets.depth_socket(SYMBOL, depth="5", interval=100)))["bids"]) == 5
        assert (await _first(sockets.symbol_book_ticker_socket(SYMBOL)))["b"]
        both = await _first(sockets.multiplex_socket(["btcusdt@trade", "ethusdt@trade"]))
        assert both["stream"] in ("btcusdt@trade", "ethusdt@trade")


async def _first(socket: Any) -> Any:
    async with asyncio.timeout(SECONDS), socket as stream:
        return await stream.recv()


async def test_its_user_socket_hears_what_its_websocket_api_does(quiet: MortalVenue) -> None:
    async with connected_async(quiet) as trader:
        sockets = python_binance_sockets(binance.BinanceSocketManager, quiet)(trader)
        async with asyncio.timeout(SECONDS), sockets.user_socket() as events:
            filled = await trader.ws_create_order(symbol=SYMBOL, side="BUY", type="MARKET", quantity="0.1")
            assert filled["status"] == "FILLED"
            heard = [await events.recv() for _ in range(3)]
            assert {event["e"] for event in heard} == {"executionReport", "outboundAccountPosition"}
            assert [event["x"] for event in heard if event["e"] == "executionReport"] == ["NEW", "TRADE"]
        resting = await trader.ws_create_order(
            symbol=SYMBOL, side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.1", price="95"
        )
        assert (await trader.ws_get_order(symbol=SYMBOL, orderId=resting["orderId"]))["status"] == "NEW"
        assert (await trader.ws_cancel_order(symbol=SYMBOL, orderId=resting["orderId"]))["status"] == "CANCELED"
        with pytest.raises(BinanceAPIException):
            await trader.ws_cancel_order(symbol=SYMBOL, orderId=resting["orderId"])
        assert (await trader.ws_get_account())["accountType"] == "SPOT"


async def test_the_async_client_trades(quiet: MortalVenue) -> None:
    async with connected_async(quiet) as trader:
        placed = await asyncio.gather(
            *(trader.order_limit_buy(symbol=SYMBOL, quantity="0.1", price=f"{price}") for price in range(90, 95))
        )
        assert {row["status"] for row in placed} == {"NEW"}
        gone = await trader.cancel_all_open_orders(symbol=SYMBOL)
        assert {row["orderId"] for row in gone} == {row["orderId"] for row in placed}


def test_after_a_kill_the_same_client_goes_on_with_what_it_had(client: Any, quiet: MortalVenue) -> None:
    resting = client.order_limit_buy(symbol=SYMBOL, quantity="0.5", price="95.00")
    quiet.die()
    with pytest.raises((BinanceRequestException, OSError)):
        client.get_account()
    quiet.revive()
    assert [row["orderId"] for row in client.get_open_orders()] == [resting["orderId"]]
