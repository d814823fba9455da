"""Every pair of order parameters, on both wires: one answer everywhere, refused as the table of the documentation says.

Twin venues replay the same book. Each row of `pairwise_rows` goes to the one over REST and to the other over the
WebSocket API, as order/test and as order: whatever came before, both must say the same. A row that lacks a mandatory
parameter, or has one that its type does not take, is refused for it; any other is not.
Source: binance/binance-spot-api-docs, rest-api.md, "New order", the table of mandatory parameters.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from qbtc.core.binance.signing import signed_params
from qbtc.testing.pairwise import pairwise_rows
from qbtc.testing.venue import MortalVenue, mortal_venue, quiet_recording

Axes = dict[str, list[str | None]]
COMMON: Axes = {
    "side": ["BUY", "SELL"],
    "selfTradePreventionMode": [None, "NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"],
    "newOrderRespType": [None, "ACK", "RESULT", "FULL"],
}
AXES: Axes = COMMON | {
    "type": [
        "LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT",
    ],
    "timeInForce": [None, "GTC", "IOC", "FOK"],
    "quantity": [None, "0.06000", "0.123"],
    "quoteOrderQty": [None, "10.5"],
    "price": [None, "99.95", "100.10", "100.20"],
    "stopPrice": [None, "99.5", "100.5"],
    "trailingDelta": [None, "100", "5000"],
    "icebergQty": [None, "0.005"],
}  # fmt: skip
PRICE: Axes = {"quantity": ["0.06", "0.3", "1.2"], "price": ["99.00", "100.00", "100.10", "101.50"]}
TIF: Axes = {"timeInForce": ["GTC", "IOC", "FOK"]}
WHOLE: dict[str, Axes] = {
    "limit": COMMON | PRICE | TIF | {"type": ["LIMIT"]},
    "iceberg": COMMON | PRICE | {"type": ["LIMIT"], "timeInForce": ["GTC"], "icebergQty": ["0.03", "0.05"]},
    "maker": COMMON | PRICE | {"type": ["LIMIT_MAKER"], "icebergQty": [None, "0.05"]},
    "market": COMMON | {"type": ["MARKET"], "quantity": ["0.06", "0.5", "1.4"]},
    "market by value": COMMON | {"type": ["MARKET"], "quoteOrderQty": ["6", "50.5", "333.33"]},
    "stop": COMMON | {"type": ["STOP_LOSS", "TAKE_PROFIT"], "quantity": ["0.06", "2"], "stopPrice": ["99.5", "100.8"]},
    "trailing": COMMON | {
        "type": ["STOP_LOSS", "TAKE_PROFIT"], "quantity": ["0.06"], "trailingDelta": ["10", "100", "1999"],
        "stopPrice": [None, "99.5", "100.8"],
    },
    "stop limit": COMMON | PRICE | TIF | {
        "type": ["STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"], "stopPrice": ["99.5", "100.8"], "trailingDelta": [None, "50"],
    },
}  # fmt: skip
"""Axes of parameters that may stand together, family by family."""
COMBINATION = -1014
LIMITS = {"LIMIT", "STOP_LOSS_LIMIT", "TAKE_PROFIT_LIMIT"}
CONDITIONAL = {"STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"}
SEEDS = range({"full": 4, "exhaustive": 20}.get(os.environ.get("QBTC_TEST_SIZE", ""), 1))
Row = dict[str, str]
VOLATILE = {"orderId", "clientOrderId", "transactTime", "workingTime", "fills", "time", "updateTime", "trailingTime"}


@dataclass
class Twins:
    """Two venues with one past; `socket` is a connection to the second one's WebSocket API."""

    rest: MortalVenue
    other: MortalVenue
    socket: ClientConnection

    def everywhere(self, row: Row) -> dict[str, Any]:
        """What `order` answers, once both wires and both tests have said the same."""
        said = [self._rest("/api/v3/order/test", row), self._socket("order.test", row)]
        placed, other = self._rest("/api/v3/order", row), self._socket("order.place", row)
        assert lasting(placed) == lasting(other), row
        assert all(body.get("code", 0) == placed.get("code", 0) for body in said), (row, said, placed)
        for venue in (self.rest, self.other):
            locked_is_open(venue)
            venue.signed("DELETE", "/api/v3/openOrders", symbol="BTCUSDT")
        assert self.rest.balances() == self.other.balances(), row
        return placed

    def _rest(self, path: str, row: Row) -> dict[str, Any]:
        body: dict[str, Any] = self.rest.signed("POST", path, symbol="BTCUSDT", **row).json()
        return body

    def _socket(self, method: str, row: Row) -> dict[str, Any]:
        now = time.time_ns() // 1_000_000
        params = {"symbol": "BTCUSDT", **row, "apiKey": self.other.api_key, "timestamp": now}
        signed = signed_params(params, self.other.secret)
        self.socket.send(json.dumps({"id": 1, "method": method, "params": signed}))
        answer = json.loads(self.socket.recv(timeout=20))
        body: dict[str, Any] = answer.get("error") or answer["result"]
        return body


