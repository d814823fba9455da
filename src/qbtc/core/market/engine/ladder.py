# mypy: disable-error-code=no-any-return
# (records are reached through addresses, whose fields the checker cannot know)
"""A price ladder over the full range of ticks: the level of a tick in four loads, the next better one in a few more.

Two-level page table (tick >> 8 -> page of 256 levels), occupancy bits per page, and four tiers of summary bits above.
Every ladder looks for the lowest key; a mirrored one (bids) keys ticks from the top, so that both sides are one code.
Memory is touched only where prices are. Pages go back to a free list when empty. No page left is answered with 0
(`level`), never with a crash: owners keep spare pages (`spare`).

The matching core hangs its own records on the levels; used alone, a level is one word (lots) and this is an L2 book:

    book = Depth(ticks=1 << 27)              # Python; `book.bids`, `book.asks` are addresses for compiled code
    put(asks, tick, lots)                    # compiled: lots 0 removes; False if no page is left
    at(asks, tick)                           # lots of a level
    best(asks), after(asks, tick)            # tick, or 0 if there is none
    volume(asks, to_tick)                    # lots from the best to and including a tick
    walk(asks, n, ticks, lots)               # the best n levels into int64 arrays; returns how many
    clear(asks)

Recordings are played through other books, whose prices are known beforehand, so that a level needs no page: that of a tape
(`core.market.tape.book`) and that of a backtest (`hft.domain.backtest.book`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled import entry, fused, inner
from .memory import block, load, load32, lowest, pointer, store, store32

LADDER = np.dtype(
    [
        ("best", "i8"),  # key of the best visible level, NOWHERE: none
        ("best_level", "i8"),  # address of its record
        ("mirror", "i8"),  # 0, or what ticks are subtracted from to give keys
        ("span", "i8"),  # keys are below it
        ("levels", "i8"),
        ("stride", "i8"),  # bytes of a level
        ("pages", "i8"),
        ("directory", "i8"),
        ("tier1", "i8"),
        ("tier2", "i8"),
        ("tier3", "i8"),
        ("tier4", "i8"),
        ("free", "i8"),  # first page of the free list, 0: none
        ("fresh", "i8"),  # first page never used
        ("capacity", "i8"),
        ("spare", "i8"),  # pages that can still be had
        ("dirty", "i8"),  # first page with changes not yet published, 0: none
        ("shown", "i8"),  # number of visible levels
    ],
    align=True,
)
PAGE = np.dtype(
    [
        ("number", "i8"),  # key >> 8
        ("next", "i4"),  # in the free list
        ("next_dirty", "i4"),
        ("held", "i4"),  # invisible levels whose record still matters
        ("listed", "i4"),  # 1: in the list of dirty pages
        ("pad", "i8"),
        ("bits", "i8", (4,)),
        ("dirty", "i8", (4,)),
    ],
    align=True,
)
PAGE_SIZE, BITS, DIRTY = PAGE.itemsize, 32, 64
NOWHERE = 1 << 62
ladder = pointer(LADDER)
page_at = pointer(PAGE)


@inner
def key_of(own: Any, tick: int) -> int:
    return own.mirror - tick if own.mirror else tick


@inner
def find(own: Any, key: int) -> int:
    """Address of the level's record, 0 if its page does not exist."""
    page = load32(own.directory + (key >> 8) * 4)
    return own.levels + (page * 256 + (key & 255)) * own.stride if page else 0


@inner
def level(own: Any, key: int) -> int:
    """Address of the level's record, its page made if need be; 0 if no page is left."""
    where = own.directory + (key >> 8) * 4
    page = load32(where)
    if page == 0:
        page = _take_page(own, key >> 8)
        if page == 0:
            return 0
        store32(where, page)
    return own.levels + (page * 256 + (key & 255)) * own.stride


@fused
def _take_page(own: Any, number: int) -> int:
    page = own.free
    if page:
        own.free = page_at(own.pages + page * PAGE_SIZE).next
    elif own.fresh < own.capacity:
        page = own.fresh
        own.fresh += 1
    else:
        return 0
    own.spare -= 1
    page_at(own.pages + page * PAGE_SIZE).number = number
    return page


