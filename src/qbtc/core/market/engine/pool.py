# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""Orders in memory: slots, the way from an id to its slot, queues of a level, counters of open orders, events.

A queue is a doubly linked list of slots, 0 for none. Ids map to slots by open addressing in which 8 neighbouring ids
share a cache line, with a gap behind each: ids are given in sequence, so that new orders fall on lines that are warm, and
an id that leaves has nobody behind it to move back.
"""

from __future__ import annotations

from typing import Any

from .compiled import fused, inner
from .layout import EVENT, Kind, Side
from .memory import load32, shift_right, store, store32, times
from .state import (
    BY_QUOTE,
    COLD_SIZE,
    EVENT_SIZE,
    ICEBERG,
    MAX_PARTS,
    NODE_SIZE,
    TALLY_SIZE,
    cold_at,
    node_at,
    tally_at,
)

BUY, STOP_LOSS = int(Side.BUY), int(Kind.STOP_LOSS)
EVENT_WORDS, TIME = EVENT.itemsize // 8, 32
"""`tell` and `emit` write an event's words; the layout is held by a test."""
BY_QUOTE_BIT = BY_QUOTE.bit_length() - 1
ICEBERG_WEIGHT = MAX_PARTS // 5
"""Of an iceberg among the orders that the event buffer is planned for: two events a part, where an order may have ten."""
GOLDEN = -7046029254386353131


@inner
def take_slot(s: Any) -> int:
    """A slot for a new order; the caller knows that there is one."""
    slot = s.free
    if slot:
        s.free = node_at(s.nodes + slot * NODE_SIZE).next
    else:
        slot = s.fresh
        s.fresh += 1
    s.live += 1
    return slot


@inner
def drop_slot(s: Any, slot: int) -> None:
    node = node_at(s.nodes + slot * NODE_SIZE)
    node.id, node.next = -1, s.free
    s.free = slot
    s.live -= 1


@inner
def home(s: Any, order: int) -> int:
    return ((shift_right(times(order >> 3, GOLDEN), 32) << 4) | ((order & 7) << 1)) & s.mask


@inner
def lookup(s: Any, order: int) -> int:
    """Slot of an open order, 0 if there is none."""
    at = home(s, order)
    while True:
        slot = load32(s.table + at * 4)
        if slot == 0 or node_at(s.nodes + slot * NODE_SIZE).id == order:
            return slot
        at = (at + 1) & s.mask


@inner
def enter(s: Any, order: int, slot: int) -> None:
    at = home(s, order)
    while load32(s.table + at * 4):
        at = (at + 1) & s.mask
    store32(s.table + at * 4, slot)


@fused
def leave(s: Any, order: int) -> None:
    """Forget an id, moving back those that had to go further because of it."""
    hole = home(s, order)
    while node_at(s.nodes + load32(s.table + hole * 4) * NODE_SIZE).id != order:
        hole = (hole + 1) & s.mask
    at = hole
    while True:
        at = (at + 1) & s.mask
        slot = load32(s.table + at * 4)
        if slot == 0:
            break
        wanted = home(s, node_at(s.nodes + slot * NODE_SIZE).id)
        if ((at - wanted) & s.mask) >= ((at - hole) & s.mask):
            store32(s.table + hole * 4, slot)
            hole = at
    store32(s.table + hole * 4, 0)


@inner
def append(s: Any, level: Any, slot: int) -> None:
    """Last in the queue of a level (or of anything with `head` and `tail`)."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    last = level.tail
    node.prev, node.next = last, 0
    if last:
        node_at(s.nodes + last * NODE_SIZE).next = slot
    else:
        level.head = slot
    level.tail = slot


@inner
def unlink(s: Any, level: Any, slot: int) -> None:
    node = node_at(s.nodes + slot * NODE_SIZE)
    before, behind = node.prev, node.next
    if before:
        node_at(s.nodes + before * NODE_SIZE).next = behind
    else:
        level.head = behind
    if behind:
        node_at(s.nodes + behind * NODE_SIZE).prev = before
    else:
        level.tail = before


@inner
def visible(s: Any, slot: int) -> int:
    """Lots of a resting order that the book shows."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    if node.flags & ICEBERG:
        return cold_at(s.colds + slot * COLD_SIZE).shown
    return node.left


@inner
def count(s: Any, slot: int, by: int) -> None:
    """Count an open order of its account, here and over all markets (`by` 1), or no longer (-1)."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    tally = tally_at(s.tallies + node.account * TALLY_SIZE)
    total = tally_at(s.totals + node.account * TALLY_SIZE)
    tally.orders += by
    total.orders += by
    # Arithmetic instead of branches: sides come at random.
    buys = (1 - node.side) * (1 - ((node.flags & BY_QUOTE) >> BY_QUOTE_BIT))
    tally.buying += by * buys * node.left
    if node.kind >= STOP_LOSS:
        tally.algo += by
        total.algo += by
    if node.flags & ICEBERG:
        tally.iceberg += by
        total.iceberg += by
        s.icebergs += by
        s.planned -= by * ICEBERG_WEIGHT


@inner
def emit(s: Any, kind: int, reason: int) -> int:
    """A new event of the running step; returns its address. Its other fields are zero."""
    at = s.events + s.count * EVENT_SIZE
    s.count += 1
    head = kind | (reason << 8) | ((s.symbol & 0xFFFF) << 32)
    now = s.now
    # Whole words, each written once: fields one by one cost more than all the rest of a cancel.
    store(at, head)
    for word in range(1, EVENT_WORDS):
        store(at + word * 8, 0)
    store(at + TIME, now)
    return at


@inner
def tell(s: Any, kind: int, reason: int, slot: int, status: int) -> int:
    """An event about one order; returns its address."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    at = s.events + s.count * EVENT_SIZE
    s.count += 1
    head = kind | (reason << 8) | (node.side << 16) | (status << 24) | ((s.symbol & 0xFFFF) << 32)
    order, account, tick, locked = node.id, node.account & 0xFFFFFFFF, node.tick, node.locked
    left, now = remaining(node.left), s.now
    store(at, head)
    store(at + 8, order)
    store(at + 16, 0)
    store(at + 24, account)
    store(at + TIME, now)
    store(at + 40, tick)
    store(at + 48, 0)
    store(at + 56, 0)
    store(at + 64, left)
    for word in range(9, 13):
        store(at + word * 8, 0)
    store(at + 104, locked)
    store(at + 112, 0)
    return at


@inner
def remaining(left: int) -> int:
    """Lots for an event: an order by quote has none."""
    return left if left < (1 << 59) else 0
