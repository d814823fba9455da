"""Public streams: who hears which stream, with a bounded queue each. A client that lags is dropped, never waited for.

Pure fan-out: `Client.frames` is drained by whoever owns the socket. Encoding happens once a frame and only if
somebody listens.
"""

from __future__ import annotations

import asyncio
import re
from collections import deque
from collections.abc import Iterable

import msgspec

from ..core.binance.messages import encode

MARKET_STREAM = "!market@qbtc"
KINDS = ("depth@100ms", "depth", "trade", "bookTicker")
_NAME = re.compile(r"^([a-z0-9]{2,20})@(depth@100ms|depth|trade|bookTicker)$")
MAX_STREAMS = 1024


class Client:
    """One connection's queue. `lagged` is set when it fell too far behind."""

    def __init__(self, limit: int, *, combined: bool) -> None:
        self.combined = combined
        self.streams: set[str] = set()
        self.frames: deque[str] = deque()
        self.ready = asyncio.Event()
        self.lagged = asyncio.Event()
        self._limit = limit

    @property
    def overflow(self) -> bool:
        return self.lagged.is_set()

    def push(self, frame: str) -> None:
        if len(self.frames) >= self._limit:
            self.lagged.set()
            self.frames.clear()
        elif not self.overflow:
            self.frames.append(frame)
        self.ready.set()


class Hub:
    def __init__(self, symbols: Iterable[str] = ()) -> None:
        self._names: set[str] = set()
        self.serve(symbols)
        self._clients: dict[str, set[Client]] = {}
        self.last: dict[str, msgspec.Struct | dict[str, object]] = {}
        self.published = 0

    def serve(self, symbols: Iterable[str]) -> None:
        """Set the symbols whose streams exist."""
        self._names = {symbol.lower() for symbol in symbols}

    def refusal(self, stream: str) -> str | None:
        """Why a stream cannot be subscribed to, or None."""
        if stream == MARKET_STREAM:
            return None
        found = _NAME.match(stream)
        if found is None:
            return f"stream {stream!r} is not known; streams are <symbol>@ with one of {', '.join(KINDS)}"
        known = ", ".join(sorted(self._names))
        return None if found[1] in self._names else f"symbol of {stream!r} is not served; symbols are {known}"

    def subscribe(self, client: Client, streams: list[str]) -> None:
        for stream in streams:
            client.streams.add(stream)
            self._clients.setdefault(stream, set()).add(client)
        if MARKET_STREAM in streams and MARKET_STREAM in self.last:
            self._send(client, MARKET_STREAM, encode(self.last[MARKET_STREAM]))

    def unsubscribe(self, client: Client, streams: list[str]) -> None:
        for stream in streams:
            client.streams.discard(stream)
            self._clients.get(stream, set()).discard(client)

    def remove(self, client: Client) -> None:
        self.unsubscribe(client, list(client.streams))

    def publish(self, stream: str, payload: msgspec.Struct | dict[str, object]) -> None:
        self.published += 1
        if stream == MARKET_STREAM:
            self.last[stream] = payload
        listeners = self._clients.get(stream)
        if not listeners:
            return
        text = encode(payload)
        for client in tuple(listeners):
            self._send(client, stream, text)

    def _send(self, client: Client, stream: str, text: str) -> None:
        client.push(f'{{"stream":"{stream}","data":{text}}}' if client.combined else text)

    @property
    def clients(self) -> int:
        return len(set().union(*self._clients.values())) if self._clients else 0
