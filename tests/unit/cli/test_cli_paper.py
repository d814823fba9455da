"""`qbtc paper reset` asks before it gives anything up."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from qbtc.cli import paper as verb


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []

    def call(method: str, path: str, body: object = None) -> object:
        made.append((method, path))
        return {"balances": {"USDT": {"free": "100000", "locked": "0"}}}

    monkeypatch.setattr(verb, "call", call)
    return made


def test_without_a_terminal_nothing_is_reset_unless_it_is_said(calls: list[tuple[str, str]]) -> None:
    refused = CliRunner().invoke(verb.paper, ["reset"])
    assert (refused.exit_code, calls) == (1, [])
    assert "--yes" in refused.output


def test_said_so_it_resets_and_shows_the_balances(calls: list[tuple[str, str]]) -> None:
    done = CliRunner().invoke(verb.paper, ["reset", "--yes"])
    assert done.output.split() == ["USDT", "100000"]
    assert calls == [("POST", "/paper/reset")]
