"""Ollama by its own protocol: `/api/chat`, one JSON object a line; tool arguments arrive whole."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Literal

import httpx
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
from qbtc.kit.ids import uuid7

from .prompt import LANGUAGES, SYSTEM

COUNTS = (("input", "prompt_eval"), ("output", "eval"))


class Ollama:
    def __init__(self, *, host: str, model: str, context: int) -> None:
        self.name = model
        self._context = context
        self._client = httpx.AsyncClient(base_url=host.rstrip("/"), timeout=httpx.Timeout(120.0, connect=3.0))

    async def close(self) -> None:
        await self._client.aclose()

    async def stream(
        self, history: Sequence[ChatMessage], tools: Sequence[ToolCard], *, language: Language
    ) -> AsyncIterator[ModelEvent]:
        body = {
            "model": self.name,
            "stream": True,
            "messages": [_system(language), *(m for message in history for m in _messages(message))],
            "tools": [_tool(t) for t in tools],
            "options": {"num_ctx": self._context},
        }
        text, thinking, calls, done = "", "", list[Block](), dict[str, JsonValue]()
        try:
            async with self._client.stream("POST", "/api/chat", json=body) as response:
                await _check(response, self.name)
                async for line in response.aiter_lines():
                    chunk = _parse(line)
                    message = chunk.get("message")
                    piece = _field(message, "content")
                    thinking += _field(message, "thinking")
                    if piece:
                        text += piece
                        yield Delta(piece)
                    calls += _calls(message)
                    done = chunk if chunk.get("done") else done
        except httpx.HTTPError as error:
            raise ModelFailed(f"{self.name}: {type(error).__name__}: {error}"[:500]) from None
        if not done:
            raise ModelFailed(f"{self.name}: the stream ended without `done`")
        thought = (Opaque("ollama", {"thinking": thinking}),) if thinking else ()
        blocks = thought + ((Text(text),) if text else ()) + tuple(calls)
        yield Stop(_reason(calls, done), blocks, {name: _count(done, f"{key}_count") for name, key in COUNTS})


async def _check(response: httpx.Response, model: str) -> None:
    if response.status_code != 200:
        body = (await response.aread()).decode(errors="replace")
        raise ModelFailed(f"{model}: HTTP {response.status_code}: {_error_in(body)}"[:500])


def _error_in(body: str) -> str:
    try:
        parsed = json.loads(body)
    except json.JSONDecodeError:
        return body
    return str(parsed["error"]) if isinstance(parsed, dict) and "error" in parsed else body


def _field(message: JsonValue, key: str) -> str:
    return str(message.get(key) or "") if isinstance(message, dict) else ""


def _reason(calls: Sequence[Block], done: dict[str, JsonValue]) -> Literal["tools", "length", "end"]:
    if done.get("done_reason") == "length":
        return "length"
    return "tools" if calls else "end"


def _parse(line: str) -> dict[str, JsonValue]:
    if not line.strip():
        return {}
    try:
        chunk = json.loads(line)
    except json.JSONDecodeError as error:
        raise ModelFailed(f"a line of the stream is not JSON: {error}") from None
    if not isinstance(chunk, dict):
        raise ModelFailed(f"a line of the stream is not an object: {line[:100]}")
    if "error" in chunk:
        raise ModelFailed(str(chunk["error"])[:500])
    return chunk


def _calls(message: JsonValue) -> list[Block]:
    found = message.get("tool_calls") if isinstance(message, dict) else None
    calls: list[Block] = []
    for entry in found if isinstance(found, list) else []:
        function = entry.get("function") if isinstance(entry, dict) else None
        if isinstance(function, dict):
            arguments = function.get("arguments")
            calls.append(Call(uuid7(), str(function.get("name")), arguments if isinstance(arguments, dict) else {}))
    return calls


def _system(language: Language) -> dict[str, JsonValue]:
    return {"role": "system", "content": SYSTEM.format(language=LANGUAGES[language])}


def _messages(message: ChatMessage) -> list[dict[str, JsonValue]]:
    if message.role == "tool":
        return [
            {"role": "tool", "tool_name": b.name, "content": json.dumps(b.content, ensure_ascii=False)}
            for b in message.blocks
            if isinstance(b, Result)
        ]
    calls: list[JsonValue] = [
        {"function": {"name": b.name, "arguments": b.arguments}} for b in message.blocks if isinstance(b, Call)
    ]
    row: dict[str, JsonValue] = {"role": message.role, "content": message.text}
    for block in message.blocks:
        if isinstance(block, Opaque) and block.provider == "ollama":
            row |= block.raw
    return [row | {"tool_calls": calls}] if calls else [row]


def _tool(card: ToolCard) -> JsonValue:
    return {"type": "function", "function": {"name": card.name, "description": card.description, "parameters": card.parameters}}


def _count(done: dict[str, JsonValue], key: str) -> int:
    value = done.get(key)
    return value if isinstance(value, int) else 0
