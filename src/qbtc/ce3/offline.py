"""The offline planner as a model provider: chooses tools by search, then reports their results in words.

It says that it is the offline planner and never writes a sentence that a tool's result does not carry.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

from pydantic import JsonValue

from qbtc.kit.ids import uuid7

from .domain.chat import Call, ChatMessage, Delta, Language, ModelEvent, Result, Stop, Text, ToolCard
from .domain.planner import Choice, Planner
from .domain.slots import symbols, unknown_symbol
from .tools.registry import Registry

Similarity = Callable[[str], Awaitable[Mapping[str, float] | None]]

UNSURE = {
    "en": "I am the offline planner: I answer with tools and have none that fits this. Nearest: {nearest}. Ask `help` for all of them.",
    "es": "Soy el planificador sin conexión: respondo con herramientas y ninguna encaja. Las más cercanas: {nearest}. Escribe `ayuda` para verlas todas.",
}
UNKNOWN = {
    "en": "I know no symbol «{name}». Watched here: {watched}.",
    "es": "No conozco el símbolo «{name}». Aquí se vigilan: {watched}.",
}
FAILED = {"en": "**{name}** did not work: {error}", "es": "**{name}** no ha funcionado: {error}"}

TOO_LARGE = {
    "en": "**{name}** gave more than fits an answer ({cut}); ask for less.",
    "es": "**{name}** ha dado más de lo que cabe en una respuesta ({cut}); pide menos.",
}
MAX_SYMBOLS = 4


async def no_vectors(_text: str) -> Mapping[str, float] | None:
    return None


class OfflinePlanner:
    name = "offline planner"

    def __init__(self, registry: Registry, symbols: Callable[[], Sequence[str]], similarity: Similarity = no_vectors) -> None:
        self._registry, self._symbols, self._similarity = registry, symbols, similarity
        self._planner = Planner(registry.skills())

    async def close(self) -> None:
        """It has no connections."""

    async def stream(
        self, history: Sequence[ChatMessage], tools: Sequence[ToolCard], *, language: Language
    ) -> AsyncIterator[ModelEvent]:
        last = history[-1]
        if last.role == "tool":
            answer = self._report([b for b in last.blocks if isinstance(b, Result)], language)
        else:
            choices = self._planner.choose(last.text, await self._similarity(last.text))
            if choices:
                yield Stop("tools", tuple(call for choice in choices for call in self._calls(choice)))
                return
            answer = self._unsure(last.text, language)
        yield Delta(answer)
        yield Stop("end", (Text(answer),))

    def _calls(self, choice: Choice) -> list[Call]:
        """One call; "price of btc and eth" is one call for each."""
        tool = self._registry.get(choice.tool)
        arguments: dict[str, JsonValue] = tool.read(choice.request, self._symbols())
        named = symbols(choice.request, self._symbols())[:MAX_SYMBOLS]
        if tool.side_effects != "none" or "symbol" not in arguments or len(named) < 2:
            return [Call(uuid7(), choice.tool, arguments)]
        return [Call(uuid7(), choice.tool, {**arguments, "symbol": symbol}) for symbol in named]

    def _report(self, results: Sequence[Result], language: Language) -> str:
        parts = [
            self._said(r, language) if r.ok else FAILED[language].format(name=r.name, error=r.content)
            for r in results
        ]
        return "\n\n".join(parts)

    def _said(self, result: Result, language: Language) -> str:
        if isinstance(result.content, dict) and "cut" in result.content:
            return TOO_LARGE[language].format(name=result.name, cut=result.content["cut"])
        return self._registry.get(result.name).say(result.content, language)

    def _unsure(self, text: str, language: Language) -> str:
        strange = unknown_symbol(text, self._symbols())
        if strange is not None:
            watched = ", ".join(self._symbols()) or "—"
            return UNKNOWN[language].format(name=strange, watched=watched)
        ranked = [choice.tool for choice in self._planner.rank(text)[:3]] or ["help"]
        return UNSURE[language].format(nearest=", ".join(f"`{name}`" for name in ranked))
