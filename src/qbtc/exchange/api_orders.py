"""Placing, testing, amending and cancelling single orders, and asking after them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from ..core.binance.errors import AMEND_INCREASE, CANCEL_RESTRICTED, NO_CHANGE, ApiError, Code, either
from ..core.market.engine.layout import Kind, Status, Stp
from ..core.market.instrument import Instrument, render
from .bodies import Json, amended_body, amendment_row, cancelled_body, order_body, placed_body
from .model import Books, NewOrder, OrderView, PreventedView, Range
from .operation import Api
from .order_params import answer_kind, new_order, quantity
from .params import Params, boolean, choice, client_id, integer, limit, optional, period, required

RESTRICTIONS = ("ONLY_NEW", "ONLY_PARTIALLY_FILLED")


def fresh_name() -> str:
    """A client order id for a cancel or an amendment that came without one."""
    return secrets.token_urlsafe(16)


async def place_order(api: Api, params: Params, account: int) -> object:
    item = api.instrument(params)
    order = new_order(params, item)
    return placed(api, account, item, order, answer_kind(params, order.kind))


def placed(api: Api, account: int, item: Instrument, order: NewOrder, answer: str) -> Json:
    """Place and render."""
    view = api.books.place(account, item.symbol, order, api.now())
    return placement(api.books, view, answer)


def placement(books: Books, view: OrderView, answer: str) -> Json:
    symbol = view.instrument.symbol
    full = answer == "FULL" and view.filled
    trades = books.trades(view.account, symbol, view.order_id) if full else ()
    return placed_body(view, answer, trades, prevented_of(books, view) if answer != "ACK" else ())


def prevented_of(books: Books, view: OrderView) -> Sequence[PreventedView]:
    """The prevented matches of an order, none if nothing was prevented. A taker that expired makers lost nothing."""
    if not view.prevented and view.stp is not Stp.EXPIRE_MAKER:
        return ()
    return books.prevented(view.account, view.instrument.symbol, view.order_id)


async def test_order(api: Api, params: Params, account: int) -> object:
    item = api.instrument(params)
    order = new_order(params, item)
    answer_kind(params, order.kind)
    api.books.test(account, item.symbol, order, api.now())
    return test_commission(api, item.symbol) if boolean(params, "computeCommissionRates") else {}


def test_commission(api: Api, symbol: str) -> Json:
    rules = api.books.rules(symbol)
    rates = {"maker": render(int(rules["maker_rate"])), "taker": render(int(rules["taker_rate"]))}
    none = {"maker": render(0), "taker": render(0)}
    return {
        "standardCommissionForOrder": rates,
        "specialCommissionForOrder": none,
        "taxCommissionForOrder": none,
        "discount": no_discount(),
    }


def no_discount() -> Json:
    """Commission is never paid in BNB here."""
    return {"enabledForAccount": False, "enabledForSymbol": False, "discountAsset": "BNB", "discount": render(0)}


def test_weight(params: Params) -> int:
    return 20 if params.get("computeCommissionRates", "").lower() == "true" else 1


def find(
    api: Api, params: Params, account: int, unknown: Code, names: tuple[str, str] = ("orderId", "origClientOrderId")
) -> OrderView:
    """The order that parameters name: by id first, then its client id is checked. Raises ApiError."""
    by_id, by_name = names
    order_id = integer(params, by_id) if optional(params, by_id) is not None else None
    name = optional(params, by_name)
    if order_id is None and name is None:
        raise either(by_name, by_id)
    item = api.instrument(params)
    found = api.books.order(account, item.symbol, order_id=order_id, client_id=name if order_id is None else None)
    if found is None or found.instrument.symbol != item.symbol:
        raise ApiError(unknown)
    if name is not None and found.client_id != name:
        raise ApiError(Code.CLIENT_ORDER_ID_INVALID)
    return found


async def cancel_order(api: Api, params: Params, account: int) -> object:
    name = client_id(params, "newClientOrderId") or fresh_name()
    restriction = cancel_restriction(params)
    return cancelled(api, account, find(api, params, account, Code.CANCEL_REJECTED), name, restriction)


def cancel_restriction(params: Params) -> str | None:
    try:
        return choice(params, "cancelRestrictions", RESTRICTIONS)
    except ApiError:
        raise ApiError(Code.INVALID_CANCEL_RESTRICTIONS) from None


def cancelled(api: Api, account: int, order: OrderView, name: str, restriction: str | None) -> Json:
    """Cancel an order and render it. Raises ApiError -2011."""
    if not order.open:
        raise ApiError(Code.CANCEL_REJECTED)
    needed = {"ONLY_NEW": Status.NEW, "ONLY_PARTIALLY_FILLED": Status.PARTIALLY_FILLED}
    if restriction and order.status is not needed[restriction]:
        raise ApiError(Code.CANCEL_REJECTED, CANCEL_RESTRICTED)
    after = api.books.cancel(account, order.order_id, api.now(), name)
    return cancelled_body(after, order.client_id, name)


async def amend_order(api: Api, params: Params, account: int) -> object:
    required(params, "newQty")
    name = client_id(params, "newClientOrderId") or fresh_name()
    order = find(api, params, account, Code.ORDER_AMEND_REJECTED)
    lots = quantity(params, order.instrument, "newQty")
    if not order.open:
        raise ApiError(Code.ORDER_AMEND_REJECTED, "Unknown order sent.")
    if lots >= order.lots:
        raise ApiError(Code.ORDER_AMEND_REJECTED, NO_CHANGE if lots == order.lots else AMEND_INCREASE)
    amend = api.books.amend(account, order.order_id, lots, api.now(), name)
    after = api.books.order(account, order.instrument.symbol, order_id=order.order_id) or order
    listed = api.books.order_list(account, list_id=after.list_id) if after.list_id else None
    return amended_body(after, amend, listed)


async def amendments(api: Api, params: Params, account: int) -> object:
    order_id, most = integer(params, "orderId"), limit(params, 500, 1000)
    first = integer(params, "fromExecutionId", 0)
    item = api.instrument(params)
    order = api.books.order(account, item.symbol, order_id=order_id)
    if order is None:
        return []
    rows = [row for row in api.books.amendments(account, order_id) if row.execution_id >= first]
    return [amendment_row(row, order) for row in rows[:most]]


async def query_order(api: Api, params: Params, account: int) -> object:
    return shown(api, find(api, params, account, Code.NO_SUCH_ORDER))


def shown(api: Api, order: OrderView) -> Json:
    rows = prevented_of(api.books, order) if order.prevented else ()
    return order_body(order, rows[-1].prevented_id if rows else None)


async def open_orders(api: Api, params: Params, account: int) -> object:
    symbol = api.instrument(params).symbol if optional(params, "symbol") is not None else None
    return [shown(api, order) for order in api.books.open_orders(account, symbol)]


def open_orders_weight(params: Params) -> int:
    return 6 if params.get("symbol") else 80


async def all_orders(api: Api, params: Params, account: int) -> object:
    item, most = api.instrument(params), limit(params, 500, 1000)
    start, end = period(params)
    first = integer(params, "orderId", 0)
    rows = api.books.all_orders(account, item.symbol, Range(first, start, end))
    oldest = first or start is not None
    return [shown(api, order) for order in (rows[:most] if oldest else rows[-most:])]


def order_kinds() -> list[str]:
    """`orderTypes` of exchangeInfo."""
    return [kind.name for kind in Kind]
