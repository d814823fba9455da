"""The arrays that hold the venue's books: every order, trade, list and balance as rows of numbers.

Orders, trades and lists are in order of their ids. Arrays are zeros, reserved in full at the start, and cost memory only as
they fill; `books_fold` alone changes them. When one is full, the oldest closed rows are dropped down to `keep`.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..core.market.engine.layout import ORDER
from .journal_format import ASSET, LIST, SYMBOL

KEEP = 1_000_000
"""Orders and trades that stay at least; lists, amendments and prevented matches a tenth of it."""
ACCOUNTS, ASSETS, SYMBOLS = 1024, 256, 512

TRADE = np.dtype(
    [
        ("id", "i8"),
        ("taker", "i8"),
        ("maker", "i8"),
        ("taker_account", "i4"),
        ("maker_account", "i4"),
        ("symbol", "i2"),
        ("side", "u1"),  # the taker's
        ("time", "i8"),
        ("tick", "i8"),
        ("lots", "i8"),
        ("quote", "i8"),
        ("taker_fee", "i8"),
        ("maker_fee", "i8"),
        ("taker_before", "i8"),  # number of the order's trade before this one, 0: none
        ("maker_before", "i8"),
    ],
    align=True,
)
PREVENTED = np.dtype(
    [
        ("id", "i8"),
        ("taker", "i8"),
        ("maker", "i8"),
        ("taker_account", "i4"),
        ("maker_account", "i4"),
        ("symbol", "i2"),
        ("stp", "u1"),
        ("time", "i8"),
        ("tick", "i8"),
        ("taker_lots", "i8"),
        ("maker_lots", "i8"),
    ],
    align=True,
)
AMENDMENT = np.dtype(
    [
        ("id", "i8"),
        ("order", "i8"),
        ("account", "i8"),
        ("before", "i8"),
        ("after", "i8"),
        ("time", "i8"),
        ("old_client", "S36"),
        ("client", "S36"),
    ],
    align=True,
)

# Places in `counts`.
(
    NEXT_ORDER,
    NEXT_LIST,
    N_ORDERS,
    N_OPEN,
    N_TRADES,
    N_LISTS,
    N_PREVENTED,
    N_AMENDED,
    N_SYMBOLS,
    N_ASSETS,
    DROPPED_TRADES,
    DROPPED_ORDERS,
    INDEXED,
    NEGATIVE,
    LATEST,
) = range(15)
COUNTS = 24


class State(NamedTuple):
    """One tuple of arrays, as compiled code takes it. `words` is `orders` again, as 64-bit words."""

    counts: NDArray[np.int64]
    orders: NDArray[np.void]
    words: NDArray[np.int64]
    newest: NDArray[np.int64]  # by order row: number of its newest trade, counted from 1 over all time; 0: none
    place: NDArray[np.int64]  # by order row: its place in `open`, -1: closed
    open: NDArray[np.int64]  # rows of open orders, in no order
    trades: NDArray[np.void]
    lists: NDArray[np.void]
    prevented: NDArray[np.void]
    amended: NDArray[np.void]
    balances: NDArray[np.int64]
    had: NDArray[np.uint8]  # account, asset: ever had
    accounts: NDArray[np.uint8]  # 1: open
    symbols: NDArray[np.void]
    last: NDArray[np.int64]  # by symbol: trade id and price to go on from, prevented matches, executions
    assets: NDArray[np.void]
    ids: NDArray[np.int64]  # open addressing: order id by client id and account; derived, not kept


STORED = tuple(name for name in State._fields if name not in ("words", "place", "open", "ids"))
_ROWS = {
    "orders": N_ORDERS,
    "newest": N_ORDERS,
    "trades": N_TRADES,
    "lists": N_LISTS,
    "prevented": N_PREVENTED,
    "amended": N_AMENDED,
    "symbols": N_SYMBOLS,
    "assets": N_ASSETS,
}


def empty(keep: int = KEEP) -> State:
    """Room for `keep` orders and trades and a quarter more."""
    room = keep + keep // 4 + 8
    few = room // 10 + 8
    orders = np.zeros(room, ORDER)
    counts = np.zeros(COUNTS, np.int64)
    counts[[NEXT_ORDER, NEXT_LIST]] = 1
    return State(
        counts=counts,
        orders=orders,
        words=orders.view(np.int64).reshape(room, -1),
        newest=np.zeros(room, np.int64),
        place=np.zeros(room, np.int64),
        open=np.zeros(room, np.int64),
        trades=np.zeros(room, TRADE),
        lists=np.zeros(few, LIST),
        prevented=np.zeros(few, PREVENTED),
        amended=np.zeros(few, AMENDMENT),
        balances=np.zeros((ACCOUNTS, ASSETS, 2), np.int64),
        had=np.zeros((ACCOUNTS, ASSETS), np.uint8),
        accounts=np.zeros(ACCOUNTS, np.uint8),
        symbols=np.zeros(SYMBOLS, SYMBOL),
        last=np.zeros((SYMBOLS, 4), np.int64),
        assets=np.zeros(ASSETS, ASSET),
        ids=np.zeros(1 << 12, np.int64),
    )


def used(state: State, name: str) -> NDArray[np.void]:
    """The filled part of one array."""
    array: NDArray[np.void] = getattr(state, name)
    return array[: state.counts[_ROWS[name]]] if name in _ROWS else array


def state_hash(state: State) -> str:
    """Over everything stored: equal histories give equal hashes, on any machine."""
    found = hashlib.blake2b(digest_size=32)
    for name in STORED:
        part = used(state, name)
        found.update(f"{name}{part.shape}".encode())
        found.update(np.ascontiguousarray(_counted(state) if name == "counts" else part).view(np.uint8).data)
    return found.hexdigest()


def _counted(state: State) -> NDArray[np.int64]:
    """Counts without those of derived arrays."""
    counts = state.counts.copy()
    counts[INDEXED] = 0
    return counts
