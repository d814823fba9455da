# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""Commands: submit an order or a list, cancel, amend; and what follows in the same step.

Each returns its Reason (0: done) and leaves its events behind; a refusal is one REJECTED event and nothing else.
"""

from __future__ import annotations

from typing import Any

from .background import hide_stale
from .closing import (
    CANCELED,
    FIRED,
    IS_CANCELED,
    IS_EXPIRED,
    IS_NEW,
    IS_PENDING,
    LIST,
    NOWHERE,
    PENDING,
    end,
    end_at_once,
    filled_in_list,
    forget,
    leave_queue,
    rest,
    status_of,
    wait,
)
from .compiled import fused, inner
from .conditional import follow
from .filters import (
    CLOSED,
    LOT_SIZE,
    MARKET,
    MIN_NOTIONAL,
    NOTIONAL,
    STOP_LOSS,
    refuse_funds,
    refuse_market,
    refuse_now,
    refuse_number,
    refuse_shape,
)
from .funds import due, free_of, hold, need, reckoned, release, relock, without_price, worth
from .layout import EventKind, ListKind, ListStatus, Reason, Status, Tif
from .match import ENDED, IN_MATCH, SELF_TRADE, UNFILLED, cut, take
from .pool import count, emit, enter, lookup, take_slot, tell
from .state import (
    BY_QUOTE,
    COLD_SIZE,
    COMMAND_SIZE,
    EVENT_SIZE,
    ICEBERG,
    IN_LIST,
    MINUTE_SIZE,
    MINUTES,
    NODE_SIZE,
    TALLY_SIZE,
    TRADED,
    UNBOUNDED,
    cold_at,
    command_at,
    event_at,
    minute_at,
    node_at,
    rules_at,
    tally_at,
)
from .survey import survey

ACCEPTED, AMENDED, STARTED = int(EventKind.ACCEPTED), int(EventKind.AMENDED), int(EventKind.STARTED)
REFUSED, EXEC_STARTED = int(EventKind.REJECTED), int(ListStatus.EXEC_STARTED)
OCO = int(ListKind.OCO)
FOK, GTC, IS_REJECTED = int(Tif.FOK), int(Tif.GTC), int(Status.REJECTED)
REQUESTED, UNKNOWN, POOL_FULL = int(Reason.REQUESTED), int(Reason.UNKNOWN_ORDER), int(Reason.POOL_FULL)
NOT_SMALLER, TOO_MANY = int(Reason.AMEND_NOT_SMALLER), int(Reason.MAX_NUM_ORDER_AMENDS)
INSUFFICIENT = int(Reason.INSUFFICIENT_BALANCE)
MINUTE = 60_000_000_000


# ---- time


@inner
def set_time(s: Any, now: int) -> None:
    """The time of the next step. A new minute drops old ones from the averages."""
    s.now = now
    if now >= s.minute_end or now < s.minute_end - MINUTE:
        _turn_minute(s, now // MINUTE)


@inner
def _turn_minute(s: Any, minute: int) -> None:
    s.minute, s.minute_end = minute, (minute + 1) * MINUTE
    bucket = minute_at(s.minutes + (minute & (MINUTES - 1)) * MINUTE_SIZE)
    if bucket.minute != minute:
        bucket.minute, bucket.amount, bucket.lots = minute, 0.0, 0.0
    rules = rules_at(s.rules)
    s.percent_amount, s.percent_lots = 0.0, 0.0
    s.notional_amount, s.notional_lots = 0.0, 0.0
    for back in range(MINUTES):
        bucket = minute_at(s.minutes + ((minute - back) & (MINUTES - 1)) * MINUTE_SIZE)
        if bucket.minute == minute - back:
            if back < rules.percent_minutes:
                s.percent_amount += bucket.amount
                s.percent_lots += bucket.lots
            if back < rules.notional_minutes:
                s.notional_amount += bucket.amount
                s.notional_lots += bucket.lots


# ---- an order


@fused
def refuse(s: Any, command: int) -> int:
    """Why a single order would be refused now, 0 if it would not."""
    c = command_at(command)
    reason = CLOSED if s.closed else 0
    if reason == 0:
        reason = refuse_shape(s, command)
    if reason == 0 and c.account > 0:
        reason = refuse_number(s, c, 1, 1 if c.kind >= STOP_LOSS else 0, 1 if c.iceberg else 0, 0)
    if reason == 0:
        reason = refuse_now(s, c.side, c.kind, c.tick, c.stop_tick)
    if reason == 0:
        reason = _refuse_money(s, c)
    return reason


@fused
def _refuse_money(s: Any, c: Any) -> int:
    if c.kind == MARKET:
        return refuse_market(s, c.account, c.side, c.lots, c.budget, c.stp)
    return refuse_funds(s, c.account, c.side, need(s, c.side, c.kind, reckoned(s, c.tick, c.stop_tick), c.lots))


@inner
def reject(s: Any, command: int, reason: int) -> int:
    c = command_at(command)
    event = event_at(emit(s, REFUSED, reason))
    event.side, event.status, event.order, event.account = c.side, IS_REJECTED, c.id, c.account
    event.tick, event.lots = c.tick, c.lots
    return reason


@inner
def make(s: Any, command: int) -> int:
    """Put an order into a slot; returns it. It waits nowhere and locks nothing yet."""
    return _make(s, command)


@fused
def _make(s: Any, command: int) -> int:
    c = command_at(command)
    slot = take_slot(s)
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    # Everything is read before anything is written: the compiler cannot know that the records are apart.
    order, account, tick, lots, now = c.id, c.account, c.tick, c.lots, s.now
    side, kind, stp, tif, list_kind, leg = c.side, c.kind, c.stp, c.tif, c.list_kind, c.leg
    budget, stop_tick, iceberg, list_id, trailing = c.budget, c.stop_tick, c.iceberg, c.list_id, c.trailing
    flags = BY_QUOTE if budget else 0
    # An iceberg that shows all of itself is none.
    flags |= ICEBERG if 0 != iceberg < lots else 0
    flags |= IN_LIST if list_kind else 0
    node.id, node.tick, node.left = order, tick, UNBOUNDED if budget else lots
    node.locked, node.quote, node.updated, node.prev, node.next = 0, 0, now, 0, 0
    node.account, node.side, node.kind, node.stp, node.flags = account, side, kind, stp, flags
    cold.shown, cold.ahead, cold.lots, cold.budget = 0, 0, lots, budget
    cold.stop_tick, cold.mark, cold.iceberg, cold.list_id = stop_tick, 0, iceberg, list_id
    cold.created, cold.worked, cold.trailed, cold.prevented = now, 0, 0, 0
    cold.trip, cold.trailing, cold.told, cold.peer1, cold.peer2, cold.amends = 0, trailing, 0, 0, 0, 0
    cold.tif, cold.list_kind, cold.leg, cold.place, cold.working = tif, list_kind, leg, NOWHERE, 0
    enter(s, order, slot)
    count(s, slot, 1)
    return slot


@inner
def fill_slot(s: Any, slot: int, row: Any) -> None:
    """Put an order back as its layout.ORDER record says it stood."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    node.id, node.tick, node.account = row["id"], row["tick"], row["account"]
    node.side, node.kind, node.stp = row["side"], row["kind"], row["stp"]
    node.left = row["lots"] - row["filled"] - row["prevented"]
    node.locked, node.quote, node.updated = row["locked"], row["quote_filled"], row["updated"]
    flags = ICEBERG if row["iceberg"] and row["iceberg"] < row["lots"] else 0
    flags |= IN_LIST if row["list_kind"] else 0
    node.flags = flags | (TRADED if row["filled"] else 0)
    cold.shown, cold.ahead, cold.lots, cold.budget = 0, 0, row["lots"], row["budget"]
    cold.stop_tick, cold.mark, cold.iceberg, cold.list_id = (
        row["stop_tick"],
        row["mark"],
        row["iceberg"],
        row["list_id"],
    )
    cold.created, cold.worked, cold.trailed = row["created"], row["worked"], row["trailed"]
    cold.prevented, cold.trip, cold.trailing, cold.told = row["prevented"], 0, row["trailing"], 0
    cold.peer1, cold.peer2, cold.amends, cold.tif = 0, 0, row["amends"], row["tif"]
    cold.list_kind, cold.leg, cold.place, cold.working = row["list_kind"], row["leg"], NOWHERE, row["working"]
    enter(s, node.id, slot)


