"""Names of public streams: which exist, and what they ask for. Pure.

`blockTrade` and `referencePrice` exist and are silent: nobody trades blocks here, no symbol has a reference price.
Source: binance/binance-spot-api-docs, web-socket-streams.md and sbe-market-data-streams.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from .fanout import MARKET_STREAM
from .klines import HOUR, INTERVALS

WINDOWS = {"1h": HOUR, "4h": 4 * HOUR, "1d": 24 * HOUR}
_INTERVALS = "|".join(INTERVALS)
_WINDOWS = "|".join(WINDOWS)
_KINDS = (
    "trade", "aggTrade", "bookTicker", "miniTicker", "ticker", f"ticker_(?:{_WINDOWS})", "avgPrice",
    "blockTrade", "referencePrice", r"depth(?:5|10|20)?(?:@100ms|@1000ms)?", rf"kline_(?:{_INTERVALS})(?:@\+08:00)?",
)  # fmt: skip
_JSON = re.compile(rf"([a-z0-9]{{2,20}})@({'|'.join(_KINDS)})")
_ALL = re.compile(rf"!(?:miniTicker|ticker|ticker_(?:{_WINDOWS}))@arr")
_SBE = re.compile(r"([a-z0-9]{2,20})@(trade|bestBidAsk|depth|depth20)")
_KLINE = re.compile(rf"kline_({_INTERVALS})(@\+08:00)?")
_DEPTH = re.compile(r"depth(5|10|20)?(?:@(100|1000)ms)?")
KNOWN = (
    "trade, aggTrade, bookTicker, miniTicker, ticker, ticker_1h, ticker_4h, ticker_1d, avgPrice, blockTrade,"
    " referencePrice, depth[5|10|20][@100ms],"
    " kline_<interval>[@+08:00]; or !miniTicker@arr, !ticker@arr, !ticker_<1h|4h|1d>@arr"
)
KNOWN_SBE = "trade, bestBidAsk, depth, depth20"


@dataclass(frozen=True, slots=True)
class Kline:
    """What `<symbol>@kline_...` asks for; `zone` in ms."""

    interval: str
    zone: int


def kline(kind: str) -> Kline | None:
    found = _KLINE.fullmatch(kind)
    return Kline(found[1], 8 * HOUR if found[2] else 0) if found else None


def depth(kind: str) -> tuple[int, int] | None:
    """(levels, ms) of a depth stream; 0 levels: diffs."""
    found = _DEPTH.fullmatch(kind)
    return (int(found[1] or 0), int(found[2] or 1000)) if found else None


def refusal(stream: str, symbols: Collection[str]) -> str | None:
    """Why there is no such stream, or None. `symbols` in lower case."""
    if stream == MARKET_STREAM or _ALL.fullmatch(stream):
        return None
    return _refusal(_JSON, KNOWN, stream, symbols)


def sbe_refusal(stream: str, symbols: Collection[str]) -> str | None:
    return _refusal(_SBE, KNOWN_SBE, stream, symbols)


def _refusal(pattern: re.Pattern[str], known: str, stream: str, symbols: Collection[str]) -> str | None:
    found = pattern.fullmatch(stream)
    if found is None:
        return f"stream {stream[:60]!r} is not known; streams are <symbol>@ with one of {known}"
    if found[1] in symbols:
        return None
    return f"symbol of {stream!r} is not served; symbols are {', '.join(sorted(symbols))}"
