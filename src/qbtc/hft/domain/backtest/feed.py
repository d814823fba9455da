"""A tape as the backtest reads it: contiguous columns, the order of the exchange, and what is computed once of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.tape.snapshots import following, held, newer

from .book import Memory, spanned
from .history import History, history
from .layout import RUN
from .touches import CLEAR, DEPTH, SNAPSHOT, TICKER, TRADE, sights, touches

Array = NDArray[Any]
Ints = NDArray[np.int64]
SERVED = (DEPTH, TRADE, SNAPSHOT, TICKER, CLEAR)


class Exchange(NamedTuple):
    """What the exchange is after each of N messages, in its order: `touch` [N, 2] bid and ask in ticks (0: none) and their
    `size` in lots, `trades` the places of the trades, `reach` [N, 2] the highest tick at which the message buys and the lowest at which it sells, and the history of its levels."""

    touch: Array
    size: Array
    trades: Array
    reach: Array
    history: History


class Sights(NamedTuple):
    """What the desk sees after each of N messages, as received: `seen` [N, 4] bid, its lots, ask, its lots (0: none);
    `news` uint8[N] the method that the message is for."""

    seen: Array
    news: Array


@dataclass(frozen=True)
class Feed:
    """N messages and M rows of one symbol. `order` and `times` are in the order of the exchange, the rest in that of
    receipt; `low` and `high` are the range of prices in ticks; `alone`: tickers are all there is."""

    symbol: str
    tick_size: float
    lot_size: float
    local: Ints
    times: Ints
    order: Array
    kind: NDArray[np.uint8]
    first: Array
    tick: Array
    lots: Array
    seq: Ints
    low: int
    high: int
    alone: bool
    mark: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    """Of a tape of orders, one a row (`core.market.tape.orders.Levelled`); `fifo` reads it."""
    fills: bool = False
    """A tape of orders that says which of them traded."""

    @property
    def last(self) -> int:
        """Time of the last message on either clock."""
        return max(int(self.local[-1]), int(self.times[-1]))

    @property
    def begin(self) -> int:
        return min(int(self.local[0]), int(self.times[0]))

    @cached_property
    def exchange(self) -> Exchange:
        run, memory = self._book()
        count, most = self.kind.size, int(np.iinfo(self._narrow).max)
        touch, size, reach = (np.zeros((count, 2), self._narrow) for _ in range(3))
        wiped = np.empty((self._removals(), 2), np.int64)
        while True:
            found = touches(
                run, self.order, self.kind, self.first, self.tick, self.lots, self.seq, self.alone, memory.levels, most, touch, size, reach, wiped
            )  # fmt: skip
            if found <= len(wiped):
                break
            (run, memory), wiped = self._book(), np.empty((found, 2), np.int64)
        span = int(run["book"]["span"][0])
        levels = history(self.order, self.kind, self.first, self.tick, self.lots, self.low, span, self.alone, wiped[:found])
        trades = np.flatnonzero(self.kind[self.order] == TRADE).astype(self.order.dtype)
        return Exchange(touch, size, trades, reach, levels)

    @cached_property
    def sights(self) -> Sights:
        run, memory = self._book()
        seen, news = np.empty((self.kind.size, 4), self._narrow), np.empty(self.kind.size, np.uint8)
        sights(run, self.kind, self.first, self.tick, self.lots, self.seq, self.alone, memory.levels, seen, news)
        return Sights(seen, news)

    def _removals(self) -> int:
        """About how many levels snapshots remove without naming them."""
        whole = np.flatnonzero(self.kind == SNAPSHOT)
        rows = self.first[whole + 1].astype(np.int64) - self.first[whole].astype(np.int64)
        return 2 * int(rows.sum()) + (1 << 12)

    def _book(self) -> tuple[NDArray[np.void], Memory]:
        run = np.zeros(1, RUN)
        return run, Memory(run["book"], self.low, self.high, self.lots.dtype)

    @property
    def _narrow(self) -> Any:
        return np.int32 if self.high < 1 << 30 and self.lots.dtype == np.int32 else np.int64

    @property
    def span(self) -> int:
        """Prices that a book of it has room for."""
        return spanned(self.low, self.high)

    def ready(self) -> Feed:
        """Itself, with all that is computed once; on two cores where there are two."""
        if vars(self).keys() >= {"exchange", "sights"}:
            return self
        with ThreadPoolExecutor(1) as other:
            seen = other.submit(lambda: self.sights)
            _ = self.exchange
            seen.result()
        return self

    def nbytes(self) -> int:
        """Bytes of all columns, those included that were computed so far."""
        return sum(value.nbytes for value in _arrays(vars(self).values()))


def _arrays(values: Any) -> Iterator[Array]:
    for value in values:
        if isinstance(value, np.ndarray):
            yield value
        elif isinstance(value, tuple):
            yield from _arrays(value)


def feed(
    columns: Mapping[str, Array],
    *,
    symbol: str,
    tick_size: float,
    lot_size: float,
    delay: int = 0,
    tickers: bool = True,
    sync: bool = True,
    fills: bool = False,
) -> Feed:
    """A Feed of the columns local, exchange, kind, first, tick, lots and, where there are any, seq and mark.

    `delay` ns are added to every local time; times of receipt before those of the exchange are shifted until none is.
    `sync`: follow the venue's rules for a local book (`synchronised`); else every update counts as it was received.
    Raises ValueError when there is no message that a backtest can use.
    """
    served = SERVED if tickers else tuple(each for each in SERVED if each != TICKER)
    c = _taken(columns, np.flatnonzero(np.isin(columns["kind"], served)))
    if c["tick"].size == 0:
        raise ValueError(f"{symbol}: the tape has no depth update, trade or ticker that a backtest can use")
    if sync and c["seq"].size:
        c = synchronised(c)
    local, exchange, kind, tick = c["local"], c["exchange"], c["kind"], c["tick"]
    behind = delay - min(0, int((local - exchange).min()))
    order, times = _by_exchange(exchange)
    low, high = _range(tick)
    return Feed(
        symbol, tick_size, lot_size, np.ascontiguousarray(local + behind if behind else local), times, order, kind, c["first"], tick,
        c["lots"], c["seq"], low, high, not np.isin(kind, (DEPTH, SNAPSHOT, CLEAR)).any(), c["mark"], fills,
    )  # fmt: skip


def as_received(f: Feed) -> Feed:
    """The same messages, reaching the exchange when they reach the desk."""
    order = np.arange(f.local.size, dtype=f.order.dtype)
    return replace(f, times=f.local, order=order)


def alike(feeds: Sequence[Feed]) -> list[Feed]:
    """The same feeds with columns as wide as the widest of them: compiled code takes legs of one type."""
    names = ("order", "first", "tick", "lots")
    wide = {name: np.result_type(*(getattr(f, name).dtype for f in feeds)) for name in names}
    if len({f._narrow for f in feeds}) > 1:
        wide["lots"] = np.dtype(np.int64)
    fits = [all(getattr(f, name).dtype == dtype for name, dtype in wide.items()) for f in feeds]
    return [f if fit else replace(f, **{n: getattr(f, n).astype(wide[n]) for n in names}) for f, fit in zip(feeds, fits, strict=True)]


def _taken(columns: Mapping[str, Array], which: Ints) -> dict[str, Array]:
    """The messages `which`, in that order, with their rows; contiguous. The columns themselves if that is all of them."""
    first = np.asarray(columns["first"])
    seq = columns.get("seq")
    none = np.empty(0, np.int64)
    given = {"mark": none, **columns, "seq": none if seq is None else seq}
    if which.size == first.size - 1 and (np.diff(which) == 1).all():
        return {name: np.require(value, requirements=("C", "W")) for name, value in given.items()}
    each: Array = np.diff(first.astype(np.int64))
    begins, counts = first[which].astype(np.int64), each[which]
    starts = np.concatenate(([0], np.cumsum(counts)))
    rows = np.arange(starts[-1]) + np.repeat(begins - starts[:-1], counts)
    taken = {name: np.asarray(value)[rows if name in ("tick", "lots", "mark") else which] for name, value in given.items()
             if name != "first" and np.size(value)}  # fmt: skip
    return {"seq": none, "mark": none, **taken, "first": starts.astype(first.dtype)}


def synchronised(columns: Mapping[str, Array]) -> dict[str, Array]:
    """Messages as a desk that follows the venue's rules takes them.

    Updates received before the first snapshot wait for it; at a snapshot, those that are newer than it are applied on top,
    at that time; those that are not newer are dropped. To the exchange the snapshot is as old as the update it precedes.
    """
    kind, seq = columns["kind"], columns["seq"]
    local, exchange = columns["local"].copy(), columns["exchange"].copy()
    place = np.arange(kind.size, dtype=np.float64)
    keep = np.ones(kind.size, np.bool_)
    begin, end = 0, kind.size
    for at in np.flatnonzero(kind == SNAPSHOT).tolist():
        keep[held(kind, seq, at, 0 if begin == 0 else at, end)] = False
        again = newer(kind, seq, at, begin)
        follow = again if again.size else following(kind, seq, at)
        if follow.size:
            exchange[at] = min(exchange[at], exchange[follow[0]])
        if again.size:
            local[again[0] : at] = np.where(kind[again[0] : at] == DEPTH, local[at], local[again[0] : at])
            place[again] = at + np.arange(1, again.size + 1) / (again.size + 1)
        begin = at + 1
    order = np.argsort(place, kind="stable")
    return _taken({**columns, "local": local, "exchange": exchange}, order[keep[order]])


def _by_exchange(exchange: Ints) -> tuple[Array, Ints]:
    wide = np.uint32 if exchange.size < 1 << 32 else np.int64
    if (np.diff(exchange) >= 0).all():
        return np.arange(exchange.size, dtype=wide), np.ascontiguousarray(exchange)
    order = np.argsort(exchange, kind="stable")
    return order.astype(wide), np.ascontiguousarray(exchange[order])


def _range(tick: Array) -> tuple[int, int]:
    """Lowest and highest price of any row, in ticks."""
    return int(tick.min()) >> 2, int(tick.max()) >> 2