@inner
def accept(s: Any, slot: int, status: int) -> None:
    event = event_at(tell(s, ACCEPTED, 0, slot, status))
    event.lots = event.remaining


@fused
def submit(s: Any, command: int) -> int:
    """A new order, to the end of everything it causes."""
    reason = refuse(s, command)
    if reason:
        return reject(s, command, reason)
    slot = _make(s, command)
    node = node_at(s.nodes + slot * NODE_SIZE)
    if node.kind != MARKET:
        node.locked = due(s, slot)
    accept(s, slot, IS_NEW)
    if node.kind < STOP_LOSS:
        cold = cold_at(s.colds + slot * COLD_SIZE)
        cold.working, cold.worked = 1, s.now
        _execute(s, slot)
    else:
        place(s, slot)
    if s.fired:
        drain(s)
    return 0


@inner
def place(s: Any, slot: int) -> None:
    """A new or started order goes to work, or begins to wait. It says what it locks; the balances do not yet."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    if node.kind < STOP_LOSS:
        cold.working, cold.worked = 1, s.now
        execute(s, slot)
        return
    if node.locked:
        hold(s, slot)
    if cold.stop_tick == 0:
        follow(s, slot, s.last)
    elif not wait(s, slot):
        cold.place = PENDING
        end(s, slot, ENDED, POOL_FULL, IS_EXPIRED)


@inner
def execute(s: Any, slot: int) -> None:
    """An order that works trades, then rests or ends. The balances hold nothing for it."""
    _execute(s, slot)


@fused
def _execute(s: Any, slot: int) -> None:
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    s.trade_event = 0
    market = without_price(node.kind)
    stopped = UNFILLED
    if cold.tif != FOK or market or _fills(s, slot):
        stopped = take(s, slot)
        if stopped == 0 and (market or cold.tif != GTC):
            stopped = UNFILLED
    if node.left == 0 and stopped != SELF_TRADE:
        listed = node.flags & IN_LIST
        forget(s, slot, False)
        if listed:
            filled_in_list(s, slot)
    elif stopped:
        node.locked = 0
        end(s, slot, ENDED, stopped, IN_MATCH if stopped == SELF_TRADE else IS_EXPIRED)
    else:
        _settle_down(s, slot)


@inner
def _fills(s: Any, slot: int) -> bool:
    node = node_at(s.nodes + slot * NODE_SIZE)
    survey(s, node.account, node.side, node.tick, node.left, 0, node.stp)
    return s.scan_lots >= node.left


@fused
def _settle_down(s: Any, slot: int) -> None:
    node = node_at(s.nodes + slot * NODE_SIZE)
    if not rest(s, slot):
        node.locked = 0
        end(s, slot, ENDED, POOL_FULL, IS_EXPIRED)
        return
    if node.locked:
        hold(s, slot)
    if s.undo_count:
        hide_stale(s, slot)


@inner
def drain(s: Any) -> None:
    """Execute what was triggered or started, in that order, until nothing is."""
    while s.fired:
        slot = s.fired
        node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
        leave_queue(s, slot)
        if cold.working:
            if node.locked:
                release(s, slot)
                if without_price(node.kind):
                    node.locked = 0
            execute(s, slot)
        else:
            start(s, slot)


@inner
def start(s: Any, slot: int) -> None:
    """A pending order of a list begins. What would refuse it if it were new ends it."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    reason = refuse_now(s, node.side, node.kind, node.tick, cold.stop_tick)
    locked = 0
    if reason == 0:
        if node.kind == MARKET:
            reason = refuse_market(s, node.account, node.side, node.left, 0, node.stp)
        else:
            locked = share(s, slot)
            if locked and locked > free_of(s, node.account, node.side):
                reason = INSUFFICIENT
    if reason:
        end(s, slot, ENDED, reason, IS_REJECTED)
        return
    node.locked = locked
    tell(s, STARTED, 0, slot, IS_NEW)
    place(s, slot)


