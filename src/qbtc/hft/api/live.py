"""Going live and back. Confirming needs a trader who is a person; anybody who may look may see what is missing."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import Field, JsonValue

from qbtc.contracts import Message, Role
from qbtc.kit.http import require

from ..live import Live
from .people import Person

Json = dict[str, JsonValue]


class Confirm(Message):
    confirm: str = Field(max_length=100, description="the venue's name, typed by a person")


def live_router(live: Live) -> APIRouter:
    router = APIRouter(tags=["control"])

    @router.get("/live", dependencies=[Depends(require(Role.VIEWER))])
    async def state() -> Json:
        """The venue, the mode, and each condition of live trading."""
        return live.view()

    @router.post("/live")
    async def go_live(body: Confirm, actor: Person) -> Json:
        """The last condition. It lasts until HFT restarts or another condition breaks."""
        live.confirm(body.confirm, actor.user)
        return live.view()

    @router.delete("/live")
    async def go_back(actor: Person) -> Json:
        """Read-only again. Open orders stay."""
        live.withdraw(actor.user)
        return live.view()

    return router
