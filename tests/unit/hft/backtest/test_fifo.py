"""Queues of known orders: our fills are those of a full book of orders in which ours stand."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.core.market.tape.order_tapes import MS, START, Event, tape
from tests.unit.hft.backtest import traders
from tests.unit.hft.backtest.full_book import replay

from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.tape import Tape
from qbtc.hft import backtest
from qbtc.hft.domain.backtest.layout import EXPIRED, FILLED
from qbtc.hft.domain.backtest.queues import Queue
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.testing.order_flow import Shape, order_flow, order_tape

FIFO = Rules(Queue.FIFO, delays=Delays(3 * MS, 2 * MS), sampling=0, maker_fee=0.001, taker_fee=0.002)
BUSY = Shape(take=0.2, cancel=0.2, move=0.08, gap=500_000.0)
SHAPES = (Shape(), BUSY, Shape(gap=200_000.0, lag=(1_000, 30_000_000), ordered=False))


@cache
def program(cls: type) -> Program:
    return Program(read(cls, name=cls.__name__.lower()))


def play(cls: type, given_tape: Tape, rules: Rules = FIFO, **parameters: float) -> Outcome:
    made = program(cls)
    return Runner(made, {**made.spec.defaults, **parameters}, backtest.prepare(given_tape).feed, rules).finish()


def told(outcome: Outcome) -> list[Any]:
    return sorted(outcome.fills[["time", "order", "tick", "lots", "maker"]].tolist())


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 100_000), st.sampled_from(SHAPES), st.booleans(), st.sampled_from([traders.Maker, traders.Mixed]),
    st.sampled_from([1, 3]), st.sampled_from([Queue.FIFO, Queue.FIFO_AT_PRICE]),
)  # fmt: skip
def test_our_fills_are_those_of_a_full_book_of_orders(
    seed: int, shape: Shape, partial: bool, cls: type, size: int, queue: Queue
) -> None:
    events = order_flow(seed, 600, shape)
    given_size = {"scale": size} if cls is traders.Mixed else {"size": 5 * size}
    out = play(cls, order_tape(events), replace(FIFO, partial=partial, queue=queue), **given_size)
    book = replay(events, out.orders, partial=partial, at_price=queue is Queue.FIFO_AT_PRICE)
    assert told(out) == sorted(book.fills)
    assert [(int(o["ended"]), int(o["order"])) for o in out.orders if o["status"] == EXPIRED] == sorted(
        book.expired, key=lambda each: each[1]
    )


def test_the_property_has_something_to_say() -> None:
    events = order_flow(1, 2_000, BUSY)
    for partial in (False, True):
        out = play(traders.Maker, order_tape(events), replace(FIFO, partial=partial), size=30)
        assert (out.fills["maker"] == 1).sum() > 20
        assert not partial or (np.bincount(out.fills["order"]) > 1).any()


# ---- what one order meets: a buy of 5 lots at 1000, sent at 10 ms, at the exchange at 13 ms

BOOK = [
    Event(Kind.ADD, 1, 0, 1000, 10), Event(Kind.ADD, 2, 0, 999, 20), Event(Kind.ADD, 3, 1, 1001, 10),
    Event(Kind.ADD, 4, 1, 1003, 30),
]  # fmt: skip


def market(*more: Event) -> Tape:
    """A quiet book from ms 0 on, a last word at ms 500."""
    return tape([*BOOK, *more, Event(Kind.ADD, 99, 0, 990, 1, 500)])


def fills(*more: Event, partial: bool = False, **order: float) -> list[tuple[int, int]]:
    """(ms, lots) of our fills."""
    out = play(traders.Once, market(*more), replace(FIFO, partial=partial), **order)
    return [((int(f["time"]) - START) // MS, int(f["lots"])) for f in out.fills]


def test_a_trade_with_an_order_ahead_of_ours_does_not_reach_ours() -> None:
    assert fills(Event(Kind.FILL, 1, 0, 1000, 10, 50)) == []


def test_a_trade_with_an_order_behind_ours_would_have_met_ours_first() -> None:
    behind = Event(Kind.ADD, 5, 0, 1000, 8, 20)
    assert fills(behind, Event(Kind.FILL, 5, 0, 1000, 2, 50)) == [(50, 5)]
    assert fills(behind, Event(Kind.FILL, 5, 0, 1000, 2, 50), Event(Kind.FILL, 5, 0, 1000, 6, 60), partial=True) == [(50, 2), (60, 3)]


def test_an_order_that_came_before_ours_arrived_is_ahead_even_at_the_same_instant() -> None:
    same = Event(Kind.ADD, 5, 0, 1000, 8, 13)
    assert fills(same, Event(Kind.FILL, 5, 0, 1000, 8, 50)) == []


@pytest.mark.parametrize(
    ("change", "got"),
    [
        (Event(Kind.MODIFY, 1, 0, 1000, 4, 20), []),
        (Event(Kind.MODIFY, 1, 0, 1000, 14, 20), [(50, 5)]),
        (Event(Kind.CANCEL, 1, 0, 1000, 6, 20), []),
    ],
)
def test_a_lowered_order_keeps_its_place_and_a_raised_one_goes_behind_ours(change: Event, got: list[tuple[int, int]]) -> None:
    assert fills(change, Event(Kind.FILL, 1, 0, 1000, 4, 50)) == got


def test_an_order_that_moves_away_and_back_is_behind_ours() -> None:
    away, back = Event(Kind.MODIFY, 1, 0, 998, 10, 20), Event(Kind.MODIFY, 1, 0, 1000, 10, 30)
    assert fills(away, back, Event(Kind.FILL, 1, 0, 1000, 1, 50)) == [(50, 5)]


def test_a_trade_at_a_worse_price_would_have_met_ours_first() -> None:
    through = Event(Kind.FILL, 2, 0, 999, 3, 50)
    assert fills(through) == [(50, 5)]
    assert fills(through, partial=True) == [(50, 3)]
    assert len(play(traders.Once, market(through), replace(FIFO, queue=Queue.FIFO_AT_PRICE)).fills) == 0


def test_an_order_that_comes_to_the_other_side_at_our_price_meets_ours() -> None:
    alone, comes = Event(Kind.CANCEL, 1, 0, 1000, 0, 40), Event(Kind.ADD, 5, 1, 1000, 3, 50)
    assert fills(alone, comes) == [(50, 5)]
    assert fills(alone, comes, partial=True) == [(50, 3)]
    assert fills(alone, comes, Event(Kind.CANCEL, 5, 1, 1000, 1, 60), Event(Kind.MODIFY, 5, 1, 1000, 6, 70), partial=True) == [(50, 3), (70, 2)]


def test_a_cleared_book_takes_our_orders_with_it() -> None:
    out = play(traders.Once, market(Event(Kind.CLEAR, at=50)), FIFO)
    assert out.orders[["status", "ended"]].tolist() == [(EXPIRED, START + 50 * MS)]


def test_takers_walk_the_levels_that_the_orders_make() -> None:
    order = {"tick": 1003, "lots": 25, "rest": 2}
    assert fills(partial=True, **order) == [(13, 10), (13, 15)]
    assert fills(**order) == [(13, 25)]


# ---- the other models, and what is refused


@pytest.mark.parametrize("queue", [each for each in Queue if not each.exact])
def test_models_of_levels_work_on_the_levels_that_the_orders_make(queue: Queue) -> None:
    events = order_flow(2, 1_500, BUSY)
    out = play(traders.Maker, order_tape(events), replace(FIFO, queue=queue))
    assert (out.orders["status"] == FILLED).sum() > 5
    sign = np.where(out.fills["side"] == 0, 1, -1)
    assert out.position == int((sign * out.fills["lots"]).sum())


def test_fifo_is_refused_where_orders_or_their_trades_are_not_known() -> None:
    from tests.unit.hft.backtest.recordings import SNAPSHOT
    from tests.unit.hft.backtest.recordings import tape as levels

    def ask(feed: Any, **given_rules: str) -> None:
        backtest.run(traders.Maker, backtest.Market(feed, "generic", 0, True), **given_rules)

    with pytest.raises(backtest.BadAssumption, match=r"fifo.*holds levels, no orders \(L3\); allowed: risk-averse"):
        ask(levels([(SNAPSHOT, 0, 0, [(0, 1000, 10), (1, 1001, 10)])]), queue="fifo")
    silent = backtest.prepare(tape(BOOK)).feed
    with pytest.raises(backtest.BadAssumption, match="says not which orders traded"):
        ask(silent, queue="fifo")
    with pytest.raises(backtest.BadAssumption, match=r"fill rule 'venue'.*holds orders"):
        ask(silent, fill="venue")


def test_orders_that_cannot_be_are_refused_unless_the_import_told_of_them() -> None:
    wrong = tape([*BOOK, Event(Kind.FILL, 77, 0, 1000, 1, 50)])
    with pytest.raises(backtest.BadAssumption, match="message 4: fill of order 77: no such order"):
        backtest.prepare(wrong)
    wrong.info = replace(wrong.info, finding_counts={"unknown_order": 1})
    market_made = backtest.prepare(wrong)
    assert market_made.passed_over == 1
    result = backtest.run(traders.Maker, market_made, queue="fifo" if market_made.feed.fills else "log")
    assert any("1 events" in text for text in result.honesty.assumptions("en"))
