"""The columns of a tape: their names, kinds and integer widths, and the packing of price, side and trade into one integer.

Messages (N) are in order of receipt; rows (M) are their side-updates. A price row is `ticks << 2 | trade << 1 | side`.
Widths are chosen from the range of the whole import; a value that fits no width is refused, never wrapped.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = "qbtc-tape"
VERSION = 1

Ints = npt.NDArray[np.int64]
Array = npt.NDArray[Any]


class TapeFault(ValueError):
    """Columns that are no tape, or values that do not fit one; the message says which and what is allowed."""


class Kind(IntEnum):
    """What a message is. FUNDING, BAR and BANDS have no rows: their values are in columns of their own."""

    DEPTH = 1
    TRADE = 2
    SNAPSHOT = 3
    """The whole book: it replaces what was there."""
    TICKER = 4
    """Best bid, then best ask; lots 0 is an empty side."""
    CLEAR = 5
    BAR = 6
    FUNDING = 7
    BANDS = 8
    """Quantity within a percentage of the mid (Binance's bookDepth dumps)."""
    ADD = 10
    CANCEL = 11
    MODIFY = 12
    FILL = 13


L3 = frozenset((Kind.ADD, Kind.CANCEL, Kind.MODIFY, Kind.FILL))
ASK, TRADED, SHIFT = 1, 2, 2

EXTRA: dict[Kind, dict[str, str]] = {
    Kind.BAR: {
        "bar_open": "<i8", "bar_high": "<i8", "bar_low": "<i8", "bar_close": "<i8", "bar_volume": "<f8",
    },
    Kind.FUNDING: {"mark": "<f8", "index": "<f8", "rate": "<f8", "next_funding": "<i8"},
    Kind.BANDS: {"band_percent": "<f8", "band_volume": "<f8", "band_notional": "<f8"},
}  # fmt: skip
"""Columns of the messages of one kind: element k belongs to the k-th message of that kind. `bar_*` prices are ticks and
`bar_volume` the quantity as given; `mark` and `index` are prices, `rate` a fraction per funding interval, `next_funding` UTC ns."""

MESSAGE_COLUMNS = ("local", "lag", "kind", "first", "seq", "exch")
ROW_COLUMNS = ("tick", "lots", "order")
DTYPES: dict[str, tuple[str, ...]] = {
    "local": ("<i8",), "lag": ("<i4", "<i8"), "kind": ("|u1",), "first": ("<u4", "<u8"), "seq": ("<i4", "<i8"),
    "exch": ("<u4", "<u8"), "tick": ("<i4", "<i8"), "lots": ("<i4", "<i8"), "order": ("<i8",),
    **{name: (dtype,) for columns in EXTRA.values() for name, dtype in columns.items()},
}  # fmt: skip
"""The allowed types of each column, narrowest first."""


def narrowest(name: str, low: int, high: int) -> str:
    """The narrowest type of the column that holds low..high. Raises TapeFault where none does."""
    for dtype in DTYPES[name]:
        bounds = np.iinfo(dtype)
        if bounds.min <= low and high <= bounds.max:
            return dtype
    raise TapeFault(f"column {name}: values from {low} to {high} do not fit {DTYPES[name][-1]}")


def narrowed(name: str, values: Array, dtype: str) -> Array:
    """`values` in the planned type. Raises TapeFault rather than wrap."""
    if values.size and values.dtype != np.dtype(dtype):
        bounds = np.iinfo(dtype)
        low, high = int(values.min()), int(values.max())
        if low < bounds.min or high > bounds.max:
            raise TapeFault(f"column {name}: values from {low} to {high} do not fit {dtype}")
    return values.astype(dtype, copy=False)


def packed(ticks: Array, ask: Array, traded: Array) -> Ints:
    """Ticks with side and trade bits. Raises TapeFault where the shift would leave 64 bits."""
    wide = np.asarray(ticks, np.int64)
    if wide.size and (int(wide.max()) >= 1 << 61 or int(wide.min()) < -(1 << 61)):
        raise TapeFault(f"column tick: {int(wide.max())} ticks do not fit 61 bits")
    return (wide << SHIFT) | (np.asarray(traded, np.int64) << 1) | np.asarray(ask, np.int64)


def price_ticks(tick: Array) -> Array:
    """The price of rows in ticks."""
    return tick >> SHIFT


def is_ask(tick: Array) -> npt.NDArray[np.bool_]:
    """True for an ask, and for a trade whose taker sold."""
    found: npt.NDArray[np.bool_] = (tick & ASK) != 0
    return found


def is_trade(tick: Array) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = (tick & TRADED) != 0
    return found
