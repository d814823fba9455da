"""Fan-out of the venue's public streams: frames per CPU-second of the server, for 1, 10 and 100 clients.

Three servers publish the same market (3 symbols; every 10 ms two trades and a touch each, every 100 ms a depth diff of
40 levels) to the same clients; each runs in its own process:

    ours     the venue's streams on its own sockets (picows on uvicorn's port): encoded once a form, sent as bytes
    queued   a queue and a writer task for each client on uvicorn and Starlette, as tutorials do it: encoded once too
    bare     a bare picows server that sends ready-made bytes: what the frames themselves cost

CPU is read from /proc for the server alone. Rounds are interleaved; ratios come with their spread.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import signal
import sys
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator

import msgspec
import picows
import uvicorn
from bench.harness import Figures, emit, interleaved, ratio, summary
from bench.hub import cpu_seconds, free_port, wait_for
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from qbtc.core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade
from qbtc.core.market.instrument import KNOWN, Instrument
from qbtc.exchange.server import HttpWithSockets, Served, Sockets
from qbtc.exchange.sockets import SocketRules
from qbtc.exchange.stream_names import refusal
from qbtc.exchange.streams import Streams
from qbtc.exchange.streams_socket import StreamsSocket

SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
KINDS = ("ours", "queued", "bare")
STEP = 0.01
Frame = Trade | BookTicker | DepthUpdate


def market() -> Iterator[list[tuple[str, Frame]]]:
    """What happens in each step, for ever."""
    step = 0
    while True:
        step += 1
        yield [item for symbol in SYMBOLS for item in happening(symbol, step)]


def happening(symbol: str, step: int) -> Iterator[tuple[str, Frame]]:
    name, ms = symbol.lower(), 1_700_000_000_000 + step * 10
    for leg in (0, 1):
        trade = Trade(
            event="trade", event_ms=ms, symbol=symbol, trade_id=2 * step + leg, price=f"6{step % 1000:04d}.{leg}0000000",
            quantity="0.50000000", trade_ms=ms, buyer_is_maker=bool(leg),
        )  # fmt: skip
        yield f"{name}@trade", trade
    touch = {"bid": "60000.00000000", "bid_quantity": "1.00000000", "ask": "60000.01000000"}
    yield f"{name}@bookTicker", BookTicker(update_id=step, symbol=symbol, ask_quantity=f"{step % 9}.00000000", **touch)
    if step % 10 == 0:
        rows = [(f"{60000 - n}.00000000", f"{(step + n) % 90}.00000000") for n in range(20)]
        yield (
            f"{name}@depth@100ms",
            DepthUpdate(
                event="depthUpdate", event_ms=ms, symbol=symbol, first=step, last=step + 9, bids=rows, asks=rows
            ),
        )


NAMES = [f"{symbol.lower()}@{kind}" for symbol in SYMBOLS for kind in ("trade", "bookTicker", "depth@100ms")]


async def play(publish: Callable[[str, Frame], None]) -> None:
    start = time.monotonic()
    for number, happened in enumerate(market(), 1):
        for name, frame in happened:
            publish(name, frame)
        await asyncio.sleep(max(0.0, start + number * STEP - time.monotonic()))


# ---- servers


class NoBook:
    """A market that is only heard."""

    def __init__(self, instrument: Instrument) -> None:
        self.instrument = instrument

    def snapshot(self, limit: int, now: int) -> Snapshot:
        return Snapshot(0, [], [])

    def ticker(self) -> BookTicker:
        return BookTicker(update_id=0, symbol="", bid="0", bid_quantity="0", ask="0", ask_quantity="0")


async def serve_ours(port: int) -> None:
    markets = {symbol: NoBook(KNOWN[symbol]) for symbol in SYMBOLS}
    streams = Streams(markets, time.time_ns, asyncio.get_running_loop().call_soon)
    endpoint = StreamsSocket(streams.json, lambda name: refusal(name, streams.names))
    sockets = Sockets(lambda handshake: Served(endpoint, 5), SocketRules(), lambda: 0)
    await asyncio.gather(run_uvicorn(port, sockets, None), play(streams.publish))


async def serve_queued(port: int) -> None:
    clients: set[Waiting] = set()

    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        client = Waiting()
        clients.add(client)
        writer = asyncio.create_task(client.write(socket))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            writer.cancel()
            clients.discard(client)

    def publish(name: str, frame: Frame) -> None:
        text = f'{{"stream":"{name}","data":{msgspec.json.encode(frame).decode()}}}'
        for client in tuple(clients):
            client.push(text)

    await asyncio.gather(run_uvicorn(port, None, endpoint), play(publish))


class Waiting:
    """One client's queue and writer."""

    def __init__(self) -> None:
        self.frames: deque[str] = deque()
        self.ready = asyncio.Event()

    def push(self, text: str) -> None:
        self.frames.append(text)
        self.ready.set()

    async def write(self, socket: WebSocket) -> None:
        while True:
            await self.ready.wait()
            self.ready.clear()
            while self.frames:
                await socket.send_text(self.frames.popleft())


