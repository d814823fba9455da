"""The matching core of the venue as a witness: up to our first fill nobody was disturbed, so that fill must be the same there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.core.market.engine.desk import BUY, SELL, Desk
from tests.unit.hft.backtest import traders
from tests.unit.hft.backtest.test_fifo import FIFO, play

from qbtc.core.market.engine.layout import EVENT, EventKind, Tif
from qbtc.core.market.engine.market import Events as CoreEvents
from qbtc.core.market.tape.layout import Kind
from qbtc.hft import backtest
from qbtc.testing.order_flow import Events, Shape, order_flow, order_tape

OURS = 10**9
MAKERS, TAKER, US = 1, 2, 3
DENSE = Shape(gap=100_000.0, lag=(1_000, 2_000))


@dataclass
class Core:
    """A made-up market as orders of the venue: its takers are orders too, and meet whoever is first."""

    desk: Desk = field(default_factory=Desk)
    number: int = 0
    known: dict[int, tuple[int, int]] = field(default_factory=dict)
    """The core's number and the side of each order."""

    def submit(self, side: int, tick: int, lots: int, account: int = MAKERS, **more: int) -> CoreEvents:
        self.number += 1
        return self.desk.place(self.number, account, SELL if side else BUY, lots, tick, **more)

    def add(self, e: np.void) -> CoreEvents:
        made = self.submit(int(e["side"]), int(e["tick"]), int(e["lots"]))
        self.known[int(e["order"])] = self.number, int(e["side"])
        return made

    def take(self, events: Events) -> CoreEvents:
        """Events of one instant; FILLs are what one taker met."""
        if events[0]["kind"] == Kind.FILL:
            side, ticks = int(events[0]["side"]), events["tick"]
            worst = int(ticks.max() if side else ticks.min())
            return self.submit(1 - side, worst, int(events["lots"].sum()), TAKER, tif=Tif.IOC)
        [e] = events
        if e["kind"] == Kind.ADD:
            return self.add(e)
        number, _ = self.known[int(e["order"])]
        held = self.desk.market.order(number)
        assert held is not None
        left = int(held["lots"]) - int(held["filled"])
        if e["kind"] == Kind.CANCEL:
            part = int(e["lots"])
            return self.desk.amend(number, int(held["lots"]) - part) if part else self.desk.cancel(number)
        if e["tick"] == held["tick"] and e["lots"] == left:
            return np.empty(0, EVENT)
        if e["tick"] == held["tick"] and e["lots"] < left:
            return self.desk.amend(number, int(held["lots"]) - (left - int(e["lots"])))
        self.desk.cancel(number)
        return self.add(e)


def first_fill(events: Events, side: int, tick: int, lots: int, arrived: int) -> tuple[int, int] | None:
    """(time, lots) of the first trade of our order in the core."""
    core, there = Core(), False
    for at, group in groupby(events, key=lambda e: int(e["exchange"])):
        if at > arrived and not there:
            core.desk.place(OURS, US, SELL if side else BUY, lots, tick)
            there = True
        told = core.take(np.array(list(group)))
        assert not (told["kind"] == EventKind.REJECTED).any(), told[["kind", "reason", "order"]]
        ours = told[(told["kind"] == EventKind.TRADE) & (told["counter"] == OURS)]
        if len(ours):
            return at, int(ours["lots"].sum())
    return None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000), st.integers(0, 1), st.integers(0, 2), st.integers(1, 60))
def test_our_first_fill_is_that_of_the_venue_s_matching_core(seed: int, side: int, away: int, lots: int) -> None:
    events = order_flow(seed, 1_500, DENSE)
    tape = order_tape(events)
    feed = backtest.prepare(tape).feed
    arrived = feed.begin + 10_000_000 + FIFO.delays.entry
    touch = feed.exchange.touch[np.searchsorted(feed.times, arrived, "right") - 1]
    tick = int(touch[side]) + (away if side else -away)
    outs = [
        play(traders.Once, tape, replace(FIFO, partial=partial), side=side, tick=tick, lots=lots)
        for partial in (False, True)
    ]
    theirs = first_fill(events, side, tick, lots, arrived)
    for partial, out in zip((False, True), outs, strict=True):
        assert out.orders["arrived"].tolist() == [arrived]
        if theirs is None:
            assert len(out.fills) == 0
            continue
        at = int(out.fills["time"][0])
        got = int(out.fills["lots"][out.fills["time"] == at].sum())
        assert (at, got) == (theirs[0], theirs[1] if partial else lots)


def test_the_witness_sees_fills() -> None:
    seen = 0
    for seed in range(10):
        events = order_flow(seed, 1_500, DENSE)
        feed = backtest.prepare(order_tape(events)).feed
        touch = feed.exchange.touch[np.searchsorted(feed.times, feed.begin + 13_000_000, "right") - 1]
        seen += first_fill(events, 0, int(touch[0]), 5, feed.begin + 13_000_000) is not None
    assert seen > 3
