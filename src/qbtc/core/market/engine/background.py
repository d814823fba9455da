# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""The background of a book: size that is recorded, live or simulated as levels, not as orders.

1. A marketable order takes displayed size from the best level outwards, at the level's price. What it took is
   remembered (`used`): that size is not there again until an update names the level.
2. A bookTicker newer than the book is the truth about the touch: levels better than it are gone, and at it its
   quantity counts. It is written into the book and taken back (`UNDO`) before the next update.
3. What rests stands behind all size displayed at its price when it arrived (`ahead`) and behind our older orders.
   `ahead` shrinks by recorded trades at that price, and never exceeds the size displayed there now.
4. A recorded trade through our price fills us first, up to the trade's size; a trade at our price first uses up
   `ahead`, then fills us. We trade at our own price, as maker.
5. If the background's opposite touch reaches our price, we are filled at our price from the size displayed there,
   which is then taken as in rule 1. So the combined book is never crossed.
6. Our orders trade with each other only where no background size is better or equally priced (`match.take`).

The recording does not react to us. Update ids only grow; a caller that starts again gives a snapshot.
"""

from __future__ import annotations

from typing import Any

from .closing import available, expose, refresh, set_used
from .compiled import inner
from .ladder import NOWHERE, PAGE_SIZE, find, following, key_of, ladder, level, page_at
from .match import after_trade, cap_ahead, consume, make_fill
from .memory import load32
from .pool import visible
from .state import (
    COLD_SIZE,
    LADDER_SIZE,
    NODE_SIZE,
    TOO_MUCH,
    UNDO_SIZE,
    cold_at,
    level_at,
    node_at,
    undo_at,
)


@inner
def set_back(own: Any, s: Any, key: int, lots: int) -> None:
    """The background shows `lots` at a level. Without a page for it the level stays unknown."""
    where = level(own, key) if lots > 0 else find(own, key)
    if where:
        at = level_at(where)
        at.back = lots
        cap_ahead(s, at)
        expose(own, key, at)


@inner
def on_level(s: Any, side: int, tick: int, lots: int) -> bool:
    """A depth update names a level: it refreshes. False if the tick is out of range."""
    own = ladder(s.ladders + side * LADDER_SIZE)
    if not 0 < tick < own.span or lots < 0:
        return False
    key = key_of(own, tick)
    where = level(own, key) if lots > 0 else find(own, key)
    if where:
        at = level_at(where)
        at.back = lots
        set_used(own, key, at, 0)
        cap_ahead(s, at)
        expose(own, key, at)
    return True


@inner
def forget_all(s: Any) -> None:
    """No background, nothing taken from it. What our orders stand behind is not known before the new one is (`cap_all`)."""
    s.undo_count, s.touch_id, s.book_id = 0, 0, 0
    for side in range(2):
        own = ladder(s.ladders + side * LADDER_SIZE)
        for page in range(1, own.fresh):
            number = page_at(own.pages + page * PAGE_SIZE).number
            if load32(own.directory + number * 4) == page:
                _clear_page(s, own, page, number)


@inner
def _clear_page(s: Any, own: Any, page: int, number: int) -> None:
    for offset in range(256):
        at = level_at(own.levels + (page * 256 + offset) * own.stride)
        key = (number << 8) | offset
        if at.back or at.used:
            at.back = 0
            set_used(own, key, at, 0)
            expose(own, key, at)


@inner
def cap_all(s: Any) -> None:
    """Nobody of ours is behind more than the background shows now."""
    for side in range(2):
        own = ladder(s.ladders + side * LADDER_SIZE)
        for page in range(1, own.fresh):
            number = page_at(own.pages + page * PAGE_SIZE).number
            if load32(own.directory + number * 4) == page:
                for offset in range(256):
                    at = level_at(own.levels + (page * 256 + offset) * own.stride)
                    if at.head:
                        cap_ahead(s, at)


# ---- the touch


@inner
def apply_touch(s: Any) -> None:
    """Write the newest bookTicker into the book, if it is newer than that (rule 2)."""
    if s.touch_id > s.book_id:
        _apply_edge(s, 0, s.bid_tick, s.bid_lots)
        _apply_edge(s, 1, s.ask_tick, s.ask_lots)


@inner
def _apply_edge(s: Any, side: int, tick: int, lots: int) -> None:
    own = ladder(s.ladders + side * LADDER_SIZE)
    edge = key_of(own, tick)
    key = own.best
    while key < edge:
        behind = following(own, key)
        _overwrite(s, own, side, key, 0)
        key = behind
    _overwrite(s, own, side, edge, lots)


@inner
def _overwrite(s: Any, own: Any, side: int, key: int, lots: int) -> None:
    where = find(own, key)
    before = level_at(where).back if where else 0
    if before != lots:
        if s.undo_count < s.undo_capacity:
            note = undo_at(s.undo + s.undo_count * UNDO_SIZE)
            note.side, note.key, note.back = side, key, before
            s.undo_count += 1
        set_back(own, s, key, lots)


@inner
def undo_touch(s: Any) -> None:
    """Take the bookTicker out of the book again."""
    while s.undo_count:
        s.undo_count -= 1
        note = undo_at(s.undo + s.undo_count * UNDO_SIZE)
        own = ladder(s.ladders + note.side * LADDER_SIZE)
        where = level(own, note.key) if note.back > 0 else find(own, note.key)
        if where:
            at = level_at(where)
            at.back = note.back
            expose(own, note.key, at)


@inner
def hide_stale(s: Any, slot: int) -> None:
    """Levels that a bookTicker removed must not come back crossed with our resting order: they count as taken."""
    node = node_at(s.nodes + slot * NODE_SIZE)
    other = ladder(s.ladders + (1 - node.side) * LADDER_SIZE)
    limit = key_of(other, node.tick)
    for i in range(s.undo_count):
        note = undo_at(s.undo + i * UNDO_SIZE)
        if note.side != node.side and note.key <= limit and note.back > 0:
            where = level(other, note.key)
            if where and level_at(where).used < note.back:
                set_used(other, note.key, level_at(where), note.back)
                refresh(s, other, note.key, level_at(where))


# ---- moves


@inner
def after_move(s: Any) -> None:
    """Rule 5 after the background changed."""
    if s.live == 0:
        return
    for side in range(2):
        _cross(s, side)
        if s.undo_count:
            _hide_behind_best(s, side)


@inner
def _hide_behind_best(s: Any, side: int) -> None:
    own = ladder(s.ladders + side * LADDER_SIZE)
    key = own.best
    while key != NOWHERE:
        slot = level_at(find(own, key)).head
        if slot:
            hide_stale(s, slot)
            return
        key = following(own, key)


@inner
def _cross(s: Any, side: int) -> None:
    """Fill our orders of one side that the other side's background reaches."""
    own, other = ladder(s.ladders + side * LADDER_SIZE), ladder(s.ladders + (1 - side) * LADDER_SIZE)
    key = own.best
    while key != NOWHERE:
        offer = _first_background(other, key_of(other, key_of(own, key)))
        if offer == NOWHERE:
            return
        where = find(own, key)
        slot = level_at(where).head if where else 0
        if slot:
            at = level_at(find(other, offer))
            tick = key_of(own, key)
            lots = min(available(at), visible(s, slot))
            consume(s, other, offer, at, lots)
            make_fill(s, slot, own, key, lots)
            after_trade(s, tick, lots)
        else:
            key = following(own, key)


