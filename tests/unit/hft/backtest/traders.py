"""Strategies for tests."""

import math

from qbtc.hft.strategies.api import (
    BUY,
    FOK,
    GTC,
    IOC,
    MARK,
    POST,
    SELL,
    Market,
    Orders,
    buy,
    buy_if_touched,
    buy_market,
    buy_stop,
    cancel,
    helper,
    parameter,
    sell,
    sell_if_touched,
    sell_market,
    sell_stop,
)


class Quiet:
    """Looks, and never trades."""

    timer_seconds = 0.01
    calls: int = 0
    last: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        self.last = market.now


class Maker:
    """Quotes both sides of the touch, renewed when it moved."""

    timer_seconds = 0.01
    size: int = parameter(5, 1, 10_000, "lots of a quote")
    most: int = parameter(20, 1, 1_000_000, "most lots held")
    away: int = parameter(0, 0, 100, "ticks behind the touch")

    def on_timer(self, market: Market, orders: Orders) -> None:
        bid = market.bid - self.away
        ask = market.ask + self.away
        buying = False
        selling = False
        for i in range(min(market.own, 32)):
            if market.own_side[i] == BUY:
                buying = True
                if market.own_tick[i] != bid:
                    cancel(orders, BUY)
            else:
                selling = True
                if market.own_tick[i] != ask:
                    cancel(orders, SELL)
        if not buying and market.position < self.most:
            buy(orders, bid, self.size, POST)
        if not selling and market.position > -self.most:
            sell(orders, ask, self.size, POST)


class Mixed:
    """Everything: on every change of the book one of many kinds of order, by its own count."""

    scale: int = parameter(1, 1, 1_000_000, "lots of all orders are times this")
    count: int = 0
    fills: int = 0
    trades: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.count += 1
        step = self.count % 9
        if step == 1:
            buy(orders, market.bid, 7 * self.scale, POST)
        elif step == 2:
            sell(orders, market.ask, 9 * self.scale, GTC)
        elif step == 3:
            buy(orders, market.ask + 2, 30 * self.scale, IOC)
        elif step == 4:
            sell_market(orders, 11 * self.scale)
        elif step == 5:
            buy(orders, market.bid - 3, 4 * self.scale, GTC)
        elif step == 6:
            sell(orders, market.bid - 1, 25 * self.scale, GTC)
        elif step == 7:
            buy_market(orders, 3 * self.scale)
        elif step == 8:
            cancel(orders)

    def on_trade(self, market: Market, orders: Orders) -> None:
        self.trades += 1

    def on_fill(self, market: Market, orders: Orders) -> None:
        self.fills += 1


class Once:
    """One order at the first timer, described by parameters."""

    timer_seconds = 0.01
    side: int = parameter(0, 0, 1, "0 buys")
    tick: int = parameter(1000, 0, 10_000, "0 is MARKET")
    lots: int = parameter(5, 1, 10_000, "lots")
    rest: int = parameter(1, 1, 3, "GTC, IOC, POST")
    withdraw: int = parameter(0, 0, 10_000, "cancel at this call, 0 never")
    calls: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        if self.calls == 1:
            if self.side == 0:
                if self.tick == 0:
                    buy_market(orders, self.lots)
                else:
                    buy(orders, self.tick, self.lots, self.rest)
            elif self.tick == 0:
                sell_market(orders, self.lots)
            else:
                sell(orders, self.tick, self.lots, self.rest)
        if self.withdraw > 0 and self.calls == self.withdraw:
            cancel(orders)


class Crash:
    """Divides by zero after a while."""

    timer_seconds = 0.01
    calls: int = 0
    zero: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        if self.calls == 3:
            self.zero = 1 // self.zero


class Lost:
    """Asks for an order at a price that is no number."""

    timer_seconds = 0.01

    def on_timer(self, market: Market, orders: Orders) -> None:
        buy(orders, math.nan, 1)


