"""The compiled market codec against the plain one: what it takes it takes exactly, what it refuses it names."""

from __future__ import annotations

import ctypes
import json
import mmap
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.binance import fast_json as fast
from qbtc.core.binance.fast_text import Fault, digest, digest_of, eight_digits
from qbtc.core.binance.messages import BookTicker, DepthUpdate, MalformedFrame, Trade, decode_data, levels
from qbtc.core.market.instrument import KNOWN, OffGrid, units

BTC = KNOWN["BTCUSDT"]
INSTRUMENTS = [KNOWN["ETHUSDT"], BTC]
TABLE = fast.symbol_table(INSTRUMENTS)
MARKET, LEVELS = np.zeros(1, fast.MARKET), fast.level_array()
TICKER = {"u": 400900217, "s": "BTCUSDT", "b": "25351.90", "B": "31.210000", "a": "25365.2", "A": "40.66"}
DEPTH = {
    "e": "depthUpdate", "E": 1672515782136, "s": "BTCUSDT", "U": 157, "u": 160,
    "b": [["0.02", "10"], ["1.00", "0"]], "a": [["5.02", "100"]],
}  # fmt: skip
TRADE = {
    "e": "trade", "E": 1672515782136, "s": "BTCUSDT", "t": 12345, "p": "0.01", "q": "100",
    "T": 1672515782137, "m": True, "M": True,
}  # fmt: skip
KIND = {"bookTicker": TICKER, "depth": DEPTH, "trade": TRADE}


def decode(frame: bytes) -> int:
    buffer = np.frombuffer(frame, np.uint8).copy() if frame else np.zeros(0, np.uint8)
    return int(fast.decode(buffer, 0, len(frame), MARKET[0], LEVELS, TABLE))


def found() -> dict[str, int]:
    return dict(zip(fast.MARKET.names or (), MARKET[0].tolist(), strict=True))


def plain(kind: str, frame: bytes) -> dict[str, Any] | None:
    """What the plain decoder makes of a frame, in ticks and lots; None if it refuses it."""
    try:
        event = decode_data(f"btcusdt@{kind}", frame)
        if event.symbol != "BTCUSDT":
            return None
        if isinstance(event, BookTicker):
            return {
                "last": event.update_id, "bid": BTC.to_ticks(event.bid), "ask": BTC.to_ticks(event.ask),
                "bid_lots": BTC.to_lots(event.bid_quantity), "ask_lots": BTC.to_lots(event.ask_quantity),
            }  # fmt: skip
        if isinstance(event, Trade):
            return {
                "tick": BTC.to_ticks(event.price), "lots": BTC.to_lots(event.quantity), "trade_id": event.trade_id,
                "trade_us": event.trade_ms * 1000, "buyer_is_maker": int(event.buyer_is_maker),
            }  # fmt: skip
        assert isinstance(event, DepthUpdate)
        return {"first": event.first, "last": event.last, "levels": (levels(BTC, event.bids), levels(BTC, event.asks))}
    except (MalformedFrame, OffGrid):
        return None


def agree(kind: str, frame: bytes) -> None:
    """If the fast one takes the frame, the plain one takes it with the same values."""
    if decode(frame) not in (fast.BOOK_TICKER, fast.DEPTH, fast.TRADE):
        return
    expected, row = plain(kind, frame), found()
    assert expected is not None, frame
    if "levels" in expected:
        bids, asks = (list(map(tuple, LEVELS[n, : row[name]].tolist())) for n, name in enumerate(("bids", "asks")))
        assert (bids, asks) == expected.pop("levels")
    assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize("kind", KIND)
@pytest.mark.parametrize("envelope", [False, True])
@pytest.mark.parametrize("indent", [None, 2])
def test_every_kind_is_read_raw_and_in_its_envelope_with_and_without_white_space(
    kind: str, envelope: bool, indent: int | None
) -> None:
    body = {"stream": f"btcusdt@{kind}", "data": KIND[kind]} if envelope else KIND[kind]
    assert decode(json.dumps(body, indent=indent).encode()) > 0
    agree(kind, json.dumps(KIND[kind]).encode())
    assert found()["symbol"] == 1


@given(st.permutations(list(DEPTH)), st.sampled_from([(",", ":"), (" , ", " : "), (", ", ": ")]))
def test_fields_come_in_any_order(order: list[str], separators: tuple[str, str]) -> None:
    frame = json.dumps({name: DEPTH[name] for name in order}, separators=separators).encode()
    assert decode(frame) == fast.DEPTH
    agree("depth", frame)


def test_unknown_fields_are_skipped_whatever_they_hold() -> None:
    body = {"x": {"deep": [1, "}", {"y": '\\"]'}], "n": None}, "zz": -1.5e3, **TICKER, "extra": True}
    assert decode(json.dumps(body).encode()) == fast.BOOK_TICKER
    agree("bookTicker", json.dumps(body).encode())


