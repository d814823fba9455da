"""Public streams over real sockets: every stream, the control protocol, bad frames, limits, keep-alive, SBE, shutdown."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
import websockets

from qbtc.core.binance import sbe
from qbtc.testing.venue import DEADLINE, VenueProcess, venue
from qbtc.testing.waiting import eventually

SYMBOLS = ("BTCUSDT", "ETHUSDT")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    with venue(tmp_path_factory.mktemp("venue"), "--sim", "--speed", "20", "--symbols", ",".join(SYMBOLS)) as running:
        yield running


async def read(stream: websockets.ClientConnection) -> dict[str, object]:
    async with asyncio.timeout(DEADLINE):
        found = json.loads(await stream.recv())
    assert isinstance(found, dict)
    return found


async def ask(stream: websockets.ClientConnection, **body: object) -> dict[str, object]:
    await stream.send(json.dumps(body))
    while True:
        answer = await read(stream)
        if "result" in answer or "error" in answer:
            return answer


def test_every_documented_stream_speaks(target: VenueProcess) -> None:
    kinds = [
        "trade", "aggTrade", "bookTicker", "miniTicker", "ticker", "ticker_1h", "ticker_4h", "ticker_1d", "avgPrice",
        "depth", "depth@100ms", "depth5", "depth10@100ms", "depth20", "kline_1s", "kline_1m", "kline_1M",
        "kline_1d@+08:00",
    ]  # fmt: skip
    wanted = {f"btcusdt@{kind}" for kind in kinds} | {"!miniTicker@arr", "!ticker@arr", "!ticker_4h@arr"}

    async def scenario() -> dict[str, object]:
        heard: dict[str, object] = {}
        url = f"{target.ws}/stream?streams={'/'.join(sorted(wanted))}"
        async with websockets.connect(url) as stream, asyncio.timeout(DEADLINE):
            while wanted - heard.keys():
                frame = json.loads(await stream.recv())
                heard[frame["stream"]] = frame["data"]
        return heard

    heard = asyncio.run(scenario())
    event = {name: body["e"] for name, body in heard.items() if isinstance(body, dict) and "e" in body}
    assert event["btcusdt@ticker"] == "24hrTicker"
    assert event["btcusdt@ticker_4h"] == "4hTicker"
    assert event["btcusdt@kline_1d@+08:00"] == "kline"


def test_the_control_protocol_answers_as_documented(target: VenueProcess) -> None:
    async def scenario() -> None:
        async with websockets.connect(f"{target.ws}/ws/0") as stream:
            names = ["btcusdt@aggTrade", "btcusdt@avgPrice"]
            assert await ask(stream, method="SUBSCRIBE", params=names, id=1) == {"result": None, "id": 1}
            assert await ask(stream, method="LIST_SUBSCRIPTIONS", id="a1") == {"result": names, "id": "a1"}
            assert (await ask(stream, method="UNSUBSCRIBE", params=names[:1], id=None))["id"] is None
            assert await ask(stream, method="GET_PROPERTY", params=["combined"], id=4) == {"result": False, "id": 4}
        async with websockets.connect(f"{target.ws}/stream") as stream:
            assert (await ask(stream, method="GET_PROPERTY", params=["combined"], id=5))["result"] is True
            assert (await ask(stream, method="SET_PROPERTY", params=["combined", False], id=6))["result"] is None
            await ask(stream, method="SUBSCRIBE", params=["btcusdt@bookTicker"], id=7)
            assert "stream" not in await read(stream)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("message", "code", "msg"),
    [
        ('{"method":"GET_PROPERTY","params":["x"],"id":1}', 0, "Unknown property"),
        ('{"method":"SET_PROPERTY","params":["combined","yes"],"id":1}', 1, "Invalid value type: expected Boolean"),
        ('{"method":"SET_PROPERTY","params":[],"id":1}', 2, "Invalid request: property name must be a string"),
        ('{"method":"GET_PROPERTY","params":["combined",1],"id":1}', 2, "Invalid request: too many parameters"),
        ('{"method":"LIST_SUBSCRIPTIONS","id":1.5}', 2, "Invalid request: request ID must be an unsigned integer"),
        ('{"method":"LISTEN","id":1}', 2, "Invalid request: unknown variant `LISTEN`, expected one of `SUBSCRIBE`"),
        ('{"params":[],"id":1}', 2, "Invalid request: missing field `method`"),
        ('{"method":"SUBSCRIBE","params":["btcusdt@trades"],"id":1}', 2, "Invalid request: stream 'btcusdt@trades'"),
        ('{"method":"SUBSCRIBE","params":[1],"id":1}', 2, "Invalid request: stream names must be strings"),
        ("{nonsense", 3, "Invalid JSON: expected value at line 1 column 2"),
        ("[" * 100_000, 3, "Invalid JSON"),
    ],
)
def test_bad_control_messages_get_the_documented_errors(
    target: VenueProcess, message: str, code: int, msg: str
) -> None:
    async def scenario() -> dict[str, object]:
        async with websockets.connect(f"{target.ws}/ws") as stream:
            await stream.send(message)
            return await read(stream)

    error = asyncio.run(scenario())["error"]
    assert isinstance(error, dict)
    assert error["code"] == code
    assert str(error["msg"]).startswith(msg)


def test_times_are_in_microseconds_when_asked_for(target: VenueProcess) -> None:
    async def scenario() -> tuple[int, int]:
        async with websockets.connect(f"{target.ws}/stream?streams=btcusdt@avgPrice&timeUnit=MICROSECOND") as stream:
            micro = (await read(stream))["data"]
        async with websockets.connect(f"{target.ws}/ws/btcusdt@avgPrice") as stream:
            milli = await read(stream)
        assert isinstance(micro, dict)
        return int(micro["E"]), int(str(milli["E"]))

    micro, milli = asyncio.run(scenario())
    assert 10**15 < micro < 10**16
    assert 10**12 < milli < 10**13


# ---- frames that no client should send


class Wild:
    """A WebSocket client that sends whatever bytes it likes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def frame(self, opcode: int, payload: bytes, *, fin: bool = True, mask: bool = True, rsv: int = 0) -> Wild:
        size = len(payload)
        bit = 128 if mask else 0
        head = bytes([(128 if fin else 0) | rsv << 4 | opcode])
        head += bytes([bit | size]) if size < 126 else struct.pack("!BH", bit | 126, size)
        self.writer.write(head + (b"\0\0\0\0" if mask else b"") + payload)
        return self

    async def closed_with(self) -> int:
        """The code of the close frame; other frames are read over."""
        async with asyncio.timeout(DEADLINE):
            while True:
                opcode, payload = await self.next()
                if opcode == 8:
                    return int(struct.unpack("!H", payload[:2])[0])

    async def next(self) -> tuple[int, bytes]:
        first, second = await self.reader.readexactly(2)
        size = second & 127
        if size == 126:
            size = struct.unpack("!H", await self.reader.readexactly(2))[0]
        elif size == 127:
            size = struct.unpack("!Q", await self.reader.readexactly(8))[0]
        return first & 15, await self.reader.readexactly(size)


