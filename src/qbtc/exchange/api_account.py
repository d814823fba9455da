"""The account: balances, commissions, its trades, prevented matches, allocations, order count and filters."""

from __future__ import annotations

from ..core.binance.errors import ApiError, Code
from ..core.binance.wire import Time
from ..core.market.instrument import render
from .api_orders import no_discount
from .bodies import Json, prevented_row, trade_row
from .model import Range
from .operation import Api
from .params import Params, boolean, integer, limit, optional, period
from .symbol_info import exchange_filters, symbol_filters

NO_RATE = render(0)


async def account_status(api: Api, params: Params, account: int) -> object:
    hide = boolean(params, "omitZeroBalances")
    rows = [
        {"asset": asset, "free": render(free), "locked": render(locked)}
        for asset, (free, locked) in sorted(api.books.balances(account).items())
        if free or locked or not hide
    ]
    maker, taker = _rates(api, None)
    return {
        "makerCommission": maker // 10_000,
        "takerCommission": taker // 10_000,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": {"maker": render(maker), "taker": render(taker), "buyer": NO_RATE, "seller": NO_RATE},
        "canTrade": True,
        "canWithdraw": False,
        "canDeposit": False,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": Time(api.now()),
        "accountType": "SPOT",
        "balances": rows,
        "permissions": ["SPOT"],
        "uid": account,
    }


def _rates(api: Api, symbol: str | None) -> tuple[int, int]:
    """Maker and taker rate in 1e-8, of a symbol or of the first one."""
    name = symbol or next(iter(api.books.instruments), None)
    if name is None:
        return 0, 0
    rules = api.books.rules(name)
    return int(rules["maker_rate"]), int(rules["taker_rate"])


async def commission(api: Api, params: Params, account: int) -> object:
    symbol = api.instrument(params).symbol
    maker, taker = _rates(api, symbol)
    none = dict.fromkeys(("maker", "taker", "buyer", "seller"), NO_RATE)
    return {
        "symbol": symbol,
        "standardCommission": none | {"maker": render(maker), "taker": render(taker)},
        "specialCommission": none,
        "taxCommission": none,
        "discount": no_discount(),
    }


_TRADE_COMBINATIONS: tuple[set[str], ...] = (
    set(), {"orderId"}, {"startTime"}, {"endTime"}, {"fromId"}, {"startTime", "endTime"}, {"orderId", "fromId"},
)  # fmt: skip


async def my_trades(api: Api, params: Params, account: int) -> object:
    symbol, most = api.instrument(params).symbol, limit(params, 500, 1000)
    if {"orderId", "startTime", "endTime", "fromId"} & set(params) not in _TRADE_COMBINATIONS:
        raise ApiError(Code.BAD_COMBINATION)
    start, end = period(params)
    order_id = integer(params, "orderId") if optional(params, "orderId") is not None else None
    first = integer(params, "fromId", 0)
    rows = api.books.trades(account, symbol, order_id, Range(first, start, end))
    oldest = bool({"orderId", "startTime", "fromId"} & set(params))
    return [trade_row(trade) for trade in (rows[:most] if oldest else rows[-most:])]


def my_trades_weight(params: Params) -> int:
    return 5 if params.get("orderId") else 20


async def order_counts(api: Api, params: Params, account: int) -> object:
    return api.limits.orders(account).rows(api.wall())


async def prevented_matches(api: Api, params: Params, account: int) -> object:
    symbol, most = api.instrument(params).symbol, limit(params, 500, 1000)
    sent = {"preventedMatchId", "orderId", "fromPreventedMatchId", "limit"} & set(params)
    if sent not in (
        {"preventedMatchId"}, {"orderId"}, {"orderId", "fromPreventedMatchId"}, {"orderId", "limit"},
        {"orderId", "fromPreventedMatchId", "limit"},
    ):  # fmt: skip
        raise ApiError(Code.BAD_COMBINATION)
    if "preventedMatchId" in sent:
        wanted = integer(params, "preventedMatchId")
        found = api.books.prevented(account, symbol, None, Range(wanted))[:1]
        return [prevented_row(row, account) for row in found if row.prevented_id == wanted]
    order_id, first = integer(params, "orderId"), integer(params, "fromPreventedMatchId", 0)
    rows = api.books.prevented(account, symbol, order_id, Range(first))
    return [prevented_row(row, account) for row in rows[:most]]


def prevented_weight(params: Params) -> int:
    return 20 if params.get("orderId") else 2


async def allocations(api: Api, params: Params, account: int) -> object:
    """Always empty: allocations come from smart order routing, which no symbol of this venue has."""
    api.instrument(params)
    limit(params, 500, 1000)
    period(params)
    for name in ("fromAllocationId", "orderId"):
        integer(params, name, 0)
    return []


async def my_filters(api: Api, params: Params, account: int) -> object:
    item = api.instrument(params)
    rules = api.books.rules(item.symbol)
    body: Json = {
        "exchangeFilters": exchange_filters(),
        "symbolFilters": symbol_filters(item, rules),
        "assetFilters": [],
    }
    return body