@pytest.fixture(scope="module", params=SEEDS)
def seed(request: pytest.FixtureRequest) -> int:
    found: int = request.param
    return found


@pytest.fixture(scope="module")
def twins(seed: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:
    homes = [tmp_path_factory.mktemp(f"twin{seed}") for _ in range(2)]
    with (
        mortal_venue(homes[0], "--data", str(quiet_recording(homes[0]))) as rest,
        mortal_venue(homes[1], "--data", str(quiet_recording(homes[1]))) as other,
        connect(other.ws_api) as socket,
    ):
        yield Twins(rest, other, socket)


def documented(row: Row) -> bool:
    """Whether the documentation's table lets the row's parameters stand together."""
    kind, given = row["type"], set(row)
    needs = {"quantity", "price", "timeInForce"} if kind in LIMITS else {"quantity"}
    if kind == "LIMIT_MAKER":
        needs = {"quantity", "price"}
    if kind == "MARKET":
        needs = set()
    priced = {"price", "timeInForce", "icebergQty"} if kind in LIMITS else {"price", "icebergQty"}
    takes = needs | (priced if kind in LIMITS | {"LIMIT_MAKER"} else set())
    if kind in CONDITIONAL:
        takes |= {"stopPrice", "trailingDelta"}
    if kind == "MARKET":
        takes |= {"quantity", "quoteOrderQty"}
    extra = given & {"quantity", "quoteOrderQty", "price", "timeInForce", "icebergQty", "stopPrice", "trailingDelta"}
    enough = kind not in CONDITIONAL or bool(given & {"stopPrice", "trailingDelta"})
    amount = kind != "MARKET" or len(given & {"quantity", "quoteOrderQty"}) == 1
    whole = "icebergQty" not in given or row.get("timeInForce", "GTC") == "GTC"
    return needs <= given and extra <= takes and enough and amount and whole


def lasting(body: dict[str, Any]) -> dict[str, Any]:
    """An answer without what differs between two orders of the same kind."""
    return {name: value for name, value in body.items() if name not in VOLATILE}


def shape(code: int) -> bool:
    return -1200 < code <= -1100 or code == COMBINATION


def test_what_may_not_stand_together_is_refused_and_nothing_else(twins: Twins, seed: int) -> None:
    for full in pairwise_rows(AXES, seed=seed):
        row = {name: value for name, value in full.items() if value is not None}
        answer = twins.everywhere(row)
        assert shape(answer.get("code", 0)) == (not documented(row)), (row, answer)


@pytest.mark.parametrize("family", WHOLE)
def test_whole_orders_are_taken_or_refused_for_the_market_or_the_funds(twins: Twins, family: str, seed: int) -> None:
    taken = 0
    for full in pairwise_rows(WHOLE[family], seed=seed):
        row = {name: value for name, value in full.items() if value is not None}
        answer = twins.everywhere(row)
        assert answer.get("code", -2010) in (-1013, -2010), (row, answer)
        taken += "orderId" in answer
    assert taken >= 4


def locked_is_open(venue: MortalVenue) -> None:
    """What the account has locked is what its open orders may still take; a stop to buy at market locks by its estimate."""
    rows = venue.signed("GET", "/api/v3/openOrders", symbol="BTCUSDT").json()
    sells, buys = ([o for o in rows if o["side"] == side] for side in ("SELL", "BUY"))
    locked = {asset: Decimal(amounts[1]) for asset, amounts in venue.balances().items()}
    assert locked["BTC"] == sum(_left(order) for order in sells)
    if not any(order["type"] in ("STOP_LOSS", "TAKE_PROFIT") for order in buys):
        assert locked["USDT"] == sum(_left(order) * Decimal(order["price"]) for order in buys)


def _left(order: dict[str, Any]) -> Decimal:
    return Decimal(order["origQty"]) - Decimal(order["executedQty"])
