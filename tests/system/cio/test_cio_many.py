"""Bringing, asking and erasing many memories, on a real database and cache."""

from __future__ import annotations

import pytest
from tests.system.cio.conftest import Cio

pytestmark = pytest.mark.asyncio

ANA, BEA = "ana:viewer", "bea:viewer"
ITEMS = [
    {"id": "D1:1", "text": "I went to the support group yesterday.", "author": "Caroline", "session": "1"},
    {"id": "D1:2", "text": "I painted a sunrise last year!", "author": "Melanie", "time": "2023-05-08T13:56:00+00:00", "session": "1"},
    {"id": "D2:1", "text": "El precio del oro sube.", "session": "2"},
]


async def bring(cio: Cio, token: str, items: list[dict[str, str]], scope: str = "talk") -> tuple[int, dict[str, object]]:
    answer = await cio.http.post("/memories/import", json={"scope": scope, "items": items}, headers=cio.as_(token))
    return answer.status_code, answer.json()


async def ask(cio: Cio, token: str, *queries: str, limit: int = 5) -> dict[str, list[dict[str, object]]]:
    body = {"scope": "talk", "limit": limit, "queries": [{"qid": str(i), "query": q} for i, q in enumerate(queries)]}
    answer = await cio.http.post("/recall/batch", json=body, headers=cio.as_(token))
    assert answer.status_code == 200, answer.text
    found: dict[str, list[dict[str, object]]] = answer.json()["results"]
    return found


async def test_brought_memories_keep_their_ids_authors_and_times(cio: Cio) -> None:
    assert await bring(cio, ANA, ITEMS) == (201, {"kept": 3, "present": 0})
    shown = (await cio.http.get("/memories/D1:2?scope=talk", headers=cio.as_(ANA))).json()
    assert (shown["text"], shown["author"], shown["given_id"]) == ("I painted a sunrise last year!", "Melanie", "D1:2")
    assert shown["happened_at"] == "2023-05-08T13:56:00Z" and shown["session"] == "1" and shown["private"]
    assert (await cio.http.get("/memories/D1:2?scope=talk", headers=cio.as_(BEA))).status_code == 404


async def test_bringing_the_same_again_changes_nothing_and_another_text_under_an_id_is_refused(cio: Cio) -> None:
    await bring(cio, ANA, ITEMS)
    assert await bring(cio, ANA, ITEMS) == (201, {"kept": 0, "present": 3})
    status, problem = await bring(cio, ANA, [{"id": "new", "text": "x"}, {"id": "D1:1", "text": "other words"}])
    assert status == 400 and "'D1:1' is in scope 'talk' already" in str(problem["detail"])
    assert (await cio.http.get("/memories/new?scope=talk", headers=cio.as_(ANA))).status_code == 404
    assert await bring(cio, BEA, ITEMS) == (201, {"kept": 3, "present": 0})


async def test_an_id_that_comes_twice_in_a_portion_is_refused(cio: Cio) -> None:
    status, problem = await bring(cio, ANA, [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}])
    assert status == 400 and "comes twice" in str(problem["detail"])


async def test_each_question_of_a_batch_gets_its_own_answers_with_scores_by_leg(cio: Cio) -> None:
    await bring(cio, ANA, ITEMS)
    await cio.embed_all()
    found = await ask(cio, ANA, "Who painted the sunrise?", "support group", "", limit=2)
    assert [found["0"][0]["id"], found["1"][0]["id"], found["2"]] == ["D1:2", "D1:1", []]
    legs = found["0"][0]["legs"]
    assert isinstance(legs, dict) and {"lexical", "vector"} <= set(legs)
    assert all(len(hits) <= 2 for hits in found.values())


async def test_a_question_about_a_person_finds_what_they_said(cio: Cio) -> None:
    await bring(cio, ANA, ITEMS)
    assert (await ask(cio, ANA, "Melanie"))["0"][0]["id"] == "D1:2"


async def test_a_scope_says_what_is_in_it_and_what_is_pending(cio: Cio) -> None:
    await bring(cio, ANA, ITEMS)
    before = (await cio.http.get("/scopes/talk", headers=cio.as_(ANA))).json()
    assert (before["memories"], before["pending_embeddings"]) == (3, 3)
    await cio.embed_all()
    after = (await cio.http.get("/scopes/talk", headers=cio.as_(ANA))).json()
    assert (after["memories"], after["pending_embeddings"], after["failed_embeddings"]) == (3, 0, 0)


async def test_forgetting_a_scope_takes_this_persons_memories_in_it_and_nothing_else(cio: Cio) -> None:
    for token in (ANA, BEA):
        await bring(cio, token, ITEMS)
    await bring(cio, ANA, ITEMS, scope="other")
    await cio.embed_all()
    answer = await cio.http.delete("/scopes/talk", headers=cio.as_(ANA))
    assert answer.json() == {"erased": 3}
    assert (await ask(cio, ANA, "sunrise"))["0"] == []
    assert (await ask(cio, BEA, "sunrise"))["0"][0]["id"] == "D1:2"
    assert (await cio.http.get("/scopes/other", headers=cio.as_(ANA))).json()["memories"] == 3


async def test_the_desks_scope_is_not_erased_by_a_viewer(cio: Cio) -> None:
    assert (await cio.http.delete("/scopes/desk", headers=cio.as_(ANA))).status_code == 403


async def test_a_portion_over_the_limit_and_an_unknown_field_are_refused(cio: Cio) -> None:
    many = [{"id": str(i), "text": "x"} for i in range(1001)]
    assert (await bring(cio, ANA, many))[0] in (400, 422)
    assert (await bring(cio, ANA, [{"id": "a", "text": "x", "mood": "good"}]))[0] in (400, 422)
