"""Orders that were proposed and wait for a person, newest first. Deciding about them is the bus's part."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import JsonValue

from qbtc.contracts import Role
from qbtc.kit.http import require
from qbtc.kit.store.pool import Store

from ..adapters import repository


def proposals_router(store: Store, *, venue: str) -> APIRouter:
    router = APIRouter(tags=["account"], dependencies=[Depends(require(Role.VIEWER))])

    @router.get("/proposals")
    async def proposals() -> dict[str, JsonValue]:
        waiting = await repository.load_proposals(store, venue=venue)
        return {"items": [event.model_dump(mode="json", exclude_none=True) for event in waiting]}

    return router
