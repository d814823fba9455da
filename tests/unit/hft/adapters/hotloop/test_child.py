"""The engine's Python side when things go wrong; its loop is played by a thread that obeys."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from qbtc.core.binance.messages import MalformedFrame
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.hotloop.child import Child, Options
from qbtc.hft.adapters.hotloop.codes import Note, Verb
from qbtc.hft.adapters.hotloop.rest import EngineKey, Rest
from qbtc.hft.adapters.hotloop.wire import Link, NoConnection
from qbtc.hft.adapters.hotloop.world import Compiled, Engine
from qbtc.hft.domain import risk_records
from qbtc.hft.domain.risk_records import HALTED

NOWHERE = "http://127.0.0.1:1"
NO_LIMITS = dict.fromkeys(risk_records.LIMITS.names or (), 0)


class PlayedKey:
    api_key = "key"

    @classmethod
    def load(cls, _: Path) -> PlayedKey:
        return cls()


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Child]:
    monkeypatch.setattr("qbtc.hft.adapters.hotloop.child.EngineKey", PlayedKey)
    options = Options(tmp_path, NOWHERE, NOWHERE, NOWHERE, symbols=("BTCUSDT",))
    limits = [risk_records.one(risk_records.LIMITS, **NO_LIMITS)]
    made = Child(options, Compiled(owns=[0], on_book=0), limits, [KNOWN["BTCUSDT"]])
    yield made
    made._flusher.close()
    made.panel.path.unlink(missing_ok=True)


def obedient(child: Child) -> int:
    """As the loop: hear what is asked, beat, end at STOP."""
    record = child.panel.record
    until = time.monotonic() + 10
    while time.monotonic() < until:
        child.panel.beat()
        record["head"]["heard"] = record["control"]["asked"]
        cursors = record["command_cursors"]
        if cursors["head"] > cursors["tail"] and record["commands"][int(cursors["tail"])]["verb"] == Verb.STOP:
            break
        time.sleep(0.001)
    return 12


def test_an_error_that_nobody_expected_cancels_what_is_open_and_ends_the_engine(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise KeyError("status")

    monkeypatch.setattr(child.account, "settle_unknown", broken)
    monkeypatch.setattr(Engine, "run", lambda _: obedient(child))
    pairs = socket.socketpair(), socket.socketpair()
    with pytest.raises(KeyError):
        child._session((Link(pairs[0][0]), Link(pairs[1][0])))
    control = child.panel.record["control"]
    assert (int(control["state"]), int(control["cancel"])) == (HALTED, 1)
    for pair in pairs:
        pair[1].close()


def test_a_book_is_asked_for_until_it_came_and_what_is_behind_it_on_the_tape_is_read(
    child: Child, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[str | Exception] = [
        NoConnection("/api/v3/depth: TimeoutError"),
        "{}",
        '{"lastUpdateId": 7, "bids": [["60000.00", "1"]], "asks": []}',
    ]

    def played(path: str, **_: object) -> object:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return json.loads(found)

    def taken(verb: Verb, *words: int, symbol: int = 0) -> None:
        commands.append((verb, symbol))

    commands: list[tuple[Verb, int]] = []
    monkeypatch.setattr(child._rest, "public", played)
    monkeypatch.setattr(child.panel, "command", taken)
    compared = child._compare_at = time.monotonic() + 1000
    for number, kind in enumerate((Note.NEED_SNAPSHOT, Note.FOREIGN)):
        row = child.panel.record["tape"][number]
        row["number"], row["kind"], row["symbol"] = number, kind, 0
    child.panel.record["tape_cursors"]["head"] = 2
    child._read_tape()
    assert child._compare_at < compared
    for error in (NoConnection, MalformedFrame):
        with pytest.raises(error):
            child._fetch_snapshots()
    for _ in range(2):
        child._fetch_snapshots()
    assert (commands, answers) == ([(Verb.SNAPSHOT, 0)], [])
    assert int(child.panel.record["snapshot"]["last_id"]) == 7


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable"])
def test_an_answer_that_is_cut_off_is_no_answer(status: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=lambda: cut_off(server, status), daemon=True).start()
        rest = Rest(f"http://127.0.0.1:{server.getsockname()[1]}", cast(EngineKey, PlayedKey()))
        with pytest.raises(NoConnection):
            rest.public("/api/v3/time")


def cut_off(server: socket.socket, status: str) -> None:
    taken, _ = server.accept()
    with taken:
        taken.recv(4096)
        taken.sendall(f"HTTP/1.1 {status}\r\nContent-Length: 100\r\n\r\n".encode() + json.dumps({"a": 1}).encode()[:4])
