"""From a touched book to bytes on the order socket: strategy, risk gate, tape, request, in one call.

An order is on the tape before its bytes leave; one that cannot be written there is not sent. What the venue answers is
in `answers`. A strategy's intents are refused one by one; a fault of the strategy halts trading.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714, SIM110 - chains of comparisons are what compiles to jumps
from __future__ import annotations

import numpy as np

from qbtc.core.binance.fast_orders import (
    LIMIT,
    LIMIT_MAKER,
    MARKET,
    STOP_LOSS,
    STOP_LOSS_LIMIT,
    TAKE_PROFIT,
    TAKE_PROFIT_LIMIT,
    cancel,
    cancel_payload,
    place,
    place_payload,
    sign_base64,
    sign_hex,
)
from qbtc.core.binance.fast_ws import USUAL_HEAD, next_mask, seal
from qbtc.hft.domain.risk_records import ACTIVE, HALTED
from qbtc.hft.domain.risk_records import UNKNOWN as UNKNOWN_AMOUNT
from qbtc.hft.domain.risk_rules import PASSES, amount, first_refusal
from qbtc.hft.domain.risk_track import (
    happened,
    last_second,
    last_ten,
    moved,
    typical_lots,
    typical_spread,
)
from qbtc.hft.domain.strategy_native import call_strategy
from qbtc.hft.domain.strategy_records import BOTH, FOK, INTENTS, IOC, MARK, NO_MARK, OWN, PLACE, POST

from .book import mark, show
from .codes import PASSING, Halt, Note, Order
from .layout import CHECKED, DECIDED, DECODED, OPEN, ORDER_LINK, SENT_STAGE, SLOTS
from .links import transmit
from .native import (
    MONOTONIC,
    address_of,
    call_digest_sign,
    call_hmac,
    hot,
    now_ns,
)
from .recording import said
from .tape import append, note, publish, room, took, warm

GTC_WORD, IOC_WORD, FOK_WORD = 1, 2, 3
HMAC, ED25519 = 1, 2
FREE, SENT, ACKED, PARTIAL, UNKNOWN = (int(Order(n)) for n in range(5))
_SEND, _CANCEL, _REFUSAL, _HALT, _STATE = (
    int(Note.SEND),
    int(Note.CANCEL),
    int(Note.REFUSAL),
    int(Note.HALT),
    int(Note.STATE),
)
_STRATEGY, _JOURNAL_FULL, _NOT_SENT, _NOT_SIGNED = (
    int(Halt.STRATEGY),
    int(Halt.JOURNAL_FULL),
    int(Halt.NOT_SENT),
    int(Halt.NOT_SIGNED),
)
_CANCEL_AGAIN = 500_000_000
_PASSING = tuple(int(reason) for reason in PASSING)
_MOST_OUT = 32_768 - 2_048
"""Bytes that wait in `out` when what was built is handed to the socket before the next request: one more may not fit."""
NO_SLOT = -2
"""`code` of a refusal that is not a rule's: too many open orders for the loop's table."""


@hot
def halt(w, p, reason, detail):
    """Stop sending new orders, say why once."""
    if p.head.state != HALTED:
        p.head.state, p.head.reason, p.head.detail = HALTED, reason, detail
        note(w, p, _HALT, -1, -1, reason, detail)


@hot
def passes(reason):
    """True for a halt that ends with the connection's next session."""
    for each in _PASSING:
        if reason == each:
            return True
    return False


@hot
def set_state(w, p, state, reason):
    p.head.state, p.head.reason, p.head.detail = state, reason, 0
    note(w, p, _STATE, -1, -1, state, reason)


