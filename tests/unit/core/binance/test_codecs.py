"""Binance codecs: what decodes, what is refused, and signatures against the published example."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.binance.errors import ApiError, Code, filter_failure, missing
from qbtc.core.binance.messages import (
    BookTicker,
    DepthUpdate,
    MalformedFrame,
    Trade,
    cut_levels,
    decode_snapshot,
    decode_stream,
    encode,
    levels,
    rows,
    to_diff,
)
from qbtc.core.binance.signing import query, sign, signed_params, signed_query, verify, ws_payload
from qbtc.core.binance.user_data import EventStreamTerminated, ExecutionReport, decode_user_event
from qbtc.core.market.instrument import KNOWN, OffGrid, instrument, render

DEPTH = (
    b'{"stream":"btcusdt@depth@100ms","data":{"e":"depthUpdate","E":5,"s":"BTCUSDT","U":1,"u":2,'
    b'"b":[["61737.63000000","0.10000000"]],"a":[],"new":1}}'
)
TICKER = b'{"stream":"btcusdt@bookTicker","data":{"u":7,"s":"BTCUSDT","b":"1.00","B":"2","a":"1.01","A":"3"}}'
TRADE = (
    b'{"stream":"btcusdt@trade","data":'
    b'{"e":"trade","E":1,"s":"BTCUSDT","t":9,"p":"1.00","q":"2","T":1,"m":true,"M":true}}'
)


def test_each_stream_decodes_to_its_message() -> None:
    kinds = [type(decode_stream(frame)[1]) for frame in (DEPTH, TICKER, TRADE)]
    assert kinds == [DepthUpdate, BookTicker, Trade]


def test_a_depth_update_becomes_ticks_and_lots_and_back() -> None:
    update = decode_stream(DEPTH)[1]
    assert isinstance(update, DepthUpdate)
    diff = to_diff(KNOWN["BTCUSDT"], update)
    assert (diff.first, diff.last, diff.bids) == (1, 2, [(6_173_763, 100_000)])
    assert rows(KNOWN["BTCUSDT"], list(diff.bids)) == update.bids
    assert "pu" not in encode(update)


@pytest.mark.parametrize("frame", [b"", b"{", b"[]", b'{"stream":"x@kline","data":{}}', DEPTH.replace(b'"u":2,', b"")])
def test_a_malformed_frame_is_refused(frame: bytes) -> None:
    with pytest.raises(MalformedFrame):
        decode_stream(frame)


def test_a_malformed_snapshot_is_refused() -> None:
    with pytest.raises(MalformedFrame):
        decode_snapshot(b'{"lastUpdateId":"x"}')


SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
EXAMPLE = {
    "symbol": "LTCBTC",
    "side": "BUY",
    "type": "LIMIT",
    "timeInForce": "GTC",
    "quantity": "1",
    "price": "0.1",
    "recvWindow": 5000,
    "timestamp": 1499827319559,
}


def test_the_signature_is_the_one_in_binances_documentation() -> None:
    wanted = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
    assert sign(query(EXAMPLE), SECRET) == wanted
    assert signed_query(EXAMPLE, SECRET).endswith(f"&signature={wanted}")
    assert verify(query(EXAMPLE), wanted.upper(), SECRET)
    assert not verify(query(EXAMPLE), wanted[:-1] + "0", SECRET)


def test_parameters_are_percent_encoded_before_signing() -> None:
    assert query({"newClientOrderId": "a b:/é"}) == "newClientOrderId=a%20b%3A%2F%C3%A9"


def test_the_websocket_api_signs_sorted_parameters() -> None:
    signed = signed_params({"timestamp": 1, "apiKey": "k"}, "s")
    assert ws_payload(signed) == "apiKey=k&timestamp=1"
    assert verify("apiKey=k&timestamp=1", str(signed["signature"]), "s")


def test_errors_carry_code_message_and_status() -> None:
    assert ApiError(Code.BAD_SYMBOL).body() == {"code": -1121, "msg": "Invalid symbol."}
    assert ApiError(-9999).msg == "error -9999"
    assert missing("price").code == -1102
    assert filter_failure("LOT_SIZE").msg == "Filter failure: LOT_SIZE"
    assert ApiError(Code.REJECTED_KEY).http_status == 401


def test_user_events_decode_and_other_events_are_passed_over() -> None:
    report = ExecutionReport(
        event_ms=1, symbol="BTCUSDT", client_order_id="c", side="BUY", order_type="LIMIT", time_in_force="GTC",
        quantity="1", price="2", execution="NEW", status="NEW", order_id=3, transaction_ms=1, created_ms=1,
    )  # fmt: skip
    assert decode_user_event(f'{{"subscriptionId":0,"event":{encode(report)}}}') == report
    assert decode_user_event('{"subscriptionId":0,"event":{"e":"listStatus"}}') is None
    ended = '{"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":5}}'
    assert decode_user_event(ended) == EventStreamTerminated(event_ms=5)
    with pytest.raises(MalformedFrame):
        decode_user_event('{"id":1}')


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6))), st.integers(0, 9), st.integers(0, 999))
def test_levels_off_the_grid_are_left_out_or_cut_and_the_others_are_exact(
    found: list[tuple[int, int]], price_off: int, quantity_off: int
) -> None:
    item = instrument("BTCUSDT", "0.0000001", "0.00001")
    assert cut_levels(item, rows(item, found)) == levels(item, rows(item, found)) == found
    moved = [(render(tick * 10 + price_off), render(lots * 1000 + quantity_off)) for tick, lots in found]
    assert cut_levels(item, moved) == ([] if price_off else found)


@pytest.mark.parametrize("row", [("x", "1"), ("1", "-1"), ("1", "NaN")])
def test_a_level_that_is_no_number_is_refused_also_where_levels_are_cut(row: tuple[str, str]) -> None:
    with pytest.raises(OffGrid):
        cut_levels(KNOWN["BTCUSDT"], [row])
