"""The control side of the hot tier on a real piece of shared memory; the engine process is played."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from time import monotonic_ns
from types import SimpleNamespace
from typing import cast

import pytest

from qbtc.contracts.common import Scope, Side, TradingState
from qbtc.core.binance.user_data import ExecutionReport
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.hot_engine import HotEngine
from qbtc.hft.adapters.hotloop.codes import Halt, Note
from qbtc.hft.adapters.hotloop.layout import TAPE
from qbtc.hft.adapters.hotloop.panel import Panel
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain.desk import Balance, Desk
from qbtc.hft.domain.feed import Feed
from qbtc.hft.domain.orders import NO_MARK
from qbtc.hft.domain.positions import Fill
from qbtc.hft.domain.risk_records import ACTIVE, HALTED
from qbtc.hft.domain.strategy import Slow
from qbtc.hft.domain.units import units
from qbtc.hft.errors import HotConflict
from qbtc.hft.hot import TURN_SECONDS, HotTier, Phase
from qbtc.hft.settings import HftSettings
from qbtc.testing.trading import TradingDesk

BTC = KNOWN["BTCUSDT"]
PREFIX = f"hot{NO_MARK}-grid-t4abcd-"


@dataclass
class PlayedEngine:
    """A process that makes its memory at once; `code` is its exit code once a test has set it."""

    folder: Path
    panel: Panel | None = None
    pid: int | None = None
    code: int | None = None
    started: list[dict[str, object]] = field(default_factory=list)
    parameters: object = None
    killed: int = 0
    stranger: int | None = None
    left: Panel | None = None

    @property
    def key(self) -> Path:
        return self.folder / "key"

    def start(
        self, strategy: str, parameters: object, symbols: object, *, spin: bool, resume: bool, record: bool = False
    ) -> None:
        self.recorded = record
        self.pid, self.code = 10 + len(self.started), None
        self.started.append({"strategy": strategy, "symbols": symbols, "spin": spin, "resume": resume})
        self.parameters = parameters
        self.panel = Panel.create(self.folder / "panel")
        self.panel.record["prefix"][: len(PREFIX)] = list(PREFIX.encode())
        self.panel.record["names"][0][:7] = list(b"BTCUSDT")
        self.panel.record["head"]["symbols"] = 1

    def attach(self) -> Panel | None:
        return self.panel

    def ended(self) -> int | None:
        return self.code

    def forget(self) -> None:
        self.pid = self.panel = None

    def ask_to_end(self) -> None:
        self.code = 0

    def kill(self) -> None:
        self.killed += 1
        self.code = -9

    def end(self) -> None:
        self.kill()

    def leftover(self) -> Panel | None:
        return self.left

    def alone(self) -> int | None:
        return self.stranger


@dataclass
class Rig:
    desk: TradingDesk
    engine: PlayedEngine
    hot: HotTier
    now: list[float]

    def turn(self, seconds: float = 0.0) -> None:
        self.now[0] += seconds
        self.hot.turn()

    def audited(self) -> None:
        """The desk has compared its account with the venue's."""
        audits = self.desk.engine.audits
        audits.end(audits.begin())

    @property
    def panel(self) -> Panel:
        assert self.engine.panel is not None
        return self.engine.panel

    @property
    def control(self) -> dict[str, int]:
        record = self.panel.record["control"]
        return {name: int(record[name]) for name in record.dtype.names or ()}

    def head(self, **words: int) -> None:
        """What the loop says of itself; it has heard everything that was asked."""
        for name, value in ({"heard": self.control["asked"]} | words).items():
            self.panel.record["head"][name] = value

    def write(self, kind: Note, sequence: int, **words: int) -> None:
        cursors = self.panel.record["tape_cursors"]
        number = int(cursors["head"])
        row = self.panel.record["tape"][number % TAPE]
        for name, value in ({"number": number, "kind": kind, "sequence": sequence, "symbol": 0} | words).items():
            row[name] = value
        cursors["head"] = number + 1

    def send(self, sequence: int) -> None:
        self.write(Note.SEND, sequence, side=1, type=1, tick=6_000_000, lots=1000, time=7)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    desk = TradingDesk(tmp_path)
    desk.desk.opening = {"BTC": units("1"), "USDT": units("100000")}
    desk.engine.feed = cast(Feed, SimpleNamespace(symbols=("BTCUSDT",), now_ns=1))
    desk.engine.running.clear()
    engine, now = PlayedEngine(tmp_path), [0.0]
    engine.key.touch()
    made = Rig(desk, engine, HotTier(desk.engine, cast(HotEngine, engine), clock=lambda: now[0]), now)
    yield made
    made.desk.close()


