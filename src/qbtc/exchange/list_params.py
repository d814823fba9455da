"""Parameters of order lists into a NewList: OCO (both forms), OTO, OTOCO; OPO and OPOCO are refused. Pure.

Which leg is above and which below, which types may be where, and how their own prices must lie to each other; how they
lie to the last trade is the books' business.
"""

from __future__ import annotations

import msgspec

from ..core.binance.errors import NO_OPO, OCO_BAD_PRICES, ApiError, Code, not_required
from ..core.market.engine.layout import Kind, ListKind, Side
from ..core.market.instrument import Instrument
from .model import NewList, NewOrder
from .order_params import ANSWERS, Names, new_order
from .params import Params, choice, client_id, required

_LIMITS = (Kind.LIMIT_MAKER,)
_STOPS = (Kind.STOP_LOSS, Kind.STOP_LOSS_LIMIT)
_PROFITS = (Kind.TAKE_PROFIT, Kind.TAKE_PROFIT_LIMIT)
_SHARED = {"side": "side", "quantity": "quantity"}
ABOVE, BELOW = (Names.prefixed(p, shared=_SHARED) for p in ("above", "below"))
WORKING, PENDING = (Names.prefixed(p) for p in ("working", "pending"))
_PAIR = {"side": "pendingSide", "quantity": "pendingQuantity"}
PENDING_ABOVE, PENDING_BELOW = (Names.prefixed(p, shared=_PAIR) for p in ("pendingAbove", "pendingBelow"))
_OLD_LIMIT = Names(
    {
        "clientOrderId": "limitClientOrderId", "icebergQty": "limitIcebergQty", "strategyId": "limitStrategyId",
        "strategyType": "limitStrategyType", "timeInForce": "-", "stopPrice": "-", "trailingDelta": "-",
    }
)  # fmt: skip
_OLD_STOP = Names(
    {
        "clientOrderId": "stopClientOrderId", "price": "stopLimitPrice", "timeInForce": "stopLimitTimeInForce",
        "icebergQty": "stopIcebergQty", "strategyId": "stopStrategyId", "strategyType": "stopStrategyType",
    }
)  # fmt: skip


def list_answer(params: Params) -> str:
    return choice(params, "newOrderRespType", ANSWERS, "RESULT") or "RESULT"


def oco(params: Params, instrument: Instrument) -> NewList:
    """`orderList/oco`. Raises ApiError."""
    for name in ("side", "quantity", "aboveType", "belowType"):
        required(params, name)
    pair = _pair(new_order(params, instrument, ABOVE), new_order(params, instrument, BELOW))
    return NewList(kind=ListKind.OCO, orders=pair, client_id=client_id(params, "listClientOrderId"))


def old_oco(params: Params, instrument: Instrument) -> NewList:
    """`order/oco`, deprecated: a LIMIT_MAKER at `price` and a stop at `stopPrice`."""
    for name in ("side", "quantity", "price", "stopPrice"):
        required(params, name)
    if params.get("stopLimitTimeInForce") and not params.get("stopLimitPrice"):
        raise not_required("stopLimitTimeInForce")
    limit = new_order({**params, "type": "LIMIT_MAKER"}, instrument, _OLD_LIMIT)
    kind = "STOP_LOSS_LIMIT" if params.get("stopLimitPrice") else "STOP_LOSS"
    stop = new_order({**params, "type": kind}, instrument, _OLD_STOP)
    above, below = (limit, stop) if limit.side is Side.SELL else (stop, limit)
    pair = _pair(above, below)
    return NewList(kind=ListKind.OCO, orders=pair, client_id=client_id(params, "listClientOrderId"))


def oto(params: Params, instrument: Instrument) -> NewList:
    """`orderList/oto`. Raises ApiError."""
    working = _working(params, instrument)
    if params.get("pendingQuoteOrderQty"):
        raise not_required("pendingQuoteOrderQty")
    pending = new_order(params, instrument, PENDING)
    return NewList(kind=ListKind.OTO, orders=(working, pending), client_id=client_id(params, "listClientOrderId"))


