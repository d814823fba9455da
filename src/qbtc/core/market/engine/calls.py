# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""What Python calls of the compiled core: few entries, each cached on disk, all on the address of a market."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .background import after_move, apply_touch, cap_all, forget_all, on_level, on_trade, undo_touch
from .closing import PENDING, rest, wait
from .compiled import entry, fused, inner
from .conditional import chain, renew_trips
from .execute import (
    amend,
    cancel,
    close_step,
    drain,
    fill_slot,
    link,
    refuse,
    refuse_amend,
    refuse_list,
    set_time,
    submit,
    submit_list,
)
from .filters import STOP_LOSS
from .funds import hold
from .ladder import ladder
from .layout import Status
from .memory import prefetch
from .pool import count, enter, home, lookup, take_slot
from .state import (
    COLD_SIZE,
    COMMAND_SIZE,
    LADDER_SIZE,
    NODE_SIZE,
    TALLY_SIZE,
    Op,
    cold_at,
    command_at,
    market_at,
    node_at,
    tally_at,
)
from .views import changes, copy_order, digest, displayed, top, touch

SUBMIT, SUBMIT_LIST, CANCEL, AMEND = int(Op.SUBMIT), int(Op.SUBMIT_LIST), int(Op.CANCEL), int(Op.AMEND)
AHEAD = 6
PENDING_NEW = int(Status.PENDING_NEW)


# ---- commands


@fused
def _one(s: Any, at: int) -> int:
    """Run the command at an address; returns how many commands it took."""
    c = command_at(at)
    set_time(s, c.time)
    s.first = s.count
    if c.op == SUBMIT:
        submit(s, at)
    elif c.op == CANCEL:
        cancel(s, c.id, c.account)
    elif c.op == AMEND:
        amend(s, c.id, c.account, c.lots)
        drain(s)
    elif c.op == SUBMIT_LIST:
        submit_list(s, at)
        close_step(s, s.first)
        return c.legs
    close_step(s, s.first)
    return 1


@inner
def cramped(s: Any) -> bool:
    """Whether the next step might find no slot, no page or no room for its events."""
    a, b = ladder(s.ladders).spare, ladder(s.ladders + LADDER_SIZE).spare
    c, d = ladder(s.ladders + 2 * LADDER_SIZE).spare, ladder(s.ladders + 3 * LADDER_SIZE).spare
    pages = min(a, b, c, d)
    return min(pages, s.planned - s.live) < 8


@entry
def process(market: int, commands: int, number: int, room: int) -> int:
    """Run commands until all are done, `room` events are there, or more memory is wanted; returns how many are done."""
    s = market_at(market)
    s.count = 0
    done = 0
    while done < number and s.count < room and not cramped(s):
        if done + AHEAD < number:
            prefetch(s.table + home(s, command_at(commands + (done + AHEAD) * COMMAND_SIZE).id) * 4)
        done += _one(s, commands + done * COMMAND_SIZE)
    return done


@entry
def verdict(market: int, command: int) -> int:
    """The Reason for which a command would be refused, 0: it would not. Changes nothing but the time."""
    s, c = market_at(market), command_at(command)
    set_time(s, c.time)
    if c.op == SUBMIT:
        return refuse(s, command)
    if c.op == SUBMIT_LIST:
        return refuse_list(s, command)
    return refuse_amend(s, c.id, c.account, c.lots)


# ---- the background


@inner
def _rows(s: Any, side: int, rows: NDArray[Any]) -> int:
    bad = 0
    for i in range(rows.shape[0]):
        if not on_level(s, side, rows[i, 0], rows[i, 1]):
            bad += 1
    return bad


@entry
def depth(market: int, bids: NDArray[Any], asks: NDArray[Any], update: int, fresh: bool, now: int) -> int:
    """A depth update, or with `fresh` a snapshot; returns how many rows made no sense."""
    s = market_at(market)
    set_time(s, now)
    s.count, s.first = 0, 0
    undo_touch(s)
    if fresh:
        forget_all(s)
    s.book_id = update
    bad = _rows(s, 0, bids) + _rows(s, 1, asks)
    if fresh:
        cap_all(s)
    apply_touch(s)
    after_move(s)
    drain(s)
    close_step(s, 0)
    return bad


