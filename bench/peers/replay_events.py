"""A tape as hftbacktest's events: the rows of every message, a snapshot as its clears and its levels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.hft.domain.backtest.feed import Feed

EVENT = np.dtype(
    [("ev", "u8"), ("exch_ts", "i8"), ("local_ts", "i8"), ("px", "f8"), ("qty", "f8"), ("order_id", "u8"), ("ival", "i8"),
     ("fval", "f8")], align=True,
)  # fmt: skip
DEPTH, TRADE, CLEAR, SNAPSHOT = 1, 2, 3, 4
ORDER_CLEAR, ORDER_ADD, ORDER_CANCEL, ORDER_MODIFY, ORDER_FILL = 5, 10, 11, 12, 13
BUY, SELL = 1 << 29, 1 << 28


def write(feed: Feed, path: Path) -> NDArray[Any]:
    """Events in order of receipt, written as `data` of an .npz file. Tickers are left out, as its converter does."""
    received = np.empty(feed.times.size, np.int64)
    received[feed.order] = feed.times
    counts = np.diff(feed.first.astype(np.int64))
    message = np.repeat(np.arange(feed.kind.size), counts)
    kind, code = feed.kind[message], feed.tick.astype(np.int64)
    made = np.zeros(feed.tick.size, EVENT)
    made["ev"] = np.where(kind == 2, TRADE, np.where(kind == 3, SNAPSHOT, DEPTH)) | np.where(code & 1, SELL, BUY)
    made["exch_ts"], made["local_ts"] = received[message], feed.local[message]
    made["px"], made["qty"] = (code >> 2) / _per(feed.tick_size), feed.lots / _per(feed.lot_size)
    made = _with_clears(made[kind != 4], message[kind != 4], feed)
    np.savez(path, data=made)
    return made


def write_orders(events: NDArray[Any], path: Path, *, tick_size: float, lot_size: float) -> NDArray[Any]:
    """Events of orders (`qbtc.testing.order_flow.EVENT`) as hftbacktest's. There a FILL leaves the order as it is, and the
    CANCEL or MODIFY behind it says what is left; a CANCEL is of all that is left, so that one of a part is a MODIFY."""
    left: dict[int, int] = {}
    out: list[tuple[int, int, int, int, int, int, int]] = []
    for kind, order, side, tick, lots, at, heard in events[np.argsort(events["local"], kind="stable")].tolist():
        if kind in (ORDER_ADD, ORDER_MODIFY, ORDER_CLEAR):
            left[order] = lots
            out.append((kind, order, side, tick, lots, at, heard))
            continue
        left[order] -= lots or left[order]
        if kind == ORDER_FILL:
            out.append((kind, order, side, tick, lots, at, heard))
        out.append((ORDER_MODIFY if left[order] else ORDER_CANCEL, order, side, tick, left[order], at, heard))
    kind, order, side, tick, lots, at, heard = (np.array(each, np.int64) for each in zip(*out, strict=True))
    made = np.zeros(len(out), EVENT)
    made["ev"] = np.where(kind == ORDER_CLEAR, CLEAR, kind | np.where(side, SELL, BUY))
    made["exch_ts"], made["local_ts"], made["order_id"] = at, heard, order
    made["px"], made["qty"] = tick / _per(tick_size), lots / _per(lot_size)
    np.savez(path, data=made)
    return made


def _per(step: float) -> float:
    return round(1 / step) if step < 1 else 1 / step


def _with_clears(made: NDArray[Any], message: NDArray[np.int64], feed: Feed) -> NDArray[Any]:
    """Before a snapshot's levels of a side, the event that clears that side up to the last of them."""
    out, at = [], 0
    for m in np.flatnonzero(feed.kind == 3):
        begin, end = np.searchsorted(message, [m, m + 1])
        out.append(made[at:begin])
        for side, farthest in ((BUY, np.min), (SELL, np.max)):
            part = made[begin:end][(made["ev"][begin:end] & side) == side]
            if part.size:
                clear = part[:1].copy()
                clear["ev"], clear["px"], clear["qty"] = CLEAR | side, farthest(part["px"]), 0
                out += [clear, part]
        at = end
    return np.concatenate([*out, made[at:]])
