"""From a market frame to the order's bytes, on the wire and inside, over loopback WebSockets.

A feeder in C (bench/native/wire.c) sends a book ticker on one connection and spins until a whole order has come on the
other; each peer is a process of its own, pinned to the other core, and meets the same feeder in turn, round by round:

    floor       a C program that spins on the socket and sends ready-made bytes: what the wire itself costs
    ours        the hot loop: decode, book, strategy, 37 risk rules, tape, request; spinning
    ours_hog    the same with a Python thread beside it that never lets go of the GIL
    ours_recorded  as ours, and the session is recorded for replay, as it is by default
    ours_epoll  the same in the default tier, which sleeps in epoll when nothing comes
    *_tls       over TLS 1.3
    picows      picows + msgspec + uvloop, logged on; five checks in Python, no journal
    aiohttp     aiohttp + json, logged on; the same checks
    websockets  websockets + json + an HMAC for each order; the same checks

The feeder answers every order (accepted, expired), so that none stays open. `inside` is what the loop measures itself:
from the return of recv to the return of send; the floor's is the kernel's send and nothing else. Without a C compiler and OpenSSL's headers the bench says `skipped`.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import hashlib
import hmac
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.harness import Figures, emit, ratio, summary

SOURCE = Path(__file__).with_name("native") / "wire.c"
FEEDER_CORE, PEER_CORE = 0, 1
SYMBOL, KEY, SECRET = "BTCUSDT", "k" * 64, "s" * 64
PLAIN = ("floor", "ours", "ours_recorded", "ours_hog", "ours_epoll", "picows", "aiohttp", "websockets")
TLS = ("floor_tls", "ours_tls")


# ---- ours


from qbtc.hft.domain.strategy_records import IOC, buy  # noqa: E402 - compiled into the strategy below


class Taker:
    """Takes a little at the touch after every change of the book, with a moving average of the imbalance."""

    size: float = 0.001
    mean: float = 0.0
    slow: float = 0.0
    calls: int = 0

    def on_book(self, market, orders):  # type: ignore[no-untyped-def]
        mid = 0.5 * (market.bid + market.ask)
        self.calls += 1
        self.mean += 0.1 * (mid - self.mean)
        self.slow += 0.02 * (mid - self.slow)
        skew = 1.0 if self.mean > self.slow else 0.0
        if market.imbalance > -2.0 + skew:
            buy(orders, market.bid - 20.0, self.size / market.lot_size, IOC)


def ours(url: str, *, spin: bool, hog: bool, record: bool, ca_file: str | None) -> None:
    from decimal import Decimal

    from qbtc.core.market.instrument import KNOWN
    from qbtc.hft.adapters.hotloop.codes import Halt, Verb
    from qbtc.hft.adapters.hotloop.intents import Flusher
    from qbtc.hft.adapters.hotloop.panel import Panel, panel_path
    from qbtc.hft.adapters.hotloop.recorder import HotRecorder
    from qbtc.hft.adapters.hotloop.wire import open_websocket
    from qbtc.hft.adapters.hotloop.world import Engine, compile_strategy
    from qbtc.hft.domain import risk_records
    from qbtc.hft.domain.strategy_class import read

    with tempfile.TemporaryDirectory() as folder:
        panel = Panel.create(panel_path(Path(folder)))
        widest = dict.fromkeys(risk_records.LIMITS.names or (), 1 << 60)
        limits = risk_records.one(risk_records.LIMITS, **(widest | {"hours_from": 0, "hours_to": 0, "min_notional": 0}))
        strategy = compile_strategy(read(Taker, name="taker"), 1, {})
        engine = Engine(panel, [KNOWN[SYMBOL]], strategy, [limits], "bench", spin=spin, silence_ns=10_000_000_000)
        engine.world["situations"][0]["last"] = 6_000_000
        engine.world["start_equity"] = 1_000_000 * 10**8  # the gate knows the day's loss from the first frame on
        engine.account(0, base=Decimal(2), quote=Decimal(1_000_000))
        panel.settle([2 * 10**8])
        panel.command(Verb.RECONCILED, 1)
        engine.warm()
        recorder = HotRecorder(engine, Path(folder) / "sessions", most_bytes=1 << 30, keep_bytes=1 << 30)
        if record:
            recorder.begin({})
        links = open_websocket(f"{url}/market", ca_file=ca_file), open_websocket(f"{url}/orders", ca_file=ca_file)
        engine.connect(*links)
        flusher = Flusher(panel, Path(folder) / "intents.bin")
        done = threading.Event()
        threading.Thread(target=beat, args=(panel, done), daemon=True).start()
        if hog:
            threading.Thread(target=never_rest, args=(done,), daemon=True).start()
        pin(PEER_CORE)
        found: list[int] = []
        thread = threading.Thread(target=lambda: found.append(engine.run()))
        thread.start()
        thread.join()
        done.set()
        flusher.close()
        recorder.close()
        panel.path.unlink()
    stages = {row["name"]: row for row in panel.latency()}
    inside = stages["frame_to_sent"]
    print(
        json.dumps(
            {
                "inside_p50_us": inside["p50_us"],
                "inside_p99_us": inside["p99_us"],
                "decoded_p50_us": stages["frame_to_decoded"]["p50_us"],
                "decided_p50_us": stages["frame_to_decided"]["p50_us"],
                "checked_p50_us": stages["frame_to_checked"]["p50_us"],
                "orders": panel.status()["sent"],
                "ended": Halt(found[0]).name,
                "status": panel.status(),
            }
        )
    )


def beat(panel: Any, done: threading.Event) -> None:
    while not done.wait(0.2):
        panel.beat()


def never_rest(done: threading.Event) -> None:
    """Pure Python work that gives the GIL away only when it is taken from it."""
    total = 0
    while not done.is_set():
        for n in range(10_000):
            total += n


def pin(core: int) -> None:
    """This thread only; the others stay where the system puts them."""
    if len(os.sched_getaffinity(0)) > core:
        os.sched_setaffinity(0, {core})


# ---- peers


class Bot:
    """What the Python peers share: state, five checks, the order's JSON."""

    def __init__(self, dumps: Callable[[Any], bytes], *, signed: bool) -> None:
        self.dumps, self.signed = dumps, signed
        self.mean, self.sequence, self.open, self.last = 0.0, 0, 0, 0.0

    def order(self, bid: str, ask: str) -> bytes | None:
        bid_price, ask_price = float(bid), float(ask)
        mid = 0.5 * (bid_price + ask_price)
        self.mean += 0.1 * (mid - self.mean)
        price, quantity = bid_price - 0.2, 0.001
        if ask_price <= bid_price or abs(price / mid - 1) > 0.01 or quantity * price > 1e6 or self.open > 200:
            return None
        self.sequence += 1
        params: dict[str, Any] = {
            "symbol": SYMBOL,
            "side": "BUY",
            "type": "LIMIT",
            "timeInForce": "IOC",
            "price": f"{price:.2f}",
            "quantity": f"{quantity:.6f}",
            "newClientOrderId": f"bench-{self.sequence}",
            "newOrderRespType": "ACK",
            "recvWindow": 5000,
            "timestamp": time.time_ns() // 1_000_000,
        }
        if self.signed:
            params["apiKey"] = KEY
            payload = "&".join(f"{name}={params[name]}" for name in sorted(params))
            params["signature"] = hmac.new(SECRET.encode(), payload.encode(), hashlib.sha256).hexdigest()
        return self.dumps({"id": self.sequence, "method": "order.place", "params": params})


