"""Which model made the vectors, and making them anew, over HTTP."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.kit.security import Actor

from ..reindexing import Reindexer
from .http import Viewer

Trader = Annotated[Actor, Depends(require(Role.TRADER))]

router = APIRouter()


class ReindexView(BaseModel):
    """Counts over all owners. It is done when `pending` is 0 and `foreign` is empty."""

    identity: str = Field(description="the model of now")
    memories: int
    current: int = Field(description="memories with a vector of the model of now")
    pending: int
    failed: int
    foreign: dict[str, int] = Field(description="vectors of other models, by model; they are compared with nothing")


class ReindexBegun(ReindexView):
    """`begun` memories were made to wait for a new vector."""

    begun: int


def _reindexer(request: Request) -> Reindexer:
    found: Reindexer = request.app.state.reindexer
    return found


Reindex = Annotated[Reindexer, Depends(_reindexer)]


@router.get("/memories/reindex")
async def reindex_progress(reindexer: Reindex, _actor: Viewer) -> ReindexView:
    """How many vectors are of the model of now, how many wait, and how many are of others."""
    return ReindexView(**dataclasses.asdict(await reindexer.progress()))


@router.post("/memories/reindex", status_code=202)
async def reindex(reindexer: Reindex, _actor: Trader) -> ReindexBegun:
    """Make every vector of another model anew, in the background; again while it runs changes nothing."""
    begun = await reindexer.begin()
    return ReindexBegun(begun=begun, **dataclasses.asdict(await reindexer.progress()))
