"""Every futures answer and event against the official SDK's own models, field by field, types strict."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
import websockets

from qbtc.testing.venue import VenueProcess
from qbtc.testing.waiting import until

sdk = pytest.importorskip("binance_sdk_derivatives_trading_usds_futures.rest_api.models")
streams = pytest.importorskip("binance_sdk_derivatives_trading_usds_futures.websocket_streams.models")

UNKNOWN_TO_SDK = {"avgPrice", "cumQuote", "futuresType", "lastUpdateId"}
"""Fields of Binance's documented answers that the SDK's models leave out."""


def strict(model: Any, body: object) -> None:
    """The model takes the body, knows every field of it and finds all fields that it wants."""
    rows = body if isinstance(body, list) else [body]
    for row in rows:
        parsed = model.from_dict(row)
        assert parsed is not None
        extra = set(parsed.additional_properties) - UNKNOWN_TO_SDK
        assert not extra, f"{model.__name__} does not know {extra}"


def good(answer: httpx.Response) -> Any:
    assert answer.status_code == 200, answer.text
    return answer.json()


PUBLIC = [
    ("exchangeInfo", {}, "ExchangeInformationResponse"),
    ("depth", {"symbol": "BTCUSDT", "limit": "20"}, "OrderBookResponse"),
    ("trades", {"symbol": "BTCUSDT"}, "RecentTradesListResponseInner"),
    ("aggTrades", {"symbol": "BTCUSDT"}, "CompressedAggregateTradesListResponseInner"),
    ("premiumIndex", {"symbol": "BTCUSDT"}, "MarkPriceResponse1"),
    ("premiumIndex", {}, "MarkPriceResponse2Inner"),
    ("fundingInfo", {}, "GetFundingRateInfoResponseInner"),
    ("ticker/24hr", {"symbol": "BTCUSDT"}, "Ticker24hrPriceChangeStatisticsResponse1"),
    ("ticker/24hr", {}, "Ticker24hrPriceChangeStatisticsResponse2Inner"),
    ("ticker/price", {"symbol": "BTCUSDT"}, "SymbolPriceTickerResponse1"),
    ("ticker/bookTicker", {"symbol": "BTCUSDT"}, "SymbolOrderBookTickerResponse1"),
    ("openInterest", {"symbol": "BTCUSDT"}, "OpenInterestResponse"),
]
SIGNED = [
    ("v2/account", {}, "AccountInformationV2Response"),
    ("v3/account", {}, "AccountInformationV3Response"),
    ("v2/balance", {}, "FuturesAccountBalanceV2ResponseInner"),
    ("v3/balance", {}, "FuturesAccountBalanceV2ResponseInner"),
    ("v2/positionRisk", {}, "PositionInformationV2ResponseInner"),
    ("v3/positionRisk", {}, "PositionInformationV3ResponseInner"),
    ("v1/accountConfig", {}, "FuturesAccountConfigurationResponse"),
    ("v1/symbolConfig", {}, "SymbolConfigurationResponseInner"),
    ("v1/openOrders", {}, "CurrentAllOpenOrdersResponseInner"),
    ("v1/allOrders", {"symbol": "BTCUSDT"}, "AllOrdersResponseInner"),
    ("v1/userTrades", {"symbol": "BTCUSDT"}, "AccountTradeListResponseInner"),
    ("v1/income", {}, "GetIncomeHistoryResponseInner"),
    ("v1/leverageBracket", {"symbol": "BTCUSDT"}, "NotionalAndLeverageBracketsResponse1Inner"),
    ("v1/commissionRate", {"symbol": "BTCUSDT"}, "UserCommissionRateResponse"),
    ("v1/adlQuantile", {}, "PositionAdlQuantileEstimationResponseInner"),
    ("v1/openAlgoOrders", {}, "CurrentAllAlgoOpenOrdersResponseInner"),
    ("v1/allAlgoOrders", {"symbol": "BTCUSDT"}, "QueryAllAlgoOrdersResponseInner"),
    ("v1/positionSide/dual", {}, "GetCurrentPositionModeResponse"),
    ("v1/multiAssetsMargin", {}, "GetCurrentMultiAssetsModeResponse"),
    ("v1/orderAmendment", {"symbol": "BTCUSDT"}, "GetOrderModifyHistoryResponseInner"),
    ("v1/rateLimit/order", {}, "QueryUserRateLimitResponseInner"),
    ("v1/apiTradingStatus", {}, "FuturesTradingQuantitativeRulesIndicatorsResponse"),
]


def mark(target: VenueProcess) -> float:
    return float(good(target.call("GET", "/fapi/v1/premiumIndex", symbol="BTCUSDT"))["markPrice"])


def order(target: VenueProcess, method: str = "POST", path: str = "order", **params: object) -> Any:
    return good(target.signed(method, f"/fapi/v1/{path}", symbol="BTCUSDT", **params))


@pytest.fixture(scope="module")
def busy(live: VenueProcess) -> VenueProcess:
    """A position, a resting and an amended order, an algo order, and some public trades."""
    price = mark(live)
    order(live, side="BUY", type="MARKET", quantity="0.05")
    resting = order(live, side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.02", price=f"{price * 0.97:.1f}")
    strict(sdk.NewOrderResponse, resting)
    changed = order(
        live, "PUT", side="BUY", orderId=resting["orderId"], quantity="0.03", price=f"{price * 0.96:.1f}", modifyId=7
    )
    strict(sdk.ModifyOrderResponse, changed)
    algo = order(
        live, "POST", "algoOrder", algoType="CONDITIONAL", side="SELL", type="STOP_MARKET", closePosition="true",
        triggerPrice=f"{price * 0.8:.1f}",
    )  # fmt: skip
    strict(sdk.NewAlgoOrderResponse, algo)
    until(lambda: live.call("GET", "/fapi/v1/trades", symbol="BTCUSDT").json(), what="a public trade")
    return live


@pytest.mark.parametrize(("path", "params", "model"), PUBLIC)
def test_a_public_answer_has_the_shape_of_the_sdk(
    busy: VenueProcess, path: str, params: dict[str, str], model: str
) -> None:
    body = good(busy.call("GET", f"/fapi/v1/{path}", **params))
    assert body
    strict(getattr(sdk, model), body)


@pytest.mark.parametrize(("path", "params", "model"), SIGNED)
def test_a_signed_answer_has_the_shape_of_the_sdk(
    busy: VenueProcess, path: str, params: dict[str, str], model: str
) -> None:
    body = good(busy.signed("GET", f"/fapi/{path}", **params))
    assert body, path
    strict(getattr(sdk, model), body)


def test_one_order_is_found_cancelled_and_then_unknown(busy: VenueProcess) -> None:
    placed = order(busy, side="BUY", type="LIMIT", timeInForce="GTX", quantity="0.02", price=f"{mark(busy) * 0.97:.1f}")
    strict(sdk.QueryOrderResponse, order(busy, "GET", orderId=placed["orderId"]))
    strict(sdk.QueryCurrentOpenOrderResponse, order(busy, "GET", "openOrder", orderId=placed["orderId"]))
    strict(sdk.CancelOrderResponse, order(busy, "DELETE", orderId=placed["orderId"]))
    algo = order(busy, "GET", "openAlgoOrders")[0]
    strict(sdk.QueryAlgoOrderResponse, good(busy.signed("GET", "/fapi/v1/algoOrder", algoId=algo["algoId"])))
    again = busy.signed("DELETE", "/fapi/v1/order", symbol="BTCUSDT", orderId=placed["orderId"])
    assert (again.status_code, again.json()["code"]) == (400, -2011)


def test_a_batch_answers_each_order_in_its_place(busy: VenueProcess) -> None:
    price = f"{mark(busy) * 0.97:.1f}"
    one = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.02"}
    rows = json.dumps([one | {"price": price}, one | {"price": "0.05"}, {"symbol": "BTCUSDT"}])
    placed = good(busy.signed("POST", "/fapi/v1/batchOrders", batchOrders=rows))
    strict(sdk.PlaceMultipleOrdersResponseInner, placed)
    assert [row.get("code") for row in placed] == [None, -4013, -1102]
    done = good(
        busy.signed("DELETE", "/fapi/v1/batchOrders", symbol="BTCUSDT", orderIdList=f"[{placed[0]['orderId']},999999]")
    )
    assert [row.get("code") for row in done] == [None, -2011]


def test_settings_answer_in_the_shapes_of_the_sdk(busy: VenueProcess) -> None:
    leverage = good(busy.signed("POST", "/fapi/v1/leverage", symbol="ETHUSDT", leverage=7))
    strict(sdk.ChangeInitialLeverageResponse, leverage)
    strict(
        sdk.ChangeMarginTypeResponse,
        good(busy.signed("POST", "/fapi/v1/marginType", symbol="ETHUSDT", marginType="ISOLATED")),
    )
    good(busy.signed("POST", "/fapi/v1/order", symbol="ETHUSDT", side="SELL", type="MARKET", quantity="1"))
    moved = good(busy.signed("POST", "/fapi/v1/positionMargin", symbol="ETHUSDT", amount="10", type=1))
    strict(sdk.ModifyIsolatedPositionMarginResponse, moved)
    history = good(busy.signed("GET", "/fapi/v1/positionMargin/history", symbol="ETHUSDT"))
    strict(sdk.GetPositionMarginChangeHistoryResponseInner, history)
    good(
        busy.signed(
            "POST", "/fapi/v1/order", symbol="ETHUSDT", side="BUY", type="MARKET", quantity="1", reduceOnly="true"
        )
    )
    countdown = good(busy.signed("POST", "/fapi/v1/countdownCancelAll", symbol="ETHUSDT", countdownTime=1000))
    strict(sdk.AutoCancelAllOpenOrdersResponse, countdown)


STREAMS = [
    ("market", "btcusdt@aggTrade", "AggregateTradeStreamsResponse"),
    ("market", "btcusdt@markPrice@1s", "MarkPriceStreamResponse"),
    ("market", "btcusdt@kline_1m", "KlineCandlestickStreamsResponse"),
    ("market", "btcusdt_perpetual@continuousKline_1m", "ContinuousContractKlineCandlestickStreamsResponse"),
    ("market", "btcusdt@miniTicker", "IndividualSymbolMiniTickerStreamResponse"),
    ("market", "btcusdt@ticker", "IndividualSymbolTickerStreamsResponse"),
    ("market", "!contractInfo", "ContractInfoStreamResponse"),
    ("public", "btcusdt@bookTicker", "IndividualSymbolBookTickerStreamsResponse"),
    ("public", "btcusdt@depth@100ms", "DiffBookDepthStreamsResponse"),
    ("public", "btcusdt@depth5@100ms", "PartialBookDepthStreamsResponse"),
    ("public", "btcusdt@rpiDepth@500ms", "RpiDiffBookDepthStreamsResponse"),
]


@pytest.mark.parametrize(("kind", "stream", "model"), STREAMS)
async def test_a_stream_has_the_shape_of_the_sdk(live: VenueProcess, kind: str, stream: str, model: str) -> None:
    async with asyncio.timeout(20), websockets.connect(f"{live.ws}/fstream/{kind}/ws/{stream}") as connection:
        strict(getattr(streams, model), json.loads(await connection.recv()))


@pytest.mark.parametrize("stream", ["!markPrice@arr@1s", "!miniTicker@arr", "!ticker@arr"])
async def test_an_all_market_stream_lists_every_contract(live: VenueProcess, stream: str) -> None:
    url = f"{live.ws}/fstream/market/stream?streams={stream}"
    async with asyncio.timeout(20), websockets.connect(url) as connection:
        body = json.loads(await connection.recv())
    assert body["stream"] == stream
    assert {row["s"] for row in body["data"]} == {"BTCUSDT", "ETHUSDT"}


async def test_user_events_have_the_shapes_of_the_sdk_and_come_in_order(live: VenueProcess) -> None:
    key = good(live.http.post(f"{live.rest}/fapi/v1/listenKey", headers={"X-MBX-APIKEY": live.api_key}))["listenKey"]
    seen: list[dict[str, Any]] = []
    async with asyncio.timeout(20), websockets.connect(f"{live.ws}/fstream/private/ws?listenKey={key}") as connection:
        good(live.signed("POST", "/fapi/v1/leverage", symbol="ETHUSDT", leverage=11))
        order(live, side="BUY", type="MARKET", quantity="0.01")
        while not seen or seen[-1].get("o", {}).get("X") != "FILLED":
            seen.append(json.loads(await connection.recv()))
    models = {
        "ACCOUNT_CONFIG_UPDATE": streams.AccountConfigUpdate,
        "ORDER_TRADE_UPDATE": streams.OrderTradeUpdate,
        "ACCOUNT_UPDATE": streams.AccountUpdate,
        "TRADE_LITE": streams.TradeLite,
    }
    assert [event["e"] for event in seen][:2] == ["ACCOUNT_CONFIG_UPDATE", "ORDER_TRADE_UPDATE"]
    for event in seen:
        kind = event["e"]
        strict(models[kind], {name: value for name, value in event.items() if name != "e"})


async def test_the_futures_book_can_be_kept_by_the_futures_rule(live: VenueProcess) -> None:
    """Snapshot, then diffs whose `pu` is the `u` before; at the end the kept book equals the venue's."""
    from qbtc.core.market.book import DepthSnapshot, LocalBook

    def levels(rows: list[list[str]]) -> list[tuple[int, int]]:
        return [(round(float(price) * 10), round(float(size) * 1000)) for price, size in rows]

    kept = LocalBook(futures=True)
    async with (
        asyncio.timeout(30),
        websockets.connect(f"{live.ws}/fstream/public/ws/btcusdt@depth@100ms") as connection,
    ):
        kept.on_diff(_diff(json.loads(await connection.recv()), levels))
        body = good(live.call("GET", "/fapi/v1/depth", symbol="BTCUSDT", limit=1000))
        snapshot = DepthSnapshot(body["lastUpdateId"], levels(body["bids"]), levels(body["asks"]))
        started = kept.on_snapshot(snapshot)
        for _ in range(40):
            kept.on_diff(_diff(json.loads(await connection.recv()), levels))
            started = started or kept.on_snapshot(snapshot)
    assert kept.synced
    assert kept.sync.gaps == 0
    assert not kept.book.crossed


