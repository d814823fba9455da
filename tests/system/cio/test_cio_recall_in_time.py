"""Recall in time on a real database: times in the question, filters, as-of, superseded and erased, and "I don't have that"."""

from __future__ import annotations

from typing import Any

import pytest
from tests.system.cio.conftest import NOW, Cio
from tests.system.cio.test_cio_many import bring

from qbtc.contracts import Envelope
from qbtc.contracts.memory import ConsciousnessQuery, MemoryFilters, Recall

pytestmark = pytest.mark.asyncio

ANA, BEA, TRADER = "ana:viewer", "bea:viewer", "tom:trader"
TALK = [
    {"id": "a", "text": "I bought gold coins.", "author": "Ana", "session": "1", "time": "2023-05-10T10:00:00Z"},
    {"id": "b", "text": "I bought gold bars.", "author": "Bea", "session": "2", "time": "2023-06-12T10:00:00Z"},
    {"id": "c", "text": "The gold price fell.", "author": "Ana", "session": "2", "time": "2023-06-13T10:00:00Z"},
]


async def search(cio: Cio, token: str = ANA, **body: Any) -> dict[str, Any]:
    answer = await cio.http.post("/search", json=body, headers=cio.as_(token))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def texts(found: dict[str, Any]) -> list[str]:
    return [hit["text"] for hit in found["hits"]]


async def keep(cio: Cio, token: str, status: int = 201, **body: Any) -> Any:
    answer = await cio.http.post("/memories", json=body, headers=cio.as_(token))
    assert answer.status_code == status, answer.text
    return answer.json().get("memory_id", answer.json())


async def moment(cio: Cio) -> str:
    rows = await cio.store.fetch("SELECT clock_timestamp() AS at")
    return rows[0]["at"].isoformat()  # type: ignore[no-any-return]


async def test_the_time_that_the_question_names_brings_what_happened_then_and_is_shown(cio: Cio) -> None:
    await bring(cio, ANA, TALK)
    await cio.embed_all()
    may = await search(cio, text="what gold did we buy in May 2023?")
    assert texts(may)[0] == "I bought gold coins." and may["hits"][0]["legs"]["when"] > 0
    assert may["named_time"]["text"] == "in may 2023" or may["named_time"]["text"] == "may 2023"
    assert may["named_time"]["start"].startswith("2023-05-01")
    monday = await search(cio, text="what gold did we buy last monday?")
    assert texts(monday)[0] == "I bought gold bars." and monday["named_time"]["start"].startswith("2023-06-12")
    asked = await search(cio, text="what gold did we buy last wednesday?", asked_at="2023-05-12T00:00:00Z")
    assert texts(asked)[0] == "I bought gold coins."
    assert (await search(cio, text="gold"))["named_time"] is None


async def test_each_filter_narrows_what_is_found_by_words_and_by_meaning(cio: Cio) -> None:
    await bring(cio, ANA, TALK)
    await keep(cio, ANA, text="gold on the desk", metadata={"page": 3, "tags": ["x"]}, kind="document")
    await cio.embed_all()
    for filters, expected in (
        ({"authors": ["Bea"]}, {"I bought gold bars."}),
        ({"sessions": ["2"]}, {"I bought gold bars.", "The gold price fell."}),
        ({"since": "2023-06-13T00:00:00Z", "until": "2024-01-01T00:00:00Z"}, {"The gold price fell."}),
        ({"until": "2023-06-01T00:00:00+02:00"}, {"I bought gold coins."}),
        ({"metadata": {"page": 3}}, {"gold on the desk"}),
        ({"metadata": {"page": 4}}, set()),
        ({"authors": ["Ana"], "sessions": ["2"]}, {"The gold price fell."}),
    ):
        found = await search(cio, text="gold bought", filters=filters, limit=10)
        assert set(texts(found)) == expected, filters
        assert set(texts(await search(cio, text="oro comprado", filters=filters, limit=10))) <= expected
    batch = {"scope": "talk", "filters": {"authors": ["Bea"]}, "queries": [{"qid": "q", "query": "gold"}]}
    answer = (await cio.http.post("/recall/batch", json=batch, headers=cio.as_(ANA))).json()
    assert [hit["id"] for hit in answer["results"]["q"]] == ["b"]
    assert answer["judged"]["q"] == {"probability": None, "abstained": False} and 0 < answer["threshold"] < 1


async def test_as_of_an_earlier_time_finds_what_was_known_then_what_was_superseded_since_and_counts_what_was_erased(
    cio: Cio,
) -> None:
    first = await keep(cio, TRADER, text="The stop of gold is 1900.")
    gone = await keep(cio, TRADER, text="The gold vault code is on the wall.")
    then = await moment(cio)
    second = await keep(cio, TRADER, text="The stop of gold is 1950.", supersedes=first)
    await cio.http.delete(f"/memories/{gone}", headers=cio.as_("root:admin"))
    assert texts(await search(cio, text="stop of gold")) == ["The stop of gold is 1950."]
    before = await search(cio, text="stop of gold", filters={"known_at": then})
    assert texts(before) == ["The stop of gold is 1900."] and before["erased_since"] == 1
    assert before["hits"][0]["superseded_at"] is not None
    shown = (await cio.http.get(f"/memories/{first}", headers=cio.as_(ANA))).json()
    assert shown["superseded_by"] == second
    assert (await search(cio, text="stop of gold"))["erased_since"] == 0
    rows = await cio.store.fetch("SELECT * FROM erasures")
    assert set(rows[0]) == {"owner", "scope", "ingested_at", "erased_at"} and b"desk" not in bytes(rows[0]["scope"])


