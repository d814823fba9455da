"""Jobs over HTTP: submit, follow, cancel; and endpoints that are jobs of one kind. A person sees only their own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, JsonValue

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import Actor
from qbtc.qcs.jobs import Job, Jobs, Request

Json = dict[str, JsonValue]
PROBLEM = "application/problem+json"
MOST_ITEMS, MOST_CHARACTERS = 100, 200
"""Of parameters that are shown in a list of jobs."""
Viewer = Annotated[Actor, Depends(require(Role.VIEWER))]
Wait = Annotated[float, Query(ge=0, le=50, description="seconds to wait for the end")]
ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"description": "It goes on: follow it at `/jobs/{id}`"},
    413: {"description": "Over a limit of memory or time"},
    429: {"description": "Too many jobs wait"},
}


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
    """A job as JSON; without `whole` it has no result, and long parameters are said by their length."""
    times = (job.created_at, job.started_at, job.ended_at)
    created, started, ended = (time.isoformat() if time else None for time in times)
    said: Json = {
        "id": job.id, "kind": job.kind, "state": job.state, "progress": {"share": job.share, "step": job.step},
        "parameters": job.parameters if whole else brief({**job.parameters}), "error": job.error,
        "created": created, "started": started, "ended": ended,
    }  # fmt: skip
    return said | {"result": job.result} if whole else said


def brief(value: JsonValue) -> JsonValue:
    """Long lists and texts as their length: a list of jobs is not a list of data."""
    if isinstance(value, dict):
        return {name: brief(each) for name, each in value.items()}
    if isinstance(value, list):
        return f"{len(value)} items" if len(value) > MOST_ITEMS else [brief(each) for each in value]
    return f"{len(value)} characters" if isinstance(value, str) and len(value) > MOST_CHARACTERS else value


def announced(messenger: Messenger) -> Callable[[Job], Awaitable[None]]:
    """Tells the screens of a job's owner how it stands, on the private channel `jobs`; a service has no screen."""

    async def announce(job: Job) -> None:
        if not job.owner.startswith("service:"):
            await messenger.ui(channel="jobs", owner=job.owner, data=row(job, whole=False))

    return announce


def answering(jobs: Jobs, request: type[Request]) -> Callable[..., Awaitable[JSONResponse]]:
    """The endpoint of one kind: its answer if it ends in time, else the job to follow at `/jobs/{id}`."""

    async def computed(body: Request, actor: Viewer, wait: Wait = 20.0) -> JSONResponse:
        job = await jobs.computed(request.kind, body.model_dump(mode="json"), owner_of(actor), wait)
        if job.error is not None:
            return JSONResponse(job.error, status_code=int(str(job.error["status"])), media_type=PROBLEM)
        return JSONResponse(row(job), status_code=202 if job.open else 200)

    computed.__annotations__["body"] = request
    return computed


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
