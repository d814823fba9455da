"""What the venue says about our orders, applied once: acknowledgements, refusals, fills, ends.

Fills count by the venue's cumulative quantity, so that a repeated or late report changes nothing. An order with a gap in
its reports, without an answer, or open when a connection ended, is in doubt: UNKNOWN until the engine's Python side has
asked the venue (`resolve`, `replay`). Reports of orders that are not ours, or long forgotten, go to the tape as FOREIGN.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714 - chains of comparisons are what compiles to jumps
from __future__ import annotations

import numpy as np

from qbtc.core.binance.fast_reports import ACK, REFUSED, Execution
from qbtc.hft.domain.risk_records import UNKNOWN as UNKNOWN_AMOUNT
from qbtc.hft.domain.risk_rules import amount
from qbtc.hft.domain.risk_track import happened

from .book import due, mark
from .codes import Note, Order
from .layout import ACKED_STAGE, FILLED_STAGE, ON_FILL, OPEN, SLOTS
from .native import hot
from .tape import append, note, publish, room, took
from .trading import survey

SENT, ACKED, PARTIAL, UNKNOWN = int(Order.SENT), int(Order.ACKED), int(Order.PARTIAL), int(Order.UNKNOWN)
FILLED, DONE, REJECTED = int(Order.FILLED), int(Order.DONE), int(Order.REJECTED)
_ACK, _FILL, _DONE, _REJECT = int(Note.ACK), int(Note.FILL), int(Note.DONE), int(Note.REJECT)
_FOREIGN, _UNKNOWN, _DIFFERENCE = int(Note.FOREIGN), int(Note.UNKNOWN), int(Note.DIFFERENCE)
_FEE_PART = 1000
"""A fee in an asset that is not traded here counts as this part of the fill."""
_TRADE, _NEW = int(Execution.TRADE), int(Execution.NEW)


@hot
def slot_of(w, sequence):
    """The order's place, -1 if it is not known here."""
    if sequence < 0:
        return np.int64(-1)
    at = sequence % SLOTS
    return at if w.slots[at].sequence == sequence and w.slots[at].state else np.int64(-1)


@hot
def is_open(state):
    return state >= SENT and state <= UNKNOWN


@hot
def close(w, p, at, state):
    """Take an order off the open ones."""
    w.slots[at].state = state
    for n in range(w.open_count):
        if w.opened[n] == at:
            w.open_count -= 1
            w.opened[n] = w.opened[w.open_count]
            break
    p.head.open_orders = w.open_count


@hot
def on_answer(w, p):
    """The answer to a request of ours."""
    r = w.report
    if r.request < 0:
        return
    at = slot_of(w, r.request >> 1)
    if at < 0:
        return
    o = w.slots[at]
    if r.kind == ACK:
        if r.request & 1:
            return
        acknowledge(w, p, at, r.order_id)
    elif r.kind == REFUSED:
        note(w, p, _REJECT, o.sequence, o.symbol, r.code, r.request & 1)
        if r.request & 1 or unsure(r.code):
            doubt(w, p, at)
            return
        _rejected(w, p, at)


@hot
def unsure(code):
    """True for errors that leave open whether the venue has the order."""
    return code == -1000 or code == -1001 or code == -1006 or code == -1007


@hot
def doubt(w, p, at):
    """Nobody knows what an open order is: the venue is asked."""
    o = w.slots[at]
    o.waiting = 0
    if not is_open(o.state) or o.state == UNKNOWN:
        return
    o.state = UNKNOWN
    note(w, p, _UNKNOWN, o.sequence, o.symbol, 0, 0)


@hot
def doubt_all(w, p):
    """After a break everything that was open is in doubt."""
    for n in range(w.open_count):
        doubt(w, p, w.opened[n])


@hot
def _rejected(w, p, at):
    p.head.rejected += 1
    w.rejects += 1
    w.rejected = w.received
    if is_open(w.slots[at].state):
        close(w, p, at, REJECTED)
    survey(w, w.slots[at].symbol)


@hot
def acknowledge(w, p, at, order_id):
    o = w.slots[at]
    o.order_id = order_id
    w.rejects = 0
    if o.state != SENT and o.state != UNKNOWN:
        return
    if o.state == SENT:
        took(p, ACKED_STAGE, w.received - o.sent)
    o.state = PARTIAL if o.filled else ACKED
    p.head.acked += 1
    if room(p) > 0:
        row = p.tape[append(w, p, _ACK, o.sequence, o.symbol)]
        row.order_id = order_id
        publish(p, w.tape_head)


@hot
def on_execution(w, p):
    """An execution report."""
    r = w.report
    at = slot_of(w, r.sequence)
    if at < 0:
        _tell(w, p, _FOREIGN, np.int64(-1))
        return
    o = w.slots[at]
    if o.state == REJECTED and (r.open or r.filled > 0):
        _reopen(w, at)
    acknowledge(w, p, at, r.order_id)
    o.waits = 0 if r.on_book else o.waits
    if r.filled - o.filled > (r.lots if r.execution == _TRADE else 0):
        doubt(w, p, at)
        return
    filled = r.filled > o.filled
    if filled:
        _fill(w, p, at)
    if not r.open and r.execution != _NEW and is_open(o.state):
        full = o.filled >= o.lots
        if not full:
            _tell(w, p, _DONE, o.sequence)
        close(w, p, at, FILLED if full else DONE)
    survey(w, o.symbol)
    mark(w, o.symbol)
    if filled:
        due(w, o.symbol, ON_FILL)


