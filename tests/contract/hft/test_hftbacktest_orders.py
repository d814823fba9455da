"""hftbacktest 2.4.4 on order-by-order data: every order's end, position, fees and money, on made-up markets.

Its L3 exchange knows no partial fills ("L3PartialFillExchange is unsupported"), and one of its rules is no venue's: a trade
at a worse price than ours leaves ours alone, since it fills only those ahead of the traded order at that order's own price.
A venue's rule is price, then time. `fifo-at-price` is their rule, and is theirs in 100 % of rows; `fifo` is the venue's, and
tests/unit/hft/backtest/test_fifo.py holds both to one full book of orders in which that rule is a switch.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.peers import replay_events, replay_strategies
from bench.peers.environment import ROOT, Peer, python_of

from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.replay import final_book
from qbtc.hft.backtest import prepare
from qbtc.hft.domain.backtest.layout import CANCELED, EXPIRED, FILLED
from qbtc.hft.domain.backtest.queues import Queue
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.testing.order_flow import EVENT, Events, Shape, order_flow, order_tape

SIZE = os.environ.get("QBTC_TEST_SIZE", "")
MS = 1_000_000
TICK, LOT = 0.1, 0.001
ENTRY, RESPONSE = 3 * MS, 1 * MS
STATUS = {FILLED: 3, CANCELED: 4, EXPIRED: 2}
RULES = Rules(Queue.FIFO_AT_PRICE, 1.0, delays=Delays(ENTRY, RESPONSE), maker_fee=0.0002, taker_fee=0.0005, sampling=0)
SHAPES = {"calm": Shape(), "busy": Shape(take=0.25, cancel=0.2, gap=500_000.0), "thin": Shape(cancel=0.45, move=0.1)}
CASES = [(shape, seed) for shape in SHAPES for seed in range(12 if SIZE == "exhaustive" else 2)]
pytestmark = pytest.mark.skipif(
    SIZE not in ("full", "exhaustive"), reason="hftbacktest has an environment of its own, made by ./qbtc test --full"
)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with Peer(
        python_of("peers", os.environ.get("QBTC_PEERS")), ROOT / "bench" / "peers" / "hftbacktest_replay.py"
    ) as running:
        yield running


def ask(peer: Peer, events: Events, folder: Path, strategy: str, **more: Any) -> dict[str, Any]:
    path = folder / "events.npz"
    replay_events.write_orders(events, path, tick_size=TICK, lot_size=LOT)
    return peer.ask(**{
        "events": str(path), "strategy": strategy, "step": 10 * MS, "tick": TICK, "lot": LOT, "queue": "fifo", "partial": False,
        "maker": 0.0002, "taker": 0.0005, "entry": ENTRY, "response": RESPONSE, **more,
    })  # fmt: skip


def play(events: Events, cls: type, queue: Queue = Queue.FIFO_AT_PRICE) -> Outcome:
    program = Program(read(cls, name=cls.__name__))
    rules = replace(RULES, queue=queue)
    return Runner(program, dict(program.spec.defaults), prepare(order_tape(events)).feed, rules).finish()


def ends(out: Outcome) -> dict[int, tuple[int, int]]:
    done = out.orders[out.orders["ended"] > 0]
    return {int(o["order"]): (int(o["status"]), int(o["ended"])) for o in done}


def theirs_of(answer: dict[str, Any]) -> dict[int, tuple[int, int]]:
    back = {theirs: ours for ours, theirs in STATUS.items()}
    return {order: (back[status], at) for order, status, at, *_ in answer["ends"]}


def twice(seed: int, steps: int, shape: Shape) -> Events:
    """A market, then all of it cleared, then another one: how feeds begin a new session."""
    first, second = order_flow(seed, steps, shape), order_flow(seed + 1, steps, shape)
    last = int(first["local"].max()) + MS
    shift = last - int(second["exchange"].min()) + MS
    second["exchange"] += shift
    second["local"] += shift
    second["order"] += int(first["order"].max())
    clear = np.array([(Kind.CLEAR, 0, 0, 0, 0, last, last)], EVENT)
    return np.concatenate([first, clear, second])


@pytest.mark.parametrize(("shape", "seed"), CASES)
@pytest.mark.parametrize("cls", [replay_strategies.Maker, replay_strategies.Limits, replay_strategies.Script])
def test_every_order_ends_as_in_hftbacktest_by_its_rule_and_so_do_position_money_and_fees(
    peer: Peer, tmp_path: Path, shape: str, seed: int, cls: type
) -> None:
    market = order_flow if cls is replay_strategies.Script else twice  # MARKET orders and an empty book: see below
    events = market(seed, 6_000, SHAPES[shape])
    out, answer = play(events, cls), ask(peer, events, tmp_path, cls.__name__.lower())
    assert "error" not in answer, answer
    assert len(out.fills) > 20
    assert ends(out) == theirs_of(answer)
    assert len(out.fills) == answer["trades"]
    last = out.samples[-1]
    assert out.position == round(answer["position"] / LOT)
    assert last["cash"] == pytest.approx(answer["balance"], abs=1e-6)
    assert last["fee"] == pytest.approx(answer["fee"], rel=1e-9)


def test_by_the_venue_s_rule_a_trade_at_a_worse_price_fills_ours_and_there_it_does_not(peer: Peer, tmp_path: Path) -> None:
    events = order_flow(1, 6_000, SHAPES["calm"])
    out, answer = play(events, replay_strategies.Limits, Queue.FIFO), ask(peer, events, tmp_path, "limits")
    mine, theirs = ends(out), theirs_of(answer)
    odd = [n for n in mine if mine[n] != theirs.get(n)]
    fills = {(int(e["exchange"]), int(e["side"])): [] for e in events if e["kind"] == Kind.FILL}
    for e in events[events["kind"] == Kind.FILL]:
        fills[int(e["exchange"]), int(e["side"])].append(int(e["tick"]))
    assert odd
    for order in (out.orders[n - 1] for n in odd):
        worse = [t > order["tick"] if order["side"] else t < order["tick"] for t in fills[int(order["ended"]), int(order["side"])]]
        assert order["status"] == FILLED
        assert any(worse)
        assert int(order["order"]) not in theirs or theirs[int(order["order"])][1] > order["ended"]


def test_a_market_order_that_meets_an_empty_side_expires_where_theirs_trades_at_no_price(peer: Peer, tmp_path: Path) -> None:
    events = twice(2, 6_000, SHAPES["calm"])
    out, answer = play(events, replay_strategies.Script), ask(peer, events, tmp_path, "script")
    theirs = theirs_of(answer)
    [(order, status, at)] = [(n, *mine) for n, mine in ends(out).items() if mine != theirs[n]]
    cleared = int(events["exchange"][events["kind"] == Kind.CLEAR][0])
    assert (int(out.orders[order - 1]["tick"]), status) == (0, EXPIRED)
    assert cleared < at < cleared + 10 * MS
    assert [end[4] for end in answer["ends"] if end[0] == order] == [-(2**63)]  # the price that it traded at


def test_the_final_book_is_theirs(peer: Peer, tmp_path: Path) -> None:
    events = order_flow(3, 6_000, SHAPES["calm"])
    tape = order_tape(events)
    book = final_book(tape)
    low, high = int(events["tick"].min()) - 1, int(events["tick"].max()) + 2
    answer = ask(peer, events, tmp_path, "noop", book=[low, high])
    for side, name in enumerate(("bids", "asks")):
        assert [book.quantity(side, t) for t in range(low, high)] == [round(q / LOT) for q in answer[name]]
    assert (book.best_bid, book.best_ask) == (answer["bid"], answer["ask"])


def test_partial_fills_of_orders_are_not_to_be_had_there(peer: Peer, tmp_path: Path) -> None:
    answer = ask(peer, order_flow(1, 200), tmp_path, "limits", partial=True)
    assert "L3PartialFillExchange is unsupported" in answer["error"]
