"""Target positions on bars beside vectorbt: minutes of a perpetual, random targets every bar, the same profits and orders first.

    python -m bench.bars [--rounds 5] [--columns 40] [--vectorbt FOLDER]

Both trade each target at the next open with fees, compiled before the clock starts, on one thread; seconds of CPU of the process.
`run`: ours keeps an account a column, from which any column's orders are made again when asked for; vectorbt keeps a record an
order. `equity`: with the value of every column at every bar on both sides.
"""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.peers.environment import ROOT, Peer, python_of

from qbtc.hft import bars
from qbtc.testing.data import MARKET

SCRIPT = ROOT / "bench" / "peers" / "vectorbt_bars.py"
FEE = 0.0005


def minutes(path: Path, tick_size: float = 0.5) -> bars.Bars:
    """The recorded bars; their times are those at which they are over."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))[1:]
    stamps = [int(datetime.fromisoformat(row[0]).replace(tzinfo=UTC).timestamp()) * 1_000_000_000 for row in rows]
    o, h, low, c, volume = np.array([row[1:6] for row in rows], np.float64).T
    return bars.arrays(np.array(stamps), o, h, low, c, volume, symbol="BTCUSD", tick_size=tick_size, lot_size=0.001)


def ours(b: bars.Bars, targets: Any, *, equity: bool) -> tuple[bars.Backtest, float]:
    begun = time.process_time()
    made = bars.backtest(b, targets, fees=FEE, equity=equity, workers=1)
    return made, time.process_time() - begun


async def run(rounds: int, columns: int, vectorbt: str | None) -> None:
    source = MARKET / "btc_perp_1m_202201.csv"
    if not source.exists():
        raise SystemExit(f"no bars at {MARKET}; set QBTC_DATA")
    b = minutes(source)
    targets = np.random.default_rng(1).choice([-0.01, 0.0, 0.01], (len(b), columns))
    with tempfile.TemporaryDirectory() as folder, Peer(python_of("vectorbt", vectorbt), SCRIPT) as peer:
        path = Path(folder) / "bars.npz"
        np.savez(path, open=b.open, close=b.close, targets=targets)

        def theirs() -> dict[str, Any]:
            return peer.ask(path=str(path), fee=FEE, slippage=0.0, fill="next_open", every=len(b))

        answer, made = theirs(), ours(b, targets, equity=True)[0]
        if answer["orders"] != made.totals["fills"].tolist() or not np.allclose(answer["profit"], made.totals["net"], atol=1e-5, rtol=0):
            raise SystemExit("orders or profits differ")

        async def mine() -> Figures:
            return {"run_s": ours(b, targets, equity=False)[1], "equity_s": ours(b, targets, equity=True)[1]}

        async def other() -> Figures:
            found = theirs()
            return {"run_s": found["seconds"], "equity_s": found["with_value"]}

        found = await interleaved({"ours": mine, "vectorbt": other}, rounds)
        emit(
            "bars", bars=len(b), columns=columns, orders=int(made.totals["fills"].sum()), rounds=rounds,
            figures={who: summary(each) for who, each in found.items()},
            times_faster={name: ratio(found["vectorbt"], found["ours"], name) for name in ("run_s", "equity_s")},
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--columns", type=int, default=40)
    parser.add_argument("--vectorbt", help="folder of an environment with vectorbt")
    chosen = parser.parse_args()
    asyncio.run(run(chosen.rounds, chosen.columns, chosen.vectorbt))


if __name__ == "__main__":
    main()
