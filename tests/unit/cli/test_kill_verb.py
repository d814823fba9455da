"""What `qbtc kill` says of a kill that did not do everything."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from qbtc.cli import kill as verb


def run(
    monkeypatch: pytest.MonkeyPatch, scope: str, *flags: str, still_open: int = 0, not_flat: tuple[str, ...] = (),
    unserved: tuple[str, ...] = (),
) -> tuple[int, str]:
    answer = {
        "state": "HALTED", "cancelled": 1, "closing": 0, "still_open": still_open, "not_flat": [*not_flat],
        "unserved": [*unserved],
    }  # fmt: skip
    monkeypatch.setattr(verb, "post_kill", lambda _scope, _reason: answer)
    done = CliRunner().invoke(verb.kill, ["--scope", scope, *flags])
    return done.exit_code, done.output


def test_orders_that_are_still_open_and_positions_that_are_held_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(monkeypatch, "flatten", still_open=4, not_flat=("BTCUSDT", "ETHUSDT"))
    assert code == 1
    assert "Orders still open: 4." in output
    assert "Positions not flat: BTCUSDT, ETHUSDT." in output


@pytest.mark.parametrize(("still_open", "not_flat"), [(1, ()), (0, ("BTCUSDT",))])
def test_either_is_a_failure_also_as_json(
    monkeypatch: pytest.MonkeyPatch, still_open: int, not_flat: tuple[str, ...]
) -> None:
    code, output = run(monkeypatch, "flatten", "--json", still_open=still_open, not_flat=not_flat)
    assert (code, json.loads(output)["not_flat"]) == (1, [*not_flat])


@pytest.mark.parametrize(("scope", "still_open"), [("pause", 3), ("cancel", 0), ("flatten", 0)])
def test_what_was_asked_for_and_done_is_a_success(monkeypatch: pytest.MonkeyPatch, scope: str, still_open: int) -> None:
    code, output = run(monkeypatch, scope, still_open=still_open)
    assert code == 0
    assert "still open" not in output


def test_what_the_venue_does_not_serve_is_said_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    code, output = run(monkeypatch, "flatten", unserved=("ETHUSDT", "SOLUSDT"))
    assert code == 1
    assert "ETHUSDT, SOLUSDT cannot be watched, cancelled or closed" in output
    assert "`--symbols` that also name ETHUSDT, SOLUSDT" in output
    assert "HFT goes on" not in output
