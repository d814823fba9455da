"""Bodies of `cio.*`: what is stored, asked, recalled and reflected."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue

from .common import Message, Symbol, Vector26

Text = Annotated[str, Field(min_length=1, max_length=100_000)]
ScopeName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._:-]{0,99}$")]


class StoreMemory(Message):
    """Keep this text verbatim. `owner` is taken from the actor, never from the body."""

    text: Text
    scope: ScopeName = "desk"
    kind: Literal["note", "chat", "market", "trade", "tool", "document"] = "note"
    session: str | None = None
    happened_at: datetime | None = None
    symbol: Symbol | None = None
    state: tuple[Vector26, Vector26] | None = Field(default=None, description="(Re psi, Im psi)")
    metadata: dict[str, JsonValue] = {}


class StoredMemory(Message):
    memory_id: str


class MemoryFilters(Message):
    """What a memory must be to be found. Spans of time are half-open; times need their offset."""

    authors: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(default=(), max_length=100)
    sessions: tuple[Annotated[str, Field(min_length=1, max_length=200)], ...] = Field(default=(), max_length=100)
    metadata: dict[str, JsonValue] = Field(default={}, description="entries that the metadata must hold")
    since: AwareDatetime | None = Field(default=None, description="happened then or later")
    until: AwareDatetime | None = Field(default=None, description="happened before then")
    known_at: AwareDatetime | None = Field(default=None, description="as of then: kept by then, superseded later or never")


class ConsciousnessQuery(Message):
    text: Annotated[str, Field(max_length=10_000)] = ""
    state: tuple[Vector26, Vector26] | None = None
    scope: ScopeName | None = None
    limit: int = Field(default=5, ge=1, le=100)
    filters: MemoryFilters = MemoryFilters()
    asked_at: AwareDatetime | None = Field(
        default=None,
        description="from when `last Tuesday` is counted; null: from now, or from the end of an archive that has ended",
    )


class MemoryHit(Message):
    memory_id: str
    text: str
    kind: str
    scope: str
    happened_at: datetime
    score: float
    legs: dict[str, float] = Field(
        description="what each leg adds to the score: lexical, around, session, vector, when, around_then, author, form, state"
    )
    evidence: dict[str, float] = Field(
        default={},
        description="the numbers behind the legs, and those of no weight: overlap, fidelity, intensity_ratio of the text states",
    )
    symbol: str | None = None
    metadata: dict[str, JsonValue] = {}
    author: str | None = None
    session: str | None = None
    superseded_at: datetime | None = None


class NamedTime(Message):
    """The time that a question names: [start, end), null where it is open."""

    text: str
    start: datetime | None
    end: datetime | None


class Recall(Message):
    """`abstained` says "I don't have that": the hits are then only the nearest there is."""

    hits: tuple[MemoryHit, ...]
    searched: int = Field(ge=0)
    probability: float | None = Field(
        default=None, ge=0, le=1, description="that the best hits hold the answer; null without a question in words, and among under 100 memories"
    )
    threshold: float | None = Field(default=None, ge=0, le=1)
    abstained: bool = False
    named_time: NamedTime | None = None
    foreign_model: str | None = Field(
        default=None, description="a model whose vectors were left out; `qbtc memory reindex` makes them anew"
    )
    erased_since: int = Field(default=0, ge=0, description="with known_at: memories of then that were erased since")


class Reflection(Message):
    """A conclusion with the ids of the memories that say so: what followed similar market moments, or a claim over many memories.

    A claim has no `moment_id`; it has a scope, the 95 % interval of what it estimates where it estimates something, and an expiry.
    """

    reflection_id: str
    symbol: Symbol | None = None
    text_en: str
    text_es: str
    rule: str
    confidence: float = Field(ge=0, le=1)
    bias: float = Field(default=0.0, ge=-1, le=1)
    evidence: tuple[str, ...]
    sample: int = Field(ge=0)
    moment_id: str | None = None
    created_at: datetime
    scope: str = "market"
    low: float | None = None
    high: float | None = None
    expires_at: datetime | None = None
