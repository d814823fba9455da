"""The rules of the risk gate, compiled: each one looks at an order, the situation and the limits and gives (value, limit).

A rule holds when its value is known and value <= limit. `first_refusal` asks them all in table order and is the only place
where they are asked: the hot loop takes its answer, the screen its verdicts, so the two cannot differ. Orders that only
reduce a position pass the rules that protect from growing it; what a kill sends to flatten passes only the rules that
say whether the market can be traded at all. Names, units, reasons and settings of the rules: `risk`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from .risk_records import (
    BOUND,
    BUY,
    HALTED,
    LARGEST,
    MARKET,
    NOT_APPLIED,
    REDUCING,
    UNKNOWN,
)

RULE_COUNT = 37
PASSES = -1
ALWAYS, TRADING, GROWING = 0, 1, 2
"""Whom a rule binds: every order; all but flattening ones; all but flattening ones and those that only reduce."""

TOO_MUCH = 9.2e18
YES, NO = np.int64(0), np.int64(1)
ZERO = np.int64(0)

# mypy: disable-error-code="no-untyped-def, misc"
rule: Any = njit(cache=True, nogil=True, error_model="numpy")


class Shared(NamedTuple):
    """What several rules need, computed once. Prices twice, in ticks; amounts in 1e-8 quote."""

    mid: Any
    price: Any
    notional: Any
    after: Any
    exposure: Any
    reduces: Any


@rule
def same_side(o, s):
    """Lots that already work on the order's side."""
    return s.working_buy if o.side == BUY else s.working_sell


@rule
def after(o, s):
    """Signed position if the order and everything working on its side filled."""
    change = o.lots + same_side(o, s)
    return s.position + (change if o.side == BUY else -change)


@rule
def reduces(o, s):
    """True if the order can only bring the position nearer to flat, counting what already works that way."""
    against = s.position < 0 if o.side == BUY else s.position > 0
    return against and o.lots + same_side(o, s) <= abs(s.position)


@rule
def twice_mid(s):
    """In ticks; UNKNOWN without both sides or with a crossed book."""
    if s.bid <= 0 or s.ask <= s.bid or s.ask > BOUND:
        return np.int64(UNKNOWN)
    return s.bid + s.ask


@rule
def twice_price(o, s):
    """The order's own price; for MARKET the price at which it wakes, or the mid; twice, in ticks."""
    if o.kind == MARKET:
        return 2 * o.trigger if o.trigger > 0 else twice_mid(s)
    return np.int64(UNKNOWN) if o.tick <= 0 or o.tick > BOUND else 2 * o.tick


@rule
def amount(lots, twice, s):
    """lots * price in 1e-8 quote, rounded up, never wrapped; UNKNOWN without a price or a grid."""
    if twice == UNKNOWN or s.value_num <= 0 or s.value_den <= 0:
        return np.int64(UNKNOWN)
    if not np.float64(abs(lots)) * np.float64(twice) * np.float64(s.value_num) < TOO_MUCH:
        return np.int64(LARGEST)
    whole = abs(lots) * twice * s.value_num
    if s.value_den == 1:
        return (whole + 1) >> 1
    return (whole + 2 * s.value_den - 1) // (2 * s.value_den)


@rule
def plus(a, b):
    """a + b of amounts that are not negative: unknown stays unknown, too much stays too much."""
    if min(a, b) < 0:
        return np.int64(UNKNOWN)
    return np.int64(LARGEST) if a > LARGEST - b else a + b


@rule
def ratio_up(part, whole, scale):
    """part * scale / whole, rounded up; part >= 0, whole > 0."""
    return np.int64(min(np.ceil(np.float64(part) * scale / np.float64(whole)), TOO_MUCH))


@rule
def beyond(o, own, twice):
    """How far the order's price is on the wrong side of another price, in basis points of that."""
    if min(own, twice) == UNKNOWN:
        return np.int64(UNKNOWN)
    worse = own - twice if o.side == BUY else twice - own
    return ratio_up(worse, twice, 10_000.0) if worse > 0 else ZERO


