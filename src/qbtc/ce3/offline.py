"""The offline planner as a model provider: chooses tools by search, then reports their results in words.

It says that it is the offline planner and never writes a sentence that a tool's result does not carry.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from pydantic import JsonValue

from qbtc.kit.ids import uuid7

from .domain.chat import Call, ChatMessage, Delta, Language, ModelEvent, Result, Stop, Text, ToolCard
from .domain.planner import Choice, Planner
from .tools.registry import Registry

Similarity = Callable[[str], Awaitable[Mapping[str, float] | None]]

UNSURE = {
    "en": "I am the offline planner: I answer with tools and have none that fits this. Nearest: {nearest}. Ask `help` for all of them.",
    "es": "Soy el planificador sin conexión: respondo con herramientas y ninguna encaja. Las más cercanas: {nearest}. Escribe `ayuda` para verlas todas.",
}
FAILED = {"en": "**{name}** did not work: {error}", "es": "**{name}** no ha funcionado: {error}"}


async def no_vectors(_text: str) -> Mapping[str, float] | None:
    return None


class OfflinePlanner:
    name = "offline planner"

    def __init__(self, registry: Registry, symbols: Callable[[], Sequence[str]], similarity: Similarity = no_vectors) -> None:
        self._registry, self._symbols, self._similarity = registry, symbols, similarity
        self._planner = Planner(registry.skills())

    async def stream(
        self, history: Sequence[ChatMessage], tools: Sequence[ToolCard], *, language: Language
    ) -> AsyncIterator[ModelEvent]:
        last = history[-1]
        if last.role == "tool":
            answer = self._report([b for b in last.blocks if isinstance(b, Result)], language)
        else:
            choices = self._planner.choose(last.text, await self._similarity(last.text))
            if choices:
                yield Stop("tools", tuple(self._call(choice) for choice in choices))
                return
            answer = self._unsure(last.text, language)
        yield Delta(answer)
        yield Stop("end", (Text(answer),))

    def _call(self, choice: Choice) -> Call:
        arguments: dict[str, JsonValue] = self._registry.get(choice.tool).read(choice.request, self._symbols())
        return Call(uuid7(), choice.tool, arguments)

    def _report(self, results: Sequence[Result], language: Language) -> str:
        parts = [
            self._registry.get(r.name).say(r.content, language)
            if r.ok
            else FAILED[language].format(name=r.name, error=r.content)
            for r in results
        ]
        return "\n\n".join(parts)

    def _unsure(self, text: str, language: Language) -> str:
        ranked = [choice.tool for choice in self._planner.rank(text)[:3]] or ["help"]
        return UNSURE[language].format(nearest=", ".join(f"`{name}`" for name in ranked))
