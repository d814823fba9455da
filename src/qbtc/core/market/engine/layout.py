"""The records and words of the compiled matching core: what an order, an event, a rule table and a balance look like.

Numbers only, so that compiled code, the journal and research read the same bytes. Prices are ticks, quantities lots,
amounts of an asset integers of 1e-8, times nanoseconds, rates integers of 1e-8. Not here: how they change
(`match`, `trigger`, `funds`), and Binance's texts (core.binance).
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np


class Side(IntEnum):
    BUY = 0
    SELL = 1


class Kind(IntEnum):
    LIMIT = 1
    MARKET = 2
    LIMIT_MAKER = 3
    STOP_LOSS = 4
    STOP_LOSS_LIMIT = 5
    TAKE_PROFIT = 6
    TAKE_PROFIT_LIMIT = 7


class Tif(IntEnum):
    GTC = 1
    IOC = 2
    FOK = 3


class Stp(IntEnum):
    """What happens when an order meets another of the same account; the taker's mode decides."""

    NONE = 0
    EXPIRE_TAKER = 1
    EXPIRE_MAKER = 2
    EXPIRE_BOTH = 3
    DECREMENT = 4


class Status(IntEnum):
    """Binance's order status. PENDING_NEW: waits for the working order of its list."""

    NEW = 1
    PENDING_NEW = 2
    PARTIALLY_FILLED = 3
    FILLED = 4
    CANCELED = 5
    EXPIRED = 6
    EXPIRED_IN_MATCH = 7
    REJECTED = 8


class ListKind(IntEnum):
    """Order lists. The orders in turn are OCO: above, below; OTO: working, pending; OTOCO: working, above, below."""

    NONE = 0
    OCO = 1
    OTO = 2
    OTOCO = 3


class ListStatus(IntEnum):
    RESPONSE = 0
    EXEC_STARTED = 1
    UPDATED = 2
    ALL_DONE = 3
    REJECT = 4


class EventKind(IntEnum):
    ACCEPTED = 1
    """The order exists: `order` is its id, `remaining` its lots. Its record is the pool's or the command's."""
    TRADE = 2
    """`order` took, `counter` made (0: background); one event for both. `side` is the taker's."""
    CANCELED = 3
    EXPIRED = 4
    """`reason` says why; status becomes EXPIRED, or EXPIRED_IN_MATCH for SELF_TRADE."""
    TRIGGERED = 5
    """A stop, take-profit or trailing order became active at `tick`."""
    PREVENTED = 6
    """Self-trade prevention: `lots` of `order` (taker) and `counter` (maker) did not trade; `tick` the maker's price."""
    AMENDED = 7
    """Quantity reduced to `lots`, priority kept."""
    REPLENISHED = 8
    """An iceberg shows its next part (`lots`) and goes to the back of its level."""
    TRAILED = 9
    """The reference price of a trailing order moved to `tick`."""
    STARTED = 10
    """A pending order of a list became working (PENDING_NEW -> NEW)."""
    LIST = 11
    """A list changed: `order` is the list id, `lots` the ListStatus."""
    REJECTED = 12
    """Refused, nothing changed: `reason`."""


class Reason(IntEnum):
    """Why an order was refused or ended. The first group are filters, in the words of Binance's filters.md."""

    NONE = 0
    PRICE_FILTER = 1
    PERCENT_PRICE = 2
    PERCENT_PRICE_BY_SIDE = 3
    LOT_SIZE = 4
    MARKET_LOT_SIZE = 5
    MIN_NOTIONAL = 6
    NOTIONAL = 7
    ICEBERG_PARTS = 8
    MAX_NUM_ORDERS = 9
    MAX_NUM_ALGO_ORDERS = 10
    MAX_NUM_ICEBERG_ORDERS = 11
    MAX_POSITION = 12
    TRAILING_DELTA = 13
    MAX_NUM_ORDER_LISTS = 14
    MAX_NUM_ORDER_AMENDS = 15
    EXCHANGE_MAX_NUM_ORDERS = 16
    EXCHANGE_MAX_NUM_ALGO_ORDERS = 17
    EXCHANGE_MAX_NUM_ICEBERG_ORDERS = 18
    EXCHANGE_MAX_NUM_ORDER_LISTS = 19

    INSUFFICIENT_BALANCE = 32
    WOULD_MATCH = 33
    WOULD_TRIGGER = 34
    NO_DEPTH = 35
    UNKNOWN_ORDER = 36
    AMEND_NOT_SMALLER = 37
    TOO_LARGE = 38
    """A product of price and quantity that does not fit 63 bits."""
    POOL_FULL = 39
    MARKET_CLOSED = 40

    REQUESTED = 64
    UNFILLED = 65
    """The rest of a MARKET, IOC or FOK order."""
    SELF_TRADE = 66
    LIST_DONE = 67
    """The other leg of an OCO traded or triggered, or the working order of an OTO ended unfilled."""
    REPLACED = 68


