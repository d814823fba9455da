"""The vocabulary between the agent loop and a model: messages made of blocks, and the events a model streams."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import JsonValue

Language = Literal["en", "es"]


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """The model wants a tool to be run."""

    id: str
    name: str
    arguments: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool gave for one call; `content` is JSON, or the error text."""

    call_id: str
    name: str
    content: JsonValue
    ok: bool


@dataclass(frozen=True, slots=True)
class Opaque:
    """A provider's own block (thinking with its signature, unknown types) that goes back to it unchanged."""

    provider: str
    raw: dict[str, JsonValue]


Block = Text | Call | Result | Opaque


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Literal["user", "assistant", "tool"]
    blocks: tuple[Block, ...]

    @property
    def text(self) -> str:
        return "".join(b.text for b in self.blocks if isinstance(b, Text))


@dataclass(frozen=True, slots=True)
class ToolCard:
    """What a model is told about a tool."""

    name: str
    description: str
    parameters: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of text while it is being written."""

    text: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The model is done with this step; `blocks` is its whole message."""

    reason: Literal["end", "tools", "length", "refusal", "paused", "context"]
    blocks: tuple[Block, ...]
    usage: dict[str, int] = field(default_factory=dict)


ModelEvent = Delta | Stop
