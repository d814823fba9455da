"""Start, stop and configure strategies over HTTP, for scripts; the screen does it with commands over the bus."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import JsonValue

from qbtc.contracts import Message, Role
from qbtc.contracts.trading import SetStrategy
from qbtc.kit.http import require
from qbtc.kit.logs import get_logger
from qbtc.kit.security import Actor
from qbtc.kit.store.pool import Store

from ..actions import Actions
from ..adapters import repository
from ..views import Views

log = get_logger(__name__)
Trader = Annotated[Actor, Depends(require(Role.TRADER))]


class Change(Message):
    action: Literal["start", "stop"]
    parameters: dict[str, float] = {}


def strategies_router(store: Store, actions: Actions, views: Views) -> APIRouter:
    router = APIRouter(tags=["strategies"])

    @router.post("/strategies/{name}")
    async def change(name: str, body: Change, actor: Trader) -> JsonValue:
        """Parameters take effect at once and are kept over a restart; only those that are named change."""
        parameters = actions.set_strategy(SetStrategy(strategy=name, action=body.action, parameters=body.parameters))
        async with store.transaction() as conn:
            await repository.save_strategy(conn, name, running=actions.running(name), parameters=parameters)
        log.info("strategy changed", strategy=name, action=body.action, user=actor.user)
        return views.strategy(name)

    return router
