"""The engine process against the real venue: logs on with Ed25519, buys once, in plain and through a TLS front."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from bench.tick_to_order import certificate
from click.testing import CliRunner

from qbtc.cli.hft_latency import latency
from qbtc.hft.adapters.hotloop.codes import Halt, Note
from qbtc.hft.adapters.hotloop.intents import read_intents
from qbtc.hft.adapters.hotloop.layout import PANEL, WORLD
from qbtc.hft.adapters.hotloop.panel import NoPanel, Panel, panel_path
from qbtc.hft.domain.risk_records import ACTIVE
from qbtc.testing.tls_front import Front
from qbtc.testing.venue import VenueProcess, venue
from qbtc.testing.waiting import until

ONCE = '''
from qbtc.hft.strategies.api import IOC, Market, Orders, buy


class Once:
    """Buys until it has something: the gate refuses orders while it does not know enough."""

    asked: int = 0

    def on_book(self, market: Market, orders: Orders) -> None:
        self.asked += 1
        if market.fill == 0 and market.own == 0:
            buy(orders, market.ask, 1000.0, IOC)
'''
RESTING = """
from qbtc.hft.strategies.api import Market, Orders, buy


class Resting:
    def on_book(self, market: Market, orders: Orders) -> None:
        if market.own == 0 and market.position == 0:
            buy(orders, market.bid - 1000.0 * market.tick_size, 100.0)
"""
NONSENSE = """
from qbtc.hft.strategies.api import IOC, Market, Orders, buy


class Nonsense:
    def on_book(self, market: Market, orders: Orders) -> None:
        buy(orders, market.ask / 0.0, 1.0, IOC)
"""
SECONDS = 60.0
"""For everything the engine does; the loop is compiled before, in `compiled`."""


@contextlib.contextmanager
def engine(
    home: Path, place: VenueProcess, *more: str, front: Front | None = None, strategy: str = ONCE
) -> Iterator[subprocess.Popen[bytes]]:
    ws, ws_api = place.ws, place.ws_api
    if front is not None:
        plain = place.ws.removeprefix("ws://")
        ws, ws_api = (text.replace(f"ws://{plain}", f"wss://127.0.0.1:{front.port}") for text in (ws, ws_api))
    (home / "once.py").write_text(strategy)
    command = [
        sys.executable, "-m", "qbtc.hft.adapters.hotloop", "--rest", place.rest, "--ws", ws, "--ws-api", ws_api,
        "--symbols", "BTCUSDT", "--strategy", str(home / "once.py"), *more,
    ]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | {"QBTC_HOME": str(home)})
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def panel_of(home: Path, process: subprocess.Popen[bytes]) -> Panel:
    def found() -> Panel | None:
        try:
            panel = Panel.attach(panel_path(home))
        except NoPanel:
            return None
        return panel if int(panel.record["head"]["pid"]) == process.pid else None

    return until(found, what="the engine's panel", seconds=SECONDS)


@pytest.fixture(autouse=True)
def no_memory_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    panel_path(tmp_path).unlink(missing_ok=True)


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    """A minute and more at the very first start; from the cache a second."""
    from numba import typeof

    from qbtc.hft.adapters.hotloop.loop import run

    run.compile((typeof(np.zeros(1, WORLD)[0]), typeof(np.zeros(1, PANEL)[0])))


@pytest.mark.timeout(600)
@pytest.mark.parametrize("tls", [False, True])
def test_the_engine_buys_once_and_says_how_fast(tmp_path: Path, tls: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    cert, key = certificate(tmp_path)
    with venue(tmp_path, "--sim", "--symbols", "BTCUSDT") as place, contextlib.ExitStack() as stack:
        front = Front(int(place.rest.rsplit(":", 1)[1]), cert, key) if tls else None
        trust = ("--ca-file", cert) if tls else ()
        process = stack.enter_context(engine(tmp_path, place, "--alone", *trust, front=front))
        panel = panel_of(tmp_path, process)
        until(lambda: panel.record["head"]["filled"] > 0, what="the order is filled", seconds=SECONDS)
        assert panel.status()["tls"] is tls
        base = float(place.balances()["BTC"][0])
        assert 2.0009 < base < 2.0011
        monkeypatch.setenv("QBTC_HOME", str(tmp_path))
        shown = CliRunner().invoke(latency, ["--json"])
        stages = {row["name"]: row for row in json.loads(shown.output)["stages"]}
        assert stages["frame_to_sent"]["n"] >= 1
        assert stages["frame_to_sent"]["p50_us"] > 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        if front:
            front.close()
        kinds = [Note(int(kind)) for kind in read_intents(tmp_path / "hft" / "intents.bin")["kind"]]
        assert kinds.index(Note.SEND) < kinds.index(Note.ACK) < kinds.index(Note.FILL)


@pytest.mark.timeout(600)
def test_an_engine_whose_control_side_falls_silent_halts_cancels_and_ends(tmp_path: Path) -> None:
    with (
        venue(tmp_path, "--sim", "--symbols", "BTCUSDT") as place,
        engine(tmp_path, place, "--silence", "0.5", strategy=RESTING) as process,
    ):
        panel = panel_of(tmp_path, process)
        panel.settle([2 * 10**8])
        panel.ask(ACTIVE)

        def beating() -> bool:
            panel.beat()
            return int(panel.record["head"]["acked"]) > 0

        until(beating, what="an order rests", seconds=SECONDS)
        assert process.wait(SECONDS) == 0
        assert panel.status()["reason"] == Halt.CONTROL_SILENT.name
        assert place.signed("GET", "/api/v3/openOrders").json() == []


@pytest.mark.timeout(600)
def test_an_engine_that_is_killed_loses_no_intent(tmp_path: Path) -> None:
    journal = tmp_path / "hft" / "intents.bin"
    with venue(tmp_path, "--sim", "--symbols", "BTCUSDT") as place:
        with engine(tmp_path, place, "--alone") as process:
            panel = panel_of(tmp_path, process)
            until(lambda: panel.record["head"]["sent"], what="it has sent an order", seconds=SECONDS)
            process.kill()
            process.wait()
            written = panel.written
        with engine(tmp_path, place, "--alone") as process:
            panel_of(tmp_path, process)
            until(lambda: len(read_intents(journal)) >= written, what="the records are on disk", seconds=SECONDS)
            assert Note.SEND in [Note(int(kind)) for kind in read_intents(journal)["kind"]]


@pytest.mark.timeout(600)
def test_the_halt_of_a_faulty_strategy_outlives_the_engine_until_it_is_resumed(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim", "--symbols", "BTCUSDT") as place:

        def reason_of(*more: str, strategy: str, reached: str) -> None:
            with engine(tmp_path, place, "--alone", *more, strategy=strategy) as process:
                panel = panel_of(tmp_path, process)
                until(lambda: panel.status()["frames"], what="it hears the market", seconds=SECONDS)
                until(lambda: panel.record["head"]["compared"], what="it knows the account", seconds=SECONDS)
                until(lambda: panel.status()["reason"] == reached, what=f"it is {reached}", seconds=SECONDS)
                process.kill()
                process.wait()

        reason_of(strategy=NONSENSE, reached=Halt.STRATEGY.name)
        reason_of(strategy=ONCE, reached=Halt.STRATEGY.name)
        assert place.balances()["BTC"][0] == "2.00000000"
        reason_of("--resume", strategy=ONCE, reached=Halt.NONE.name)
