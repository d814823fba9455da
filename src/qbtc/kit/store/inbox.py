"""Effect once: the row `(consumer, message_id)` is written in the same transaction as the effect.

A second delivery of the same message finds the row and gets the stored reply instead of a second effect.
Retention: seven days, longer than any message can live in a queue.
"""

from __future__ import annotations

from .pool import Connection, Store

RETENTION = "7 days"


class Inbox:
    def __init__(self, consumer: str) -> None:
        self.consumer = consumer

    async def first_time(self, conn: Connection, message_id: str) -> bool:
        """True once per message; the caller then makes the effect in the same transaction."""
        cursor = await conn.execute(
            "INSERT INTO inbox (consumer, message_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (self.consumer, message_id),
        )
        return cursor.rowcount == 1

    async def keep_reply(self, conn: Connection, message_id: str, reply: bytes) -> None:
        await conn.execute(
            "UPDATE inbox SET reply = %s WHERE consumer = %s AND message_id = %s", (reply, self.consumer, message_id)
        )

    async def stored_reply(self, conn: Connection, message_id: str) -> bytes | None:
        cursor = await conn.execute(
            "SELECT reply FROM inbox WHERE consumer = %s AND message_id = %s", (self.consumer, message_id)
        )
        row = await cursor.fetchone()
        return bytes(row["reply"]) if row and row["reply"] is not None else None


async def purge(store: Store) -> int:
    """Delete rows older than the retention; returns how many."""
    return await store.execute("DELETE FROM inbox WHERE handled_at < now() - %s::interval", (RETENTION,))
