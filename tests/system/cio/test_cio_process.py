"""CIO as the process that runs in an installation: cold start, bus, HTTP, drain."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from tests.system.cio.test_cio_moments import bar

from qbtc.contracts import Role
from qbtc.contracts.memory import ConsciousnessQuery, Recall, Reflection, StoredMemory, StoreMemory
from qbtc.contracts.trading import OrderEvent, OrderStatus, OrderType, Side
from qbtc.kit.bus import Delivery, open_bus
from qbtc.kit.embedding import HttpEmbedder
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import KeyRing, Tokens
from qbtc.kit.security.keys import ensure_keys, write_secret
from qbtc.kit.security.tokens import Actor, mint
from qbtc.kit.settings import Platform
from qbtc.kit.store import Outbox, Store
from qbtc.testing.ports import free_offset
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.prepared import prepared
from qbtc.testing.valkey import ValkeyServer
from qbtc.testing.waiting import eventually, until

pytestmark = pytest.mark.asyncio

RUN = "import sys; from qbtc.cio.service import SPEC; from qbtc.kit.runtime import run; sys.exit(run(SPEC))"


@dataclass(frozen=True)
class Installation:
    home: Path
    dsns: dict[str, str]
    process: subprocess.Popen[bytes]
    url: str

    def messenger(self, name: str, store: Store) -> Messenger:
        tokens = Tokens(KeyRing(self.home), name, Platform(home=self.home).instance)
        return Messenger(name, store, open_bus(self.dsns[name], service=name), Outbox(store), tokens)

    def bearer(self, role: Role = Role.TRADER) -> dict[str, str]:
        return {"Authorization": f"Bearer {mint(self.home, role=role, user='ana')}"}


@pytest.fixture(scope="module")
def installed(
    postgres: PostgresServer, valkey: ValkeyServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    home = tmp_path_factory.mktemp("home")
    ensure_keys(home)
    _, dsns = asyncio.run(prepared(postgres, home))
    path = home / "secrets" / "cio.json"
    write_secret(path, path.read_bytes().rstrip()[:-1] + f', "redis_url": "{valkey.url}"}}'.encode())
    offset = free_offset()
    env = os.environ | {"QBTC_HOME": str(home), "QBTC_PORT_OFFSET": str(offset), "QBTC_CIO_PRICE_TIMEOUT": "0.3"}
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-c", RUN], env=env, stdout=log)
    try:
        url = f"http://127.0.0.1:{8200 + offset}"
        until(lambda: ready(url, process), what="CIO is ready")
        yield Installation(home, dsns, process, url)
    finally:
        process.kill()
        process.wait(10)


def ready(url: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "CIO ended before it was ready"
    try:
        return httpx.get(f"{url}/health/ready", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest_asyncio.fixture
async def http(installed: Installation) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=installed.url, headers=installed.bearer(), trust_env=False) as client:
        yield client


@pytest_asyncio.fixture
async def ce3(installed: Installation) -> AsyncIterator[Messenger]:
    """Ce3's end of the bus."""
    store = Store(installed.dsns["ce3"], name="ce3")
    await store.open()
    made = installed.messenger("ce3", store)
    await made.bus.start()
    yield made
    await made.bus.close()
    await store.close()


async def test_a_cold_cio_is_ready_before_the_model_is_loaded(http: httpx.AsyncClient) -> None:
    status = (await http.get("/status")).json()
    assert status["model"]["loaded"] is False
    assert status["memory_bytes"] < 150_000_000


async def test_store_and_recall_over_the_bus(ce3: Messenger, installed: Installation) -> None:
    actor = ce3.tokens.on_behalf(Actor("ana", Role.VIEWER, "web"))
    stored = await ce3.request(
        "cio.memory.store",
        StoreMemory(text="the axolotl trade closed flat", scope="chat", kind="chat"),
        reply=StoredMemory,
        actor=actor,
    )
    query = ConsciousnessQuery(text="axolotl")
    mine = await ce3.request("cio.consciousness.query", query, reply=Recall, actor=actor)
    assert [hit.memory_id for hit in mine.hits] == [stored.memory_id]
    nobody = await ce3.request("cio.consciousness.query", query, reply=Recall)
    assert nobody.hits == ()


