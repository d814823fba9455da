"""Signing in and out: one-time link, password, cookies, socket tickets."""

from __future__ import annotations

import asyncio
import hashlib

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from qbtc.contracts import Role
from qbtc.kit.errors import Forbidden, NotFound, Unauthorised
from qbtc.kit.http.auth import actor_from_header
from qbtc.kit.logs import get_logger
from qbtc.kit.security import TokenError, hash_password, verify_password
from qbtc.web.api.context import Context, Viewer, actor, context, same_site
from qbtc.web.domain.access import cross_site_reason
from qbtc.web.domain.people import Session, Ticket
from qbtc.web.errors import CrossSite, LinkRefused, LoginRefused, PasswordNeeded, SessionExpired, TooManyLogins

log = get_logger(__name__)
router = APIRouter(dependencies=[Depends(same_site)], tags=["auth"])

SCRIPT_SOCKET_MS = 3_600_000


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LinkBody(_Body):
    token: str = Field(max_length=4096)


class LoginBody(_Body):
    user: str = Field(max_length=100)
    password: str = Field(max_length=1000)


class PasswordBody(_Body):
    password: str = Field(max_length=1000)
    current: str | None = Field(default=None, max_length=1000)


class Me(BaseModel):
    user: str
    role: Role
    must_set_password: bool


@router.post("/auth/link")
async def link(body: LinkBody, response: Response, request: Request) -> Me:
    """Sign in with a one-time link; the first one makes its user, who then has to set a password."""
    ctx = context(request)
    try:
        invited = ctx.rt.tokens.verify(body.token, purpose="login")
    except TokenError as error:
        raise LinkRefused(f"{error}; make a new link with `qbtc login`") from None
    if invited.role is None or not await ctx.accounts.use_link(invited.token_id):
        raise LinkRefused("this link was used already; make a new one with `qbtc login`")
    user = await ctx.accounts.add(invited.user, invited.role, exist_ok=True)
    log.info("signed in by link", user_id=user.name)
    return await _start(ctx, request, response, user.name, by_link=True)


@router.post("/auth/login")
async def login(body: LoginBody, response: Response, request: Request) -> Me:
    ctx = context(request)
    keys = _throttle_keys(body.user, _address(request))
    wait = max([await ctx.throttle.wait(key) for key in keys])
    if wait:
        response.headers["Retry-After"] = str(wait)
        raise TooManyLogins(f"try again in {wait} seconds", retry_after=wait)
    user = await ctx.accounts.user(body.user)
    async with ctx.hashing:
        right = await asyncio.to_thread(verify_password, user.password_hash if user else None, body.password)
    if user is None or not right:
        for key in keys:
            await ctx.throttle.failed(key)
        log.warning("login refused", address=_address(request))
        raise LoginRefused("name or password is wrong")
    await ctx.throttle.passed(keys[0])
    return await _start(ctx, request, response, user.name, by_link=False)


@router.post("/auth/logout", status_code=204)
async def logout(request: Request, response: Response) -> None:
    """End the session everywhere: cookie, database, open sockets. Doing it twice is fine."""
    ctx = context(request)
    secret = request.cookies.get(ctx.session_cookie)
    if secret:
        session = await ctx.accounts.session(secret)
        await ctx.accounts.end_session(secret)
        if session is not None:
            ctx.sockets.end_session(session.key)
    for name in (ctx.session_cookie, ctx.access_cookie):
        response.delete_cookie(name, path="/", httponly=True, samesite="strict")


@router.post("/auth/refresh")
async def refresh(request: Request, response: Response) -> Me:
    """A new access cookie for a living session."""
    ctx = context(request)
    session = await _session(ctx, request)
    _grant(ctx, request, response, session)
    return _me(session)


@router.get("/auth/me")
async def me(request: Request) -> Me:
    """Who is signed in, by session cookie or bearer token."""
    ctx = context(request)
    if ctx.session_cookie in request.cookies:
        return _me(await _session(ctx, request))
    found = actor(request)
    return Me(user=found.user, role=found.role or Role.VIEWER, must_set_password=False)


