"""The clock of a backtest: which of the market, the exchange, the desk and the strategy comes next.

At one instant the desk first sees the market, then hears answers; the exchange first sees the market, then takes orders;
the strategy comes last and knows all of it. Between instants the exchange runs by itself (`happen`), and stops when it
has something to say. A strategy of several legs has a desk and an exchange for each, and one clock for all.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.memory import store

from .book import forget
from .desk import TRADES, call, forget_intents, hear, send, show, touched, view_at
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
    SAMPLED,
    TOO_MANY,
    message_at,
    sample_at,
)
from .native import inlined, quick
from .resting import consult, order_of, slot_of
from .touches import TICKER, TRADE, renew
from .venue import arrive, happen, keep_dates, seek, upcoming, withdraw


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
    s.time, s.position, s.fee, s.funding = r.now, r.position, r.fee, r.paid
    s.cash, s.traded = np.float64(r.cash) * r.unit - r.paid, np.float64(r.traded) * r.unit
    s.mid = np.nan
    if touched(r, seen, levels):
        v = view_at(r.view_at)
        s.mid = 0.5 * np.float64(v.bid + v.ask) * r.tick_size
    r.samples += 1
    if r.margin != 0:
        consult(r, SAMPLED, 0, r.now)


@quick
def rooms(r, legs):
    """True while everything that one instant can leave behind has its place; each of `legs` may place orders here."""
    return (
        r.fills + r.resting + LINE < r.fills_room
        and r.ledger + 64 * legs < r.ledger_room
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
def wind(r):
    """A timer that is due."""
    if r.now >= r.next_timer:
        r.due |= ON_TIMER
        r.next_timer += r.timer


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
def _next(r, local):
    """When one market's clock, desk or wires are next to do something."""
    now = min(asked(r), heard(r), r.next_timer, r.next_sample, r.until, r.dated)
    if (r.calls[0] != 0 or r.calls[1] != 0) and r.local < local.size:
        return min(now, local[r.local])
    return min(now, r.last) if r.now < r.last else now


@inlined
def _exchanges(runs, legs, now):
    """Let the exchanges run by themselves, whichever is first, until `now` or until one has been heard; that time."""
    while True:
        first, which = np.int64(FOREVER), 0
        for n in range(len(legs)):
            time = upcoming(runs[n], legs[n].times, legs[n].trades, legs[n].reach, now)
            if time < first:
                first, which = time, n
        if first > now:
            break
        happen(runs[which], legs[which])
        now = min(now, heard(runs[which]))
        if runs[which].answer_tail - runs[which].answer_head > LINE // 2:
            now = first
    for n in range(len(legs)):
        if runs[n].place > 0 and legs[n].times[runs[n].place - 1] > now:
            # It looked ahead for a time that another exchange has shortened.
            runs[n].place = seek(legs[n].times, 0, now)
    return now


@inlined
def _arrives(r, f):
    """What reaches one desk and its exchange by now."""
    if r.deep:
        receive(r, f.local, f.kind, f.first, f.tick, f.lots, f.seq, f.levels, f.alone, r.now)
    else:
        glance(r, f.local, f.news, f.first, f.tick, f.lots, r.now)
    while heard(r) <= r.now:
        hear(r)
    if asked(r) <= r.now:
        _deliver(r, f)
        while heard(r) <= r.now:
            hear(r)
    if r.dated <= r.now:
        keep_dates(r, f)


@inlined
def _decide(runs, legs):
    """Call the methods that are due, and send what they ask for; False: one of them failed."""
    first = runs[0]
    for method in range(4):
        for n in range(len(legs)):
            due = runs[n].due & (1 << method)
            runs[n].due ^= due
            sees = due != 0 and first.calls[method] != 0
            for m in range(len(legs)):
                sees = sees and show(runs[m], legs[m].seen, legs[m].levels)
            if not sees:
                continue
            store(first.leg_at, n)
            for m in range(len(legs)):
                forget_intents(runs[m])
            if not call(first, method):
                return False
            for m in range(len(legs)):
                if runs[m].now > first.last:
                    forget_intents(runs[m])  # after the last message nothing new leaves, or it would never end
                if not send(runs[m], method):
                    first.fault, first.fault_method = runs[m].fault, method
                    return False
    return True


@quick
def decide(runs, legs):
    """`_decide` for who drives a run from outside; of `legs` only what is `seen` and the `levels` are read."""
    return _decide(runs, legs)


@quick
def step(runs, legs):
    """Run on until the data ends, room runs out or a strategy fails. `runs`: a RUN a market, `legs`: the Columns of each."""
    first, over = runs[0], False
    while not over:
        now = np.int64(FOREVER)
        for n in range(len(legs)):
            r = runs[n]
            if not rooms(r, len(legs)):
                return FULL
            if r.answer_tail - r.answer_head > LINE // 2:
                return TOO_MANY
            now = min(now, _next(r, legs[n].local))
        now = _exchanges(runs, legs, now)
        if now == FOREVER:
            break
        quiet = True
        for n in range(len(legs)):
            runs[n].now = now
            _arrives(runs[n], legs[n])
            quiet = quiet and idle(runs[n])
        over = now >= first.until or (now >= first.last and quiet)
        if not over:
            wind(first)
            for n in range(len(legs)):
                if now >= runs[n].next_sample:
                    sample(runs[n], legs[n].seen, legs[n].levels)
                    runs[n].next_sample += runs[n].sampling
        due = np.int64(0)
        for n in range(len(legs)):
            due |= runs[n].due
        if due and now < first.until and not _decide(runs, legs):
            return RAISED
        for n in range(len(legs)):
            over = over and (now >= first.until or idle(runs[n]))
    for n in range(len(legs)):
        runs[n].place = seek(legs[n].times, runs[n].place, runs[n].now)
        sample(runs[n], legs[n].seen, legs[n].levels)
    return DONE