@pytest.fixture
def running(rig: Rig) -> Rig:
    """The strategy `grid` in an engine that is in its sockets and has heard everything."""
    rig.desk.trader.hot_names["grid"] = "grid"
    rig.hot.start(load("grid", rig.engine.folder), spin=True)
    rig.turn()
    rig.turn()
    rig.audited()
    rig.turn()
    rig.head(running=1, beat=monotonic_ns(), state=ACTIVE, reason=Halt.NONE)
    return rig


def orders(rig: Rig) -> dict[str, str]:
    return {name: order.state.value for name, order in rig.desk.desk.orders.items()}


def test_the_engine_is_started_and_told_state_limits_and_what_is_no_position(running: Rig) -> None:
    assert running.engine.started == [{"strategy": "grid", "symbols": ("BTCUSDT",), "spin": True, "resume": False}]
    control = running.control
    assert (control["asked"], control["state"], control["limits"], control["baselines"]) == (1, ACTIVE, 1, 1)
    assert int(running.panel.record["baselines"][0]) == units("1")
    assert running.hot.phase is Phase.RUNNING


def test_what_did_not_change_is_not_told_again(running: Rig) -> None:
    before = running.control | {"beat": 0}
    running.turn()
    assert running.control | {"beat": 0} == before


def test_a_transfer_moves_what_is_no_position(running: Rig) -> None:
    running.desk.desk.opening["BTC"] = units("1.5")
    running.turn()
    assert int(running.panel.record["baselines"][0]) == units("1.5")


def test_a_new_engine_gets_its_baselines_from_an_audit_that_began_after_its_start(rig: Rig) -> None:
    rig.hot.start(load("grid", rig.engine.folder), spin=False)
    number = rig.desk.engine.audits.begin()
    rig.turn()
    rig.turn()
    rig.desk.engine.audits.end(number)
    rig.turn()
    assert rig.control["baselines"] == 0
    rig.audited()
    rig.turn()
    assert rig.control["baselines"] == 1


def test_a_difference_that_the_engine_finds_is_covered_once_the_desk_has_audited(running: Rig) -> None:
    before = running.control["baselines"]
    running.head(differences=1)
    running.turn()
    assert running.panel.uncovered
    running.audited()
    running.turn()
    assert (running.control["covers"], running.control["baselines"]) == (1, before + 1)
    assert not running.panel.uncovered


def test_regime_and_bias_reach_the_engine_and_expire_without_us(running: Rig) -> None:
    running.desk.engine.slow["BTCUSDT"] = (Slow("calm", 0.5, -0.25), 1 << 60)
    running.turn()
    slow = running.panel.record["slow"][0]
    assert (int(slow["regime"]), float(slow["confidence"]), float(slow["bias"])) == (1, 0.5, -0.25)
    assert 0 < int(slow["until"]) - monotonic_ns() < 3_000_000_000


async def test_a_kill_reaches_the_engine_before_anything_else_is_done(running: Rig) -> None:
    running.panel.record["head"]["running"] = 0
    await running.desk.trader.kill(Scope.CANCEL, "test")
    assert (running.control["state"], running.control["cancel"]) == (HALTED, 1)
    await running.desk.trader.kill(Scope.FLATTEN, "test")
    running.desk.trader.resume("go on")
    running.hot.resumed()
    assert (running.control["state"], running.control["resumes"]) == (ACTIVE, 1)


async def test_orders_that_the_engine_sent_before_it_heard_of_a_kill_are_cancelled_too(running: Rig) -> None:
    running.send(1)
    running.panel.record["head"]["running"] = 0
    await running.desk.trader.kill(Scope.CANCEL, "test")
    assert orders(running) == {f"{PREFIX}1": "cancelled"}


