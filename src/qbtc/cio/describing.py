"""The background task that gives memories their 26 text features and state, in the order in which they were kept.

Velocity looks at the memory before in the same session, N at the newest `PAST` before it of the same owner and scope. J, which
needs the vectors of the conversation, is masked. The computing runs in a thread: a portion takes some tens of milliseconds.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qbtc.contracts.basis26 import SIZE
from qbtc.core.hilbert.types import Real
from qbtc.core.language.text26 import TextState, text_state
from qbtc.kit.metrics import counter
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import memories, text_states
from .adapters.text_states import Undescribed

PORTION, PAST = 200, 1800
IDLE_SECONDS = 5.0
Talk = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Known:
    """What came before a portion: the last state of each session, the vectors of each scope."""

    last: Mapping[Talk, TextState | None]
    past: Mapping[str, list[Real]]


class Describing:
    def __init__(self, store: Store, wake: asyncio.Event) -> None:
        self._store, self._wake = store, wake
        self._made = counter("qbtc_cio_described_total", "Memories given their text features")

    async def run(self) -> None:
        while True:
            self._wake.clear()
            while await self.once():
                pass
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def once(self) -> int:
        """One portion for the desk and one for each person; returns how many memories were described."""
        async with self._store.transaction() as conn:
            people: list[str | None] = [None, *await memories.owners(conn)]
        return sum([await self._portion(person) for person in people])

    async def _portion(self, person: str | None) -> int:
        async with self._store.transaction(user=person) as conn:
            portion = await text_states.waiting(conn, person, limit=PORTION)
            known = await _known(conn, portion)
        if portion:
            states = await asyncio.to_thread(describe, portion, known)
            async with self._store.transaction(user=person) as conn:
                await text_states.put(conn, states, person)
            self._made.inc(len(portion))
        return len(portion)


async def _known(conn: Connection, portion: Sequence[Undescribed]) -> Known:
    last: dict[Talk, TextState | None] = {}
    past: dict[str, list[Real]] = {}
    for one in portion:
        if (one.scope, one.session) not in last:
            last[one.scope, one.session] = await text_states.before(conn, one)
        if one.scope not in past:
            past[one.scope] = await text_states.earlier(conn, one, limit=PAST)
    return Known(last, past)


def describe(portion: Sequence[Undescribed], known: Known) -> dict[str, TextState]:
    """The state of each memory of a portion, by its id; pure."""
    last, found = dict(known.last), dict[str, TextState]()
    past = {scope: list(rows) for scope, rows in known.past.items()}
    for one in portion:
        talk, rows = (one.scope, one.session), past[one.scope][-PAST:]
        earlier = np.array(rows).reshape(-1, 2 * SIZE)
        state = text_state(one.text, last[talk], earlier=earlier)
        found[one.memory_id] = state
        last[talk] = state if one.session is not None else None
        past[one.scope].append(state.vector)
    return found
