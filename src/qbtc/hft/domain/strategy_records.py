"""The records that a strategy sees and writes: the market of one symbol, and the intents it leaves behind.

The same bytes in the hot loop, in the asyncio trader and in research. Prices are ticks, quantities lots, times ns of
market time; floats only where a formula needs them. The functions below are what a strategy calls; they work compiled
and in plain Python. A compiled strategy is four C functions `int64 f(self, market, orders)` that take the addresses of
three records and give RETURNED or RAISED; who calls them empties the intents first and reads `fault` afterwards. Not here: what a strategy is (`strategy`), how intents become orders (the trader, the hot loop).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numba.extending import register_jitable

from .risk_records import Records

# mypy: disable-error-code="no-untyped-def, misc"
BUY, SELL, BOTH = 0, 1, 2
GTC, IOC, POST, FOK = 1, 2, 3, 4
"""How a limit order rests: until cancelled, not at all, or only as a maker (LIMIT_MAKER); FOK: all of it at once or nothing."""
LAST, MARK = 0, 8
"""Which price triggers a stop or if-touched order: the last one of the market, or the mark price (added to `rest`)."""
PLACE, CANCEL = 1, 2
LEVELS, OWN, INTENTS = 5, 32, 16
BOUND = 2.0**53
RETURNED, RAISED = 0, 1
OK, NOT_A_NUMBER, ABSURD, TOO_MANY, NO_MARK = 0, 1, 2, 3, 4
"""`fault` of the intents: anything but OK halts trading and names the strategy."""
FAULTS = {
    NOT_A_NUMBER: "a price or size that is NaN",
    ABSURD: "a price or size that is zero, negative or absurd",
    TOO_MANY: "too many orders at once",
    NO_MARK: "a stop by the mark price; allowed: a backtest of USD-M futures with a leverage",
}
REGIMES = ("unknown", "calm", "trend_up", "trend_down", "turbulent", "stress")
"""`regime` is an index of this; a word that is not here counts as unknown."""

MARKET_VIEW = np.dtype(
    [
        ("now", "i8"),
        ("bid", "i8"),  # ticks; both sides are known whenever a strategy is called
        ("ask", "i8"),
        ("bid_lots", "i8"),
        ("ask_lots", "i8"),
        ("imbalance", "f8"),  # (bids - asks) / (bids + asks), lots of LEVELS levels
        ("bid_ticks", "i8", (LEVELS,)),  # best first; 0 where the book ends
        ("bid_sizes", "i8", (LEVELS,)),
        ("ask_ticks", "i8", (LEVELS,)),
        ("ask_sizes", "i8", (LEVELS,)),
        ("trade", "i8"),  # tick of the last market trade; 0: none yet
        ("trade_lots", "i8"),
        ("trade_side", "i8"),  # the taker's
        ("fill", "i8"),  # tick, lots and side of our last fill; 0: none yet
        ("fill_lots", "i8"),
        ("fill_side", "i8"),
        ("fill_maker", "i8"),
        ("position", "i8"),  # signed lots
        ("working_buy", "i8"),  # lots that this strategy's open orders still may buy, sent ones included
        ("working_sell", "i8"),
        ("own", "i8"),  # open orders of this strategy, the first OWN of them below
        ("own_side", "i8", (OWN,)),
        ("own_tick", "i8", (OWN,)),
        ("own_lots", "i8", (OWN,)),  # what is left of each
        ("tick_size", "f8"),  # quote units
        ("lot_size", "f8"),  # base units
        ("regime", "i8"),  # slow parameters of hft.trading.signal; neutral when nothing was said or it has expired
        ("confidence", "f8"),
        ("bias", "f8"),  # in [-1, 1]
    ],
    align=True,
)

INTENT_BUFFER = np.dtype(
    [
        ("count", "i8"),
        ("fault", "i8"),
        ("verb", "i8", (INTENTS,)),
        ("side", "i8", (INTENTS,)),
        ("tick", "i8", (INTENTS,)),  # PLACE: 0 is MARKET; CANCEL: 0 is every price
        ("lots", "i8", (INTENTS,)),
        ("rest", "i8", (INTENTS,)),  # GTC, IOC, POST, FOK; of a stop by the mark price MARK more
        ("stop", "i8", (INTENTS,)),  # trigger in ticks, negative: if touched; 0: none
    ],
    align=True,
)


def market_of(legs: Sequence[str]) -> np.dtype[np.void]:
    """What a strategy sees: MARKET_VIEW, or with legs the number of the one that a call is about, and each by its name."""
    if not legs:
        return MARKET_VIEW
    return np.dtype([("leg", "i8"), *((name, MARKET_VIEW) for name in legs)], align=True)


def orders_of(legs: Sequence[str]) -> np.dtype[np.void]:
    """Where a strategy leaves its wishes: INTENT_BUFFER, or with legs one for each by its name."""
    return np.dtype([(name, INTENT_BUFFER) for name in legs], align=True) if legs else INTENT_BUFFER


def buffers_of(orders: Records, legs: Sequence[str]) -> list[Records]:
    """The INTENT_BUFFERs of such a record, in the order of the legs; views, not copies."""
    return [orders[name] for name in legs] if legs else [orders]


Function = TypeVar("Function", bound=Callable[..., Any])


def helper(function: Function) -> Function:
    """Marks a function of a strategy's own file that its methods call."""
    register_jitable(function)
    return function


