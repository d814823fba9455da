"""Strategies for tests of the hot tier: one that trades all the time, one that rests, one that never comes back."""

from __future__ import annotations

from pathlib import Path

BUSY = '''
from qbtc.hft.strategies.api import IOC, Market, Orders, buy, cancel, sell


class Busy:
    """Takes and rests in turn, inside a small position."""

    turn: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.turn += 1
        if market.own >= 3:
            cancel(orders)
        elif self.turn % 20 == 0 and market.position < 5000.0:
            buy(orders, market.ask, 1000.0, IOC)
        elif self.turn % 20 == 10 and market.position > -5000.0:
            sell(orders, market.bid, 1000.0, IOC)
        elif self.turn % 20 == 5:
            buy(orders, market.bid - 200.0, 1000.0)
'''
RESTING = '''
from qbtc.hft.strategies.api import Market, Orders, buy


class Resting:
    """Keeps one order in the book, far from the touch."""

    asked: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.asked += 1
        if market.own == 0:
            buy(orders, market.bid - 500.0, 1000.0)
'''
ENDLESS = '''
from qbtc.hft.strategies.api import Market, Orders, buy


class Endless:
    """Rests an order, then never returns."""

    asked: int = 0
    patience: float = 1.0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.asked += 1
        if market.own == 0:
            buy(orders, market.bid - 500.0, 1000.0)
        elif self.asked > 50:
            while self.patience > 0.0:
                self.patience = self.patience * 1.0
'''


def write(folder: Path) -> None:
    """All of them as files `busy.py`, `resting.py`, `endless.py`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("busy", BUSY), ("resting", RESTING), ("endless", ENDLESS)):
        (folder / f"{name}.py").write_text(text)
