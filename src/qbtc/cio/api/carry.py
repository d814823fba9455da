"""A scope out and in again over HTTP, page by page, with the facts that rest on it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from psycopg.rows import DictRow
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from qbtc.contracts.memory import ScopeName, StoreMemory, Text

from ..adapters import facts
from ..adapters.facts import Place
from ..carrying import Brought, bring_statements
from ..domain.intervals import instant
from ..domain.memory import owner_of
from ..importing import bring
from ..keeping import draft_of
from .http import Api, Kind, Viewer, person_behind

PAGE = 500
Name = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1, max_length=2000)]

router = APIRouter()


class StatementLine(BaseModel):
    """What was read from the memory of its line; statements of one `track` are about one thing. A null time is open."""

    model_config = ConfigDict(extra="forbid")

    track: Name
    sentence: Words
    said_by: Words
    subject: Words
    predicate: Words
    value: Words
    denies: bool = False
    supports: bool = False
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    known_at: AwareDatetime
    confidence: Annotated[float, Field(gt=0, le=1)]


class CarriedLine(BaseModel):
    """A memory with what was read from it; `id` names it in its scope where it is brought."""

    model_config = ConfigDict(extra="forbid")

    id: Name
    text: Text
    kind: Kind = "chat"
    author: Name | None = None
    time: AwareDatetime | None = None
    session: Name | None = None
    symbol: str | None = None
    metadata: dict[str, JsonValue] = {}
    statements: list[StatementLine] = Field(default=[], max_length=200)


class ExportPage(BaseModel):
    """`after` is where the next page begins; null at the end."""

    items: list[CarriedLine]
    after: int | None


class CarryBody(BaseModel):
    model_config = ConfigDict(extra="forbid")

    scope: ScopeName
    items: list[CarriedLine] = Field(max_length=PAGE)


class CarryAnswer(BaseModel):
    """`present` memories were there already, word for word; `statements` came with the portion."""

    kept: int
    present: int
    statements: int


@router.get("/scopes/{scope}/export")
async def export_scope(
    api: Api,
    actor: Viewer,
    scope: ScopeName,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> ExportPage:
    """A page of what this person sees of a scope, in the order in which it was kept."""
    async with api.store.transaction(user=person_behind(actor)) as conn:
        rows = await facts.page(conn, scope, after, limit=limit)
    return ExportPage(items=[_line(row) for row in rows], after=rows[-1]["place"] if len(rows) == limit else None)


@router.post("/scopes/import", status_code=201)
async def import_scope(api: Api, actor: Viewer, body: CarryBody) -> CarryAnswer:
    """Keep a page of an export whole or not at all, with what was read from it; what is there already is left alone."""
    person, now = person_behind(actor), api.clock.now()
    drafts = [
        draft_of(_stored(body.scope, item), person=person, now=now, said=(item.author, item.id)) for item in body.items
    ]
    place = Place(owner_of(body.scope, person), body.scope) if drafts else Place(person, body.scope)
    given = {
        item.id: [Brought(**one.model_dump()) for one in item.statements] for item in body.items if item.statements
    }
    async with api.store.transaction(user=person) as conn:
        done = await bring(conn, api.keeper, body.scope, drafts)
        statements = await bring_statements(conn, place, given) if given else 0
    return CarryAnswer(kept=done.kept, present=done.present, statements=statements)


def _stored(scope: str, item: CarriedLine) -> StoreMemory:
    return StoreMemory(
        text=item.text, scope=scope, kind=item.kind, session=item.session, happened_at=item.time, symbol=item.symbol, metadata=item.metadata
    )  # fmt: skip


def _line(row: DictRow) -> CarriedLine:
    known = {name: row[name] for name in ("id", "text", "kind", "author", "session", "symbol", "metadata", "time")}
    return CarriedLine(**known, statements=[_statement(one) for one in row["statements"]])


def _statement(row: dict[str, JsonValue]) -> StatementLine:
    known = {
        name: row[name]
        for name in (
            "track",
            "sentence",
            "said_by",
            "subject",
            "predicate",
            "value",
            "denies",
            "supports",
            "confidence",
        )
    }
    times = {name: _time(row[name]) for name in ("valid_from", "valid_until")}
    return StatementLine(**known, **times, known_at=_time(row["known_at"]) or datetime.fromtimestamp(0, UTC))  # type: ignore[arg-type]


def _time(at: JsonValue) -> datetime | None:
    return instant(int(str(at)))
