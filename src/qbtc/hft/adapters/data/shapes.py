"""Columns read from tables (trades, book levels, tickers, bars…) as messages and rows. Arrays in, arrays out.

A shape takes the columns of consecutive lines by role and returns messages, rows and extras. Lines that belong to one
message (levels of one update) are its group; the last group of a block is held back, since it may go on in the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from qbtc.core.market.tape.events import MESSAGE, NO_ID
from qbtc.core.market.tape.layout import ASK, SHIFT, TRADED, Array, Ints, Kind
from qbtc.core.market.tape.table import EMPTY

Columns = dict[str, Ints]


@dataclass(slots=True)
class Made:
    """What some lines became. `used` lines were taken; the rest belongs to a group that may go on."""

    messages: Array
    rows: Ints
    used: int
    extras: dict[str, Ints] = field(default_factory=dict)


Shape = Callable[[Columns, Ints, bool], Made]
"""(columns by role, line numbers, nothing follows) -> Made."""


def _messages(columns: Columns, lines: Ints, kind: int, rows: int) -> Array:
    made = np.zeros(len(lines), MESSAGE)
    made["exchange"] = columns["time"]
    made["local"] = columns.get("local", columns["time"])
    ids = columns.get("id")
    made["seq"] = NO_ID if ids is None else np.where(ids == EMPTY, NO_ID, ids)
    made["first_id"] = made["previous"] = NO_ID
    made["line"], made["kind"], made["rows"] = lines, kind, rows
    return made


def _row(price: Ints, quantity: Ints, bits: Array | int) -> Ints:
    return np.stack([(price << SHIFT) | bits, quantity], axis=1)


def trades(columns: Columns, lines: Ints, last: bool) -> Made:
    """A line is a trade."""
    bits = TRADED | columns["side"]
    return Made(
        _messages(columns, lines, Kind.TRADE, 1), _row(columns["price"], columns["quantity"], bits), len(lines)
    )


def ticker(columns: Columns, lines: Ints, last: bool) -> Made:
    """A line is the best bid and ask; a side without a price is empty."""
    rows = np.empty((len(lines) * 2, 2), np.int64)
    for side, (price, quantity) in enumerate((("bid", "bid_quantity"), ("ask", "ask_quantity"))):
        empty = (columns[price] == EMPTY) | (columns[quantity] == EMPTY)
        rows[side::2] = _row(np.where(empty, 0, columns[price]), np.where(empty, 0, columns[quantity]), side)
    return Made(_messages(columns, lines, Kind.TICKER, 2), rows, len(lines))


def bars(columns: Columns, lines: Ints, last: bool) -> Made:
    """A line is a bar; its message is at the time given."""
    extras = {f"bar_{name}": columns[name] for name in ("open", "high", "low", "close", "volume")}
    return Made(_messages(columns, lines, Kind.BAR, 0), np.zeros((0, 2), np.int64), len(lines), extras)


def bands(columns: Columns, lines: Ints, last: bool) -> Made:
    """A line is the quantity within a percentage of the mid."""
    extras = {f"band_{name}": columns[name] for name in ("percent", "volume", "notional")}
    return Made(_messages(columns, lines, Kind.BANDS, 0), np.zeros((0, 2), np.int64), len(lines), extras)


def levels(columns: Columns, lines: Ints, last: bool) -> Made:
    """A line is one level; lines of the same times (and snapshot mark, and id) are one update."""
    marks = [columns[name] for name in ("time", "local", "snapshot", "id") if name in columns]
    starts = _starts(marks, len(lines))
    used = len(lines) if last or not len(starts) else int(starts[-1])
    starts = starts[starts < used]
    heads = {name: values[starts] for name, values in columns.items()}
    made = _messages(heads, lines[starts], Kind.DEPTH, 0)
    if "snapshot" in heads:
        made["kind"] = np.where(heads["snapshot"] == 1, int(Kind.SNAPSHOT), int(Kind.DEPTH))
    made["rows"] = np.diff(np.append(starts, used))
    rows = _row(columns["price"][:used], columns["quantity"][:used], columns["side"][:used])
    return Made(made, rows, used)


def _starts(marks: list[Ints], count: int) -> Ints:
    """Where a line differs from the one before it in any mark."""
    if count == 0:
        return np.zeros(0, np.int64)
    changed = np.zeros(count, np.bool_)
    changed[0] = True
    for mark in marks:
        changed[1:] |= mark[1:] != mark[:-1]
    return np.flatnonzero(changed)


def wide_book(columns: Columns, lines: Ints, last: bool) -> Made:
    """A line is a whole book of n levels: roles bid0, bid0_quantity, ask0…; levels without a price are left out."""
    depth = sum(1 for name in columns if name.startswith("bid") and not name.endswith("_quantity"))
    made = _messages(columns, lines, Kind.SNAPSHOT, 0)
    parts: list[Ints] = []
    held: list[Array] = []
    for side, name in enumerate(("bid", "ask")):
        for level in range(depth):
            price, quantity = columns[f"{name}{level}"], columns[f"{name}{level}_quantity"]
            held.append((price != EMPTY) & (quantity != EMPTY))
            parts.append(_row(np.where(held[-1], price, 0), np.where(held[-1], quantity, 0), side))
    keep = np.stack(held, axis=1)
    made["rows"] = keep.sum(axis=1)
    return Made(made, np.stack(parts, axis=1)[keep], len(lines))


def orders(columns: Columns, lines: Ints, last: bool) -> Made:
    """A line is an order's event, or a trade (its side is the taker's, its order is not read). A fill's bits are those of a
    trade: its side is the taker's, opposite to the order's."""
    action = columns["action"]
    clear = action == Kind.CLEAR
    made = _messages(columns, lines, 0, 1)
    made["kind"], made["rows"] = action, np.where(clear, 0, 1)
    side = columns["side"]
    bits = np.where(action == Kind.FILL, TRADED | (ASK - side), np.where(action == Kind.TRADE, TRADED | side, side))
    rows = _row(columns["price"], columns["quantity"], bits)
    return Made(made, rows[~clear], len(lines), {"order": columns["order"][~clear]})


SHAPES: dict[str, Shape] = {
    "trades": trades, "ticker": ticker, "bars": bars, "bands": bands, "depth": levels, "books": wide_book, "l3": orders,
}  # fmt: skip
