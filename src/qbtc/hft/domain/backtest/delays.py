"""How long an order is under way: constants, or a table of what was measured, interpolated.

A row is (asked, reached the exchange, answered), all ns. A row that never reached the exchange (0) stands for a
refusal on the way: `entry` is then minus the time until the desk hears of it.
"""

# mypy: disable-error-code="no-untyped-def, misc"
from __future__ import annotations

import numpy as np

from qbtc.core.market.engine.memory import load

from .native import quick


@quick
def _between(x, x1, y1, x2, y2):
    return np.int64(np.float64(y2 - y1) / np.float64(x2 - x1) * np.float64(x - x1)) + y1


@quick
def _cell(r, row, column):
    return load(r.delays_at + (row * 3 + column) * 8)


@quick
def _went(asked, reached, answered):
    """How long the order of one row was under way; negative: it was refused on the way."""
    return reached - asked if reached > 0 else -max(answered - asked, 1)


@quick
def entry(r, now):
    """ns from the desk to the exchange for an order sent `now`; negative: refused on the way."""
    if r.delays == 0:
        return r.entry
    if now < _cell(r, 0, 0):
        return _went(_cell(r, 0, 0), _cell(r, 0, 1), _cell(r, 0, 2))
    while r.entry_row + 1 < r.delays and _cell(r, r.entry_row + 1, 0) <= now:
        r.entry_row += 1
    a = r.entry_row
    asked, reached, answered = _cell(r, a, 0), _cell(r, a, 1), _cell(r, a, 2)
    if a + 1 >= r.delays:
        return _went(asked, reached, answered)
    asked2, reached2, answered2 = _cell(r, a + 1, 0), _cell(r, a + 1, 1), _cell(r, a + 1, 2)
    if reached <= 0 or reached2 <= 0:
        return -max(_between(now, asked, answered - asked, asked2, answered2 - asked2), 1)
    return _between(now, asked, reached - asked, asked2, reached2 - asked2)


@quick
def _reached(r, row):
    """The first row from here on whose order reached the exchange; `delays` for none."""
    while row < r.delays and _cell(r, row, 1) <= 0:
        row += 1
    return row


@quick
def response(r, at):
    """ns from the exchange to the desk for an answer given at `at`."""
    if r.delays == 0:
        return r.response
    a = _reached(r, 0)
    if a >= r.delays:
        return np.int64(0)  # nothing ever got there
    if at < _cell(r, a, 1):
        return _cell(r, a, 2) - _cell(r, a, 1)
    a = _reached(r, r.response_row)
    b = _reached(r, a + 1)
    while b < r.delays and _cell(r, b, 1) <= at:
        a, b = b, _reached(r, b + 1)
    r.response_row = a
    reached, answered = _cell(r, a, 1), _cell(r, a, 2)
    if b >= r.delays:
        return answered - reached
    reached2, answered2 = _cell(r, b, 1), _cell(r, b, 2)
    return _between(at, reached, answered - reached, reached2, answered2 - reached2)
