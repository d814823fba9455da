"""Crossing of two moving averages of the mid: hold while the fast one is above the slow one.

    f_t  = f + (1 - 2^(-dt / fast)) (mid - f)        s_t  = s + (1 - 2^(-dt / slow)) (mid - s)
    buy  if f > s (1 + band / 10000)  and less than half of it is held
    sell if f < s (1 - band / 10000)  and something is held

Long only, one position of `notional` quote units, LIMIT IOC at the other side's best price. Nothing is decided in the
first `slow` seconds. The band keeps it from trading on every wiggle; in a market without trend it pays the fee on each.

Measured with `bench/strategies.py` on the local venue: default parameters, 346 s of BTCUSDT of 2024-08-08, which fell
most of the time, played at six times the speed, 0.1 % of fees:
no order: the fast average was never 1 bp above the slow one. So nothing is known of its profit.
"""

from qbtc.hft.strategies.api import IOC, Market, Orders, buy, parameter, sell


class EmaCross:
    """Holds while a fast moving average of the price is above a slow one."""

    fast: float = parameter(10.0, 0.1, 86_400.0, "half-life of the fast average, seconds")
    slow: float = parameter(60.0, 0.1, 86_400.0, "half-life of the slow average, seconds")
    band: float = parameter(1.0, 0.0, 1000.0, "bp between the averages before it acts")
    notional: float = parameter(500.0, 1.0, 1e9, "quote units of the position")
    cooldown: float = parameter(5.0, 0.1, 3600.0, "least seconds between two orders")

    quick: float = 0.0
    calm: float = 0.0
    started: int = 0
    seen: int = 0
    acted: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        mid = 0.5 * (market.bid + market.ask)
        if self.started == 0:
            self.started = market.now
            self.quick = mid
            self.calm = mid
        elapsed = max(0, market.now - self.seen) * 1e-9 if self.seen > 0 else 0.0
        self.quick += (1.0 - 2.0 ** (-elapsed / self.fast)) * (mid - self.quick)
        self.calm += (1.0 - 2.0 ** (-elapsed / self.slow)) * (mid - self.calm)
        self.seen = market.now
        if market.now - self.started < self.slow * 1e9 or market.own > 0:
            return
        if market.now - self.acted < self.cooldown * 1e9:
            return
        size = int(self.notional / (mid * market.tick_size * market.lot_size))
        if self.quick > self.calm * (1.0 + self.band * 1e-4) and 2 * market.position < size:
            buy(orders, market.ask, size - market.position, IOC)
            self.acted = market.now
        elif self.quick < self.calm * (1.0 - self.band * 1e-4) and market.position > 0:
            sell(orders, market.bid, market.position, IOC)
            self.acted = market.now
