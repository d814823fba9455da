"""Request/reply bookkeeping of one bus: who waits for which correlation id, until when. No driver."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from qbtc.contracts import ROUTES, Envelope, Exchange
from qbtc.kit.errors import BadInput
from qbtc.kit.logs import get_logger

from .types import PROBLEM_TYPE, DeadlineExceeded, RemoteError

log = get_logger(__name__)


def exchange_of(key: str) -> Exchange:
    """Where a key is published unless told: the exchange of its route's first kind."""
    route = ROUTES.get(key)
    if route is None:
        raise BadInput(f"unknown routing key {key!r}", field="type", allowed=[*sorted(ROUTES)])
    return route.kinds[0].exchange


def addressed(envelope: Envelope, inbox: str, timeout: float) -> Envelope:
    deadline = datetime.now(UTC) + timedelta(seconds=timeout)
    return envelope.model_copy(
        update={"replyto": inbox, "correlationid": envelope.correlationid or envelope.id, "deadline": deadline}
    )


def answering(to: Envelope, envelope: Envelope) -> Envelope:
    return envelope.model_copy(update={"correlationid": to.correlationid or to.id})


class Waiting:
    """Replies arrive by `resolve`; late and unknown ones are dropped."""

    def __init__(self) -> None:
        self._futures: dict[str, asyncio.Future[Envelope]] = {}

    def expect(self, request: Envelope) -> asyncio.Future[Envelope]:
        future: asyncio.Future[Envelope] = asyncio.get_running_loop().create_future()
        self._futures[str(request.correlationid)] = future
        return future

    def forget(self, request: Envelope) -> None:
        self._futures.pop(str(request.correlationid), None)

    def resolve(self, raw: bytes | str) -> None:
        try:
            reply = Envelope.decode(raw)
        except ValidationError as error:
            log.error("a reply is no envelope", reason=str(error))
            return
        future = self._futures.get(str(reply.correlationid))
        if future is not None and not future.done():
            future.set_result(reply)

    @staticmethod
    async def answer(future: asyncio.Future[Envelope], request: Envelope) -> Envelope:
        """The reply, or DeadlineExceeded at the request's deadline, or RemoteError."""
        left = (request.deadline - datetime.now(UTC)).total_seconds() if request.deadline else None
        try:
            reply = await asyncio.wait_for(future, left)
        except TimeoutError:
            raise DeadlineExceeded(f"{request.type}: no answer before {request.deadline}") from None
        if reply.type == PROBLEM_TYPE:
            raise RemoteError(reply.data)
        return reply
