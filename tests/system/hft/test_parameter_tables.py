"""Proposed parameters on real tables: decided once, watched by stored executions, set back also after a crash in between."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import psycopg
import pytest
import pytest_asyncio

from qbtc.contracts import Role
from qbtc.contracts.common import Side
from qbtc.contracts.trading import DecideParameters
from qbtc.contracts.ui import UiUpdate
from qbtc.hft.actions import Actions
from qbtc.hft.adapters import parameters_store as table
from qbtc.hft.adapters import repository
from qbtc.hft.adapters.strategy_files import copy, load, source_digest
from qbtc.hft.adapters.writer import Writer
from qbtc.hft.domain.positions import Fill, Position
from qbtc.hft.domain.predicting import predict
from qbtc.hft.domain.proposals import Status
from qbtc.hft.domain.strategy import Strategy
from qbtc.hft.domain.units import units
from qbtc.hft.errors import BadParameter, NoSuchProposal, NotWaiting
from qbtc.hft.facts import fill_fact
from qbtc.hft.parameters import Parameters
from qbtc.hft.research import Research
from qbtc.hft.settings import HftSettings
from qbtc.hft.strategies.imbalance import Imbalance
from qbtc.kit.bus import Delivery, open_bus
from qbtc.kit.errors import Unavailable
from qbtc.kit.ids import uuid7
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import Actor, KeyRing, Tokens
from qbtc.kit.security.keys import ensure_keys
from qbtc.kit.settings import Platform
from qbtc.kit.store import Outbox, Store
from qbtc.testing.postgres import PostgresServer
from qbtc.testing.prepared import prepared
from qbtc.testing.trading import OPEN, TradingDesk
from qbtc.testing.waiting import eventually

NAME, VENUE, SECOND = "imbalance", "local", 1_000_000_000
SETTINGS = HftSettings(watch_fills=3)


@dataclass
class House:
    home: Path
    desk: TradingDesk
    hft: Messenger
    web: Messenger
    parameters: Parameters
    heard: list[UiUpdate] = field(default_factory=list)

    async def hear(self, delivery: Delivery) -> None:
        self.heard.append(UiUpdate.model_validate(delivery.envelope.data, strict=False))

    @property
    def enter(self) -> float:
        return self.desk.engine.strategies[NAME].parameters["enter"]

    async def status(self, proposal: str) -> Status:
        return (await self.parameters.find(proposal)).status

    async def proposed(self, *, then: float = 0.7, seconds: float = 3600, **more: Any) -> str:
        """A convincing proposal of another `enter`."""
        run, strategy = uuid7(), self.desk.engine.strategies[NAME]
        said = predict(np.random.default_rng(1).normal(0.02, 0.1, 400), SECOND)
        part = (0.1, 5.0, 400)
        body = {
            "symbol": "BTCUSDT", "asked": {"strategy": NAME, "parameters": dict(strategy.parameters)}, "reasons": [],
            "changes": {"enter": [strategy.parameters["enter"], then]}, "prediction": asdict(said), "inside": part, "outside": part,
            "present": part, "code": {"digest": strategy.digest}, "by": "ada", **more,
        }  # fmt: skip
        async with self.hft.store.transaction() as conn:
            assert await table.add(conn, VENUE, run, Status.PROPOSED, body, seconds)
        return run

    async def approve(self, proposal: str) -> None:
        await self.parameters.decide_alone(DecideParameters(strategy=NAME, proposal=proposal, decision="approve"), "ada")

    async def reset(self) -> None:
        """The paper account begins anew, and that is stored."""
        self.desk.trader.start_anew()
        await Writer(self.hft, self.desk.trader.out, venue=VENUE).last()

    async def trade(self, *prices: str) -> None:
        """Stored executions of the strategy, buys and sells in turn, 0.01 BTC each."""
        for n, price in enumerate(prices):
            side = Side.BUY if n % 2 == 0 else Side.SELL
            fill = Fill("BTCUSDT", uuid7(), "x", side, units(price), units("0.01"), 0, "USDT", False, n, "1", NAME)
            async with self.hft.store.transaction() as conn:
                assert await repository.save_fill(conn, fill_fact(fill, None, Position("BTCUSDT"), None), venue=VENUE)


@pytest_asyncio.fixture
async def house(postgres: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    ensure_keys(tmp_path)
    _, dsns = await prepared(postgres, tmp_path)
    hft, web = [await opened(tmp_path, name, dsns[name]) for name in ("hft", "web")]
    desk = TradingDesk(tmp_path / "hft")
    monkeypatch.setattr(desk.engine, "market_of", lambda _: OPEN)
    desk.engine.running.clear()
    made = House(tmp_path, desk, hft, web, parameters(desk, hft, tmp_path))
    await made.web.bus.consume("web.updates", made.hear)
    relay = asyncio.create_task(hft.outbox.relay(hft.bus))
    yield made
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    for messenger in (hft, web):
        await messenger.bus.close()
        await messenger.store.close()
    desk.close()


def parameters(desk: TradingDesk, hft: Messenger, home: Path) -> Parameters:
    actions = Actions(desk.engine, desk.trader, hot=desk.hot)
    return Parameters(hft, desk.engine, actions, Research(home, minutes=1, nice=0), home=home, settings=SETTINGS, venue=VENUE)


async def opened(home: Path, name: str, dsn: str) -> Messenger:
    store = Store(dsn, name=name)
    await store.open()
    bus = open_bus(dsn, service=name)
    await bus.start()
    return Messenger(name, store, bus, Outbox(store), Tokens(KeyRing(home), name, Platform(home=home).instance))


async def test_executions_that_lose_more_than_predicted_set_the_parameters_back_and_people_hear_of_it(house: House) -> None:
    proposal = await house.proposed()
    await house.approve(proposal)
    assert (house.enter, await house.status(proposal)) == (0.7, Status.WATCHED)
    await house.trade("60000", "59000")
    await house.parameters.step()
    assert await house.status(proposal) is Status.WATCHED  # ten quote units lost, but in two executions only
    await house.trade("60000", "59000")
    await house.parameters.step()
    kept = await house.parameters.find(proposal)
    assert (house.enter, kept.status) == (0.5, Status.ROLLED_BACK)
    assert kept.evidence is not None and kept.evidence["profit"] == -20.0 < kept.evidence["lowest"]
    assert (await repository.load_strategies(house.hft.store, venue=VENUE))[NAME].parameters == {}
    await eventually(lambda: len(house.heard) == 2, what="both steps are told")
    lines: list[Any] = [update.data for update in house.heard]
    assert [line["key"] for line in lines] == ["hft.parameters.watched", "hft.parameters.rolled-back"]
    assert lines[1]["summary_en"].startswith("Alert: imbalance earned less than predicted (-20.0000 < ")


async def test_executions_from_before_the_approval_and_of_others_are_not_held_against_it(house: House) -> None:
    await house.trade("60000", "50000", "60000", "50000")
    proposal = await house.proposed()
    await house.approve(proposal)
    await house.parameters.step()
    kept = await house.parameters.find(proposal)
    assert kept.status is Status.WATCHED
    assert kept.watch is not None and (kept.watch.fills, kept.watch.profit) == (0, 0.0)


async def test_a_watch_goes_on_where_looks_are_far_apart_in_a_market_that_runs_fast(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    proposal, engine, now = await house.proposed(), house.desk.engine, 1_000 * SECOND
    monkeypatch.setattr(engine, "now", lambda: now)
    monkeypatch.setattr(engine, "market", SimpleNamespace(speed=20.0, ended=False))
    monkeypatch.setattr(house.parameters, "_settings", HftSettings(watch_seconds=90))
    monkeypatch.setattr(house.parameters, "_trades", lambda _name: True)
    await house.approve(proposal)
    for _ in range(3):
        now += 90 * 20 * SECOND
        await house.parameters.step()
    watch = (await house.parameters.find(proposal)).watch
    assert watch is not None and watch.elapsed_ns == 3 * 90 * 20 * SECOND


async def test_a_crash_after_it_was_written_down_and_before_it_was_done_loses_nothing(house: House) -> None:
    proposal = await house.proposed()
    await house.approve(proposal)
    async with house.hft.store.transaction() as conn:
        assert await table.move(conn, VENUE, proposal, (Status.WATCHED,), Status.ROLLING_BACK, {"profit": -1.0})
    again = parameters(house.desk, house.hft, house.home)  # as after a restart: the parameters in force are stored ones
    assert house.enter == 0.7
    await again.step()
    assert (house.enter, await house.status(proposal)) == (0.5, Status.ROLLED_BACK)
    house.desk.engine.set_strategy(NAME, start=False, parameters={"enter": 0.9})
    await again.step()
    assert house.enter == 0.9


async def test_what_a_person_set_in_between_stays_when_the_rest_goes_back(house: House) -> None:
    proposal = await house.proposed()
    await house.approve(proposal)
    async with house.hft.store.transaction() as conn:
        await table.move(conn, VENUE, proposal, (Status.WATCHED,), Status.ROLLING_BACK)
    house.desk.engine.set_strategy(NAME, start=False, parameters={"enter": 0.8})
    await house.parameters.step()
    assert (house.enter, await house.status(proposal)) == (0.8, Status.ROLLED_BACK)


async def test_a_database_that_goes_away_at_the_commit_leaves_the_former_parameters_in_force(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = await house.proposed()
    say: Callable[..., Any] = house.parameters._say

    async def gone(*words: Any, **more: Any) -> None:
        await say(*words, **more)
        raise psycopg.OperationalError("the connection is closed")

    monkeypatch.setattr(house.parameters, "_say", gone)
    with pytest.raises(psycopg.OperationalError):
        await house.approve(proposal)
    assert (house.enter, await house.status(proposal)) == (0.5, Status.PROPOSED)


async def test_an_approval_over_the_bus_whose_commit_fails_leaves_nothing_in_force_and_can_be_given_again(house: House) -> None:
    proposal = await house.proposed()
    with pytest.raises(psycopg.OperationalError):
        async with house.hft.store.transaction() as conn:
            await house.parameters.decide(conn, DecideParameters(strategy=NAME, proposal=proposal, decision="approve"), "ada")
            raise psycopg.OperationalError("the connection is closed")
    await house.parameters.step()
    assert (house.enter, await house.status(proposal)) == (0.5, Status.PROPOSED)
    await house.approve(proposal)
    assert (house.enter, await house.status(proposal)) == (0.7, Status.WATCHED)


async def test_what_was_approved_before_a_crash_is_put_in_force_after_it(house: House) -> None:
    proposal = await house.proposed()
    async with house.hft.store.transaction() as conn:
        await house.parameters.decide(conn, DecideParameters(strategy=NAME, proposal=proposal, decision="approve"), "ada")
    assert house.enter == 0.5
    await parameters(house.desk, house.hft, house.home).step()
    assert (house.enter, await house.status(proposal)) == (0.7, Status.WATCHED)
    assert (await repository.load_strategies(house.hft.store, venue=VENUE))[NAME].parameters == {"enter": 0.7}


async def test_a_database_that_goes_away_after_the_approval_delays_it_and_loses_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = await house.proposed()

    async def gone(*_words: Any, **_more: Any) -> None:
        raise psycopg.OperationalError("the connection is closed")

    with monkeypatch.context() as away:
        away.setattr(repository, "save_strategy", gone)
        await house.approve(proposal)
    await house.parameters.step()
    await house.parameters.step()
    assert (house.enter, await house.status(proposal)) == (0.7, Status.WATCHED)
    assert (await repository.load_strategies(house.hft.store, venue=VENUE))[NAME].parameters == {"enter": 0.7}


async def test_a_reset_of_the_paper_account_begins_the_sums_anew_and_keeps_what_was_earned(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the database is away at the next look, and HFT starts again."""

    async def gone(*_words: Any) -> None:
        raise Unavailable("the database does not answer")

    proposal = await house.proposed()
    await house.approve(proposal)
    await house.trade("60000", "60050")
    await house.parameters.step()
    await house.reset()
    with monkeypatch.context() as away:
        away.setattr(table, "watching", gone)
        with pytest.raises(Unavailable):
            await house.parameters.step()
    await house.trade("60000", "60010")
    again = parameters(house.desk, house.hft, house.home)
    await again.step()
    await house.parameters.step()
    watch = (await house.parameters.find(proposal)).watch
    assert watch is not None and (watch.carried, watch.base, watch.fills) == (0.5, 0, 2)
    assert watch.profit == pytest.approx(0.6)


