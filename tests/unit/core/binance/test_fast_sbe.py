"""The compiled SBE codec against the plain one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.binance import fast_json, fast_sbe, sbe
from qbtc.core.binance.fast_text import Fault
from qbtc.core.market.instrument import KNOWN

BTC = KNOWN["BTCUSDT"]
TABLE = fast_json.symbol_table([KNOWN["ETHUSDT"], BTC])
MARKET, LEVELS = np.zeros(1, fast_json.MARKET), fast_json.level_array()
amounts = st.tuples(st.integers(1, 10**9), st.integers(0, 10**9))


def decode(frame: bytes) -> int:
    buffer = np.frombuffer(frame, np.uint8).copy()
    return int(fast_sbe.decode_sbe(buffer, 0, len(frame), MARKET[0], LEVELS, TABLE))


def mantissas(rows: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(tick * BTC.tick_units, lots * BTC.lot_units) for tick, lots in rows]


@given(amounts, amounts, st.integers(0, 2**62))
def test_a_best_bid_and_ask_is_read_exactly(bid: tuple[int, int], ask: tuple[int, int], update: int) -> None:
    (b, bq), (a, aq) = mantissas([bid, ask])
    event = sbe.BestBidAsk(
        symbol="BTCUSDT", event_us=5, update_id=update, bid=b, bid_quantity=bq, ask=a, ask_quantity=aq
    )
    assert decode(sbe.encode_sbe(event)) == fast_json.BOOK_TICKER
    row = MARKET[0]
    assert (row["bid"], row["bid_lots"], row["ask"], row["ask_lots"]) == (*bid, *ask)
    assert (row["last"], row["event_us"], row["symbol"]) == (update, 5, 1)


@given(st.lists(amounts, max_size=30), st.lists(amounts, max_size=30), st.booleans())
def test_depth_is_read_exactly(bids: list[tuple[int, int]], asks: list[tuple[int, int]], whole: bool) -> None:
    sides = {"bids": mantissas(bids), "asks": mantissas(asks)}
    event: sbe.SbeEvent
    if whole:
        event = sbe.DepthSnapshotEvent(symbol="BTCUSDT", event_us=5, update_id=9, **sides)
    else:
        event = sbe.DepthDiffEvent(symbol="BTCUSDT", event_us=5, first_id=8, last_id=9, **sides)
    assert decode(sbe.encode_sbe(event)) == (fast_sbe.SNAPSHOT if whole else fast_json.DEPTH)
    assert MARKET[0]["last"] == 9
    for side, rows in ((0, bids), (1, asks)):
        assert list(map(tuple, LEVELS[side, : len(rows)].tolist())) == rows


def trades(count: int) -> bytes:
    rows = [sbe.TradeEntry(n, (n + 1) * BTC.tick_units, 7 * BTC.lot_units, n % 2 == 0) for n in range(count)]
    return sbe.encode_sbe(sbe.TradesEvent(symbol="BTCUSDT", event_us=5, transact_us=6, trades=rows))


def test_the_last_of_several_trades_counts() -> None:
    assert decode(trades(3)) == fast_json.TRADE
    row = MARKET[0]
    assert (row["trade_id"], row["tick"], row["lots"], row["buyer_is_maker"], row["trade_us"]) == (2, 3, 7, 1, 6)


@pytest.mark.parametrize(
    ("exponent", "mantissa", "tick"), [(-2, 60123, 60123), (-8, 10**6, 1), (0, 3, 300), (2, 1, 10_000)]
)
def test_exponents_are_applied_exactly(exponent: int, mantissa: int, tick: int) -> None:
    row = sbe.TradeEntry(1, mantissa, 100, True)
    event = sbe.TradesEvent(symbol="BTCUSDT", event_us=5, transact_us=6, trades=[row], price_exponent=exponent)
    assert decode(sbe.encode_sbe(event)) == fast_json.TRADE
    assert MARKET[0]["tick"] == tick


@pytest.mark.parametrize(
    ("price", "exponent", "symbol", "fault"),
    [
        (1, -8, "BTCUSDT", Fault.OFF_GRID),
        (-1, -2, "BTCUSDT", Fault.TOO_LARGE),
        (2**62, 0, "BTCUSDT", Fault.TOO_LARGE),
        (100, -2, "XRPUSDT", Fault.UNKNOWN_SYMBOL),
    ],
)
def test_a_bad_value_is_refused_with_its_reason(price: int, exponent: int, symbol: str, fault: Fault) -> None:
    row = sbe.TradeEntry(1, price, 100, True)
    event = sbe.TradesEvent(symbol=symbol, event_us=5, transact_us=6, trades=[row], price_exponent=exponent)
    assert decode(sbe.encode_sbe(event)) == fault


@given(st.integers(0, 200), st.lists(st.tuples(st.integers(0, 300), st.integers(0, 255)), max_size=4))
@settings(max_examples=examples(300))
def test_damaged_messages_are_refused_or_read_as_the_plain_codec_does(cut: int, damage: list[tuple[int, int]]) -> None:
    frame = bytearray(trades(4))
    for at, byte in damage:
        frame[at % len(frame)] = byte
    message = bytes(frame[: max(0, len(frame) - cut)] if cut % 3 == 0 else frame)
    if decode(message) == fast_json.TRADE:
        event = sbe.decode_sbe(message)
        assert isinstance(event, sbe.TradesEvent)
        last = event.trades[-1]
        assert last.price * 10 ** (event.price_exponent + 8) == MARKET[0]["tick"] * BTC.tick_units


def test_another_schema_or_template_is_told_apart() -> None:
    frame = bytearray(trades(1))
    frame[2:4] = (10009).to_bytes(2, "little")
    assert decode(bytes(frame)) == Fault.WRONG_TEMPLATE
    assert decode(b"\x01") == Fault.TRUNCATED