@inner
def _drop_page(own: Any, page: int, number: int) -> None:
    store32(own.directory + number * 4, 0)
    page_at(own.pages + page * PAGE_SIZE).next = own.free
    own.free = page
    own.spare += 1


@fused
def show(own: Any, key: int) -> None:
    """Make the level visible (its page must exist)."""
    number = key >> 8
    page = load32(own.directory + number * 4)
    word = own.pages + page * PAGE_SIZE + BITS + ((key >> 6) & 3) * 8
    bits = load(word)
    mask = 1 << (key & 63)
    if bits & mask:
        return
    store(word, bits | mask)
    own.shown += 1
    if bits == 0:
        _summarise(own, number)
    if key < own.best:
        own.best = key
        own.best_level = own.levels + (page * 256 + (key & 255)) * own.stride


@inner
def _summarise(own: Any, number: int) -> None:
    for tier in (own.tier1, own.tier2, own.tier3, own.tier4):
        word = tier + (number >> 6) * 8
        store(word, load(word) | (1 << (number & 63)))
        number >>= 6


@fused
def hide(own: Any, key: int) -> None:
    """Make the level invisible, and let its empty page go."""
    number = key >> 8
    page = load32(own.directory + number * 4)
    bits = own.pages + page * PAGE_SIZE + BITS
    word = bits + ((key >> 6) & 3) * 8
    mask = 1 << (key & 63)
    had = load(word)
    if had & mask == 0:
        return
    store(word, had & ~mask)
    own.shown -= 1
    if key == own.best:
        _move_best(own, key)
    if had == mask and (load(bits) | load(bits + 8) | load(bits + 16) | load(bits + 24)) == 0:
        _forget(own, number)
        settle_page(own, page)


@inner
def settle_page(own: Any, page: int) -> None:
    """Give an empty page back."""
    here = page_at(own.pages + page * PAGE_SIZE)
    bits = own.pages + page * PAGE_SIZE + BITS
    visible = load(bits) | load(bits + 8) | load(bits + 16) | load(bits + 24)
    if here.held == 0 and here.listed == 0 and visible == 0:
        _drop_page(own, page, here.number)


@inner
def _forget(own: Any, number: int) -> None:
    for tier in (own.tier1, own.tier2, own.tier3, own.tier4):
        word = tier + (number >> 6) * 8
        left = load(word) & ~(1 << (number & 63))
        store(word, left)
        if left:
            return
        number >>= 6


@fused
def _move_best(own: Any, key: int) -> None:
    own.best = following(own, key)
    own.best_level = find(own, own.best) if own.best != NOWHERE else 0


@inner
def following(own: Any, key: int) -> int:
    """The next visible key above this one, NOWHERE if there is none."""
    number = key >> 8
    page = load32(own.directory + number * 4)
    if page:
        inside = (key & 255) + 1
        bits = own.pages + page * PAGE_SIZE + BITS
        if inside & 63:
            rest = load(bits + (inside >> 6) * 8) & (-1 << (inside & 63))
            if rest:
                return (number << 8) | ((inside >> 6) << 6) | lowest(rest)
            inside = (inside | 63) + 1
        for word in range(inside >> 6, 4):
            rest = load(bits + word * 8)
            if rest:
                return (number << 8) | (word << 6) | lowest(rest)
    return _first_of_page(own, _next_number(own, number))


@inner
def _first_of_page(own: Any, number: int) -> int:
    if number < 0:
        return NOWHERE
    bits = own.pages + load32(own.directory + number * 4) * PAGE_SIZE + BITS
    for word in range(4):
        rest = load(bits + word * 8)
        if rest:
            return (number << 8) | (word << 6) | lowest(rest)
    return NOWHERE


