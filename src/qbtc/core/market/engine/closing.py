# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""How orders rest and how they end: levels of the book, queues of waiting orders, and what an end means to a list.

OCO: one leg trades or triggers, the other expires. OTO, OTOCO: the working order fills, the pending ones start; it
ends otherwise, they end too; a pending one is cancelled, all end. A list is done when all its orders are closed.
"""

from __future__ import annotations

from typing import Any

from .compiled import fused, inner
from .filters import upward
from .funds import due, release, relock
from .ladder import PAGE_SIZE, find, hide, key_of, ladder, level, mark, page_at, settle_page, show
from .layout import EventKind, ListKind, ListStatus, Reason, Status
from .memory import load32
from .pool import append, count, drop_slot, emit, leave, remaining, tell, unlink, visible
from .state import (
    COLD_SIZE,
    ICEBERG,
    IN_LIST,
    LADDER_SIZE,
    NODE_SIZE,
    TALLY_SIZE,
    Place,
    cold_at,
    event_at,
    level_at,
    node_at,
    tally_at,
)

NOWHERE, BOOK, STOPS, TRAIL = int(Place.NOWHERE), int(Place.BOOK), int(Place.STOPS), int(Place.TRAIL)
FIRED, PENDING = int(Place.FIRED), int(Place.PENDING)
CANCELED, EXPIRED, LIST = int(EventKind.CANCELED), int(EventKind.EXPIRED), int(EventKind.LIST)
REPLENISHED = int(EventKind.REPLENISHED)
OCO, OTO = int(ListKind.OCO), int(ListKind.OTO)
DONE, LIST_DONE = int(ListStatus.ALL_DONE), int(Reason.LIST_DONE)
IS_CANCELED, IS_EXPIRED, IS_NEW = int(Status.CANCELED), int(Status.EXPIRED), int(Status.NEW)
IS_PENDING, IS_PARTLY = int(Status.PENDING_NEW), int(Status.PARTIALLY_FILLED)
STOPS_ABOVE, STOPS_BELOW = 2, 3


# ---- levels


@inner
def available(at: Any) -> int:
    """Background size of a level that nobody took yet."""
    return max(at.back - at.used, 0)


@inner
def refresh(s: Any, own: Any, key: int, at: Any) -> None:
    """Our orders changed a level: show or hide it, and remember it for publication."""
    if s.publish:
        mark(own, key)
    expose(own, key, at)


@inner
def expose(own: Any, key: int, at: Any) -> None:
    """Show or hide a level that changed."""
    if at.own > 0 or at.back > at.used:
        show(own, key)
    else:
        _vanish(own, key, at)


@fused
def shrunk(s: Any, own: Any, key: int, at: Any) -> None:
    """`refresh` for a level that was visible and has less now."""
    if s.publish:
        mark(own, key)
    if at.own <= 0 and at.back <= at.used:
        _vanish(own, key, at)


@fused
def _vanish(own: Any, key: int, at: Any) -> None:
    """Hide a level; its page may go."""
    hide(own, key)
    page = load32(own.directory + (key >> 8) * 4)
    if page and at.used == 0:
        settle_page(own, page)


@inner
def set_used(own: Any, key: int, at: Any, used: int) -> None:
    """What we took of a level's background. Its page is held as long as that matters."""
    page = load32(own.directory + (key >> 8) * 4)
    if (at.used == 0) != (used == 0):
        page_at(own.pages + page * PAGE_SIZE).held += 1 if used else -1
    at.used = used


