"""Avellaneda-Stoikov market making: quotes around a price that leans away from the inventory.

    q      = position / order size                                   inventory in orders
    s2     = s2 + w (change_bp^2 / dt - s2)                          variance of the mid, bp^2 per second
    r      = -q gamma s2 horizon                                     reservation price, bp from the mid
    half   = gamma s2 horizon / 2 + ln(1 + gamma / kappa) / gamma    half spread, bp
    bid    = mid (1 + (r - half) / 10000)     ask = mid (1 + (r + half) / 10000)

M. Avellaneda, S. Stoikov, High-frequency trading in a limit order book, Quantitative Finance 8 (2008) 217-224: their
reservation price and spread, with two changes: the horizon does not run out (a market that never closes), and distances
are basis points, so that one gamma (per bp and order) and one kappa (decay of fills per bp of distance) fit every symbol.
Quotes are post-only and are renewed when the wanted price has moved by `tolerance` bp, at most every `refresh` seconds.
On a spot account it sells only what it has bought.

Measured with `bench/strategies.py` on the local venue: default parameters, 346 s of BTCUSDT of 2024-08-08, which fell
most of the time, played at six times the speed, 0.1 % of fees:
7 fills, all maker, 699 USDT traded: -0.03 before fees, 0.70 of fees, -0.72 USDT. A maker fee
of 10 bp is more than the spread it can earn. Minutes, not a backtest over history.
"""

import math

from qbtc.hft.strategies.api import BUY, POST, SELL, Market, Orders, buy, cancel, helper, parameter, sell


class AvellanedaStoikov:
    """Quotes both sides around a price that leans away from the inventory; earns the spread, pays when the price runs."""

    timer_seconds = 0.5

    gamma: float = parameter(0.05, 0.0001, 10.0, "aversion to inventory, per bp and order")
    kappa: float = parameter(0.3, 0.001, 10.0, "how fast fills get rarer with distance, per bp")
    horizon: float = parameter(5.0, 0.1, 3600.0, "seconds an inventory is expected to be held")
    half_life: float = parameter(30.0, 1.0, 3600.0, "seconds over which the variance is averaged")
    notional: float = parameter(100.0, 1.0, 1e9, "quote units of one order")
    inventory: int = parameter(5, 1, 1000, "most orders held")
    tolerance: float = parameter(1.0, 0.0, 1000.0, "bp a wanted price may move before the quote does")
    refresh: float = parameter(1.0, 0.1, 3600.0, "least seconds between two changes of the quotes")

    variance: float = 0.0
    last_mid: float = 0.0
    last_time: int = 0
    quoted: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        mid = 0.5 * (market.bid + market.ask)
        elapsed = (market.now - self.last_time) * 1e-9
        if self.last_time > 0 and elapsed > 0.0:
            change = 10_000.0 * (mid - self.last_mid) / self.last_mid
            weight = 1.0 - 2.0 ** (-elapsed / self.half_life)
            self.variance += weight * (change * change / elapsed - self.variance)
        first = self.last_time == 0
        self.last_mid = mid
        self.last_time = market.now
        if first or market.now - self.quoted < self.refresh * 1e9:
            return
        size = max(1, int(self.notional / (mid * market.tick_size * market.lot_size)))
        held = market.position / size
        lean = -held * self.gamma * self.variance * self.horizon
        half = 0.5 * self.gamma * self.variance * self.horizon + math.log(1.0 + self.gamma / self.kappa) / self.gamma
        bid = min(int(mid * (1.0 + (lean - half) * 1e-4)), market.ask - 1)
        ask = max(math.ceil(mid * (1.0 + (lean + half) * 1e-4)), market.bid + 1)
        room = min(size, self.inventory * size - market.position)
        least = max(1, size // 2)
        near = self.tolerance * mid * 1e-4
        changed = renew(market, orders, BUY, bid, room, least, near)
        changed = renew(market, orders, SELL, ask, min(size, market.position), least, near) or changed
        if changed:
            self.quoted = market.now


@helper
def renew(market: Market, orders: Orders, side: int, tick: int, lots: int, least: int, tolerance: float) -> bool:
    """Keep one quote of a side near a price: leave it, or cancel it and place it again."""
    stale = False
    resting = False
    for i in range(min(market.own, 32)):
        if market.own_side[i] == side:
            resting = True
            stale = stale or abs(market.own_tick[i] - tick) > tolerance
    if stale or (resting and lots < least):
        cancel(orders, side)
        return True
    if resting or lots < least or tick < 1:
        return False
    if side == BUY:
        buy(orders, tick, lots, POST)
    else:
        sell(orders, tick, lots, POST)
    return True
