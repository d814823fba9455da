"""What a command from the screen must satisfy before it is stored: a known key, the right role, a body of its contract."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from qbtc.contracts import ROUTES, Kind, Message, Role, Route, ServiceName
from qbtc.contracts.ui import ServiceControl

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{8,200}")
IDEMPOTENCY_RULE = "8 to 200 visible ASCII characters, a new one for each command (a UUID does well)"

# A broadcast is heard at once or not at all; a chat turn waits for the turns before it and for a model.
BROADCAST_SECONDS, COMMAND_SECONDS, TURN_SECONDS = 60.0, 600.0, 900.0


@dataclass(frozen=True, slots=True)
class Command:
    """A checked command, ready to be stored."""

    route: Route
    body: Message
    owner: str
    role: Role
    idempotency_key: str

    @property
    def body_hash(self) -> bytes:
        """Of key and parsed body, so that white space and the order of fields make no difference."""
        return hashlib.sha256(f"{self.route.key}\n{self.body.model_dump_json()}".encode()).digest()


def is_command(route: Route) -> bool:
    """True for what people may send from the screen."""
    sendable = Kind.COMMAND in route.kinds or Kind.BROADCAST in route.kinds
    return sendable and route.role is not None and ServiceName.WEB in route.producers


def pauses_web(body: Message) -> bool:
    """True for the command that would cut off the news of every operation, its own included."""
    return isinstance(body, ServiceControl) and body.service is ServiceName.WEB and body.action == "pause"


def patience(route: Route) -> float:
    """Seconds without news after which an open operation is shown as not confirmed."""
    if Kind.BROADCAST in route.kinds:
        return BROADCAST_SECONDS
    return TURN_SECONDS if route.key == "ce3.tools.request" else COMMAND_SECONDS


def command_keys() -> list[str]:
    return sorted(key for key, route in ROUTES.items() if is_command(route))