async def test_what_was_bought_before_a_reset_is_not_held_at_the_approval(house: House) -> None:
    house.desk.desk.position("BTCUSDT").quantity = units("1")
    await house.trade("60000")
    held = await house.proposed()
    await house.approve(held)
    house.desk.engine.set_strategy(NAME, start=False, parameters={"enter": 0.5})
    await house.parameters.step()
    await house.reset()
    house.desk.desk.position("BTCUSDT").quantity = units("1")  # a person's
    after = await house.proposed()
    await house.approve(after)
    bases = [watch.base for proposal in (held, after) if (watch := (await house.parameters.find(proposal)).watch)]
    assert bases == [units("0.01"), 0]


async def test_executions_behind_a_reset_are_stored_behind_it_however_long_the_queue(house: House) -> None:
    def bought(n: int) -> None:
        fill = Fill("BTCUSDT", uuid7(), "x", Side.BUY, units("60000"), units("0.01"), 0, "USDT", False, n, str(n), NAME)
        house.desk.trader.out.put(fill_fact(fill, None, Position("BTCUSDT"), None))

    for n in range(3):
        bought(n)
    house.desk.trader.start_anew()
    bought(3)
    writer = Writer(house.hft, house.desk.trader.out, venue=VENUE)
    while await writer.flush():
        pass
    async with house.hft.store.transaction() as conn:
        reset = await table.last_reset(conn, VENUE)
        counts = [(await table.made(conn, VENUE, NAME, "BTCUSDT", ("BTC", "USDT"), since)).count for since in (None, reset)]
    assert reset is not None and counts == [4, 1]


