"""`qbtc propose`: what it asks of HFT, and how it tells what HFT answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.unit.cli.tiny_tape import tickers

from qbtc.cli import propose
from qbtc.cli.root import root
from qbtc.hft.domain.proposing import Doubt

PART = {"score": 0.5, "profit": 1.25, "periods": 100}
BAND = {"low": -1.0, "middle": 0.5, "high": 2.0, "level": 0.95}
FOUND = {
    "id": "run-1", "strategy": "grid", "symbol": "BTCUSDT", "status": "watched",
    "changes": [{"name": "step", "current": 2.0, "proposed": 3.5}], "reasons": [],
    "figures": {
        "inside": PART, "outside": PART, "present": {**PART, "profit": -0.5}, "objective": "sharpe", "windows": 6, "deflated": 0.97,
        "trials": 3.25, "combinations": 12, "overfitting": None, "better": 0.99, "hour": BAND, "day": None,
    },
    "watch": {"hours": 0.5, "fills": 21, "profit": -0.25, "lowest": -4.0},
}  # fmt: skip
WORDS = ("--param", "step=2:4:1", "--train", "60s", "--test", "30s")


class Hft:
    """Answers by path and keeps what it was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, list[tuple[str, str, Any]]()

    def __call__(self, method: str, path: str, body: Any = None, *, seconds: float = 0) -> Any:
        self.asked.append((method, path, body))
        return self.answers.get(path.rsplit("/", maxsplit=1)[-1] if method == "GET" else method)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("QBTC_HOME", str(tmp_path))
    tickers(tmp_path / "data" / "made" / "btc", count=20)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, hft: Hft, *words: str) -> tuple[int, str]:
    monkeypatch.setattr(propose, "call", hft)
    done = CliRunner().invoke(root, ["propose", *words])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@pytest.mark.parametrize("data", ["made/btc", "{home}/data/made/btc"])
def test_a_search_is_asked_for_by_the_name_of_its_tape_in_the_store(data: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hft = Hft(POST={"id": "run-1"})
    code, output = run(monkeypatch, hft, "now", "grid", "--data", data.format(home=home), *WORDS, "--no-wait")
    assert (code, output.strip()) == (0, "run-1")
    ((method, path, body),) = hft.asked
    assert (method, path) == ("POST", "/parameters/proposals")
    assert (body["tape"], body["grid"], body["train"], body["newest"]) == ("made/btc", {"step": (2.0, 3.0, 4.0)}, "60s", None)


def test_a_search_waits_for_its_end_and_shows_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    hft = Hft(POST={"id": "run-1"}, **{"run-1": {**FOUND, "state": "done"}})
    code, output = run(monkeypatch, hft, "now", "grid", "--data", "made", *WORDS)
    assert code == 0
    assert "step 2 -> 3.5" in output
    assert "0.9700 after 3.2 independent trials of 12" in output
    assert "overfitting  -" in output
    assert "profit -0.2500, goes back below -4.0000" in output


def test_a_search_that_failed_says_why_and_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    hft = Hft(POST={"id": "run-1"}, **{"run-1": {"state": "failed", "error": {"detail": "no tape"}}})
    code, output = run(monkeypatch, hft, "now", "grid", "--data", "made", *WORDS)
    assert code == 1
    assert "the search failed: no tape" in output


@pytest.mark.parametrize("doubt", list(Doubt))
def test_every_reason_is_told_in_words(doubt: Doubt, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = {"doubt": doubt.value, "value": None, "bar": 0.95}
    code, output = run(monkeypatch, Hft(x={**FOUND, "status": "no-change", "changes": [], "reasons": [reason], "watch": None}), "show", "x")
    assert code == 0
    assert "why not " in output
    assert "no change" in output


def test_a_schedule_is_set_in_seconds_and_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    hft = Hft()
    assert run(monkeypatch, hft, "schedule", "grid", "--every", "24h", "--data", "made", *WORDS)[0] == 0
    assert run(monkeypatch, hft, "unschedule", "grid")[0] == 0
    assert [(m, p) for m, p, _ in hft.asked] == [("POST", "/parameters/schedules"), ("DELETE", "/parameters/schedules/grid")]
    assert hft.asked[0][2]["every_seconds"] == 86_400


def test_lists_say_what_there_is_and_how_to_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "qbtc propose now STRATEGY" in run(monkeypatch, Hft(proposals={"items": []}, schedules={"items": []}), "ls")[1]
    planned = {"every_seconds": 60, "strategy": "grid", "next": "2026-01-01T00:00:00+00:00"}
    hft = Hft(proposals={"items": [FOUND]}, schedules={"items": [planned]})
    code, output = run(monkeypatch, hft, "ls")
    assert code == 0
    assert "step 2 -> 3.5" in output
    assert "every 60 s  grid" in output
    assert json.loads(run(monkeypatch, hft, "ls", "--json")[1]) == {"proposals": [FOUND], "schedules": [planned]}


@pytest.mark.parametrize("word", ["approve", "reject"])
def test_a_decision_is_sent_and_its_effect_shown(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hft = Hft(POST=FOUND)
    code, output = run(monkeypatch, hft, word, "run-1")
    assert (code, output) == (0, "grid: watched (step 2 -> 3.5)\n")
    assert hft.asked == [("POST", f"/parameters/proposals/run-1/{word}", {})]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("now", "grid", "--data", "/tmp", "--param", "a=1"), "is not in the store"),
        (("now", "grid", "--data", "made", "--param", "a"), "allowed: NAME=FROM:TO:STEP"),
        (("schedule", "grid", "--data", "made", "--param", "a=1", "--every", "daily"), "'daily' is not a duration"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_hft_is_asked(words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hft = Hft()
    code, output = run(monkeypatch, hft, *words)
    assert (code, hft.asked) == (1, [])
    assert said in output
