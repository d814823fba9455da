"""`qcs_quantum.jobs` in PostgreSQL. Row policies show a job to its owner and to the service itself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic import JsonValue

from qbtc.kit.errors import QbtcError
from qbtc.kit.ids import uuid7
from qbtc.kit.store import Store
from qbtc.qcs.errors import UnknownJob
from qbtc.qcs.jobs.ports import Job, Parameters, State

SERVICE = "service:qcs"
_COLUMNS = "id::text, kind, owner, parameters, state, share, step, result, error, created_at, started_at, ended_at"


class PostgresJobs:
    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, kind: str, owner: str, parameters: Parameters) -> Job:
        rows = await self._store.fetch(
            f"INSERT INTO jobs (id, kind, owner, parameters) VALUES (%s, %s, %s, %s) RETURNING {_COLUMNS}",
            (uuid7(), kind, owner, Jsonb(parameters)),
            user=owner,
        )
        return _job(rows[0])

    async def waiting(self) -> int:
        rows = await self._store.fetch("SELECT count(*) AS n FROM jobs WHERE state = 'queued'", user=SERVICE)
        return int(rows[0]["n"])

    async def one(self, job: str, owner: str) -> Job:
        rows = await self._store.fetch(f"SELECT {_COLUMNS} FROM jobs WHERE id = %s", (_id(job),), user=owner)
        if not rows:
            raise UnknownJob(f"no job {job}; it may be past its retention", field="id")
        return _job(rows[0])

    async def newest(self, owner: str, limit: int) -> list[Job]:
        rows = await self._store.fetch(
            f"SELECT {_COLUMNS} FROM jobs WHERE owner = %s ORDER BY created_at DESC, id DESC LIMIT %s",
            (owner, limit),
            user=owner,
        )
        return [_job(row) for row in rows]

    async def claim(self) -> Job | None:
        rows = await self._store.fetch(
            "UPDATE jobs SET state = 'running', started_at = now() WHERE id = (SELECT id FROM jobs WHERE state = 'queued'"
            f" ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING {_COLUMNS}",
            user=SERVICE,
        )
        return _job(rows[0]) if rows else None

    async def tell(self, job: str, share: float, step: str) -> None:
        await self._store.execute(
            "UPDATE jobs SET share = %s, step = %s WHERE id = %s AND state = 'running'",
            (share, step, job),
            user=SERVICE,
        )

    async def end(self, job: str, state: State, *, result: JsonValue = None, error: QbtcError | None = None) -> bool:
        changed = await self._store.execute(
            "UPDATE jobs SET state = %s, result = %s, error = %s, share = CASE WHEN %s = 'done' THEN 1 ELSE share END,"
            " step = CASE WHEN %s = 'done' THEN 'done' ELSE step END, ended_at = now() WHERE id = %s AND state = 'running'",
            (
                state,
                None if result is None else Jsonb(result),
                Jsonb(error.problem()) if error else None,
                state,
                state,
                job,
            ),
            user=SERVICE,
        )
        return changed > 0

    async def drop(self, job: str) -> bool:
        changed = await self._store.execute(
            "UPDATE jobs SET state = 'cancelled', ended_at = now() WHERE id = %s AND state = 'queued'",
            (_id(job),),
            user=SERVICE,
        )
        return changed > 0

    async def interrupt(self) -> int:
        return await self._store.execute(
            "UPDATE jobs SET state = 'interrupted', ended_at = now() WHERE state = 'running'", user=SERVICE
        )

    async def purge(self, days: int) -> int:
        return await self._store.execute(
            "DELETE FROM jobs WHERE ended_at < now() - make_interval(days => %s)", (days,), user=SERVICE
        )


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UnknownJob(f"{text[:60]!r} is no id of a job", field="id", allowed="a UUID") from None


def _job(row: dict[str, Any]) -> Job:
    return Job(**row)
