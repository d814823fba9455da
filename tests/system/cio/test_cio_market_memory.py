"""Market memory on a real database: what was like now, and what followed at each horizon."""

from __future__ import annotations

import pytest
from tests.system.cio.conftest import Cio, unit
from tests.system.cio.test_cio_moments import bar, path, see

pytestmark = pytest.mark.asyncio

ANA = "ana:viewer"


async def ask(cio: Cio, **query: object) -> tuple[int, dict]:  # type: ignore[type-arg]
    answer = await cio.http.get("/memories/market", params=query, headers=cio.as_(ANA))  # type: ignore[arg-type]
    return answer.status_code, answer.json()


async def rally(cio: Cio, minutes: int = 12) -> None:
    cio.prices.known = path(60 * minutes + 60, slope=1e-5)
    await see(cio, *(bar(60 * i, 1.0, 0.1 * (i % 3)) for i in range(minutes)))


async def test_what_followed_is_told_at_every_horizon_with_its_sample_and_null(cio: Cio) -> None:
    await rally(cio)
    status, found = await ask(cio, symbol="BTCUSDT")
    assert status == 200
    by_horizon = {one["horizon"]: one for one in found["followed"]}
    assert list(by_horizon) == [30.0, 60.0, 300.0, 900.0]
    soon = by_horizon[30.0]
    assert soon["sample"] == 11 and soon["up"] == 1.0 and soon["null_low"] <= soon["null_mean"] <= soon["null_high"]
    assert soon["mean"] == pytest.approx(3e-4, rel=0.2) and 0 < soon["p"] <= 1
    assert by_horizon[900.0] | {"enough": False, "mean": None, "sample": 0} == by_horizon[900.0]
    first = found["alike"][0]
    assert first["score"] == pytest.approx(first["overlap"] * first["ratio"]) and 0 <= first["fidelity"] <= 1
    assert first["followed"]["30"] == pytest.approx(3e-4, rel=0.2)


async def test_the_present_is_the_last_bar_seen_and_after_a_restart_the_last_moment_kept(cio: Cio) -> None:
    await rally(cio)
    await see(cio, bar(663, 1.0))
    _, found = await ask(cio, symbol="BTCUSDT")
    assert found["moment"] is None and found["at"].startswith("2023-11-14T22:24:23")
    cio.observer._present.clear()
    _, again = await ask(cio, symbol="BTCUSDT")
    assert again["moment"] is not None and again["at"].startswith("2023-11-14T22:24:20")
    assert again["searched"] == found["searched"] - 1


async def test_a_kept_moment_is_asked_with_what_was_known_then(cio: Cio) -> None:
    await rally(cio)
    rows = await cio.store.fetch("SELECT memory_id::text AS id FROM moments ORDER BY bar_end")
    _, found = await ask(cio, moment=rows[6]["id"])
    assert found["searched"] == 6 and found["moment"] == rows[6]["id"]
    assert found["alike"][0]["memory_id"] in {row["id"] for row in rows[:6]}


async def test_a_state_of_the_callers_own_is_compared_in_its_place(cio: Cio) -> None:
    await rally(cio)
    real, imaginary = unit(1.0)
    body = {"symbol": "BTCUSDT", "state": [[-x for x in real], list(imaginary)]}
    mirrored = (await cio.http.post("/memories/market", json=body, headers=cio.as_(ANA))).json()
    assert mirrored["searched"] == 11 and mirrored["alike"] == []
    assert not any(one["enough"] for one in mirrored["followed"])


async def test_what_cannot_be_asked_is_refused_with_what_is_allowed(cio: Cio) -> None:
    status, problem = await ask(cio, symbol="ETHUSDT")
    assert (status, problem["type"], problem["field"]) == (404, "urn:qbtc:problem:no-market-memory", "symbol")
    await rally(cio, 1)
    assert (await ask(cio, symbol="ETHUSDT"))[1]["allowed"] == ["BTCUSDT"]
    assert (await ask(cio))[0] == 400
    assert (await ask(cio, symbol="BTCUSDT", moment="x"))[0] == 400
    assert (await ask(cio, moment="no-such"))[0] == 404
    assert (await ask(cio, symbol="BTCUSDT", k=1))[0] in (400, 422)
    body = {"symbol": "BTCUSDT", "state": [[1.0] * 26, [1.0] * 26]}
    refused = await cio.http.post("/memories/market", json=body, headers=cio.as_(ANA))
    assert (refused.status_code, refused.json()["field"]) == (400, "state")


async def test_forgetting_a_moment_takes_its_outcomes(cio: Cio) -> None:
    await rally(cio)
    rows = await cio.store.fetch("SELECT memory_id::text AS id FROM moment_outcomes LIMIT 1")
    await cio.http.delete(f"/memories/{rows[0]['id']}", headers=cio.as_("root:admin"))
    left = await cio.store.fetch("SELECT 1 FROM moment_outcomes WHERE memory_id::text = %s", (rows[0]["id"],))
    assert left == []
