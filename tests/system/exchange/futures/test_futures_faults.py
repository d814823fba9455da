"""Faults on demand reach futures too: their streams, their user's events, their requests and their clock."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets

from qbtc.testing.venue import VenueProcess, quiet_recording, venue

ORDER = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "2", "price": "96"}


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VenueProcess]:
    home: Path = tmp_path_factory.mktemp("faults")
    with venue(home, "--data", str(quiet_recording(home)), "--faults") as made:
        made.call("GET", "/fapi/v1/ping")
        yield made


@pytest.fixture
def plan(target: VenueProcess) -> Iterator[Callable[..., None]]:
    def put(**body: object) -> None:
        assert target.http.put(f"{target.rest}/qbtc/v1/faults", json=body).status_code == 200

    yield put
    put()


async def read(stream: websockets.ClientConnection) -> Any:
    async with asyncio.timeout(20):
        return json.loads(await stream.recv())


async def test_a_users_events_are_doubled_as_planned(target: VenueProcess, plan: Callable[..., None]) -> None:
    key = target.signed("POST", "/fapi/v1/listenKey").json()["listenKey"]
    async with websockets.connect(f"{target.ws}/private/ws/{key}") as stream:
        plan(user={"duplicate": 1})
        await asyncio.to_thread(target.signed, "POST", "/fapi/v1/order", **ORDER)
        first, second = await read(stream), await read(stream)
        assert first["e"] == "ORDER_TRADE_UPDATE"
        assert first == second


async def test_public_streams_lose_events_and_answers_to_control_messages_are_none(
    target: VenueProcess, plan: Callable[..., None]
) -> None:
    plan(market={"drop": 1})
    async with websockets.connect(f"{target.ws}/market/ws/btcusdt@markPrice@1s") as stream:
        await stream.send(json.dumps({"id": 1, "method": "LIST_SUBSCRIPTIONS"}))
        assert (await read(stream))["result"] == ["btcusdt@markPrice@1s"]
        await asyncio.sleep(1.5)
        plan()
        assert (await read(stream))["e"] == "markPriceUpdate"
    assert target.call("GET", "/qbtc/v1/faults").json()["plan"]["market"]["drop"] == 0


def test_an_answer_fails_though_the_order_was_accepted(target: VenueProcess, plan: Callable[..., None]) -> None:
    plan(answers={"fail": 1})
    failed = target.signed("POST", "/fapi/v1/order", newClientOrderId="was-done", **ORDER)
    assert (failed.status_code, failed.json()["code"]) == (503, -1007)
    plan()
    assert target.signed("GET", "/fapi/v1/order", symbol="BTCUSDT", origClientOrderId="was-done").json()["status"] == "NEW"


def test_the_clock_jumps_and_the_depth_grows_stale(target: VenueProcess, plan: Callable[..., None]) -> None:
    plan(clock_jump_ms=-3_600_000)
    assert abs(target.call("GET", "/fapi/v1/time").json()["serverTime"] / 1000 + 3600 - time.time()) < 60
    assert target.signed("GET", "/fapi/v1/openOrders").json()["code"] == -1021
    plan(stale_depth=True)
    before = target.call("GET", "/fapi/v1/depth", symbol="BTCUSDT", limit=5).json()
    target.signed("POST", "/fapi/v1/order", **(ORDER | {"price": "98"}))
    assert target.call("GET", "/fapi/v1/depth", symbol="BTCUSDT", limit=5).json() == before
    plan()
    assert target.call("GET", "/fapi/v1/depth", symbol="BTCUSDT", limit=5).json() != before


def test_a_plan_that_is_none_is_refused(target: VenueProcess) -> None:
    for body in (b"[" * 20000, b"{", b'{"market": {"drop": 2}}', b'{"seed": NaN}'):
        answer = target.http.put(f"{target.rest}/qbtc/v1/faults", content=body)
        assert (answer.status_code, answer.json()["code"]) == (400, -1135)
    assert target.http.post(f"{target.rest}/qbtc/v1/faults/nothing").status_code == 404
