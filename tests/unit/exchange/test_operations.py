"""The table serves everything that today's documentation names, and its document is valid."""

from __future__ import annotations

from openapi_spec_validator import validate

from qbtc.exchange.operation import Security
from qbtc.exchange.operations import OPERATIONS
from qbtc.exchange.rest import openapi

REST = """
GET /api/v3/ping
GET /api/v3/time
GET /api/v3/exchangeInfo
GET /api/v3/executionRules
GET /api/v3/depth
GET /api/v3/trades
GET /api/v3/historicalTrades
GET /api/v3/historicalBlockTrades
GET /api/v3/aggTrades
GET /api/v3/klines
GET /api/v3/uiKlines
GET /api/v3/avgPrice
GET /api/v3/ticker/24hr
GET /api/v3/ticker/tradingDay
GET /api/v3/ticker/price
GET /api/v3/ticker/bookTicker
GET /api/v3/ticker
GET /api/v3/referencePrice
GET /api/v3/referencePrice/calculation
POST /api/v3/order
POST /api/v3/order/test
DELETE /api/v3/order
DELETE /api/v3/openOrders
POST /api/v3/order/cancelReplace
PUT /api/v3/order/amend/keepPriority
POST /api/v3/order/oco
POST /api/v3/orderList/oco
POST /api/v3/orderList/oto
POST /api/v3/orderList/otoco
POST /api/v3/orderList/opo
POST /api/v3/orderList/opoco
DELETE /api/v3/orderList
POST /api/v3/sor/order
POST /api/v3/sor/order/test
GET /api/v3/account
GET /api/v3/order
GET /api/v3/openOrders
GET /api/v3/allOrders
GET /api/v3/orderList
GET /api/v3/allOrderList
GET /api/v3/openOrderList
GET /api/v3/myTrades
GET /api/v3/rateLimit/order
GET /api/v3/myPreventedMatches
GET /api/v3/myAllocations
GET /api/v3/account/commission
GET /api/v3/order/amendments
GET /api/v3/myFilters
"""
WEBSOCKET = """
ping time exchangeInfo executionRules depth trades.recent trades.historical blockTrades.historical trades.aggregate
klines uiKlines avgPrice ticker.24hr ticker.tradingDay ticker ticker.price ticker.book referencePrice
referencePrice.calculation session.logon session.status session.logout order.place order.test order.status order.cancel
order.cancelReplace order.amend.keepPriority openOrders.status openOrders.cancelAll orderList.place
orderList.place.oco orderList.place.oto orderList.place.otoco orderList.place.opo orderList.place.opoco
orderList.status orderList.cancel openOrderLists.status sor.order.place sor.order.test account.status
account.rateLimits.orders allOrders allOrderLists myTrades myPreventedMatches myAllocations account.commission
order.amendments myFilters userDataStream.subscribe userDataStream.subscribe.signature userDataStream.unsubscribe
session.subscriptions
"""
SESSION = {
    "session.logon", "session.status", "session.logout", "session.subscriptions", "userDataStream.subscribe",
    "userDataStream.subscribe.signature", "userDataStream.unsubscribe",
}  # fmt: skip
"""Methods that belong to a connection (ws_api), not to the table."""


def test_all_48_rest_operations_are_served() -> None:
    named = {tuple(line.split()) for line in REST.strip().splitlines()}
    assert len(named) == 48
    assert named - {(op.method, op.path) for op in OPERATIONS} == set()


def test_all_websocket_methods_are_served() -> None:
    named = set(WEBSOCKET.split())
    assert len(named) == 55
    assert named - {op.ws for op in OPERATIONS} - SESSION == set()


def test_nothing_is_listed_twice() -> None:
    paths = [(op.method, op.path) for op in OPERATIONS if op.path]
    methods = [op.ws for op in OPERATIONS if op.ws]
    assert len(paths) == len(set(paths))
    assert len(methods) == len(set(methods))


def test_what_changes_an_account_needs_a_trading_key() -> None:
    changing = [op for op in OPERATIONS if op.path.startswith("/api/v3/") and op.method != "GET"]
    assert {op.security for op in changing if "userDataStream" not in op.path} == {Security.TRADE}


def test_the_openapi_document_is_valid_and_holds_every_operation() -> None:
    document = openapi("1.0", OPERATIONS)
    validate(document)  # type: ignore[arg-type]
    served = {(op.method.lower(), op.path) for op in OPERATIONS if op.path}
    assert served == {(method, path) for path, item in document["paths"].items() for method in item}  # type: ignore[attr-defined]
