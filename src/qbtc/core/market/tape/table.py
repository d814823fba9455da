"""Compiled reading of delimited text: chosen columns of a buffer of CSV lines into int64, each by its own rule.

Fields may be quoted; a quote inside a quoted field, or a line end, is refused. Decimals (plain or with an exponent) become
1e-8 units, exactly or not at all; times become UTC ns, from an integer whose unit follows from its size, or from ISO 8601.
"""

# mypy: disable-error-code="no-untyped-def, misc"
# ruff: noqa: PLR1714 - chains of comparisons are what compiles to jumps

from __future__ import annotations

from enum import IntEnum

import numpy as np

from ...binance.fast_text import digest, digest_of
from .compiled import bits_of, compiled
from .frames import line_end

EMPTY = -(2**63)
"""What an optional field without a value becomes."""


class Field(IntEnum):
    """How a column is read."""

    SKIP = 0
    INTEGER = 1
    DECIMAL = 2
    TIME = 3
    SIDE = 4
    """0 bid or buy, 1 ask or sell."""
    BOOL = 5
    ACTION = 6
    """What an order event does: the tape's Kind of it."""
    ID = 7
    """An integer where it is one, else EMPTY (some venues' trade ids are words)."""
    OPTIONAL = 8
    """A decimal that may be missing."""
    FLOAT = 9
    """A number of any size and sign: the bits of a float64 (volumes and notionals, which lie on no grid)."""


class Refusal(IntEnum):
    """Why a field was refused."""

    COLUMNS = -1
    NUMBER = -2
    PLACES = -3
    LARGE = -4
    WORD = -5
    DATE = -6
    QUOTE = -7


WHY = {
    Refusal.COLUMNS: "has another number of fields than the first line",
    Refusal.NUMBER: "is not a number that may stand here",
    Refusal.PLACES: "has more than 8 decimal places",
    Refusal.LARGE: "is too large",
    Refusal.WORD: "is not a word that is known here (buy, sell, bid, ask, true, false, add, cancel, modify, fill, trade, clear)",
    Refusal.DATE: "is no time: an integer of s, ms, us or ns since 1970, or 2024-08-08T12:00:00.000Z",
    Refusal.QUOTE: "has a quote that does not close",
}

DONE, FULL, REFUSED = 0, 1, 2
ROWS, LINE, STATUS, FAULT, START, STOP, COLUMN = range(7)
STATE = 7

_NUMBER, _PLACES, _LARGE, _WORD, _DATE, _COLUMNS, _QUOTE = (
    int(r) for r in (
        Refusal.NUMBER, Refusal.PLACES, Refusal.LARGE, Refusal.WORD, Refusal.DATE, Refusal.COLUMNS, Refusal.QUOTE
    )
)  # fmt: skip
_SKIP, _INTEGER, _DECIMAL, _TIME, _SIDE, _BOOL, _ACTION, _ID, _OPTIONAL, _FLOAT = (int(f) for f in Field)
_MOST, _EIGHTEEN = (2**63 - 10) // 10, 10**17
WORDS = np.array(
    [
        *((digest_of(w), _SIDE, v) for w, v in (
            (b"buy", 0), (b"bid", 0), (b"b", 0), (b"bids", 0), (b"sell", 1), (b"ask", 1), (b"s", 1), (b"a", 1), (b"asks", 1),
            (b"0", 0), (b"1", 1), (b"true", 1), (b"false", 0),
        )),
        *((digest_of(w), _BOOL, v) for w, v in ((b"true", 1), (b"false", 0), (b"1", 1), (b"0", 0), (b"t", 1), (b"f", 0))),
        *((digest_of(w), _ACTION, v) for w, v in (
            (b"add", 10), (b"a", 10), (b"cancel", 11), (b"c", 11), (b"delete", 11), (b"d", 11), (b"modify", 12), (b"m", 12),
            (b"change", 12), (b"fill", 13), (b"f", 13), (b"trade", 2), (b"t", 2), (b"clear", 5), (b"r", 5),
        )),
    ],
    np.int64,
)  # fmt: skip
"""Words by FNV-1a digest of their lower case: (digest, field, value)."""


@compiled
def _word(buf, start, stop, field, words, lower):
    if stop - start > lower.size:
        return np.int64(_WORD)
    for i in range(stop - start):
        char = buf[start + i]
        lower[i] = char + 32 if char >= 65 and char <= 90 else char
    found = digest(lower, 0, stop - start)
    for i in range(words.shape[0]):
        if words[i, 0] == found and words[i, 1] == field:
            return words[i, 2]
    return np.int64(_WORD)


@compiled
def _whole(buf, start, stop):
    """A plain integer: (value, fault or 0)."""
    pos = start + (start < stop and buf[start] == 45)
    value = np.int64(0)
    if pos >= stop:
        return value, _NUMBER
    for i in range(pos, stop):
        digit = np.int64(buf[i]) - 48
        if digit < 0 or digit > 9:
            return value, _NUMBER
        if value > _MOST:
            return value, _LARGE
        value = value * 10 + digit
    return (-value if pos > start else value), 0


