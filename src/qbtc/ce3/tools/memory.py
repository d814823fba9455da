"""Tools over CIO: remember, recall, and what CIO has reflected lately."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from pydantic import Field, JsonValue

from qbtc.ce3.domain import slots
from qbtc.ce3.domain.chat import Language
from qbtc.contracts.memory import ConsciousnessQuery, Recall, StoredMemory, StoreMemory
from qbtc.contracts.tools import Source
from qbtc.core.language import query_terms

from .base import Context, NoParameters, Outcome, Parameters, Tool, number, rows

_ABOUT_MEMORY = re.compile(
    r"\b(remember|recall|memory|memories|document|documents|note|notes|know about|say|said|told|tell you"
    r"|recuerd\w*|conte|memoria|documento\w*|nota\w*|sabes de|sabes sobre|dije|dijimos|dice|dicen)\b",
    re.IGNORECASE,
)


class ReflectionReader(Protocol):
    async def latest(self, limit: int) -> list[dict[str, JsonValue]]: ...


class ToRemember(Parameters):
    text: str = Field(min_length=1, max_length=20_000, description="what to keep, verbatim")


class ToRecall(Parameters):
    text: str = Field(min_length=1, max_length=2_000, description="what to look for")
    limit: int = Field(default=5, ge=1, le=20)


class Remember(Tool[ToRemember]):
    name = "remember"
    cue = slots.REMEMBER
    parameters = ToRemember
    side_effects = "stores"
    description = {"en": "Keep a text verbatim in long-term memory", "es": "Guarda un texto literal en la memoria"}
    examples = (
        "remember that", "remember this", "note that", "keep in mind that", "write down", "save this in memory",
        "recuerda que", "recuerda esto", "anota que", "ten en cuenta que", "apunta", "guarda esto en la memoria", "memoriza",
    )

    def read(self, text: str, symbols: Sequence[str]) -> dict[str, JsonValue]:
        return {"text": slots.memory_text(text)}

    async def run(self, arguments: ToRemember, context: Context) -> Outcome:
        body = StoreMemory(text=arguments.text, scope="chat", kind="chat", session=context.conversation)
        stored = await context.peers.ask("cio.memory.store", body, StoredMemory)
        data: dict[str, JsonValue] = {"memory_id": stored.memory_id, "text": arguments.text}
        return Outcome(data, (Source(title=arguments.text[:60], reference=f"memory:{stored.memory_id}"),))

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        return f"{'Guardado' if language == 'es' else 'Kept'}: «{row.get('text')}»"


class RecallMemories(Tool[ToRecall]):
    name = "recall"
    needs = _ABOUT_MEMORY
    parameters = ToRecall
    description = {
        "en": "Search long-term memory: notes, chats, trades, market moments, documents",
        "es": "Busca en la memoria: notas, conversaciones, operaciones, momentos de mercado, documentos",
    }
    examples = (
        "what do you remember about", "what did I tell you about", "what do you know about", "search memory for", "recall",
        "what did we say about", "find in my documents", "what do the documents say about", "search the notes",
        "qué recuerdas de", "qué recuerdas sobre", "qué te dije de", "qué sabes de", "busca en la memoria",
        "qué dijimos sobre", "busca en mis documentos", "qué dicen los documentos sobre", "busca en las notas",
    )

    def read(self, text: str, symbols: Sequence[str]) -> dict[str, JsonValue]:
        return {"text": slots.topic(text)}

    async def run(self, arguments: ToRecall, context: Context) -> Outcome:
        query = ConsciousnessQuery(text=arguments.text, limit=arguments.limit)
        found = await context.peers.ask("cio.consciousness.query", query, Recall, timeout=15.0)
        hits: list[JsonValue] = [hit.model_dump(mode="json") for hit in found.hits]
        sources = tuple(Source(title=hit.text[:80], reference=f"memory:{hit.memory_id}") for hit in found.hits)
        return Outcome({"items": hits, "searched": found.searched, "query": arguments.text}, sources)

    def say(self, data: JsonValue, language: Language) -> str:
        row = data if isinstance(data, dict) else {}
        found = rows(row)
        if not found:
            return (
                f"No tengo nada sobre «{row.get('query')}» en {row.get('searched')} recuerdos." if language == "es"
                else f"I have nothing about “{row.get('query')}” in {row.get('searched')} memories."
            )
        wanted = set(query_terms(str(row.get("query"))))
        named = [hit for hit in found if wanted & set(query_terms(str(hit["text"])))]
        near = [hit for hit in found if hit not in named][:NEAR]
        parts = [f"**{row.get('query')}**", *map(_line, named)] if named else [_unmentioned(row, language)]
        if near:
            parts += ["", NEAREST[language], *map(_line, near)]
        return "\n".join(parts)


NEAR = 3
NEAREST = {"en": "Nearest by meaning, perhaps unrelated:", "es": "Lo más cercano por significado, quizá sin relación:"}


def _line(hit: dict[str, JsonValue]) -> str:
    text = str(hit["text"])
    shown = text[:400] + ("…" if len(text) > 400 else "")
    return f"- {shown} *({hit['kind']}, {str(hit['happened_at'])[:16].replace('T', ' ')})*"


def _unmentioned(row: dict[str, JsonValue], language: Language) -> str:
    if language == "es":
        return f"Ninguno de los {row.get('searched')} recuerdos menciona «{row.get('query')}»."
    return f"None of the {row.get('searched')} memories mentions “{row.get('query')}”."


class Reflections(Tool[NoParameters]):
    """Reads what CIO has published; Ce3 keeps the last ones."""

    name = "reflections"
    parameters = NoParameters
    description = {"en": "The latest reflections of the memory with their evidence", "es": "Las últimas reflexiones de la memoria con su evidencia"}
    examples = (
        "what has the memory reflected", "latest reflections", "what did you learn from the market", "any insight",
        "qué ha reflexionado la memoria", "últimas reflexiones", "qué has aprendido del mercado", "alguna conclusión",
    )

    def __init__(self, latest: ReflectionReader) -> None:
        self._latest = latest

    async def run(self, arguments: NoParameters, context: Context) -> Outcome:
        found = await self._latest.latest(5)
        sources = tuple(Source(title="Reflection", reference=f"reflection:{r['reflection_id']}") for r in found)
        return Outcome({"items": list(found)}, sources)

    def say(self, data: JsonValue, language: Language) -> str:
        found = rows(data)
        if not found:
            return "Todavía no hay reflexiones." if language == "es" else "There are no reflections yet."
        key = "text_es" if language == "es" else "text_en"
        return "\n".join(f"- {r[key]} (n = {r['sample']}, {number(r['confidence'], language)})" for r in found)
