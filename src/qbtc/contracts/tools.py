"""Bodies of `ce3.*`: chat turns, tool calls and what they produced."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue, model_validator

from .common import Message


class ToolRequest(Message):
    """A chat turn (`text`) or one named tool call (`tool` + `arguments`)."""

    conversation: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,64}$")]
    text: Annotated[str, Field(min_length=1, max_length=50_000)] | None = None
    tool: str | None = None
    arguments: dict[str, JsonValue] = {}
    language: Literal["en", "es"] | None = None
    ui_context: dict[str, JsonValue] = {}

    @model_validator(mode="after")
    def exactly_one_task(self) -> ToolRequest:
        if (self.text is None) == (self.tool is None):
            raise ValueError("give either text (a chat turn) or tool (one call), not both and not neither")
        return self


class Source(Message):
    """Where a sentence of an answer comes from."""

    title: str
    reference: str


class TurnEvent(Message):
    """One entry of the turn log; `offset` counts from 0 within a conversation without gaps."""

    conversation: str
    turn: str
    offset: int = Field(ge=0)
    kind: Literal["user", "status", "text", "tool_call", "tool_result", "sources", "error", "done"]
    text: str | None = None
    tool: str | None = None
    call_id: str | None = None
    data: JsonValue = None
    sources: tuple[Source, ...] = ()
    model: str | None = None


class ToolFinished(Message):
    conversation: str
    turn: str
    call_id: str
    tool: str
    ok: bool
    milliseconds: float = Field(ge=0)
    result: JsonValue = None
    error: str | None = None


class TurnFinished(Message):
    """Reply to a request that asked for a whole turn: the answer as text with its sources."""

    conversation: str
    turn: str
    text: str
    sources: tuple[Source, ...]
    model: str
    tools: tuple[ToolFinished, ...]
