"""Orders, lists, trades and balances as Binance's bodies, with the fields that appear only under conditions. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..core.binance.wire import Time
from ..core.market.engine.layout import Kind, ListKind, ListStatus, Status, Tif
from ..core.market.instrument import render
from .model import AmendView, ListView, OrderView, PreventedView, TradeView

Json = dict[str, object]
TRIGGERED = frozenset({Kind.STOP_LOSS, Kind.STOP_LOSS_LIMIT, Kind.TAKE_PROFIT, Kind.TAKE_PROFIT_LIMIT})
AT_MARKET = frozenset({Kind.MARKET, Kind.STOP_LOSS, Kind.TAKE_PROFIT})
LIST_WORDS = {
    ListStatus.RESPONSE: ("RESPONSE", "REJECT"),
    ListStatus.EXEC_STARTED: ("EXEC_STARTED", "EXECUTING"),
    ListStatus.UPDATED: ("UPDATED", "EXECUTING"),
    ListStatus.ALL_DONE: ("ALL_DONE", "ALL_DONE"),
    ListStatus.REJECT: ("RESPONSE", "REJECT"),
}
"""listStatusType and listOrderStatus."""


def contingency(kind: ListKind) -> str:
    """An OTOCO is an OTO on the wire."""
    return "OCO" if kind is ListKind.OCO else "OTO"


def original_lots(order: OrderView) -> int:
    """A MARKET order by quote has no quantity of its own but what it filled."""
    return order.lots or order.filled


def tif_word(order: OrderView) -> str:
    """Binance shows GTC for orders that are not asked for a timeInForce."""
    return "GTC" if order.kind in AT_MARKET else order.tif.name


def list_id(order: OrderView) -> int:
    return order.list_id or -1


def expiry_reason(order: OrderView) -> str | None:
    """Why an order expired, as far as its own record says."""
    if order.status is not Status.EXPIRED:
        return None
    taking = order.tif is not Tif.GTC or order.kind in AT_MARKET
    return "INSUFFICIENT_LIQUIDITY" if taking and order.working else None


def order_body(order: OrderView, prevented_id: int | None = None) -> Json:
    """`GET /api/v3/order`, `openOrders`, `allOrders`."""
    item = order.instrument
    body: Json = {
        "symbol": item.symbol,
        "orderId": order.order_id,
        "orderListId": list_id(order),
        "clientOrderId": order.client_id,
        "price": item.price_text(order.tick),
        "origQty": item.quantity_text(original_lots(order)),
        "executedQty": item.quantity_text(order.filled),
        "cummulativeQuoteQty": render(order.quote_filled),
        "status": order.status.name,
        "timeInForce": tif_word(order),
        "type": order.kind.name,
        "side": order.side.name,
        "stopPrice": item.price_text(order.stop_tick),
        "icebergQty": item.quantity_text(order.iceberg),
        "time": Time(order.created),
        "updateTime": Time(order.updated),
        "isWorking": order.working,
        "workingTime": _working_time(order),
        "origQuoteOrderQty": render(order.budget),
        "selfTradePreventionMode": order.stp.name,
    }
    return body | _labels(order) | _prevention(order, prevented_id) | _expiry(order)


def placed_body(
    order: OrderView, answer: str, trades: Sequence[TradeView] = (), prevented: Sequence[PreventedView] = ()
) -> Json:
    """The answer to a new order: ACK, RESULT or FULL."""
    item = order.instrument
    body: Json = {
        "symbol": item.symbol,
        "orderId": order.order_id,
        "orderListId": list_id(order),
        "clientOrderId": order.client_id,
        "transactTime": Time(order.updated),
    }
    if answer == "ACK":
        return body
    body |= _terms(order)
    body |= {"workingTime": _working_time(order)}
    if answer == "FULL":
        body["fills"] = [_fill(trade) for trade in trades]
    body["selfTradePreventionMode"] = order.stp.name
    body |= _conditions(order) | _prevention(order, prevented[-1].prevented_id if prevented else None) | _expiry(order)
    if prevented:
        body["preventedMatches"] = [_prevented_match(row) for row in prevented]
    return body


def cancelled_body(order: OrderView, original: str, name: str) -> Json:
    """The answer to a cancel called `name` of the order that was called `original`."""
    item = order.instrument
    body: Json = {
        "symbol": item.symbol,
        "origClientOrderId": original,
        "orderId": order.order_id,
        "orderListId": list_id(order),
        "clientOrderId": name,
        "transactTime": Time(order.updated),
    }
    return body | _terms(order) | _conditions(order) | {"selfTradePreventionMode": order.stp.name}


def amended_body(order: OrderView, amend: AmendView, found: ListView | None) -> Json:
    """`PUT /api/v3/order/amend/keepPriority`."""
    item = order.instrument
    terms: Json = {
        "symbol": item.symbol,
        "orderId": order.order_id,
        "orderListId": list_id(order),
        "origClientOrderId": amend.original_client_id,
        "clientOrderId": amend.new_client_id,
        "price": item.price_text(order.tick),
        "qty": item.quantity_text(order.lots),
        "executedQty": item.quantity_text(order.filled),
        "preventedQty": item.quantity_text(order.prevented),
        "quoteOrderQty": render(order.budget),
        "cumulativeQuoteQty": render(order.quote_filled),
        "status": order.status.name,
        "timeInForce": tif_word(order),
        "type": order.kind.name,
        "side": order.side.name,
    }
    if order.working:
        terms["workingTime"] = Time(order.worked)
    terms |= _conditions(order) | {"selfTradePreventionMode": order.stp.name}
    body: Json = {"transactTime": Time(amend.time), "executionId": amend.execution_id, "amendedOrder": terms}
    if found is not None:
        left = {"listStatusType", "transactionTime"}
        body["listStatus"] = {name: value for name, value in list_body(found).items() if name not in left}
    return body


def amendment_row(amend: AmendView, order: OrderView) -> Json:
    """One row of `GET /api/v3/order/amendments`."""
    item = order.instrument
    return {
        "symbol": item.symbol,
        "orderId": amend.order_id,
        "executionId": amend.execution_id,
        "origClientOrderId": amend.original_client_id,
        "newClientOrderId": amend.new_client_id,
        "origQty": item.quantity_text(amend.before),
        "newQty": item.quantity_text(amend.after),
        "time": Time(amend.time),
    }


def list_body(found: ListView) -> Json:
    """An order list without its orders' reports."""
    kind, status = LIST_WORDS[found.status]
    return {
        "orderListId": found.list_id,
        "contingencyType": contingency(found.kind),
        "listStatusType": kind,
        "listOrderStatus": status,
        "listClientOrderId": found.client_id,
        "transactionTime": Time(found.time),
        "symbol": found.instrument.symbol,
        "orders": [
            {"symbol": found.instrument.symbol, "orderId": order.order_id, "clientOrderId": order.client_id}
            for order in found.orders
        ],
    }


