"""Recorded frames into tapes: what comes out is what went in, and what is wrong is said with its place."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.replay import final_book
from qbtc.core.market.tape.tape import Tape
from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.adapters.data.verifying import verify
from qbtc.hft.errors import BadSource, NoTape

from .making import depth, line, make, snapshot, ticker, trade

price = st.integers(1, 10**13).map(lambda v: f"{v // 10**8}.{v % 10**8:08d}")
quantity = st.integers(0, 10**13).map(lambda v: f"{v // 10**8}.{v % 10**8:08d}")
levels = st.lists(st.tuples(price, quantity), max_size=4)
event = st.one_of(
    st.tuples(st.just("depth"), levels, levels), st.tuples(st.just("snapshot"), levels, levels),
    st.tuples(st.just("trade"), price, quantity.filter(lambda q: float(q) > 0)), st.tuples(st.just("ticker"), price, price),
)  # fmt: skip


def text_of(events: list[tuple[str, object, object]], steps: list[int]) -> tuple[str, list[int]]:
    out, at, times = "", 10**18, []
    for number, (kind, first, second) in enumerate(events):
        at += steps[number % len(steps)]
        times.append(at)
        if kind == "depth":
            out += depth(at, number + 1, number + 1, first, second)
        elif kind == "snapshot":
            out += snapshot(at, number, first, second)
        elif kind == "trade":
            out += trade(at, number, str(first), str(second), maker=number % 2 == 1)
        else:
            out += ticker(at, number, str(first), str(second))
    return out, times


def events_of(tape: Tape) -> list[tuple[str, object, object]]:
    """The events again, from the columns alone."""
    tick, lot = round(float(tape.info.tick_size) * 10**8), round(float(tape.info.lot_size) * 10**8)

    def text(value: int) -> str:
        return f"{value // 10**8}.{value % 10**8:08d}"

    out: list[tuple[str, object, object]] = []
    for message in range(len(tape)):
        rows = tape.rows(message)
        pairs = [
            (int(t) & 1, text((int(t) >> 2) * tick), text(int(q) * lot))
            for t, q in zip(tape.tick[rows], tape.lots[rows], strict=True)
        ]
        kind = Kind(int(tape.kind[message])).name.lower()
        if kind in ("depth", "snapshot"):
            out.append((kind, *([(p, q) for s, p, q in pairs if s == side] for side in (0, 1))))
        else:
            out.append((kind, pairs[0][1], pairs[0][2] if kind == "trade" else pairs[1][1]))
    return out


@given(events=st.lists(event, min_size=1, max_size=25), steps=st.lists(st.integers(0, 10**9), min_size=1, max_size=5), packed=st.booleans())
def test_random_events_come_back_from_the_tape_as_they_went_in(
    events: list[tuple[str, object, object]], steps: list[int], packed: bool
) -> None:
    text, times = text_of(events, steps)
    with tempfile.TemporaryDirectory() as folder:
        made = make(Path(folder), gzip.compress(text.encode()) if packed else text, symbol="BTCUSDT")
        tape = open_tape(made.path)
        assert tape.local.tolist() == times
        assert events_of(tape) == events
        order = sorted(range(len(events)), key=lambda i: int(tape.exchange[i]))
        assert tape.by_exchange.tolist() == order
        found = {problem.check for problem in verify(made.path).problems}
        assert found <= {"book"}  # random levels may cross


@given(parts=st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=8).map(sorted), min_size=1, max_size=4))
def test_files_are_merged_by_local_time_and_equal_times_keep_their_order(parts: list[list[int]]) -> None:
    ids = iter(range(1, 1000))
    marked = [[(at, next(ids)) for at in part] for part in parts]
    texts = ["".join(trade(10**18 + at, number) for at, number in part) for part in marked]
    wanted = [number for _, number in sorted((pair for part in marked for pair in part), key=lambda pair: pair[0])]
    with tempfile.TemporaryDirectory() as folder:
        tape = open_tape(make(Path(folder), *texts).path)
        assert tape.seq is not None
        assert tape.seq.tolist() == wanted
        assert [source.messages for source in tape.info.sources] == [len(part) for part in parts]


BOOK = snapshot(10**18, 5, [("1.00", "1")], [("2.00", "1")])
GOOD = BOOK + depth(10**18 + 1, 6, 6, [("1.10", "1")]) + trade(10**18 + 2, 1) + ticker(10**18 + 3, 6)


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        ("no time at all\n", "must begin with the local time"),
        ("1000000000000000000\n", "must begin with the local time"),
        ("99999999999999999999 {}\n", "must begin with the local time"),
        ("1000000000000000004 {broken}\n", "is no JSON frame"),
        ('1000000000000000004 {"e":"trade"\n', "ends in the middle of its frame"),
        (trade(10**18 + 4, 2).replace('"1.00"', '"one"'), "is none, or has more than 8 decimal places"),
        (trade(10**18 + 4, 2).replace('"1.00"', '"0.123456789"'), "more than 8 decimal places"),
        (trade(10**18 + 4, 2).replace('"t":2,', ""), "lacks a field"),
        (trade(10**18 + 4, 2).replace('"1.00"', '"92233720368"'), "too large"),
    ],
)
def test_a_line_that_cannot_be_read_ends_the_import_with_its_place_unless_told_to_go_on(bad: str, why: str, tmp_path: Path) -> None:
    text = GOOD + bad + trade(10**18 + 5, 2)
    with pytest.raises(BadSource, match=r"source, line 5: ") as caught:
        make(tmp_path, text)
    assert why in str(caught.value)
    assert not (tmp_path / "tape").exists()
    made = make(tmp_path, text, keep_going=True)
    assert made.refused == 1
    assert len(open_tape(made.path)) == 5
    assert [(finding.line, finding.file) for finding in made.info.findings if why in finding.text] == [(5, "source")]


def test_a_last_line_that_breaks_off_is_named_as_such(tmp_path: Path) -> None:
    whole = GOOD + trade(10**18 + 5, 2)
    assert len(open_tape(make(tmp_path, whole.rstrip("\n"), out="whole").path)) == 5
    with pytest.raises(BadSource, match="line 5: ends in the middle of its frame"):
        make(tmp_path, whole[:-9])
    assert make(tmp_path, whole[:-9], keep_going=True).info.finding_counts["truncated"] == 1


def test_a_gzip_file_that_breaks_off_is_named_and_what_is_whole_is_kept_on_request(tmp_path: Path) -> None:
    many = GOOD + "".join(trade(10**18 + 4 + n, 2 + n, f"{n}.00") for n in range(1, 5000))
    broken = gzip.compress(many.encode())[:-1000]
    with pytest.raises(BadSource, match="line"):
        make(tmp_path, broken)
    made = make(tmp_path, broken, keep_going=True)
    assert made.info.finding_counts["truncated"] >= 1
    assert any("gzip data stop in their middle" in finding.text for finding in made.info.findings)
    assert 1000 < len(open_tape(made.path)) < 5003


def test_gzip_files_of_several_members_are_read_to_their_end(tmp_path: Path) -> None:
    data = gzip.compress(GOOD.encode()) + gzip.compress(trade(10**18 + 9, 2).encode())
    assert len(open_tape(make(tmp_path, data).path)) == 5


def test_zstd_files_are_read_too(tmp_path: Path) -> None:
    import zstandard

    assert len(open_tape(make(tmp_path, zstandard.compress(GOOD.encode())).path)) == 4


def test_gaps_are_findings_and_marks_and_nothing_is_invented(tmp_path: Path) -> None:
    text = GOOD + depth(10**18 + 4, 9, 9) + trade(10**18 + 5, 4) + ticker(10**18 + 6, 2) + depth(10**18 + 7, 9, 9)
    made = make(tmp_path, text)
    assert made.info.gaps == (4,)
    assert {(f.note, f.line, f.expected, f.found) for f in made.info.findings} == {
        ("gap", 5, 7, 9), ("gap", 6, 2, 4), ("out_of_order", 7, 6, 2), ("duplicate", 8, 9, 9),
    }  # fmt: skip
    assert len(open_tape(made.path)) == 8
    assert Kind.CLEAR.name not in made.info.kinds


def test_updates_before_the_first_snapshot_are_kept_counted_and_applied_again_where_they_are_newer(tmp_path: Path) -> None:
    early = [depth(10**18 + n, n, n, [(f"{n}.00", "1")]) for n in range(1, 5)]
    made = make(tmp_path, "".join(early) + snapshot(10**18 + 9, 2, [("9.00", "1")]) + depth(10**18 + 10, 5, 5), tick="1")
    assert made.info.finding_counts["before_snapshot"] == 4
    assert [(m.message, m.seq, m.again) for m in made.info.snapshots] == [(4, 2, 2)]
    assert [tick for tick, _ in final_book(open_tape(made.path)).top(9, 0)] == [9, 4, 3]


def test_a_local_time_that_runs_backwards_is_held_and_named(tmp_path: Path) -> None:
    made = make(tmp_path, GOOD + trade(10**18 - 7, 2) + trade(10**18 + 9, 3))
    tape = open_tape(made.path)
    assert tape.local.tolist()[4:] == [10**18 + 3, 10**18 + 9]
    (finding,) = [f for f in made.info.findings if f.note == "backwards"]
    assert (finding.line, finding.expected, finding.found) == (5, 10**18 + 3, 10**18 - 7)


def test_answers_and_other_streams_are_left_out_and_counted(tmp_path: Path) -> None:
    other = '1000000000000000004 {"result":null,"id":1}\n' * 3 + "\n  \n"
    made = make(tmp_path, GOOD + other)
    assert made.info.finding_counts["ignored"] == 3
    assert made.info.messages == 4


def test_trades_of_no_quantity_are_left_out_and_named(tmp_path: Path) -> None:
    made = make(tmp_path, GOOD + trade(10**18 + 4, 2, "0", "0"))
    assert (made.info.messages, made.info.finding_counts["empty_trade"]) == (4, 1)


def test_aggregate_trades_and_mark_prices_are_read(tmp_path: Path) -> None:
    aggregate = {"e": "aggTrade", "E": 5, "s": "BTCUSDT", "a": 17, "p": "1.25", "q": "3", "f": 1, "l": 2, "T": 1_700_000_000_007, "m": True}
    mark = {"e": "markPriceUpdate", "E": 1_700_000_000_008, "s": "BTCUSDT", "p": "11794.15", "i": "11784.6", "P": "1", "r": "-0.00038167",
            "T": 1_562_306_400_000}  # fmt: skip
    text = GOOD + line(10**18 + 4, aggregate, "btcusdt@aggTrade") + line(10**18 + 5, mark)
    made = make(tmp_path, text)
    tape = open_tape(made.path)
    assert tape.seq is not None
    assert (tape.kind[4], tape.seq[4], tape.exchange[4]) == (Kind.TRADE, 17, 1_700_000_000_007_000_000)
    rows = tape.rows(4)
    assert (tape.tick[rows].tolist(), tape.lots[rows] * tape.lot_size) == ([125 << 2 | 3], [3.0])
    assert {name: values.tolist() for name, values in tape.special(Kind.FUNDING).items()} == {
        "mark": [11794.15], "index": [11784.6], "rate": [-0.00038167], "next_funding": [1_562_306_400_000_000_000],
    }  # fmt: skip
    assert (tape.kind[5], tape.exchange[5], tape.seq[5]) == (Kind.FUNDING, 1_700_000_000_008_000_000, -1)


def test_funding_of_two_files_is_merged_with_its_messages(tmp_path: Path) -> None:
    def mark(at: int, price: str) -> str:
        data = {"e": "markPriceUpdate", "E": 1_700_000_000_008, "s": "BTCUSDT", "p": price, "i": price, "r": "0", "T": 0}
        return line(10**18 + at, data)

    tape = open_tape(make(tmp_path, mark(1, "1") + trade(10**18 + 4, 1) + mark(5, "5"), mark(3, "3") + mark(9, "9")).path)
    assert tape.columns["mark"].tolist() == [1, 3, 5, 9]


def test_the_grid_may_be_given_and_a_value_off_it_is_refused_with_file_line_value_and_grid(tmp_path: Path) -> None:
    made = make(tmp_path, GOOD, tick="0.01", lot="0.5", out="fine")
    assert (made.info.tick_size, made.info.lot_size, made.info.grid) == ("0.01", "0.5", "given")
    with pytest.raises(BadSource, match=r"source, line 2: price 1\.10000000 is not a multiple of 0\.5"):
        make(tmp_path, GOOD, tick="0.5", lot="1")
    with pytest.raises(BadSource, match=r"source1, line 1: quantity 1\.00000000 is not a multiple of 2"):
        make(tmp_path, GOOD.replace('"1"', '"2"'), trade(10**18 + 4, 2), tick="0.01", lot="2")


@pytest.mark.parametrize(
    ("quantities", "dtype"), [(("21.47483647", "0.00000001"), "<i4"), (("21.47483648", "0.00000001"), "<i8")]
)
def test_the_width_of_lots_changes_at_its_edge(quantities: tuple[str, str], dtype: str, tmp_path: Path) -> None:
    made = make(tmp_path, "".join(trade(10**18 + n, n, "1", q) for n, q in enumerate(quantities, 1)))
    assert made.info.columns["lots"].dtype == dtype
    assert open_tape(made.path).lots.tolist() == [round(float(q) * 1e8) for q in quantities]


@pytest.mark.parametrize(("price_", "dtype"), [("5.36870911", "<i4"), ("5.36870912", "<i8")])
def test_the_width_of_ticks_changes_at_its_edge(price_: str, dtype: str, tmp_path: Path) -> None:
    made = make(tmp_path, trade(10**18, 1, price_) + trade(10**18, 2, "0.00000001"))
    assert made.info.columns["tick"].dtype == dtype
    assert open_tape(made.path).tick.tolist()[0] >> 2 == round(float(price_) * 1e8)


@pytest.mark.parametrize(("last", "dtype"), [(2**31, "<i4"), (2**31 + 1, "<i8")])
def test_ids_are_differences_where_those_fit(last: int, dtype: str, tmp_path: Path) -> None:
    tape = open_tape(make(tmp_path, trade(10**18, 1) + trade(10**18, last)).path)
    assert tape.info.columns["seq"].dtype == dtype
    assert tape.seq is not None
    assert tape.seq.tolist() == [1, last]


def test_columns_that_say_nothing_are_left_out(tmp_path: Path) -> None:
    tape = open_tape(make(tmp_path, ticker(10**18, 1) + ticker(10**18 + 1, 2)).path)
    assert sorted(tape.columns) == ["local", "lots", "seq", "tick"]
    assert (tape.kind.tolist(), tape.first.tolist(), tape.lag.tolist()) == ([4, 4], [0, 2, 4], [0, 0])


def test_several_symbols_need_a_choice_and_one_that_is_not_there_is_refused(tmp_path: Path) -> None:
    both = trade(10**18, 1) + trade(10**18, 9, symbol="ETHUSDT")
    with pytest.raises(BadSource, match="the sources hold BTCUSDT, ETHUSDT"):
        make(tmp_path, both)
    with pytest.raises(BadSource, match="there is no XRPUSDT in the sources"):
        make(tmp_path, both, symbol="XRPUSDT")
    made = make(tmp_path, both, symbol="ETHUSDT")
    assert (made.info.messages, made.info.finding_counts) == (1, {"other_symbol": 1})
    late = "".join(trade(10**18, n) for n in range(1, 5000)) + trade(10**18, 9, symbol="ETHUSDT")
    with pytest.raises(BadSource, match="line 5000: holds another symbol than BTCUSDT"):
        make(tmp_path, late, out="late")


def test_sources_of_different_venues_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="different venues"):
        make(tmp_path, GOOD, depth(10**18, 1, 2, pu=0))


def test_a_tape_that_is_there_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    make(tmp_path, GOOD)
    with pytest.raises(BadSource, match="exists already"):
        make(tmp_path, GOOD)
    assert make(tmp_path, trade(10**18, 1), replace=True).info.messages == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\x00\x01\x02\xff", b"hello, world\n1,2\n"])
def test_what_is_no_market_data_is_refused_with_the_kinds_that_are_known(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=r"is empty|none of the kinds"):
        make(tmp_path, data)
    with pytest.raises(BadSource, match="no such file"):
        import_tape([tmp_path / "nothing"], tmp_path / "x", Options())


LINES = [GOOD.splitlines(keepends=True)[n] for n in range(4)] + [trade(10**18 + 4, 2), depth(10**18 + 5, 7, 8, [("1.2", "3")])]


@given(where=st.integers(0, 5), at=st.integers(0, 300), what=st.binary(min_size=1, max_size=4), cut=st.integers(0, 4))
def test_a_damaged_line_costs_itself_and_no_other(where: int, at: int, what: bytes, cut: int) -> None:
    victim = LINES[where].encode()
    at %= len(victim)
    damaged = victim[:at] + what.replace(b"\n", b" ") + victim[at + cut :]
    damaged = damaged.rstrip(b"\n") + b"\n"
    data = b"".join(damaged if n == where else text.encode() for n, text in enumerate(LINES))
    with tempfile.TemporaryDirectory() as folder:
        try:
            made = make(Path(folder), data, keep_going=True, symbol="BTCUSDT")
        except BadSource as error:
            assert "different venues" not in str(error)
            return
        assert 5 <= made.info.messages <= 6
        untouched = {n + 1 for n in range(6) if n != where}
        assert not {f.line for f in made.info.findings if f.note in ("bad_line", "truncated")} & untouched
        assert {p.check for p in verify(made.path).problems} <= {"book"}


KILLED = """
import sys, time
from pathlib import Path
from qbtc.hft.adapters.data import writer
from qbtc.hft.adapters.data.importing import Options, import_tape
real = {name: getattr(writer, name) for name in ("write_info", "write_columns")}
import qbtc.hft.adapters.data.importing as importing
def stop(name):
    def wait(*a, **k):
        if name == sys.argv[3]:
            print("here", flush=True); time.sleep(60)
        return real[name](*a, **k)
    return wait
