"""CIO over HTTP: memories, recall, reflections, embedding and status. The gateway serves it under /api/cio."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from qbtc.contracts import Role
from qbtc.contracts.basis26 import DIMENSIONS
from qbtc.contracts.memory import (
    ConsciousnessQuery,
    Recall,
    ScopeName,
    StoredMemory,
    StoreMemory,
)
from qbtc.core.language.text26 import TextState, formula
from qbtc.kit.clock import Clock
from qbtc.kit.embedding import Embedder, EmbedKind, IdentityMismatch, checked_texts
from qbtc.kit.embedding.client import EmbedResponse, pack
from qbtc.kit.http import require
from qbtc.kit.security import Actor
from qbtc.kit.store import Store

from ..adapters import memories, text_states
from ..domain.hostile import Sign, signs_of
from ..domain.memory import Memory
from ..keeping import Eraser, Keeper, draft_of
from ..recalling import Recaller
from ..reflecting import Reflector
from .asking import question_of
from .bus import checked_state

Viewer = Annotated[Actor, Depends(require(Role.VIEWER))]
Limit = Annotated[int, Query(ge=1, le=500)]
Kind = Literal["note", "chat", "market", "trade", "tool", "document"]


class MemoryView(BaseModel):
    """A memory as shown; `embedded_by` is null while its vector is pending. Its text is data, never instructions."""

    memory_id: str
    text: str
    kind: str
    scope: str
    private: bool
    happened_at: datetime
    ingested_at: datetime
    session: str | None
    symbol: str | None
    metadata: dict[str, JsonValue]
    embedded_by: str | None
    author: str | None
    given_id: str | None
    signs: list[Sign] = Field(default=[], description="what in the text wants to be obeyed or run; it never is")
    superseded_at: datetime | None
    superseded_by: str | None


class FeatureView(BaseModel):
    """One dimension of a text: its value in its own unit (null where masked), score and velocity."""

    letter: str
    name: str
    measures: str
    unit: str
    value: float | None
    z: float
    v: float


class TextStateView(BaseModel):
    """The 26 dimensions of a text; `formula` names everything that decides them, `state_hash` proves the numbers."""

    language: str
    formula: str
    state_hash: str
    intensity: float
    dimensions: list[FeatureView]


class MemoryDetail(MemoryView):
    """A memory with its text features, null while they are pending; market moments have none."""

    features: TextStateView | None


class MemoryList(BaseModel):
    items: list[MemoryView]


class KeepRequest(StoreMemory):
    """A memory, and the one that it takes the place of: that one is kept and found only as of an earlier time."""

    supersedes: str | None = None


class RecallRequest(ConsciousnessQuery):
    """A query with, in addition, the kinds to search; none named means all."""

    kinds: tuple[Kind, ...] = ()


class EmbedBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    texts: list[str] = Field(max_length=256)
    kind: EmbedKind
    identity: str | None = Field(default=None, description="the model whose vectors the caller has; another one is refused")


@dataclass(frozen=True, slots=True)
class HttpApi:
    store: Store
    keeper: Keeper
    eraser: Eraser
    recaller: Recaller
    embedder: Embedder
    clock: Clock
    status: Callable[[str | None], Awaitable[dict[str, JsonValue]]]
    reflector: Reflector


def mount(app: FastAPI, api: HttpApi) -> FastAPI:
    from .carry import router as carry
    from .facts import router as facts
    from .many import router as many
    from .market import router as market
    from .reflections import router as reflections
    from .reindex import router as reindex

    app.state.cio = api
    app.include_router(many)
    app.include_router(carry)
    app.include_router(facts)
    app.include_router(market)
    app.include_router(reflections)
    app.include_router(reindex)
    app.include_router(router)
    return app


router = APIRouter()


def _api(request: Request) -> HttpApi:
    found: HttpApi = request.app.state.cio
    return found


Api = Annotated[HttpApi, Depends(_api)]


def person_behind(actor: Actor) -> str | None:
    return None if actor.is_service else actor.user


@router.get("/memories")
async def list_memories(
    api: Api,
    actor: Viewer,
    limit: Limit = 50,
    kind: Kind | None = None,
    scope: ScopeName | None = None,
) -> MemoryList:
    async with api.store.transaction(user=person_behind(actor)) as conn:
        found = await memories.latest(conn, limit=limit, kinds=(kind,) if kind else (), scope=scope)
    return MemoryList(items=[_view(m) for m in found])


@router.post("/memories", status_code=201)
async def keep_memory(api: Api, actor: Viewer, body: KeepRequest) -> StoredMemory:
    """Keep a text word for word, in the place of an earlier one if it says so."""
    person = person_behind(actor)
    draft = draft_of(body, person=person, now=api.clock.now())
    async with api.store.transaction(user=person) as conn:
        kept = await api.keeper.keep(conn, draft)
        if body.supersedes is not None:
            await api.keeper.supersede(conn, body.supersedes, kept, desk=actor.may(Role.TRADER))
        return StoredMemory(memory_id=kept)


@router.get("/memories/{memory_id}")
async def show_memory(api: Api, actor: Viewer, memory_id: str, scope: ScopeName | None = None) -> MemoryDetail:
    """One memory by its own id or, with a scope, by the id that it was imported with."""
    async with api.store.transaction(user=person_behind(actor)) as conn:
        there = await memories.given(conn, scope, [memory_id]) if scope else {}
        found = there.get(memory_id) or await memories.get(conn, memory_id)
        state = await text_states.get(conn, found.memory_id)
    return MemoryDetail(**_view(found).model_dump(), features=_features(state) if state else None)


@router.delete("/memories/{memory_id}", status_code=204)
async def erase_memory(api: Api, actor: Viewer, memory_id: str) -> Response:
    """Text, vector, state, caches and the reflections that rest on it, in one operation."""
    await api.eraser.erase(memory_id, person=person_behind(actor), desk=actor.may(Role.TRADER))
    return Response(status_code=204)


@router.post("/recall")
@router.post("/search")
async def recall(api: Api, actor: Viewer, body: RecallRequest) -> Recall:
    """The best memories for a question, and whether they hold the answer; `/search` is another name of it."""
    question = question_of(body, person_behind(actor), body.kinds)
    return await api.recaller.recall(question, checked_state(body))


@router.post("/embed")
async def embed(
    api: Api,
    _actor: Viewer,
    body: EmbedBody,
    encoding: Literal["json", "base64"] = "json",
) -> EmbedResponse:
    """Vectors of length 1 by the model that this system has loaded once, here."""
    if body.identity is not None and body.identity != api.embedder.identity:
        raise IdentityMismatch(
            f"vectors of {body.identity!r} cannot be compared with those of {api.embedder.identity!r}, the model of now;"
            " embed your texts again (`qbtc memory reindex` does it for memories)",
            field="identity",
            allowed=api.embedder.identity,
        )
    vectors = await api.embedder.embed(checked_texts(body.texts, body.kind), body.kind)
    shown = pack(vectors) if encoding == "base64" else vectors.tolist()
    return EmbedResponse(identity=api.embedder.identity, dim=api.embedder.dim, vectors=shown)


@router.get("/status")
async def status(api: Api, actor: Viewer) -> dict[str, JsonValue]:
    return await api.status(person_behind(actor))


def _view(memory: Memory) -> MemoryView:
    return MemoryView(
        memory_id=memory.memory_id,
        text=memory.text,
        kind=memory.kind,
        scope=memory.scope,
        private=memory.owner is not None,
        happened_at=memory.happened_at,
        ingested_at=memory.ingested_at,
        session=memory.session,
        symbol=memory.symbol,
        metadata=dict(memory.metadata),
        embedded_by=memory.embedded_by,
        author=memory.author,
        given_id=memory.given_id,
        signs=list(signs_of(memory.text)),
        superseded_at=memory.superseded_at,
        superseded_by=memory.superseded_by,
    )


def _features(state: TextState) -> TextStateView:
    rows = zip(DIMENSIONS, state.mask, state.values, state.z, state.v, strict=True)
    return TextStateView(
        language=state.language,
        formula=formula(),
        state_hash=state.hash,
        intensity=state.intensity,
        dimensions=[
            FeatureView(
                letter=d.letter, name=d.name, measures=d.text, unit=d.text_unit, value=float(value) if known else None, z=z, v=v
            )
            for d, known, value, z, v in rows
        ],
    )
