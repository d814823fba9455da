"""HTTP of the state store: what is like a state, and the states that a person keeps."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Response
from pydantic import JsonValue

from qbtc.contracts import Role
from qbtc.contracts.quantum import FindStates
from qbtc.kit.errors import Forbidden
from qbtc.kit.http import require
from qbtc.kit.security import Actor
from qbtc.qcs.asking import Asking, MakeState
from qbtc.qcs.ports import Saved
from qbtc.qcs.searching import StateSearch

Viewer = Annotated[Actor, Depends(require(Role.VIEWER))]
Limit = Annotated[int, Query(ge=1, le=10_000)]
Shown = dict[str, JsonValue]
LIKE_NOW = {"symbol": "BTCUSDT", "k": 5, "apart": 60}


KEPT_OR_NOT: dict[int | str, dict[str, Any]] = {
    200: {"description": "The state, not kept: it had no label"},
    201: {"description": "The state, kept under its label"},
    400: {"description": "No state, several of them, or a text whose language is not told: `field` and `allowed` say what"},
}


def router(search: StateSearch, asking: Asking, saved: Saved) -> APIRouter:
    routes = APIRouter(tags=["states"])

    @routes.post("/states/search", summary="The stored states most like one, exactly")
    async def find(body: Annotated[FindStates, Body(examples=[LIKE_NOW])], actor: Viewer) -> Shown:
        person = None if actor.is_service else actor.user
        return await search.answer(await asking.question(body, person), body, person)

    @routes.post("/states", status_code=201, summary="Build a state and, under a label, keep it; refused unless it is one", responses=KEPT_OR_NOT)
    async def make(body: MakeState, actor: Viewer, response: Response) -> Shown:
        found = await asking.made(body, None if actor.is_service else actor.user)
        if body.label is None:
            response.status_code = 200
        return saved_payload(found)

    @routes.get("/states/saved", summary="The states that you keep, newest first")
    async def kept(actor: Viewer, limit: Limit = 100) -> dict[str, list[Shown]]:
        return {"items": [saved_payload(row) for row in await saved.of(_person(actor), limit)]}

    @routes.get("/states/saved/{state_id}", summary="One state that you keep")
    async def one(state_id: str, actor: Viewer) -> Shown:
        return saved_payload(await saved.one(_person(actor), state_id))

    @routes.delete("/states/saved/{state_id}", status_code=204, summary="Delete a state that you keep")
    async def delete(state_id: str, actor: Viewer) -> Response:
        await saved.delete(_person(actor), state_id)
        return Response(status_code=204)

    return routes


def saved_payload(row: dict[str, Any]) -> Shown:
    """Numbers instead of the array: vectors as (26,), matrices as (26, 26), real and imaginary parts apart."""
    state = row["state"]
    shown = {name: value for name, value in row.items() if name != "state"}
    return shown | {"real": state.real.tolist(), "imaginary": state.imag.tolist()}


def _person(actor: Actor) -> str:
    if actor.is_service:
        raise Forbidden("states are kept by people, not by services")
    return actor.user
