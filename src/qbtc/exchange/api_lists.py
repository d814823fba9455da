"""Order lists: placing, cancelling and asking after them; and cancelling everything on a symbol."""

from __future__ import annotations

from collections.abc import Callable

from ..core.binance.errors import (
    OCO_BAD_PRICES,
    WOULD_MATCH,
    WOULD_TRIGGER,
    ApiError,
    Code,
    either,
)
from ..core.market.engine.layout import ListKind
from ..core.market.instrument import Instrument
from .api_orders import fresh_name, placement
from .bodies import Json, cancelled_body, list_body
from .list_params import list_answer, named, oco, old_oco, opo_refusal, oto, otoco
from .model import ListView, NewList, OrderView, Range
from .operation import Api
from .params import Params, client_id, integer, limit, optional, period

Reader = Callable[[Params, Instrument], NewList]


async def place_oco(api: Api, params: Params, account: int) -> object:
    return _place(api, params, account, oco)


async def place_old_oco(api: Api, params: Params, account: int) -> object:
    return _place(api, params, account, old_oco)


async def place_oto(api: Api, params: Params, account: int) -> object:
    return _place(api, params, account, oto)


async def place_otoco(api: Api, params: Params, account: int) -> object:
    return _place(api, params, account, otoco)


async def place_opo(api: Api, params: Params, account: int) -> object:
    """Always refused: no symbol here has OPO orders (`opoAllowed` is false)."""
    raise opo_refusal(params, api.instrument(params), pair=False)


async def place_opoco(api: Api, params: Params, account: int) -> object:
    """As `place_opo`."""
    raise opo_refusal(params, api.instrument(params), pair=True)


def _place(api: Api, params: Params, account: int, read: Reader) -> Json:
    item = api.instrument(params)
    new, answer = read(params, item), list_answer(params)
    view = _placed(api, account, item, named(new, fresh_name()))
    return list_body(view) | {"orderReports": [placement(api.books, order, answer) for order in view.orders]}


def _placed(api: Api, account: int, item: Instrument, new: NewList) -> ListView:
    """An OCO on the wrong side of the market has prices in the wrong relation, whichever leg says so first."""
    try:
        return api.books.place_list(account, item.symbol, new, api.now())
    except ApiError as error:
        if new.kind is ListKind.OCO and error.msg in (WOULD_MATCH, WOULD_TRIGGER):
            raise ApiError(Code.NEW_ORDER_REJECTED, OCO_BAD_PRICES) from None
        raise


async def cancel_list(api: Api, params: Params, account: int) -> object:
    item = api.instrument(params)
    name = client_id(params, "newClientOrderId") or fresh_name()
    found = _find(api, params, account, Code.CANCEL_REJECTED, "listClientOrderId")
    if found.instrument.symbol != item.symbol or not found.open:
        raise ApiError(Code.CANCEL_REJECTED)
    return _cancel(api, account, found, name)


def _cancel(api: Api, account: int, found: ListView, name: str) -> Json:
    """Reports are of the orders that were open: the working order of an OTO may have filled before."""
    names = {order.order_id: order.client_id for order in found.orders}
    ended = {order.order_id for order in found.orders if order.open}
    after = api.books.cancel_list(account, found.list_id, api.now(), name)
    reports = [cancelled_body(order, names[order.order_id], name) for order in after.orders if order.order_id in ended]
    shown = [_called(order, names[order.order_id]) for order in after.orders]
    return list_body(after) | {"orders": shown, "orderReports": reports}


def _called(order: OrderView, name: str) -> Json:
    return {"symbol": order.instrument.symbol, "orderId": order.order_id, "clientOrderId": name}


async def query_list(api: Api, params: Params, account: int) -> object:
    return list_body(_find(api, params, account, Code.NO_SUCH_ORDER, "origClientOrderId"))


def _find(api: Api, params: Params, account: int, unknown: Code, by_name: str) -> ListView:
    wanted = integer(params, "orderListId") if optional(params, "orderListId") is not None else None
    name = optional(params, by_name)
    if wanted is None and name is None:
        raise either("orderListId", by_name)
    found = api.books.order_list(account, list_id=wanted, client_id=name if wanted is None else None)
    if found is not None and (name is None or found.client_id == name):
        return found
    text = "Order list does not exist." if unknown is Code.NO_SUCH_ORDER else None
    raise ApiError(unknown, text)


async def open_lists(api: Api, params: Params, account: int) -> object:
    return [list_body(row) for row in api.books.lists(account, only_open=True)]


async def all_lists(api: Api, params: Params, account: int) -> object:
    start, end = period(params)
    most = limit(params, 500, 1000)
    first = integer(params, "fromId") if optional(params, "fromId") is not None else None
    if first is not None and (start is not None or end is not None):
        raise ApiError(Code.BAD_COMBINATION)
    rows = api.books.lists(account, within=Range(first or 0, start, end))
    oldest = first is not None or start is not None
    return [list_body(row) for row in (rows[:most] if oldest else rows[-most:])]


async def cancel_all(api: Api, params: Params, account: int) -> object:
    """All open orders of a symbol, those of lists with their list."""
    symbol, name = api.instrument(params).symbol, fresh_name()
    found = api.books.open_orders(account, symbol)
    if not found:
        raise ApiError(Code.CANCEL_REJECTED)
    bodies: list[Json] = []
    for order in found:
        if not order.list_id:
            after = api.books.cancel(account, order.order_id, api.now(), name)
            bodies.append(cancelled_body(after, order.client_id, name))
    wanted = sorted({order.list_id for order in found if order.list_id})
    lists = [api.books.order_list(account, list_id=number) for number in wanted]
    return bodies + [_cancel(api, account, row, name) for row in lists if row is not None and row.open]
