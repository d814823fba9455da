"""A service as a process of its own: it gets ready, answers, pauses, restarts when told with a signature, and drains."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psycopg
import pytest
from jsonschema import Draft202012Validator

from qbtc.contracts import Role
from qbtc.contracts.trading import Kill, Signal, TradingAnswer, TradingQuery
from qbtc.contracts.ui import ServiceControl
from qbtc.kit import tracing
from qbtc.kit.bus import DeadlineExceeded, RemoteError
from qbtc.kit.logs import SCHEMA
from qbtc.kit.messaging import Messenger
from qbtc.kit.security import Actor
from qbtc.testing.waiting import eventually, until

from .conftest import Database, Desk

SCRIPT = Path(__file__).with_name("tiny_service.py")
SOURCE = Path(__file__).parents[3] / "src"
QUERY = TradingQuery(what="market")
Admin = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True)
class Tiny:
    process: subprocess.Popen[bytes]
    base: str
    log: Path

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.base}{path}", timeout=5)

    def state(self) -> str | None:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return str(self.get("/health/ready").json()["state"])
        except httpx.TransportError:
            return None

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def ends(self) -> int:
        return self.process.wait(60)


@contextmanager
def started(instance: dict[str, str], log: Path, **more: str) -> Iterator[Tiny]:
    env = instance | {"PYTHONPATH": str(SOURCE)} | more
    with log.open("wb") as output:
        process = subprocess.Popen([sys.executable, SCRIPT], env=env, stdout=output, stderr=output)
    tiny = Tiny(process, f"http://127.0.0.1:{8400 + int(instance['QBTC_PORT_OFFSET'])}", log)
    try:
        yield tiny
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)


@pytest.fixture
def tiny(instance: dict[str, str], empty: Admin, tmp_path: Path) -> Iterator[Tiny]:
    with started(instance, tmp_path / "log", QBTC_HFT_GREETING="hola") as found:
        until(lambda: found.state() == "ready", seconds=90, what="the service is ready")
        yield found


@pytest.fixture
async def web(desk: Desk) -> AsyncIterator[Messenger]:
    yield await desk.service("web")


async def ask(web: Messenger, query: TradingQuery = QUERY, timeout: float = 10.0) -> TradingAnswer:
    return await web.request("hft.trading.query", query, reply=TradingAnswer, timeout=timeout)


async def tell(web: Messenger, desk: Desk, key: str, body: ServiceControl | Kill, *, role: Role = Role.ADMIN) -> None:
    actor = Actor("ann", role, "web")
    await web.bus.publish(web.envelope(key, body, actor=actor, idempotencykey="operation-1"))


async def test_a_service_gets_ready_answers_and_drains_on_sigterm(tiny: Tiny, web: Messenger, database: Database) -> None:
    tracing.configure("test", None)
    report = tiny.get("/health/ready").json()
    assert set(report["checks"]) == {"database", "bus", "cache"}
    assert all(check["ok"] for check in report["checks"].values())
    with tracing.span("asking"):
        trace_id = tracing.current_trace_id()
        assert (await ask(web)).data == "hola"
    with pytest.raises(RemoteError, match="no symbol 'BTCUSDT'"):
        await ask(web, TradingQuery(what="book", symbol="BTCUSDT"))
    assert "qbtc_messages_total" in tiny.get("/metrics").text
    until(lambda: tiny.get("/heard").json().count("task started") == 2, what="a crashed task is started again")
    tiny.process.send_signal(signal.SIGTERM)
    assert tiny.ends() == 0
    spans = [json.loads(line) for line in (database.home / "telemetry" / "spans-hft.jsonl").read_text().splitlines()]
    assert [s["name"] for s in spans if s["trace_id"] == trace_id] == ["hft.trading.query"], "one trace, two processes"
    lines = tiny.lines()
    assert {"closed": True} in lines, "on_close ran"
    records = [line for line in lines if "message" in line]
    said = [r["message"] for r in records]
    assert said.index("ready") < said.index("draining") < said.index("stopped") == len(said) - 1
    for record in records:
        Draft202012Validator(SCHEMA).validate(record)


async def test_pause_and_resume_stop_and_start_consuming(tiny: Tiny, web: Messenger, desk: Desk) -> None:
    await tell(web, desk, "web.service.control", ServiceControl.model_validate({"service": "hft", "action": "pause"}))
    await eventually(lambda: tiny.state() == "paused", what="paused")
    with pytest.raises(DeadlineExceeded):
        await ask(web, timeout=0.3)
    await tell(web, desk, "web.service.control", ServiceControl.model_validate({"service": "hft", "action": "resume"}))
    await eventually(lambda: tiny.state() == "ready", what="resumed")
    assert (await ask(web)).data == "hola"


async def test_what_waited_for_a_service_is_handled_and_a_signed_restart_exits_with_0(
    instance: dict[str, str], web: Messenger, desk: Desk, empty: Admin, tmp_path: Path
) -> None:
    qcs = await desk.service("qcs")
    waiting = Signal(symbol="BTCUSDT", regime="calm", confidence=0.5, bias=0.0, valid_until=1, reason="test")
    await qcs.bus.publish(qcs.envelope("hft.trading.signal", waiting))
    with started(instance, tmp_path / "log") as tiny:
        await eventually(lambda: tiny.state() == "ready", seconds=90, what="ready")
        await eventually(lambda: "hft.trading.signal" in tiny.get("/heard").json(), what="the signal arrives")
        await restarts(tiny, web, desk, empty)


async def restarts(tiny: Tiny, web: Messenger, desk: Desk, empty: Admin) -> None:
    await tell(web, desk, "web.service.control", ServiceControl.model_validate({"service": "cio", "action": "restart"}))
    await tell(web, desk, "hft.trading.kill", Kill.model_validate({"scope": "pause"}))
    await eventually(lambda: "hft.trading.kill" in tiny.get("/heard").json(), what="the kill is heard")
    assert tiny.state() == "ready", "another service's restart is not ours"
    await tell(web, desk, "web.service.control", ServiceControl.model_validate({"service": "hft", "action": "restart"}))
    assert tiny.ends() == 0
    row = empty.execute("SELECT count(*) FROM qbtc_bus.messages WHERE queue = 'hft.control'").fetchone()
    assert row == (0,), "acknowledged before the end, so that it does not restart for ever"


async def test_a_restart_that_nobody_with_the_role_signed_is_not_obeyed(
    tiny: Tiny, web: Messenger, desk: Desk, empty: Admin
) -> None:
    body = ServiceControl.model_validate({"service": "hft", "action": "restart"})
    await tell(web, desk, "web.service.control", body, role=Role.TRADER)
    query = "SELECT reason FROM qbtc_bus.dead_letters WHERE queue = 'hft.control'"
    await eventually(lambda: empty.execute(query.encode()).fetchone() is not None, what="a dead letter")
    assert "ann needs the role admin" in str(empty.execute(query.encode()).fetchone())
    assert tiny.state() == "ready"


@pytest.mark.parametrize(("variables", "said"), [
    ({"QBTC_CREDENTIALS": os.devnull + "-missing"}, "no credentials for 'hft': run `qbtc up`"),
    ({"QBTC_DATABASE": "wrong"}, "password authentication failed"),
])
def test_a_service_that_cannot_start_says_why_and_exits_with_1(
    instance: dict[str, str], tmp_path: Path, variables: dict[str, str], said: str
) -> None:
    if "QBTC_DATABASE" in variables:
        known = json.loads((Path(instance["QBTC_HOME"]) / "secrets" / "hft.json").read_text())
        password = known["database_url"].split(":")[2].split("@")[0]
        (tmp_path / "c.json").write_text(json.dumps(known | {"database_url": known["database_url"].replace(password, "wrong")}))
        variables = {"QBTC_CREDENTIALS": str(tmp_path / "c.json")}
    with started(instance, tmp_path / "log", **variables) as tiny:
        assert tiny.ends() == 1
        assert said in str(tiny.lines()[-1])
        assert tiny.lines()[-1]["message"] == "cannot start"