@asynccontextmanager
async def wild(target: VenueProcess, path: str, *, early: bool = False) -> AsyncIterator[Wild]:
    """`early`: a request for the subscriptions with id 9 goes out in one packet with the handshake."""
    host, port = target.rest.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = b'{"method":"LIST_SUBSCRIPTIONS","id":9}'
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        + (bytes([129, 128 | len(body), 0, 0, 0, 0]) + body if early else b"")
    )
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101"), answer
    try:
        yield Wild(reader, writer)
    finally:
        writer.close()


BAD: dict[str, tuple[Callable[[Wild], object], int]] = {
    "unmasked": (lambda w: w.frame(1, b"{}", mask=False), 1002),
    "reserved bits": (lambda w: w.frame(1, b"{}", rsv=4), 1002),
    "unknown opcode": (lambda w: w.frame(5, b""), 1002),
    "long ping": (lambda w: w.frame(9, b"x" * 200), 1002),
    "fragmented ping": (lambda w: w.frame(9, b"x", fin=False), 1002),
    "continuation of nothing": (lambda w: w.frame(0, b"x"), 1002),
    "message within a message": (lambda w: (w.frame(1, b"{", fin=False), w.frame(1, b"}")), 1002),
    "too long": (lambda w: w.writer.write(struct.pack("!BBQ", 129, 255, (1 << 20) + 1) + b"\0\0\0\0"), 1009),
    "too long in parts": (
        lambda w: (
            w.frame(1, b"x" * 60_000, fin=False),
            [w.frame(0, b"x" * 60_000, fin=False) for _ in range(20)],
        ),
        1009,
    ),
    "no UTF-8": (lambda w: w.frame(1, b"\xff\xfe"), 1007),
    "binary garbage": (lambda w: w.frame(2, os.urandom(64) + b"\xff"), 1003),
    "reserved close code": (lambda w: w.frame(8, struct.pack("!H", 1005)), 1002),
}


