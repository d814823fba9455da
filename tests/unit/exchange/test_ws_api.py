"""The WebSocket API without sockets: sessions, both ways of an order, events, limits, errors."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest

from qbtc.core.binance.signing import private_key, sign, sign_with, ws_payload
from qbtc.exchange.keys import KeyStore, Permission
from qbtc.exchange.limits import Allowance, Limits
from qbtc.exchange.operations import OPERATIONS
from qbtc.exchange.ws_api import WsApi
from qbtc.exchange.ws_fast import Fast

ORDER = {
    "symbol": "BTCUSDT",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "0.01",
    "price": "50000.00",
}
Json = dict[str, Any]


class Line:
    """A connection that keeps what is sent on it."""

    def __init__(self, query: str = "") -> None:
        self.address, self.path, self.query = "127.0.0.1", "/ws-api/v3", query
        self.headers: Mapping[str, str] = {}
        self.sent: list[Json] = []
        self.ended: tuple[int, str] | None = None

    def send(self, message: bytes) -> None:
        self.sent.append(json.loads(message))

    def send_all(self, messages: Sequence[bytes]) -> None:
        for message in messages:
            self.send(message)

    def send_binary(self, message: bytes) -> None:
        raise AssertionError("text only")

    def close(self, code: int, reason: str) -> None:
        self.ended = (code, reason)


class Talk:
    """A client of the WebSocket API over dictionary books."""

    def __init__(self, house: Any, query: str = "") -> None:
        self.house = house
        self.server = WsApi(house.api, OPERATIONS)
        house.books.on_report = self.server.events.hear
        self.line = Line(query)
        self.server.opened(self.line)

    def raw(self, text: str) -> list[Json]:
        """What came after a frame, committed."""
        before = len(self.line.sent)
        self.server.on_frame(self.line, text.encode())
        self.house.books.commit()
        return self.line.sent[before:]

    def ask(self, method: str, **params: object) -> Json:
        return self.raw(json.dumps({"id": "q", "method": method, "params": params}))[0]

    def signed(self, method: str, **params: Any) -> Json:
        stamped = {"apiKey": self.house.hmac.api_key, "timestamp": now()} | params
        return self.ask(method, **stamped, signature=sign(ws_payload(stamped), self.house.hmac.material))

    def logon(self) -> Json:
        stamped = {"apiKey": self.house.engine.api_key, "timestamp": now()}
        return self.ask(
            "session.logon", **stamped, signature=sign_with(ws_payload(stamped), private_key(self.house.private))
        )


def now() -> int:
    return time.time_ns() // 1_000_000


@pytest.fixture
def talk(house: Any) -> Talk:
    return Talk(house)


def test_a_session_logs_on_with_ed25519_only_and_shows_it(talk: Talk) -> None:
    status = talk.ask("session.status")["result"]
    assert (status["apiKey"], status["authorizedSince"], status["userDataStream"]) == (None, None, False)
    assert talk.signed("session.logon")["error"]["code"] == -1020
    found = talk.logon()["result"]
    assert found["apiKey"] == talk.house.engine.api_key
    assert found["authorizedSince"] <= found["serverTime"]
    assert talk.ask("session.logout")["result"]["apiKey"] is None
    assert talk.ask("account.status", timestamp=now())["error"]["code"] == -1102


def test_a_logged_on_session_needs_no_signature_but_still_a_timestamp(talk: Talk) -> None:
    talk.logon()
    assert talk.ask("account.status", timestamp=now())["status"] == 200
    assert talk.ask("account.status")["error"]["code"] == -1102
    assert talk.ask("account.status", timestamp=1)["error"]["code"] == -1021


def test_a_key_of_its_own_overrides_the_sessions(talk: Talk) -> None:
    talk.logon()
    assert talk.signed("account.status")["status"] == 200
    wrong = talk.ask("account.status", apiKey=talk.house.hmac.api_key, timestamp=now(), signature="0" * 64)
    assert (wrong["status"], wrong["error"]["code"]) == (400, -1022)


@pytest.mark.parametrize("answer", ["ACK", "RESULT", "FULL", ""])
@pytest.mark.parametrize("kind", ["LIMIT", "LIMIT_MAKER", "MARKET"])
def test_the_short_way_answers_as_the_general_one(house: Any, answer: str, kind: str, monkeypatch: Any) -> None:
    params = {name: value for name, value in ORDER.items() if kind == "LIMIT" or name != "timeInForce"} | {"type": kind}
    params |= {"newOrderRespType": answer} if answer else {}
    if kind == "MARKET":
        del params["price"]
    answers = []
    for short in (True, False):
        talk = Talk(house)
        talk.logon()
        if not short:
            monkeypatch.setattr(Fast, "take", lambda *arguments: False)
        body = talk.ask("order.place", **params, newClientOrderId="same", timestamp=now())
        assert body["status"] == 200, body
        for name in ("orderId", "transactTime", "workingTime"):
            body["result"].pop(name, None)
        for row in body["rateLimits"]:
            row.pop("count")
        answers.append((list(body["result"]), body))
    assert answers[0] == answers[1]


def test_the_short_way_is_taken_for_the_usual_order_and_cancel(talk: Talk, monkeypatch: Any) -> None:
    talk.logon()
    monkeypatch.setattr(WsApi, "_general", lambda *arguments: pytest.fail("the general way was taken"))
    placed = talk.ask("order.place", **ORDER, timestamp=now(), newOrderRespType="ACK")
    assert set(placed["result"]) == {"symbol", "orderId", "orderListId", "clientOrderId", "transactTime"}
    gone = talk.ask(
        "order.cancel", symbol="BTCUSDT", orderId=placed["result"]["orderId"], newClientOrderId="c", timestamp=now()
    )
    assert (gone["result"]["status"], gone["result"]["clientOrderId"]) == ("CANCELED", "c")


@pytest.mark.parametrize(
    ("params", "code"),
    [
        (ORDER | {"price": "50000.001"}, -1013),
        (ORDER | {"symbol": "NOPE"}, -1121),
        (ORDER | {"timestamp": 1}, -1021),
        (ORDER | {"timeInForce": ""}, -1102),
        (ORDER | {"quantity": "-1"}, -1100),
        (ORDER | {"side": "HOLD"}, -1117),
        (ORDER | {"surprise": "1"}, -1104),
        (ORDER | {"quantity": "20000"}, -2010),
    ],
)
def test_what_is_wrong_gets_its_code_on_a_logged_on_session(talk: Talk, params: Json, code: int) -> None:
    talk.logon()
    found = talk.ask("order.place", **({"timestamp": now()} | params))
    assert (found["status"], found["error"]["code"]) == (400, code)


def test_numbers_may_be_json_numbers_and_are_signed_as_they_were_written(talk: Talk) -> None:
    stamp, key = now(), talk.house.hmac.api_key
    payload = (
        f"apiKey={key}&price=50000.10&quantity=0.00001000&side=BUY&symbol=BTCUSDT&timeInForce=GTC&timestamp={stamp}"
    )
    signature = sign(f"{payload}&type=LIMIT", talk.house.hmac.material)
    text = (
        f'{{"id":7,"method":"v3/order.place","params":{{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","price":50000.10,'
        f'"quantity":0.00001000,"timeInForce":"GTC","timestamp":{stamp},"apiKey":"{key}","signature":"{signature}"}}}}'
    )
    found = talk.raw(text)[0]
    assert (found["id"], found["status"], found["result"]["price"]) == (7, 200, "50000.10000000")


@pytest.mark.parametrize(
    "text", ["{broken", "[]", '"x"', "{}", '{"id":1}', '{"id":{},"method":"ping"}', '{"id":1.5,"method":"ping"}']
)
def test_what_is_no_request_is_refused_as_such(talk: Talk, text: str) -> None:
    found = talk.raw(text)[0]
    assert (found["status"], found["error"]) == (400, {"code": -1135, "msg": "Invalid JSON Request"})


def test_ids_of_every_kind_come_back(talk: Talk) -> None:
    for identity in ("7", '"a-b"', "null", "-3"):
        assert talk.raw(f'{{"id":{identity},"method":"ping"}}')[0]["id"] == json.loads(identity)
    assert talk.raw('{"method":"ping"}')[0]["id"] is None


def test_unknown_methods_and_parameters_are_refused(talk: Talk) -> None:
    assert talk.ask("order.explode")["error"]["code"] == -1103
    assert talk.ask("ping", x=1)["error"]["code"] in (-1101, -1104)
    assert talk.raw('{"id":1,"method":"ping","params":[1]}')[0]["error"]["code"] == -1135


def test_rate_limits_are_shown_unless_they_are_not_wanted(house: Any) -> None:
    talk = Talk(house)
    shown = talk.ask("ping")["rateLimits"]
    assert shown == [
        {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000, "count": 1}
    ]
    assert "rateLimits" not in talk.ask("ping", returnRateLimits=False)
    talk.logon()
    kinds = [row["rateLimitType"] for row in talk.ask("order.place", **ORDER, timestamp=now())["rateLimits"]]
    assert kinds == ["ORDERS", "ORDERS", "REQUEST_WEIGHT"]
    quiet = Talk(house, "returnRateLimits=false")
    assert "rateLimits" not in quiet.ask("ping")
    assert "rateLimits" in quiet.ask("ping", returnRateLimits=True)


def test_times_are_in_the_unit_of_the_url(house: Any) -> None:
    assert Talk(house, "timeUnit=MICROSECOND").ask("time")["result"]["serverTime"] > 10**15
    assert Talk(house).ask("time")["result"]["serverTime"] < 10**14
    assert Talk(house, "timeUnit=hours").line.ended is not None


def test_an_order_is_answered_only_after_its_commit(talk: Talk) -> None:
    talk.logon()
    before = len(talk.line.sent)
    frame = json.dumps({"id": 1, "method": "order.place", "params": ORDER | {"timestamp": now()}})
    talk.server.on_frame(talk.line, frame.encode())
    assert len(talk.line.sent) == before
    talk.house.books.commit()
    assert len(talk.line.sent) == before + 1


def test_the_account_hears_of_its_order_before_the_answer(talk: Talk) -> None:
    talk.logon()
    assert talk.ask("userDataStream.subscribe")["result"] == {"subscriptionId": 0}
    found = talk.raw(json.dumps({"id": 1, "method": "order.place", "params": ORDER | {"timestamp": now()}}))
    assert [row.get("event", {}).get("e") for row in found] == ["executionReport", "outboundAccountPosition", None]
    report = found[0]["event"]
    assert (found[0]["subscriptionId"], report["x"], report["X"], report["q"]) == (0, "NEW", "NEW", "0.01000000")
    assert report["N"] is None
    assert not {"d", "D", "j", "J", "v", "eR"} & set(report)
    assert found[1]["event"]["B"] == [
        {"a": "BTC", "f": "2.00000000", "l": "0.00000000"},
        {"a": "USDT", "f": "100000.00000000", "l": "5.00000000"},
    ]


def test_fills_and_lists_are_heard_with_all_their_fields(talk: Talk) -> None:
    talk.logon()
    talk.ask("userDataStream.subscribe")
    placed = talk.raw(json.dumps({"id": 1, "method": "order.place", "params": ORDER | {"timestamp": now()}}))
    books, before = talk.house.books, len(talk.line.sent)
    books.fill(placed[-1]["result"]["orderId"], 4_000, 5 * 10**15, maker=True)
    books.commit()
    report = talk.line.sent[before]["event"]
    assert (report["x"], report["l"], report["L"], report["Y"]) == (
        "TRADE",
        "0.00400000",
        "50000.00000000",
        "200.00000000",
    )
    assert (report["t"], report["m"], report["n"], report["N"], report["T"]) == (
        1,
        True,
        "0.20000000",
        "USDT",
        5 * 10**9,
    )
    oco = {
        "symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01", "aboveType": "LIMIT_MAKER", "abovePrice": "60000",
        "belowType": "STOP_LOSS", "belowStopPrice": "40000", "timestamp": now(),
    }  # fmt: skip
    found = talk.raw(json.dumps({"id": 1, "method": "orderList.place.oco", "params": oco}))
    event = found[0]["event"]
    assert (event["e"], event["c"], event["l"], event["L"], len(event["O"])) == (
        "listStatus", "OCO", "EXEC_STARTED", "EXECUTING", 2,
    )  # fmt: skip
    assert found[-1]["result"]["contingencyType"] == "OCO"
    assert [row["type"] for row in found[-1]["result"]["orderReports"]] == ["LIMIT_MAKER", "STOP_LOSS"]


def test_subscriptions_are_numbered_listed_and_end_with_an_event(talk: Talk) -> None:
    talk.logon()
    assert talk.ask("userDataStream.subscribe")["result"]["subscriptionId"] == 0
    assert talk.ask("userDataStream.subscribe")["error"]["code"] == -2035
    assert talk.signed("userDataStream.subscribe.signature")["error"]["code"] == -2035
    assert talk.ask("session.subscriptions")["result"] == [{"subscriptionId": 0}]
    assert talk.ask("session.status")["result"]["userDataStream"] is True
    ended = talk.raw('{"id":1,"method":"userDataStream.unsubscribe","params":{"subscriptionId":0}}')
    assert ended[0]["event"]["e"] == "eventStreamTerminated"
    assert ended[1]["result"] == {}
    assert talk.ask("userDataStream.unsubscribe")["error"]["code"] == -2036
    assert talk.signed("userDataStream.subscribe.signature")["result"]["subscriptionId"] == 1
    assert talk.ask("session.logout")["result"]["userDataStream"] is False
    assert talk.ask("session.subscriptions")["result"] == [{"subscriptionId": 1}]


def test_subscribing_without_logon_is_refused(talk: Talk) -> None:
    assert talk.ask("userDataStream.subscribe")["error"]["code"] == -1002


def test_a_removed_key_ends_its_session(talk: Talk) -> None:
    talk.logon()
    talk.house.api.keys = KeyStore([talk.house.hmac])
    refused = talk.ask("order.place", **ORDER, timestamp=now())
    assert (refused["status"], refused["error"]["code"]) == (401, -2015)
    assert talk.ask("session.status")["result"]["apiKey"] is None


def test_a_session_goes_the_short_way_on_after_other_keys_changed(talk: Talk, monkeypatch: Any) -> None:
    talk.logon()
    talk.house.api.keys = KeyStore([talk.house.hmac, msgspec.structs.replace(talk.house.engine)])
    monkeypatch.setattr(WsApi, "_general", lambda *arguments: pytest.fail("the general way was taken"))
    for _ in range(2):
        assert talk.ask("order.place", **ORDER, timestamp=now())["status"] == 200


def test_a_session_whose_key_lost_its_permission_trades_no_more(talk: Talk) -> None:
    talk.logon()
    reads = msgspec.structs.replace(talk.house.engine, permissions=frozenset({Permission.USER_DATA}))
    talk.house.api.keys = KeyStore([talk.house.hmac, reads])
    for _ in range(2):
        assert talk.ask("order.place", **ORDER, timestamp=now())["error"]["code"] == -2015
    assert talk.ask("account.status", timestamp=now())["status"] == 200
    talk.house.api.keys = KeyStore([talk.house.hmac, talk.house.engine])
    assert talk.ask("order.place", **ORDER, timestamp=now())["status"] == 200


def test_a_fill_at_once_on_the_short_way_takes_its_own_order_off_the_count(talk: Talk) -> None:
    talk.logon()
    books = talk.house.books
    plain, books.place = books.place, lambda *args: _filled(books, plain(*args))
    talk.ask("order.place", **ORDER, timestamp=now())
    books.place = plain
    assert talk.ask("order.place", **ORDER | {"quantity": "2000"}, timestamp=now())["error"]["code"] == -2010
    assert [row["count"] for row in talk.ask("account.rateLimits.orders", timestamp=now())["result"]] == [0, 0]


def _filled(books: Any, view: Any) -> Any:
    books.fill(view.order_id, view.lots, 1, maker=False)
    return books.orders[view.order_id]


def test_a_removed_key_hears_nothing_more_of_its_account(talk: Talk) -> None:
    talk.logon()
    talk.ask("userDataStream.subscribe")
    placed = talk.raw(json.dumps({"id": 1, "method": "order.place", "params": ORDER | {"timestamp": now()}}))
    talk.house.api.keys = KeyStore([talk.house.hmac])
    before = len(talk.line.sent)
    talk.house.books.fill(placed[-1]["result"]["orderId"], 4_000, 5 * 10**15, maker=True)
    talk.house.books.commit()
    assert [row["event"]["e"] for row in talk.line.sent[before:]] == ["eventStreamTerminated"]


def test_too_many_orders_get_429_and_too_much_weight_a_ban(house: Any) -> None:
    house.api.limits = Limits(Allowance(orders_10s=1, weight=8, patience=1))
    talk = Talk(house)
    talk.logon()
    assert talk.ask("order.place", **ORDER, timestamp=now())["status"] == 200
    refused = talk.ask("order.place", **ORDER, timestamp=now())
    assert (refused["status"], refused["error"]["code"]) == (429, -1015)
    answers = [talk.ask("exchangeInfo"), talk.ask("exchangeInfo")]
    assert [row["status"] for row in answers] == [429, 418]
    assert all(row["error"]["data"]["retryAfter"] > row["error"]["data"]["serverTime"] for row in answers)
    assert talk.line.ended is not None


def test_a_first_fill_takes_orders_off_the_count(talk: Talk) -> None:
    talk.logon()
    number = talk.ask("order.place", **ORDER, timestamp=now())["result"]["orderId"]
    talk.house.books.fill(number, 1_000, 1, maker=False)
    talk.house.books.fill(number, 1_000, 1, maker=False)
    counts = [row["count"] for row in talk.ask("account.rateLimits.orders", timestamp=now())["result"]]
    assert counts == [0, 0]


def test_the_retired_listen_keys_are_gone(talk: Talk) -> None:
    for verb in ("start", "ping", "stop"):
        assert talk.ask(f"userDataStream.{verb}")["status"] == 410


def test_who_left_hears_nothing_more(talk: Talk) -> None:
    talk.logon()
    talk.ask("userDataStream.subscribe")
    number = talk.ask("order.place", **ORDER, timestamp=now()).get("result", {})
    talk.server.closed(talk.line)
    before = len(talk.line.sent)
    talk.house.books.fill(1, 1_000, 1, maker=True)
    talk.house.books.commit()
    talk.server.on_frame(talk.line, b'{"id":1,"method":"ping"}')
    assert len(talk.line.sent) == before
    assert number == {} or number["orderId"] == 1


@pytest.mark.parametrize(("number", "code"), [(2**63, -1108), (10**30, -1100)])
def test_an_order_id_beyond_all_integers_is_refused_on_the_short_way_too(talk: Talk, number: int, code: int) -> None:
    talk.logon()
    body = talk.ask("order.cancel", symbol="BTCUSDT", orderId=number, newClientOrderId="c", timestamp=now())
    assert (body["status"], body["error"]["code"]) == (400, code)
