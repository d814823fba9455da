"""What Web watches by itself: health and metrics of every service, engines, bus queues, new log lines.

Each watcher keeps its last finding (the HTTP API answers from it) and publishes changes to the hub.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx

from qbtc.kit.bus import Bus
from qbtc.kit.errors import QbtcError
from qbtc.kit.logs import get_logger
from qbtc.kit.settings import Platform
from qbtc.kit.telemetry import LogFollower, MetricStore, parse_metrics
from qbtc.web.domain.hub import Hub

log = get_logger(__name__)

SERVICES = ("ce3", "cio", "qcs", "hft", "web")
VENUE = "exchange"
"""Watched too where it runs: the venue of this machine, which is no service of the bus."""
TIMEOUT = 1.5
LOOK = {"X-QBTC-Watch": "web"}
"""By this, and our token, HFT knows that somebody who could stop trading is there (its dead-man timer)."""
Json = dict[str, Any]


class Watch:
    """`platform` says where the services listen; `http` is one shared client; `token` gives a fresh one of Web's."""

    def __init__(
        self,
        hub: Hub,
        platform: Platform,
        bus: Bus,
        metrics: MetricStore,
        http: httpx.AsyncClient,
        token: Callable[[], str],
    ) -> None:
        self._token = token
        self._hub, self._platform, self._bus, self._http = hub, platform, bus, http
        self.metrics = metrics
        self.services: list[Json] = [{"name": name, "state": "unknown"} for name in SERVICES]
        self.engines: list[Json] = []
        self.queues: list[Json] = []
        self._published: dict[str, bytes] = {}
        self._follower = LogFollower(platform.home / "logs")

    def publish(self, channel: str, items: list[Json]) -> None:
        """Only a finding that differs from the last one goes out."""
        value = json.dumps({"items": items}, separators=(",", ":")).encode()
        if self._published.get(channel) != value:
            self._published[channel] = value
            self._hub.set_state(channel, value)

    async def health_round(self) -> None:
        state = read_state(self._platform.home / "run" / "state.json")
        found = await asyncio.gather(*(self._service(name, state) for name in (*SERVICES, VENUE)))
        self.services = [row for row in found if row["name"] != VENUE or "pid" in row or row["state"] != "down"]
        self.engines = engines_of(state)
        self.publish("services", self.services)
        self.publish("engines", self.engines)

    def _look(self, name: str) -> dict[str, str]:
        return LOOK | {"Authorization": f"Bearer {self._token()}"} if name == "hft" else {}

    async def _service(self, name: str, state: Json) -> Json:
        process = state.get("services", {}).get(name) or state.get("processes", {}).get(name) or {}
        row: Json = {"name": name, "port": self._platform.port(name)}
        row |= {key: process[key] for key in ("pid", "restarts", "started_at") if key in process}
        try:
            answer = await self._http.get(
                f"{self._platform.url(name)}/health/ready", timeout=TIMEOUT, headers=self._look(name)
            )
            body = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            return row | {"state": "down", "detail": f"no answer: {type(error).__name__}"}
        checks = [{"name": check, **result} for check, result in body.get("checks", {}).items()]
        broken = [f"{check['name']}: {check.get('detail')}" for check in checks if not check.get("ok")]
        uptime = int(float(body.get("uptime_seconds", 0)))
        return row | {
            "state": body.get("state", "unknown"),
            "version": body.get("version"),
            "note": body.get("note", {}),
            "uptime_s": uptime - uptime % 10,
            "checks": checks,
            "detail": "; ".join(broken) or None,
        }

    async def queue_round(self) -> None:
        depths = await self._bus.depths()
        self.queues = [
            {
                "name": name,
                "service": name.split(".")[0],
                "ready": depth.ready,
                "unacked": depth.in_flight,
                "dead": depth.dead,
                "oldest_age_s": None if depth.oldest_seconds is None else round(depth.oldest_seconds),
            }
            for name, depth in sorted(depths.items())
        ]
        self.publish("queues", self.queues)

    async def metrics_round(self) -> None:
        now = time.time_ns() // 1_000_000
        await asyncio.gather(*(self._scrape(name, now) for name in SERVICES))
        value = {"at": now, "services": {name: self.metrics.latest(name) for name in SERVICES}}
        self._hub.set_state("telemetry", json.dumps(value, separators=(",", ":")).encode())

    async def _scrape(self, name: str, now: int) -> None:
        try:
            answer = await self._http.get(f"{self._platform.url(name)}/metrics", timeout=TIMEOUT, headers=self._look(name))
            answer.raise_for_status()
            values = await asyncio.to_thread(parse_metrics, answer.text)
            await asyncio.to_thread(self.metrics.record, name, now, values)
        except httpx.HTTPError:
            return  # a service that is down is said by health_round; its series has a gap
        except (ValueError, OSError) as error:
            log.warning("metrics could not be kept", service=name, error=f"{type(error).__name__}: {error}")

    async def log_round(self) -> None:
        for row in await asyncio.to_thread(self._follower.new_rows):
            self._hub.append("logs", json.dumps(row, separators=(",", ":")).encode())


def read_state(path: Path) -> Json:
    """The supervisor's state file; {} when there is none (a service that runs alone) or it is being replaced."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def engines_of(state: Json) -> list[Json]:
    """Engines of the state file as rows; both a mapping by name and a list of rows are taken."""
    found = state.get("engines", {})
    rows = found.items() if isinstance(found, dict) else [(row.get("name", "?"), row) for row in found]
    keys = ("state", "version", "embedded", "detail", "pid", "port", "restarts")
    return [{"name": name, **{key: row[key] for key in keys if key in row}} for name, row in rows]


def every(seconds: float, work: Callable[[], Awaitable[None]], name: str) -> Callable[[], Any]:
    """A background task that does `work` every `seconds`; a part of ours that is down is said and tried again."""

    async def task() -> None:
        while True:
            try:
                await work()
            except QbtcError as error:
                log.warning("watcher will try again", watcher=name, error=str(error))
            await asyncio.sleep(seconds)

    task.__name__ = name
    return task
