"""Strategies of several markets, and funding."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.hft.backtest import traders
from tests.unit.hft.backtest.recordings import DEPTH, MS, SNAPSHOT, START, TRADE, columns, tape, walk

from qbtc.hft.domain.backtest.assumptions import BadAssumption
from qbtc.hft.domain.backtest.feed import Feed, feed
from qbtc.hft.domain.backtest.funding import checked, settlements
from qbtc.hft.domain.backtest.layout import SETTLEMENT
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import StrategyFault, read
from qbtc.hft.domain.strategy_compiled import Program

FAST = Rules(delays=Delays(3 * MS, 2 * MS), sampling=100 * MS, maker_fee=0.001, taker_fee=0.002)


@cache
def program(cls: type) -> Program:
    return Program(read(cls, name=cls.__name__.lower()))


def play(cls: type, *feeds: Feed, rules: Rules = FAST) -> list[Outcome]:
    made = program(cls)
    return Runner(made, dict(made.spec.defaults), feeds, rules).finish_all()


def trades(out: Outcome, until: int) -> list[Any]:
    return [out.fills[out.fills["local"] < until].tolist(), out.orders[out.orders["placed"] < until][["order", "placed", "tick", "lots"]].tolist()]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.booleans())
def test_two_markets_at_once_are_two_markets_alone(one: int, other: int, partial: bool) -> None:
    feeds = tape(walk(one, 150, lag=30)), tape(walk(other, 220, lag=30))
    rules = replace(FAST, partial=partial)
    until = min(f.last for f in feeds)
    for mine, f in zip(play(traders.Both, *feeds, rules=rules), feeds, strict=True):
        (alone,) = play(traders.Maker, f, rules=rules)
        assert trades(mine, until) == trades(alone, until)


def test_a_market_with_wider_columns_runs_beside_a_narrow_one() -> None:
    narrow, rows = tape(walk(3, 150)), columns(walk(4, 150))
    wide = feed(rows | {"lots": rows["lots"].astype(np.int64)}, symbol="B", tick_size=0.1, lot_size=0.001)
    usual = feed(rows, symbol="B", tick_size=0.1, lot_size=0.001)
    mixed, alike = play(traders.Both, narrow, wide), play(traders.Both, narrow, usual)
    assert [o.fills.tolist() for o in mixed] == [o.fills.tolist() for o in alike]
    assert len(mixed[0].fills) > 0


def test_a_fill_in_one_market_is_hedged_in_the_other_when_it_is_heard() -> None:
    book = [(0, 1000, 10), (0, 999, 20), (1, 1001, 10), (1, 1003, 30)]
    quoted = tape([(SNAPSHOT, 0, 0, book), (TRADE, 100, 104, [(1, 999, 50)]), (DEPTH, 500, 500, [(0, 990, 1)])])
    hedged = tape([(SNAPSHOT, 0, 0, book), (DEPTH, 500, 500, [(0, 990, 1)])])
    first, second = play(traders.Hedge, quoted, hedged)
    fill, hedge = first.fills[0], second.fills[0]
    assert (fill["lots"], fill["maker"], fill["time"]) == (5, 1, START + 100 * MS)
    assert fill["local"] == START + 102 * MS
    assert (hedge["lots"], hedge["side"], hedge["tick"], hedge["time"]) == (5, 1, 1000, START + 105 * MS)
    assert second.position == -first.position
    assert first.state[0]["calls"] == len(first.fills) + len(second.fills)


@pytest.mark.parametrize("sampling", [0, 50 * MS, 1000 * MS])
def test_an_order_in_one_market_meets_nothing_that_is_still_to_come_there(sampling: int) -> None:
    book = [(0, 1000, 10), (0, 999, 20), (1, 1001, 10), (1, 1003, 30)]
    first = tape([(SNAPSHOT, 0, 0, book), (TRADE, 1200, 1204, [(1, 998, 50)]), (DEPTH, 5000, 5000, [(0, 990, 1)])])
    second = tape([(SNAPSHOT, 0, 0, book), (DEPTH, 1500, 1500, [(1, 1001, 0), (1, 1003, 0), (1, 1100, 5)]), (DEPTH, 5000, 5000, [(0, 990, 1)])])
    _, hedged = play(traders.Chases, first, second, rules=replace(FAST, sampling=sampling))
    assert hedged.fills[["time", "tick"]].tolist() == [(START + 1205 * MS, 1001)]


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 10_000), st.integers(30, 110), st.sampled_from([0, 1000 * MS]))
def test_the_future_of_either_market_never_changes_the_past(one: int, other: int, cut: int, sampling: int) -> None:
    def both(changed: bool) -> list[Outcome]:
        feeds = []
        for messages in (walk(one, 150), walk(other, 150)):
            later = [(k, e, h, [(s, t, 1 + q // 2) for s, t, q in rows]) for k, e, h, rows in messages[cut:]]  # type: ignore[misc]
            feeds.append(tape(messages[:cut] + (later if changed else messages[cut:])))
        return play(traders.Hedge, *feeds, rules=replace(FAST, sampling=sampling))

    until = min(START + walk(seed, 150)[cut][1] * MS for seed in (one, other))
    for mine, theirs in zip(both(False), both(True), strict=True):
        a, b = mine.fills, theirs.fills
        names = ["time", "order", "tick", "lots"]
        assert a[a["time"] < until][names].tolist() == b[b["time"] < until][names].tolist()


def test_calls_that_ask_for_as_much_as_they_may_in_both_markets_keep_every_order() -> None:
    feeds = tape(walk(1, 1500)), tape(walk(2, 1500))
    outs = play(traders.Flood, *feeds, rules=replace(FAST, sampling=0))
    assert [o.orders["order"].tolist() == list(range(1, len(o.orders) + 1)) for o in outs] == [True, True]
    assert min(len(o.orders) for o in outs) > 1 << 15


def test_what_fails_in_one_market_is_named_with_its_line() -> None:
    quiet = tape([(SNAPSHOT, 0, 0, [(0, 1000, 10), (1, 1001, 10)]), (DEPTH, 500, 500, [(0, 990, 1)])])
    with pytest.raises(StrategyFault, match=r"traders\.py:\d+: failing\.on_trade raised ZeroDivisionError"):
        play(traders.Failing, quiet, tape(walk(1, 50)))


def test_names_of_markets_and_their_fields_are_checked() -> None:
    class Alone:
        legs = ("only",)

        def on_book(self, market: Any, orders: Any) -> None: ...

    class Wrong:
        legs = ("a", "b")

        def on_book(self, market: Any, orders: Any) -> None:
            market.a.price  # noqa: B018

    with pytest.raises(StrategyFault, match="must be 2 to 8 different names"):
        read(Alone, name="alone")
    with pytest.raises(StrategyFault, match=r"market\.a has no field 'price'; it has now, bid"):
        read(Wrong, name="wrong")
    assert read(traders.Hedge, name="hedge").reads == {"own", "position", "bid", "leg", "fill_lots"}
    assert "imbalance" in read(traders.Both, name="both").reads


# ---- funding


def funded(*rows: tuple[int, float, float]) -> Rules:
    made = np.zeros(len(rows), SETTLEMENT)
    for row, (at, rate, mark) in zip(made, rows, strict=True):
        row["time"], row["rate"], row["mark"] = START + at * MS, rate, mark
    return replace(FAST, maker_fee=0.0, taker_fee=0.0, funding=made)


def test_a_long_pays_the_rate_of_its_value_and_a_short_gets_it() -> None:
    book = [(0, 1000, 10), (0, 999, 20), (1, 1001, 10), (1, 1003, 30)]
    quoted = tape([(SNAPSHOT, 0, 0, book), (TRADE, 100, 104, [(1, 999, 50)]), (DEPTH, 500, 500, [(0, 990, 1)])])
    hedged = tape([(SNAPSHOT, 0, 0, book), (DEPTH, 500, 500, [(0, 990, 1)])])
    rules = funded((50, 0.01, 0.0), (200, 0.01, 0.0), (300, -0.002, 120.0), (900, 0.5, 0.0))
    first, second = play(traders.Hedge, quoted, hedged, rules=rules)
    held = first.position
    assert first.funding["held"].tolist() == [0, held, held]
    assert first.funding["paid"].tolist() == pytest.approx([0.0, held * 0.001 * 100.05 * 0.01, -held * 0.001 * 120.0 * 0.002])
    assert second.funding["paid"].tolist() == pytest.approx([-each for each in first.funding["paid"]])
    last = first.samples[-1]
    assert last["funding"] == pytest.approx(first.funding["paid"].sum())
    bought = float((first.fills["lots"] * first.fills["tick"]).sum()) * 0.1 * 0.001
    assert last["cash"] == pytest.approx(-bought - last["funding"])


def test_funding_without_a_mark_takes_the_last_mid_that_had_both_sides() -> None:
    book = [(0, 1000, 10), (0, 999, 20), (1, 1001, 10)]
    empty = (DEPTH, 150, 150, [(1, 1001, 0)])
    quoted = tape([(SNAPSHOT, 0, 0, book), (TRADE, 100, 104, [(1, 999, 50)]), empty, (DEPTH, 500, 500, [(0, 990, 1)])])
    first, _ = play(traders.Hedge, quoted, tape([(SNAPSHOT, 0, 0, book), (DEPTH, 500, 500, [(0, 990, 1)])]), rules=funded((200, 0.01, 0.0)))
    assert first.funding["mark"].tolist() == pytest.approx([100.05])


def test_funding_is_settled_when_it_was_announced_at_the_last_rate_said_before() -> None:
    times = np.array([10, 20, 30, 40, 50], np.int64)
    rate, mark = np.array([0.1, 0.2, 0.3, 0.4, 0.5]), np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    made = settlements(times, rate, mark, np.array([25, 25, 45, 45, 90], np.int64), 60)
    assert made[["time", "rate", "mark"]].tolist() == [(25, 0.2, 2.0), (45, 0.4, 4.0)]
    assert settlements(times[:0], rate[:0], mark[:0], times[:0], 60).size == 0


def test_a_table_of_funding_that_cannot_be_is_refused_with_its_row() -> None:
    with pytest.raises(BadAssumption, match="row 2: rows must be in order of time"):
        checked(np.array([5, 5]), np.array([0.1, 0.1]), None, "f.csv")
    with pytest.raises(BadAssumption, match=r"row 1: rate 3, mark 0; allowed"):
        checked(np.array([5]), np.array([3.0]), None, "f.csv")
    with pytest.raises(BadAssumption, match="there is no row"):
        checked(np.empty(0), np.empty(0), None, "f.csv")