async def test_a_halt_that_the_engine_found_halts_the_desk_with_name_and_reason(running: Rig) -> None:
    running.head(state=HALTED, reason=Halt.STRATEGY, detail=1)
    running.turn()
    desk = running.desk.desk
    assert desk.state is TradingState.HALTED
    assert "grid" in desk.reason
    assert "NaN" in desk.reason


def test_an_engine_that_did_not_hear_from_us_for_a_while_is_told_to_go_on_once_it_has_halted(running: Rig) -> None:
    asked = running.control["asked"]
    running.head(state=HALTED, reason=Halt.CONTROL_SILENT)
    running.turn()
    running.turn()
    assert (running.control["asked"], running.control["state"]) == (asked + 1, ACTIVE)
    running.head(state=ACTIVE, reason=Halt.NONE)
    running.turn()
    assert running.control["asked"] == asked + 1


async def test_an_engine_that_did_not_hear_from_us_stays_halted_with_the_desk(running: Rig) -> None:
    running.panel.record["head"]["running"] = 0
    await running.desk.trader.kill(Scope.CANCEL, "test")
    running.head(state=HALTED, reason=Halt.CONTROL_SILENT)
    before = running.control["asked"]
    running.turn()
    assert (running.control["asked"], running.control["state"]) == (before, HALTED)


@pytest.mark.parametrize("reason", [Halt.ORDERS_ENDED, Halt.STARTING, Halt.ASKED])
def test_a_halt_of_the_connection_does_not_halt_the_desk(running: Rig, reason: Halt) -> None:
    running.head(state=HALTED, reason=reason)
    running.turn()
    assert running.desk.desk.state is TradingState.ACTIVE


def test_what_the_engine_sends_becomes_the_desks_order_once(running: Rig) -> None:
    running.send(1)
    running.turn()
    running.turn()
    (order,) = running.desk.desk.orders.values()
    assert (order.client_order_id, order.strategy, order.side) == (f"{PREFIX}1", "grid", Side.SELL)
    assert (order.quantity, order.price) == (units("0.001"), units("60000"))
    assert [fact.key for fact in running.desk.trader.out.orders if hasattr(fact, "key")] == ["hft.order.sent"]


def test_a_report_that_comes_before_the_tape_was_read_makes_the_order_and_its_fill(running: Rig) -> None:
    name = f"{PREFIX}1"
    running.desk.trader.on_user_event(
        ExecutionReport(
            event_ms=1, symbol="BTCUSDT", client_order_id=name, side="SELL", order_type="LIMIT", time_in_force="IOC",
            quantity="0.00100000", price="60000.00", execution="TRADE", status="FILLED", order_id=5,
            last_quantity="0.00100000", filled="0.00100000", last_price="60000.00", trade_id=9, transaction_ms=1,
            created_ms=1,
        )
    )  # fmt: skip
    running.send(1)
    running.turn()
    assert orders(running) == {name: "filled"}
    (fill,) = running.desk.desk.fills
    assert (fill.strategy, running.desk.desk.position("BTCUSDT").quantity) == ("grid", -units("0.001"))


def test_an_execution_that_was_counted_before_its_order_was_heard_of_is_the_orders_too(running: Rig) -> None:
    name = f"{PREFIX}1"
    early = Fill("BTCUSDT", "9", name, Side.SELL, units("60000"), units("0.001"), 0, "USDT", True, 5, strategy="grid")
    assert running.desk.trader.count(early)
    running.send(1)
    running.turn()
    assert orders(running) == {name: "filled"}
    again = Desk({"BTCUSDT": BTC}, HftSettings().limits())
    again.restore(running.desk.journal.records())
    assert (again.orders[name].state.value, again.orders[name].filled) == ("filled", units("0.001"))
    assert again.position("BTCUSDT").quantity == -units("0.001")


def test_an_order_that_the_venue_refused_the_engine_is_rejected_here(running: Rig) -> None:
    running.send(1)
    running.send(2)
    running.write(Note.REJECT, 1, code=-2010)
    running.write(Note.REJECT, 2, code=-1007)
    running.turn()
    assert orders(running) == {f"{PREFIX}1": "rejected", f"{PREFIX}2": "sent"}


