"""Backtests beside hftbacktest's fastest mode: the recorded USD-M file tiled, the same orders first, then the time.

    python -m bench.backtest_replay [--rounds 5] [--tiles 45] [--peers FOLDER]

Both replay the same updates (no tickers, as its converter takes them) with 10 ms steps, constant latency and the queue
model power3, by a strategy that does nothing and by a market maker. hftbacktest runs on its ROI vector depth, data in
memory, compiled before the clock starts. Ours: `run` is the run alone on a prepared feed, `prepare` what is done once a
tape (the order of the exchange, what both sides see after every message, the history of levels), the loading of its
compiled code included. A row is one update of a price level or
one trade; hftbacktest has about a tenth more, since it splits rows whose clocks disagree. Goal: 5 times, no-op and maker.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.peers import replay_events
from bench.peers.environment import ROOT, Peer, python_of
from bench.peers.replay_strategies import Maker, Noop

from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.backtest import prepare
from qbtc.hft.domain.backtest.feed import Feed, feed
from qbtc.hft.domain.backtest.queues import Queue
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.testing.data import MARKET

SCRIPT = ROOT / "bench" / "peers" / "hftbacktest_replay.py"
MS = 1_000_000
SECOND = 1000 * MS
RULES = Rules(Queue.POWER3, 3.0, delays=Delays(3 * MS, 1 * MS), maker_fee=0.0002, taker_fee=0.0005, sampling=0)
FIRST = """
import time; t = time.perf_counter()
from qbtc.hft import backtest
backtest.run("grid", {path!r})
print(time.perf_counter() - t)
"""


def columns(f: Feed, tiles: int) -> dict[str, Any]:
    """The same market again and again, a second between two."""
    received = np.empty(f.times.size, np.int64)
    received[f.order] = f.times
    shift = np.repeat(np.arange(tiles) * (f.last - f.begin + SECOND), f.kind.size)
    rows = f.tick.size
    made: dict[str, Any] = {name: np.tile(getattr(f, name), tiles) for name in ("kind", "tick", "lots")}
    starts = np.concatenate([f.first[:-1].astype(np.int64) + n * rows for n in range(tiles)])
    made["first"] = np.append(starts, tiles * rows).astype(np.uint32)
    made["local"], made["exchange"] = np.tile(f.local, tiles) + shift, np.tile(received, tiles) + shift
    return made


def ours(program: Program, f: Feed) -> tuple[Outcome, float]:
    runner = Runner(program, dict(program.spec.defaults), f, RULES)
    begun = time.perf_counter()
    return runner.finish(), time.perf_counter() - begun


def theirs(peer: Peer, events: Path, strategy: str, f: Feed) -> dict[str, Any]:
    answer = peer.ask(
        events=str(events), strategy=strategy, step=10 * MS, tick=f.tick_size, lot=f.lot_size, queue="power3", power=3.0, partial=False,
        maker=0.0002, taker=0.0005, entry=3 * MS, response=1 * MS, roi=[f.low * f.tick_size, f.high * f.tick_size], room=2_000_000,
    )  # fmt: skip
    if "error" in answer:
        raise SystemExit(f"the peer failed: {answer['error']}")
    return answer


def compare(peer: Peer, events: Path, f: Feed, program: Program) -> dict[str, object]:
    """Every order's end on both sides. Raises SystemExit when the ledgers differ."""
    out, _ = ours(program, f)
    answer = theirs(peer, events, "maker", f)
    done = out.orders[out.orders["ended"] > 0]
    status = {3: 3, 4: 4, 5: 2}
    mine = {int(o["order"]): (status[int(o["status"])], int(o["ended"])) for o in done}
    if mine != {order: (what, at) for order, what, at, *_ in answer["ends"]}:
        raise SystemExit("the ledgers differ")
    return {"orders": len(mine), "fills": len(out.fills), "position": out.position}


def measures(peer: Peer, events: Path, f: Feed, programs: dict[str, Program]) -> dict[str, Callable[[], Any]]:
    def mine(name: str) -> Callable[[], Any]:
        async def measure() -> Figures:
            _, seconds = ours(programs[name], f)
            return {"ns_a_row": seconds / f.tick.size * 1e9, "rows_s": f.tick.size / seconds}

        return measure

    def other(name: str) -> Callable[[], Any]:
        async def measure() -> Figures:
            seconds = theirs(peer, events, name, f)["seconds"]
            return {"ns_a_row": seconds / f.tick.size * 1e9, "rows_s": f.tick.size / seconds}

        return measure

    return {f"{who}_{name}": make(name) for name in programs for who, make in (("ours", mine), ("hftbacktest", other))}


def first_result(tape: Path) -> float:
    """Seconds from an import of qbtc to a result, in a fresh process with a warm cache."""
    code = FIRST.format(path=str(tape))
    runs = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout) for _ in range(3)]
    return min(runs[1:])


async def run(rounds: int, tiles: int, peers: str | None) -> None:
    path = MARKET / "usdm_btcusdt_20240808.gz"
    if not path.exists():
        raise SystemExit(f"no recorded market data at {MARKET}; set QBTC_DATA")
    programs = {"noop": Program(read(Noop, name="noop")), "maker": Program(read(Maker, name="maker"))}
    with tempfile.TemporaryDirectory() as name, Peer(python_of("peers", peers), SCRIPT) as peer:
        tape = import_tape([path], Path(name) / "tape", Options())
        small = prepare(tape.path, tickers=False, sync=False).feed
        made = columns(small, tiles)
        begun = time.perf_counter()
        f = feed(made, symbol="BTCUSDT", tick_size=small.tick_size, lot_size=small.lot_size, sync=False).ready()
        prepared = time.perf_counter() - begun
        events = Path(name) / "events.npz"
        packed = replay_events.write(f, events)
        answers = compare(peer, events, f, programs["maker"])
        found = await interleaved(measures(peer, events, f, programs), rounds)
        emit(
            "backtest_replay", rows=int(f.tick.size), answers=answers, rounds=rounds,
            figures={who: summary(each) for who, each in found.items()},
            times_faster={n: ratio(found[f"hftbacktest_{n}"], found[f"ours_{n}"], "ns_a_row") for n in programs},
            prepare_ns_a_row=round(prepared / f.tick.size * 1e9, 2),
            bytes_a_row={"ours": round(f.nbytes() / f.tick.size, 1), "hftbacktest": round(packed.nbytes / f.tick.size, 1)},
            first_result_s=round(first_result(tape.path), 2),
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tiles", type=int, default=45)
    parser.add_argument("--peers", help="folder of an environment with hftbacktest")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.rounds, chosen.tiles, chosen.peers))


if __name__ == "__main__":
    main()
