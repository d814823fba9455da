"""REST in front of the operations: parameters, keys, weights, errors in Binance's shape. Also the OpenAPI document."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..core.binance.errors import ApiError, Code
from ..kit.logs import get_logger
from .api import OPERATIONS, Api, Operation
from .auth import account_of, check_signed, without_signature

log = get_logger(__name__)
MAX_BODY = 64 * 1024
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Weights:
    """Request weight a minute and address."""

    limit: int
    minute: int = 0
    used: dict[str, int] = field(default_factory=dict)

    def spend(self, address: str, weight: int, seconds: float) -> int:
        """Weight used in this minute. Raises ApiError -1003 above the limit."""
        minute = int(seconds // 60)
        if minute != self.minute:
            self.minute = minute
            self.used.clear()
        total = self.used[address] = self.used.get(address, 0) + weight
        if total > self.limit:
            text = f"Too much request weight used; current limit is {self.limit} request weight per 1 MINUTE."
            raise ApiError(Code.TOO_MANY_REQUESTS, text)
        return total


def respond(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, "application/json")


def routes(api: Api, weights: Weights) -> list[Route]:
    return [Route(op.path, _endpoint(api, weights, op), methods=[op.method]) for op in OPERATIONS]


def _endpoint(api: Api, weights: Weights, operation: Operation) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        headers: dict[str, str] = {}
        try:
            used = weights.spend(request.client.host if request.client else "local", operation.weight, time.time())
            headers["X-MBX-USED-WEIGHT-1M"] = headers["X-MBX-USED-WEIGHT"] = str(used)
            return respond(await _answer(api, operation, request), headers=headers)
        except ApiError as error:
            extra = {"Retry-After": "60"} if error.http_status == 429 else {}
            return respond(error.body(), error.http_status, headers | extra)

    return endpoint


async def _answer(api: Api, operation: Operation, request: Request) -> object:
    body = await _body(request)
    params = parameters(request.url.query, body)
    account = 0
    if operation.signed:
        account = account_of(api.keys, request.headers.get("X-MBX-APIKEY"))
        payload = without_signature(request.url.query) + without_signature(body)
        check_signed(api.keys, params, payload, time.time_ns() // 1_000_000)
    return await guarded(api, operation, params, account)


async def guarded(api: Api, operation: Operation, params: dict[str, str], account: int) -> object:
    """Run a handler; what it did not foresee becomes -1000 and is logged, without the parameters."""
    try:
        return await operation.handler(api, params, account)
    except ApiError:
        raise
    except Exception as error:
        log.error("operation failed", operation=operation.path, error=repr(error), exc_info=True)
        raise ApiError(Code.UNKNOWN) from error


async def _body(request: Request) -> str:
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise ApiError(Code.TOO_MANY_PARAMETERS, f"Request body is larger than {MAX_BODY} bytes.")
        parts.append(chunk)
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError:
        raise ApiError(Code.ILLEGAL_CHARS, "The request body is not UTF-8 text.") from None


def parameters(query: str, body: str) -> dict[str, str]:
    """Query and form parameters as one mapping. Raises ApiError -1101 on duplicates."""
    pairs = parse_qsl(query, keep_blank_values=True) + parse_qsl(body, keep_blank_values=True)
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ApiError(Code.TOO_MANY_PARAMETERS, "Duplicate values for a parameter detected.")
    return found


def openapi(version: str) -> dict[str, object]:
    """The REST surface as OpenAPI 3.1, from the same table that serves it."""
    paths: dict[str, dict[str, object]] = {}
    for op in OPERATIONS:
        entry: dict[str, object] = {
            "operationId": op.handler.__name__,
            "summary": op.handler.__name__.replace("_", " "),
            "description": f"Weight {op.weight}." + (f" WebSocket API: {op.ws}." if op.ws else ""),
            "responses": {
                "200": {"description": "Binance's body", "content": {"application/json": {"schema": {}}}},
                "4XX": {"description": "code and msg", "content": {"application/json": {"schema": _ERROR}}},
            },
        }
        if op.signed:
            entry["security"] = [{"key": []}]
        paths.setdefault(op.path, {})[op.method.lower()] = entry
    scheme = {"key": {"type": "apiKey", "in": "header", "name": "X-MBX-APIKEY"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "QBTC venue", "version": version},
        "paths": paths,
        "components": {"securitySchemes": scheme},
    }


_ERROR = {
    "type": "object",
    "required": ["code", "msg"],
    "properties": {"code": {"type": "integer"}, "msg": {"type": "string"}},
}