@hot
def _reopen(w, at):
    """An order that was given up came to the venue after all."""
    if w.open_count < OPEN:
        w.slots[at].state, w.slots[at].waiting = UNKNOWN, 0
        w.opened[w.open_count] = at
        w.open_count += 1


@hot
def _fill(w, p, at):
    """The part of a fill that is new, into order, balances and position."""
    o, r = w.slots[at], w.report
    s, m = w.states[o.symbol], w.situations[o.symbol]
    if o.filled == 0:
        took(p, FILLED_STAGE, w.received - o.sent)
    lots = r.filled - o.filled
    o.filled, o.waits = r.filled, 0
    o.state = PARTIAL if is_open(o.state) else o.state
    sign = 1 if o.side == 0 else -1
    s.base += sign * lots * m.lot_units
    w.quote -= sign * amount(lots, 2 * r.tick, m)
    if r.fee_asset == s.base_asset:
        s.base -= r.fee
    elif r.fee_asset == s.quote_asset:
        w.quote -= r.fee
    elif r.fee > 0 and w.start_equity > UNKNOWN_AMOUNT:
        w.start_equity += amount(lots, 2 * r.tick, m) // _FEE_PART
    p.head.account += 1
    hold(w, p, o.symbol)
    s.fill, s.fill_lots, s.fill_side, s.fill_maker = r.tick, lots, o.side, r.maker
    p.head.filled += 1
    happened(w.fill_rate, w.received)
    _tell(w, p, _FILL, o.sequence)


@hot
def _tell(w, p, kind, sequence):
    """The report on the tape."""
    if room(p) <= 0:
        return
    r = w.report
    row = p.tape[append(w, p, kind, sequence, r.symbol)]
    row.side, row.tick, row.lots, row.filled, row.order_id = r.side, r.tick, r.lots, r.filled, r.order_id
    row.trade_id, row.fee, row.fee_asset, row.code, row.detail = r.trade_id, r.fee, r.fee_asset, r.execution, r.maker
    publish(p, w.tape_head)


@hot
def hold(w, p, i):
    """The position in symbol `i`: what the base balance has above its baseline, in whole lots, towards zero."""
    s, m = w.states[i], w.situations[i]
    held = s.base - s.baseline
    m.position = held // m.lot_units if held >= 0 else -(-held // m.lot_units)
    p.positions[i] = m.position


@hot
def balance(w, p, i, base, quote, account):
    """Balances as the venue says they are, if nothing has changed here since they were asked for.

    A difference is neither a position nor a profit, and nothing is sent, until the control side has said what it is.
    """
    s = w.states[i]
    if p.head.account != account:
        return
    if s.known and (s.base != base or w.quote != quote):
        p.head.differences += 1
        w.reconciled = 0
        s.baseline += base - s.base
        note(w, p, _DIFFERENCE, -1, i, base - s.base, quote - w.quote)
    worth = w.quote + w.net
    s.base, w.quote, s.known = base, quote, 1
    p.head.compared += 1
    hold(w, p, i)
    mark(w, i)
    if w.start_equity > UNKNOWN_AMOUNT:
        w.start_equity += w.quote + w.net - worth


@hot
def rebase(w, p, i, baseline):
    """What of the balance is no position, said anew: what becomes a position by that has won nothing yet."""
    w.states[i].baseline = baseline
    before = w.net
    hold(w, p, i)
    mark(w, i)
    if w.start_equity > UNKNOWN_AMOUNT:
        w.start_equity += w.net - before


@hot
def overdue(w, p):
    """Orders and cancels without an answer for too long are in doubt."""
    for n in range(w.open_count):
        o = w.slots[w.opened[n]]
        if (o.state == SENT and w.received - o.sent > w.unknown_ns) or (
            o.waiting and w.received - o.cancelled > w.unknown_ns
        ):
            doubt(w, p, w.opened[n])


@hot
def replay(w, p, c):
    """An execution that was learned by asking, as if it had been reported."""
    at = slot_of(w, c.a)
    if at < 0 or c.b <= w.slots[at].filled:
        return
    o, r = w.slots[at], w.report
    r.execution, r.symbol, r.side, r.order_id = _TRADE, o.symbol, o.side, o.order_id
    r.filled, r.lots, r.tick, r.fee, r.fee_asset, r.trade_id, r.maker = c.b, c.c, c.d, c.e, c.f, c.g, c.h
    _fill(w, p, at)
    survey(w, o.symbol)
    mark(w, o.symbol)
    due(w, o.symbol, ON_FILL)


@hot
def resolve(w, p, c):
    """What the venue said of an order when asked; one whose executions are not all counted stays in doubt."""
    at = slot_of(w, c.a)
    if at < 0:
        return
    o = w.slots[at]
    if not is_open(o.state) or c.c > o.filled or (c.d == 0 and (o.state != UNKNOWN or c.b)):
        return
    o.waiting, o.waits = 0, 0  # whether it still waits was not asked: it counts as one in the book
    if c.d:
        acknowledge(w, p, at, c.d)
    if not c.b:
        note(w, p, _DONE if c.d else _REJECT, o.sequence, o.symbol, 0, 0)
        close(w, p, at, FILLED if o.filled >= o.lots else DONE if c.d else REJECTED)
    survey(w, o.symbol)
