"""The records of a backtest: one RUN, its orders in slots, two lines of messages between desk and exchange, what is kept.

Times are ns of market time, prices ticks, quantities lots. Compiled code reaches everything through one RUN record,
whose `…_at` fields are addresses of blocks that Python owns; a block that is full ends a step with FULL, Python grows it
and goes on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from qbtc.core.market.engine.memory import pointer

FOREVER = (1 << 63) - 1
FAR = 1 << 40
"""Key of a side without a level."""
SLOTS, LINE = 4096, 8192
NEW, CANCEL = 1, 2
"""What a request asks for."""
OPEN, PARTIAL, FILLED, CANCELED, EXPIRED, REFUSED = range(1, 7)
"""What an answer says of an order. EXPIRED: it could not rest (or not trade) as asked; REFUSED: a cancel of nothing."""
DONE, FULL, RAISED, TOO_MANY = 0, 1, 2, 3
"""How a step ends: at the end of the data, for want of room, with a strategy's fault, with too many orders at work."""
BUY, SELL = 0, 1
ENTERS, WAITS, TRIGGERS, TRADED, ENDED, LOOKS, SAMPLED, FUNDED = range(1, 9)
"""What whoever keeps the margin is asked or told: an order that arrives, a stop that would wait, one that would trigger at
once (not 0: refused), a fill, the end of an order, a new mark price, a sample of the account, a settlement of funding."""
ON_BOOK, ON_TRADE, ON_FILL, ON_TIMER = 1, 2, 4, 8
"""Methods that are due."""

