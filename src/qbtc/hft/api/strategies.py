"""Start, stop and configure strategies over HTTP, for scripts; the screen does it with commands over the bus."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import JsonValue

from qbtc.contracts import Message
from qbtc.contracts.common import Symbol
from qbtc.contracts.trading import SetStrategy
from qbtc.kit.logs import get_logger
from qbtc.kit.store.pool import Store

from ..actions import Actions
from ..adapters import repository
from ..views import Views
from .people import Person

log = get_logger(__name__)


class Change(Message):
    action: Literal["start", "stop"]
    parameters: dict[str, float] = {}
    tier: Literal["service", "hot"] | None = None
    spin: bool = False
    record: bool | None = None
    legs: dict[str, Symbol] = {}


def strategies_router(store: Store, actions: Actions, views: Views, *, venue: str) -> APIRouter:
    router = APIRouter(tags=["strategies"])

    @router.post("/strategies/{name}")
    async def change(name: str, body: Change, actor: Person) -> JsonValue:
        """Parameters take effect at once and are kept over a restart; only those that are named change."""
        chosen = await actions.set_strategy(SetStrategy(strategy=name, **body.model_dump()))
        async with store.transaction() as conn:
            await repository.save_strategy(conn, name, chosen, venue=venue)
        log.info("strategy changed", strategy=name, action=body.action, tier=chosen.tier, user=actor.user)
        return views.strategy(name)

    return router
