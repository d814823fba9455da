"""The workspace on a real database: who competes, who wins, who hears, what is learned, and what people see of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from tests.system.cio.conftest import Cio
from tests.system.cio.minds import Minded, fill, minded, names, tool
from tests.system.cio.test_cio_moments import bar

from qbtc.cio.domain.workspace.replay import SWITCH
from qbtc.contracts.trading import OrderEvent, OrderStatus, Signal
from qbtc.contracts.workspace import HeldState, WorkspaceBroadcast, WorkspaceHeard

pytestmark = pytest.mark.asyncio


@pytest_asyncio.fixture
async def world(cio: Cio) -> AsyncIterator[Minded]:
    made = minded(cio)
    yield made
    await made.http.aclose()


async def busy(world: Minded, count: int = 6) -> None:
    """More tool results than there are places."""
    for number in range(count):
        await world.say("ce3.tools.finished", tool("market", number % 3 > 0, f"c{number}"), person="ana")


async def test_a_cycle_gives_the_few_places_to_the_most_salient_and_tells_all_services_once(world: Minded) -> None:
    await busy(world)
    told = await world.mind.attention.once()
    assert told is not None
    [(key, said)] = world.around.sent
    assert key == "cio.workspace.broadcast" and isinstance(said, WorkspaceBroadcast)
    assert (said.number, len(said.winners), said.passed_over) == (1, 4, 2)
    assert {one.name for one in said.winners[:2]} == {"tool:t:c0", "tool:t:c3"}, "failures ask for more attention"
    assert await world.mind.attention.once() is None, "nothing new, no cycle"
    assert len(world.around.sent) == 1


async def test_everything_on_the_bus_competes_by_what_it_is_and_no_private_text_does(world: Minded) -> None:
    await busy(world, 1)
    await world.say("qcs.quantum.state", bar(0, changed=True))
    await world.say("hft.order.filled", fill("BUY", "100", "1"))
    await world.say("hft.order.rejected", fill("BUY", "100", "2").model_copy(update={"status": OrderStatus.REJECTED, "reason": "risk"}))
    signal = Signal(symbol="BTCUSDT", regime="calm", confidence=0.4, bias=0.0, valid_until=1, reason="private words")
    await world.say("hft.trading.signal", signal, source="qcs")
    seen = await world.get("/workspace")
    offered = seen["candidates"]
    assert {(row["source"], row["kind"]) for row in offered} == {  # type: ignore[attr-defined,union-attr]
        ("ce3", "tool"), ("qcs", "regime"), ("hft", "fill"), ("hft", "rejection"), ("qcs", "signal"), ("cio", "reflection"),
    }  # fmt: skip
    assert "private words" not in str(offered)
    await world.mind.attention.once()
    assert (await world.get("/workspace"))["attention"]["state_known"] is True  # type: ignore[index]


async def test_a_message_that_is_handled_twice_competes_once(world: Minded) -> None:
    await world.say("ce3.tools.finished", tool("market", True, "c1"), person="ana")
    await world.say("ce3.tools.finished", tool("market", True, "c1"), person="ana")
    assert names((await world.get("/workspace"))["candidates"]) == ["tool:t:c1"]  # type: ignore[arg-type]


async def test_who_says_that_it_has_heard_is_shown_and_an_older_word_does_not_undo_it(world: Minded) -> None:
    await busy(world)
    await world.mind.attention.once()
    held = (HeldState(symbol="BTCUSDT", state_id="q1", computed="ab"),)
    await world.say("cio.workspace.heard", WorkspaceHeard(number=1, held=held), source="hft")
    await world.say("cio.workspace.heard", WorkspaceHeard(number=1), source="ce3")
    heard = (await world.get("/workspace"))["attention"]["heard"]  # type: ignore[index]
    assert heard == {"ce3": 1, "cio": 1, "hft": 1}
    await busy(world, 1)
    await world.say("hft.order.filled", fill("BUY", "100", "9"))
    told = await world.mind.attention.once()
    assert told is not None
    assert {one.candidate.source: one.candidate.heard for one in told.winners}["hft"] == 1


async def test_outcomes_teach_which_source_is_right_and_what_serves_the_goals(world: Minded) -> None:
    for number in range(3):
        await world.say("ce3.tools.finished", tool("market", True, f"good{number}"), person="ana")
    await world.say("hft.order.filled", fill("BUY", "100", "1"))
    await world.say("hft.order.filled", fill("SELL", "90", "2"))
    await world.mind.attention.once()
    await busy(world, 1)
    await world.mind.attention.once()
    async with world.cio.store.transaction() as conn:
        state = await world.mind.attention.state(conn)
    assert (state.reliability["ce3"].total, state.reliability["ce3"].count) == (3, 3), "the last result is learned later"
    assert (state.reliability["hft"].total, state.reliability["hft"].count) == (0, 1), "only the fill that closed something"
    assert state.values["answers"]["tool"].mean > 0.5 > state.values["profit"]["fill"].mean


async def test_a_regime_proves_right_when_it_is_still_there_later_and_wrong_when_it_is_not(world: Minded) -> None:
    await world.say("qcs.quantum.state", bar(0, regime="stress", changed=True))
    await world.say("qcs.quantum.state", bar(10, regime="calm", changed=True))
    await world.say("qcs.quantum.state", bar(30, regime="calm"))
    await world.say("qcs.quantum.state", bar(41, regime="calm"))
    await world.mind.attention.once()
    await busy(world, 1)
    await world.mind.attention.once()
    async with world.cio.store.transaction() as conn:
        state = await world.mind.attention.state(conn)
    assert (state.reliability["qcs"].total, state.reliability["qcs"].count) == (1, 2)


async def test_the_state_lives_in_the_database_so_another_replica_goes_on_where_one_stopped(world: Minded) -> None:
    await busy(world)
    await world.mind.attention.once()
    other = minded(world.cio)
    await other.say("ce3.tools.finished", tool("market", True, "later"), person="ana")
    told = await other.mind.attention.once()
    assert told is not None and told.number == 2
    await other.http.aclose()


async def test_goals_are_set_by_traders_and_bad_ones_are_refused_with_what_is_allowed(world: Minded) -> None:
    async def post(body: object, user: str = "ana:trader") -> tuple[int, dict[str, object]]:
        answer = await world.http.post("/workspace/goals", json=body, headers=world.cio.as_(user))
        return answer.status_code, answer.json()

    goals = {"profit": 3.0, "foresight": 1.0, "answers": 0.0}
    assert (await post(goals, "eva:viewer"))[0] == 403
    status, said = await post({"profit": 1.0})
    assert (status, said["allowed"]) == (400, ["answers", "foresight", "profit"])
    assert (await post({**goals, "profit": -1}))[0] in (400, 422)
    assert await post(goals) == (200, goals)
    assert (await world.get("/workspace"))["attention"]["goals"] == goals  # type: ignore[index]


async def test_the_page_gets_seven_numbers_each_with_its_ablation_and_its_words_and_no_sum(world: Minded) -> None:
    for number in range(12):
        world.around.clock.advance(5)
        await busy(world, 0)
        for call in range(6):
            await world.say("ce3.tools.finished", tool(f"t{call}", call > 2, f"{number}/{call}"), person="ana")
        await world.say("hft.order.filled", fill("BUY", "100", f"b{number}"))
        await world.say("hft.order.filled", fill("SELL", "101.5", f"s{number}"))
        await world.say("qcs.quantum.state", bar(number * 60, 1.0, number / 12))
        told = await world.mind.attention.once()
        assert told is not None
        for module in ("ce3", "hft", "qcs", "web"):
            await world.say("cio.workspace.heard", WorkspaceHeard(number=told.number), source=module)
    seen = await world.get("/workspace?language=es")
    shown = {row["id"]: row for row in seen["indicators"]}  # type: ignore[attr-defined,union-attr]
    assert list(shown) == ["GWT-2", "GWT-3", "GWT-4", "HOT-2", "AST-1", "AE-1", "PP-1"]
    assert {row["mechanism"] for row in shown.values()} == set(SWITCH.values())
    assert shown["GWT-3"]["value"] == 1.0 and shown["GWT-3"]["off"]["value"] < 1.0
    for name in ("GWT-2", "GWT-4", "HOT-2", "AST-1"):
        assert shown[name]["on"]["value"] > shown[name]["off"]["value"] == 0.0, name
    assert shown["PP-1"]["on"]["samples"] > 0
    assert all(row["measures"] and row["limits"] for row in shown.values())
    assert "nunca" in str(seen["notice"])
    assert not {"sum", "total", "score", "mean"} & set(seen), "the seven are never added up"
    assert [one["number"] for one in seen["history"]] == list(range(12, 0, -1))  # type: ignore[attr-defined,union-attr]


async def test_a_rejected_order_is_offered_and_never_taken_for_a_fill(world: Minded) -> None:
    refused: OrderEvent = fill("BUY", "100", "1").model_copy(update={"status": OrderStatus.REJECTED})
    await world.say("hft.order.rejected", refused)
    assert names((await world.get("/workspace"))["candidates"]) == ["rejected:o1"]  # type: ignore[arg-type]
