"""A sweep of 1,000 parameter sets beside as many runs of hftbacktest, on the same two cores: the same ledgers first.

    python -m bench.sweep [--sets 1000] [--sample 60] [--rounds 3] [--seconds 345] [--simulated] [--peers FOLDER]

Both run the market maker of `peers/replay_strategies.py` with four parameters on the recorded USD-M file (or, `--simulated`, on a
simulated tape of so many seconds): no tickers, a decision every 10 ms, constant latency, queue model power3. hftbacktest:
two processes, each with the data in memory and the strategy compiled, a backtest on its ROI vector depth a set, nothing
recorded but the ends of orders. It runs a sample of the sets, evenly spaced; its time for all is scaled up from there,
round by round. Ours: `sweep.run`, two threads on one feed, from the parameters to the judged result (profits a second, deflated Sharpe, probability of
overfitting), all sets. `second_core`: the same with one thread, over two. Goals: 10 times hftbacktest; 1.8 by the second core.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import math
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.peers import replay_events
from bench.peers.environment import ROOT, Peer, python_of
from bench.peers.replay_strategies import Quoter

from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.volume.usual import usual
from qbtc.hft import sweep
from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.simulating import Wanted, simulate
from qbtc.hft.backtest import Market, prepare
from qbtc.hft.domain.backtest.queues import Queue
from qbtc.hft.domain.backtest.runner import Delays, Rules, Runner
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.testing.data import MARKET

SCRIPT = ROOT / "bench" / "peers" / "hftbacktest_replay.py"
MS = 1_000_000
RULES = Rules(Queue.POWER3, 3.0, delays=Delays(3 * MS, 1 * MS), maker_fee=0.0002, taker_fee=0.0005, sampling=0)
WORDS = {"latency": "entry=3ms,response=1ms", "queue": "power3", "fees": (0.0002, 0.0005), "sample": "1s"}
STATUS = {3: 3, 4: 4, 5: 2}
Set = dict[str, float]


def grid(count: int) -> list[Set]:
    """`count` sets out of 1,000, evenly spaced."""
    axes = (range(5), (1, 5, 10, 20), (20, 50, 100, 200, 500), (0, 10, 20, 30, 50, 100, 200, 500, 1000, 2000))
    every = [dict(zip(("away", "size", "most", "life"), map(float, each), strict=True)) for each in itertools.product(*axes)]
    return [every[n * len(every) // count] for n in range(min(count, len(every)))]


@dataclass(frozen=True)
class Course:
    """What both sides run on."""

    market: Market
    events: Path
    peers: Sequence[Peer]

    def theirs(self, sets: Sequence[Set], *, ends: bool = False) -> tuple[float, list[dict[str, Any]]]:
        """Wall seconds of all processes together, and how each set ended."""
        with ThreadPoolExecutor(len(self.peers)) as pool:
            begun = time.perf_counter()
            answers = list(pool.map(lambda n: self._ask(self.peers[n], sets[n :: len(self.peers)], ends), range(len(self.peers))))
            seconds = time.perf_counter() - begun
        runs: list[dict[str, Any]] = [{}] * len(sets)
        for n, answer in enumerate(answers):
            runs[n :: len(self.peers)] = answer["runs"]
        return seconds, runs

    def _ask(self, peer: Peer, sets: Sequence[Set], ends: bool) -> dict[str, Any]:
        f = self.market.feed
        given = [[int(s["away"]), int(s["size"]), int(s["most"]), int(s["life"]) * MS] for s in sets]
        answer = peer.ask(
            events=str(self.events), sets=given, ends=ends, step=10 * MS, tick=f.tick_size, lot=f.lot_size, queue="power3", power=3.0, partial=False,
            maker=0.0002, taker=0.0005, entry=3 * MS, response=1 * MS, roi=[f.low * f.tick_size, f.high * f.tick_size], room=200_000,
        )  # fmt: skip
        if "error" in answer:
            raise SystemExit(f"the peer failed: {answer['error']}")
        return answer

    def ours(self, sets: Sequence[Set], workers: int) -> tuple[float, sweep.Sweep]:
        begun = time.perf_counter()
        found = sweep.run(Quoter, self.market, sets, workers=workers, **WORDS)  # type: ignore[arg-type]
        return time.perf_counter() - begun, found


def compare(course: Course, sets: Sequence[Set]) -> dict[str, object]:
    """Every order's end for some sets, position, fees and fills in the sweep's own rows. Raises SystemExit."""
    program = Program(read(Quoter, name="quoter"))
    _, theirs = course.theirs(sets, ends=True)
    _, swept = course.ours(sets, 2)
    orders = 0
    for values, answer, row in zip(sets, theirs, swept.rows, strict=True):
        out = Runner(program, {**program.spec.defaults, **values}, course.market.feed, RULES).finish()
        done = out.orders[out.orders["ended"] > 0]
        mine = {int(o["order"]): (STATUS[int(o["status"])], int(o["ended"])) for o in done}
        if mine != {order: (what, at) for order, what, at, *_ in answer["ends"]}:
            raise SystemExit(f"the ledgers of {values} differ")
        f = course.market.feed
        if (row["fills"], round(row["position"] / f.lot_size)) != (answer["trades"], round(answer["position"] / f.lot_size)):
            raise SystemExit(f"fills or positions of {values} differ")
        if not math.isclose(row["fees"], answer["fee"], rel_tol=1e-9, abs_tol=1e-9):
            raise SystemExit(f"fees of {values} differ")
        orders += len(mine)
    return {"sets": len(sets), "orders": orders, "fills": sum(row["fills"] for row in swept.rows)}


def measures(course: Course, sets: Sequence[Set], sample: Sequence[Set]) -> dict[str, Callable[[], Any]]:
    def mine(workers: int) -> Callable[[], Any]:
        async def measure() -> Figures:
            seconds, _ = course.ours(sets, workers)
            return {"seconds": seconds, "sets_s": len(sets) / seconds}

        return measure

    async def peer() -> Figures:
        seconds, _ = course.theirs(sample)
        return {"seconds": seconds * len(sets) / len(sample), "sets_s": len(sample) / seconds}

    return {"ours_two": mine(2), "hftbacktest": peer, "ours_one": mine(1)}


def market(folder: Path, seconds: float, simulated: bool) -> Market:
    if simulated:
        simulate(usual(KNOWN["BTCUSDT"]), folder / "tape", Wanted(seed=1, seconds=seconds))
        return prepare(folder / "tape", tickers=False, sync=False)
    path = MARKET / "usdm_btcusdt_20240808.gz"
    if not path.exists():
        raise SystemExit(f"no recorded market data at {MARKET}; set QBTC_DATA, or try --simulated")
    return prepare(import_tape([path], folder / "tape", Options()).path, tickers=False, sync=False)


async def run(chosen: argparse.Namespace) -> None:
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory()))
        made = market(folder, chosen.seconds, chosen.simulated)
        replay_events.write(made.feed, folder / "events.npz")
        python = python_of("peers", chosen.peers)
        course = Course(made, folder / "events.npz", [held.enter_context(Peer(python, SCRIPT)) for _ in range(2)])
        sets, sample = grid(chosen.sets), grid(chosen.sample)
        answers = compare(course, grid(8))
        found = await interleaved(measures(course, sets, sample), chosen.rounds)
        f = made.feed
        emit(
            "sweep", market="simulated" if chosen.simulated else "recorded USD-M", rows=int(f.tick.size), sets=len(sets),
            sample_of_the_peer=len(sample), answers=answers, rounds=chosen.rounds,
            figures={who: summary(each) for who, each in found.items()},
            times_faster=ratio(found["hftbacktest"], found["ours_two"], "seconds"),
            second_core=ratio(found["ours_one"], found["ours_two"], "seconds"),
            ns_a_row_and_set={
                who: round(float(np.median([r["seconds"] for r in each])) / len(sets) / f.tick.size * 1e9, 2) for who, each in found.items()
            },
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=1000)
    parser.add_argument("--sample", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=345.0)
    parser.add_argument("--simulated", action="store_true")
    parser.add_argument("--peers", help="folder of an environment with hftbacktest")
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
