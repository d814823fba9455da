"""Proposed parameters over HTTP. Making, deciding and scheduling need a trader who is a person; the screen decides with
the command `hft.parameters.decide` over the bus."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from qbtc.contracts import Role
from qbtc.contracts.trading import DecideParameters
from qbtc.kit.http import require

from ..errors import NoSuchProposal
from ..parameters import Parameters
from ..proposal_views import full, row, schedule
from .asked import AskProposal, AskSchedule, Name
from .people import Person

Json = dict[str, Any]
Viewer = Depends(require(Role.VIEWER))


def parameters_router(parameters: Parameters) -> APIRouter:
    router = APIRouter(prefix="/parameters", tags=["parameters"])
    _reading(router, parameters)
    _changing(router, parameters)
    return router


def _reading(router: APIRouter, parameters: Parameters) -> None:
    @router.get("/proposals", dependencies=[Viewer])
    async def proposals(strategy: Name | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 50) -> Json:
        """The newest first, also those that say that nothing should be changed, and why."""
        return {"items": [row(kept) for kept in await parameters.rows(strategy, limit)]}

    @router.get("/proposals/{proposal}", dependencies=[Viewer])
    async def one(proposal: str) -> Json:
        """With data, code, the best trials, and the line that the profit must stay above."""
        return full(await parameters.find(proposal))

    @router.get("/schedules", dependencies=[Viewer])
    async def schedules() -> Json:
        return {"items": [schedule(each) for each in await parameters.schedules()]}


def _changing(router: APIRouter, parameters: Parameters) -> None:
    @router.post("/proposals", status_code=202)
    async def ask(body: AskProposal, actor: Person) -> Json:
        """Look for better parameters now; the proposal has the id of the run."""
        return {"id": await parameters.ask(body.checked(), actor.user)}

    @router.post("/proposals/{proposal}/{decision}")
    async def decide(proposal: str, decision: Literal["approve", "reject"], actor: Person) -> Json:
        """Approving sets the parameters at once and begins the watch."""
        found = await parameters.find(proposal)
        body = DecideParameters(strategy=found.strategy, proposal=proposal, decision=decision)
        await parameters.decide_alone(body, actor.user)
        return row(await parameters.find(proposal))

    @router.post("/schedules", status_code=201)
    async def plan(body: AskSchedule, actor: Person) -> Json:
        """One schedule a strategy; another one takes its place. The first run is due at once."""
        asked = body.checked()
        every = int(asked.pop("every_seconds"))
        await parameters.schedule(asked, every, actor.user)
        return {"strategy": body.strategy, "every_seconds": every}

    @router.delete("/schedules/{strategy}", status_code=204)
    async def unplan(strategy: Name, _actor: Person) -> None:
        if not await parameters.unschedule(strategy):
            raise NoSuchProposal(f"there is no schedule of {strategy!r}", field="strategy")
