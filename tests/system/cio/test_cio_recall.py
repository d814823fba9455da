"""Recall by words, meaning and 26D state, over HTTP and the bus handlers."""

from __future__ import annotations

import asyncio

import pytest
from tests.system.cio.conftest import NOW, Cio, unit

from qbtc.cio.adapters.state_cache import PREFIX
from qbtc.contracts import Envelope
from qbtc.contracts.memory import ConsciousnessQuery, Recall, StoredMemory, StoreMemory

pytestmark = pytest.mark.asyncio

ANA = "ana:viewer"


def envelope(key: str) -> Envelope:
    return Envelope(id="0", source="ce3", type=key, time=NOW, dataschema="x", data={})


async def fill(cio: Cio, *bodies: dict[str, object]) -> list[str]:
    keys = []
    for body in bodies:
        answer = await cio.http.post("/memories", json=body, headers=cio.as_(ANA))
        keys.append(answer.json()["memory_id"])
    await cio.embed_all()
    return keys


async def recall(cio: Cio, **body: object) -> list[dict[str, object]]:
    answer = await cio.http.post("/recall", json=body, headers=cio.as_(ANA))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["hits"])


async def test_words_and_meaning_both_find_and_each_hit_says_which(cio: Cio) -> None:
    await fill(
        cio,
        {"text": "We moved the stop loss of the ether position to break even."},
        {"text": "El perro durmió toda la tarde en el jardín."},
        {"text": "The invoice of the electricity company is due on Friday."},
    )
    hits = await recall(cio, text="stop loss of ether")
    assert "stop loss" in str(hits[0]["text"])
    assert {"lexical", "vector"} <= set(hits[0]["legs"])
    across = await recall(cio, text="the dog slept in the garden")
    assert "perro" in str(across[0]["text"])


async def test_an_empty_memory_answers_with_nothing(cio: Cio) -> None:
    answer = await cio.http.post("/recall", json={"text": "anything"}, headers=cio.as_(ANA))
    assert answer.json() | {"hits": [], "searched": 0, "abstained": True, "probability": 0.0} == answer.json()


async def test_an_empty_question_finds_nothing(cio: Cio) -> None:
    await fill(cio, {"text": "something"})
    assert await recall(cio, text="") == []


async def test_scope_kind_and_limit_are_obeyed(cio: Cio) -> None:
    await fill(
        cio,
        {"text": "bitcoin note on the desk"},
        {"text": "bitcoin trade on the desk", "kind": "trade"},
        {"text": "bitcoin note in the journal", "scope": "journal"},
    )
    assert len(await recall(cio, text="bitcoin")) == 3
    assert len(await recall(cio, text="bitcoin", limit=1)) == 1
    assert [h["kind"] for h in await recall(cio, text="bitcoin", kinds=["trade"])] == ["trade"]
    assert [h["scope"] for h in await recall(cio, text="bitcoin", scope="journal")] == ["journal"]


async def test_a_state_finds_its_like_and_not_its_mirror(cio: Cio) -> None:
    real, imaginary = unit(1.0, 2.0, 3.0)
    mirror = (tuple(-x for x in real), imaginary)
    like, _ = await fill(cio, {"text": "rally", "state": unit(1.0, 2.0, 2.5)}, {"text": "crash", "state": mirror})
    hits = await recall(cio, state=(real, imaginary))
    assert [h["memory_id"] for h in hits] == [like]
    assert set(hits[0]["legs"]) == {"state"}


async def test_cached_states_come_back_after_the_cache_lost_everything(cio: Cio) -> None:
    [key] = await fill(cio, {"text": "moment", "state": unit(1.0, 2.0)})
    first = await recall(cio, state=unit(1.0, 2.0))
    assert 0 < await cio.cache.redis.ttl(PREFIX + key) <= 60
    await cio.cache.redis.flushall()
    assert await recall(cio, state=unit(1.0, 2.0)) == first
    assert await cio.cache.redis.exists(PREFIX + key)


async def test_vectors_of_another_model_are_never_compared(cio: Cio) -> None:
    await fill(cio, {"text": "El perro durmió en el jardín."})
    await cio.store.execute("UPDATE embeddings SET identity = 'other-model/1'")
    assert await recall(cio, text="the dog slept in the garden") == []


async def test_a_memory_is_found_by_words_before_its_vector_exists(cio: Cio) -> None:
    await cio.http.post("/memories", json={"text": "zirconium futures"}, headers=cio.as_(ANA))
    hits = await recall(cio, text="zirconium")
    (hit,) = hits
    assert "lexical" in hit["legs"]
    assert "vector" not in hit["legs"]
    assert hit["score"] == pytest.approx(sum(hit["legs"].values()))


async def test_concurrent_writers_and_readers_lose_nothing(cio: Cio) -> None:
    async def write(n: int) -> None:
        await cio.http.post("/memories", json={"text": f"quokka number {n}"}, headers=cio.as_(ANA))

    async def read(_: int) -> None:
        await recall(cio, text="quokka", limit=100)

    await asyncio.gather(*(write(n) for n in range(60)), *(read(n) for n in range(10)))
    assert len(await recall(cio, text="quokka", limit=100)) == 60


async def test_the_bus_stores_and_recalls_for_the_person_who_acts(cio: Cio) -> None:
    async with cio.store.transaction(user="ana") as conn:
        stored = await cio.bus.queries(
            conn, envelope("cio.memory.store"), StoreMemory(text="ana likes narwhals", scope="chat", kind="chat")
        )
    assert isinstance(stored, StoredMemory)
    query = ConsciousnessQuery(text="narwhals")
    for user, expected in (("ana", [stored.memory_id]), ("bea", []), (None, [])):
        async with cio.store.transaction(user=user) as conn:
            found = await cio.bus.queries(conn, envelope("cio.consciousness.query"), query)
        assert isinstance(found, Recall)
        assert [hit.memory_id for hit in found.hits] == expected


async def test_embedding_is_served_with_its_identity(cio: Cio) -> None:
    answer = await cio.http.post("/embed", json={"texts": ["a", "b"], "kind": "query"}, headers=cio.as_("service:ce3"))
    body = answer.json()
    assert (body["identity"], body["dim"], len(body["vectors"]), len(body["vectors"][0])) == (
        cio.embedder.identity,
        384,
        2,
        384,
    )
    refused = await cio.http.post("/embed", json={"texts": ["a", " "], "kind": "query"}, headers=cio.as_(ANA))
    assert (refused.status_code, refused.json()["field"]) == (400, "texts.1")
