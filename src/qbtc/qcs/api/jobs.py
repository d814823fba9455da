"""Jobs over HTTP: submit, follow, cancel. A person sees only their own."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.kit.security import Actor
from qbtc.qcs.jobs import Job, Jobs

Json = dict[str, JsonValue]
Viewer = Annotated[Actor, Depends(require(Role.VIEWER))]


class AskJob(BaseModel):
    """What to compute; the parameters are those of its kind."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "option", "parameters": {"spot": 2.0, "strike": 1.896, "days": 40}}}
    )

    kind: Annotated[str, Field(max_length=40)]
    parameters: Json = {}


def owner_of(actor: Actor) -> str:
    """Whose job it is: the person, or the service that works for nobody."""
    return actor.owner or actor.user


def row(job: Job, *, whole: bool = True) -> Json:
    """A job as JSON; `result` only where it is asked for."""
    times = (job.created_at, job.started_at, job.ended_at)
    created, started, ended = (time.isoformat() if time else None for time in times)
    said: Json = {
        "id": job.id, "kind": job.kind, "state": job.state, "progress": {"share": job.share, "step": job.step},
        "parameters": job.parameters, "error": job.error, "created": created, "started": started, "ended": ended,
    }  # fmt: skip
    return said | {"result": job.result} if whole else said


def jobs_router(jobs: Jobs) -> APIRouter:
    routes = APIRouter(prefix="/jobs", tags=["jobs"])

    @routes.post("", status_code=202, summary="Queue a long computation")
    async def submit(body: AskJob, actor: Viewer) -> Json:
        """Follow it at `/jobs/{id}`."""
        return row(await jobs.submit(body.kind, body.parameters, owner_of(actor)), whole=False)

    @routes.get("", summary="Your jobs, newest first, without their results")
    async def listed(actor: Viewer, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> dict[str, list[Json]]:
        return {"items": [row(job, whole=False) for job in await jobs.newest(owner_of(actor), limit)]}

    @routes.get("/{job}", summary="One job with its progress, and its result once it has one")
    async def one(job: str, actor: Viewer) -> Json:
        return row(await jobs.one(job, owner_of(actor)))

    @routes.delete("/{job}", status_code=202, summary="Cancel a job that waits or runs")
    async def cancel(job: str, actor: Viewer) -> Json:
        return row(await jobs.cancel(job, owner_of(actor)), whole=False)

    return routes
