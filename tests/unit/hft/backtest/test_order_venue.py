"""The fill rule `venue` on a tape of orders: our fills are those of the venue, whose own journal of the others the tape is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.core.market.engine.desk import BUY, SELL, Desk
from tests.unit.hft.backtest import traders

from qbtc.core.market.engine.layout import EventKind, Tif
from qbtc.core.market.engine.market import Events
from qbtc.core.market.tape.layout import Kind
from qbtc.hft import backtest
from qbtc.hft.domain.backtest.assumptions import BadAssumption
from qbtc.hft.domain.backtest.layout import CANCELED
from qbtc.hft.strategies.api import GTC, Market, Orders, buy, cancel, parameter, sell
from qbtc.testing.order_flow import EVENT, START, Shape, order_flow, order_tape

OURS, OTHERS, TAKERS, US = 10**9, 1, 2, 3
STEP, MIDDLE = 1_000_000, 10_000
Command = tuple[int, str, int, int, int, int]
"""(time, what, number, side, tick, lots)."""


@dataclass
class Journal:
    """What others send to the venue, by a seed, and the events of the core without us: the tape."""

    seed: int
    desk: Desk = field(default_factory=Desk)
    commands: list[Command] = field(default_factory=list)
    rows: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)
    open: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    """Side, tick and lots left of each order."""

    def made(self, steps: int) -> Journal:
        dice = np.random.default_rng(self.seed)
        for n in range(1, steps + 1):
            self.step(dice, n, START + n * STEP)
        return self

    def step(self, dice: np.random.Generator, n: int, at: int) -> None:
        side, what = int(dice.integers(2)), dice.random()
        queue = [number for number, (s, _, _) in self.open.items() if s == side]
        if len(queue) < 6 or what < 0.45:
            self.add(at, n, side, self.near(dice, side), int(dice.integers(1, 40)))
        elif what < 0.75:
            self.take(at, n, side, int(dice.integers(1, 60)))
        else:
            number = queue[int(dice.integers(len(queue)))]
            self.less(at, number, int(dice.integers(1, self.open[number][2] + 1)))

    def near(self, dice: np.random.Generator, side: int) -> int:
        """A price that may cross what is there by a tick."""
        other = [tick for s, tick, _ in self.open.values() if s != side]
        best = (min(other) - 1 if other else MIDDLE) if side == 0 else (max(other) + 1 if other else MIDDLE + 2)
        away = int(dice.geometric(0.4)) - 2
        return best - away if side == 0 else best + away

    def add(self, at: int, number: int, side: int, tick: int, lots: int) -> None:
        """A limit order; one that trades wholly looks like a taker that would not have rested, so it is one."""
        through = [t for t, _ in self.there(1 - side) if (t <= tick if side == 0 else t >= tick)]
        have = sum(left for t, left in self.there(1 - side) if t in through)
        if have >= lots:
            self.take(at, number, 1 - side, lots)
        else:
            self.tell((at, "add", number, side, tick, lots))

    def there(self, side: int) -> list[tuple[int, int]]:
        """(tick, lots) of each order of a side, best first."""
        return sorted(((tick, left) for s, tick, left in self.open.values() if s == side), reverse=side == 0)

    def take(self, at: int, number: int, side: int, lots: int) -> None:
        """A taker of what `side` offers, for no more than is there up to its price."""
        there = self.there(side)
        worst, have = there[min(2, len(there) - 1)][0], 0
        have = sum(left for tick, left in there if (tick <= worst if side else tick >= worst))
        wanted, met = min(lots, have), 0
        for tick, left in there:
            met += left
            if met >= wanted:
                worst = tick
                break
        self.tell((at, "take", number, 1 - side, worst, wanted))

    def less(self, at: int, number: int, lots: int) -> None:
        side, tick, left = self.open[number]
        self.tell((at, "cancel" if lots == left else "less", number, side, tick, lots))

    def tell(self, command: Command) -> None:
        at, what, number, side, tick, lots = command
        self.commands.append(command)
        told = sent(self.desk, command)
        trades = told[told["kind"] == EventKind.TRADE]
        for trade in trades:
            maker, met = int(trade["counter"]), int(trade["lots"])
            s, price, left = self.open[maker]
            self.row(at, Kind.FILL, maker, s, price, met)
            self.open[maker] = (s, price, left - met)
            if left == met:
                del self.open[maker]
        rest = lots - int(trades["lots"].sum())
        if what == "add" and rest:
            self.open[number] = (side, tick, rest)
            self.row(at, Kind.ADD, number, side, tick, rest)
        elif what == "cancel":
            del self.open[number]
            self.row(at, Kind.CANCEL, number, side, tick, 0)
        elif what == "less":
            self.open[number] = (side, tick, self.open[number][2] - lots)
            self.row(at, Kind.CANCEL, number, side, tick, lots)

    def row(self, at: int, kind: Kind, number: int, side: int, tick: int, lots: int) -> None:
        self.rows.append((kind, number, side, tick, lots, at, at + 1000))


def sent(desk: Desk, command: Command) -> Events:
    """A command of the others at the venue."""
    _, what, number, side, tick, lots = command
    if what == "add":
        return desk.place(number, OTHERS, SELL if side else BUY, lots, tick)
    if what == "take":
        return desk.place(number, TAKERS, SELL if side else BUY, lots, tick, tif=Tif.IOC)
    held = desk.market.order(number)
    if held is None:
        return np.empty(0, np.dtype(desk.market.told().dtype))
    whole, left = int(held["lots"]), int(held["lots"] - held["filled"])
    return desk.cancel(number) if what == "cancel" or lots >= left else desk.amend(number, whole - lots)


class Quotes:
    """Both sides `away` ticks from the touch, one order each, anew every few steps."""

    timer_seconds = 0.007
    away: int = parameter(0, 0, 10, "ticks from the touch")
    size: int = parameter(20, 1, 1000, "lots of one order")

    def on_timer(self, market: Market, orders: Orders) -> None:
        cancel(orders)
        buy(orders, market.bid - self.away, self.size, GTC)
        sell(orders, market.ask + self.away, self.size, GTC)


@dataclass
class Witness:
    """The venue with the same commands of others and the orders that the backtest sent, at the instants at which they came."""

    journal: Journal
    desk: Desk = field(default_factory=Desk)
    fills: list[tuple[int, int, int, int, int]] = field(default_factory=list)

    def played(self, found: backtest.Result) -> list[tuple[int, int, int, int, int]]:
        """(time, order, side, tick, lots) of our fills."""
        steps = [(command[0], 0, command) for command in self.journal.commands]
        for n, row in enumerate(found.orders):
            steps.append((int(row["arrived"]), 2, (n, row)))
            if row["status"] == CANCELED:
                steps.append((int(row["ended"]), 1, n))
        for at, kind, what in sorted(steps, key=lambda step: step[:2]):
            self.step(at, kind, what)
        return self.fills

    def step(self, at: int, kind: int, what: object) -> None:
        if kind == 0:
            self.note(at, sent(self.desk, what))  # type: ignore[arg-type]
        elif kind == 1:
            if OURS + what in self.desk.market:  # type: ignore[operator]
                self.desk.cancel(OURS + what)  # type: ignore[operator]
        else:
            n, row = what  # type: ignore[misc]
            self.note(at, self.desk.place(OURS + n, US, SELL if row["side"] else BUY, int(row["lots"]), int(row["tick"])))

    def note(self, at: int, told: Events) -> None:
        for trade in told[told["kind"] == EventKind.TRADE]:
            for name, side in (("order", int(trade["side"])), ("counter", 1 - int(trade["side"]))):
                if trade[name] >= OURS:
                    self.fills.append((at, int(trade[name]) - OURS, side, int(trade["tick"]), int(trade["lots"])))


Fills = list[tuple[int, int, int, int, int]]
"""(time, order, side, tick, lots)."""


def together(fills: Fills) -> Fills:
    """What one order traded at one instant and price: a limit order that trades and rests is two messages of a tape."""
    lots = dict[tuple[int, int, int, int], int]()
    for *key, size in fills:
        lots[tuple(key)] = lots.get(tuple(key), 0) + size  # type: ignore[index, arg-type]
    return [(*key, size) for key, size in lots.items()]


def of(found: backtest.Result) -> Fills:
    numbers = found.orders["order"].tolist()
    rows = found.fills[["time", "order", "side", "tick", "lots"]].tolist()
    return [(time, numbers.index(order), side, tick, lots) for time, order, side, tick, lots in rows]


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), away=st.integers(0, 2), size=st.integers(10, 60))
def test_our_fills_are_those_of_the_venue_that_the_tape_is_the_journal_of(seed: int, away: int, size: int) -> None:
    journal = Journal(seed).made(300)
    tape = order_tape(np.array(journal.rows, EVENT))
    found = backtest.run(Quotes, tape, fill="venue", latency="250us", parameters={"away": away, "size": size})
    assert len(found.orders) > 20
    assert together(of(found)) == together(Witness(journal).played(found))


def test_there_are_fills_of_makers_and_of_takers_among_them() -> None:
    sides, fills = set[tuple[int, int]](), 0
    for seed in range(4):
        tape = order_tape(np.array(Journal(seed).made(400).rows, EVENT))
        found = backtest.run(Quotes, tape, fill="venue", latency="2ms", parameters={"size": 15})
        sides |= {(int(row["side"]), int(row["maker"])) for row in found.fills}
        fills += len(found.fills)
    assert fills > 40
    assert sides == {(0, 0), (0, 1), (1, 0), (1, 1)}


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 1), st.integers(0, 2), st.integers(10, 60))
def test_until_our_first_fill_it_is_the_rule_of_time_priority(seed: int, side: int, away: int, lots: int) -> None:
    events = order_flow(seed, 800, Shape(gap=100_000.0, lag=(1_000, 2_000)))
    market = backtest.prepare(order_tape(events))
    touch = market.feed.exchange.touch[np.searchsorted(market.feed.times, market.feed.begin + 10_500_000, "right") - 1]
    words = {"side": side, "tick": min(10_000, int(touch[side]) + (away if side else -away)), "lots": lots}
    core, fifo = (
        backtest.run(traders.Once, market, latency="500us", parameters=words, **said)
        for said in ({"fill": "venue"}, {"fill": "partial", "queue": "fifo"})
    )
    assert core.orders["arrived"].tolist() == fifo.orders["arrived"].tolist()
    firsts = [tuple(run.fills[["time", "tick", "maker"]][:1].tolist()) for run in (core, fifo)]
    assert firsts[0] == firsts[1]


def test_the_books_of_orders_and_of_levels_are_one_where_we_do_nothing() -> None:
    market = backtest.prepare(order_tape(order_flow(3, 1500)))
    quiet = [backtest.run(traders.Quiet, market, fill=fill) for fill in ("venue", "whole")]
    assert quiet[0].state.tobytes() == quiet[1].state.tobytes()


def test_plain_python_has_the_same_fills(tmp_path: object) -> None:
    tape = order_tape(np.array(Journal(5).made(300).rows, EVENT))
    compiled, plain = (backtest.run(Quotes, tape, fill="venue", latency="1ms", compiled=each) for each in (True, False))
    assert compiled.fills.tobytes() == plain.fills.tobytes()
    assert len(compiled.fills) > 0


def test_orders_that_say_not_which_of_them_traded_are_refused() -> None:
    events = order_flow(1, 300)
    lists = order_tape(events[events["kind"] != Kind.FILL][:20])
    with pytest.raises(BadAssumption, match="says not which of them traded"):
        backtest.run(traders.Quiet, lists, fill="venue")
