"""The desk of a backtest: what the strategy sees, what it asks for, what it hears."""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

from typing import Any

import numpy as np

from qbtc.core.market.engine.memory import pointer, store
from qbtc.hft.domain.strategy_native import call_strategy
from qbtc.hft.domain.strategy_records import (
    BOTH,
    INTENT_BUFFER,
    INTENTS,
    LEVELS,
    MARK,
    MARKET_VIEW,
    NO_MARK,
    OWN,
    PLACE,
)

from .book import following, tick_of
from .delays import entry
from .layout import (
    CANCEL,
    CANCELED,
    EXPIRED,
    FAR,
    FILL_SIZE,
    FILLED,
    LEDGER_SIZE,
    LINE,
    MESSAGE_SIZE,
    NEW,
    ON_FILL,
    OPEN,
    PARTIAL,
    REFUSED,
    fill_at,
    ledger_at,
    message_at,
)
from .native import quick
from .resting import order_of, slot_of

SIZES, OWN_ORDERS, TRADES = 1, 2, 4
"""`needs`: what of the view a strategy reads beside the plain fields."""
NEEDS: Any = {
    **dict.fromkeys(("bid_ticks", "bid_sizes", "ask_ticks", "ask_sizes", "imbalance"), SIZES),
    **dict.fromkeys(("own", "own_side", "own_tick", "own_lots", "working_buy", "working_sell"), OWN_ORDERS),
    **dict.fromkeys(("trade", "trade_lots", "trade_side"), TRADES),
}
view_at: Any = pointer(MARKET_VIEW)
intents_at: Any = pointer(INTENT_BUFFER)


@quick
def touched(r, seen, levels):
    """Best bid and ask and their lots as the desk knows them, into the view; False: a side is empty."""
    v, b = view_at(r.view_at), r.book
    if r.deep == 0:
        n = r.local - 1
        if n < 0:
            return False
        v.bid, v.bid_lots, v.ask, v.ask_lots = np.int64(seen[n, 0]), np.int64(seen[n, 1]), np.int64(seen[n, 2]), np.int64(seen[n, 3])
        return v.bid > 0 and v.ask > 0
    if r.ticker >= 0:
        v.bid, v.bid_lots, v.ask, v.ask_lots = r.touch[0], r.touch[1], r.touch[2], r.touch[3]
        return v.bid > 0 and v.ask > 0
    bid, ask = b.best[0], b.best[1]
    if bid >= FAR or ask >= FAR:
        return False
    v.bid, v.bid_lots = tick_of(b, 0, bid), np.int64(levels[bid])
    v.ask, v.ask_lots = tick_of(b, 1, ask), np.int64(levels[b.span + ask])
    return True


@quick
def _side(b, levels, side, best, ticks, sizes):
    """The best levels of a side; returns their lots."""
    total, key = np.int64(0), best
    for n in range(LEVELS):
        if key < FAR:
            ticks[n], sizes[n] = tick_of(b, side, key), np.int64(levels[side * b.span + key])
            total += sizes[n]
            key = following(b, side, key)
        else:
            ticks[n], sizes[n] = 0, 0
    return total


@quick
def _sizes(r, levels):
    v, b = view_at(r.view_at), r.book
    bids = _side(b, levels, 0, b.best[0], v.bid_ticks, v.bid_sizes)
    asks = _side(b, levels, 1, b.best[1], v.ask_ticks, v.ask_sizes)
    v.imbalance = np.float64(bids - asks) / np.float64(bids + asks) if bids + asks > 0 else 0.0


@quick
def _own(r):
    v = view_at(r.view_at)
    buying = selling = np.int64(0)
    for n in range(r.open):
        o = order_of(r, slot_of(r.open_at, n))
        if o.side:
            selling += o.left
        else:
            buying += o.left
        if n < OWN:
            v.own_side[n], v.own_tick[n], v.own_lots[n] = o.side, o.tick, o.left
    v.own, v.working_buy, v.working_sell = r.open, buying, selling


@quick
def show(r, seen, levels):
    """The view of this moment; False: there is no market to be seen."""
    if not touched(r, seen, levels):
        return False
    v = view_at(r.view_at)
    v.now, v.position = r.now, r.position
    v.trade, v.trade_lots, v.trade_side = r.trade, r.trade_lots, r.trade_side
    v.fill, v.fill_lots, v.fill_side, v.fill_maker = r.fill[0], r.fill[1], r.fill[2], r.fill[3]
    if r.needs & SIZES:
        _sizes(r, levels)
    if r.needs & OWN_ORDERS:
        _own(r)
    return True


@quick
def call(r, method):
    """Call a method; False: it failed."""
    if r.decisions == r.brake:
        r.fault_method = method
        return False
    r.decisions += 1
    if call_strategy(r.calls[method], r.state_at, r.market_at, r.wishes_at) != 0:
        r.fault, r.fault_method = -1, method
        return False
    return True


@quick
def forget_intents(r):
    k = intents_at(r.intents_at)
    k.count, k.fault = 0, 0