@inner
def share(s: Any, slot: int) -> int:
    """What an order locks when it starts: of a pair, the first locks for both."""
    cold = cold_at(s.colds + slot * COLD_SIZE)
    peer = cold.peer1 if cold.peer1 else cold.peer2
    if peer == 0 or (cold.list_kind != OCO and cold.leg == 0):
        return due(s, slot)
    other = cold_at(s.colds + peer * COLD_SIZE).place
    return max(due(s, slot), due(s, peer)) if other in (FIRED, PENDING) else 0


# ---- lists


@inner
def refuse_list(s: Any, command: int) -> int:
    """Why a list would be refused now; its legs are the commands from this one on."""
    first = command_at(command)
    legs, pair = first.legs, first.list_kind == OCO
    reason = CLOSED if s.closed else 0
    algo, icebergs = 0, 0
    for i in range(legs):
        c = command_at(command + i * COMMAND_SIZE)
        algo += 1 if c.kind >= STOP_LOSS else 0
        icebergs += 1 if c.iceberg else 0
        if reason == 0:
            reason = refuse_shape(s, command + i * COMMAND_SIZE)
        if reason == 0 and (pair or i == 0):
            reason = refuse_now(s, c.side, c.kind, c.tick, c.stop_tick)
    if reason == 0 and first.account > 0:
        reason = refuse_number(s, first, legs, algo, icebergs, 1)
    if reason == 0:
        reason = refuse_funds(s, first.account, first.side, _list_needs(s, command))
    return reason


