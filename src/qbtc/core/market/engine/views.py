# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""What a market shows: touch, top levels, one level, what changed, one order, a digest of its whole state."""

from __future__ import annotations

from typing import Any

from numba import float64, int64
from numpy.typing import NDArray

from .background import apply_touch, undo_touch
from .closing import PENDING, available, status_of
from .compiled import inner
from .ladder import DIRTY, NOWHERE, PAGE_SIZE, find, following, key_of, ladder, page_at, settle_page
from .layout import Status
from .memory import load, lowest, store, times
from .state import COLD_SIZE, LADDER_SIZE, NODE_SIZE, cold_at, level_at, node_at

PRIME = 1099511628211


@inner
def shown(at: Any) -> int:
    """Published lots of a level."""
    return available(at) + at.own


@inner
def displayed(s: Any, side: int, tick: int) -> int:
    """Published lots at a price, without what only a bookTicker says."""
    own = ladder(s.ladders + side * LADDER_SIZE)
    if not 0 < tick < own.span:
        return 0
    undo_touch(s)
    where = find(own, key_of(own, tick))
    lots = shown(level_at(where)) if where else 0
    apply_touch(s)
    return lots


@inner
def touch(s: Any, out: NDArray[Any]) -> None:
    """Best bid and ask (tick, lots, tick, lots), the newest bookTicker included; 0 for none."""
    for side in range(2):
        own = ladder(s.ladders + side * LADDER_SIZE)
        out[2 * side], out[2 * side + 1] = 0, 0
        if own.best != NOWHERE:
            out[2 * side] = key_of(own, own.best)
            out[2 * side + 1] = shown(level_at(own.best_level))


@inner
def top(s: Any, side: int, n: int, out: NDArray[Any]) -> int:
    """The best levels of the published book into rows (tick, lots); returns how many."""
    undo_touch(s)
    own = ladder(s.ladders + side * LADDER_SIZE)
    key, rows = own.best, 0
    while key != NOWHERE and rows < n:
        out[rows, 0], out[rows, 1] = key_of(own, key), shown(level_at(find(own, key)))
        rows += 1
        key = following(own, key)
    apply_touch(s)
    return rows


@inner
def changes(s: Any, side: int, out: NDArray[Any]) -> int:
    """Levels that our orders changed since the last call, into rows (tick, lots now); -1: `out` is too short."""
    own = ladder(s.ladders + side * LADDER_SIZE)
    rows, page = 0, own.dirty
    while page:
        base = own.pages + page * PAGE_SIZE
        for word in range(4):
            rows += _bits(load(base + DIRTY + word * 8))
        page = page_at(base).next_dirty
    if rows > out.shape[0]:
        return -1
    undo_touch(s)
    rows = 0
    while own.dirty:
        rows = _drain_page(own, own.dirty, out, rows)
    apply_touch(s)
    return rows


@inner
def _bits(word: int) -> int:
    found = 0
    while word:
        word &= word - 1
        found += 1
    return found


@inner
def _drain_page(own: Any, page: int, out: NDArray[Any], rows: int) -> int:
    base = own.pages + page * PAGE_SIZE
    here = page_at(base)
    own.dirty = here.next_dirty
    here.listed = 0
    for word in range(4):
        bits = load(base + DIRTY + word * 8)
        store(base + DIRTY + word * 8, 0)
        while bits:
            offset = word * 64 + lowest(bits)
            bits &= bits - 1
            out[rows, 0] = key_of(own, (here.number << 8) | offset)
            out[rows, 1] = shown(level_at(own.levels + (page * 256 + offset) * own.stride))
            rows += 1
    settle_page(own, page)
    return rows


@inner
def copy_order(s: Any, slot: int, out: NDArray[Any]) -> None:
    """One open order as a layout.ORDER record (client id and strategy are not known here)."""
    node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
    row = out[0]
    row["id"], row["account"], row["symbol"], row["side"] = node.id, node.account, s.symbol, node.side
    row["kind"], row["tif"], row["stp"], row["status"] = node.kind, cold.tif, node.stp, status_of(s, slot)
    if cold.place == PENDING:
        row["status"] = int64(Status.PENDING_NEW)
    row["working"], row["list_kind"], row["leg"], row["amends"] = cold.working, cold.list_kind, cold.leg, cold.amends
    row["tick"], row["stop_tick"], row["trailing"] = node.tick, cold.stop_tick, cold.trailing
    row["mark"], row["lots"], row["iceberg"], row["budget"] = cold.mark, cold.lots, cold.iceberg, cold.budget
    row["filled"], row["quote_filled"] = cold.lots - node.left - cold.prevented, node.quote
    row["prevented"], row["list_id"], row["locked"] = cold.prevented, cold.list_id, node.locked
    row["created"], row["updated"], row["worked"], row["trailed"] = (
        cold.created,
        node.updated,
        cold.worked,
        cold.trailed,
    )


# ---- digest


@inner
def mix(digest: int, value: int) -> int:
    digest = times(digest ^ value, PRIME)
    return digest ^ (digest >> 29)


@inner
def digest(s: Any) -> int:
    """A number that equal states share: books with their queues, waiting orders, counters, averages."""
    found = 0
    for which in range(4):
        own = ladder(s.ladders + which * LADDER_SIZE)
        key = own.best
        while key != NOWHERE:
            at = level_at(find(own, key))
            for value in (key, at.own, at.back, at.used):
                found = mix(found, value)
            found = _mix_chain(s, found, at.head)
            key = following(own, key)
        found = mix(found, which)
    found = _mix_chain(s, found, s.trail)
    for value in (s.live, s.last, s.trade_id, s.trip_up, s.trip_down, s.touch_id, s.book_id, s.undo_count):
        found = mix(found, value)
    for statistic in (s.percent_amount, s.percent_lots, s.notional_amount, s.notional_lots):
        found = mix(found, int64(float64(statistic) * 16.0))
    return found


@inner
def _mix_chain(s: Any, found: int, slot: int) -> int:
    while slot:
        node, cold = node_at(s.nodes + slot * NODE_SIZE), cold_at(s.colds + slot * COLD_SIZE)
        for value in (node.id, node.left, node.locked, node.quote, int64(node.account), int64(node.flags)):
            found = mix(found, value)
        for value in (cold.shown, cold.ahead, cold.mark, cold.trip, cold.prevented, int64(cold.amends)):
            found = mix(found, value)
        slot = node.next
    return found