async def run_picows(url: str) -> None:
    import msgspec
    import picows

    from qbtc.core.binance.messages import BookTicker

    decoder, bot = msgspec.json.Decoder(BookTicker), Bot(msgspec.json.encode, signed=False)

    class Orders(picows.WSListener):
        def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
            msgspec.json.decode(frame.get_payload_as_memoryview())

    orders, _ = await picows.ws_connect(Orders, f"{url}/orders")

    class Market(picows.WSListener):
        def on_ws_frame(self, transport: picows.WSTransport, frame: picows.WSFrame) -> None:
            tick = decoder.decode(frame.get_payload_as_memoryview())
            order = bot.order(tick.bid, tick.ask)
            if order is not None:
                orders.send(picows.WSMsgType.TEXT, order)

    market, _ = await picows.ws_connect(Market, f"{url}/market")
    pin(PEER_CORE)
    await market.wait_disconnected()


async def run_aiohttp(url: str) -> None:
    import aiohttp

    bot = Bot(lambda value: json.dumps(value).encode(), signed=False)
    async with aiohttp.ClientSession() as session:
        orders = await session.ws_connect(f"{url}/orders", compress=0)
        market = await session.ws_connect(f"{url}/market", compress=0)
        pin(PEER_CORE)

        async def answers() -> None:
            async for message in orders:
                json.loads(message.data)

        reader = asyncio.create_task(answers())
        async for message in market:
            tick = json.loads(message.data)
            order = bot.order(tick["b"], tick["a"])
            if order is not None:
                await orders.send_str(order.decode())
        reader.cancel()


