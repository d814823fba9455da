"""A proxy that loses, delays, repeats, reorders and breaks what passes between a trading client and its venue.

It sits on one port in front of HTTP and WebSocket, and understands both only as far as needed to break them one message
at a time. What happens to the n-th message of a channel (`order`, `query`, `market`, `user`) follows from the seed and
n alone, so a run can be repeated; only the network's timing differs. `calm()` lets everything pass from then on.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from .ports import free_port

REQUEST_FAULTS = ("delay", "lost", "refused", "accepted_5xx", "accepted_cut", "twice", "stall")
FRAME_FAULTS = ("delay", "drop", "twice", "swap", "cut", "stall")
HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Odds:
    """How often a message of each channel meets a fault, and how long delays and stalls last (seconds)."""

    order: float = 0.25
    query: float = 0.05
    market: float = 0.002
    user: float = 0.15
    delay: float = 0.15
    stall: float = 1.0


@dataclass
class FaultProxy:
    """`met` counts the faults by channel and kind."""

    target: int
    seed: int
    odds: Odds = field(default_factory=Odds)
    port: int = field(default_factory=free_port)
    met: Counter[str] = field(default_factory=Counter)
    _numbers: Counter[str] = field(default_factory=Counter)
    _quiet: bool = False
    _parted: bool = False
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _serving: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def calm(self) -> None:
        self._quiet = True

    def part(self) -> None:
        """A partition: every connection ends, and none is served until `heal`."""
        self._parted = True
        self.cut_all()

    def heal(self) -> None:
        self._parted = False

    def cut_all(self) -> None:
        """End every connection at once, as a network that goes away."""
        for writer in list(self._open):
            writer.transport.abort()

    def fault(self, channel: str) -> tuple[str, float]:
        """What happens to this channel's next message, and a duration in seconds for it; "" for nothing."""
        number, self._numbers[channel] = self._numbers[channel], self._numbers[channel] + 1
        draw = random.Random(f"{self.seed}/{channel}/{number}")
        if self._quiet or draw.random() >= getattr(self.odds, channel):
            return "", 0.0
        kind = draw.choice(REQUEST_FAULTS if channel in ("order", "query") else FRAME_FAULTS)
        self.met[f"{channel}.{kind}"] += 1
        return kind, draw.random() * (self.odds.stall if kind == "stall" else self.odds.delay)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self.serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def close(self) -> None:
        self.cut_all()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the client."""
        if self._parted:
            writer.transport.abort()
            return
        self._open.add(writer)
        try:
            await self._requests(reader, writer)
        except (OSError, asyncio.IncompleteReadError, _Cut):
            writer.transport.abort()
        finally:
            self._open.discard(writer)
            writer.close()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = await reader.readuntil(HEAD_END)
            if b"upgrade: websocket" in head.lower():
                return await self._websocket(head, reader, writer)
            request = head + await reader.readexactly(_length(head))
            writer.write(await self._answer(request, _channel(head)))
            await writer.drain()

    async def _answer(self, request: bytes, channel: str) -> bytes:
        kind, seconds = self.fault(channel)
        if kind in ("delay", "stall"):
            await asyncio.sleep(seconds)
        if kind == "lost":
            raise _Cut
        if kind == "refused":
            return _plain(503)
        answer = await self._ask(request)
        if kind == "accepted_5xx":
            return _plain(504)
        if kind == "accepted_cut":
            raise _Cut
        return await self._ask(request) if kind == "twice" else answer

    async def _ask(self, request: bytes) -> bytes:
        """One request on a connection of its own. 502 when the venue is not there."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return _plain(502)
        try:
            writer.write(request)
            await writer.drain()
            head = await reader.readuntil(HEAD_END)
            return head + await reader.readexactly(_length(head))
        except (OSError, asyncio.IncompleteReadError):
            raise _Cut from None
        finally:
            writer.close()

    async def _websocket(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_in, there_out = await asyncio.open_connection("127.0.0.1", self.target)
        self._open.add(there_out)
        there_out.write(head)
        channel = "market" if b"/stream" in head.split(b"\r\n", 1)[0] else "user"
        tasks = [
            asyncio.create_task(_pump(reader, there_out)),
            asyncio.create_task(self._frames(there_in, writer, channel)),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            self._open.discard(there_out)
            there_out.close()

    async def _frames(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, channel: str) -> None:
        writer.write(await reader.readuntil(HEAD_END))
        held = b""
        while True:
            frame, control = await _frame(reader)
            kind, seconds = ("", 0.0) if control else self.fault(channel)
            if kind in ("delay", "stall"):
                await asyncio.sleep(seconds)
            if kind == "cut":
                raise _Cut
            if kind == "swap" and not held:
                held = frame
                continue
            if kind != "drop":
                writer.write(frame * (2 if kind == "twice" else 1))
            if held and not control:
                writer.write(held)
                held = b""
            await writer.drain()


class _Cut(Exception):
    """This connection ends here."""


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while block := await reader.read(65_536):
        writer.write(block)
        await writer.drain()


async def _frame(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """One frame of a server, which never masks; and whether it is a control frame."""
    head = await reader.readexactly(2)
    length, more = head[1] & 0x7F, b""
    if length >= 126:
        more = await reader.readexactly(2 if length == 126 else 8)
        length = int.from_bytes(more, "big")
    return head + more + await reader.readexactly(length), bool(head[0] & 0x08)


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _channel(head: bytes) -> str:
    method, path = head.split(b" ", 2)[:2]
    return "order" if method != b"GET" and path.startswith(b"/api/v3/order") else "query"


REASONS: Mapping[int, str] = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


def _plain(status: int) -> bytes:
    return f"HTTP/1.1 {status} {REASONS[status]}\r\nContent-Length: 0\r\n\r\n".encode()


@asynccontextmanager
async def fault_proxy(target: int, *, seed: int, odds: Odds | None = None) -> AsyncIterator[FaultProxy]:
    """A proxy in front of the venue on port `target`; faults begin at once."""
    proxy = FaultProxy(target, seed, odds or Odds())
    server = await asyncio.start_server(proxy.accept, "127.0.0.1", proxy.port, limit=1 << 24)
    try:
        yield proxy
    finally:
        server.close()
        await proxy.close()