@compiled
def _exponent(buf, pos, stop):
    """The exponent behind an e: (value, fault or 0)."""
    if pos < stop and buf[pos] == 43:
        pos += 1
    value, fault = _whole(buf, pos, stop)
    if fault == 0 and (value > 30 or value < -30):
        fault = _LARGE
    return value, fault


@compiled
def _decimal(buf, start, stop):
    """A decimal as an integer of 1e-8: (value, fault or 0). Zeros beyond the eighth place are allowed."""
    pos = start + (start < stop and (buf[start] == 45 or buf[start] == 43))
    value, places, seen, point = np.int64(0), np.int64(0), 0, False
    dropped, shift = False, np.int64(0)
    while pos < stop:
        char = np.int64(buf[pos])
        pos += 1
        digit = char - 48
        if digit >= 0 and digit <= 9:
            seen += 1
            if value > _MOST or dropped:
                if digit != 0 or not point:
                    return value, _PLACES if places >= 8 else _LARGE
                continue
            value = value * 10 + digit
            places += point
        elif char == 46 and not point:
            point = True
        elif (char == 101 or char == 69) and seen > 0:
            shift, fault = _exponent(buf, pos, stop)
            if fault != 0:
                return value, fault
            break
        else:
            return value, _NUMBER
    if seen == 0:
        return value, _NUMBER
    scaled, fault = _scaled(value, 8 - places + shift)
    return (-scaled if buf[start] == 45 else scaled), fault


@compiled
def _scaled(value, power):
    """value * 10**power, exactly or not at all."""
    while power > 0 and value != 0:
        if value > _MOST:
            return value, _LARGE
        value *= 10
        power -= 1
    while power < 0 and value != 0:
        if value % 10 != 0:
            return value, _PLACES
        value //= 10
        power += 1
    return value, 0


@compiled
def _float(buf, start, stop):
    """A decimal as the bits of a float64: (bits, fault or 0). Digits beyond the 18th are dropped."""
    pos = start + (start < stop and (buf[start] == 45 or buf[start] == 43))
    value, power, seen, point = np.int64(0), np.int64(0), 0, False
    while pos < stop:
        char = np.int64(buf[pos])
        pos += 1
        if char >= 48 and char <= 57:
            seen += 1
            if value < _EIGHTEEN:
                value, power = value * 10 + (char - 48), power - point
            else:
                power += not point
        elif char == 46 and not point:
            point = True
        elif (char == 101 or char == 69) and seen > 0:
            shift, fault = _exponent(buf, pos, stop)
            if fault != 0:
                return np.int64(0), fault
            power += shift
            break
        else:
            return np.int64(0), _NUMBER
    if seen == 0:
        return np.int64(0), _NUMBER
    number = np.float64(value) / 10.0**-power if power < 0 else np.float64(value) * 10.0**power
    return bits_of(-number if buf[start] == 45 else number), 0


@compiled
def _two(buf, pos):
    a, b = np.int64(buf[pos]) - 48, np.int64(buf[pos + 1]) - 48
    return a * 10 + b if a >= 0 and a <= 9 and b >= 0 and b <= 9 else np.int64(-10_000)


@compiled
def _days(year, month, day):
    """Days from 1970 of a date: H. Hinnant, "chrono-compatible low-level date algorithms" (2013)."""
    year -= month <= 2
    era = year // 400
    of_era = year - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


