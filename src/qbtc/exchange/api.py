"""The operations of the venue, once, for both transports: REST (method and path) and WebSocket API (method name).

Handlers take checked-in parameters and return Binance's bodies; they know neither HTTP nor sockets.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import msgspec

from ..core.binance.errors import ApiError, Code, illegal
from .auth import Keys
from .candles import INTERVALS, Candle
from .journal import Journal
from .ledger import OrderState
from .reports import Json, balances, cancelled_body, eight, order_body, placed_body, trade_body
from .requests import MAX_PRICE, MAX_QUANTITY, Params, integer, order_request, required
from .session import Session
from .symbol_market import SymbolMarket
from .venue import Venue

MS = 1_000_000
Handler = Callable[["Api", Params, int], Awaitable[object]]


@dataclass(slots=True)
class Api:
    """What handlers work on."""

    venue: Venue
    session: Session
    journal: Journal
    keys: Keys
    weight_limit: int

    def now(self) -> int:
        """Market time."""
        return self.session.clock.now(time.time_ns())

    def symbol(self, params: Params) -> SymbolMarket:
        return self.venue.market(required(params, "symbol"))


async def ping(api: Api, params: Params, account: int) -> object:
    return {}


async def server_time(api: Api, params: Params, account: int) -> object:
    """The wall clock: what timestamps of signed requests are checked against."""
    return {"serverTime": time.time_ns() // MS}


async def market_status(api: Api, params: Params, account: int) -> object:
    return api.session.describe(time.time_ns())


async def exchange_info(api: Api, params: Params, account: int) -> object:
    wanted = params.get("symbol")
    if wanted:
        api.venue.market(wanted)
    rows = [_symbol_info(api, m) for name, m in api.venue.markets.items() if wanted in (None, "", name)]
    limit = {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": api.weight_limit}
    return {
        "timezone": "UTC",
        "serverTime": time.time_ns() // MS,
        "rateLimits": [limit],
        "exchangeFilters": [],
        "symbols": rows,
    }


def _symbol_info(api: Api, market: SymbolMarket) -> Json:
    item, limits = market.instrument, api.venue.limits
    tick, lot = eight(item.tick_size), eight(item.lot_size)
    lots = {"filterType": "LOT_SIZE", "minQty": lot, "maxQty": eight(MAX_QUANTITY), "stepSize": lot}
    prices = {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": eight(MAX_PRICE), "tickSize": tick}
    notional = {
        "filterType": "NOTIONAL",
        "minNotional": eight(limits.min_notional),
        "applyMinToMarket": True,
        "maxNotional": eight(limits.max_notional),
        "applyMaxToMarket": True,
        "avgPriceMins": 0,
    }
    return {
        "symbol": item.symbol,
        "status": "BREAK" if api.venue.closed else "TRADING",
        "baseAsset": item.base,
        "baseAssetPrecision": 8,
        "quoteAsset": item.quote,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": ["LIMIT", "LIMIT_MAKER", "MARKET"],
        "icebergAllowed": False,
        "ocoAllowed": False,
        "otoAllowed": False,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": False,
        "cancelReplaceAllowed": False,
        "amendAllowed": False,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": [prices, lots, notional],
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "NONE",
        "allowedSelfTradePreventionModes": ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH"],
    }


def _limit(params: Params, default: int, most: int) -> int:
    limit = integer(params, "limit", default)
    if not 1 <= limit <= most:
        raise illegal("limit", f"1 to {most}")
    return limit


async def depth(api: Api, params: Params, account: int) -> object:
    return api.symbol(params).snapshot(_limit(params, 100, 5000), api.now())


async def recent_trades(api: Api, params: Params, account: int) -> object:
    market = api.symbol(params)
    chosen = list(market.trades)[-_limit(params, 500, 1000) :]
    return [
        {
            "id": trade.trade_id,
            "price": trade.price,
            "qty": trade.quantity,
            "quoteQty": _quote(market, trade.price, trade.quantity),
            "time": trade.trade_ms,
            "isBuyerMaker": trade.buyer_is_maker,
            "isBestMatch": True,
        }
        for trade in chosen
    ]


def _quote(market: SymbolMarket, price: str, quantity: str) -> str:
    item = market.instrument
    return eight(item.notional(item.to_ticks(price), item.to_lots(quantity)))


async def klines(api: Api, params: Params, account: int) -> object:
    market, interval = api.symbol(params), required(params, "interval")
    if interval not in INTERVALS:
        raise ApiError(Code.BAD_INTERVAL)
    chosen = market.candles.read(interval, _limit(params, 500, 1000))
    return [_kline(market, candle, INTERVALS[interval]) for candle in chosen]


def _kline(market: SymbolMarket, candle: Candle, width: int) -> list[object]:
    item = market.instrument
    prices = [item.price_text(tick) for tick in (candle.open, candle.high, candle.low, candle.close)]
    value, taker_value = (eight(item.notional(1, total)) for total in (candle.value, candle.taker_value))
    volume, taker = item.quantity_text(candle.volume), item.quantity_text(candle.taker)
    end = candle.start + width - 1
    return [candle.start, *prices, volume, end, value, candle.trades, taker, taker_value, "0"]


async def book_ticker(api: Api, params: Params, account: int) -> object:
    if params.get("symbol"):
        return _ticker(api.symbol(params))
    return [_ticker(market) for market in api.venue.markets.values()]


def _ticker(market: SymbolMarket) -> Json:
    found = market.ticker()
    return {
        "symbol": found.symbol,
        "bidPrice": found.bid,
        "bidQty": found.bid_quantity,
        "askPrice": found.ask,
        "askQty": found.ask_quantity,
    }


async def account_status(api: Api, params: Params, account: int) -> object:
    assets = sorted(api.venue.ledger.accounts[account])
    rows = balances(api.venue.ledger, account, assets)
    maker, taker = eight(api.venue.fees.maker), eight(api.venue.fees.taker)
    return {
        "makerCommission": int(api.venue.fees.maker * 10_000),
        "takerCommission": int(api.venue.fees.taker * 10_000),
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": {"maker": maker, "taker": taker, "buyer": eight("0"), "seller": eight("0")},
        "canTrade": True,
        "canWithdraw": False,
        "canDeposit": False,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": api.now() // MS,
        "accountType": "SPOT",
        "balances": [{"asset": row.asset, "free": row.free, "locked": row.locked} for row in rows],
        "permissions": ["SPOT"],
        "uid": account,
    }


async def place_order(api: Api, params: Params, account: int) -> object:
    market = api.symbol(params)
    request = order_request(params, market.instrument, api.venue.limits)
    state = api.venue.place(account, request, api.now())
    body = placed_body(state, request.answer)
    await api.journal.commit()
    return body


async def test_order(api: Api, params: Params, account: int) -> object:
    order_request(params, api.symbol(params).instrument, api.venue.limits)
    return {}


def _order(api: Api, params: Params, account: int, unknown: Code) -> OrderState:
    order_id = integer(params, "orderId", 0) or None
    client_id = params.get("origClientOrderId") or None
    if order_id is None and client_id is None:
        raise ApiError(
            Code.MANDATORY_PARAM, "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!"
        )
    symbol = required(params, "symbol")
    found = api.venue.ledger.find(account, order_id=order_id, client_id=client_id)
    if found is None or found.placed.symbol != symbol:
        raise ApiError(unknown)
    return found


async def cancel_order(api: Api, params: Params, account: int) -> object:
    state = api.venue.cancel(account, _order(api, params, account, Code.CANCEL_REJECTED), api.now())
    body = cancelled_body(state, params.get("newClientOrderId") or f"cancel-{state.placed.order_id}")
    await api.journal.commit()
    return body


async def cancel_all(api: Api, params: Params, account: int) -> object:
    symbol = api.symbol(params).instrument.symbol
    found = api.venue.ledger.open_orders(account, symbol)
    if not found:
        raise ApiError(Code.CANCEL_REJECTED)
    bodies = [
        cancelled_body(api.venue.cancel(account, state, api.now()), f"cancel-{state.placed.order_id}")
        for state in found
    ]
    await api.journal.commit()
    return bodies


async def query_order(api: Api, params: Params, account: int) -> object:
    body = order_body(_order(api, params, account, Code.NO_SUCH_ORDER))
    await api.journal.commit()
    return body


async def open_orders(api: Api, params: Params, account: int) -> object:
    symbol = params.get("symbol") or None
    if symbol is not None:
        api.venue.market(symbol)
    bodies = [order_body(state) for state in api.venue.ledger.open_orders(account, symbol)]
    await api.journal.commit()
    return bodies


async def all_orders(api: Api, params: Params, account: int) -> object:
    symbol, limit = required(params, "symbol"), _limit(params, 500, 1000)
    mine = [s for s in api.venue.ledger.orders.values() if s.placed.account == account and s.placed.symbol == symbol]
    first = integer(params, "orderId", 0)
    bodies = [order_body(state) for state in mine if state.placed.order_id >= first]
    await api.journal.commit()
    return bodies[:limit] if first else bodies[-limit:]


async def my_trades(api: Api, params: Params, account: int) -> object:
    symbol, limit = required(params, "symbol"), _limit(params, 500, 1000)
    only, first = integer(params, "orderId", 0), integer(params, "fromId", 0)
    rows = [
        trade_body(state, trade)
        for state in api.venue.ledger.orders.values()
        if state.placed.account == account and state.placed.symbol == symbol
        for trade in state.trades
        if only in (0, trade.order_id) and trade.trade_id >= first
    ]
    await api.journal.commit()
    rows.sort(key=_trade_key)
    return rows[:limit] if first else rows[-limit:]


def _trade_key(row: Json) -> tuple[object, ...]:
    return int(str(row["id"])), int(str(row["orderId"]))


class Operation(msgspec.Struct, frozen=True):
    """One thing that can be asked. Empty `ws`: REST only."""

    method: str
    path: str
    ws: str
    weight: int
    signed: bool
    handler: Handler


OPERATIONS = (
    Operation("GET", "/api/v3/ping", "ping", 1, False, ping),
    Operation("GET", "/api/v3/time", "time", 1, False, server_time),
    Operation("GET", "/api/v3/exchangeInfo", "exchangeInfo", 20, False, exchange_info),
    Operation("GET", "/api/v3/depth", "depth", 5, False, depth),
    Operation("GET", "/api/v3/trades", "trades.recent", 25, False, recent_trades),
    Operation("GET", "/api/v3/klines", "klines", 2, False, klines),
    Operation("GET", "/api/v3/ticker/bookTicker", "ticker.book", 2, False, book_ticker),
    Operation("GET", "/api/v3/account", "account.status", 20, True, account_status),
    Operation("POST", "/api/v3/order", "order.place", 1, True, place_order),
    Operation("POST", "/api/v3/order/test", "order.test", 1, True, test_order),
    Operation("DELETE", "/api/v3/order", "order.cancel", 1, True, cancel_order),
    Operation("GET", "/api/v3/order", "order.status", 4, True, query_order),
    Operation("GET", "/api/v3/openOrders", "openOrders.status", 6, True, open_orders),
    Operation("DELETE", "/api/v3/openOrders", "openOrders.cancelAll", 1, True, cancel_all),
    Operation("GET", "/api/v3/allOrders", "allOrders", 20, True, all_orders),
    Operation("GET", "/api/v3/myTrades", "myTrades", 20, True, my_trades),
    Operation("GET", "/qbtc/v1/market", "", 1, False, market_status),
)
