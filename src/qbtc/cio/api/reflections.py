"""Reflections over HTTP: what was concluded, what was refused and why, and reflecting now."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from psycopg.rows import DictRow
from pydantic import BaseModel, ConfigDict, Field

from qbtc.contracts import Role
from qbtc.contracts.memory import Reflection, ScopeName
from qbtc.kit.errors import Forbidden

from ..adapters import claims
from ..adapters.claims import Row, Run, Wanted
from ..adapters.moments import as_reflection
from ..domain.memory import SHARED_SCOPES, checked_text
from ..errors import BadMemory
from ..reflecting import Reflected, proposals
from .http import Api, Limit, Viewer, person_behind

State = Literal["held", "rejected", "expired", "all"]
About = Literal["all", "moments", "claims"]
Id = Annotated[str, Field(min_length=1, max_length=100)]

router = APIRouter()


class ReflectionView(Reflection):
    """A reflection as shown; `rejected` says why its evidence does not bear it, `parts` which of its words. Its text is data."""

    private: bool
    rejected: str | None = None
    parts: tuple[str, ...] = ()


class ReflectionList(BaseModel):
    items: list[ReflectionView]


class RunView(BaseModel):
    """One time that CIO reflected: why, on how many new memories, and how many claims it kept, refused or held already."""

    private: bool
    at: datetime
    why: str
    considered: int
    kept: int
    rejected: int
    unchanged: int


class RunList(BaseModel):
    items: list[RunView]


class Proposal(BaseModel):
    """A claim and the ids of the memories that say it."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    evidence: list[Id] = Field(max_length=100)


class ReflectBody(BaseModel):
    """Claims to be judged besides those that CIO makes by itself, in one scope."""

    model_config = ConfigDict(extra="forbid")

    scope: ScopeName = "chat"
    claims: list[Proposal] = Field(default=[], max_length=100)


class ReflectAnswer(BaseModel):
    """The runs that this made (a person's own, and the desk's for a trader), and the claims that they kept and refused."""

    runs: list[RunView]
    kept: list[ReflectionView]
    rejected: list[ReflectionView]


@router.get("/reflections")
async def list_reflections(
    api: Api,
    actor: Viewer,
    limit: Limit = 50,
    symbol: str | None = None,
    scope: ScopeName | None = None,
    state: State = "held",
    about: About = "all",
) -> ReflectionList:
    """Newest first: those of the desk and this person's own."""
    wanted = Wanted(api.clock.now(), state, about, symbol, scope, limit)
    async with api.store.transaction(user=person_behind(actor)) as conn:
        return ReflectionList(items=[_of_row(row) for row in await claims.find(conn, wanted)])


@router.get("/reflections/runs")
async def list_runs(api: Api, actor: Viewer, limit: Limit = 20) -> RunList:
    """When CIO reflected, why and with what outcome, newest first."""
    async with api.store.transaction(user=person_behind(actor)) as conn:
        return RunList(items=[_run(run) for run in await claims.runs(conn, limit=limit)])


@router.post("/reflections")
async def reflect_now(api: Api, actor: Viewer, body: ReflectBody) -> ReflectAnswer:
    """Reflect for this person, and for the desk when they may speak for it; judge the claims that they propose."""
    person, desk = person_behind(actor), actor.may(Role.TRADER)
    shared = body.scope in SHARED_SCOPES
    for claim in body.claims:
        _checked(claim)
    if body.claims and shared and not desk:
        raise Forbidden("a claim for the whole desk is made by a trader or an admin", allowed="trader")
    if body.claims and not shared and person is None:
        raise BadMemory(
            f"scope {body.scope!r} is private, so a person must stand behind the claim",
            field="scope",
            allowed="desk, market",
        )
    proposed = proposals([(claim.text, claim.evidence) for claim in body.claims], body.scope)
    found: list[Reflected] = []
    if person is not None:
        found.append(await api.reflector.reflect(person, proposed=() if shared else proposed))
    if desk or person is None:
        found.append(await api.reflector.reflect(None, proposed=proposed if shared else ()))
    rows = [_of_new(row) for one in found for row in one.rows]
    return ReflectAnswer(
        runs=[_run(one.run) for one in found],
        kept=[row for row in rows if row.rejected is None],
        rejected=[row for row in rows if row.rejected is not None],
    )


def _checked(claim: Proposal) -> None:
    try:
        checked_text(claim.text)
    except ValueError as error:
        raise BadMemory(str(error), field="claims.text") from None


def _of_row(row: DictRow) -> ReflectionView:
    known = as_reflection(row).model_dump()
    return ReflectionView(
        **known, private=row["owner"] is not None, rejected=row["rejected"], parts=tuple(row["parts"])
    )


def _of_new(row: Row) -> ReflectionView:
    return ReflectionView(
        **row.reflection.model_dump(), private=row.owner is not None, rejected=row.rejected, parts=row.parts
    )


def _run(run: Run) -> RunView:
    return RunView(
        private=run.owner is not None,
        at=run.at,
        why=run.why,
        considered=run.considered,
        kept=run.kept,
        rejected=run.rejected,
        unchanged=run.unchanged,
    )