def _diff(event: dict[str, Any], levels: Any) -> Any:
    from qbtc.core.market.book import DepthDiff

    return DepthDiff(event["U"], event["u"], levels(event["b"]), levels(event["a"]), event["pu"])


async def test_a_stream_under_the_wrong_path_and_an_unknown_one_are_refused(live: VenueProcess) -> None:
    async with asyncio.timeout(20), websockets.connect(f"{live.ws}/fstream/market/ws") as connection:
        for name in ("btcusdt@bookTicker", "btcusdt@nothing", "nosuch@aggTrade"):
            await connection.send(json.dumps({"method": "SUBSCRIBE", "params": [name], "id": 1}))
            assert json.loads(await connection.recv())["error"]["code"] == 2
        await connection.send("{")
        assert json.loads(await connection.recv())["error"]["code"] == 3


async def test_the_websocket_api_places_and_cancels(live: VenueProcess) -> None:
    from qbtc.core.binance.signing import signed_params

    async with asyncio.timeout(20), websockets.connect(f"{live.ws}/ws-fapi/v1") as connection:

        async def ask(method: str, **params: Any) -> Any:
            stamped: dict[str, Any] = {"apiKey": live.api_key, "timestamp": time.time_ns() // 10**6}
            sent = signed_params(stamped | params, live.secret)
            await connection.send(json.dumps({"id": "x", "method": method, "params": sent}))
            return json.loads(await connection.recv())

        price = f"{mark(live) * 0.97:.1f}"
        placed = await ask(
            "order.place", symbol="BTCUSDT", side="BUY", type="LIMIT", timeInForce="GTC", quantity="0.02", price=price
        )
        assert placed["status"] == 200, placed
        strict(sdk.NewOrderResponse, placed["result"])
        gone = await ask("order.cancel", symbol="BTCUSDT", orderId=placed["result"]["orderId"])
        assert gone["result"]["status"] == "CANCELED"
        assert (await ask("v2/account.balance"))["result"][0]["asset"] == "USDT"
        assert (await ask("order.fly"))["error"]["code"] == -1103
        wrong = await ask("order.status", symbol="BTCUSDT", orderId=1, recvWindow=99_999)
        assert wrong["status"] == 400
