"""Recorded best bids and asks for the comparison with nautilus_trader: the same quotes on one clock as our feed and as columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from qbtc.hft.domain.backtest.feed import Feed, as_received, feed
from qbtc.hft.domain.backtest.touches import TICKER

SECOND = 1_000_000_000


def quotes(f: Feed, tiles: int = 1) -> Feed:
    """The quotes of a feed again and again, a second between two; what reaches the desk is what the exchange has."""
    which = np.flatnonzero(f.kind == TICKER)
    rows = f.first[which].astype(np.int64)[:, None] + np.arange(2)
    assert (f.tick[rows] & 3 == [0, 1]).all()
    local = f.local[which]
    local = local + np.maximum.accumulate(np.append(0, local[:-1] - local[1:] + 1).clip(0))  # one ns between equal times
    shift = np.repeat(np.arange(tiles) * (int(local[-1] - local[0]) + SECOND), local.size)
    made: dict[str, Any] = {
        "local": np.tile(local, tiles) + shift, "kind": np.full(tiles * local.size, TICKER, np.uint8),
        "first": (2 * np.arange(tiles * local.size + 1)).astype(np.uint32),
        "tick": np.tile(f.tick[rows].ravel(), tiles), "lots": np.tile(f.lots[rows].ravel(), tiles),
    }  # fmt: skip
    made["exchange"] = made["local"]
    return as_received(feed(made, symbol=f.symbol, tick_size=f.tick_size, lot_size=f.lot_size))


def write(f: Feed, path: Path) -> None:
    """The columns that `nautilus_quotes.py` reads."""
    tick, lots = f.tick.reshape(-1, 2), f.lots.reshape(-1, 2)
    np.savez(path, time=f.local, bid=tick[:, 0] >> 2, ask=tick[:, 1] >> 2, bid_lots=lots[:, 0], ask_lots=lots[:, 1])
