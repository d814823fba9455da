"""The lexical leg: one in-memory segment for the desk and one a person, kept level with the rows.

Before each search the segment reads the rows it does not have yet, so that several processes may write. Sequence
numbers are given before a transaction commits and may therefore appear out of order: rows younger than
`SETTLE_SECONDS` are asked for again until they are older. Segments of people who do not ask are let go.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from psycopg.rows import DictRow

from qbtc.kit.store.pool import Connection

from ..domain.marks import Mark, marks_of
from ..domain.segment import Entry, Segment

SETTLE_SECONDS = 90
BATCH = 5000
MAX_PEOPLE = 32


class _Level:
    """A segment and how far it has read: everything up to `settled`, and the rows in `seen` after that."""

    def __init__(self) -> None:
        self.segment = Segment()
        self.settled = 0
        self.seen: dict[int, float] = {}
        self.lock = asyncio.Lock()


class Lexicon:
    def __init__(self) -> None:
        self._levels: OrderedDict[str | None, _Level] = OrderedDict()

    async def segments(self, conn: Connection, person: str | None) -> list[Segment]:
        """The desk's segment and the person's own, level with the rows that `conn` sees."""
        owners: list[str | None] = list(dict.fromkeys((None, person)))
        levels = [self._level(owner) for owner in owners]
        for owner, level in zip(owners, levels, strict=True):
            async with level.lock:
                while await _read_on(conn, owner, level) == BATCH:
                    pass
        return [level.segment for level in levels]

    def size(self, person: str | None) -> int:
        """Memories that a search for this person goes through."""
        levels = [self._levels.get(owner) for owner in dict.fromkeys((None, person))]
        return sum(len(level.segment) for level in levels if level)

    def forget(self, memory_id: str) -> None:
        for level in self._levels.values():
            level.segment.remove(memory_id)

    def _level(self, owner: str | None) -> _Level:
        level = self._levels.setdefault(owner, _Level())
        self._levels.move_to_end(owner)
        people = [o for o in self._levels if o is not None]
        for idle in people[: max(0, len(people) - MAX_PEOPLE)]:
            del self._levels[idle]
        return level


async def _read_on(conn: Connection, owner: str | None, level: _Level) -> int:
    """Index what is new; returns how many rows came."""
    cursor = await conn.execute(
        "SELECT seq, memory_id::text AS id, terms, scope, kind, session, marks, author,"
        " CASE WHEN marks IS NULL THEN text END AS unmarked,"
        " extract(epoch FROM now() - ingested_at)::float8 AS age"
        " FROM memories WHERE owner IS NOT DISTINCT FROM %(owner)s AND seq > %(after)s AND seq <> ALL(%(seen)s)"
        " ORDER BY seq LIMIT %(batch)s",
        {
            "owner": owner,
            "after": level.settled,
            "seen": list(level.seen),
            "batch": BATCH,
        },
    )
    rows, now = await cursor.fetchall(), asyncio.get_running_loop().time()
    for row in rows:
        level.segment.add(_entry(row))
        level.seen[row["seq"]] = now - row["age"]
    _settle(level, before=now - SETTLE_SECONDS)
    return len(rows)


def _entry(row: DictRow) -> Entry:
    marks = marks_of(row["unmarked"]) if row["marks"] is None else Mark(row["marks"])
    return Entry(row["id"], row["terms"], row["scope"], row["kind"], row["session"], row["author"], marks)


def _settle(level: _Level, *, before: float) -> None:
    """What was written before that time has no late sibling any more and need not be asked for again."""
    old = [seq for seq, written in level.seen.items() if written < before]
    if old:
        level.settled = max(old)
        level.seen = {seq: written for seq, written in level.seen.items() if seq > level.settled}
