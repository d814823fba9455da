"""The PostgreSQL adapter's own promises: a service does through the functions what its contract says, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest
import pytest_asyncio

from qbtc.contracts import QUEUES, Exchange, Queue, ServiceName
from qbtc.kit.bus import Reject
from qbtc.kit.bus.install import install
from qbtc.kit.bus.postgres import PostgresBus
from qbtc.kit.errors import Conflict, Forbidden, Unavailable
from qbtc.testing.bus import message
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.waiting import eventually

pytestmark = pytest.mark.asyncio
ROLES = {"hft": "qbtc_hft", "web": "qbtc_web"}


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    """A server of their own: these tests make and drop the roles, which belong to the whole server."""
    with PostgresServer() as server:
        yield server


@pytest_asyncio.fixture
async def database(postgres: PostgresServer) -> AsyncIterator[str]:
    dsn = postgres.database()
    async with await psycopg.AsyncConnection.connect(dsn) as admin:
        for role in (*ROLES.values(), "stranger"):
            await admin.execute(f"DROP ROLE IF EXISTS {role}".encode())
            await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD 'word'".encode())
        await install(admin, QUEUES, ROLES)
    yield dsn
    async with await psycopg.AsyncConnection.connect(dsn) as admin:
        for role in (*ROLES.values(), "stranger"):
            await admin.execute(f"DROP OWNED BY {role}".encode())
            await admin.execute(f"DROP ROLE {role}".encode())


def as_role(dsn: str, role: str) -> str:
    _, rest = dsn.split("@", 1)
    return f"postgresql://{role}:word@{rest}"


@pytest_asyncio.fixture
async def hft(database: str) -> AsyncIterator[PostgresBus]:
    bus = PostgresBus(as_role(database, "qbtc_hft"), service="hft", patience=2.0)
    await bus.start()
    yield bus
    await bus.close()


async def test_a_service_publishes_its_own_keys_and_no_others(hft: PostgresBus) -> None:
    await hft.publish(message("hft.order.filled"))
    with pytest.raises(Forbidden, match=r"qcs\.quantum\.state"):
        await hft.publish(message("qcs.quantum.state"))


async def test_a_service_consumes_its_own_queues_and_no_others(database: str, hft: PostgresBus) -> None:
    async with await psycopg.AsyncConnection.connect(as_role(database, "qbtc_hft")) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match=r"web\.updates"):
            await connection.execute("SELECT * FROM qbtc_bus.take('web.updates', '{}', 1, '1 s')")
    seen = []

    async def handle(delivery: object) -> None:
        seen.append(delivery)

    await hft.consume("hft.control", handle)
    await hft.publish(message("hft.trading.kill"))
    await eventually(lambda: len(seen) == 1)


async def test_no_service_reads_a_table_of_the_bus(database: str) -> None:
    async with await psycopg.AsyncConnection.connect(as_role(database, "qbtc_hft"), autocommit=True) as connection:
        for table in ("messages", "dead_letters", "replies", "grants", "principals"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                await connection.execute(f"SELECT * FROM qbtc_bus.{table}".encode())


async def test_a_role_that_is_no_service_gets_nothing(database: str) -> None:
    bus = PostgresBus(as_role(database, "stranger"), service="hft", patience=1.0)
    with pytest.raises(Forbidden):
        await bus.start()
    await bus.close()


async def test_a_wrong_password_is_said_at_once(database: str) -> None:
    bus = PostgresBus(as_role(database, "qbtc_hft").replace(":word@", ":wrong@"), service="hft")
    with pytest.raises(Unavailable, match="password") as refused:
        await bus.start()
    assert "wrong@" not in str(refused.value)
    await bus.close()


async def test_web_lists_and_replays_the_dead_letters_of_all_and_hft_only_its_own(
    database: str, hft: PostgresBus
) -> None:
    async def refuse(_: object) -> None:
        raise Reject("no")

    web = PostgresBus(as_role(database, "qbtc_web"), service="web")
    await web.start()
    consumer = await hft.consume("hft.orders", refuse)
    updates = await web.consume("web.updates", refuse)
    await web.publish(message("hft.order.place", order="BTC"), message("web.ui.update"))

    async def both() -> bool:
        return len(await web.dead_letters()) == 2

    await eventually(both)
    await consumer.stop()
    await updates.stop()
    own, every = await hft.dead_letters(), await web.dead_letters()
    assert [d.queue for d in own] == ["hft.orders"] and len(every) == 2
    foreign = next(d.id for d in every if d.queue == "web.updates")
    with pytest.raises(Forbidden):
        await hft.replay([foreign])
    assert await web.replay([d.id for d in every]) == 2
    await web.close()


async def test_install_is_repeatable_and_keeps_what_waits_in_a_queue_that_left(postgres: PostgresServer) -> None:
    dsn = postgres.database()
    old = Queue("old", ServiceName.WEB, Exchange.TOPIC, ("old.#",))
    async with await psycopg.AsyncConnection.connect(dsn) as admin:
        await install(admin, {"old": old})
        await admin.commit()
        bus = PostgresBus(dsn, service="test", topology={"old": old})
        await bus.start()
        await bus.publish(message("old.a"), exchange=Exchange.TOPIC)
        await install(admin, {})
        await install(admin, {})
        await admin.commit()
        with pytest.raises(Exception, match="no queue is bound"):
            await bus.publish(message("old.b"), exchange=Exchange.TOPIC)
        assert (await bus.depths())["old"].ready == 1
        await bus.close()


async def test_install_refuses_a_migration_that_was_changed_after_it_ran(postgres: PostgresServer) -> None:
    async with await psycopg.AsyncConnection.connect(postgres.database()) as admin:
        await install(admin, {})
        await admin.execute("UPDATE qbtc_bus.migrations SET checksum = 'other'")
        with pytest.raises(Conflict, match="0001"):
            await install(admin, {})
