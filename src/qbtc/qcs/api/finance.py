"""Quantum finance over HTTP. Each call is a job: its answer if it ends in time, else the job to follow at `/jobs/{id}`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import JSONResponse

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.kit.security import Actor
from qbtc.qcs.finance import REQUESTS
from qbtc.qcs.jobs import Jobs, Request

from .jobs import owner_of, row

PROBLEM = "application/problem+json"
Viewer = Annotated[Actor, Depends(require(Role.VIEWER))]
Wait = Annotated[float, Query(ge=0, le=50, description="seconds to wait for the end")]
ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"description": "It goes on: follow it at `/jobs/{id}`"},
    413: {"description": "Over a limit of memory or time"},
    429: {"description": "Too many jobs wait"},
}


def finance_router(jobs: Jobs) -> APIRouter:
    routes = APIRouter(prefix="/finance", tags=["finance"])
    for request in REQUESTS:
        summary = (request.__doc__ or "").strip().splitlines()[0]
        routes.add_api_route(
            f"/{request.kind}",
            _answering(jobs, request),
            methods=["POST"],
            summary=summary,
            responses=ANSWERS,
            name=request.kind,
        )
    return routes


def _answering(jobs: Jobs, request: type[Request]) -> Callable[..., Awaitable[JSONResponse]]:
    """The endpoint of one kind."""

    async def computed(body: Request, actor: Viewer, wait: Wait = 20.0) -> JSONResponse:
        job = await jobs.computed(request.kind, body.model_dump(mode="json"), owner_of(actor), wait)
        if job.error is not None:
            return JSONResponse(job.error, status_code=int(str(job.error["status"])), media_type=PROBLEM)
        return JSONResponse(row(job), status_code=202 if job.open else 200)

    computed.__annotations__["body"] = request
    return computed