ORDER = np.dtype(
    [
        ("id", "i8"),
        ("client", "S36"),
        ("account", "i4"),
        ("symbol", "i2"),
        ("side", "u1"),
        ("kind", "u1"),
        ("tif", "u1"),
        ("stp", "u1"),
        ("status", "u1"),
        ("working", "u1"),  # 1 once it may trade: after acceptance, trigger or start of its list
        ("list_kind", "u1"),
        ("leg", "u1"),  # place in its list, 0 first
        ("amends", "u2"),
        ("tick", "i8"),  # 0: MARKET and the market-type stops
        ("stop_tick", "i8"),
        ("trailing", "i4"),  # basis points, 0: none
        ("strategy_type", "i4"),
        ("strategy_id", "i8"),
        ("mark", "i8"),  # best price since a trailing order was activated, 0: not activated
        ("lots", "i8"),  # as placed or amended; 0: by quote
        ("iceberg", "i8"),  # lots shown at once, 0: all
        ("filled", "i8"),
        ("quote_filled", "i8"),
        ("budget", "i8"),  # quoteOrderQty in 1e-8, 0: none
        ("prevented", "i8"),
        ("list_id", "i8"),  # 0: none
        ("created", "i8"),
        ("updated", "i8"),
        ("worked", "i8"),  # when it became working, 0: not yet
        ("trailed", "i8"),
        ("locked", "i8"),  # amount of the paying asset still locked, 1e-8
    ],
    align=True,
)
"""An order as it was placed and what became of it."""

EVENT = np.dtype(
    [
        ("kind", "u1"),
        ("reason", "u1"),
        ("side", "u1"),
        ("status", "u1"),  # of `order` afterwards
        ("symbol", "i2"),
        ("counter_status", "u1"),
        ("last", "u1"),
        ("order", "i8"),
        ("counter", "i8"),
        ("account", "i4"),
        ("counter_account", "i4"),
        ("time", "i8"),
        ("tick", "i8"),
        ("lots", "i8"),
        ("quote", "i8"),  # traded amount of the quote asset, 1e-8
        ("remaining", "i8"),
        ("counter_remaining", "i8"),
        ("trade_id", "i8"),
        ("fee", "i8"),  # of `order`, in 1e-8 of what it received
        ("counter_fee", "i8"),
        ("locked", "i8"),  # what `order` still locks of its paying asset afterwards, 1e-8; whatever kind of event
        ("counter_locked", "i8"),
    ],
    align=True,
)
"""One thing that happened, complete enough that folding events over an empty state gives the state back."""

RULES = np.dtype(
    [
        ("min_tick", "i8"),
        ("max_tick", "i8"),
        ("tick_step", "i8"),
        ("min_lots", "i8"),
        ("max_lots", "i8"),
        ("lot_step", "i8"),
        ("market_min_lots", "i8"),
        ("market_max_lots", "i8"),
        ("market_lot_step", "i8"),
        ("min_notional", "i8"),  # 1e-8 of the quote asset; 0: no bound, as everywhere below
        ("max_notional", "i8"),
        ("min_applies_to_market", "u1"),
        ("max_applies_to_market", "u1"),
        ("notional_minutes", "i4"),
        ("percent_minutes", "i4"),
        ("bid_up", "i8"),  # multipliers in 1e-8
        ("bid_down", "i8"),
        ("ask_up", "i8"),
        ("ask_down", "i8"),
        ("iceberg_parts", "i4"),
        ("max_orders", "i4"),
        ("max_algo_orders", "i4"),
        ("max_iceberg_orders", "i4"),
        ("max_order_lists", "i4"),
        ("max_amends", "i4"),
        ("max_position", "i8"),  # lots
        ("trail_above_min", "i4"),
        ("trail_above_max", "i4"),
        ("trail_below_min", "i4"),
        ("trail_below_max", "i4"),
        ("maker_rate", "i8"),
        ("taker_rate", "i8"),
    ],
    align=True,
)
"""Filters and fees of one symbol."""

FREE, LOCKED = 0, 1
"""Last axis of the balances array: int64[accounts, assets, 2] in 1e-8 of the asset."""

BACKGROUND = 0
"""Order id and account of the counterparty that is not an order of ours: recorded, live or simulated size."""
