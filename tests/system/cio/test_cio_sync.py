"""Two live replicas of CIO with a database and a bus each, and a network between them that breaks: the same 26 numbers."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
import pytest_asyncio
from tests.system.cio.conftest import Cio
from tests.system.cio.minds import Minded, minded
from tests.system.cio.test_cio_moments import START, bar
from tests.system.cio.test_cio_process import RUN, Installation, ready

from qbtc.contracts import Role
from qbtc.contracts.memory import StoreMemory
from qbtc.contracts.quantum import QuantumState
from qbtc.contracts.workspace import HeldState, WorkspaceHeard
from qbtc.kit.hearing import held_states
from qbtc.kit.ids import uuid7
from qbtc.kit.messaging import Messenger
from qbtc.kit.security.keys import ensure_keys, write_secret
from qbtc.kit.security.tokens import mint
from qbtc.kit.store import Store
from qbtc.testing.fault_proxy import FaultProxy, Odds, fault_proxy
from qbtc.testing.ports import free_offset
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.prepared import prepared
from qbtc.testing.valkey import ValkeyServer
from qbtc.testing.waiting import eventually, until

pytestmark = pytest.mark.asyncio


NOW = int(time.time()) - START
"""Seconds after the tests' usual bars: moments older than their retention are dropped at a start."""


def moment(second: int, *leading: float, session: str = "s1") -> QuantumState:
    """A bar whose regime changed, with N and its reference, and the hash that its numbers have."""
    made = bar(NOW + second, *leading, session=session, changed=True)
    [state] = made.states
    [held] = held_states([state])
    return made.model_copy(update={"states": (state.model_copy(update={"novelty_reference": uuid7(), "state_hash": held.computed}),)})


@pytest_asyncio.fixture
async def world(cio: Cio) -> AsyncIterator[Minded]:
    made = minded(cio)
    yield made
    await made.mind.syncing.close()
    await made.http.aclose()


async def test_a_kept_moment_is_stated_with_its_26_numbers_and_one_that_is_not_kept_is_not(world: Minded) -> None:
    before = await world.get("/sync")
    assert before["items"] == 0
    await world.say("qcs.quantum.state", moment(0, 0.6, 0.8))
    await world.say("qcs.quantum.state", bar(NOW + 1))
    seen = await world.get("/sync")
    assert (seen["items"], seen["events"], seen["formula"]) == (1, 1, 1)
    assert seen["hash"] != before["hash"]
    [event] = world.mind.syncing.replica.events.values()
    assert event.body is not None
    assert event.body.values[:3] == pytest.approx((1.2, 1.6, 0.0)), "z = Re psi times intensity"
    assert event.body.mask[13] and event.body.reference > 0


async def test_a_hash_that_is_not_that_of_its_numbers_is_counted(world: Minded) -> None:
    await world.say("qcs.quantum.state", moment(0))
    assert ((await world.get("/sync"))["verified"], (await world.get("/sync"))["mismatched"]) == (1, 0)
    await world.say("qcs.quantum.state", bar(NOW + 1))
    assert (await world.get("/sync"))["mismatched"] == 1, "the hash of a plain bar is made up"


async def test_other_services_say_what_they_hold_and_it_is_compared(world: Minded) -> None:
    seen = moment(0)
    await world.say("qcs.quantum.state", seen)
    held = held_states(seen.states)
    await world.say("cio.workspace.heard", WorkspaceHeard(number=1, held=tuple(held)), source="hft")
    other = HeldState(symbol="BTCUSDT", state_id=held[0].state_id, computed="00")
    await world.say("cio.workspace.heard", WorkspaceHeard(number=1, held=(other,)), source="web")
    rows = (await world.get("/sync"))["services"]
    assert {row["service"]: row["same"] for row in rows} == {"hft": True, "web": False}  # type: ignore[attr-defined,union-attr]


async def test_erasing_a_moment_takes_its_numbers_from_every_event_at_once(world: Minded) -> None:
    await world.say("qcs.quantum.state", moment(0))
    await world.get("/sync")
    rows = await world.cio.store.fetch("SELECT memory_id::text AS id FROM moments")
    answer = await world.cio.http.delete(f"/memories/{rows[0]['id']}", headers=world.cio.as_("ana:trader"))
    assert answer.status_code == 204
    kept = await world.cio.store.fetch("SELECT numbers, present FROM sync_events")
    assert [(row["numbers"], row["present"]) for row in kept] == [(None, None)]
    await world.get("/sync")
    [event] = world.mind.syncing.replica.current.values()
    assert event.body is None


