"""Plain Python gives the answers of compiled code, holds what Python holds, and says where it failed."""

from __future__ import annotations

import gc
import pickle
import weakref
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.hft.backtest import scripts, traders
from tests.unit.hft.backtest.recordings import MS, TICKER, Message, tape, walk

from qbtc.hft import backtest
from qbtc.hft.domain.backtest.feed import Feed
from qbtc.hft.domain.backtest.plain import PlainProgram, PlainRunner
from qbtc.hft.domain.backtest.queues import Queue
from qbtc.hft.domain.backtest.runner import Delays, Leg, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import StrategyFault, read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.hft.strategies.avellaneda_stoikov import AvellanedaStoikov
from qbtc.hft.strategies.ema_cross import EmaCross
from qbtc.hft.strategies.grid import Grid
from qbtc.hft.strategies.imbalance import Imbalance

FAST = Rules(delays=Delays(3 * MS, 2 * MS), sampling=100 * MS, maker_fee=0.001, taker_fee=0.002)
LIVELY: dict[type, dict[str, float]] = {
    AvellanedaStoikov: {"notional": 1.0, "gamma": 5.0, "refresh": 0.1},
    EmaCross: {"fast": 0.1, "slow": 0.5, "band": 0.0, "notional": 1.0, "cooldown": 0.1},
    Grid: {"step": 8.0, "notional": 1.0},
    Imbalance: {"half_life": 0.05, "enter": 0.1, "exit": 0.1, "notional": 1.0, "inventory": 5.0, "cooldown": 0.1},
}


@cache
def program(cls: type) -> Program:
    return Program(read(cls, name=cls.__name__.lower()))


@cache
def plain_program(cls: type) -> PlainProgram:
    return PlainProgram(read(cls, name=cls.__name__.lower(), plain=True))


def compiled(cls: type, feed: Feed, rules: Rules = FAST, **parameters: float) -> Outcome:
    made = program(cls)
    return Runner(made, {**made.spec.defaults, **parameters}, feed, rules).finish()


def plain(cls: type, feed: Feed, rules: Rules = FAST, **parameters: float) -> Outcome:
    made = plain_program(cls)
    return PlainRunner(made, {**made.spec.defaults, **parameters}, feed, rules).finish()


def bits(out: Outcome) -> tuple[Any, ...]:
    records = (out.fills, out.orders, out.samples, out.state)
    return *(each.tobytes() for each in (*records, out.funding)), out.position, out.decisions


def quotes(count: int) -> list[Message]:
    """Best bids and asks alone."""
    shown = [(1000 + n * n % 7, 5 + n % 3, 1002 + n * n % 7 + n % 4 // 3, 4 + n % 5) for n in range(count)]
    return [(TICKER, 10 * n, 10 * n + 2, [(0, bid, lots), (1, ask, more)]) for n, (bid, lots, ask, more) in enumerate(shown)]


# ---- the same answers


@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize("cls", [*LIVELY, traders.Maker, traders.Mixed, traders.Once, traders.Waiting, traders.Waits, traders.Crossing, traders.Quiet, scripts.Smooth])
def test_every_order_fill_sample_and_number_is_that_of_the_compiled_run(cls: type, partial: bool) -> None:
    feed, rules = tape(walk(8, 900)), replace(FAST, partial=partial)
    out = compiled(cls, feed, rules, **LIVELY.get(cls, {}))
    assert bits(plain(cls, feed, rules, **LIVELY.get(cls, {}))) == bits(out)
    assert len(out.orders) > 0 or cls is traders.Quiet


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 2**31 - 2), st.sampled_from(list(Queue)), st.booleans())
def test_a_random_strategy_is_the_same_plain_and_compiled(seed: int, dice: int, queue: Queue, partial: bool) -> None:
    feed, rules = tape(walk(seed, 200, lag=20)), replace(FAST, queue=queue, partial=partial)
    out = compiled(scripts.Random, feed, rules, seed=dice)
    assert bits(plain(scripts.Random, feed, rules, seed=dice)) == bits(out)
    assert len(out.orders) > 10


def test_a_tape_of_quotes_alone_is_the_same_plain_and_compiled() -> None:
    feed = tape(quotes(400))
    assert feed.alone
    out = compiled(scripts.Random, feed)
    assert bits(plain(scripts.Random, feed)) == bits(out)
    assert len(out.fills) > 10


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([traders.Both, traders.Hedge]))
def test_several_markets_are_the_same_plain_and_compiled(seed: int, cls: type) -> None:
    feeds = tape(walk(seed, 150, lag=30)), tape(walk(seed + 1, 220, lag=30))
    mine, theirs = (
        run(made, dict(made.spec.defaults), feeds, FAST).finish_all()
        for run, made in ((Runner, program(cls)), (PlainRunner, plain_program(cls)))
    )
    assert [bits(out) for out in mine] == [bits(out) for out in theirs]
    assert sum(len(out.orders) for out in mine) > 0


def test_a_failure_in_one_of_several_markets_names_its_line() -> None:
    quiet, made = tape(walk(1, 3)), plain_program(traders.Failing)
    with pytest.raises(StrategyFault, match=r"traders\.py:\d+: failing\.on_trade raised ZeroDivisionError"):
        PlainRunner(made, {}, [quiet, tape(walk(1, 50))], FAST).finish()