async def test_vectors_follow_by_themselves_and_other_services_embed_over_http(
    http: httpx.AsyncClient, ce3: Messenger, installed: Installation
) -> None:
    key = (await http.post("/memories", json={"text": "a vector will follow"})).json()["memory_id"]

    async def embedded() -> bool:
        return (await http.get(f"/memories/{key}")).json()["embedded_by"] is not None

    await eventually(embedded, what="the vector is there")
    client = HttpEmbedder(installed.url, ce3.tokens.as_service)
    rows = await client.embed(["uno", "dos"], "query")
    await client.close()
    assert rows.shape == (2, 384)


async def test_a_quantum_state_becomes_a_moment_and_a_reflection_on_the_bus(
    ce3: Messenger, installed: Installation
) -> None:
    heard: asyncio.Queue[Reflection] = asyncio.Queue()

    async def hear(delivery: Delivery) -> None:
        await heard.put(Reflection.model_validate(delivery.envelope.data, strict=False))

    await ce3.bus.consume("ce3.reflections", hear)
    store = Store(installed.dsns["qcs"], name="qcs")
    await store.open()
    qcs = installed.messenger("qcs", store)
    await qcs.bus.start()
    await qcs.bus.publish(qcs.envelope("qcs.quantum.state", bar(0)), exchange=None)
    async with asyncio.timeout(20):
        reflection = await heard.get()
    await qcs.bus.close()
    await store.close()
    assert (reflection.symbol, reflection.sample, reflection.bias) == ("BTCUSDT", 0, 0.0)


async def test_facts_follow_by_themselves_and_go_with_their_memory(http: httpx.AsyncClient) -> None:
    key = (await http.post("/memories", json={"text": "I live in Ollantaytambo.", "scope": "journal"})).json()["memory_id"]

    async def believed() -> list[str]:
        items = (await http.get("/facts", params={"text": "Ollantaytambo"})).json()["items"]
        return [item["value"] for item in items]

    async def there() -> bool:
        return await believed() == ["Ollantaytambo"]

    await eventually(there, what="the fact is there")
    assert (await http.delete(f"/memories/{key}")).status_code == 204
    assert await believed() == []


async def test_fills_become_a_claim_that_others_hear_of(ce3: Messenger, installed: Installation, http: httpx.AsyncClient) -> None:
    heard: asyncio.Queue[Reflection] = asyncio.Queue()

    async def hear(delivery: Delivery) -> None:
        await heard.put(Reflection.model_validate(delivery.envelope.data, strict=False))

    await ce3.bus.consume("ce3.reflections", hear)
    store = Store(installed.dsns["hft"], name="hft")
    await store.open()
    hft = installed.messenger("hft", store)
    await hft.bus.start()
    for number in range(10):
        for side, price in ((Side.BUY, "100"), (Side.SELL, "101")):
            await hft.bus.publish(hft.envelope("hft.order.filled", filled(number, side, price)), exchange=None)

    async def kept() -> bool:
        return len((await http.get("/memories", params={"kind": "trade"})).json()["items"]) == 20

    await eventually(kept, what="all fills are memories")
    made = (await http.post("/reflections", json={})).json()
    assert {row["rule"] for row in made["kept"]} >= {"win-share/1", "mean-result/1"}
    async with asyncio.timeout(20):
        claims = [one for one in [await heard.get(), await heard.get()] if one.moment_id is None]
    await hft.bus.close()
    await store.close()
    assert {one.rule for one in claims} == {"win-share/1", "mean-result/1"}
    assert all(one.sample == 10 and len(one.evidence) == 20 and one.expires_at for one in claims)


def filled(number: int, side: Side, price: str) -> OrderEvent:
    return OrderEvent(
        client_order_id=f"{number}{side}", symbol="BTCUSDT", side=side, type=OrderType.MARKET, status=OrderStatus.FILLED, quantity="1",
        fill_price=price, fill_quantity="1", strategy="mm", at=10**18 + number * 10**9 + (side is Side.SELL) * 10**6, trade_id=f"{number}{side}", venue="local",
    )  # fmt: skip


async def test_sigterm_drains_and_exits_with_zero(installed: Installation) -> None:
    installed.process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(installed.process.wait, 20) == 0
