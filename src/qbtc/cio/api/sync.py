"""`/sync`: whether replicas and services hold the same 26 numbers, and what two views of memories share."""

from __future__ import annotations

import asyncio
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query
from pydantic import BaseModel

from qbtc.contracts.basis26 import SCHEMA_HASH, VERSION
from qbtc.contracts.memory import ScopeName
from qbtc.core.hilbert.joint import MOST, InformationTest, information_test
from qbtc.kit.embedding import Embedder
from qbtc.kit.errors import Forbidden
from qbtc.kit.store import Store

from ..adapters import attention, shared_views
from ..adapters.peer import Pull, Pulled
from ..errors import TooFew
from ..syncing import Met, Syncing
from .http import Viewer, person_behind

BLOCK, LEAST = 5, 20
SEED = 26


class DivergenceView(BaseModel):
    """`differing` of `items` were not the same in both; `distance`: root mean square of the numbers, in robust z."""

    items: int
    differing: int
    share: float
    distance: float


class PeerView(BaseModel):
    """`same`: equal hashes at `at` (UTC ns); null when it was not reached. `divergence`: how far apart the two last were."""

    url: str
    at: str | None
    same: bool | None
    divergence: DivergenceView | None
    problem: str | None


class ServiceView(BaseModel):
    """What a service said that it holds of a symbol; `same` null when that state was not seen here."""

    service: str
    symbol: str
    state_id: str
    hash: str
    same: bool | None


class SyncView(BaseModel):
    """`verified` states came with a hash, which of `mismatched` was not that of their numbers."""

    origin: str
    formula: int
    basis: str
    hash: str
    items: int
    events: int
    clock: int
    verified: int
    mismatched: int
    peers: list[PeerView]
    services: list[ServiceView]


class InformationView(BaseModel):
    """Bits that the 26D state of a text and its sentence vector share over `memories`; `null` is the mean of permutations."""

    memories: int
    information: float
    null: float
    excess: float
    p: float
    first: float
    second: float
    both: float


def sync_router(it: Syncing, store: Store, embedder: Embedder) -> APIRouter:
    router = APIRouter()

    @router.get("/sync")
    async def sync(_actor: Viewer) -> SyncView:
        """This replica's hash, its peers, and what other services say that they hold."""
        await it.refresh()
        async with store.transaction() as conn:
            heard = await attention.heard_by(conn)
        services = [
            ServiceView(service=one.module, symbol=h.symbol, state_id=h.state_id, hash=h.computed, same=_same(it, h.state_id, h.computed))
            for one in heard
            for h in one.held
        ]
        return SyncView(
            origin=it.origin,
            formula=VERSION,
            basis=SCHEMA_HASH,
            hash=it.hash,
            items=len(it.replica.current),
            events=len(it.replica.events),
            clock=it.replica.clock,
            verified=it.verified,
            mismatched=it.mismatched,
            peers=[_peer(one) for one in it.met.values()],
            services=services,
        )

    @router.post("/sync/pull")
    async def pull(actor: Viewer, asked: Pull) -> Pulled:
        """For another replica of CIO: what it may lack."""
        if not actor.is_service:
            raise Forbidden("only another replica asks this", allowed="GET /sync")
        return await it.answer(asked)

    @router.get("/sync/information")
    async def information(
        actor: Viewer,
        scope: ScopeName | None = None,
        limit: Annotated[int, Query(ge=LEAST, le=MOST)] = 200,
        draws: Annotated[int, Query(ge=19, le=499)] = 99,
    ) -> InformationView:
        """What the 26 features and the sentence vectors of the newest memories say about each other, with its null."""
        async with store.transaction(user=person_behind(actor)) as conn:
            psi, vectors = await shared_views.views(conn, identity=embedder.identity, scope=scope, limit=limit)
        if len(psi) < LEAST:
            raise TooFew(f"{len(psi)} memories have both a state and a vector", allowed=f"at least {LEAST}")
        found = await asyncio.to_thread(_tested, psi, vectors, draws)
        return _information(len(psi), found)

    return router


def _tested(psi: np.ndarray, vectors: np.ndarray, draws: int) -> InformationTest:
    return information_test(psi, vectors.astype(complex), draws=draws, block=BLOCK, rng=np.random.default_rng(SEED))


def _information(count: int, found: InformationTest) -> InformationView:
    return InformationView(
        memories=count,
        information=found.joint.information,
        null=float(found.null.mean()),
        excess=found.excess,
        p=found.p,
        first=found.joint.first,
        second=found.joint.second,
        both=found.joint.both,
    )


def _same(it: Syncing, state_id: str, computed: str) -> bool | None:
    known = it.hashes.get(state_id)
    return None if known is None else known == computed


def _peer(one: Met) -> PeerView:
    apart = one.divergence
    return PeerView(
        url=one.url,
        at=None if one.at is None else str(one.at),
        same=one.same,
        divergence=None
        if apart is None
        else DivergenceView(items=apart.items, differing=apart.differing, share=apart.share, distance=apart.distance),
        problem=one.problem,
    )
