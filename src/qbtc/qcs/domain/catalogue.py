"""What a search looks through: states with where they stand, in memory, in the order they were stored.

An index proposes; the database, which has the truth, confirms. So a row that was deleted since costs a second look, never
a wrong answer. States without information have no direction and are not kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from qbtc.contracts.basis26 import SIZE
from qbtc.core.hilbert.overlap import Measure
from qbtc.core.hilbert.search import Found, MixedIndex, PureIndex
from qbtc.core.hilbert.search.pure import ALL
from qbtc.core.hilbert.types import Complex, Mask
from qbtc.core.hilbert.validate import TOLERANCE

from .entries import Entry, Filter

PLACES = np.dtype([("id", "V16"), ("symbol", "<i4"), ("at", "<i8")])
NANOSECONDS_A_BAR = 1_000_000_000


class Shelf:
    """States of one form (pure or mixed) with their places, and which of them are gone."""

    def __init__(self, index: PureIndex | MixedIndex) -> None:
        self.index = index
        self._symbols: dict[str, int] = {}
        self._names: list[str] = []
        self._places: NDArray[np.void] = np.empty(0, dtype=PLACES)
        self._gone: Mask = np.empty(0, dtype=np.bool_)

    def __len__(self) -> int:
        return len(self.index)

    @property
    def mixed(self) -> bool:
        return isinstance(self.index, MixedIndex)

    def add(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        count = len(self)
        self.index.append(np.stack([entry.state for entry in entries]))
        self._reserve(len(self))
        codes = [self._code(entry.symbol) for entry in entries]
        rows = self._places[count : len(self)]
        rows["id"] = np.frombuffer(b"".join(entry.state_id.bytes for entry in entries), dtype="V16")
        rows["symbol"], rows["at"] = codes, [entry.at for entry in entries]
        self._gone[count : len(self)] = False

    def drop_oldest(self, count: int) -> int:
        """Forget the oldest `count` states, or a chunk of them at a time; returns how many that were."""
        index = self.index
        dropped = index.drop_oldest(count) if isinstance(index, MixedIndex) else index.drop_oldest()
        self._places, self._gone = self._places[dropped:], self._gone[dropped:]
        return dropped

    def forget(self, position: int, state_id: UUID) -> None:
        """Not to be found again, if this state is still at that position."""
        if position < len(self) and self.state_id(position) == state_id:
            self._gone[position] = True

    def state_id(self, position: int) -> UUID:
        return UUID(bytes=self._places["id"][position].tobytes())

    def symbol_and_time(self, position: int) -> tuple[str, int]:
        row = self._places[position]
        return self._names[int(row["symbol"])], int(row["at"])

    def allowed(self, wanted: Filter) -> Mask:
        """Rows that may be found; the empty mask where all may."""
        gone = self._gone[: len(self)]
        if wanted.open and not gone.any():
            return ALL
        places, found = self._places[: len(self)], ~gone
        if wanted.symbols:
            codes = [self._symbols[s] for s in wanted.symbols if s in self._symbols]
            found &= np.isin(places["symbol"], codes)
        if wanted.since is not None:
            found &= places["at"] >= wanted.since
        return found if wanted.until is None else found & (places["at"] < wanted.until)

    def near(self, symbol: str, at: int, apart: int) -> Mask:
        """Rows of `symbol` less than `apart` bars from the time `at`; none where there is no symbol."""
        places = self._places[: len(self)]
        if not symbol:
            return np.zeros(len(places), dtype=np.bool_)
        close = np.abs(places["at"] - at) < apart * NANOSECONDS_A_BAR
        result: Mask = close & (places["symbol"] == self._symbols.get(symbol, -1))
        return result

    def search(self, query: Complex, k: int, measure: Measure, allowed: Mask) -> Found:
        if isinstance(self.index, MixedIndex):
            return self.index.search(query, k, allowed=allowed)
        if query.ndim == 2:
            return self.index.expect(query, k, allowed=allowed)
        return self.index.search(query, k, by=measure, allowed=allowed)

    def _code(self, symbol: str) -> int:
        if symbol not in self._symbols:
            self._symbols[symbol] = len(self._names)
            self._names.append(symbol)
        return self._symbols[symbol]

    def _reserve(self, count: int) -> None:
        if count > len(self._places):
            room = max(count, 2 * len(self._places), 1024)
            self._places, self._gone = _grown(self._places, room), _grown(self._gone, room)


class Catalogue:
    """Pure and mixed states that are searched together; of each about as many as allowed, the oldest go in large parts."""

    def __init__(self, limit: int, *, matrices: int = 10_000, threads: int = 1) -> None:
        self.limit, self.matrices = limit, matrices
        self.pure, self.mixed = Shelf(PureIndex(SIZE, threads=threads)), Shelf(MixedIndex(SIZE))
        self.dropped = 0

    def add(self, entries: Sequence[Entry]) -> list[UUID]:
        """Keep states; returns the ids of those that are none (a norm that is not 1), which are left out."""
        pure, mixed = [e for e in entries if e.state.ndim == 1], [e for e in entries if e.state.ndim == 2]
        norms = np.linalg.norm(np.stack([e.state for e in pure]), axis=1) if pure else np.empty(0)
        sound = np.abs(norms - 1) <= TOLERANCE
        self.pure.add([e for e, good in zip(pure, sound, strict=True) if good])
        self.mixed.add(mixed)
        while len(self.pure) > self.limit and (dropped := self.pure.drop_oldest(len(self.pure) - self.limit)):
            self.dropped += dropped
        if len(self.mixed) > 1.25 * self.matrices:
            self.mixed.drop_oldest(len(self.mixed) - self.matrices)
        return [e.state_id for e, bad in zip(pure, ~sound & (norms != 0), strict=True) if bad]


def _grown(array: NDArray, room: int) -> NDArray:  # type: ignore[type-arg]
    out = np.zeros(room, dtype=array.dtype)
    out[: len(array)] = array
    return out
