"""Strategies for tests of the hot tier: one trades all the time, one rests, one never comes back, one asks for NaN, one stops its losses."""

from __future__ import annotations

from pathlib import Path

BUSY = '''
from qbtc.hft.strategies.api import IOC, Market, Orders, buy, cancel, sell

PACE = 20


class Busy:
    """Takes and rests in turn, once in PACE changes of the book each, inside a small position."""

    turn: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.turn += 1
        step = self.turn % (4 * PACE)
        if market.own >= 3:
            cancel(orders)
        elif step == 0 and market.position < 5000.0:
            buy(orders, market.ask, 1000.0, IOC)
        elif step == 2 * PACE and market.position > -5000.0:
            sell(orders, market.bid, 1000.0, IOC)
        elif step == PACE:
            buy(orders, market.bid - 200.0, 1000.0)
        elif step == 3 * PACE:
            sell(orders, market.ask + 1.0, 1000.0)
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
NONSENSE = '''
from qbtc.hft.strategies.api import Market, Orders, buy


class Nonsense:
    """Rests an order, then asks for a price that is no number."""

    asked: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.asked += 1
        if market.own == 0:
            buy(orders, market.bid - 500.0, 1000.0)
        elif self.asked > 50:
            buy(orders, float("nan"), 1000.0)
'''
STOPPER = '''
from qbtc.hft.strategies.api import IOC, SELL, Market, Orders, buy, cancel, sell_if_touched, sell_stop


class Stopper:
    """Buys, and leaves half of it to a stop a few ticks below the touch or a sale a few ticks above it, whichever comes first."""

    rounds: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        if market.own > 0:
            return
        if market.position < 900.0:
            buy(orders, market.ask, 1000.0, IOC)
        else:
            self.rounds += 1
            sell_stop(orders, market.bid - 30.0, 500.0)
            sell_if_touched(orders, market.ask + 30.0, 500.0, market.ask + 20.0)

    def on_fill(self, market: Market, orders: Orders) -> None:
        if market.fill_side == SELL:
            cancel(orders)
'''
SOURCES = {"stopper": STOPPER, "busy": BUSY, "resting": RESTING, "endless": ENDLESS, "nonsense": NONSENSE}


def write(folder: Path, *, pace: int = 5) -> None:
    """All of them as files named like SOURCES; `pace` is the busy one's."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in SOURCES.items():
        (folder / f"{name}.py").write_text(text.replace("PACE = 20", f"PACE = {pace}"))
