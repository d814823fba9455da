"""The exchange of a backtest: orders arrive, rest in their queue, fill by the rule of queues, and answers go back.

A resting order of ours fills in full when the market is heard to trade or quote through its price; at its price it
waits in the queue (`queues`). Orders that take liquidity meet the recorded book, which does not change by them.
PARTIAL off: every fill is of the whole order, a taker's at the best price. PARTIAL on: takers walk the levels, makers
get what passed the queue.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.memory import load, store
from qbtc.hft.domain.strategy_records import GTC, IOC, POST

from .book import following, key_of, tick_of
from .delays import response
from .layout import (
    BUY,
    CANCELED,
    EXPIRED,
    FAR,
    FILL_SIZE,
    FILLED,
    LEDGER_SIZE,
    LINE,
    MESSAGE_SIZE,
    OPEN,
    ORDER_SIZE,
    PARTIAL,
    REFUSED,
    fill_at,
    ledger_at,
    message_at,
    order_at,
)
from .native import quick
from .queues import level_changed, passed
from .touches import SNAPSHOT, TRADE

_NOTHING_SOLD, _NOTHING_BOUGHT = 1 << 62, -1


@quick
def order_of(r, slot):
    return order_at(r.orders_at + slot * ORDER_SIZE)


@quick
def slot_of(list_at, n):
    return load(list_at + n * 8)


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


@quick
def fill(r, slot, tick, lots, maker, at, bid, ask):
    """Trade `lots` of an order at a price."""
    o = order_of(r, slot)
    o.remaining -= lots
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


# ---- resting


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
def _mark(r, own, side, tick):
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
def _rest(r, slot, own):
    o = order_of(r, slot)
    store(r.resting_at + r.resting * 8, slot)
    r.resting += 1
    o.resting = 1
    _bounds(r)
    _mark(r, own, o.side, o.tick)


@quick
def _unrest(r, slot, own):
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
    _mark(r, own, o.side, o.tick)


# ---- what the market does to resting orders


@quick
def _through(r, side, tick, at, bid, ask, own):
    """Orders of `side` that a price went through fill in full; one that only reached it counts for quotes, not trades."""
    n = 0
    while n < r.resting:
        slot = slot_of(r.resting_at, n)
        o = order_of(r, slot)
        if o.side == side and (o.tick <= tick if side else o.tick >= tick):
            lots = o.remaining
            _unrest(r, slot, own)
            fill(r, slot, o.tick, lots, 1, at, bid, ask)
        else:
            n += 1


@quick
def _traded(r, side, tick, lots, at, bid, ask, own):
    """A trade that hits orders of `side` at a price."""
    n = 0
    while n < r.resting:
        slot = slot_of(r.resting_at, n)
        o = order_of(r, slot)
        got = np.int64(0)
        if o.side == side and (o.tick < tick if side else o.tick > tick):
            got = o.remaining
        elif o.side == side and o.tick == tick:
            quantity = np.float64(lots) / r.lot
            o.front -= quantity
            o.traded += quantity
            got = passed(o, r.lot_size)
            if got > 0:
                got = min(got, np.int64(lots), o.remaining) if r.partial else o.remaining
        if got > 0 and got == o.remaining:
            _unrest(r, slot, own)
            fill(r, slot, o.tick, got, 1, at, bid, ask)
        else:
            if got > 0:
                fill(r, slot, o.tick, got, 1, at, bid, ask)
            n += 1


@quick
def _levelled(r, side, tick, lots):
    """Others at a price where we rest changed."""
    for n in range(r.resting):
        o = order_of(r, slot_of(r.resting_at, n))
        if o.side == side and o.tick == tick:
            before = o.level
            o.level = lots
            level_changed(o, r.queue, r.power, np.float64(before) / r.lot, np.float64(lots) / r.lot)


@quick
def _wiped(r, tick, begin, end):
    """A snapshot begins: what it covers counts as gone until its rows say otherwise."""
    for n in range(r.resting):
        o = order_of(r, slot_of(r.resting_at, n))
        for m in range(begin, end):
            code = np.int64(tick[m])
            if code & 1 == o.side and ((code >> 2) >= o.tick if o.side else (code >> 2) <= o.tick):
                o.level = 0
                break


@quick
def met(r, code, lots, at, bid, ask, own):
    """One row that may concern us."""
    side, tick = code & 1, code >> 2
    if code & 2:
        _traded(r, 1 - side, tick, lots, at, bid, ask, own)
        return
    _levelled(r, side, tick, np.int64(lots))
    if lots > 0:
        _through(r, 1 - side, tick, at, bid, ask, own)


@quick
def watch(r, times, order, kind, first, tick, lots, touch, own, until):
    """Let the exchange run to `until`, or to the message that made it answer.

    Only rows at our prices, or through them, are looked at twice.
    """
    place, size, low = r.place, times.size, r.book.low
    answered = r.answer_tail
    while place < size and times[place] <= until:
        m = np.int64(order[place])
        begin, end = np.int64(first[m]), np.int64(first[m + 1])
        if kind[m] == SNAPSHOT:
            _wiped(r, tick, begin, end)
        low_sell, high_buy = r.low_sell, r.high_buy
        for n in range(begin, end):
            code = np.int64(tick[n])
            price = code >> 2
            through = price <= high_buy if code & 1 else price >= low_sell
            if code & 2:
                hit = through
            else:
                hit = own[price - low] & (1 << (code & 1)) != 0 or (through and lots[n] > 0)
            if hit:
                met(r, code, lots[n], times[place], touch[place, 0], touch[place, 1], own)
                low_sell, high_buy = r.low_sell, r.high_buy
        place += 1
        if r.answer_tail != answered:
            break
    r.place = place


@quick
def seek(times, place, until):
    """The first message of the exchange after `until`, at or behind `place`."""
    size, step = times.size, 1
    if place >= size or times[place] > until:
        return place
    below = place
    while below + step < size and times[below + step] <= until:
        below += step
        step *= 2
    above = min(below + step, size)
    while above - below > 1:
        middle = (below + above) >> 1
        if times[middle] <= until:
            below = middle
        else:
            above = middle
    return above


# ---- levels, as the exchange has them now


@quick
def level(r, side, at_tick, order, newest, kind, first, tick, lots, levels, apart):
    """Lots of others at a price: the newest message on its way that names it, or else the desk's book."""
    at = at_tick - r.book.low
    if not 0 <= at < r.book.span:
        return np.int64(0)
    key = key_of(r.book, side, at_tick)
    if r.apart:
        return np.int64(apart[side * r.book.span + key])
    place = r.place - 1
    wanted = (at_tick << 2) | side
    while place >= 0 and newest[place] >= r.local:
        m = np.int64(order[place])
        if m >= r.local and kind[m] != TRADE:
            for n in range(np.int64(first[m + 1]) - 1, np.int64(first[m]) - 1, -1):
                if tick[n] == wanted:
                    return np.int64(lots[n])
            if kind[m] == SNAPSHOT:
                break
        place -= 1
    return np.int64(levels[side * r.book.span + key])


