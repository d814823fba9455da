"""Aggregated (L2) order book and the depth synchronisation rules, without I/O.

`Book` maps integer ticks to integer lots. `DepthSync` is the state machine that decides which diffs may be applied
to a snapshot (public rules of the Binance spot and USD-M diff depth streams); `LocalBook` joins the two. Not here:
parsing (core.binance), order-level matching (matching), our own orders (background).
"""

from __future__ import annotations

import zlib
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum

Level = tuple[int, int]


class Side(IntEnum):
    """Side of an order; resting BUY orders are the bids, SELL orders the asks."""

    BUY = 0
    SELL = 1

    @property
    def opposite(self) -> Side:
        return Side.SELL if self is Side.BUY else Side.BUY


class Book:
    """Price levels of one symbol. `update_id` is the id of the last update applied."""

    __slots__ = ("_levels", "_ticks", "update_id")

    def __init__(self) -> None:
        self._levels: tuple[dict[int, int], dict[int, int]] = ({}, {})
        # Best level last: bids ascending, asks ascending by negated tick, so that the busy end moves no memory.
        self._ticks: tuple[list[int], list[int]] = ([], [])
        self.update_id = 0

    def apply(self, side: int, tick: int, qty: int) -> None:
        """Set the level to `qty` lots; 0 removes it (removing a missing level is allowed)."""
        levels = self._levels[side]
        if qty > 0:
            if tick not in levels:
                insort(self._ticks[side], -tick if side else tick)
            levels[tick] = qty
        elif qty == 0:
            if levels.pop(tick, None) is not None:
                keys = self._ticks[side]
                del keys[bisect_left(keys, -tick if side else tick)]
        else:
            raise ValueError(f"quantity {qty} of tick {tick} is negative")

    def apply_all(self, bids: Iterable[Level], asks: Iterable[Level], update_id: int) -> None:
        for tick, qty in bids:
            self.apply(0, tick, qty)
        for tick, qty in asks:
            self.apply(1, tick, qty)
        self.update_id = update_id

    def replace(self, bids: Iterable[Level], asks: Iterable[Level], update_id: int) -> None:
        """Forget everything and take a snapshot."""
        self._levels = ({}, {})
        for side, rows in ((0, bids), (1, asks)):
            self._levels[side].update((tick, qty) for tick, qty in rows if qty > 0)
        self._ticks = (sorted(self._levels[0]), sorted(-tick for tick in self._levels[1]))
        self.update_id = update_id

    def quantity(self, side: int, tick: int) -> int:
        return self._levels[side].get(tick, 0)

    @property
    def best_bid(self) -> int | None:
        return self._ticks[0][-1] if self._ticks[0] else None

    @property
    def best_ask(self) -> int | None:
        return -self._ticks[1][-1] if self._ticks[1] else None

    @property
    def crossed(self) -> bool:
        """True if a bid is at or above an ask: never so in a correct book."""
        bids, asks = self._ticks
        return bool(bids and asks and bids[-1] >= -asks[-1])

    def walk(self, side: int) -> Iterator[Level]:
        """Levels from the best outwards. The book must not change meanwhile."""
        levels = self._levels[side]
        for key in reversed(self._ticks[side]):
            tick = -key if side else key
            yield tick, levels[tick]

    def top(self, n: int, side: int) -> list[Level]:
        """The best `n` levels of one side."""
        levels, keys = self._levels[side], self._ticks[side]
        chosen = keys[-1 : -n - 1 : -1] if n > 0 else []
        return [(-key if side else key, levels[-key if side else key]) for key in chosen]

    def depth(self, side: int) -> int:
        """Number of levels of one side."""
        return len(self._ticks[side])

    def volume(self, side: int, to_tick: int) -> int:
        """Lots available from the best level up to and including `to_tick`."""
        total = 0
        for tick, qty in self.walk(side):
            if (tick > to_tick) if side else (tick < to_tick):
                break
            total += qty
        return total

    def checksum(self, n: int = 1000) -> int:
        """CRC-32 of the best `n` levels of both sides: equal books have equal checksums."""
        return zlib.crc32(repr((self.top(n, 0), self.top(n, 1))).encode())

    def difference(self, target: Book) -> tuple[list[Level], list[Level]]:
        """The level updates (bids, asks) that turn this book into `target`."""
        return self._changes(target, 0), self._changes(target, 1)

    def _changes(self, target: Book, side: int) -> list[Level]:
        have, want = self._levels[side], target._levels[side]
        gone = [(tick, 0) for tick in have if tick not in want]
        return gone + [(tick, qty) for tick, qty in want.items() if have.get(tick) != qty]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Book) and self._levels == other._levels

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class DepthDiff:
    """One depth update: ids `first`..`last`, new absolute quantities of levels; `previous` only for futures."""

    first: int
    last: int
    bids: Sequence[Level]
    asks: Sequence[Level]
    previous: int | None = None