@rule
def market_then(o, twice):
    """Where the market is when the order may trade: at its trigger, if it waits for that; now otherwise. UNKNOWN stays."""
    return 2 * o.trigger if o.trigger > 0 and twice != UNKNOWN else twice


@rule
def known(value):
    """A count or time that must not be negative."""
    return np.int64(UNKNOWN) if value < 0 else value


@rule
def one_more(count):
    return np.int64(UNKNOWN) if count < 0 else count + 1


@rule
def holding_known(s):
    return -BOUND <= s.position <= BOUND and 0 <= s.working_buy <= BOUND and 0 <= s.working_sell <= BOUND


@rule
def shared(o, s):
    mid, price = twice_mid(s), twice_price(o, s)
    notional = amount(o.lots, price, s)
    if not holding_known(s):
        return Shared(mid, price, notional, ZERO, np.int64(UNKNOWN), False)
    then = after(o, s)
    return Shared(mid, price, notional, then, amount(then, mid, s), reduces(o, s))


# The rules, in table order.


@rule
def trading_state(o, s, m, c):
    blocked = s.state == HALTED or s.state > HALTED or (s.state == REDUCING and not c.reduces)
    return NO if blocked else YES, ZERO


@rule
def kill_switch(o, s, m, c):
    return NO if s.killed != 0 else YES, ZERO


@rule
def symbol_allowed(o, s, m, c):
    return NO if s.allowed != 1 else YES, ZERO


@rule
def market_open(o, s, m, c):
    return NO if s.open != 1 else YES, ZERO


@rule
def venue_connected(o, s, m, c):
    return NO if s.connected != 1 else YES, ZERO


@rule
def reconciled(o, s, m, c):
    return NO if s.reconciled != 1 else YES, ZERO


@rule
def positive_size(o, s, m, c):
    size = 0 < o.lots <= BOUND
    price = o.tick == 0 if o.kind == MARKET else 0 < o.tick <= BOUND
    wakes = 0 <= o.trigger <= BOUND
    return YES if size and price and wakes and o.broken == 0 and o.side <= 1 else NO, ZERO


@rule
def reduce_only(o, s, m, c):
    return NO if o.flatten != 0 and not c.reduces else YES, ZERO


@rule
def unknown_orders(o, s, m, c):
    return known(s.unknown_here), m.unknown_orders


@rule
def trading_hours(o, s, m, c):
    """From == to is always; from > to spans midnight."""
    if s.minute < 0 or s.minute >= 1440:
        return np.int64(UNKNOWN), ZERO
    early, late = s.minute >= m.hours_from, s.minute < m.hours_to
    inside = (early and late) if m.hours_from < m.hours_to else (early or late)
    return YES if inside or m.hours_from == m.hours_to else NO, ZERO


@rule
def market_data_age(o, s, m, c):
    return known(s.age), m.age


@rule
def clock_skew(o, s, m, c):
    return known(s.skew), m.skew


@rule
def order_quantity(o, s, m, c):
    return o.lots, m.order_lots


@rule
def order_notional(o, s, m, c):
    return c.notional, m.order_notional


@rule
def min_notional(o, s, m, c):
    """The one rule with a smallest value: both sides negated."""
    return c.notional if c.notional == UNKNOWN else -c.notional, -m.min_notional


@rule
def position_notional(o, s, m, c):
    return c.exposure, m.position_notional


@rule
def gross_exposure(o, s, m, c):
    return plus(s.other_gross, c.exposure), m.gross


@rule
def net_exposure(o, s, m, c):
    here = c.exposure
    if min(here, s.other_net) == UNKNOWN:
        return np.int64(UNKNOWN), m.net
    if here == LARGEST or abs(s.other_net) > LARGEST - here:
        return np.int64(LARGEST), m.net
    return abs(s.other_net + (here if c.after > 0 else -here)), m.net


@rule
def leverage(o, s, m, c):
    total = plus(s.other_gross, c.exposure)
    if total == UNKNOWN or s.equity <= 0:
        return np.int64(UNKNOWN), m.leverage
    return ratio_up(total, s.equity, 100.0), m.leverage


@rule
def margin_ratio(o, s, m, c):
    return known(s.margin_ratio) if s.futures == 1 else np.int64(NOT_APPLIED), m.margin_ratio


