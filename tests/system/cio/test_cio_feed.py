"""What a reader of the rows finds: everything that was committed, once, whatever the order of commits."""

from __future__ import annotations

import psycopg
import pytest
from tests.system.cio.conftest import NOW, Cio

from qbtc.cio.adapters import memories
from qbtc.cio.adapters.feed import Place
from qbtc.cio.adapters.lexicon import _MEMORIES
from qbtc.cio.domain.memory import Draft

pytestmark = pytest.mark.asyncio


async def read(cio: Cio, place: Place) -> list[str]:
    found: list[str] = []
    async with cio.store.transaction() as conn:
        await _MEMORIES.read(conn, None, place, lambda rows: found.extend(row["terms"][0] for row in rows))
    return found


def draft(word: str) -> Draft:
    return Draft(word, "note", "desk", None, NOW)


async def test_a_row_that_is_committed_late_is_found_and_none_comes_twice(cio: Cio) -> None:
    place = Place()
    async with cio.store.transaction() as slow:
        await memories.add(slow, draft("early"))
        async with cio.store.transaction() as quick:
            await memories.add_all(quick, [draft("later"), draft("last")])
        assert await read(cio, place) == ["later", "last"]
        assert await read(cio, place) == []
        assert len(place.ahead) == 2, "an open transaction holds the horizon"
    assert await read(cio, place) == ["early"]
    assert await read(cio, place) == []
    assert place.ahead == {}, "what is settled need not be remembered"


async def test_pages_are_read_by_the_index_and_not_by_sorting_everything(cio: Cio) -> None:
    async with cio.store.transaction() as conn:
        await memories.add_all(conn, [draft(f"w{n}") for n in range(4500)])
    assert len(await read(cio, Place())) == 4500
    values = {"owner": None, "ahead": [], "horizon": 10**15, "least": 0, "tx": 0, "last": 0}
    with psycopg.connect(cio.admin_dsn, autocommit=True) as admin:
        admin.execute("SET search_path = cio_consciousness, public")
        admin.execute("ANALYZE memories")
        for statement in (_MEMORIES._rows, _MEMORIES._any):
            rows = admin.execute(f"EXPLAIN {statement.format(owner='IS NULL')}", values).fetchall()
            plan = "\n".join(row[0] for row in rows)
            assert "memories_feed" in plan, plan
            assert "Sort" not in plan, plan


async def test_rows_from_the_dump_of_another_server_are_found_once(cio: Cio) -> None:
    with psycopg.connect(cio.admin_dsn, autocommit=True) as admin:
        async with cio.store.transaction() as conn:
            await memories.add(conn, draft("alpha"))
        admin.execute("UPDATE cio_consciousness.memories SET tx = '999999999999'")
    place = Place()
    assert await read(cio, place) == ["alpha"]
    async with cio.store.transaction() as conn:
        await memories.add(conn, draft("beta"))
    assert await read(cio, place) == ["beta"]
