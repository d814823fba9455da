"""Spilled events in order of receipt, block by block: several sources merged by local time, equal times in their order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from qbtc.core.market.tape.layout import EXTRA, Array, Ints, Kind

from .spill import Spill

BLOCK = 1 << 16


@dataclass(slots=True)
class Block:
    """Messages from number `start`, their rows and (L3) order ids."""

    start: int
    messages: Array
    rows: Ints
    order: Ints | None


class Merged:
    """The order of receipt over all sources of a spill. Blocks are copies, so that compiled code sees one type of array."""

    def __init__(self, spill: Spill) -> None:
        self._spill = spill
        self._messages, self._rows = spill.array("messages"), spill.array("rows")
        self._orders = spill.array("order") if spill.counts.get("order") else None
        self.order: Ints | None = _order(self._messages)
        self._starts: Ints = np.zeros(0, np.int64)
        if self.order is not None:
            self._starts = np.concatenate([[0], np.cumsum(self._messages["rows"])]).astype(np.int64)

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def rows(self) -> int:
        return len(self._rows)

    def messages(self) -> Iterator[tuple[int, Array]]:
        """(first number, messages) by block."""
        for start in range(0, len(self), BLOCK):
            yield start, self._take(start)

    def blocks(self) -> Iterator[Block]:
        """Messages with their rows."""
        at = 0
        for start in range(0, len(self), BLOCK):
            messages = self._take(start)
            count = int(messages["rows"].sum())
            where = self._where(start, at, count)
            yield Block(start, messages, np.array(self._rows[where]), None if self._orders is None else self._orders[where])
            at += count

    def message(self, number: int) -> np.void:
        found: np.void = self._messages[number if self.order is None else self.order[number]]
        return found

    def special(self, kind: Kind, name: str) -> Array:
        """An extra column of the messages of a kind, in order."""
        values = self._spill.array(name).view(EXTRA[kind][name])
        if self.order is None:
            return values
        places = np.flatnonzero(self._messages["kind"] == kind)
        wanted = self.order[self._messages["kind"][self.order] == kind]
        found: Array = values[np.searchsorted(places, wanted)]
        return found

    def _take(self, start: int) -> Array:
        part = slice(start, start + BLOCK)
        return np.array(self._messages[part if self.order is None else self.order[part]])

    def _where(self, start: int, at: int, count: int) -> slice | Ints:
        """Where the rows of a block are in the spill."""
        if self.order is None:
            return slice(at, at + count)
        chosen = self.order[start : start + BLOCK]
        begin, size = self._starts[chosen], self._starts[chosen + 1] - self._starts[chosen]
        ends = np.cumsum(size)
        return np.repeat(begin - (ends - size), size) + np.arange(count)


def _order(messages: Array) -> Ints | None:
    """The permutation into order of local time, None where they are so already."""
    local = messages["local"]
    for start in range(0, len(local) - 1, BLOCK):
        part = local[start : start + BLOCK + 1]
        if np.any(part[1:] < part[:-1]):
            return np.argsort(np.ascontiguousarray(local), kind="stable")
    return None
