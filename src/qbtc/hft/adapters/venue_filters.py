"""What a spot venue's filters allow, in words: its own refusals name the filter and say no more."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

from qbtc.contracts.common import Side
from qbtc.core.market.instrument import Instrument

from ..ports import NoAnswer, VenueError
from .venue_http import Json, rows
from .venue_rest import Rest

_NAME = re.compile(r"Filter failure: (\w+)")


async def allowed(venue: object, instrument: Instrument, side: Side, refusal: str) -> str | None:
    """What would pass the filter that a refusal names; None when that is not known here or the venue is silent."""
    named = _NAME.search(refusal)
    if named is None or not isinstance(venue, Rest):
        return None
    symbol = {"symbol": instrument.symbol}
    try:
        body = await venue.public("/api/v3/exchangeInfo", symbol)
        average = await venue.public("/api/v3/avgPrice", symbol) if "PERCENT" in named[1] else {}
    except (NoAnswer, VenueError):
        return None
    found = [f for row in rows(body.get("symbols")) for f in rows(row.get("filters")) if f.get("filterType") == named[1]]
    return words(found[0], side, instrument, Decimal(str(average.get("price") or 0))) if found else None


def words(rule: Json, side: Side, instrument: Instrument, average: Decimal) -> str | None:
    """One filter of `exchangeInfo`. `average` is the venue's average price, which percent filters measure from."""
    kind, base, quote = str(rule["filterType"]), instrument.base, instrument.quote
    if kind.startswith("PERCENT_PRICE"):
        prefix = ("bid" if side is Side.BUY else "ask") if kind.endswith("SIDE") else ""
        low, high = (_number(rule, _camel(prefix, name)) * average for name in ("multiplierDown", "multiplierUp"))
        grid = instrument.tick_size
        return f"a price from {_text(_ceil(low, grid))} to {_text(high // grid * grid)} {quote}" if average else None
    if kind == "PRICE_FILTER":
        return f"a price from {_plain(rule, 'minPrice')} to {_plain(rule, 'maxPrice')} {quote}, in steps of {_plain(rule, 'tickSize')}"
    if kind in ("LOT_SIZE", "MARKET_LOT_SIZE"):
        return f"a quantity from {_plain(rule, 'minQty')} to {_plain(rule, 'maxQty')} {base}, in steps of {_plain(rule, 'stepSize')}"
    if kind in ("NOTIONAL", "MIN_NOTIONAL"):
        most = f" and at most {_plain(rule, 'maxNotional')}" if "maxNotional" in rule else ""
        return f"a value (price x quantity) of at least {_plain(rule, 'minNotional')}{most} {quote}"
    if kind == "MAX_POSITION":
        return f"a position of at most {_plain(rule, 'maxPosition')} {base}"
    counts = [str(value) for name, value in rule.items() if name.startswith("max")]
    return f"at most {counts[0]}" if counts else None


def _camel(prefix: str, name: str) -> str:
    return prefix + name[:1].upper() + name[1:] if prefix else name


def _number(rule: Json, name: str) -> Decimal:
    return Decimal(str(rule[name]))


def _ceil(value: Decimal, grid: Decimal) -> Decimal:
    return (value / grid).to_integral_value(ROUND_CEILING) * grid


def _text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _plain(rule: Json, name: str) -> str:
    return _text(_number(rule, name))
