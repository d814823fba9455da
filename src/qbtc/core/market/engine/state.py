"""What one market keeps: its header, its orders in two halves, its levels, and the counters that filters ask.

An order is split: NODE is one cache line, all that plain matching touches; COLD is the rest. What an order was placed
with beyond that (client id, strategy) is not here. Slots are recycled; `Place` says which queue a node is linked in.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from .ladder import LADDER
from .layout import EVENT, RULES
from .memory import pointer


class Op(IntEnum):
    """What a command asks for."""

    SUBMIT = 1
    SUBMIT_LIST = 2
    """`legs` commands, this one and those after it, are the orders of one list."""
    CANCEL = 3
    """`id`, or the whole list it is in; `account` must be its owner's, -1: anybody's."""
    AMEND = 4
    """`id` to `lots`."""


class Place(IntEnum):
    """Where an order waits."""

    NOWHERE = 0
    BOOK = 1
    STOPS = 2
    """For the last price to reach its stop tick."""
    TRAIL = 3
    """A trailing order that follows the price."""
    FIRED = 4
    """To be executed at the end of the running step: triggered, or started by its list."""
    PENDING = 5
    """For the working order of its list."""


NODE = np.dtype(
    [
        ("id", "i8"),
        ("tick", "i8"),
        ("left", "i8"),  # lots that may still trade; UNBOUNDED: by quote
        ("locked", "i8"),
        ("quote", "i8"),  # traded so far
        ("updated", "i8"),
        ("prev", "i4"),
        ("next", "i4"),
        ("account", "i4"),
        ("side", "u1"),
        ("kind", "u1"),
        ("stp", "u1"),
        ("flags", "u1"),
    ],
    align=True,
)
COLD = np.dtype(
    [
        ("shown", "i8"),  # of an iceberg
        ("ahead", "i8"),  # background lots in front of it
        ("lots", "i8"),
        ("budget", "i8"),
        ("stop_tick", "i8"),
        ("mark", "i8"),
        ("iceberg", "i8"),
        ("list_id", "i8"),
        ("created", "i8"),
        ("worked", "i8"),
        ("trailed", "i8"),
        ("prevented", "i8"),
        ("trip", "i8"),  # tick that triggers a trailing order that follows
        ("trailing", "i4"),
        ("told", "i4"),  # number of its TRAILED event in the running step, plus one
        ("peer1", "i4"),  # slots of the other orders of its list, by leg; 0: closed or none
        ("peer2", "i4"),
        ("amends", "u2"),
        ("tif", "u1"),
        ("list_kind", "u1"),
        ("leg", "u1"),
        ("place", "u1"),
        ("working", "u1"),
        ("pad", "u1"),
    ],
    align=True,
)
LEVEL = np.dtype(
    [
        ("own", "i8"),  # shown lots of our orders
        ("back", "i8"),  # background size
        ("used", "i8"),  # how much of it we took since the level last refreshed
        ("head", "i4"),
        ("tail", "i4"),
    ],
    align=True,
)
UNDO = np.dtype([("side", "i8"), ("key", "i8"), ("back", "i8")], align=True)
TALLY = np.dtype(
    [("orders", "i8"), ("algo", "i8"), ("iceberg", "i8"), ("lists", "i8"), ("buying", "i8"), ("pad", "i8", (3,))],
    align=True,
)
"""Open orders of one account; `buying` is the lots of its open buy orders."""
MINUTE = np.dtype([("minute", "i8"), ("amount", "f8"), ("lots", "f8")], align=True)
"""Trades of one minute: sum of tick * lots, and lots. A statistic for filters, exact to 53 bits."""

MARKET = np.dtype(
    [
        ("ladders", "i8"),  # bids, asks, stops above, stops below
        ("nodes", "i8"),
        ("colds", "i8"),
        ("table", "i8"),  # open addressing, int32 slots
        ("mask", "i8"),
        ("free", "i8"),
        ("fresh", "i8"),
        ("capacity", "i8"),
        ("live", "i8"),
        ("planned", "i8"),  # open orders that slots and event buffer are large enough for
        ("icebergs", "i8"),
        ("rules", "i8"),
        ("limits", "i8"),  # rules of the whole exchange
        ("balances", "i8"),
        ("stride", "i8"),  # bytes of one account's balances
        ("base", "i8"),  # byte offset of the base asset's free balance
        ("quote", "i8"),
        ("accounts", "i8"),
        ("tallies", "i8"),
        ("totals", "i8"),  # the same over all markets
        ("funds", "i8"),  # 0: orders move no balances
        ("multiplier", "i8"),  # tick * lots * multiplier // divisor is 1e-8 of the quote asset
        ("divisor", "i8"),
        ("lot_units", "i8"),  # 1e-8 of the base asset
        ("symbol", "i8"),
        ("closed", "i8"),
        ("publish", "i8"),  # 1: remember which levels change
        ("now", "i8"),
        ("last", "i8"),  # tick of the last trade, 0: none yet
        ("trip_up", "i8"),  # a trade at or above concerns some conditional order
        ("trip_down", "i8"),
        ("trail_up", "i8"),  # the same for trailing orders alone
        ("trail_down", "i8"),
        ("trail", "i8"),  # first of the trailing orders that follow
        ("fired", "i8"),
        ("fired_last", "i8"),
        ("trade_id", "i8"),
        ("events", "i8"),
        ("count", "i8"),
        ("first", "i8"),  # number of the running step's first event
        ("minutes", "i8"),  # ring of MINUTES buckets
        ("minute", "i8"),
        ("minute_end", "i8"),
        ("percent_amount", "f8"),
        ("percent_lots", "f8"),
        ("notional_amount", "f8"),
        ("notional_lots", "f8"),
        ("book_id", "i8"),  # update id of the background book
        ("touch_id", "i8"),  # of the last bookTicker, and what it said
        ("bid_tick", "i8"),
        ("bid_lots", "i8"),
        ("ask_tick", "i8"),
        ("ask_lots", "i8"),
        ("undo", "i8"),
        ("undo_count", "i8"),
        ("undo_capacity", "i8"),
        ("scan_cost", "i8"),  # result words of `survey`
        ("scan_lots", "i8"),
        ("trade_event", "i8"),  # address of the running order's last trade
    ],
    align=True,
)
NODE_SIZE, COLD_SIZE, LEVEL_SIZE = NODE.itemsize, COLD.itemsize, LEVEL.itemsize
EVENT_SIZE, TALLY_SIZE, LADDER_SIZE, UNDO_SIZE = EVENT.itemsize, TALLY.itemsize, LADDER.itemsize, UNDO.itemsize
MINUTE_SIZE = MINUTE.itemsize
MINUTES = 64
UNBOUNDED = 1 << 60
TOO_MUCH = 4.0e18
"""Products beyond this are refused; it leaves room below 2**63 for what is added to them."""
MAX_PARTS = 1000
"""Parts of an iceberg, whatever the filter says: bounds the events of one step."""
NEVER = 1 << 62

IN_LIST, ICEBERG, BY_QUOTE, TRADED = 1, 2, 4, 8
"""Flags of a node."""
COMMAND = np.dtype(
    [
        ("op", "u1"),
        ("side", "u1"),
        ("kind", "u1"),
        ("tif", "u1"),
        ("stp", "u1"),
        ("list_kind", "u1"),
        ("leg", "u1"),
        ("legs", "u1"),  # orders of the list that this one starts
        ("account", "i4"),
        ("trailing", "i4"),
        ("id", "i8"),
        ("list_id", "i8"),
        ("tick", "i8"),
        ("stop_tick", "i8"),
        ("lots", "i8"),
        ("iceberg", "i8"),
        ("budget", "i8"),
        ("time", "i8"),
    ],
    align=True,
)
"""What a caller asks: an order as in layout.ORDER, or an operation on one."""
COMMAND_SIZE = COMMAND.itemsize

command_at = pointer(COMMAND)
market_at = pointer(MARKET)
node_at = pointer(NODE)
cold_at = pointer(COLD)
level_at = pointer(LEVEL)
event_at = pointer(EVENT)
rules_at = pointer(RULES)
tally_at = pointer(TALLY)
undo_at = pointer(UNDO)
minute_at = pointer(MINUTE)
