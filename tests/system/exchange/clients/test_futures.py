"""USD-M futures through real clients: ccxt's binanceusdm, Binance's own SDK with its models as judges, python-binance."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from qbtc.testing.venue import VenueProcess
from qbtc.testing.venue_clients import (
    Complaints,
    ccxt_config,
    extras,
    python_binance_client,
    redirect_ccxt,
)
from qbtc.testing.waiting import eventually, until

SYMBOL = "BTCUSDT"
PERPETUAL = "BTC/USDT:USDT"
SECONDS = 20.0
REAL = {
    "maxMoveOrderLimit", "lastUpdateId", "notional", "cumQuote", "cumQty", "futuresType", "breakEvenPrice",
    "isolatedWallet", "avgPrice",
}  # fmt: skip
"""Fields that Binance's documentation shows and the SDK's models leave out."""


@pytest.fixture(scope="module", autouse=True)
def served(live: VenueProcess) -> None:
    if live.call("GET", "/fapi/v1/depth", symbol=SYMBOL).status_code != 200:
        pytest.skip("this venue does not serve /fapi")


@pytest.fixture(scope="module")
def usdm(live: VenueProcess) -> Any:
    ccxt = pytest.importorskip("ccxt", reason="ccxt is not installed (requirements/dev.lock has it)")
    exchange = redirect_ccxt(ccxt.binanceusdm(ccxt_config(live)), live)
    exchange.load_markets()
    return exchange


@pytest.fixture(scope="module")
def rest(live: VenueProcess) -> Any:
    name = "binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures"
    sdk = pytest.importorskip(name, reason="the USD-M SDK is not installed (requirements/dev.lock has it)")
    from binance_common.configuration import ConfigurationRestAPI

    settings = ConfigurationRestAPI(
        base_path=live.rest, timeout=10_000, retries=0, api_key=live.api_key, api_secret=live.secret
    )
    return sdk.DerivativesTradingUsdsFutures(settings).rest_api


@pytest.fixture
def read(complaints: Complaints) -> Iterator[Any]:
    unknown: dict[str, list[str]] = {}

    def through_the_model(response: Any) -> Any:
        data = response.data()
        found = [name for name in extras(data) if name.rpartition(".")[2] not in REAL]
        if found:
            unknown[type(data).__name__] = found
        return data

    yield through_the_model
    assert complaints.said == []
    assert unknown == {}


@pytest.fixture(autouse=True)
def flat_at_the_end(live: VenueProcess) -> Iterator[None]:
    yield
    live.signed("DELETE", "/fapi/v1/allOpenOrders", symbol=SYMBOL)
    live.signed("DELETE", "/fapi/v1/algoOpenOrders", symbol=SYMBOL)
    for row in live.signed("GET", "/fapi/v3/positionRisk", symbol=SYMBOL).json():
        amount = Decimal(row["positionAmt"])
        if amount:
            side = "SELL" if amount > 0 else "BUY"
            close = {"symbol": SYMBOL, "side": side, "type": "MARKET", "quantity": abs(amount), "reduceOnly": "true"}
            live.signed("POST", "/fapi/v1/order", **close)


def far(usdm_price: float) -> float:
    return round(usdm_price * 0.97, 1)


def test_ccxt_reads_everything(usdm: Any) -> None:
    assert usdm.market(PERPETUAL)["linear"]
    book = usdm.fetch_order_book(PERPETUAL, 5)
    assert book["bids"][0][0] < book["asks"][0][0]
    assert usdm.fetch_ticker(PERPETUAL)["symbol"] == PERPETUAL
    assert usdm.fetch_ohlcv(PERPETUAL, "1m", limit=2)
    assert usdm.fetch_funding_rate(PERPETUAL)["markPrice"] > 0
    assert usdm.fetch_balance()["USDT"]["total"] > 0
    assert usdm.fetch_trading_fee(PERPETUAL)["taker"] == 0.0005
    assert usdm.fetch_positions([PERPETUAL]) == []
    assert usdm.fetch_leverage(PERPETUAL)["longLeverage"] >= 1


def test_ccxt_opens_amends_protects_and_closes_a_position(usdm: Any) -> None:
    usdm.set_leverage(5, PERPETUAL)
    price = usdm.fetch_ticker(PERPETUAL)["last"]
    resting = usdm.create_limit_buy_order(PERPETUAL, 0.01, far(price))
    edited = usdm.edit_order(resting["id"], PERPETUAL, "limit", "buy", 0.02, far(price))
    assert usdm.fetch_order(edited["id"], PERPETUAL)["amount"] == 0.02
    assert usdm.cancel_order(edited["id"], PERPETUAL)["status"] == "canceled"
    filled = usdm.create_market_buy_order(PERPETUAL, 0.01)
    until(lambda: usdm.fetch_order(filled["id"], PERPETUAL)["status"] == "closed", what="the market order is filled")
    assert usdm.fetch_positions([PERPETUAL])[0]["contracts"] == 0.01
    usdm.create_order(PERPETUAL, "market", "sell", 0.01, None, {"stopLossPrice": far(price), "reduceOnly": True})
    usdm.create_market_sell_order(PERPETUAL, 0.01, {"reduceOnly": True})
    until(lambda: usdm.fetch_positions([PERPETUAL]) == [], what="the position is closed")
    assert [trade["side"] for trade in usdm.fetch_my_trades(PERPETUAL)][-2:] == ["buy", "sell"]


def test_ccxt_means_its_own_exceptions(usdm: Any) -> None:
    import ccxt

    price = usdm.fetch_ticker(PERPETUAL)["last"]
    with pytest.raises(ccxt.OrderNotFound):
        usdm.cancel_order("999999", PERPETUAL)
    with pytest.raises(ccxt.ExchangeError, match="-2019"):
        usdm.create_limit_buy_order(PERPETUAL, 40, far(price))
    with pytest.raises(ccxt.BadRequest, match="-4003"):
        usdm.fapiPrivatePostOrder({"symbol": SYMBOL, "side": "BUY", "type": "MARKET", "quantity": "0"})
    with pytest.raises(ccxt.BadSymbol):
        usdm.fapiPublicGetDepth({"symbol": "NOPEUSDT"})


PUBLIC: list[tuple[str, dict[str, Any]]] = [
    ("test_connectivity", {}),
    ("check_server_time", {}),
    ("exchange_information", {}),
    ("order_book", {"symbol": SYMBOL, "limit": 5}),
    ("recent_trades_list", {"symbol": SYMBOL, "limit": 3}),
    ("compressed_aggregate_trades_list", {"symbol": SYMBOL, "limit": 3}),
    ("kline_candlestick_data", {"symbol": SYMBOL, "interval": "1m", "limit": 2}),
    ("mark_price_kline_candlestick_data", {"symbol": SYMBOL, "interval": "1m", "limit": 2}),
    ("mark_price", {"symbol": SYMBOL}),
    ("get_funding_rate_history", {"symbol": SYMBOL}),
    ("get_funding_rate_info", {}),
    ("ticker24hr_price_change_statistics", {"symbol": SYMBOL}),
    ("symbol_price_ticker", {"symbol": SYMBOL}),
    ("symbol_price_ticker_v2", {"symbol": SYMBOL}),
    ("symbol_order_book_ticker", {"symbol": SYMBOL}),
    ("open_interest", {"symbol": SYMBOL}),
    ("adl_risk", {"symbol": SYMBOL}),
    ("adl_risk", {}),
    ("rpi_order_book", {"symbol": SYMBOL}),
    ("query_index_price_constituents", {"symbol": SYMBOL}),
    ("composite_index_symbol_information", {}),
]
PRIVATE: list[tuple[str, dict[str, Any]]] = [
    ("futures_account_balance_v2", {}),
    ("futures_account_balance_v3", {}),
    ("account_information_v2", {}),
    ("account_information_v3", {}),
    ("futures_account_configuration", {}),
    ("symbol_configuration", {}),
    ("get_current_position_mode", {}),
    ("get_current_multi_assets_mode", {}),
    ("notional_and_leverage_brackets", {}),
    ("user_commission_rate", {"symbol": SYMBOL}),
    ("position_information_v2", {}),
    ("position_information_v3", {}),
    ("account_trade_list", {"symbol": SYMBOL}),
    ("all_orders", {"symbol": SYMBOL}),
    ("current_all_open_orders", {}),
    ("current_all_algo_open_orders", {}),
    ("get_income_history", {}),
    ("users_force_orders", {}),
    ("change_initial_leverage", {"symbol": SYMBOL, "leverage": 7}),
    ("start_user_data_stream", {}),
    ("keepalive_user_data_stream", {}),
]


@pytest.mark.parametrize(("method", "arguments"), PUBLIC + PRIVATE, ids=[m for m, _ in PUBLIC + PRIVATE])
def test_a_reply_fits_the_model_of_the_sdk(rest: Any, read: Any, method: str, arguments: dict[str, Any]) -> None:
    read(getattr(rest, method)(**arguments))


def test_the_replies_to_orders_fit_their_models(rest: Any, read: Any) -> None:
    price = far(float(read(rest.symbol_price_ticker_v2(SYMBOL)).actual_instance.price))
    limit = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "time_in_force": "GTC", "quantity": 0.01, "price": price}
    read(rest.test_order(**limit))
    placed = read(rest.new_order(**limit))
    assert read(rest.query_order(SYMBOL, order_id=placed.order_id)).status == "NEW"
    changed = read(rest.modify_order(SYMBOL, "BUY", 0.02, price, order_id=placed.order_id))
    assert Decimal(changed.orig_qty) == Decimal("0.02")
    read(rest.get_order_modify_history(SYMBOL, order_id=placed.order_id))
    assert read(rest.cancel_order(SYMBOL, order_id=placed.order_id)).status == "CANCELED"
    algo = read(rest.new_algo_order("CONDITIONAL", SYMBOL, "SELL", "STOP_MARKET", quantity=0.01, trigger_price=price))
    read(rest.query_algo_order(algo_id=algo.algo_id))
    read(rest.cancel_algo_order(algo_id=algo.algo_id))
    filled = read(rest.new_order(SYMBOL, "BUY", "MARKET", quantity=0.01, new_order_resp_type="RESULT"))
    assert filled.status == "FILLED"
    assert read(rest.position_information_v3(symbol=SYMBOL))[0].position_amt.startswith("0.01")
    read(rest.cancel_all_open_orders(SYMBOL))


async def test_ccxt_pro_watches_the_streams_and_its_orders(live: VenueProcess) -> None:
    pro = pytest.importorskip("ccxt.pro", reason="ccxt is not installed (requirements/dev.lock has it)")
    exchange = redirect_ccxt(pro.binanceusdm(ccxt_config(live)), live)
    try:
        async with asyncio.timeout(SECONDS * 2):
            await exchange.load_markets()
            book = await exchange.watch_order_book(PERPETUAL)
            assert book["bids"][0][0] < book["asks"][0][0]
            assert (await exchange.watch_ticker(PERPETUAL))["symbol"] == PERPETUAL
            assert (await exchange.watch_mark_price(PERPETUAL))["markPrice"] > 0
            heard = asyncio.ensure_future(exchange.watch_orders(PERPETUAL))
            await eventually(lambda: any("listenKey" in url for url in exchange.clients), SECONDS, what="a user stream")
            while not heard.done():
                await exchange.create_market_buy_order(PERPETUAL, 0.002)
                await asyncio.wait({heard}, timeout=1)
            assert heard.result()[-1]["symbol"] == PERPETUAL
    finally:
        await exchange.close()


def test_python_binance_reads_and_trades(live: VenueProcess) -> None:
    binance = pytest.importorskip("binance", reason="python-binance is not installed (requirements/dev.lock has it)")
    with python_binance_client(binance.Client, live) as client:
        assert abs(client.futures_time()["serverTime"] - time.time() * 1000) < 5_000
        assert client.futures_exchange_info()["symbols"]
        assert client.futures_order_book(symbol=SYMBOL)["bids"]
        assert client.futures_mark_price(symbol=SYMBOL)["markPrice"]
        price = far(float(client.futures_symbol_ticker(symbol=SYMBOL)["price"]))
        order = {"symbol": SYMBOL, "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01"}
        placed = client.futures_create_order(**order, price=f"{price:.1f}")
        assert client.futures_get_order(symbol=SYMBOL, orderId=placed["orderId"])["status"] == "NEW"
        assert client.futures_cancel_order(symbol=SYMBOL, orderId=placed["orderId"])["status"] == "CANCELED"
        assert client.futures_account_balance()
        assert client.futures_position_information(symbol=SYMBOL) is not None
        with pytest.raises(binance.exceptions.BinanceAPIException) as refused:
            client.futures_cancel_order(symbol=SYMBOL, orderId=999_999)
        assert refused.value.code == -2011
