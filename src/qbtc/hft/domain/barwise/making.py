"""Bars of trades or quotes: of equal time, number of trades, volume or value. Bars that are not over are left out.

    1m           every minute of UTC in which there was something; `flat`: also where nothing was, at the close before
    500 ticks    so many trades (or changes of the quote)
    20 volume    with the trade that brings the volume to so many base units (M. López de Prado, Advances in Financial
    1e6 value    Machine Learning, 2018, ch. 2), or the value to so many quote units; the next bar begins at 0
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np

from ..backtest.assumptions import BadAssumption, duration
from ..backtest.feed import Feed
from ..backtest.touches import TRADE
from .native import compiled
from .series import PRICES, BadBars, Bars, Floats, Ints, checked

SOURCES = ("trades", "mids", "bids", "asks")
EVERY = "a time such as 1m or 1d, '500 ticks', '20 volume' (base units) or '1e6 value' (quote units)"
DAY = 86_400_000_000_000


class Events(NamedTuple):
    """Prices in order: time int64[n] ns, price float64[n], volume float64[n] base units (0 for quotes)."""

    time: Ints
    price: Floats
    volume: Floats


def events(f: Feed, source: str = "trades") -> Events:
    """Of the feed, by the clock of the exchange. Raises BadBars."""
    if source not in SOURCES:
        raise BadBars(f"bars cannot be made of {source!r}; allowed: {', '.join(SOURCES)}")
    if source != "trades":
        return _quotes(f, source)
    kind: Any = f.kind[f.order]
    which = f.order[kind == TRADE].astype(np.int64)
    begins, counts = f.first[which].astype(np.int64), np.diff(f.first.astype(np.int64))[which]
    starts = np.cumsum(counts) - counts
    rows = np.repeat(begins - starts, counts) + np.arange(int(counts.sum()))
    ticks, lots = (f.tick[rows] >> 2).astype(np.float64), f.lots[rows].astype(np.float64)
    return Events(np.repeat(f.times[kind == TRADE], counts), ticks * f.tick_size, lots * f.lot_size)


def _quotes(f: Feed, source: str) -> Events:
    """Where best bid or ask changed."""
    bid, ask = f.exchange.touch[:, 0].astype(np.int64), f.exchange.touch[:, 1].astype(np.int64)
    moved = np.append(True, (np.diff(bid) != 0) | (np.diff(ask) != 0)) & (bid > 0) & (ask > 0)
    ticks = {"bids": bid + bid, "asks": ask + ask, "mids": bid + ask}[source][moved].astype(np.float64) * 0.5
    return Events(f.times[moved], ticks * f.tick_size, np.zeros(ticks.size))


def of_events(
    e: Events, every: str, *, symbol: str, tick_size: float, lot_size: float, flat: bool = False, venue: str = ""
) -> Bars:
    """Raises BadBars."""
    if not e.time.size:
        raise BadBars(f"{symbol}: there is nothing to make bars of; allowed: another source of {', '.join(SOURCES)}")
    unit, size = understood(every)
    last, begin, time = _timed(e, int(size)) if unit == "time" else _counted(e, unit, size)
    if not last.size:
        raise BadBars(f"{symbol}: not one bar of {every} is over; allowed: smaller ones")
    made = {"begin": begin, "time": time, **_prices(e, last)}
    if flat and unit == "time":
        made = _filled(made, int(size))
    return checked(made, symbol=symbol, tick_size=tick_size, lot_size=lot_size, venue=venue)


def understood(every: str) -> tuple[str, float]:
    """(time, ticks, volume or value; ns or how many). Raises BadBars."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?(?:e\d+)?)\s*(d|ticks|volume|value)\s*", every)
    try:
        unit, size = (found[2], float(found[1])) if found else ("time", float(duration(every)))
    except BadAssumption:
        unit, size = "", 0.0
    if unit == "d":
        unit, size = "time", size * DAY
    if size <= 0 or (unit in ("time", "ticks") and size != int(size)):
        raise BadBars(f"bars of {every!r} are not understood; allowed: {EVERY}")
    return unit, size


