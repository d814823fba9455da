"""One-second bars by market (event) time, and the panel of the last bars of all symbols.

Not here: the book (`core.market`) and the features (`features/`). A bar holds two price series on purpose: trades
(open, high, low, close: what a chart shows) and the mid of the book (what returns are measured on, because
one-second trade prices bounce between bid and ask). A bar whose book was not in sync has `mid` NaN and breaks the window.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import basis26

NANOS = 1_000_000_000
BAR_NS = basis26.BAR_SECONDS * NANOS
HISTORY = basis26.WINDOW_BARS + 1
COLUMNS = (
    "mid", "mid_high", "mid_low", "half_spread_bp", "imbalance", "depth", "top_size", "order_flow", "buy_volume",
    "sell_volume", "quote_volume", "messages", "basis_bp", "funding", "open_interest",
)  # fmt: skip
NAN = math.nan


@dataclass(frozen=True, slots=True)
class Quote:
    """What the book shows at one instant, in floats for statistics."""

    mid: float
    half_spread_bp: float
    imbalance: float
    depth: float
    top_size: float


NO_QUOTE = Quote(NAN, NAN, NAN, NAN, NAN)


class Known(NamedTuple):
    """Of the perpetual at one instant: basis in bp, funding in per cent a year, open interest in base units."""

    basis_bp: float = NAN
    funding: float = NAN
    open_interest: float = NAN


UNKNOWN = Known()


@dataclass(frozen=True, slots=True)
class Bar:
    """One second of one symbol; `end_ns` is exclusive. Volumes are base units, `quote_volume` quote units.

    The last three are of the perpetual, as known at the close: basis in bp, funding in per cent a year, open interest
    in base units; NaN where there is none.
    """

    end_ns: int
    open: float
    high: float
    low: float
    close: float
    mid: float
    mid_high: float
    mid_low: float
    half_spread_bp: float
    imbalance: float
    depth: float
    top_size: float
    order_flow: float
    buy_volume: float
    sell_volume: float
    quote_volume: float
    messages: float
    trades: int
    basis_bp: float = NAN
    funding: float = NAN
    open_interest: float = NAN

    @property
    def volume(self) -> float:
        return self.buy_volume + self.sell_volume


class BarBuilder:
    """Accumulates one symbol's trades and book changes; `close` ends the bar and starts the next one."""

    def __init__(self) -> None:
        self._last = NAN
        self._reset()

    def _reset(self) -> None:
        self._open = self._high = self._low = NAN
        self._mid_high = self._mid_low = NAN
        self._buy = self._sell = self._quote = self._flow = 0.0
        self._messages = self._trades = 0

    def trade(self, price: float, quantity: float, *, buyer_is_maker: bool) -> None:
        if self._trades == 0:
            self._open = self._high = self._low = price
        self._high, self._low, self._last = max(self._high, price), min(self._low, price), price
        self._sell += quantity if buyer_is_maker else 0.0
        self._buy += 0.0 if buyer_is_maker else quantity
        self._quote += price * quantity
        self._trades += 1
        self._messages += 1

    def book(self, mid: float, order_flow: float) -> None:
        """One book message: the mid after it and the order-flow increment it brought."""
        self._mid_high = mid if math.isnan(self._mid_high) else max(self._mid_high, mid)
        self._mid_low = mid if math.isnan(self._mid_low) else min(self._mid_low, mid)
        self._flow += order_flow
        self._messages += 1

    def forget(self) -> None:
        """Begin the bar anew: what was heard belongs to one that is not kept."""
        self._reset()

    def forming(self, end_ns: int, quote: Quote, known: Known = UNKNOWN) -> Bar:
        """The bar as it stands; a second without trades repeats the last price with volume 0."""
        flat = self._last if not math.isnan(self._last) else quote.mid
        traded = self._trades > 0
        return Bar(
            end_ns, self._open if traded else flat, self._high if traded else flat, self._low if traded else flat, flat,
            quote.mid, _fold(max, self._mid_high, quote.mid), _fold(min, self._mid_low, quote.mid),
            quote.half_spread_bp, quote.imbalance, quote.depth, quote.top_size,
            self._flow, self._buy, self._sell, self._quote, float(self._messages), self._trades, *known,
        )  # fmt: skip

    def close(self, end_ns: int, quote: Quote, known: Known = UNKNOWN) -> Bar:
        bar = self.forming(end_ns, quote, known)
        self._reset()
        return bar


def _fold(pick: Callable[[float, float], float], seen: float, mid: float) -> float:
    return mid if math.isnan(seen) else pick(seen, mid)


class BarClock:
    """Market time to bar ends: which bars end when event time `at_ns` arrives.

    The first, partial bar is dropped, and what comes before a silence longer than the window: `forgotten` says that what
    was heard so far belongs to no bar, `broken` that the window is broken.
    """

    def __init__(self, *, max_gap_bars: int = basis26.WINDOW_BARS) -> None:
        self._end: int | None = None
        self._max_gap = max_gap_bars
        self._partial = False
        self.broken = self.forgotten = False

    @property
    def end_ns(self) -> int | None:
        return self._end

    def advance(self, at_ns: int) -> list[int]:
        """Ends of the bars that are now complete; after a silence longer than the window `broken` is set instead."""
        self.broken = self.forgotten = False
        if self._end is None:
            self._end = (at_ns // BAR_NS + 1) * BAR_NS
            self._partial = at_ns % BAR_NS != 0
            return []
        count = (at_ns - self._end) // BAR_NS + 1
        if count <= 0:
            return []
        first, dropped = self._end, int(self._partial)
        self._end, self._partial = first + count * BAR_NS, False
        self.broken = count > self._max_gap
        self.forgotten = self.broken or dropped > 0
        if self.broken:
            return []
        return [first + i * BAR_NS for i in range(dropped, count)]


class Panel:
    """The last bars of every symbol as one array (symbol, column, bar), newest last, NaN where there is none."""

    def __init__(self, symbols: Sequence[str]) -> None:
        self.symbols = tuple(symbols)
        self._data = np.full((len(self.symbols), len(COLUMNS), HISTORY), np.nan)

    def push(self, bars: Sequence[Bar]) -> None:
        """Append one bar a symbol, in the order of `symbols`."""
        self._data[:, :, :-1] = self._data[:, :, 1:]
        self._data[:, :, -1] = [[getattr(bar, name) for name in COLUMNS] for bar in bars]

    def clear(self) -> None:
        self._data[:] = np.nan

    def column(self, name: str) -> NDArray[np.float64]:
        return self._data[:, COLUMNS.index(name), :]

    @property
    def data(self) -> NDArray[np.float64]:
        return self._data

    def lengths(self) -> NDArray[np.int64]:
        """For each symbol the number of newest bars without a break."""
        good = np.isfinite(self.column("mid"))[:, ::-1]
        return np.where(good.all(axis=1), HISTORY, np.argmin(good, axis=1))
