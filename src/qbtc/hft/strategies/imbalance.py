"""Order-book imbalance: buy when the bids outweigh the asks, sell what is held when they no longer do.

    I_t  = (bid - ask) / (bid + ask)            sizes of five levels
    m_t  = m + (1 - 2^(-dt / half_life)) (I_t - m)
    s    = bias * confidence                     from hft.trading.signal, in [-1, 1]
    buy  if m >  enter - shift * s  and  position < inventory
    sell if m < -exit  - shift * s  and  position > 0

Orders are LIMIT IOC at the other side's best price, of `notional` quote units, at most one each `cooldown` seconds
and one at a time; the inventory limit is `inventory` quote units. In a regime named stress or turbulent the size is
halved. It crosses the spread and pays the taker fee, so on average it loses: it is an example, not an edge.

Measured with `bench/strategies.py` on the local venue: default parameters, 346 s of BTCUSDT of 2024-08-08, which fell
most of the time, played at six times the speed, 0.1 % of fees:
11 fills, all taker, 2,198 USDT traded: +0.08 before fees, 2.20 of fees, -2.12 USDT. Minutes, not
a backtest over history.
"""

from qbtc.hft.strategies.api import IOC, STRESS, TURBULENT, Market, Orders, buy, parameter, sell


class Imbalance:
    """Buys when the order book leans to the bids and sells when it turns; limited inventory; an example."""

    half_life: float = parameter(2.0, 0.05, 600.0, "seconds of the moving average")
    enter: float = parameter(0.5, 0.0, 1.0, "imbalance above which it buys")
    exit: float = parameter(0.3, 0.0, 1.0, "imbalance below minus which it sells")
    shift: float = parameter(0.2, 0.0, 1.0, "how far a full bias moves both thresholds")
    notional: float = parameter(200.0, 1.0, 1e9, "quote units of one order")
    inventory: float = parameter(1000.0, 1.0, 1e9, "quote units held at most")
    cooldown: float = parameter(5.0, 0.1, 3600.0, "least seconds between two orders")

    mean: float = 0.0
    seen: int = 0
    acted: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        if self.seen == 0:
            self.mean = market.imbalance
        else:
            elapsed = max(0, market.now - self.seen) * 1e-9
            self.mean += (1.0 - 2.0 ** (-elapsed / self.half_life)) * (market.imbalance - self.mean)
        self.seen = market.now
        if market.own > 0 or market.now - self.acted < self.cooldown * 1e9:
            return
        lot_value = 0.5 * (market.bid + market.ask) * market.tick_size * market.lot_size
        cautious = market.regime == TURBULENT or market.regime == STRESS  # noqa: PLR1714 - compiled
        size = int(self.notional * (0.5 if cautious else 1.0) / lot_value)
        least = max(1, int(0.05 * self.notional / lot_value))
        shift = self.shift * market.bias * market.confidence
        if self.mean > self.enter - shift:
            lots = min(size, int(self.inventory / lot_value) - market.position)
            if lots >= least:
                buy(orders, market.ask, lots, IOC)
                self.acted = market.now
        elif self.mean < -self.exit - shift and market.position > 0:
            lots = min(size, market.position)
            if lots >= least:
                sell(orders, market.bid, lots, IOC)
                self.acted = market.now