@pytest.mark.parametrize("path", ["/ws/btcusdt@bookTicker", "/ws-api/v3"])
@pytest.mark.parametrize("name", BAD)
def test_bad_frames_end_the_connection_with_the_right_code(target: VenueProcess, path: str, name: str) -> None:
    act, code = BAD[name]

    async def scenario() -> int:
        async with wild(target, path) as client:
            act(client)
            return await client.closed_with()

    assert asyncio.run(scenario()) == code
    assert target.call("GET", "/health/ready").status_code == 200


def test_a_message_in_fragments_is_put_together_and_pings_may_come_between(target: VenueProcess) -> None:
    async def scenario() -> list[tuple[int, bytes]]:
        async with wild(target, "/ws") as client:
            client.frame(1, b'{"method":"LIST_', fin=False)
            client.frame(9, b"there?")
            client.frame(0, b'SUBSCRIPTIONS",', fin=False)
            client.frame(0, b'"id":1}')
            async with asyncio.timeout(DEADLINE):
                return [await client.next() for _ in range(2)]

    assert asyncio.run(scenario()) == [(10, b"there?"), (1, b'{"result":[],"id":1}')]


def test_frames_that_come_with_the_handshake_are_not_lost(target: VenueProcess) -> None:
    async def scenario() -> tuple[int, bytes]:
        async with wild(target, "/ws", early=True) as client, asyncio.timeout(DEADLINE):
            return await client.next()

    assert asyncio.run(scenario()) == (1, b'{"result":[],"id":9}')


def test_more_than_five_messages_a_second_end_the_connection(target: VenueProcess) -> None:
    async def scenario() -> int:
        async with wild(target, "/ws") as client:
            for number in range(6):
                client.frame(9, b"%d" % number)
            return await client.closed_with()

    assert asyncio.run(scenario()) == 1008


def test_more_than_1024_streams_are_refused(target: VenueProcess) -> None:
    names = [f"btcusdt@kline_{n}" for n in range(1025)]

    async def scenario() -> dict[str, object]:
        async with websockets.connect(f"{target.ws}/ws") as stream:
            return await ask(stream, method="SUBSCRIBE", params=names, id=1)

    assert "1024" in str(asyncio.run(scenario())["error"])


@pytest.mark.parametrize(
    ("path", "status"), [("/nowhere", 404), ("/sbe/ws/btcusdt@trade", 400), ("/wsx", 404), ("/stream/x", 404)]
)
def test_handshakes_that_are_not_served_are_answered(target: VenueProcess, path: str, status: int) -> None:
    async def scenario() -> int:
        try:
            async with websockets.connect(target.ws + path):
                return 101
        except websockets.InvalidStatus as refused:
            assert json.loads(refused.response.body)["code"] < 0
            return refused.response.status_code

    assert asyncio.run(scenario()) == status


def test_an_upgrade_without_a_key_is_a_bad_request(target: VenueProcess) -> None:
    answer = httpx.get(f"{target.rest}/ws", headers={"Connection": "Upgrade", "Upgrade": "websocket"})
    assert answer.status_code == 400


# ---- SBE


