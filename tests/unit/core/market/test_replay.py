"""Recorded frames and the market clock."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from qbtc.core.binance.messages import BookTicker, DepthUpdate, Snapshot, to_diff, to_snapshot
from qbtc.core.market.book import LocalBook
from qbtc.core.market.clock import SECOND, MarketClock
from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.replay import BadRecording, merge, parse, plan, scan
from qbtc.testing.data import MARKET


def snapshot(at: int, last: int) -> bytes:
    return f"{at} ".encode() + json.dumps({"lastUpdateId": last, "bids": [["1.00", "2"]], "asks": []}).encode()


def depth(at: int, first: int, last: int, symbol: str = "BTCUSDT", **more: int) -> bytes:
    data = {"e": "depthUpdate", "E": 5, "s": symbol, "U": first, "u": last, "b": [["1.00", "1"]], "a": []} | more
    return f"{at} ".encode() + json.dumps({"stream": f"{symbol.lower()}@depth@100ms", "data": data}).encode()


def test_a_corrupt_line_is_named_by_file_and_line() -> None:
    with pytest.raises(BadRecording, match=r"x\.gz, line 2: .*JSON"):
        scan("x.gz", [depth(1, 1, 1), b"2 {broken"])
    with pytest.raises(BadRecording, match="line 1: must start with the local time"):
        scan("x.gz", [b"garbage"])


def test_a_price_of_no_number_is_named_by_file_and_line() -> None:
    with pytest.raises(BadRecording, match="x, line 1"):
        scan("x", [depth(1, 1, 1).replace(b'"1.00"', b'"one"')])


def ticker(at: int, bid: str) -> bytes:
    data = {"u": 3, "s": "BTCUSDT", "b": bid, "B": "1", "a": "1.01", "A": "1"}
    return f"{at} ".encode() + json.dumps({"stream": "btcusdt@bookTicker", "data": data}).encode()


def test_the_grid_holds_the_prices_of_touches_too() -> None:
    chosen = plan([scan("t", [snapshot(1, 1), depth(2, 2, 3), ticker(3, "0.9999")])])
    assert chosen.instruments["BTCUSDT"].tick_units == 10**4
    with pytest.raises(BadRecording, match="t, line 1"):
        scan("t", [ticker(1, "-1")])


def test_a_line_that_is_no_frame_may_be_told_and_passed_over() -> None:
    told: list[str] = []
    frames = list(parse("x", [depth(1, 1, 1), b"2 {broken", depth(3, 2, 2)], told.append))
    assert [frame.time for frame in frames] == [1, 3]
    assert len(told) == 1 and told[0].startswith("x, line 2: ")


def test_a_recording_without_a_snapshot_is_refused_unless_it_continues_one() -> None:
    first, second = scan("a", [snapshot(1, 1), depth(2, 2, 3)]), scan("b", [depth(3, 4, 5)])
    with pytest.raises(BadRecording, match="b: has no book snapshot for BTCUSDT"):
        plan([second])
    assert plan([second, first]).first == 1


def test_a_futures_recording_is_refused() -> None:
    with pytest.raises(BadRecording, match="futures"):
        plan([scan("f", [snapshot(1, 1), depth(2, 2, 3, pu=1)])])


def test_an_empty_recording_is_refused() -> None:
    with pytest.raises(BadRecording, match="no market data"):
        scan("e", [b"", b"\n"])


def test_snapshots_go_to_the_symbol_with_the_nearest_ids() -> None:
    found = scan("m", [depth(1, 100, 110), depth(1, 9000, 9010, "ETHUSDT"), snapshot(2, 9005), snapshot(3, 104)])
    assert {symbol: entry.snapshots for symbol, entry in found.symbols.items()} == {"BTCUSDT": [104], "ETHUSDT": [9005]}


def test_lost_frames_are_counted_and_said() -> None:
    chosen = plan([scan("g", [snapshot(1, 1), depth(2, 2, 3), depth(3, 7, 8)])])
    assert "lost depth frames at 1" in chosen.notes[0]


def test_files_merge_by_local_time() -> None:
    one, two = parse("1", [depth(1, 1, 1), depth(4, 2, 2)]), parse("2", [depth(2, 3, 3), depth(3, 4, 4)])
    assert [frame.time for frame in merge([one, two])] == [1, 2, 3, 4]


def test_a_quantity_finer_than_the_known_lot_widens_the_grid() -> None:
    odd = depth(2, 2, 3).replace(b'"1"', b'"0.00000003"')
    assert plan([scan("g", [snapshot(1, 1), odd])]).instruments["BTCUSDT"].lot_units == 1


def test_market_time_runs_at_its_speed_and_stands_still_at_the_end() -> None:
    clock = MarketClock(100 * SECOND, 60, origin=7 * SECOND)
    assert clock.shift == 93 * SECOND
    assert clock.now(101 * SECOND) == 160 * SECOND
    assert clock.due(160 * SECOND) == 101 * SECOND
    clock.end(150 * SECOND)
    assert clock.ended
    assert clock.now(900 * SECOND) == 150 * SECOND
    with pytest.raises(ValueError, match="speed"):
        MarketClock(0, 0)


def real(name: str) -> Path:
    path = MARKET / name
    if not path.exists():
        pytest.skip(f"no recording at {path}; set QBTC_DATA")
    return path


def test_recorded_book_tickers_agree_with_the_book_at_the_same_update_id() -> None:
    """Every bookTicker whose id ends a diff shows that book's touch; `exhaustive` reads the next, contiguous day too."""
    item, local, waiting, compared, agreed = KNOWN["BTCUSDT"], LocalBook(), [], 0, 0
    exhaustive = os.environ.get("QBTC_TEST_SIZE") == "exhaustive"
    for name in ("spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz")[: 1 + exhaustive]:
        with gzip.open(real(name)) as file:
            for frame in parse(name, file):
                event = frame.event
                if isinstance(event, Snapshot):
                    local.on_snapshot(to_snapshot(item, event))
                elif isinstance(event, BookTicker):
                    waiting.append(event)
                elif isinstance(event, DepthUpdate) and local.on_diff(to_diff(item, event)):
                    for ticker in (t for t in waiting if t.update_id == event.last):
                        bid = (item.to_ticks(ticker.bid), item.to_lots(ticker.bid_quantity))
                        ask = (item.to_ticks(ticker.ask), item.to_lots(ticker.ask_quantity))
                        compared += 1
                        agreed += [bid] == local.book.top(1, 0) and [ask] == local.book.top(1, 1)
                    waiting = [t for t in waiting if t.update_id > event.last]
    assert local.sync.gaps == 0
    assert compared > (1000 if exhaustive else 500)
    assert agreed / compared > 0.999