def _timed(e: Events, step: int) -> tuple[Ints, Ints, Ints]:
    """(last event, begin, time) of every whole interval with an event in it."""
    cell = e.time // step
    last = np.flatnonzero(np.append(np.diff(cell) != 0, False))
    return last, cell[last] * step, (cell[last] + 1) * step


def _counted(e: Events, unit: str, size: float) -> tuple[Ints, Ints, Ints]:
    weight = {"ticks": np.ones(e.time.size), "volume": e.volume, "value": e.volume * e.price}[unit]
    if not weight.any():
        raise BadBars(f"bars of {unit} need trades, and these are quotes; allowed: bars of trades, of time or of so many ticks")
    last = np.empty(e.time.size, np.int64)
    last = last[: reached(weight, size, last)]
    last = last[np.append(np.diff(e.time[last]) > 0, True)[: last.size]]  # bars that end at one instant are one
    return last, e.time[np.append(0, last[:-1] + 1)[: last.size]], e.time[last]


@compiled
def reached(weight, size, last):
    """Where the running sum reaches `size` and begins anew; how often."""
    total, count = 0.0, 0
    for n in range(weight.size):
        total += weight[n]
        if total >= size:
            last[count] = n
            count += 1
            total = 0.0
    return count


def _prices(e: Events, last: Ints) -> dict[str, Any]:
    end = int(last[-1]) + 1
    first = np.append(0, last[:-1] + 1)
    price, volume = e.price[:end], e.volume[:end]
    return {
        "open": price[first], "high": np.maximum.reduceat(price, first), "low": np.minimum.reduceat(price, first),
        "close": price[last], "volume": np.add.reduceat(volume, first),
    }  # fmt: skip


def _filled(made: dict[str, Any], step: int) -> dict[str, Any]:
    """Every interval from the first to the last."""
    begin = np.arange(made["begin"][0], made["begin"][-1] + step, step, dtype=np.int64)
    place = np.searchsorted(made["begin"], begin, "right") - 1
    there = made["begin"][place] == begin
    close = made["close"][place]
    prices = {name: np.where(there, made[name][place], close) for name in PRICES}
    return {"begin": begin, "time": begin + step, **prices, "volume": np.where(there, made["volume"][place], 0.0)}


def joined(b: Bars, every: str, *, flat: bool = False) -> Bars:
    """Larger bars of bars. Raises BadBars."""
    unit, size = understood(every)
    length = int((b.time - b.begin).min())
    if unit == "time" and size < length:
        raise BadBars(f"bars of {every} cannot be made of bars of {length / 1e9:g} s; allowed: a multiple of that")
    if unit != "time":
        raise BadBars(f"bars of {every!r} need trades, and these are bars; allowed: a time such as 1h")
    step = int(size)
    if abs(step / length - round(step / length)) > 1e-3:
        raise BadBars(f"bars of {every} cannot be made of bars of {length / 1e9:g} s; allowed: a multiple of that")
    cell = (b.time - 1) // step  # a bar belongs where its end does: some sources end it a moment before the full minute
    last = np.flatnonzero(np.append(np.diff(cell) != 0, b.time[-1] >= (cell[-1] + 1) * step - 1_000_000))
    if not last.size:
        raise BadBars(f"{b.symbol}: not one bar of {every} is over; allowed: smaller ones")
    first, end = np.append(0, last[:-1] + 1), int(last[-1]) + 1
    made = {
        "begin": cell[last] * step, "time": (cell[last] + 1) * step, "open": b.open[first], "close": b.close[last],
        "high": np.maximum.reduceat(b.high[:end], first), "low": np.minimum.reduceat(b.low[:end], first),
        "volume": np.add.reduceat(b.volume[:end], first),
    }  # fmt: skip
    made = _filled(made, step) if flat else made
    return checked(made, symbol=b.symbol, tick_size=b.tick_size, lot_size=b.lot_size, venue=b.venue)
