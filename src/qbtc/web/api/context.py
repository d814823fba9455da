"""Everything the endpoints use, built once in service.py; and who is asking."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from qbtc.contracts import Role
from qbtc.kit.errors import Forbidden
from qbtc.kit.http.auth import actor_from_header, check_role
from qbtc.kit.runtime import Runtime
from qbtc.kit.security import Actor
from qbtc.web.adapters.accounts import PostgresAccounts, PostgresThrottle
from qbtc.web.adapters.operations import PostgresOperations
from qbtc.web.adapters.sockets import SocketServer
from qbtc.web.adapters.tickets import RedisTickets
from qbtc.web.adapters.watch import Watch
from qbtc.web.domain.access import cross_site_reason
from qbtc.web.errors import CrossSite
from qbtc.web.settings import WebSettings


@dataclass(frozen=True, slots=True)
class Context:
    rt: Runtime[WebSettings]
    accounts: PostgresAccounts
    throttle: PostgresThrottle
    tickets: RedisTickets
    operations: PostgresOperations
    sockets: SocketServer
    watch: Watch
    hashing: asyncio.Semaphore  # argon2 takes 64 MB a time: never many at once

    @property
    def session_cookie(self) -> str:
        return f"qbtc_{self.rt.platform.instance}_session"

    @property
    def access_cookie(self) -> str:
        return f"qbtc_{self.rt.platform.instance}_access"


def context(request: Request) -> Context:
    found: Context = request.app.state.context
    return found


def same_site(request: Request) -> None:
    """Refuse an unsafe request of a browser that did not come from our page. Raises CrossSite."""
    ctx = context(request)
    by_cookie = ctx.session_cookie in request.cookies or ctx.access_cookie in request.cookies
    reason = cross_site_reason(request.method, request.headers, by_cookie=by_cookie)
    if reason is not None:
        raise CrossSite(reason, allowed="a request of this application's own page, or a bearer token without cookies")


def actor(request: Request) -> Actor:
    """The person asking: by bearer token, or by the access cookie when no gateway stands in front."""
    same_site(request)
    header = request.headers.get("authorization")
    cookie = request.cookies.get(context(request).access_cookie)
    if header is None and cookie:
        header = f"Bearer {cookie}"
    found = actor_from_header(request.app.state.tokens, header)
    if found.is_service or found.role is None:
        raise Forbidden("services do not use this interface")
    return found


class Needs:
    """A FastAPI dependency: the actor, if the role suffices."""

    def __init__(self, role: Role) -> None:
        self._role = role

    def __call__(self, found: Annotated[Actor, Depends(actor)]) -> Actor:
        return check_role(found, self._role)


viewer, admin = Needs(Role.VIEWER), Needs(Role.ADMIN)
Viewer = Annotated[Actor, Depends(viewer)]
Admin = Annotated[Actor, Depends(admin)]