@inner
def _list_needs(s: Any, command: int) -> int:
    first = command_at(command)
    wanted = need(s, first.side, first.kind, reckoned(s, first.tick, first.stop_tick), first.lots)
    if first.list_kind == OCO:
        c = command_at(command + COMMAND_SIZE)
        wanted = max(wanted, need(s, c.side, c.kind, reckoned(s, c.tick, c.stop_tick), c.lots))
    return wanted


@inner
def submit_list(s: Any, command: int) -> int:
    """The orders of a list, to the end of everything they cause."""
    first = command_at(command)
    reason = refuse_list(s, command)
    if reason:
        return reject(s, command, reason)
    event = event_at(emit(s, LIST, 0))
    event.order, event.lots, event.account = first.list_id, EXEC_STARTED, first.account
    tally_at(s.tallies + first.account * TALLY_SIZE).lists += 1
    tally_at(s.totals + first.account * TALLY_SIZE).lists += 1
    a, b, c = make(s, command), make(s, command + COMMAND_SIZE), 0
    if first.legs > 2:
        c = make(s, command + 2 * COMMAND_SIZE)
    link(s, a, b, c)
    for slot in (a, b, c):
        if slot:
            cold_at(s.colds + slot * COLD_SIZE).place = PENDING
    if first.list_kind == OCO:
        _open_pair(s, a, b)
    else:
        _open_working(s, a, b, c)
    drain(s)
    return 0


@inner
def link(s: Any, a: int, b: int, c: int) -> None:
    """Make orders peers of one list."""
    first, second = cold_at(s.colds + a * COLD_SIZE), cold_at(s.colds + b * COLD_SIZE)
    first.peer1, first.peer2 = b, c
    second.peer1, second.peer2 = a, c
    if c:
        third = cold_at(s.colds + c * COLD_SIZE)
        third.peer1, third.peer2 = a, b


@inner
def _open_pair(s: Any, a: int, b: int) -> None:
    """Both legs of an OCO: the first locks for both. Neither can trade or trigger at once."""
    locked = share(s, a)
    for slot in (a, b):
        node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
        cold.place = NOWHERE
        node.locked = locked if slot == a else 0
        accept(s, slot, IS_NEW)
    place(s, a)
    place(s, b)