BOOK = np.dtype(
    [
        ("span", "i8"),  # keys are below it; a multiple of 64
        ("low", "i8"),  # tick of ask key 0
        ("words", "i8"),  # of a side in each tier
        ("words1", "i8"),
        ("words2", "i8"),
        ("tier0_at", "i8"),
        ("tier1_at", "i8"),
        ("tier2_at", "i8"),
        ("best", "i8", (2,)),  # keys, FAR: none
    ],
    align=True,
)
ORDER = np.dtype(
    [
        ("number", "i8"),  # from 1, in the order in which they were placed
        ("side", "i8"),
        ("tick", "i8"),  # 0: MARKET
        ("lots", "i8"),
        ("rest", "i8"),  # GTC, IOC, POST, FOK
        ("stop", "i8"),  # trigger, negative: if touched; 0: none, or it was triggered
        ("placed", "i8"),
        # As the desk knows it.
        ("left", "i8"),
        ("known", "i8"),  # 0: not answered yet
        ("cancelling", "i8"),
        ("row", "i8"),  # of the ledger
        # As the exchange knows it.
        ("remaining", "i8"),
        ("resting", "i8"),  # place in the list of resting orders + 1
        ("level", "i8"),  # lots of others at its price
        ("change", "i8"),  # the next one of its level, in the history of levels
        ("changes", "i8"),  # where those end
        ("front", "f8"),  # quantity ahead of it
        ("traded", "f8"),  # at its price since the level changed last
        ("rank", "i8"),  # messages of the exchange before it arrived
    ],
    align=True,
)
MESSAGE = np.dtype(
    [
        ("time", "i8"),  # of arrival
        ("slot", "i8"),
        ("verb", "i8"),  # NEW, CANCEL; or what is said of the order
        ("lots", "i8"),
        ("tick", "i8"),
        ("maker", "i8"),
        ("at", "i8"),  # exchange time
        ("row", "i8"),  # of the fill
    ],
    align=True,
)
FILL = np.dtype(
    [
        ("time", "i8"),  # at the exchange
        ("local", "i8"),  # when the desk heard of it
        ("order", "i8"),
        ("side", "i1"),
        ("maker", "i1"),
        ("tick", "i8"),
        ("lots", "i8"),
        ("fee", "f8"),  # quote units
        ("mid", "f8"),  # ticks, at the exchange at that time; NaN: one side is empty
    ],
    align=True,
)
LEDGER = np.dtype(
    [
        ("order", "i8"),
        ("placed", "i8"),  # local
        ("arrived", "i8"),  # at the exchange; 0: never
        ("ended", "i8"),  # at the exchange; 0: still open
        ("side", "i1"),
        ("rest", "i1"),
        ("status", "i1"),
        ("tick", "i8"),
        ("lots", "i8"),
        ("filled", "i8"),
        ("stop", "i8"),  # as asked: trigger in ticks, negative: if touched; 0: none
    ],
    align=True,
)
SAMPLE = np.dtype(
    [
        ("time", "i8"),
        ("position", "i8"),  # lots
        ("cash", "f8"),  # quote units, after funding, before fees
        ("fee", "f8"),
        ("mid", "f8"),  # quote units; NaN: one side is empty
        ("traded", "f8"),  # quote units, summed
        ("funding", "f8"),  # quote units paid so far, taken from `cash`
    ],
    align=True,
)
SETTLEMENT = np.dtype(
    [
        ("time", "i8"),  # at the exchange
        ("rate", "f8"),  # share of the value that a long pays and a short gets
        ("mark", "f8"),  # quote units; 0: the mid at that time
        ("held", "i8"),  # lots at the exchange then
        ("paid", "f8"),  # quote units
    ],
    align=True,
)
LOOK = np.dtype([("time", "i8"), ("mark", "i8")], align=True)
"""A mark price at its time at the exchange, 1e-8 quote units."""
RUN = np.dtype(
    [
        ("book", BOOK),  # the desk's; its grid also where its levels are not kept
        ("deep", "i8"),  # its levels are kept, since a strategy reads them
        # Where it stands.
        ("now", "i8"),
        ("local", "i8"),  # next message of the desk
        ("place", "i8"),  # next message of the exchange, in its order
        ("concerned", "i8"),  # the next place at which a level where we rest changes
        ("known", "i8"),  # update id of the desk's book
        ("last", "i8"),  # time of the last message
        ("sequence", "i8"),
        ("due", "i8"),
        # What is asked of it.
        ("calls", "i8", (4,)),  # addresses of on_book, on_trade, on_fill, on_timer; 0: none
        ("state_at", "i8"),
        ("market_at", "i8"),  # what the strategy sees and writes; of several legs, all of them
        ("wishes_at", "i8"),
        ("view_at", "i8"),  # this market in it
        ("leg_at", "i8"),  # where a strategy of several legs reads which of them a call is about
        ("intents_at", "i8"),
        ("needs", "i8"),
        ("timer", "i8"),  # ns between two calls of on_timer
        ("next_timer", "i8"),
        ("sampling", "i8"),
        ("next_sample", "i8"),
        ("until", "i8"),
        # Rules.
        ("partial", "i8"),
        ("queue", "i8"),
        ("power", "f8"),
        ("marks_at", "i8"),  # of each row, on a tape of orders
        ("entry", "i8"),
        ("response", "i8"),
        ("delays_at", "i8"),
        ("delays", "i8"),
        ("entry_row", "i8"),
        ("response_row", "i8"),
        ("maker_fee", "f8"),
        ("taker_fee", "f8"),
        ("lot", "f8"),  # lots in one base unit
        ("unit", "f8"),  # quote units of a tick times a lot
        ("tick_size", "f8"),
        ("lot_size", "f8"),
        # Orders.
        ("orders_at", "i8"),
        ("free_at", "i8"),
        ("free", "i8"),
        ("open_at", "i8"),  # slots open at the desk
        ("open", "i8"),
        ("resting_at", "i8"),  # slots resting at the exchange
        ("resting", "i8"),
        ("stops_at", "i8"),  # slots that wait at the exchange for a trade
        ("stops", "i8"),
        ("low_sell", "i8"),
        ("high_buy", "i8"),
        ("own_at", "i8"),  # a byte a tick: 1 a buy of ours rests there, 2 a sell
        ("requests_at", "i8"),
        ("request_head", "i8"),
        ("request_tail", "i8"),
        ("request_last", "i8"),
        ("answers_at", "i8"),
        ("answer_head", "i8"),
        ("answer_tail", "i8"),
        ("answer_last", "i8"),
        # Account, as the desk knows it.
        ("position", "i8"),
        ("cash", "i8"),  # ticks times lots
        ("fee", "f8"),
        ("traded", "i8"),  # ticks times lots
        # Funding, at the exchange.
        ("held", "i8"),
        ("paid", "f8"),
        ("settlements_at", "i8"),
        ("settlements", "i8"),
        ("settled", "i8"),
        # Margin of futures.
        ("margin", "i8"),  # address of the function that keeps it (`resting.consult`); 0: none
        ("looks_at", "i8"),  # mark prices
        ("looks", "i8"),
        ("looked", "i8"),
        ("mark", "i8"),  # the last one, 1e-8 quote units; 0: none yet
        ("tick_units", "i8"),  # 1e-8 quote units in a tick
        # What is kept.
        ("fills_at", "i8"),
        ("fills", "i8"),
        ("fills_room", "i8"),
        ("ledger_at", "i8"),
        ("ledger", "i8"),
        ("ledger_room", "i8"),
        ("samples_at", "i8"),
        ("samples", "i8"),
        ("samples_room", "i8"),
        # The last of the market, for the view.
        ("trade", "i8"),
        ("trade_lots", "i8"),
        ("trade_side", "i8"),
        ("ticker", "i8"),  # message of the ticker that is newer than the book, -1: none
        ("touch", "i8", (4,)),  # bid, bid lots, ask, ask lots of that ticker
        ("fill", "i8", (4,)),  # tick, lots, side, maker of our last fill
        # What went wrong.
        ("fault", "i8"),
        ("fault_method", "i8"),
        ("decisions", "i8"),
        ("brake", "i8"),  # the decision before which the run is stopped
        ("dated", "i8"),  # when the next settlement or mark price is due
    ],
    align=True,
)


class Columns(NamedTuple):
    """What compiled code reads of a feed, and the two blocks that a run writes: `levels` of its book, `own` prices."""

    local: Any
    times: Any
    order: Any
    kind: Any
    first: Any
    tick: Any
    lots: Any
    seq: Any
    seen: Any
    news: Any
    touch: Any
    size: Any
    trades: Any
    reach: Any
    history: Any
    levels: Any
    own: Any
    alone: bool


run_at = pointer(RUN)
order_at = pointer(ORDER)
message_at = pointer(MESSAGE)
fill_at = pointer(FILL)
ledger_at = pointer(LEDGER)
sample_at = pointer(SAMPLE)
settlement_at = pointer(SETTLEMENT)
look_at = pointer(LOOK)
ORDER_SIZE, MESSAGE_SIZE, FILL_SIZE = ORDER.itemsize, MESSAGE.itemsize, FILL.itemsize
LEDGER_SIZE, SAMPLE_SIZE, SETTLEMENT_SIZE = LEDGER.itemsize, SAMPLE.itemsize, SETTLEMENT.itemsize
LOOK_SIZE = LOOK.itemsize
