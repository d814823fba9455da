"""What a replay found, for people and for programs."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

REQUESTS = ("order", "cancel", "refusal")
"""Kinds of what the core says that are compared: requests, and orders that the risk gate kept back."""


@dataclass(frozen=True, slots=True)
class Request:
    """`words` of an order or a cancel are the request's own bytes, as text."""

    kind: str
    words: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


@dataclass(frozen=True, slots=True)
class Difference:
    """The first one. `number` counts what was heard, from 1; `at` is UTC."""

    number: int
    at: str
    heard: str
    recorded: Request | None
    replayed: Request | None
    why: str
    state: dict[str, Any]


@dataclass(slots=True)
class Outcome:
    """`equal` and `recorded` count requests by kind; `views` are calls of a strategy that led to something: how many saw
    and left the same bytes, of how many."""

    path: str
    tier: str
    strategies: list[str]
    begun: str
    heard: int = 0
    frames: int = 0
    equal: Counter[str] = field(default_factory=Counter)
    recorded: Counter[str] = field(default_factory=Counter)
    views: int = 0
    views_equal: int = 0
    difference: Difference | None = None
    ended: str = ""
    """Why the recording ends; empty: it was cut."""
    lost: int = 0
    changed: list[str] = field(default_factory=list)
    """Strategies whose file is not what was recorded."""

    @property
    def same(self) -> bool:
        return self.difference is None

    @property
    def share(self) -> float:
        """Of the recorded requests, those that were reproduced."""
        total = sum(self.recorded.values())
        return sum(self.equal.values()) / total if total else 1.0

    def document(self) -> dict[str, Any]:
        """As JSON."""
        row = asdict(self)
        return row | {"equal": dict(self.equal), "recorded": dict(self.recorded), "share": self.share, "same": self.same}
