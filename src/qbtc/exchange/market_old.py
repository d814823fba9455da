"""Market data of the first venue: depth, trades, klines, best prices."""

from __future__ import annotations

from ..core.binance.errors import ApiError, Code, illegal
from ..core.binance.wire import Time
from .bodies import Json
from .candles import INTERVALS, Candle
from .operation import Api
from .params import Params, integer, required
from .symbol_market import SymbolMarket


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
            "time": Time(trade.trade_ms * 1_000_000),
            "isBuyerMaker": trade.buyer_is_maker,
            "isBestMatch": True,
        }
        for trade in chosen
    ]


def _quote(market: SymbolMarket, price: str, quantity: str) -> str:
    item = market.instrument
    return f"{item.notional(item.to_ticks(price), item.to_lots(quantity)):.8f}"


async def klines(api: Api, params: Params, account: int) -> object:
    market, interval = api.symbol(params), required(params, "interval")
    if interval not in INTERVALS:
        raise ApiError(Code.BAD_INTERVAL)
    chosen = market.candles.read(interval, _limit(params, 500, 1000))
    return [_kline(market, candle, INTERVALS[interval]) for candle in chosen]


def _kline(market: SymbolMarket, candle: Candle, width: int) -> list[object]:
    item = market.instrument
    prices = [item.price_text(tick) for tick in (candle.open, candle.high, candle.low, candle.close)]
    value, taker_value = (f"{item.notional(1, total):.8f}" for total in (candle.value, candle.taker_value))
    volume, taker = item.quantity_text(candle.volume), item.quantity_text(candle.taker)
    end = candle.start + width - 1
    return [candle.start, *prices, volume, end, value, candle.trades, taker, taker_value, "0"]


async def book_ticker(api: Api, params: Params, account: int) -> object:
    if params.get("symbol"):
        return _ticker(api.symbol(params))
    return [_ticker(market) for market in api.markets.values()]


def _ticker(market: SymbolMarket) -> Json:
    found = market.ticker()
    return {
        "symbol": found.symbol,
        "bidPrice": found.bid,
        "bidQty": found.bid_quantity,
        "askPrice": found.ask,
        "askQty": found.ask_quantity,
    }
