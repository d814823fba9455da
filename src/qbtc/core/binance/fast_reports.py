"""What the WebSocket API answers, decoded by compiled code: acknowledgements, errors and execution reports.

Only the fields that move an order's state machine and the position. An order is known by the sequence in its client
order id (`fast_orders`); one of somebody else has sequence -1. Source: binance/binance-spot-api-docs,
web-socket-api.md, user-data-stream.md.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714, SIM109 - chains of comparisons are what compiles to jumps

from __future__ import annotations

from enum import IntEnum

import numpy as np

from .fast_json import divide, find_symbol
from .fast_text import (
    Fault,
    beyond_time,
    blank,
    compiled,
    decimal,
    digest,
    digest_of,
    integer,
    key,
    separator,
    skip,
    string,
)


class Answer(IntEnum):
    OTHER = 0
    ACK = 1
    """A request succeeded: `request` is its id."""
    REFUSED = 2
    """A request failed: `request`, `code`."""
    EXECUTION = 3


class Execution(IntEnum):
    OTHER = 0
    NEW = 1
    TRADE = 2
    CANCELED = 3
    EXPIRED = 4
    REJECTED = 5
    REPLACED = 6


OTHER, ACK, REFUSED, EXECUTION = (int(Answer(n)) for n in range(4))
REPORT = np.dtype(
    [
        ("kind", "i8"),
        ("request", "i8"),
        ("status", "i8"),  # HTTP-like
        ("code", "i8"),
        ("order_id", "i8"),
        ("sequence", "i8"),
        ("symbol", "i8"),
        ("execution", "i8"),
        ("side", "i8"),
        ("tick", "i8"),  # of this fill
        ("lots", "i8"),
        ("filled", "i8"),  # lots in all
        ("fee", "i8"),  # 1e-8
        ("fee_asset", "i8"),  # digest
        ("trade_id", "i8"),
        ("maker", "i8"),
        ("time_us", "i8"),
        ("open", "i8"),  # 1: NEW or PARTIALLY_FILLED
        ("on_book", "i8"),  # 1: in the book, so it does not wait for a trigger
        ("seen", "i8"),
    ],
    align=True,
)

_EXECUTIONS = tuple(
    digest_of(text) for text in (b"", b"NEW", b"TRADE", b"CANCELED", b"EXPIRED", b"REJECTED", b"REPLACED")
)
_PREVENTION = digest_of(b"TRADE_PREVENTION")
_NEW, _PARTIAL, _TRUE, _SELL = (digest_of(t) for t in (b"NEW", b"PARTIALLY_FILLED", b"true", b"SELL"))
_REPORT_EVENT, _ID, _STATUS = digest_of(b"executionReport"), digest_of(b"id"), digest_of(b"status")
_RESULT, _ERROR, _EVENT = digest_of(b"result"), digest_of(b"error"), digest_of(b"event")
_CODE, _ORDER_ID = digest_of(b"code"), digest_of(b"orderId")
_TOO_LARGE = int(Fault.TOO_LARGE)
_SYNTAX, _TRUNCATED = int(Fault.SYNTAX), int(Fault.TRUNCATED)
_OFF_GRID, _MISSING = int(Fault.OFF_GRID), int(Fault.MISSING_FIELD)
_HAS_ID, _HAS_STATUS, _HAS_EXECUTION, _HAS_SYMBOL, _HAS_FILLED = 1, 2, 4, 8, 16


@compiled
def _sequence(buf, start, stop, own):
    """The sequence in a client order id of ours, or -1."""
    size = own.prefix_size
    if stop - start <= size or stop - start > size + 18:
        return np.int64(-1)
    for i in range(size):
        if buf[start + i] != own.prefix[i]:
            return np.int64(-1)
    value = np.int64(0)
    for i in range(start + size, stop):
        digit = np.int64(buf[i]) - 48
        if digit < 0 or digit > 9:
            return np.int64(-1)
        value = value * 10 + digit
    return value


@compiled
def _text_field(buf, start, stop, char, report, own, symbols):
    """A string of an execution report; buf[start:stop] is between its quotes."""
    if char == 99 or char == 67:
        found = _sequence(buf, start, stop, own)
        report.sequence = found if found >= 0 else report.sequence
        return
    found = digest(buf, start, stop)
    if char == 101:
        report.kind = EXECUTION if found == _REPORT_EVENT else OTHER
    elif char == 115:
        report.symbol, report.seen = find_symbol(symbols, found), report.seen | _HAS_SYMBOL
    elif char == 83:
        report.side = np.int64(found == _SELL)
    elif char == 78:
        report.fee_asset = found
    elif char == 88:
        report.open = np.int64(found == _NEW or found == _PARTIAL)
    elif char == 120:
        report.seen |= _HAS_EXECUTION
        report.execution = 4 if found == _PREVENTION else 0
        for i in range(1, 7):
            if found == _EXECUTIONS[i]:
                report.execution = np.int64(i)


@compiled
def _number_field(buf, pos, end, char, report):
    if char == 109 or char == 119:
        stop = skip(buf, pos, end)
        if stop > 0 and char == 109:
            report.maker = np.int64(digest(buf, pos, stop) == _TRUE)
        elif stop > 0:
            report.on_book = np.int64(digest(buf, pos, stop) == _TRUE)
        return stop
    if char != 105 and char != 116 and char != 84:
        return skip(buf, pos, end)
    value, pos = integer(buf, pos, end)
    if char == 105:
        report.order_id = value
    elif char == 116:
        report.trade_id = value
    elif beyond_time(value):
        return np.int64(_TOO_LARGE)
    else:
        report.time_us = value * 1000
    return pos


@compiled
def _field(buf, pos, end, char, report, own, symbols):
    if buf[pos] != 34:
        return _number_field(buf, pos, end, char, report)
    if char != 108 and char != 122 and char != 76 and char != 110:
        stop = string(buf, pos, end)
        if stop > 0:
            _text_field(buf, pos + 1, stop - 1, char, report, own, symbols)
        return stop
    value, pos = decimal(buf, pos, end)
    if char == 108:
        report.lots = value
    elif char == 122:
        report.filled, report.seen = value, report.seen | _HAS_FILLED
    elif char == 76:
        report.tick = value
    else:
        report.fee = value
    return pos


@compiled
def _object(buf, pos, end, what, report, own, symbols):
    """The fields of the object at `pos`: `what` is EXECUTION, ACK (a result) or REFUSED (an error)."""
    pos = blank(buf, pos + 1, end)
    if pos < end and buf[pos] == 125:
        return pos + 1
    while True:
        start, stop, pos = key(buf, pos, end)
        if pos < 0:
            return pos
        if what == EXECUTION and stop - start == 1:
            pos = _field(buf, pos, end, buf[start], report, own, symbols)
        elif what == REFUSED and digest(buf, start, stop) == _CODE:
            report.code, pos = integer(buf, pos, end)
        elif what == ACK and digest(buf, start, stop) == _ORDER_ID:
            report.order_id, pos = integer(buf, pos, end)
        else:
            pos = skip(buf, pos, end)
        if pos < 0:
            return pos
        pos, done = separator(buf, pos, end)
        if pos < 0 or done:
            return pos


@compiled
def _top(buf, pos, end, name, report, own, symbols):
    """One field of the outer object."""
    first = buf[pos]
    if first == 123:
        what = EXECUTION if name == _EVENT else ACK if name == _RESULT else REFUSED if name == _ERROR else OTHER
        return _object(buf, pos, end, what, report, own, symbols) if what else skip(buf, pos, end)
    if name == _ID and first >= 48 and first <= 57:
        report.request, pos = integer(buf, pos, end)
        report.seen |= _HAS_ID
        return pos
    if name == _STATUS and first != 34:
        report.status, pos = integer(buf, pos, end)
        report.seen |= _HAS_STATUS
        return pos
    return skip(buf, pos, end)


@compiled
def _checked(report, symbols):
    if report.kind == EXECUTION:
        want = _HAS_EXECUTION | _HAS_SYMBOL | _HAS_FILLED
        if report.seen & want != want:
            return np.int64(_MISSING)
        if report.symbol < 0:
            report.kind = OTHER
            return np.int64(OTHER)
        row = symbols[report.symbol]
        report.tick, a = divide(report.tick, row.tick_units)
        report.lots, b = divide(report.lots, row.lot_units)
        report.filled, c = divide(report.filled, row.lot_units)
        return np.int64(_OFF_GRID) if a | b | c else report.kind
    if report.seen & _HAS_STATUS:
        report.kind = ACK if report.status == 200 else REFUSED
    return report.kind


@compiled
def decode_report(buf, pos, end, report, own, symbols):
    """Decode the text buf[pos:end] into `report` (a REPORT record): its Answer, or a Fault."""
    report.kind, report.seen, report.request, report.status, report.code = OTHER, 0, -1, 0, 0
    report.sequence, report.order_id, report.execution, report.open, report.symbol = -1, 0, 0, 0, -1
    report.tick, report.lots, report.filled, report.fee, report.trade_id, report.maker = 0, 0, 0, 0, -1, 0
    report.fee_asset, report.time_us, report.side, report.on_book = 0, 0, 0, 0
    pos = blank(buf, pos, end)
    if pos >= end:
        return np.int64(_TRUNCATED)
    if buf[pos] != 123:
        return np.int64(_SYNTAX)
    pos = blank(buf, pos + 1, end)
    done = pos < end and buf[pos] == 125
    pos += 1 if done else 0
    while not done:
        start, stop, pos = key(buf, pos, end)
        if pos < 0:
            return pos
        pos = _top(buf, pos, end, digest(buf, start, stop), report, own, symbols)
        if pos < 0:
            return pos
        pos, done = separator(buf, pos, end)
        if pos < 0:
            return pos
    if blank(buf, pos, end) != end:
        return np.int64(_SYNTAX)
    return _checked(report, symbols)
