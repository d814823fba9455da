"""Results without a run: an account written by hand, as a backtest leaves it behind."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.unit.hft.statistics.records import BEGIN, LOT, SECOND, TICK, fills, orders, samples

from qbtc.hft.backtest import Assumptions, Result
from qbtc.hft.domain.statistics.honesty import Trials


def result(*, seconds: int = 600, every: float = 7.0, seed: int = 1, name: str = "grid", **given: Any) -> Result:
    """Buys and sells in turn, `every` so many seconds, on a wandering price; no fill at all for 0."""
    rng = np.random.default_rng(seed)
    mids = 50 + 0.5 * rng.normal(size=seconds).cumsum().round(1)
    times = np.arange(every, seconds - 1, every) if every else np.empty(0)
    rows = [
        (float(t), n % 2, int(mids[int(t)] / TICK) + (n % 2), 2 + int(rng.integers(3)), float(mids[int(t)] / TICK))
        for n, t in enumerate(times)
    ]
    of = fills(rows, fee=0.0004)
    of["maker"] = np.arange(len(of)) % 3 > 0
    of["local"] += 3_000_000
    book, equity = orders(of), samples(of, mids.tolist())
    plain: dict[str, Any] = {
        "parameters": {"step": 10.0, "levels": 3}, "trials": Trials(),
        "assumptions": Assumptions("10ms", "power3", "whole", (0.0004, 0.0004), True, 0),
    }  # fmt: skip
    signs = np.where(of["side"] == 0, 1, -1)
    return Result(
        strategy=name, symbol="BTCUSDT", tick_size=TICK, lot_size=LOT, fills=of, orders=book, equity=equity,
        position=int((signs * of["lots"]).sum()), decisions=1234, begin=BEGIN, end=BEGIN + seconds * SECOND,
        state=np.zeros(1, np.dtype([("x", "f8")])), **(plain | given),
    )  # fmt: skip