@given(st.text("0123456789.", max_size=24))
@settings(max_examples=examples(300))
def test_decimals_are_exact_or_refused(text: str) -> None:
    frame = json.dumps({**TRADE, "p": text}).encode()
    code = decode(frame)
    try:
        value = units(text)
    except OffGrid:
        value = None
    if value is None:
        assert code < 0
    elif value >= 2**63 - 10:
        assert code in (Fault.TOO_LARGE, Fault.OFF_GRID, Fault.BAD_NUMBER)
    elif value % BTC.tick_units == 0:
        assert (code, found()["tick"]) == (fast.TRADE, value // BTC.tick_units)
    else:
        assert code == Fault.OFF_GRID


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"p": "0.015"}, Fault.OFF_GRID),
        ({"q": "0.0000001"}, Fault.OFF_GRID),
        ({"p": "1e5"}, Fault.BAD_NUMBER),
        ({"p": "-1"}, Fault.BAD_NUMBER),
        ({"p": ""}, Fault.BAD_NUMBER),
        ({"p": "99999999999999999999"}, Fault.TOO_LARGE),
        ({"t": 10**30}, Fault.TOO_LARGE),
        ({"s": "XRPUSDT"}, Fault.UNKNOWN_SYMBOL),
        ({"t": 1.5}, Fault.SYNTAX),
        ({"m": "true"}, Fault.SYNTAX),
    ],
)
def test_a_bad_value_is_refused_with_its_reason(change: dict[str, object], fault: Fault) -> None:
    assert decode(json.dumps({**TRADE, **change}).encode()) == fault


@pytest.mark.parametrize("kind", KIND)
def test_a_missing_field_is_refused(kind: str) -> None:
    for name in KIND[kind]:
        if name in ("M", "e"):
            continue
        assert decode(json.dumps({k: v for k, v in KIND[kind].items() if k != name}).encode()) == Fault.MISSING_FIELD


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"result": None, "id": 1}, fast.OTHER),
        ({"e": "kline", "E": 1, "s": "BTCUSDT", "k": {"t": 1}}, fast.OTHER),
        ({"e": "serverShutdown", "E": 1}, fast.SHUTDOWN),
        ({}, fast.OTHER),
    ],
)
def test_what_is_no_market_event_is_told_apart(body: dict[str, object], kind: int) -> None:
    assert decode(json.dumps(body).encode()) == kind


@pytest.mark.parametrize("kind", KIND)
def test_every_prefix_of_a_frame_is_refused(kind: str) -> None:
    frame = json.dumps({"stream": f"btcusdt@{kind}", "data": KIND[kind]}).encode()
    assert all(decode(frame[:size]) < 0 for size in range(len(frame)))
    assert decode(frame + b"x") == Fault.SYNTAX


@given(st.sampled_from(sorted(KIND)), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3))
@settings(max_examples=examples(500))
def test_a_damaged_frame_is_never_read_as_something_else(kind: str, damage: list[tuple[int, int]]) -> None:
    frame = bytearray(json.dumps(KIND[kind], separators=(",", ":")).encode())
    for at, byte in damage:
        frame[at % len(frame)] = byte
    # Texts of other fields than ours are not looked at: only what both take must be the same.
    if plain(kind, bytes(frame)) is not None:
        agree(kind, bytes(frame))


@given(st.binary(max_size=40))
def test_the_digest_is_the_same_in_python_and_compiled(text: bytes) -> None:
    assert digest(np.frombuffer(text, np.uint8).copy(), 0, len(text)) == digest_of(text)


FUZZ = """
import ctypes, mmap, random, sys
import numpy as np
from tests.unit.core.binance.test_fast_json import LEVELS, MARKET, TABLE, KIND, guarded
from qbtc.core.binance import fast_json as fast
import json
place = guarded()
rng = random.Random(7)
for n in range(20_000):
    frame = bytearray(json.dumps(rng.choice(list(KIND.values()))).encode())
    for _ in range(rng.randrange(4)):
        frame[rng.randrange(len(frame))] = rng.choice(b'"{}[],:0\\\\ .tx')
    frame = frame[: rng.randrange(len(frame) + 1)] if n % 2 else frame
    view = place[len(place) - len(frame):]
    view[:] = np.frombuffer(bytes(frame), np.uint8)
    fast.decode(view, 0, len(frame), MARKET[0], LEVELS, TABLE)
print("survived")
"""


def guarded() -> np.ndarray:
    """One page whose end borders on one that must not be touched."""
    pages = mmap.mmap(-1, 2 * mmap.PAGESIZE)
    whole = np.frombuffer(pages, np.uint8)
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.mprotect(ctypes.c_void_p(whole.ctypes.data + mmap.PAGESIZE), mmap.PAGESIZE, 0) == 0
    return whole[: mmap.PAGESIZE]


def test_nothing_is_read_beyond_the_end() -> None:
    done = subprocess.run([sys.executable, "-c", FUZZ], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "survived", done.stderr[-2000:]


@given(text=st.binary(min_size=8, max_size=8) | st.integers(0, 99_999_999).map(lambda n: b"%08d" % n))
def test_eight_bytes_are_a_number_only_if_all_are_digits(text: bytes) -> None:
    buffer = np.frombuffer(b"x" + text, np.uint8).copy()
    assert int(eight_digits(buffer, 1)) == (int(text) if text.isascii() and text.isdigit() else -1)