async def test_only_a_replica_may_pull_and_a_bad_question_is_refused(world: Minded) -> None:
    body = {"hash": "0" * 64, "heard": {}}
    assert (await world.http.post("/sync/pull", json=body, headers=world.cio.as_("ana:admin"))).status_code == 403
    assert (await world.http.post("/sync/pull", json={"hash": "x", "heard": {}}, headers=world.cio.as_("service:cio"))).status_code in (400, 422)
    assert (await world.http.post("/sync/pull", json=body, headers=world.cio.as_("service:cio"))).status_code == 200


async def test_what_features_and_vectors_share_needs_enough_memories_and_comes_with_its_null(world: Minded) -> None:
    few = await world.http.get("/sync/information", headers=world.cio.as_("ana:viewer"))
    assert (few.status_code, few.json()["type"]) == (400, "urn:qbtc:problem:too-few-memories")
    from qbtc.cio.describing import Describing

    for number in range(24):
        text = f"I doubt that {number} is wise. We lost again!" if number % 2 else f"Buy milk and bread for {number} guests."
        body = StoreMemory(text=text, scope="talk").model_dump(mode="json", exclude_none=True)
        await world.cio.http.post("/memories", json=body, headers=world.cio.as_("ana:viewer"))
    await world.cio.embed_all()
    describing = Describing(world.cio.store, asyncio.Event())
    while await describing.once():
        pass
    found = await world.get("/sync/information?scope=talk&draws=19", user="ana:viewer")
    assert found["memories"] == 24
    assert 0 < float(str(found["information"])) <= min(float(str(found["first"])), float(str(found["second"]))) + 1e-9
    assert 0 < float(str(found["p"])) <= 1


@dataclass
class Replica:
    """One live CIO and QCS's end of its bus."""

    installed: Installation
    proxy: FaultProxy | None = None

    async def sync(self) -> dict[str, object]:
        async with httpx.AsyncClient(base_url=self.installed.url, trust_env=False) as client:
            return dict((await client.get("/sync", headers=self.installed.bearer())).json())

    async def forget(self, memory_id: str) -> None:
        async with httpx.AsyncClient(base_url=self.installed.url, trust_env=False) as client:
            assert (await client.delete(f"/memories/{memory_id}", headers=self.installed.bearer())).status_code == 204

    async def publish(self, *bars: QuantumState) -> None:
        store = Store(self.installed.dsns["qcs"], name="qcs")
        await store.open()
        qcs: Messenger = self.installed.messenger("qcs", store)
        await qcs.bus.start()
        for one in bars:
            await qcs.bus.publish(qcs.envelope("qcs.quantum.state", one), exchange=None)
        await qcs.bus.close()
        await store.close()


def start(home: Path, offset: int, peer: int) -> subprocess.Popen[bytes]:
    env = os.environ | {
        "QBTC_HOME": str(home), "QBTC_PORT_OFFSET": str(offset), "QBTC_CIO_PRICE_TIMEOUT": "0.2",
        "QBTC_CIO_PEERS": f"http://127.0.0.1:{peer}",
    }  # fmt: skip
    with (home / "log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-c", RUN], env=env, stdout=log)


