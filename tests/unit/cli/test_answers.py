"""What verbs say to a person: empty lists, refusals with what is allowed, the state of trading."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from qbtc.cli import alerts, engine_http, status, up
from qbtc.cli.problems import problem_words, said
from qbtc.cli.root import root
from qbtc.engines.base import EngineError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("QBTC_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QBTC_HOME", str(tmp_path))
    (tmp_path / "secrets").mkdir()
    return tmp_path


def run(*arguments: str, given: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(root, list(arguments), input=given)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_what_is_allowed_is_said_once_and_without_quotes() -> None:
    assert said({"detail": "The value is above the limit (26000, allowed up to 25000)", "allowed": "25000"}) == (
        "The value is above the limit (26000, allowed up to 25000)."
    )
    assert said({"detail": "no such symbol.", "allowed": ["BTCUSDT", "ETHUSDT"]}) == "no such symbol. Allowed: BTCUSDT, ETHUSDT."
    assert problem_words(b"<html>", 502) == "502 <html>"


@pytest.mark.parametrize("verb", [("alerts", "ls"), ("keys", "ls")])
def test_an_empty_list_says_so_and_how_to_fill_it(verb: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "call", lambda *_: {"items": []})
    code, output = run(*verb)
    assert code == 0
    assert "add" in output


@pytest.mark.parametrize("name", ["nonsense", "antropic"])
def test_a_key_that_nothing_uses_is_not_stored(home: Path, name: str) -> None:
    code, output = run("keys", "add", name, "--stdin", given="value\n")
    assert code == 1
    assert "Allowed: anthropic, binance" in output
    assert [path.name for path in (home / "secrets").iterdir()] == []


def test_an_alert_that_is_reached_already_says_that_it_fires_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alerts, "call", lambda *_: {"id": "a1", "now": "61558.25"})
    assert "The price is 61558.25 already" in run("alerts", "add", "above", "BTCUSDT", "61000")[1]


@pytest.mark.parametrize("offset", ["abc", "-1", "60000", "1.5"])
def test_a_port_offset_that_is_none_is_refused_by_every_verb(monkeypatch: pytest.MonkeyPatch, offset: str) -> None:
    monkeypatch.setenv("QBTC_PORT_OFFSET", offset)
    code, output = run("status")
    assert code == 1
    assert "Allowed: a whole number from 0 to 55000" in output


def test_an_empty_question_is_told_what_to_ask() -> None:
    code, output = run("ask", "  ")
    assert code == 2
    assert "what is the price of btc" in output


def test_a_resume_says_the_state_that_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, ...]] = []

    def call(*arguments: object) -> object:
        asked.append(arguments)
        return {"state": "ACTIVE"}

    monkeypatch.setattr(engine_http, "call", call)
    assert run("resume", "--reason", "over") == (0, "Trading is ACTIVE.\n")
    assert json.loads(run("hft", "resume", "--json")[1]) == {"state": "ACTIVE"}
    assert asked[0] == ("POST", "/resume", {"reason": "over"})


HALTED: dict[str, Any] = {"state": "HALTED", "reason": "drill", "unserved": ["ETHUSDT"]}


def test_the_status_says_that_trading_is_halted_and_what_is_not_served(capsys: pytest.CaptureFixture[str]) -> None:
    status.show({"services": {}, "engines": {}, "market": {"mode": "SIMULATED"}, "trading": HALTED, "url": "http://x"})
    said_ = capsys.readouterr().out
    assert "trading   HALTED  (drill)  `qbtc resume` ends it." in said_
    assert "ETHUSDT cannot be watched" in said_


def test_a_start_says_the_market_and_warns_of_what_is_not_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "venue_market", lambda _: {"mode": "SIMULATED", "note": "no network"})
    monkeypatch.setattr(status, "trading_state", lambda: HALTED)
    lines = up.remarks()
    assert lines[0] == "Market: SIMULATED (no network)"
    assert "qbtc resume" in lines[1]
    assert lines[2].startswith("WARNING: Positions or orders in ETHUSDT")


def test_an_engine_that_does_not_answer_is_no_state(monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> object:
        raise EngineError("HFT does not answer.")

    monkeypatch.setattr(engine_http, "call", silent)
    assert status.trading_state() == {"state": None, "reason": None, "unserved": None}


def test_a_venue_that_cannot_run_leaves_standard_output_to_its_announcement(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("QBTC_SPEED", "fast")
    done = CliRunner().invoke(root, ["exchange", "--sim", "--json"])
    printed = capfd.readouterr()
    assert done.exit_code == 1
    assert (done.stdout, printed.out) == ("", "")
    assert "environment QBTC_SPEED" in done.stderr + printed.err
