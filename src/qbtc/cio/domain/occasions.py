"""How much each memory weighs towards reflecting: its importance, and how surprised a rule is by it. Pure.

Importance is what a memory asks for of attention, by its kind alone: a trade 3, a note or a document 2, a turn of a chat or a market
moment that was kept for a reason 1, any other 0.2. Surprise, of a change of regime: -log2 of the share that this regime had among the
symbol's moments before, by Laplace's rule (count + 1) / (n + kinds + 1), so that what was never seen is no infinite surprise.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .claims import Signal

IMPORTANCE: Final[Mapping[str, float]] = {"trade": 3.0, "note": 2.0, "document": 2.0, "chat": 1.0}
OTHER: Final = 0.2
CHANGED: Final = frozenset(("regime", "fill"))


@dataclass(frozen=True, slots=True)
class Event:
    """A memory as an occasion: when it was kept (UTC nanoseconds), its kind, and of a market moment why and in which regime."""

    memory_id: str
    at: int
    kind: str
    symbol: str | None = None
    reason: str | None = None
    regime: str | None = None


def importance(event: Event) -> float:
    if event.kind == "market":
        return 1.0 if event.reason in CHANGED else OTHER
    return IMPORTANCE.get(event.kind, OTHER)


def signals(events: Iterable[Event], before: Mapping[tuple[str, str], int]) -> list[Signal]:
    """What each event weighs, in order. `before` counts earlier moments by symbol and regime; the events are added to it as they come."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for (symbol, regime), count in before.items():
        seen[symbol][regime] += count
    return [Signal(event.memory_id, event.at, importance(event), _surprise(event, seen)) for event in events]


def _surprise(event: Event, seen: dict[str, Counter[str]]) -> float:
    if event.kind != "market" or event.symbol is None or event.regime is None:
        return 0.0
    known = seen[event.symbol]
    n, count = known.total(), known[event.regime]
    known[event.regime] += 1
    if event.reason != "regime" or n == 0:
        return 0.0
    return -math.log2((count + 1) / (n + len(known) + 1))
