"""One symbol as the engine sees it: its book in sync or not, its forming bar, its last trades.

Fed with decoded frames; the book and its synchronisation are `core.market`. Floats leave here only for statistics;
prices for orders are integers of 1e-8.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from qbtc.core.binance.messages import DepthUpdate, Trade, to_diff
from qbtc.core.market.book import DepthSnapshot, Level, LocalBook
from qbtc.core.market.instrument import Instrument

from .bars import NO_QUOTE, Bar, BarBuilder, Quote
from .perpetual import Perpetual
from .risk_records import UNKNOWN
from .risk_track import PULSE, moved, observe, typical_lots, typical_spread
from .units import ONE, units

LEVELS = 5
NEAR = 0.001
KEPT_TRADES = 500


@dataclass(frozen=True, slots=True)
class Print:
    """One trade of the market, as the tape shows it."""

    at_ms: int
    price: str
    quantity: str
    buyer_is_maker: bool
    trade_id: int


Touch = tuple[int, int, int, int]


class SymbolMarket:
    def __init__(self, instrument: Instrument, *, futures: bool = False) -> None:
        self.instrument = instrument
        self.local = LocalBook(futures=futures)
        self.bars, self.perpetual = BarBuilder(), Perpetual()
        self.tape: deque[Print] = deque(maxlen=KEPT_TRADES)
        self.last_price: int | None = None
        self.last_trade: tuple[int, int, int] | None = None
        self._touch: Touch | None = None
        self._pulse = np.zeros(1, PULSE)
        self._lot = instrument.lot_units / ONE
        self._tick = instrument.tick_units / ONE

    @property
    def synced(self) -> bool:
        return self.local.synced

    def on_depth(self, update: DepthUpdate) -> bool:
        """True if the book changed; check `synced` when it did not."""
        changed = self.local.on_diff(to_diff(self.instrument, update, cut=True))
        if changed:
            self._after_book()
            self._observe(update.event_ms * 1_000_000)
        return changed

    def _observe(self, now_ns: int) -> None:
        touch = self.touch()
        if touch is not None:
            bid, bid_lots, ask, ask_lots = touch
            observe(self._pulse[0], now_ns, bid, ask, bid_lots, ask_lots)

    def usual(self, now_ns: int) -> tuple[int | None, int | None, int | None]:
        """What is usual at the touch: lots, spread in 1/1024 tick; and the range of the mid over ten seconds in bp."""
        pulse = self._pulse[0]
        found = (int(typical_lots(pulse)), int(typical_spread(pulse)), int(moved(pulse, now_ns)))
        return tuple(None if v == UNKNOWN else v for v in found)  # type: ignore[return-value]

    def on_snapshot(self, snapshot: DepthSnapshot) -> bool:
        taken = self.local.on_snapshot(snapshot)
        if taken:
            self._touch = None
            self._after_book()
        return taken

    def on_trade(self, trade: Trade) -> None:
        """A trade of no quantity is none: some futures streams tell of insurance fund and settlement in that form."""
        if units(trade.quantity) == 0:
            return
        price = units(trade.price)
        self.last_price = price
        lots = units(trade.quantity) // self.instrument.lot_units
        self.last_trade = (price // self.instrument.tick_units, lots, int(trade.buyer_is_maker))
        self.bars.trade(price / ONE, float(trade.quantity), buyer_is_maker=trade.buyer_is_maker)
        self.tape.append(Print(trade.trade_ms, trade.price, trade.quantity, trade.buyer_is_maker, trade.trade_id))

    def disconnected(self) -> None:
        self.local.sync.reset()
        self._touch = None

    def touch(self) -> Touch | None:
        """(bid tick, bid lots, ask tick, ask lots), None unless the book is in sync and has both sides."""
        book = self.local.book
        bid, ask = book.best_bid, book.best_ask
        if not self.synced or bid is None or ask is None:
            return None
        return bid, book.quantity(0, bid), ask, book.quantity(1, ask)

    def levels(self, n: int) -> tuple[list[Level], list[Level]]:
        """The best bids and asks, in ticks and lots."""
        return self.local.book.top(n, 0), self.local.book.top(n, 1)

    def bid(self) -> int | None:
        touch = self.touch()
        return touch[0] * self.instrument.tick_units if touch else None

    def ask(self) -> int | None:
        touch = self.touch()
        return touch[2] * self.instrument.tick_units if touch else None

    def mid(self) -> int | None:
        """In 1e-8, rounded down."""
        touch = self.touch()
        return (touch[0] + touch[2]) * self.instrument.tick_units // 2 if touch else None

    def imbalance(self) -> float:
        """(bid - ask) / (bid + ask) of the sizes of five levels; 0 for an empty book."""
        bid = sum(lots for _, lots in self.local.book.top(LEVELS, 0))
        ask = sum(lots for _, lots in self.local.book.top(LEVELS, 1))
        return (bid - ask) / (bid + ask) if bid + ask else 0.0

    def quote(self) -> Quote:
        touch = self.touch()
        if touch is None:
            return NO_QUOTE
        bid, bid_lots, ask, ask_lots = touch
        mid = (bid + ask) / 2 * self._tick
        spread = (ask - bid) * self._tick
        return Quote(
            mid, 5_000 * spread / mid, self.imbalance(), self._near(mid), (bid_lots + ask_lots) * self._lot / 2
        )

    def close(self, end_ns: int) -> Bar:
        """End the bar and start the next one."""
        return self.bars.close(end_ns, self.quote(), self.perpetual.at(end_ns))

    def _near(self, mid: float) -> float:
        """Quote value of both sides within 10 bp of the mid."""
        total = 0.0
        for side, limit in ((0, mid * (1 - NEAR)), (1, mid * (1 + NEAR))):
            for tick, lots in self.local.book.walk(side):
                price = tick * self._tick
                if (price > limit) if side else (price < limit):
                    break
                total += price * lots * self._lot
        return total

    def _after_book(self) -> None:
        now = self.touch()
        if now is None:
            return
        flow = order_flow(self._touch, now) * self._lot if self._touch is not None else 0.0
        self.bars.book((now[0] + now[2]) / 2 * self._tick, flow)
        self._touch = now


def order_flow(before: Touch, now: Touch) -> int:
    """Order-flow increment of the touch in lots (Cont, Kukanov, Stoikov 2014, eq. 3): bids add, asks subtract."""
    bid = (now[1] if now[0] >= before[0] else 0) - (before[1] if now[0] <= before[0] else 0)
    ask = (now[3] if now[2] <= before[2] else 0) - (before[3] if now[2] >= before[2] else 0)
    return bid - ask
