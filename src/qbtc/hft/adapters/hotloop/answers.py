"""What the venue says about our orders, applied once: acknowledgements, refusals, fills, ends.

Fills count by the venue's cumulative quantity, so that a repeated or late report changes nothing. Reports of orders
that are not ours, or long forgotten, go to the tape as FOREIGN.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714 - chains of comparisons are what compiles to jumps
from __future__ import annotations

import numpy as np

from qbtc.core.binance.fast_reports import ACK, REFUSED, Execution
from qbtc.hft.domain.risk_rules import amount
from qbtc.hft.domain.risk_track import happened

from .book import due, mark
from .layout import ACKED_STAGE, FILLED_STAGE, ON_FILL, SLOTS, Note, Order
from .native import hot
from .tape import append, note, publish, room, took
from .trading import survey

SENT, ACKED, PARTIAL, UNKNOWN = int(Order.SENT), int(Order.ACKED), int(Order.PARTIAL), int(Order.UNKNOWN)
FILLED, DONE, REJECTED = int(Order.FILLED), int(Order.DONE), int(Order.REJECTED)
_ACK, _FILL, _DONE, _REJECT = int(Note.ACK), int(Note.FILL), int(Note.DONE), int(Note.REJECT)
_FOREIGN, _UNKNOWN = int(Note.FOREIGN), int(Note.UNKNOWN)
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
        if r.request & 1:
            o.cancelled = 0
            return
        _rejected(w, p, at)


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
    acknowledge(w, p, at, r.order_id)
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
def _fill(w, p, at):
    """The part of a fill that is new, into order, position and balances."""
    o, r = w.slots[at], w.report
    s, m = w.states[o.symbol], w.situations[o.symbol]
    if o.filled == 0:
        took(p, FILLED_STAGE, w.received - o.sent)
    lots = r.filled - o.filled
    o.filled = r.filled
    o.state = PARTIAL if is_open(o.state) else o.state
    sign = 1 if o.side == 0 else -1
    m.position += sign * lots
    s.base += sign * lots * m.lot_units
    w.quote -= sign * amount(lots, 2 * r.tick, m)
    if r.fee_asset == s.base_asset:
        s.base -= r.fee
    elif r.fee_asset == s.quote_asset:
        w.quote -= r.fee
    s.fill, s.fill_lots, s.fill_side, s.fill_maker = r.tick, lots, o.side, r.maker
    p.head.filled += 1
    p.positions[o.symbol] = m.position
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
def _missed(w, p, at, lots):
    """A fill that was learned by asking, on the tape: its trade id and fee are not known."""
    if room(p) <= 0:
        return
    o = w.slots[at]
    row = p.tape[append(w, p, _FILL, o.sequence, o.symbol)]
    row.side, row.tick, row.lots, row.filled, row.order_id = o.side, o.tick, lots, o.filled, o.order_id
    publish(p, w.tape_head)


@hot
def overdue(w, p):
    """Orders without an answer for too long are UNKNOWN until the control side has asked the venue."""
    for n in range(w.open_count):
        o = w.slots[w.opened[n]]
        if o.state == SENT and w.received - o.sent > w.unknown_ns:
            o.state = UNKNOWN
            note(w, p, _UNKNOWN, o.sequence, o.symbol, 0, 0)


@hot
def resolve(w, p, sequence, opened, filled):
    """What the venue said of an order when asked: open or not, and how much of it is filled."""
    at = slot_of(w, sequence)
    if at < 0:
        return
    o, m = w.slots[at], w.situations[w.slots[at].symbol]
    if o.state == UNKNOWN or o.state == SENT:
        o.state = ACKED if filled == 0 else PARTIAL
    if filled > o.filled:
        lots, sign = filled - o.filled, 1 if o.side == 0 else -1
        o.filled = filled
        m.position += sign * lots
        w.states[o.symbol].base += sign * lots * m.lot_units
        w.quote -= sign * amount(lots, 2 * o.tick if o.tick else m.bid + m.ask, m)
        p.positions[o.symbol] = m.position
        _missed(w, p, at, lots)
    if not opened and is_open(o.state):
        close(w, p, at, FILLED if filled >= o.lots else DONE if filled else REJECTED)
    survey(w, o.symbol)
