"""A grid: buy orders on fixed lines below the price, sell orders on the lines above, for what was bought.

    line_j = anchor (1 + j step / 10000),   j = ..., -1, 0, 1, ...
    lines below the bid hold a buy of `notional`, lines above the ask a sell of it, `levels` of each at most

The anchor is the mid at the start and is set again when the price has left the grid, which happens exactly when the
grid holds its whole inventory below its cost: a grid earns `step` less two fees on each turn in a market that goes
sideways, and loses without a bound of its own in one that falls. Orders are post-only; sells only what is held.

Measured with `bench/strategies.py` on the local venue: default parameters, 346 s of BTCUSDT of 2024-08-08, which fell
most of the time, played at six times the speed, 0.1 % of fees:
18 fills, all maker, 1,499 USDT traded: -0.56 before fees, 1.50 of fees, -2.06 USDT. Minutes, not a
backtest over history.
"""

# ruff: noqa: SIM110 - compiled code has loops, not generators
import math

from qbtc.hft.strategies.api import BUY, POST, SELL, Market, Orders, buy, cancel, helper, parameter, sell


class Grid:
    """Buys on fixed lines below the price and sells on the lines above; lives on sideways markets."""

    step: float = parameter(10.0, 0.1, 1000.0, "bp between two lines")
    levels: int = parameter(3, 1, 6, "lines in use on each side")
    notional: float = parameter(100.0, 1.0, 1e9, "quote units of one order")

    anchor: float = 0.0

    def on_timer(self, market: Market, orders: Orders) -> None:
        mid = 0.5 * (market.bid + market.ask)
        width = self.step * 1e-4
        if self.anchor <= 0.0 or abs(mid / self.anchor - 1.0) > (self.levels + 1) * width:
            self.anchor = mid
        size = int(self.notional / (mid * market.tick_size * market.lot_size))
        if size < 1:
            return
        lowest = line(self.anchor, width, mid, market.bid, -1)
        highest = line(self.anchor, width, mid, market.ask, 1)
        for i in range(min(market.own, 32)):
            if not wanted(self.anchor, width, lowest, highest, self.levels, market.own_side[i], market.own_tick[i]):
                cancel(orders, market.own_side[i], market.own_tick[i])
        free = market.position - market.working_sell
        for k in range(self.levels):
            low = price(self.anchor, width, lowest - k)
            high = price(self.anchor, width, highest + k)
            if low >= 1 and not resting(market, BUY, low):
                buy(orders, low, size, POST)
            lots = min(size, free)
            if 2 * lots >= size and not resting(market, SELL, high):
                sell(orders, high, lots, POST)
                free -= lots


@helper
def price(anchor: float, width: float, j: int) -> int:
    return math.floor(anchor * (1.0 + j * width) + 0.5)


@helper
def line(anchor: float, width: float, mid: float, touch: int, way: int) -> int:
    """The number of the nearest line that is strictly behind the touch."""
    j = math.floor((mid / anchor - 1.0) / width)
    if way < 0:
        while price(anchor, width, j) >= touch:
            j -= 1
    else:
        while price(anchor, width, j) <= touch:
            j += 1
    return j


@helper
def wanted(anchor: float, width: float, lowest: int, highest: int, levels: int, side: int, tick: int) -> bool:
    for k in range(levels):
        if tick == price(anchor, width, lowest - k if side == BUY else highest + k):
            return True
    return False


@helper
def resting(market: Market, side: int, tick: int) -> bool:
    for i in range(min(market.own, 32)):
        if market.own_side[i] == side and market.own_tick[i] == tick:
            return True
    return False