@hot
def survey(w, i):
    """Our open orders of symbol `i`, as the gate and the strategy need them."""
    m, v = w.situations[i], w.sight
    m.working_buy, m.working_sell, m.own_bid, m.own_ask, m.open_here, m.unknown_here = 0, 0, 0, 0, 0, 0
    w.states[i].buying = 0
    count = np.int64(0)
    for n in range(w.open_count):
        o = w.slots[w.opened[n]]
        if o.symbol != i:
            continue
        left = o.lots - o.filled
        m.open_here += 1
        m.unknown_here += o.state == UNKNOWN
        if o.side == 0:
            m.working_buy += left
            m.own_bid = m.own_bid if o.waits else max(m.own_bid, o.tick)
            w.states[i].buying += amount(left, _twice_price(o, m), m)
        else:
            m.working_sell += left
            if o.waits == 0 and o.tick:
                m.own_ask = o.tick if m.own_ask == 0 else min(m.own_ask, o.tick)
        if count < OWN:
            v.own_side[count], v.own_tick[count], v.own_lots[count] = o.side, o.tick, left
        count += 1
    v.own = count


@hot
def _twice_price(o, m):
    """What an open order may cost a lot, twice, in ticks: its limit, what it waits for, or the mid."""
    return 2 * o.tick if o.tick else 2 * o.stop if o.stop else m.bid + m.ask


@hot
def _situation(w, p, i):
    """What the gate reads beside the market and our orders. Only positions win and lose: what was held before is equity,
    and its price moves are no profit."""
    m, s, now = w.situations[i], w.states[i], w.received
    m.state, m.killed, m.reconciled = p.head.state, w.killed, w.reconciled
    m.age = now - s.heard if s.heard else np.int64(-1)
    m.skew, m.minute = w.skew, w.minute
    m.open_all = w.open_count
    m.sent_1s, m.sent_10s = last_second(w.sent_rate, now), last_ten(w.sent_rate, now)
    m.cancels_1s, m.fills_10s = last_second(w.cancel_rate, now), last_ten(w.fill_rate, now)
    m.rejects = w.rejects if now - w.rejected < 60_000_000_000 else 0
    m.typical_lots, m.typical_spread, m.moved = typical_lots(s.pulse), typical_spread(s.pulse), moved(s.pulse, now)
    m.other_gross, m.other_net = w.gross - s.gross, w.net - s.net
    m.equity = w.quote + w.value
    m.day_pnl = w.quote + w.net - w.start_equity if w.start_equity > UNKNOWN_AMOUNT else np.int64(UNKNOWN_AMOUNT)
    w.peak = max(w.peak, m.day_pnl)
    m.day_peak = w.peak
    spending = np.int64(0)
    for n in range(w.symbols_count):
        spending += w.states[n].buying
    m.free_quote = w.quote - spending
    m.free_base = s.base - m.working_sell * m.lot_units


@hot
def act(w, p):
    """Whatever is due: the strategy of each symbol that something happened to, then a cancel of everything.

    Called when `w.busy`, and the one place from which orders leave. False: the order socket is lost.
    """
    w.busy = 0
    for i in range(w.symbols_count):
        s, due = w.states[i], w.states[i].due
        s.due = 0
        if due == 0 or s.bid <= 0 or s.ask <= s.bid:
            continue
        for n in range(4):
            function = w.calls.methods[n]
            if due & (1 << n) and function and p.head.state != HALTED and not consult(w, p, i, function):
                return False
    if w.cancelling:
        w.cancelling, w.out_size = 0, 0
        return cancel_matching(w, p, -1, BOTH, 0) and ship(w, p)
    return True


@hot
def consult(w, p, i, function):
    """Call one function of the strategy and carry out its intents."""
    k = w.intents
    survey(w, i)
    show(w, i)
    k.count, k.fault = 0, 0
    p.head.decisions += 1
    raised = call_strategy(function, w.states[i].own, address_of(w.sight), address_of(w.intents))
    decided = now_ns(MONOTONIC, w.scratch)
    if raised != 0 or k.fault != 0 or k.count < 0 or k.count > INTENTS:
        halt(w, p, _STRATEGY, k.fault if raised == 0 else np.int64(-1))
        return True
    if _by_mark(k):
        halt(w, p, _STRATEGY, np.int64(NO_MARK))
        return True
    if k.count == 0:
        return True
    w.out_size = 0
    _situation(w, p, i)
    for n in range(k.count):
        good = _place(w, p, i, n) if k.verb[n] == PLACE else cancel_matching(w, p, i, k.side[n], k.tick[n])
        if not good:
            return False
    if w.out_size == 0:
        return True
    checked = now_ns(MONOTONIC, w.scratch)
    good = ship(w, p)
    done = now_ns(MONOTONIC, w.scratch)
    took(p, DECODED, w.decoded - w.received)
    took(p, DECIDED, decided - w.received)
    took(p, CHECKED, checked - w.received)
    took(p, SENT_STAGE, done - w.received)
    warm(p)
    mark(w, i)
    return good


