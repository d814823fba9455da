"""Frames that cannot be played do not end the venue: they are passed over, counted and said."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import msgspec
import pytest
from tests.unit.exchange.desk_house import FUNDS, SETTINGS, House

from qbtc.core.binance.messages import BookTicker, Trade
from qbtc.exchange.bookkeeper import Bookkeeper
from qbtc.exchange.books_state import empty
from qbtc.exchange.desk import Desk
from qbtc.exchange.feeds import ReplayFeed
from qbtc.exchange.futures.recording import FuturesRecording
from qbtc.exchange.passed_over import PassedOver
from qbtc.exchange.recordings import open_recording
from qbtc.exchange.segments import Unwritten
from qbtc.exchange.terms import terms

START = 1_700_000_000_000_000_000


def touch(bid: str, ask: str, number: int = 11) -> BookTicker:
    return BookTicker(
        update_id=number, symbol="BTCUSDT", bid=bid, bid_quantity="1" if float(bid) else "0", ask=ask, ask_quantity="1"
    )


def test_a_touch_without_a_bid_is_passed_over_and_the_next_one_counts() -> None:
    house, told = House(), list[str]()
    house.market.passed_over = told.append
    before = house.market.core.touch()
    house.market.on_ticker(touch("0.00000000", "101.00"), 7)
    assert house.market.core.touch() == before
    assert told == ["the touch of BTCUSDT has no two sides: 0.00000000 and 101.00"]
    house.market.on_ticker(touch("99.90", "100.10", 12), 8)
    assert house.market.core.touch() == ((9990, 1_000_000), (10010, 1_000_000))


@pytest.mark.parametrize(("price", "quantity"), [("100.00", "0"), ("0", "1"), ("100.00", "99999999999999999999")])
def test_a_trade_of_nothing_is_passed_over(price: str, quantity: str) -> None:
    house, told = House(), list[str]()
    house.market.passed_over = told.append
    trade = Trade(
        event="trade", event_ms=1, symbol="BTCUSDT", trade_id=1, price=price, quantity=quantity, trade_ms=1,
        buyer_is_maker=True,
    )  # fmt: skip
    house.frames.clear()
    house.market.on_trade(trade, 7)
    assert (len(told), house.frames) == (1, [])


def test_how_many_were_passed_over_is_one_note() -> None:
    notes = ["simulated as asked"]
    passed = PassedOver(notes)
    for reason in ("a", "b", "c"):
        passed.tell(reason)
    assert notes == ["simulated as asked", "market frames that were passed over: 3, the last because c"]


# ---- recordings


def line(at: int, body: object) -> bytes:
    return f"{START + at} ".encode() + json.dumps(body).encode() + b"\n"


def depth(at: int, number: int, price: str = "100.00", **more: int) -> bytes:
    data = {"e": "depthUpdate", "E": 5, "s": "BTCUSDT", "U": number, "u": number, "b": [[price, "1"]], "a": []}
    return line(at, {"stream": "btcusdt@depth@100ms", "data": data | more})


def ticker(at: int, number: int, bid: str) -> bytes:
    data = {"u": number, "s": "BTCUSDT", "b": bid, "B": "1", "a": "101.00", "A": "1"}
    return line(at, {"stream": "btcusdt@bookTicker", "data": data})


SNAPSHOT = line(0, {"lastUpdateId": 1, "bids": [["99.00", "1"]], "asks": [["101.00", "1"]]})


async def test_a_replay_goes_on_after_a_touch_without_a_bid_and_after_a_line_that_became_bad(tmp_path: Path) -> None:
    path = tmp_path / "spot.jsonl"
    lines = [SNAPSHOT, depth(1, 2), ticker(2, 3, "0.00000000"), depth(3, 3), depth(4, 4, "100.50")]
    path.write_bytes(b"".join(lines))
    feed = ReplayFeed(open_recording(str(path)), 1.0, loop=False)
    desk = Desk(Bookkeeper(empty(400), Unwritten()), terms(SETTINGS))
    desk.open_account(1, FUNDS, 0)
    heard: list[tuple[str, msgspec.Struct]] = []
    await feed.prepare(desk, lambda stream, frame: heard.append((stream, frame)))
    path.write_bytes(b"".join([*lines[:3], b"garbage\n", *lines[4:]]))
    await feed.run(lambda: None)
    assert desk.markets["BTCUSDT"].core.touch()[0] == (10050, 1_000_000)
    assert [note for note in feed.notes if note.startswith("market frames that were passed over: 2")]


def test_a_futures_recording_goes_on_after_a_bad_line_and_ends_where_it_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "usdm.gz"
    whole = gzip.compress(b"".join([depth(n, n, pu=n - 1) if n != 5 else b"5 {broken\n" for n in range(2, 3000)]))
    path.write_bytes(whole[: len(whole) * 9 // 10])
    told: list[str] = []
    frames = list(FuturesRecording(str(path)).frames(told.append))
    assert [frame.line for frame in frames[:4]] == [1, 2, 3, 5]
    assert "line 4: " in told[0] and "cannot be read" in told[1] and len(told) == 2
