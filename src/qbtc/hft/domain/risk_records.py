"""The records that the risk gate reads and writes: one order, the situation it meets, the limits, one verdict a rule.

All numbers are int64 unless said otherwise: prices in ticks, quantities in lots, amounts in 1e-8 of the symbol's quote
asset, times in ns. A field whose value is not known holds `UNKNOWN`, and a rule that needs it says no. Nobody keeps a
hidden copy: the control path and the hot loop fill the same records. Not here: the rules (`risk_rules`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

UNKNOWN = -(2**63)
"""Not known; also what a NaN becomes when x86 makes an integer of it."""
NOT_APPLIED = UNKNOWN + 1
"""A verdict's value: the rule is not about this order (a closing order, a spot market)."""
BOUND = 2**53
"""Ticks and lots above this are absurd; below it every product is checked before it is made."""
LARGEST = 2**63 - 1

ACTIVE, REDUCING, HALTED = 0, 1, 2
BUY, SELL = 0, 1
LIMIT, MARKET, LIMIT_MAKER = 1, 2, 3
"""As in `core.market.engine.layout`."""

ORDER = np.dtype(
    [
        ("tick", "i8"),  # 0: MARKET
        ("lots", "i8"),
        ("trigger", "i8"),  # tick at which the order wakes; 0: at once
        ("side", "u1"),
        ("kind", "u1"),
        ("flatten", "u1"),  # 1: closes a position after a kill
        ("broken", "u1"),  # 1: what was asked was NaN, infinite or off the grid
    ],
    align=True,
)

SITUATION = np.dtype(
    [
        # Words: 1 is yes.
        ("state", "u1"),  # ACTIVE, REDUCING, HALTED
        ("killed", "u1"),
        ("allowed", "u1"),  # the symbol is one of this session
        ("open", "u1"),  # its market is open
        ("connected", "u1"),  # the venue hears us and we hear it
        ("reconciled", "u1"),
        ("futures", "u1"),  # margin rules apply
        # The market.
        ("bid", "i8"),  # ticks; UNKNOWN (or <= 0): not known
        ("ask", "i8"),
        ("last", "i8"),  # tick of the last trade
        ("age", "i8"),  # ns since the newest frame of this symbol's market
        ("skew", "i8"),  # |venue clock - ours| in ns
        ("minute", "i8"),  # minute of the market's UTC day
        ("typical_lots", "i8"),  # usual size at the touch
        ("typical_spread", "i8"),  # usual spread in 1/1024 tick
        ("moved", "i8"),  # (highest - lowest mid) / lowest of the last 10 s, basis points
        # What we have in this symbol.
        ("position", "i8"),  # signed lots
        ("working_buy", "i8"),  # lots that open orders still may buy
        ("working_sell", "i8"),
        ("own_bid", "i8"),  # tick of our highest buy in the book; 0: none
        ("own_ask", "i8"),  # tick of our lowest sell in the book; 0: none
        ("open_here", "i8"),
        ("unknown_here", "i8"),  # orders of this symbol whose state is not known
        # What we have and did in all.
        ("open_all", "i8"),
        ("sent_1s", "i8"),
        ("sent_10s", "i8"),
        ("cancels_1s", "i8"),
        ("rejects", "i8"),  # by the venue, in a row, within the last minute
        ("fills_10s", "i8"),
        ("other_gross", "i8"),  # sum of |position and worst working side| of the other symbols, 1e-8 quote
        ("other_net", "i8"),  # signed sum of their positions, 1e-8 quote
        ("equity", "i8"),
        ("margin_ratio", "i8"),  # maintenance margin / margin balance, basis points
        ("margin_rate", "i8"),  # initial margin of this symbol, basis points of the notional
        ("day_pnl", "i8"),
        ("day_peak", "i8"),
        ("free_base", "i8"),  # 1e-8 of the base asset
        ("free_quote", "i8"),
        # The grid: 1e-8 quote = lots * ticks * value_num / value_den; 1e-8 base = lots * lot_units.
        ("value_num", "i8"),
        ("value_den", "i8"),
        ("lot_units", "i8"),
    ],
    align=True,
)

LIMITS = np.dtype(
    [
        ("unknown_orders", "i8"),
        ("hours_from", "i8"),  # minute of the UTC day; from == to: always
        ("hours_to", "i8"),
        ("age", "i8"),  # ns
        ("skew", "i8"),  # ns
        ("order_lots", "i8"),
        ("order_notional", "i8"),
        ("min_notional", "i8"),
        ("position_notional", "i8"),
        ("gross", "i8"),
        ("net", "i8"),
        ("leverage", "i8"),  # hundredths
        ("margin_ratio", "i8"),  # basis points
        ("open_here", "i8"),
        ("open_all", "i8"),
        ("sent_1s", "i8"),
        ("sent_10s", "i8"),
        ("cancels_1s", "i8"),
        ("rejects", "i8"),
        ("fills_10s", "i8"),
        ("mid_collar", "i8"),  # basis points
        ("last_collar", "i8"),
        ("fat_size", "i8"),  # multiples of the typical size
        ("fat_price", "i8"),  # multiples of the typical spread, beyond the touch
        ("spread", "i8"),  # basis points
        ("moved", "i8"),  # basis points
        ("daily_loss", "i8"),
        ("drawdown", "i8"),
    ],
    align=True,
)
"""Every limit is the largest value that passes, but `min_notional`, which is the smallest."""

Records = NDArray[np.void]


def one(dtype: np.dtype[np.void], **values: int) -> Records:
    """An array of one record; fields that are not named are 0. Raises KeyError for a field that does not exist."""
    names = dtype.names or ()
    for name in values.keys() - set(names):
        raise KeyError(name)
    return np.array([tuple([values.get(name, 0) for name in names])], dtype)


def grid(tick_units: int, lot_units: int) -> tuple[int, int]:
    """`value_num` and `value_den` of a symbol whose steps are these integers of 1e-8."""
    product, unit = tick_units * lot_units, 10**8
    common = int(np.gcd(product, unit))
    return product // common, unit // common
