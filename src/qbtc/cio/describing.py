"""The background task that gives memories their 26 text features and state, in the order in which they were kept.

Velocity looks at the memory before in the same session, N at the newest `PAST` before it of the same owner and scope. J, which
needs the vectors of the conversation, is masked. The computing runs in a thread: a portion takes some tens of milliseconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from qbtc.contracts.basis26 import SIZE
from qbtc.core.hilbert.types import Real
from qbtc.core.language.text26 import TextState, text_state
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import text_states
from .adapters.text_states import Undescribed
from .rounds import Rounds

log = get_logger(__name__)

PORTION, PAST = 200, 1800
Talk = tuple[str, str | None]


class Describer(Protocol):
    """`text_state` or what a test puts in its place."""

    def __call__(self, text: str, previous: TextState | None, /, *, earlier: Real) -> TextState: ...


@dataclass(frozen=True, slots=True)
class Known:
    """What came before a portion: the last state of each session, the vectors of each scope."""

    last: Mapping[Talk, TextState | None]
    past: Mapping[str, list[Real]]


@dataclass(frozen=True, slots=True)
class Described:
    """States by memory id, and what went wrong with the others."""

    states: dict[str, TextState] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)


class Describing(Rounds):
    """Gives pending memories their text features."""

    def __init__(self, store: Store, wake: asyncio.Event) -> None:
        super().__init__(store, wake)
        self._made = counter("qbtc_cio_described_total", "Memories given their text features", ("outcome",))

    async def portion(self, person: str | None) -> int:
        async with self._store.transaction(user=person) as conn:
            waiting = await text_states.waiting(conn, person, limit=PORTION)
            known = await _known(conn, waiting)
        if waiting:
            described = await asyncio.to_thread(describe, waiting, known)
            async with self._store.transaction(user=person) as conn:
                await text_states.put(conn, described.states, person)
                await text_states.mark(conn, list(described.failed), "failed")
            self._tell(described)
        return len(waiting)

    def _tell(self, described: Described) -> None:
        for memory_id, error in described.failed.items():
            log.error("a memory cannot be described", memory_id=memory_id, exc_info=error)
        self._made.labels("done").inc(len(described.states))
        self._made.labels("failed").inc(len(described.failed))


async def _known(conn: Connection, portion: Sequence[Undescribed]) -> Known:
    last: dict[Talk, TextState | None] = {}
    past: dict[str, list[Real]] = {}
    for one in portion:
        if (one.scope, one.session) not in last:
            last[one.scope, one.session] = await text_states.before(conn, one)
        if one.scope not in past:
            past[one.scope] = await text_states.earlier(conn, one, limit=PAST)
    return Known(last, past)


def describe(portion: Sequence[Undescribed], known: Known, state_of: Describer = text_state) -> Described:
    """The state of each memory of a portion, by its id; pure.

    A text on which an extractor fails must not hold up those after it: it is left out, and named with its error.
    """
    last, found = dict(known.last), Described()
    past = {scope: list(rows) for scope, rows in known.past.items()}
    for one in portion:
        talk, rows = (one.scope, one.session), past[one.scope][-PAST:]
        try:
            state = state_of(one.text, last[talk], earlier=np.array(rows).reshape(-1, 2 * SIZE))
        except Exception as error:
            found.failed[one.memory_id] = error
            continue
        found.states[one.memory_id] = state
        last[talk] = state if one.session is not None else None
        past[one.scope].append(state.vector)
    return found
