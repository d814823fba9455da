"""A logged-on session of the futures WebSocket API: its key and its requests' times are looked at with every request."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.exchange.in_process import InProcess, Wire

from qbtc.core.binance.signing import ed25519_pair, private_key, sign_with, ws_payload
from qbtc.exchange import keys
from qbtc.exchange.keys import Permission

ORDER = {
    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "price": "97", "quantity": "1.1",
}  # fmt: skip
Json = dict[str, Any]


class Talk:
    """A client with an Ed25519 key of its own; the venue looks at its registry with every request."""

    def __init__(self, home: Path, venue: InProcess) -> None:
        self.venue, self.secrets = venue, home / "secrets"
        self.private, public = ed25519_pair()
        self.read_only, seen = ed25519_pair()
        self.key = keys.register(self.secrets, public)
        self.reader = keys.register(self.secrets, seen, permissions=frozenset({Permission.USER_DATA}))
        self.wire: Wire = venue.opened(venue.futures.ws_api, "/ws-fapi/v1")

    def ask(self, method: str, **params: object) -> Json:
        self.venue.futures.gate.keys.checked = 0
        request = {"id": 1, "method": method, "params": params}
        found: Json = self.venue.ask(self.venue.futures.ws_api, self.wire, json.dumps(request).encode())[0]
        return found

    def logon(self, key: keys.Key, private: str) -> Json:
        stamped = {"apiKey": key.api_key, "timestamp": ms()}
        return self.ask("session.logon", **stamped, signature=sign_with(ws_payload(stamped), private_key(private)))


def ms() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    with InProcess(tmp_path) as venue:
        yield Talk(tmp_path, venue)


def test_a_removed_key_trades_no_more_and_its_session_is_logged_out(talk: Talk) -> None:
    assert talk.logon(talk.key, talk.private)["status"] == 200
    assert talk.ask("order.place", **ORDER, timestamp=ms())["status"] == 200
    keys.remove(talk.secrets, talk.key.api_key)
    refused = talk.ask("order.place", **ORDER, timestamp=ms())
    assert (refused["status"], refused["error"]["code"]) == (401, -2015)
    assert talk.ask("session.status")["result"]["apiKey"] is None


def test_a_session_needs_no_signature_but_still_a_timestamp(talk: Talk) -> None:
    talk.logon(talk.key, talk.private)
    assert talk.ask("order.place", **ORDER)["error"]["code"] == -1102
    assert talk.ask("order.place", **ORDER, timestamp=1)["error"]["code"] == -1021
    assert talk.ask("order.place", **ORDER, timestamp=ms(), recvWindow=60_001)["error"]["code"] == -1102
    assert talk.ask("userDataStream.start")["status"] == 200
    assert talk.ask("ticker.price", symbol="BTCUSDT")["status"] == 200


def test_a_key_that_may_only_read_reads_and_does_not_trade(talk: Talk) -> None:
    assert talk.logon(talk.reader, talk.read_only)["status"] == 200
    assert talk.ask("account.status", timestamp=ms())["status"] == 200
    assert talk.ask("order.place", **ORDER, timestamp=ms())["error"]["code"] == -2015


def test_a_session_says_since_when_it_is_logged_on(talk: Talk) -> None:
    since = talk.logon(talk.key, talk.private)["result"]["authorizedSince"]
    talk.venue.futures.gate.wall = lambda: time.time_ns() + 10**9
    later = talk.ask("session.status")["result"]
    assert later["authorizedSince"] == since < later["serverTime"]
