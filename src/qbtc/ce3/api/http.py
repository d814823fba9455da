"""Ce3's HTTP: a Flask application (OpenAPI by flask-openapi3), and an ASGI stream in front of it for the turn log."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import CancelledError
from typing import Any, Literal, TypeVar, cast

from a2wsgi import WSGIMiddleware
from flask import Response, jsonify, make_response
from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI
from pydantic import BaseModel, Field, JsonValue, ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from qbtc.ce3.adapters.repository import Repository
from qbtc.ce3.errors import TooManyTurns
from qbtc.ce3.tools.registry import Registry, schema
from qbtc.ce3.turns import Turns
from qbtc.contracts import Role
from qbtc.contracts.tools import ToolRequest, TurnFinished
from qbtc.kit.errors import NotFound, QbtcError, Unavailable, from_validation
from qbtc.kit.health import Health
from qbtc.kit.http.auth import actor_from_header, check_role
from qbtc.kit.http.flask import BEARER, equip, require_actor
from qbtc.kit.ids import uuid7
from qbtc.kit.security import Actor, Tokens
from qbtc.kit.tracing import current_trace_id

T = TypeVar("T")

POLL_SECONDS = 0.2
READ_SECONDS = 10.0
APPEAR_SECONDS = 5.0
ASKS_AT_ONCE = 8


class Ask(BaseModel):
    text: str = Field(min_length=1, max_length=50_000)
    conversation: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]{1,64}$")
    language: Literal["en", "es"] | None = None


class ConversationPath(BaseModel):
    conversation: str


class From(BaseModel):
    start: int = Field(default=0, ge=0, alias="from")


class Http:
    """The application; `asgi()` is what the runtime serves."""

    def __init__(
        self, repository: Repository, registry: Registry, turns: Turns, *, tokens: Tokens, health: Health, model: str,
        ask_seconds: float = 150.0,
    ) -> None:
        self._ask_seconds, self._asking = ask_seconds, threading.BoundedSemaphore(ASKS_AT_ONCE)
        self._repository, self._registry, self._turns, self._tokens, self._model = repository, registry, turns, tokens, model
        self._loop = asyncio.get_running_loop()
        self.flask = OpenAPI(__name__, info=Info(title="QBTC Ce3", version=health.version), doc_ui=False, security_schemes={**BEARER},
                             validation_error_callback=_refused)
        equip(self.flask, health=health, tokens=tokens, loop=self._loop)
        self._routes()

    def asgi(self) -> Starlette:
        """Waiting for answers has threads of its own, so that health and reads answer however many wait."""
        return Starlette(routes=[
            Route("/conversations/{conversation}/stream", self.stream),
            Mount("/", app=_Split(waiting=_wsgi(self.flask, ASKS_AT_ONCE + 2), rest=_wsgi(self.flask, 8))),
        ])

    def _wait(self, work: Coroutine[object, object, T], seconds: float = READ_SECONDS) -> T:
        """Run on the service's loop and wait; raises Unavailable when it takes too long."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise Unavailable(f"no answer within {seconds:g} s") from None
        except CancelledError:
            raise Unavailable("the service is stopping") from None

    def _ask(self, actor: Actor, body: Ask) -> TurnFinished:
        conversation = body.conversation or f"ask-{uuid7()}"
        request = ToolRequest(conversation=conversation, text=body.text, language=body.language)
        if not self._asking.acquire(blocking=False):
            raise TooManyTurns(f"at most {ASKS_AT_ONCE} answers are waited for at a time; ask again later")
        try:
            return self._wait(self._turns.submit(uuid7(), request, actor.user), self._ask_seconds)
        finally:
            self._asking.release()

    def _routes(self) -> None:
        app = self.flask

        @app.get("/tools")
        def tools() -> Response:
            require_actor(Role.VIEWER)
            return jsonify({"items": [
                {"name": t.name, "description": t.description["en"], "description_es": t.description["es"],
                 "parameters": schema(t.parameters), "side_effects": t.side_effects}
                for t in self._registry
            ]})

        @app.get("/models")
        def models() -> Response:
            require_actor(Role.VIEWER)
            return jsonify({"items": [{"name": self._model, "active": True}]})

        @app.get("/conversations")
        def conversations() -> Response:
            user = require_actor(Role.VIEWER).user
            return jsonify({"items": self._wait(self._repository.conversations(user))})

        @app.get("/conversations/<conversation>/events")
        def events(path: ConversationPath, query: From) -> Response:
            user = require_actor(Role.VIEWER).user
            return jsonify({"items": self._wait(self._repository.events(user, path.conversation, query.start))})

        @app.post("/ask")
        def ask(body: Ask) -> Response:
            return jsonify(self._ask(require_actor(Role.VIEWER), body).model_dump(mode="json"))

        @app.get("/openapi.json")
        def openapi() -> Response:
            return jsonify(_without_nulls(app.api_doc))

    async def stream(self, request: Request) -> StreamingResponse | JSONResponse:
        """The turn log as server-sent events, from `?from=` or the Last-Event-ID header, until the client leaves.

        A conversation whose first turn is still on its way is waited for; 404 when it does not come.
        """
        conversation = request.path_params["conversation"]
        try:
            actor = check_role(actor_from_header(self._tokens, request.headers.get("authorization")), Role.VIEWER)
            start = From.model_validate({"from": _resume_point(request)}).start
            await self._until_known(actor.user, conversation)
        except ValidationError as error:
            return _problem(from_validation(error))
        except QbtcError as error:
            return _problem(error)
        return StreamingResponse(self._follow(actor.user, conversation, start), media_type="text/event-stream")

    async def _until_known(self, user: str, conversation: str) -> None:
        deadline = self._loop.time() + APPEAR_SECONDS
        while True:
            try:
                await self._repository.events(user, conversation, 0, 1)
                return
            except NotFound:
                if self._loop.time() >= deadline:
                    raise
            await asyncio.sleep(POLL_SECONDS)

    async def _follow(self, user: str, conversation: str, start: int) -> AsyncIterator[str]:
        idle = 0.0
        while True:
            try:
                found = await self._repository.events(user, conversation, start)
            except NotFound:
                return  # deleted meanwhile
            for event in found:
                start = int(str(event["offset"])) + 1
                yield f"id: {event['offset']}\nevent: {event['kind']}\ndata: {json.dumps(event)}\n\n"
            idle = 0.0 if found else idle + POLL_SECONDS
            if idle >= 15:
                yield ": still here\n\n"
                idle = 0.0
            await asyncio.sleep(POLL_SECONDS)


