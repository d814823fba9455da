"""A scope out and in again: memories word for word, and the facts that rest on them, in both times."""

from __future__ import annotations

import pytest
from tests.system.cio.conftest import Cio
from tests.system.cio.test_cio_facts import facts, told

pytestmark = pytest.mark.asyncio

ANA, BEA = "ana:viewer", "bea:viewer"
Row = dict[str, object]


async def exported(cio: Cio, token: str, scope: str, limit: int = 2) -> list[Row]:
    items, after = list[Row](), 0
    while after is not None:
        answer = await cio.http.get(
            f"/scopes/{scope}/export", params={"after": after, "limit": limit}, headers=cio.as_(token)
        )
        assert answer.status_code == 200, answer.text
        items, after = items + answer.json()["items"], answer.json()["after"]
    return items


async def brought(cio: Cio, token: str, scope: str, items: list[Row]) -> tuple[int, Row]:
    answer = await cio.http.post("/scopes/import", json={"scope": scope, "items": items}, headers=cio.as_(token))
    return answer.status_code, answer.json()


def told_apart(rows: list[Row]) -> list[tuple[object, ...]]:
    names = (
        "subject",
        "predicate",
        "value",
        "sentence",
        "valid_from",
        "valid_until",
        "known_from",
        "known_until",
        "confidence",
    )
    return sorted((*(str(row[name]) for name in names), len(row["evidence"])) for row in rows)  # type: ignore[arg-type]


async def filled(cio: Cio) -> None:
    await told(cio, "I live in Lima.", scope="journal", happened_at="2020-01-01T00:00:00Z")
    await told(cio, "I live in Quito.", scope="journal", happened_at="2024-01-01T00:00:00Z")
    await told(cio, "My sister has 3 dogs in Lima.", "I slept badly.", scope="journal", metadata={"page": 3})
    await told(cio, "As I said, my sister has 3 dogs in Lima.", scope="journal")


async def test_what_is_carried_is_the_same_there_facts_of_both_times_too(cio: Cio) -> None:
    await filled(cio)
    items = await exported(cio, ANA, "journal")
    assert len(items) == 5 and items[2]["metadata"] == {"page": 3}
    assert await brought(cio, BEA, "copy", items) == (201, {"kept": 5, "present": 0, "statements": 5})
    await cio.derive_all()
    assert told_apart(await facts(cio, BEA, history=True)) == told_apart(await facts(cio, history=True))
    again = await exported(cio, BEA, "copy")
    assert [row["text"] for row in again] == [row["text"] for row in items]


async def test_bringing_the_same_again_changes_nothing(cio: Cio) -> None:
    await filled(cio)
    items = await exported(cio, ANA, "journal")
    await brought(cio, BEA, "copy", items)
    before = await facts(cio, BEA, history=True)
    assert await brought(cio, BEA, "copy", items) == (201, {"kept": 0, "present": 5, "statements": 5})
    assert await facts(cio, BEA, history=True) == before


async def test_forgetting_what_was_brought_takes_its_facts(cio: Cio) -> None:
    await filled(cio)
    await brought(cio, BEA, "copy", await exported(cio, ANA, "journal"))
    await cio.http.delete("/scopes/copy", headers=cio.as_(BEA))
    assert await facts(cio, BEA, history=True) == [] and len(await facts(cio)) == 4


async def test_a_file_brings_no_fact_that_its_memory_does_not_say(cio: Cio) -> None:
    await filled(cio)
    items = await exported(cio, ANA, "journal")
    items[0]["statements"][0]["sentence"] = "I live in Oslo."  # type: ignore[index]
    status, problem = await brought(cio, BEA, "copy", items)
    assert status == 400 and "not in the text of its memory" in str(problem["detail"])
    assert await exported(cio, BEA, "copy") == []


async def test_nobody_carries_what_is_not_theirs_and_bad_lines_are_refused(cio: Cio) -> None:
    await filled(cio)
    assert await exported(cio, BEA, "journal") == []
    for bad in (
        {"id": "a"},
        {"id": "a", "text": "x", "mood": "good"},
        {"id": "a", "text": "x", "time": "2026-01-01T00:00:00"},
    ):
        assert (await brought(cio, BEA, "copy", [bad]))[0] == 400
    assert (await brought(cio, "service:ce3", "copy", [{"id": "a", "text": "x"}]))[0] == 400
