"""hftbacktest's events order by order (an .npz file) as CSV text, so that one compiled reader checks all of them.

There a FILL leaves its order as it is and the CANCEL or MODIFY behind it says what is left, which reads the same here: what
is left already is no change. A CANCEL is of all that is left. Rows that only the exchange side reads are passed over:
each has a twin for the desk. Source: hftbacktest.readthedocs.io, data format; its types.py.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import BadSource

MEMBER = "data.npy"
FIELDS = ("ev", "exch_ts", "local_ts", "px", "qty", "order_id")
HEADER = b"time,local,action,order,side,price,quantity\n"
ACTIONS = {2: "trade", 3: "clear", 10: "add", 11: "cancel", 12: "modify", 13: "fill"}
TRADE, CLEAR, CANCEL = 2, 3, 11
LEVELS = (1, 4, 5)
EXCHANGE, LOCAL, BUY, SELL = 1 << 31, 1 << 30, 1 << 29, 1 << 28
SLICE = 1 << 16


def is_npz(path: Path) -> bool:
    """A zip file that holds the one array that hftbacktest's files hold."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist() == [MEMBER]
    except zipfile.BadZipFile:
        return False


def as_csv(path: Path) -> Iterator[bytes]:
    """A header, then a line an event. Raises BadSource."""
    events = _events(path)
    yield HEADER
    for start in range(0, len(events), SLICE):
        yield "".join(map(_line, *_columns(events[start : start + SLICE]))).encode()


def _events(path: Path) -> NDArray[Any]:
    try:
        events: NDArray[Any] = np.load(path, allow_pickle=False)["data"]
    except (ValueError, OSError, zipfile.BadZipFile, KeyError) as error:
        raise BadSource(f"{path}: is no .npz file that can be read: {error}") from None
    missing = [name for name in FIELDS if name not in (events.dtype.names or ())]
    if missing or events.ndim != 1:
        raise BadSource(f"{path}: holds no events: fields {', '.join(missing) or 'of one dimension'} are missing", allowed=", ".join(FIELDS))
    flags = events["ev"]
    events = events[(flags & LOCAL != 0) | (flags & EXCHANGE == 0)]
    _check(path, events["ev"])
    return events


def _check(path: Path, flags: NDArray[Any]) -> None:
    kind = flags & 0xFF
    wrong = np.flatnonzero(~np.isin(kind, list(ACTIONS)) | ((kind == CLEAR) & (flags & (BUY | SELL) != 0)))
    if wrong.size:
        code = int(kind[wrong[0]])
        what = "levels (L2)" if code in LEVELS else "the clearing of one side" if code == CLEAR else f"an event of kind {code}"
        raise BadSource(
            f"{path}, line {wrong[0] + 2}: is {what}", field="kind",
            allowed="events order by order: add, cancel, modify, fill, trade, clear of both sides; for levels the files that they came from",
        )  # fmt: skip


def _columns(events: NDArray[Any]) -> list[list[Any]]:
    flags = events["ev"]
    kind = (flags & 0xFF).astype(np.int64)
    price, quantity = np.where(kind == CLEAR, 0.0, events["px"]), np.where(np.isin(kind, (CLEAR, CANCEL)), 0.0, events["qty"])
    side = np.where(flags & SELL != 0, "ask", "bid")
    order = np.where(np.isin(kind, (TRADE, CLEAR)), 0, events["order_id"])
    return [each.tolist() for each in (events["exch_ts"], events["local_ts"], kind, order, side, price, quantity)]


def _line(time: int, local: int, kind: int, order: int, side: str, price: float, quantity: float) -> str:
    return f"{time},{local},{ACTIONS[kind]},{order},{side},{price:.8f},{quantity:.8f}\n"
