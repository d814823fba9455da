"""What a tool is: a name, typed parameters, examples for the planner, a run, and words for its result.

`say` turns the result (and nothing else) into a sentence or a small table in Spanish or English; a model gets the
data itself.
"""

from __future__ import annotations

import hashlib
import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Context as DecimalContext
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from qbtc.ce3.domain.chat import Language
from qbtc.ce3.domain.language import word
from qbtc.ce3.ports import Peers
from qbtc.contracts.tools import Source


class Parameters(BaseModel):
    """Base of a tool's arguments: unknown ones are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoParameters(Parameters):
    pass


@dataclass(frozen=True, slots=True)
class Context:
    """What a run may use: the other services, the watched symbols, the language of the turn."""

    peers: Peers
    symbols: Sequence[str]
    language: Language
    conversation: str
    turn: str = ""
    call: str = ""

    def intent(self) -> str:
        """The same for the same call of the same turn, and for no other: effects outside are named by it."""
        return hashlib.sha256(f"{self.turn}:{self.call}".encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Outcome:
    data: JsonValue
    sources: tuple[Source, ...] = field(default=())


P = TypeVar("P", bound=Parameters)


class Tool(ABC, Generic[P]):
    name: ClassVar[str]
    description: ClassVar[dict[Language, str]]
    side_effects: ClassVar[Literal["none", "stores", "proposes"]] = "none"
    examples: ClassVar[tuple[str, ...]]
    cue: ClassVar[re.Pattern[str] | None] = None
    needs: ClassVar[re.Pattern[str] | None] = None
    parameters: type[P]

    @abstractmethod
    async def run(self, arguments: P, context: Context) -> Outcome: ...

    @abstractmethod
    def say(self, data: JsonValue, language: Language) -> str: ...

    def read(self, text: str, symbols: Sequence[str]) -> dict[str, JsonValue]:
        """Arguments the offline planner finds in the text."""
        return {}


def rows(data: JsonValue, key: str | None = None) -> list[dict[str, JsonValue]]:
    """The list of objects in an answer, whether bare, under `items`, or under `key`."""
    found = data
    if isinstance(data, dict):
        found = data.get(key or "items", data.get("items", []))
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def table(head: Sequence[str], lines: Sequence[Sequence[object]]) -> str:
    """A Markdown table."""
    out = ["| " + " | ".join(head) + " |", "|" + "|".join("---" for _ in head) + "|"]
    out += ["| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines]
    return "\n".join(out)


def _cell(value: object) -> str:
    return "—" if value is None else str(value).replace("|", "\\|").replace("\n", " ")


def number(value: object, language: Language, digits: int = 2) -> str:
    """A number for reading, 1,234.50 or 1.234,50; an em dash when there is none."""
    try:
        text = f"{float(str(value)):,.{digits}f}"
    except (TypeError, ValueError):
        return "—"
    return text.translate(_SWAP) if language == "es" else text


SHORT = DecimalContext(prec=4)
PRICES = frozenset({"price", "average_price", "unrealised", "realised", "fee", "mark"})


def shown(value: JsonValue, key: str, language: Language) -> JsonValue:
    """A cell: numbers without trailing zeros, as each language writes them; prices and money with two decimals, below
    one with four significant digits."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None if value is None else word(value, language)
    text = f"{amount.normalize():,f}"
    if key in PRICES:
        text = f"{amount:,.2f}" if abs(amount) >= 1 else f"{amount.normalize(SHORT):f}"
    return text.translate(_SWAP) if language == "es" else text


_SWAP = str.maketrans(",.", ".,")
