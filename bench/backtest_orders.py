"""Backtests order by order (L3) beside hftbacktest: a made-up market tiled, the same orders first, then the time.

    python -m bench.backtest_orders [--rounds 5] [--steps 200000] [--tiles 20] [--peers FOLDER]

No order-by-order data are recorded here, so the market is `qbtc.testing.order_flow`, cleared between two tiles. Both engines
know every order, with 10 ms steps and constant latency; the strategies are one that does nothing and a market maker. A line
is an event (ADD, CANCEL, MODIFY, FILL, CLEAR); hftbacktest gets more rows, since its FILL is followed by what is left.
The ledgers are compared by its rule (`fifo-at-price`, tests/contract/hft/test_hftbacktest_orders.py); what is timed is
`fifo`, the venue's. `power3` is the same tape by the queue model of levels, which shows what knowing the orders costs.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.peers import replay_events
from bench.peers.environment import ROOT, Peer, python_of
from bench.peers.replay_strategies import Maker, Noop

from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.orders import levelled
from qbtc.hft.backtest import prepare
from qbtc.hft.domain.backtest.feed import Feed
from qbtc.hft.domain.backtest.queues import Queue
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.testing.order_flow import EVENT, Events, order_flow, order_tape

SCRIPT = ROOT / "bench" / "peers" / "hftbacktest_replay.py"
MS = 1_000_000
FIFO = Rules(Queue.FIFO, 1.0, delays=Delays(3 * MS, 1 * MS), maker_fee=0.0002, taker_fee=0.0005, sampling=0)
POWER3 = replace(FIFO, queue=Queue.POWER3, power=3.0)
STATUS = {3: 3, 4: 4, 5: 2}
TICK, LOT = 0.1, 0.001


def tiled(flow: Events, tiles: int) -> Events:
    """The same market again and again, everything cleared in between."""
    length = int(flow["local"].max()) - int(flow["exchange"].min()) + 2 * MS
    clear = np.array([(Kind.CLEAR, 0, 0, 0, 0, int(flow["local"].max()) + MS, int(flow["local"].max()) + MS)], EVENT)
    parts = []
    for n in range(tiles):
        part = np.concatenate([flow, clear])
        part["exchange"] += n * length
        part["local"] += n * length
        parts.append(part)
    return np.concatenate(parts)


def ours(program: Program, f: Feed, rules: Rules) -> tuple[Outcome, float]:
    runner = Runner(program, dict(program.spec.defaults), f, rules)
    begun = time.perf_counter()
    return runner.finish(), time.perf_counter() - begun


def theirs(peer: Peer, events: Path, strategy: str, f: Feed) -> dict[str, Any]:
    answer = peer.ask(
        events=str(events), strategy=strategy, step=10 * MS, tick=TICK, lot=LOT, queue="fifo", partial=False, maker=0.0002, taker=0.0005,
        entry=3 * MS, response=1 * MS, roi=[f.low * TICK, f.high * TICK], room=4_000_000,
    )  # fmt: skip
    if "error" in answer:
        raise SystemExit(f"the peer failed: {answer['error']}")
    return answer


def compare(peer: Peer, events: Path, f: Feed, program: Program) -> dict[str, object]:
    """Every order's end on both sides, by their rule. Raises SystemExit when the ledgers differ."""
    out, _ = ours(program, f, replace(FIFO, queue=Queue.FIFO_AT_PRICE))
    answer = theirs(peer, events, "maker", f)
    done = out.orders[out.orders["ended"] > 0]
    mine = {int(o["order"]): (STATUS[int(o["status"])], int(o["ended"])) for o in done}
    if mine != {order: (what, at) for order, what, at, *_ in answer["ends"]}:
        raise SystemExit("the ledgers differ")
    return {"orders": len(mine), "fills": len(out.fills), "position": out.position}


def measures(
    peer: Peer, events: Path, f: Feed, count: int, programs: dict[str, Program]
) -> dict[str, Callable[[], Any]]:
    def mine(name: str, rules: Rules) -> Callable[[], Any]:
        async def measure() -> Figures:
            return {"ns_an_event": ours(programs[name], f, rules)[1] / count * 1e9}

        return measure

    def other(name: str) -> Callable[[], Any]:
        async def measure() -> Figures:
            return {"ns_an_event": theirs(peer, events, name, f)["seconds"] / count * 1e9}

        return measure

    made: dict[str, Callable[[], Any]] = {}
    for name in programs:
        made |= {f"ours_{name}": mine(name, FIFO), f"power3_{name}": mine(name, POWER3), f"hftbacktest_{name}": other(name)}
    return made


async def run(rounds: int, steps: int, tiles: int, peers: str | None) -> None:
    programs = {"noop": Program(read(Noop, name="noop")), "maker": Program(read(Maker, name="maker"))}
    flow = tiled(order_flow(1, steps), tiles)
    tape, count = order_tape(flow), len(flow)
    prepare(order_tape(flow[:1000])).feed.ready()  # compiled before the clock starts
    times = [time.perf_counter()]
    levelled(tape)
    times.append(time.perf_counter())
    f = prepare(tape).feed.ready()
    times.append(time.perf_counter())
    with tempfile.TemporaryDirectory() as folder, Peer(python_of("peers", peers), SCRIPT) as peer:
        events = Path(folder) / "events.npz"
        packed = replay_events.write_orders(flow, events, tick_size=TICK, lot_size=LOT)
        answers = compare(peer, events, f, programs["maker"])
        found = await interleaved(measures(peer, events, f, count, programs), rounds)
    emit(
        "backtest_orders", events=count, rows=int(f.tick.size), answers=answers, rounds=rounds,
        figures={who: summary(each) for who, each in found.items()},
        times_faster={n: ratio(found[f"hftbacktest_{n}"], found[f"ours_{n}"], "ns_an_event") for n in programs},
        fifo_over_power3={n: ratio(found[f"ours_{n}"], found[f"power3_{n}"], "ns_an_event") for n in programs},
        levels_ns_an_event=round((times[1] - times[0]) / count * 1e9, 1), prepare_ns_an_event=round((times[2] - times[1]) / count * 1e9, 1),
        bytes_an_event={"ours": round(f.nbytes() / count, 1), "hftbacktest": round(packed.nbytes / count, 1)},
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=200_000)
    parser.add_argument("--tiles", type=int, default=20)
    parser.add_argument("--peers", help="folder of an environment with hftbacktest")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.rounds, chosen.steps, chosen.tiles, chosen.peers))


if __name__ == "__main__":
    main()
