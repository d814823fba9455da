"""Quantum finance over HTTP. Each call is a job: its answer if it ends in time, else the job to follow at `/jobs/{id}`."""

from __future__ import annotations

from fastapi import APIRouter

from qbtc.qcs.finance import REQUESTS
from qbtc.qcs.jobs import Jobs

from .jobs import ANSWERS, answering


def finance_router(jobs: Jobs) -> APIRouter:
    routes = APIRouter(prefix="/finance", tags=["finance"])
    for request in REQUESTS:
        summary = (request.__doc__ or "").strip().splitlines()[0]
        routes.add_api_route(
            f"/{request.kind}",
            answering(jobs, request),
            methods=["POST"],
            summary=summary,
            responses=ANSWERS,
            name=request.kind,
        )
    return routes
