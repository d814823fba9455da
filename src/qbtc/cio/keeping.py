"""Keeping and erasing: a draft becomes a row, its vector follows after the commit, an erasure takes everything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from qbtc.contracts.memory import StoreMemory
from qbtc.kit.embedding import Embedder
from qbtc.kit.errors import BadInput, Forbidden
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter, gauge
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import claims, facts, memories, narrowing, scopes
from .adapters.lexicon import Lexicon
from .adapters.memories import Waiting
from .domain.memory import Draft, State, checked_text, owner_of, state_of
from .errors import BadMemory
from .ports import States, VectorSearch
from .rounds import Rounds

log = get_logger(__name__)

Said = tuple[str | None, str | None]
BATCH = 32
_DESK = "a memory of the whole desk is erased by a trader or an admin"


def draft_of(body: StoreMemory, *, person: str | None, now: datetime, said: Said = (None, None)) -> Draft:
    """A draft from a message, and who said it with its id elsewhere; raises BadMemory that names what cannot be kept."""
    if body.happened_at is not None and body.happened_at.tzinfo is None:
        raise BadMemory(
            "a time needs its offset from UTC",
            field="happened_at",
            allowed="2026-01-31T12:00:00Z",
        )
    try:
        return Draft(
            text=checked_text(body.text),
            kind=body.kind,
            scope=body.scope,
            owner=owner_of(body.scope, person),
            happened_at=body.happened_at or now,
            session=body.session,
            symbol=body.symbol,
            state=_state(body),
            metadata=body.metadata,
            author=said[0],
            given_id=said[1],
            speaker=person,
        )
    except ValueError as error:
        raise BadMemory(str(error)) from None


def _state(body: StoreMemory) -> State | None:
    return state_of(*body.state) if body.state else None


class Keeper:
    """Writes drafts in the caller's transaction and wakes what follows, vectors, features and facts, when it may have committed."""

    def __init__(self, store: Store) -> None:
        self.wake, self.undescribed, self.unread = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._dirty: set[int] = set()
        self._kept = counter("qbtc_cio_memories_kept_total", "Memories written", ("kind",))
        store.after_commit.append(self._after_commit)

    async def keep(self, conn: Connection, draft: Draft) -> str:
        return (await self.keep_all(conn, [draft]))[0]

    async def supersede(self, conn: Connection, old: str, new: str, *, desk: bool) -> None:
        """Put a kept memory in the place of an older one. Raises NoSuchMemory, Forbidden, or BadMemory when another has it."""
        there = await memories.get(conn, old)
        if there.owner is None and not desk:
            raise Forbidden("a memory of the whole desk is superseded by a trader or an admin", allowed="trader")
        if not await narrowing.supersede(conn, old, new):
            raise BadMemory(f"memory {old!r} was superseded already", field="supersedes", allowed=there.superseded_by)

    async def keep_all(self, conn: Connection, drafts: Sequence[Draft]) -> list[str]:
        ids = await memories.add_all(conn, drafts)
        for draft in drafts:
            self._kept.labels(draft.kind).inc()
        self._dirty.add(id(conn))
        return ids

    def _after_commit(self, conn: Connection) -> None:
        if id(conn) in self._dirty:
            self._dirty.discard(id(conn))
            self.wake.set()
            self.undescribed.set()
            self.unread.set()


class Embedding(Rounds):
    """Gives pending memories their vectors."""

    def __init__(self, store: Store, embedder: Embedder, vectors: VectorSearch, wake: asyncio.Event) -> None:
        super().__init__(store, wake)
        self._embedder, self._vectors = embedder, vectors
        self._made = counter("qbtc_cio_embedded_total", "Memories given a vector", ("outcome",))
        self._behind = gauge("qbtc_cio_embedding_batch", "Memories in the batch that is being embedded")

    async def portion(self, person: str | None) -> int:
        async with self._store.transaction(user=person) as conn:
            waiting = await memories.waiting(conn, limit=BATCH)
        self._behind.set(len(waiting))
        for portion in _portions(waiting):
            await self._settle(person, portion)
        return len(waiting)

    async def _settle(self, person: str | None, portion: Sequence[Waiting]) -> None:
        try:
            made = await self._embedder.embed([w.text for w in portion], "passage")
        except BadInput as error:
            await self._refused(person, portion, error)
            return
        row = {w.memory_id: i for i, w in enumerate(portion)}
        async with self._store.transaction(user=person) as conn:
            present = await memories.lock_present(conn, list(row))
            rows = made[[row[i] for i in present]]
            await self._vectors.store(
                conn,
                present,
                rows,
                owner=portion[0].owner,
                identity=self._embedder.identity,
            )
            await memories.mark(conn, present, "done")
        self._made.labels("done").inc(len(present))

    async def _refused(self, person: str | None, portion: Sequence[Waiting], error: BadInput) -> None:
        """One bad text must not hold up its neighbours: they are tried alone, and the bad one is marked."""
        if len(portion) > 1:
            for waiting in portion:
                await self._settle(person, [waiting])
            return
        log.error(
            "a memory cannot be embedded",
            memory_id=portion[0].memory_id,
            error=error.detail,
        )
        async with self._store.transaction(user=person) as conn:
            await memories.mark(conn, [portion[0].memory_id], "failed")
        self._made.labels("failed").inc()


def _portions(waiting: Sequence[Waiting]) -> list[list[Waiting]]:
    """Runs of one owner, in order: a person's transaction sees the desk's rows too."""
    runs: list[list[Waiting]] = []
    for item in waiting:
        if not runs or runs[-1][0].owner != item.owner:
            runs.append([])
        runs[-1].append(item)
    return runs


class Eraser:
    """Removes a memory everywhere; what it returns from is gone, and what it raises from is still there."""

    def __init__(self, store: Store, states: States, lexicon: Lexicon) -> None:
        self._store, self._states, self._lexicon = store, states, lexicon

    async def erase(self, memory_id: str, *, person: str | None, desk: bool) -> None:
        """Text, terms, state, vector, facts and reflections that rest on it, stored replies and caches.

        `desk` says whether this person may erase what the desk shares. Raises NoSuchMemory or Forbidden.
        """
        async with self._store.transaction(user=person) as conn:
            memory = await memories.get(conn, memory_id)
            if memory.owner is None and not desk:
                raise Forbidden(_DESK, allowed="trader")
            await facts.turn(conn, memory.owner)
            touched = await facts.touched_by(conn, [memory_id])
            await memories.erase(conn, memory_id)
            await facts.rebuild(conn, touched)
            await self._states.forget(memory_id)
        await self._forget([memory_id])

    async def erase_scope(self, scope: str, *, person: str | None, desk: bool) -> int:
        """The same for every memory of a scope that is this person's, or the desk's; returns how many there were."""
        if owner_of(scope, person) is None and not desk:
            raise Forbidden(_DESK, allowed="trader")
        async with self._store.transaction(user=person) as conn:
            await facts.turn(conn, owner_of(scope, person))
            touched = await facts.touched_by_scope(conn, scope)
            gone = await scopes.erase(conn, scope)
            await facts.rebuild(conn, touched)
            await claims.erase_scope(conn, scope)
            for memory_id in gone:
                await self._states.forget(memory_id)
        await self._forget(gone)
        return len(gone)

    async def _forget(self, ids: Sequence[str]) -> None:
        """Once more after the commit: a reader may have put a state back in between."""
        for memory_id in ids:
            self._lexicon.forget(memory_id)
            await self._states.forget(memory_id)
