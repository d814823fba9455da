"""Cancel an order and place another in one request, in both modes, with Binance's nested answers."""

from __future__ import annotations

from collections.abc import Callable

from ..core.binance.errors import REJECT_REASONS, ApiError, Code, invalid
from ..core.market.instrument import Instrument
from .api_orders import cancel_restriction, cancelled, find, fresh_name, placed
from .bodies import Json
from .model import NewOrder, rejected
from .operation import Api
from .order_params import answer_kind, new_order
from .params import Params, choice, client_id, required

NAMES = ("cancelOrderId", "cancelOrigClientOrderId")
MODES = ("STOP_ON_FAILURE", "ALLOW_FAILURE")
Outcome = tuple[str, object]


async def cancel_replace(api: Api, params: Params, account: int) -> object:
    """As rest-api.md says, filters are evaluated before anything is cancelled, so that an order they refuse costs nobody
    the resting one; the order about to go still counts in all of them (MAX_NUM_ORDERS, MAX_POSITION and the others)."""
    mode = required(params, "cancelReplaceMode")
    if mode not in MODES:
        raise invalid("cancelReplaceMode")
    item = api.instrument(params)
    order = new_order(params, item)
    answer = answer_kind(params, order.kind)
    api.books.screen(account, item.symbol, order, api.now())
    limited = _count(api, params, account)
    cancel = _attempt(lambda: _cancel(api, params, account))
    if cancel[0] == "FAILURE" and mode == "STOP_ON_FAILURE":
        place: Outcome = ("NOT_ATTEMPTED", None)
    elif limited:
        place = ("FAILURE", limited.body())
    else:
        place = _attempt(lambda: _place(api, account, item, order, answer, cancelled=cancel[0] == "SUCCESS"))
    return _finish(cancel, place, 429 if limited and mode == "STOP_ON_FAILURE" else None)


def _cancel(api: Api, params: Params, account: int) -> Json:
    name, restriction = client_id(params, "cancelNewClientOrderId") or fresh_name(), cancel_restriction(params)
    return cancelled(api, account, find(api, params, account, Code.CANCEL_REJECTED, NAMES), name, restriction)


def _place(api: Api, account: int, item: Instrument, order: NewOrder, answer: str, *, cancelled: bool) -> Json:
    """Place it. Who listens hears of a refusal only if the other order is gone already."""
    try:
        return placed(api, account, item, order, answer)
    except ApiError as error:
        if cancelled:
            reason = REJECT_REASONS.get(error.msg, "NONE")
            api.books.on_report(rejected(account, item, order, reason, api.now()))
        raise


def _count(api: Api, params: Params, account: int) -> ApiError | None:
    """Count the new order, which counts even if it is not attempted. If it is one too many: raises ApiError -1015, or
    returns it where the cancel should be tried all the same."""
    mode = choice(params, "orderRateLimitExceededMode", ("DO_NOTHING", "CANCEL_ONLY"), "DO_NOTHING")
    counted, now = api.limits.orders(account), api.wall()
    try:
        counted.check(1, now)
    except ApiError as error:
        if mode == "DO_NOTHING":
            raise
        return error
    counted.add(1, now)
    return None


def _attempt(call: Callable[[], Json]) -> Outcome:
    try:
        return "SUCCESS", call()
    except ApiError as error:
        return "FAILURE", error.body()


def _finish(cancel: Outcome, place: Outcome, status: int | None) -> object:
    body = {
        "cancelResult": cancel[0],
        "newOrderResult": place[0],
        "cancelResponse": cancel[1],
        "newOrderResponse": place[1],
    }
    succeeded = [outcome[0] == "SUCCESS" for outcome in (cancel, place)]
    if all(succeeded):
        return body
    code = Code.CANCEL_REPLACE_PARTIALLY_FAILED if any(succeeded) else Code.CANCEL_REPLACE_FAILED
    raise ApiError(code, status=status, data=body)
