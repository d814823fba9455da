"""What is open to all beside market data: ping, time, exchangeInfo, execution rules, reference prices, SOR's refusal,
and the user data stream endpoints that Binance retired."""

from __future__ import annotations

import time

from ..core.binance.errors import ApiError, Code, invalid
from ..core.binance.wire import Time
from .bodies import Json
from .model import Books
from .operation import Api
from .order_params import new_order
from .params import Params, boolean, choice, integer, limit, optional, texts
from .symbol_info import exchange_filters, symbol_info

STATUSES = ("TRADING", "HALT", "BREAK")
PERMISSIONS = (
    "SPOT", "MARGIN", "LEVERAGED", *(f"TRD_GRP_{number:03}" for number in range(2, 26)),
)  # fmt: skip


async def ping(api: Api, params: Params, account: int) -> object:
    return {}


async def server_time(api: Api, params: Params, account: int) -> object:
    """The wall clock: what timestamps of signed requests are checked against."""
    return {"serverTime": Time(api.wall())}


async def market_status(api: Api, params: Params, account: int) -> object:
    return api.session.describe(time.time_ns())


async def exchange_info(api: Api, params: Params, account: int) -> object:
    sets = boolean(params, "showPermissionSets", default=True)
    names = chosen_symbols(api.books, params, extra=("permissions",))
    if not _permitted(params):
        names = []
    rows = [
        symbol_info(api.books.instruments[n], api.books.rules(n), closed=api.books.closed, permission_sets=sets)
        for n in names
    ]
    return {
        "timezone": "UTC",
        "serverTime": Time(api.wall()),
        "rateLimits": api.limits.allowed.rows(),
        "exchangeFilters": exchange_filters(),
        "symbols": rows,
    }


def chosen_symbols(books: Books, params: Params, extra: tuple[str, ...] = ()) -> list[str]:
    """By `symbol`, `symbols` or `symbolStatus`, which exclude each other. Raises ApiError -1121, -1122 or -1128."""
    one, several, status = optional(params, "symbol"), texts(params, "symbols"), symbol_status(params)
    given = [value for value in (one, several, *(params.get(name) for name in extra)) if value]
    if len(given) > 1 or (status and (one or several)):
        raise ApiError(Code.BAD_COMBINATION)
    names = [one] if one else several if several is not None else sorted(books.instruments)
    if any(name not in books.instruments for name in names):
        raise ApiError(Code.BAD_SYMBOL)
    matching = status in (None, "BREAK" if books.closed else "TRADING")
    return names if matching else []


def symbol_status(params: Params) -> str | None:
    try:
        return choice(params, "symbolStatus", STATUSES)
    except ApiError:
        raise ApiError(Code.INVALID_SYMBOL_STATUS) from None


def _permitted(params: Params) -> bool:
    """Whether symbols, all of them SPOT, are among those with the asked permissions."""
    text = optional(params, "permissions")
    if text is None:
        return True
    wanted = (texts(params, "permissions") or []) if text.startswith("[") else [text]
    if any(name not in PERMISSIONS for name in wanted):
        raise invalid("permissions")
    return "SPOT" in wanted


async def execution_rules(api: Api, params: Params, account: int) -> object:
    """No symbol here has a price range rule: each has an empty list of rules."""
    names = chosen_symbols(api.books, params)
    return {"symbolRules": [{"symbol": name, "rules": []} for name in names]}


def execution_rules_weight(params: Params) -> int:
    if params.get("symbol"):
        return 2
    several = params.get("symbols", "")
    return min(2 * (several.count(",") + 1), 40) if several else 40


async def reference_price(api: Api, params: Params, account: int) -> object:
    """Refused: without execution rules no symbol here has a reference price."""
    api.instrument(params)
    raise ApiError(Code.NO_REFERENCE_PRICE)


async def block_trades(api: Api, params: Params, account: int) -> object:
    """Always empty: nobody trades blocks here."""
    api.instrument(params)
    limit(params, 500, 1000)
    integer(params, "fromId", 0)
    return []


async def sor_order(api: Api, params: Params, account: int) -> object:
    """Refused: `sors` of exchangeInfo is absent, so no symbol has smart order routing."""
    item = api.instrument(params)
    order = new_order(params, item)
    if order.kind.name not in ("LIMIT", "MARKET") or order.budget:
        raise ApiError(Code.UNKNOWN_ORDER_COMPOSITION)
    raise ApiError(Code.INVALID_MESSAGE, f"{item.symbol} does not support SOR.")


async def retired(api: Api, params: Params, account: int) -> object:
    """listenKeys are gone; user data comes from `userDataStream.subscribe` of the WebSocket API."""
    text = "This service is no longer available. Use userDataStream.subscribe of the WebSocket API."
    raise ApiError(Code.SERVICE_SHUTTING_DOWN, text, status=410)


def empty_futures(now: int) -> Json:
    """exchangeInfo of a product that is not traded here."""
    return {
        "timezone": "UTC",
        "serverTime": Time(now),
        "rateLimits": [],
        "exchangeFilters": [],
        "assets": [],
        "symbols": [],
    }