@hot
def _by_mark(k):
    """Whether it asks for a stop by the mark price, which no venue here takes."""
    for n in range(k.count):
        if k.verb[n] == PLACE and k.rest[n] >= MARK:
            return True
    return False


@hot
def ship(w, p):
    """Hand the frames that were built to the socket."""
    if w.out_size == 0:
        return True
    good = transmit(w.links[ORDER_LINK], w.calls, np.int64(w.out.ctypes.data), w.out_size)
    said(w, w.out_size)
    w.out_size = 0
    if not good:
        halt(w, p, _NOT_SENT, w.links[ORDER_LINK].detail)
    return good


@hot
def _unwritable(name, tick, lots, trigger):
    """1 if a price or a quantity does not fit 63 bits as an integer of 1e-8."""
    most = np.float64(9.2e18)
    price = np.float64(max(tick, trigger)) * np.float64(name.tick_units)
    quantity = np.float64(lots) * np.float64(name.lot_units)
    return np.uint8(0 if price < most and quantity < most else 1)


@hot
def _wire_kind(kind, stop):
    """How the venue calls an order that waits for a trigger; other kinds are what they are."""
    if stop > 0:
        return np.int64(STOP_LOSS if kind == MARKET else STOP_LOSS_LIMIT)
    if stop < 0:
        return np.int64(TAKE_PROFIT if kind == MARKET else TAKE_PROFIT_LIMIT)
    return np.int64(kind)


@hot
def _tif(rest):
    return np.int64(IOC_WORD if rest == IOC else FOK_WORD if rest == FOK else GTC_WORD)


@hot
def _place(w, p, i, n):
    """Intent `n` through the gate onto the tape and into the out buffer, or a refusal on the tape. False: the order socket
    is lost."""
    k, o, m = w.intents, w.order, w.situations[i]
    o.tick, o.lots, o.side, o.flatten = k.tick[n], k.lots[n], np.uint8(k.side[n]), 0
    o.trigger = abs(k.stop[n])
    o.broken = _unwritable(w.names[i], k.tick[n], k.lots[n], o.trigger)
    o.kind = MARKET if k.tick[n] == 0 else LIMIT_MAKER if k.rest[n] == POST else LIMIT
    rule = first_refusal(o, m, w.limits[i], w.verdicts)
    slot = (w.sequence + 1) % SLOTS
    if rule == PASSES and (w.slots[slot].state in (SENT, ACKED, PARTIAL, UNKNOWN) or w.open_count >= OPEN):
        rule = np.int64(NO_SLOT)
    if rule != PASSES:
        p.head.refused += 1
        p.head.last_refusal = rule
        # A state that refuses everything is not worth a record an order.
        if p.head.state == ACTIVE:
            note(w, p, _REFUSAL, -1, i, rule, k.tick[n])
        return True
    if room(p) <= SLOTS:
        halt(w, p, _JOURNAL_FULL, p.tape_cursors.head)
        return True
    if w.out_size > _MOST_OUT and not ship(w, p):
        return False
    w.sequence += 1
    _remember(w, i, slot)
    kind = _wire_kind(o.kind, k.stop[n])
    _intend(w, p, i, kind, k.stop[n])
    _request(w, i, w.slots[slot], kind, _tif(k.rest[n]))
    if not _write(w, i, False):
        halt(w, p, _NOT_SIGNED, 0)
        return True
    happened(w.sent_rate, w.received)
    p.head.sent += 1
    survey(w, i)
    _situation_after(w, i)
    return True


