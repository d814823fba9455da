"""The clock of a backtest: which of the market, the exchange, the desk and the strategy comes next.

At one instant the desk first sees the market, then hears answers; the exchange first sees the market, then takes orders;
the strategy comes last and knows all of it. Between instants the exchange runs by itself (`watch`), and stops when it
has something to say.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from .book import forget
from .desk import TRADES, consult, hear, touched, view_at
from .layout import (
    DONE,
    FAR,
    FOREVER,
    FULL,
    LINE,
    MESSAGE_SIZE,
    NEW,
    ON_BOOK,
    ON_TIMER,
    ON_TRADE,
    RAISED,
    SAMPLE_SIZE,
    TOO_MANY,
    message_at,
    sample_at,
)
from .native import inlined, quick
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
def glance(r, local, news, first, tick, lots, until):
    """The market reaches a desk that looks at no level behind the touch: what it sees is known beforehand."""
    if r.calls[0] == 0 and r.calls[1] == 0 and r.needs & TRADES == 0:
        r.local = seek(local, r.local, until)
        return
    n, trade = r.local, np.int64(-1)
    while n < local.size and local[n] <= until:
        r.due |= news[n]
        if news[n] == ON_TRADE:
            trade = np.int64(first[n + 1]) - 1
        n += 1
    r.local = n
    if trade >= 0:
        code = np.int64(tick[trade])
        r.trade, r.trade_lots, r.trade_side = code >> 2, np.int64(lots[trade]), code & 1


@quick
def sample(r, seen, levels):
    s = sample_at(r.samples_at + r.samples * SAMPLE_SIZE)
    s.time, s.position, s.fee = r.now, r.position, r.fee
    s.cash, s.traded = np.float64(r.cash) * r.unit, np.float64(r.traded) * r.unit
    s.mid = np.nan
    if touched(r, seen, levels):
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


@inlined
def _deliver(r, f):
    """What has reached the exchange by now."""
    r.place = seek(f.times, r.place, r.now)
    while asked(r) <= r.now:
        word = message_at(r.requests_at + (r.request_head & (LINE - 1)) * MESSAGE_SIZE)
        r.request_head += 1
        if word.verb == NEW:
            arrive(r, word.slot, f, r.now)
        else:
            withdraw(r, word.slot, f.own, r.now)


@quick
def clocks(r):
    """What the clock itself brings."""
    if r.now >= r.next_timer:
        r.due |= ON_TIMER
        r.next_timer += r.timer
    return r.now >= r.next_sample


@quick
def clean(run, levels, own):
    """Empty the book and the bytes of our prices."""
    r = run[0]
    for side in range(2):
        forget(r.book, levels, side, np.int64(FAR - 1))
    for n in range(r.resting):
        at = order_of(r, slot_of(r.resting_at, n)).tick - r.book.low
        if 0 <= at < r.book.span:
            own[at] = 0


@quick
def step(run, f):
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
        if driven and r.local < f.local.size:
            now = min(now, f.local[r.local])
        elif r.now < r.last:
            now = min(now, r.last)
        while r.resting and r.place < f.times.size and f.times[r.place] <= now:
            watch(r, f, now)
            now = min(now, heard(r))
        if now == FOREVER:
            break
        r.now = now
        if r.deep:
            receive(r, f.local, f.kind, f.first, f.tick, f.lots, f.seq, f.levels, f.alone, now)
        else:
            glance(r, f.local, f.news, f.first, f.tick, f.lots, now)
        while heard(r) <= now:
            hear(r)
        if asked(r) <= now:
            _deliver(r, f)
            while heard(r) <= now:
                hear(r)
        over = now >= r.until or (now >= r.last and idle(r))
        if not over and clocks(r):
            sample(r, f.seen, f.levels)
            r.next_sample += r.sampling
        if r.due and now < r.until and not consult(r, f.seen, f.levels):
            return RAISED
        over = over and (now >= r.until or idle(r))
    r.place = seek(f.times, r.place, r.now)
    sample(r, f.seen, f.levels)
    return DONE
