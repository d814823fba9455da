"""The lexical index of one visibility: everything the desk shares, or everything one person owns.

A segment never mixes owners, so that a search cannot rank what its asker may not read. It is a cache of rows: their
terms are stored, and every hit is read again from the database under the asker's row policy. It also knows which memory
follows which in a conversation; what that is worth is weighed in evidence.py.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qbtc.core.retrieval import Bm25Index
from qbtc.core.retrieval.vectors import top_slots

from .marks import Mark

Slots = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a memory."""

    memory_id: str
    terms: Sequence[str]
    scope: str
    kind: str
    session: str | None
    author: str | None = None
    marks: Mark = Mark.NONE


class Segment:
    """Add in order of time within a session: what comes before and after a memory is known by that order."""

    def __init__(self) -> None:
        self.terms = Bm25Index()
        self.ids: list[str] = []
        self._slots: dict[str, int] = {}
        self._codes: dict[tuple[str, ...], int] = {}
        self._scopes, self._kinds, self._authors = array("i"), array("i"), array("i")
        self._marks = bytearray()
        self._sessions, self._before, self._after = array("q"), array("q"), array("q")
        self._last, self._lengths = array("q"), array("q")
        self.authors: list[str] = []

    def __len__(self) -> int:
        return len(self.terms)

    def add(self, entry: Entry) -> None:
        """Index a memory; one that is already there is left alone."""
        if entry.memory_id in self._slots:
            return
        slot = self.terms.add(entry.terms)
        self._slots[entry.memory_id] = slot
        self.ids.append(entry.memory_id)
        self._scopes.append(self._code("scope", entry.scope))
        self._kinds.append(self._code("kind", entry.kind))
        self._authors.append(self._author(entry.author))
        self._marks.append(int(entry.marks))
        self._follow(slot, self._session(entry, slot), len(entry.terms))

    def remove(self, memory_id: str) -> None:
        slot = self._slots.pop(memory_id, None)
        if slot is None:
            return
        before, after = self._before[slot], self._after[slot]
        if before >= 0:
            self._after[before] = after
        if after >= 0:
            self._before[after] = before
        session = self._sessions[slot]
        self._lengths[session] -= int(self.terms.lengths(np.array([slot]))[0])
        if self._last[session] == slot:
            self._last[session] = before
        self.terms.remove(slot)

    def best(self, terms: Iterable[str], *, scope: str | None, kinds: Collection[str], limit: int) -> dict[str, float]:
        """BM25 scores of the best `limit` memories that share a term, best first."""
        scores = self.terms.scores(terms)
        touched = np.flatnonzero(scores)
        touched = touched[self.allowed(touched, scope, kinds)]
        order = touched[top_slots(scores[touched], limit)]
        return {self.ids[slot]: float(scores[slot]) for slot in order}

    def slots_of(self, memory_ids: Iterable[str]) -> Slots:
        """Slots of those of the memories that are here."""
        return np.array([self._slots[key] for key in memory_ids if key in self._slots], dtype=np.int64)

    def allowed(self, slots: Slots, scope: str | None, kinds: Collection[str]) -> NDArray[np.bool_]:
        """Which of the slots are of the scope and of one of the kinds; None and no kinds allow all."""
        mask = np.ones(len(slots), dtype=bool)
        if scope is not None:
            mask &= _view(self._scopes)[slots] == self._codes.get(("scope", scope), -1)
        if kinds:
            mask &= np.isin(_view(self._kinds)[slots], [self._codes.get(("kind", k), -1) for k in kinds])
        return mask

    def around(self, slots: Slots, reach: int) -> Slots:
        """For each slot the slots from `reach` before it to `reach` after it in its session, (n, 2 reach + 1); -1 where
        the session has none."""
        columns = np.full((len(slots), 2 * reach + 1), -1, dtype=np.int64)
        columns[:, reach] = slots
        for step in range(1, reach + 1):
            columns[:, reach - step] = _step(_view(self._before), columns[:, reach - step + 1])
            columns[:, reach + step] = _step(_view(self._after), columns[:, reach + step - 1])
        return columns

    def sessions(self, slots: Slots) -> Slots:
        """A number for the session of each slot; a memory without a session is one of its own."""
        return _view(self._sessions)[slots]

    @property
    def session_lengths(self) -> NDArray[np.float64]:
        """Terms of each session, by its number."""
        return _view(self._lengths).astype(np.float64)

    def marks(self, slots: Slots) -> NDArray[np.uint8]:
        return np.frombuffer(self._marks, dtype=np.uint8)[slots]

    def written_by(self, slots: Slots, names: Collection[str]) -> NDArray[np.bool_]:
        """Which of the slots one of the people wrote."""
        codes = [self._codes.get(("author", name), -2) for name in names]
        return np.isin(_view(self._authors)[slots], codes)

    def _session(self, entry: Entry, slot: int) -> int:
        key = ("alone", str(slot)) if entry.session is None else ("session", entry.scope, entry.session)
        found = self._codes.get(key)
        if found is None:
            found = len(self._last)
            if entry.session is not None:
                self._codes[key] = found
            self._last.append(-1)
            self._lengths.append(0)
        return found

    def _follow(self, slot: int, session: int, length: int) -> None:
        before = self._last[session]
        self._sessions.append(session)
        self._before.append(before)
        self._after.append(-1)
        if before >= 0:
            self._after[before] = slot
        self._last[session] = slot
        self._lengths[session] += length

    def _author(self, name: str | None) -> int:
        if name is None:
            return -1
        if ("author", name) not in self._codes:
            self.authors.append(name)
        return self._code("author", name)

    def _code(self, *key: str) -> int:
        return self._codes.setdefault(key, len(self._codes))


def _view(column: array[int]) -> Slots:
    return np.frombuffer(column, dtype=np.dtype(column.typecode))


def _step(links: Slots, slots: Slots) -> Slots:
    return np.where(slots >= 0, links[slots], -1) if len(links) else slots
