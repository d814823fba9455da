"""The strategies of the comparison with nautilus_trader, ours; `nautilus_quotes.py` has theirs, line by line.

They decide by quotes alone and never have more than one order at work a side, so that both engines can run them alike.
"""

from qbtc.hft.strategies.api import BUY, POST, Market, Orders, buy, buy_market, cancel, parameter, sell, sell_market


class Empty:
    """Looks at every quote and does nothing."""

    def on_book(self, market: Market, orders: Orders) -> None:
        pass


class EmaCross:
    """In the market on the side on which the fast average of the mid is; market orders; averages count quotes."""

    fast: float = parameter(0.02, 0.0001, 1.0, "weight of the newest mid in the fast average")
    slow: float = parameter(0.002, 0.0001, 1.0, "weight of the newest mid in the slow average")
    lots: int = parameter(10, 1, 1_000_000, "lots of the position")

    quick: float = 0.0
    calm: float = 0.0
    quotes: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        mid = 0.5 * (market.bid + market.ask)
        self.quotes += 1
        if self.quotes == 1:
            self.quick = mid
            self.calm = mid
            return
        self.quick += self.fast * (mid - self.quick)
        self.calm += self.slow * (mid - self.calm)
        if self.quotes <= 1000:
            return
        if self.quick > self.calm:
            if market.position <= 0:
                buy_market(orders, self.lots - market.position)
        elif self.quick < self.calm and market.position >= 0:
            sell_market(orders, self.lots + market.position)


class Quoting:
    """A quote on each side, `away` ticks behind the touch, renewed when the touch has moved."""

    away: int = parameter(2, 0, 1000, "ticks behind the touch")
    lots: int = parameter(10, 1, 1_000_000, "lots of a quote")
    most: int = parameter(50, 1, 1_000_000, "lots held at most")

    bid: int = 0
    ask: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        bid = market.bid - self.away
        ask = market.ask + self.away
        if bid != self.bid:
            if market.working_buy > 0:
                cancel(orders, BUY)
            if market.position < self.most:
                buy(orders, bid, self.lots, POST)
            self.bid = bid
        if ask != self.ask:
            if market.working_sell > 0:
                cancel(orders, 1)
            if market.position > -self.most:
                sell(orders, ask, self.lots, POST)
            self.ask = ask
