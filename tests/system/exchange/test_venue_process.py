"""The venue as a process: trading over the wire, durability, streams, and what it says to bad input."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import websockets

from qbtc.core.binance.messages import DepthUpdate, decode_snapshot, decode_stream, to_diff, to_snapshot
from qbtc.core.market.book import DepthDiff, LocalBook
from qbtc.core.market.instrument import KNOWN
from qbtc.exchange.fanout import MARKET_STREAM
from qbtc.testing.ports import free_port
from qbtc.testing.venue import DEADLINE, VenueProcess, events_until, quiet_recording, user_stream, venue
from qbtc.testing.waiting import eventually


def test_a_limit_order_rests_shows_in_the_depth_and_is_cancelled(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim") as target:
        placed = target.order("BUY", "LIMIT", timeInForce="GTC", quantity="0.01", price="50000", newClientOrderId="a1")
        assert placed.status_code == 200, placed.text
        assert placed.json()["status"] == "NEW"
        assert target.balances()["USDT"] == ("99500.00000000", "500.00000000")
        book = target.call("GET", "/api/v3/depth", symbol="BTCUSDT", limit=5000).json()
        assert ["50000.00000000", "0.01000000"] in book["bids"]
        assert [o["clientOrderId"] for o in target.signed("GET", "/api/v3/openOrders").json()] == ["a1"]
        gone = target.signed("DELETE", "/api/v3/order", symbol="BTCUSDT", origClientOrderId="a1")
        assert gone.json()["status"] == "CANCELED"
        assert target.balances()["USDT"] == ("100000.00000000", "0.00000000")


def test_a_market_order_fills_pays_the_fee_and_the_account_hears_of_it(tmp_path: Path) -> None:
    async def scenario() -> None:
        with venue(tmp_path, "--sim") as target:
            async with user_stream(target) as events:
                filled = await asyncio.to_thread(target.order, "BUY", "MARKET", quantity="0.02")
                body = filled.json()
                assert body["status"] == "FILLED", body
                assert sum(float(fill["qty"]) for fill in body["fills"]) == pytest.approx(0.02)
                seen = await events_until(events, "TRADE", "FILLED")
                assert {event["e"] for event in seen} == {"executionReport", "outboundAccountPosition"}
            assert target.balances()["BTC"] == ("2.01998000", "0.00000000")
            trades = target.signed("GET", "/api/v3/myTrades", symbol="BTCUSDT").json()
            assert sum(float(trade["commission"]) for trade in trades) == pytest.approx(0.00002)

    asyncio.run(scenario())


def test_files_that_are_not_the_journals_are_passed_over_with_a_line_in_the_log(tmp_path: Path) -> None:
    recording = str(quiet_recording(tmp_path))
    with venue(tmp_path, "--data", recording) as target:
        target.order("BUY", "LIMIT", timeInForce="GTC", quantity="0.1", price="90", newClientOrderId="kept")
    for name in ("journal-copy.log", "checkpoint-old", "notes.txt"):
        (tmp_path / "exchange" / name).write_text("somebody else's")
    with venue(tmp_path, "--data", recording) as target:
        orders = target.signed("GET", "/api/v3/openOrders").json()
        assert [order["clientOrderId"] for order in orders] == ["kept"]
    said = [json.loads(line) for line in (tmp_path / "exchange.err").read_text().splitlines() if line[:1] == "{"]
    named = {row["context"]["file"] for row in said if "none of the venue's" in row["message"]}
    assert named == {"journal-copy.log", "checkpoint-old", "notes.txt"}


def test_confirmed_orders_survive_kill_9(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim") as target:
        for number in range(20):
            price, name = str(50_000 + number), f"k{number}"
            assert target.order(
                "BUY", "LIMIT", timeInForce="GTC", quantity="0.001", price=price, newClientOrderId=name
            ).is_success
        target.order("SELL", "MARKET", quantity="0.01")
        before = target.balances()
        assert target.stop(signal.SIGKILL) == -signal.SIGKILL
    with (tmp_path / "exchange" / "journal-00000001.log").open("ab") as journal:
        journal.write(b"\x40\x00\x00\x00torn")
    with venue(tmp_path, "--sim") as target:
        assert target.balances() == before
        names = {order["clientOrderId"] for order in target.signed("GET", "/api/v3/openOrders").json()}
        assert names == {f"k{number}" for number in range(20)}
        book = target.call("GET", "/api/v3/depth", symbol="BTCUSDT", limit=5000).json()
        assert ["50019.00000000", "0.00100000"] in book["bids"]
        old = {trade["id"] for trade in target.signed("GET", "/api/v3/myTrades", symbol="BTCUSDT").json()}
        filled = target.order("BUY", "MARKET", quantity="0.01").json()
        new = {fill["tradeId"] for fill in filled["fills"]}
        assert old and new and not old & new


def test_sigterm_drains_and_exits_0(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim") as target:
        assert target.stop(signal.SIGTERM) == 0


def test_keys_are_private_and_never_logged(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim") as target:
        target.order("BUY", "MARKET", quantity="0.01")
        target.signed("GET", "/api/v3/order", symbol="BTCUSDT", orderId="999")
        mode = stat.S_IMODE((tmp_path / "secrets" / "venue.json").stat().st_mode)
    assert mode == 0o600
    assert target.secret not in (tmp_path / "exchange.err").read_text()
    assert target.secret.encode() not in (tmp_path / "exchange" / "journal-00000001.log").read_bytes()


def test_bad_requests_get_binance_codes(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim") as target:
        limit = {"timeInForce": "GTC", "quantity": "0.01", "price": "50000"}
        cases = {
            -1121: target.order("BUY", "LIMIT", **(limit | {"symbol": "NOPE"})),
            -1117: target.order("HOLD", "LIMIT", **limit),
            -1116: target.order("BUY", "ICEBERG", **limit),
            -1115: target.order("BUY", "LIMIT", **(limit | {"timeInForce": "GTX"})),
            -1102: target.order("BUY", "LIMIT", timeInForce="GTC", quantity="0.01"),
            -1013: target.order("BUY", "LIMIT", **(limit | {"price": "50000.001"})),
            -1111: target.order("BUY", "LIMIT", **(limit | {"quantity": "0.0100000001"})),
            -1100: target.order("BUY", "LIMIT", **(limit | {"price": "NaN"})),
            -2010: target.order("BUY", "LIMIT", **(limit | {"quantity": "900", "price": "9000"})),
            -2011: target.signed("DELETE", "/api/v3/order", symbol="BTCUSDT", orderId="77"),
            -2013: target.signed("GET", "/api/v3/order", symbol="BTCUSDT", orderId="77"),
            -1021: target.signed("GET", "/api/v3/account", timestamp="1000"),
            -1022: replace(target, secret="wrong").signed("GET", "/api/v3/account"),
            -2014: target.call("GET", "/api/v3/account"),
        }
        assert {code: answer.json()["code"] for code, answer in cases.items()} == {code: code for code in cases}
        assert int(cases[-2014].headers["X-MBX-USED-WEIGHT-1M"]) > 0


def test_the_end_of_a_recording_is_said_and_orders_are_refused(tmp_path: Path, recording: Path) -> None:
    with venue(tmp_path, "--data", str(recording), "--speed", "10") as target:
        body = target.wait_for_mode("ENDED")
        assert body["ended"] is True
        refused = target.order("BUY", "MARKET", quantity="0.1")
        assert refused.json() == {"code": -2010, "msg": "Market is closed."}


def test_loops_keep_the_stream_in_sync(tmp_path: Path, recording: Path) -> None:
    """Our resting order, several loops of the recording, and a reader that follows by the depth rules alone."""

    async def scenario() -> None:
        with venue(tmp_path, "--data", str(recording), "--speed", "20", "--loop") as target:
            async with websockets.connect(f"{target.ws}/stream?streams=btcusdt@depth@100ms") as stream:
                follower = LocalBook()
                await follow(stream, follower, target, 20)
                price = {"timeInForce": "GTC", "quantity": "0.5", "price": "99.50"}
                assert (await asyncio.to_thread(target.order, "BUY", "LIMIT", **price)).is_success
                await follow(stream, follower, target, 150)
                assert follower.sync.gaps == 0
                assert follower.book.quantity(0, 9950) == KNOWN["BTCUSDT"].to_lots("0.5")

    asyncio.run(scenario())


async def follow(stream: websockets.ClientConnection, follower: LocalBook, target: VenueProcess, frames: int) -> None:
    """Read this many depth frames into the follower, fetching snapshots as the rules say."""
    async with asyncio.timeout(DEADLINE):
        while frames:
            frames -= await take(await stream.recv(), follower, target)


async def take(frame: str | bytes, follower: LocalBook, target: VenueProcess) -> bool:
    if MARKET_STREAM in str(frame):
        return False
    _, event = decode_stream(frame)
    assert isinstance(event, DepthUpdate)
    item = KNOWN["BTCUSDT"]
    follower.on_diff(to_diff(item, event))
    if not follower.synced:
        body = await asyncio.to_thread(target.call, "GET", "/api/v3/depth", symbol="BTCUSDT", limit=5000)
        follower.on_snapshot(to_snapshot(item, decode_snapshot(body.content)))
    assert not follower.book.crossed
    return True


async def next_update(stream: websockets.ClientConnection) -> DepthDiff:
    async with asyncio.timeout(DEADLINE):
        _, event = decode_stream(await stream.recv())
    assert isinstance(event, DepthUpdate)
    return to_diff(KNOWN["BTCUSDT"], event)


def test_a_follower_of_the_simulated_stream_has_the_venues_book(tmp_path: Path) -> None:
    async def scenario() -> None:
        with venue(tmp_path, "--sim", "--speed", "20") as target:
            async with websockets.connect(f"{target.ws}/stream?streams=btcusdt@depth@100ms") as stream:
                follower = LocalBook()
                await follow(stream, follower, target, 100)
                assert follower.sync.gaps == 0
                body = await asyncio.to_thread(target.call, "GET", "/api/v3/depth", symbol="BTCUSDT", limit=5000)
                snapshot = to_snapshot(KNOWN["BTCUSDT"], decode_snapshot(body.content))
                other = LocalBook()
                other.on_snapshot(snapshot)
                while follower.book.update_id <= snapshot.last_id:
                    update = await next_update(stream)
                    follower.on_diff(update)
                    other.on_diff(update)
                assert follower.sync.gaps == other.sync.gaps == 0
                assert [follower.book.top(5000, side) for side in (0, 1)] == [
                    other.book.top(5000, side) for side in (0, 1)
                ]

    asyncio.run(scenario())


def test_a_client_that_does_not_read_is_dropped(tmp_path: Path) -> None:
    async def scenario() -> None:
        with venue(tmp_path, "--sim", "--speed", "20", QBTC_EXCHANGE_MAX_BACKLOG="10000") as target:
            streams = "/".join(f"{s}@{k}" for s in ("btcusdt", "ethusdt", "solusdt") for k in ("depth", "trade"))
            url = f"{target.ws}/stream?streams={streams}"
            narrow = socket.socket()
            narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            narrow.connect(("127.0.0.1", int(target.rest.rsplit(":", 1)[1])))
            narrow.setblocking(False)
            async with websockets.connect(url, sock=narrow, max_queue=1, ping_interval=None, close_timeout=1) as stream:
                errors = tmp_path / "exchange.err"
                await eventually(
                    lambda: b"slow client dropped" in errors.read_bytes(), 60, what="the client is dropped"
                )
                with pytest.raises(websockets.ConnectionClosed):
                    while True:
                        await asyncio.wait_for(stream.recv(), DEADLINE)
            assert target.call("GET", "/health/ready").status_code == 200

    asyncio.run(scenario())


def test_a_live_market_is_followed_through_a_restart_of_its_source(tmp_path: Path) -> None:
    """`binance` mode against a source that speaks the same protocol: another venue of ours."""
    (tmp_path / "up").mkdir()
    (tmp_path / "down").mkdir()
    port = free_port()

    async def scenario(target: VenueProcess) -> None:
        async with websockets.connect(f"{target.ws}/stream?streams=btcusdt@depth@100ms/!market@qbtc") as stream:
            follower = LocalBook()
            with venue(tmp_path / "up", "--sim", port=port) as source:
                await until_state(stream, follower, target, "running")
                await follow(stream, follower, target, 10)
                assert best(target) == pytest.approx(best(source), rel=1e-3)
            await until_state(stream, follower, target, "disconnected")
            assert target.call("GET", "/health/ready").status_code == 503
            with venue(tmp_path / "up", "--sim", port=port):
                await until_state(stream, follower, target, "running")
                await follow(stream, follower, target, 10)
                assert follower.sync.gaps == 0
                bought = await asyncio.to_thread(target.order, "BUY", "MARKET", quantity="0.01")
                assert bought.json()["status"] == "FILLED", bought.text

    env = {
        "QBTC_MARKET": "binance",
        "QBTC_SYMBOLS": "BTCUSDT",
        "QBTC_EXCHANGE_UPSTREAM_REST": f"http://127.0.0.1:{port}",
        "QBTC_EXCHANGE_UPSTREAM_WS": f"ws://127.0.0.1:{port}",
    }
    with contextlib.ExitStack() as stack:
        with venue(tmp_path / "up", "--sim", port=port):
            target = stack.enter_context(venue(tmp_path / "down", **env))
            assert target.wait_for_mode("LIVE")["symbols"] == ["BTCUSDT"]
        asyncio.run(scenario(target))


def best(target: VenueProcess) -> float:
    return float(target.call("GET", "/api/v3/ticker/bookTicker", symbol="BTCUSDT").json()["bidPrice"])


async def until_state(
    stream: websockets.ClientConnection, follower: LocalBook, target: VenueProcess, state: str
) -> None:
    async with asyncio.timeout(DEADLINE):
        while True:
            frame = await stream.recv()
            if not await take(frame, follower, target) and json.loads(frame)["data"]["state"] == state:
                return


def test_auto_without_binance_is_simulated_and_says_why(tmp_path: Path) -> None:
    env = {"QBTC_MARKET": "auto", "QBTC_EXCHANGE_UPSTREAM_REST": f"http://127.0.0.1:{free_port()}"}
    with venue(tmp_path, **env) as target:
        body = target.wait_for_mode("SIMULATED")
        assert "not reachable" in str(body["note"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--data", "/nowhere/x.gz"), "there is no such file"),
        (("--data", "corrupt"), "line 2"),
        (("--data", "headless"), "has no book snapshot for BTCUSDT"),
        (("--sim", "--symbols", "NOPEUSDT"), "cannot be simulated"),
    ],
)
def test_what_cannot_be_served_is_refused_with_a_clear_message(
    tmp_path: Path, recording: Path, arguments: tuple[str, ...], said: str
) -> None:
    good = recording.read_text().splitlines()
    (tmp_path / "corrupt").write_text(f"{good[0]}\n1700000000100000000 {{broken\n")
    (tmp_path / "headless").write_text("\n".join(good[1:]))
    chosen = [str(tmp_path / a) if a in ("corrupt", "headless") else a for a in arguments]
    done = subprocess.run(
        [sys.executable, "-m", "qbtc", "exchange", "--port", str(free_port()), *chosen],
        env=os.environ | {"QBTC_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert said in done.stderr


def test_a_taken_port_is_refused_with_a_clear_message(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim") as target:
        port = target.rest.rsplit(":", 1)[1]
        other = tmp_path / "other"
        other.mkdir()
        command = [sys.executable, "-m", "qbtc", "exchange", "--sim", "--port", port]
        done = subprocess.run(
            command, env=os.environ | {"QBTC_HOME": str(other)}, capture_output=True, text=True, timeout=30
        )
        assert done.returncode == 1
        assert f"port {port}" in done.stderr


def test_unknown_streams_are_refused_with_what_is_allowed(tmp_path: Path) -> None:
    async def scenario() -> None:
        with venue(tmp_path, "--sim") as target:
            async with websockets.connect(f"{target.ws}/ws/btcusdt@nothing") as stream:
                with pytest.raises(websockets.ConnectionClosed) as closed:
                    await stream.recv()
            assert closed.value.rcvd is not None
            assert "bookTicker" in closed.value.rcvd.reason
            async with websockets.connect(f"{target.ws}/ws") as stream:
                await stream.send(json.dumps({"method": "SUBSCRIBE", "params": ["!market@qbtc"], "id": 4}))
                answers = [json.loads(await stream.recv()) for _ in range(2)]
                assert {"result": None, "id": 4} in answers
                assert any(answer.get("mode") == "SIMULATED" for answer in answers)

    asyncio.run(scenario())


def test_the_republished_recording_is_the_recorded_book(tmp_path: Path, real_market: Path) -> None:
    """The book that a reader rebuilds from our stream equals the book rebuilt directly from the files."""
    import gzip

    item = KNOWN["BTCUSDT"]
    path = real_market / "spot_btcusdt_20240808.gz"
    direct = LocalBook()
    with gzip.open(path) as file:
        for line in file:
            body = line.partition(b" ")[2]
            if body.startswith(b'{"lastUpdateId"'):
                direct.on_snapshot(to_snapshot(item, decode_snapshot(body)))
            elif b"@depth" in body[:60]:
                event = decode_stream(body)[1]
                assert isinstance(event, DepthUpdate)
                direct.on_diff(to_diff(item, event))

    async def scenario() -> None:
        with venue(tmp_path, "--data", str(path), "--speed", "60") as target:
            async with websockets.connect(f"{target.ws}/stream?streams=btcusdt@depth@100ms", max_queue=None) as stream:
                follower = LocalBook()
                while follower.book.update_id < direct.book.update_id:
                    await follow(stream, follower, target, 1)
                assert follower.sync.gaps == 0
                assert follower.book == direct.book

    asyncio.run(scenario())


def test_a_request_whose_head_does_not_end_is_refused_and_the_venue_goes_on(tmp_path: Path, recording: Path) -> None:
    with venue(tmp_path, "--data", str(recording)) as target:
        port = int(target.rest.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(b"GET /api/v3/ping HTTP/1.1\r\nX-A: ")
            with contextlib.suppress(ConnectionError):
                for _ in range(10):
                    client.sendall(b"a" * 20_000)
            assert client.recv(100).startswith(b"HTTP/1.1 400")
        assert target.call("GET", "/api/v3/ping").status_code == 200
