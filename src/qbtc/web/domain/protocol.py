"""What a browser may say on the socket, parsed and checked; every refusal says what is allowed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from qbtc.web.domain.names import NAMES, classify

RATES = (60, 20, 4, 1)
MAX_MESSAGE = 4096


class ProtocolError(Exception):
    """A client message that is not allowed; `channel` tells which panel to show it in, if any."""

    def __init__(
        self, detail: str, *, field: str, allowed: list[str] | list[int] | str, channel: str | None = None
    ) -> None:
        super().__init__(detail)
        self.detail, self.field, self.allowed, self.channel = detail, field, allowed, channel


@dataclass(frozen=True, slots=True)
class Subscribe:
    channel: str
    rate: int
    epoch: str | None = None
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    channel: str


@dataclass(frozen=True, slots=True)
class Ping:
    pass


@dataclass(frozen=True, slots=True)
class ResumeToken:
    token: str


Operation = Subscribe | Unsubscribe | Ping | ResumeToken


def parse(text: str) -> Operation:
    """One client message; raises ProtocolError."""
    if len(text) > MAX_MESSAGE:
        raise ProtocolError(
            f"a message has at most {MAX_MESSAGE} characters, this one has {len(text)}",
            field="message",
            allowed=f"<= {MAX_MESSAGE} characters",
        )
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise ProtocolError("the message is not JSON", field="message", allowed="a JSON object") from None
    if not isinstance(message, dict):
        raise ProtocolError("the message is not a JSON object", field="message", allowed="a JSON object")
    return _operation(message)


def _operation(message: dict[str, object]) -> Operation:
    match message.get("op"):
        case "sub":
            return _subscribe(message)
        case "unsub":
            return Unsubscribe(_channel(message))
        case "ping":
            return Ping()
        case "resume":
            return ResumeToken(str(message.get("token", ""))[:64])
    raise ProtocolError(f"unknown op {message.get('op')!r}", field="op", allowed=["sub", "unsub", "ping", "resume"])


def _channel(message: dict[str, object]) -> str:
    name = message.get("channel")
    if not isinstance(name, str) or classify(name) is None:
        raise ProtocolError(
            f"there is no channel {name!r}",
            field="channel",
            allowed=list(NAMES),
            channel=name[:100] if isinstance(name, str) else None,
        )
    return name


def _subscribe(message: dict[str, object]) -> Subscribe:
    channel = _channel(message)
    rate, epoch, offset = message.get("rate", 4), message.get("epoch"), message.get("offset")
    if isinstance(rate, bool) or rate not in RATES:
        raise ProtocolError(f"rate {rate!r} is not offered", field="rate", allowed=list(RATES), channel=channel)
    if epoch is not None and not isinstance(epoch, str):
        raise ProtocolError("epoch is a string", field="epoch", allowed="the epoch of the last item", channel=channel)
    if offset is not None and (isinstance(offset, bool) or not isinstance(offset, int) or offset < 0):
        raise ProtocolError("offset is a whole number from 0", field="offset", allowed=">= 0", channel=channel)
    return Subscribe(channel, int(str(rate)), epoch, offset)
