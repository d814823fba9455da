"""The venue as a process for tests, and a small Binance client for it: signed REST, streams, user data.

The client uses only the public protocol.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import websockets

from qbtc.core.binance.signing import signed_params, signed_query

from .ports import free_port
from .waiting import until

DEADLINE = 30.0


@dataclass
class VenueProcess:
    """A venue in its own process, as `qbtc exchange --json` starts it."""

    process: subprocess.Popen[str]
    rest: str
    ws: str
    ws_api: str
    api_key: str
    secret: str
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))

    def call(self, method: str, path: str, **params: object) -> httpx.Response:
        return self.http.request(method, self.rest + path, params={k: str(v) for k, v in params.items()})

    def signed(self, method: str, path: str, **params: object) -> httpx.Response:
        texts = {"timestamp": str(time.time_ns() // 1_000_000)} | {k: str(v) for k, v in params.items()}
        query = signed_query(texts, self.secret)
        return self.http.request(method, f"{self.rest}{path}?{query}", headers={"X-MBX-APIKEY": self.api_key})

    def order(self, side: str, kind: str, **params: object) -> httpx.Response:
        return self.signed("POST", "/api/v3/order", **({"symbol": "BTCUSDT", "side": side, "type": kind} | params))

    def balances(self) -> dict[str, tuple[str, str]]:
        rows = self.signed("GET", "/api/v3/account").json()["balances"]
        return {row["asset"]: (row["free"], row["locked"]) for row in rows}

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(15)

    def wait_for_mode(self, mode: str) -> dict[str, object]:
        def reached() -> dict[str, object] | None:
            body = self.call("GET", "/qbtc/v1/market").json()
            return dict(body) if body["mode"] == mode else None

        return until(reached, what=f"the market is {mode}")


@contextmanager
def venue(home: Path, *arguments: str, port: int = 0, **env: str) -> Iterator[VenueProcess]:
    """Start `qbtc exchange --json`, read its first line, stop it at the end."""
    command = [sys.executable, "-m", "qbtc", "exchange", "--port", str(port or free_port()), "--json", *arguments]
    environment = os.environ | {"QBTC_HOME": str(home)} | env
    with (home / "exchange.err").open("w") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            process.wait(10)
            raise AssertionError((home / "exchange.err").read_text()[-2000:])
        found = VenueProcess(process, **json.loads(line))
        with found.http:
            yield found
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(15)
        if process.stdout:
            process.stdout.close()


@asynccontextmanager
async def user_stream(target: VenueProcess) -> AsyncIterator[websockets.ClientConnection]:
    """A WebSocket API connection with the paper account's user data subscribed."""
    async with websockets.connect(target.ws_api) as connection:
        params = signed_params({"apiKey": target.api_key, "timestamp": time.time_ns() // 1_000_000}, target.secret)
        await connection.send(json.dumps({"id": 1, "method": "userDataStream.subscribe.signature", "params": params}))
        answer = json.loads(await connection.recv())
        assert answer["status"] == 200, answer
        yield connection


async def events_until(connection: websockets.ClientConnection, execution: str, status: str) -> list[dict[str, object]]:
    """User data events up to the execution report with this type and status."""
    seen: list[dict[str, object]] = []
    async with asyncio.timeout(DEADLINE):
        while True:
            event = json.loads(await connection.recv()).get("event")
            if event:
                seen.append(event)
                if (event["e"], event.get("x"), event.get("X")) == ("executionReport", execution, status):
                    return seen
