"""Nonsense at every endpoint, spot and futures, REST and WebSocket: Binance's code and a sentence, never a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.every import every
from tests.sizes import examples
from tests.unit.exchange.in_process import FUTURES, InProcess, Wire

from qbtc.exchange.futures.operations import BY_WS
from qbtc.exchange.operations import OPERATIONS
from qbtc.exchange.stream_names import refusal
from qbtc.exchange.streams_socket import METHODS, StreamsSocket

NUMBERS = [
    "NaN", "inf", "-inf", "Infinity", "1e400", "1e5", "-1", "-0.1", "+1", "0x10", "1_000", "１", "٣", ".5", "5.", "--1",
    "9" * 25, "9" * 5000, "0." + "0" * 30 + "1", "9223372036854775808", "18446744073709551616", "1\n",
]  # fmt: skip
TEXTS = [
    "", " ", "null", "true", "[]", "{}", "[1]", "[[]]", "[" * 3000, '["BTCUSDT","BTCUSDT"]', "btcusdt", "NOPEUSDT",
    "BTCUSDT\n", "a" * 300, "\x00", "é", "😀", "%", "'; DROP TABLE orders", "../../etc/passwd",
]  # fmt: skip
USUAL = {
    "symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.1", "price": "95",
    "interval": "1m", "limit": "5", "orderId": "1", "newQty": "0.05", "pair": "BTCUSDT", "contractType": "PERPETUAL",
    "aboveType": "LIMIT_MAKER", "abovePrice": "120", "belowType": "STOP_LOSS", "belowStopPrice": "80",
    "workingType": "LIMIT", "workingSide": "BUY", "workingPrice": "90", "workingQuantity": "0.1",
    "workingTimeInForce": "GTC", "pendingType": "LIMIT", "pendingSide": "SELL", "pendingPrice": "120",
    "pendingQuantity": "0.1", "pendingTimeInForce": "GTC", "cancelReplaceMode": "ALLOW_FAILURE", "cancelOrderId": "1",
    "leverage": "5", "marginType": "ISOLATED", "algoType": "CONDITIONAL", "triggerPrice": "90", "amount": "1",
    "countdownTime": "0", "dualSidePosition": "true", "multiAssetsMargin": "false", "orderIdList": "[1]",
    "batchOrders": '[{"symbol":"BTCUSDT","side":"BUY","type":"LIMIT","timeInForce":"GTC","quantity":1,"price":"96"}]',
}  # fmt: skip
OF_FUTURES = frozenset(USUAL) | frozenset(
    {"origClientOrderId", "origClientOrderIdList", "startTime", "endTime", "fromId", "activatePrice", "callbackRate",
     "positionSide", "reduceOnly", "closePosition", "priceProtect", "priceMatch", "newClientOrderId", "clientAlgoId",
     "algoId", "goodTillDate", "selfTradePreventionMode", "newOrderRespType", "incomeType", "page", "autoCloseType"}
)  # fmt: skip


class Asked(NamedTuple):
    method: str
    path: str
    signed: bool
    names: tuple[str, ...]


ASKED = [Asked(op.method, op.path, op.signed, tuple(sorted(op.params))) for op in OPERATIONS if op.path]
ASKED += [Asked(op.method, op.path, op.security == "SIGNED", tuple(sorted(OF_FUTURES))) for op in FUTURES]
nonsense = st.sampled_from(NUMBERS + TEXTS) | st.text(max_size=20)


@pytest.fixture(scope="module")
def venue(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    with InProcess(tmp_path_factory.mktemp("nonsense")) as made:
        yield made


@st.composite
def requests(draw: st.DrawFn) -> tuple[Asked, list[tuple[str, str]]]:
    """Usual parameters with one or two values that are none; now and then one too many, or one twice."""
    asked = draw(st.sampled_from(ASKED))
    names = draw(st.lists(st.sampled_from(asked.names), unique=True)) if asked.names else []
    usual = [name for name in asked.names if name in USUAL]
    params = [(name, USUAL[name]) for name in sorted(set(names) | set(usual)) if name in USUAL]
    if asked.names:
        for name in draw(st.lists(st.sampled_from(asked.names), min_size=1, max_size=2, unique=True)):
            params = [(known, value) for known, value in params if known != name] + [(name, draw(nonsense))]
    if draw(st.integers(0, 9)) == 0:
        params.append((draw(nonsense), draw(nonsense)))
    if params and draw(st.integers(0, 9)) == 0:
        params.append(draw(st.sampled_from(params)))
    return asked, params


def judge(venue: InProcess, status: int, body: Any) -> None:
    """A refusal has a code and a sentence; a fault is nobody's answer."""
    assert status < 500, body
    if status >= 400:
        assert isinstance(body["code"], int) and body["code"] < 0
        assert body["msg"]
    assert venue.faults == []


