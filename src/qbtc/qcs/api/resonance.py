"""HTTP of verse: `POST /resonance`. Translates and calls; no rules."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends
from fastapi.concurrency import run_in_threadpool

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.qcs.resonances import AskResonance, answer

ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"description": "No language, too few lines for a resonance, or a field that is not allowed: `field` and `allowed` say what"},
    413: {"description": "More lines than are scanned at once"},
}


def router() -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(Role.VIEWER))], tags=["qcs"])

    @routes.post("/resonance", summary="Verse: scansion, sound, how probable it is that it is verse, resonance with a second text", responses=ANSWERS)
    async def resonance(body: AskResonance) -> dict[str, Any]:
        return await run_in_threadpool(answer, body)

    return routes
