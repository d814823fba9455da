"""The bus into the hub: operation progress, chat turns, the decision loop."""

from __future__ import annotations

import json

from qbtc.contracts import ROUTES, Envelope, Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.tools import TurnEvent
from qbtc.contracts.trading import OrderEvent
from qbtc.contracts.ui import UiUpdate
from qbtc.kit.errors import BadInput
from qbtc.kit.logs import get_logger
from qbtc.kit.security import Tokens
from qbtc.kit.store.pool import Connection
from qbtc.web.adapters.operations import Operation, PostgresOperations
from qbtc.web.domain.commands import command_keys, patience
from qbtc.web.domain.events import loop_entry
from qbtc.web.domain.hub import Hub
from qbtc.web.domain.names import ADDRESSED, NAMES, ChannelClass, classify, is_private, private_key

log = get_logger(__name__)

FILLED = "hft.order.filled"


def encoded(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


class BusEdge:
    """Handlers of Web's queues. The hub is told last, when nothing in the transaction can fail but its commit."""

    def __init__(self, hub: Hub, operations: PostgresOperations, tokens: Tokens) -> None:
        self._hub, self._operations, self._tokens = hub, operations, tokens

    async def updates(self, conn: Connection, envelope: Envelope, body: Message) -> None:
        """web.ui.update: progress of an operation to its owner, or a value for a channel."""
        if not isinstance(body, UiUpdate):
            raise BadInput(f"web.updates does not take {envelope.type!r}")
        if body.operation_id is not None:
            operation = await self._operations.update(conn, body)
            if operation is not None:
                self.show(operation)
        if body.channel is not None:
            self._channel(body.channel, encoded(body.data), body.owner)

    def show(self, operation: Operation) -> None:
        """To its owner only."""
        key = private_key("operations", operation.owner)
        self._hub.append("operations", encoded(operation.view()), key=key)

    async def give_up(self) -> None:
        """Fail every operation on which nobody reported in time, and say so."""
        for key in command_keys():
            for operation in await self._operations.expire(key, patience(ROUTES[key])):
                log.warning("operation not confirmed in time", operation_id=operation.id, routing_key=key)
                self.show(operation)

    def _channel(self, channel: str, value: bytes, owner: str | None) -> None:
        match classify(channel):
            case ChannelClass.LOG if channel in ADDRESSED and owner is not None:
                self._hub.append(channel, value, key=private_key(channel, owner))
            case ChannelClass.STATE:
                self._hub.set_state(channel, value)
            case ChannelClass.LOG if not is_private(channel):
                self._hub.append(channel, value)
            case _:
                raise BadInput(f"services cannot publish to channel {channel!r}", field="channel", allowed=list(NAMES))

    async def turns(self, _conn: Connection, envelope: Envelope, body: Message) -> None:
        """ce3.turn.delta into its person's log of the conversation; ce3.tools.finished into the decision loop."""
        if isinstance(body, TurnEvent):
            self._turn(self._person(envelope), body)
        else:
            self._loop(envelope, body)

    def _turn(self, person: str | None, event: TurnEvent) -> None:
        """A turn without a person is a service's own: nobody's screen shows it."""
        if person is not None:
            name = f"turn.{event.conversation}"
            self._hub.append(name, event.model_dump_json().encode(), key=private_key(name, person))

    def _person(self, envelope: Envelope) -> str | None:
        """Whom Ce3 vouches for; never guessed from the conversation's name, which anybody can write."""
        return self._tokens.verify(envelope.actor, at=envelope.time).owner if envelope.actor else None

    async def events(self, _conn: Connection, envelope: Envelope, body: Message) -> None:
        self._loop(envelope, body)
        if isinstance(body, Reflection):
            self._hub.append("reflections", body.model_dump_json().encode())
        elif isinstance(body, OrderEvent) and envelope.type == FILLED:  # its body may claim anything
            self._hub.append("fills", body.model_dump_json().encode())

    def _loop(self, envelope: Envelope, body: Message) -> None:
        entry = loop_entry(
            envelope.type, body, source=envelope.source, at=envelope.time, traceparent=envelope.traceparent
        )
        self._hub.append("events", encoded(entry))
