"""SBE market data: golden bytes written out by hand from the schema, round trips, and what broken bytes give."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.binance import sbe
from qbtc.core.binance.sbe import (
    BestBidAsk,
    DepthDiffEvent,
    DepthSnapshotEvent,
    MalformedSbe,
    SbeEvent,
    TradeEntry,
    TradesEvent,
    decode_sbe,
    encode_sbe,
)

GOLDEN: list[tuple[SbeEvent, str]] = [
    (
        BestBidAsk(symbol="AB", event_us=1, update_id=2, bid=3, bid_quantity=4, ask=5, ask_quantity=6),
        "3200 1127 0100 0000"  # block 50, template 10001, schema 1, version 0
        "0100000000000000 0200000000000000 f8 f8"  # time, update id, exponents -8
        "0300000000000000 0400000000000000 0500000000000000 0600000000000000"
        "02 4142",
    ),
    (
        TradesEvent(
            symbol="AB",
            event_us=256,
            transact_us=255,
            trades=(TradeEntry(7, 8, 9, True), TradeEntry(8, -1, 9, False)),
            price_exponent=-2,
        ),
        "1200 1027 0100 0000"
        "0001000000000000 ff00000000000000 fe f8"
        "1900 02000000"  # 25 bytes an entry, two entries, count in 32 bits
        "0700000000000000 0800000000000000 0900000000000000 01"
        "0800000000000000 ffffffffffffffff 0900000000000000 00"
        "02 4142",
    ),
    (
        DepthSnapshotEvent(symbol="AB", event_us=1, update_id=2, bids=((3, 4),), asks=()),
        "1200 1227 0100 0000"
        "0100000000000000 0200000000000000 f8 f8"
        "1000 0100 0300000000000000 0400000000000000"  # 16 bytes an entry, one entry, count in 16 bits
        "1000 0000"
        "02 4142",
    ),
    (
        DepthDiffEvent(symbol="AB", event_us=1, first_id=2, last_id=3, bids=(), asks=((5, 0),)),
        "1a00 1327 0100 0000"
        "0100000000000000 0200000000000000 0300000000000000 f8 f8"
        "1000 0000"
        "1000 0100 0500000000000000 0000000000000000"
        "02 4142",
    ),
]

numbers = st.integers(-(2**63) + 1, 2**63 - 1)
exponents = st.integers(-127, 127)
symbols = st.text(min_size=1, max_size=30)
levels = st.lists(st.tuples(numbers, numbers), max_size=30).map(tuple)
common = {"symbol": symbols, "event_us": numbers, "price_exponent": exponents, "quantity_exponent": exponents}
entries = st.lists(st.builds(TradeEntry, numbers, numbers, numbers, st.booleans()), max_size=30).map(tuple)
best = dict.fromkeys(("update_id", "bid", "bid_quantity", "ask", "ask_quantity"), numbers)
events: st.SearchStrategy[SbeEvent] = st.one_of(
    st.builds(TradesEvent, transact_us=numbers, trades=entries, **common),
    st.builds(BestBidAsk, **best, **common),
    st.builds(DepthSnapshotEvent, update_id=numbers, bids=levels, asks=levels, **common),
    st.builds(DepthDiffEvent, first_id=numbers, last_id=numbers, bids=levels, asks=levels, **common),
)


@pytest.mark.parametrize(("event", "golden"), GOLDEN, ids=lambda value: type(value).__name__)
def test_bytes_are_those_of_the_schema(event: SbeEvent, golden: str) -> None:
    assert encode_sbe(event) == bytes.fromhex(golden)
    assert decode_sbe(bytes.fromhex(golden)) == event


@given(events)
def test_what_was_encoded_is_decoded(event: SbeEvent) -> None:
    assert decode_sbe(encode_sbe(event)) == event


@given(events, st.integers(0, 10_000))
def test_a_cut_off_message_is_refused(event: SbeEvent, at: int) -> None:
    frame = encode_sbe(event)
    with pytest.raises(MalformedSbe):
        decode_sbe(frame[: at % len(frame)])


@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(frame: bytes) -> None:
    try:
        decode_sbe(frame)
    except MalformedSbe:
        return
    assert frame[4:6] == b"\x01\x00"


def test_other_schemas_and_templates_are_refused() -> None:
    frame = bytearray(encode_sbe(GOLDEN[0][0]))
    for offset, value in ((sbe.SCHEMA_AT, 3), (sbe.TEMPLATE_AT, 10004), (sbe.BLOCK_LENGTH_AT, 49)):
        changed = frame.copy()
        struct.pack_into("<H", changed, offset, value)
        with pytest.raises(MalformedSbe, match="not known"):
            decode_sbe(bytes(changed))


def test_a_longer_block_and_longer_entries_of_a_newer_version_are_skipped() -> None:
    head = struct.pack("<HHHHqqqbbH", 28, sbe.DEPTH_DIFF, 1, 1, 1, 2, 3, -8, -8, 77)
    side = struct.pack("<HHqqqqqq", 24, 2, 5, 6, 99, 7, 8, 99)
    event = decode_sbe(head + side + struct.pack("<HH", 24, 0) + b"\x02AB")
    assert event == DepthDiffEvent(symbol="AB", event_us=1, first_id=2, last_id=3, bids=((5, 6), (7, 8)), asks=())


def test_named_offsets_point_at_their_fields() -> None:
    frame = encode_sbe(BestBidAsk(symbol="AB", event_us=1, update_id=2, bid=3, bid_quantity=4, ask=5, ask_quantity=6))
    spots = (sbe.EVENT_TIME_AT, sbe.BBA_UPDATE_ID_AT, sbe.BBA_BID_PRICE_AT, sbe.BBA_BID_QTY_AT)
    found = [struct.unpack_from("<q", frame, at)[0] for at in (*spots, sbe.BBA_ASK_PRICE_AT, sbe.BBA_ASK_QTY_AT)]
    assert found == [1, 2, 3, 4, 5, 6]
    assert frame[sbe.BBA_SYMBOL_AT :] == b"\x02AB"
    diff = encode_sbe(DepthDiffEvent(symbol="A", event_us=1, first_id=2, last_id=3, bids=((9, 8),), asks=()))
    assert struct.unpack_from("<qq", diff, sbe.DIFF_FIRST_ID_AT) == (2, 3)
    entry = sbe.DIFF_GROUP_AT + sbe.GROUP16_HEAD
    assert struct.unpack_from("<q", diff, entry + sbe.LEVEL_QTY_AT) == (8,)
    trades = encode_sbe(TradesEvent(symbol="A", event_us=1, transact_us=2, trades=(TradeEntry(5, 6, 7, True),)))
    assert trades[sbe.TRADES_GROUP_AT + sbe.GROUP32_HEAD + sbe.TRADE_BUYER_IS_MAKER_AT] == 1