async def run_websockets(url: str) -> None:
    import websockets

    bot = Bot(lambda value: json.dumps(value).encode(), signed=True)
    async with (
        websockets.connect(f"{url}/orders", compression=None) as orders,
        websockets.connect(f"{url}/market", compression=None) as market,
    ):
        pin(PEER_CORE)

        async def answers() -> None:
            async for message in orders:
                json.loads(message)

        reader = asyncio.create_task(answers())
        try:
            async for message in market:
                tick = json.loads(message)
                order = bot.order(tick["b"], tick["a"])
                if order is not None:
                    await orders.send(order.decode())
        except websockets.ConnectionClosed:
            pass
        reader.cancel()


def serve_peer(kind: str, port: int, ca_file: str | None) -> None:
    scheme = "wss" if kind.endswith("_tls") else "ws"
    url = f"{scheme}://127.0.0.1:{port}"
    if kind.startswith("ours"):
        ours(url, spin="epoll" not in kind, hog="hog" in kind, record="recorded" in kind, ca_file=ca_file)
        return
    run = {"picows": run_picows, "aiohttp": run_aiohttp, "websockets": run_websockets}[kind]
    import uvloop

    try:
        uvloop.run(run(url))
    except (ConnectionError, OSError):
        pass
    print("{}")


# ---- measuring