@entry
def ticker(market: int, update: int, bid: int, bid_lots: int, ask: int, ask_lots: int, now: int) -> bool:
    """A bookTicker; False if its prices make no sense."""
    s = market_at(market)
    set_time(s, now)
    s.count, s.first = 0, 0
    span = ladder(s.ladders).span
    if not (0 < bid < span and 0 < ask < span and bid_lots >= 0 and ask_lots >= 0):
        return False
    undo_touch(s)
    s.touch_id, s.bid_tick, s.bid_lots, s.ask_tick, s.ask_lots = update, bid, bid_lots, ask, ask_lots
    apply_touch(s)
    after_move(s)
    drain(s)
    close_step(s, 0)
    return True


@entry
def trade(market: int, tick: int, lots: int, taker: int, now: int) -> bool:
    """A recorded trade; False if it makes no sense."""
    s = market_at(market)
    set_time(s, now)
    s.count, s.first = 0, 0
    sane = on_trade(s, tick, lots, taker)
    drain(s)
    close_step(s, 0)
    return sane


# ---- views


@entry
def read_touch(market: int, out: NDArray[Any]) -> None:
    touch(market_at(market), out)


@entry
def read_top(market: int, side: int, out: NDArray[Any]) -> int:
    return top(market_at(market), side, out.shape[0], out)


@entry
def read_displayed(market: int, side: int, tick: int) -> int:
    return displayed(market_at(market), side, tick)


@entry
def read_changes(market: int, side: int, out: NDArray[Any]) -> int:
    return changes(market_at(market), side, out)


@entry
def read_order(market: int, order: int, out: NDArray[Any]) -> bool:
    s = market_at(market)
    slot = lookup(s, order)
    if slot:
        copy_order(s, slot, out)
    return slot != 0


@entry
def read_digest(market: int) -> int:
    return digest(market_at(market))


# ---- memory and recovery


@entry
def rehash(market: int) -> None:
    """Fill the table of ids anew (it grew and is empty)."""
    s = market_at(market)
    for slot in range(1, s.fresh):
        order = node_at(s.nodes + slot * NODE_SIZE).id
        if order >= 0:
            enter(s, order, slot)


@entry
def restore(market: int, orders: NDArray[Any], hold_funds: bool) -> int:
    """Put open orders (layout.ORDER, in queue order) back; returns how many found room."""
    s = market_at(market)
    for i in range(orders.size):
        if cramped(s):
            return i
        slot = take_slot(s)
        fill_slot(s, slot, orders[i])
        count(s, slot, 1)
        if hold_funds:
            hold(s, slot)
        _requeue(s, slot, orders[i]["status"] == PENDING_NEW)
    renew_trips(s)
    return orders.size


@inner
def _requeue(s: Any, slot: int, pending: bool) -> None:
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    if pending:
        cold.place = PENDING
    elif node.kind >= STOP_LOSS and cold.working == 0:
        if cold.stop_tick and cold.trailed == 0:
            wait(s, slot)
        else:
            chain(s, slot)
    else:
        rest(s, slot)


@entry
def join(market: int, orders: NDArray[np.int64]) -> None:
    """Make restored orders, two or three, peers of one list; 0 for one that is closed."""
    s = market_at(market)
    slots = np.zeros(3, np.int64)
    found = 0
    for order in orders:
        slots[found] = lookup(s, order)
        found += 1 if slots[found] else 0
    node = node_at(s.nodes + slots[0] * NODE_SIZE)
    tally_at(s.tallies + node.account * TALLY_SIZE).lists += 1
    tally_at(s.totals + node.account * TALLY_SIZE).lists += 1
    if found > 1:
        link(s, slots[0], slots[1], slots[2])
