"""The rows of the operations table that are market data: paths, weights and parameters of `market_data`'s handlers."""

from __future__ import annotations

from . import market_data as data
from .operation import Operation, words
from .params import Params, texts


def depth_weight(params: Params) -> int:
    """By `limit`: 5, 25, 50, 250."""
    text = params.get("limit", "")
    wanted = int(text) if text.isdecimal() and len(text) < 10 else 100
    return next((weight for most, weight in ((100, 5), (500, 25), (1000, 50)) if wanted <= most), 250)


def touch_weight(params: Params) -> int:
    """bookTicker and price: 2 for one symbol, else 4."""
    return 2 if params.get("symbol") else 4


def day_weight(params: Params) -> int:
    """24hr: 2 for up to 20 symbols, 40 up to 100, 80 for more or all."""
    if params.get("symbol"):
        return 2
    named = len(texts(params, "symbols") or ()) or 1000
    return 2 if named <= 20 else 40 if named <= 100 else 80


def window_weight(params: Params) -> int:
    """Rolling window and trading day: 4 a symbol, at most 200."""
    return min(4 * len(texts(params, "symbols") or ("one",)), 200)


_CHOICE = words("symbol symbols symbolStatus")
_KLINES = words("symbol interval startTime endTime timeZone limit")

MARKET_DATA: tuple[Operation, ...] = (
    Operation(
        method="GET", path="/api/v3/depth", ws="depth", weight=depth_weight, handler=data.depth,
        params=words("symbol limit symbolStatus"),
    ),
    Operation(
        method="GET", path="/api/v3/trades", ws="trades.recent", weight=25, handler=data.recent_trades,
        params=words("symbol limit"),
    ),
    Operation(
        method="GET", path="/api/v3/historicalTrades", ws="trades.historical", weight=25,
        handler=data.historical_trades, params=words("symbol limit fromId"),
    ),
    Operation(
        method="GET", path="/api/v3/aggTrades", ws="trades.aggregate", weight=4, handler=data.aggregate_trades,
        params=words("symbol fromId startTime endTime limit"),
    ),
    Operation(
        method="GET", path="/api/v3/klines", ws="klines", weight=2, handler=data.klines, params=_KLINES,
    ),
    Operation(
        method="GET", path="/api/v3/uiKlines", ws="uiKlines", weight=2, handler=data.ui_klines, params=_KLINES,
    ),
    Operation(
        method="GET", path="/api/v3/avgPrice", ws="avgPrice", weight=2, handler=data.average_price,
        params=words("symbol"),
    ),
    Operation(
        method="GET", path="/api/v3/ticker/24hr", ws="ticker.24hr", weight=day_weight, handler=data.day_ticker,
        params=_CHOICE | {"type"},
    ),
    Operation(
        method="GET", path="/api/v3/ticker/tradingDay", ws="ticker.tradingDay", weight=window_weight,
        handler=data.trading_day_ticker, params=_CHOICE | {"type", "timeZone"},
    ),
    Operation(
        method="GET", path="/api/v3/ticker/price", ws="ticker.price", weight=touch_weight, handler=data.price_ticker,
        params=_CHOICE,
    ),
    Operation(
        method="GET", path="/api/v3/ticker/bookTicker", ws="ticker.book", weight=touch_weight,
        handler=data.book_ticker, params=_CHOICE,
    ),
    Operation(
        method="GET", path="/api/v3/ticker", ws="ticker", weight=window_weight, handler=data.window_ticker,
        params=_CHOICE | {"type", "windowSize"},
    ),
)  # fmt: skip
