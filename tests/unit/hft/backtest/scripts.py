"""Strategies for plain Python."""

import math
from collections import deque
from typing import Any

from qbtc.hft.indicators import EMA, STOCH
from qbtc.hft.strategies.api import (
    BOTH,
    BUY,
    GTC,
    IOC,
    POST,
    SELL,
    Market,
    Orders,
    buy,
    buy_market,
    cancel,
    helper,
    parameter,
    sell,
)


class Random:
    """Whatever its own dice say, with all that it sees kept in its numbers."""

    seed: int = parameter(1, 1, 2**31 - 2, "first state of the dice")
    timer_seconds = 0.013

    dice: int = 0
    looked: float = 0.0
    odd: bool = False

    def on_book(self, market: Market, orders: Orders) -> None:
        roll = throw(self, market)
        if roll % 5 == 0:
            place(market, orders, roll // 5)
        self.looked += market.imbalance * (market.bid_sizes[1] + market.ask_ticks[4]) + market.own + market.working_buy

    def on_trade(self, market: Market, orders: Orders) -> None:
        roll = throw(self, market)
        self.odd = roll % 2 == 1
        self.looked += math.log(1.0 + market.trade_lots) * (market.trade - market.bid) * market.trade_side
        if roll % 7 == 0:
            cancel(orders, roll % 3)

    def on_fill(self, market: Market, orders: Orders) -> None:
        self.looked = 0.5 * self.looked + market.fill * market.fill_lots + market.fill_maker - market.position / 3
        if market.fill_side == BUY and market.own > 2:
            cancel(orders, SELL, market.own_tick[1])

    def on_timer(self, market: Market, orders: Orders) -> None:
        roll = throw(self, market)
        if roll % 2 == 0:
            place(market, orders, roll // 2)
        if roll % 11 == 0:
            cancel(orders, BOTH)


@helper
def throw(strategy: Any, market: Market) -> int:
    if strategy.dice == 0:
        strategy.dice = strategy.seed
    strategy.dice = (strategy.dice * 48271 + market.bid % 7) % 2147483647
    return strategy.dice // 16


@helper
def place(market: Market, orders: Orders, roll: int) -> None:
    lots = 1 + roll % 23
    away = (roll // 23) % 5 - 1
    rest = 1 + (roll // 115) % 3
    if roll % 4 == 0:
        buy(orders, market.bid - away, lots, rest)
    elif roll % 4 == 1:
        sell(orders, market.ask + away, lots, rest)
    elif roll % 4 == 2:
        buy(orders, market.ask + 0.7, lots + 0.9, IOC)
    else:
        buy_market(orders, lots)


class Smooth:
    """Trades by two indicators."""

    fast = EMA.field(timeperiod=5)
    stochastic = STOCH.field()
    value: float = 0.0

    def on_book(self, market: Market, orders: Orders) -> None:
        mid = 0.5 * (market.bid + market.ask)
        mean = self.fast.update(mid)
        slow, quick = self.stochastic.update(float(market.ask), float(market.bid), mid)
        if mean > mid and market.position < 20:
            buy(orders, market.bid, 5, POST)
        if quick > slow and market.position > 0:
            sell(orders, market.bid, market.position, IOC)
        if mean == mean and quick == quick:
            self.value = mean + quick


class Casual:
    """Numbers that are not given as they were declared."""

    count: int = 0
    level: float = 0.0
    up: bool = False

    def on_book(self, market: Market, orders: Orders) -> None:
        self.count = self.count + 1.75
        self.level = market.bid
        self.up = market.bid % 2


class Rich:
    """What only Python has: containers, methods, libraries, whatever."""

    most: int = parameter(3, 1, 10, "levels remembered")
    asked: int = 0
    notes: list[str] = []
    table = {"fast": 3}

    def __init__(self) -> None:
        self.seen: dict[int, int] = {}
        self.last: deque[int] = deque(maxlen=self.most)

    def on_book(self, market: Market, orders: Orders) -> None:
        self.seen[market.bid] = self.seen.get(market.bid, 0) + 1
        self.last.append(market.bid)
        self.table["fast"] += 1
        if self.usual(market.bid) and sum(bid for bid in self.last) > 0:
            self.notes.append(f"{market.now}: {market.bid}")
            self.asked += 1
            buy(orders, market.bid, 1, GTC)

    def usual(self, tick: int) -> bool:
        return self.seen[tick] == max(self.seen.values()) and len(self.notes) < 5


class Wrong:
    """Fails in a helper."""

    calls: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        if self.calls == 4:
            fails({"bid": market.bid}, "ask")


def fails(levels: dict[str, int], name: str) -> int:
    return levels[name]


class Interrupted:
    """Somebody presses Ctrl-C."""

    def on_timer(self, market: Market, orders: Orders) -> None:
        raise KeyboardInterrupt


class Unset:
    """A declared number that becomes nothing."""

    count: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.count = None


class Huge:
    """A declared number that no record holds."""

    count: int = 1

    def on_book(self, market: Market, orders: Orders) -> None:
        self.count *= 1000


class Stillborn:
    """Cannot begin."""

    def __init__(self) -> None:
        self.table = {}["nothing"]

    def on_book(self, market: Market, orders: Orders) -> None:
        pass


class Watched:
    """Holds an object that others can watch die."""

    last: list[Any] = []

    def __init__(self) -> None:
        self.mark = Mark()
        MARKS.append(self.mark)

    def on_book(self, market: Market, orders: Orders) -> None:
        self.last = [market.now, market.bid_lots * 1_000_003]


class Mark:
    pass


MARKS: list[Mark] = []