@rule
def open_orders_symbol(o, s, m, c):
    return one_more(s.open_here), m.open_here


@rule
def open_orders(o, s, m, c):
    return one_more(s.open_all), m.open_all


@rule
def order_rate(o, s, m, c):
    return one_more(s.sent_1s), m.sent_1s


@rule
def order_rate_10s(o, s, m, c):
    return one_more(s.sent_10s), m.sent_10s


@rule
def cancel_rate(o, s, m, c):
    """Cancels are never refused: after too many of them it is new orders that wait."""
    return known(s.cancels_1s), m.cancels_1s


@rule
def consecutive_rejects(o, s, m, c):
    return known(s.rejects), m.rejects


@rule
def fill_rate(o, s, m, c):
    return known(s.fills_10s), m.fills_10s


@rule
def price_collar(o, s, m, c):
    return beyond(o, c.price, market_then(o, c.mid)), m.mid_collar


@rule
def last_collar(o, s, m, c):
    last = 2 * s.last if 0 < s.last <= BOUND else np.int64(UNKNOWN)
    return beyond(o, c.price, market_then(o, last)), m.last_collar


@rule
def fat_finger_size(o, s, m, c):
    if s.typical_lots <= 0:
        return np.int64(UNKNOWN), m.fat_size
    return ratio_up(max(o.lots, ZERO), s.typical_lots, 1.0), m.fat_size


@rule
def fat_finger_price(o, s, m, c):
    """Beyond the touch it would take, in typical spreads; a spread counts as one basis point at least."""
    if c.mid == UNKNOWN or s.typical_spread <= 0 or (o.kind != MARKET and c.price == UNKNOWN):
        return np.int64(UNKNOWN), m.fat_price
    touch = o.trigger if o.trigger > 0 else s.ask if o.side == BUY else s.bid
    worse = o.tick - touch if o.side == BUY else touch - o.tick
    if o.kind == MARKET or worse <= 0:
        return ZERO, m.fat_price
    usual = max(np.float64(s.typical_spread) / 1024.0, np.float64(s.bid + s.ask) / 20_000.0)
    return ratio_up(worse, usual, 1.0), m.fat_price


@rule
def self_cross(o, s, m, c):
    """Of what may trade at once; what waits for a trigger is the venue's to prevent when it wakes."""
    if o.trigger > 0:
        return YES, ZERO
    other = s.own_ask if o.side == BUY else s.own_bid
    if other == 0:
        return YES, ZERO
    crosses = o.kind == MARKET or (o.tick >= other if o.side == BUY else o.tick <= other)
    return NO if crosses or other < 0 else YES, ZERO


@rule
def spread(o, s, m, c):
    if c.mid == UNKNOWN:
        return np.int64(UNKNOWN), m.spread
    return ratio_up(s.ask - s.bid, c.mid, 20_000.0), m.spread


@rule
def volatility(o, s, m, c):
    return known(s.moved), m.moved


@rule
def daily_loss(o, s, m, c):
    if s.day_pnl == UNKNOWN:
        return np.int64(UNKNOWN), m.daily_loss
    return max(ZERO, -s.day_pnl), m.daily_loss


@rule
def drawdown(o, s, m, c):
    if min(s.day_pnl, s.day_peak) == UNKNOWN:
        return np.int64(UNKNOWN), m.drawdown
    if np.float64(s.day_peak) - np.float64(s.day_pnl) >= TOO_MUCH:
        return np.int64(LARGEST), m.drawdown
    return max(ZERO, s.day_peak - s.day_pnl), m.drawdown


@rule
def free_balance(o, s, m, c):
    """A buy needs quote, a sell needs base; in futures what grows a position needs its initial margin in quote."""
    if s.futures == 1:
        if s.margin_rate <= 0 or c.notional == UNKNOWN:
            return np.int64(UNKNOWN), known(s.free_quote)
        return ZERO if c.reduces else ratio_up(c.notional, 10_000.0, s.margin_rate), known(s.free_quote)
    if o.side == BUY:
        return c.notional, known(s.free_quote)
    if not np.float64(o.lots) * np.float64(s.lot_units) < TOO_MUCH or s.lot_units <= 0:
        return np.int64(UNKNOWN), known(s.free_base)
    return o.lots * s.lot_units, known(s.free_base)


