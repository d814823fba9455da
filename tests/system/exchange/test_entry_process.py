"""Order entry over a real process: every operation answers, keys of all kinds, sessions, limits, bans."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets

from qbtc.core.binance.signing import (
    ed25519_pair,
    private_key,
    query,
    sign_with,
    signed_params,
    signed_query,
    ws_payload,
)
from qbtc.exchange.operation import Operation
from qbtc.exchange.operations import OPERATIONS
from qbtc.testing.venue import DEADLINE, VenueProcess, venue
from qbtc.testing.waiting import until

LIMIT = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "50000",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[VenueProcess, Path]]:
    home = tmp_path_factory.mktemp("entry")
    with venue(home, "--sim", "--symbols", "BTCUSDT,ETHUSDT") as target:
        yield target, home


def stamp() -> int:
    return time.time_ns() // 1_000_000


def sent(target: VenueProcess, operation: Operation, **params: str) -> httpx.Response:
    if operation.security.value == "NONE":
        return target.call(operation.method, operation.path, **params)
    if not operation.signed:
        url = f"{target.rest}{operation.path}?{query(params)}"
        return target.http.request(operation.method, url, headers={"X-MBX-APIKEY": target.api_key})
    return target.signed(operation.method, operation.path, **params)


def test_no_operation_fails_by_itself_whatever_is_missing(shared: tuple[VenueProcess, Path]) -> None:
    """Empty requests and ones that name only a symbol: an answer or Binance's code, never -1000 and never 404."""
    for operation in OPERATIONS:
        if not operation.path:
            continue
        for params in ({}, {"symbol": "BTCUSDT"}):
            if params and "symbol" not in operation.params:
                continue
            answer = sent(shared[0], operation, **params)
            assert answer.status_code not in (404, 405, 500), (operation.path, answer.text)
            if answer.status_code != 200:
                assert answer.json()["code"] < -1000, (operation.path, answer.text)


def test_every_websocket_method_answers(shared: tuple[VenueProcess, Path]) -> None:
    target, _ = shared

    async def scenario() -> None:
        async with websockets.connect(target.ws_api) as line:
            for operation in OPERATIONS:
                if not operation.ws:
                    continue
                base: dict[str, Any] = {"symbol": "BTCUSDT"} if "symbol" in operation.params else {}
                if operation.signed:
                    base = signed_params(base | {"apiKey": target.api_key, "timestamp": stamp()}, target.secret)
                await line.send(json.dumps({"id": operation.ws, "method": operation.ws, "params": base}))
                async with asyncio.timeout(DEADLINE):
                    found = json.loads(await line.recv())
                assert found["id"] == operation.ws
                assert found.get("error", {}).get("code") not in (-1000, -1103), found

    asyncio.run(scenario())


def test_the_engines_own_key_logs_on_and_its_pipelined_orders_are_all_acknowledged(
    shared: tuple[VenueProcess, Path],
) -> None:
    target, home = shared
    pair = json.loads((home / "secrets" / "venue_ed25519.json").read_text())

    async def scenario() -> None:
        async with websockets.connect(target.ws_api) as line:
            params: dict[str, str | int] = {"apiKey": pair["api_key"], "timestamp": stamp()}
            signature = sign_with(ws_payload(params), private_key(pair["private_key"]))
            await line.send(
                json.dumps({"id": 0, "method": "session.logon", "params": params | {"signature": signature}})
            )
            assert json.loads(await line.recv())["result"]["apiKey"] == pair["api_key"]
            for number in range(1, 101):
                order = LIMIT | {"newClientOrderId": f"p{number}", "timestamp": stamp(), "newOrderRespType": "ACK"}
                await line.send(json.dumps({"id": number, "method": "order.place", "params": order}))
            async with asyncio.timeout(DEADLINE):
                answers = [json.loads(await line.recv()) for _ in range(100)]
            assert [answer["id"] for answer in answers] == list(range(1, 101)), answers[:2]
            assert {answer["status"] for answer in answers} == {200}, answers[0]
        names = {order["clientOrderId"] for order in target.signed("GET", "/api/v3/openOrders").json()}
        assert {f"p{number}" for number in range(1, 101)} <= names
        assert len(target.signed("DELETE", "/api/v3/openOrders", symbol="BTCUSDT").json()) >= 100

    asyncio.run(scenario())


