"""The FastAPI application every service starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from qbtc.kit.errors import BadInput, QbtcError, reason_of
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import exposition
from qbtc.kit.tracing import current_trace_id

if TYPE_CHECKING:
    from qbtc.kit.health import Health
    from qbtc.kit.security import Tokens

log = get_logger(__name__)

PROBLEM = "application/problem+json"


def create_app(title: str, *, health: Health, tokens: Tokens, prefix: str = "") -> FastAPI:
    """An app with problem documents, `/health/live`, `/health/ready`, `/metrics` and `/openapi.json`.

    `prefix` is where the gateway mounts it, for the links in the OpenAPI document.
    """
    servers = [{"url": prefix}] if prefix else None
    app = FastAPI(title=title, servers=servers, docs_url=None, redoc_url=None, version=health.version)
    app.state.tokens, app.state.health = tokens, health
    app.add_exception_handler(QbtcError, _on_error)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_crash)
    app.add_api_route("/health/live", live, methods=["GET"], tags=["health"])
    app.add_api_route("/health/ready", ready, methods=["GET"], tags=["health"])
    app.add_api_route("/metrics", metrics, methods=["GET"], tags=["health"])
    return app


async def live() -> dict[str, str]:
    return {"state": "alive"}


async def ready(request: Request) -> JSONResponse:
    ok, body = await request.app.state.health.report()
    return JSONResponse(body, status_code=200 if ok else 503)


async def metrics() -> Response:
    return Response(exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")


def problem_response(error: QbtcError) -> JSONResponse:
    return JSONResponse(error.problem(current_trace_id()), status_code=error.status, media_type=PROBLEM)


async def _on_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, QbtcError):
        raise error
    if error.status >= 500:
        log.warning("request failed", error=str(error), slug=error.slug)
    return problem_response(error)


async def _on_validation(_request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    malformed = first["type"] == "json_invalid"
    field = "" if malformed else ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path"))
    context = first.get("ctx") or {}
    reason, allowed = reason_of(first["type"], first["msg"], context)
    if malformed and "error" in context:
        reason = f"{first['msg']}: {context['error']}"
    bad = BadInput(f"{field or 'body'}: {reason}", field=field or None, allowed=allowed)
    return problem_response(bad)


async def _on_http(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http-error")
    body = {
        "type": f"urn:qbtc:problem:{slug}", "title": error.detail, "status": error.status_code,
        "detail": error.detail, "trace_id": current_trace_id(),
    }
    return JSONResponse(body, status_code=error.status_code, media_type=PROBLEM, headers=error.headers)


async def _on_crash(request: Request, error: Exception) -> Response:
    log.error("request crashed", path=request.url.path, exc_info=error)
    return problem_response(QbtcError("an unexpected error; the log has it under this trace id"))