def test_sbe_streams_speak_binary_and_answer_in_text(target: VenueProcess) -> None:
    async def scenario() -> set[type[sbe.SbeEvent]]:
        headers = {"X-MBX-APIKEY": target.api_key}
        url = f"{target.ws}/sbe/stream?streams=btcusdt@trade/btcusdt@bestBidAsk/btcusdt@depth"
        kinds: set[type[sbe.SbeEvent]] = set()
        async with websockets.connect(url, additional_headers=headers) as stream, asyncio.timeout(DEADLINE):
            await stream.send('{"method":"SUBSCRIBE","params":["btcusdt@depth20"],"id":3}')
            answers: list[object] = []
            while len(kinds) < 4 or not answers:
                frame = await stream.recv()
                if isinstance(frame, str):
                    answers.append(json.loads(frame))
                else:
                    event = sbe.decode_sbe(frame)
                    assert event.symbol == "BTCUSDT"
                    kinds.add(type(event))
            assert answers == [{"result": None, "id": 3}]
        return kinds

    assert asyncio.run(scenario()) == {
        sbe.TradesEvent,
        sbe.BestBidAsk,
        sbe.DepthDiffEvent,
        sbe.DepthSnapshotEvent,
    }


def test_sbe_needs_a_key_that_the_venue_knows(target: VenueProcess) -> None:
    async def scenario() -> int:
        try:
            async with websockets.connect(
                f"{target.ws}/sbe/ws/btcusdt@trade", additional_headers={"X-MBX-APIKEY": "x" * 64}
            ):
                return 101
        except websockets.InvalidStatus as refused:
            return refused.response.status_code

    assert asyncio.run(scenario()) == 401


# ---- market data over REST


def test_market_data_answers_in_binances_shapes(target: VenueProcess) -> None:
    def get(path: str, **params: object) -> object:
        answer = target.call("GET", f"/api/v3/{path}", **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def trades() -> list[dict[str, object]]:
        rows = get("trades", symbol="BTCUSDT", limit=5)
        assert isinstance(rows, list)
        return rows

    until = time.monotonic() + DEADLINE
    while len(trades()) < 5:
        assert time.monotonic() < until
    first = trades()[0]["id"]
    older = get("historicalTrades", symbol="BTCUSDT", fromId=first, limit=2)
    assert isinstance(older, list)
    assert older[0]["id"] == first
    aggregated = get("aggTrades", symbol="BTCUSDT", fromId=older[0]["id"], limit=3)
    assert isinstance(aggregated, list)
    assert set(aggregated[0]) == set("apqflTmM")
    klines = get("klines", symbol="BTCUSDT", interval="1m", timeZone="+5:30", limit=1)
    assert isinstance(klines, list)
    assert [type(cell) for cell in klines[0]] == [int, *[str] * 5, int, str, int, str, str, str]
    assert len(str(get("uiKlines", symbol="BTCUSDT", interval="1M"))) > 10
    average = get("avgPrice", symbol="BTCUSDT")
    assert isinstance(average, dict)
    assert average["mins"] == 5
    both = get("ticker/24hr", symbols='["BTCUSDT","ETHUSDT"]', type="MINI")
    assert isinstance(both, list)
    assert [row["symbol"] for row in both] == list(SYMBOLS)
    assert "bidPrice" not in both[0]
    whole = get("ticker/24hr", symbol="BTCUSDT")
    assert isinstance(whole, dict)
    assert int(whole["count"]) > 0
    day = get("ticker/tradingDay", symbol="BTCUSDT", timeZone="8")
    assert isinstance(day, dict)
    assert int(day["closeTime"]) - int(day["openTime"]) == 86_399_999
    window = get("ticker", symbol="BTCUSDT", windowSize="15m")
    assert isinstance(window, dict)
    assert int(window["openTime"]) % 60_000 == 0
    prices = get("ticker/price")
    assert isinstance(prices, list)
    assert len(prices) == 2
    assert len(str(get("ticker/bookTicker", symbol="ETHUSDT", symbolStatus="TRADING"))) > 10


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        ("klines", {"symbol": "BTCUSDT", "interval": "2m"}, -1120),
        ("klines", {"symbol": "BTCUSDT"}, -1102),
        ("klines", {"symbol": "NOPE", "interval": "1m"}, -1121),
        ("klines", {"symbol": "BTCUSDT", "interval": "1m", "timeZone": "+15:00"}, -1130),
        ("aggTrades", {"symbol": "BTCUSDT", "fromId": 1, "startTime": 1}, -1128),
        ("ticker/24hr", {"symbol": "BTCUSDT", "symbols": '["BTCUSDT"]'}, -1128),
        ("ticker/24hr", {"symbol": "BTCUSDT", "type": "TINY"}, -1130),
        ("ticker/24hr", {"symbol": "BTCUSDT", "symbolStatus": "HALT"}, -1220),
        ("ticker", {}, -1102),
        ("ticker", {"symbol": "BTCUSDT", "windowSize": "60m"}, -1130),
        ("ticker", {"symbol": "BTCUSDT", "windowSize": "8d"}, -1130),
        ("depth", {"symbol": "BTCUSDT", "limit": 0}, -1130),
        ("trades", {"symbol": "BTCUSDT", "fromId": 1}, -1104),
    ],
)
def test_bad_market_data_requests_get_binances_codes(
    target: VenueProcess, path: str, params: dict[str, object], code: int
) -> None:
    answer = target.call("GET", f"/api/v3/{path}", **params)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


