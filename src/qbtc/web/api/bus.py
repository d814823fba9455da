"""The bus into the hub: operation progress, chat turns, the decision loop."""

from __future__ import annotations

import json

from qbtc.contracts import Envelope, Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.tools import TurnEvent
from qbtc.contracts.trading import OrderEvent
from qbtc.contracts.ui import UiUpdate
from qbtc.kit.errors import BadInput
from qbtc.kit.logs import get_logger
from qbtc.kit.store.pool import Connection
from qbtc.web.adapters.operations import Conversations, PostgresOperations
from qbtc.web.domain.events import loop_entry
from qbtc.web.domain.hub import Hub
from qbtc.web.domain.names import NAMES, PRIVATE, ChannelClass, classify, private_key

log = get_logger(__name__)

FILLED = "hft.order.filled"


def encoded(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


class BusEdge:
    """Handlers of Web's queues. The hub is told last, when nothing in the transaction can fail but its commit."""

    def __init__(self, hub: Hub, operations: PostgresOperations, conversations: Conversations) -> None:
        self._hub, self._operations, self._conversations = hub, operations, conversations

    async def updates(self, conn: Connection, envelope: Envelope, body: Message) -> None:
        """web.ui.update: progress of an operation to its owner, or a value for a channel."""
        if not isinstance(body, UiUpdate):
            raise BadInput(f"web.updates does not take {envelope.type!r}")
        if body.operation_id is not None:
            operation = await self._operations.update(conn, body)
            if operation is not None:
                key = private_key("operations", operation.owner)
                self._hub.append("operations", encoded(operation.view()), key=key)
        if body.channel is not None:
            self._channel(body.channel, encoded(body.data))

    def _channel(self, channel: str, value: bytes) -> None:
        match classify(channel):
            case ChannelClass.STATE:
                self._hub.set_state(channel, value)
            case ChannelClass.LOG if channel not in PRIVATE and not channel.startswith("turn."):
                self._hub.append(channel, value)
            case _:
                raise BadInput(f"services cannot publish to channel {channel!r}", field="channel", allowed=list(NAMES))

    async def turns(self, _conn: Connection, envelope: Envelope, body: Message) -> None:
        """ce3.turn.delta into the conversation's own log; ce3.tools.finished into the decision loop."""
        if isinstance(body, TurnEvent):
            name = f"turn.{body.conversation}"
            owner = self._conversations.owner_of(body.conversation) or ""
            self._hub.append(name, body.model_dump_json().encode(), key=private_key(name, owner))
        else:
            self._loop(envelope, body)

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
