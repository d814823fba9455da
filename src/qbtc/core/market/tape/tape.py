"""Reading views of a tape: the columns as they are, and what is derived from them on request.

The arrays are usually memory maps that someone else opened; nothing here copies a column unless it must decode it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from .info import DELTA, Info
from .layout import EXTRA, Array, Ints, Kind, TapeFault, is_ask, price_ticks


class Tape:
    """One symbol's recorded market data. N messages in order of receipt, M rows."""

    def __init__(self, info: Info, columns: Mapping[str, Array]) -> None:
        missing = sorted(info.columns.keys() - columns.keys())
        if missing:
            raise TapeFault(f"columns are missing: {', '.join(missing)}")
        self.info = info
        self.columns = dict(columns)

    def __len__(self) -> int:
        """Messages."""
        return self.info.messages

    def __repr__(self) -> str:
        return f"<Tape {self.info.symbol} {self.info.venue}: {self.info.messages:,} messages, {self.info.rows:,} rows>"

    @property
    def symbol(self) -> str:
        return self.info.symbol

    @property
    def tick_size(self) -> float:
        """For charts and statistics; the exact step is `info.tick_size`."""
        return float(self.info.tick_size)

    @property
    def lot_size(self) -> float:
        return float(self.info.lot_size)

    @property
    def local(self) -> Ints:
        """int64[N]: UTC ns of receipt, never falling."""
        return self.columns["local"]

    @cached_property
    def lag(self) -> Array:
        """int32 or int64[N]: local minus exchange time in ns."""
        return self.columns.get("lag", np.broadcast_to(np.int32(0), self.info.messages))

    @cached_property
    def exchange(self) -> Ints:
        """int64[N]: UTC ns at the exchange, in order of receipt."""
        return self.local - self.lag if "lag" in self.columns else self.local

    @cached_property
    def kind(self) -> Array:
        """uint8[N] of Kind."""
        if "kind" in self.columns:
            return self.columns["kind"]
        return np.broadcast_to(np.uint8(self.info.kind or 0), self.info.messages)

    @cached_property
    def first(self) -> Array:
        """uint[N + 1]: where each message's rows begin."""
        if "first" in self.columns:
            return self.columns["first"]
        return np.arange(self.info.messages + 1, dtype=np.uint64) * np.uint64(self.info.rows_per_message or 0)

    @property
    def tick(self) -> Array:
        """int32 or int64[M]: `ticks << 2 | trade << 1 | side`."""
        return self.columns["tick"]

    @property
    def lots(self) -> Array:
        return self.columns["lots"]

    @property
    def order(self) -> Ints | None:
        """int64[M]: order ids, where the source is order by order."""
        return self.columns.get("order")

    @cached_property
    def seq(self) -> Ints | None:
        """int64[N]: update id or trade id of each message, -1 where it has none; None: the source has none."""
        stored = self.columns.get("seq")
        if stored is None or self.info.seq != DELTA:
            return stored
        return np.cumsum(stored, dtype=np.int64) + self.info.seq_first

    @cached_property
    def by_exchange(self) -> Array:
        """uint[N]: the messages in order of exchange time; equal times keep the order of receipt."""
        stored = self.columns.get("exch")
        return np.arange(self.info.messages, dtype=np.uint32) if stored is None else stored

    @cached_property
    def prices(self) -> Array:
        """float64[M]."""
        return price_ticks(self.tick) * self.tick_size

    @cached_property
    def quantities(self) -> Array:
        """float64[M]."""
        return np.asarray(self.lots) * self.lot_size

    @cached_property
    def asks(self) -> Array:
        """bool[M]: an ask, or a trade whose taker sold."""
        return is_ask(self.tick)

    def of(self, kind: Kind) -> Ints:
        """int64: the messages of one kind."""
        return np.flatnonzero(self.kind == kind)

    def special(self, kind: Kind) -> dict[str, Array]:
        """The columns of the messages `of` a kind: bars, funding, bands. Empty for kinds that have rows."""
        names = EXTRA.get(kind, {})
        return {name: self.columns[name] for name in names if name in self.columns}

    def rows(self, message: int) -> slice:
        """The rows of one message."""
        return slice(int(self.first[message]), int(self.first[message + 1]))
