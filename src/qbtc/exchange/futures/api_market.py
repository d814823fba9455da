"""Market data of `/fapi`: handlers that read markets and render Binance's bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ...core.binance.errors import ApiError, Code
from ...core.market.futures import series
from ...core.market.futures.contracts import Contract
from ...core.market.futures.errors import FCode, error
from ...core.market.futures.market import Market, Print
from ...core.market.futures.requests import ALGO_KINDS, ORDER_KINDS, TIFS
from ...core.market.futures.series import Candle, Series
from ...core.market.futures.wire import MS, Json, Params, dec, integer, limit, plain, required
from ...core.market.margin import SCALE
from .desk import Desk

FAR_DELIVERY = 4_133_404_800_000
ONBOARD = 1_569_398_400_000
DEPTHS = (5, 10, 20, 50, 100, 500, 1000)


def market_of(desk: Desk, params: Params, name: str = "symbol") -> Market:
    return desk.venue.market(required(params, name))


def one_or_all(desk: Desk, params: Params, render: Callable[[Market], Json]) -> object:
    if params.get("symbol"):
        return render(market_of(desk, params))
    return [render(market) for market in desk.venue.markets.values()]


async def ping(desk: Desk, params: Params, account: int) -> object:
    return {}


async def server_time(desk: Desk, params: Params, account: int) -> object:
    return {"serverTime": desk.wall()}


async def exchange_info(desk: Desk, params: Params, account: int) -> object:
    return {
        "timezone": "UTC",
        "serverTime": desk.wall(),
        "futuresType": "U_MARGINED",
        "rateLimits": desk.rates,
        "exchangeFilters": [],
        "assets": [{"asset": "USDT", "marginAvailable": True, "autoAssetExchange": "-10000"}],
        "symbols": [symbol_info(market.contract, closed=desk.venue.closed) for market in desk.venue.markets.values()],
    }


def symbol_info(rules: Contract, *, closed: bool) -> Json:
    grid = rules.grid
    return {
        "symbol": rules.symbol,
        "pair": rules.symbol,
        "contractType": "PERPETUAL",
        "deliveryDate": FAR_DELIVERY,
        "onboardDate": ONBOARD,
        "status": "CLOSE" if closed else "TRADING",
        "maintMarginPercent": "2.5000",
        "requiredMarginPercent": "5.0000",
        "baseAsset": grid.base,
        "quoteAsset": grid.quote,
        "marginAsset": grid.quote,
        "pricePrecision": rules.price_places,
        "quantityPrecision": rules.quantity_places,
        "baseAssetPrecision": 8,
        "quotePrecision": 8,
        "underlyingType": "COIN",
        "underlyingSubType": [],
        "settlePlan": 0,
        "triggerProtect": dec(rules.trigger_protect, 4),
        "liquidationFee": dec(rules.liquidation_fee, 6),
        "marketTakeBound": dec(rules.take_bound, 2),
        "maxMoveOrderLimit": 10_000,
        "filters": filters(rules),
        "orderTypes": [*ORDER_KINDS, *ALGO_KINDS],
        "timeInForce": list(TIFS),
    }


def filters(rules: Contract) -> list[Json]:
    tick, step, most = dec(rules.tick, rules.price_places), plain(rules.step), plain(rules.max_price)
    up, down = dec(SCALE + rules.band, 4), dec(SCALE - rules.band, 4)
    lots, market_lots = plain(rules.max_quantity), plain(rules.market_max_quantity)
    return [
        {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": most, "tickSize": tick},
        {"filterType": "LOT_SIZE", "minQty": step, "maxQty": lots, "stepSize": step},
        {"filterType": "MARKET_LOT_SIZE", "minQty": step, "maxQty": market_lots, "stepSize": step},
        {"filterType": "MAX_NUM_ORDERS", "limit": rules.max_orders},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "limit": rules.max_algos},
        {"filterType": "MIN_NOTIONAL", "notional": plain(rules.min_notional)},
        {"filterType": "PERCENT_PRICE", "multiplierUp": up, "multiplierDown": down, "multiplierDecimal": "4"},
    ]


async def depth(desk: Desk, params: Params, account: int) -> object:
    market, count = market_of(desk, params), integer(params, "limit", 500)
    if count not in DEPTHS:
        raise ApiError(-4021, "Invalid depth limit.")
    return book(market, count, desk.ms())


async def rpi_depth(desk: Desk, params: Params, account: int) -> object:
    """The same book: nobody places RPI orders here."""
    market = market_of(desk, params)
    if integer(params, "limit", 1000) != 1000:
        raise ApiError(-4021, "Invalid depth limit.")
    return book(market, 1000, desk.ms())


async def constituents(desk: Desk, params: Params, account: int) -> object:
    """The index is this venue's spot price."""
    market = market_of(desk, params)
    price = dec(market.prices.index)
    row = {"exchange": "qbtc", "symbol": market.symbol, "price": price, "weight": "1.00000000"}
    return {"symbol": market.symbol, "time": desk.ms(), "constituents": [row]}