@fused
def rest(s: Any, slot: int) -> bool:
    """Last in the queue of its price. False, and nothing changed, if no page is left."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    own = ladder(s.ladders + node.side * LADDER_SIZE)
    key = key_of(own, node.tick)
    where = level(own, key)
    if where == 0:
        return False
    at = level_at(where)
    cold.shown = min(cold.iceberg, node.left) if node.flags & ICEBERG else node.left
    cold.ahead = available(at)
    cold.place = BOOK
    append(s, at, slot)
    at.own += cold.shown
    if s.publish:
        mark(own, key)
    show(own, key)
    return True


@inner
def replenish(s: Any, slot: int, at: Any) -> None:
    """An iceberg whose shown part is gone shows the next, last in the queue."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    unlink(s, at, slot)
    append(s, at, slot)
    cold.shown = min(cold.iceberg, node.left)
    cold.ahead = available(at)
    at.own += cold.shown
    event = event_at(tell(s, REPLENISHED, 0, slot, IS_PARTLY))
    event.lots = cold.shown


@fused
def _leave_book(s: Any, slot: int) -> None:
    node = node_at(s.nodes + slot * NODE_SIZE)
    own = ladder(s.ladders + node.side * LADDER_SIZE)
    key = key_of(own, node.tick)
    at = level_at(find(own, key))
    unlink(s, at, slot)
    at.own -= visible(s, slot)
    shrunk(s, own, key, at)


# ---- waiting


@inner
def stops_of(s: Any, side: int, kind: int) -> int:
    """Address of the ladder in which a conditional order waits for its stop tick."""
    return s.ladders + (STOPS_ABOVE if upward(side, kind) else STOPS_BELOW) * LADDER_SIZE


@inner
def wait(s: Any, slot: int) -> bool:
    """Wait for the stop tick. False, and nothing changed, if no page is left."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    own = ladder(stops_of(s, node.side, node.kind))
    key = key_of(own, cold.stop_tick)
    where = level(own, key)
    if where == 0:
        return False
    append(s, level_at(where), slot)
    show(own, key)
    cold.place = STOPS
    if upward(node.side, node.kind):
        s.trip_up = min(s.trip_up, cold.stop_tick)
    else:
        s.trip_down = max(s.trip_down, cold.stop_tick)
    return True


@inner
def leave_queue(s: Any, slot: int) -> None:
    """Take an order out of wherever it waits; its funds stay as they are."""
    _leave_queue(s, slot)


@fused
def _leave_queue(s: Any, slot: int) -> None:
    cold = cold_at(s.colds + slot * COLD_SIZE)
    place = cold.place
    cold.place = NOWHERE
    if place == BOOK:
        _leave_book(s, slot)
    else:
        _leave_waiting(s, slot, place)


@inner
def _leave_waiting(s: Any, slot: int, place: int) -> None:
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    if place == STOPS:
        own = ladder(stops_of(s, node.side, node.kind))
        key = key_of(own, cold.stop_tick)
        at = level_at(find(own, key))
        unlink(s, at, slot)
        if at.head == 0:
            hide(own, key)
    elif place == TRAIL:
        _unchain(s, slot)
    elif place == FIRED:
        _unfire(s, slot)


@inner
def _unchain(s: Any, slot: int) -> None:
    node = node_at(s.nodes + slot * NODE_SIZE)
    before, behind = node.prev, node.next
    if before:
        node_at(s.nodes + before * NODE_SIZE).next = behind
    else:
        s.trail = behind
    if behind:
        node_at(s.nodes + behind * NODE_SIZE).prev = before


@inner
def _unfire(s: Any, slot: int) -> None:
    node = node_at(s.nodes + slot * NODE_SIZE)
    before, behind = node.prev, node.next
    if before:
        node_at(s.nodes + before * NODE_SIZE).next = behind
    else:
        s.fired = behind
    if behind:
        node_at(s.nodes + behind * NODE_SIZE).prev = before
    else:
        s.fired_last = before


@inner
def push_fired(s: Any, slot: int) -> None:
    """Execute this order when the running one is done."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    node.prev, node.next = s.fired_last, 0
    if s.fired_last:
        node_at(s.nodes + s.fired_last * NODE_SIZE).next = slot
    else:
        s.fired = slot
    s.fired_last = slot
    cold_at(s.colds + slot * COLD_SIZE).place = FIRED


# ---- ends