@dataclass(frozen=True, slots=True)
class DepthSnapshot:
    last_id: int
    bids: Sequence[Level]
    asks: Sequence[Level]


class SyncState(Enum):
    WAITING = "waiting"
    SYNCED = "synced"


@dataclass(slots=True)
class DepthSync:
    """Which diffs may be applied, in which order. WAITING means: fetch a snapshot and give it to `on_snapshot`.

    Spot: drop `last <= snapshot`; the first kept diff has `first <= snapshot + 1 <= last`; then
    `first == previous last + 1`. Futures: drop `last < snapshot`; first kept `first <= snapshot <= last`; then
    `previous == last of the one before`. A gap goes back to WAITING with that diff as the first buffered one.
    """

    futures: bool = False
    max_buffer: int = 10_000
    state: SyncState = SyncState.WAITING
    last_id: int = 0
    gaps: int = 0
    _fresh: bool = False
    _buffer: list[DepthDiff] = field(default_factory=list)

    @property
    def synced(self) -> bool:
        return self.state is SyncState.SYNCED

    def reset(self) -> None:
        """Forget the position, as after a disconnect."""
        self.state, self.last_id, self._fresh = SyncState.WAITING, 0, False
        self._buffer.clear()

    def on_diff(self, diff: DepthDiff) -> list[DepthDiff]:
        """Diffs to apply now: none while waiting, none for an old one. Check `synced` afterwards for a gap."""
        if self.state is SyncState.WAITING:
            self._buffer.append(diff)
            del self._buffer[: -self.max_buffer]
            return []
        return self._take(diff)

    def on_snapshot(self, snapshot: DepthSnapshot) -> list[DepthDiff] | None:
        """The buffered diffs to apply on top, or None: the snapshot does not fit, fetch a newer one."""
        pending = [d for d in self._buffer if not self._old(d, snapshot.last_id)]
        if pending and not self._starts(pending[0], snapshot.last_id):
            return None
        self.state, self.last_id, self._fresh = SyncState.SYNCED, snapshot.last_id, True
        self._buffer.clear()
        ready: list[DepthDiff] = []
        for diff in pending:
            ready += self.on_diff(diff)
        return ready if self.synced else None

    def _take(self, diff: DepthDiff) -> list[DepthDiff]:
        if self._old(diff, self.last_id):
            return []
        fits = self._starts(diff, self.last_id) if self._fresh else self._follows(diff)
        if not fits:
            self.gaps += 1
            self.reset()
            self._buffer.append(diff)
            return []
        self.last_id, self._fresh = diff.last, False
        return [diff]

    def _old(self, diff: DepthDiff, last_id: int) -> bool:
        return diff.last < last_id if self.futures and self._fresh_or_waiting() else diff.last <= last_id

    def _fresh_or_waiting(self) -> bool:
        return self._fresh or self.state is SyncState.WAITING

    def _starts(self, diff: DepthDiff, last_id: int) -> bool:
        wanted = last_id if self.futures else last_id + 1
        return diff.first <= wanted <= diff.last

    def _follows(self, diff: DepthDiff) -> bool:
        return diff.previous == self.last_id if self.futures else diff.first == self.last_id + 1


class LocalBook:
    """A `Book` kept correct by a `DepthSync`: give it diffs and snapshots, ask `synced` before reading `book`."""

    def __init__(self, *, futures: bool = False) -> None:
        self.book = Book()
        self.sync = DepthSync(futures=futures)

    @property
    def synced(self) -> bool:
        return self.sync.synced

    def on_diff(self, diff: DepthDiff) -> bool:
        """True if the book changed. False while waiting for a snapshot, for an old diff, and on a gap."""
        return self._apply(self.sync.on_diff(diff))

    def on_snapshot(self, snapshot: DepthSnapshot) -> bool:
        """True if the snapshot was taken; False: it is older than the buffered diffs, fetch another."""
        ready = self.sync.on_snapshot(snapshot)
        if ready is None:
            return False
        self.book.replace(snapshot.bids, snapshot.asks, snapshot.last_id)
        self._apply(ready)
        return True

    def _apply(self, diffs: list[DepthDiff]) -> bool:
        for diff in diffs:
            self.book.apply_all(diff.bids, diff.asks, diff.last)
        return bool(diffs)
