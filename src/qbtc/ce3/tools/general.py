"""Tools that need no other service: what can you do, and the time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from qbtc.ce3.domain.chat import Language
from qbtc.ce3.domain.language import language_of

from .base import Context, NoParameters, Outcome, Tool, rows


class Help(Tool[NoParameters]):
    name = "help"
    parameters = NoParameters
    description = {"en": "What the assistant can do, with an example each", "es": "Qué sabe hacer el asistente, con un ejemplo de cada cosa"}
    examples = (
        "what can you do", "help", "which tools do you have", "how do I use this", "who are you", "hello", "hi",
        "qué sabes hacer", "ayuda", "qué herramientas tienes", "cómo se usa esto", "quién eres", "qué puedes hacer", "hola",
    )

    def __init__(self, tools: Callable[[], Sequence[Tool[Any]]]) -> None:
        self._tools = tools

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        language = context.language
        found: list[JsonValue] = [
            {"name": t.name, "description": t.description[language], "example": _example(t.examples, language)}
            for t in self._tools()
        ]
        return Outcome({"items": found})

    def say(self, data: JsonValue, language: Language) -> str:
        intro = "Puedo hacer esto:" if language == "es" else "I can do this:"
        lines = [f"- **{r['name']}**: {r['description']} — «{r['example']}»" for r in rows(data)]
        return "\n".join([intro, "", *lines])


def _example(examples: Sequence[str], language: Language) -> str:
    """The first that is in this language."""
    return next((text for text in examples if language_of(text) == language), examples[0])


class Clock(Tool[NoParameters]):
    name = "clock"
    parameters = NoParameters
    description = {"en": "The present date and time (UTC)", "es": "La fecha y hora actuales (UTC)"}
    examples = ("what time is it", "what is the date today", "qué hora es", "qué día es hoy", "fecha de hoy")

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        return Outcome({"utc": datetime.now(UTC).isoformat(timespec="seconds")})

    def say(self, data: JsonValue, language: Language) -> str:
        moment = str(data["utc"]) if isinstance(data, dict) else ""
        return f"{'Son las' if language == 'es' else 'It is'} {moment[11:19]} UTC, {moment[:10]}."
