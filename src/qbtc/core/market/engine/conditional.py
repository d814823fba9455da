# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""Stops, take-profits and trailing orders: what a new last price does to them.

A plain conditional order waits in a ladder of stop ticks. A trailing one waits there too if it has a stop tick, then
(or at once) it follows: its mark is the best price since, its trip the price that triggers it. All who follow are in
one chain, which is walked only when a price passes one of the bounds kept in the header. What triggers is executed
after the running order, in the order of triggering.
"""

from __future__ import annotations

from typing import Any

from .closing import PENDING, STOPS_ABOVE, STOPS_BELOW, TRAIL, commit_leg, leave_queue, push_fired, status_of
from .compiled import inner
from .funds import BUY, relock, without_price
from .ladder import NOWHERE, key_of, ladder
from .layout import EventKind
from .pool import tell
from .state import COLD_SIZE, EVENT_SIZE, LADDER_SIZE, NEVER, NODE_SIZE, cold_at, event_at, level_at, node_at

TRIGGERED, TRAILED = int(EventKind.TRIGGERED), int(EventKind.TRAILED)
WHOLE = 10_000


@inner
def fire(s: Any, slot: int, tick: int) -> None:
    """A conditional order becomes active."""
    leave_queue(s, slot)
    cold = cold_at(s.colds + slot * COLD_SIZE)
    cold.place = PENDING
    commit_leg(s, slot)
    node = node_at(s.nodes + slot * NODE_SIZE)
    if without_price(node.kind) and node.side == BUY:
        # It pays as it trades from now on, like any market order. A sale keeps what it sells until it is executed,
        # or an order that is executed before it could lock the same again.
        relock(s, slot, 0)
    push_fired(s, slot)
    cold.working, cold.worked = 1, s.now
    event = event_at(tell(s, TRIGGERED, 0, slot, status_of(s, slot)))
    event.tick = tick


@inner
def follow(s: Any, slot: int, tick: int) -> None:
    """A trailing order begins to follow the price; `tick` 0: nothing traded yet, the first trade sets its mark."""
    chain(s, slot)
    if tick:
        _set_mark(s, slot, tick)
    renew_trips(s)


@inner
def chain(s: Any, slot: int) -> None:
    """Link an order among those that follow, with the mark it has."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    cold.place = TRAIL
    node.prev, node.next = 0, s.trail
    if s.trail:
        node_at(s.nodes + s.trail * NODE_SIZE).prev = slot
    s.trail = slot
    if cold.mark:
        _set_trip(node, cold)
        _bound(s, node, cold)
    else:
        s.trail_up, s.trail_down = 0, NEVER


@inner
def _set_trip(node: Any, cold: Any) -> None:
    if node.side == BUY:
        cold.trip = (cold.mark * (WHOLE + cold.trailing) + WHOLE - 1) // WHOLE
    else:
        cold.trip = cold.mark * (WHOLE - cold.trailing) // WHOLE


@inner
def _set_mark(s: Any, slot: int, tick: int) -> None:
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    cold.mark = tick
    if cold.trailed == 0:
        cold.trailed = s.now
    _set_trip(node, cold)
    _bound(s, node, cold)
    # One event a step, however many prices a sweep passes: the number of events of a step must have a bound.
    at = s.events + (cold.told - 1) * EVENT_SIZE
    if cold.told <= s.first or cold.told > s.count or event_at(at).kind != TRAILED or event_at(at).order != node.id:
        cold.told = s.count + 1
        at = tell(s, TRAILED, 0, slot, status_of(s, slot))
    event_at(at).tick = tick


@inner
def _bound(s: Any, node: Any, cold: Any) -> None:
    if node.side == BUY:
        s.trail_up = min(s.trail_up, cold.trip)
        s.trail_down = max(s.trail_down, cold.mark - 1)
    else:
        s.trail_up = min(s.trail_up, cold.mark + 1)
        s.trail_down = max(s.trail_down, cold.trip)


@inner
def renew_trips(s: Any) -> None:
    """The prices at which something conditional happens."""
    above, below = ladder(s.ladders + STOPS_ABOVE * LADDER_SIZE), ladder(s.ladders + STOPS_BELOW * LADDER_SIZE)
    s.trip_up = min(s.trail_up, key_of(above, above.best) if above.best != NOWHERE else NEVER)
    s.trip_down = max(s.trail_down, key_of(below, below.best) if below.best != NOWHERE else 0)


@inner
def on_price(s: Any, tick: int) -> None:
    """A trade happened at `tick`, which is at or beyond one of the trips."""
    _reach(s, STOPS_ABOVE, tick)
    _reach(s, STOPS_BELOW, tick)
    if s.trail and (tick >= s.trail_up or tick <= s.trail_down):
        _walk_chain(s, tick)
    renew_trips(s)


@inner
def _reach(s: Any, which: int, tick: int) -> None:
    """Orders whose stop tick is reached fire, or begin to follow."""
    own = ladder(s.ladders + which * LADDER_SIZE)
    while own.best <= key_of(own, tick):
        slot = level_at(own.best_level).head
        if cold_at(s.colds + slot * COLD_SIZE).trailing:
            leave_queue(s, slot)
            follow(s, slot, tick)
        else:
            fire(s, slot, tick)


@inner
def _walk_chain(s: Any, tick: int) -> None:
    slot = s.trail
    while slot:
        # A shot may take a peer out of the chain, so that the walk starts again; marks that moved stay moved.
        slot = s.trail if _pass(s, slot, tick) else node_at(s.nodes + slot * NODE_SIZE).next
    s.trail_up, s.trail_down = NEVER, 0
    slot = s.trail
    while slot:
        node = node_at(s.nodes + slot * NODE_SIZE)
        _bound(s, node, cold_at(s.colds + slot * COLD_SIZE))
        slot = node.next


@inner
def _pass(s: Any, slot: int, tick: int) -> bool:
    """Show one following order a price; True if it fired."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    buys = node.side == BUY
    if cold.mark == 0 or (tick < cold.mark if buys else tick > cold.mark):
        _set_mark(s, slot, tick)
        return False
    if (tick >= cold.trip) if buys else (tick <= cold.trip):
        fire(s, slot, tick)
        return True
    return False
