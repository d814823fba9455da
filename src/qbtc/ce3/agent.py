"""The agent loop: ask the model, run the tools it wants, until it is done. Every step goes into the turn log.

Tool calls of one step run side by side. A failed tool is a result the model sees, not the end of the turn.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

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
# A larger result is cut, visibly: the log is for people, the model's copy must fit its context.
LOG_BYTES = 16_000
MODEL_BYTES = 200_000
# With any other reason a call may be cut in the middle of its arguments: it is not run.
WITH_CALLS = ("tools", "end", "paused")
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


@dataclass(frozen=True, slots=True)
class Limits:
    """What one turn may take: model calls, seconds in all, seconds a tool."""

    steps: int = 8
    turn_seconds: float = 120.0
    tool_seconds: float = 10.0


class Agent:
    def __init__(self, provider: Provider, registry: Registry, *, limits: Limits) -> None:
        self.provider, self.registry, self.limits = provider, registry, limits

    async def run(self, turn: Turn, history: Sequence[ChatMessage]) -> TurnFinished:
        """Run one turn to its end; errors become an `error` event and are raised after it."""
        try:
            with span("turn", conversation=turn.conversation, model=self.provider.name):
                async with asyncio.timeout(self.limits.turn_seconds):
                    await self._steps(turn, list(history))
        except TimeoutError:
            error = TurnTooLong(f"no answer within {self.limits.turn_seconds:g} s")
            await self._fail(turn, error)
            raise error from None
        except QbtcError as error:
            await self._fail(turn, error)
            raise
        except Exception:
            log.exception("turn crashed", conversation=turn.conversation, turn=turn.id)
            crash = QbtcError("the assistant failed on this request; the log has the reason under this trace id")
            await self._fail(turn, crash)
            raise crash from None
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
        for _ in range(self.limits.steps):
            stop = await self._step(turn, history)
            blocks = stop.blocks if stop.reason in WITH_CALLS else tuple(b for b in stop.blocks if not isinstance(b, Call))
            _keep(turn, history, ChatMessage("assistant", blocks))
            calls = [b for b in blocks if isinstance(b, Call)]
            if calls:
                _keep(turn, history, ChatMessage("tool", tuple(await self._call_all(turn, calls))))
            elif stop.reason != "paused":
                await self._close(turn, stop)
                return
        raise ModelFailed(f"the model wanted more than {self.limits.steps} steps")

    async def _close(self, turn: Turn, stop: Stop) -> None:
        note = NOTES.get(stop.reason)
        if note:
            await turn.write("status", text=note[turn.context.language])

    async def _step(self, turn: Turn, history: Sequence[ChatMessage]) -> Stop:
        language = turn.context.language
        pending, flushed = "\n\n" if turn.text else "", time.monotonic()
        turn.text += pending
        async for event in self.provider.stream(history, self.registry.cards(language), language=language):
            if isinstance(event, Delta):
                pending += event.text
                turn.text += event.text
                if time.monotonic() - flushed >= FLUSH_SECONDS:
                    await turn.write("text", text=pending, model=self.provider.name)
                    pending, flushed = "", time.monotonic()
                continue
            if pending.strip():
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
        context = replace(turn.context, call=call.id)
        try:
            outcome = await self.registry.call(call.name, call.arguments, context, seconds=self.limits.tool_seconds)
            result = capped(outcome.data, MODEL_BYTES)
            turn.sources.extend(s for s in outcome.sources if s not in turn.sources)
        except QbtcError as error:
            problem = error.detail
        except Exception:
            log.exception("tool crashed", tool=call.name, turn=turn.id)
            problem = f"{call.name} failed inside; the log has the reason"
        return ToolFinished(
            conversation=turn.conversation, turn=turn.id, call_id=call.id, tool=call.name, ok=problem is None,
            milliseconds=1000 * (time.perf_counter() - started), result=result, error=problem,
        )


def _shown(done: ToolFinished) -> dict[str, JsonValue]:
    return {"ok": done.ok, "milliseconds": round(done.milliseconds, 1), "result": capped(done.result, LOG_BYTES), "error": done.error}


def _keep(turn: Turn, history: list[ChatMessage], message: ChatMessage) -> None:
    if message.blocks:
        history.append(message)
        turn.messages.append(message)


def capped(value: JsonValue, most: int) -> JsonValue:
    """`value`, or when its JSON is longer than `most` characters: its beginning with a note that says so."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) <= most:
        return value
    return {"cut": f"{len(text)} characters, the first {most} are shown", "beginning": text[:most]}