@register_jitable
def _add(orders: Any, verb: Any, side: Any, tick: Any, lots: Any, rest: Any, stop: Any = 0) -> None:
    if math.isnan(tick) or math.isnan(lots) or math.isnan(stop):
        orders.fault = NOT_A_NUMBER
    elif not (0 <= tick < BOUND and 0 <= lots < BOUND and BUY <= side <= BOTH and abs(stop) < BOUND) or (
        verb == PLACE and (lots < 1 or side == BOTH)
    ) or not (GTC <= rest <= FOK or (stop != 0 and GTC + MARK <= rest <= FOK + MARK)):
        orders.fault = ABSURD
    elif orders.count >= INTENTS:
        orders.fault = TOO_MANY
    else:
        n = orders.count
        orders.verb[n] = verb
        orders.side[n] = side
        orders.tick[n] = int(tick)
        orders.lots[n] = int(lots)
        orders.rest[n] = rest
        orders.stop[n] = int(stop)
        orders.count = n + 1


@register_jitable
def _limit(orders: Any, side: Any, tick: Any, lots: Any, rest: Any) -> None:
    if tick < 1:
        orders.fault = ABSURD
    else:
        _add(orders, PLACE, side, tick, lots, rest)


@register_jitable
def buy(orders: Any, tick: Any, lots: Any, rest: Any = GTC) -> None:
    """A limit order to buy; fractions of ticks and lots are cut off. `rest` is GTC, IOC, POST or FOK."""
    _limit(orders, BUY, tick, lots, rest)


@register_jitable
def sell(orders: Any, tick: Any, lots: Any, rest: Any = GTC) -> None:
    """A limit order to sell; fractions of ticks and lots are cut off. `rest` is GTC, IOC, POST or FOK."""
    _limit(orders, SELL, tick, lots, rest)


@register_jitable
def buy_market(orders: Any, lots: Any) -> None:
    _add(orders, PLACE, BUY, 0, lots, IOC)


@register_jitable
def sell_market(orders: Any, lots: Any) -> None:
    _add(orders, PLACE, SELL, 0, lots, IOC)


@register_jitable
def _stop(orders: Any, side: Any, trigger: Any, sign: Any, lots: Any, tick: Any, by: Any) -> None:
    if trigger < 1 or tick < 0 or by not in (LAST, MARK):
        orders.fault = ABSURD
    else:
        _add(orders, PLACE, side, tick, lots, (GTC if tick > 0 else IOC) + by, sign * trigger)


@register_jitable
def buy_stop(orders: Any, trigger: Any, lots: Any, tick: Any = 0, by: Any = LAST) -> None:
    """Buys when the market trades at `trigger` ticks or above: MARKET, or with `tick` a limit order there (STOP_LOSS)."""
    _stop(orders, BUY, trigger, 1, lots, tick, by)


@register_jitable
def sell_stop(orders: Any, trigger: Any, lots: Any, tick: Any = 0, by: Any = LAST) -> None:
    """Sells when the market trades at `trigger` ticks or below: MARKET, or with `tick` a limit order there (STOP_LOSS)."""
    _stop(orders, SELL, trigger, 1, lots, tick, by)


@register_jitable
def buy_if_touched(orders: Any, trigger: Any, lots: Any, tick: Any = 0, by: Any = LAST) -> None:
    """Buys when the market trades at `trigger` ticks or below: MARKET, or with `tick` a limit order there (TAKE_PROFIT)."""
    _stop(orders, BUY, trigger, -1, lots, tick, by)


@register_jitable
def sell_if_touched(orders: Any, trigger: Any, lots: Any, tick: Any = 0, by: Any = LAST) -> None:
    """Sells when the market trades at `trigger` ticks or above: MARKET, or with `tick` a limit order there (TAKE_PROFIT)."""
    _stop(orders, SELL, trigger, -1, lots, tick, by)


@register_jitable
def cancel(orders: Any, side: Any = BOTH, tick: Any = 0) -> None:
    """Cancel this strategy's open orders of a side at a price; BOTH sides, every price by default."""
    _add(orders, CANCEL, side, tick, 0, GTC)
