"""What is searched, in memory: one segment for the desk and one a person, kept level with the rows.

Before each search a segment reads what was committed since, words and vectors, so that several processes may write.
Segments of people who do not ask are let go.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from uuid import UUID

from psycopg.rows import DictRow

from qbtc.kit.store.pool import Connection

from ..domain.marks import Mark, marks_of
from ..domain.segment import Entry, Segment
from ..ports import VectorSearch
from .feed import Feed, Place

MAX_PEOPLE = 32
NOBODY = UUID(int=0)

_MEMORIES = Feed(
    "memories",
    "seq",
    least=0,
    columns="memory_id::text AS id, terms, scope, kind, session, marks, author, CASE WHEN marks IS NULL THEN text END AS unmarked,"
    " extract(epoch FROM happened_at)::float8 AS happened, extract(epoch FROM ingested_at)::float8 AS kept",
)


class _Level:
    """A segment and how far it has read, and vectors whose memories it has not read yet."""

    def __init__(self) -> None:
        self.segment = Segment()
        self.memories, self.vectors = Place(), Place()
        self.early: dict[str, bytes] = {}
        self.lock = asyncio.Lock()


class Lexicon:
    """`identity` is the model whose vectors are searched."""

    def __init__(self, search: VectorSearch, identity: str) -> None:
        self._levels: OrderedDict[str | None, _Level] = OrderedDict()
        self._search, self._identity = search, identity
        self._vectors = Feed(
            "embeddings",
            "memory_id",
            least=NOBODY,
            columns=f"memory_id::text AS id, {search.raw} AS raw",
            where="identity = %(identity)s",
        )

    async def segments(self, conn: Connection, person: str | None) -> list[Segment]:
        """The desk's segment and the person's own, level with the rows that `conn` sees."""
        owners: list[str | None] = list(dict.fromkeys((None, person)))
        levels = [self._level(owner) for owner in owners]
        for owner, level in zip(owners, levels, strict=True):
            async with level.lock:
                await self._read_on(conn, owner, level)
        return [level.segment for level in levels]

    def size(self, person: str | None) -> int:
        """Memories that a search for this person goes through."""
        levels = [self._levels.get(owner) for owner in dict.fromkeys((None, person))]
        return sum(len(level.segment) for level in levels if level)

    def forget(self, memory_id: str) -> None:
        for level in self._levels.values():
            level.segment.remove(memory_id)
            level.early.pop(memory_id, None)

    async def _read_on(self, conn: Connection, owner: str | None, level: _Level) -> None:
        def give(found: dict[str, bytes]) -> None:
            names = list(found)
            missing = level.segment.give_vectors(names, self._search.decode(list(found.values()))) if names else []
            level.early = {names[at]: found[names[at]] for at in missing}

        def take(rows: Sequence[DictRow]) -> None:
            give(level.early | {row["id"]: row["raw"] for row in rows})

        await _MEMORIES.read(
            conn, owner, level.memories, lambda rows: level.segment.add_all([_entry(row) for row in rows])
        )
        if level.early:
            give(level.early)
        await self._vectors.read(conn, owner, level.vectors, take, {"identity": self._identity})

    def _level(self, owner: str | None) -> _Level:
        level = self._levels.setdefault(owner, _Level())
        self._levels.move_to_end(owner)
        people = [o for o in self._levels if o is not None]
        for idle in people[: max(0, len(people) - MAX_PEOPLE)]:
            del self._levels[idle]
        return level


def _entry(row: DictRow) -> Entry:
    marks = marks_of(row["unmarked"]) if row["marks"] is None else Mark(row["marks"])
    times = row["happened"], row["kept"]
    return Entry(row["id"], row["terms"], row["scope"], row["kind"], row["session"], row["author"], marks, *times)
