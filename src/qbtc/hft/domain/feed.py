"""All symbols of one market session: frames in, book changes and closed bars out. Pure; time comes with the frames.

The market clock is the largest event time seen. A bar closes for all symbols at once, at the first frame whose event
time is at or after its end, so that one `MarketState` holds the same second of every symbol.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts import MarketMode, basis26
from qbtc.contracts.trading import MarketState
from qbtc.core.binance.messages import BookTicker, DepthUpdate, MalformedFrame, MarketEvent, Trade, cut_levels
from qbtc.core.market.instrument import Instrument

from .bars import BAR_NS, NANOS, Bar, BarClock, Panel
from .features import MIN_BARS, compute
from .features.reasons import Situation, absent
from .market import SymbolMarket
from .standardise import Reference

MS = 1_000_000
KEPT_BARS = 3_600
AHEAD_NS = 60 * NANOS
FAR_NS = 2**62


@dataclass(slots=True)
class Reach:
    """How far market time can have come: `at` at the wall time `wall`, both in ns, and since then at `speed`."""

    at: int = 0
    wall: int = 0
    speed: float = 1.0

    def check(self, at_ns: int, wall: int) -> None:
        """Raises MalformedFrame for an event time that cannot be. Of a market whose time is not known, the first counts."""
        if not self.at and at_ns > 0:
            self.at, self.wall = at_ns, wall
        latest = self.at + int((wall - self.wall) * self.speed) + max(AHEAD_NS, int(NANOS * self.speed))
        if at_ns > latest:
            raise MalformedFrame(f"event time {at_ns} ns is {(at_ns - latest) / NANOS:.0f} s later than it can be")


@dataclass(frozen=True, slots=True)
class Closed:
    """One closed second of all symbols."""

    end_ns: int
    number: int
    bars: dict[str, Bar]
    values: NDArray[np.float64]
    scores: NDArray[np.float64]
    present: NDArray[np.bool_]


class Feed:
    """`started_ns` is the market time at which the session began; bar numbers count from it."""

    def __init__(
        self, instruments: Sequence[Instrument], *, session: str, started_ns: int, futures: bool = False
    ) -> None:
        self.session = session
        self.markets = {i.symbol: SymbolMarket(i, futures=futures) for i in instruments}
        self.symbols = tuple(self.markets)
        self.now_ns = 0
        self.history: dict[str, deque[Bar]] = {s: deque(maxlen=KEPT_BARS) for s in self.symbols}
        self.last: Closed | None = None
        self.reference = Reference(len(self.symbols))
        self.ticker_checks = self.ticker_mismatches = 0
        self._tickers: dict[str, BookTicker] = {}
        self._clock = BarClock()
        self._panel = Panel(self.symbols)
        self._first_bar = started_ns // BAR_NS

    def apply(self, event: MarketEvent) -> bool:
        """Put one frame into its symbol's market; True if the book changed. Call `due` first, with its event time."""
        market = self.markets[event.symbol]
        if isinstance(event, DepthUpdate):
            return market.on_depth(event)
        if isinstance(event, BookTicker):
            self._compare(market, event)
        else:
            market.on_trade(event)
        return False

    def _compare(self, market: SymbolMarket, ticker: BookTicker) -> None:
        """The book at update id L must show the touch of the last ticker at or before L, seen when a later one comes.

        Depth lags the ticker by up to 100 ms, so the two rarely carry the same id.
        """
        before, self._tickers[ticker.symbol] = self._tickers.get(ticker.symbol), ticker
        touch = market.touch()
        if touch is None or before is None or not before.update_id <= market.local.book.update_id < ticker.update_id:
            return
        rows = [(before.bid, before.bid_quantity), (before.ask, before.ask_quantity)]
        shown = cut_levels(market.instrument, rows)
        self.ticker_checks += 1
        self.ticker_mismatches += shown != [touch[:2], touch[2:]]

    def due(self, at_ns: int) -> list[Closed]:
        """Close the bars that end at or before this event time. Raises MalformedFrame for one that is no time."""
        if not 0 <= at_ns < FAR_NS:
            raise MalformedFrame(f"event time {at_ns} ns is no time")
        self.now_ns = max(self.now_ns, at_ns)
        ends = self._clock.advance(self.now_ns)
        if self._clock.broken:
            self._panel.clear()
        if self._clock.forgotten:
            for market in self.markets.values():
                market.bars.forget()
        return [self._close(end) for end in ends]

    def _close(self, end_ns: int) -> Closed:
        bars = {s: m.close(end_ns) for s, m in self.markets.items()}
        self._panel.push(list(bars.values()))
        for symbol, bar in bars.items():
            self.history[symbol].append(bar)
        matrix = compute(self._panel)
        scores, present = self.reference.standardise(matrix.values, end_ns)
        number = max(0, end_ns // BAR_NS - self._first_bar)
        self.last = Closed(end_ns, number, bars, matrix.values, scores, present)
        return self.last

    def forming(self, symbol: str) -> Bar | None:
        """The bar as it stands now; None before the first frame."""
        end = self._clock.end_ns
        market = self.markets[symbol]
        return market.bars.forming(end, market.quote()) if end is not None else None

    def absent(self, symbol: str) -> dict[str, str]:
        """{letter: word of `features.reasons`} of the dimensions that have no value or no score at the last closed bar."""
        closed = self.last
        if closed is None:
            return {}
        row, lengths = self.symbols.index(symbol), self._panel.lengths()
        companions = [name for name, bars in zip(self.symbols, lengths, strict=True) if bars >= MIN_BARS]
        told, fresh = self.markets[symbol].perpetual, bool(np.isfinite(closed.bars[symbol].funding))
        s = Situation(symbol, int(lengths[row]), companions, told.heard, fresh, told.counted)
        return absent(closed.values[row].tolist(), s, closed.present[row].tolist())

    def disconnected(self) -> None:
        self._tickers.clear()
        for market in self.markets.values():
            market.disconnected()

    def marks(self) -> dict[str, int]:
        """Mid prices in 1e-8 of the symbols whose book is in sync."""
        mids = {symbol: market.mid() for symbol, market in self.markets.items()}
        return {symbol: mid for symbol, mid in mids.items() if mid is not None}


def event_ns(event: MarketEvent) -> int | None:
    """When the matching engine did what a frame tells of. Book tickers carry no such time."""
    if isinstance(event, Trade):
        return event.trade_ms * MS
    if isinstance(event, DepthUpdate):
        return (event.transaction_ms or event.event_ms) * MS
    return None


def to_message(closed: Closed, *, session: str, mode: MarketMode) -> MarketState:
    """The bus message of one bar: raw values and scores are 0 where masked, the mask is true where a score exists."""
    values = np.where(np.isfinite(closed.values), closed.values, 0.0)
    mids = [bar.mid if np.isfinite(bar.mid) else 0.0 for bar in closed.bars.values()]
    return MarketState(
        bar_end=closed.end_ns, bar=closed.number, session=session, mode=mode, schema_hash=basis26.SCHEMA_HASH,
        symbols=tuple(closed.bars), values=_rows(values), scores=_rows(closed.scores),
        present=tuple(tuple(bool(x) for x in row) for row in closed.present), prices=tuple(mids),
    )  # fmt: skip


def _rows(matrix: NDArray[np.float64]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())
