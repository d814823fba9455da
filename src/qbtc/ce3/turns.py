"""Turns as work: stored first, then run one after the other in a conversation, several conversations side by side.

Whoever asks (the bus, a service, HTTP) stores a waiting turn; only the workers here run one, and each at most once. A
turn that was cut short by the end of the process is shown as interrupted at the next start: what its tools did is not
known, so nothing of it is repeated.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

from pydantic import JsonValue

from qbtc.contracts.tools import ToolRequest, TurnEvent, TurnFinished
from qbtc.kit.errors import QbtcError, Unavailable
from qbtc.kit.logs import get_logger
from qbtc.kit.security import Actor
from qbtc.kit.store.pool import Connection
from qbtc.kit.tracing import current_traceparent, span

from .adapters.repository import Repository
from .agent import Agent, Turn
from .domain.chat import Call, ChatMessage, Language, ModelEvent, Stop, Text, ToolCard
from .domain.language import language_of
from .ports import Peers
from .tools.base import Context

log = get_logger(__name__)

T = TypeVar("T")

POLL_SECONDS = 2.0
RETRY_SECONDS = 1.0
STOPPING = "the service is stopping; ask again in a moment"
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
        self, repository: Repository, agent: Agent, peers: PeersFor, symbols: Symbols, *, history_turns: int, workers: int
    ) -> None:
        self._repository, self._agent, self._peers, self._symbols = repository, agent, peers, symbols
        self._history_turns, self._workers = history_turns, workers
        self._wake = asyncio.Event()
        self._dirty: set[int] = set()
        self._awaited: dict[str, asyncio.Future[TurnFinished]] = {}
        self._stopping = False

    def stop(self) -> None:
        """Tell everyone who waits, while they can still be answered: a thread that waits on would outlive the loop."""
        self._stopping = True
        for future in self._awaited.values():
            _tell(future, Unavailable(STOPPING))

    def wake(self) -> None:
        self._wake.set()

    def wake_after(self, conn: Connection) -> None:
        """Wake the workers when this transaction is committed: before, they would find nothing."""
        self._dirty.add(id(conn))

    def committed(self, conn: Connection) -> None:
        if id(conn) in self._dirty:
            self._dirty.discard(id(conn))
            self.wake()

    async def submit(self, turn_id: str, request: ToolRequest, owner: str) -> TurnFinished:
        """Store a turn and wait for its end. Raises the turn's own error, ConversationTaken, TurnRepeated or Unavailable.

        The turn goes on when the caller stops waiting.
        """
        if self._stopping:
            raise Unavailable(STOPPING)
        future: asyncio.Future[TurnFinished] = asyncio.get_running_loop().create_future()
        self._awaited[turn_id] = future
        try:
            await self._repository.store_waiting(turn_id, request, owner=owner, traceparent=current_traceparent())
            self.wake()
            return await future
        finally:
            self._awaited.pop(turn_id, None)

    async def work(self) -> None:
        """Run what waits, for ever."""
        for row in await self._repository.interrupted():
            await self._settle(row)
        async with asyncio.TaskGroup() as group:
            for _ in range(self._workers):
                group.create_task(self._worker())

    async def _worker(self) -> None:
        while True:
            row = await _until_it_works(self._repository.claim, "the next turn could not be read")
            if row is not None:
                await self._run_row(row)
                self.wake()
                continue
            self._wake.clear()
            try:
                async with asyncio.timeout(POLL_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def _run_row(self, row: dict[str, JsonValue]) -> None:
        """One claimed turn to its stored end. Being cancelled leaves it open: the next start shows it as interrupted."""
        turn_id, parent = str(row["id"]), row["traceparent"]
        future = self._awaited.get(turn_id)
        try:
            with span("ce3.turn", parent=str(parent) if parent else None):
                finished = await self._run(turn_id, ToolRequest.model_validate(row["request"]), str(row["owner"]))
            await _until_it_works(lambda: self._repository.close_turn(turn_id, "done"), "a turn could not be closed")
            _tell(future, finished)
        except QbtcError as error:
            await _until_it_works(lambda: self._repository.close_turn(turn_id, "failed"), "a turn could not be closed")
            _tell(future, error)
        except Exception:
            log.exception("turn crashed", turn=turn_id)
            await _until_it_works(lambda: self._settle(row), "a crashed turn could not be settled")
            _tell(future, QbtcError("the turn broke off; the log has the reason"))

    async def _run(self, turn_id: str, request: ToolRequest, owner: str) -> TurnFinished:
        language: Language = request.language or language_of(request.text or "")
        actor = Actor(owner, None, "web")
        context = Context(self._peers(actor), self._symbols(), language, request.conversation, turn=turn_id)
        offset = await self._repository.next_offset(request.conversation)
        turn = Turn(request.conversation, turn_id, context, OwnedLog(self._repository, owner), offset)
        try:
            return await (self._one_call(turn, request) if request.tool is not None else self._chat(turn, request, owner))
        finally:
            await self._repository.publish_finished(turn.finished, actor)

    async def _chat(self, turn: Turn, request: ToolRequest, owner: str) -> TurnFinished:
        asked = ChatMessage("user", (Text(request.text or ""),))
        await turn.write("user", text=request.text)
        history = [*await self._repository.history(request.conversation, self._history_turns), asked]
        turn.messages.append(asked)
        finished = await self._agent.run(turn, history)
        await self._repository.save_messages(turn.conversation, turn.id, owner, turn.messages)
        return finished

    async def _one_call(self, turn: Turn, request: ToolRequest) -> TurnFinished:
        """One named tool, without a model: the result is the answer."""
        direct = Agent(_Direct(request), self._agent.registry, limits=self._agent.limits)
        return await direct.run(turn, [ChatMessage("user", (Text(request.tool or ""),))])

    async def _settle(self, row: dict[str, JsonValue]) -> None:
        """A turn that was cut short: its calls have an unknown outcome, so it is shown, not repeated."""
        request = ToolRequest.model_validate(row["request"])
        language: Language = request.language or language_of(request.text or "")
        event = TurnEvent(
            conversation=request.conversation, turn=str(row["id"]), kind="error", text=INTERRUPTED[language],
            offset=await self._repository.next_offset(request.conversation),
        )
        await self._repository.append(event, str(row["owner"]))
        await self._repository.close_turn(str(row["id"]), "failed")


class _Direct:
    """A provider that wants exactly one call and then is done."""

    name = "direct call"

    def __init__(self, request: ToolRequest) -> None:
        self._request = request

    async def close(self) -> None:
        """It has no connections."""

    async def stream(
        self, history: Sequence[ChatMessage], tools: Sequence[ToolCard], *, language: Language
    ) -> AsyncIterator[ModelEvent]:
        if history[-1].role == "tool":
            yield Stop("end", ())
        else:
            yield Stop("tools", (Call("call-1", self._request.tool or "", self._request.arguments),))


async def _until_it_works(work: Callable[[], Awaitable[T]], what: str) -> T:
    """The database comes back by itself; what a turn ended as must not be forgotten meanwhile."""
    while True:
        try:
            return await work()
        except Exception as error:
            log.warning(what, error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(RETRY_SECONDS)


def _tell(future: asyncio.Future[TurnFinished] | None, end: TurnFinished | QbtcError) -> None:
    if future is None or future.done():
        return
    if isinstance(end, QbtcError):
        future.set_exception(end)
    else:
        future.set_result(end)