@quick
def send(r, method):
    """Send what the strategy asked for in this market; False: that cannot be."""
    k = intents_at(r.intents_at)
    if k.fault != 0 or k.count < 0 or k.count > INTENTS:
        r.fault, r.fault_method = k.fault, method
        return False
    for n in range(k.count):
        if k.verb[n] != PLACE:
            _cancel(r, k.side[n], k.tick[n])
        elif k.rest[n] >= MARK and r.tick_units == 0:
            r.fault, r.fault_method = NO_MARK, method
            return False
        elif not _place(r, k.side[n], k.tick[n], k.lots[n], k.rest[n], k.stop[n]):
            r.fault, r.fault_method = 0, method
            return False
    return True


@quick
def _request(r, slot, verb):
    """Send it; requests arrive in the order in which they were sent."""
    delay = np.int64(entry(r, r.now))
    if delay < 0:
        due = max(r.now - delay, r.answer_last)
        r.answer_last = due
        word = message_at(r.answers_at + (r.answer_tail & (LINE - 1)) * MESSAGE_SIZE)
        word.verb = EXPIRED if verb == NEW else REFUSED
        word.at = 0
        r.answer_tail += 1
    else:
        due = max(r.now + delay, r.request_last)
        r.request_last = due
        word = message_at(r.requests_at + (r.request_tail & (LINE - 1)) * MESSAGE_SIZE)
        word.verb = verb
        r.request_tail += 1
    word.time, word.slot, word.lots, word.tick, word.maker, word.row = due, slot, 0, 0, 0, -1


@quick
def _place(r, side, tick, lots, rest, stop):
    """False: no slot is left."""
    if r.free == 0 or r.request_tail - r.request_head >= LINE - 1:
        return False
    r.free -= 1
    slot = slot_of(r.free_at, r.free)
    o = order_of(r, slot)
    r.sequence += 1
    o.number, o.side, o.tick, o.lots, o.rest, o.placed, o.stop = r.sequence, side, tick, lots, rest, r.now, stop
    o.left, o.known, o.cancelling, o.resting, o.remaining, o.row = lots, 0, 0, 0, 0, r.ledger
    row = ledger_at(r.ledger_at + r.ledger * LEDGER_SIZE)
    row.order, row.placed, row.arrived, row.ended = r.sequence, r.now, 0, 0
    row.side, row.rest, row.status = np.int8(side), np.int8(rest), np.int8(0)
    row.tick, row.lots, row.filled, row.stop = tick, lots, 0, stop
    r.ledger += 1
    store(r.open_at + r.open * 8, slot)
    r.open += 1
    _request(r, slot, NEW)
    return True


@quick
def _cancel(r, side, tick):
    for n in range(r.open):
        slot = slot_of(r.open_at, n)
        o = order_of(r, slot)
        mine = (side in (BOTH, o.side)) and (tick in (0, o.tick))
        if mine and not o.cancelling and r.request_tail - r.request_head < LINE - 1:
            o.cancelling = 1
            _request(r, slot, CANCEL)


@quick
def _close(r, slot):
    """The order is over for the desk."""
    found = 0
    for n in range(r.open):
        if slot_of(r.open_at, n) == slot:
            found = 1
        elif found:
            store(r.open_at + (n - 1) * 8, slot_of(r.open_at, n))
    if found:
        r.open -= 1


@quick
def hear(r):
    """Take the first answer."""
    word = message_at(r.answers_at + (r.answer_head & (LINE - 1)) * MESSAGE_SIZE)
    r.answer_head += 1
    o = order_of(r, word.slot)
    if word.verb == OPEN:
        o.known = 1
    elif word.verb in (FILLED, PARTIAL):
        _hear_fill(r, word, o)
    elif word.verb == REFUSED:
        # The order ended while the cancel was on its way, or the cancel never arrived.
        o.cancelling = 0 if o.left > 0 else 2
    elif o.left > 0:
        if word.at == 0:
            ledger_at(r.ledger_at + o.row * LEDGER_SIZE).status = np.int8(EXPIRED)
        o.left = 0
        _close(r, word.slot)
    _free(r, word.slot, word.verb)


@quick
def _hear_fill(r, word, o):
    sign = -1 if o.side else 1
    amount = word.tick * word.lots
    r.position += sign * word.lots
    r.cash -= sign * amount
    r.traded += amount
    f = fill_at(r.fills_at + word.row * FILL_SIZE)
    f.local = word.time
    r.fee += f.fee
    r.fill[0], r.fill[1], r.fill[2], r.fill[3] = word.tick, word.lots, o.side, word.maker
    o.known = 1
    o.left -= word.lots
    r.due |= ON_FILL
    if o.left == 0:
        _close(r, word.slot)


@quick
def _free(r, slot, verb):
    """Give the slot back when nothing about the order is on its way any more."""
    o = order_of(r, slot)
    waits = o.cancelling == 1 and verb != CANCELED
    if o.left == 0 and not waits and o.number > 0:
        o.number = 0
        store(r.free_at + r.free * 8, slot)
        r.free += 1
