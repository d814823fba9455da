"""REST in front of the operations: parameters, keys, limits, headers, errors in Binance's shape. Also the OpenAPI document.

`answer` is without sockets; `routes` puts it behind Starlette.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ..core.binance.errors import ApiError, Code
from ..core.binance.wire import TimeUnit, encode, time_unit
from .access import authorised, check_signed, rest_payload
from .keys import Key
from .operation import Api, Operation, Security
from .params import check_known, parse
from .ws_api import guarded

MAX_BODY = 64 * 1024
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Asked:
    """One request. `headers` have lower-case names; `query` is as it was sent."""

    query: str
    body: str
    headers: Mapping[str, str]
    address: str
    now: int


@dataclass(slots=True)
class Answered:
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


async def answer(api: Api, operation: Operation, asked: Asked) -> Answered:
    """Whatever is wrong becomes Binance's code, never an exception."""
    headers: dict[str, str] = {}
    unit = TimeUnit.MILLISECOND
    try:
        unit = time_unit(asked.headers.get("x-mbx-time-unit"))
        params = _read(api, operation, asked, headers)
        body = await _perform(api, operation, params, asked, headers)
        return Answered(200, encode(body, unit), headers)
    except ApiError as error:
        if error.retry_after is not None:
            headers["Retry-After"] = str(error.retry_after)
        if error.data is not None:
            await api.books.committed()
        return Answered(error.http_status, encode(error.body(), unit), headers)


def _read(api: Api, operation: Operation, asked: Asked, headers: dict[str, str]) -> dict[str, str]:
    """Parameters, after the request's weight was paid."""
    try:
        params, bad = parse(asked.query, asked.body), None
    except ApiError as error:
        params, bad = {}, error
    used = api.limits.address(asked.address).spend(operation.cost(params), asked.now)
    headers["X-MBX-USED-WEIGHT"] = headers["X-MBX-USED-WEIGHT-1M"] = str(used)
    if bad is not None:
        raise bad
    return params


async def _perform(
    api: Api, operation: Operation, params: dict[str, str], asked: Asked, headers: dict[str, str]
) -> object:
    account = _account(api, operation, params, asked)
    check_known(params, operation.known)
    body = await _counted(api, operation, params, account, asked.now)
    if operation.security is Security.TRADE:
        short, day = api.limits.orders(account).rows(asked.now)
        headers["X-MBX-ORDER-COUNT-10S"], headers["X-MBX-ORDER-COUNT-1D"] = str(short["count"]), str(day["count"])
    if operation.signed:
        await api.books.committed()
    return body


async def _counted(api: Api, operation: Operation, params: dict[str, str], account: int, now: int) -> object:
    """Run the handler. Orders count before it, so that their fills take them off again; refused ones do not count."""
    if not operation.orders:
        return await guarded(api, operation, params, account)
    count = api.limits.orders(account)
    count.check(operation.orders, now)
    count.add(operation.orders, now)
    try:
        return await guarded(api, operation, params, account)
    except ApiError:
        count.take_back(operation.orders)
        raise


def _account(api: Api, operation: Operation, params: dict[str, str], asked: Asked) -> int:
    if operation.security is Security.NONE:
        return 0
    key = _key(api, operation, asked)
    if operation.signed:
        check_signed(key, params, rest_payload(asked.query, asked.body), asked.now)
    return key.account


def _key(api: Api, operation: Operation, asked: Asked) -> Key:
    api.keys.refresh(asked.now)
    return authorised(api.keys, asked.headers.get("x-mbx-apikey"), operation.security)


# ---- behind Starlette


def respond(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(body), status, headers, "application/json")


def routes(api: Api, operations: Iterable[Operation]) -> list[Route]:
    return [Route(op.path, _endpoint(api, op), methods=[op.method]) for op in operations if op.path]


def _endpoint(api: Api, operation: Operation) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            body = await _body(request)
        except ApiError as error:
            return respond(error.body(), error.http_status)
        address = request.client.host if request.client else "local"
        asked = Asked(request.url.query, body, request.headers, address, api.wall())
        done = await answer(api, operation, asked)
        return Response(done.body, done.status, done.headers, "application/json")

    return endpoint


async def _body(request: Request) -> str:
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_BODY:
            raise ApiError(Code.TOO_MANY_PARAMETERS, f"Request body is larger than {MAX_BODY} bytes.", status=413)
        parts.append(chunk)
    try:
        return b"".join(parts).decode()
    except UnicodeDecodeError:
        raise ApiError(Code.ILLEGAL_CHARS, "The request body is not UTF-8 text.") from None


# ---- the document


def openapi(version: str, operations: Iterable[Operation]) -> dict[str, object]:
    """The REST surface as OpenAPI 3.1, from the same table that serves it."""
    paths: dict[str, dict[str, object]] = {}
    for op in operations:
        if op.path:
            paths.setdefault(op.path, {})[op.method.lower()] = _entry(op)
    scheme = {"key": {"type": "apiKey", "in": "header", "name": "X-MBX-APIKEY"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "QBTC venue", "version": version},
        "paths": paths,
        "components": {"securitySchemes": scheme},
    }


def _entry(op: Operation) -> dict[str, object]:
    weight = op.weight if isinstance(op.weight, int) else "by parameters"
    entry: dict[str, object] = {
        "operationId": f"{op.method.lower()}{op.path.replace('/', '_')}",
        "summary": op.handler.__name__.replace("_", " "),
        "description": f"Weight {weight}. Security {op.security}. Parameters: {', '.join(sorted(op.params)) or 'none'}."
        + (f" WebSocket API: {op.ws}." if op.ws else ""),
        "responses": {
            "200": {"description": "Binance's body", "content": {"application/json": {"schema": {}}}},
            "4XX": {"description": "code and msg", "content": {"application/json": {"schema": _ERROR}}},
        },
    }
    if op.security is not Security.NONE:
        entry["security"] = [{"key": []}]
    return entry


_ERROR = {
    "type": "object",
    "required": ["code", "msg"],
    "properties": {"code": {"type": "integer"}, "msg": {"type": "string"}},
}