@inner
def _open_working(s: Any, a: int, b: int, c: int) -> None:
    node = node_at(s.nodes + a * NODE_SIZE)
    cold_at(s.colds + a * COLD_SIZE).place = NOWHERE
    node.locked = due(s, a)
    accept(s, a, IS_NEW)
    accept(s, b, IS_PENDING)
    if c:
        accept(s, c, IS_PENDING)
    place(s, a)


# ---- cancel, amend


@fused
def owned(s: Any, order: int, account: int) -> int:
    """Slot of an open order of an account (-1: whoever's), 0 if there is none."""
    slot = lookup(s, order)
    if slot and account >= 0 and node_at(s.nodes + slot * NODE_SIZE).account != account:
        return 0
    return slot


@fused
def cancel(s: Any, order: int, account: int) -> int:
    """Cancel an order, and its list with it. `account` -1: whoever's."""
    slot = owned(s, order, account)
    if slot == 0:
        return _reject_id(s, order, account, UNKNOWN)
    end_at_once(s, slot, CANCELED, REQUESTED, IS_CANCELED)
    return 0


@inner
def _reject_id(s: Any, order: int, account: int, reason: int) -> int:
    event = event_at(emit(s, REFUSED, reason))
    event.order, event.account, event.status = order, account, IS_REJECTED
    return reason


@inner
def refuse_amend(s: Any, order: int, account: int, lots: int) -> int:
    slot = owned(s, order, account)
    if slot == 0:
        return UNKNOWN
    node, cold, rules = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE), rules_at(s.rules)
    gone = cold.lots - node.left
    if node.flags & BY_QUOTE or lots >= cold.lots or lots <= gone:
        return NOT_SMALLER
    if rules.max_amends and cold.amends >= rules.max_amends:
        return TOO_MANY
    return _refuse_amount(s, slot, lots)


@inner
def _refuse_amount(s: Any, slot: int, lots: int) -> int:
    node, cold, rules = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE), rules_at(s.rules)
    if lots < rules.min_lots or (rules.lot_step > 1 and lots % rules.lot_step):
        return LOT_SIZE
    price = reckoned(s, node.tick, cold.stop_tick)
    applies = rules.min_applies_to_market or not without_price(node.kind)
    if price and applies and worth(s, price, lots) < rules.min_notional:
        return NOTIONAL if rules.max_notional else MIN_NOTIONAL
    return 0


@inner
def amend(s: Any, order: int, account: int, lots: int) -> int:
    """Reduce an order to `lots` in all; it keeps its place. Legs of a pair are reduced together."""
    reason = refuse_amend(s, order, account, lots)
    if reason:
        return _reject_id(s, order, account, reason)
    slot = lookup(s, order)
    cold = cold_at(s.colds + slot * COLD_SIZE)
    peer = cold.peer1 if _paired(s, slot, cold.peer1) else cold.peer2
    if not _paired(s, slot, peer):
        peer = 0
    _cut_to(s, slot, lots)
    if peer:
        _cut_to(s, peer, lots)
    locked = max(due(s, slot), due(s, peer)) if peer else due(s, slot)
    for each in (slot, peer):
        if each:
            node = node_at(s.nodes + each * NODE_SIZE)
            if node.locked:
                relock(s, each, min(node.locked, locked))
            event_at(tell(s, AMENDED, 0, each, status_of(s, each))).lots = lots
    return 0


@inner
def _paired(s: Any, slot: int, peer: int) -> bool:
    """Whether two orders of a list exclude each other."""
    if peer == 0:
        return False
    cold, other = cold_at(s.colds + slot * COLD_SIZE), cold_at(s.colds + peer * COLD_SIZE)
    return cold.list_kind == OCO or (cold.leg > 0 and other.leg > 0)


@inner
def _cut_to(s: Any, slot: int, lots: int) -> None:
    cold = cold_at(s.colds + slot * COLD_SIZE)
    cut(s, slot, cold.lots - lots)
    cold.lots = lots
    cold.amends += 1
    node_at(s.nodes + slot * NODE_SIZE).updated = s.now


@inner
def close_step(s: Any, first: int) -> None:
    """Mark the last event of a step that began with event number `first`."""
    if s.count > first:
        event_at(s.events + (s.count - 1) * EVENT_SIZE).last = 1
