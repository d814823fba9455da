"""What a service says and hears on the bus: envelopes, authority, effect-once handling and operation progress."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from psycopg import OperationalError
from pydantic import JsonValue, ValidationError

from qbtc.contracts import QUEUES, ROUTES, Envelope, Kind, Message, Route
from qbtc.contracts.ui import UiUpdate

from .bus import PROBLEM_TYPE, Bus, Delivery, Reject
from .errors import BadInput, QbtcError, Unavailable, from_validation
from .ids import uuid7
from .logs import get_logger
from .metrics import counter, histogram
from .security import Actor, TokenError, Tokens
from .store.inbox import Inbox
from .store.outbox import Outbox
from .store.pool import Connection, Store
from .tracing import current_trace_id, current_traceparent, span

log = get_logger(__name__)

M = TypeVar("M", bound=Message)
Handler = Callable[[Connection, Envelope, Message], Awaitable[Message | None]]

ACTOR_SECONDS = 60
PATIENCE_SECONDS = 600.0


@dataclass(slots=True)
class Messenger:
    name: str
    store: Store
    bus: Bus
    outbox: Outbox
    tokens: Tokens

    def envelope(
        self, key: str, body: Message, *, kind: Kind | None = None, actor: Actor | None = None, **extra: str | None
    ) -> Envelope:
        """A new envelope for a routing key; commands, requests and broadcasts carry a signed actor."""
        route = _route(key)
        if not isinstance(body, route.body):
            raise TypeError(f"{key} carries a {route.body.__name__}, not a {type(body).__name__}")
        data: dict[str, JsonValue] = body.model_dump(mode="json")
        _refuse_other_values(route, data)
        order = str(data[route.order_by]) if route.order_by and data.get(route.order_by) is not None else None
        unsigned = Envelope(
            id=uuid7(), source=self.name, type=key, time=datetime.now(UTC), dataschema=route.schema_id, data=data,
            traceparent=current_traceparent(), orderkey=order, **extra,  # type: ignore[arg-type]
        )
        if actor is None and (kind or route.kinds[0]) is Kind.EVENT:
            return unsigned
        token = self.tokens.for_message(actor, digest(unsigned), seconds=ACTOR_SECONDS)
        return unsigned.model_copy(update={"actor": token})

    async def emit(
        self, conn: Connection, key: str, body: Message, *, actor: Actor | None = None, operation: str | None = None,
        approval: str | None = None,
    ) -> str:
        """Put a message into the outbox in `conn`'s transaction; returns its id."""
        kind = _route(key).kinds[0]
        envelope = self.envelope(key, body, kind=kind, actor=actor, idempotencykey=operation, approvalid=approval)
        await self.outbox.add(conn, envelope, kind.exchange)
        return envelope.id

    async def publish(self, key: str, body: Message, *, actor: Actor | None = None) -> str:
        """`emit` in a transaction of its own."""
        async with self.store.transaction() as conn:
            return await self.emit(conn, key, body, actor=actor)

    async def request(
        self, key: str, body: Message, *, reply: type[M], timeout: float = 5.0, actor: Actor | None = None
    ) -> M:
        """Ask another service and wait. Raises RemoteError (its problem), DeadlineExceeded or Unroutable."""
        deadline = datetime.now(UTC) + timedelta(seconds=timeout)
        with span(f"request {key}", kind="client"):
            envelope = self.envelope(key, body, kind=Kind.REQUEST, actor=actor).model_copy(update={"deadline": deadline})
            answer = await self.bus.request(envelope, timeout=timeout)
        return reply.model_validate(answer.data, strict=False)

    async def ui(
        self,
        *,
        operation_id: str | None = None,
        status: str | None = None,
        channel: str | None = None,
        owner: str | None = None,
        data: JsonValue = None,
        problem: dict[str, JsonValue] | None = None,
        conn: Connection | None = None,
    ) -> None:
        """Tell the screen: progress of an operation, or a state for a channel; of a private one for `owner`."""
        update = UiUpdate.model_validate({
            "service": self.name, "operation_id": operation_id, "status": status, "channel": channel, "owner": owner,
            "data": data, "problem": problem,
        })
        if conn is not None:
            await self.emit(conn, "web.ui.update", update)
        else:
            await self.publish("web.ui.update", update)

    def deliverer(self, queue: str, handler: Handler) -> Callable[[Delivery], Awaitable[None]]:
        return Deliverer(self, queue, handler)