def test_an_order_that_nobody_has_heard_of_is_shown_as_unknown(running: Rig) -> None:
    running.send(1)
    running.write(Note.UNKNOWN, 1)
    running.turn()
    assert orders(running) == {f"{PREFIX}1": "unknown"}


async def test_an_engine_that_does_not_come_round_is_killed_and_waits_for_a_resume(running: Rig) -> None:
    for _ in range(16):
        running.turn(0.2)
    assert (running.engine.killed, running.hot.phase) == (1, Phase.BLOCKED)
    assert "did not return" in running.desk.desk.reason
    for _ in range(3):
        running.turn(60)
    assert len(running.engine.started) == 1
    running.desk.trader.resume("repaired")
    running.hot.resumed()
    running.turn()
    assert running.engine.started[-1]["resume"] is True


def test_a_pause_of_ours_or_of_the_connection_is_no_hang(running: Rig) -> None:
    for _ in range(3):
        running.turn(60)
    running.head(running=0)
    for _ in range(20):
        running.turn(0.2)
    running.head(running=1)
    running.turn(0.2)
    assert running.engine.killed == 0


def test_an_engine_that_ends_by_itself_is_started_again_after_growing_pauses(running: Rig) -> None:
    def starts_after(seconds: float) -> bool:
        running.engine.code = 1
        running.turn()
        count = len(running.engine.started)
        running.turn(seconds - 0.1)
        assert len(running.engine.started) == count
        running.turn(0.2)
        return len(running.engine.started) == count + 1

    assert [starts_after(pause) for pause in (0.5, 1.0, 2.0)] == [True, True, True]


def test_a_stopped_strategy_ends_its_engine(running: Rig) -> None:
    running.hot.stop()
    running.turn()
    running.turn()
    running.turn(60)
    assert (running.hot.phase, len(running.engine.started), running.hot.view()) == (Phase.STOPPED, 1, None)


def test_new_parameters_of_a_running_strategy_end_its_engine_and_start_one_with_them(running: Rig) -> None:
    assert running.hot.choice is not None
    strategy = running.hot.choice.strategy
    running.hot.start(strategy, spin=True)
    running.turn()
    assert len(running.engine.started) == 1
    strategy.configure({"notional": 321.0})
    running.hot.start(strategy, spin=True)
    for _ in range(3):
        running.turn()
    assert len(running.engine.started) == 2
    assert running.engine.parameters == strategy.parameters


def test_other_steps_of_a_symbol_end_the_engine_that_has_the_old_ones(running: Rig) -> None:
    running.desk.desk.instruments["BTCUSDT"] = replace(BTC, tick_size=Decimal("0.1"))
    for _ in range(3):
        running.turn()
    assert [row["symbols"] for row in running.engine.started] == [("BTCUSDT",), ("BTCUSDT",)]


async def test_a_resume_while_the_engine_ends_is_for_the_next_one(running: Rig) -> None:
    running.head(state=HALTED, reason=Halt.STRATEGY, detail=1)
    running.turn()
    running.hot.stop()
    running.turn()
    running.desk.trader.resume("it is out")
    running.hot.resumed()
    assert running.control["state"] == HALTED
    running.turn()
    running.hot.start(load("grid", running.engine.folder), spin=False)
    running.turn()
    assert running.engine.started[-1]["resume"] is True


def test_only_orders_of_a_dead_engine_that_nobody_heard_of_are_taken_over(running: Rig) -> None:
    running.send(1)
    running.turn()
    running.send(2)
    left = Panel.attach(running.panel.path)
    running.hot.take_over(left)
    assert list(orders(running)) == [f"{PREFIX}1", f"{PREFIX}2"]
    del running.desk.desk.orders[f"{PREFIX}1"]
    running.hot.take_over(left)
    assert list(orders(running)) == [f"{PREFIX}2"]