BOUNDED = settings(max_examples=examples(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@BOUNDED
@given(asked=requests())
def test_whatever_is_asked_by_rest_is_answered_or_refused_in_words(
    venue: InProcess, asked: tuple[Asked, list[tuple[str, str]]]
) -> None:
    what, params = asked
    answer = venue.rest(what.method, what.path, params, signed=what.signed)
    judge(venue, answer.status_code, answer.json())


@every("asked", ASKED)
def test_a_parameter_sent_twice_is_refused_everywhere(venue: InProcess, asked: Asked) -> None:
    answer = venue.rest(asked.method, asked.path, [("symbol", "BTCUSDT")] * 2, signed=asked.signed)
    assert answer.json()["code"] in (-1101, -1016), answer.text


@every("value", NUMBERS)
@pytest.mark.parametrize("path", ["/api/v3/order", "/fapi/v1/order"])
@pytest.mark.parametrize("name", ["quantity", "price"])
def test_a_number_that_is_none_is_refused_with_its_code(venue: InProcess, path: str, name: str, value: str) -> None:
    order = {key: USUAL[key] for key in ("symbol", "side", "type", "timeInForce", "quantity", "price")}
    answer = venue.rest("POST", path, list((order | {name: value}).items()), signed=True)
    assert answer.status_code == 400
    assert answer.json()["code"] in (-1100, -1108, -1111, -1013, -4003, -4013, -4002, -4005, -4014), answer.text


@pytest.mark.parametrize("path", ["/api/v3/depth", "/fapi/v1/depth", "/api/v3/allOrders", "/fapi/v1/allOrders"])
@pytest.mark.parametrize("symbol", ["NOPEUSDT", "btcusdt", "BTCUSDT ", "a" * 20])
def test_an_unknown_symbol_is_refused(venue: InProcess, path: str, symbol: str) -> None:
    answer = venue.rest("GET", path, [("symbol", symbol)], signed="allOrders" in path)
    assert (answer.status_code, answer.json()["code"]) in ((400, -1121), (400, -1100))


OPTIONAL = [
    op.path for op in FUTURES
    if op.method == "GET"
    and op.path.rpartition("/")[2] in {
        "premiumIndex", "fundingRate", "24hr", "price", "bookTicker", "openOrders", "forceOrders", "openAlgoOrders",
        "positionRisk", "symbolConfig", "income", "leverageBracket", "adlQuantile", "insuranceBalance", "history",
    }
]  # fmt: skip


@pytest.mark.parametrize("path", OPTIONAL)
def test_an_optional_symbol_is_one_that_is_traded(venue: InProcess, path: str) -> None:
    assert venue.rest("GET", path, [("symbol", "NOPEUSDT")], signed=True).json()["code"] == -1121
    assert venue.rest("GET", path, [("symbol", "")], signed=True).json()["code"] == -1105


# ---- sockets

RAW = [
    b"null", b"true", b"1", b"-1", b"1.5", b"1e400", b"NaN", b"-Infinity", b"9" * 5000, b"1" * 25, b'""', b'"\\ud800"',
    b'"\\u0000"', b"[]", b"{}", b"[1]", b"[[]]", b"[" * 20000, b"[" * 3000 + b"]" * 3000, b'{"a":' * 3000, b"'a'", b"",
    b"18446744073709551616", b'"NaN"', b'"1e5"', b'"BTCUSDT"', b'"' + b"a" * 5000 + b'"',
]  # fmt: skip
KEYS = ["symbol", "limit", "symbols", "apiKey", "timestamp", "signature", "recvWindow", "returnRateLimits", "orderId"]
raw = st.sampled_from(RAW)
params_of = st.dictionaries(st.sampled_from(KEYS), raw, max_size=4).map(
    lambda found: b"{" + b",".join(json.dumps(name).encode() + b":" + value for name, value in found.items()) + b"}"
)
streams_of = st.sampled_from([b'["btcusdt@trade"]', b'["combined",true]', b'["!nope@arr"]']) | raw.map(
    lambda value: b"[" + value + b"]"
)


@pytest.fixture(scope="module")
def sockets(venue: InProcess) -> dict[str, tuple[Any, Wire, list[str]]]:
    """Endpoint, connection and methods by name."""
    streams, futures = venue.exchange.streams, venue.futures
    public = StreamsSocket(streams.json, lambda name: refusal(name, streams.names))
    endpoints = {
        "spot": (venue.exchange.ws_api, "/ws-api/v3", sorted(venue.exchange.ws_api.methods)),
        "futures": (futures.ws_api, "/ws-fapi/v1", [*sorted(BY_WS), "session.logon", "session.status"]),
        "streams": (public, "/ws", list(METHODS)),
        "futures streams": (futures.streams, "/market/ws", list(METHODS)),
    }
    return {
        name: (endpoint, venue.opened(endpoint, path), methods) for name, (endpoint, path, methods) in endpoints.items()
    }


@BOUNDED
@given(data=st.data(), name=st.sampled_from(["spot", "futures", "streams", "futures streams"]))
def test_whatever_comes_over_a_socket_is_answered_or_refused_in_words(
    venue: InProcess, sockets: dict[str, tuple[Any, Wire, list[str]]], data: st.DataObject, name: str
) -> None:
    endpoint, wire, methods = sockets[name]
    method = data.draw(st.sampled_from(methods).map(lambda text: json.dumps(text).encode()) | raw)
    identity = data.draw(st.just(b"7") | raw)
    params = data.draw((streams_of if "streams" in name else params_of) | raw)
    message = b'{"id":%b,"method":%b,"params":%b}' % (identity, method, params)
    answers = venue.ask(endpoint, wire, data.draw(st.sampled_from([message] * 9 + [params])))
    assert answers, message[:200]
    if "streams" in name:
        assert "result" in answers[0] or answers[0]["error"]["msg"]
        assert venue.faults == []
    else:
        judge(venue, answers[0]["status"], answers[0].get("error"))
