"""Compiled requests and answers: what is written is what Binance's plain form says, what is read moves the order."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.binance import fast_json, fast_orders, fast_reports, fast_ws
from qbtc.core.binance.fast_text import Fault
from qbtc.core.binance.signing import ws_payload
from qbtc.core.market.instrument import KNOWN, render, units

INSTRUMENTS = [KNOWN["BTCUSDT"], KNOWN["DOGEUSDT"]]
NAMES, TABLE = fast_orders.names(INSTRUMENTS), fast_json.symbol_table(INSTRUMENTS)
LOGGED_ON, SIGNED = fast_orders.session("q1-"), fast_orders.session("q1-", key="K" * 64)
OUT = np.zeros(4096, np.uint8)


def order(**values: int) -> np.void:
    made = np.zeros(1, fast_orders.REQUEST)
    given_values = {"sequence": 7, "kind": 1, "tif": 1, "tick": 6012345, "lots": 1500, "timestamp": 1700000000000}
    for name, value in (given_values | values).items():
        made[name] = value
    return made[0]


def placed(request: np.void, *, symbol: int = 0) -> dict[str, object]:
    end = fast_orders.place(OUT, 14, LOGGED_ON[0], NAMES[symbol], request)
    body: dict[str, object] = json.loads(OUT[14:end].tobytes())
    return body


def test_a_limit_order_is_what_the_documentation_shows() -> None:
    assert placed(order(side=1, tif=2)) == {
        "id": 14,
        "method": "order.place",
        "params": {
            "symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "IOC", "price": "60123.45",
            "quantity": "0.001500", "newClientOrderId": "q1-7", "newOrderRespType": "ACK", "recvWindow": 5000,
            "timestamp": 1700000000000,
        },
    }  # fmt: skip


def test_market_and_maker_orders_leave_out_what_they_must_not_have() -> None:
    market, maker = placed(order(kind=2))["params"], placed(order(kind=3))["params"]
    assert isinstance(market, dict)
    assert isinstance(maker, dict)
    assert not {"price", "timeInForce"} & set(market)
    assert "timeInForce" not in maker
    assert maker["type"] == "LIMIT_MAKER"


@pytest.mark.parametrize(
    ("kind", "word"), [(4, "STOP_LOSS"), (5, "STOP_LOSS_LIMIT"), (6, "TAKE_PROFIT"), (7, "TAKE_PROFIT_LIMIT")]
)
def test_an_order_that_waits_says_its_trigger_and_only_one_with_a_limit_its_price(kind: int, word: str) -> None:
    params = placed(order(kind=kind, stop=6_000_000))["params"]
    assert isinstance(params, dict)
    assert (params["type"], params["stopPrice"]) == (word, "60000.00")
    limited = {"price": "60123.45", "timeInForce": "GTC"} if word.endswith("LIMIT") else {}
    assert {name: params[name] for name in ("price", "timeInForce") if name in params} == limited
    assert "stopPrice" not in str(placed(order(kind=1, stop=6_000_000)))


@given(st.integers(1, 10**9), st.integers(1, 92 * 10**9), st.integers(0, 1))
def test_prices_and_quantities_come_back_exactly(tick: int, lots: int, symbol: int) -> None:
    params = placed(order(tick=tick, lots=lots), symbol=symbol)["params"]
    assert isinstance(params, dict)
    item = INSTRUMENTS[symbol]
    assert (item.to_ticks(params["price"]), item.to_lots(params["quantity"])) == (tick, lots)


@given(st.integers(0, 2**62), st.integers(0, 8))
def test_decimals_are_written_as_the_plain_renderer_does(value: int, places: int) -> None:
    value -= value % 10 ** (8 - places)
    end = fast_orders.plain(OUT, 0, value, places)
    assert OUT[:end].tobytes().decode() == render(value, places)
    assert units(OUT[:end].tobytes().decode()) == value


@pytest.mark.parametrize("kind", range(1, 8))
def test_the_payload_to_sign_is_the_sorted_parameters(kind: int) -> None:
    request = order(kind=kind, stop=6_000_000)
    end = fast_orders.place(OUT, 0, SIGNED[0], NAMES[0], request)
    end = fast_orders.sign_hex(OUT, end, np.arange(32, dtype=np.uint8), 32)
    params = json.loads(OUT[:end].tobytes())["params"]
    assert params["signature"] == bytes(range(32)).hex()
    size = fast_orders.place_payload(OUT, 0, SIGNED[0], NAMES[0], request)
    assert OUT[:size].tobytes().decode() == ws_payload(params)


def test_the_payload_of_a_cancel_too() -> None:
    end = fast_orders.cancel(OUT, 0, SIGNED[0], NAMES[0], order())
    end = fast_orders.sign_base64(OUT, end, np.arange(64, dtype=np.uint8), 64)
    body = json.loads(OUT[:end].tobytes())
    assert (body["id"], body["method"]) == (15, "order.cancel")
    assert base64.b64decode(body["params"]["signature"]) == bytes(range(64))
    size = fast_orders.cancel_payload(OUT, 0, SIGNED[0], NAMES[0], order())
    assert OUT[:size].tobytes().decode() == ws_payload(body["params"])


# ---- answers

REPORT = np.zeros(1, fast_reports.REPORT)
EXECUTION = {
    "e": "executionReport", "E": 1, "s": "BTCUSDT", "c": "q1-7", "S": "SELL", "o": "LIMIT", "x": "TRADE",
    "X": "PARTIALLY_FILLED", "i": 12, "l": "0.00100000", "z": "0.00200000", "L": "60000.01000000", "n": "0.06000000",
    "N": "USDT", "T": 1700000000000, "t": 5, "m": True, "M": True, "C": "",
}  # fmt: skip


def read(body: object) -> int:
    frame = np.frombuffer(json.dumps(body).encode(), np.uint8).copy()
    return int(fast_reports.decode_report(frame, 0, frame.size, REPORT[0], LOGGED_ON[0], TABLE))


def test_an_acknowledgement_names_request_and_order() -> None:
    assert read({"id": 14, "status": 200, "result": {"symbol": "BTCUSDT", "orderId": 99}, "rateLimits": [{}]}) == 1
    assert (REPORT[0]["request"], REPORT[0]["order_id"]) == (14, 99)


def test_a_refusal_carries_its_code() -> None:
    assert read({"id": 14, "status": 400, "error": {"code": -2010, "msg": 'not "enough" balance'}}) == 2
    assert (REPORT[0]["request"], REPORT[0]["code"]) == (14, -2010)


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_fill_is_read_in_ticks_and_lots(wrapped: bool) -> None:
    if not wrapped:
        assert read(EXECUTION) == 0
        return
    assert read({"subscriptionId": 0, "event": EXECUTION}) == 3
    row = REPORT[0]
    assert (row["sequence"], row["tick"], row["lots"], row["filled"]) == (7, 6000001, 1000, 2000)
    assert (row["side"], row["execution"], row["open"], row["maker"], row["fee"]) == (1, 2, 1, 1, 6_000_000)


def test_a_cancel_is_known_by_the_original_id() -> None:
    body = EXECUTION | {"c": "web_abc", "C": "q1-8", "x": "CANCELED", "X": "CANCELED"}
    assert read({"subscriptionId": 0, "event": body}) == 3
    assert (REPORT[0]["sequence"], REPORT[0]["execution"], REPORT[0]["open"]) == (8, 3, 0)


@pytest.mark.parametrize("name", ["q1-", "q1-7x", "q2-7", "q1-12345678901234567890", "x"])
def test_an_order_of_somebody_else_has_no_sequence(name: str) -> None:
    assert read({"event": EXECUTION | {"c": name}}) == 3
    assert REPORT[0]["sequence"] == -1


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"L": "1.005"}, Fault.OFF_GRID),
        ({"z": "x"}, Fault.BAD_NUMBER),
        ({"i": "12"}, 3),
        ({"i": 10**30}, Fault.TOO_LARGE),
    ],
)
def test_a_report_with_a_bad_value_is_refused(change: dict[str, object], fault: int) -> None:
    assert read({"event": EXECUTION | change}) == fault


# ---- frames


def sealed(payload: bytes, opcode: int = 1, mask: int = 0x01020304) -> bytes:
    out = np.zeros(len(payload) + 64, np.uint8)
    out[14 : 14 + len(payload)] = np.frombuffer(payload, np.uint8)
    start = fast_ws.seal(out, 14, len(payload), opcode, mask)
    return out[start : 14 + len(payload)].tobytes()


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536])
def test_a_client_frame_is_what_a_server_understands(size: int) -> None:
    from websockets.frames import Frame
    from websockets.streams import StreamReader

    payload = bytes(n % 251 for n in range(size))
    reader = StreamReader()
    reader.feed_data(sealed(payload))
    parser = Frame.parse(reader.read_exact, mask=True)
    with pytest.raises(StopIteration) as done:
        next(parser)
    assert bytes(done.value.value.data) == payload


def server(payload: bytes, first: int) -> bytes:
    size = len(payload)
    head = bytes((first, size)) if size < 126 else bytes((first, 126)) + size.to_bytes(2, "big")
    return head + payload


@given(st.binary(max_size=300), st.integers(0, 10))
def test_a_servers_frame_is_found_once_it_is_whole(payload: bytes, cut: int) -> None:
    whole = server(payload, 0x81)
    buffer = np.frombuffer(whole + b"\x81\x00", np.uint8).copy()
    first, start, stop = fast_ws.frame(buffer, 0, len(whole), 1 << 20)
    assert (first, buffer[start:stop].tobytes()) == (0x81, payload)
    short = max(0, len(whole) - 1 - cut)
    assert fast_ws.frame(buffer, 0, short, 1 << 20)[0] == fast_ws.NEED_MORE


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xc1\x00", fast_ws.PROTOCOL_ERROR),
        (b"\x83\x00", fast_ws.PROTOCOL_ERROR),
        (b"\x81\x80\x00\x00\x00\x00", fast_ws.PROTOCOL_ERROR),
        (b"\x09\x00", fast_ws.PROTOCOL_ERROR),
        (b"\x89\x7e\x00\xff", fast_ws.PROTOCOL_ERROR),
        (b"\x81\x7f\x80" + b"\x00" * 7, fast_ws.TOO_BIG),
        (b"\x81\x7f" + (1 << 21).to_bytes(8, "big"), fast_ws.TOO_BIG),
    ],
)
def test_a_frame_against_the_protocol_is_refused(data: bytes, reason: int) -> None:
    buffer = np.frombuffer(data, np.uint8).copy()
    assert fast_ws.frame(buffer, 0, len(data), 1 << 20)[0] == reason


def test_masks_change_and_never_stick() -> None:
    state = np.array([12345], np.int64)
    masks = [fast_ws.next_mask(state) for _ in range(1000)]
    assert len(set(masks)) == 1000
    assert all(0 <= mask < 1 << 32 for mask in masks)
