# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""Why an order is refused: every filter of the RULES record, then what the book and the balances say. Changes nothing.

0 (Reason.NONE) lets it pass. Filters ask in the order of layout.Reason. PERCENT_PRICE is the word when buy and sell
bounds are equal, PERCENT_PRICE_BY_SIDE when not; NOTIONAL when there is an upper bound too, else MIN_NOTIONAL.
"""

from __future__ import annotations

from typing import Any

from .compiled import fused, inner
from .funds import BUY, free_of, reckoned, without_price
from .ladder import NOWHERE, key_of, ladder
from .layout import Kind, Reason, Tif
from .memory import load
from .state import (
    LADDER_SIZE,
    MAX_PARTS,
    TALLY_SIZE,
    TOO_MUCH,
    command_at,
    rules_at,
    tally_at,
)
from .survey import survey

LIMIT, MARKET, LIMIT_MAKER = int(Kind.LIMIT), int(Kind.MARKET), int(Kind.LIMIT_MAKER)
STOP_LOSS, STOP_LOSS_LIMIT = int(Kind.STOP_LOSS), int(Kind.STOP_LOSS_LIMIT)
GTC = int(Tif.GTC)
PRICE_FILTER, LOT_SIZE, MARKET_LOT_SIZE = int(Reason.PRICE_FILTER), int(Reason.LOT_SIZE), int(Reason.MARKET_LOT_SIZE)
PERCENT, PERCENT_BY_SIDE = int(Reason.PERCENT_PRICE), int(Reason.PERCENT_PRICE_BY_SIDE)
MIN_NOTIONAL, NOTIONAL = int(Reason.MIN_NOTIONAL), int(Reason.NOTIONAL)
ICEBERG_PARTS, MAX_POSITION = int(Reason.ICEBERG_PARTS), int(Reason.MAX_POSITION)
MAX_ORDERS, MAX_ALGO = int(Reason.MAX_NUM_ORDERS), int(Reason.MAX_NUM_ALGO_ORDERS)
MAX_ICEBERG, MAX_LISTS = int(Reason.MAX_NUM_ICEBERG_ORDERS), int(Reason.MAX_NUM_ORDER_LISTS)
ALL_ORDERS, ALL_ALGO = int(Reason.EXCHANGE_MAX_NUM_ORDERS), int(Reason.EXCHANGE_MAX_NUM_ALGO_ORDERS)
ALL_ICEBERG, ALL_LISTS = int(Reason.EXCHANGE_MAX_NUM_ICEBERG_ORDERS), int(Reason.EXCHANGE_MAX_NUM_ORDER_LISTS)
MOST_HELD = 2.0**62
"""1e-8 of an asset that an account may come to hold: sums of two still fit 63 bits."""
TRAILING_DELTA, TOO_LARGE = int(Reason.TRAILING_DELTA), int(Reason.TOO_LARGE)
INSUFFICIENT, WOULD_MATCH = int(Reason.INSUFFICIENT_BALANCE), int(Reason.WOULD_MATCH)
WOULD_TRIGGER, NO_DEPTH = int(Reason.WOULD_TRIGGER), int(Reason.NO_DEPTH)
CLOSED = int(Reason.MARKET_CLOSED)


@inner
def off_grid(value: int, low: int, high: int, step: int) -> bool:
    """Outside the bounds (0: none) or between the steps."""
    if value < low or (high and value > high):
        return True
    return step > 1 and value % step != 0


@inner
def upward(side: int, kind: int) -> bool:
    """Whether a conditional order waits for a price above."""
    return (side == BUY) == (kind <= STOP_LOSS_LIMIT)


@fused
def refuse_prices(s: Any, c: Any) -> int:
    rules = rules_at(s.rules)
    if not without_price(c.kind):
        span = ladder(s.ladders).span
        if not 0 < c.tick < span or off_grid(c.tick, rules.min_tick, rules.max_tick, rules.tick_step):
            return PRICE_FILTER
    if c.kind >= STOP_LOSS and c.stop_tick:
        span = ladder(s.ladders).span
        if not 0 < c.stop_tick < span or off_grid(c.stop_tick, rules.min_tick, rules.max_tick, rules.tick_step):
            return PRICE_FILTER
    if s.percent_lots > 0.0 or s.last:
        return _refuse_percent(s, c, rules)
    return 0


@fused
def _refuse_percent(s: Any, c: Any, rules: Any) -> int:
    bid_up, bid_down, ask_up, ask_down = rules.bid_up, rules.bid_down, rules.ask_up, rules.ask_down
    up, down = (bid_up, bid_down) if c.side == BUY else (ask_up, ask_down)
    if c.tick == 0 or (up == 0 and down == 0):
        return 0
    # tick <= average * up, multiplied out: both sides are sums of products, exact below 2**53.
    amount, lots = (s.percent_amount, s.percent_lots) if s.percent_lots > 0.0 else (float(s.last), 1.0)
    scaled = float(c.tick) * 1e8 * lots
    if (up and scaled > amount * float(up)) or (down and scaled < amount * float(down)):
        same = rules.bid_up == rules.ask_up and rules.bid_down == rules.ask_down
        return PERCENT if same else PERCENT_BY_SIDE
    return 0


@fused
def refuse_lots(s: Any, c: Any) -> int:
    rules = rules_at(s.rules)
    if c.budget:
        return 0
    if c.lots <= 0 or off_grid(c.lots, rules.min_lots, rules.max_lots, rules.lot_step):
        return LOT_SIZE
    if c.kind == MARKET and off_grid(c.lots, rules.market_min_lots, rules.market_max_lots, rules.market_lot_step):
        return MARKET_LOT_SIZE
    if c.iceberg:
        if c.iceberg >= c.lots or c.iceberg < 0:
            return 0 if c.iceberg == c.lots else ICEBERG_PARTS
        if off_grid(c.iceberg, rules.min_lots, rules.max_lots, rules.lot_step):
            return LOT_SIZE
        parts = (c.lots + c.iceberg - 1) // c.iceberg
        if parts > MAX_PARTS or (rules.iceberg_parts and parts > rules.iceberg_parts):
            return ICEBERG_PARTS
    return 0


@fused
def refuse_size(s: Any, c: Any) -> int:
    """TOO_LARGE, and what the order is worth."""
    rules = rules_at(s.rules)
    price = float(c.tick if c.tick > c.stop_tick else c.stop_tick)
    lots = float(c.lots)
    if price * lots * float(s.multiplier) > TOO_MUCH or lots * float(s.lot_units) > TOO_MUCH:
        return TOO_LARGE
    if float(c.budget) * float(s.divisor) > TOO_MUCH:
        return TOO_LARGE
    if rules.min_notional == 0 and rules.max_notional == 0:
        return 0
    market = without_price(c.kind)
    if c.budget:
        value = float(c.budget)
    elif market and c.stop_tick == 0:
        if s.last == 0:
            return 0
        average = s.notional_amount / s.notional_lots if s.notional_lots > 0.0 else float(s.last)
        value = average * lots * float(s.multiplier) / float(s.divisor)
    else:
        value = float(reckoned(s, c.tick, c.stop_tick)) * lots * float(s.multiplier)
        if s.divisor != 1:
            value /= float(s.divisor)
    if value < float(rules.min_notional) and (not market or rules.min_applies_to_market):
        return NOTIONAL if rules.max_notional else MIN_NOTIONAL
    if rules.max_notional and value > float(rules.max_notional) and (not market or rules.max_applies_to_market):
        return NOTIONAL
    return 0


@fused
def refuse_number(s: Any, c: Any, orders: int, algo: int, icebergs: int, lists: int) -> int:
    """Too many open orders if these come on top."""
    rules, limits = rules_at(s.rules), rules_at(s.limits)
    tally, total = tally_at(s.tallies + c.account * TALLY_SIZE), tally_at(s.totals + c.account * TALLY_SIZE)
    if rules.max_orders and tally.orders + orders > rules.max_orders:
        return MAX_ORDERS
    if limits.max_orders and total.orders + orders > limits.max_orders:
        return ALL_ORDERS
    if algo:
        if rules.max_algo_orders and tally.algo + algo > rules.max_algo_orders:
            return MAX_ALGO
        if limits.max_algo_orders and total.algo + algo > limits.max_algo_orders:
            return ALL_ALGO
    if icebergs:
        if rules.max_iceberg_orders and tally.iceberg + icebergs > rules.max_iceberg_orders:
            return MAX_ICEBERG
        if limits.max_iceberg_orders and total.iceberg + icebergs > limits.max_iceberg_orders:
            return ALL_ICEBERG
    if lists:
        if rules.max_order_lists and tally.lists + lists > rules.max_order_lists:
            return MAX_LISTS
        if limits.max_order_lists and total.lists + lists > limits.max_order_lists:
            return ALL_LISTS
    return 0


@fused
def refuse_position(s: Any, c: Any) -> int:
    rules = rules_at(s.rules)
    buying, units, lots = tally_at(s.tallies + c.account * TALLY_SIZE).buying, 0, c.lots
    if s.funds:
        purse = s.balances + c.account * s.stride + s.base
        units = load(purse) + load(purse + 8)
    if c.budget and s.last:
        lots = c.budget * s.divisor // (s.last * s.multiplier)
    # Exact only near the bound: a division costs as much as all other filters.
    near = float(units) + float(buying + lots) * float(s.lot_units)
    if near * (1.0 - c.side) >= MOST_HELD:
        return TOO_LARGE
    if rules.max_position == 0:
        return 0
    if near * (1.0 - c.side) < 0.999999 * float(rules.max_position) * float(s.lot_units):
        return 0
    return MAX_POSITION if c.side == BUY and units // s.lot_units + buying + lots > rules.max_position else 0


@fused
def refuse_trailing(s: Any, c: Any) -> int:
    if c.trailing == 0:
        return 0
    rules = rules_at(s.rules)
    if c.trailing < 0 or c.trailing >= 10_000:
        return TRAILING_DELTA
    low, high = rules.trail_below_min, rules.trail_below_max
    if upward(c.side, c.kind):
        low, high = rules.trail_above_min, rules.trail_above_max
    if c.trailing < low or (high and c.trailing > high):
        return TRAILING_DELTA
    return 0


@fused
def refuse_shape(s: Any, command: int) -> int:
    """The filters of one order by itself."""
    c = command_at(command)
    reason = refuse_prices(s, c)
    if reason == 0:
        reason = refuse_lots(s, c)
    if reason == 0:
        reason = refuse_size(s, c)
    if reason == 0:
        reason = refuse_position(s, c)
    if reason == 0:
        reason = refuse_trailing(s, c)
    return reason


@fused
def refuse_now(s: Any, side: int, kind: int, tick: int, stop_tick: int) -> int:
    """What book and last price say against the order at this moment."""
    if kind >= STOP_LOSS:
        if s.last == 0 or stop_tick == 0:
            return 0
        beyond = s.last >= stop_tick if upward(side, kind) else s.last <= stop_tick
        return WOULD_TRIGGER if beyond else 0
    other = ladder(s.ladders + (1 - side) * LADDER_SIZE)
    if kind == LIMIT_MAKER:
        return WOULD_MATCH if other.best <= key_of(other, tick) else 0
    if kind == MARKET and other.best == NOWHERE:
        return NO_DEPTH
    return 0


@inner
def refuse_market(s: Any, account: int, side: int, lots: int, budget: int, stp: int) -> int:
    """A market order that the account cannot pay to its end, or whose budget buys no lot."""
    plain = (budget and side == BUY) or (budget == 0 and side != BUY)
    if budget == 0 and (s.funds == 0 or account <= 0):
        return 0
    if budget or not plain:
        survey(s, account, side, 0, lots, budget, stp)
        if s.scan_cost < 0:
            return TOO_LARGE
        if budget and s.scan_lots == 0:
            return LOT_SIZE
    if s.funds == 0 or account <= 0:
        return 0
    if side == BUY:
        wanted = budget if budget else s.scan_cost
    else:
        wanted = (s.scan_lots if budget else lots) * s.lot_units
    return INSUFFICIENT if wanted > free_of(s, account, side) else 0


@fused
def refuse_funds(s: Any, account: int, side: int, wanted: int) -> int:
    """INSUFFICIENT_BALANCE if less than `wanted` is free."""
    if s.funds == 0 or account <= 0:
        return 0
    return INSUFFICIENT if wanted > free_of(s, account, side) else 0
