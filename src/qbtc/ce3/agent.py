"""The agent loop: ask the model, run the tools it wants, until it is done. Every step goes into the turn log.

Tool calls of one step run side by side. A failed tool is a result the model sees, not the end of the turn.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from qbtc.contracts.tools import Source, ToolFinished, TurnEvent, TurnFinished
from qbtc.kit.errors import QbtcError
from qbtc.kit.logs import get_logger
from qbtc.kit.tracing import current_trace_id, span

from .domain.chat import Block, Call, ChatMessage, Delta, Result, Stop
from .errors import ModelFailed, TurnTooLong
from .ports import Provider, TurnLog
from .tools.base import Context
from .tools.registry import Registry

log = get_logger(__name__)

FLUSH_SECONDS = 0.05
NOTES = {
    "length": {"en": "(The answer was cut at the model's length limit.)", "es": "(La respuesta se cortó en el límite de longitud.)"},
    "refusal": {"en": "(The model declined to answer.)", "es": "(El modelo rechazó responder.)"},
    "context": {"en": "(The conversation no longer fits the model.)", "es": "(La conversación ya no cabe en el modelo.)"},
}


@dataclass(slots=True)
class Turn:
    """One turn while it runs; `offset` is the next free place in the conversation's log."""

    conversation: str
    id: str
    context: Context
    log: TurnLog
    offset: int
    messages: list[ChatMessage] = field(default_factory=list)
    finished: list[ToolFinished] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    text: str = ""

    async def write(self, kind: str, **fields: object) -> None:
        event = TurnEvent.model_validate(
            {"conversation": self.conversation, "turn": self.id, "offset": self.offset, "kind": kind, **fields}
        )
        self.offset += 1
        await self.log.append(event)


class Agent:
    def __init__(self, provider: Provider, registry: Registry, *, max_steps: int, turn_seconds: float, tool_seconds: float) -> None:
        self.provider, self.registry = provider, registry
        self._max_steps, self._turn_seconds, self._tool_seconds = max_steps, turn_seconds, tool_seconds

    async def run(self, turn: Turn, history: Sequence[ChatMessage]) -> TurnFinished:
        """Run one turn to its end; errors become an `error` event and are raised after it."""
        try:
            with span("turn", conversation=turn.conversation, model=self.provider.name):
                async with asyncio.timeout(self._turn_seconds):
                    await self._steps(turn, list(history))
        except TimeoutError:
            error = TurnTooLong(f"no answer within {self._turn_seconds:g} s")
            await self._fail(turn, error)
            raise error from None
        except QbtcError as error:
            await self._fail(turn, error)
            raise
        if turn.sources:
            await turn.write("sources", sources=tuple(turn.sources))
        await turn.write("done", model=self.provider.name, text=turn.text)
        return TurnFinished(
            conversation=turn.conversation, turn=turn.id, text=turn.text, sources=tuple(turn.sources),
            model=self.provider.name, tools=tuple(turn.finished),
        )

    async def _fail(self, turn: Turn, error: QbtcError) -> None:
        log.warning("turn failed", conversation=turn.conversation, error=error.detail)
        await turn.write("error", text=error.detail, data=error.problem(current_trace_id()))

    async def _steps(self, turn: Turn, history: list[ChatMessage]) -> None:
        for _ in range(self._max_steps):
            stop = await self._step(turn, history)
            message = ChatMessage("assistant", stop.blocks)
            history.append(message)
            turn.messages.append(message)
            calls = [b for b in stop.blocks if isinstance(b, Call)]
            if calls:
                results = ChatMessage("tool", tuple(await self._call_all(turn, calls)))
                history.append(results)
                turn.messages.append(results)
            elif stop.reason != "paused":
                await self._close(turn, stop)
                return
        raise ModelFailed(f"the model wanted more than {self._max_steps} steps")

    async def _close(self, turn: Turn, stop: Stop) -> None:
        note = NOTES.get(stop.reason)
        if note:
            await turn.write("status", text=note[turn.context.language])

    async def _step(self, turn: Turn, history: Sequence[ChatMessage]) -> Stop:
        language = turn.context.language
        pending, flushed = "", time.monotonic()
        async for event in self.provider.stream(history, self.registry.cards(language), language=language):
            if isinstance(event, Delta):
                pending += event.text
                turn.text += event.text
                if time.monotonic() - flushed >= FLUSH_SECONDS:
                    await turn.write("text", text=pending, model=self.provider.name)
                    pending, flushed = "", time.monotonic()
                continue
            if pending:
                await turn.write("text", text=pending, model=self.provider.name)
            return event
        raise ModelFailed(f"{self.provider.name} broke off without an end")

    async def _call_all(self, turn: Turn, calls: Sequence[Call]) -> list[Block]:
        for call in calls:
            await turn.write("tool_call", tool=call.name, call_id=call.id, data=call.arguments)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._call(turn, call)) for call in calls]
        finished = [task.result() for task in tasks]
        for done in finished:
            await turn.write("tool_result", tool=done.tool, call_id=done.call_id, data=_shown(done))
        turn.finished.extend(finished)
        return [Result(d.call_id, d.tool, d.result if d.ok else d.error, d.ok) for d in finished]

    async def _call(self, turn: Turn, call: Call) -> ToolFinished:
        started = time.perf_counter()
        result: JsonValue = None
        problem: str | None = None
        try:
            outcome = await self.registry.call(call.name, call.arguments, turn.context, seconds=self._tool_seconds)
            result = outcome.data
            turn.sources.extend(s for s in outcome.sources if s not in turn.sources)
        except QbtcError as error:
            problem = error.detail
        return ToolFinished(
            conversation=turn.conversation, turn=turn.id, call_id=call.id, tool=call.name, ok=problem is None,
            milliseconds=1000 * (time.perf_counter() - started), result=result, error=problem,
        )


def _shown(done: ToolFinished) -> dict[str, JsonValue]:
    return {"ok": done.ok, "milliseconds": round(done.milliseconds, 1), "result": done.result, "error": done.error}
