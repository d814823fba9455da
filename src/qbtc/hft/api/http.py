"""HFT over HTTP. GET needs the role viewer; kill and resume need a trader who is a person.

Those two touch neither database, bus nor Redis.
"""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, FastAPI, Query
from pydantic import JsonValue

from qbtc.contracts import Role
from qbtc.contracts.trading import Kill, Resume
from qbtc.kit.http import require
from qbtc.kit.logs import get_logger

from ..actions import Actions
from ..views import Views
from .people import Person

log = get_logger(__name__)

Json = dict[str, JsonValue]
Limit = Annotated[int, Query(ge=1, le=3600)]
Symbol = Annotated[str | None, Query(pattern=r"^[A-Z0-9]{2,20}$")]
Viewer = Depends(require(Role.VIEWER))


def mount(app: FastAPI, views: Views, actions: Actions) -> None:
    app.include_router(_market(views), dependencies=[Viewer])
    app.include_router(_account(views), dependencies=[Viewer])
    app.include_router(_control(views, actions))


def _market(views: Views) -> APIRouter:
    router = APIRouter(tags=["market"])

    @router.get("/market")
    async def market() -> Json:
        return views.market()

    @router.get("/symbols")
    async def symbols() -> Json:
        return {"items": views.symbols()}

    @router.get("/candles")
    async def candles(symbol: Symbol = None, limit: Limit = 300) -> Json:
        return {"items": views.candles(views.symbol(symbol), limit)}

    @router.get("/book")
    async def book(symbol: Symbol = None, depth: Annotated[int, Query(ge=1, le=1000)] = 25) -> Json:
        return views.book(views.symbol(symbol), depth)

    @router.get("/trades")
    async def trades(symbol: Symbol = None, limit: Limit = 50) -> Json:
        return {"items": views.trades(views.symbol(symbol), limit)}

    @router.get("/features")
    async def features(symbol: Symbol = None) -> Json:
        return views.features(views.symbol(symbol))

    return router


def _account(views: Views) -> APIRouter:
    router = APIRouter(tags=["account"])

    @router.get("/trading")
    async def trading() -> Json:
        """Whether trading is allowed and why not, and what is held in symbols that this session does not serve."""
        return views.trading()

    @router.get("/positions")
    async def positions() -> Json:
        return {"items": views.positions()}

    @router.get("/orders")
    async def orders(status: Literal["open", "all"] = "open", limit: Limit = 200) -> Json:
        return {"items": views.orders(only_open=status == "open", limit=limit)}

    @router.get("/fills")
    async def fills(limit: Limit = 200) -> Json:
        return {"items": views.fills(limit)}

    @router.get("/pnl")
    async def pnl() -> Json:
        return views.pnl()

    @router.get("/risk")
    async def risk(symbol: Symbol = None) -> Json:
        return views.risk(views.symbol(symbol) if symbol else None)

    @router.get("/strategies")
    async def strategies() -> Json:
        return {"items": views.strategies()}

    @router.get("/latency")
    async def latency() -> Json:
        return views.latency()

    return router


def _control(views: Views, actions: Actions) -> APIRouter:
    router = APIRouter(tags=["control"])

    @router.post("/kill")
    async def kill(body: Kill, actor: Person) -> Json:
        """Halt at once. `cancel` also cancels every order, `flatten` also closes every position. What it could not do is
        in `still_open` (orders) and `not_flat` (symbols); it is tried again until `resume`. `unserved`: symbols that
        the venue does not serve in this session, so that nothing can be done there."""
        log.warning("kill", scope=body.scope.value, user=actor.user, reason=body.reason)
        done = await actions.kill(body.scope, body.reason or f"kill by {actor.user}")
        return {
            **views.trading(), "scope": body.scope.value, "cancelled": done["cancelled"], "closing": done["closing"],
            "still_open": done["still_open"], "not_flat": [*done["not_flat"]],
            "unserved": [*done["unserved"]],
        }  # fmt: skip

    @router.post("/resume")
    async def resume(actor: Person, body: Resume | None = None) -> Json:
        """End a halt; the body, with a `reason`, may be left out."""
        reason = body.reason if body is not None else ""
        log.warning("resume", user=actor.user, reason=reason)
        actions.resume(reason or f"resumed by {actor.user}")
        return views.trading()

    @router.post("/paper/reset")
    async def reset(actor: Person) -> Json:
        """Cancel every order and start again with the paper balances of the settings."""
        log.warning("paper reset", user=actor.user)
        await actions.reset_paper()
        return views.pnl()

    return router
