"""Many memories at once over HTTP: bring, ask and erase by scope. Portions are bounded, so that none holds up others."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from qbtc.contracts import Role
from qbtc.contracts.memory import MemoryFilters, ScopeName, StoreMemory, Text

from ..adapters import scopes
from ..domain.ranking import Question
from ..importing import bring
from ..keeping import draft_of
from .asking import narrowed
from .http import Api, Viewer, person_behind

Name = Annotated[str, Field(min_length=1, max_length=200)]
PORTION = 1000
QUESTIONS = 100

router = APIRouter()


class Brought(BaseModel):
    """A memory from elsewhere; `id` is kept and names it in its scope."""

    model_config = ConfigDict(extra="forbid")

    id: Name
    text: Text
    author: Name | None = None
    time: datetime | None = None
    session: Name | None = None


class BringBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scope: ScopeName
    items: list[Brought] = Field(max_length=PORTION)


class BringAnswer(BaseModel):
    """`present` were there already, word for word."""

    kept: int
    present: int


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")

    qid: Name
    query: Annotated[str, Field(max_length=10_000)]


class AskBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scope: ScopeName | None = None
    limit: int = Field(default=10, ge=1, le=100)
    filters: MemoryFilters = MemoryFilters()
    asked_at: AwareDatetime | None = None
    queries: list[Asked] = Field(max_length=QUESTIONS)


class Found(BaseModel):
    """`id` is the one it was brought with, else its own; `legs` are the scores by leg."""

    id: str
    score: float
    legs: dict[str, float]


class Judged(BaseModel):
    """`probability` is that the hits hold the answer, null for a question without words and among under 100 memories; `abstained`: "I don't have that"."""

    probability: float | None
    abstained: bool


class AskAnswer(BaseModel):
    results: dict[str, list[Found]]
    judged: dict[str, Judged]
    threshold: float


class Erased(BaseModel):
    erased: int


@router.post("/memories/import", status_code=201)
async def bring_memories(api: Api, actor: Viewer, body: BringBody) -> BringAnswer:
    """Keep a portion whole or not at all; what is there already, word for word, is left alone."""
    person, now = person_behind(actor), api.clock.now()
    drafts = [draft_of(_stored(body.scope, item), person=person, now=now, said=(item.author, item.id)) for item in body.items]
    async with api.store.transaction(user=person) as conn:
        done = await bring(conn, api.keeper, body.scope, drafts)
    return BringAnswer(kept=done.kept, present=done.present)


@router.post("/recall/batch")
async def recall_many(api: Api, actor: Viewer, body: AskBody) -> AskAnswer:
    """The best memories for each question."""
    person = person_behind(actor)
    asked = (Question(one.query, person, scope=body.scope, limit=body.limit) for one in body.queries)
    questions = [narrowed(one, body.filters, body.asked_at) for one in asked]
    answers = dict(zip((one.qid for one in body.queries), await api.recaller.recall_all(questions), strict=True))
    return AskAnswer(
        results={
            qid: [Found(id=memory.name, score=ranked.score, legs=dict(ranked.legs)) for ranked, memory in answer.found]
            for qid, answer in answers.items()
        },
        judged={qid: Judged(probability=one.probability, abstained=one.abstained) for qid, one in answers.items()},
        threshold=api.recaller.threshold,
    )


@router.get("/scopes/{scope}")
async def show_scope(api: Api, actor: Viewer, scope: ScopeName) -> dict[str, JsonValue]:
    """How many memories of it this person sees, and how many still wait for their vector."""
    async with api.store.transaction(user=person_behind(actor)) as conn:
        return await scopes.count(conn, scope)


@router.delete("/scopes/{scope}")
async def erase_scope(api: Api, actor: Viewer, scope: ScopeName) -> Erased:
    """Erase every memory of a scope that is this person's, or the desk's."""
    done = await api.eraser.erase_scope(scope, person=person_behind(actor), desk=actor.may(Role.TRADER))
    return Erased(erased=done)


def _stored(scope: str, item: Brought) -> StoreMemory:
    return StoreMemory(text=item.text, scope=scope, kind="chat", session=item.session, happened_at=item.time)