@inner
def _first_background(own: Any, limit: int) -> int:
    """Key of the best level with background size up to `limit`, else NOWHERE."""
    key = own.best
    while key <= limit:
        if available(level_at(find(own, key))) > 0:
            return key
        key = following(own, key)
    return NOWHERE


@inner
def on_trade(s: Any, tick: int, lots: int, taker: int) -> bool:
    """A recorded trade (rules 3 and 4). False if its price or size makes no sense."""
    own = ladder(s.ladders + (1 - taker) * LADDER_SIZE)
    if not 0 < tick < own.span or lots <= 0 or float(tick) * float(lots) * float(s.multiplier) > TOO_MUCH:
        return False
    left, limit, key = lots, key_of(own, tick), own.best
    while key <= limit and left > 0 and s.live:
        where = find(own, key)
        slot = level_at(where).head if where else 0
        if slot == 0:
            key = following(own, key)
            continue
        if key == limit:
            left -= _pass_queue(s, level_at(where), left)
        fill = min(left, visible(s, slot))
        if fill == 0:
            break
        left -= fill
        make_fill(s, slot, own, key, fill)
    after_trade(s, tick, lots)
    return True


@inner
def _pass_queue(s: Any, at: Any, lots: int) -> int:
    """Size in front of the first of our orders goes first, once for all of them."""
    passed = min(cold_at(s.colds + at.head * COLD_SIZE).ahead, lots)
    slot = at.head
    while passed and slot:
        cold = cold_at(s.colds + slot * COLD_SIZE)
        cold.ahead = max(cold.ahead - passed, 0)
        slot = node_at(s.nodes + slot * NODE_SIZE).next
    return passed
