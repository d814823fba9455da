"""Inference over HTTP. A call is a job: its answer if it ends in time, else the job to follow at `/jobs/{id}`."""

from __future__ import annotations

from fastapi import APIRouter

from qbtc.qcs.inference import Infer
from qbtc.qcs.jobs import Jobs

from .jobs import ANSWERS, answering

SUMMARY = "Forecasts beside classical ones on held-out rows, and how unusual the last change of state is"


def inference_router(jobs: Jobs) -> APIRouter:
    routes = APIRouter(tags=["inference"])
    routes.add_api_route("/infer", answering(jobs, Infer), methods=["POST"], summary=SUMMARY, responses=ANSWERS, name="infer")
    return routes