async def run_uvicorn(
    port: int, sockets: Sockets | None, endpoint: Callable[[WebSocket], Awaitable[None]] | None
) -> None:
    routes = [WebSocketRoute("/stream", endpoint)] if endpoint else []
    http = functools.partial(HttpWithSockets, sockets) if sockets else "auto"
    config = uvicorn.Config(
        Starlette(routes=routes),
        port=port,
        http=http,  # type: ignore[arg-type]
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    await uvicorn.Server(config).serve()


async def serve_bare(port: int) -> None:
    clients: set[picows.WSTransport] = set()

    class Listener(picows.WSListener):
        def on_ws_connected(self, transport: picows.WSTransport) -> None:
            clients.add(transport)

    async def send_forever() -> None:
        ready = [
            [b'{"stream":"%b","data":%b}' % (name.encode(), msgspec.json.encode(frame)) for name, frame in happened]
            for happened, _ in zip(market(), range(100), strict=False)
        ]
        start, number = time.monotonic(), 0
        while True:
            for frame in ready[number % 100]:
                for client in clients:
                    client.send(picows.WSMsgType.TEXT, frame)
            number += 1
            await asyncio.sleep(max(0.0, start + number * STEP - time.monotonic()))

    server = await picows.ws_create_server(lambda _: Listener(), "127.0.0.1", port)
    await asyncio.gather(server.serve_forever(), send_forever())


# ---- clients and measuring


class Ear(picows.WSListener):
    def __init__(self, counts: list[int]) -> None:
        self._counts = counts

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        if frame.msg_type == picows.WSMsgType.TEXT:
            self._counts[0] += 1


async def measure(kind: str, clients: int, seconds: float) -> Figures:
    port, counts = free_port(), [0]
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.streams", "--serve", kind, "--port", str(port)
    )
    url = f"ws://127.0.0.1:{port}/stream?streams={'/'.join(NAMES)}"
    transports = []
    try:
        await wait_for(port)
        for _ in range(clients):
            transport, _ = await picows.ws_connect(lambda: Ear(counts), url)
            transports.append(transport)
        await asyncio.sleep(1.0)
        before, counts[0] = cpu_seconds(server.pid), 0
        await asyncio.sleep(seconds)
        used, frames = cpu_seconds(server.pid) - before, counts[0]
    finally:
        for transport in transports:
            transport.disconnect()
        server.send_signal(signal.SIGKILL)
        await server.wait()
    return {
        "frames_per_cpu_s": frames / max(used, 0.01),
        "frames_per_s": frames / seconds,
        "cpu_percent": 100 * used / seconds,
    }


async def compare(counts: list[int], seconds: float, rounds: int) -> None:
    parts: dict[str, object] = {}
    for clients in counts:
        runs = {kind: (lambda kind=kind, clients=clients: measure(kind, clients, seconds)) for kind in KINDS}  # type: ignore[misc]
        found = await interleaved(runs, rounds)
        parts[f"clients_{clients}"] = {
            **{kind: summary(figures) for kind, figures in found.items()},
            "ours_over_queued": ratio(found["ours"], found["queued"], "frames_per_cpu_s"),
            "ours_over_bare": ratio(found["ours"], found["bare"], "frames_per_cpu_s"),
        }
    emit("streams", rounds=rounds, seconds=seconds, **parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", choices=KINDS)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    import uvloop

    if given.serve:
        serve = {"ours": serve_ours, "queued": serve_queued, "bare": serve_bare}[given.serve]
        uvloop.run(serve(given.port))
    else:
        uvloop.run(compare(given.clients, given.seconds, given.rounds))


if __name__ == "__main__":
    main()
