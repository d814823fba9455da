"""A recorded session of the hot loop, run again by its own code, gives the same frames byte for byte."""

from __future__ import annotations

import random
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from tests.unit.hft.adapters.hotloop.test_loop import BTC, FREE, UNIT, Rig, framed, report

from qbtc.hft.adapters.hotloop.codes import Verb
from qbtc.hft.adapters.hotloop.layout import RECORDING, RING
from qbtc.hft.adapters.hotloop.panel import Panel
from qbtc.hft.adapters.hotloop.recorder import HotRecorder
from qbtc.hft.adapters.hotloop.replaying import HotReplay, describe
from qbtc.hft.adapters.hotloop.wire import Link
from qbtc.hft.adapters.hotloop.world import Engine, compile_strategy
from qbtc.hft.adapters.session_file import SessionWriter, read_session
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain import risk_records
from qbtc.hft.domain.risk_records import ACTIVE, HALTED
from qbtc.hft.domain.session.blocks import MAGIC, block
from qbtc.hft.domain.session.kinds import Kind
from qbtc.hft.domain.strategy import Strategy
from qbtc.hft.errors import BrokenSession
from qbtc.hft.sessions.export import frame_lines, latencies
from qbtc.hft.sessions.outcome import Outcome
from qbtc.hft.sessions.replay import head_of
from qbtc.testing.waiting import until

SOURCE = '''
from qbtc.hft.strategies.api import buy, buy_if_touched, cancel, parameter, sell, sell_stop


class Quoter:
    """Quotes both sides a few ticks away, anew whenever the bid has moved."""

    timer_seconds = 0.05
    away: float = parameter(5.0, 1.0, 100.0, "ticks from the touch")
    last: int = 0
    fills: int = 0

    def on_book(self, market, orders):
        if market.bid != self.last:
            self.last = market.bid
            cancel(orders)
            buy(orders, market.bid - self.away, 1000.0)
            sell(orders, market.ask + self.away, 1000.0)
            sell_stop(orders, market.bid - 20.0 * self.away, 700.0)
            buy_if_touched(orders, market.bid - 9.0 * self.away, 600.0, market.bid - 8.0 * self.away)

    def on_fill(self, market, orders):
        self.fills += 1
        buy(orders, market.bid - 3.0 * self.away, 1000.0 + self.fills)

    def on_timer(self, market, orders):
        if market.own == 0:
            buy(orders, market.bid - 2.0 * self.away, 1000.0)
'''


def quoter(folder: Path, source: str = SOURCE) -> Strategy:
    folder.mkdir(exist_ok=True)
    path = folder / "quoter.py"
    path.write_text(source)
    found = load(str(path), folder)
    found.prepare()
    return found


@dataclass
class Recorded:
    path: Path
    folder: Path
    sent: int
    refused: int
    told: list[bytes]


def played(folder: Path, seed: int, *, limits: dict[str, int]) -> Recorded:
    """A loop between two socket pairs with a market, answers, fills, halts and a reconnection by a seed."""
    strategy = quoter(folder / "strategies")
    panel = Panel.create(folder / "panel")
    compiled = compile_strategy(strategy.spec, 1, {})
    engine = Engine(panel, [BTC], compiled, [risk_records.one(risk_records.LIMITS, **{**FREE, **limits})], "t")
    engine.warm()
    recorder = HotRecorder(engine, folder / "sessions", most_bytes=1 << 30, keep_bytes=1 << 30)
    recorder.begin(describe(engine, strategy.spec, strategy.parameters))
    engine.account(0, base=Decimal(2), quote=Decimal(100_000))
    panel.command(Verb.LAST, 6_000_000)
    panel.settle([2 * UNIT])
    panel.command(Verb.RECONCILED, 1)
    panel.beat()
    dice = random.Random(seed)
    told = list[bytes]()
    for session in range(2):
        _session(engine, dice, first=session == 0, told=told)
    recorder.close()
    (path,) = (folder / "sessions").glob("*.session")
    head = panel.record["head"]
    return Recorded(path, folder, int(head["sent"]), int(head["refused"]), told)