def build(folder: Path) -> Path | None:
    """The C side, or None when it cannot be built here."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    made = folder / "wire"
    command = [compiler, "-O2", "-o", str(made), str(SOURCE), "-lssl", "-lcrypto"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(done.stderr[:2000], file=sys.stderr)
        return None
    return made


def certificate(folder: Path) -> tuple[str, str]:
    """A self-signed certificate for 127.0.0.1."""
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = serialization.PrivateFormat.PKCS8
    pem = key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(pem)
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return str(folder / "cert.pem"), str(folder / "key.pem")


class Setting:
    """Programs, files and sizes of one run of the bench."""

    def __init__(self, wire: Path, folder: Path, samples: int, gap_us: int) -> None:
        self.wire, self.folder, self.samples, self.gap_us = wire, folder, samples, gap_us
        self.cert, self.key = certificate(folder)

    def measure(self, kind: str) -> Figures:
        tls, port_file = kind.endswith("_tls"), self.folder / "port"
        port_file.unlink(missing_ok=True)
        samples = self.samples if kind.startswith(("floor", "ours")) else self.samples // 4
        numbers = [FEEDER_CORE, int(tls), self.cert, self.key, max(200, samples // 10), samples, self.gap_us]
        feeder = subprocess.Popen(
            [str(self.wire), "feed", str(port_file), *map(str, numbers)], stdout=subprocess.PIPE, text=True
        )
        port = self._port(port_file, feeder)
        peer = subprocess.Popen(self._peer(kind, port), stdout=subprocess.PIPE, text=True)
        try:
            while feeder.poll() is None:
                if peer.poll() not in (None, 0, 3) and feeder.poll() is None:
                    raise RuntimeError(f"{kind} ended with {peer.returncode}")
                time.sleep(0.2)
            wire = json.loads(feeder.communicate()[0] or "{}")
            lines = peer.communicate(timeout=30)[0].splitlines()  # the last one is the figures; others are logs
            inside = json.loads(lines[-1] if lines else "{}")
        finally:
            for process in (feeder, peer):
                process.kill()
                process.wait()
        if not wire:
            raise RuntimeError(f"{kind} did not answer the feeder")
        return {name: value for name, value in (inside | wire).items() if isinstance(value, (int, float))}

    def _peer(self, kind: str, port: int) -> list[str]:
        if kind.startswith("floor"):
            return [str(self.wire), "echo", str(port), str(PEER_CORE), str(int(kind.endswith("_tls"))), "262"]
        base = [sys.executable, "-m", "bench.tick_to_order", "--peer", kind, "--port", str(port)]
        return [*base, "--ca", self.cert] if kind.endswith("_tls") else base

    def _port(self, path: Path, feeder: subprocess.Popen[str]) -> int:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and feeder.poll() is None:
            if path.exists() and path.read_text().endswith("\n"):
                return int(path.read_text())
            time.sleep(0.01)
        raise RuntimeError("the feeder did not start")


def compare(samples: int, rounds: int, gap_us: int, kinds: list[str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wire = build(folder)
        if wire is None:
            emit("tick_to_order", skipped="no C compiler or no OpenSSL headers: the floor cannot be built")
            return
        setting = Setting(wire, folder, samples, gap_us)
        found: dict[str, list[Figures]] = {kind: [] for kind in kinds}
        for number in range(rounds):
            for kind in kinds:
                print(f"round {number + 1}/{rounds}: {kind}", file=sys.stderr, flush=True)
                found[kind].append(setting.measure(kind))
    emit("tick_to_order", samples=samples, rounds=rounds, gap_us=gap_us, **_figures(found))


def _figures(found: dict[str, list[Figures]]) -> dict[str, object]:
    parts: dict[str, object] = {kind: summary(rows) for kind, rows in found.items()}
    for kind, floor in (("ours", "floor"), ("ours_epoll", "floor"), ("picows", "floor"), ("ours_tls", "floor_tls")):
        if kind in found and floor in found:
            for figure in ("wire_p50_us", "wire_p99_us"):
                parts[f"{kind}_over_{floor}_{figure[5:8]}"] = ratio(found[kind], found[floor], figure)
            if kind.startswith("ours"):
                parts[f"{kind}_inside_beyond_{floor}_p50_us"] = _beyond(found[kind], found[floor])
    if "ours" in found and "ours_recorded" in found:
        parts["ours_recorded_over_ours_inside"] = ratio(found["ours_recorded"], found["ours"], "inside_p50_us")
    return parts


def _beyond(ours: list[Figures], floor: list[Figures]) -> Figures:
    """Our inside p50 less the kernel's send, which the floor makes too, round by round."""
    each = [a["inside_p50_us"] - b["inside_p50_us"] for a, b in zip(ours, floor, strict=True)]
    return {"median": round(statistics.median(each), 2), "min": round(min(each), 2), "max": round(max(each), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--ca", help=argparse.SUPPRESS)
    parser.add_argument("--samples", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--gap-us", type=int, default=30, help="rest between an order and the next frame")
    parser.add_argument("--only", help="comma-separated kinds")
    given = parser.parse_args()
    if given.peer:
        serve_peer(given.peer, given.port, given.ca)
        return
    kinds = given.only.split(",") if given.only else [*PLAIN, *TLS]
    compare(given.samples, given.rounds, given.gap_us, kinds)


if __name__ == "__main__":
    main()