@hot
def _situation_after(w, i):
    """An order more: what the next intent of the same call must know."""
    m = w.situations[i]
    m.open_all = w.open_count
    m.sent_1s += 1
    m.sent_10s += 1
    m.free_base = w.states[i].base - m.working_sell * m.lot_units
    spending = np.int64(0)
    for n in range(w.symbols_count):
        spending += w.states[n].buying
    m.free_quote = w.quote - spending


@hot
def _remember(w, i, slot):
    o, r = w.slots[slot], w.order
    o.sequence, o.state, o.symbol, o.side, o.kind = w.sequence, SENT, i, r.side, r.kind
    o.tick, o.lots, o.filled, o.order_id, o.sent, o.cancelled = r.tick, r.lots, 0, 0, w.received, 0
    o.stop, o.waits, o.waiting = r.trigger, np.int64(r.trigger > 0), 0
    w.opened[w.open_count] = slot
    w.open_count += 1


@hot
def _intend(w, p, i, kind, stop):
    """The intent on the tape: it is there before the bytes leave."""
    row = p.tape[append(w, p, _SEND, w.sequence, i)]
    row.side, row.type, row.tick, row.lots, row.detail = w.order.side, kind, w.order.tick, w.order.lots, stop
    publish(p, w.tape_head)


@hot
def _request(w, i, o, kind, tif):
    r = w.request
    r.sequence, r.side, r.kind, r.tif, r.tick, r.lots, r.stop = o.sequence, o.side, kind, tif, o.tick, o.lots, o.stop
    r.timestamp = (w.received + w.wall) // 1_000_000


@hot
def _write(w, i, cancelling):
    """The request as a masked frame behind what is in the out buffer. False: it cannot be signed."""
    begin = w.out_size + USUAL_HEAD
    if cancelling:
        end = cancel(w.out, begin, w.own, w.names[i], w.request)
    else:
        end = place(w.out, begin, w.own, w.names[i], w.request)
    if w.sign:
        end = _sign(w, i, cancelling, end)
        if end < 0:
            return False
    start = seal(w.out, begin, end - begin, 1, next_mask(w.mask))
    if start != w.out_size:
        for n in range(end - start):
            w.out[w.out_size + n] = w.out[start + n]
    w.out_size += end - start
    return True


@hot
def _sign(w, i, cancelling, end):
    if cancelling:
        size = cancel_payload(w.payload, 0, w.own, w.names[i], w.request)
    else:
        size = place_payload(w.payload, 0, w.own, w.names[i], w.request)
    c, data, into = w.calls, np.int64(w.payload.ctypes.data), np.int64(w.digest.ctypes.data)
    if w.sign == HMAC:
        if call_hmac(c.hmac, c.sha256, np.int64(w.secret.ctypes.data), w.secret_size, data, size, into) == 0:
            return np.int64(-1)
        return sign_hex(w.out, end, w.digest, 32)
    w.size[0] = 64
    zero = np.int64(0)
    if call_digest_sign(c.digest_sign_init, c.sign_context, zero, zero, zero, c.sign_key) != 1:
        return np.int64(-1)
    if call_digest_sign(c.digest_sign, c.sign_context, into, np.int64(w.size.ctypes.data), data, np.int64(size)) != 1:
        return np.int64(-1)
    return sign_base64(w.out, end, w.digest, w.size[0])


@hot
def cancel_matching(w, p, i, side, tick):
    """Cancels of our open orders of symbol `i` (-1: all) of a side at a price (0: any) into the out buffer. False: the order
    socket is lost."""
    for n in range(w.open_count):
        o = w.slots[w.opened[n]]
        if (i >= 0 and o.symbol != i) or (side != BOTH and o.side != side) or (tick != 0 and o.tick != tick):
            continue
        if o.cancelled and w.received - o.cancelled < _CANCEL_AGAIN:
            continue
        if w.out_size > _MOST_OUT and not ship(w, p):
            return False
        o.cancelled, o.waiting = w.received, 1
        note(w, p, _CANCEL, o.sequence, o.symbol, 0, o.tick)
        _request(w, o.symbol, o, o.kind, GTC_WORD)
        if not _write(w, o.symbol, True):
            halt(w, p, _NOT_SIGNED, 0)
            return True
        happened(w.cancel_rate, w.received)
        p.head.cancels += 1
    return True
