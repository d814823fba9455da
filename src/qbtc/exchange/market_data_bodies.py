"""Market data in Binance's shapes: klines, tickers and trades, as REST, the WebSocket API and streams write them. Pure.

Times are `wire.Time`, written in the unit that the reader asked for. Averages and percentages are truncated as integers: no binary floats.
"""

from __future__ import annotations

from ..core.binance.messages import BookTicker
from ..core.binance.wire import Time
from ..core.market.instrument import Instrument, render
from .klines import DAY, Candle, end_of
from .market_data_tape import Aggregate, Print, Tape

Json = dict[str, object]
MS = 1_000_000
_UNIT = 10**8
AVERAGE_MINUTES = 5


def at(ms: int) -> Time:
    return Time(ms * MS)


def quote_text(item: Instrument, value: int) -> str:
    """Sum of tick * lots as an amount of the quote asset."""
    return render(value * item.tick_units * item.lot_units // _UNIT)


def signed_text(value: int) -> str:
    return render(value) if value >= 0 else f"-{render(-value)}"


def mean_text(item: Instrument, candle: Candle) -> str:
    """Volume-weighted price; the last price without a trade."""
    if not candle.volume:
        return item.price_text(candle.close)
    return render(candle.value * item.tick_units // candle.volume)


def percent_text(candle: Candle) -> str:
    """Change from open to close in percent, three places."""
    if not candle.open:
        return "0.000"
    thousandths = abs(candle.close - candle.open) * 100_000 // candle.open
    sign = "-" if candle.close < candle.open and thousandths else ""
    return f"{sign}{thousandths // 1000}.{thousandths % 1000:03d}"


def kline_row(item: Instrument, candle: Candle, interval: str, zone: int) -> list[object]:
    prices = [item.price_text(tick) for tick in (candle.open, candle.high, candle.low, candle.close)]
    amounts = [quote_text(item, candle.value), candle.trades, item.quantity_text(candle.taker)]
    end = Time(end_of(candle.start, interval, zone) * MS - 1)
    volume, taker_value = item.quantity_text(candle.volume), quote_text(item, candle.taker_value)
    return [at(candle.start), *prices, volume, end, *amounts, taker_value, "0"]


def kline_event(item: Instrument, candle: Candle, grid: tuple[str, int], *, now: int, closed: bool) -> Json:
    """`<symbol>@kline_<interval>`; `grid` is interval and zone."""
    start, *prices, volume, end, value, count, taker, taker_value, ignored = kline_row(item, candle, *grid)
    opened, high, low, close = prices
    body: Json = {"t": start, "T": end, "s": item.symbol, "i": grid[0], "f": candle.first, "L": candle.last}
    body |= {"o": opened, "c": close, "h": high, "l": low, "v": volume, "n": count, "x": closed, "q": value}
    body |= {"V": taker, "Q": taker_value, "B": ignored}
    return {"e": "kline", "E": at(now), "s": item.symbol, "k": body}


def trade_body(item: Instrument, trade: Print) -> Json:
    return {
        "id": trade.trade_id,
        "price": item.price_text(trade.tick),
        "qty": item.quantity_text(trade.lots),
        "quoteQty": quote_text(item, trade.tick * trade.lots),
        "time": at(trade.ms),
        "isBuyerMaker": trade.buyer_is_maker,
        "isBestMatch": True,
    }


def aggregate_body(item: Instrument, trade: Aggregate) -> Json:
    return {
        "a": trade.first,
        "p": item.price_text(trade.tick),
        "q": item.quantity_text(trade.lots),
        "f": trade.first,
        "l": trade.last,
        "T": at(trade.ms),
        "m": trade.buyer_is_maker,
        "M": True,
    }


def aggregate_event(item: Instrument, trade: Aggregate, now: int) -> Json:
    return {"e": "aggTrade", "E": at(now), "s": item.symbol, **aggregate_body(item, trade)}


# ---- tickers


def mini_body(item: Instrument, candle: Candle, opened: int, now: int) -> Json:
    """`type=MINI` of the REST tickers."""
    return {
        "symbol": item.symbol,
        "openPrice": item.price_text(candle.open),
        "highPrice": item.price_text(candle.high),
        "lowPrice": item.price_text(candle.low),
        "lastPrice": item.price_text(candle.close),
        "volume": item.quantity_text(candle.volume),
        "quoteVolume": quote_text(item, candle.value),
        "openTime": at(opened),
        "closeTime": at(now),
        "firstId": candle.first,
        "lastId": candle.last,
        "count": candle.trades,
    }


def full_body(item: Instrument, candle: Candle, opened: int, now: int) -> Json:
    """`type=FULL` of the rolling window and of the trading day."""
    mini = mini_body(item, candle, opened, now)
    return {
        "symbol": mini.pop("symbol"),
        "priceChange": signed_text((candle.close - candle.open) * item.tick_units),
        "priceChangePercent": percent_text(candle),
        "weightedAvgPrice": mean_text(item, candle),
    } | mini


def mini_of(body: Json) -> Json:
    """MINI from FULL."""
    return {name: body[name] for name in MINI}


def day_body(tape: Tape, touch: BookTicker, now: int) -> Json:
    """`GET /api/v3/ticker/24hr`, FULL."""
    item, candle = tape.instrument, tape.rolling(now)
    body = full_body(item, candle, now - DAY, now)
    return body | {
        "prevClosePrice": item.price_text(tape.before(now)),
        "lastQty": item.quantity_text(tape.last.lots if tape.last else 0),
        "bidPrice": touch.bid,
        "bidQty": touch.bid_quantity,
        "askPrice": touch.ask,
        "askQty": touch.ask_quantity,
    }


def average_body(tape: Tape, now: int) -> Json:
    candle = tape.rolling(now, AVERAGE_MINUTES * 60_000)
    closed = at(tape.last.ms if tape.last else 0)
    return {"mins": AVERAGE_MINUTES, "price": mean_text(tape.instrument, candle), "closeTime": closed}


def mini_event(body: Json) -> Json:
    """`@miniTicker` from `ticker/24hr`."""
    return {"e": "24hrMiniTicker", "E": body["closeTime"], "s": body["symbol"], **_named(body, _MINI)}


def day_event(body: Json) -> Json:
    """`@ticker` from `ticker/24hr`."""
    return {"e": "24hrTicker", "E": body["closeTime"], "s": body["symbol"], **_named(body, _DAY)}


def window_event(body: Json, window: str) -> Json:
    """`@ticker_<window>` from `ticker` with a window."""
    return {"e": f"{window}Ticker", "E": body["closeTime"], "s": body["symbol"], **_named(body, _WINDOW)}


def average_event(tape: Tape, now: int) -> Json:
    body = average_body(tape, now)
    names = {"e": "avgPrice", "E": at(now), "s": tape.instrument.symbol, "i": f"{AVERAGE_MINUTES}m"}
    return names | {"w": body["price"], "T": body["closeTime"]}


def _named(body: Json, names: dict[str, str]) -> Json:
    return {short: body[long] for short, long in names.items()}


MINI = (
    "symbol", "openPrice", "highPrice", "lowPrice", "lastPrice", "volume", "quoteVolume", "openTime", "closeTime",
    "firstId", "lastId", "count",
)  # fmt: skip
_MINI = {"c": "lastPrice", "o": "openPrice", "h": "highPrice", "l": "lowPrice", "v": "volume", "q": "quoteVolume"}
_CHANGE = {"p": "priceChange", "P": "priceChangePercent"}
_TIMES = {"O": "openTime", "C": "closeTime", "F": "firstId", "L": "lastId", "n": "count"}
_WINDOW = _CHANGE | {
    "o": "openPrice", "h": "highPrice", "l": "lowPrice", "c": "lastPrice", "w": "weightedAvgPrice", "v": "volume",
    "q": "quoteVolume",
} | _TIMES  # fmt: skip
_DAY = _CHANGE | {
    "w": "weightedAvgPrice", "x": "prevClosePrice", "c": "lastPrice", "Q": "lastQty", "b": "bidPrice", "B": "bidQty",
    "a": "askPrice", "A": "askQty", "o": "openPrice", "h": "highPrice", "l": "lowPrice", "v": "volume",
    "q": "quoteVolume",
} | _TIMES  # fmt: skip
