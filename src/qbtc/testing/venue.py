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
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
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
    process = _start(home, port or free_port(), arguments, env)
    try:
        found = VenueProcess(process, *_announced(process, home))
        with found.http:
            yield found
    finally:
        _end(process)


def _start(home: Path, port: int, arguments: Sequence[str], env: Mapping[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "qbtc", "exchange", "--port", str(port), "--json", *arguments]
    environment = {**os.environ, "QBTC_HOME": str(home), **env}
    with (home / "exchange.err").open("a") as errors:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)


def _announced(process: subprocess.Popen[str], home: Path) -> tuple[str, str, str, str, str]:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        process.wait(10)
        raise AssertionError((home / "exchange.err").read_text()[-2000:])
    body = json.loads(line)
    return body["rest"], body["ws"], body["ws_api"], body["api_key"], body["secret"]


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        process.wait(15)
    if process.stdout:
        process.stdout.close()


@dataclass
class MortalVenue(VenueProcess):
    """A venue that dies and comes back at the same address with what it had kept."""

    again: Callable[[], subprocess.Popen[str]] = field(kw_only=True)

    def die(self) -> None:
        """kill -9."""
        self.process.kill()
        _end(self.process)
        self.process.wait(15)

    def revive(self) -> None:
        self.process = self.again()

    def restart(self) -> None:
        self.die()
        self.revive()


@contextmanager
def mortal_venue(home: Path, *arguments: str, **env: str) -> Iterator[MortalVenue]:
    """As `venue`, for tests that kill it: `die`, `revive`, `restart`."""
    port = free_port()
    first = _start(home, port, arguments, env)

    def again() -> subprocess.Popen[str]:
        process = _start(home, port, arguments, env)
        _announced(process, home)
        return process

    found: MortalVenue | None = None
    try:
        found = MortalVenue(first, *_announced(first, home), again=again)
        with found.http:
            yield found
    finally:
        _end(found.process if found else first)


def quiet_recording(folder: Path, seconds: int = 600) -> Path:
    """BTCUSDT with a book that only an order of ours changes: bid 100.00 x 1 and ask 100.10 x 2, deeper levels behind."""
    start, lines = 1_700_000_000_000_000_000, []
    bids = [["100.00", "1.00000"], ["99.90", "3.00000"], ["90.00", "50.00000"]]
    asks = [["100.10", "2.00000"], ["100.20", "3.00000"], ["110.00", "50.00000"]]
    lines.append(f"{start} {json.dumps({'lastUpdateId': 10, 'bids': bids, 'asks': asks})}")
    for step in range(1, seconds + 1):
        at = start + step * 1_000_000_000
        data = {"e": "depthUpdate", "E": at // 1_000_000, "s": "BTCUSDT", "U": 10 + step, "u": 10 + step}
        data |= {"b": [["80.00", f"{step}.00000"]], "a": []}
        lines.append(f"{at} {json.dumps({'stream': 'btcusdt@depth@100ms', 'data': data})}")
    path = folder / "quiet.jsonl"
    path.write_text("\n".join(lines))
    return path


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