# ---- connections come to an end


def test_a_client_that_answers_no_ping_is_closed_and_one_that_does_is_not(tmp_path: Path) -> None:
    async def scenario() -> None:
        with venue(tmp_path, "--sim", QBTC_EXCHANGE_PING_SECONDS="0.5", QBTC_EXCHANGE_PONG_SECONDS="1.2") as target:
            async with websockets.connect(f"{target.ws}/ws", ping_interval=None) as polite:
                async with wild(target, "/ws") as mute:
                    mute.frame(10, b"unasked")
                    assert await mute.closed_with() == 1008
                assert (await ask(polite, method="LIST_SUBSCRIPTIONS", id=1))["result"] == []

    asyncio.run(scenario())


def test_a_connection_has_its_life(tmp_path: Path) -> None:
    async def scenario() -> int:
        with venue(tmp_path, "--sim", QBTC_EXCHANGE_LIFE_SECONDS="0.5") as target:
            async with wild(target, "/ws/btcusdt@bookTicker") as client:
                return await client.closed_with()

    assert asyncio.run(scenario()) == 1008


def test_connection_attempts_are_limited_by_address(tmp_path: Path) -> None:
    async def scenario() -> int:
        with venue(tmp_path, "--sim", QBTC_EXCHANGE_CONNECTION_LIMIT="3") as target:
            for _ in range(3):
                async with websockets.connect(f"{target.ws}/ws"):
                    continue
            try:
                async with websockets.connect(f"{target.ws}/ws"):
                    return 101
            except websockets.InvalidStatus as refused:
                return refused.response.status_code

    assert asyncio.run(scenario()) == 429


def test_a_shutdown_is_announced_on_every_socket_before_they_close(tmp_path: Path) -> None:
    async def scenario() -> None:
        with venue(tmp_path, "--sim") as target:
            async with (
                websockets.connect(f"{target.ws}/ws") as raw,
                websockets.connect(f"{target.ws}/stream") as combined,
                websockets.connect(target.ws_api) as api,
            ):
                target.process.send_signal(signal.SIGTERM)
                assert (await read(raw))["e"] == "serverShutdown"
                assert (await read(combined))["stream"] == "!serverShutdown"
                event = (await read(api))["event"]
                assert isinstance(event, dict)
                assert event["e"] == "serverShutdown"
                for stream in (raw, combined, api):
                    with pytest.raises(websockets.ConnectionClosed) as closed:
                        await stream.recv()
                    assert closed.value.rcvd is not None
                    assert closed.value.rcvd.code == 1001
            assert await asyncio.to_thread(target.process.wait, 15) == 0

    asyncio.run(scenario())


