"""A whole venue in this process, without sockets and feed: a quiet BTCUSDT, the ASGI application, the WebSocket endpoints.

Its journals are written, so that secured requests are answered. What it logs as an error is kept.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from structlog.testing import capture_logs

from qbtc.core.binance.signing import sign
from qbtc.exchange.futures import adapter
from qbtc.exchange.keys import open_store
from qbtc.exchange.service import Exchange, Options, choose_feed
from qbtc.exchange.settings import ExchangeSettings, PaperSettings
from qbtc.exchange.sockets import Endpoint
from qbtc.kit.settings import Platform
from qbtc.testing.venue import quiet_recording

T = TypeVar("T")
Pairs = Sequence[tuple[str, str]]
FREE = {"weight_limit": 10**12, "raw_limit": 10**12, "orders_10s": 10**12, "orders_day": 10**12,
        "futures_orders_10s": 10**12, "futures_orders_minute": 10**12, "max_orders": 10**6}


@dataclass
class Wire:
    """A `sockets.Session` that keeps what is sent."""

    path: str = "/ws-api/v3"
    query: str = ""
    address: str = "127.0.0.1"
    headers: Mapping[str, str] = field(default_factory=dict)
    sent: list[bytes] = field(default_factory=list)
    closed: str | None = None

    def __hash__(self) -> int:
        return id(self)

    def send(self, message: bytes) -> None:
        self.sent.append(message)

    def send_all(self, messages: Sequence[bytes]) -> None:
        self.sent.extend(messages)

    def send_binary(self, message: bytes) -> None:
        self.sent.append(message)

    def close(self, code: int, reason: str) -> None:
        self.closed = reason


class InProcess:
    """Use as a context manager; `run` drives its event loop."""

    def __init__(self, home: Path, market: str | None = None) -> None:
        self._home, self._market = home, market
        self._runner = asyncio.Runner()
        self._logged = capture_logs()

    def __enter__(self) -> InProcess:
        self._lines = self._logged.__enter__()
        self.run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._stop())
        self._runner.close()
        self._logged.__exit__(None, None, None)

    @property
    def faults(self) -> list[str]:
        """What was logged as an error."""
        return [str(line) for line in self._lines if line["log_level"] in ("error", "critical")]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    async def _start(self) -> None:
        market = self._market or f"replay:{quiet_recording(self._home)}"
        settings = Platform(home=self._home, market=market, symbols=())
        options = Options(settings, ExchangeSettings(**FREE), PaperSettings(), 0)  # type: ignore[arg-type]
        self.exchange = Exchange(options, await choose_feed(options), open_store(self._home / "secrets"))
        self.exchange.recover()
        await self.exchange.build()
        assert self.exchange.futures is not None
        self.futures = self.exchange.futures
        parts = (self.exchange.journal.run(), self.futures.run())
        self._tasks = [asyncio.ensure_future(part) for part in parts]
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.exchange.app), base_url="http://venue")

    async def _stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.http.aclose()
        await self.exchange.journal.written()
        self.exchange.journal.close()
        await self.futures.close()

    # ---- asking

    def rest(self, method: str, path: str, params: Pairs = (), *, signed: bool = False) -> httpx.Response:
        """The parameters in this order, as many as there are of a name."""
        text = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in params)
        if signed:
            text += f"{'&' if text else ''}timestamp={time.time_ns() // 1_000_000}"
            text += f"&signature={sign(text, self.exchange.paper.secret)}"
        url = f"{path}?{text}" if text else path
        return self.run(self.http.request(method, url, headers={"X-MBX-APIKEY": self.exchange.paper.api_key}))

    def ask(self, endpoint: Endpoint, wire: Wire, message: bytes) -> list[Any]:
        """What comes back for one message."""
        return self.run(self._ask(endpoint, wire, message))

    async def _ask(self, endpoint: Endpoint, wire: Wire, message: bytes) -> list[Any]:
        wire.sent.clear()
        endpoint.on_frame(wire, message)
        for _ in range(200):
            if wire.sent or wire.closed:
                break
            await asyncio.sleep(0.002)
        return [json.loads(frame) for frame in wire.sent]

    def opened(self, endpoint: Endpoint, path: str) -> Wire:
        wire = Wire(path)

        async def open_it() -> None:
            endpoint.opened(wire)

        self.run(open_it())
        return wire


FUTURES = adapter.OPERATIONS
