"""A provider that says what it is told, a log in a list, peers that answer from a table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from pydantic import JsonValue

from qbtc.ce3.agent import Agent, Limits, Turn
from qbtc.ce3.domain.chat import ChatMessage, Language, ModelEvent, Text, ToolCard
from qbtc.ce3.ports import M, Provider
from qbtc.ce3.tools.base import Context, NoParameters, Outcome, Parameters, Tool
from qbtc.ce3.tools.registry import Registry
from qbtc.contracts import Message
from qbtc.contracts.tools import Source, TurnEvent

Step = Sequence[ModelEvent] | Exception


class Scripted:
    """One list of events a step; keeps every history it was shown."""

    name = "scripted"

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)
        self.seen: list[list[ChatMessage]] = []

    async def stream(
        self, history: Sequence[ChatMessage], tools: Sequence[ToolCard], *, language: Language
    ) -> AsyncIterator[ModelEvent]:
        self.seen.append(list(history))
        step = self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]
        if isinstance(step, Exception):
            raise step
        for event in step:
            yield event

    async def close(self) -> None:
        """Nothing to give up."""


class ListLog:
    def __init__(self) -> None:
        self.events: list[TurnEvent] = []

    async def append(self, event: TurnEvent) -> None:
        self.events.append(event)

    def kinds(self) -> list[str]:
        return [e.kind for e in self.events]


class TablePeers:
    """Answers by routing key; keeps what it was asked and told."""

    def __init__(self, **answers: Callable[[Message], Message]) -> None:
        self._answers = {key.replace("_", "."): answer for key, answer in answers.items()}
        self.asked: list[tuple[str, Message]] = []
        self.told: list[tuple[str, Message]] = []

    async def ask(self, key: str, body: Message, reply: type[M], *, timeout: float = 5.0) -> M:
        self.asked.append((key, body))
        answer = self._answers[key](body)
        assert isinstance(answer, reply)
        return answer

    async def tell(self, key: str, body: Message) -> None:
        self.told.append((key, body))


class Number(Parameters):
    n: int


class Double(Tool[Number]):
    """Doubles; waits for the others when told to be parallel."""

    name = "double"
    parameters = Number
    description = {"en": "Doubles", "es": "Dobla"}
    examples = ("double",)

    def __init__(self, together: int = 1) -> None:
        self._barrier = asyncio.Barrier(together)

    async def run(self, arguments: Number, context: Context) -> Outcome:
        await self._barrier.wait()
        return Outcome({"double": 2 * arguments.n}, (Source(title="sum", reference="double:1"),))

    def say(self, data: JsonValue, language: Language) -> str:
        return str(data)


class Failing(Tool[NoParameters]):
    name = "failing"
    parameters = NoParameters
    description = {"en": "Fails", "es": "Falla"}
    examples = ("fail",)

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        raise self._error

    def say(self, data: JsonValue, language: Language) -> str:
        return ""


class Endless(Tool[NoParameters]):
    name = "endless"
    parameters = NoParameters
    description = {"en": "Never ends", "es": "No acaba"}
    examples = ("endless",)

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        await asyncio.Event().wait()
        return Outcome(None)

    def say(self, data: JsonValue, language: Language) -> str:
        return ""


def context(peers: TablePeers | None = None, language: Language = "en") -> Context:
    return Context(peers or TablePeers(), ("BTCUSDT", "ETHUSDT"), language, "c1", turn="t1", call="call-1")


def turn(language: Language = "en") -> tuple[Turn, ListLog]:
    log = ListLog()
    return Turn("c1", "t1", context(language=language), log, 0), log


def agent(provider: Provider, *tools: Tool, **limits: float) -> Agent:  # type: ignore[type-arg]
    return Agent(provider, Registry(tools), limits=Limits(**limits))  # type: ignore[arg-type]


def asked(text: str = "hello") -> list[ChatMessage]:
    return [ChatMessage("user", (Text(text),))]
