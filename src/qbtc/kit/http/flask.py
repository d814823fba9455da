"""The same promises for a Flask application: problem documents, bearer authority, health and metrics."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, g, jsonify, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException

from qbtc.contracts import Role
from qbtc.kit.errors import QbtcError, from_validation
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import exposition
from qbtc.kit.security import Actor
from qbtc.kit.tracing import current_trace_id

from .auth import actor_from_header, check_role

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from qbtc.kit.health import Health
    from qbtc.kit.security import Tokens

log = get_logger(__name__)

BEARER = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
"""`security_schemes` of an OpenAPI application; without any, its document is not valid."""


def equip(app: Flask, *, health: Health, tokens: Tokens, loop: asyncio.AbstractEventLoop) -> Flask:
    """Add error handlers, `/health/*` and `/metrics`; coroutines run on `loop` (the service's own)."""
    app.extensions["qbtc"] = {"tokens": tokens, "loop": loop}
    app.wsgi_app = _Terminated(app.wsgi_app)  # type: ignore[method-assign]
    app.register_error_handler(QbtcError, _on_error)
    app.register_error_handler(ValidationError, lambda error: _on_error(from_validation(error)))
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_crash)
    app.add_url_rule("/health/live", view_func=lambda: {"state": "alive"}, endpoint="live")
    app.add_url_rule("/metrics", view_func=lambda: Response(exposition(), mimetype="text/plain"), endpoint="metrics")

    def ready() -> tuple[Response, int]:
        ok, body = asyncio.run_coroutine_threadsafe(health.report(), loop).result(5)
        return jsonify(body), 200 if ok else 503

    app.add_url_rule("/health/ready", view_func=ready, endpoint="ready")
    return app


class _Terminated:
    """The ASGI bridge ends the input itself; without saying so, Flask takes a body without a length for empty."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input_terminated"] = True
        return self._app(environ, start_response)


def require_actor(role: Role) -> Actor:
    """The verified actor of the present Flask request, if the role suffices."""
    tokens = current_app.extensions["qbtc"]["tokens"]
    if not hasattr(g, "actor"):
        g.actor = actor_from_header(tokens, request.headers.get("Authorization"))
    return check_role(g.actor, role)


def _on_error(error: QbtcError) -> Response:
    response = jsonify(error.problem(current_trace_id()))
    response.status_code, response.mimetype = error.status, "application/problem+json"
    return response


def _on_http(error: HTTPException) -> Response:
    slug = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}.get(error.code or 500, "http-error")
    body = {"type": f"urn:qbtc:problem:{slug}", "title": error.name, "status": error.code, "detail": error.description}
    response = jsonify(body | {"trace_id": current_trace_id()})
    response.status_code, response.mimetype = error.code or 500, "application/problem+json"
    response.headers.extend({k: v for k, v in error.get_headers() if k.lower() == "allow"})
    return response


def _on_crash(error: Exception) -> Response:
    log.error("request crashed", path=request.path, exc_info=error)
    return _on_error(QbtcError("an unexpected error; the log has it under this trace id"))
