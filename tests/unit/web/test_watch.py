"""What Web says of the services: the venue of this machine is among them where it runs, and only there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import httpx
import pytest

from qbtc.kit.bus import Bus
from qbtc.kit.settings import PORTS, Platform
from qbtc.kit.telemetry import MetricStore
from qbtc.web.adapters.watch import Watch
from qbtc.web.domain.hub import Hub


class Quiet:
    """A hub that nobody listens to."""

    def set_state(self, channel: str, value: bytes) -> None:
        """Nothing is sent."""


async def seen(home: Path, silent: set[str]) -> dict[str, str]:
    """State by service, when these do not answer."""

    def answer(request: httpx.Request) -> httpx.Response:
        name = next(name for name, port in PORTS.items() if port == request.url.port)
        if name in silent:
            raise httpx.ConnectError("refused")
        return httpx.Response(200, json={"state": "ready", "checks": {}, "uptime_seconds": 3})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        hub, bus = cast(Hub, Quiet()), cast(Bus, None)
        watch = Watch(hub, Platform(home=home), bus, MetricStore(home / "m"), http, lambda: "t")
        await watch.health_round()
        return {row["name"]: row["state"] for row in watch.services}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    (tmp_path / "logs").mkdir()
    return tmp_path


async def test_a_venue_that_runs_is_among_the_services(home: Path) -> None:
    assert (await seen(home, set()))["exchange"] == "ready"


async def test_a_venue_that_is_not_part_of_this_start_is_not_missed(home: Path) -> None:
    assert "exchange" not in await seen(home, {"exchange"})


async def test_a_venue_that_should_run_and_does_not_answer_is_down(home: Path) -> None:
    (home / "run/state.json").write_text(json.dumps({"services": {"exchange": {"pid": 7, "restarts": 1}}}))
    found = await seen(home, {"exchange", "qcs"})
    assert (found["exchange"], found["qcs"], found["hft"]) == ("down", "down", "ready")