async def test_one_persons_erasures_are_not_told_to_another(cio: Cio) -> None:
    mine = await keep(cio, ANA, text="a secret of gold", scope="diary")
    then = await moment(cio)
    await cio.http.delete(f"/memories/{mine}", headers=cio.as_(ANA))
    for token, scope, count in ((ANA, None, 1), (ANA, "diary", 1), (ANA, "other", 0), (BEA, None, 0)):
        body = {"text": "gold", "filters": {"known_at": then}} | ({"scope": scope} if scope else {})
        assert (await search(cio, token, **body))["erased_since"] == count


async def test_superseding_is_refused_where_it_cannot_be(cio: Cio) -> None:
    old = await keep(cio, ANA, text="desk note about gold")
    assert (await keep(cio, ANA, 403, text="hostile", supersedes=old))["type"].endswith("forbidden")
    assert (await keep(cio, TRADER, 404, text="x", supersedes="00000000-0000-0000-0000-000000000000"))["type"].endswith(
        "no-such-memory"
    )
    new = await keep(cio, TRADER, text="better note about gold", supersedes=old)
    refused = await keep(cio, TRADER, 400, text="too late", supersedes=old)
    assert (refused["field"], refused["allowed"]) == ("supersedes", new)
    assert texts(await search(cio, text="note about gold")) == ["better note about gold"]
    assert len(await cio.store.fetch("SELECT 1 FROM memories")) == 2


async def test_what_nothing_speaks_to_is_answered_with_i_do_not_have_that(cio: Cio) -> None:
    await bring(cio, ANA, TALK)
    filler = [
        {"id": f"f{i}", "text": f"Word{i} and thing{i} went by.", "author": "Ana", "session": f"f{i // 10}"}
        for i in range(120)
    ]
    await bring(cio, ANA, filler)
    await cio.embed_all()
    known = await search(cio, text="Who bought gold bars?")
    unknown = await search(cio, text="What colour is the bicycle of the postman?")
    assert not known["abstained"] and known["probability"] > known["threshold"]
    assert unknown["abstained"] and unknown["probability"] < unknown["threshold"] < known["probability"]
    few = await search(cio, BEA, text="gold")
    assert (few["probability"], few["abstained"]) == (0.0, True)
    nothing = await search(cio, text="zzz", scope="empty")
    assert (nothing["hits"], nothing["probability"], nothing["abstained"]) == ([], 0.0, True)


async def test_among_a_few_memories_it_does_not_judge_and_withholds_nothing(cio: Cio) -> None:
    await bring(cio, ANA, TALK)
    found = await search(cio, text="Who bought gold bars?")
    assert texts(found)[0] == "I bought gold bars." and (found["probability"], found["abstained"]) == (None, False)


async def test_a_hit_shows_the_numbers_behind_its_legs_and_the_overlap_of_the_text_states(cio: Cio) -> None:
    from qbtc.cio.describing import Describing

    await bring(cio, ANA, TALK)
    while await Describing(cio.store, cio.keeper.undescribed).once():
        pass
    found = await search(cio, text="Who bought gold bars?")
    numbers = found["hits"][0]["evidence"]
    assert numbers["coverage"] > 0 and -1 <= numbers["overlap"] <= 1 and 0 <= numbers["fidelity"] <= 1
    assert "state" not in found["hits"][0]["legs"]


async def test_the_bus_asks_with_the_same_filters_and_gets_the_same_answer(cio: Cio) -> None:
    await bring(cio, ANA, TALK)
    query = ConsciousnessQuery(text="gold", filters=MemoryFilters(authors=("Bea",)))
    envelope = Envelope(id="0", source="ce3", type="cio.consciousness.query", time=NOW, dataschema="x", data={})
    async with cio.store.transaction(user="ana") as conn:
        found = await cio.bus.queries(conn, envelope, query)
    assert isinstance(found, Recall)
    assert [hit.author for hit in found.hits] == ["Bea"] and found.threshold is not None


async def test_bad_filters_are_refused_with_the_field(cio: Cio) -> None:
    for filters, field in (
        ({"since": "2023-01-02T00:00:00Z", "until": "2023-01-01T00:00:00Z"}, "filters.until"),
        ({"since": "2023-01-02"}, "filters.since"),
        ({"known_at": "yesterday"}, "filters.known_at"),
        ({"mood": 1}, "filters.mood"),
    ):
        answer = await cio.http.post("/search", json={"text": "x", "filters": filters}, headers=cio.as_(ANA))
        assert answer.status_code in (400, 422) and field in answer.text, answer.text
