"""Okapi BM25 over an in-memory inverted index that grows one document at a time.

score(d, q) = sum over t in q of idf(t) * tf (k1 + 1) / (tf + k1 (1 - b + b |d| / avgdl)),
idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative (Robertson and Zaragoza 2009, eq. 3.15).
Postings are flat typed arrays (6 bytes each) in order of slots. A removed document keeps its slot, scores 0 and leaves N, df
and avgdl. From LARGE documents on compiled loops do what NumPy does below that, to the same bits.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MAX_TF = 65_535
LARGE = 20_000

Floats = NDArray[np.float64]
Slots = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Posting:
    """The documents that have a term, as slots in rising order, how often each has it, and the weight of the term.

    Removed documents may be among them; they do not count in the weight.
    """

    slots: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    idf: float

    def at(self, slots: Slots) -> Floats:
        """How often each of `slots` (any order) has the term; 0 where it has not, and for -1."""
        if not len(self.slots):
            return np.zeros(len(slots))
        wanted = slots.astype(np.uint32)
        found = np.minimum(np.searchsorted(self.slots, wanted), len(self.slots) - 1)
        return np.where(self.slots[found] == wanted, self.counts[found], 0.0)


class Bm25Index:
    """Documents are known by their slot, the order in which they were added (0, 1, 2, ...)."""

    def __init__(self, *, k1: float = 1.2, b: float = 0.75) -> None:
        self.k1, self.b = k1, b
        self._postings: dict[str, tuple[array[int], array[int]]] = {}
        self._lengths = array("I")
        self._alive = bytearray()
        self._live = 0
        self._total = 0
        self._scratch: Floats = np.zeros(0)

    def __len__(self) -> int:
        """Documents that can still be found."""
        return self._live

    @property
    def slots(self) -> int:
        return len(self._lengths)

    @property
    def large(self) -> bool:
        """Whether the compiled loops are worth their loading."""
        return self.slots >= LARGE

    @property
    def total_length(self) -> int:
        """Terms of all documents that can still be found."""
        return self._total

    @property
    def mean_length(self) -> float:
        """Terms of a document that can still be found; 0 when there is none."""
        return self._total / self._live if self._live else 0.0

    def add(self, terms: Iterable[str]) -> int:
        """Add one document and return its slot."""
        slot, counts = len(self._lengths), Counter(terms)
        for term, count in counts.items():
            posting = self._postings.get(term)
            if posting is None:
                posting = self._postings[term] = (array("I"), array("H"))
            posting[0].append(slot)
            posting[1].append(min(count, _MAX_TF))
        length = sum(counts.values())
        self._lengths.append(length)
        self._alive.append(1)
        self._live, self._total = self._live + 1, self._total + length
        return slot

    def remove(self, slot: int) -> None:
        """Forget a document; removing it twice changes nothing."""
        if not self._alive[slot]:
            return
        self._alive[slot] = 0
        self._live -= 1
        self._total -= self._lengths[slot]

    def alive(self, slots: Slots | NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which of the slots can still be found."""
        return self.alive_bytes[slots] > 0

    @property
    def alive_bytes(self) -> NDArray[np.uint8]:
        """1 for a slot that can still be found, else 0; valid until the next `add`."""
        return np.frombuffer(self._alive, dtype=np.uint8)

    def lengths(self, slots: Slots | NDArray[np.uint32]) -> Floats:
        """Terms of each of the documents."""
        return np.frombuffer(self._lengths, dtype=np.uint32)[slots].astype(np.float64)

    @property
    def alive_if_any_is_not(self) -> NDArray[np.uint8]:
        """`alive_bytes`, or nothing while no document was removed."""
        return np.zeros(0, np.uint8) if self._live == self.slots else self.alive_bytes

    def postings(self, terms: Iterable[str]) -> list[Posting]:
        """Those of the distinct terms that a document which can still be found has."""
        found = (self._posting(term) for term in dict.fromkeys(terms))
        return [posting for posting in found if posting is not None]

    def scores(self, terms: Iterable[str]) -> Floats:
        """One score a slot; 0 where no term matches or the document was removed."""
        out = np.zeros(self.slots)
        for posting in self.postings(terms):
            kept = self.alive(posting.slots)
            slots = posting.slots[kept]
            lengths = self.lengths(slots) / self.mean_length
            out[slots] += posting.idf * self.saturated(posting.counts[kept].astype(np.float64), lengths)
        return out

    def best(
        self, terms: Iterable[str], limit: int, allowed: Callable[[Slots], Mask] | None = None
    ) -> tuple[Slots, Floats]:
        """The `limit` best slots that share a term and their scores, best first, ties by slot.

        `allowed` says for some slots which may be found.
        """
        touched, scores = self._scored(terms)
        mask = allowed(touched) if allowed is not None else None
        if self.large:
            from .kernels import largest

            kept = largest(touched, scores, np.zeros(0, np.bool_) if mask is None else mask, limit)
        else:
            kept = np.arange(len(touched)) if mask is None else np.flatnonzero(mask)
        order = kept[np.lexsort((touched[kept], -scores[kept]))][:limit]
        return touched[order], scores[order]

    def _scored(self, terms: Iterable[str]) -> tuple[Slots, Floats]:
        """The slots that share a term, in no order, and their scores."""
        if not self.large:
            scores = self.scores(terms)
            touched = np.flatnonzero(scores)
            return touched, scores[touched]
        from .kernels import add_scores, saturations

        postings = self.postings(terms)
        if len(self._scratch) < self.slots:
            self._scratch = np.zeros(self.slots + self.slots // 4)
        # One more than there can be: the place after the last is written before it is known whether it counts.
        slots, found = np.empty(min(self.slots, sum(len(p.slots) for p in postings)) + 1, np.int64), 0
        columns = (self.alive_if_any_is_not, np.frombuffer(self._lengths, np.uint32), self.mean_length)
        table = saturations(self.mean_length, self.k1, self.b)
        for p in postings:
            found = add_scores(p.slots, p.counts, *columns, p.idf, self.k1, self.b, table, self._scratch, slots, found)
        touched = slots[:found]
        scores = self._scratch[touched]
        self._scratch[touched] = 0.0
        return touched, scores

    def saturated(self, frequencies: Floats, lengths: Floats) -> Floats:
        """tf (k1 + 1) / (tf + k1 (1 - b + b l)); `lengths` are shares of the mean length, both of one shape."""
        return frequencies * (self.k1 + 1) / (frequencies + self.k1 * (1 - self.b + self.b * lengths))

    def _posting(self, term: str) -> Posting | None:
        found = self._postings.get(term)
        if found is None:
            return None
        slots, counts = np.array(found[0], np.uint32), np.array(found[1], np.uint16)
        df = len(slots) if self._live == self.slots else int(np.count_nonzero(self.alive(slots)))
        if not df:
            return None
        return Posting(slots, counts, math.log(1 + (self._live - df + 0.5) / (df + 0.5)))
