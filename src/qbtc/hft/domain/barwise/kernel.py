"""Target positions traded on bars, all columns at once: integer ticks and lots, one pass, row by row.

A target is read at the close of its bar. `next_open`: it is traded at the next bar's open, so nothing that a bar shows can
help the trade it causes. `close`: at that same close, which nobody can do in a market; it is for comparisons.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.memory import pointer

from .native import compiled

NEXT_OPEN, CLOSE = 0, 1
BASE, QUOTE = 0, 1
RULES = np.dtype(
    [
        ("at_close", "i8"),
        ("in_quote", "i8"),  # targets are values at the close of their bar
        ("fee", "f8"),  # share of the value
        ("slippage", "f8"),  # share of the price
        ("tick_size", "f8"),
        ("lot_size", "f8"),
        ("unit", "f8"),  # quote units of a tick times a lot
        ("largest", "f8"),  # most lots of a target
        ("wrong", "i8"),  # row + 1 of a target beyond that
        ("wrong_column", "i8"),
    ],
    align=True,
)
ACCOUNT = np.dtype(
    [
        ("held", "i8"),  # lots
        ("wanted", "i8"),
        ("cash", "i8"),  # ticks times lots
        ("fills", "i8"),
        ("last", "f8"),  # target as it was given; NaN: none yet
        ("traded", "f8"),  # ticks times lots, summed
        ("fee", "f8"),
        ("net", "f8"),
        ("high", "f8"),
        ("depth", "f8"),  # deepest fall below `high`
        ("sum", "f8"),  # of the changes of net over whole steps
        ("squares", "f8"),
    ],
    align=True,
)
rules_at = pointer(RULES)
account_at = pointer(ACCOUNT)
ACCOUNT_SIZE = ACCOUNT.itemsize
BLOCK = 64
"""Columns whose accounts stay near while the bars go by."""
CLOSE_ENOUGH = 1e-6
"""Of a lot: what division leaves behind."""


@compiled
def lots_of(target, price, rules):
    """A target in whole lots, cut towards 0."""
    lots = target / rules.lot_size
    if rules.in_quote:
        lots /= price
    if not abs(lots) <= rules.largest:
        return rules.largest + 1.0
    return np.floor(lots + CLOSE_ENOUGH) if lots >= 0 else np.ceil(lots - CLOSE_ENOUGH)


@compiled
def price_of(tick, buying, rules):
    """The tick at which a fill happens: whole, and slippage is against it."""
    if rules.slippage == 0.0:
        return tick
    if buying:
        return np.int64(np.ceil(tick * (1.0 + rules.slippage) - CLOSE_ENOUGH))
    return max(np.int64(np.floor(tick * (1.0 - rules.slippage) + CLOSE_ENOUGH)), np.int64(1))


@compiled
def prices(ticks, changes, rules, out):
    """The tick of each fill."""
    for n in range(ticks.size):
        out[n] = price_of(ticks[n], changes[n] > 0, rules[0])


@compiled
def _trade(a, tick, rules):
    """Go from what is held to what is wanted."""
    change = a.wanted - a.held
    at = price_of(tick, change > 0, rules)
    amount = np.float64(at * abs(change))
    a.cash -= at * change
    a.traded += amount
    a.fee += amount * rules.unit * rules.fee
    a.held = a.wanted
    a.fills += 1


@compiled
def _look(a, close, whole, rules):
    """The account at the close of a bar."""
    net = np.float64(a.cash) * rules.unit + np.float64(a.held) * rules.lot_size * close - a.fee
    change = net - a.net
    a.net = net
    a.high = max(a.high, net)
    a.depth = max(a.depth, a.high - net)
    if whole:
        a.sum += change
        a.squares += change * change


@compiled
def trade(open_tick, close_tick, close, whole, targets, accounts, address, rules, positions, equity):
    """Run all columns of `targets` float64[n, k] (NaN: as before) into ACCOUNT[k] at `address`.

    `whole` uint8[n]: the step to this bar is one of the usual length. `positions` int64[n, k] and `equity` float64[n, k]
    are filled where they have rows. `accounts`: how many. False: rules.wrong says which target is too large.
    """
    for first in range(0, accounts, BLOCK):
        if not _block(
            open_tick, close_tick, close, whole, targets, first, min(first + BLOCK, accounts), address, rules[0], positions, equity
        ):
            return False
    return True


@compiled
def _block(open_tick, close_tick, close, whole, targets, first, end, address, r, positions, equity):
    for n in range(close.size):
        for k in range(first, end):
            a = account_at(address + k * ACCOUNT_SIZE)
            if a.wanted != a.held:
                _trade(a, open_tick[n], r)
            target = targets[n, k]
            if not np.isnan(target) and target != a.last:
                lots = lots_of(target, close[n], r)
                if lots > r.largest:
                    r.wrong, r.wrong_column = n + 1, k
                    return False
                a.last, a.wanted = target, np.int64(lots)
            if r.at_close and a.wanted != a.held:
                _trade(a, close_tick[n], r)
            _look(a, close[n], whole[n], r)
            if positions.shape[0]:
                positions[n, k] = a.held
            if equity.shape[0]:
                equity[n, k] = a.net
    return True
