"""Replicas of CIO that hold the same 26 numbers: what is kept is stated, what others state is asked for, again and again.

A statement is made in the transaction that keeps a moment. Every `every` seconds each replica reads what its own database
has new (another process may share it) and asks every peer for what it may lack; equal hashes are answered with nothing. A
peer that is away costs nothing but the question; after a partition the next round brings both to the same hash.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from qbtc.contracts.quantum import QuantumState
from qbtc.kit.clock import Clock
from qbtc.kit.errors import QbtcError
from qbtc.kit.hearing import held_states
from qbtc.kit.logs import get_logger
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import sync_rows
from .adapters.peer import PAGE, Peer, Pull, Pulled, said
from .domain.sync import Conflict, Divergence, Event, Replica, divergence, empty, missing, received, state_hash, vector
from .domain.sync.epochs import epoch_named, item_of, of_state, recent

log = get_logger(__name__)

OVERLAP = 200
"""Places that are read again: a transaction may commit after one that took a later place."""
REMEMBERED = 5_000
"""States whose hashes are remembered, to compare with what other services say that they hold."""
CLEAN_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Met:
    """How it stands with a peer: when it last answered (UTC ns), whether both hold the same, how far apart they were."""

    url: str
    at: int | None = None
    same: bool | None = None
    divergence: Divergence | None = None
    problem: str | None = None


class Syncing:
    def __init__(self, store: Store, clock: Clock, peers: Sequence[Peer], *, every: float) -> None:
        self._store, self._clock, self._peers, self._every = store, clock, peers, every
        self.replica: Replica = empty()
        self.hash, self._heard = state_hash(self.replica), dict[str, int]()
        self.origin, self._place = "", 0
        self.met = {peer.url: Met(peer.url) for peer in peers}
        self.hashes: OrderedDict[str, str] = OrderedDict()
        self.verified, self.mismatched = 0, 0
        self._busy = asyncio.Lock()

    async def market(self, conn: Connection, bar: QuantumState) -> None:
        """Check the hashes that came with the bar, and state the numbers of the moments that were kept of it."""
        self._check(bar)
        kept = await sync_rows.kept_at(conn, bar.session, bar.bar_end, [state.symbol for state in bar.states])
        for state in bar.states:
            if state.symbol in kept:
                item = item_of(bar.session, state.symbol, bar.bar_end)
                await sync_rows.say(conn, item, of_state(state), kept[state.symbol])

    def _check(self, bar: QuantumState) -> None:
        """What QCS says of a state must be what its numbers say here."""
        for state, held in zip(bar.states, held_states(bar.states), strict=True):
            self.verified += 1
            self.mismatched += held.computed != state.state_hash
            self.hashes[state.state_id] = held.computed
        while len(self.hashes) > REMEMBERED:
            self.hashes.popitem(last=False)

    async def answer(self, asked: Pull) -> Pulled:
        """What the asker may lack."""
        await self.refresh()
        lacking = () if asked.hash == self.hash else missing(self.replica, asked.heard)
        events = [said(event) for event in lacking[:PAGE]]
        return Pulled(origin=self.origin, hash=self.hash, items=len(self.replica.current), events=events)

    async def refresh(self) -> None:
        """Level with the database."""
        async with self._busy:
            async with self._store.transaction() as conn:
                self.origin = self.origin or await sync_rows.origin(conn)
                events, place = await sync_rows.after(conn, self._place - OVERLAP)
            self._place = max(self._place, place)
            self._take(events)

    def _take(self, events: Iterable[Event]) -> None:
        """Raises Conflict; then nothing was taken."""
        new = [event for event in events if self.replica.events.get(event.name) != event]
        if not new:
            return
        now = received(self.replica, new)
        kept = recent(now.events.values())
        self.replica = now if len(kept) == len(now.events) else received(empty(), kept)
        self.hash, self._heard = state_hash(self.replica), vector(self.replica)

    async def meet(self, peer: Peer) -> Met:
        """Ask a peer and keep what it says."""
        try:
            told = await peer.pull(self.hash, self._heard)
            events = [one.event() for one in told.events]
            found = await self._learned(events)
        except (QbtcError, ValueError) as error:
            known = self.met[peer.url]
            if known.problem is None:
                log.warning("a replica is not in step", peer=peer.url, error=str(error))
            return replace(known, same=None, problem=str(error))
        apart = found if events else self.met[peer.url].divergence
        return Met(peer.url, self._clock.now_ns(), told.hash == self.hash, apart)

    async def _learned(self, events: Sequence[Event]) -> Divergence | None:
        """How far apart the two were, seen from here. Raises Conflict and ValueError."""
        fresh = [event for event in events if self.replica.events.get(event.name) != event]
        if not fresh:
            return None
        before, after = self.replica, received(self.replica, fresh)
        for event in fresh:
            epoch_named(event.item)
        async with self._store.transaction() as conn:
            await sync_rows.hear(conn, fresh)
        async with self._busy:
            self._take(fresh)
        return divergence(before, after)

    async def once(self) -> None:
        await self.refresh()
        for peer in self._peers:
            self.met[peer.url] = await self.meet(peer)

    async def run(self) -> None:
        while True:
            try:
                await self.once()
            except Conflict as error:
                log.error("two replicas use one name; one database was copied from the other", error=str(error))
            await asyncio.sleep(self._every)

    async def clean(self) -> None:
        """Drop epochs that nobody compares any more."""
        while True:
            async with self._store.transaction() as conn:
                await sync_rows.drop_old(conn)
            await asyncio.sleep(CLEAN_SECONDS)

    async def close(self) -> None:
        for peer in self._peers:
            await peer.close()
