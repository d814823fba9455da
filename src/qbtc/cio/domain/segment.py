"""The index of one visibility, words and vectors: everything the desk shares, or everything one person owns.

A segment never mixes owners, so that a search cannot rank what its asker may not read. It is a cache of rows: their
terms are stored, and every hit is read again from the database under the asker's row policy. It also knows which memory
follows which in a conversation; what that is worth is weighed in evidence.py.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from qbtc.core.retrieval.bm25 import Bm25Index, Posting
from qbtc.core.retrieval.keys import KeyIndex, Names, digest, key_of
from qbtc.core.retrieval.packed import Mask, PackedVectors, Vectors

from .marks import Mark

Slots = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a memory must be, beside its scope and kind. Times are seconds since 1970 UTC; spans are half-open.

    `authors` and `only` (ids) empty or None allow all; `since` and `until` are of the event, `known_at` is the latest moment
    of keeping.
    """

    authors: tuple[str, ...] = ()
    since: float = -math.inf
    until: float = math.inf
    known_at: float = math.inf
    only: frozenset[str] | None = None


EVERYTHING: Final = Filters()


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a memory; `happened` and `kept` are seconds since 1970 UTC."""

    memory_id: str
    terms: Sequence[str]
    scope: str
    kind: str
    session: str | None
    author: str | None = None
    marks: Mark = Mark.NONE
    happened: float = 0.0
    kept: float = 0.0


class Segment:
    """Add in order of time within a session: what comes before and after a memory is known by that order."""

    def __init__(self) -> None:
        self.terms, self.vectors = Bm25Index(), PackedVectors()
        self.ids = Names()
        self._slots, self._talks = KeyIndex(), KeyIndex()
        self._codes: dict[tuple[str, ...], int] = {}
        self._scopes, self._kinds, self._authors = array("i"), array("i"), array("i")
        self._marks = bytearray()
        self._happened, self._kept = array("d"), array("d")
        self._sessions, self._before, self._after = array("i"), array("i"), array("i")
        self._last, self._lengths, self._spoken = array("i"), array("q"), 0
        self._sums: tuple[Floats, Floats] = (np.zeros(0), np.zeros(0))
        self.authors: list[str] = []

    def __len__(self) -> int:
        return len(self.terms)

    def add(self, entry: Entry) -> None:
        """Index a memory; one that is already there is left alone."""
        self.add_all([entry])

    def add_all(self, entries: Sequence[Entry]) -> None:
        """Index memories in order; those that are already there are left alone."""
        keys = [key_of(entry.memory_id) for entry in entries]
        talks = [None if e.session is None else digest(f"{e.scope}\0{e.session}") for e in entries]
        known = self._talks.find([talk or b"" for talk in talks]).tolist()
        for entry, key, there, talk, session in zip(entries, keys, self._slots.find(keys), talks, known, strict=True):
            if there < 0 and self._slots.recent(key) < 0:
                self._add(entry, key, talk, session)
        self._slots.settle()
        self._talks.settle()

    def _add(self, entry: Entry, key: bytes, talk: bytes | None, session: int) -> None:
        slot = self.terms.add(entry.terms)
        self._slots.put(key, slot)
        self.ids.append(entry.memory_id)
        self._scopes.append(self._code("scope", entry.scope))
        self._kinds.append(self._code("kind", entry.kind))
        self._authors.append(self._author(entry.author))
        self._marks.append(int(entry.marks))
        self._happened.append(entry.happened)
        self._kept.append(entry.kept)
        self._follow(slot, self._session(talk, session), len(entry.terms))

    def remove(self, memory_id: str) -> None:
        slot = self._slots.pop(key_of(memory_id))
        if slot < 0:
            return
        before, after = self._before[slot], self._after[slot]
        if before >= 0:
            self._after[before] = after
        if after >= 0:
            self._before[after] = before
        session = self._sessions[slot]
        self._lengthen(session, -int(self.terms.lengths(np.array([slot]))[0]))
        if self._last[session] == slot:
            self._last[session] = before
        self.terms.remove(slot)
        self.vectors.drop(slot)

    def best(
        self,
        terms: Iterable[str],
        *,
        scope: str | None,
        kinds: Collection[str],
        limit: int,
        filters: Filters = EVERYTHING,
    ) -> dict[str, float]:
        """BM25 scores of the best `limit` memories that share a term, best first."""
        all_of_it = scope is None and not kinds and filters is EVERYTHING
        found, scores = self.terms.best(
            terms, limit, None if all_of_it else lambda slots: self.allowed(slots, scope, kinds, filters)
        )
        return {self.ids[slot]: score for slot, score in zip(found.tolist(), scores.tolist(), strict=True)}

    def mask(self, scope: str | None, kinds: Collection[str], filters: Filters = EVERYTHING) -> Mask | None:
        """By slot which may be found, as `allowed` says; None for all."""
        if scope is None and not kinds and filters is EVERYTHING:
            return None
        return self.allowed(np.arange(self.terms.slots), scope, kinds, filters)

    def names(self, slots: Slots) -> list[str]:
        return [self.ids[slot] for slot in slots.tolist()]

    def give_vectors(self, memory_ids: Sequence[str], vectors: Vectors) -> list[int]:
        """Keep the vectors (n, d) of memories that are here; returns the positions of those that are not."""
        slots = self._slots.find([key_of(key) for key in memory_ids])
        there = slots >= 0
        if there.any():
            self.vectors.put(slots[there], vectors[there])
        return np.flatnonzero(~there).tolist()

    def slots_of(self, memory_ids: Iterable[str]) -> Slots:
        """Slots of those of the memories that are here."""
        found = self._slots.find([key_of(key) for key in memory_ids])
        return found[found >= 0]

    def within(
        self, since: float, until: float, *, scope: str | None, kinds: Collection[str], filters: Filters, limit: int
    ) -> list[str]:
        """The memories whose event lies in [since, until), latest first; none when there are more than `limit`."""
        times = _floats(self._happened)
        found = np.flatnonzero((times >= since) & (times < until))
        found = found[self.terms.alive(found)] if len(found) else found
        found = found[self.allowed(found, scope, kinds, filters)]
        if len(found) > limit:
            return []
        return [self.ids[slot] for slot in found[np.argsort(-times[found], kind="stable")].tolist()]

    def newest(self, scope: str | None, kinds: Collection[str], filters: Filters) -> float | None:
        """The time of the latest event that may be found; None without one."""
        slots = np.arange(self.terms.slots)
        slots = slots[self.terms.alive(slots) & self.allowed(slots, scope, kinds, filters)] if len(slots) else slots
        return float(_floats(self._happened)[slots].max()) if len(slots) else None

    def times(self, slots: Slots) -> NDArray[np.float64]:
        """When each of the slots happened."""
        return _floats(self._happened)[slots]

    def allowed(
        self, slots: Slots, scope: str | None, kinds: Collection[str], filters: Filters = EVERYTHING
    ) -> NDArray[np.bool_]:
        """Which of the slots are of the scope, of one of the kinds and pass the filters; None and no kinds allow all."""
        mask = np.ones(len(slots), dtype=bool)
        if scope is not None:
            mask &= _view(self._scopes)[slots] == self._codes.get(("scope", scope), -1)
        if kinds:
            mask &= np.isin(_view(self._kinds)[slots], [self._codes.get(("kind", k), -1) for k in kinds])
        return mask if filters is EVERYTHING else mask & self._passes(slots, filters)

    def _passes(self, slots: Slots, filters: Filters) -> NDArray[np.bool_]:
        happened = self.times(slots)
        mask = (happened >= filters.since) & (happened < filters.until)
        mask &= _floats(self._kept)[slots] <= filters.known_at
        if filters.authors:
            mask &= self.written_by(slots, filters.authors)
        if filters.only is not None:
            mask &= np.isin(slots, self.slots_of(filters.only))
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

    def session_words(self, slots: Slots, postings: Sequence[Posting]) -> Floats:
        """BM25 of the session of each slot as one document, as a share of the best session's."""
        if not postings or not self._spoken:
            return np.zeros(len(slots))
        mean = self.terms.total_length / self._spoken
        scores, best = (self._compiled if self.terms.large else self._plain)(self.sessions(slots), postings, mean)
        return scores / best if best > 0 else np.zeros(len(slots))

    def _plain(self, wanted: Slots, postings: Sequence[Posting], mean: float) -> tuple[Floats, float]:
        """Scores of the wanted sessions, and the greatest of all."""
        shares = _view(self._lengths) / mean
        scores = np.zeros(len(shares))
        for posting in postings:
            kept = self.terms.alive(posting.slots)
            sessions = self.sessions(posting.slots[kept].astype(np.int64))
            counts = np.bincount(sessions, posting.counts[kept], minlength=len(shares)).astype(np.float64)
            scores += posting.idf * self.terms.saturated(counts, shares)
        return scores[wanted], float(scores.max())

    def _compiled(self, wanted: Slots, postings: Sequence[Posting], mean: float) -> tuple[Floats, float]:
        from qbtc.core.retrieval.kernels import add_session_scores

        count, found = len(self._lengths), 0
        if len(self._sums[0]) < count:
            self._sums = (np.zeros(count + count // 4), np.zeros(count + count // 4))
        sums, scores = self._sums
        fresh, touched = np.empty(count + 1, np.int32), np.empty(count + 1, np.int32)
        columns = (self.terms.alive_if_any_is_not, _view(self._sessions), _view(self._lengths), mean)
        for p in postings:
            found = add_session_scores(
                p.slots, p.counts, *columns, p.idf, self.terms.k1, self.terms.b, sums, scores, fresh, touched, found
            )
        met = touched[:found]
        answer = scores[wanted], float(scores[met].max(initial=0.0))
        scores[met] = 0.0
        return answer

    def marks(self, slots: Slots) -> NDArray[np.uint8]:
        return np.frombuffer(self._marks, dtype=np.uint8)[slots]

    def written_by(self, slots: Slots, names: Collection[str]) -> NDArray[np.bool_]:
        """Which of the slots one of the people wrote."""
        codes = [self._codes.get(("author", name), -2) for name in names]
        return np.isin(_view(self._authors)[slots], codes)

    def _session(self, talk: bytes | None, known: int) -> int:
        """The number of a session; a memory without one begins one of its own."""
        found = known if talk is None or known >= 0 else self._talks.recent(talk)
        if talk is None or found < 0:
            found = len(self._last)
            if talk is not None:
                self._talks.put(talk, found)
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
        self._lengthen(session, length)

    def _lengthen(self, session: int, terms: int) -> None:
        was = self._lengths[session]
        self._lengths[session] = was + terms
        self._spoken += (was + terms > 0) - (was > 0)

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


def _floats(column: array[float]) -> NDArray[np.float64]:
    return np.frombuffer(column, dtype=np.float64) if len(column) else np.zeros(0)


def _step(links: Slots, slots: Slots) -> Slots:
    return np.where(slots >= 0, links[slots], -1) if len(links) else slots
