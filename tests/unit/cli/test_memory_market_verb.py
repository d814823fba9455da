"""`qbtc memory like-now`: what it asks of CIO and what it says."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from qbtc.cli import memory_market as verb

KNOWN = {
    "mean": 1e-4, "median": 1e-4, "low": -2e-4, "high": 3e-4, "up": 0.75, "null_mean": 0.0, "null_low": -1e-4, "null_high": 1e-4,
    "p": 0.031, "adjusted": 0.062,
}  # fmt: skip
FOUND = {
    "symbol": "BTCUSDT", "at": "2026-01-01T00:00:00Z", "mode": "SIMULATED", "regime": "calm", "price": None, "moment": None,
    "searched": 1234, "min_sample": 5, "draws": 1000,
    "alike": [
        {"memory_id": "m1", "at": "2025-12-31T00:00:00Z", "regime": "storm", "price": 1.0, "overlap": 0.9, "ratio": 0.5, "fidelity": 0.82,
         "score": 0.45, "followed": {"30": 1e-4}},
    ],
    "followed": [
        {"horizon": 30.0, "sample": 20, "pool": 100, "enough": True, **KNOWN},
        {"horizon": 900.0, "sample": 2, "pool": 2, "enough": False, **dict.fromkeys(KNOWN)},
    ],
}  # fmt: skip


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    paths: list[str] = []

    def call(method: str, path: str, body: Any = None, *, seconds: float, service: str) -> object:
        assert (method, service) == ("GET", "cio")
        paths.append(path)
        return FOUND

    monkeypatch.setattr(verb, "call", call)
    return paths


def run(*arguments: str) -> Result:
    return CliRunner().invoke(verb.like_now, list(arguments))


def test_it_shows_what_followed_beside_random_moments_and_where_there_is_not_enough(asked: list[str]) -> None:
    out = run("btcusdt", "-k", "7").output
    assert asked == ["/memories/market?symbol=BTCUSDT&k=7"]
    assert "among 1,234 earlier moments" in out and "+1.0 bp" in out and "0.031, all together 0.062" in out
    assert "900 s        2   not enough: 5 at least are needed" in out
    assert "overlap +0.90 x ratio 0.50 (fidelity 0.82)  storm  m1" in out


def test_it_asks_about_a_kept_moment_and_gives_everything_to_programs(asked: list[str]) -> None:
    assert json.loads(run("--moment", "m 1", "--json").output) == FOUND
    assert asked == ["/memories/market?moment=m+1&k=20"]


@pytest.mark.parametrize("arguments", [(), ("BTCUSDT", "--moment", "x"), ("BTCUSDT", "-k", "1")])
def test_what_cannot_be_asked_is_refused(asked: list[str], arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
    assert asked == []
