"""What the desk knows at one instant, as the gate reads it. Pure: reads the desk, changes only the counters it is given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from qbtc.contracts.common import Side, TradingState
from qbtc.core.market.instrument import Instrument

from .orders import Order, State
from .positions import Position
from .risk import Proposal, Purpose, lots_of
from .risk_records import ACTIVE, HALTED, REDUCING, SITUATION, UNKNOWN, Records, grid, one
from .risk_track import RATE, happened, last_second, last_ten
from .units import ONE

if TYPE_CHECKING:
    from .desk import Desk

STATES = {TradingState.ACTIVE: ACTIVE, TradingState.REDUCING: REDUCING, TradingState.HALTED: HALTED}
LARGEST = 2**63 - 1
REJECT_MEMORY_NS = 60_000_000_000


@dataclass(frozen=True, slots=True)
class Market:
    """A symbol's market at one instant; prices in 1e-8. None: not known. One that is not open is only not heard of, unless
    it has ended."""

    mid: int | None
    age_ms: int | None
    open: bool
    bid: int | None = None
    ask: int | None = None
    last: int | None = None
    typical_lots: int | None = None
    typical_spread: int | None = None
    moved_bp: int | None = None
    minute: int | None = None
    ended: bool = False


def _rate() -> Records:
    return np.zeros(1, RATE)


@dataclass(slots=True)
class Counters:
    """How often we sent, cancelled, filled and were rejected; times are of the caller's own clock, in ns."""

    sent: Records = field(default_factory=_rate)
    cancelled: Records = field(default_factory=_rate)
    filled: Records = field(default_factory=_rate)
    rejects: int = 0
    rejected_ns: int = 0

    def on_sent(self, now_ns: int) -> None:
        happened(self.sent[0], now_ns)

    def on_cancel(self, now_ns: int) -> None:
        happened(self.cancelled[0], now_ns)

    def on_fill(self, now_ns: int) -> None:
        happened(self.filled[0], now_ns)

    def on_accepted(self) -> None:
        self.rejects = 0

    def on_rejected(self, now_ns: int) -> None:
        self.rejects, self.rejected_ns = self.in_a_row(now_ns) + 1, now_ns

    def in_a_row(self, now_ns: int) -> int:
        """Rejects since the last accepted order; after a quiet minute they are forgotten."""
        return self.rejects if now_ns - self.rejected_ns < REJECT_MEMORY_NS else 0


def situation(desk: Desk, p: Proposal, market: Market, now_ns: int) -> Records:
    """`now_ns` is of the clock of the desk's counters."""
    found = desk.instruments.get(p.symbol)
    made = (
        _words(desk, p, market) | _prices(market, found) | _own(desk, p.symbol, found) | _counts(desk.counters, now_ns)
    )
    made |= _money(desk, p.symbol, market, found)
    num, den = grid(found.tick_units, found.lot_units) if found else (0, 0)
    made |= {"value_num": num, "value_den": den, "lot_units": found.lot_units if found else 0}
    return one(SITUATION, **{name: _fits(value) for name, value in made.items()})


def _fits(value: int) -> int:
    return min(value, LARGEST) if value > UNKNOWN else UNKNOWN


def _words(desk: Desk, p: Proposal, market: Market) -> dict[str, int]:
    """What flattens needs no market data, only a market that has not ended."""
    takes = not market.ended if p.purpose is Purpose.FLATTEN else market.open
    return {
        "state": STATES[desk.state], "killed": desk.state is TradingState.HALTED, "allowed": p.symbol in desk.instruments,
        "open": takes, "connected": desk.connected, "reconciled": desk.reconciled,
        "age": UNKNOWN if market.age_ms is None else market.age_ms * 1_000_000,
        "skew": UNKNOWN if desk.skew_ns is None else desk.skew_ns, "minute": _or(market.minute),
        "futures": desk.futures, "margin_ratio": _or(desk.margin_ratio), "margin_rate": desk.margin_rates.get(p.symbol, UNKNOWN),
    }  # fmt: skip