def trade_row(trade: TradeView) -> Json:
    """One row of `GET /api/v3/myTrades`."""
    item = trade.instrument
    return {
        "symbol": item.symbol,
        "id": trade.trade_id,
        "orderId": trade.order_id,
        "orderListId": trade.list_id or -1,
        "price": item.price_text(trade.tick),
        "qty": item.quantity_text(trade.lots),
        "quoteQty": render(trade.quote),
        "commission": render(trade.fee),
        "commissionAsset": trade.fee_asset,
        "time": Time(trade.time),
        "isBuyer": trade.buyer,
        "isMaker": trade.maker,
        "isBestMatch": True,
    }


def prevented_row(row: PreventedView, account: int) -> Json:
    """One row of `GET /api/v3/myPreventedMatches`; an account is its own trade group."""
    item = row.instrument
    body: Json = {
        "symbol": item.symbol,
        "preventedMatchId": row.prevented_id,
        "takerOrderId": row.taker_id,
        "makerSymbol": item.symbol,
        "makerOrderId": row.maker_id,
        "tradeGroupId": account,
        "selfTradePreventionMode": row.stp.name,
        "price": item.price_text(row.tick),
    }
    return body | _prevented_quantities(row) | {"transactTime": Time(row.time)}


def _terms(order: OrderView) -> Json:
    item = order.instrument
    return {
        "price": item.price_text(order.tick),
        "origQty": item.quantity_text(original_lots(order)),
        "executedQty": item.quantity_text(order.filled),
        "origQuoteOrderQty": render(order.budget),
        "cummulativeQuoteQty": render(order.quote_filled),
        "status": order.status.name,
        "timeInForce": tif_word(order),
        "type": order.kind.name,
        "side": order.side.name,
    }


def _working_time(order: OrderView) -> Time:
    return Time(order.worked if order.worked else -1)


def _conditions(order: OrderView) -> Json:
    """Fields of placements and cancels that need a reason to appear."""
    item, body = order.instrument, _labels(order)
    if order.kind in TRIGGERED:
        body["stopPrice"] = item.price_text(order.stop_tick)
    if order.iceberg:
        body["icebergQty"] = item.quantity_text(order.iceberg)
    return body


def _labels(order: OrderView) -> Json:
    body: Json = {}
    if order.trailing:
        body["trailingDelta"] = order.trailing
        body["trailingTime"] = Time(order.trailed_at or -1)
    if order.strategy_id:
        body["strategyId"] = order.strategy_id
    if order.strategy_type:
        body["strategyType"] = order.strategy_type
    return body


def _prevention(order: OrderView, prevented_id: int | None) -> Json:
    if not order.prevented:
        return {}
    body: Json = {} if prevented_id is None else {"preventedMatchId": prevented_id}
    return body | {"preventedQuantity": order.instrument.quantity_text(order.prevented)}


def _expiry(order: OrderView) -> Json:
    reason = expiry_reason(order)
    return {} if reason is None else {"expiryReason": reason}


def _prevented_match(row: PreventedView) -> Json:
    body: Json = {
        "preventedMatchId": row.prevented_id,
        "makerOrderId": row.maker_id,
        "price": row.instrument.price_text(row.tick),
    }
    return body | _prevented_quantities(row)


def _prevented_quantities(row: PreventedView) -> Json:
    """Whose quantity ended: the taker's, the maker's or both, as the mode says."""
    item, mode = row.instrument, row.stp.name
    body: Json = {}
    if mode in ("EXPIRE_TAKER", "EXPIRE_BOTH", "DECREMENT"):
        body["takerPreventedQuantity"] = item.quantity_text(row.taker_lots)
    if mode in ("EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"):
        body["makerPreventedQuantity"] = item.quantity_text(row.maker_lots)
    return body


def _fill(trade: TradeView) -> Json:
    item = trade.instrument
    return {
        "price": item.price_text(trade.tick),
        "qty": item.quantity_text(trade.lots),
        "commission": render(trade.fee),
        "commissionAsset": trade.fee_asset,
        "tradeId": trade.trade_id,
    }
