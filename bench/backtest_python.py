"""Strategies in plain Python beside nautilus_trader: recorded best bids and asks, the same orders and fills first.

    python -m bench.backtest_python [--rounds 5] [--tiles 5] [--nautilus FOLDER]

Three strategies on the same quotes: one that does nothing, one that crosses two averages with market orders, one that
renews a quote on each side. Ours as plain Python and compiled, nautilus_trader 1.221 in an interpreter of its own; no
latency, the same fees, fill rule `partial`. Times are of CPU (of the process), of the run alone: data, engine and strategy are ready
before, and what was recorded is read afterwards. `prepare` is what ours computes once a tape, theirs makes its quotes of arrays. Goals: plain Python 1 M quotes/s, 10 times nautilus_trader; compiled 50 times.

What each keeps. Ours: every order (placed, arrived, ended, status, price, quantity, filled), every fill (both times, side, maker,
price, quantity, fee, mid), position, cash and fees; samples of the account are off. nautilus_trader: order objects with all
their events, positions with their fills, account states, margins; its logging is off, its risk engine is on without a rate limit.
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

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.peers import quotes
from bench.peers.environment import ROOT, Peer, python_of
from bench.peers.quote_strategies import EmaCross, Empty, Quoting

from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.backtest import prepare
from qbtc.hft.domain.backtest.feed import Feed
from qbtc.hft.domain.backtest.plain import PlainProgram, PlainRunner
from qbtc.hft.domain.backtest.runner import Delays, Outcome, Rules, Runner
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.testing.data import MARKET

SCRIPT = ROOT / "bench" / "peers" / "nautilus_quotes.py"
RULES = Rules(delays=Delays(0, 0), partial=True, maker_fee=0.0002, taker_fee=0.0005, sampling=0)
RUNS: dict[str, tuple[type, dict[str, float]]] = {
    "empty": (Empty, {}),
    "emacross": (EmaCross, {"fast": 0.02, "slow": 0.002, "lots": 10}),
    "quoting": (Quoting, {"away": 2, "lots": 1, "most": 5}),
}


def ours(program: Program, values: dict[str, float], f: Feed) -> tuple[Outcome, float]:
    made = (PlainRunner if isinstance(program, PlainProgram) else Runner)(program, values, f, RULES)
    begun = time.process_time()
    return made.finish(), time.process_time() - begun


def theirs(peer: Peer, name: str, f: Feed, path: Path) -> dict[str, Any]:
    return peer.ask(
        quotes=str(path), strategy=name, parameters=RUNS[name][1], maker="0.0002", taker="0.0005", tick=f"{f.tick_size:.8f}".rstrip("0"),
        lot=f"{f.lot_size:.8f}".rstrip("0"),
    )  # fmt: skip


def compare(peer: Peer, programs: dict[str, tuple[Program, Program]], f: Feed, path: Path) -> dict[str, object]:
    """Raises SystemExit when an order or a fill differs."""
    found: dict[str, object] = {}
    for name, both in programs.items():
        answer = theirs(peer, name, f, path)
        wanted = sorted((n, side, tick, lots, at) for n, side, tick, lots, _, at in answer["fills"])
        for program in both:
            out, _ = ours(program, RUNS[name][1], f)
            fills = sorted(out.fills[["order", "side", "tick", "lots", "time"]].tolist())
            if fills != wanted or [(o["side"], o["tick"], o["lots"]) for o in out.orders] != [tuple(o[:3]) for o in answer["orders"]]:
                raise SystemExit(f"{name}: the ledgers differ")
        found[name] = {"orders": len(answer["orders"]), "fills": len(wanted)}
    return found


def measures(peer: Peer, programs: dict[str, tuple[Program, Program]], f: Feed, path: Path) -> dict[str, Callable[[], Any]]:
    count = f.kind.size

    def mine(name: str, program: Program) -> Callable[[], Any]:
        async def measure() -> Figures:
            seconds = sum(ours(program, RUNS[name][1], f)[1] for _ in range(3)) / 3
            return {"ns_a_quote": seconds / count * 1e9, "quotes_s": count / seconds}

        return measure

    def other(name: str) -> Callable[[], Any]:
        async def measure() -> Figures:
            seconds = theirs(peer, name, f, path)["seconds"]
            return {"ns_a_quote": seconds / count * 1e9, "quotes_s": count / seconds}

        return measure

    found: dict[str, Callable[[], Any]] = {}
    for name, (plain, compiled) in programs.items():
        found |= {f"plain_{name}": mine(name, plain), f"nautilus_{name}": other(name), f"compiled_{name}": mine(name, compiled)}
    return found


async def run(rounds: int, tiles: int, nautilus: str | None) -> None:
    source = MARKET / "usdm_btcusdt_20240808.gz"
    if not source.exists():
        raise SystemExit(f"no recorded market data at {MARKET}; set QBTC_DATA")
    programs = {name: _programs(cls) for name, (cls, _) in RUNS.items()}
    with tempfile.TemporaryDirectory() as folder, Peer(python_of("nautilus", nautilus), SCRIPT) as peer:
        tape = import_tape([source], Path(folder) / "tape", Options())
        f = quotes.quotes(prepare(tape.path).feed, tiles)
        path = Path(folder) / "quotes.npz"
        quotes.write(f, path)
        answers = compare(peer, programs, f, path)
        found = await interleaved(measures(peer, programs, f, path), rounds)
        emit(
            "backtest_python", quotes=int(f.kind.size), answers=answers, rounds=rounds, prepare_ns_a_quote=prepared(f),
            figures={who: summary(each) for who, each in found.items()},
            times_faster={
                f"{who}_{name}": ratio(found[f"nautilus_{name}"], found[f"{who}_{name}"], "ns_a_quote")
                for name in RUNS for who in ("plain", "compiled")
            },
        )  # fmt: skip


def prepared(f: Feed) -> float:
    """The best of three: CPU of both threads."""
    found = []
    for _ in range(3):
        fresh = replace(f)
        begun = time.process_time()
        fresh.ready()
        found.append((time.process_time() - begun) / f.kind.size * 1e9)
    return round(min(found), 2)


def _programs(cls: type) -> tuple[Program, Program]:
    """(plain, compiled)."""
    return PlainProgram(read(cls, name=cls.__name__, plain=True)), Program(read(cls, name=cls.__name__))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tiles", type=int, default=5)
    parser.add_argument("--nautilus", help="folder of an environment with nautilus_trader")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.rounds, chosen.tiles, chosen.nautilus))


if __name__ == "__main__":
    main()