async def nothing(desk: Desk, params: Params, account: int) -> object:
    """Composite indices and the asset indices of multi-assets mode: USDT is the only asset."""
    desk.symbol(params)
    return []


def book(market: Market, count: int, ms: int) -> Json:
    return {
        "lastUpdateId": market.update_id,
        "E": ms,
        "T": ms,
        "bids": rows(market, market.top(count, 0)),
        "asks": rows(market, market.top(count, 1)),
    }


def rows(market: Market, levels: Iterable[tuple[int, int]]) -> list[tuple[str, str]]:
    rules = market.contract
    return [(dec(price, rules.price_places), dec(size, rules.quantity_places)) for price, size in levels]


def _trade(market: Market, row: Print) -> Json:
    rules = market.contract
    return {
        "id": row.trade_id,
        "price": dec(row.price, rules.price_places),
        "qty": dec(row.quantity, rules.quantity_places),
        "quoteQty": dec(row.price * row.quantity // SCALE, 2),
        "time": row.ms,
        "isBuyerMaker": row.side < 0,
        "isRPITrade": False,
    }


async def trades(desk: Desk, params: Params, account: int) -> object:
    market = market_of(desk, params)
    return [_trade(market, row) for row in list(market.trades)[-limit(params, 500, 1000) :]]


async def historical_trades(desk: Desk, params: Params, account: int) -> object:
    """The trades that are still kept (5,000 a symbol)."""
    market, count = market_of(desk, params), limit(params, 100, 500)
    if not params.get("fromId"):
        return [_trade(market, row) for row in list(market.trades)[-count:]]
    first = integer(params, "fromId")
    return [_trade(market, row) for row in market.trades if row.trade_id >= first][:count]


async def aggregate_trades(desk: Desk, params: Params, account: int) -> object:
    market, count = market_of(desk, params), limit(params, 500, 1000)
    start, end = integer(params, "startTime", 0), integer(params, "endTime", 10**14)
    first = integer(params, "fromId", 0)
    chosen = [row for row in market.aggregates if row.agg_id >= first and start <= row.ms <= end]
    chosen = chosen[:count] if first or start else chosen[-count:]
    rules = market.contract
    return [
        {
            "a": row.agg_id,
            "p": dec(row.price, rules.price_places),
            "q": dec(row.quantity, rules.quantity_places),
            "nq": dec(row.quantity, rules.quantity_places),
            "f": row.first,
            "l": row.last,
            "T": row.ms,
            "m": row.side < 0,
        }
        for row in chosen
    ]


def _klines(params: Params, chosen: Series, render: Callable[[Candle, int], list[object]]) -> object:
    interval = required(params, "interval")
    if interval not in series.WIDTHS:
        raise ApiError(Code.BAD_INTERVAL)
    start, end = integer(params, "startTime", 0), integer(params, "endTime", 10**14)
    if start > end:
        raise error(FCode.START_AFTER_END)
    found = chosen.read(interval, start, end, limit(params, 500, 1500))
    return [render(candle, series.end_of(interval, candle.start)) for candle in found]


async def klines(desk: Desk, params: Params, account: int) -> object:
    return _traded_klines(market_of(desk, params), params)


async def continuous_klines(desk: Desk, params: Params, account: int) -> object:
    if required(params, "contractType") != "PERPETUAL":
        raise ApiError(-4104, "Invalid contract type")
    return _traded_klines(market_of(desk, params, "pair"), params)


def _traded_klines(market: Market, params: Params) -> object:
    rules = market.contract

    def render(candle: Candle, end: int) -> list[object]:
        prices = [dec(p, rules.price_places) for p in (candle.open, candle.high, candle.low, candle.close)]
        volume, taker = (dec(v, rules.quantity_places) for v in (candle.volume, candle.taker))
        return [
            candle.start, *prices, volume, end, dec(candle.quote, 5), candle.count, taker,
            dec(candle.taker_quote, 5), "0",
        ]  # fmt: skip

    return _klines(params, market.series, render)


def _sampled(candle: Candle, end: int) -> list[object]:
    prices = [dec(p) for p in (candle.open, candle.high, candle.low, candle.close)]
    return [candle.start, *prices, "0", end, "0", candle.count, "0", "0", "0"]


async def index_klines(desk: Desk, params: Params, account: int) -> object:
    return _klines(params, market_of(desk, params, "pair").indexes, _sampled)


async def mark_klines(desk: Desk, params: Params, account: int) -> object:
    return _klines(params, market_of(desk, params).marks, _sampled)


async def premium_klines(desk: Desk, params: Params, account: int) -> object:
    return _klines(params, market_of(desk, params).premiums, _sampled)


async def premium_index(desk: Desk, params: Params, account: int) -> object:
    def render(market: Market) -> Json:
        return {
            "symbol": market.symbol,
            "markPrice": dec(market.prices.mark),
            "indexPrice": dec(market.prices.index),
            "estimatedSettlePrice": dec(market.prices.index),
            "lastFundingRate": dec(market.funding.rate),
            "interestRate": "0.00010000",
            "nextFundingTime": market.next_funding // MS,
            "time": desk.ms(),
        }

    return one_or_all(desk, params, render)


async def funding_rate(desk: Desk, params: Params, account: int) -> object:
    symbol, count = desk.symbol(params), limit(params, 100, 1000)
    start, end = integer(params, "startTime", 0) * MS, integer(params, "endTime", 10**13) * MS
    chosen = [f for f in desk.state.data.fundings if symbol in (None, f.symbol) and start <= f.time <= end]
    chosen = chosen[:count] if start else chosen[-count:]
    return [
        {
            "symbol": f.symbol,
            "fundingRate": dec(f.rate),
            "fundingTime": f.time // MS,
            "markPrice": dec(f.mark),
            "rateType": "NORMAL",
        }
        for f in chosen
    ]


async def funding_info(desk: Desk, params: Params, account: int) -> object:
    return [
        {
            "symbol": market.symbol,
            "adjustedFundingRateCap": dec(market.contract.funding_cap),
            "adjustedFundingRateFloor": dec(-market.contract.funding_cap),
            "fundingIntervalHours": 8,
            "disclaimer": False,
        }
        for market in desk.venue.markets.values()
    ]


async def day_ticker(desk: Desk, params: Params, account: int) -> object:
    return one_or_all(desk, params, lambda market: _day(market, desk.ms()))


def _day(market: Market, ms: int) -> Json:
    rules, day = market.contract, market.series.day(ms)
    day = day or Candle(ms, *(market.prices.last,) * 4)
    change = day.close - day.open
    return {
        "symbol": market.symbol,
        "priceChange": dec(change, rules.price_places),
        "priceChangePercent": percent(change, day.open),
        "weightedAvgPrice": dec(average(day) or day.close, rules.price_places),
        "lastPrice": dec(day.close, rules.price_places),
        "lastQty": dec(market.trades[-1].quantity if market.trades else 0, rules.quantity_places),
        "openPrice": dec(day.open, rules.price_places),
        "highPrice": dec(day.high, rules.price_places),
        "lowPrice": dec(day.low, rules.price_places),
        "volume": dec(day.volume, rules.quantity_places),
        "quoteVolume": dec(day.quote, 2),
        "openTime": day.start,
        "closeTime": ms,
        "firstId": day.first_id,
        "lastId": day.last_id,
        "count": day.count,
    }


def average(day: Candle) -> int:
    return day.quote * SCALE // day.volume if day.volume else 0


def percent(change: int, start: int) -> str:
    """A change in percent with three decimals."""
    part = abs(change) * 100 * SCALE // start if start else 0
    return dec(part if change >= 0 else -part, 3)


async def price_ticker(desk: Desk, params: Params, account: int) -> object:
    def render(market: Market) -> Json:
        price = market.prices.last or market.prices.mark
        return {"symbol": market.symbol, "price": dec(price, market.contract.price_places), "time": desk.ms()}

    return one_or_all(desk, params, render)


async def book_ticker(desk: Desk, params: Params, account: int) -> object:
    def render(market: Market) -> Json:
        ((bid, bid_size),), ((ask, ask_size),) = (rows(market, [level]) for level in market.touch())
        return {
            "symbol": market.symbol,
            "bidPrice": bid,
            "bidQty": bid_size,
            "askPrice": ask,
            "askQty": ask_size,
            "time": desk.ms(),
            "lastUpdateId": market.update_id,
        }

    return one_or_all(desk, params, render)


async def open_interest(desk: Desk, params: Params, account: int) -> object:
    """What our accounts hold long or short, whichever is more: the background's positions are unknown."""
    market = market_of(desk, params)
    long = short = 0
    for owner in desk.state.data.accounts.values():
        for symbol, _, position in owner.held():
            if symbol == market.symbol:
                long, short = long + max(position.quantity, 0), short + max(-position.quantity, 0)
    size = dec(max(long, short), market.contract.quantity_places)
    return {"symbol": market.symbol, "openInterest": size, "time": desk.ms()}


async def insurance_balance(desk: Desk, params: Params, account: int) -> object:
    symbols = list(desk.venue.markets)
    asset = {"asset": "USDT", "marginBalance": dec(desk.state.data.insurance), "updateTime": desk.ms()}
    body = {"symbols": symbols, "assets": [asset]}
    return body if desk.symbol(params) else [body]
