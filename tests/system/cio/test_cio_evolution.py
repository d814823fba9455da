"""Recall that learns from use, on a real database: words on hits, another champion, its diff and its undo."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.system.cio.conftest import Cio
from tests.system.cio.minds import Minded, minded

from qbtc.cio.adapters import evolution_rows
from qbtc.cio.adapters.evolution_rows import champion
from qbtc.cio.domain.evolution import Rule
from qbtc.cio.domain.ranking import WEIGHTS, Question
from qbtc.cio.evolving import Evolving, Word
from qbtc.contracts.memory import Recall, StoreMemory
from qbtc.kit.errors import Conflict

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def world(cio: Cio) -> AsyncIterator[Minded]:
    made = minded(cio)
    yield made
    await made.http.aclose()


async def keep(world: Minded, text: str, *, scope: str = "talk", user: str = "ana:viewer") -> str:
    body = StoreMemory(text=text, scope=scope).model_dump(mode="json", exclude_none=True)
    answer = await world.cio.http.post("/memories", json=body, headers=world.cio.as_(user))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["memory_id"])


async def say(world: Minded, text: str, memory_id: str, helpful: bool = True, user: str = "ana:viewer") -> tuple[int, dict[str, object]]:
    body = {"text": text, "memory_id": memory_id, "helpful": helpful, "scope": "talk"}
    answer = await world.http.post("/feedback", json=body, headers=world.cio.as_(user))
    return answer.status_code, answer.json()


async def test_a_word_on_a_hit_is_learned_once_a_person_and_question(world: Minded) -> None:
    first, _ = await keep(world, "The axolotl lives in Xochimilco."), await keep(world, "An axolotl sleeps.")
    status, told = await say(world, "axolotl", first)
    assert (status, told) == (201, {"events": 1, "champion": 0, "changed": False})
    status, again = await say(world, "  AXOLOTL ", first, helpful=False)
    assert (status, again["type"]) == (409, "urn:qbtc:problem:conflict")
    assert "helpful" in str(again["detail"])
    seen = await world.get("/evolution")
    assert (seen["events"], seen["weights"]) == (1, dict(WEIGHTS))


async def test_what_is_no_hit_of_the_question_or_not_yours_is_refused_with_what_is_allowed(world: Minded) -> None:
    mine, _ = await keep(world, "The axolotl lives in Xochimilco."), await keep(world, "An axolotl sleeps.")
    for text, memory_id, user in (("quasar", mine, "ana:viewer"), ("axolotl", mine, "eva:viewer"), ("axolotl", "x", "ana:viewer")):
        status, said = await say(world, text, memory_id, user=user)
        assert (status, said["type"]) == (400, "urn:qbtc:problem:bad-feedback"), text
        assert "POST /recall" in str(said["allowed"])
    alone = await keep(world, "A unique zeppelin.")
    status, said = await say(world, "zeppelin", alone)
    assert status == 400 and "2 to 50 hits" in str(said["detail"])
    assert (await world.get("/evolution"))["events"] == 0, "a word that was refused is not counted"
    service = await world.http.post("/feedback", json={"text": "a", "memory_id": mine, "helpful": True}, headers=world.cio.as_("service:ce3"))
    assert service.status_code == 403


async def test_erasing_a_memory_erases_the_words_on_it(world: Minded) -> None:
    mine, _ = await keep(world, "The axolotl lives in Xochimilco."), await keep(world, "An axolotl sleeps.")
    await say(world, "axolotl", mine)
    await world.cio.http.delete(f"/memories/{mine}", headers=world.cio.as_("ana:trader"))
    rows = await world.cio.store.fetch("SELECT count(*) AS n FROM feedback", user="ana")
    assert rows[0]["n"] == 0


async def taught(world: Minded, events: int) -> Evolving:
    """People always find the longer of two answers helpful, which the shipped weights put second."""
    evolving = Evolving(world.cio.store, world.recaller, world.around.clock, Rule(window=10, patience=3))
    for number in range(events):
        word = f"zeppelin{number}"
        await keep(world, f"{word} {word} {word}", scope="talk")
        longer = await keep(world, f"{word} " + " ".join(f"w{number}x{i}" for i in range(30)), scope="talk")
        learned = await evolving.learn(Word(Question(word, "ana", scope="talk"), longer, helpful=True))
        if learned.changed:
            break
    return evolving


async def test_another_champion_ranks_what_everybody_sees_until_a_trader_undoes_it(world: Minded) -> None:
    evolving = await taught(world, 60)
    seen = await world.get("/evolution")
    newest = seen["versions"][0]  # type: ignore[index]
    assert seen["champion"] == 1, "the challenger won within 60 words"
    assert "events it had not seen" in newest["reason"] and "length" in newest["diff"] and "->" in newest["diff"]
    probe = "balloon"
    short, longer = await keep(world, f"{probe} {probe} {probe}"), await keep(world, f"{probe} " + " ".join(f"q{i}" for i in range(30)))

    async def order() -> list[str]:
        found: Recall = await world.recaller.recall(Question(probe, "ana", scope="talk"))
        return [hit.memory_id for hit in found.hits]

    assert await order() == [longer, short], "recall ranks by the new champion"
    path = "/evolution/undo"
    assert (await world.http.post(path, headers=world.cio.as_("eva:viewer"))).status_code == 403
    done = (await world.http.post(path, headers=world.cio.as_("ana:trader"))).json()
    assert (done["number"], done["source"], done["reason"]) == (2, 0, "undo of version 1, by ana")
    assert await order() == [short, longer]
    async with world.cio.store.transaction() as conn:
        assert await champion(conn) == dict(WEIGHTS)
    with pytest.raises(Conflict, match="nothing to undo"):
        await evolving.undo("ana")


async def test_what_was_learned_comes_back_from_the_database_bit_for_bit(world: Minded) -> None:
    evolving = await taught(world, 12)
    async with world.cio.store.transaction() as conn:
        one = await evolving.now(conn)
        await evolution_rows.save(conn, one)
        other = await evolving.now(conn)
    assert one.events == other.events > 0
    assert (one.learner.precision == other.learner.precision).all()
    assert one.trial.differences == other.trial.differences
    assert one.history == other.history
