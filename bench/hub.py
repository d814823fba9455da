"""Fan-out of the hub: item deliveries per CPU-second of the server, and publish-to-browser latency.

Three servers get the same updates (8 channels, 20 a second each) and the same browsers; each runs in its own process:

    ours    Web's hub and socket shell on uvicorn: one frame a tick, encoded once, shared by all clients
    naive   FastAPI on uvicorn as tutorials do it: json.dumps and send for every client and update
    picows  a bare picows server that sends ready-made bytes, the frame of `ours`: what the wire itself costs

CPU is read from /proc for the server alone. Rounds are interleaved; ratios come with their spread.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import socket as sockets
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import picows
import uvicorn
from bench.harness import Figures, emit, interleaved, latency, ratio, summary
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from qbtc.contracts import Role
from qbtc.kit.clock import SystemClock
from qbtc.web.adapters.sockets import SocketServer
from qbtc.web.domain.hub import Hub
from qbtc.web.domain.people import Ticket

CHANNELS = [f"ticker.SYM{n}USDT" for n in range(8)]
RATE = 20
KINDS = ("ours", "naive", "picows")
_AT = re.compile(rb'"at":(\d+\.\d+)')


def value(channel: str) -> dict[str, object]:
    return {
        "symbol": channel[7:],
        "last": "60123.45",
        "bid": "60123.44",
        "ask": "60123.46",
        "bid_qty": "0.52310",
        "ask_qty": "1.20000",
        "change_pct": "1.25",
        "at": round(time.time(), 6),
    }


async def publish_forever(publish: Callable[[dict[str, dict[str, object]]], Awaitable[None]]) -> None:
    start, n = time.monotonic(), 0
    while True:
        await publish({channel: value(channel) for channel in CHANNELS})
        n += 1
        await asyncio.sleep(max(0.0, start + n / RATE - time.monotonic()))


# ---- servers


async def serve_ours(port: int) -> None:
    hub = Hub(epoch="bench", new_token=str)
    server = SocketServer(hub, SystemClock(), max_sockets=100_000)

    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        await server.serve(socket, Ticket("bench", Role.VIEWER, None, 1 << 60))

    async def publish(values: dict[str, dict[str, object]]) -> None:
        for channel, item in values.items():
            hub.set_state(channel, json.dumps(item, separators=(",", ":")).encode())

    await asyncio.gather(run_uvicorn(endpoint, port), server.tick_forever(), publish_forever(publish))


async def serve_naive(port: int) -> None:
    clients: set[WebSocket] = set()

    async def endpoint(socket: WebSocket) -> None:
        await socket.accept()
        clients.add(socket)
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            clients.discard(socket)

    async def publish(values: dict[str, dict[str, object]]) -> None:
        for channel, item in values.items():
            for client in list(clients):
                await client.send_text(json.dumps({"c": channel, "k": "state", "v": item}))

    await asyncio.gather(run_uvicorn(endpoint, port), publish_forever(publish))


async def run_uvicorn(endpoint: Callable[[WebSocket], Awaitable[None]], port: int) -> None:
    app = Starlette(routes=[WebSocketRoute("/ws", endpoint)])
    config = uvicorn.Config(
        app,
        port=port,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        lifespan="off",
    )
    await uvicorn.Server(config).serve()


async def serve_picows(port: int) -> None:
    clients: set[picows.WSTransport] = set()

    class Listener(picows.WSListener):
        def on_ws_connected(self, transport: picows.WSTransport) -> None:
            clients.add(transport)

        def on_ws_disconnected(self, transport: picows.WSTransport) -> None:
            clients.discard(transport)

    async def publish(values: dict[str, dict[str, object]]) -> None:
        items = [{"c": channel, "k": "state", "v": item} for channel, item in values.items()]
        frame = json.dumps({"t": 0, "items": items}, separators=(",", ":")).encode()
        for client in list(clients):
            client.send(picows.WSMsgType.TEXT, frame)

    server = await picows.ws_create_server(lambda _: Listener(), "127.0.0.1", port)
    await asyncio.gather(server.serve_forever(), publish_forever(publish))


# ---- browsers and measuring


class Browser(picows.WSListener):
    """Counts items; keeps the latency of every frame while `measuring`."""

    def __init__(self, seconds: list[float], counts: list[int]) -> None:
        self.seconds, self.counts = seconds, counts

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        for channel in CHANNELS:
            transport.send(picows.WSMsgType.TEXT, json.dumps({"op": "sub", "channel": channel, "rate": RATE}).encode())

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        if frame.msg_type != picows.WSMsgType.TEXT or not self.counts:
            return
        self.counts[0] += payload.count(b'"k":"state"') + payload.count(b'"k": "state"')
        stamp = _AT.search(payload) or re.search(rb'"at": (\d+\.\d+)', payload)
        if stamp:
            self.seconds.append(time.time() - float(stamp[1]))


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(kind: str, browsers: int, seconds: float) -> Figures:
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.hub", "--serve", kind, "--port", str(port)
    )
    taken: list[float] = []
    counts: list[int] = []
    transports = []
    try:
        await wait_for(port)
        for _ in range(browsers):
            transport, _ = await picows.ws_connect(lambda: Browser(taken, counts), f"ws://127.0.0.1:{port}/ws")
            transports.append(transport)
        await asyncio.sleep(1.0)
        before, counts[:] = cpu_seconds(server.pid), [0]
        taken.clear()
        await asyncio.sleep(seconds)
        used, items, waits = cpu_seconds(server.pid) - before, counts[0], list(taken)
    finally:
        counts.clear()
        for transport in transports:
            transport.disconnect()
        server.send_signal(signal.SIGKILL)
        await server.wait()
    return {
        "items_per_cpu_s": items / used,
        "items_per_s": items / seconds,
        "cpu_percent": 100 * used / seconds,
        **latency(waits),
    }


def free_port() -> int:
    with sockets.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)


async def compare(browsers: int, seconds: float, rounds: int) -> None:
    runs = {kind: (lambda kind=kind: measure(kind, browsers, seconds)) for kind in KINDS}
    found = await interleaved(runs, rounds)
    emit(
        "hub",
        browsers=browsers,
        channels=len(CHANNELS),
        updates_per_s=len(CHANNELS) * RATE,
        rounds=rounds,
        **{kind: summary(figures) for kind, figures in found.items()},
        ours_over_naive=ratio(found["ours"], found["naive"], "items_per_cpu_s"),
        ours_over_picows=ratio(found["ours"], found["picows"], "items_per_cpu_s"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", choices=KINDS)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--browsers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    import uvloop

    if given.serve:
        serve = {"ours": serve_ours, "naive": serve_naive, "picows": serve_picows}[given.serve]
        uvloop.run(serve(given.port))
    else:
        uvloop.run(compare(given.browsers, given.seconds, given.rounds))


if __name__ == "__main__":
    main()
