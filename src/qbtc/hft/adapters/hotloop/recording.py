"""The loop's part of a recording: what it was told and what it sent, into a ring, after the bytes have left.

Nothing here waits. When the ring is full the recording ends there, and trading goes on. What is written is enough to
run the same code again (`again`): bytes of the links, instants, commands, what the control side asked for.
"""

# mypy: disable-error-code="no-untyped-def, misc"

from __future__ import annotations

import numpy as np

from qbtc.hft.domain.risk_records import LIMITS
from qbtc.hft.domain.session.kinds import Kind

from .codes import Verb
from .layout import COMMAND, CONTROL, MARKET_LINK, ORDER_LINK, RING, SAID, SLOW, SNAPSHOT, SYMBOLS, TURN
from .native import address_of, copy_bytes, hot, load_acquire, store_release

_PAD, _BEGUN, _LISTENED, _STAGED, _COMMAND, _HOUSE, _TURN, _OVER = (
    int(k)
    for k in (
        Kind.PAD, Kind.BEGUN, Kind.LISTENED, Kind.STAGED, Kind.COMMAND, Kind.HOUSE, Kind.TURN, Kind.OVER,
    )
)  # fmt: skip
_SNAPSHOT = int(Verb.SNAPSHOT)
_HEAD = 16
_COMMAND_SIZE, _TURN_SIZE, _CONTROL_SIZE = COMMAND.itemsize, TURN.itemsize, CONTROL.itemsize
_LIMITS_SIZE, _SLOW_SIZE, _BASE_SIZE = LIMITS.itemsize * SYMBOLS, SLOW.itemsize * SYMBOLS, 8 * SYMBOLS
CONTROL_SIZE = _CONTROL_SIZE + _LIMITS_SIZE + _SLOW_SIZE + _BASE_SIZE


@hot
def _head(w, at, kind, size, when):
    h = w.record_head
    h.size, h.kind, h.zero, h.at = size, kind, 0, when
    copy_bytes(at, address_of(h), np.int64(_HEAD))


@hot
def record(w, kind, size, when):
    """Address of a new record's payload; 0 when nothing is recorded any more."""
    if w.recording == 0:
        return np.int64(0)
    if w.record_no_more:
        w.recording = 0
        return np.int64(0)
    whole = _HEAD + (size + 15) // 16 * 16
    left = RING - w.recorded % RING
    need = whole if whole <= left else whole + left
    if need > RING - (w.recorded - load_acquire(w.recording_tail)):
        w.recording, w.unrecorded = 0, 1
        return np.int64(0)
    if whole > left:
        _head(w, w.recording + w.recorded % RING, _PAD, left - _HEAD, when)
        w.recorded += left
    at = w.recording + w.recorded % RING
    _head(w, at, kind, whole - _HEAD, when)
    w.recorded += whole
    return at + _HEAD


@hot
def show_recorded(w):
    """To whoever drains the ring."""
    store_release(w.recording_head, w.recorded)


@hot
def keep_begin(w, when):
    """What the links had received before they were handed over."""
    m, o = w.links[MARKET_LINK], w.links[ORDER_LINK]
    at = record(w, _BEGUN, 32 + m.tail + o.tail, when)
    if at == 0:
        return
    w.turn.link, w.turn.got, w.turn.acted, w.turn.said = m.tail, o.tail, w.mask[0], w.wall
    copy_bytes(at, address_of(w.turn), np.int64(32))
    copy_bytes(at + 32, np.int64(m.rx.ctypes.data), m.tail)
    copy_bytes(at + 32 + m.tail, np.int64(o.rx.ctypes.data), o.tail)
    show_recorded(w)


