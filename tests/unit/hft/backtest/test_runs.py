"""Runs on made-up markets: what holds whatever the market does, and what one order meets."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.hft.backtest import traders
from tests.unit.hft.backtest.recordings import DEPTH, MS, SNAPSHOT, START, TICKER, TRADE, Message, tape, walk

from qbtc.hft.domain.backtest.feed import Feed
from qbtc.hft.domain.backtest.layout import CANCELED, EXPIRED, FILLED
from qbtc.hft.domain.backtest.queues import Queue
from qbtc.hft.domain.backtest.runner import Delays, Leg, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import StrategyFault, read
from qbtc.hft.domain.strategy_compiled import Program

FAST = Rules(delays=Delays(3 * MS, 2 * MS), sampling=100 * MS, maker_fee=0.001, taker_fee=0.002)
BOOK = [(0, 1000, 10), (0, 999, 20), (1, 1001, 10), (1, 1003, 30)]


@cache
def program(cls: type) -> Program:
    return Program(read(cls, name=cls.__name__.lower()))


def play(cls: type, feed: Feed, rules: Rules = FAST, **parameters: float) -> Outcome:
    made = program(cls)
    return Runner(made, {**made.spec.defaults, **parameters}, feed, rules).finish()


def told(outcome: Outcome) -> list[Any]:
    return [outcome.fills.tolist(), outcome.orders.tolist(), outcome.samples["position"].tolist()]


# ---- what always holds


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(list(Queue)), st.booleans(), st.sampled_from([traders.Maker, traders.Mixed, traders.Waiting]))
def test_money_and_inventory_are_conserved(seed: int, queue: Queue, partial: bool, cls: type) -> None:
    out = play(cls, tape(walk(seed, 150)), replace(FAST, queue=queue, partial=partial))
    sign = np.where(out.fills["side"] == 0, 1, -1)
    assert out.position == int((sign * out.fills["lots"]).sum())
    last = out.samples[-1]
    assert last["cash"] == pytest.approx(-float((sign * out.fills["lots"] * out.fills["tick"]).sum()) * 0.1 * 0.001)
    assert last["fee"] == pytest.approx(float(out.fills["fee"].sum()))
    by_order = np.bincount(out.fills["order"], out.fills["lots"], len(out.orders) + 1)[1:]
    assert (by_order == out.orders["filled"]).all()
    assert (out.orders["filled"] <= out.orders["lots"]).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_no_fill_is_better_than_its_limit_or_the_touch(seed: int, partial: bool) -> None:
    feed = tape(walk(seed, 150))
    out = play(traders.Mixed, feed, replace(FAST, partial=partial))
    for f in out.fills:
        order = out.orders[f["order"] - 1]
        sign = -1 if f["side"] else 1
        if order["tick"]:
            assert sign * f["tick"] <= sign * order["tick"]
        if f["maker"]:
            assert f["tick"] == order["tick"]
        else:
            seen = feed.exchange.touch[np.searchsorted(feed.times, f["time"], "right") - 1]
            assert sign * f["tick"] >= sign * int(seen[1 - f["side"]])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(20, 120), st.sampled_from([traders.Maker, traders.Mixed, traders.Waiting]))
def test_the_future_never_changes_the_past(seed: int, cut: int, cls: type) -> None:
    messages = walk(seed, 150)
    other = messages[:cut] + [(k, e, h, [(s, t, 1 + q // 2) for s, t, q in rows]) for k, e, h, rows in messages[cut:]]
    until = START + messages[cut][1] * MS
    mine, theirs = play(cls, tape(messages)), play(cls, tape(other))
    for kept in ("fills", "orders"):
        a, b = getattr(mine, kept), getattr(theirs, kept)
        time = "time" if kept == "fills" else "placed"
        names = ["time", "order", "tick", "lots"] if kept == "fills" else ["order", "placed", "tick", "lots", "side"]
        assert a[a[time] < until][names].tolist() == b[b[time] < until][names].tolist()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.booleans(), st.sampled_from([traders.Maker, traders.Mixed, traders.Waiting]))
def test_a_desk_that_keeps_its_book_sees_what_was_computed_once(seed: int, partial: bool, shuffle: bool, cls: type) -> None:
    feed = tape(walk(seed, 150, lag=40, shuffle=shuffle))
    rules = replace(FAST, partial=partial)
    kept = Runner(program(cls), {**program(cls).spec.defaults}, feed, rules)
    assert not kept.runs["deep"][0]
    kept.runs["deep"] = 1
    assert told(play(cls, feed, rules)) == told(kept.finish())


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from(list(Queue)), st.sampled_from([traders.Maker, traders.Mixed, traders.Waiting]))
def test_skipping_what_concerns_no_order_changes_nothing(seed: int, partial: bool, queue: Queue, cls: type) -> None:
    feed = tape(walk(seed, 200, lag=40))
    rules = replace(FAST, partial=partial, queue=queue)
    skipped = told(play(cls, feed, rules))
    feed.exchange.reach[:] = np.iinfo(np.int32).max, -np.iinfo(np.int32).max
    assert skipped == told(play(cls, feed, rules))


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000))
def test_receipt_out_of_order_leaves_the_run_sound(seed: int) -> None:
    feed = tape(walk(seed, 150, shuffle=True))
    out = play(traders.Mixed, feed)
    sign = np.where(out.fills["side"] == 0, 1, -1)
    assert out.position == int((sign * out.fills["lots"]).sum())
    assert (np.diff(feed.times) >= 0).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([traders.Maker, traders.Mixed, traders.Waiting]))
def test_how_often_the_account_is_looked_at_changes_nothing(seed: int, partial: bool, cls: type) -> None:
    feed = tape(walk(seed, 200, lag=30))
    seldom, often = (play(cls, feed, replace(FAST, partial=partial, sampling=each)) for each in (0, MS // 2))
    for kept in ("fills", "orders"):
        assert getattr(seldom, kept).tolist() == getattr(often, kept).tolist()


def test_a_run_is_the_same_every_time() -> None:
    feed = tape(walk(3, 400))
    assert told(play(traders.Mixed, feed)) == told(play(traders.Mixed, feed))


def test_records_grow_while_it_runs_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = tape(walk(5, 600))
    wide = told(play(traders.Mixed, feed, replace(FAST, sampling=MS)))
    keep = Leg._keep
    monkeypatch.setattr(Leg, "_keep", lambda self, name, dtype, room: keep(self, name, dtype, 8400 if room == 1 << 15 else room))
    assert told(play(traders.Mixed, feed, replace(FAST, sampling=MS))) == wide


def test_answers_are_heard_in_order_and_after_the_exchange_gave_them() -> None:
    out = play(traders.Mixed, tape(walk(9, 400)))
    heard = out.fills[out.fills["local"] > 0]
    assert (heard["local"] >= heard["time"] + 2 * MS).all()
    assert (np.diff(heard["local"]) >= 0).all()


# ---- what one order meets


def market(*more: Message) -> Feed:
    """A quiet book from ms 0 on, a last word at ms 500."""
    return tape([(SNAPSHOT, 0, 0, BOOK), *more, (DEPTH, 500, 500, [(0, 990, 1)])])


def trade(at: int, taker: int, tick: int, lots: int) -> Message:
    return TRADE, at, at, [(taker, tick, lots)]


def depth(at: int, *rows: tuple[int, int, int]) -> Message:
    return DEPTH, at, at, list(rows)


WHOLE = replace(FAST, queue=Queue.RISK_AVERSE)


def test_an_order_waits_for_the_whole_queue_ahead_of_it_and_then_fills() -> None:
    ahead = [trade(50, 1, 1000, 6), trade(60, 1, 1000, 4)]
    assert len(play(traders.Once, market(*ahead), WHOLE).fills) == 0
    out = play(traders.Once, market(*ahead, trade(70, 1, 1000, 1)), WHOLE)
    assert out.fills["time"].tolist() == [START + 70 * MS]
    assert out.fills[["tick", "lots", "maker"]].tolist() == [(1000, 5, 1)]


def test_a_partial_fill_is_what_got_past_the_queue() -> None:
    out = play(traders.Once, market(trade(50, 1, 1000, 12), trade(60, 1, 1000, 2)), replace(WHOLE, partial=True))
    assert out.fills["lots"].tolist() == [2, 2]
    assert out.orders["status"].tolist() != [FILLED]
    assert out.position == 4


def test_cancels_ahead_shorten_the_queue_only_as_the_model_says() -> None:
    shrinks = [depth(50, (0, 1000, 4)), trade(60, 1, 1000, 5)]
    assert len(play(traders.Once, market(*shrinks), WHOLE).fills) == 1
    grows = [depth(40, (0, 1000, 40)), depth(50, (0, 1000, 12)), trade(60, 1, 1000, 9)]
    assert len(play(traders.Once, market(*grows), WHOLE).fills) == 0
    log = replace(WHOLE, queue=Queue.LOG)
    assert len(play(traders.Once, market(*grows), log).fills) == 1


@pytest.mark.parametrize("news", [trade(50, 1, 999, 1), depth(50, (1, 1000, 3)), depth(50, (1, 998, 3))])
def test_a_market_that_goes_through_its_price_fills_it_whole(news: Message) -> None:
    out = play(traders.Once, market(news), WHOLE)
    assert out.fills[["tick", "lots", "time"]].tolist() == [(1000, 5, START + 50 * MS)]


def test_a_trade_on_the_way_reaches_the_queue_before_the_order_does() -> None:
    early = trade(12, 1, 1000, 30)
    assert len(play(traders.Once, market(early), WHOLE).fills) == 0


def test_a_level_is_what_the_exchange_has_when_the_order_arrives_not_what_the_desk_saw() -> None:
    thinner = (DEPTH, 11, 100, [(0, 1000, 1)])
    out = play(traders.Once, market(thinner, trade(50, 1, 1000, 2)), WHOLE)
    assert len(out.fills) == 1


def test_a_taker_trades_whole_at_the_touch_or_walks_the_levels() -> None:
    order = {"tick": 1003, "lots": 25, "rest": 2}
    whole = play(traders.Once, market(), WHOLE, **order)
    assert whole.fills[["tick", "lots", "maker"]].tolist() == [(1001, 25, 0)]
    walks = play(traders.Once, market(), replace(WHOLE, partial=True), **order)
    assert walks.fills[["tick", "lots", "maker"]].tolist() == [(1001, 10, 0), (1003, 15, 0)]
    short = play(traders.Once, market(), replace(WHOLE, partial=True), **{**order, "tick": 1001})
    assert short.fills[["tick", "lots"]].tolist() == [(1001, 10)]
    assert short.orders["status"].tolist() == [EXPIRED]


@pytest.mark.parametrize(
    ("order", "status"),
    [
        ({"tick": 1001, "rest": 3}, EXPIRED),
        ({"tick": 1000, "rest": 2}, EXPIRED),
        ({"tick": 1000, "rest": 3, "withdraw": 5}, CANCELED),
        ({"side": 1, "tick": 1000, "rest": 3}, EXPIRED),
        ({"tick": 0}, FILLED),
    ],
)
def test_an_order_ends_as_its_kind_says(order: dict[str, float], status: int) -> None:
    out = play(traders.Once, market(), WHOLE, **order)
    assert out.orders["status"].tolist() == [status]
    assert out.orders["ended"][0] > 0


def test_a_cancel_that_comes_too_late_is_refused_and_the_fill_stands() -> None:
    out = play(traders.Once, market(trade(50, 1, 999, 1)), replace(WHOLE, delays=Delays(30 * MS, 2 * MS)), withdraw=3)
    assert out.orders["status"].tolist() == [FILLED]
    assert out.position == 5


def test_a_fill_or_kill_order_trades_whole_or_not_at_all() -> None:
    order = {"tick": 1003, "rest": 4}
    partial = replace(WHOLE, partial=True)
    assert play(traders.Once, market(), partial, lots=40, **order).fills[["tick", "lots"]].tolist() == [(1001, 10), (1003, 30)]
    killed = play(traders.Once, market(), partial, lots=41, **order)
    assert (killed.orders["status"].tolist(), len(killed.fills)) == ([EXPIRED], 0)
    away = play(traders.Once, market(), WHOLE, lots=5, tick=1000, rest=4)
    assert (away.orders["status"].tolist(), len(away.fills)) == ([EXPIRED], 0)


@pytest.mark.parametrize(
    ("kind", "side", "trigger", "idle", "sets_off", "price"),
    [(0, 0, 1005, 1004, 1005, 1001), (0, 1, 997, 998, 996, 1000), (1, 0, 998, 999, 998, 1001), (1, 1, 1004, 1003, 1006, 1000)],
)
def test_a_stop_or_if_touched_order_waits_for_a_trade_at_its_trigger(
    kind: int, side: int, trigger: int, idle: int, sets_off: int, price: int
) -> None:
    asked = {"kind": kind, "side": side, "trigger": trigger}
    waits = play(traders.Waits, market(trade(50, 1, idle, 1)), WHOLE, **asked)
    assert (waits.orders["status"].tolist(), len(waits.fills)) == ([0], 0)
    out = play(traders.Waits, market(trade(50, 1, idle, 1), trade(60, 0, sets_off, 1)), WHOLE, **asked)
    assert out.fills[["time", "tick", "lots", "maker", "side"]].tolist() == [(START + 60 * MS, price, 5, 0, side)]
    assert abs(int(out.orders["stop"][0])) == trigger


def test_a_triggered_order_with_a_limit_rests_there() -> None:
    asked = {"kind": 0, "side": 0, "trigger": 1005, "tick": 999}
    out = play(traders.Waits, market(trade(50, 0, 1005, 1), trade(60, 1, 998, 1)), WHOLE, **asked)
    assert out.fills[["time", "tick", "maker"]].tolist() == [(START + 60 * MS, 999, 1)]


def test_a_stop_that_would_trigger_at_once_is_refused_and_a_waiting_one_can_be_cancelled() -> None:
    refused = play(traders.Waits, market(trade(5, 0, 1005, 1)), WHOLE, kind=0, side=0, trigger=1005)
    assert refused.orders["status"].tolist() == [EXPIRED]
    gone = play(traders.Waits, market(trade(90, 0, 1005, 1)), WHOLE, kind=0, side=0, trigger=1005, withdraw=5)
    assert (gone.orders["status"].tolist(), gone.orders["ended"].tolist(), len(gone.fills)) == ([CANCELED], [START + 53 * MS], 0)


@pytest.mark.parametrize("cls", [traders.Restless, traders.Echo])
def test_nothing_new_leaves_after_the_last_message_so_every_run_ends(cls: type) -> None:
    feed = market()
    out = play(cls, feed, replace(WHOLE, delays=Delays(30 * MS, 20 * MS)))
    assert len(out.orders) > 5
    assert (out.orders["placed"] <= feed.last).all()


def test_many_partial_fills_before_an_answer_end_in_words() -> None:
    trades = [trade(100 + n // 200, 1, 1000, 1) for n in range(30_000)]
    rules = replace(WHOLE, partial=True, sampling=0, delays=Delays(3 * MS, 60_000 * MS))
    with pytest.raises(StrategyFault, match="more than 4096 orders on their way"):
        play(traders.Once, market(*trades), rules, lots=10_000)


def test_a_ticker_moves_the_touch_and_leaves_no_level_behind() -> None:
    gone = [(TICKER, 11, 11, [(0, 1000, 5), (1, 1002, 7)]), (TICKER, 12, 12, [(0, 1000, 5), (1, 1003, 4)])]
    order = {"tick": 0, "rest": 2, "lots": 25}
    at_ticker = play(traders.Once, market(gone[0]), replace(WHOLE, partial=True), **order)
    assert at_ticker.fills[["tick", "lots"]].tolist() == [(1002, 7), (1003, 18)]
    later = play(traders.Once, market(*gone, depth(12, (1, 1001, 1))), replace(WHOLE, partial=True), **order)
    assert later.fills[["tick", "lots"]].tolist() == [(1001, 1), (1003, 24)]


def test_a_table_of_latencies_is_interpolated_and_a_refusal_on_the_way_is_heard() -> None:
    at = START
    slow = np.array([[at, at + 4 * MS, at + 6 * MS], [at + 40 * MS, at + 64 * MS, at + 70 * MS]], np.int64)
    out = play(traders.Once, market(), replace(WHOLE, delays=Delays(table=slow)))
    assert out.orders["arrived"].tolist() == [at + 10 * MS + 9 * MS]
    lost = np.array([[at, 0, at + 6 * MS], [at + 40 * MS, 0, at + 46 * MS]], np.int64)
    out = play(traders.Once, market(), replace(WHOLE, delays=Delays(table=lost)))
    assert out.orders[["arrived", "status"]].tolist() == [(0, EXPIRED)]
    last = np.array([[at - MS, at, at + MS], [at + 2 * MS, 0, at + 6 * MS]], np.int64)
    out = play(traders.Once, market(), replace(WHOLE, delays=Delays(table=last), sampling=0))
    assert out.orders[["arrived", "status"]].tolist() == [(0, EXPIRED)]


def test_the_clock_calls_timers_while_there_is_something_to_come() -> None:
    out = play(traders.Quiet, market(), WHOLE)
    state = out.state[0]
    assert (state["calls"], state["last"]) == (49, START + 490 * MS)


def test_a_strategy_that_fails_is_named_with_its_line() -> None:
    with pytest.raises(StrategyFault, match=r"traders\.py:\d+: crash\.on_timer raised ZeroDivisionError"):
        play(traders.Crash, market(), WHOLE)
    with pytest.raises(StrategyFault, match=r"lost\.on_timer asked for a price or size that is NaN"):
        play(traders.Lost, market(), WHOLE)
