"""The ledgers of hftbacktest 2.4.4 on the recorded files: every order's end, position, fees, money and the final book.

Where it is wrong by a venue's rules the test says the rule: with partial fills it adds only a last fill to the position
(its issue 316) and stops when a fill is exactly what was left (301, 312); orders' ends are compared up to there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bench.peers import replay_events, replay_strategies
from bench.peers.environment import ROOT, Peer, python_of

from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.backtest import prepare
from qbtc.hft.domain.backtest.assumptions import feed_delays
from qbtc.hft.domain.backtest.book import Memory, key_of
from qbtc.hft.domain.backtest.feed import Feed
from qbtc.hft.domain.backtest.layout import CANCELED, EXPIRED, FILLED, RUN
from qbtc.hft.domain.backtest.queues import Queue
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules, Runner
from qbtc.hft.domain.backtest.touches import renew
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.testing.data import MARKET

SIZE = os.environ.get("QBTC_TEST_SIZE", "")
FILES = {
    "usdm": ["usdm_btcusdt_20240808.gz"],
    "spot_btc": ["spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"],
    "spot_eth": ["spot_ethusdt_20240808.gz"],
}
STATUS = {FILLED: 3, CANCELED: 4, EXPIRED: 2}
MS = 1_000_000
LATENCIES = ("constant", "feed", "table")
QUEUES = ("risk-averse", "power", "power2", "power3", "log", "log2")
pytestmark = pytest.mark.skipif(
    SIZE not in ("full", "exhaustive"), reason="hftbacktest has an environment of its own, made by ./qbtc test --full"
)


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    if not (MARKET / FILES["usdm"][0]).exists():
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    script = ROOT / "bench" / "peers" / "hftbacktest_replay.py"
    with Peer(python_of("peers", os.environ.get("QBTC_PEERS")), script) as running:
        yield running


@pytest.fixture(scope="module", params=list(FILES))
def market(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Feed, Path]:
    """A recording as our feed and as hftbacktest's events."""
    paths = [MARKET / name for name in FILES[request.param]]
    if not all(path.exists() for path in paths):
        pytest.skip(f"no recorded market data at {MARKET}; set QBTC_DATA")
    folder = tmp_path_factory.mktemp(request.param)
    made = import_tape(paths, folder / "tape", Options())
    feed = prepare(made.path, tickers=False, sync=False).feed
    replay_events.write(feed, folder / "events.npz")
    return feed, folder / "events.npz"


@cache
def program(cls: type) -> Program:
    return Program(read(cls, name=cls.__name__))


def delays(feed: Feed, kind: str) -> Delays:
    if kind == "constant":
        return Delays(3 * MS, 1 * MS)
    if kind == "feed":
        received = np.empty(feed.times.size, np.int64)
        received[feed.order] = feed.times
        table = feed_delays(feed.local, received, 0.2, 0.1)
        table[:, 1] = np.minimum(table[:, 1], table[:, 0] + 4 * MS)
        table[:, 2] = np.minimum(table[:, 2], table[:, 1] + 4 * MS)
        return Delays(table=table)
    asked = np.arange(feed.begin, feed.last, 250 * MS)
    rng = np.random.default_rng(3)
    reached = asked + rng.integers(MS, 4 * MS, asked.size)
    return Delays(table=np.stack([asked, reached, reached + rng.integers(MS, 4 * MS, asked.size)], axis=1))


def both(
    peer: Peer, market: tuple[Feed, Path], cls: type, queue: str, latency: str, *, partial: bool
) -> tuple[Outcome, dict[str, Any]]:
    feed, events = market
    way = delays(feed, latency)
    power = 3.0 if queue.startswith("power") else 1.0
    rules = Rules(Queue[queue.upper().replace("-", "_")], power, partial, way, 0.0002, 0.0005, sampling=0)
    runner = Runner(program(cls), dict(program(cls).spec.defaults), feed, rules)
    said = {"entry": way.entry, "response": way.response} if way.table is None else {"table": way.table.tolist()}
    answer = peer.ask(
        events=str(events), strategy=cls.__name__.lower(), step=10 * MS, tick=feed.tick_size, lot=feed.lot_size, queue=queue,
        power=power, partial=partial, maker=0.0002, taker=0.0005, **said,
    )  # fmt: skip
    assert "error" not in answer, answer
    return runner.finish(), answer


def ends(out: Outcome) -> dict[int, tuple[int, int]]:
    done = out.orders[out.orders["ended"] > 0]
    return {int(o["order"]): (STATUS[int(o["status"])], int(o["ended"])) for o in done}


CASES = [(q, w) for q in QUEUES for w in LATENCIES] if SIZE == "exhaustive" else [("power3", "table"), ("log", "feed")]


@pytest.mark.parametrize(("queue", "latency"), CASES)
@pytest.mark.parametrize("cls", [replay_strategies.Maker, replay_strategies.Script])
def test_without_partial_fills_every_order_ends_as_in_hftbacktest(
    peer: Peer, market: tuple[Feed, Path], cls: type, queue: str, latency: str
) -> None:
    out, theirs = both(peer, market, cls, queue, latency, partial=False)
    assert len(out.fills) > 100
    assert ends(out) == {order: (status, at) for order, status, at, *_ in theirs["ends"]}
    assert len(out.fills) == theirs["trades"]
    last = out.samples[-1]
    assert out.position == round(theirs["position"] / market[0].lot_size)
    assert last["cash"] == pytest.approx(theirs["balance"], abs=1e-6)
    assert last["fee"] == pytest.approx(theirs["fee"], rel=1e-9)


@pytest.mark.parametrize(("queue", "latency"), CASES)
def test_with_partial_fills_every_order_ends_as_in_hftbacktest_until_it_stops(
    peer: Peer, market: tuple[Feed, Path], queue: str, latency: str
) -> None:
    out, theirs = both(peer, market, replay_strategies.Script, queue, latency, partial=True)
    mine = ends(out)
    for order, status, at, *_ in theirs["ends"]:
        assert mine[order] == (status, at)
    assert len(theirs["ends"]) > 0.5 * len(mine)
    partial = np.bincount(out.fills["order"]) > 1
    assert partial.any()
    sign = np.where(out.fills["side"] == 0, 1, -1)
    assert out.position == int((sign * out.fills["lots"]).sum())


def test_the_final_book_is_theirs(peer: Peer, market: tuple[Feed, Path]) -> None:
    feed, events = market
    book = np.zeros(1, RUN)
    memory = Memory(book["book"], feed.low, feed.high, feed.lots.dtype)
    for m in range(feed.kind.size):
        renew(book[0]["book"], memory.levels, feed.kind[m], feed.tick, feed.lots, feed.first[m], feed.first[m + 1], feed.alone)
    low, high = int(feed.exchange.touch[-1, 0]) - 3000, int(feed.exchange.touch[-1, 1]) + 3000
    theirs = peer.ask(
        events=str(events), strategy="noop", step=10 * MS, tick=feed.tick_size, lot=feed.lot_size, queue="log", partial=False,
        maker=0.0, taker=0.0, entry=MS, response=MS, book=[low, high],
    )  # fmt: skip
    for side, name in enumerate(("bids", "asks")):
        mine = [memory.levels[side * int(book["book"]["span"][0]) + key_of(book[0]["book"], side, t)] for t in range(low, high)]
        assert mine == [round(quantity / feed.lot_size) for quantity in theirs[name]]
    assert feed.exchange.touch[-1].tolist() == [theirs["bid"], theirs["ask"]]
