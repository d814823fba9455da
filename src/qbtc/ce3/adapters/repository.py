"""Conversations, turns and their log in PostgreSQL. Every call acts as one person; row policies do the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Protocol

from psycopg.types.json import Jsonb
from pydantic import JsonValue

from qbtc.ce3.domain.chat import Block, Call, ChatMessage, Opaque, Result, Text
from qbtc.ce3.errors import ConversationTaken, TurnRepeated
from qbtc.contracts import Message
from qbtc.contracts.memory import Reflection
from qbtc.contracts.tools import ToolFinished, ToolRequest, TurnEvent
from qbtc.kit.errors import NotFound
from qbtc.kit.security import Actor
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

SERVICE_USER = "service:ce3"
KEPT_REFLECTIONS = 500
_BLOCKS = {"text": Text, "call": Call, "result": Result, "opaque": Opaque}


class Emit(Protocol):
    async def __call__(self, conn: Connection, key: str, body: Message, *, actor: Actor | None = None) -> str: ...


class Repository:
    def __init__(self, store: Store, emit: Emit, vouch: Callable[[Actor], Actor]) -> None:
        """`vouch` signs Ce3's token that names a person."""
        self._store, self._emit, self._vouch = store, emit, vouch

    async def open_turn(
        self, conn: Connection, turn: str, request: ToolRequest, *, owner: str, traceparent: str | None
    ) -> None:
        """Make the conversation if it is new and store a waiting turn; raises ConversationTaken or TurnRepeated."""
        await conn.execute("SELECT set_config('qbtc.user', %s, true)", (owner,))
        title = _storable((request.text or request.tool or "")[:80])
        await conn.execute(
            "INSERT INTO conversations (id, owner, title) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            (request.conversation, owner, title),
        )
        found = await conn.execute("SELECT 1 FROM conversations WHERE id = %s AND owner = %s", (request.conversation, owner))
        if await found.fetchone() is None:
            raise ConversationTaken(f"conversation {request.conversation!r} is not yours", field="conversation")
        stored = await conn.execute(
            "INSERT INTO turns (id, conversation, owner, state, request, traceparent)"
            " VALUES (%s, %s, %s, 'waiting', %s, %s) ON CONFLICT (id) DO NOTHING",
            (turn, request.conversation, owner, _jsonb(request.model_dump(mode="json")), traceparent),
        )
        if stored.rowcount == 0:
            raise TurnRepeated(f"turn {turn} was taken before")

    async def store_waiting(self, turn: str, request: ToolRequest, *, owner: str, traceparent: str | None) -> None:
        """`open_turn` in a transaction of its own."""
        async with self._store.transaction() as conn:
            await self.open_turn(conn, turn, request, owner=owner, traceparent=traceparent)

    async def claim(self) -> dict[str, JsonValue] | None:
        """Take the oldest waiting turn whose conversation has none running; one claim at a time.

        Two at once would not see each other's turn as running and could take two of the same conversation.
        """
        async with self._store.transaction(user=SERVICE_USER) as conn:
            await conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('ce3.claim', 0))")
            cursor = await conn.execute(
                "UPDATE turns SET state = 'running' WHERE id = (SELECT t.id FROM turns t WHERE t.state = 'waiting'"
                " AND NOT EXISTS (SELECT 1 FROM turns r WHERE r.conversation = t.conversation AND r.state = 'running')"
                " ORDER BY t.created_at, t.id LIMIT 1 FOR UPDATE SKIP LOCKED)"
                " RETURNING id::text, conversation, owner, request, traceparent"
            )
            row = await cursor.fetchone()
        return dict(row) if row else None

    async def interrupted(self) -> list[dict[str, JsonValue]]:
        """Turns that ran when the process died."""
        rows = await self._store.fetch(
            "SELECT id::text, conversation, owner, request FROM turns WHERE state = 'running'", user=SERVICE_USER
        )
        return [dict(row) for row in rows]

    async def close_turn(self, turn: str, state: str) -> None:
        await self._store.execute(
            "UPDATE turns SET state = %s, finished_at = now() WHERE id = %s", (state, turn), user=SERVICE_USER
        )

    async def next_offset(self, conversation: str) -> int:
        rows = await self._store.fetch(
            "SELECT next_offset FROM conversations WHERE id = %s", (conversation,), user=SERVICE_USER
        )
        return int(rows[0]["next_offset"]) if rows else 0

    async def append(self, event: TurnEvent, owner: str) -> None:
        """Write one log entry and publish it, in one transaction, on behalf of the person whose screen it is for."""
        async with self._store.transaction(user=SERVICE_USER) as conn:
            await conn.execute(
                'INSERT INTO events (conversation, "offset", turn, owner, body) VALUES (%s, %s, %s, %s, %s)',
                (event.conversation, event.offset, event.turn, owner, _jsonb(event.model_dump(mode="json"))),
            )
            await conn.execute(
                "UPDATE conversations SET next_offset = %s, updated_at = now() WHERE id = %s",
                (event.offset + 1, event.conversation),
            )
            await self._emit(conn, "ce3.turn.delta", event, actor=self._vouch(Actor(owner, None, "web")))

    async def publish_finished(self, finished: Sequence[ToolFinished], actor: Actor) -> None:
        """Tell everyone what the tools gave, on behalf of the person: it is theirs to keep."""
        if not finished:
            return
        async with self._store.transaction() as conn:
            for done in finished:
                await self._emit(conn, "ce3.tools.finished", done, actor=self._vouch(actor))

    async def save_messages(self, conversation: str, turn: str, owner: str, messages: Sequence[ChatMessage]) -> None:
        async with self._store.transaction(user=SERVICE_USER) as conn:
            for message in messages:
                await conn.execute(
                    "INSERT INTO messages (conversation, turn, owner, role, blocks) VALUES (%s, %s, %s, %s, %s)",
                    (conversation, turn, owner, message.role, _jsonb([_pack(b) for b in message.blocks])),
                )

    async def history(self, conversation: str, turns: int) -> list[ChatMessage]:
        """The messages of the last `turns` turns, oldest first."""
        rows = await self._store.fetch(
            "SELECT role, blocks FROM messages WHERE conversation = %s AND turn IN (SELECT id FROM turns"
            " WHERE conversation = %s ORDER BY created_at DESC LIMIT %s) ORDER BY position",
            (conversation, conversation, turns),
            user=SERVICE_USER,
        )
        return [ChatMessage(row["role"], tuple(_unpack(b) for b in row["blocks"])) for row in rows]

    async def conversations(self, user: str, limit: int = 100) -> list[dict[str, JsonValue]]:
        rows = await self._store.fetch(
            "SELECT id, title, created_at, updated_at, next_offset AS events FROM conversations"
            " ORDER BY updated_at DESC LIMIT %s",
            (limit,),
            user=user,
        )
        return [row | {"created_at": row["created_at"].isoformat(), "updated_at": row["updated_at"].isoformat()} for row in rows]

    async def events(self, user: str, conversation: str, start: int, limit: int = 500) -> list[dict[str, JsonValue]]:
        """Log entries from `start`; raises NotFound when the person has no such conversation."""
        known = await self._store.fetch("SELECT 1 FROM conversations WHERE id = %s", (conversation,), user=user)
        if not known:
            raise NotFound(f"no conversation {conversation!r}", field="conversation")
        rows = await self._store.fetch(
            'SELECT body, at FROM events WHERE conversation = %s AND "offset" >= %s ORDER BY "offset" LIMIT %s',
            (conversation, start, limit),
            user=user,
        )
        return [row["body"] | {"at": row["at"].isoformat()} for row in rows]

    async def keep_reflection(self, conn: Connection, body: Reflection) -> None:
        await conn.execute(
            "INSERT INTO reflections (id, body) VALUES (%s, %s) ON CONFLICT DO NOTHING",
            (body.reflection_id, _jsonb(body.model_dump(mode="json"))),
        )
        await conn.execute(
            "DELETE FROM reflections WHERE id IN (SELECT id FROM reflections ORDER BY at DESC OFFSET %s)", (KEPT_REFLECTIONS,)
        )

    async def latest(self, limit: int) -> list[dict[str, JsonValue]]:
        rows = await self._store.fetch("SELECT body FROM reflections ORDER BY at DESC LIMIT %s", (limit,))
        return [row["body"] for row in rows]


def _storable(text: str) -> str:
    """PostgreSQL keeps neither NUL nor half a surrogate pair; both are shown as the replacement character."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


def _clean(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return _storable(value)
    if isinstance(value, dict):
        return {_storable(key): _clean(item) for key, item in value.items()}
    return [_clean(item) for item in value] if isinstance(value, list) else value


def _jsonb(value: JsonValue) -> Jsonb:
    return Jsonb(_clean(value))


def _pack(block: Block) -> dict[str, JsonValue]:
    kind = next(name for name, cls in _BLOCKS.items() if isinstance(block, cls))
    return {"kind": kind, **asdict(block)}


def _unpack(row: dict[str, JsonValue]) -> Block:
    fields = dict(row)
    return _BLOCKS[str(fields.pop("kind"))](**fields)  # type: ignore[arg-type, no-any-return]
