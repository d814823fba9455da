"""The self-model on a real database: what is learned from tools, orders and trades, what it was worth, and its undo."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.system.cio.conftest import Cio
from tests.system.cio.minds import Minded, fill, minded, tool

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def world(cio: Cio) -> AsyncIterator[Minded]:
    made = minded(cio)
    yield made
    await made.http.aclose()


def capability(seen: dict[str, object], name: str, context: str | None = None) -> dict[str, float]:
    rows = seen["capabilities"]
    return next(r for r in rows if (r["capability"], r["context"]) == (name, context))  # type: ignore[attr-defined,no-any-return,union-attr]


async def test_before_any_outcome_it_claims_nothing(world: Minded) -> None:
    assert await world.get("/self") == {"capabilities": [], "calibration": None, "versions": []}
    answer = await world.http.post("/self/undo", headers=world.cio.as_("ana:trader"))
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:qbtc:problem:conflict")


async def test_a_tool_that_works_three_times_of_four_is_said_to_work_so(world: Minded) -> None:
    for number, ok in enumerate((True, True, True, False)):
        await world.say("ce3.tools.finished", tool("market", ok, f"c{number}"), person="ana")
    seen = await world.get("/self")
    can = capability(seen, "tool:market")
    assert can["probability"] == pytest.approx(4 / 6, abs=1e-3)
    assert can["low"] < can["probability"] < can["high"]
    assert seen["calibration"]["count"] == 4  # type: ignore[index]
    assert seen["calibration"]["brier"]["value"] == pytest.approx(  # type: ignore[index]
        (0.5**2 + (1 / 3) ** 2 + (1 / 4) ** 2 + (4 / 5) ** 2) / 4, abs=0.02
    )


async def test_a_round_trip_counts_once_when_it_is_closed_with_its_fees(world: Minded) -> None:
    await world.say("hft.order.filled", fill("BUY", "100", "1"))
    names = {row["capability"] for row in (await world.get("/self"))["capabilities"]}  # type: ignore[attr-defined,union-attr]
    assert names == {"order:market"}, "an open position is neither a success nor a failure"
    await world.say("hft.order.filled", fill("SELL", "100.9", "2"))
    assert capability(await world.get("/self"), "trade:maker")["probability"] == pytest.approx(1 / 3, abs=1e-3), "0.9 less 1.0 of fees"
    await world.say("hft.order.filled", fill("BUY", "100", "3", strategy=None))
    await world.say("hft.order.filled", fill("SELL", "102", "4", strategy=None))
    assert capability(await world.get("/self"), "trade:manual", "BTCUSDT unknown")["probability"] > 0.5


async def test_names_from_outside_are_made_fit_and_never_stop_the_queue(world: Minded) -> None:
    await world.say("ce3.tools.finished", tool("bad\nname @ " + "x" * 300, True, "c"), person="ana")
    [first, _] = (await world.get("/self"))["capabilities"]  # type: ignore[misc]
    assert first["capability"].startswith("tool:bad?name") and len(first["capability"]) <= 120  # type: ignore[index]


async def test_changes_are_versions_with_a_diff_and_only_a_trader_undoes_one(world: Minded) -> None:
    await world.say("ce3.tools.finished", tool("market", True, "first"), person="ana")
    world.around.clock.advance(2 * 3600)
    for number in range(3):
        await world.say("ce3.tools.finished", tool("market", False, f"c{number}"), person="ana")
    before = await world.get("/self")
    newest, first = before["versions"]  # type: ignore[misc]
    assert (newest["number"], newest["reason"], first["diff"]) == (1, "1 outcomes learned", "the first version")
    assert "1.000 of 1.0 -> 0.5" in newest["diff"]
    path = "/self/undo"
    assert (await world.http.post(path, headers=world.cio.as_("eva:viewer"))).status_code == 403
    done = (await world.http.post(path, headers=world.cio.as_("ana:trader"))).json()
    assert (done["number"], done["source"], done["reason"]) == (2, 0, "undo of version 1, by ana")
    assert capability(await world.get("/self"), "tool:market")["probability"] == pytest.approx(2 / 3, abs=1e-3)
    assert (await world.http.post(path, headers=world.cio.as_("ana:trader"))).status_code == 409