# ---- faults on demand


def test_faults_are_not_there_unless_asked_for(target: VenueProcess) -> None:
    assert target.call("GET", "/qbtc/v1/faults").status_code == 404


def test_faults_act_on_streams_requests_and_the_clock(tmp_path: Path) -> None:
    async def scenario() -> None:
        with venue(tmp_path, "--sim", "--faults", "--speed", "5") as target:

            def plan(**body: object) -> None:
                assert target.http.put(f"{target.rest}/qbtc/v1/faults", json=body).status_code == 200

            async with websockets.connect(f"{target.ws}/ws/btcusdt@depth@100ms") as stream:
                plan(seed=3, market={"drop": 0.3, "duplicate": 0.3})
                ids = [(frame["U"], frame["u"]) for frame in [await read(stream) for _ in range(40)]]
                assert len(set(ids)) < len(ids)
                assert any(int(str(b[0])) > int(str(a[1])) + 1 for a, b in pairwise(ids))
                plan()
                assert target.http.post(f"{target.rest}/qbtc/v1/faults/disconnect").status_code == 200
                with pytest.raises(websockets.ConnectionClosed):
                    while True:
                        await read(stream)

            limit = {"timeInForce": "GTC", "quantity": "0.001", "price": "50000"}
            plan(answers={"fail": 1})
            failed = target.order("BUY", "LIMIT", newClientOrderId="f1", **limit)
            assert (failed.status_code, failed.json()["code"]) == (503, -1007)
            plan(answers={"lose": 1})
            with pytest.raises(httpx.RemoteProtocolError):
                target.order("BUY", "LIMIT", newClientOrderId="f2", **limit)
            plan(answers={"refuse": 1})
            assert target.order("BUY", "LIMIT", newClientOrderId="f3", **limit).json()["code"] == -1008
            plan(clock_jump_ms=-3_600_000)
            assert abs(target.call("GET", "/api/v3/time").json()["serverTime"] / 1000 + 3600 - time.time()) < 60
            assert target.signed("GET", "/api/v3/openOrders").json()["code"] == -1021
            plan()
            names = {order["clientOrderId"] for order in target.signed("GET", "/api/v3/openOrders").json()}
            assert names == {"f1", "f2"}

    asyncio.run(scenario())


def test_a_feigned_shutdown_closes_everybody_and_the_venue_stays(tmp_path: Path) -> None:
    async def scenario() -> None:
        with venue(tmp_path, "--sim", "--faults") as target:
            async with websockets.connect(f"{target.ws}/ws") as stream:
                assert target.http.post(f"{target.rest}/qbtc/v1/faults/shutdown?seconds=0.1").status_code == 200
                assert (await read(stream))["e"] == "serverShutdown"
                with pytest.raises(websockets.ConnectionClosed):
                    await stream.recv()
            await eventually(
                lambda: target.call("GET", "/health/ready").status_code == 200, what="the venue is still there"
            )

    asyncio.run(scenario())


@pytest.mark.parametrize("sent", [b"", b"GET /api/v3/ping HT", b"POST /api/v3/order HTTP/1.1\r\nContent-Length: 9\r\n\r\nab"])
def test_a_client_that_never_ends_its_request_is_let_go(tmp_path: Path, sent: bytes) -> None:
    async def seconds_until_the_end(port: int, *, first: bytes) -> float:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begin = time.monotonic()
        writer.write(first + sent)
        async with asyncio.timeout(DEADLINE):
            while await reader.read(4096):
                continue
        writer.close()
        return time.monotonic() - begin

    whole = b"GET /api/v3/ping HTTP/1.1\r\nHost: venue\r\n\r\n"
    with venue(tmp_path, "--sim", QBTC_EXCHANGE_REQUEST_SECONDS="0.5") as target:
        port = int(target.rest.rpartition(":")[2])
        assert asyncio.run(seconds_until_the_end(port, first=b"")) >= 0.4
        assert httpx.get(f"{target.rest}/api/v3/ping").status_code == 200
        assert asyncio.run(seconds_until_the_end(port, first=whole)) >= 0.4