def test_declared_numbers_are_kept_as_they_were_declared() -> None:
    feed = tape(walk(4, 50))
    assert bits(plain(scripts.Casual, feed)) == bits(compiled(scripts.Casual, feed))


def test_records_grow_under_plain_python_too(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = tape(walk(5, 600))
    wide = bits(plain(traders.Mixed, feed, replace(FAST, sampling=MS)))
    keep = Leg._keep
    monkeypatch.setattr(Leg, "_keep", lambda self, name, dtype, room: keep(self, name, dtype, 8400 if room == 1 << 15 else room))
    assert bits(plain(traders.Mixed, feed, replace(FAST, sampling=MS))) == wide


# ---- all of Python


def test_a_class_may_hold_containers_and_methods_and_every_run_begins_anew(capsys: pytest.CaptureFixture[str]) -> None:
    feed = tape(walk(4, 300))
    first, again = (plain(scripts.Rich, feed) for _ in range(2))
    assert bits(first) == bits(again)
    assert first.state["asked"][0] == 5
    assert scripts.Rich.notes == [] and scripts.Rich.table == {"fast": 3}


@pytest.mark.parametrize(
    ("cls", "says"),
    [(scripts.Rich, "Rich.notes must be float, int or bool, not list"), (scripts.Stillborn, "Stillborn.__init__ is not called")],
)
def test_the_compiler_refuses_what_only_python_can_and_says_how_to_run_it(cls: type, says: str) -> None:
    with pytest.raises(StrategyFault, match="compiled=False") as caught:
        read(cls, name="mine")
    assert says in str(caught.value) and str(caught.value).startswith(f"{scripts.__file__}:")


def test_run_takes_the_same_class_compiled_and_plain(tmp_path: Any) -> None:
    market = backtest.Market(tape(walk(6, 300)), "binance-spot", 0, True)
    results = [backtest.run(traders.Mixed, market, compiled=each, latency="3ms") for each in (True, False)]
    assert results[0].fills.tobytes() == results[1].fills.tobytes()
    assert pickle.dumps(dict(results[0].stats)) == pickle.dumps(dict(results[1].stats))
    strategy = backtest.strategy_of(traders.Mixed, None)
    strategy.configure({"scale": 2})
    assert backtest.run(strategy, market, compiled=False).fills["lots"].max() == 60
    assert strategy.as_written(plain=True).prepare().spec.plain is False


def test_what_it_held_is_gone_after_the_run() -> None:
    plain(scripts.Watched, tape(walk(4, 50)))
    gone = weakref.ref(scripts.MARKS.pop())
    gc.collect()
    assert gone() is None


# ---- what goes wrong


def line_of(text: str) -> int:
    lines = Path(scripts.__file__).read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


@pytest.mark.parametrize(
    ("cls", "at", "says", "why"),
    [
        (scripts.Wrong, "return levels[name]", "wrong.on_book raised KeyError: 'ask'", KeyError),
        (scripts.Stillborn, '{}["nothing"]', "stillborn.__init__ raised KeyError: 'nothing'", KeyError),
    ],
)
def test_an_error_names_the_line_of_the_strategys_file_and_keeps_its_cause(cls: type, at: str, says: str, why: type) -> None:
    with pytest.raises(StrategyFault) as caught:
        plain(cls, tape(walk(4, 50)))
    assert str(caught.value) == f"{scripts.__file__}:{line_of(at)}: {says}"
    assert isinstance(caught.value.__cause__, why)


def test_a_number_that_cannot_be_kept_is_named() -> None:
    with pytest.raises(StrategyFault, match=r"self\.count was declared int and cannot be None"):
        plain(scripts.Unset, tape(walk(4, 50)))
    with pytest.raises(StrategyFault, match=r"huge: count = 1000+ does not fit 64 bits"):
        plain(scripts.Huge, tape(walk(4, 50)))


@pytest.mark.parametrize("cls", [traders.Crash, traders.Lost])
def test_what_compiled_code_says_of_a_failure_plain_python_says_too(cls: type) -> None:
    said = []
    for run in (compiled, plain):
        with pytest.raises(StrategyFault) as caught:
            run(cls, tape(walk(2, 100)))
        said.append(str(caught.value))
    assert said[0] == said[1]


def test_an_interrupt_ends_the_run_as_itself() -> None:
    with pytest.raises(KeyboardInterrupt):
        plain(scripts.Interrupted, tape(walk(2, 400)))


def test_a_field_of_the_market_that_is_none_is_refused_before_the_run() -> None:
    with pytest.raises(StrategyFault, match="market has no field 'mid'; it has now, bid"):
        read(scripts_with_a_typing_error(), name="mine", plain=True)


def scripts_with_a_typing_error() -> type:
    class Mine:
        def on_book(self, market: Any, orders: Any) -> None:
            self.value = market.mid

    return Mine


def test_a_method_sees_the_market_of_its_moment() -> None:
    seen: list[tuple[int, int]] = []

    class Keeps:
        def on_timer(self, market: Any, orders: Any) -> None:
            seen.append((market.now, market.bid))

    feed = tape(walk(4, 400))
    plain(Keeps, feed)
    out = plain(traders.Quiet, feed, replace(FAST, sampling=10**9))
    assert [now for now, _ in seen] == out.samples["time"][: len(seen)].tolist()
    assert len({bid for _, bid in seen}) > 1
