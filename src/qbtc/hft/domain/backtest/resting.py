"""Our orders at the exchange: their places in the list of those that rest, their fills, and what the desk is told."""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.memory import load, store
from qbtc.hft.domain.strategy_native import call_strategy

from .delays import response
from .layout import (
    BUY,
    ENDED,
    EXPIRED,
    FILL_SIZE,
    FILLED,
    LEDGER_SIZE,
    LINE,
    MESSAGE_SIZE,
    ORDER_SIZE,
    PARTIAL,
    TRADED,
    fill_at,
    ledger_at,
    message_at,
    order_at,
)
from .native import quick

_NOTHING_SOLD, _NOTHING_BOUGHT = 1 << 62, -1


@quick
def order_of(r, slot):
    return order_at(r.orders_at + slot * ORDER_SIZE)


@quick
def slot_of(list_at, n):
    return load(list_at + n * 8)


@quick
def consult(r, what, slot, at):
    """Ask whoever keeps the margin, or tell it."""
    return call_strategy(r.margin, np.int64(what), np.int64(slot), np.int64(at))


@quick
def answer(r, slot, what, lots, tick, maker, at, row):
    """Send the desk word of an order; words arrive in the order in which they were sent."""
    due = max(at + response(r, at), r.answer_last)
    r.answer_last = due
    word = message_at(r.answers_at + (r.answer_tail & (LINE - 1)) * MESSAGE_SIZE)
    word.time, word.slot, word.verb, word.lots, word.tick = due, slot, what, lots, tick
    word.maker, word.at, word.row = maker, at, row
    r.answer_tail += 1


@quick
def end(r, o, status, at):
    row = ledger_at(r.ledger_at + o.row * LEDGER_SIZE)
    row.status, row.ended = np.int8(status), at
    if r.margin != 0:
        consult(r, ENDED, o.row, at)


@quick
def fill(r, slot, tick, lots, maker, at, bid, ask):
    """Trade `lots` of an order at a price."""
    o = order_of(r, slot)
    o.remaining -= lots
    r.held += -lots if o.side else lots
    done = o.remaining == 0
    ledger = ledger_at(r.ledger_at + o.row * LEDGER_SIZE)
    ledger.filled += lots
    ledger.status = np.int8(FILLED if done else PARTIAL)
    if done:
        ledger.ended = at
    f = fill_at(r.fills_at + r.fills * FILL_SIZE)
    f.time, f.local, f.order, f.side, f.maker = at, 0, o.number, np.int8(o.side), np.int8(maker)
    f.tick, f.lots = tick, lots
    f.fee = np.float64(tick) * np.float64(lots) * r.unit * (r.maker_fee if maker else r.taker_fee)
    f.mid = 0.5 * np.float64(bid + ask) if bid > 0 and ask > 0 else np.nan
    answer(r, slot, FILLED if done else PARTIAL, lots, tick, maker, at, r.fills)
    r.fills += 1
    if r.margin != 0:
        consult(r, TRADED, slot, at)


@quick
def _bounds(r):
    """Our lowest sell and highest buy."""
    r.low_sell, r.high_buy = _NOTHING_SOLD, _NOTHING_BOUGHT
    for n in range(r.resting):
        o = order_of(r, slot_of(r.resting_at, n))
        if o.side == BUY:
            r.high_buy = max(r.high_buy, o.tick)
        else:
            r.low_sell = min(r.low_sell, o.tick)


@quick
def mark(r, own, side, tick):
    """Renew the byte of a price."""
    at = tick - r.book.low
    if not 0 <= at < r.book.span:
        return
    mine = np.uint8(0)
    for n in range(r.resting):
        o = order_of(r, slot_of(r.resting_at, n))
        if o.tick == tick:
            mine |= np.uint8(1 << o.side)
    own[at] = mine


@quick
def rest(r, slot, own):
    o = order_of(r, slot)
    store(r.resting_at + r.resting * 8, slot)
    r.resting += 1
    o.resting = 1
    _bounds(r)
    mark(r, own, o.side, o.tick)


@quick
def unrest(r, slot, own):
    o = order_of(r, slot)
    shift = 0
    for n in range(r.resting):
        if slot_of(r.resting_at, n) == slot:
            shift = 1
        elif shift:
            store(r.resting_at + (n - 1) * 8, slot_of(r.resting_at, n))
    r.resting -= 1
    o.resting = 0
    _bounds(r)
    mark(r, own, o.side, o.tick)


@quick
def expire(r, slot, at):
    o = order_of(r, slot)
    end(r, o, EXPIRED, at)
    o.remaining = 0
    answer(r, slot, EXPIRED, 0, 0, 0, at, -1)
