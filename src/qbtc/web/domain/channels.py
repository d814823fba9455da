"""The three channel classes of the hub: what is kept, and how it becomes bytes once per rate class.

A *lane* is the reading position that all clients of one rate share in one channel. `flush` moves it on and returns the
encoded items; `missed` gives what a client needs that stands elsewhere (a new one stands at -1, before everything).
Nothing here knows clients or time.

    state  latest value wins; no queue
    book   levels by price; a lane's deltas have consecutive `seq`, each relative to the lane's last picture
    log    every item once in order; a ring bounded in items and bytes; offsets count from 0 within an epoch
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence

Level = Sequence[str]
Levels = dict[str, str]
_EMPTY: Levels = {}


class Lane:
    """`position` is a version (state), a sequence (book) or the next offset (log); `before` the one before the last flush."""

    __slots__ = ("asks", "before", "bids", "flushed", "position", "users")

    def __init__(self, position: int) -> None:
        self.position = self.before = position
        self.flushed = -1
        self.users = 0
        self.bids: Levels = _EMPTY
        self.asks: Levels = _EMPTY

    def moved(self, position: int, tick: int) -> None:
        self.before, self.position, self.flushed = self.position, position, tick

    def position_before(self, tick: int) -> int:
        """Where a client stands that did not get what was flushed at `tick`."""
        return self.before if self.flushed == tick else self.position


class Channel(ABC):
    """What the classes share: lanes by rate and the encoded head of every item."""

    __slots__ = ("_head", "key", "lanes", "name")

    def __init__(self, name: str, key: str) -> None:
        self.name, self.key = name, key
        self.lanes: dict[int, Lane] = {}
        self._head = b'{"c":' + json.dumps(name).encode()

    def lane(self, rate: int) -> Lane:
        """The lane of a rate, made when its first client comes."""
        found = self.lanes.get(rate)
        if found is None:
            found = self.lanes[rate] = self._new_lane()
        return found

    def leave(self, rate: int) -> None:
        lane = self.lanes[rate]
        lane.users -= 1
        if lane.users == 0:
            del self.lanes[rate]

    @property
    @abstractmethod
    def empty(self) -> bool:
        """Nothing has been published yet."""

    @abstractmethod
    def _new_lane(self) -> Lane:
        """A lane that starts where the channel stands."""

    @abstractmethod
    def flush(self, lane: Lane, tick: int) -> bytes:
        """The item to send at this tick, empty when nothing has changed for the lane."""

    @abstractmethod
    def missed(self, lane: Lane, position: int) -> bytes:
        """What a client at `position` has not got yet."""


class StateChannel(Channel):
    __slots__ = ("item", "version")

    def __init__(self, name: str, key: str) -> None:
        super().__init__(name, key)
        self.version = 0
        self.item = b""

    def set(self, value: bytes) -> None:
        self.version += 1
        self.item = b"".join((self._head, b',"k":"state","v":', value, b"}"))

    @property
    def empty(self) -> bool:
        return self.version == 0

    def _new_lane(self) -> Lane:
        return Lane(self.version)

    def flush(self, lane: Lane, tick: int) -> bytes:
        lane.moved(self.version, tick)
        return self.item

    def missed(self, lane: Lane, position: int) -> bytes:
        return self.item if self.version > position else b""


class BookChannel(Channel):
    __slots__ = ("asks", "bids", "version")

    def __init__(self, name: str, key: str) -> None:
        super().__init__(name, key)
        self.version = 0
        self.bids: Levels = _EMPTY
        self.asks: Levels = _EMPTY

    def set(self, bids: Iterable[Level], asks: Iterable[Level]) -> None:
        """Replace the picture; earlier pictures stay untouched, because lanes still refer to them."""
        self.version += 1
        self.bids = {level[0]: level[1] for level in bids}
        self.asks = {level[0]: level[1] for level in asks}

    @property
    def empty(self) -> bool:
        return self.version == 0

    def _new_lane(self) -> Lane:
        lane = Lane(0)
        lane.bids, lane.asks = self.bids, self.asks
        return lane

    def flush(self, lane: Lane, tick: int) -> bytes:
        bids, asks = level_changes(lane.bids, self.bids), level_changes(lane.asks, self.asks)
        blank = not lane.bids and not lane.asks
        lane.bids, lane.asks = self.bids, self.asks
        if not bids and not asks:
            return b""
        lane.moved(lane.position + 1, tick)
        if blank or len(bids) + len(asks) > len(self.bids) + len(self.asks):
            return self._picture(lane)
        return self._encode(b"delta", lane.position, bids, asks)

    def missed(self, lane: Lane, position: int) -> bytes:
        return self._picture(lane) if position != lane.position and not self.empty else b""

    def _picture(self, lane: Lane) -> bytes:
        return self._encode(b"snap", lane.position, list(lane.bids.items()), list(lane.asks.items()))

    def _encode(self, kind: bytes, seq: int, bids: list[tuple[str, str]], asks: list[tuple[str, str]]) -> bytes:
        value = json.dumps({"bids": bids, "asks": asks}, separators=(",", ":")).encode()
        return b'%b,"k":"%b","seq":%d,"v":%b}' % (self._head, kind, seq, value)


def level_changes(old: Levels, new: Levels) -> list[tuple[str, str]]:
    """Levels to set, then levels to delete (quantity "0"), that turn `old` into `new`."""
    if old is new:
        return []
    changes = [(price, quantity) for price, quantity in new.items() if old.get(price) != quantity]
    changes.extend((price, "0") for price in old if price not in new)
    return changes


class LogChannel(Channel):
    __slots__ = ("_bytes", "_capacity", "_items", "_max_bytes", "epoch", "start")

    def __init__(self, name: str, key: str, epoch: str, *, capacity: int, max_bytes: int) -> None:
        super().__init__(name, key)
        self.epoch, self.start = epoch, 0
        self._capacity, self._max_bytes, self._bytes = capacity, max_bytes, 0
        self._items: list[bytes] = []

    @property
    def end(self) -> int:
        """The offset of the next item to come."""
        return self.start + len(self._items)

    @property
    def empty(self) -> bool:
        return self.end == 0

    def append(self, value: bytes) -> int:
        """Keep one encoded JSON value; returns its offset."""
        offset = self.end
        item = b'%b,"k":"log","epoch":"%b","offset":%d,"v":%b}' % (self._head, self.epoch.encode(), offset, value)
        self._items.append(item)
        self._bytes += len(item)
        if len(self._items) > self._capacity or self._bytes > self._max_bytes:
            self._trim()
        return offset

    def _trim(self) -> None:
        """Drop an eighth at once, so that dropping costs little per item; the newest item always stays."""
        target, drop = self._max_bytes * 7 // 8, max(0, len(self._items) - self._capacity * 7 // 8)
        size = self._bytes - sum(len(item) for item in self._items[:drop])
        while size > target and drop < len(self._items) - 1:
            size -= len(self._items[drop])
            drop += 1
        del self._items[:drop]
        self.start += drop
        self._bytes = size

    def _new_lane(self) -> Lane:
        return Lane(self.end)

    def flush(self, lane: Lane, tick: int) -> bytes:
        part = self.between(lane.position, self.end)
        lane.moved(self.end, tick)
        return part

    def missed(self, lane: Lane, position: int) -> bytes:
        return self.between(position, lane.position)

    def between(self, first: int, end: int) -> bytes:
        """Items from offset `first` up to before `end`; what the ring no longer has is said to be lost."""
        if first >= end:
            return b""
        kept = b",".join(self._items[max(first - self.start, 0) : end - self.start])
        if first >= self.start:
            return kept
        lost = self.lost(first, min(end, self.start) - 1)
        return lost + b"," + kept if kept else lost

    def lost(self, first: int, last: int) -> bytes:
        """Says that items `first`..`last` cannot be had any more."""
        return b'%b,"k":"lost","epoch":"%b","from":%d,"to":%d}' % (self._head, self.epoch.encode(), first, last)

    def start_for(self, lane: Lane, epoch: str | None, last: int | None, backlog: int) -> int:
        """The offset a client goes on from that has seen item `last` of `epoch`.

        A client that says nothing starts with the last `backlog` items; one of another epoch sees by the new epoch that
        counting began anew, and gets all there is.
        """
        if epoch is None or last is None:
            return max(self.start, min(lane.position, self.end - backlog))
        return min(last + 1, self.end) if epoch == self.epoch else 0