@helper
def quote(market: Market, orders: Orders, size: int, most: int) -> None:
    """What Maker does, in one market."""
    bid = market.bid
    ask = market.ask
    buying = False
    selling = False
    for i in range(min(market.own, 32)):
        if market.own_side[i] == BUY:
            buying = True
            if market.own_tick[i] != bid:
                cancel(orders, BUY)
        else:
            selling = True
            if market.own_tick[i] != ask:
                cancel(orders, SELL)
    if not buying and market.position < most:
        buy(orders, bid, size, POST)
    if not selling and market.position > -most:
        sell(orders, ask, size, POST)


class Both:
    """Maker in two markets at once."""

    legs = ("a", "b")
    timer_seconds = 0.01
    size: int = parameter(5, 1, 10_000, "lots of a quote")
    most: int = parameter(20, 1, 1_000_000, "most lots held")

    def on_timer(self, market: Market, orders: Orders) -> None:
        quote(market.a, orders.a, self.size, self.most)
        quote(market.b, orders.b, self.size, self.most)


class Hedge:
    """Quotes one market, and sells in the other what it bought as soon as it hears of it."""

    legs = ("quoted", "hedged")
    timer_seconds = 0.01
    calls: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        if market.quoted.own == 0 and market.quoted.position < 20:
            buy(orders.quoted, market.quoted.bid, 5, POST)

    def on_fill(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        if market.leg == 0:
            sell_market(orders.hedged, market.quoted.fill_lots)


class Failing:
    """Divides by zero when the second market trades."""

    legs = ("a", "b")
    zero: int = 0

    def on_trade(self, market: Market, orders: Orders) -> None:
        if market.leg == 1:
            self.zero = 1 // self.zero


class Waiting:
    """Stop, if-touched and FOK orders of all kinds, by its own count."""

    scale: int = parameter(1, 1, 1_000_000, "lots of all orders are times this")
    away: int = parameter(2, 0, 10_000, "ticks from the touch to a trigger")
    count: int = 0

    def on_trade(self, market: Market, orders: Orders) -> None:
        self.count += 1
        step = self.count % 8
        up = market.ask + self.away
        down = market.bid - self.away
        if step == 1:
            buy_stop(orders, up, 4 * self.scale)
        elif step == 2:
            sell_stop(orders, down, 5 * self.scale, down - 3)
        elif step == 3:
            buy_if_touched(orders, down, 3 * self.scale)
        elif step == 4:
            sell_if_touched(orders, up, 6 * self.scale, up + 1)
        elif step == 5:
            buy(orders, market.ask + 1, 40 * self.scale, FOK)
        elif step == 6:
            sell(orders, market.bid, 2 * self.scale, FOK)
        elif step == 0 and self.count % 24 == 0:
            cancel(orders)


class Waits:
    """One stop (kind 0) or if-touched (1) order at the first timer."""

    timer_seconds = 0.01
    kind: int = parameter(0, 0, 1, "0 stop, 1 if touched")
    side: int = parameter(0, 0, 1, "0 buys")
    trigger: int = parameter(1005, 1, 10_000, "ticks")
    tick: int = parameter(0, 0, 10_000, "0 is MARKET")
    withdraw: int = parameter(0, 0, 10_000, "cancel at this call, 0 never")
    calls: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        if self.calls == 1:
            if self.kind == 0 and self.side == 0:
                buy_stop(orders, self.trigger, 5, self.tick)
            elif self.kind == 0:
                sell_stop(orders, self.trigger, 5, self.tick)
            elif self.side == 0:
                buy_if_touched(orders, self.trigger, 5, self.tick)
            else:
                sell_if_touched(orders, self.trigger, 5, self.tick)
        if self.withdraw > 0 and self.calls == self.withdraw:
            cancel(orders)


class Crossing:
    """Rests a buy, then sells into it."""

    timer_seconds = 0.01
    calls: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        if self.calls == 2:
            buy(orders, market.bid + 1, 2000, POST)
        elif self.calls == 8:
            sell(orders, market.bid, 2000, IOC)


class Chases:
    """Two resting orders, and a market order in the second market for a fill in the first; driven by timer and fills only."""

    legs = ("first", "second")
    timer_seconds = 1.0
    calls: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        if self.calls == 1:
            buy(orders.first, market.first.bid - 1, 5, POST)
            buy(orders.second, market.second.bid - 50, 5, POST)

    def on_fill(self, market: Market, orders: Orders) -> None:
        if market.leg == 0:
            buy_market(orders.second, 5)


class Restless:
    """Cancels and buys at every timer."""

    timer_seconds = 0.001

    def on_timer(self, market: Market, orders: Orders) -> None:
        cancel(orders)
        buy(orders, market.bid - 5, 1, GTC)


class Echo:
    """Answers every fill with another order."""

    timer_seconds = 0.01
    calls: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        self.calls += 1
        if self.calls == 1:
            buy_market(orders, 1)

    def on_fill(self, market: Market, orders: Orders) -> None:
        if market.fill_side == 0:
            sell_market(orders, 1)
        else:
            buy_market(orders, 1)


class Flood:
    """As many orders as a call may ask for, in both markets, whichever trades."""

    legs = ("a", "b")

    def on_book(self, market: Market, orders: Orders) -> None:
        for n in range(16):
            buy(orders.a, market.a.bid + n % 2, 1, IOC)
            sell(orders.b, market.b.ask - n % 2, 1, IOC)

    def on_trade(self, market: Market, orders: Orders) -> None:
        for n in range(16):
            buy(orders.a, market.a.bid + n % 2, 1, IOC)
            sell(orders.b, market.b.ask - n % 2, 1, IOC)


class Holder:
    """Buys and sells by its dice, or `once` so many lots at the market."""

    seed: int = parameter(1, 0, 2**31 - 2, "first state of the dice")
    once: int = parameter(0, 0, 1_000_000, "lots of the only order; 0: dice")
    rests: int = parameter(0, 0, 1, "1: orders that rest too")
    timer_seconds = 1.0
    dice: int = 0
    sent: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        if self.once > 0:
            if self.sent == 2:
                buy_market(orders, self.once)
            self.sent += 1
            return
        if self.dice == 0:
            self.dice = self.seed + 12345
        self.dice = (self.dice * 48271) % 2147483647
        what = self.dice % 7
        lots = 1 + (self.dice // 7) % 600
        if what == 0:
            buy_market(orders, lots)
        elif what == 1:
            sell_market(orders, lots)
        elif what == 2:
            buy(orders, market.ask + 50, lots, IOC)
        elif what == 3:
            sell(orders, market.bid - 50, lots, IOC)
        elif what == 4:
            buy(orders, market.ask, lots, FOK)
        elif self.rests == 1 and what == 5:
            buy(orders, market.bid - 300, lots)
        elif self.rests == 1:
            sell(orders, market.ask + 300, lots)


class Stopped:
    """Buys, and stops its loss below by one of two prices."""

    by: int = parameter(0, 0, 8, "MARK or LAST")
    timer_seconds = 1.0
    sent: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        if self.sent == 2:
            buy_market(orders, 1000)
        elif self.sent == 4:
            sell_stop(orders, 595_000, 1000, 0, self.by)
        self.sent += 1


class Breakout:
    """Waits for a higher mark price to buy twenty coins."""

    timer_seconds = 1.0
    sent: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        if self.sent == 2:
            buy_stop(orders, 605_000, 20_000, 0, MARK)
        self.sent += 1


class Longs:
    """Buys a coin in each of two markets."""

    legs = ("a", "b")
    timer_seconds = 1.0
    sent: int = 0

    def on_timer(self, market: Market, orders: Orders) -> None:
        if self.sent == 2:
            buy_market(orders.a, 1000)
        if self.sent == 3:
            buy_market(orders.b, 1000)
        self.sent += 1