@router.get("/auth/verify", include_in_schema=False)
async def verify(request: Request) -> Response:
    """For a gateway that asks before it forwards (APISIX forward-auth): the bearer token this request may carry on.

    The original method and host come as X-Forwarded-*. Never for a page: the answer would show it the token that the
    HttpOnly cookie hides. Browsers cannot leave out Sec-Fetch-Mode, and both gateways close this path besides.
    """
    headers = request.headers
    if "sec-fetch-mode" in headers:
        raise NotFound("there is no such page")
    cookie = request.cookies.get(context(request).access_cookie)
    given = headers.get("authorization")
    asked = dict(headers) | {"host": headers.get("x-forwarded-host", headers.get("host", ""))}
    method = headers.get("x-forwarded-method", request.method).upper()
    reason = cross_site_reason(method, asked, by_cookie=given is None and cookie is not None)
    if reason is not None:
        raise CrossSite(reason, allowed="a request of this application's own page, or a bearer token")
    bearer = given or (f"Bearer {cookie}" if cookie else None)
    if actor_from_header(request.app.state.tokens, bearer).is_service:
        raise Forbidden("services do not come through the gateway")
    return Response(headers={"Authorization": str(bearer)})


@router.post("/auth/password")
async def set_password(body: PasswordBody, request: Request, response: Response) -> Me:
    """Set or change one's own password. The present one is needed, except in a session that came by link."""
    ctx = context(request)
    session = await _session(ctx, request)
    async with ctx.hashing:
        if session.user.password_hash is not None and not session.by_link:
            right = await asyncio.to_thread(verify_password, session.user.password_hash, body.current or "")
            if not right:
                raise LoginRefused("the present password is wrong", field="current")
        hashed = await asyncio.to_thread(hash_password, body.password)
    await ctx.accounts.set_password(session.user.name, hashed)
    ctx.sockets.end_session(session.key)
    return await _start(ctx, request, response, session.user.name, by_link=False)


@router.post("/ticket")
async def ticket(request: Request, found: Viewer) -> dict[str, str]:
    """A single-use ticket for /ws, bound to the user and to the session if there is one."""
    ctx = context(request)
    secret = request.cookies.get(ctx.session_cookie)
    session = await ctx.accounts.session(secret) if secret else None
    if secret and session is None:
        raise SessionExpired("your session is over; sign in again")
    expires = int(session.expires.timestamp() * 1000) if session else ctx.sockets.now_ms() + SCRIPT_SOCKET_MS
    issued = Ticket(found.user, found.role or Role.VIEWER, session.key if session else None, expires)
    return {"ticket": await ctx.tickets.issue(issued)}


async def _session(ctx: Context, request: Request) -> Session:
    secret = request.cookies.get(ctx.session_cookie)
    if not secret:
        raise Unauthorised("sign in first: open the link that `qbtc login` prints, or give name and password")
    session = await ctx.accounts.session(secret)
    if session is None:
        raise SessionExpired("your session is over; sign in again")
    return session


async def _start(ctx: Context, request: Request, response: Response, user: str, *, by_link: bool) -> Me:
    secret, session = await ctx.accounts.open_session(user, by_link=by_link)
    days = ctx.rt.settings.session_days
    _cookie(request, response, ctx.session_cookie, secret, days * 86_400)
    if not session.user.must_set_password:
        _grant(ctx, request, response, session)
    return _me(session)


def _grant(ctx: Context, request: Request, response: Response, session: Session) -> None:
    """The access cookie, which the gateway turns into a bearer token. Raises PasswordNeeded before one is set."""
    if session.user.must_set_password:
        raise PasswordNeeded("set a password before you go on", allowed="POST /auth/password")
    seconds = ctx.rt.settings.access_minutes * 60
    token = ctx.rt.tokens.sign(session.user.name, session.user.role, seconds=seconds, session=session.key[:16])
    _cookie(request, response, ctx.access_cookie, token, seconds)


def _cookie(request: Request, response: Response, name: str, value: str, seconds: int) -> None:
    secure = request.headers.get("x-forwarded-proto", request.url.scheme) == "https"
    response.set_cookie(name, value, max_age=seconds, path="/", httponly=True, samesite="strict", secure=secure)


def _me(session: Session) -> Me:
    return Me(user=session.user.name, role=session.user.role, must_set_password=session.user.must_set_password)


def _address(request: Request) -> str:
    """The browser's address; what the gateway says is believed only from this machine."""
    peer = request.client.host if request.client else "?"
    return request.headers.get("x-real-ip", peer) if peer in ("127.0.0.1", "::1") else peer


def _throttle_keys(user: str, address: str) -> list[str]:
    """User and address together, hashed: the table shows nobody's names or addresses."""
    return [hashlib.sha256(f"login|{user}|{address}".encode()).hexdigest()]
