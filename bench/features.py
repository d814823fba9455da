"""The 26 dimensions: a bar close of 50 symbols live, a tape in research, one feature as a stream. Prints one JSON line.

    python bench/features.py [--tape FOLDER] [--rounds N]

Budget of a bar close with z-scores: 20 ms. Research is measured on a recorded file (QBTC_DATA), imported first, whose
equality with the live feed is a test; without it on nothing, and the line says so.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from qbtc.core.market.tape.replay import final_book
from qbtc.core.market.tape.tape import Tape
from qbtc.hft import features
from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.domain.bars import COLUMNS, HISTORY, Panel
from qbtc.hft.domain.features import compute
from qbtc.hft.domain.standardise import Reference
from qbtc.testing.data import MARKET

SYMBOLS, MINUTES = 50, 1500
STREAMED = ("toxicity", "gap", "hurst", "entropy", "reversion", "uncertainty")


def panel(rng: np.random.Generator) -> Panel:
    """Fifty random walks with full windows; columns other than the mid are positive noise."""
    made = Panel(["BTCUSDT", *(f"S{i}USDT" for i in range(SYMBOLS - 1))])
    made.data[:] = rng.exponential(size=made.data.shape)
    mid = 100 * np.exp(np.cumsum(rng.normal(0, 1e-4, (SYMBOLS, HISTORY)), axis=1))
    for name, width in (("mid", 0.0), ("mid_high", 1e-5), ("mid_low", -1e-5)):
        made.data[:, COLUMNS.index(name)] = mid * (1 + width)
    return made


def timed(work: Callable[[int], object], rounds: int) -> np.ndarray:
    """Seconds of each call, after one that is not counted."""
    work(0)
    took = np.empty(rounds)
    for i in range(rounds):
        begun = time.perf_counter()
        work(i + 1)
        took[i] = time.perf_counter() - begun
    return took


def close(rounds: int) -> dict[str, float]:
    """Of one bar of fifty symbols: the features alone, and with their z-scores."""
    rng = np.random.default_rng(26)
    bars, reference = panel(rng), Reference(SYMBOLS)
    for _ in range(MINUTES):
        reference.add_minute(compute(bars).values + rng.normal(size=(SYMBOLS, 26)))
    alone = 1e3 * timed(lambda _: compute(bars), rounds)
    whole = 1e3 * timed(lambda i: reference.standardise(compute(bars).values, i * 1_000_000_000), rounds)
    p50, p99 = np.percentile(whole, [50, 99])
    return {"features_p50_ms": round(float(np.median(alone)), 2), "p50_ms": round(float(p50), 2), "p99_ms": round(float(p99), 2)}


def research(tape: Tape, rounds: int) -> dict[str, float]:
    """A tape into bars and dimensions; beside it the replay of its book alone."""
    found = features.over(tape)
    took = float(timed(lambda _: features.over(tape), rounds).min())
    book = float(timed(lambda _: final_book(tape), rounds).min())
    return {
        "research_bars": len(found.times), "research_rows": tape.info.rows, "research_ms": round(1e3 * took, 1), "book_alone_ms": round(1e3 * book, 1),
        "research_us_a_bar": round(1e6 * took / max(len(found.times), 1), 1), "research_rows_a_second": round(tape.info.rows / took),
    }  # fmt: skip


def streams(bars: int) -> dict[str, float]:
    """Microseconds an update from Python."""
    rng, found = np.random.default_rng(7), {}
    for name in STREAMED:
        one = getattr(features, name)
        stream = one.stream()
        given = [tuple(row) for row in (100 + rng.exponential(size=(bars, len(one.inputs)))).tolist()]
        for row in given[:200]:
            stream.update(*row)
        begun = time.perf_counter()
        for row in given:
            stream.update(*row)
        found[f"{name}_us"] = round(1e6 * (time.perf_counter() - begun) / bars, 2)
    return found


def recorded(folder: Path, given: Path | None) -> Tape | None:
    if given is not None:
        return open_tape(given)
    source = MARKET / "spot_btcusdt_20240808.gz"
    return open_tape(import_tape([source], folder / "tape", Options()).path) if source.exists() else None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tape", type=Path)
    parser.add_argument("--rounds", type=int, default=100)
    asked = parser.parse_args()
    line = {"name": "features", "symbols": SYMBOLS, "budget_ms": 20, "rounds": asked.rounds, "reference_minutes": MINUTES}
    line |= close(asked.rounds) | streams(20 * asked.rounds)
    with tempfile.TemporaryDirectory() as folder:
        tape = recorded(Path(folder), asked.tape)
        line |= research(tape, max(3, asked.rounds // 10)) if tape is not None else {"research": "no recording: set QBTC_DATA"}
    print(json.dumps(line))
    return 0 if line["p50_ms"] <= 20 else 1


if __name__ == "__main__":
    sys.exit(main())
