"""Pairs: two markets whose ratio wanders about a mean; the dear one is sold and the cheap one bought.

    x_t = ln(mid_a / mid_b)
    m_t = m + w (x - m)        v_t = v + w ((x - m)^2 - v)        w = 1 - 2^(-dt / half_life)
    z_t = (x - m) / sqrt(v)
    z > enter: hold b and no a        z < -enter: hold a and no b        |z| < leave: hold neither

E. Gatev, W. Goetzmann, K. Rouwenhorst, Pairs trading: performance of a relative-value arbitrage rule, Review of Financial
Studies 19 (2006) 797-827, with a mean that moves. A held leg is `notional` quote units. With `short` the dear one is sold
short as well, which takes futures; without it, as on spot, nothing but what is held is sold. Orders are LIMIT IOC at
the other side's best price, one a leg at a time, at most one round each `cooldown` seconds. A leg that did not fill is
asked for again in the next round, so between rounds one leg may stand alone.

It crosses two spreads and pays four fees a turn: an example, not an edge. Nothing is known of its profit.
"""

import math

from qbtc.hft.strategies.api import IOC, Market, Orders, buy, helper, parameter, sell


class Pairs:
    """Buys the cheap one of two markets and sells the dear one; an example of several markets in one strategy."""

    legs = ("a", "b")

    half_life: float = parameter(60.0, 0.1, 86_400.0, "seconds over which mean and variance of the ratio are averaged")
    enter: float = parameter(2.0, 0.1, 20.0, "standard deviations from the mean at which it enters")
    leave: float = parameter(0.5, 0.0, 20.0, "standard deviations from the mean within which it holds nothing")
    notional: float = parameter(200.0, 1.0, 1e9, "quote units of each leg")
    short: int = parameter(0, 0, 1, "1: the dear one is sold short, which takes futures; 0: only what is held is sold")
    cooldown: float = parameter(5.0, 0.1, 3600.0, "least seconds between two rounds of orders")

    mean: float = 0.0
    variance: float = 0.0
    started: int = 0
    seen: int = 0
    acted: int = 0
    side: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        ratio = math.log(middle(market.a) / middle(market.b))
        if self.started == 0:
            self.started = market.a.now
            self.mean = ratio
        else:
            elapsed = max(0, market.a.now - self.seen) * 1e-9
            weight = 1.0 - 2.0 ** (-elapsed / self.half_life)
            apart = ratio - self.mean
            self.mean += weight * apart
            self.variance += weight * (apart * apart - self.variance)
        self.seen = market.a.now
        if market.a.now - self.started < self.half_life * 1e9 or self.variance <= 0.0:
            return
        score = (ratio - self.mean) / math.sqrt(self.variance)
        if score > self.enter:
            self.side = -1
        elif score < -self.enter:
            self.side = 1
        elif abs(score) < self.leave:
            self.side = 0
        busy = market.a.own + market.b.own > 0
        if busy or market.a.now - self.acted < self.cooldown * 1e9:
            return
        least = 0 if self.short == 0 else -1
        asked = toward(market.a, orders.a, max(least, self.side), self.notional)
        asked = toward(market.b, orders.b, max(least, -self.side), self.notional) or asked
        if asked:
            self.acted = market.a.now


@helper
def middle(market: Market) -> float:
    """In quote units."""
    return float(0.5 * (market.bid + market.ask) * market.tick_size)


@helper
def toward(market: Market, orders: Orders, side: int, notional: float) -> bool:
    """Ask for what is missing to `side` times `notional`; less than a twentieth of it is left alone."""
    size = int(notional / (middle(market) * market.lot_size))
    missing = side * size - market.position
    if abs(missing) < max(1, size // 20):
        return False
    if missing > 0:
        buy(orders, market.ask, missing, IOC)
    else:
        sell(orders, market.bid, -missing, IOC)
    return True
