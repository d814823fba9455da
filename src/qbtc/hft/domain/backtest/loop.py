"""The clock of a backtest: which of the market, the exchange, the desk and the strategy comes next.

At one instant the desk first sees the market, then hears answers; the exchange first sees the market, then takes orders;
the strategy comes last and knows all of it. Between instants the exchange runs by itself (`watch`), and stops when it
has something to say.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from .book import forget
from .desk import ON_BOOK, ON_TIMER, ON_TRADE, consult, hear, touched, view_at
from .layout import (
    DONE,
    FAR,
    FOREVER,
    FULL,
    LINE,
    MESSAGE_SIZE,
    NEW,
    RAISED,
    SAMPLE_SIZE,
    TOO_MANY,
    message_at,
    sample_at,
)
from .native import quick
from .touches import TICKER, TRADE, renew
from .venue import arrive, order_of, seek, slot_of, watch, withdraw


@quick
def _first(line_at, head, tail):
    """When the first message of a line arrives."""
    return message_at(line_at + (head & (LINE - 1)) * MESSAGE_SIZE).time if tail > head else np.int64(FOREVER)


@quick
def receive(r, local, kind, first, tick, lots, seq, levels, alone, until):
    """The market reaches the desk."""
    n, size, known = r.local, local.size, r.known
    while n < size and local[n] <= until:
        what = kind[n]
        begin, end = np.int64(first[n]), np.int64(first[n + 1])
        if what == TRADE:
            code = np.int64(tick[end - 1])
            r.trade, r.trade_lots, r.trade_side = code >> 2, np.int64(lots[end - 1]), code & 1
            r.due |= ON_TRADE
        elif renew(r.book, levels, what, tick, lots, begin, end, alone):
            r.due |= ON_BOOK
            if seq.size:
                known = seq[n]
            if r.ticker >= 0 and (seq.size == 0 or seq[r.ticker] <= known):
                r.ticker = -1
        elif what == TICKER and (seq.size == 0 or seq[n] > known):
            _see_ticker(r, tick, lots, begin, end)
            r.ticker = n
            r.due |= ON_BOOK
        n += 1
    r.local, r.known = n, known


@quick
def _see_ticker(r, tick, lots, begin, end):
    r.touch[0], r.touch[1], r.touch[2], r.touch[3] = 0, 0, 0, 0
    for n in range(begin, end):
        code = np.int64(tick[n])
        if lots[n] > 0:
            r.touch[2 * (code & 1)], r.touch[2 * (code & 1) + 1] = code >> 2, np.int64(lots[n])


@quick
def _separate(r, times, order, kind, first, tick, lots, apart, alone):
    """Where the desk's book cannot stand for the exchange's, keep that one too."""
    while r.behind < r.place:
        m = np.int64(order[r.behind])
        renew(r.venue, apart, kind[m], tick, lots, first[m], first[m + 1], alone)
        r.behind += 1


@quick
def sample(r, levels):
    s = sample_at(r.samples_at + r.samples * SAMPLE_SIZE)
    s.time, s.position, s.fee = r.now, r.position, r.fee
    s.cash, s.traded = np.float64(r.cash) * r.unit, np.float64(r.traded) * r.unit
    s.mid = np.nan
    if touched(r, levels):
        v = view_at(r.view_at)
        s.mid = 0.5 * np.float64(v.bid + v.ask) * r.tick_size
    r.samples += 1


@quick
def rooms(r):
    """True while everything that one instant can leave behind has its place."""
    return (
        r.fills + r.resting + LINE < r.fills_room
        and r.ledger + 64 < r.ledger_room
        and r.samples + 2 < r.samples_room
    )


@quick
def heard(r):
    return _first(r.answers_at, r.answer_head, r.answer_tail)


@quick
def asked(r):
    return _first(r.requests_at, r.request_head, r.request_tail)


@quick
def idle(r):
    return r.request_head == r.request_tail and r.answer_head == r.answer_tail


@quick
def _deliver(r, times, order, newest, kind, first, tick, lots, touch, levels, apart, own, alone):
    """What has reached the exchange by now."""
    r.place = seek(times, r.place, r.now)
    if r.apart:
        _separate(r, times, order, kind, first, tick, lots, apart, alone)
    while asked(r) <= r.now:
        word = message_at(r.requests_at + (r.request_head & (LINE - 1)) * MESSAGE_SIZE)
        r.request_head += 1
        if word.verb == NEW:
            arrive(r, word.slot, order, newest, kind, first, tick, lots, touch, levels, apart, own, r.now)
        else:
            withdraw(r, word.slot, own, r.now)


@quick
def clocks(r):
    """What the clock itself brings."""
    if r.now >= r.next_timer:
        r.due |= ON_TIMER
        r.next_timer += r.timer
    return r.now >= r.next_sample


@quick
def clean(run, levels, apart, own):
    """Empty both books and the bytes of our prices."""
    r = run[0]
    for side in range(2):
        forget(r.book, levels, side, np.int64(FAR - 1))
        if r.apart:
            forget(r.venue, apart, side, np.int64(FAR - 1))
    for n in range(r.resting):
        at = order_of(r, slot_of(r.resting_at, n)).tick - r.book.low
        if 0 <= at < r.book.span:
            own[at] = 0


@quick
def step(run, local, times, order, newest, kind, first, tick, lots, seq, touch, levels, apart, own, alone):
    """Run on until the data ends, room runs out or a strategy fails."""
    r = run[0]
    driven = r.calls[0] != 0 or r.calls[1] != 0
    over = False
    while not over:
        if not rooms(r):
            return FULL
        if r.answer_tail - r.answer_head > LINE // 2:
            return TOO_MANY
        now = min(asked(r), heard(r), r.next_timer, r.next_sample, r.until)
        if driven and r.local < local.size:
            now = min(now, local[r.local])
        elif r.now < r.last:
            now = min(now, r.last)
        while r.resting and r.place < times.size and times[r.place] <= now:
            watch(r, times, order, kind, first, tick, lots, touch, own, now)
            now = min(now, heard(r))
        if now == FOREVER:
            break
        r.now = now
        receive(r, local, kind, first, tick, lots, seq, levels, alone, now)
        while heard(r) <= now:
            hear(r)
        if asked(r) <= now:
            _deliver(r, times, order, newest, kind, first, tick, lots, touch, levels, apart, own, alone)
            while heard(r) <= now:
                hear(r)
        over = now >= r.until or (now >= r.last and idle(r))
        if not over and clocks(r):
            sample(r, levels)
            r.next_sample += r.sampling
        if r.due and now < r.until and not consult(r, levels):
            return RAISED
        over = over and (now >= r.until or idle(r))
    r.place = seek(times, r.place, r.now)
    sample(r, levels)
    return DONE
