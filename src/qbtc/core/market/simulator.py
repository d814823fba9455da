"""A seeded market: zero-intelligence order flow with self-exciting arrivals on real order-level books.

Arrivals are a Hawkes process with an exponential kernel (thinned after Ogata). Each event is a limit order, a market
order or a cancellation. Limit prices scatter around a hidden fair price that follows a random walk with a factor
common to all symbols, so returns correlate. Pure: the same seed, instruments and calls give the same market; our
orders enter the same `Engine`s with positive ids and positive accounts, simulated ones are negative.

Not calibrated: its rates are plausible, not fitted to a recording.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from .book import Side
from .clock import MILLISECOND, SECOND
from .instrument import KNOWN, Instrument
from .matching import Engine
from .orders import Cancelled, Event, Kind, Order, Traded

START_PRICES = {"BTCUSDT": "61800", "ETHUSDT": "2680", "BNBUSDT": "510", "SOLUSDT": "155", "XRPUSDT": "0.61"}
CROWD = -1


@dataclass(frozen=True, slots=True)
class Flow:
    """Rates a second and shapes of one symbol's flow; volatilities are per square root of a second."""

    base_rate: float = 12.0
    excitation: float = 0.55
    decay: float = 6.0
    market_share: float = 0.10
    cancel_share: float = 0.42
    common_volatility: float = 6e-5
    own_volatility: float = 4e-5
    spread: float = 1e-6
    tail: float = 4e-4
    levels: int = 60
    notional: float = 4000.0


@dataclass(slots=True)
class _Symbol:
    instrument: Instrument
    engine: Engine
    fair: float
    flow: Flow
    excitement: float = 0.0
    orders: list[int] = field(default_factory=list)
    next_time: int = 0


class MarketSimulator:
    """`advance(until)` runs the market to a time and returns what happened, in order, as (symbol, event)."""

    def __init__(self, seed: int, instruments: Sequence[Instrument], start: int, flow: Flow | None = None) -> None:
        self._random = Random(seed)
        self._ids = -1
        self.time = start
        self._factor_time = start
        flow = flow or Flow()
        self.symbols = {
            item.symbol: _Symbol(item, Engine(), float(START_PRICES.get(item.symbol, "100")), flow)
            for item in instruments
        }
        for entry in self.symbols.values():
            self._seed_book(entry)
            self._schedule(entry, start)

    def engine(self, symbol: str) -> Engine:
        return self.symbols[symbol].engine

    def advance(self, until: int) -> list[tuple[str, Event]]:
        """All events up to and including `until` (nanoseconds)."""
        happened: list[tuple[str, Event]] = []
        while True:
            entry = min(self.symbols.values(), key=lambda item: (item.next_time, item.instrument.symbol))
            if entry.next_time > until:
                break
            self.time = entry.next_time
            self._drift()
            happened += [(entry.instrument.symbol, event) for event in self._act(entry)]
            self._schedule(entry, self.time)
        self.time = max(self.time, until)
        return happened

    # ---- arrivals

    def _schedule(self, entry: _Symbol, now: int) -> None:
        """Next arrival by thinning: the intensity only falls between events, so its value now is a bound."""
        flow, waited = entry.flow, 0.0
        excitement = entry.excitement
        while True:
            bound = flow.base_rate + excitement
            step = self._random.expovariate(bound)
            waited += step
            excitement *= math.exp(-flow.decay * step)
            if self._random.random() * bound <= flow.base_rate + excitement:
                break
        entry.excitement = excitement + flow.excitation * flow.decay
        entry.next_time = now + max(int(waited * SECOND), 1)

    def _drift(self) -> None:
        """Move fair prices every 100 ms of market time, by the common and the own factor."""
        while self.time - self._factor_time >= 100 * MILLISECOND:
            self._factor_time += 100 * MILLISECOND
            common = self._random.gauss(0, 1)
            for entry in self.symbols.values():
                own = self._random.gauss(0, 1) * entry.flow.own_volatility
                entry.fair *= math.exp((common * entry.flow.common_volatility + own) * math.sqrt(0.1))

    # ---- actions

    def _act(self, entry: _Symbol) -> list[Event]:
        draw = self._random.random()
        chase = self._mispriced(entry)
        if chase is not None and draw < 0.5:
            return self._market(entry, chase)
        if draw < entry.flow.market_share:
            return self._market(entry, self._side())
        if draw < entry.flow.market_share + entry.flow.cancel_share * len(entry.orders) / (4 * entry.flow.levels):
            return self._cancel(entry)
        return self._limit(entry, self._side())

    def _mispriced(self, entry: _Symbol) -> Side | None:
        """The side that an informed trader would take: the touch lags behind the fair price."""
        fair = int(entry.fair * 10**8) // entry.instrument.tick_units
        book = entry.engine.book
        if book.best_ask is not None and fair > book.best_ask:
            return Side.BUY
        return Side.SELL if book.best_bid is not None and fair < book.best_bid else None

    def _side(self) -> Side:
        return Side.BUY if self._random.random() < 0.5 else Side.SELL

    def _size(self, entry: _Symbol) -> int:
        coins = self._random.lognormvariate(0, 1.2) * entry.flow.notional / entry.fair
        return max(int(coins * 10**8) // entry.instrument.lot_units, 1)

    def _market(self, entry: _Symbol, side: Side) -> list[Event]:
        if entry.engine.book.depth(side.opposite) < 5:
            return self._limit(entry, side.opposite)
        return self._submit(entry, Order(self._next_id(), CROWD, side, Kind.MARKET, self._size(entry)))

    def _limit(self, entry: _Symbol, side: Side) -> list[Event]:
        distance = entry.flow.spread / 2 + self._random.expovariate(1 / entry.flow.tail) * self._random.random() ** 4
        price = entry.fair * (1 - distance if side is Side.BUY else 1 + distance)
        tick = max(int(price * 10**8) // entry.instrument.tick_units, 1)
        order = Order(self._next_id(), CROWD, side, Kind.LIMIT, self._size(entry), tick)
        events = self._submit(entry, order)
        if order.order_id in entry.engine:
            entry.orders.append(order.order_id)
        return events

    def _cancel(self, entry: _Symbol) -> list[Event]:
        while entry.orders:
            at = self._random.randrange(len(entry.orders))
            entry.orders[at], entry.orders[-1] = entry.orders[-1], entry.orders[at]
            chosen = entry.orders.pop()
            if chosen in entry.engine:
                return entry.engine.cancel(chosen, self.time)
        return self._limit(entry, self._side())

    def _submit(self, entry: _Symbol, order: Order) -> list[Event]:
        return [e for e in entry.engine.submit(order, self.time) if isinstance(e, Traded | Cancelled)]

    def _seed_book(self, entry: _Symbol) -> None:
        for _ in range(entry.flow.levels * 4):
            self._limit(entry, self._side())
        entry.engine.take_changes()

    def _next_id(self) -> int:
        self._ids -= 1
        return self._ids


def default_instruments(symbols: Sequence[str] = ()) -> list[Instrument]:
    """Known instruments for the given symbols (BTCUSDT, ETHUSDT and SOLUSDT if none). Raises KeyError."""
    return [KNOWN[symbol] for symbol in (symbols or ("BTCUSDT", "ETHUSDT", "SOLUSDT"))]
