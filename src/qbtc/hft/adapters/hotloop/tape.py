"""The tape: what the loop meant and what happened, written into shared memory before the next step is taken.

One writer (the loop), two readers: the flusher, which takes it to disk and whose cursor the writer never overtakes, and
the control side, which reads behind and sees by the records' numbers if it fell more than a whole tape behind.
Compiled code only; the readers are in `panel` and `intents`.
"""

# mypy: disable-error-code="no-untyped-def, misc"

from __future__ import annotations

import numpy as np

from .layout import MAX_EXPONENT, NOTE, SUB_BITS, TAPE
from .native import address_of, hot, load_acquire, prefetch, store_release

_SUB = 1 << SUB_BITS
_NOTE_SIZE = NOTE.itemsize


@hot
def room(p):
    """How many records fit before the flusher has to read on."""
    return TAPE - (p.tape_cursors.head - p.tape_cursors.tail)


@hot
def append(w, p, kind, sequence, symbol):
    """A new record at the end, not yet visible: fill it in, then `publish`; its index. Never without `room`."""
    number = p.tape_cursors.head
    row = p.tape[number % TAPE]
    row.number, row.kind, row.sequence, row.symbol = number, kind, sequence, symbol
    row.time = w.received + w.wall
    row.side, row.type, row.tick, row.lots, row.filled, row.order_id = 0, 0, 0, 0, 0, 0
    row.trade_id, row.fee, row.fee_asset, row.code, row.detail = -1, 0, 0, 0, 0
    return number % TAPE


@hot
def publish(p, cursor):
    """Make what was appended visible; `cursor` is the address of the head."""
    store_release(cursor, p.tape_cursors.head + 1)


@hot
def warm(p):
    """Bring the next record's memory near, which nobody has touched for a whole tape."""
    at = address_of(p.tape[p.tape_cursors.head % TAPE])
    for line in range(0, 2 * _NOTE_SIZE, 64):
        prefetch(at + line)


@hot
def note(w, p, kind, sequence, symbol, code, detail):
    """A record of a code and a detail. False, and lost, if the tape is full."""
    if room(p) <= 0:
        return False
    row = p.tape[append(w, p, kind, sequence, symbol)]
    row.code, row.detail = code, detail
    publish(p, w.tape_head)
    return True


@hot
def commands_waiting(p, w):
    return load_acquire(w.command_head) - p.command_cursors.tail


@hot
def bucket(value):
    """Index of a duration in a histogram: log-linear, 64 parts an octave."""
    if value < 0:
        value = np.int64(0)
    top = np.int64(1) << (MAX_EXPONENT + 1)
    if value >= top:
        value = top - 1
    if value < _SUB:
        return value
    shift = np.int64(0)
    while value >> (shift + SUB_BITS + 1):
        shift += 1
    return (shift << SUB_BITS) + (value >> shift)


@hot
def took(p, stage, nanoseconds):
    """Count a duration of a stage."""
    p.latency[stage, bucket(nanoseconds)] += 1
