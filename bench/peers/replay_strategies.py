"""The strategies of the comparison with hftbacktest, ours; `hftbacktest_replay.py` has theirs, line by line."""

from qbtc.hft.strategies.api import BUY, GTC, POST, Market, Orders, buy, cancel, parameter, sell, sell_market


class Noop:
    """Looks at the touch and does nothing."""

    timer_seconds = 0.01
    steps: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.steps += 1


class Maker:
    """Quotes both sides of the touch, at most 50 lots held; a quote is renewed 30 ms after it was placed at the earliest."""

    timer_seconds = 0.01
    bought: int = 0
    sold: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        bid = market.bid
        ask = market.ask
        buying = False
        selling = False
        for i in range(min(market.own, 32)):
            if market.own_side[i] == BUY:
                buying = True
                if market.own_tick[i] != bid and market.now - self.bought >= 30_000_000:
                    cancel(orders, BUY)
            else:
                selling = True
                if market.own_tick[i] != ask and market.now - self.sold >= 30_000_000:
                    cancel(orders, 1)
        if not buying and market.position < 50:
            buy(orders, bid, 10, POST)
            self.bought = market.now
        if not selling and market.position > -50:
            sell(orders, ask, 10, POST)
            self.sold = market.now


class Quoter:
    """The maker with what a sweep turns: distance from the touch, size, most that is held, life of a quote."""

    timer_seconds = 0.01
    away: int = parameter(0, 0, 1000, "ticks from the touch")
    size: int = parameter(10, 1, 1000, "lots")
    most: int = parameter(50, 1, 100_000, "lots held")
    life: int = parameter(30, 0, 100_000, "ms that a quote stays at least")
    bought: int = 0
    sold: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        bid = market.bid - self.away
        ask = market.ask + self.away
        buying = False
        selling = False
        for i in range(min(market.own, 32)):
            if market.own_side[i] == BUY:
                buying = True
                if market.own_tick[i] != bid and market.now - self.bought >= self.life * 1_000_000:
                    cancel(orders, BUY)
            else:
                selling = True
                if market.own_tick[i] != ask and market.now - self.sold >= self.life * 1_000_000:
                    cancel(orders, 1)
        if not buying and market.position < self.most:
            buy(orders, bid, self.size, POST)
            self.bought = market.now
        if not selling and market.position > -self.most:
            sell(orders, ask, self.size, POST)
            self.sold = market.now


class Script:
    """Places and cancels by its own count and the touch, whatever happens to its orders."""

    timer_seconds = 0.01
    steps: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.steps += 1
        turn = self.steps % 40
        lots = 1 + self.steps * 31 % 400
        if turn == 0 or turn == 8:
            buy(orders, market.bid - self.steps % 3, lots, POST)
        elif turn == 4 or turn == 12:
            sell(orders, market.ask + self.steps % 3, lots, GTC)
        elif turn == 20:
            buy(orders, market.ask, 1, GTC)
        elif turn == 24:
            if self.steps % 80 == 24:
                sell_market(orders, 1)
            else:
                sell(orders, market.bid, 1, GTC)
        elif turn == 36:
            cancel(orders)


class Limits:
    """Limit orders by the clock and the touch, whatever happens to them."""

    timer_seconds = 0.01

    def on_timer(self, market: Market, orders: Orders) -> None:
        turns = market.now // 10_000_000
        turn = turns % 12
        lots = 1 + turns * 31 % 40
        if turn == 0 or turn == 2:
            buy(orders, market.bid - turns % 3, lots, POST)
        elif turn == 1 or turn == 3:
            sell(orders, market.ask + turns % 3, lots, GTC)
        elif turn == 5:
            buy(orders, market.ask, lots, GTC)
        elif turn == 6:
            sell(orders, market.bid, lots, GTC)
        elif turn == 11:
            cancel(orders)
