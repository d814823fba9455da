"""A small tape on disk, made by the importer from a table of best bids and asks."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qbtc.hft import data

BEGIN = 1_700_000_000_000_000_000
STEP = 250_000_000


def tickers(into: Path, *, seed: int = 1, count: int = 1200, symbol: str = "BTCUSDT") -> Path:
    """A wandering touch, one message each quarter of a second."""
    rng = np.random.default_rng(seed)
    mids = 500_000 + rng.integers(-40, 41, count).cumsum()
    lines = ["time,bid,bid_quantity,ask,ask_quantity"]
    lines += [
        f"{BEGIN + n * STEP},{(mid - 5) / 10:.1f},{bid / 1000:.3f},{(mid + 5) / 10:.1f},{ask / 1000:.3f}"
        for n, (mid, bid, ask) in enumerate(zip(mids, rng.integers(1, 999, count), rng.integers(1, 999, count), strict=True))
    ]
    return _imported(into, lines, "ticker", symbol)


def trades(into: Path) -> Path:
    """Trades and nothing else: no bid, no ask."""
    lines = ["time,price,quantity,side", *(f"{BEGIN + n * STEP},50000.{n % 10},0.001,buy" for n in range(50))]
    return _imported(into, lines, "trades", "BTCUSDT")


def _imported(into: Path, lines: list[str], kind: str, symbol: str) -> Path:
    into.parent.mkdir(parents=True, exist_ok=True)
    source = into.with_suffix(".csv")
    source.write_text("\n".join(lines) + "\n")
    return data.importing(source, into, symbol=symbol, kind=kind, tick="0.1", lot="0.001").path
