"""Who is asking: the bearer token of a request, verified here again although the gateway has verified it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param

from qbtc.contracts import Role
from qbtc.kit.errors import Forbidden, Unauthorised
from qbtc.kit.security import Actor, TokenError

if TYPE_CHECKING:
    from qbtc.kit.security import Tokens


class SessionExpired(Unauthorised):
    slug, title = "session-expired", "Your session has expired"


def actor_from_header(tokens: Tokens, header: str | None) -> Actor:
    """The actor of an `Authorization` header; raises Unauthorised or SessionExpired."""
    scheme, token = get_authorization_scheme_param(header)
    if scheme.lower() != "bearer" or not token:
        raise Unauthorised("send a bearer token: `Authorization: Bearer …` (make one with `qbtc token`)")
    try:
        return tokens.verify(token)
    except TokenError as error:
        if error.expired:
            raise SessionExpired("the token has expired; sign in again") from None
        raise Unauthorised(str(error)) from None


def actor_of(request: Request) -> Actor:
    """The actor of this request, verified once and kept on the request."""
    found = getattr(request.state, "actor", None)
    if found is None:
        found = request.state.actor = actor_from_header(request.app.state.tokens, request.headers.get("authorization"))
    return found


def check_role(actor: Actor, role: Role) -> Actor:
    if not actor.may(role):
        have = actor.role.value if actor.role else "none"
        raise Forbidden(f"this needs the role {role.value!r}, you have {have!r}", allowed=role.value)
    return actor


def check_person(actor: Actor, role: Role) -> Actor:
    """Like `check_role`, for what only people may do: no service may, whatever it is."""
    if actor.is_service:
        raise Forbidden(f"only a person may do this, not {actor.user}")
    return check_role(actor, role)


def require(role: Role) -> Callable[[Request], Awaitable[Actor]]:
    """A FastAPI dependency: the actor, if the role suffices. Asynchronous, or each request would wait for a thread twice."""

    async def dependency(request: Request) -> Actor:
        return check_role(actor_of(request), role)

    return dependency