class Deliverer:
    """Checks a delivery, runs the handler once in effect, answers, and reports the operation's end."""

    def __init__(self, messenger: Messenger, queue: str, handler: Handler) -> None:
        self._m, self._queue, self._handler = messenger, queue, handler
        self._inbox = Inbox(queue)
        self._seconds = histogram("qbtc_bus_handle_seconds", "Time to handle a message", ("queue",))
        self._outcomes = counter("qbtc_messages_total", "What became of the messages that reached a handler", ("queue", "outcome"))

    async def __call__(self, delivery: Delivery) -> None:
        envelope = delivery.envelope
        if envelope.expired():
            self._outcomes.labels(self._queue, "expired").inc()
            return
        with (
            self._seconds.labels(self._queue).time(),
            span(envelope.type, parent=envelope.traceparent, kind="consumer", queue=self._queue, message_id=envelope.id),
        ):
            await self._handle(delivery, envelope)

    async def _handle(self, delivery: Delivery, envelope: Envelope) -> None:
        try:
            route, body, actor = self._checked(envelope)
            reply = await self._patiently(envelope, route, body, actor)
        except Reject as verdict:
            self._outcomes.labels(self._queue, "rejected").inc()
            await self._tell(envelope, BadInput(str(verdict)))
            raise
        except QbtcError as error:
            if error.status >= 500:
                await self._give_up_if_last(delivery, error)
                raise
            await self._refused(envelope, error)
        except Exception as error:
            log.exception("handler failed", queue=self._queue, routing_key=envelope.type, attempt=delivery.attempt)
            await self._give_up_if_last(delivery, QbtcError(f"{type(error).__name__} in {self._m.name}"))
            raise
        else:
            self._outcomes.labels(self._queue, "done").inc()
            if reply is not None and envelope.replyto:
                await self._m.bus.reply(envelope, self._answer(envelope, reply))

    def _checked(self, envelope: Envelope) -> tuple[Route, Message, Actor | None]:
        """Route, parsed body and verified actor. Raises Reject: a bad message is dead-lettered at once."""
        route = ROUTES.get(envelope.type)
        if route is None:
            raise Reject(f"unknown routing key {envelope.type!r}")
        if not _is_uuid(envelope.id):
            raise Reject(f"the message id {envelope.id[:80]!r} is no UUID")
        if envelope.source not in route.producers:
            raise Reject(f"{envelope.source!r} may not publish {envelope.type!r}")
        try:
            body = route.body.model_validate_json(_json(envelope.data))
        except ValidationError as error:
            raise Reject(f"body of {envelope.type}: {from_validation(error).detail}") from None
        try:
            _refuse_other_values(route, envelope.data)
        except BadInput as error:
            raise Reject(error.detail) from None
        return route, body, self._actor(envelope, route)

    def _actor(self, envelope: Envelope, route: Route) -> Actor | None:
        if envelope.actor is None:
            if Kind.EVENT in route.kinds:
                return None
            raise Reject(f"{envelope.type} has no actor")
        try:
            actor = self._m.tokens.verify(envelope.actor, at=envelope.time)
        except TokenError as error:
            raise Reject(f"actor of {envelope.type}: {error}") from None
        if actor.message != digest(envelope):
            raise Reject(f"the actor of {envelope.type} was signed for another message")
        if actor.is_service and actor.issuer not in {p.value for p in route.producers}:
            raise Reject(f"{actor.user} may not send {envelope.type}")
        if not actor.is_service and route.role is not None and not actor.may(route.role):
            raise Reject(f"{actor.user} needs the role {route.role} for {envelope.type}")
        return actor

    async def _patiently(
        self, envelope: Envelope, route: Route, body: Message, actor: Actor | None
    ) -> dict[str, JsonValue] | None:
        """Handle; while a part we need is away the message waits here, which costs no attempt."""
        pause, waited = 0.2, 0.0
        while True:
            try:
                return await self._once(envelope, route, body, actor)
            except (Unavailable, OperationalError) as error:
                if waited >= PATIENCE_SECONDS or envelope.replyto:
                    raise
                log.warning("a message waits for a part that is away", routing_key=envelope.type, error=str(error))
            await asyncio.sleep(pause)
            waited, pause = waited + pause, min(pause * 2, 5.0)

    async def _once(
        self, envelope: Envelope, route: Route, body: Message, actor: Actor | None
    ) -> dict[str, JsonValue] | None:
        async with self._m.store.transaction(user=actor.owner if actor else None) as conn:
            if not await self._inbox.first_time(conn, envelope.id):
                kept = await self._inbox.stored_reply(conn, envelope.id)
                return _load(kept) if kept else None
            result = await self._handler(conn, envelope, body)
            data: dict[str, JsonValue] | None = result.model_dump(mode="json") if result is not None else None
            if data is not None and envelope.replyto:
                await self._inbox.keep_reply(conn, envelope.id, _json(data))
            if self._ends_operation(envelope) and Kind.COMMAND in route.kinds and not envelope.replyto:
                await self._m.ui(conn=conn, operation_id=envelope.idempotencykey, status="done", data=data)
        return data

    async def _refused(self, envelope: Envelope, error: QbtcError) -> None:
        """The domain said no: that is an answer, not a failure of delivery."""
        self._outcomes.labels(self._queue, "refused").inc()
        if not await self._tell(envelope, error):
            log.warning("message refused", routing_key=envelope.type, error=error.detail)

    async def _give_up_if_last(self, delivery: Delivery, error: QbtcError) -> None:
        self._outcomes.labels(self._queue, "failed").inc()
        if delivery.attempt >= QUEUES[self._queue].max_attempts:
            await self._tell(delivery.envelope, error)

    async def _tell(self, envelope: Envelope, error: QbtcError) -> bool:
        """Let whoever waits know: a problem as reply, or the failed operation. False when nobody does."""
        problem = error.problem(current_trace_id())
        if envelope.replyto:
            await self._m.bus.reply(envelope, self._answer(envelope, problem, refused=True))
        elif self._ends_operation(envelope):
            await self._m.ui(operation_id=envelope.idempotencykey, status="failed", problem=problem)
        else:
            return False
        return True

    def _ends_operation(self, envelope: Envelope) -> bool:
        """Only the service that a command is for says how it ended; others just hear of it."""
        return envelope.idempotencykey is not None and envelope.type.startswith(f"{self._m.name}.")

    def _answer(self, request: Envelope, data: dict[str, JsonValue], *, refused: bool = False) -> Envelope:
        return Envelope(
            id=uuid7(), source=self._m.name, type=PROBLEM_TYPE if refused else request.type, time=datetime.now(UTC),
            dataschema=f"{request.dataschema}:reply", data=data, traceparent=current_traceparent(),
            correlationid=request.correlationid or request.id,
        )


def digest(envelope: Envelope) -> str:
    """What an actor's token is bound to: key, id, time and body of one message (SHA-256, 32 hex digits)."""
    micros = round(envelope.time.timestamp() * 1e6)
    parts = [envelope.type, envelope.id, str(micros), json.dumps(envelope.data, sort_keys=True)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _refuse_other_values(route: Route, data: Mapping[str, JsonValue]) -> None:
    """The contract may fix a field by the key: `hft.order.filled` says `filled` and nothing else."""
    for name, value in route.fixed:
        if data.get(name) != value:
            raise BadInput(f"{route.key}: {name} must be {value!r}, not {data.get(name)!r}", field=name, allowed=value)


def _route(key: str) -> Route:
    try:
        return ROUTES[key]
    except KeyError:
        raise BadInput(f"unknown routing key {key!r}", field="routing_key", allowed=list[JsonValue](sorted(ROUTES))) from None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _json(data: dict[str, JsonValue]) -> bytes:
    return json.dumps(data).encode()


def _load(raw: bytes) -> dict[str, JsonValue]:
    found: dict[str, JsonValue] = json.loads(raw)
    return found
