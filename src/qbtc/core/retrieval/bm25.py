"""Okapi BM25 over an in-memory inverted index that grows one document at a time.

score(d, q) = sum over t in q of idf(t) * tf (k1 + 1) / (tf + k1 (1 - b + b |d| / avgdl)),
idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative (Robertson and Zaragoza 2009, eq. 3.15).
Postings are flat typed arrays (6 bytes each) in order of slots, read by NumPy where they lie. A removed document keeps
its slot, scores 0 and leaves N, df and avgdl.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MAX_TF = 65_535

Floats = NDArray[np.float64]
Slots = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Posting:
    """The documents that have a term, as slots in rising order, how often each has it, and the weight of the term."""

    slots: Slots
    frequencies: Floats
    idf: float

    def at(self, slots: Slots) -> Floats:
        """How often each of `slots` (any order) has the term; 0 where it has not."""
        if not len(self.slots):
            return np.zeros(len(slots))
        found = np.minimum(np.searchsorted(self.slots, slots), len(self.slots) - 1)
        return np.where(self.slots[found] == slots, self.frequencies[found], 0.0)


class Bm25Index:
    """Documents are known by their slot, the order in which they were added (0, 1, 2, ...)."""

    def __init__(self, *, k1: float = 1.2, b: float = 0.75) -> None:
        self.k1, self.b = k1, b
        self._postings: dict[str, tuple[array[int], array[int]]] = {}
        self._lengths = array("I")
        self._alive = bytearray()
        self._live = 0
        self._total = 0

    def __len__(self) -> int:
        """Documents that can still be found."""
        return self._live

    @property
    def slots(self) -> int:
        return len(self._lengths)

    @property
    def mean_length(self) -> float:
        """Terms of a document that can still be found; 0 when there is none."""
        return self._total / self._live if self._live else 0.0

    def add(self, terms: Iterable[str]) -> int:
        """Add one document and return its slot."""
        slot, counts = len(self._lengths), Counter(terms)
        for term, count in counts.items():
            docs, tfs = self._postings.setdefault(term, (array("I"), array("H")))
            docs.append(slot)
            tfs.append(min(count, _MAX_TF))
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

    def alive(self, slots: Slots) -> NDArray[np.bool_]:
        """Which of the slots can still be found."""
        return np.frombuffer(self._alive, dtype=np.uint8)[slots] > 0

    def lengths(self, slots: Slots) -> Floats:
        """Terms of each of the documents."""
        return np.frombuffer(self._lengths, dtype=np.uint32)[slots].astype(np.float64)

    def postings(self, terms: Iterable[str]) -> list[Posting]:
        """Those of the distinct terms that a document which can still be found has."""
        found = (self._posting(term) for term in dict.fromkeys(terms))
        return [posting for posting in found if posting is not None]

    def scores(self, terms: Iterable[str]) -> Floats:
        """One score a slot; 0 where no term matches or the document was removed."""
        out = np.zeros(self.slots)
        for posting in self.postings(terms):
            lengths = self.lengths(posting.slots) / self.mean_length
            out[posting.slots] += posting.idf * self.saturated(posting.frequencies, lengths)
        return out

    def saturated(self, frequencies: Floats, lengths: Floats) -> Floats:
        """tf (k1 + 1) / (tf + k1 (1 - b + b l)); `lengths` are shares of the mean length, both of one shape."""
        return frequencies * (self.k1 + 1) / (frequencies + self.k1 * (1 - self.b + self.b * lengths))

    def _posting(self, term: str) -> Posting | None:
        found = self._postings.get(term)
        if found is None:
            return None
        slots = np.frombuffer(found[0], dtype=np.uint32).astype(np.int64)
        kept = self.alive(slots)
        if not kept.any():
            return None
        df = int(kept.sum())
        idf = math.log(1 + (self._live - df + 0.5) / (df + 0.5))
        return Posting(slots[kept], np.frombuffer(found[1], dtype=np.uint16)[kept].astype(np.float64), idf)