importing.write_info, importing.write_columns = stop("write_info"), stop("write_columns")
def named(folder, path, replace):
    print("here", flush=True); time.sleep(60)
if sys.argv[3] == "take_name": importing.take_name = named
import_tape([Path(sys.argv[1])], Path(sys.argv[2]), Options())
"""


@pytest.mark.parametrize("moment", ["write_columns", "write_info", "take_name"])
def test_an_import_that_is_killed_leaves_no_tape_and_the_next_one_cleans_up(moment: str, tmp_path: Path) -> None:
    source, out = tmp_path / "source", tmp_path / "tape"
    source.write_text(GOOD)
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(source), str(out), moment], stdout=subprocess.PIPE, env=os.environ)
    assert child.stdout is not None
    assert child.stdout.readline() == b"here\n"
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    with pytest.raises(NoTape):
        open_tape(out)
    left = [path for path in tmp_path.iterdir() if ".partial-" in path.name]
    assert left
    made = import_tape([source], out, Options())
    assert len(open_tape(made.path)) == 4
    assert not any(".partial-" in path.name for path in tmp_path.iterdir())


def test_what_tape_json_says_is_what_the_sources_were(tmp_path: Path) -> None:
    import hashlib

    made = make(tmp_path, GOOD)
    body = json.loads((made.path / "tape.json").read_text())
    assert (body["format"], body["version"], body["symbol"], body["venue"]) == ("qbtc-tape", 1, "BTCUSDT", "binance-spot")
    digest = hashlib.blake2b(GOOD.encode(), digest_size=16).hexdigest()
    assert body["sources"] == [{"name": "source", "size": len(GOOD), "lines": 4, "messages": 4, "blake2b": digest}]
    sizes = {name: (made.path / f"{name}.bin").stat().st_size for name in body["columns"]}
    assert sizes == {name: column["bytes"] for name, column in body["columns"].items()}
    assert np.dtype(body["columns"]["local"]["dtype"]).byteorder in "<="
    assert time.time_ns() > body["last_local"]


def test_a_snapshot_of_a_symbol_that_appears_late_is_not_taken_for_the_wanted_one(tmp_path: Path) -> None:
    early = "".join(ticker(10**18 + n, 1000 + n) for n in range(1, 5000))
    late = depth(10**18 + 6000, 900_000, 900_001, symbol="ETHUSDT") + snapshot(10**18 + 6001, 900_000, [("9.00", "1")])
    made = make(tmp_path, early + late, symbol="BTCUSDT")
    assert (made.info.kinds, made.info.finding_counts["other_symbol"]) == ({"TICKER": 4999}, 2)


def test_only_the_first_findings_keep_their_place_and_all_are_counted(tmp_path: Path) -> None:
    made = make(tmp_path, "".join(trade(10**18 + n, 7) for n in range(6001)))
    assert made.info.finding_counts == {"duplicate": 6000}
    assert [finding.line for finding in made.info.findings] == list(range(2, 1002))


@pytest.mark.parametrize(("digits", "scale"), [(13, 10**6), (16, 10**3), (19, 1)])
def test_local_times_of_other_recorders_are_told_apart_by_their_digits(digits: int, scale: int, tmp_path: Path) -> None:
    at = 1_700_000_000_123_456_789 // 10 ** (19 - digits)
    made = make(tmp_path, trade(10**18, 1).replace(str(10**18), str(at)))
    assert open_tape(made.path).local.tolist() == [at * scale]