@pytest.fixture(scope="module")
def homes(
    postgres: PostgresServer, valkey: ValkeyServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[list[tuple[Path, dict[str, str], int]]]:
    """Two homes with the same keys, each with a database of its own."""
    first = tmp_path_factory.mktemp("one")
    ensure_keys(first)
    mint(first, role=Role.VIEWER, user="nobody")
    second = tmp_path_factory.mktemp("two") / "home"
    made = []
    for home in (first, second):
        if home is second:
            shutil.copytree(first, second)
        _, dsns = asyncio.run(prepared(postgres, home))
        path = home / "secrets" / "cio.json"
        write_secret(path, path.read_bytes().split(b', "redis_url"')[0].rstrip().rstrip(b"}") + f', "redis_url": "{valkey.url}"}}'.encode())
        made.append((home, dsns, free_offset()))
    yield made


async def test_after_a_partition_both_replicas_hold_the_same_numbers_again(homes: list[tuple[Path, dict[str, str], int]]) -> None:
    (one_home, one_dsns, one_offset), (two_home, two_dsns, two_offset) = homes
    odds = Odds(query=0.3, delay=0.05, stall=0.2)
    async with fault_proxy(8200 + two_offset, seed=1, odds=odds) as to_two, fault_proxy(8200 + one_offset, seed=2, odds=odds) as to_one:
        processes = [start(one_home, one_offset, to_two.port), start(two_home, two_offset, to_one.port)]
        try:
            one, two = (
                Replica(Installation(home, dsns, process, f"http://127.0.0.1:{8200 + offset}"))
                for home, dsns, process, offset in (
                    (one_home, one_dsns, processes[0], one_offset),
                    (two_home, two_dsns, processes[1], two_offset),
                )
            )
            for replica in (one, two):
                await asyncio.to_thread(until, lambda r=replica: ready(r.installed.url, r.installed.process), seconds=120, what="CIO is ready")
            await exchanged(one, two, to_one, to_two)
            await killed_and_back(one, two, processes, (one_home, one_offset, to_two.port))
        finally:
            for process in processes:
                process.kill()
                process.wait(10)


async def exchanged(one: Replica, two: Replica, to_one: FaultProxy, to_two: FaultProxy) -> None:
    await one.publish(*(moment(number * 10, 1.0, number / 9, session="a") for number in range(6)))
    await eventually(lambda: same(one, two, 6), what="both know what one kept, through a network with faults")
    for proxy in (to_one, to_two):
        proxy.part()
    await one.publish(*(moment(100 + number * 10, 1.0, number / 7, session="a") for number in range(5)))
    await two.publish(*(moment(number * 10, -1.0, number / 5, session="b") for number in range(4)))
    await eventually(lambda: holds(one, 11), what="one goes on alone")
    await eventually(lambda: holds(two, 10), what="two goes on alone")
    apart = [await replica.sync() for replica in (one, two)]
    assert apart[0]["hash"] != apart[1]["hash"]
    await eventually(lambda: away(one), what="one says that two is away")
    for proxy in (to_one, to_two):
        proxy.calm()
        proxy.heal()
    began = time.monotonic()
    await eventually(lambda: same(one, two, 15), what="both hold the same again")
    print(f"the same hash {time.monotonic() - began:.2f} s after healing")
    [peer] = (await one.sync())["peers"]  # type: ignore[misc]
    assert peer["divergence"]["differing"] == 4 and peer["divergence"]["items"] == 15  # type: ignore[index]
    with psycopg.connect(one.installed.dsns["cio"], autocommit=True) as conn:
        [(gone,)] = conn.execute("SELECT memory_id::text FROM sync_events WHERE memory_id IS NOT NULL ORDER BY sequence LIMIT 1").fetchall()
    await one.forget(gone)
    await eventually(lambda: same(one, two, 15), what="an erasure reaches the other")
    with psycopg.connect(two.installed.dsns["cio"], autocommit=True) as conn:
        [(left,)] = conn.execute("SELECT count(*) FROM sync_events WHERE numbers IS NULL").fetchall()
    assert left == 1, "the numbers are gone there too"


async def killed_and_back(
    one: Replica, two: Replica, processes: list[subprocess.Popen[bytes]], again: tuple[Path, int, int]
) -> None:
    before = (await one.sync())["hash"]
    processes[0].kill()
    processes[0].wait(10)
    processes[0] = start(*again)
    one.installed = Installation(one.installed.home, one.installed.dsns, processes[0], one.installed.url)
    await asyncio.to_thread(until, lambda: ready(one.installed.url, one.installed.process), seconds=120, what="CIO is back")
    assert (await one.sync())["hash"] == before == (await two.sync())["hash"]


async def same(one: Replica, two: Replica, items: int) -> bool:
    a, b = await one.sync(), await two.sync()
    return a["hash"] == b["hash"] and a["items"] == b["items"] == items


async def holds(replica: Replica, items: int) -> bool:
    return (await replica.sync())["items"] == items


async def away(replica: Replica) -> bool:
    [peer] = (await replica.sync())["peers"]  # type: ignore[misc]
    return peer["same"] is None and bool(peer["problem"])  # type: ignore[index]
