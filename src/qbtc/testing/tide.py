"""A strategy that earns in a recording made for it and loses in every other market, for tests of proposals.

The price of the recording swings to the second; the strategy holds while it is about to rise. Anywhere else it only pays
fees and spread, every two seconds.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from qbtc.hft import data

SOURCE = '''
from qbtc.hft.strategies.api import Market, Orders, buy_market, parameter, sell_market


class Tide:
    """Holds for two seconds in four: with the tide (1), against it (-1), or never (0)."""

    timer_seconds = 0.25
    way: int = parameter(-1, -1, 1, "1 with the tide, -1 against it, 0 stays out")
    notional: float = parameter(500.0, 1.0, 1e6, "quote units held")

    asked: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        if market.own > 0 or market.now - self.asked < 400_000_000:
            return
        lots = int(self.notional / (market.bid * market.tick_size * market.lot_size))
        high = (market.now // 2_000_000_000) % 2
        wanted = (self.way == 1 and high == 1) or (self.way == -1 and high == 0)
        if wanted and market.position < lots // 2:
            buy_market(orders, lots)
            self.asked = market.now
        elif not wanted and market.position >= lots // 2:
            sell_market(orders, market.position)
            self.asked = market.now
'''
BEGIN = 1_700_000_000_000_000_000
STEP = 250_000_000
RISE = 40
"""Ticks by which the price rises each step of the high tide, and falls each step of the low one."""


def write_strategy(folder: Path) -> Path:
    """Into the strategies' folder of a home."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tide.py"
    path.write_text(SOURCE)
    return path


def write_tape(folder: Path, *, minutes: int = 20, seed: int = 1) -> Path:
    """A tape of BTCUSDT in `folder`, a touch each quarter of a second."""
    rng = np.random.default_rng(seed)
    count = minutes * 240
    place = np.arange(count)
    noise = rng.integers(-6, 7, count).cumsum() // 4
    mids = 500_000 + noise + np.where(place // 8 % 2 == 1, RISE * (place % 8), RISE * (7 - place % 8))
    lines = ["time,bid,bid_quantity,ask,ask_quantity"]
    lines += [f"{BEGIN + n * STEP},{(mid - 1) / 10:.1f},5.000,{(mid + 1) / 10:.1f},5.000" for n, mid in enumerate(mids.tolist())]
    folder.parent.mkdir(parents=True, exist_ok=True)
    source = folder.with_suffix(".csv")
    source.write_text("\n".join(lines) + "\n")
    made = data.importing(source, folder, symbol="BTCUSDT", kind="ticker", tick="0.1", lot="0.001").path
    source.unlink()
    return made