@compiled
def _month_days(year, month):
    if month == 2:
        return 29 if (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 else 28
    return 30 if month == 4 or month == 6 or month == 9 or month == 11 else 31


@compiled
def _clock(buf, pos, stop):
    """Nanoseconds of the day of hh:mm[:ss[.fraction]][Z|+00:00] at `pos`, or -1."""
    if stop - pos < 5 or buf[pos + 2] != 58:
        return np.int64(-1)
    hour, minute, second, nanos = _two(buf, pos), _two(buf, pos + 3), np.int64(0), np.int64(0)
    pos += 5
    if pos + 2 < stop and buf[pos] == 58:
        second = _two(buf, pos + 1)
        pos += 3
        if pos < stop and (buf[pos] == 46 or buf[pos] == 44):
            pos, scale = pos + 1, np.int64(100_000_000)
            while pos < stop and buf[pos] >= 48 and buf[pos] <= 57:
                if scale == 0 and buf[pos] != 48:
                    return np.int64(-1)
                nanos, scale, pos = nanos + (np.int64(buf[pos]) - 48) * scale, scale // 10, pos + 1
    if pos < stop and buf[pos] == 90:
        pos += 1
    elif stop - pos == 6 and buf[pos] == 43 and buf[pos + 3] == 58 and _two(buf, pos + 1) == 0 and _two(buf, pos + 4) == 0:
        pos += 6
    if pos != stop or hour < 0 or hour > 23 or minute < 0 or minute > 59 or second < 0 or second > 59:
        return np.int64(-1)
    return ((hour * 60 + minute) * 60 + second) * 1_000_000_000 + nanos


@compiled
def _iso(buf, start, stop):
    """ISO 8601 in UTC as ns: (value, fault or 0). Years 1970 to 2199."""
    if stop - start < 10 or buf[start + 4] != 45 or buf[start + 7] != 45:
        return np.int64(0), _DATE
    year = _two(buf, start) * 100 + _two(buf, start + 2)
    month, day = _two(buf, start + 5), _two(buf, start + 8)
    if year < 1970 or year > 2199 or month < 1 or month > 12 or day < 1 or day > _month_days(year, month):
        return np.int64(0), _DATE
    clock = np.int64(0)
    if stop - start > 10:
        if buf[start + 10] != 84 and buf[start + 10] != 32:
            return np.int64(0), _DATE
        clock = _clock(buf, start + 11, stop)
    return (_days(year, month, day) * 86_400_000_000_000 + clock), (_DATE if clock < 0 else 0)


@compiled
def _time(buf, start, stop):
    """A time as UTC ns: (value, fault or 0). An integer below 8e9 is s, below 9e12 ms, below 9e15 us, above 1e17 ns."""
    value, fault = _whole(buf, start, stop)
    if fault != 0:
        return _iso(buf, start, stop)
    if value < 0:
        return value, _DATE
    if value < 8_000_000_000:
        return value * 1_000_000_000, 0
    if value < 100_000_000_000_000:
        return (value * 1_000_000, 0) if value < 9_000_000_000_000 else (value, _DATE)
    return (value * 1000, 0) if value < 9_000_000_000_000_000 else (value, _DATE if value < 10**17 else 0)


@compiled
def _value(buf, start, stop, field, words, lower):
    """One field by its rule: (value, fault or 0)."""
    if field == _DECIMAL:
        value, fault = _decimal(buf, start, stop)
        return value, (_NUMBER if fault == 0 and value < 0 else fault)
    if field == _FLOAT:
        return _float(buf, start, stop)
    if field == _OPTIONAL:
        if stop == start:
            return np.int64(EMPTY), 0
        value, fault = _decimal(buf, start, stop)
        return value, (_NUMBER if fault == 0 and value < 0 else fault)
    if field == _TIME:
        return _time(buf, start, stop)
    if field == _INTEGER:
        return _whole(buf, start, stop)
    if field == _ID:
        value, fault = _whole(buf, start, stop)
        return (value, 0) if fault == 0 else (np.int64(EMPTY), 0)
    value = _word(buf, start, stop, field, words, lower)
    return value, (_WORD if value < 0 else 0)


@compiled
def _bounds(buf, pos, stop, separator):
    """A field at `pos`: (start, stop, position of the separator or the line's end; negative: a quote is open)."""
    if pos < stop and buf[pos] == 34:
        at = pos + 1
        while at < stop and buf[at] != 34:
            at += 1
        if at >= stop or (at + 1 < stop and buf[at + 1] != separator):
            return pos, stop, np.int64(-1)
        return pos + 1, at, at + 1
    at = pos
    while at < stop and buf[at] != separator:
        at += 1
    start = pos
    while start < at and buf[start] == 32:
        start += 1
    last = at
    while last > start and buf[last - 1] == 32:
        last -= 1
    return start, last, at


@compiled
def _refuse(state, fault, start, stop, column):
    state[STATUS], state[FAULT], state[START], state[STOP], state[COLUMN] = REFUSED, fault, start, stop, column
    return False


@compiled
def _row(buf, pos, stop, separator, fields, slots, words, lower, state, out):
    """The fields of one line into `out`; False: refused, `state` says where."""
    column = np.int64(0)
    while True:
        start, last, pos = _bounds(buf, pos, stop, separator)
        if pos < 0:
            return _refuse(state, _QUOTE, start, last, column)
        if column >= fields.size:
            return _refuse(state, _COLUMNS, start, last, column)
        if fields[column] != _SKIP:
            value, fault = _value(buf, start, last, fields[column], words, lower)
            if fault != 0:
                return _refuse(state, fault, start, last, column)
            out[slots[column]] = value
        column += 1
        if pos >= stop:
            break
        pos += 1
    return True if column == fields.size else _refuse(state, _COLUMNS, stop, stop, column)


@compiled
def read_rows(buf, pos, end, final, separator, fields, slots, words, lower, state, out, lines):
    """Read lines from `pos` into out[rows, slots] and `lines`: where it stopped, with the reason in state[STATUS].

    `fields` is the rule of each column of the text and `slots` where it goes; `final`: nothing follows `end`.
    """
    state[STATUS] = DONE
    while pos < end:
        stop = line_end(buf, pos, end)
        if stop == end and not final:
            return pos
        if state[ROWS] >= out.shape[0]:
            state[STATUS] = FULL
            return pos
        state[LINE] += 1
        last = stop - 1 if stop > pos and buf[stop - 1] == 13 else stop
        begin, pos = pos, min(stop + 1, end)
        if last > begin:
            if not _row(buf, begin, last, separator, fields, slots, words, lower, state, out[state[ROWS]]):
                return pos
            lines[state[ROWS]] = state[LINE]
            state[ROWS] += 1
    return pos
