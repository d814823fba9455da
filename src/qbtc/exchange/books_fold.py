# mypy: disable-error-code="no-any-return,return-value,arg-type"
# (records are compiled, whose fields the checker cannot know)
"""The fold of the venue's books: one record at a time, compiled. Running and recovering use the same `apply`.

Nothing here decides anything: the matching core has decided, the record says what, and the arrays follow. A record
that contradicts them is refused with a code (`Refusal`), which in a running venue is a defect and in a recovery damage.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..core.market.engine.layout import FREE, LOCKED, EventKind, Kind, ListStatus, Side, Status, Stp
from . import books_state as bs
from .books_state import State
from .compiled import entry, inner
from .journal_format import WIDEST, AccountStep, Record, Words


class Refusal(IntEnum):
    """What `apply` and `replay` return beside 0."""

    NO_SUCH_ORDER = 1
    OLD_ID = 2
    NO_ROOM = 3
    MALFORMED = 4
    NO_SUCH_ACCOUNT = 5
    OVERDRAWN = 6
    NOT_OPEN = 7
    FRAME_ENDS = 16
    FRAME_DAMAGED = 17
    INDEX_FULL = 18


NEW, FILLED = int(Status.NEW), int(Status.FILLED)
ACCEPTED, TRADE, TRIGGERED = int(EventKind.ACCEPTED), int(EventKind.TRADE), int(EventKind.TRIGGERED)
PREVENTED, AMENDED, TRAILED = int(EventKind.PREVENTED), int(EventKind.AMENDED), int(EventKind.TRAILED)
STARTED, LISTED, DONE = int(EventKind.STARTED), int(EventKind.LIST), int(ListStatus.ALL_DONE)
BUY, LIMIT_MAKER = int(Side.BUY), int(Kind.LIMIT_MAKER)
TAKER, MAKER, BOTH = int(Stp.EXPIRE_TAKER), int(Stp.EXPIRE_MAKER), int(Stp.EXPIRE_BOTH)
R_ORDER, R_EVENT, R_LIST = int(Record.ORDER), int(Record.EVENT), int(Record.LIST)
R_MARK = int(Record.MARK)
R_ACCOUNT, R_SYMBOL, R_ASSET, R_RENAME = int(Record.ACCOUNT), int(Record.SYMBOL), int(Record.ASSET), int(Record.RENAME)
OPEN, DEPOSIT, RESET = int(AccountStep.OPEN), int(AccountStep.DEPOSIT), int(AccountStep.RESET)
KEY = 1
"""First word of an order's key: client id and account, five words."""


