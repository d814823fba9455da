"""What each person was shown from the memory, for the hours in which saying it again is an echo. Under the person's row policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from qbtc.kit.store.pool import Connection

DAY: Final = 24.0
"""Hours; `echo_hours` is at most that."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that a person was shown at a time."""

    text: str
    at: datetime


async def note(conn: Connection, person: str, ids: Sequence[str]) -> None:
    """Remember that these memories were shown, and forget what was shown over a day ago; ids that are gone meanwhile are left out."""
    if ids:
        await drop_before(conn, person, DAY)
        await conn.execute(
            "INSERT INTO recalled (person, memory_id) SELECT %s, memory_id FROM memories WHERE memory_id = ANY(%s::uuid[])",
            (person, list(ids)),
        )


async def between(conn: Connection, person: str, start: datetime, end: datetime) -> list[Shown]:
    """What the person was shown in [start, end], oldest first, each text once by its first time."""
    cursor = await conn.execute(
        "SELECT m.text, min(r.at) AS at FROM recalled r JOIN memories m USING (memory_id)"
        " WHERE r.person = %s AND r.at BETWEEN %s AND %s GROUP BY m.memory_id ORDER BY at",
        (person, start, end),
    )
    return [Shown(row["text"], row["at"]) for row in await cursor.fetchall()]


async def drop_before(conn: Connection, person: str, hours: float) -> int:
    """Forget what was shown longer ago; returns how many rows went."""
    cursor = await conn.execute(
        "DELETE FROM recalled WHERE person = %s AND at < now() - make_interval(secs => %s)", (person, hours * 3600)
    )
    return cursor.rowcount
