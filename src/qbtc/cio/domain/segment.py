"""The lexical index of one visibility: everything the desk shares, or everything one person owns.

A segment never mixes owners, so that a search cannot rank what its asker may not read. It is a cache of rows: their
terms are stored, and every hit is read again from the database under the asker's row policy.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qbtc.core.retrieval import Bm25Index, spread
from qbtc.core.retrieval.vectors import top_slots


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a memory."""

    memory_id: str
    terms: Sequence[str]
    scope: str
    kind: str
    session: str | None


class Segment:
    """Add in order of time within a session: neighbours in a conversation lend each other part of their score."""

    def __init__(self, *, neighbour_share: float = 0.5) -> None:
        self._share = neighbour_share
        self._bm25 = Bm25Index()
        self._ids: list[str] = []
        self._slots: dict[str, int] = {}
        self._codes: dict[tuple[str, str], int] = {}
        self._scopes: list[int] = []
        self._kinds: list[int] = []
        self._groups: list[int] = []

    def __len__(self) -> int:
        return len(self._bm25)

    def add(self, entry: Entry) -> None:
        """Index a memory; one that is already there is left alone."""
        if entry.memory_id in self._slots:
            return
        slot = self._bm25.add(entry.terms)
        self._slots[entry.memory_id] = slot
        self._ids.append(entry.memory_id)
        self._scopes.append(self._code("scope", entry.scope))
        self._kinds.append(self._code("kind", entry.kind))
        self._groups.append(-1 - slot if entry.session is None else self._code("session", entry.session))

    def remove(self, memory_id: str) -> None:
        slot = self._slots.pop(memory_id, None)
        if slot is not None:
            self._bm25.remove(slot)

    def search(
        self,
        terms: Sequence[str],
        *,
        scope: str | None,
        kinds: Collection[str],
        limit: int,
    ) -> list[tuple[str, float]]:
        """(memory id, score) best first; memories that share no term, nor a neighbour's, are not listed."""
        scores = self._bm25.scores(terms)
        if not scores.any():
            return []
        lent = np.where(
            self._allowed(scope, kinds),
            spread(scores, np.array(self._groups), self._share),
            0.0,
        )
        best = [int(i) for i in top_slots(lent, limit) if lent[i] > 0]
        return [(self._ids[i], float(lent[i])) for i in best if self._ids[i] in self._slots]

    def neighbours(self, memory_id: str) -> list[str]:
        """The memories right before and after this one in its session."""
        slot = self._slots.get(memory_id)
        if slot is None:
            return []
        around = [i for i in (slot - 1, slot + 1) if 0 <= i < len(self._ids) and self._groups[i] == self._groups[slot]]
        return [self._ids[i] for i in around if self._ids[i] in self._slots]

    def _allowed(self, scope: str | None, kinds: Collection[str]) -> NDArray[np.bool_]:
        mask = np.ones(len(self._ids), dtype=bool)
        if scope is not None:
            mask &= np.array(self._scopes) == self._codes.get(("scope", scope), -1)
        if kinds:
            mask &= np.isin(np.array(self._kinds), [self._codes.get(("kind", k), -1) for k in kinds])
        return mask

    def _code(self, family: str, value: str) -> int:
        return self._codes.setdefault((family, value), len(self._codes))