# Row types are views of one scratch row, so that compiled code reads fields by name.
class Row:
    """A row of any kind: the words, and the same memory as each record type."""

    def __init__(self) -> None:
        from .journal_format import ROWS

        self.words = np.zeros(WIDEST, np.int64)
        size = {kind: ROWS[kind].itemsize // 8 for kind in ROWS}
        self.views = tuple(self.words[: size[k]].view(ROWS[k]) for k in ROWS if k is not Record.MARK)


@inner
def find(state: State, order: int) -> int:
    """Row of an order, -1 if there is none."""
    ids, count = state.orders, state.counts[bs.N_ORDERS]
    if count == 0 or order < ids[0]["id"] or order > ids[count - 1]["id"]:
        return -1
    low, high = max(count - 1 - (ids[count - 1]["id"] - order), 0), count - 1
    while low <= high:
        # Ids are dense but for dropped ones, so that the first probe nearly always hits.
        here = ids[low]["id"]
        if here == order:
            return low
        if here > order:
            return -1
        middle = (low + high + 1) >> 1
        if ids[middle]["id"] <= order:
            low = middle if middle > low else low + 1
        else:
            high = middle - 1
    return -1


@inner
def find_list(state: State, identity: int) -> int:
    """Row of an order list, -1 if there is none."""
    low, high = 0, state.counts[bs.N_LISTS] - 1
    while low <= high:
        middle = (low + high) >> 1
        here = state.lists[middle]["id"]
        if here == identity:
            return middle
        if here < identity:
            low = middle + 1
        else:
            high = middle - 1
    return -1


# ---- index of client ids


@inner
def _slot(state: State, key: Words) -> int:
    """Where the order with this key is in the index, or where it would go."""
    value = np.uint64(0x9E3779B97F4A7C15)
    for i in range(5):
        value = (value ^ np.uint64(key[i])) * np.uint64(0xFF51AFD7ED558CCD)
        value ^= value >> np.uint64(32)
    mask = state.ids.size - 1
    at = np.int64(value & np.uint64(mask))
    while state.ids[at] != 0:
        row = find(state, state.ids[at])
        if row >= 0 and _same(state.words[row], key):
            return at
        at = (at + 1) & mask
    return at


@inner
def _same(row: Words, key: Words) -> bool:
    same = True
    for i in range(5):
        same = same and row[KEY + i] == key[i]
    return same


@inner
def by_client(state: State, key: Words) -> int:
    """Row of the newest order with this client id and account (as in the words of an order), -1 if there is none."""
    return find(state, state.ids[_slot(state, key)])


@inner
def _enter(state: State, row: int) -> None:
    at = _slot(state, state.words[row, KEY : KEY + 5])
    if state.ids[at] == 0:
        state.counts[bs.INDEXED] += 1
    state.ids[at] = state.orders[row]["id"]


@entry
def reindex(state: State) -> None:
    """Fill the derived arrays anew: index, places and open orders."""
    state.ids[:] = 0
    state.counts[bs.INDEXED] = 0
    state.counts[bs.N_OPEN] = 0
    for row in range(state.counts[bs.N_ORDERS]):
        _enter(state, row)
        state.place[row] = -1
        if state.orders[row]["status"] < FILLED:
            _opened(state, row)


# ---- open orders and balances


@inner
def _opened(state: State, row: int) -> None:
    state.place[row] = state.counts[bs.N_OPEN]
    state.open[state.counts[bs.N_OPEN]] = row
    state.counts[bs.N_OPEN] += 1


@inner
def _closed(state: State, row: int) -> None:
    last = state.counts[bs.N_OPEN] - 1
    moved, place = state.open[last], state.place[row]
    state.open[place] = moved
    state.place[moved] = place
    state.place[row] = -1
    state.counts[bs.N_OPEN] = last


@inner
def _move(state: State, account: int, asset: int, part: int, amount: int) -> None:
    """Add to a balance; how many are below zero is counted, for orders of a list may lock for each other."""
    before = state.balances[account, asset, part]
    after = before + amount
    state.balances[account, asset, part] = after
    state.had[account, asset] = 1
    if (before < 0) != (after < 0):
        state.counts[bs.NEGATIVE] += 1 if after < 0 else -1


@inner
def _pays(state: State, row: int) -> int:
    symbol = state.symbols[state.orders[row]["symbol"]]
    return symbol["quote"] if state.orders[row]["side"] == BUY else symbol["base"]


@inner
def _lock(state: State, row: int, locked: int) -> None:
    """Let an order lock this much and no more."""
    change = locked - state.orders[row]["locked"]
    if change != 0:
        account, asset = state.orders[row]["account"], _pays(state, row)
        _move(state, account, asset, FREE, -change)
        _move(state, account, asset, LOCKED, change)
        state.orders[row]["locked"] = locked


# ---- records


@inner
def fold_order(state: State, words: Words) -> int:
    count = state.counts[bs.N_ORDERS]
    if count == state.orders.size:
        drop_orders(state)
        count = state.counts[bs.N_ORDERS]
        if count == state.orders.size:
            return 3
    row = state.orders[count]
    for i in range(state.words.shape[1]):
        state.words[count, i] = words[i]
    if row["id"] < state.counts[bs.NEXT_ORDER]:
        return 2
    if not (0 <= row["account"] < state.accounts.size) or state.accounts[row["account"]] == 0:
        return 5
    if not 0 <= row["symbol"] < state.counts[bs.N_SYMBOLS]:
        return 4
    state.counts[bs.N_ORDERS] = count + 1
    state.counts[bs.NEXT_ORDER] = row["id"] + 1
    state.counts[bs.LATEST] = max(state.counts[bs.LATEST], row["created"])
    state.newest[count] = 0
    locked = row["locked"]
    row["locked"] = 0
    _lock(state, count, locked)
    _opened(state, count)
    _enter(state, count)
    return 0


@inner
def _step(state: State, row: int, status: int, locked: int, time: int) -> None:
    """What every event does to its order."""
    order = state.orders[row]
    order["status"] = status
    order["updated"] = time
    _lock(state, row, locked)
    if status >= FILLED and state.place[row] >= 0:
        _closed(state, row)


@inner
def _fill(state: State, row: int, event: Any, fee: int, number: int) -> int:
    """One side of a trade; returns the order's trade before it."""
    order = state.orders[row]
    symbol, account = state.symbols[order["symbol"]], order["account"]
    base = event["lots"] * symbol["lot_units"]
    order["filled"] += event["lots"]
    order["quote_filled"] += event["quote"]
    if order["side"] == BUY:
        _move(state, account, symbol["quote"], FREE, -event["quote"])
        _move(state, account, symbol["base"], FREE, base - fee)
    else:
        _move(state, account, symbol["base"], FREE, -base)
        _move(state, account, symbol["quote"], FREE, event["quote"] - fee)
    before = state.newest[row]
    state.newest[row] = number
    return before


@inner
def _trade(state: State, event: Any) -> int:
    taker = find(state, event["order"]) if event["order"] > 0 else -1
    maker = find(state, event["counter"]) if event["counter"] > 0 else -1
    if (event["order"] > 0 and taker < 0) or (event["counter"] > 0 and maker < 0):
        return 1
    if (taker >= 0 and state.place[taker] < 0) or (maker >= 0 and state.place[maker] < 0):
        return 7
    if state.counts[bs.N_TRADES] == state.trades.size:
        drop_trades(state)
    count = state.counts[bs.N_TRADES]
    number = state.counts[bs.DROPPED_TRADES] + count + 1
    trade = state.trades[count]
    trade["id"] = event["trade_id"]
    trade["taker"] = max(event["order"], 0)
    trade["maker"] = max(event["counter"], 0)
    trade["taker_account"] = state.orders[taker]["account"] if taker >= 0 else 0
    trade["maker_account"] = state.orders[maker]["account"] if maker >= 0 else 0
    trade["symbol"] = state.orders[max(taker, maker)]["symbol"]
    trade["side"] = event["side"]
    trade["time"] = event["time"]
    trade["tick"] = event["tick"]
    trade["lots"] = event["lots"]
    trade["quote"] = event["quote"]
    trade["taker_fee"] = event["fee"]
    trade["maker_fee"] = event["counter_fee"]
    trade["taker_before"] = _fill(state, taker, event, event["fee"], number) if taker >= 0 else 0
    trade["maker_before"] = _fill(state, maker, event, event["counter_fee"], number) if maker >= 0 else 0
    state.counts[bs.N_TRADES] = count + 1
    last = state.last[trade["symbol"]]
    last[0] = max(last[0], event["trade_id"])
    last[1] = event["tick"]
    if taker >= 0:
        _step(state, taker, event["status"], event["locked"], event["time"])
    if maker >= 0:
        _step(state, maker, event["counter_status"], event["counter_locked"], event["time"])
    return 0


@inner
def _prevent(state: State, event: Any) -> int:
    taker, maker = find(state, event["order"]), find(state, event["counter"])
    if taker < 0 or maker < 0:
        return 1
    if state.counts[bs.N_PREVENTED] == state.prevented.size:
        _drop_first(state.prevented, state.counts, bs.N_PREVENTED)
    count = state.counts[bs.N_PREVENTED]
    state.counts[bs.N_PREVENTED] = count + 1
    symbol = state.orders[taker]["symbol"]
    state.last[symbol, 2] += 1
    row = state.prevented[count]
    row["id"] = state.last[symbol, 2]
    row["taker"] = event["order"]
    row["maker"] = event["counter"]
    row["taker_account"] = state.orders[taker]["account"]
    row["maker_account"] = state.orders[maker]["account"]
    row["symbol"] = symbol
    row["stp"] = state.orders[taker]["stp"]
    row["time"] = event["time"]
    row["tick"] = event["tick"]
    row["taker_lots"] = _stopped(state, taker, row["stp"], event["lots"], MAKER, TAKER)
    row["maker_lots"] = _stopped(state, maker, row["stp"], event["lots"], TAKER, MAKER)
    state.orders[taker]["prevented"] += row["taker_lots"]
    state.orders[maker]["prevented"] += row["maker_lots"]
    _step(state, taker, event["status"], event["locked"], event["time"])
    _step(state, maker, event["counter_status"], event["counter_locked"], event["time"])
    return 0


@inner
def _stopped(state: State, row: int, mode: int, lots: int, spared: int, ended: int) -> int:
    """Lots of one order that a prevented match took away: all that is left of an order that ends by it."""
    order = state.orders[row]
    if mode == spared:
        return 0
    if (mode == ended or mode == BOTH) and order["lots"] > 0:  # noqa: PLR1714, SIM109 - compiled
        return order["lots"] - order["filled"] - order["prevented"]
    return lots


@inner
def _amend(state: State, row: int, event: Any) -> None:
    order = state.orders[row]
    if state.counts[bs.N_AMENDED] == state.amended.size:
        _drop_first(state.amended, state.counts, bs.N_AMENDED)
    count = state.counts[bs.N_AMENDED]
    state.counts[bs.N_AMENDED] = count + 1
    state.last[order["symbol"], 3] += 1
    amended = state.amended[count]
    amended["id"] = state.last[order["symbol"], 3]
    amended["order"] = order["id"]
    amended["account"] = order["account"]
    amended["before"] = order["lots"]
    amended["after"] = event["lots"]
    amended["time"] = event["time"]
    amended["old_client"] = order["client"]
    amended["client"] = order["client"]
    order["lots"] = event["lots"]
    order["amends"] += 1


@inner
def fold_event(state: State, event: Any) -> int:
    kind = event["kind"]
    state.counts[bs.LATEST] = max(state.counts[bs.LATEST], event["time"])
    if kind == TRADE:
        return _trade(state, event)
    if kind == PREVENTED:
        return _prevent(state, event)
    if kind == LISTED:
        return _list_moved(state, event)
    row = find(state, event["order"])
    if row < 0:
        return 1
    if state.place[row] < 0:
        return 7
    order = state.orders[row]
    if kind == AMENDED:
        _amend(state, row, event)
    elif kind == TRAILED:
        order["mark"] = event["tick"]
        if order["trailed"] == 0:
            order["trailed"] = event["time"]
    elif kind == TRIGGERED or (kind == STARTED and order["kind"] <= LIMIT_MAKER):
        order["working"] = 1
        order["worked"] = event["time"]
    _step(state, row, event["status"], event["locked"], event["time"])
    return 0


@inner
def _drop_closed_lists(state: State) -> None:
    """Drop the closed ones of the oldest fifth; only if none is closed, open ones."""
    count = state.counts[bs.N_LISTS]
    gone, kept = count // 5 + 1, 0
    for i in range(count):
        if i >= gone or state.lists[i]["status"] < DONE:
            state.lists[kept] = state.lists[i]
            kept += 1
    state.counts[bs.N_LISTS] = kept
    if kept == count:
        _drop_first(state.lists, state.counts, bs.N_LISTS)


@inner
def _list_moved(state: State, event: Any) -> int:
    row = find_list(state, event["order"])
    if row < 0:
        return 1
    state.lists[row]["status"] = event["lots"]
    state.lists[row]["updated"] = event["time"]
    return 0


@inner
def _list(state: State, new: Any) -> int:
    if new["id"] < state.counts[bs.NEXT_LIST]:
        return 2
    if state.counts[bs.N_LISTS] == state.lists.size:
        _drop_closed_lists(state)
    count = state.counts[bs.N_LISTS]
    state.lists[count] = new
    state.counts[bs.N_LISTS] = count + 1
    state.counts[bs.NEXT_LIST] = new["id"] + 1
    return 0


@inner
def _account(state: State, step: Any) -> int:
    account, asset = step["account"], step["asset"]
    if not (0 < account < state.accounts.size and 0 <= asset < state.had.shape[1]):
        return 5
    if step["step"] == OPEN:
        state.accounts[account] = 1
    elif state.accounts[account] == 0:
        return 5
    elif step["step"] == DEPOSIT:
        _move(state, account, asset, FREE, step["amount"])
    elif step["step"] == RESET:
        for each in range(state.had.shape[1]):
            if state.balances[account, each, LOCKED] != 0:
                return 7
            state.balances[account, each, FREE] = 0
            state.had[account, each] = 0
    else:
        return 4
    return 0


@inner
def _rename(state: State, name: Any, words: Words) -> int:
    """A new client id for an order (and for its amendment, which came just before)."""
    row = find(state, name["order"])
    if row < 0:
        return 1
    account = state.orders[row]["account"]
    for i in range(5):
        state.words[row, KEY + i] = words[1 + i]
    state.orders[row]["account"] = account
    count = state.counts[bs.N_AMENDED]
    if count > 0 and state.amended[count - 1]["order"] == name["order"]:
        state.amended[count - 1]["client"] = state.orders[row]["client"]
    _enter(state, row)
    return 0


@inner
def apply(state: State, kind: int, row: Words, views: tuple[NDArray[np.void], ...]) -> int:
    """Fold one record: `row` holds its words, `views` the same memory as each kind's record (`Row`). 0 or a Refusal."""
    _, events, lists, accounts, symbols, assets, names = views
    if kind == R_EVENT:
        return fold_event(state, events[0])
    if kind == R_ORDER:
        return fold_order(state, row)
    if kind == R_LIST:
        return _list(state, lists[0])
    if kind == R_ACCOUNT:
        return _account(state, accounts[0])
    if kind == R_RENAME:
        return _rename(state, names[0], row)
    if kind == R_SYMBOL:
        if symbols[0]["id"] != state.counts[bs.N_SYMBOLS] or symbols[0]["id"] >= state.symbols.size:
            return 4
        state.symbols[symbols[0]["id"]] = symbols[0]
        state.counts[bs.N_SYMBOLS] += 1
    elif kind == R_ASSET:
        if assets[0]["id"] != state.counts[bs.N_ASSETS] or assets[0]["id"] >= state.assets.size:
            return 4
        state.assets[assets[0]["id"]] = assets[0]
        state.counts[bs.N_ASSETS] += 1
    elif kind == R_MARK:
        if not 0 <= row[0] < 2 * state.counts[bs.N_SYMBOLS]:
            return 4
        state.last[row[0] // 2, row[0] % 2] = row[1]
    return 0


# ---- history that goes


@inner
def _drop_first(rows: NDArray[np.void], counts: NDArray[np.int64], which: int) -> None:
    """Drop the oldest fifth."""
    count = counts[which]
    gone = count // 5 + 1
    for i in range(gone, count):
        rows[i - gone] = rows[i]
    counts[which] = count - gone


@inner
def drop_trades(state: State) -> None:
    """Drop the oldest fifth of the trades; chains that lead there end before."""
    before = state.counts[bs.N_TRADES]
    _drop_first(state.trades, state.counts, bs.N_TRADES)
    state.counts[bs.DROPPED_TRADES] += before - state.counts[bs.N_TRADES]


@inner
def drop_orders(state: State) -> None:
    """Drop the closed ones among the oldest fifth of the orders."""
    count = state.counts[bs.N_ORDERS]
    old, to = count // 5 + 1, 0
    for row in range(count):
        if row >= old or state.orders[row]["status"] < FILLED:
            state.words[to] = state.words[row]
            state.newest[to] = state.newest[row]
            to += 1
    state.counts[bs.N_ORDERS] = to
    state.counts[bs.DROPPED_ORDERS] += count - to
    reindex(state)