class Noted(socket.socket):
    """Keeps what is sent through it."""

    told: list[bytes]

    def sendall(self, data: bytes, flags: int = 0) -> None:  # type: ignore[override]
        self.told.append(data)
        super().sendall(data, flags)


def _noted(plain: socket.socket, told: list[bytes]) -> Noted:
    made = Noted(plain.family, plain.type, plain.proto, plain.detach())
    made.told = told
    return made


def _session(engine: Engine, dice: random.Random, *, first: bool, flood: int = 0, told: list[bytes] | None = None) -> None:
    (market, theirs), (orders, ours) = socket.socketpair(), socket.socketpair()
    market = _noted(market, [] if told is None else told)
    links = Link(theirs), Link(ours)
    engine.forget_market()
    engine.connect(*links)
    if not first:
        engine.panel.command(Verb.RECONCILED, 1)
    ended: list[int] = []
    thread = threading.Thread(target=lambda: ended.append(engine.run()))
    thread.start()
    rig = Rig(engine.panel, engine, market, orders, thread, ended, update=100 if first else 10_000)
    rig.until("the loop trades", lambda: engine.panel.obeyed and rig.count("state") == 0)
    for n in range(120):
        _step(rig, dice, n)
    _flood(rig, flood)
    rig.until("all was read", lambda: engine.panel.obeyed)
    links[0].stop()
    thread.join(10)
    for each in (market, orders):
        each.close()
    for link in links:
        link.close()


def _step(rig: Rig, dice: random.Random, n: int) -> None:
    rig.panel.beat()
    act = dice.random()
    slots = rig.engine.world["slots"]
    opened = [s for s in slots[slots["state"] > 0].copy() if s["state"] in (1, 2, 3, 4)]
    if act < 0.55 or not opened:
        frames = rig.count("frames")
        rig.tick(str(dice.randrange(1, 5)), at=60_000 + dice.randrange(-3, 4))
        rig.until("the frame was read", lambda: rig.count("frames") > frames)
    elif act < 0.9:
        _answer(rig, dice, dice.choice(opened), n)
    elif act < 0.93:
        rig.panel.ask(HALTED)
        rig.until("it has heard", lambda: rig.count("heard") == int(rig.panel.record["control"]["asked"]))
        rig.panel.ask(ACTIVE, resume=True)
    elif act < 0.96:
        rig.panel.advise(0, regime=1, confidence=0.5, bias=0.1, until=1 << 62)
    else:
        slot = dice.choice(opened)
        rig.panel.command(Verb.RESOLVE, int(slot["sequence"]), 1, int(slot["filled"]), 7)


def _flood(rig: Rig, rounds: int) -> None:
    """So many frames that say nothing new, as fast as they are taken."""
    old = framed({"u": 1, "s": "BTCUSDT", "b": "1.00", "B": "1", "a": "2.00", "A": "1.0"})
    before = rig.count("frames")
    for n in range(0, rounds, 100):
        rig.market.sendall(old * 100)
        rig.until("they are taken", lambda n=n: rig.count("frames") - before >= n)  # type: ignore[misc]
    rig.until("all are taken", lambda: rig.count("frames") - before >= rounds)