def test_what_the_desk_has_read_of_a_tape_never_comes_back_as_an_open_order(running: Rig, tmp_path: Path) -> None:
    """Closed orders leave the journal with a compaction; the tape of a stopped engine still has them."""
    left = Panel.attach(running.panel.path)
    running.send(1)
    running.turn()
    early = Fill("BTCUSDT", "9", f"{PREFIX}1", Side.SELL, units("60000"), units("0.001"), 0, "USDT", True, 5)
    running.desk.trader.count(early)
    running.hot.stop()
    running.turn()
    running.turn()
    running.desk.trader.compact()
    running.desk.close()
    running.desk = after = TradingDesk(tmp_path)
    after.desk.restore(after.journal.records())
    after.trader.recover()
    HotTier(after.engine, cast(HotEngine, running.engine)).take_over(left)
    assert (after.desk.orders, [*after.trader.out.orders]) == ({}, [])


def test_orders_of_the_hot_strategy_have_an_owner_until_its_engine_has_ended(running: Rig) -> None:
    running.send(1)
    running.turn()
    ownerless = running.desk.engine.strategist.ownerless
    found = [len(ownerless())]
    running.hot.stop()
    running.turn()
    found.append(len(ownerless()))
    running.turn()
    assert (running.hot.pid, [*found, len(ownerless())]) == (None, [0, 0, 1])
    running.engine.stranger = 4711
    assert ownerless() == []


async def test_what_a_killed_engine_left_open_is_cancelled_when_the_service_stops(running: Rig) -> None:
    running.send(1)
    await running.hot.close()
    await running.desk.engine.strategist.close()
    assert running.desk.venue.cancelled == [f"{PREFIX}1"]


async def test_what_a_dead_engine_sent_is_taken_over_once_the_symbols_are_known(running: Rig) -> None:
    running.send(1)
    running.engine.left = Panel.attach(running.panel.path)
    running.engine.forget()
    desk, feed = running.desk, running.desk.engine.feed
    known, desk.desk.instruments, desk.engine.feed = desk.desk.instruments, {}, None
    task = asyncio.create_task(running.hot.run())
    await asyncio.sleep(3 * TURN_SECONDS)
    assert orders(running) == {}
    desk.desk.instruments, desk.engine.feed = known, feed
    await asyncio.sleep(3 * TURN_SECONDS)
    task.cancel()
    assert orders(running) == {f"{PREFIX}1": "sent"}


def test_beside_an_engine_that_a_person_runs_alone_there_is_no_hot_tier(rig: Rig) -> None:
    rig.engine.stranger = 77
    with pytest.raises(HotConflict, match="pid 77"):
        rig.hot.check("grid")


async def test_while_the_account_is_reset_the_engine_is_halted_until_the_desk_is_reconciled(running: Rig) -> None:
    running.panel.record["head"]["running"] = 0
    async with running.hot.held():
        running.turn()
        assert (running.control["state"], running.control["cancel"]) == (HALTED, 1)
        running.desk.desk.reconciled = False
    running.turn()
    assert running.control["state"] == HALTED
    before = running.control["baselines"]
    running.desk.desk.reconciled = True
    running.turn()
    assert (running.control["state"], running.control["baselines"]) == (ACTIVE, before + 1)


def test_one_strategy_at_a_time_and_none_beside_the_service_tier(running: Rig) -> None:
    with pytest.raises(HotConflict, match="'grid' runs in the hot tier"):
        running.hot.check("imbalance")
    with pytest.raises(HotConflict, match="'grid' runs in the hot tier"):
        running.hot.check_service("imbalance")
    running.hot.stop()
    running.desk.engine.running.add("imbalance")
    with pytest.raises(HotConflict, match="imbalance"):
        running.hot.check("grid")
    running.hot.check("imbalance")


def test_without_a_key_there_is_no_hot_tier(rig: Rig) -> None:
    rig.engine.key.unlink()
    with pytest.raises(HotConflict, match="Ed25519"):
        rig.hot.check("grid")


def test_nothing_starts_before_the_desk_knows_what_is_a_position(rig: Rig) -> None:
    rig.desk.desk.opening = {}
    rig.hot.start(load("grid", rig.engine.folder), spin=False)
    rig.turn()
    assert rig.hot.phase is Phase.STARTING
    assert rig.engine.started == []
    assert rig.desk.desk.balances["BTC"] == Balance(units("1"))
