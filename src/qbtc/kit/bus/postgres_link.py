"""Connections to PostgreSQL that come back: `Link` for statements, `Listener` for notifications.

Statements given to a Link must be safe to repeat, because a lost connection hides whether they were committed.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg
from psycopg import AsyncConnection, sql

from qbtc.kit.errors import Forbidden, Unavailable
from qbtc.kit.logs import get_logger, scrub

log = get_logger(__name__)

Row = tuple[object, ...]
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 1.0


class Link:
    """One autocommit connection, one statement at a time. `generation` counts the connections made."""

    def __init__(self, dsn: str, name: str, settings: str = "") -> None:
        self.generation = 0
        self._dsn, self._name, self._settings = dsn, name, settings
        self._connection: AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._closed = False

    async def call(self, statement: str, params: Sequence[object], *, patience: float) -> list[Row]:
        """Run one statement, reconnecting for up to `patience` seconds; then raises Unavailable."""
        until = time.monotonic() + patience
        pause = FIRST_PAUSE
        async with self._lock:
            while True:
                try:
                    connection = self._connection or await self._connect()
                    cursor = await connection.execute(statement.encode(), params, prepare=True, binary=True)
                    return await cursor.fetchall()
                except psycopg.errors.InsufficientPrivilege as error:
                    raise Forbidden(_first_line(error)) from None
                except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                    await self._drop_if_broken(error)
                    if self._closed or time.monotonic() + pause > until:
                        raise Unavailable(f"the bus database does not answer: {_first_line(error)}") from None
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    async def close(self) -> None:
        self._closed = True
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _connect(self) -> AsyncConnection:
        self._connection = await connect(self._dsn, self._name, self._settings)
        self.generation += 1
        return self._connection

    async def _drop_if_broken(self, error: psycopg.Error) -> None:
        connection = self._connection
        if connection is None:
            if not is_passing(error):
                raise Unavailable(f"the bus database refuses: {_first_line(error)}") from None
        elif connection.closed:
            self._connection = None
            log.warning("bus connection lost", connection=self._name, reason=_first_line(error))
            await connection.close()
        else:
            log.warning("a bus statement failed", connection=self._name, reason=_first_line(error))


class Listener:
    """LISTENs on its own connection and hands payloads over within one event-loop step, also after a reconnect.

    `on_gap` is called after every (re)connect: notifications may have been missed.
    """

    def __init__(self, dsn: str, name: str, on_gap: Callable[[], None]) -> None:
        self._dsn, self._name, self._on_gap = dsn, name, on_gap
        self._heard: dict[str, Callable[[str], None]] = {}
        self._connection: AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._watched: int | None = None
        self._lost = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._lost.set()
        self._task = asyncio.get_running_loop().create_task(self._keep())

    async def listen(self, channel: str, hear: Callable[[str], None]) -> None:
        async with self._lock:
            self._heard[channel] = hear
            if self._connection is not None and not self._lost.is_set():
                await self._subscribe([channel])

    async def forget(self, channel: str) -> None:
        async with self._lock:
            self._heard.pop(channel, None)

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._drop()

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while True:
            await self._lost.wait()
            async with self._lock:
                try:
                    await self._drop()
                    self._connection = await connect(self._dsn, self._name)
                    self._connection.add_notify_handler(self._dispatch)
                    self._lost.clear()
                    await self._subscribe(list(self._heard))
                    pause = FIRST_PAUSE
                except psycopg.Error as error:
                    self._lost.set()
                    log.warning("bus listener cannot connect", reason=_first_line(error))
            if self._lost.is_set():
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            self._on_gap()

    async def _subscribe(self, channels: list[str]) -> None:
        """psycopg watches the same descriptor while it executes, so our reader steps aside for that time."""
        assert self._connection is not None
        self._unwatch()
        try:
            for channel in channels:
                await self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
        except psycopg.OperationalError:
            self._lost.set()
            return
        self._watched = self._connection.fileno()
        asyncio.get_running_loop().add_reader(self._watched, self._readable)
        self._readable()

    def _readable(self) -> None:
        assert self._connection is not None
        pgconn = self._connection.pgconn
        try:
            pgconn.consume_input()
            while (note := pgconn.notifies()) is not None:
                self._hear(note.relname.decode(), note.extra.decode())
        except psycopg.OperationalError as error:
            log.warning("bus listener lost its connection", reason=_first_line(error))
            self._unwatch()
            self._lost.set()

    def _dispatch(self, note: psycopg.Notify) -> None:
        self._hear(note.channel, note.payload)

    def _hear(self, channel: str, payload: str) -> None:
        hear = self._heard.get(channel)
        if hear is not None:
            hear(payload)

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        self._unwatch()
        await connection.close()

    def _unwatch(self) -> None:
        """By the remembered number: a lost connection no longer tells its descriptor."""
        if self._watched is not None:
            asyncio.get_running_loop().remove_reader(self._watched)
            self._watched = None


async def connect(dsn: str, name: str, settings: str = "") -> AsyncConnection:
    return await AsyncConnection.connect(
        dsn,
        autocommit=True,
        application_name=name,
        connect_timeout=5,
        keepalives_idle=10,
        keepalives_interval=5,
        keepalives_count=3,
        options=settings or None,
    )


def is_passing(error: psycopg.Error) -> bool:
    """False for refusals that waiting does not heal: wrong password, unknown role or database."""
    text = str(error)
    return not any(sign in text for sign in ("password", "does not exist", "no pg_hba.conf entry", "not permitted"))


def _first_line(error: psycopg.Error) -> str:
    return scrub(str(error).strip().split("\n")[0])