@fused
def finish(s: Any, slot: int) -> None:
    """An order is no longer: out of its queue, its funds free, its slot for another."""
    cold = cold_at(s.colds + slot * COLD_SIZE)
    held = cold.place != NOWHERE
    if held:
        _leave_queue(s, slot)
    forget(s, slot, held)


@fused
def forget(s: Any, slot: int, held: bool) -> None:
    """The end of an order that is in no queue; `held`: the balances hold what it locks."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if held and node.locked:
        release(s, slot)
    node.locked = 0
    count(s, slot, -1)
    leave(s, node.id)
    drop_slot(s, slot)


@inner
def status_of(s: Any, slot: int) -> int:
    """Status of an open order."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if node.flags & 8:
        return IS_PARTLY
    return IS_PENDING if cold_at(s.colds + slot * COLD_SIZE).place == PENDING else IS_NEW


@inner
def end_alone(s: Any, slot: int, kind: int, reason: int, status: int) -> None:
    """End an order with an event; its list is not asked."""
    _end_alone(s, slot, kind, reason, status)


@fused
def _end_alone(s: Any, slot: int, kind: int, reason: int, status: int) -> None:
    event = event_at(tell(s, kind, reason, slot, status))
    node = node_at(s.nodes + slot * NODE_SIZE)
    event.lots, event.remaining, event.locked = remaining(node.left), 0, 0
    finish(s, slot)


@inner
def end(s: Any, slot: int, kind: int, reason: int, status: int) -> None:
    """End an order unfilled, and all others of its list."""
    end_at_once(s, slot, kind, reason, status)


@fused
def end_at_once(s: Any, slot: int, kind: int, reason: int, status: int) -> None:
    """`end`, merged into its caller."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    listed = node.flags & IN_LIST
    _end_alone(s, slot, kind, reason, status)
    if listed:
        end_peers(s, slot, kind)
        list_done(s, slot)


@inner
def end_peers(s: Any, slot: int, kind: int) -> None:
    """End the other orders of a list (`slot` may be closed already)."""
    cold = cold_at(s.colds + slot * COLD_SIZE)
    for peer in (cold.peer1, cold.peer2):
        if peer:
            end_alone(s, peer, kind, LIST_DONE, IS_CANCELED if kind == CANCELED else IS_EXPIRED)
    cold.peer1, cold.peer2 = 0, 0


@inner
def list_done(s: Any, slot: int) -> None:
    """Say that the list of the order in `slot`, its last one, is done."""
    cold, node = cold_at(s.colds + slot * COLD_SIZE), node_at(s.nodes + slot * NODE_SIZE)
    event = event_at(emit(s, LIST, 0))
    event.order, event.lots, event.account = cold.list_id, DONE, node.account
    tally_at(s.tallies + node.account * TALLY_SIZE).lists -= 1
    tally_at(s.totals + node.account * TALLY_SIZE).lists -= 1


@inner
def commit_leg(s: Any, slot: int) -> None:
    """A leg of a pair trades or triggers: the other one expires, and this one locks for itself."""
    cold = cold_at(s.colds + slot * COLD_SIZE)
    paired = cold.list_kind == OCO or cold.leg > 0
    if paired and (cold.peer1 or cold.peer2):
        end_peers(s, slot, EXPIRED)
        relock(s, slot, due(s, slot))


@inner
def unpeer(s: Any, slot: int, gone: int) -> None:
    """One order of a list no longer counts as a peer of another."""
    cold = cold_at(s.colds + slot * COLD_SIZE)
    if cold.peer1 == gone:
        cold.peer1 = 0
    if cold.peer2 == gone:
        cold.peer2 = 0


@inner
def filled_in_list(s: Any, slot: int) -> None:
    """A listed order is filled (and closed): its pending ones start, or the list is done."""
    cold = cold_at(s.colds + slot * COLD_SIZE)
    first, second = cold.peer1, cold.peer2
    if first == 0 and second == 0:
        list_done(s, slot)
        return
    cold.peer1, cold.peer2 = 0, 0
    for peer in (first, second):
        if peer:
            unpeer(s, peer, slot)
            push_fired(s, peer)