def test_a_key_registered_from_the_command_line_works_while_the_venue_runs_and_ends_when_removed(
    shared: tuple[VenueProcess, Path], tmp_path: Path
) -> None:
    target, home = shared
    private, public = ed25519_pair()
    (tmp_path / "public.pem").write_text(public)

    def verb(*arguments: str) -> str:
        command = [sys.executable, "-m", "qbtc", "exchange", "keys", *arguments]
        environment = os.environ | {"QBTC_HOME": str(home)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    def status() -> int:
        text = query({"timestamp": stamp()})
        full = f"{text}&{query({'signature': sign_with(text, private_key(private))})}"
        return target.http.get(f"{target.rest}/api/v3/account?{full}", headers={"X-MBX-APIKEY": api_key}).status_code

    api_key = verb("add", str(tmp_path / "public.pem"), "--permission", "USER_DATA", "--label", "reader")
    until(lambda: status() == 200, what="the new key works")
    text = query(LIMIT | {"timestamp": stamp()})
    body = f"{text}&{query({'signature': sign_with(text, private_key(private))})}"
    refused = target.http.post(f"{target.rest}/api/v3/order", content=body, headers={"X-MBX-APIKEY": api_key})
    assert (refused.status_code, refused.json()["code"]) == (401, -2015)
    verb("rm", api_key)
    until(lambda: status() == 401, what="the removed key is refused")


def test_parameters_may_be_in_the_query_in_the_body_or_in_both(shared: tuple[VenueProcess, Path]) -> None:
    target, _ = shared
    headers = {"X-MBX-APIKEY": target.api_key, "Content-Type": "application/x-www-form-urlencoded"}
    first, second = query({"symbol": "BTCUSDT", "side": "BUY"}), query({**LIMIT, "timestamp": stamp()})
    rest = "&".join(part for part in second.split("&") if not part.startswith(("symbol=", "side=")))
    signature = signed_query({}, target.secret)
    assert signature.startswith("&signature=")
    for url, body in (("", second), (second, ""), (first, rest)):
        from qbtc.core.binance.signing import sign

        made = sign(url + body, target.secret)
        content = f"{body}&signature={made}" if body else ""
        suffix = url if body else f"{url}&signature={made}"
        answer = target.http.post(f"{target.rest}/api/v3/order?{suffix}", content=content, headers=headers)
        assert answer.status_code == 200, answer.text
    target.signed("DELETE", "/api/v3/openOrders", symbol="BTCUSDT")


def test_who_asks_too_much_is_told_to_wait_and_then_banned(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim", "--symbols", "BTCUSDT", QBTC_EXCHANGE_WEIGHT_LIMIT="50") as target:
        statuses = []
        for _ in range(120):
            answer = target.call("GET", "/api/v3/exchangeInfo")
            statuses.append(answer.status_code)
            if answer.status_code == 418:
                break
        assert statuses[:2] == [200, 200]
        assert 429 in statuses
        assert statuses[-1] == 418
        assert 60 < int(answer.headers["Retry-After"]) <= 120
        assert "IP banned until" in answer.json()["msg"]


def test_order_counts_are_shown_and_bounded(tmp_path: Path) -> None:
    with venue(tmp_path, "--sim", "--symbols", "BTCUSDT", QBTC_EXCHANGE_ORDERS_10S="3") as target:
        statuses = [target.order("BUY", "LIMIT", timeInForce="GTC", quantity="0.01", price="50000") for _ in range(8)]
        counts = [answer.headers.get("X-MBX-ORDER-COUNT-10S") for answer in statuses if answer.status_code == 200]
        refused = [answer for answer in statuses if answer.status_code == 429]
        assert counts[0] == "1"
        assert refused
        assert refused[0].json()["code"] == -1015
        assert "Retry-After" not in refused[0].headers
