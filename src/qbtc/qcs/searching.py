"""The use case of a search: catalogues propose, the database confirms.

One catalogue holds the market's states; each person who searches has one of what that person keeps. They are opened by
their first search, so a service that nobody asks holds nothing, and catch up before every answer.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import JsonValue

from qbtc.contracts.quantum import FindStates, StateKind
from qbtc.core.hilbert import fidelity, signed_overlap
from qbtc.kit.metrics import histogram
from qbtc.kit.tracing import span

from .domain.entries import Asked
from .ports import Source
from .settings import QcsSettings

if TYPE_CHECKING:
    from .domain.catalogue import Catalogue, Shelf
    from .domain.nearest import Hit

PEOPLE = 16
"""Catalogues of people that are kept at a time."""
DELETED = 0.2
"""The share of states gone by their retention at which a catalogue is filled anew."""


@dataclass(frozen=True, slots=True)
class Question:
    """A state that is looked for, and its intensity where it has one."""

    asked: Asked
    intensity: float | None


class Follower:
    """A catalogue that follows its source; one search or one update at a time."""

    def __init__(self, source: Source, settings: QcsSettings) -> None:
        self.source, self._settings = source, settings
        self._lock = asyncio.Lock()
        self._catalogue: Catalogue | None = None
        self._low: int | None = None
        self._tail: set[tuple[UUID, int]] = set()
        self._deleted = 0

    async def nearest(self, asked: Asked, k: int, kinds: Sequence[StateKind]) -> list[Hit]:
        """The best k of each form whose kind is named and that the measure fits."""
        async with self._lock:
            shelves = self._shelves(await self._caught_up(), asked, kinds)
            return await asyncio.to_thread(_nearest, shelves, asked, k)

    async def confirmed(self, question: Question, k: int, kinds: Sequence[StateKind]) -> list[dict[str, Any]]:
        """Ask until every hit is stored and sound: each round forgets those that are not."""
        while True:
            hits = await self.nearest(question.asked, k, kinds)
            stored = {
                mixed: await self.source.confirm([h.state_id for h in hits if h.mixed == mixed], mixed=mixed)
                for mixed in {hit.mixed for hit in hits}
            }
            gone = [hit for hit in hits if hit.state_id not in stored[hit.mixed]]
            if not gone:
                return [shown(stored[hit.mixed][hit.state_id], hit, question) for hit in hits]
            self._forget(gone)

    def deleted(self, rows: int) -> None:
        """Rows went by their retention; after many the catalogue is filled anew."""
        self._deleted += rows

    def size(self) -> dict[str, JsonValue]:
        """How many states the last answer looked through, and how many older ones the setting left out."""
        found = self._catalogue
        return {"pure": len(found.pure), "mixed": len(found.mixed), "left_out": found.dropped} if found else {}

    def _shelves(self, catalogue: Catalogue, asked: Asked, kinds: Sequence[StateKind]) -> list[Shelf]:
        pure, mixed = self.source.kinds
        shelves = [catalogue.pure] if pure in kinds and (asked.state.ndim == 1 or asked.measure == "fidelity") else []
        return [*shelves, catalogue.mixed] if mixed in kinds and asked.measure == "fidelity" else shelves

    def _forget(self, gone: Sequence[Hit]) -> None:
        for hit in gone:
            if self._catalogue is not None:
                shelf = self._catalogue.mixed if hit.mixed else self._catalogue.pure
                shelf.forget(hit.position, hit.state_id)

    async def _caught_up(self) -> Catalogue:
        catalogue = await self._opened()
        low = await self.source.horizon()
        tail: set[tuple[UUID, int]] = set()
        limits = self._settings.search_states, self._settings.search_matrices
        async for batch in self.source.read(self._low, limits):
            fresh = [w.entry for w in batch if (w.entry.state_id, w.entry.state.ndim) not in self._tail]
            for state_id in await asyncio.to_thread(catalogue.add, fresh):
                self.source.damaged(state_id, "its norm is not 1")
            tail |= {(w.entry.state_id, w.entry.state.ndim) for w in batch if w.by >= low}
        if self._low is None:
            catalogue.dropped = max(await self.source.stored() - len(catalogue.pure), 0)
        self._low, self._tail = low, tail
        return catalogue

    async def _opened(self) -> Catalogue:
        if self._catalogue is not None and self._deleted <= DELETED * len(self._catalogue.pure):
            return self._catalogue
        self._catalogue = await asyncio.to_thread(_empty, self._settings)
        self._low, self._tail, self._deleted = None, set(), 0
        return self._catalogue


class StateSearch:
    """`answer` gives the body of `POST /states/search`."""

    def __init__(self, moments: Source, saved: Callable[[str], Source], settings: QcsSettings) -> None:
        self.moments = Follower(moments, settings)
        self._saved, self._settings = saved, settings
        self._people: OrderedDict[str, Follower] = OrderedDict()
        self._seconds = histogram("qbtc_qcs_search_seconds", "Time to answer a search for states")

    async def answer(self, question: Question, find: FindStates, person: str | None) -> dict[str, JsonValue]:
        started = time.perf_counter()
        kinds = find.kinds or ("moment", "window", "saved")
        with span("search states", k=find.k, measure=find.measure), self._seconds.time():
            rows = await self.moments.confirmed(question, find.k, kinds)
            if person and "saved" in kinds:
                rows += await self._of(person).confirmed(question, find.k, kinds)
        rows.sort(key=lambda row: -float(row["score"]))
        items: list[JsonValue] = [*rows[: find.k]]
        return {
            "items": items,
            "measure": find.measure,
            "searched": self.moments.size(),
            "ms": round((time.perf_counter() - started) * 1e3, 3),
        }

    def _of(self, person: str) -> Follower:
        found = self._people.get(person)
        if found is None:
            found = self._people[person] = Follower(self._saved(person), self._settings)
        self._people.move_to_end(person)
        while len(self._people) > PEOPLE:
            self._people.popitem(last=False)
        return found


def shown(stored: dict[str, Any], hit: Hit, question: Question) -> dict[str, Any]:
    """A found state with its likeness: signed overlap and intensities are compared between pure states only."""
    row = {name: value for name, value in stored.items() if name != "state"}
    psi, phi, signed = stored["state"], question.asked.state, question.asked.measure == "signed"
    pure = psi.ndim == phi.ndim == 1
    return row | {
        "score": hit.score,
        "signed": (hit.score if signed else float(signed_overlap(phi, psi))) if pure else None,
        "fidelity": float(fidelity(phi, psi)) if signed else hit.score,
        "intensity_ratio": stored["intensity"] / question.intensity if pure and question.intensity else None,
        "scored": hit.scored,
    }


def _nearest(shelves: Sequence[Shelf], asked: Asked, k: int) -> list[Hit]:
    from .domain.nearest import nearest

    return [hit for shelf in shelves for hit in nearest(shelf, asked, k)]


def _empty(settings: QcsSettings) -> Catalogue:
    from .domain.catalogue import Catalogue

    matrices = max(settings.search_matrices, settings.saved_states)
    return Catalogue(settings.search_states, matrices=matrices, threads=settings.search_threads)
