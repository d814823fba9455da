"""A connection pool bound to one service's role and schema.

Behind PgBouncer in transaction mode prepared statements would break, so they are off when the DSN says port 6543
(Supabase's transaction pooler) or carries `prepare_threshold=0`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from qbtc.kit.errors import Unavailable
from qbtc.kit.logs import get_logger

log = get_logger(__name__)

Connection = AsyncConnection[DictRow]
Params = Sequence[object] | Mapping[str, object] | None

TRANSACTION_POOLER_PORT = "6543"


class Store:
    """Pool of one service. `transaction(user=…)` sets `qbtc.user` for the row policies of that transaction only."""

    def __init__(self, dsn: str, *, name: str, max_size: int = 8) -> None:
        self.dsn = dsn
        self.after_commit: list[Callable[[Connection], None]] = []
        pooled = conninfo_to_dict(dsn).get("port") == TRANSACTION_POOLER_PORT
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            dsn,
            min_size=1,
            max_size=max_size,
            open=False,
            timeout=5.0,
            max_idle=60.0,
            reconnect_timeout=2.0,
            check=AsyncConnectionPool.check_connection,
            kwargs={
                "row_factory": dict_row,
                "application_name": f"qbtc-{name}",
                "connect_timeout": 5,
                "prepare_threshold": None if pooled else 5,
            },
        )

    async def open(self, *, timeout: float = 30.0) -> None:
        """Open the pool, waiting for the server; raises Unavailable with the server's own words."""
        deadline = asyncio.get_running_loop().time() + timeout
        while True:
            try:
                async with await AsyncConnection.connect(self.dsn, connect_timeout=5):
                    break
            except psycopg.OperationalError as error:
                permanent = "authentication failed" in str(error) or "does not exist" in str(error)
                if permanent or asyncio.get_running_loop().time() > deadline:
                    raise Unavailable(f"cannot reach the database: {error}") from None
                await asyncio.sleep(0.2)
        await self._pool.open()

    async def close(self) -> None:
        await self._pool.close(timeout=3.0)

    @asynccontextmanager
    async def transaction(self, *, user: str | None = None) -> AsyncIterator[Connection]:
        """A transaction; commits at the end of the block, rolls back on an error. Rows are dicts."""
        try:
            async with self._pool.connection() as conn:
                # The pool's check works in autocommit and hides it where it cannot leave it again (cancelled in the middle, say).
                # Then the user would be gone before the first statement, and two statements were no transaction.
                if conn.autocommit:
                    log.warning("a connection came from the pool in autocommit; it is set right")
                    await conn.set_autocommit(False)
                if user is not None:
                    await conn.execute("SELECT set_config('qbtc.user', %s, true)", (user,))
                yield conn
        except PoolTimeout as error:
            raise Unavailable("the database does not answer; it is tried again by itself") from error
        for hook in self.after_commit:
            hook(conn)

    async def fetch(self, sql: str, params: Params = None, *, user: str | None = None) -> list[DictRow]:
        async with self.transaction(user=user) as conn:
            cursor = await conn.execute(sql, params)
            return await cursor.fetchall()

    async def execute(self, sql: str, params: Params = None, *, user: str | None = None) -> int:
        """Run one statement; returns the number of rows it touched."""
        async with self.transaction(user=user) as conn:
            return (await conn.execute(sql, params)).rowcount

    async def ping(self) -> None:
        await self.fetch("SELECT 1")