def _answer(rig: Rig, dice: random.Random, slot: object, n: int) -> None:
    sequence, lots, filled = (int(slot[name]) for name in ("sequence", "lots", "filled"))  # type: ignore[index]
    name, left = f"t-{sequence}", lots - filled
    if dice.random() < 0.3:
        rig.orders.sendall(framed({"id": 2 * sequence, "status": 200, "result": {"orderId": 5}}))
        return
    part = left if dice.random() < 0.7 else max(1, left // 2)
    total = f"{(filled + part) * 1e-6:.8f}"
    status = "FILLED" if part == left else "PARTIALLY_FILLED"
    side = ("BUY", "SELL")[int(slot["side"])]  # type: ignore[index]
    rig.orders.sendall(framed(report(name, "TRADE", status, total, l=f"{part * 1e-6:.8f}", t=n, S=side)))


def replayed(recorded: Recorded, path: Path | None = None, source: str = SOURCE, **parameters: float) -> Outcome:
    session = read_session(path or recorded.path)
    strategy = quoter(recorded.folder / ("strategies" if source == SOURCE else "others"), source)
    return HotReplay(session, head_of(session), strategy, parameters).run()


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    yield played(tmp_path_factory.mktemp("hot"), 5, limits={"open_here": 6})


def test_every_frame_is_reproduced_with_masks_times_and_ids(recorded: Recorded) -> None:
    found = replayed(recorded)
    assert found.difference is None
    assert found.equal == found.recorded
    assert found.recorded["order"] == recorded.sent > 20
    assert found.recorded["refusal"] == recorded.refused > 0
    assert found.recorded["cancel"] > 10
    assert found.views == found.views_equal > 0
    assert found.ended == "the engine ended"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_so_is_every_other_session(tmp_path: Path, seed: int) -> None:
    found = replayed(played(tmp_path, seed, limits={}))
    assert found.same
    assert found.share == 1.0


def test_its_market_comes_out_frame_by_frame_as_it_was_told(recorded: Recorded) -> None:
    lines = [line.split(b" ", 1) for line in frame_lines(recorded.path)]
    assert [text.rstrip() for _, text in lines] == [frame[frame.index(b"{") :] for frame in recorded.told]
    times = [int(at) for at, _ in lines]
    assert times == sorted(times)
    assert len(times) > 100


def test_its_latencies_are_those_of_the_orders_that_were_answered(recorded: Recorded) -> None:
    rows = latencies(recorded.path)
    assert len(rows) > 5
    assert all(asked < reached < answered for asked, reached, answered in rows)


def test_what_is_damaged_is_not_taken_apart(recorded: Recorded, tmp_path: Path) -> None:
    other = tmp_path / "other.session"
    writer = SessionWriter(other)
    for part in read_session(recorded.path).parts():
        writer.put(part.kind, part.at, part.payload[:40] if part.kind == Kind.TURN else part.payload)
    writer.close()
    with pytest.raises(BrokenSession, match=r"record [0-9]+: "):
        list(frame_lines(other))


def test_another_parameter_is_named_at_the_first_request_that_it_changes(recorded: Recorded) -> None:
    found = replayed(recorded, away=6.0)
    assert found.difference is not None
    assert found.difference.recorded is not None
    assert found.difference.replayed is not None
    assert '"price":' in found.difference.recorded.words
    assert found.difference.recorded.words != found.difference.replayed.words
    assert found.difference.state["strategies"]["quoter"]["BTCUSDT"]["away"] == 6.0
    assert found.difference.heard


def test_another_code_is_named_where_it_first_wants_something_else(recorded: Recorded) -> None:
    found = replayed(recorded, source=SOURCE.replace("buy(orders, market.bid - 3.0", "buy(orders, market.bid - 4.0"))
    assert found.difference is not None
    assert 0 < found.share < 1
    assert found.difference.state["saw"]["quoter"]["fill"] > 0


def test_a_recording_that_was_cut_is_run_up_to_there(recorded: Recorded, tmp_path: Path) -> None:
    raw = recorded.path.read_bytes()
    cut = tmp_path / "cut.session"
    cut.write_bytes(raw[: len(raw) * 2 // 3])
    found = replayed(recorded, cut)
    assert found.same
    assert found.lost > 0
    assert found.ended == ""


def test_a_parameter_that_the_strategy_does_not_have_is_refused(recorded: Recorded) -> None:
    with pytest.raises(BrokenSession, match="unknown parameter 'far'"):
        replayed(recorded, far=1.0)


def traded_beyond(engine: Engine, rounds: int) -> int:
    """Orders of a session in which the market moves that often after the usual things."""
    engine.account(0, base=Decimal(2), quote=Decimal(100_000))
    engine.panel.command(Verb.LAST, 6_000_000)
    engine.panel.settle([2 * UNIT])
    engine.panel.command(Verb.RECONCILED, 1)
    _session(engine, random.Random(1), first=True, flood=rounds)
    return int(engine.panel.record["head"]["sent"])


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    strategy = quoter(tmp_path / "strategies")
    limits = [risk_records.one(risk_records.LIMITS, **FREE)]
    made = Engine(Panel.create(tmp_path / "panel"), [BTC], compile_strategy(strategy.spec, 1, {}), limits, "t")
    made.warm()
    return made


def test_a_file_that_is_large_enough_ends_the_recording_and_not_the_trading(engine: Engine, tmp_path: Path) -> None:
    strategy = quoter(tmp_path / "strategies")
    recorder = HotRecorder(engine, tmp_path / "sessions", most_bytes=1, keep_bytes=1 << 30)
    recorder.begin(describe(engine, strategy.spec, strategy.parameters))
    until(lambda: int(engine.world["record_no_more"]) == 1, what="the file is large enough")
    assert traded_beyond(engine, 0) > 0
    recorder.close()
    (path,) = (tmp_path / "sessions").glob("*.session")
    assert [part.kind for part in read_session(path).parts()] == [Kind.HEAD, Kind.END]


def test_the_loop_itself_ends_a_recording_that_another_thread_wants_no_more(engine: Engine) -> None:
    """Its address stays while the loop may be amid a record."""
    ring = np.zeros(1, RECORDING)
    engine.record_into(ring)
    address = int(engine.world["recording"])
    engine.record_no_more()
    assert int(engine.world["recording"]) == address == int(ring[0]["data"].ctypes.data)
    assert traded_beyond(engine, 0) > 0
    assert int(engine.world["recording"]) == 0
    assert int(engine.world["recorded"]) == 0
    assert not ring[0]["data"].any()


def test_a_ring_that_nobody_drains_ends_the_recording_and_not_the_trading(engine: Engine, tmp_path: Path) -> None:
    ring = np.zeros(1, RECORDING)
    engine.record_into(ring)
    assert traded_beyond(engine, 150_000) > 0
    assert int(engine.world["unrecorded"]) == 1
    assert int(engine.world["recording"]) == 0
    shown = int(ring[0]["cursors"]["head"])
    assert RING - 100_000 < shown <= RING
    raw = ring[0]["data"][:shown].tobytes()
    (tmp_path / "ring.session").write_bytes(MAGIC + block(raw))
    parts = list(read_session(tmp_path / "ring.session").parts())
    assert {part.kind for part in parts} >= {Kind.BEGUN, Kind.LISTENED, Kind.COMMAND, Kind.HOUSE, Kind.TURN}


def test_a_full_ring_goes_on_at_its_beginning(engine: Engine, tmp_path: Path) -> None:
    strategy = quoter(tmp_path / "strategies")
    recorder = HotRecorder(engine, tmp_path / "sessions", most_bytes=1 << 30, keep_bytes=1 << 30)
    recorder.begin(describe(engine, strategy.spec, strategy.parameters))
    traded_beyond(engine, 180_000)
    recorder.close()
    assert int(engine.world["recorded"]) > RING
    (path,) = (tmp_path / "sessions").glob("*.session")
    session = read_session(path)
    assert any(part.kind == Kind.PAD for part in session.parts())
    found = HotReplay(session, head_of(session), strategy).run()
    assert found.same
    assert found.frames > 50_000 / 60
    assert found.recorded["order"] == int(engine.panel.record["head"]["sent"])