def otoco(params: Params, instrument: Instrument) -> NewList:
    """`orderList/otoco`. Raises ApiError."""
    working = _working(params, instrument)
    for name in ("pendingSide", "pendingQuantity", "pendingAboveType", "pendingBelowType"):
        required(params, name)
    above, below = _pair(new_order(params, instrument, PENDING_ABOVE), new_order(params, instrument, PENDING_BELOW))
    orders = (working, above, below)
    return NewList(kind=ListKind.OTOCO, orders=orders, client_id=client_id(params, "listClientOrderId"))


def opo_refusal(params: Params, instrument: Instrument, *, pair: bool) -> ApiError:
    """OPO and OPOCO: what is wrong with the request itself, else that no symbol of this venue has them."""
    working = _working(params, instrument)
    required(params, "pendingAboveType" if pair else "pendingType")
    if working.side is not Side.BUY:
        return ApiError(Code.OPO_WORKING_MUST_BE_BUY)
    if required(params, "pendingSide") != "SELL":
        return ApiError(Code.OPO_PENDING_MUST_BE_SELL)
    if params.get("pendingQuantity"):
        text = "Pending orders should not include the 'pendingQuantity' tag."
        return ApiError(Code.PENDING_PARAM_NOT_REQUIRED, text)
    return ApiError(Code.NEW_ORDER_REJECTED, NO_OPO)


def _working(params: Params, instrument: Instrument) -> NewOrder:
    for name in ("workingType", "workingSide", "workingPrice", "workingQuantity"):
        required(params, name)
    working = new_order(params, instrument, WORKING)
    if working.kind not in (Kind.LIMIT, Kind.LIMIT_MAKER):
        raise ApiError(Code.INVALID_ORDER_TYPE)
    return working


def _pair(above: NewOrder, below: NewOrder) -> tuple[NewOrder, NewOrder]:
    """The two orders of an OCO. Raises ApiError -1158 to -1199 or, for their prices, -2010."""
    for order in (above, below):
        if order.kind not in (*_LIMITS, *_STOPS, *_PROFITS):
            raise ApiError(Code.OCO_ORDER_TYPE)
    if above.kind in _LIMITS and below.kind in _LIMITS:
        raise ApiError(Code.BOTH_OCO_ORDERS_CANNOT_BE_LIMIT)
    _check_places(above, below)
    if (above.kind in _STOPS) == (below.kind in _STOPS):
        raise ApiError(Code.UNKNOWN_ORDER_COMPOSITION)
    high, low = (order.stop_tick or order.tick for order in (above, below))
    if high and low and high <= low and not (above.trailing or below.trailing):
        raise ApiError(Code.NEW_ORDER_REJECTED, OCO_BAD_PRICES)
    return above, below


def _check_places(above: NewOrder, below: NewOrder) -> None:
    buying = above.side is Side.BUY
    wrong = above if buying else below
    if wrong.kind in _LIMITS:
        raise ApiError(Code.BUY_OCO_LIMIT_MUST_BE_BELOW if buying else Code.SELL_OCO_LIMIT_MUST_BE_ABOVE)
    if wrong.kind in _PROFITS:
        raise ApiError(Code.BUY_OCO_TAKE_PROFIT_MUST_BE_BELOW if buying else Code.SELL_OCO_TAKE_PROFIT_MUST_BE_ABOVE)
    other = below if buying else above
    if other.kind in _STOPS:
        raise ApiError(Code.BUY_OCO_STOP_LOSS_MUST_BE_ABOVE if buying else Code.SELL_OCO_STOP_LOSS_MUST_BE_BELOW)


def named(new: NewList, name: str) -> NewList:
    """The list with a client id of its own where it came without one."""
    return new if new.client_id else msgspec.structs.replace(new, client_id=name)
