"""Claude by the `anthropic` library: streaming, tool use, every stop reason, unknown blocks kept untouched."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

import anthropic
import httpx2
from pydantic import JsonValue

from qbtc.ce3.domain.chat import (
    Block,
    Call,
    ChatMessage,
    Delta,
    Language,
    ModelEvent,
    Opaque,
    Result,
    Stop,
    Text,
    ToolCard,
)
from qbtc.ce3.errors import ModelFailed

from .prompt import LANGUAGES, SYSTEM

if TYPE_CHECKING:
    from anthropic.types import Message as ClaudeMessage

STOPS = {
    "end_turn": "end",
    "stop_sequence": "end",
    "tool_use": "tools",
    "max_tokens": "length",
    "refusal": "refusal",
    "pause_turn": "paused",
    "model_context_window_exceeded": "context",
}


class Claude:
    def __init__(self, *, api_key: str, model: str, max_tokens: int, base_url: str | None = None) -> None:
        self.name = model
        self._max_tokens = max_tokens
        self._client = anthropic.AsyncAnthropic(api_key=api_key, base_url=base_url, max_retries=2, timeout=120.0)

    async def close(self) -> None:
        await self._client.close()

    async def stream(
        self, history: Sequence[ChatMessage], tools: Sequence[ToolCard], *, language: Language
    ) -> AsyncIterator[ModelEvent]:
        try:
            async with self._client.messages.stream(
                model=self.name,
                max_tokens=self._max_tokens,
                system=SYSTEM.format(language=LANGUAGES[language]),
                messages=[m for m in map(_message, history) if m["content"]],  # type: ignore[misc]
                tools=[{"name": t.name, "description": t.description, "input_schema": t.parameters} for t in tools],  # type: ignore[typeddict-item]
            ) as stream:
                async for text in stream.text_stream:
                    yield Delta(text)
                final = await stream.get_final_message()
        except anthropic.APIStatusError as error:
            raise ModelFailed(f"{self.name}: HTTP {error.status_code}: {error.message}"[:500]) from None
        except anthropic.AnthropicError as error:
            raise ModelFailed(f"{self.name}: {type(error).__name__}: {error}"[:500]) from None
        except (httpx2.HTTPError, ValueError, RuntimeError, AssertionError) as error:
            # What the library lets through when a stream breaks off in the middle or makes no sense.
            raise ModelFailed(f"{self.name}: the stream broke off: {type(error).__name__}: {error}"[:500]) from None
        yield _stop(final)


def _stop(final: ClaudeMessage) -> Stop:
    reason = STOPS.get(str(final.stop_reason))
    if reason is None:
        raise ModelFailed(f"unknown stop reason {final.stop_reason!r}")
    usage = {"input": final.usage.input_tokens, "output": final.usage.output_tokens}
    return Stop(reason, tuple(_block(b.model_dump(mode="json", exclude_unset=True)) for b in final.content), usage)  # type: ignore[arg-type]


def _block(raw: dict[str, JsonValue]) -> Block:
    """Our form of a content block; what we do not know (thinking, server tools) is kept byte for byte."""
    if raw["type"] == "text" and not raw.get("citations"):
        return Text(str(raw["text"]))
    if raw["type"] == "tool_use":
        arguments = raw.get("input")
        return Call(str(raw["id"]), str(raw["name"]), arguments if isinstance(arguments, dict) else {})
    return Opaque("claude", raw)


def _message(message: ChatMessage) -> dict[str, object]:
    role = "assistant" if message.role == "assistant" else "user"
    return {"role": role, "content": [c for b in message.blocks if (c := _content(b)) is not None]}


def _content(block: Block) -> dict[str, object] | None:
    if isinstance(block, Text):
        return {"type": "text", "text": block.text}
    if isinstance(block, Call):
        return {"type": "tool_use", "id": block.id, "name": block.name, "input": block.arguments}
    if isinstance(block, Result):
        return {"type": "tool_result", "tool_use_id": block.call_id, "content": _dump(block.content), "is_error": not block.ok}
    return dict(block.raw) if block.provider == "claude" else None


def _dump(content: JsonValue) -> str:
    return content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
