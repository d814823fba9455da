"""REST without sockets: answers of the handlers over dictionary books, headers, limits, units, errors."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import msgspec
import pytest

from qbtc.core.binance.errors import ApiError
from qbtc.core.binance.signing import query, sign
from qbtc.core.market.engine.layout import Status, Stp
from qbtc.exchange.keys import Key, KeyStore, Permission
from qbtc.exchange.limits import Allowance, Limits
from qbtc.exchange.model import PreventedView
from qbtc.exchange.operations import OPERATIONS
from qbtc.exchange.rest import Answered, Asked, answer

BY_PATH = {(op.method, op.path): op for op in OPERATIONS}
LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "50000",
}
STOP = {"symbol": "BTCUSDT", "side": "SELL", "type": "STOP_LOSS_LIMIT", "timeInForce": "GTC", "quantity": "0.01"}
STOP |= {"price": "39000", "stopPrice": "40000"}
OCO = {
    "symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01", "aboveType": "LIMIT_MAKER", "abovePrice": "60000",
    "belowType": "STOP_LOSS_LIMIT", "belowPrice": "39000", "belowStopPrice": "40000", "belowTimeInForce": "GTC",
}  # fmt: skip


class Client:
    def __init__(self, house: Any) -> None:
        self.house = house
        self.headers: dict[str, str] = {}
        self.last = Answered(0, b"")

    def call(self, method: str, path: str, **params: object) -> Any:
        self.last = self._send(method, path, query({k: str(v) for k, v in params.items()}), "", self.headers)
        return json.loads(self.last.body)

    def signed(self, method: str, path: str, key: Key | None = None, **params: object) -> Any:
        chosen = key or self.house.hmac
        text = query({k: str(v) for k, v in params.items()} | {"timestamp": time.time_ns() // 1_000_000})
        text += f"&signature={sign(text, chosen.material)}"
        headers = self.headers | {"x-mbx-apikey": chosen.api_key}
        in_body = method in ("POST", "PUT")
        self.last = self._send(method, path, "" if in_body else text, text if in_body else "", headers)
        return json.loads(self.last.body)

    def _send(self, method: str, path: str, url: str, body: str, headers: dict[str, str]) -> Answered:
        asked = Asked(url, body, headers, "127.0.0.1", time.time_ns())
        return asyncio.run(answer(self.house.api, BY_PATH[method, path], asked))

    def order(self, **params: object) -> Any:
        return self.signed("POST", "/api/v3/order", **(LIMIT | params))


@pytest.fixture
def client(house: Any) -> Client:
    return Client(house)


def test_an_order_is_answered_as_short_or_as_full_as_asked(client: Client) -> None:
    ack = client.order(newOrderRespType="ACK")
    assert list(ack) == ["symbol", "orderId", "orderListId", "clientOrderId", "transactTime"]
    result = client.order(newOrderRespType="RESULT")
    assert set(result) - set(ack) == {
        "price", "origQty", "executedQty", "origQuoteOrderQty", "cummulativeQuoteQty", "status", "timeInForce", "type",
        "side", "workingTime", "selfTradePreventionMode",
    }  # fmt: skip
    assert client.order()["fills"] == []
    assert client.last.headers["X-MBX-ORDER-COUNT-10S"] == "3"
    assert client.last.headers["X-MBX-USED-WEIGHT-1M"] == "3"


def test_fields_appear_only_under_their_conditions(client: Client) -> None:
    plain = client.order(newOrderRespType="RESULT")
    assert not {"stopPrice", "icebergQty", "strategyId", "strategyType", "trailingDelta"} & set(plain)
    iceberg = client.order(icebergQty="0.001", strategyId="7", strategyType="1000000")
    assert (iceberg["icebergQty"], iceberg["strategyId"], iceberg["strategyType"]) == ("0.00100000", 7, 1_000_000)
    stop = client.order(**STOP, trailingDelta="50", newOrderRespType="RESULT")
    assert (stop["stopPrice"], stop["trailingDelta"], stop["trailingTime"]) == ("40000.00000000", 50, -1)
    assert stop["workingTime"] == -1
    shown = client.signed("GET", "/api/v3/order", symbol="BTCUSDT", orderId=stop["orderId"])
    assert (shown["isWorking"], shown["stopPrice"], shown["icebergQty"]) == (False, "40000.00000000", "0.00000000")


def test_fills_and_trades_carry_their_commission(client: Client) -> None:
    number = client.order()["orderId"]
    client.house.books.fill(number, 10_000, 5 * 10**15, maker=False)
    trade = client.signed("GET", "/api/v3/myTrades", symbol="BTCUSDT")[0]
    assert (trade["qty"], trade["quoteQty"], trade["commission"]) == ("0.01000000", "500.00000000", "0.50000000")
    assert (trade["isBuyer"], trade["isMaker"], trade["time"]) == (True, False, 5 * 10**9)
    assert client.signed("GET", "/api/v3/myTrades", symbol="BTCUSDT", fromId="1", startTime="1")["code"] == -1128
    shown = client.signed("GET", "/api/v3/order", symbol="BTCUSDT", orderId=number)
    assert (shown["status"], shown["executedQty"], shown["cummulativeQuoteQty"]) == (
        "FILLED",
        "0.01000000",
        "500.00000000",
    )


def test_a_cancel_has_a_name_of_its_own_and_obeys_restrictions(client: Client) -> None:
    one, two = client.order(newClientOrderId="one")["orderId"], client.order(newClientOrderId="two")["orderId"]
    client.house.books.fill(two, 1_000, 1, maker=True)
    path, of = "/api/v3/order", {"symbol": "BTCUSDT"}
    refused = client.signed("DELETE", path, **of, orderId=two, cancelRestrictions="ONLY_NEW")
    assert refused == {"code": -2011, "msg": "Order was not canceled due to cancel restrictions."}
    assert client.signed("DELETE", path, **of, orderId=two, cancelRestrictions="MAYBE")["code"] == -1145
    gone = client.signed("DELETE", path, **of, origClientOrderId="one", newClientOrderId="bye")
    assert (gone["orderId"], gone["origClientOrderId"], gone["clientOrderId"]) == (one, "one", "bye")
    assert client.signed("DELETE", path, **of, orderId=one) == {"code": -2011, "msg": "Unknown order sent."}
    assert client.signed("DELETE", path, **of, orderId=two, origClientOrderId="one")["code"] == -2039
    assert client.signed("DELETE", path, **of)["code"] == -1102


@pytest.mark.parametrize(
    ("mode", "known", "lots", "status", "code", "results"),
    [
        ("STOP_ON_FAILURE", True, "0.01", 200, None, ("SUCCESS", "SUCCESS")),
        ("STOP_ON_FAILURE", False, "0.01", 400, -2022, ("FAILURE", "NOT_ATTEMPTED")),
        ("STOP_ON_FAILURE", True, "9999", 409, -2021, ("SUCCESS", "FAILURE")),
        ("ALLOW_FAILURE", False, "0.01", 409, -2021, ("FAILURE", "SUCCESS")),
        ("ALLOW_FAILURE", False, "9999", 400, -2022, ("FAILURE", "FAILURE")),
    ],
)
def test_cancel_replace_says_which_half_failed(
    client: Client, mode: str, known: bool, lots: str, status: int, code: int | None, results: tuple[str, str]
) -> None:
    number = client.order()["orderId"] if known else 77
    body = client.signed(
        "POST",
        "/api/v3/order/cancelReplace",
        **(LIMIT | {"quantity": lots}),
        cancelReplaceMode=mode,
        cancelOrderId=number,
    )
    found = body if code is None else body["data"]
    assert (client.last.status, body.get("code")) == (status, code)
    assert (found["cancelResult"], found["newOrderResult"]) == results
    if results[1] == "NOT_ATTEMPTED":
        assert found["newOrderResponse"] is None
    if results[0] == "FAILURE":
        assert found["cancelResponse"] == {"code": -2011, "msg": "Unknown order sent."}


def test_cancel_replace_above_the_order_limit_cancels_only_if_asked_to(client: Client) -> None:
    client.house.api.limits = Limits(Allowance(orders_10s=1))
    number, path = client.order()["orderId"], "/api/v3/order/cancelReplace"
    request = LIMIT | {"cancelReplaceMode": "STOP_ON_FAILURE", "cancelOrderId": number}
    assert client.signed("POST", path, **request)["code"] == -1015
    assert client.house.books.orders[number].status is Status.NEW
    body = client.signed("POST", path, **request, orderRateLimitExceededMode="CANCEL_ONLY")
    assert (client.last.status, body["code"]) == (429, -2021)
    assert (body["data"]["cancelResult"], body["data"]["newOrderResponse"]["code"]) == ("SUCCESS", -1015)


def test_an_amendment_only_makes_smaller_and_is_kept(client: Client) -> None:
    number, path = client.order(newClientOrderId="before")["orderId"], "/api/v3/order/amend/keepPriority"
    of = {"symbol": "BTCUSDT", "orderId": number}
    for quantity, text in (("0.01", "would change no state"), ("0.02", "quantity increase")):
        assert text in client.signed("PUT", path, **of, newQty=quantity)["msg"]
    body = client.signed("PUT", path, **of, newQty="0.004", newClientOrderId="after")
    amended = body["amendedOrder"]
    assert (amended["qty"], amended["origClientOrderId"], amended["clientOrderId"]) == ("0.00400000", "before", "after")
    assert "listStatus" not in body
    rows = client.signed("GET", "/api/v3/order/amendments", **of)
    assert [(row["origQty"], row["newQty"], row["executionId"]) for row in rows] == [("0.01000000", "0.00400000", 1)]


def test_lists_are_placed_asked_for_and_cancelled_whole(client: Client) -> None:
    placed = client.signed("POST", "/api/v3/orderList/oco", **OCO, listClientOrderId="pair")
    assert [row["type"] for row in placed["orderReports"]] == ["LIMIT_MAKER", "STOP_LOSS_LIMIT"]
    assert {row["orderListId"] for row in placed["orderReports"]} == {placed["orderListId"]}
    assert client.signed("POST", "/api/v3/orderList/oco", **OCO, listClientOrderId="pair")["code"] == -2010
    found = client.signed("GET", "/api/v3/orderList", origClientOrderId="pair")
    assert {**placed, "orderReports": None} == {**found, "orderReports": None}
    assert client.signed("GET", "/api/v3/orderList", orderListId="99")["code"] == -2013
    client.order(newClientOrderId="alone")
    bodies = client.signed("DELETE", "/api/v3/openOrders", symbol="BTCUSDT")
    assert [body.get("origClientOrderId", body.get("listClientOrderId")) for body in bodies] == ["alone", "pair"]
    assert bodies[1]["listStatusType"] == "ALL_DONE"
    assert len({row["clientOrderId"] for row in bodies[1]["orderReports"]}) == 1
    assert client.signed("GET", "/api/v3/openOrderList") == []
    assert len(client.signed("GET", "/api/v3/allOrderList")) == 1
    assert client.signed("GET", "/api/v3/allOrderList", fromId="1", startTime="1")["code"] == -1128


def test_an_oco_on_the_wrong_side_of_the_market_has_its_prices_in_the_wrong_relation(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*arguments: object) -> None:
        raise ApiError(-2010, "Order would immediately match and take.")

    monkeypatch.setattr(client.house.books, "place_list", refuse)
    body = client.signed("POST", "/api/v3/orderList/oco", **OCO)
    assert body == {"code": -2010, "msg": "The relationship of the prices for the orders is not correct."}


def test_pending_orders_wait_and_otoco_is_shown_as_oto(client: Client) -> None:
    params = {
        "symbol": "BTCUSDT", "workingType": "LIMIT", "workingSide": "BUY", "workingPrice": "50000",
        "workingQuantity": "0.01", "workingTimeInForce": "GTC", "pendingSide": "SELL", "pendingQuantity": "0.01",
        "pendingAboveType": "LIMIT_MAKER", "pendingAbovePrice": "60000", "pendingBelowType": "STOP_LOSS",
        "pendingBelowStopPrice": "40000",
    }  # fmt: skip
    body = client.signed("POST", "/api/v3/orderList/otoco", **params)
    assert body["contingencyType"] == "OTO"
    assert [row["status"] for row in body["orderReports"]] == ["NEW", "PENDING_NEW", "PENDING_NEW"]
    assert client.last.headers["X-MBX-ORDER-COUNT-10S"] == "3"


def test_prevented_matches_are_shown_on_the_order_and_in_their_list(client: Client) -> None:
    number, books = client.order()["orderId"], client.house.books
    order = books.orders[number]
    fields = {name: getattr(order, name) for name in ("instrument", "tick", "created")}
    books.orders[number] = msgspec.structs.replace(order, prevented=10_000, status=Status.EXPIRED_IN_MATCH)
    books.all_prevented.append(
        PreventedView(
            prevented_id=3, instrument=fields["instrument"], taker_id=number, maker_id=9, tick=order.tick,
            taker_lots=10_000, maker_lots=0, stp=Stp.EXPIRE_TAKER, time=1,
        )
    )  # fmt: skip
    shown = client.signed("GET", "/api/v3/order", symbol="BTCUSDT", orderId=number)
    assert (shown["status"], shown["preventedMatchId"], shown["preventedQuantity"]) == (
        "EXPIRED_IN_MATCH",
        3,
        "0.01000000",
    )
    row = client.signed("GET", "/api/v3/myPreventedMatches", symbol="BTCUSDT", orderId=number)[0]
    assert (row["takerPreventedQuantity"], row["price"], row["makerOrderId"]) == ("0.01000000", "50000.00000000", 9)
    assert "makerPreventedQuantity" not in row
    assert client.signed("GET", "/api/v3/myPreventedMatches", symbol="BTCUSDT")["code"] == -1128


def test_exchange_info_shows_filters_and_is_chosen_by_its_parameters(client: Client) -> None:
    path = "/api/v3/exchangeInfo"
    body = client.call("GET", path, symbol="BTCUSDT")
    filters = {row["filterType"]: row for row in body["symbols"][0]["filters"]}
    assert filters["LOT_SIZE"] == {
        "filterType": "LOT_SIZE", "minQty": "0.00001000", "maxQty": "1000.00000000", "stepSize": "0.00001000",
    }  # fmt: skip
    assert filters["PERCENT_PRICE_BY_SIDE"]["bidMultiplierUp"] == "5"
    assert {"PRICE_FILTER", "MIN_NOTIONAL", "ICEBERG_PARTS", "MAX_NUM_ORDER_AMENDS"} <= set(filters)
    assert [s["symbol"] for s in client.call("GET", path)["symbols"]] == ["BTCUSDT", "ETHUSDT"]
    assert [s["symbol"] for s in client.call("GET", path, symbols='["ETHUSDT"]')["symbols"]] == ["ETHUSDT"]
    assert client.call("GET", path, permissions="MARGIN")["symbols"] == []
    assert len(client.call("GET", path, permissions='["MARGIN","SPOT"]')["symbols"]) == 2
    assert client.call("GET", path, symbolStatus="HALT")["symbols"] == []
    assert client.call("GET", path, showPermissionSets="false")["symbols"][0]["permissionSets"] == []
    for params, code in (
        ({"symbol": "NOPE"}, -1121), ({"symbol": "BTCUSDT", "symbols": '["ETHUSDT"]'}, -1128),
        ({"symbolStatus": "SLEEPING"}, -1122), ({"symbols": "BTCUSDT"}, -1100), ({"permissions": "KING"}, -1130),
    ):  # fmt: skip
        assert client.call("GET", path, **params)["code"] == code


def test_times_come_in_the_unit_of_the_header(client: Client) -> None:
    client.headers = {"x-mbx-time-unit": "MICROSECOND"}
    assert client.call("GET", "/api/v3/time")["serverTime"] > 10**15
    assert client.order()["transactTime"] == client.house.books.orders[1].created // 1000
    client.headers = {"x-mbx-time-unit": "DAY"}
    assert client.call("GET", "/api/v3/time")["code"] == -1194


def test_keys_without_a_permission_and_requests_without_a_key_are_refused(client: Client) -> None:
    reader = Key("r" * 64, client.house.hmac.kind, "x", permissions=frozenset({Permission.USER_DATA}))
    client.house.api.keys = KeyStore([client.house.hmac, reader])
    assert client.signed("GET", "/api/v3/account", key=reader)["uid"] == 1
    assert client.signed("POST", "/api/v3/order", key=reader, **LIMIT)["code"] == -2015
    assert client.last.status == 401
    assert client.call("GET", "/api/v3/account")["code"] == -2014


def test_weight_is_charged_and_above_it_there_is_429_with_a_time_to_wait(client: Client) -> None:
    client.house.api.limits = Limits(Allowance(weight=25))
    client.call("GET", "/api/v3/exchangeInfo")
    assert client.last.headers["X-MBX-USED-WEIGHT-1M"] == "20"
    assert client.call("GET", "/api/v3/exchangeInfo")["code"] == -1003
    assert client.last.status == 429
    assert 1 <= int(client.last.headers["Retry-After"]) <= 60


def test_balances_hide_zeros_only_if_asked_to(client: Client) -> None:
    assets = [row["asset"] for row in client.signed("GET", "/api/v3/account")["balances"]]
    assert assets == ["BNB", "BTC", "USDT"]
    rows = client.signed("GET", "/api/v3/account", omitZeroBalances="true")["balances"]
    assert rows[1] == {"asset": "USDT", "free": "100000.00000000", "locked": "5.00000000"}


def test_what_this_venue_does_not_have_is_refused_as_binance_refuses_it(client: Client) -> None:
    assert client.call("GET", "/api/v3/referencePrice", symbol="BTCUSDT")["code"] == -2043
    assert client.call("GET", "/api/v3/executionRules", symbol="BTCUSDT") == {
        "symbolRules": [{"symbol": "BTCUSDT", "rules": []}]
    }
    assert client.signed("POST", "/api/v3/sor/order", **LIMIT)["code"] == -1013
    assert client.signed("GET", "/api/v3/myAllocations", symbol="BTCUSDT") == []
    client.call("POST", "/api/v3/userDataStream")
    assert client.last.status == 410


def test_a_test_order_changes_nothing_and_can_show_commission(client: Client) -> None:
    assert client.signed("POST", "/api/v3/order/test", **LIMIT) == {}
    rates = client.signed("POST", "/api/v3/order/test", **LIMIT, computeCommissionRates="true")
    assert rates["standardCommissionForOrder"] == {"maker": "0.00100000", "taker": "0.00200000"}
    assert client.house.books.orders == {}
    assert client.signed("POST", "/api/v3/order/test", **(LIMIT | {"quantity": "9999"}))["code"] == -2010


def test_what_clients_ask_on_connect_is_answered(client: Client) -> None:
    coins = client.signed("GET", "/sapi/v1/capital/config/getall")
    assert {"BTC", "ETH", "USDT"} <= {row["coin"] for row in coins}
    assert client.signed("GET", "/sapi/v1/margin/allPairs") == []
    assert client.signed("GET", "/sapi/v1/account/apiRestrictions")["enableWithdrawals"] is False
    assert client.call("GET", "/dapi/v1/exchangeInfo")["symbols"] == []
    assert client.signed("GET", "/sapi/v1/asset/tradeFee", symbol="BTCUSDT")[0]["takerCommission"] == "0.00200000"


def test_unknown_and_duplicate_parameters_are_refused(client: Client) -> None:
    assert client.call("GET", "/api/v3/ping", x="1")["code"] == -1101
    assert client.order(surprise="1")["code"] == -1104
    asked = Asked("symbol=A&symbol=B", "", {}, "a", time.time_ns())
    body = asyncio.run(answer(client.house.api, BY_PATH["GET", "/api/v3/exchangeInfo"], asked)).body
    assert json.loads(body)["code"] == -1101