@hot
def _control(p, at):
    """What the control side has written."""
    copy_bytes(at, address_of(p.control), np.int64(_CONTROL_SIZE))
    at += _CONTROL_SIZE
    copy_bytes(at, address_of(p.limits[0]), np.int64(_LIMITS_SIZE))
    at += _LIMITS_SIZE
    copy_bytes(at, address_of(p.slow[0]), np.int64(_SLOW_SIZE))
    at += _SLOW_SIZE
    copy_bytes(at, np.int64(p.baselines.ctypes.data), np.int64(_BASE_SIZE))


@hot
def keep_listened(w, p):
    at = record(w, _LISTENED, np.int64(CONTROL_SIZE), w.received)
    if at:
        _control(p, at)
        show_recorded(w)


@hot
def keep_command(w, p, c):
    """Before it is obeyed: afterwards its place may be another one's."""
    if w.recording == 0:
        return
    if c.verb == _SNAPSHOT:
        _keep_staged(w, p)
    at = record(w, _COMMAND, np.int64(_COMMAND_SIZE), w.received)
    if at:
        copy_bytes(at, address_of(c), np.int64(_COMMAND_SIZE))


@hot
def _keep_staged(w, p):
    s = p.snapshot
    bids, asks = min(s.bids, SNAPSHOT), min(s.asks, SNAPSHOT)
    at = record(w, _STAGED, 24 + 16 * (bids + asks), w.received)
    if at:
        copy_bytes(at, address_of(s), np.int64(24))
        copy_bytes(at + 24, np.int64(s.rows[0].ctypes.data), 16 * bids)
        copy_bytes(at + 24 + 16 * bids, np.int64(s.rows[1].ctypes.data), 16 * asks)


@hot
def signs(w, p):
    """A number that is another one after a housekeeping that changed anything that matters."""
    found = p.head.state + 31 * p.head.reason + 37 * p.tape_cursors.head + 41 * p.command_cursors.tail + 43 * w.busy
    found += 47 * w.limits_taken + 53 * w.slow_taken + 59 * w.baselines_taken + 61 * w.day + 67 * w.reconciled
    for i in range(w.symbols_count):
        found += 71 * w.states[i].timer
    return found + (73 if w.start_equity > -(1 << 62) else 0)


@hot
def keep_house(w, p):
    """After a housekeeping that changed something."""
    at = record(w, _HOUSE, np.int64(CONTROL_SIZE + 8), w.received)
    if at:
        w.turn.link = w.wall
        copy_bytes(at, address_of(w.turn), np.int64(8))
        _control(p, at + 8)
        show_recorded(w)


@hot
def said(w, size):
    """Bytes that were handed to the socket; what does not fit is left out, here and when it is run again."""
    if w.said_size + size <= SAID:
        copy_bytes(np.int64(w.said.ctypes.data) + w.said_size, np.int64(w.out.ctypes.data), size)
        w.said_size += size


@hot
def keep_turn(w, p):
    """At the end of a turn in which something was received or done."""
    link, got = w.turn_link, w.turn_got
    at = record(w, _TURN, _TURN_SIZE + got + w.said_size, w.received)
    if at:
        t = w.turn
        t.link, t.got, t.acted, t.said, t.wall = link, got, w.turn_acted, w.said_size, w.wall
        t.notes, t.refused, t.decisions = p.tape_cursors.head, p.head.refused, p.head.decisions
        copy_bytes(at, address_of(t), np.int64(_TURN_SIZE))
        at += _TURN_SIZE
        if got > 0:
            copy_bytes(at, np.int64(w.links[link].rx.ctypes.data) + w.links[link].tail - got, got)
        copy_bytes(at + got, np.int64(w.said.ctypes.data), w.said_size)
        show_recorded(w)
    forget_turn(w)


@hot
def forget_turn(w):
    w.turn_link, w.turn_got, w.turn_acted, w.said_size = -1, 0, 0, 0


@hot
def keep_over(w, end, detail):
    at = record(w, _OVER, np.int64(16), w.received)
    if at:
        w.turn.link, w.turn.got = end, detail
        copy_bytes(at, address_of(w.turn), np.int64(16))
        show_recorded(w)
