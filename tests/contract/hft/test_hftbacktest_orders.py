"""hftbacktest 2.4.4 on order-by-order data: every order's end, position, fees and money, on made-up markets.

Its L3 exchange knows no partial fills ("L3PartialFillExchange is unsupported"), and one of its rules is no venue's: a trade
at a worse price than ours leaves ours alone, since it fills only those ahead of the traded order at that order's own price.
A venue's rule is price, then time. So the rule is told apart in a reference, a full book of orders with one switch
(tests/unit/hft/backtest/full_book.py): with their rule it is hftbacktest order for order, with the venue's it is ours.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.peers import replay_events, replay_strategies
from bench.peers.environment import ROOT, Peer, python_of
from tests.unit.hft.backtest.full_book import FullBook, replay

from qbtc.core.market.tape.layout import Kind
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
RULES = Rules(Queue.FIFO, 1.0, delays=Delays(ENTRY, RESPONSE), maker_fee=0.0002, taker_fee=0.0005, sampling=0)
SHAPES = {"calm": Shape(), "busy": Shape(take=0.25, cancel=0.2, gap=500_000.0), "thin": Shape(cancel=0.45, move=0.1)}
CASES = [(shape, seed) for shape in SHAPES for seed in range(20 if SIZE == "exhaustive" else 2)]
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


def play(events: Events, cls: type) -> Outcome:
    program = Program(read(cls, name=cls.__name__))
    return Runner(program, dict(program.spec.defaults), prepare(order_tape(events)).feed, RULES).finish()


def ends(out: Outcome) -> dict[int, tuple[int, int]]:
    done = out.orders[out.orders["ended"] > 0]
    return {int(o["order"]): (int(o["status"]), int(o["ended"])) for o in done}


def told(book: FullBook, until: int) -> dict[int, tuple[int, int]]:
    return {order: (status, at) for order, (status, at) in book.ends().items() if at + RESPONSE <= until}


def theirs_of(answer: dict[str, Any]) -> dict[int, tuple[int, int]]:
    back = {theirs: ours for ours, theirs in STATUS.items()}
    return {order: (back[status], at) for order, status, at, *_ in answer["ends"]}


def withdrawals(events: Events) -> list[int]:
    """When the cancels of `Limits` arrive."""
    steps = range(int(events["exchange"].min()) + 10 * MS, int(events["local"].max()) + 10 * MS, 10 * MS)
    return [t + ENTRY for t in steps if t // (10 * MS) % 12 == 11]


def twice(seed: int, shape: Shape, steps: int) -> Events:
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
def test_hftbacktest_is_a_full_book_by_its_rule_and_ours_is_one_by_the_venue_s(
    peer: Peer, tmp_path: Path, shape: str, seed: int
) -> None:
    events = twice(seed, SHAPES[shape], 6_000)
    out, answer = play(events, replay_strategies.Limits), ask(peer, events, tmp_path, "limits")
    assert "error" not in answer, answer
    cancels, until = withdrawals(events), int(events["local"].max())
    by_venue, by_theirs = (replay(events, out.orders, partial=False, peer=rule, cancels=cancels) for rule in (False, True))
    theirs = theirs_of(answer)
    assert {n: e for n, e in theirs.items() if e[1] + RESPONSE <= until} == told(by_theirs, until)
    assert {n: e for n, e in ends(out).items() if e[1] + RESPONSE <= until} == told(by_venue, until)
    assert len(out.fills) > 200
    assert ends(out) != theirs  # the rule matters on these markets


@pytest.mark.parametrize(("shape", "seed"), CASES[:: len(CASES) // 3])
def test_position_money_and_fees_are_theirs_by_their_rule_and_ours_by_the_venue_s(
    peer: Peer, tmp_path: Path, shape: str, seed: int
) -> None:
    events = order_flow(seed, 6_000, SHAPES[shape])
    out, answer = play(events, replay_strategies.Limits), ask(peer, events, tmp_path, "limits")
    until = int(events["local"].max())
    books = [
        replay(events, out.orders, partial=False, peer=rule, cancels=withdrawals(events)) for rule in (False, True)
    ]
    mine = (out.position * LOT, float(out.samples[-1]["cash"]), float(out.samples[-1]["fee"]))
    for book, found in zip(books, (mine, (answer["position"], answer["balance"], answer["fee"])), strict=True):
        fills = [f for f in book.fills if f[0] + RESPONSE <= until]
        sign = {int(o["order"]): -1 if o["side"] else 1 for o in out.orders}
        position = sum(sign[order] * lots for _, order, _, lots, _ in fills) * LOT
        cash = -sum(sign[order] * lots * tick for _, order, tick, lots, _ in fills) * LOT * TICK
        fee = sum(lots * tick * (0.0002 if maker else 0.0005) for _, _, tick, lots, maker in fills) * LOT * TICK
        assert found == pytest.approx((position, cash, fee), rel=1e-9, abs=1e-9)


def test_orders_that_take_end_as_theirs_market_orders_included(peer: Peer, tmp_path: Path) -> None:
    events = order_flow(5, 20_000, SHAPES["calm"])
    out, answer = play(events, replay_strategies.Script), ask(peer, events, tmp_path, "script")
    takers = [int(order) for order in np.unique(out.fills["order"][out.fills["maker"] == 0])]
    market = out.orders[out.orders["tick"] == 0]
    assert len(market) > 40
    assert (market["status"] == FILLED).all()
    mine, theirs = ends(out), theirs_of(answer)
    assert {n: mine[n] for n in takers} == {n: theirs[n] for n in takers}


def test_partial_fills_of_orders_are_not_to_be_had_there(peer: Peer, tmp_path: Path) -> None:
    answer = ask(peer, order_flow(1, 200), tmp_path, "limits", partial=True)
    assert "L3PartialFillExchange is unsupported" in answer["error"]
