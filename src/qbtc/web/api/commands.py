"""The command edge: POST /commands/{routing_key} stores a checked command, GET /operations/{id} tells what became of it."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import JsonValue, ValidationError

from qbtc.contracts import ROUTES, Kind, Role
from qbtc.kit.errors import NotFound, TooLarge, from_validation
from qbtc.kit.http.auth import check_role
from qbtc.kit.security import Actor
from qbtc.kit.store.pool import Connection
from qbtc.kit.tracing import current_trace_id
from qbtc.web.adapters.operations import SYSTEM
from qbtc.web.api.context import Context, Viewer, context
from qbtc.web.domain.commands import IDEMPOTENCY_KEY, IDEMPOTENCY_RULE, Command, command_keys, is_command, pauses_web
from qbtc.web.errors import NoIdempotencyKey, NotACommand, NotPausable

router = APIRouter(tags=["commands"])


@router.post("/commands/{key}", status_code=202)
async def send(key: str, request: Request, found: Viewer) -> JSONResponse:
    """Store a command for its service. The same Idempotency-Key with the same body gives the same operation."""
    ctx = context(request)
    command = await _checked(ctx, key, request, found)

    async def emit(conn: Connection, operation_id: str) -> None:
        actor = Actor(command.owner, command.role, "web")
        await ctx.rt.emit(conn, key, command.body, actor=actor, operation=operation_id)

    operation_id, _ = await ctx.operations.accept(command, emit, trace_id=current_trace_id())
    where = f"/api/operations/{operation_id}"
    body = {"operation_id": operation_id, "status_url": where}
    return JSONResponse(body, status_code=202, headers={"Location": where})


async def _checked(ctx: Context, key: str, request: Request, found: Actor) -> Command:
    route = ROUTES.get(key)
    if route is None:
        raise NotFound(f"unknown routing key {key!r}", field="routing_key", allowed=list(command_keys()))
    if not is_command(route) or route.role is None:
        raise NotACommand(f"{key!r} is not sent by people", field="routing_key", allowed=list(command_keys()))
    check_role(found, route.role)
    idempotency_key = request.headers.get("idempotency-key", "")
    if not IDEMPOTENCY_KEY.fullmatch(idempotency_key):
        raise NoIdempotencyKey("send an Idempotency-Key header", field="Idempotency-Key", allowed=IDEMPOTENCY_RULE)
    raw = await _body(request, ctx.rt.settings.max_command_bytes)
    try:
        body = route.body.model_validate_json(raw)
    except ValidationError as error:
        raise from_validation(error) from None
    if pauses_web(body):
        raise NotPausable(
            "web cannot be paused: it would no longer hear what became of any operation",
            field="action", allowed=["resume", "restart"],
        )
    return Command(route, body, found.user, found.role or Role.VIEWER, idempotency_key)


async def _body(request: Request, limit: int) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"a command has at most {limit} bytes", field="body", allowed=limit)
        chunks.append(chunk)
    return b"".join(chunks)


@router.get("/commands")
async def commands(_: Viewer) -> dict[str, JsonValue]:
    """Every command there is: key, role and JSON Schema of its body."""
    return {
        "items": [
            {
                "key": key,
                "role": ROUTES[key].role,
                "broadcast": Kind.BROADCAST in ROUTES[key].kinds,
                "schema": ROUTES[key].body.model_json_schema(),
            }
            for key in command_keys()
        ]
    }


@router.get("/operations/{operation_id}")
async def operation(operation_id: str, request: Request, found: Viewer) -> dict[str, JsonValue]:
    """One's own operation; an administrator sees everybody's."""
    user = SYSTEM if found.may(Role.ADMIN) else found.user
    return (await context(request).operations.get(operation_id, user=user)).view()
