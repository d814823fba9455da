"""Turns as work: stored first, then run one after the other in a conversation, several conversations side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from pydantic import JsonValue

from qbtc.contracts.tools import ToolRequest, TurnEvent, TurnFinished
from qbtc.core.language import detect
from qbtc.kit.errors import QbtcError
from qbtc.kit.ids import uuid7
from qbtc.kit.logs import get_logger
from qbtc.kit.security import Actor
from qbtc.kit.tracing import span

from .adapters.repository import Repository
from .agent import Agent, Turn
from .domain.chat import Call, ChatMessage, Language, Stop, Text
from .ports import Peers
from .tools.base import Context

log = get_logger(__name__)

WORKERS = 4
POLL_SECONDS = 2.0
INTERRUPTED = {
    "en": "The service was restarted during this answer. Nothing was repeated; ask again if you need it.",
    "es": "El servicio se reinició durante esta respuesta. No se ha repetido nada; pregunta otra vez si lo necesitas.",
}

PeersFor = Callable[[Actor], Peers]
Symbols = Callable[[], Sequence[str]]


class OwnedLog:
    """The turn log of one conversation's owner."""

    def __init__(self, repository: Repository, owner: str) -> None:
        self._repository, self._owner = repository, owner

    async def append(self, event: TurnEvent) -> None:
        await self._repository.append(event, self._owner)


class Turns:
    def __init__(
        self, repository: Repository, agent: Agent, peers: PeersFor, symbols: Symbols, *, history_turns: int
    ) -> None:
        self._repository, self._agent, self._peers, self._symbols = repository, agent, peers, symbols
        self._history_turns = history_turns
        self._wake = asyncio.Event()

    def wake(self) -> None:
        self._wake.set()

    async def work(self) -> None:
        """Run what waits, for ever."""
        await self._settle_interrupted()
        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS):
                group.create_task(self._worker())

    async def _worker(self) -> None:
        while True:
            row = await self._repository.claim()
            if row is not None:
                await self._run_row(row)
                continue
            self._wake.clear()
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _run_row(self, row: dict[str, JsonValue]) -> None:
        request = ToolRequest.model_validate(row["request"])
        owner, turn_id = str(row["owner"]), str(row["id"])
        parent = row["traceparent"]
        try:
            with span("ce3.turn", parent=str(parent) if parent else None):
                await self.run(turn_id, request, Actor(owner, None, "web"))
        except QbtcError:
            pass  # it is in the turn log, where the person reads it
        except Exception:
            log.exception("turn crashed", turn=turn_id)

    async def run(self, turn_id: str, request: ToolRequest, actor: Actor) -> TurnFinished:
        """Run one stored turn; its state ends as done or failed whatever happens."""
        state = "failed"
        try:
            finished = await self._run(turn_id, request, actor)
            state = "done"
            return finished
        finally:
            await self._repository.close_turn(turn_id, state)
            self.wake()

    async def _run(self, turn_id: str, request: ToolRequest, actor: Actor) -> TurnFinished:
        language: Language = request.language or detect(request.text or "") or "en"
        context = Context(self._peers(actor), self._symbols(), language, request.conversation)
        offset = await self._repository.next_offset(request.conversation)
        turn = Turn(request.conversation, turn_id, context, OwnedLog(self._repository, actor.user), offset)
        if request.tool is not None:
            return await self._one_call(turn, request)
        asked = ChatMessage("user", (Text(request.text or ""),))
        await turn.write("user", text=request.text)
        history = [*await self._repository.history(request.conversation, self._history_turns), asked]
        turn.messages.append(asked)
        finished = await self._agent.run(turn, history)
        await self._repository.save_messages(turn.conversation, turn.id, actor.user, turn.messages)
        await self._repository.publish_finished(turn.finished)
        return finished

    async def _one_call(self, turn: Turn, request: ToolRequest) -> TurnFinished:
        """One named tool, without a model: the result is the answer."""
        direct = Agent(_Direct(request), self._agent.registry, max_steps=2, turn_seconds=60.0, tool_seconds=30.0)
        finished = await direct.run(turn, [ChatMessage("user", (Text(request.tool or ""),))])
        await self._repository.publish_finished(turn.finished)
        return finished

    async def _settle_interrupted(self) -> None:
        """A turn that ran when the process died: its calls have an unknown outcome, so it is shown, not repeated."""
        for row in await self._repository.interrupted():
            request = ToolRequest.model_validate(row["request"])
            language: Language = request.language or detect(request.text or "") or "en"
            offset = await self._repository.next_offset(request.conversation)
            event = TurnEvent(
                conversation=request.conversation, turn=str(row["id"]), offset=offset, kind="error", text=INTERRUPTED[language]
            )
            await self._repository.append(event, str(row["owner"]))
            await self._repository.close_turn(str(row["id"]), "failed")


class _Direct:
    """A provider that wants exactly one call and then is done."""

    name = "direct call"

    def __init__(self, request: ToolRequest) -> None:
        self._request = request

    async def stream(self, history, tools, *, language):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        if history[-1].role == "tool":
            yield Stop("end", ())
        else:
            yield Stop("tools", (Call(uuid7(), self._request.tool or "", self._request.arguments),))
