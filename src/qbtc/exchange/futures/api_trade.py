"""Order entry of `/fapi`: orders, batches, algo orders, countdown. Handlers check, call the venue, render."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from ...core.binance.errors import ApiError, Code
from ...core.market.futures import requests
from ...core.market.futures.errors import FCode, error, not_required
from ...core.market.futures.records import ADL, Algo, Order
from ...core.market.futures.wire import (
    FAR,
    Json,
    Params,
    choice,
    decimal,
    integer,
    invalid,
    limit,
    page,
    required,
    timed,
    window,
)
from ..ws_call import UNREADABLE
from .desk import Desk
from .reports import (
    Format,
    algo_body,
    algo_query_body,
    algo_row_body,
    amended_body,
    change_body,
    order_body,
    placed_body,
    trade_body,
)

T = TypeVar("T")
MAX_BATCH = 5
MAX_CANCELS = 10
MOST_COUNTDOWN = 10**12
"""Milliseconds: thirty years."""
DONE: Json = {"code": 200, "msg": "The operation of cancel all open order is done."}


def form(desk: Desk, symbol: str) -> Format:
    return Format(desk.venue.markets.get(symbol))


# ---- orders


def _place(desk: Desk, params: Params, account: int) -> Json:
    market = desk.venue.market(required(params, "symbol"))
    request = requests.new_order(params, market.contract, desk.now())
    order = desk.venue.place(account, request, desk.now())
    body = placed_body(order, form(desk, market.symbol))
    if request.answer == "ACK":
        zero = form(desk, market.symbol).quantity(0)
        body |= {"status": "NEW", "executedQty": zero, "cumQty": zero, "cumQuote": "0.00000000", "avgPrice": "0.00"}
    return body


async def place_order(desk: Desk, params: Params, account: int) -> object:
    body = _place(desk, params, account)
    await desk.committed()
    return body


async def test_order(desk: Desk, params: Params, account: int) -> object:
    """Refuses as placing would."""
    market = desk.venue.market(required(params, "symbol"))
    request = requests.new_order(params, market.contract, desk.now())
    placed = desk.venue.check(account, request, desk.now())
    return placed_body(Order(placed, placed.price, placed.quantity, updated=placed.time), form(desk, market.symbol))


def _named(desk: Desk, params: Params, account: int, unknown: FCode) -> Order:
    order_id, client = integer(params, "orderId", 0) or None, params.get("origClientOrderId") or None
    if order_id is None and client is None:
        text = "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!"
        raise ApiError(Code.MANDATORY_PARAM, text)
    symbol = required(params, "symbol")
    found = desk.state.find(account, order_id=order_id, client_id=client)
    if found is None or found.placed.symbol != symbol:
        raise error(unknown)
    return found


async def cancel_order(desk: Desk, params: Params, account: int) -> object:
    body = _cancel(desk, params, account)
    await desk.committed()
    return body


def _cancel(desk: Desk, params: Params, account: int) -> Json:
    order = desk.venue.cancel(_named(desk, params, account, FCode.CANCEL_REJECTED), desk.now())
    return placed_body(order, form(desk, order.placed.symbol))


async def query_order(desk: Desk, params: Params, account: int) -> object:
    order = _named(desk, params, account, FCode.NO_SUCH_ORDER)
    body = order_body(order, form(desk, order.placed.symbol))
    await desk.committed()
    return body


async def query_open_order(desk: Desk, params: Params, account: int) -> object:
    order = _named(desk, params, account, FCode.NO_SUCH_ORDER)
    if not order.open:
        raise error(FCode.NO_SUCH_ORDER)
    body = order_body(order, form(desk, order.placed.symbol))
    await desk.committed()
    return body


async def amend_order(desk: Desk, params: Params, account: int) -> object:
    body = _amend(desk, params, account)
    await desk.committed()
    return body


def _amend(desk: Desk, params: Params, account: int) -> Json:
    order = _named(desk, params, account, FCode.NO_SUCH_ORDER)
    market = desk.venue.market(order.placed.symbol)
    if requests.side(params) != order.placed.side:
        raise ApiError(Code.INVALID_SIDE)
    if params.get("reduceOnly", "").lower() == "true" and not order.placed.reduce:
        raise error(FCode.NOT_REDUCE)
    quantity = requests.quantity(params, market.contract)
    match = params.get("priceMatch") or "NONE"
    if match not in requests.MATCHES:
        raise error(FCode.PRICE_MATCH)
    if match != "NONE":
        if params.get("price"):
            raise not_required("price")
        price = market.matched_price(order.placed.side, match)
    else:
        required(params, "price")
        price = requests.check_price(decimal(params, "price") or 0, market.contract)
    desk.venue.amend(order, price, quantity, desk.now())
    modify_id = integer(params, "modifyId") if params.get("modifyId") else None
    return amended_body(order, form(desk, market.symbol), modify_id)


async def amendments(desk: Desk, params: Params, account: int) -> object:
    symbol, count = required(params, "symbol"), limit(params, 50, 100)
    only = _named(desk, params, account, FCode.NO_SUCH_ORDER).placed.order_id if _has_id(params) else 0
    rows = []
    for change in desk.state.data.changes:
        order = desk.state.data.orders.get(change.order_id)
        mine = order is not None and order.placed.account == account and order.placed.symbol == symbol
        if mine and only in (0, change.order_id):
            rows.append(change_body(change, order, form(desk, symbol)))
    return rows[-count:]


def _has_id(params: Params) -> bool:
    return bool(params.get("orderId") or params.get("origClientOrderId"))


# ---- batches


def _batch(params: Params) -> Sequence[Params]:
    try:
        rows = msgspec.json.decode(required(params, "batchOrders"), type=list[dict[str, str | int | float | bool]])
    except UNREADABLE:
        raise ApiError(Code.INVALID_PARAMETER, "Data sent for parameter 'batchOrders' is not valid.") from None
    if not 1 <= len(rows) <= MAX_BATCH:
        raise error(FCode.BATCH_SIZE)
    return [{name: _text(value) for name, value in row.items()} for row in rows]


def _text(value: str | int | float | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.8f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


async def _each(desk: Desk, rows: Sequence[Params], account: int, act: Callable[[Desk, Params, int], Json]) -> object:
    """What each row gives, or its error in its place."""
    bodies: list[Json] = []
    for row in rows:
        try:
            bodies.append(act(desk, row, account))
        except ApiError as refused:
            bodies.append(dict(refused.body()))
    await desk.committed()
    return bodies


async def place_batch(desk: Desk, params: Params, account: int) -> object:
    return await _each(desk, _batch(params), account, _place)


async def amend_batch(desk: Desk, params: Params, account: int) -> object:
    return await _each(desk, _batch(params), account, _amend)


def _listed(params: Params, name: str, kind: type[list[T]]) -> list[T]:
    try:
        return msgspec.json.decode(params.get(name) or "[]", type=kind)
    except UNREADABLE:
        raise invalid(name) from None


async def cancel_batch(desk: Desk, params: Params, account: int) -> object:
    symbol = required(params, "symbol")
    ids = _listed(params, "orderIdList", list[int])
    clients = _listed(params, "origClientOrderIdList", list[str])
    rows: list[Params] = [{"symbol": symbol, "orderId": str(one)} for one in ids]
    rows += [{"symbol": symbol, "origClientOrderId": one} for one in clients]
    if not 1 <= len(rows) <= MAX_CANCELS:
        raise error(FCode.BATCH_SIZE)
    return await _each(desk, rows, account, _cancel)


# ---- many orders


async def open_orders(desk: Desk, params: Params, account: int) -> object:
    symbol = desk.symbol(params)
    bodies = [order_body(order, form(desk, order.placed.symbol)) for order in desk.state.open_of(account, symbol)]
    await desk.committed()
    return bodies


async def all_orders(desk: Desk, params: Params, account: int) -> object:
    """From an order id on; else of a week."""
    symbol, count = required(params, "symbol"), limit(params, 500, 1000)
    desk.venue.market(symbol)
    first, (start, end) = integer(params, "orderId", 0), window(params, desk.now())
    if first and not timed(params):
        start, end = 0, FAR
    chosen = [
        order
        for order in desk.state.data.orders.values()
        if order.placed.account == account
        and order.placed.symbol == symbol
        and order.placed.order_id >= first
        and start <= order.placed.time <= end
    ]
    oldest = bool(first or params.get("startTime"))
    bodies = [order_body(order, form(desk, symbol)) for order in page(chosen, count, oldest=oldest)]
    await desk.committed()
    return bodies


async def cancel_all(desk: Desk, params: Params, account: int) -> object:
    symbol = desk.venue.market(required(params, "symbol")).symbol
    desk.cancel_all(account, symbol, desk.now())
    await desk.committed()
    return DONE


async def countdown(desk: Desk, params: Params, account: int) -> object:
    symbol = desk.venue.market(required(params, "symbol")).symbol
    ms = integer(params, "countdownTime")
    if ms > MOST_COUNTDOWN:
        raise invalid("countdownTime")
    desk.countdown(account, symbol, ms)
    await desk.committed()
    return {"symbol": symbol, "countdownTime": str(ms)}


async def user_trades(desk: Desk, params: Params, account: int) -> object:
    """From a trade id on or of one order; else of a week."""
    symbol, count = required(params, "symbol"), limit(params, 500, 1000)
    desk.venue.market(symbol)
    only, first = integer(params, "orderId", 0), integer(params, "fromId", 0)
    for name in ("startTime", "endTime"):
        if params.get("fromId") and params.get(name):
            raise not_required(name)
    start, end = window(params, desk.now())
    if (only or params.get("fromId")) and not timed(params):
        start, end = 0, FAR
    chosen = [
        trade
        for trade in desk.state.data.trades
        if trade.account == account
        and trade.symbol == symbol
        and only in (0, trade.order_id)
        and trade.trade_id >= first
        and start <= trade.time <= end
    ]
    oldest = bool(params.get("fromId") or params.get("startTime"))
    bodies = [trade_body(trade, form(desk, symbol)) for trade in page(chosen, count, oldest=oldest)]
    await desk.committed()
    return bodies


async def force_orders(desk: Desk, params: Params, account: int) -> object:
    """Orders that closed a position by force, within seven days if no time is given."""
    symbol, count = desk.symbol(params), limit(params, 50, 100)
    kind = choice(params, "autoCloseType", ("LIQUIDATION", "ADL", "BOTH"), "BOTH")
    start, end = window(params, desk.now(), bounded=False)
    found = [desk.state.data.orders.get(order_id) for order_id in desk.state.data.liquidations]
    mine = [
        order
        for order in found
        if order is not None and order.placed.account == account and symbol in (None, order.placed.symbol)
        and start <= order.placed.time <= end
        and kind in ("BOTH", "ADL" if order.placed.client_id == ADL else "LIQUIDATION")
    ]  # fmt: skip
    return [order_body(order, form(desk, order.placed.symbol)) for order in mine[-count:]]


# ---- algo orders


def _algo(desk: Desk, params: Params, account: int, unknown: FCode) -> Algo:
    algo_id, client = integer(params, "algoId", 0) or None, params.get("clientAlgoId") or None
    if algo_id is None and client is None:
        text = "Param 'algoId' or 'clientAlgoId' must be sent, but both were empty/null!"
        raise ApiError(Code.MANDATORY_PARAM, text)
    found = desk.state.find_algo(account, algo_id=algo_id, client_id=client)
    if found is None:
        raise error(unknown)
    return found


def _algo_row(desk: Desk, algo: Algo) -> Json:
    return algo_row_body(algo, form(desk, algo.placed.symbol), desk.state.data.orders.get(algo.order_id))


async def place_algo(desk: Desk, params: Params, account: int) -> object:
    market = desk.venue.market(required(params, "symbol"))
    request = requests.new_algo(params, market.contract, desk.now())
    body = algo_body(desk.algos.place(account, request, desk.now()), form(desk, market.symbol))
    await desk.committed()
    return body


async def cancel_algo(desk: Desk, params: Params, account: int) -> object:
    algo = desk.algos.cancel(_algo(desk, params, account, FCode.CANCEL_REJECTED), desk.now())
    await desk.committed()
    placed = algo.placed
    return {"algoId": placed.algo_id, "clientAlgoId": placed.client_id, "code": "200", "msg": "success"}


async def query_algo(desk: Desk, params: Params, account: int) -> object:
    algo = _algo(desk, params, account, FCode.NO_SUCH_ORDER)
    order = desk.state.data.orders.get(algo.order_id)
    body = algo_query_body(algo, form(desk, algo.placed.symbol), order)
    await desk.committed()
    return body


async def open_algos(desk: Desk, params: Params, account: int) -> object:
    symbol, only = desk.symbol(params), integer(params, "algoId", 0)
    found = desk.state.open_algos_of(account, symbol)
    await desk.committed()
    return [_algo_row(desk, algo) for algo in found if only in (0, algo.placed.algo_id)]


async def all_algos(desk: Desk, params: Params, account: int) -> object:
    """As `all_orders`."""
    symbol, count, first = required(params, "symbol"), limit(params, 500, 1000), integer(params, "algoId", 0)
    desk.venue.market(symbol)
    start, end = window(params, desk.now())
    if first and not timed(params):
        start, end = 0, FAR
    chosen = [
        algo
        for algo in desk.state.data.algos.values()
        if algo.placed.account == account
        and algo.placed.symbol == symbol
        and algo.placed.algo_id >= first
        and start <= algo.placed.time <= end
    ]
    await desk.committed()
    oldest = bool(first or params.get("startTime"))
    return [_algo_row(desk, algo) for algo in page(chosen, count, oldest=oldest)]


async def cancel_algos(desk: Desk, params: Params, account: int) -> object:
    symbol = desk.venue.market(required(params, "symbol")).symbol
    for algo in desk.state.open_algos_of(account, symbol):
        desk.algos.cancel(algo, desk.now())
    await desk.committed()
    return DONE