def _prices(market: Market, found: Instrument | None) -> dict[str, int]:
    step = found.tick_units if found else 1
    prices = {"bid": market.bid, "ask": market.ask, "last": market.last}
    rest = {"typical_lots": market.typical_lots, "typical_spread": market.typical_spread, "moved": market.moved_bp}
    return {k: UNKNOWN if v is None else v // step for k, v in prices.items()} | {k: _or(v) for k, v in rest.items()}


def _or(value: int | None) -> int:
    return UNKNOWN if value is None else value


def _own(desk: Desk, symbol: str, found: Instrument | None) -> dict[str, int]:
    """What the venue filled and has not reported yet counts as if it still worked: it will be position."""
    here, count, late = list[Order](), 0, {Side.BUY: 0, Side.SELL: 0}
    for order in desk.orders.values():
        if order.open:
            count += 1
            if order.symbol == symbol:
                here.append(order)
        elif order.venue_filled > order.filled and order.symbol == symbol:
            late[order.side] += abs(order.unreported)
    step = found.tick_units if found else 1
    bids = [o.price // step for o in here if o.side is Side.BUY and o.price is not None and not o.waiting]
    asks = [o.price // step for o in here if o.side is Side.SELL and o.price is not None and not o.waiting]
    return {
        "position": lots_of(desk.position(symbol).quantity, found),
        "working_buy": lots_of(late[Side.BUY] + sum(o.remaining for o in here if o.side is Side.BUY), found),
        "working_sell": lots_of(late[Side.SELL] + sum(o.remaining for o in here if o.side is Side.SELL), found),
        "own_bid": max(bids, default=0), "own_ask": min(asks, default=0), "open_here": len(here), "open_all": count,
        "unknown_here": sum(o.state is State.UNKNOWN for o in here),
    }  # fmt: skip


def _counts(c: Counters, now_ns: int) -> dict[str, int]:
    return {
        "sent_1s": last_second(c.sent[0], now_ns), "sent_10s": last_ten(c.sent[0], now_ns),
        "cancels_1s": last_second(c.cancelled[0], now_ns), "fills_10s": last_ten(c.filled[0], now_ns),
        "rejects": c.in_a_row(now_ns),
    }  # fmt: skip


def _money(desk: Desk, symbol: str, market: Market, found: Instrument | None) -> dict[str, int]:
    marks = desk.marks | ({symbol: market.mid} if market.mid is not None else {})
    pnl, peak = (None, None) if desk.blind else (desk.day_pnl, desk.day_peak)
    made = {"day_pnl": UNKNOWN if pnl is None else pnl // ONE, "day_peak": UNKNOWN if peak is None else -(-peak // ONE)}
    if found is None or not desk.balances:
        return made | dict.fromkeys(("equity", "free_base", "free_quote", "other_gross", "other_net"), UNKNOWN)
    gross, net = _others(desk, found, marks)
    free = {name: desk.balances[name].free if name in desk.balances else 0 for name in (found.base, found.quote)}
    return made | {
        "equity": desk.equity(marks, found.quote) // ONE, "free_base": free[found.base],
        "free_quote": free[found.quote], "other_gross": gross, "other_net": net,
    }  # fmt: skip


def _others(desk: Desk, here: Instrument, marks: dict[str, int]) -> tuple[int, int]:
    """Gross and net of all other symbols in this one's quote asset, 1e-8; UNKNOWN when one cannot be valued."""
    gross = net = 0
    held = {s for s, p in desk.positions.items() if p.quantity}
    busy = held | {o.symbol for o in desk.orders.values() if o.open or o.unreported}
    for symbol in busy - {here.symbol}:
        mark = _mark_in(desk, symbol, here.quote, marks)
        if mark is None:
            return UNKNOWN, UNKNOWN
        position = desk.positions.get(symbol, Position(symbol)).quantity
        worst = max(abs(position + desk.coming(symbol, side)) for side in Side)
        gross += -(-worst * mark // ONE)
        net += position * mark // ONE
    return gross, net


def _mark_in(desk: Desk, symbol: str, quote: str, marks: dict[str, int]) -> int | None:
    """The mark of a symbol, in 1e-8 of a quote asset, over one more symbol where its own quote is another."""
    mark, own = marks.get(symbol), desk.assets(symbol)[1]
    if mark is None or own == quote:
        return mark
    through = marks.get(own + quote)
    return None if through is None else mark * through // ONE
