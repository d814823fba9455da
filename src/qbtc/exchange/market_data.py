"""Handlers of public market data, for REST and the WebSocket API: depth, trades, klines, averages and tickers.

They read the tapes and markets of `streams`; the table of paths and weights is in `market_operations`.
Source: binance/binance-spot-api-docs, rest-api.md and web-socket-api.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from ..core.binance.errors import ApiError, Code, either, invalid
from ..core.binance.messages import BookTicker
from . import market_data_bodies as bodies
from .klines import DAY, HOUR, INTERVALS, MINUTE, Asked, end_of, start_of
from .params import Params, choice, integer, limit, moment, optional, required, texts
from .session import Session
from .streams import Streams
from .streams_channel import Channel

MS = 1_000_000
MOST_SYMBOLS = 200
Json = bodies.Json
_ZONE = re.compile(r"([+-]?)([0-9]{1,2})(?::([0-9]{2}))?")
_WINDOW = re.compile(r"([0-9]{1,2})([mhd])")
_UNITS = {"m": (MINUTE, 59), "h": (HOUR, 23), "d": (DAY, 7)}


class Data(Protocol):
    """What these handlers need of the venue."""

    streams: Streams
    session: Session

    def now(self) -> int:
        """Market time in ns."""


# ---- what is asked


def status(data: Data) -> str:
    return "BREAK" if data.session.clock.ended else "TRADING"


def _one(data: Data, params: Params) -> Channel:
    """The channel of `symbol`. Raises ApiError -1121, or -1220 if its status is not `symbolStatus`."""
    found = data.streams.channel(required(params, "symbol"))
    wanted = choice(params, "symbolStatus", ("TRADING", "HALT", "BREAK"))
    if wanted not in (None, status(data)):
        raise ApiError(Code.SYMBOL_DOES_NOT_MATCH_STATUS)
    return found


def _each(data: Data, params: Params, body: Callable[[Channel], Json], *, needed: bool = False) -> object:
    """One body for `symbol`, a list of them for `symbols` or, unless `needed`, for all."""
    if optional(params, "symbol") is not None:
        if "symbols" in params:
            raise ApiError(Code.BAD_COMBINATION)
        return body(_one(data, params))
    names = texts(params, "symbols")
    if names is None and needed:
        raise either("symbol", "symbols")
    if names is not None and len(names) > MOST_SYMBOLS:
        raise invalid("symbols")
    chosen = [data.streams.channel(name) for name in (data.streams.symbols if names is None else names)]
    wanted = choice(params, "symbolStatus", ("TRADING", "HALT", "BREAK"))
    return [body(channel) for channel in chosen] if wanted in (None, status(data)) else []


def zone_of(params: Params) -> int:
    """`timeZone` in ms. Raises ApiError -1130 outside -12:00 to +14:00."""
    text = optional(params, "timeZone")
    if text is None:
        return 0
    found = _ZONE.fullmatch(text)
    if found is None or int(found[3] or 0) > 59:
        raise invalid("timeZone")
    offset = int(found[2]) * HOUR + int(found[3] or 0) * MINUTE
    offset = -offset if found[1] == "-" else offset
    if not -12 * HOUR <= offset <= 14 * HOUR:
        raise invalid("timeZone")
    return offset


def window_of(params: Params) -> int:
    """`windowSize` in ms: 1m to 59m, 1h to 23h, 1d to 7d."""
    found = _WINDOW.fullmatch(optional(params, "windowSize") or "1d")
    if found is None or not 1 <= int(found[1]) <= _UNITS[found[2]][1]:
        raise invalid("windowSize")
    return int(found[1]) * _UNITS[found[2]][0]


def _ms(params: Params, name: str) -> int | None:
    ns = moment(params, name)
    return None if ns is None else ns // MS


def _mini(params: Params) -> bool:
    return choice(params, "type", ("FULL", "MINI"), "FULL") == "MINI"


# ---- handlers


async def depth(data: Data, params: Params, account: int) -> object:
    channel = _one(data, params)
    return channel.market.snapshot(limit(params, 100, 5000), data.now())


async def recent_trades(data: Data, params: Params, account: int) -> object:
    channel = _one(data, params)
    return [bodies.trade_body(channel.item, item) for item in channel.tape.recent(limit(params, 500, 1000))]


async def historical_trades(data: Data, params: Params, account: int) -> object:
    channel = _one(data, params)
    first = integer(params, "fromId") if "fromId" in params else None
    return [bodies.trade_body(channel.item, item) for item in channel.tape.recent(limit(params, 500, 1000), first)]


async def aggregate_trades(data: Data, params: Params, account: int) -> object:
    channel = _one(data, params)
    first = integer(params, "fromId") if "fromId" in params else None
    since, until = _ms(params, "startTime"), _ms(params, "endTime")
    if first is not None and (since, until) != (None, None):
        raise ApiError(Code.BAD_COMBINATION)
    rows = channel.tape.aggregates(limit(params, 500, 1000), from_id=first, since=since, until=until)
    return [bodies.aggregate_body(channel.item, row) for row in rows]


async def klines(data: Data, params: Params, account: int) -> object:
    channel, interval = _one(data, params), required(params, "interval")
    if interval not in INTERVALS:
        raise ApiError(Code.BAD_INTERVAL)
    zone = zone_of(params)
    asked = Asked(
        interval,
        limit=limit(params, 500, 1000),
        since=_ms(params, "startTime"),
        until=_ms(params, "endTime"),
        zone=zone,
    )
    rows = channel.tape.candles.read(asked, data.now() // MS)
    return [bodies.kline_row(channel.item, candle, interval, zone) for candle in rows]


async def ui_klines(data: Data, params: Params, account: int) -> object:
    """As `klines`: nothing is smoothed for the eye here."""
    return await klines(data, params, account)


async def average_price(data: Data, params: Params, account: int) -> object:
    return bodies.average_body(_one(data, params).tape, data.now() // MS)


async def day_ticker(data: Data, params: Params, account: int) -> object:
    now, mini = data.now() // MS, _mini(params)

    def body(channel: Channel) -> Json:
        return bodies.mini_of(channel.day(now)) if mini else channel.day(now)

    return _each(data, params, body)


async def trading_day_ticker(data: Data, params: Params, account: int) -> object:
    now, mini, zone = data.now() // MS, _mini(params), zone_of(params)
    start = start_of(now, "1d", zone)

    def body(channel: Channel) -> Json:
        candle = channel.tape.rolling(now, now - start)
        shape = bodies.mini_body if mini else bodies.full_body
        return shape(channel.item, candle, start, end_of(start, "1d", zone) - 1)

    return _each(data, params, body, needed=True)


async def window_ticker(data: Data, params: Params, account: int) -> object:
    now, mini, width = data.now() // MS, _mini(params), window_of(params)

    def body(channel: Channel) -> Json:
        whole = channel.window(now, width)
        return bodies.mini_of(whole) if mini else whole

    return _each(data, params, body, needed=True)


async def price_ticker(data: Data, params: Params, account: int) -> object:
    return _each(data, params, _price)


def _price(channel: Channel) -> Json:
    last = channel.tape.last
    tick = last.tick if last else channel.market.last_tick
    return {"symbol": channel.item.symbol, "price": channel.item.price_text(tick)}


async def book_ticker(data: Data, params: Params, account: int) -> object:
    return _each(data, params, lambda channel: _touch(channel.market.ticker()))


def _touch(found: BookTicker) -> Json:
    return {
        "symbol": found.symbol,
        "bidPrice": found.bid,
        "bidQty": found.bid_quantity,
        "askPrice": found.ask,
        "askQty": found.ask_quantity,
    }
