"""`qbtc memory reindex`: begins, waits and says what is left."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from qbtc.cli import memory_reindex as verb

NOW = {"identity": "new/1", "memories": 5, "current": 1, "pending": 4, "failed": 0, "foreign": {"old/1": 4}}
DONE = NOW | {"current": 4, "pending": 0, "failed": 1, "foreign": {"old/1": 1}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    methods: list[str] = []

    def call(method: str, path: str, body: Any = None, *, seconds: float, service: str) -> object:
        assert (path, service, body) == ("/memories/reindex", "cio", None)
        methods.append(method)
        if method == "POST":
            return NOW | {"begun": 4}
        return NOW if len(methods) < 3 else DONE

    monkeypatch.setattr(verb, "call", call)
    monkeypatch.setattr(verb.time, "sleep", lambda _: None)
    return methods


def run(*arguments: str) -> str:
    done = CliRunner().invoke(verb.reindex, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def test_it_waits_until_nothing_is_pending_and_says_what_could_not_be_made(asked: list[str]) -> None:
    out = run()
    assert asked == ["POST", "GET", "GET"]
    assert "4 of 5 memories have a vector of new/1." in out and "1 have a text that the model does not take." in out
    assert "1 have one of old/1" in out and "waiting" not in out


def test_without_waiting_it_says_how_many_wait(asked: list[str]) -> None:
    assert "4 are waiting" in run("--no-wait")
    assert asked == ["POST"]


def test_the_status_begins_nothing(asked: list[str]) -> None:
    assert json.loads(run("--status", "--json")) == NOW
    assert asked == ["GET"]
