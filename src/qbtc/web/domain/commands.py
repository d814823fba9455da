"""What a command from the screen must satisfy before it is stored: a known key, the right role, a body of its contract."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from qbtc.contracts import ROUTES, Kind, Message, Role, Route, ServiceName

IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{8,200}")
IDEMPOTENCY_RULE = "8 to 200 visible ASCII characters, a new one for each command (a UUID does well)"


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


def command_keys() -> list[str]:
    return sorted(key for key, route in ROUTES.items() if is_command(route))
