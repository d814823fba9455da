"""Time of one bar close for 50 symbols (features and z-scores). Budget: 20 ms. Prints one JSON line."""

from __future__ import annotations

import json
import sys
import time

import numpy as np

from qbtc.hft.domain.bars import COLUMNS, HISTORY, Panel
from qbtc.hft.domain.features import compute
from qbtc.hft.domain.standardise import Reference

SYMBOLS, ROUNDS, MINUTES = 50, 100, 1500


def panel(rng: np.random.Generator) -> Panel:
    """Fifty random walks with full windows; columns other than the mid are positive noise."""
    made = Panel(["BTCUSDT", *(f"S{i}USDT" for i in range(SYMBOLS - 1))])
    made.data[:] = rng.exponential(size=made.data.shape)
    mid = 100 * np.exp(np.cumsum(rng.normal(0, 1e-4, (SYMBOLS, HISTORY)), axis=1))
    for name, width in (("mid", 0.0), ("mid_high", 1e-5), ("mid_low", -1e-5)):
        made.data[:, COLUMNS.index(name)] = mid * (1 + width)
    return made


def main() -> int:
    rng = np.random.default_rng(26)
    bars, reference = panel(rng), Reference(SYMBOLS)
    for _ in range(MINUTES):
        reference.add_minute(compute(bars).values + rng.normal(size=(SYMBOLS, 26)))
    took = []
    for i in range(ROUNDS):
        start = time.perf_counter()
        reference.standardise(compute(bars).values, i * 1_000_000_000)
        took.append(1e3 * (time.perf_counter() - start))
    p50, p99 = np.percentile(took, [50, 99])
    line = {"name": "features", "symbols": SYMBOLS, "budget_ms": 20, "p50_ms": round(p50, 2), "p99_ms": round(p99, 2)}
    print(json.dumps(line | {"rounds": ROUNDS, "reference_minutes": MINUTES}))
    return 0 if p50 <= 20 else 1


if __name__ == "__main__":
    sys.exit(main())
