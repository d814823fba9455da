"""Compile, or load from the cache, the compiled code that a start of HFT needs: risk gate, features, the first strategy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from .adapters.strategy_files import load
from .domain.features import warm as warm_features
from .domain.risk_gate import warm as warm_gate

if TYPE_CHECKING:
    from .domain.backtest.feed import Feed
    from .domain.strategy import Strategy

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
    _warm_plain(strategy, market)
    _warm_bars()
    _warm_judging()


def _warm_plain(strategy: Strategy, market: Feed) -> None:
    from .domain.backtest import plain_native
    from .domain.backtest.plain import PlainProgram, PlainRunner
    from .domain.backtest.runner import Rules
    from .domain.strategy_class import METHODS

    PlainRunner(PlainProgram(strategy.as_written(plain=True).spec), dict(strategy.parameters), market, Rules()).finish()
    for method in METHODS:
        plain_native.address(method)


def _warm_judging() -> None:
    from qbtc.core.statistics.overfitting import cscv

    cscv(np.arange(8.0).reshape(4, 2) % 3, blocks=2)


def _warm_bars() -> None:
    from . import bars
    from .domain.barwise.making import Events, of_events

    time, price = np.arange(1, 9, dtype=np.int64), np.full(8, 10.0)
    of_events(Events(time, price, price), "20 volume", symbol="WARM", tick_size=0.01, lot_size=0.001)
    made = bars.arrays(time, price, price, price, price)
    bars.backtest(made, np.arange(8) % 2).result()
