"""From a question as it arrives to a question of the domain: the same for HTTP and the bus."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from qbtc.contracts.memory import ConsciousnessQuery, MemoryFilters

from ..domain.ranking import Question
from ..domain.segment import EVERYTHING, Filters
from ..errors import BadMemory


def question_of(body: ConsciousnessQuery, person: str | None, kinds: tuple[str, ...] = ()) -> Question:
    """Raises BadMemory for a span of time that holds nothing."""
    asked = Question(body.text, person, scope=body.scope, kinds=kinds, limit=body.limit)
    return narrowed(asked, body.filters, body.asked_at)


def narrowed(asked: Question, given: MemoryFilters, asked_at: datetime | None) -> Question:
    """The question with its filters and the time of asking. Raises BadMemory."""
    if given.since and given.until and given.since >= given.until:
        raise BadMemory(
            f"nothing happened from {given.since.isoformat()} until before {given.until.isoformat()}",
            field="filters.until",
            allowed="a time after filters.since",
        )
    filters = Filters(
        authors=given.authors,
        since=-math.inf if given.since is None else given.since.timestamp(),
        until=math.inf if given.until is None else given.until.timestamp(),
        known_at=math.inf if given.known_at is None else given.known_at.timestamp(),
    )
    return replace(
        asked,
        filters=EVERYTHING if filters == EVERYTHING else filters,
        sessions=given.sessions,
        metadata=given.metadata,
        asked_at=None if asked_at is None else asked_at.timestamp(),
    )
