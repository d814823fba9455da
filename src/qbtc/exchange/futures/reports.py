"""Orders, algo orders and trades as REST and the WebSocket API show them. Pure; shapes after the SDK's models."""

from __future__ import annotations

from ...core.market.futures.events import side_name
from ...core.market.futures.market import Market
from ...core.market.futures.records import Algo, Change, Order, Trade
from ...core.market.futures.wire import MS, Json, dec


class Format:
    """Decimal places of one contract; eight if it is served no more."""

    def __init__(self, market: Market | None) -> None:
        self._price = market.contract.price_places if market else 8
        self._quantity = market.contract.quantity_places if market else 8

    def price(self, value: int) -> str:
        return dec(value, self._price) if value else "0"

    def quantity(self, value: int) -> str:
        return dec(value, self._quantity)


def order_body(order: Order, form: Format) -> Json:
    """`GET /fapi/v1/order` and friends."""
    placed = order.placed
    return {
        "orderId": placed.order_id,
        "symbol": placed.symbol,
        "status": order.status,
        "clientOrderId": placed.client_id,
        "price": form.price(order.price),
        "avgPrice": form.price(order.average) if order.filled else "0.00",
        "origQty": form.quantity(order.quantity),
        "executedQty": form.quantity(order.filled),
        "cumQuote": dec(order.quote),
        "timeInForce": placed.tif,
        "type": placed.kind,
        "reduceOnly": placed.reduce,
        "closePosition": placed.close,
        "side": side_name(placed.side),
        "positionSide": placed.leg,
        "stopPrice": form.price(placed.stop),
        "workingType": placed.working,
        "priceProtect": placed.protect,
        "origType": placed.origin or placed.kind,
        "priceMatch": placed.match,
        "selfTradePreventionMode": placed.stp,
        "goodTillDate": placed.gtd // MS,
        "time": placed.time // MS,
        "updateTime": order.updated // MS,
    }


def placed_body(order: Order, form: Format) -> Json:
    """The answer to placing, amending or cancelling."""
    body = order_body(order, form)
    body["cumQty"] = body["executedQty"]
    del body["time"]
    return body


def amended_body(order: Order, form: Format, modify_id: int | None) -> Json:
    body = placed_body(order, form) | {"pair": order.placed.symbol}
    return body | {"modifyId": modify_id} if modify_id is not None else body


def change_body(change: Change, order: Order | None, form: Format) -> Json:
    symbol = order.placed.symbol if order else ""
    return {
        "amendmentId": change.change_id,
        "symbol": symbol,
        "pair": symbol,
        "orderId": change.order_id,
        "clientOrderId": order.placed.client_id if order else "",
        "time": change.time // MS,
        "amendment": {
            "price": {"before": form.price(change.price_before), "after": form.price(change.price_after)},
            "origQty": {
                "before": form.quantity(change.quantity_before),
                "after": form.quantity(change.quantity_after),
            },
            "count": change.count,
        },
    }


def algo_body(algo: Algo, form: Format) -> Json:
    """The answer to placing one, and what all other bodies have too."""
    placed = algo.placed
    body: Json = {
        "algoId": placed.algo_id,
        "clientAlgoId": placed.client_id,
        "algoType": "CONDITIONAL",
        "orderType": placed.kind,
        "symbol": placed.symbol,
        "side": side_name(placed.side),
        "positionSide": placed.leg,
        "timeInForce": placed.tif,
        "quantity": form.quantity(placed.quantity),
        "algoStatus": algo.status,
        "triggerPrice": form.price(placed.trigger),
        "price": form.price(placed.price),
        "icebergQuantity": None,
        "selfTradePreventionMode": placed.stp,
        "workingType": placed.working,
        "priceMatch": placed.match,
        "closePosition": placed.close,
        "priceProtect": placed.protect,
        "reduceOnly": placed.reduce,
        "createTime": placed.time // MS,
        "updateTime": algo.updated // MS,
        "triggerTime": algo.triggered // MS,
        "goodTillDate": placed.gtd // MS,
    }
    if placed.kind == "TRAILING_STOP_MARKET":
        body |= {"activatePrice": form.price(placed.activate), "callbackRate": dec(placed.rate * 100, 2)}
    return body


def algo_query_body(algo: Algo, form: Format, order: Order | None) -> Json:
    """`GET /fapi/v1/algoOrder`; `order` is what it became."""
    return algo_body(algo, form) | {
        "actualOrderId": str(algo.order_id) if algo.order_id else "",
        "actualPrice": form.price(order.average) if order else "0",
        "actualQty": form.quantity(order.filled) if order else "0",
        "actualType": order.placed.kind if order else "",
        "tpOrderType": "",
    }


def algo_row_body(algo: Algo, form: Format, order: Order | None) -> Json:
    """One row of a list of algo orders."""
    return algo_body(algo, form) | {
        "actualOrderId": str(algo.order_id) if algo.order_id else "",
        "actualPrice": form.price(order.average) if order else "0",
        "tpTriggerPrice": "0.000",
        "tpPrice": "0.000",
        "slTriggerPrice": "0.000",
        "slPrice": "0.000",
        "tpOrderType": "",
    }


def trade_body(trade: Trade, form: Format) -> Json:
    return {
        "symbol": trade.symbol,
        "id": trade.trade_id,
        "orderId": trade.order_id,
        "side": side_name(trade.side),
        "price": form.price(trade.price),
        "qty": form.quantity(trade.quantity),
        "realizedPnl": dec(trade.realised),
        "quoteQty": dec(trade.price * trade.quantity // 10**8),
        "commission": dec(trade.fee),
        "commissionAsset": "USDT",
        "marginAsset": "USDT",
        "time": trade.time // MS,
        "positionSide": trade.leg,
        "buyer": trade.side > 0,
        "maker": trade.maker,
    }
