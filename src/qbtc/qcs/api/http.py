"""HTTP of QCS: states, coherence and matrices. Translates and calls; no rules."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import JsonValue

from qbtc.contracts import Role
from qbtc.contracts.common import Symbol
from qbtc.kit.http import require
from qbtc.qcs.queries import Queries

Items = dict[str, list[dict[str, JsonValue]]]
Limit = Annotated[int, Query(ge=1, le=5000)]


def router(queries: Queries) -> APIRouter:
    routes = APIRouter(dependencies=[Depends(require(Role.VIEWER))], tags=["qcs"])

    @routes.get("/states/latest", summary="The newest state of every symbol of the running session")
    async def latest() -> Items:
        return {"items": await queries.latest()}

    @routes.get("/states", summary="States, newest first")
    async def states(symbol: Symbol | None = None, limit: Limit = 50) -> Items:
        return {"items": await queries.of_symbol(symbol, limit)}

    @routes.get("/states/{state_id}", summary="One state")
    async def one(state_id: str) -> dict[str, JsonValue]:
        return await queries.one(state_id)

    @routes.get("/states/{state_id}/matrix", summary="The 26 x 26 density matrix of a state's window")
    async def matrix(state_id: str) -> dict[str, JsonValue]:
        return await queries.matrix(state_id)

    @routes.get("/coherence", summary="Coherence, ranks and regime over time, oldest first")
    async def coherence(symbol: Symbol, limit: Limit = 300) -> Items:
        return {"items": await queries.coherence(symbol, limit)}

    return routes