@inner
def _next_number(own: Any, number: int) -> int:
    """The next page number above this one that has visible levels, -1 if there is none."""
    at = number + 1
    rest = load(own.tier1 + (at >> 6) * 8) & (-1 << (at & 63))
    if rest:
        return (at >> 6 << 6) | lowest(rest)
    at = (at >> 6) + 1
    rest = load(own.tier2 + (at >> 6) * 8) & (-1 << (at & 63))
    if rest == 0:
        at = (at >> 6) + 1
        rest = load(own.tier3 + (at >> 6) * 8) & (-1 << (at & 63))
        if rest == 0:
            at = (at >> 6) + 1
            rest = load(own.tier4 + (at >> 6) * 8) & (-1 << (at & 63))
            if rest == 0:
                return -1
            at = (at >> 6 << 6) | lowest(rest)
            rest = load(own.tier3 + at * 8)
            at = (at << 6) | lowest(rest)
        else:
            at = (at >> 6 << 6) | lowest(rest)
        rest = load(own.tier2 + at * 8)
        at = (at << 6) | lowest(rest)
    else:
        at = (at >> 6 << 6) | lowest(rest)
    return (at << 6) | lowest(load(own.tier1 + at * 8))


@inner
def mark(own: Any, key: int) -> None:
    """Remember that the level changed (its page must exist)."""
    page = load32(own.directory + (key >> 8) * 4)
    base = own.pages + page * PAGE_SIZE
    word = base + DIRTY + ((key >> 6) & 3) * 8
    store(word, load(word) | (1 << (key & 63)))
    here = page_at(base)
    if here.listed == 0:
        here.listed = 1
        here.next_dirty = own.dirty
        own.dirty = page


# ---- the ladder alone: an L2 book of one side


@inner
def put(side: int, tick: int, lots: int) -> bool:
    """Set a level to `lots`, 0 removes it. False, and nothing changed, if the tick is out of range or no page is left."""
    own = ladder(side)
    key = key_of(own, tick)
    if not 0 < tick < own.span:
        return False
    if lots > 0:
        where = level(own, key)
        if where == 0:
            return False
        store(where, lots)
        show(own, key)
        return True
    where = find(own, key)
    if where:
        store(where, 0)
        hide(own, key)
    return True


@inner
def at(side: int, tick: int) -> int:
    """Lots of a level."""
    own = ladder(side)
    where = find(own, key_of(own, tick)) if 0 < tick < own.span else 0
    return load(where) if where else 0


@inner
def best(side: int) -> int:
    """Tick of the best level, 0 if the side is empty."""
    own = ladder(side)
    return key_of(own, own.best) if own.best != NOWHERE else 0


@inner
def after(side: int, tick: int) -> int:
    """Tick of the next level away from the touch, 0 if there is none."""
    own = ladder(side)
    key = following(own, key_of(own, tick))
    return key_of(own, key) if key != NOWHERE else 0


@inner
def volume(side: int, to_tick: int) -> int:
    """Lots from the best level up to and including `to_tick`."""
    own = ladder(side)
    last, key, total = key_of(own, to_tick), own.best, 0
    while key <= last and key != NOWHERE:
        total += load(find(own, key))
        key = following(own, key)
    return total


@inner
def walk(side: int, n: int, ticks: NDArray[np.int64], lots: NDArray[np.int64]) -> int:
    """The best `n` levels, best first; returns how many there are."""
    own = ladder(side)
    key, count = own.best, 0
    while key != NOWHERE and count < n:
        ticks[count] = key_of(own, key)
        lots[count] = load(find(own, key))
        count += 1
        key = following(own, key)
    return count


@inner
def clear(side: int) -> None:
    """Remove every level."""
    own = ladder(side)
    while own.best != NOWHERE:
        store(own.best_level, 0)
        hide(own, own.best)


# ---- Python


