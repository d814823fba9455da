"""What an order or a cancel asks a spot venue for: the parameters of its request, as they go on the wire.

What is left out is what the adapter adds at the moment of sending: recvWindow, timestamp and signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from qbtc.contracts.common import OrderType

from .orders import Order
from .units import text


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wants an order: a strategy, or an operation of a person."""

    client_order_id: str | None = None
    strategy: str | None = None
    operation: str | None = None
    ioc: bool = False
    post: bool = False
    fok: bool = False
    frame_ns: int | None = None
    closing: bool = False
    """It closes a position after a kill, which needs no permission and no disk; only `Trader.close` says so."""


def order_parameters(order: Order) -> dict[str, str]:
    params = {
        "symbol": order.symbol, "side": order.side.value, "type": _type(order), "quantity": text(order.quantity),
        "newClientOrderId": order.client_order_id, "newOrderRespType": "ACK",
    }  # fmt: skip
    if order.type is OrderType.LIMIT and order.price is not None:
        params["price"] = text(order.price)
        if params["type"] != "LIMIT_MAKER":
            params["timeInForce"] = force(order)
    if order.trigger is not None:
        params["stopPrice"] = text(order.trigger)
    return params


def force(order: Order) -> str:
    """How long a limit order stays: FOK, IOC or GTC."""
    return "FOK" if order.fok else "IOC" if order.ioc else "GTC"


def _type(order: Order) -> str:
    if order.trigger is None:
        return "LIMIT_MAKER" if order.post and order.type is OrderType.LIMIT else order.type.value
    return ("TAKE_PROFIT" if order.touched else "STOP_LOSS") + ("_LIMIT" if order.type is OrderType.LIMIT else "")


def cancel_parameters(symbol: str, client_order_id: str) -> dict[str, str]:
    return {"symbol": symbol, "origClientOrderId": client_order_id}


def order_query(order: Order) -> str:
    """Method, path and query of the request up to what is added when it is sent."""
    return f"POST /api/v3/order?{urlencode(order_parameters(order))}"


def cancel_query(order: Order) -> str:
    return f"DELETE /api/v3/order?{urlencode(cancel_parameters(order.symbol, order.client_order_id))}"
