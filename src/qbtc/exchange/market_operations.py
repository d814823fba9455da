"""The rows of the operations table that are market data: paths, weights and parameters of `market_data`'s handlers."""

from __future__ import annotations

from . import market_old as api
from .operation import Operation, words
from .params import Params


def depth_weight(params: Params) -> int:
    """By `limit`: 5, 25, 50, 250."""
    text = params.get("limit", "")
    wanted = int(text) if text.isdigit() and len(text) < 10 else 100
    return next((weight for most, weight in ((100, 5), (500, 25), (1000, 50)) if wanted <= most), 250)


def ticker_weight(params: Params) -> int:
    """bookTicker and price: 2 for one symbol, else 4."""
    return 2 if params.get("symbol") else 4


MARKET_DATA: tuple[Operation, ...] = (
    Operation(
        method="GET", path="/api/v3/depth", ws="depth", weight=depth_weight, handler=api.depth,
        params=words("symbol limit symbolStatus"),
    ),
    Operation(
        method="GET", path="/api/v3/trades", ws="trades.recent", weight=25, handler=api.recent_trades,
        params=words("symbol limit"),
    ),
    Operation(
        method="GET", path="/api/v3/klines", ws="klines", weight=2, handler=api.klines,
        params=words("symbol interval startTime endTime timeZone limit"),
    ),
    Operation(
        method="GET", path="/api/v3/ticker/bookTicker", ws="ticker.book", weight=ticker_weight,
        handler=api.book_ticker, params=words("symbol symbols symbolStatus"),
    ),
)  # fmt: skip
