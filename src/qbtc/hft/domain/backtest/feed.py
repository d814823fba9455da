"""A tape as the backtest reads it: contiguous columns, the order of the exchange, and the touch after every message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .book import Memory
from .layout import RUN
from .touches import CLEAR, DEPTH, SNAPSHOT, TICKER, TRADE, touches

Array = NDArray[Any]
Ints = NDArray[np.int64]
SERVED = (DEPTH, TRADE, SNAPSHOT, TICKER, CLEAR)


@dataclass(frozen=True)
class Feed:
    """N messages and M rows of one symbol. `order` and `times` are in the order of the exchange, the rest in that of
    receipt. `newest[i]` is the last of the messages `order[:i + 1]` by receipt; `alone`: tickers are all there is."""

    symbol: str
    tick_size: float
    lot_size: float
    local: Ints
    times: Ints
    order: Array
    newest: Array
    kind: NDArray[np.uint8]
    first: Array
    tick: Array
    lots: Array
    seq: Ints
    touch: Array
    low: int
    high: int
    alone: bool
    apart: bool

    @property
    def last(self) -> int:
        """Time of the last message on either clock."""
        return max(int(self.local[-1]), int(self.times[-1]))

    @property
    def begin(self) -> int:
        return min(int(self.local[0]), int(self.times[0]))

    def nbytes(self) -> int:
        """Bytes of all columns."""
        return sum(value.nbytes for value in vars(self).values() if isinstance(value, np.ndarray))


def feed(
    columns: Mapping[str, Array], *, symbol: str, tick_size: float, lot_size: float, delay: int = 0, tickers: bool = True
) -> Feed:
    """A Feed of the columns local, exchange, kind, first, tick, lots and, where there is one, seq.

    `delay` ns are added to every local time; times of receipt before those of the exchange are shifted until none is.
    Raises ValueError when there is no message that a backtest can use.
    """
    local, exchange = np.asarray(columns["local"]), np.asarray(columns["exchange"])
    kind, first = np.ascontiguousarray(columns["kind"]), np.ascontiguousarray(columns["first"])
    seq = columns.get("seq")
    keep = np.isin(kind, SERVED if tickers else tuple(each for each in SERVED if each != TICKER))
    tick, lots = np.ascontiguousarray(columns["tick"]), np.ascontiguousarray(columns["lots"])
    if not keep.all():
        each: Array = np.diff(first.astype(np.int64))
        rows, counts = np.repeat(keep, each), each[keep]
        first = np.concatenate(([0], np.cumsum(counts))).astype(first.dtype)
        local, exchange, kind, tick, lots = local[keep], exchange[keep], kind[keep], tick[rows], lots[rows]
        seq = None if seq is None else np.asarray(seq)[keep]
    if kind.size == 0:
        raise ValueError(f"{symbol}: the tape has no depth update, trade or ticker that a backtest can use")
    behind = delay - min(0, int((local - exchange).min()))
    local = np.ascontiguousarray(local + behind if behind else local)
    order, times = _by_exchange(exchange)
    low, high = _range(tick)
    booked = np.isin(kind, (DEPTH, SNAPSHOT, CLEAR))
    alone = not booked.any()
    narrow: Any = np.int32 if high < 1 << 31 else np.int64
    made = Feed(
        symbol, tick_size, lot_size, local, times, order, np.maximum.accumulate(order), kind, first, tick, lots,
        np.ascontiguousarray(seq) if seq is not None else np.empty(0, np.int64),
        np.zeros((kind.size, 2), narrow), low, high, alone, _crosses(order, booked | (kind == TICKER) if alone else booked),
    )  # fmt: skip
    _touch(made)
    return made


def _by_exchange(exchange: Ints) -> tuple[Array, Ints]:
    wide = np.uint32 if exchange.size < 1 << 32 else np.int64
    if (np.diff(exchange) >= 0).all():
        return np.arange(exchange.size, dtype=wide), np.ascontiguousarray(exchange)
    order = np.argsort(exchange, kind="stable")
    return order.astype(wide), np.ascontiguousarray(exchange[order])


def _range(tick: Array) -> tuple[int, int]:
    """Lowest and highest price of any row, in ticks."""
    return int(tick.min()) >> 2, int(tick.max()) >> 2


def _crosses(order: Array, booked: NDArray[np.bool_]) -> bool:
    """True if messages of the book reach the desk in another order than the exchange made them."""
    seen = order[booked[order]]
    return bool((np.diff(seen.astype(np.int64)) < 0).any())


def _touch(f: Feed) -> None:
    run = np.zeros(1, RUN)
    memory = Memory(run["venue"], f.low, f.high, f.lots.dtype)
    touches(run, f.order, f.kind, f.first, f.tick, f.lots, f.seq, f.alone, memory.levels, f.touch)