# The gate.


@rule
def note(out, first, index, bound, skip, pair):
    """Write one verdict; the index of the first refusal so far."""
    if bound > skip:
        out[index, 0], out[index, 1] = NOT_APPLIED, 0
        return first
    out[index, 0], out[index, 1] = pair[0], pair[1]
    refused = pair[0] == UNKNOWN or pair[1] == UNKNOWN or pair[0] > pair[1]
    return index if refused and first == PASSES else first


@rule
def first_refusal(o, s, m, out):
    """Ask every rule: value and limit of each into `out`, int64[RULE_COUNT, 2]. Index of the first refusal, or PASSES."""
    c = shared(o, s)
    k = ALWAYS if o.flatten != 0 else TRADING if c.reduces else GROWING
    n = PASSES
    n = note(out, n, 0, TRADING, k, trading_state(o, s, m, c))
    n = note(out, n, 1, TRADING, k, kill_switch(o, s, m, c))
    n = note(out, n, 2, ALWAYS, k, symbol_allowed(o, s, m, c))
    n = note(out, n, 3, ALWAYS, k, market_open(o, s, m, c))
    n = note(out, n, 4, TRADING, k, venue_connected(o, s, m, c))
    n = note(out, n, 5, TRADING, k, reconciled(o, s, m, c))
    n = note(out, n, 6, ALWAYS, k, positive_size(o, s, m, c))
    n = note(out, n, 7, ALWAYS, k, reduce_only(o, s, m, c))
    n = note(out, n, 8, TRADING, k, unknown_orders(o, s, m, c))
    n = note(out, n, 9, TRADING, k, trading_hours(o, s, m, c))
    n = note(out, n, 10, TRADING, k, market_data_age(o, s, m, c))
    n = note(out, n, 11, TRADING, k, clock_skew(o, s, m, c))
    n = note(out, n, 12, TRADING, k, order_quantity(o, s, m, c))
    n = note(out, n, 13, TRADING, k, order_notional(o, s, m, c))
    n = note(out, n, 14, TRADING, k, min_notional(o, s, m, c))
    n = note(out, n, 15, GROWING, k, position_notional(o, s, m, c))
    n = note(out, n, 16, GROWING, k, gross_exposure(o, s, m, c))
    n = note(out, n, 17, GROWING, k, net_exposure(o, s, m, c))
    n = note(out, n, 18, GROWING, k, leverage(o, s, m, c))
    n = note(out, n, 19, GROWING, k, margin_ratio(o, s, m, c))
    n = note(out, n, 20, GROWING, k, open_orders_symbol(o, s, m, c))
    n = note(out, n, 21, GROWING, k, open_orders(o, s, m, c))
    n = note(out, n, 22, TRADING, k, order_rate(o, s, m, c))
    n = note(out, n, 23, TRADING, k, order_rate_10s(o, s, m, c))
    n = note(out, n, 24, TRADING, k, cancel_rate(o, s, m, c))
    n = note(out, n, 25, TRADING, k, consecutive_rejects(o, s, m, c))
    n = note(out, n, 26, TRADING, k, fill_rate(o, s, m, c))
    n = note(out, n, 27, TRADING, k, price_collar(o, s, m, c))
    n = note(out, n, 28, TRADING, k, last_collar(o, s, m, c))
    n = note(out, n, 29, TRADING, k, fat_finger_size(o, s, m, c))
    n = note(out, n, 30, TRADING, k, fat_finger_price(o, s, m, c))
    n = note(out, n, 31, TRADING, k, self_cross(o, s, m, c))
    n = note(out, n, 32, TRADING, k, spread(o, s, m, c))
    n = note(out, n, 33, GROWING, k, volatility(o, s, m, c))
    n = note(out, n, 34, GROWING, k, daily_loss(o, s, m, c))
    n = note(out, n, 35, GROWING, k, drawdown(o, s, m, c))
    return note(out, n, 36, TRADING, k, free_balance(o, s, m, c))
