"""Operations in PostgreSQL: a command and its outbox row are stored together or not at all."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from pydantic import JsonValue

from qbtc.contracts.ui import UiUpdate
from qbtc.kit.errors import NotFound
from qbtc.kit.ids import uuid7
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection
from qbtc.web.domain.commands import Command
from qbtc.web.errors import KeyReused, NotConfirmed

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Operation:
    id: str
    owner: str
    key: str
    status: str
    data: JsonValue
    problem: JsonValue
    trace_id: str | None
    created_at: datetime
    updated_at: datetime

    def view(self) -> dict[str, JsonValue]:
        return {
            "operation_id": self.id,
            "routing_key": self.key,
            "status": self.status,
            "data": self.data,
            "problem": self.problem,
            "trace_id": self.trace_id,
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }


Emit = Callable[[Connection, str], Awaitable[object]]
_COLUMNS = "id, owner, routing_key, status, data, problem, trace_id, created_at, updated_at"


class PostgresOperations:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def accept(self, command: Command, emit: Emit, *, trace_id: str | None) -> tuple[str, bool]:
        """(operation id, is it new). `emit` writes the outbox row in the same transaction. Raises KeyReused."""
        operation_id = uuid7()
        async with self._store.transaction(user=command.owner) as conn:
            cursor = await conn.execute(
                "INSERT INTO operations (id, owner, routing_key, idempotency_key, body_hash, trace_id)"
                " VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (owner, idempotency_key) DO NOTHING",
                (operation_id, command.owner, command.route.key, command.idempotency_key, command.body_hash, trace_id),
            )
            if cursor.rowcount == 0:
                return await self._known(conn, command), False
            await emit(conn, operation_id)
        return operation_id, True

    async def _known(self, conn: Connection, command: Command) -> str:
        cursor = await conn.execute(
            "SELECT id, body_hash FROM operations WHERE owner = %s AND idempotency_key = %s",
            (command.owner, command.idempotency_key),
        )
        row = await cursor.fetchone()
        if row is None or bytes(row["body_hash"]) != command.body_hash:
            raise KeyReused(
                "the same Idempotency-Key came with another command or body before; use a new key",
                field="Idempotency-Key",
            )
        return str(row["id"])

    async def get(self, operation_id: str, *, user: str) -> Operation:
        """One operation that `user` may see ('system' sees all). Raises NotFound."""
        try:
            wanted = UUID(operation_id)
        except ValueError:
            raise NotFound(f"{operation_id!r} is no operation id", field="operation_id", allowed="a UUID") from None
        rows = await self._store.fetch(f"SELECT {_COLUMNS} FROM operations WHERE id = %s", (wanted,), user=user)
        if not rows:
            raise NotFound(f"there is no operation {operation_id}", field="operation_id")
        return _operation(rows[0])

    async def update(self, conn: Connection, update: UiUpdate) -> Operation | None:
        """Apply progress; None when the operation is unknown or already at its end (an end is never undone).

        That nobody reported in time is no end: a late one replaces it.
        """
        await conn.execute("SELECT set_config('qbtc.user', %s, true)", (SYSTEM,))
        cursor = await conn.execute(
            "UPDATE operations SET status = coalesce(%s, status), data = coalesce(%s, data), problem = %s,"
            " expired = false, updated_at = now() WHERE id::text = %s"
            " AND (status NOT IN ('done', 'failed') OR (expired AND %s IN ('done', 'failed')))"
            f" RETURNING {_COLUMNS}",
            (update.status, _jsonb(update.data), _jsonb(update.problem), update.operation_id, update.status),
        )
        row = await cursor.fetchone()
        return _operation(row) if row else None

    async def expire(self, key: str, seconds: float) -> list[Operation]:
        """Fail the open operations of a routing key that had no news for `seconds`; returns them."""
        problem = NotConfirmed(
            f"{key} was not confirmed within {seconds:g} s, so its outcome is unknown;"
            " check the state before you repeat it"
        )
        rows = await self._store.fetch(
            "UPDATE operations SET status = 'failed', expired = true, updated_at = now(),"
            " problem = %s || jsonb_strip_nulls(jsonb_build_object('trace_id', trace_id))"
            " WHERE routing_key = %s AND status IN ('accepted', 'running')"
            f" AND updated_at < now() - make_interval(secs => %s) RETURNING {_COLUMNS}",
            (_jsonb(problem.problem()), key, seconds),
            user=SYSTEM,
        )
        return [_operation(row) for row in rows]

    async def forget(self, days: int) -> int:
        return await self._store.execute(
            "DELETE FROM operations WHERE created_at < now() - make_interval(days => %s)", (days,), user=SYSTEM
        )


def _jsonb(value: object) -> Jsonb | None:
    return None if value is None else Jsonb(value, dumps=json.dumps)


def _operation(row: DictRow) -> Operation:
    return Operation(
        str(row["id"]),
        str(row["owner"]),
        str(row["routing_key"]),
        str(row["status"]),
        row["data"],
        row["problem"],
        row["trace_id"],
        row["created_at"],
        row["updated_at"],
    )
