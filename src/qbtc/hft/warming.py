"""Compile, or load from the cache, the compiled code that a start of HFT needs: risk gate, features, the first strategy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from .adapters.strategy_files import load
from .domain.features import warm as warm_features
from .domain.risk_gate import warm as warm_gate

STARTED = "imbalance"
"""What runs by default; others compile when they are started."""


def warm() -> None:
    """Seconds the first time, a fraction of one later."""
    warm_gate()
    warm_features()
    load(STARTED, Path()).prepare()


def warm_backtest() -> None:
    """The loop of backtests, for tapes whose columns are as narrow as those of Binance."""
    from .domain.backtest.feed import feed
    from .domain.backtest.runner import Rules, Runner

    columns: dict[str, Any] = {
        "local": np.array([0, 10**9, 2 * 10**9], np.int64), "exchange": np.array([0, 10**9, 2 * 10**9], np.int64),
        "kind": np.array([3, 2, 1], np.uint8), "first": np.array([0, 2, 3, 4], np.uint32),
        "tick": np.array([400, 405, 406, 400], np.int32), "lots": np.array([5, 5, 1, 0], np.int32),
    }  # fmt: skip
    market = feed(columns, symbol="WARM", tick_size=0.01, lot_size=0.001)
    strategy = load(STARTED, Path())
    Runner(strategy.prepare(), dict(strategy.parameters), market, Rules()).finish()
