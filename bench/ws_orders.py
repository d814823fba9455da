"""Orders over the WebSocket API: acknowledged orders a second, pipelined, and the latency of each.

The venue runs in its own process with its journal on disk: every acknowledgement is after a group commit. The client, in
another process, logs on once with Ed25519 and keeps a window of requests under way. `place` sends LIMIT IOC orders
far from the market (each is matched, expired, journaled, acknowledged); `pair` places an order that rests and cancels
it. The peer is a server that does neither matching nor a journal: aiohttp, json, one reply a request.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import picows
from bench.harness import Figures, emit, interleaved, latency, ratio, summary

from qbtc.core.binance.signing import private_key, sign_with, ws_payload
from qbtc.testing.ports import free_port

UNLIMITED = {
    f"QBTC_EXCHANGE_{name}": "1000000000" for name in ("WEIGHT_LIMIT", "RAW_LIMIT", "ORDERS_10S", "ORDERS_DAY")
}
PRICE = "20000.00"


class Answer(msgspec.Struct):
    id: int | str | None = None
    status: int = 0


_answer = msgspec.json.Decoder(Answer).decode


class Trader(picows.WSListener):
    """Keeps `window` requests under way until told to stop."""

    def __init__(self, window: int, kind: str) -> None:
        self.window, self.kind = window, kind
        self.sent: dict[int, float] = {}
        self.waits: list[float] = []
        self.number = self.acknowledged = self.refused = 0
        self.running = False
        self.ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.idle = asyncio.Event()

    def on_ws_connected(self, transport: picows.WSTransport) -> None:
        self.transport = transport

    def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
        found = _answer(frame.get_payload_as_bytes())
        if not isinstance(found.id, int):
            self.ready.set_result(found.status == 200)
            return
        self.waits.append(time.perf_counter() - self.sent.pop(found.id))
        self.acknowledged += 1
        self.refused += found.status != 200
        if self.running:
            self.request()
        elif not self.sent:
            self.idle.set()

    def logon(self, folder: Path | None) -> None:
        params: dict[str, str | int] = {"apiKey": "x", "timestamp": time.time_ns() // 1_000_000}
        if folder is not None:
            pair = json.loads((folder / "secrets" / "venue_ed25519.json").read_text())
            params["apiKey"] = pair["api_key"]
            params["signature"] = sign_with(ws_payload(params), private_key(pair["private_key"]))
        self.send({"id": "logon", "method": "session.logon", "params": params})

    def send(self, body: object) -> None:
        self.transport.send(picows.WSMsgType.TEXT, json.dumps(body).encode())

    def request(self) -> None:
        self.number += 1
        number, stamp = self.number, time.time_ns() // 1_000_000
        self.sent[number] = time.perf_counter()
        if self.kind == "pair" and number % 2 == 0:
            text = (
                f'{{"id":{number},"method":"order.cancel","params":{{"symbol":"BTCUSDT","origClientOrderId":"b{number - 1}",'
                f'"newClientOrderId":"c{number}","timestamp":{stamp}}}}}'
            )
        else:
            tif = "IOC" if self.kind == "place" else "GTC"
            text = (
                f'{{"id":{number},"method":"order.place","params":{{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT",'
                f'"timeInForce":"{tif}","quantity":"0.001","price":"{PRICE}","newClientOrderId":"b{number}",'
                f'"newOrderRespType":"ACK","timestamp":{stamp}}}}}'
            )
        self.transport.send(picows.WSMsgType.TEXT, text.encode())


async def trade(url: str, folder: Path | None, *, window: int, seconds: float, kind: str) -> Figures:
    """Warm up for a second, then measure."""
    transport, client = await picows.ws_connect(lambda: Trader(window, kind), url)
    client.logon(folder)
    if not await client.ready:
        raise RuntimeError("logon was refused")
    client.running = True
    for _ in range(window):
        client.request()
    await asyncio.sleep(1)
    client.waits.clear()
    client.acknowledged, begun = 0, time.perf_counter()
    await asyncio.sleep(seconds)
    done, took, waits = client.acknowledged, time.perf_counter() - begun, list(client.waits)
    client.running = False
    await asyncio.wait_for(client.idle.wait(), 10)
    transport.disconnect()
    return {"orders_per_s": done / took, "refused": float(client.refused), **latency(waits)}


async def measure_venue(window: int, seconds: float, kind: str) -> Figures:
    with tempfile.TemporaryDirectory() as home:
        port = free_port()
        command = [
            sys.executable,
            "-m",
            "qbtc",
            "exchange",
            "--sim",
            "--symbols",
            "BTCUSDT",
            "--port",
            str(port),
            "--json",
        ]
        server = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=os.environ | UNLIMITED | {"QBTC_HOME": home},
        )  # fmt: skip
        try:
            assert server.stdout is not None
            told = json.loads(await asyncio.wait_for(server.stdout.readline(), 120))
            before = cpu_seconds(server.pid)
            found = await trade(told["ws_api"], Path(home), window=window, seconds=seconds, kind=kind)
            used = cpu_seconds(server.pid) - before
        finally:
            server.terminate()
            await server.wait()
        return found | {
            "server_cpu_share": used / (seconds + 1),
            "orders_per_cpu_s": found["orders_per_s"] * (seconds + 1) / used,
        }


async def measure_naive(window: int, seconds: float, kind: str) -> Figures:
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.ws_orders", "--serve", "--port", str(port)
    )
    try:
        await until_listening(port)
        before = cpu_seconds(server.pid)
        found = await trade(f"ws://127.0.0.1:{port}/ws-api/v3", None, window=window, seconds=seconds, kind=kind)
        used = cpu_seconds(server.pid) - before
    finally:
        server.terminate()
        await server.wait()
    return found | {
        "server_cpu_share": used / (seconds + 1),
        "orders_per_cpu_s": found["orders_per_s"] * (seconds + 1) / used,
    }


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def until_listening(port: int) -> None:
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


def serve_naive(port: int) -> None:
    """What a straightforward server does: parse, make a dict, answer. It keeps nothing."""
    from aiohttp import WSMsgType, web

    async def talk(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        number = 0
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            asked = json.loads(message.data)
            number += 1
            params = asked["params"]
            result = {
                "symbol": params.get("symbol"), "orderId": number, "orderListId": -1,
                "clientOrderId": params.get("newClientOrderId"), "transactTime": time.time_ns() // 1_000_000,
            }  # fmt: skip
            await socket.send_str(json.dumps({"id": asked["id"], "status": 200, "result": result, "rateLimits": []}))
        return socket

    app = web.Application()
    app.router.add_get("/ws-api/v3", talk)
    web.run_app(app, host="127.0.0.1", port=port, print=None)


async def compare(window: int, seconds: float, rounds: int) -> None:
    runs: dict[str, Callable[[], Awaitable[Figures]]] = {
        "place": lambda: measure_venue(window, seconds, "place"),
        "pair": lambda: measure_venue(window, seconds, "pair"),
        "naive": lambda: measure_naive(window, seconds, "place"),
    }
    found = await interleaved(runs, rounds)
    emit(
        "ws_orders",
        window=window,
        rounds=rounds,
        **{name: summary(figures) for name, figures in found.items()},
        place_over_naive=ratio(found["place"], found["naive"], "orders_per_s"),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--serve", action="store_true")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument(
        "--window", type=int, default=512, help="requests under way; pairs are kept below 200 open orders"
    )
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    if given.serve:
        serve_naive(given.port)
        return
    import uvloop

    uvloop.run(compare(given.window, given.seconds, given.rounds))


if __name__ == "__main__":
    main()