class Ladders:
    """Memory of `count` ladders in one block of headers; `mirrored` says which run downwards. `ticks` <= 2**32."""

    def __init__(self, mirrored: Iterable[bool], ticks: int, stride: int, pages: int = 4096) -> None:
        ways = tuple(mirrored)
        if not 256 <= ticks <= 1 << 32:
            raise ValueError(f"a ladder spans 256 to 2**32 ticks, not {ticks}")
        self.span = -(-ticks // 256) * 256
        self.headers, self.address = block(len(ways), LADDER)
        self.stride = stride
        self._blocks: list[Any] = []
        self._grown: list[dict[str, Any]] = [{} for _ in ways]
        for i, way in enumerate(ways):
            header = self.headers[i]
            header["best"], header["mirror"], header["span"] = NOWHERE, self.span if way else 0, self.span
            header["stride"], header["fresh"] = stride, 1
            self._index(i)
            self.grow(i, pages)

    def _index(self, i: int) -> None:
        numbers = self.span >> 8
        self.headers[i]["directory"] = self._keep(numbers + 1, np.int32)
        for tier in ("tier1", "tier2", "tier3", "tier4"):
            numbers = (numbers >> 6) + 2
            self.headers[i][tier] = self._keep(numbers, np.int64)

    def _keep(self, count: int, dtype: Any) -> int:
        made, address = block(count, dtype)
        self._blocks.append(made)
        return address

    def grow(self, i: int, pages: int) -> None:
        """Room for `pages` pages in all. Never between two steps of one compiled call."""
        header = self.headers[i]
        old, used = self._grown[i], int(header["fresh"])
        page_block, page_address = block(pages + 1, PAGE)
        level_block, level_address = block((pages + 1) * 256 * self.stride, np.uint8)
        if old:
            page_block[:used] = old["pages"][:used]
            level_block[: used * 256 * self.stride] = old["levels"][: used * 256 * self.stride]
        self._grown[i] = {"pages": page_block, "levels": level_block}
        if header["best"] != NOWHERE:
            header["best_level"] += level_address - header["levels"]
        header["pages"], header["levels"] = page_address, level_address
        header["spare"] += pages + 1 - (header["capacity"] or 1)
        header["capacity"] = pages + 1


@entry
def _put_all(side: int, ticks: NDArray[np.int64], lots: NDArray[np.int64]) -> int:
    for i in range(ticks.size):
        if not put(side, ticks[i], lots[i]):
            return i
    return ticks.size


@entry
def _read(side: int, what: int, tick: int) -> int:
    if what == 0:
        return best(side)
    if what == 1:
        return after(side, tick)
    return at(side, tick) if what == 2 else volume(side, tick)


@entry
def _walk(side: int, n: int, ticks: NDArray[np.int64], lots: NDArray[np.int64]) -> int:
    return walk(side, n, ticks, lots)


@entry
def _clear(side: int) -> None:
    clear(side)


class Depth:
    """An L2 book on two ladders: levels of ticks and lots, no orders."""

    def __init__(self, ticks: int = 1 << 27, pages: int = 4096) -> None:
        self._ladders = Ladders((True, False), ticks, stride=8, pages=pages)
        self.bids = self._ladders.address
        self.asks = self._ladders.address + LADDER.itemsize

    def put(self, side: int, ticks: NDArray[np.int64], lots: NDArray[np.int64]) -> None:
        """Set levels; 0 removes one. Raises ValueError for a tick out of range."""
        self._reserve(side, ticks.size)
        done = _put_all(self._side(side), ticks, lots)
        if done < ticks.size:
            raise ValueError(f"tick {ticks[done]} is not between 1 and {self._ladders.span - 1}")

    def best(self, side: int) -> int:
        """Tick of the best level, 0: none."""
        return int(_read(self._side(side), 0, 0))

    def after(self, side: int, tick: int) -> int:
        """Tick of the next level, 0: none."""
        return int(_read(self._side(side), 1, tick))

    def at(self, side: int, tick: int) -> int:
        """Lots of a level."""
        return int(_read(self._side(side), 2, tick))

    def volume(self, side: int, to_tick: int) -> int:
        """Lots from the best level up to and including `to_tick`."""
        return int(_read(self._side(side), 3, to_tick))

    def top(self, n: int, side: int) -> list[tuple[int, int]]:
        """The best `n` levels, best first."""
        ticks, lots = np.empty(n, np.int64), np.empty(n, np.int64)
        count = _walk(self._side(side), n, ticks, lots)
        return list(zip(ticks[:count].tolist(), lots[:count].tolist(), strict=True))

    def clear(self, side: int) -> None:
        _clear(self._side(side))

    def _side(self, side: int) -> int:
        return self.asks if side else self.bids

    def _reserve(self, side: int, levels: int) -> None:
        header = self._ladders.headers[side]
        if header["spare"] < levels:
            self._ladders.grow(side, 2 * int(header["capacity"]) + levels)