class _Split:
    """Requests that wait for an answer go to one thread pool, all others to another."""

    def __init__(self, *, waiting: ASGIApp, rest: ASGIApp) -> None:
        self._waiting, self._rest = waiting, rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._waiting if scope.get("path") == "/ask" else self._rest
        await app(scope, receive, send)


def _wsgi(app: OpenAPI, threads: int) -> ASGIApp:
    # a2wsgi has no types; it calls `app` as any WSGI server does.
    return cast(ASGIApp, WSGIMiddleware(cast(Any, app), workers=threads))


def _resume_point(request: Request) -> object:
    last = request.headers.get("last-event-id", "")
    return int(last) + 1 if last.isdigit() else request.query_params.get("from", 0)


def _problem(error: QbtcError) -> JSONResponse:
    return JSONResponse(error.problem(current_trace_id()), status_code=error.status, media_type="application/problem+json")


def _refused(error: ValidationError) -> Response:
    bad = from_validation(error)
    response = make_response(jsonify(bad.problem(current_trace_id())), bad.status)
    response.mimetype = "application/problem+json"
    return response


def _without_nulls(document: JsonValue) -> JsonValue:
    """The library writes null for absent parts, which OpenAPI does not allow."""
    if isinstance(document, dict):
        return {key: _without_nulls(value) for key, value in document.items() if value is not None}
    return [_without_nulls(item) for item in document] if isinstance(document, list) else document
