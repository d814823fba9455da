"""The exchange of a backtest: orders arrive, rest in their queue, fill by the rule of queues, and answers go back.

A resting order of ours fills in full when the market is heard to trade or quote through its price; at its price it
waits in the queue (`queues`). Orders that take liquidity meet the recorded book, which does not change by them.
PARTIAL off: every fill is of the whole order, a taker's at the best price. PARTIAL on: takers walk the levels, makers
get what passed the queue.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.memory import store
from qbtc.hft.domain.strategy_records import FOK, GTC, IOC, MARK, POST

from .fifo import expire_all, seen
from .history import WIPED, change_from, level_of, next_level, size_before
from .layout import (
    BUY,
    CANCELED,
    ENTERS,
    FOREVER,
    FUNDED,
    LEDGER_SIZE,
    LINE,
    LOOK_SIZE,
    LOOKS,
    OPEN,
    REFUSED,
    SETTLEMENT_SIZE,
    TRIGGERS,
    WAITS,
    ledger_at,
    look_at,
    settlement_at,
)
from .native import inlined, quick
from .queues import FIFO, level_changed, passed
from .resting import answer, consult, end, expire, fill, order_of, rest, slot_of, unrest
from .touches import CLEAR, SNAPSHOT, TICKER, TRADE

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
            unrest(r, slot, own)
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
            unrest(r, slot, own)
            fill(r, slot, o.tick, got, 1, at, bid, ask)
        else:
            if got > 0:
                fill(r, slot, o.tick, got, 1, at, bid, ask)
            n += 1


@quick
def _resized(r, o, lots):
    """Others at its price are `lots` now; WIPED: nobody said so, the level is not known any more."""
    before = o.level
    o.level = max(lots, 0)
    if lots != WIPED:
        level_changed(o, r.queue, r.power, np.float64(before) / r.lot, np.float64(lots) / r.lot)


@quick
def _levelled(r, side, tick, lots):
    """Others at a price where we rest changed."""
    for n in range(r.resting):
        o = order_of(r, slot_of(r.resting_at, n))
        if o.side == side and o.tick == tick:
            _resized(r, o, lots)


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
def _cleared(r, at, own):
    """All levels are gone."""
    if r.queue >= FIFO:
        expire_all(r, at, own)
        return
    for n in range(r.resting):
        order_of(r, slot_of(r.resting_at, n)).level = 0


@quick
def met(r, code, lots, sized, at, bid, ask, own):
    """One row that may concern us; `sized`: it says how large its level is."""
    side, tick = code & 1, code >> 2
    if code & 2:
        _traded(r, 1 - side, tick, lots, at, bid, ask, own)
        return
    if sized:
        _levelled(r, side, tick, np.int64(lots))
    if lots > 0:
        _through(r, 1 - side, tick, at, bid, ask, own)


@quick
def _follow(r, changes, place, resize):
    """Pass the changes up to a place; those at it count where `resize`. Then say where the next one is."""
    r.concerned = np.int64(FOREVER)
    for n in range(r.resting):
        o = order_of(r, slot_of(r.resting_at, n))
        while o.change < o.changes and changes[o.change, 0] <= place:
            if resize and changes[o.change, 0] == place:
                _resized(r, o, np.int64(changes[o.change, 1]))
            o.change += 1
        if o.change < o.changes:
            r.concerned = min(r.concerned, np.int64(changes[o.change, 0]))


@quick
def _reaches(r, reach, place):
    return reach[place, 0] >= r.low_sell or reach[place, 1] <= r.high_buy


@quick
def _concerned(r, reach, place, stop):
    """The first place from `place` up to `stop` that a resting order has to hear of."""
    stop = min(stop, r.concerned)
    while place < stop and not _reaches(r, reach, place):
        place += 1
    return place


@inlined
def _message(r, f, place):
    """The rows of one message that are at our prices, or go through them."""
    low, m, at = r.book.low, np.int64(f.order[place]), f.times[place]
    begin, end = np.int64(f.first[m]), np.int64(f.first[m + 1])
    bid, ask = np.int64(f.touch[place, 0]), np.int64(f.touch[place, 1])
    if f.kind[m] == SNAPSHOT:
        _wiped(r, f.tick, begin, end)
    elif f.kind[m] == CLEAR:
        _cleared(r, at, f.own)
    low_sell, high_buy, sized = r.low_sell, r.high_buy, f.alone or f.kind[m] != TICKER
    for n in range(begin, end):
        code = np.int64(f.tick[n])
        price = code >> 2
        through = price <= high_buy if code & 1 else price >= low_sell
        if code & 2:
            hit = through
        else:
            hit = f.own[price - low] & (1 << (code & 1)) != 0 or (through and f.lots[n] > 0)
        if hit:
            if r.queue >= FIFO:
                seen(r, n, code, f.lots[n], at, bid, ask, f.own)
            else:
                met(r, code, f.lots[n], sized, at, bid, ask, f.own)
            low_sell, high_buy = r.low_sell, r.high_buy


@quick
def _traded_from(trades, place):
    """The number of the first trade at a place or behind it."""
    low, high = 0, trades.size
    while low < high:
        middle = (low + high) >> 1
        if np.int64(trades[middle]) < place:
            low = middle + 1
        else:
            high = middle
    return low


@quick
def _next_trade(trades, place, stop):
    """The place of the first trade from `place` up to `stop`."""
    n = _traded_from(trades, place)
    return min(stop, np.int64(trades[n])) if n < trades.size else stop


@inlined
def keep_dates(r, f):
    """Mark prices that are due, then settlements."""
    while look_due(r) <= r.now:
        look(r, f)
    while funding_due(r) <= r.now:
        settle(r, f.times, f.touch)
    r.dated = min(look_due(r), funding_due(r))


@quick
def upcoming(r, times, trades, reach, now):
    """When the exchange is next to do something for one of our orders, FOREVER: not up to `now`. What is before concerns
    nobody and is passed."""
    if (r.resting == 0 and r.stops == 0) or r.place >= times.size or times[r.place] > now:
        return np.int64(FOREVER)
    stop = seek(times, r.place, now)
    here = _next_trade(trades, r.place, stop) if r.stops else stop
    r.place = _concerned(r, reach, r.place, here) if r.resting else here
    return times[r.place] if r.place < stop else np.int64(FOREVER)


@inlined
def happen(r, f):
    """Let the exchange do what it is next to do."""
    place, whole = r.place, _reaches(r, f.reach, r.place)
    if whole:
        _message(r, f, place)
    r.place = place + 1
    _follow(r, f.history.changes, place, not whole)
    if r.stops and f.kind[f.order[place]] == TRADE:
        _trigger(r, f, np.int64(f.order[place]), f.times[place])


# ---- stop and if-touched orders


@quick
def _touches(o, price, tick):
    """True if a price triggers it: a stop when it went against a position, if-touched when for it. `tick`: its units in one."""
    trigger, above = abs(o.stop) * tick, (o.stop > 0) == (o.side == BUY)
    return price >= trigger if above else price <= trigger


@quick
def _last_trade(f, place):
    """Tick of the last trade before a place, 0: there was none."""
    n = _traded_from(f.trades, place) - 1
    return np.int64(f.tick[np.int64(f.first[f.order[f.trades[n]] + 1]) - 1]) >> 2 if n >= 0 else np.int64(0)


@quick
def _unwait(r, slot):
    """Take a slot off those that wait for a trade."""
    found = 0
    for n in range(r.stops):
        if slot_of(r.stops_at, n) == slot:
            found = 1
        elif found:
            store(r.stops_at + (n - 1) * 8, slot_of(r.stops_at, n))
    r.stops -= found


@inlined
def _reached(r, f, price, tick, by, at):
    """A price sets off the orders that waited for it, in the order in which they arrived."""
    n = 0
    while n < r.stops:
        slot = slot_of(r.stops_at, n)
        o = order_of(r, slot)
        if (o.rest & MARK) == by and _touches(o, price, tick):
            _unwait(r, slot)
            o.stop, o.rest = 0, o.rest - by
            _enter(r, slot, f, at)
        else:
            n += 1


@inlined
def _trigger(r, f, m, at):
    """The trades of a message set off what waited for the last price."""
    for row in range(np.int64(f.first[m]), np.int64(f.first[m + 1])):
        _reached(r, f, np.int64(f.tick[row]) >> 2, 1, 0, at)


# ---- mark prices


@quick
def look_due(r):
    """When there is a new mark price."""
    return look_at(r.looks_at + r.looked * LOOK_SIZE).time if r.looked < r.looks else np.int64(FOREVER)


@inlined
def look(r, f):
    """A new mark price: positions that it ruins are liquidated before stops are triggered, and afterwards."""
    r.mark = look_at(r.looks_at + r.looked * LOOK_SIZE).mark
    r.looked += 1
    r.place = seek(f.times, r.place, r.now)
    consult(r, LOOKS, 0, r.now)
    if r.stops:
        _reached(r, f, r.mark, r.tick_units, MARK, r.now)
        consult(r, LOOKS, 0, r.now)


# ---- funding


@quick
def funding_due(r):
    """When funding is settled next."""
    return settlement_at(r.settlements_at + r.settled * SETTLEMENT_SIZE).time if r.settled < r.settlements else np.int64(FOREVER)


@quick
def settle(r, times, touch):
    """Whoever holds a position now pays the rate of its value, or gets it."""
    s = settlement_at(r.settlements_at + r.settled * SETTLEMENT_SIZE)
    r.settled += 1
    mark, place = s.mark, seek(times, r.place, r.now)
    if mark <= 0.0:
        while place > 0 and (touch[place - 1, 0] == 0 or touch[place - 1, 1] == 0):
            place -= 1
        mark = 0.5 * np.float64(touch[place - 1, 0] + touch[place - 1, 1]) * r.tick_size if place > 0 else 0.0
    s.mark, s.held, s.paid = mark, r.held, np.float64(r.held) * r.lot_size * mark * s.rate
    r.paid += s.paid
    if r.margin != 0:
        consult(r, FUNDED, r.settled - 1, r.now)


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


# ---- orders that arrive


@inlined
def arrive(r, slot, f, at):
    """A new order reaches the exchange."""
    o = order_of(r, slot)
    ledger_at(r.ledger_at + o.row * LEDGER_SIZE).arrived = at
    o.remaining = o.lots
    if o.stop == 0:
        _enter(r, slot, f, at)
        return
    marked = o.rest >= MARK
    last = r.mark if marked else _last_trade(f, r.place)
    at_once = last > 0 and _touches(o, last, r.tick_units if marked else 1)
    refused = r.margin != 0 and consult(r, TRIGGERS if at_once else WAITS, slot, at) != 0
    if at_once or refused:
        expire(r, slot, at)  # the venue refuses an order that would trigger at once
        return
    store(r.stops_at + r.stops * 8, slot)
    r.stops += 1
    answer(r, slot, OPEN, 0, 0, 0, at, -1)


@quick
def _enter(r, slot, f, at):
    """An order takes, rests or ends."""
    o = order_of(r, slot)
    if r.margin != 0 and consult(r, ENTERS, slot, at) != 0:
        expire(r, slot, at)
        return
    bid = ask = here = np.int64(0)
    if r.place > 0:
        bid, ask = np.int64(f.touch[r.place - 1, 0]), np.int64(f.touch[r.place - 1, 1])
        here = np.int64(f.size[r.place - 1, 1 - o.side])
    best = ask if o.side == BUY else bid
    crosses = best > 0 and (o.tick == 0 or (o.tick >= best if o.side == BUY else o.tick <= best))
    if crosses and o.rest != POST:
        _take(r, slot, best, here, f, at, bid, ask)
    elif crosses or o.tick == 0 or o.rest in (IOC, FOK):
        expire(r, slot, at)
    else:
        _join(r, o, f)
        rest(r, slot, f.own)
        if o.change < o.changes:
            r.concerned = min(r.concerned, np.int64(f.history.changes[o.change, 0]))
        answer(r, slot, OPEN, 0, 0, 0, at, -1)


@quick
def _code(r, side, tick):
    """Of a level in the history; -1: it is outside all that was ever said."""
    at = tick - r.book.low
    return side * r.book.span + at if 0 <= at < r.book.span else np.int64(-1)


@inlined
def _join(r, o, f):
    """An order goes behind its level."""
    h = f.history
    o.level, o.change, o.changes, o.rank = 0, 0, 0, r.place
    level = level_of(h.codes, _code(r, o.side, o.tick)) if r.queue < FIFO else -1
    if level >= 0:
        o.change, o.changes = change_from(h, level, r.place), h.starts[level + 1]
        o.level = size_before(h, level, o.change)
    if r.queue < FIFO and r.place > 0 and o.tick == f.touch[r.place - 1, o.side]:
        o.level = np.int64(f.size[r.place - 1, o.side])
    o.front, o.traded = np.float64(o.level) / r.lot, 0.0


@quick
def _behind(r, f, o, code):
    """(code, price, lots) of the next level that the order may take; lots 0: there is none."""
    other = 1 - o.side
    if f.alone:
        return code, np.int64(0), np.int64(0)
    code, lots = next_level(f.history, r.book.span, other, code, r.place)
    price = code - other * r.book.span + r.book.low
    beyond = o.tick > 0 and (price > o.tick if o.side == BUY else price < o.tick)
    return code, price, (np.int64(0) if beyond else lots)


@quick
def _enough(r, f, o, best, there):
    """True if the levels that it may take hold all of an order; `there`: lots at the best of them."""
    code = _code(r, 1 - o.side, best)
    for _ in range(LINE // 2):
        if there >= o.remaining:
            return True
        code, _, here = _behind(r, f, o, code)
        if here == 0:
            return False
        there += here
    return False


@quick
def _take(r, slot, best, here, f, at, bid, ask):
    o = order_of(r, slot)
    if not r.partial:
        fill(r, slot, best, o.remaining, 0, at, bid, ask)
        return
    if o.rest == FOK and not _enough(r, f, o, best, here):
        expire(r, slot, at)
        return
    code, price = _code(r, 1 - o.side, best), best
    for _ in range(LINE // 2):
        if here > 0:
            fill(r, slot, price, min(here, o.remaining), 0, at, bid, ask)
            if o.remaining == 0:
                return
        code, price, here = _behind(r, f, o, code)
        if here == 0:
            break
    if o.rest == GTC and o.tick > 0:
        # What the book cannot give trades at the limit: it cannot rest in the other side of a recorded book.
        fill(r, slot, o.tick, o.remaining, 0, at, bid, ask)
    else:
        expire(r, slot, at)


@quick
def withdraw(r, slot, own, at):
    """A cancel reaches the exchange."""
    o, waiting = order_of(r, slot), r.stops
    _unwait(r, slot)
    if o.resting == 0 and r.stops == waiting:
        answer(r, slot, REFUSED, 0, 0, 0, at, -1)
        return
    if o.resting:
        unrest(r, slot, own)
    end(r, o, CANCELED, at)
    answer(r, slot, CANCELED, 0, 0, 0, at, -1)