@quick
def _expire(r, slot, at):
    o = order_of(r, slot)
    end(r, o, EXPIRED, at)
    o.remaining = 0
    answer(r, slot, EXPIRED, 0, 0, 0, at, -1)


@quick
def arrive(r, slot, order, newest, kind, first, tick, lots, touch, levels, apart, own, at):
    """A new order reaches the exchange."""
    o = order_of(r, slot)
    bid = ask = np.int64(0)
    if r.place > 0:
        bid, ask = np.int64(touch[r.place - 1, 0]), np.int64(touch[r.place - 1, 1])
    ledger_at(r.ledger_at + o.row * LEDGER_SIZE).arrived = at
    o.remaining = o.lots
    best = ask if o.side == BUY else bid
    crosses = best > 0 and (o.tick == 0 or (o.tick >= best if o.side == BUY else o.tick <= best))
    if crosses and o.rest != POST:
        _take(r, slot, best, order, newest, kind, first, tick, lots, levels, apart, at, bid, ask)
        return
    if crosses or o.tick == 0 or o.rest == IOC:
        _expire(r, slot, at)
        return
    o.level = level(r, o.side, o.tick, order, newest, kind, first, tick, lots, levels, apart)
    o.front, o.traded = np.float64(o.level) / r.lot, 0.0
    _rest(r, slot, own)
    answer(r, slot, OPEN, 0, 0, 0, at, -1)


@quick
def _take(r, slot, best, order, newest, kind, first, tick, lots, levels, apart, at, bid, ask):
    o = order_of(r, slot)
    if not r.partial:
        fill(r, slot, best, o.remaining, 0, at, bid, ask)
        return
    price, other = best, 1 - o.side
    for _ in range(LINE // 2):
        here = level(r, other, price, order, newest, kind, first, tick, lots, levels, apart)
        if here > 0:
            fill(r, slot, price, min(here, o.remaining), 0, at, bid, ask)
            if o.remaining == 0:
                return
        price = _next(r, other, price, order, newest, kind, first, tick, lots, levels, apart)
        if price == 0 or (o.tick > 0 and (price > o.tick if o.side == BUY else price < o.tick)):
            break
    if o.rest == GTC and o.tick > 0:
        # What the book cannot give trades at the limit: it cannot rest in the other side of a recorded book.
        fill(r, slot, o.tick, o.remaining, 0, at, bid, ask)
    else:
        _expire(r, slot, at)


@quick
def _next(r, side, price, order, newest, kind, first, tick, lots, levels, apart):
    """The next price of a side behind this one that has a level now; 0: none."""
    b = r.venue if r.apart else r.book
    while True:
        key = following(b, side, key_of(b, side, price))
        if not r.apart:
            key = min(key, _next_on_its_way(r, side, key_of(b, side, price), order, newest, kind, first, tick, lots))
        if key >= FAR:
            return np.int64(0)
        price = tick_of(b, side, key)
        if level(r, side, price, order, newest, kind, first, tick, lots, levels, apart) > 0:
            return price


@quick
def _next_on_its_way(r, side, key, order, newest, kind, first, tick, lots):
    nearest, place = np.int64(FAR), r.place - 1
    while place >= 0 and newest[place] >= r.local:
        m = np.int64(order[place])
        if m >= r.local and kind[m] != TRADE:
            for n in range(np.int64(first[m]), np.int64(first[m + 1])):
                code = np.int64(tick[n])
                if code & 1 == side and lots[n] > 0:
                    other = key_of(r.book, side, code >> 2)
                    if other > key:
                        nearest = min(nearest, other)
        place -= 1
    return nearest


@quick
def withdraw(r, slot, own, at):
    """A cancel reaches the exchange."""
    o = order_of(r, slot)
    if o.resting == 0:
        answer(r, slot, REFUSED, 0, 0, 0, at, -1)
        return
    _unrest(r, slot, own)
    end(r, o, CANCELED, at)
    answer(r, slot, CANCELED, 0, 0, 0, at, -1)