async def test_two_approvals_at_the_same_time_are_one_and_a_second_proposal_waits_for_the_first(house: House) -> None:
    first, second = await house.proposed(), await house.proposed(then=0.6)
    ends = await asyncio.gather(house.approve(first), house.approve(first), return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["NoneType", "NotWaiting"]
    house.desk.engine.set_strategy(NAME, start=False, parameters={"enter": 0.5})
    with pytest.raises(NotWaiting, match="is being watched"):
        await house.approve(second)
    assert house.enter == 0.5
    await house.parameters.step()
    assert await house.status(first) is Status.SUPERSEDED
    await house.approve(second)
    assert house.enter == 0.6


@pytest.mark.parametrize(
    ("more", "said"),
    [({"seconds": -1}, "is expired"), ({"code": {"digest": "other"}}, "other code than that which is loaded")],
)
async def test_what_is_too_old_or_about_other_code_is_not_approved(house: House, more: dict[str, Any], said: str) -> None:
    proposal = await house.proposed(**more)
    with pytest.raises(NotWaiting, match=said):
        await house.approve(proposal)
    assert house.enter == 0.5
    await house.parameters.step()
    assert await house.status(proposal) in (Status.PROPOSED, Status.EXPIRED)


async def test_a_running_strategy_whose_file_was_edited_is_neither_searched_nor_changed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What runs is the code that was loaded; a search would be about the file as it is now."""
    strategist, path = house.desk.engine.strategist, house.home / "strategies" / "mine.py"
    copy("mine", NAME, path.parent)
    strategist.strategies["mine"] = load("mine", house.home)
    monkeypatch.setattr(strategist, "busy", lambda name: name == "mine")
    path.write_text(path.read_text() + "\nHALF = 0.5\n")
    with pytest.raises(BadParameter, match="was edited since 'mine' was started"):
        await house.parameters.ask({"strategy": "mine", "tape": "gone", "grid": {"enter": [0.4]}}, "ada")
    asked = {"strategy": "mine", "parameters": dict(strategist.strategies["mine"].parameters)}
    proposal = await house.proposed(asked=asked, code={"digest": source_digest(path)})
    with pytest.raises(NotWaiting, match="other code than that which is loaded"):
        await house.parameters.decide_alone(DecideParameters(strategy="mine", proposal=proposal, decision="approve"), "ada")


async def test_a_strategy_from_elsewhere_which_no_search_could_load_is_not_put_on_a_schedule(house: House) -> None:
    house.desk.engine.strategist.strategies["elsewhere"] = Strategy(Imbalance, name="elsewhere")
    with pytest.raises(BadParameter, match="is no file of the strategies' folder"):
        await house.parameters.schedule({"strategy": "elsewhere", "tape": "gone", "grid": {"enter": [0.4]}}, 3600, "ada")


async def test_without_a_market_nothing_is_approved_since_nothing_could_be_watched(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal = await house.proposed()
    monkeypatch.setattr(house.desk.engine, "market_of", lambda _: replace(OPEN, mid=None))
    with pytest.raises(Unavailable, match="nothing could be watched"):
        await house.approve(proposal)
    assert (house.enter, await house.status(proposal)) == (0.5, Status.PROPOSED)


async def test_what_is_not_there_or_about_another_strategy_is_refused(house: House) -> None:
    proposal = await house.proposed()
    for strategy, name in ((NAME, uuid7()), ("grid", proposal)):
        with pytest.raises(NoSuchProposal):
            await house.parameters.decide_alone(DecideParameters(strategy=strategy, proposal=name, decision="reject"), "ada")
    assert await house.status(proposal) is Status.PROPOSED


async def test_a_schedule_that_is_refused_is_tried_again_and_the_service_goes_on(house: House) -> None:
    async with house.hft.store.transaction() as conn:
        await table.save_schedule(conn, VENUE, NAME, 3600, {"strategy": NAME, "tape": "gone", "grid": {"enter": [0.4]}}, "ada")
    await house.parameters.step()
    (kept,) = await house.parameters.schedules()
    assert kept.last_run is None
    assert await table.due(house.hft.store, VENUE) == []
    assert await house.parameters.unschedule(NAME)
    assert not await house.parameters.unschedule(NAME)


async def test_a_full_disk_at_a_scheduled_search_is_tried_again_in_a_minute(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_words: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(house.parameters, "ask", full)
    async with house.hft.store.transaction() as conn:
        await table.save_schedule(conn, VENUE, NAME, 3600, {"strategy": NAME}, "ada")
    await house.parameters.step()
    assert await table.due(house.hft.store, VENUE) == []


async def test_earlier_trials_on_the_same_data_are_counted_once_a_grid(house: House) -> None:
    def made(grid: str, trials: float, data: str = "d") -> dict[str, Any]:
        asked = {"strategy": NAME, "parameters": {}, "grid_digest": grid}
        return {"asked": asked, "own_trials": trials, "data": {"digest": data}}

    for grid, trials, data in (("a", 3.0, "d"), ("a", 4.0, "d"), ("b", 2.5, "d"), ("c", 9.0, "other")):
        await house.proposed(**made(grid, trials, data))
    assert await table.earlier_trials(house.hft.store, VENUE, NAME, "d", "x") == 6.5
    assert await table.earlier_trials(house.hft.store, VENUE, NAME, "d", "a") == 2.5
    assert await table.earlier_trials(house.hft.store, VENUE, "grid", "d", "x") == 0.0


async def test_a_person_decides_over_the_bus_and_hears_how_it_ended(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def decide(conn: Any, _envelope: Any, body: DecideParameters) -> None:
        await house.parameters.decide(conn, body, "ada")

    house.desk.bus.decide = decide
    monkeypatch.setattr(house.parameters, "_settings", HftSettings(watch_seconds=3600))
    watching = asyncio.create_task(house.parameters.run())
    await house.hft.bus.consume("hft.orders", house.hft.deliverer("hft.orders", house.desk.bus.handlers()["hft.orders"]))
    proposal, operation = await house.proposed(), uuid7()
    body = DecideParameters(strategy=NAME, proposal=proposal, decision="approve")
    envelope = house.web.envelope("hft.parameters.decide", body, actor=Actor("ana", Role.TRADER, "web"), idempotencykey=operation)
    await house.web.bus.publish(envelope, exchange=None)
    await eventually(lambda: any(u.operation_id == operation and u.status == "done" for u in house.heard), what="it has ended")
    await eventually(lambda: house.enter == 0.7, what="it is in force, long before the next look is due")
    watching.cancel()
    assert await house.status(proposal) is Status.WATCHED
