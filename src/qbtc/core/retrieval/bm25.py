"""Okapi BM25 over an in-memory inverted index that grows one document at a time.

score(d, q) = sum over t in q of idf(t) * tf (k1 + 1) / (tf + k1 (1 - b + b |d| / avgdl)),
idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5)), which is never negative (Robertson and Zaragoza 2009, eq. 3.15).
Postings are flat typed arrays (6 bytes each), scored with NumPy. A removed document keeps its slot, scores 0 and
leaves N, df and avgdl.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_MAX_TF = 65_535


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

    def scores(self, terms: Iterable[str]) -> NDArray[np.float64]:
        """One score a slot; 0 where no term matches or the document was removed."""
        out = np.zeros(self.slots)
        if not self._total:
            return out
        alive = np.frombuffer(bytes(self._alive), dtype=np.uint8).astype(bool)
        lengths = np.array(self._lengths, dtype=np.float64)
        norm = self.k1 * (1 - self.b + self.b * lengths / (self._total / self._live))
        for term in dict.fromkeys(terms):
            self._accumulate(out, term, norm, alive)
        return np.where(alive, out, 0.0)

    def _accumulate(
        self,
        out: NDArray[np.float64],
        term: str,
        norm: NDArray[np.float64],
        alive: NDArray[np.bool_],
    ) -> None:
        found = self._postings.get(term)
        if found is None:
            return
        docs, tf = (
            np.array(found[0], dtype=np.int64),
            np.array(found[1], dtype=np.float64),
        )
        df = int(alive[docs].sum())
        idf = math.log(1 + (self._live - df + 0.5) / (df + 0.5))
        out[docs] += idf * tf * (self.k1 + 1) / (tf + norm[docs])
