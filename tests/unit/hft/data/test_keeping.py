"""A tape on disk: opening, checking, packing, listing, drawing and handing to Polars and DuckDB."""

from __future__ import annotations

import filecmp
import json
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.tape.info import Column, from_json
from qbtc.core.market.tape.layout import DTYPES, TapeFault
from qbtc.hft import data
from qbtc.hft.adapters.data.listing import listed
from qbtc.hft.adapters.data.packing import decode, encode, pack, unpack
from qbtc.hft.adapters.data.plotting import plot
from qbtc.hft.adapters.data.verifying import verify
from qbtc.hft.errors import BadParameter, BadSource, BrokenTape, NoTape

from .making import depth, make, snapshot, ticker, trade

START = 10**18
TEXT = (
    snapshot(START, 5, [("100.0", "1"), ("99.9", "2")], [("100.1", "3")])
    + "".join(
        depth(START + n * 10**7, 5 + n, 5 + n, [(f"{99 - n % 5}.5", str(n % 3))]) + trade(START + n * 10**7, n) for n in range(1, 40)
    )
    + ticker(START + 10**9, 99)
)  # fmt: skip


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    return make(tmp_path, TEXT).path


def changed(path: Path, name: str, at: int, by: int = 1, dtype: str = "|u1") -> None:
    """Change one value of a column, as a bad disk does."""
    values = np.memmap(path / f"{name}.bin", dtype, "r+")
    values[at] = (int(values[at]) + by) % 256 if dtype == "|u1" else values[at] + by
    values.flush()


def fix_checksum(path: Path, name: str) -> None:
    """As one does who means harm, or a faulty importer."""
    import zlib

    body = json.loads((path / "tape.json").read_text())
    body["columns"][name]["crc32"] = zlib.crc32((path / f"{name}.bin").read_bytes())
    (path / "tape.json").write_text(json.dumps(body))


def checks(path: Path) -> set[str]:
    return {problem.check for problem in verify(path).problems}


def test_a_sound_tape_is_sound(tape: Path) -> None:
    found = verify(tape)
    assert (found.sound, found.problems) == (True, ())


def test_every_changed_byte_is_found(tape: Path) -> None:
    for name in data.open(tape).columns:
        changed(tape, name, 3)
        assert checks(tape) == {"checksum"}, name
        changed(tape, name, 3, 255)
    assert checks(tape) == set()


@pytest.mark.parametrize(
    ("column", "dtype", "at", "by", "check"),
    [
        ("local", "<i8", 5, 10**12, "times"), ("first", "<u4", 3, 1000, "offsets"), ("kind", "|u1", 2, 1, "kinds"),
        ("kind", "|u1", 2, 90, "kinds"), ("tick", "<i4", 0, 4000, "book"), ("lots", "<i4", 1, -(2**31), "values"),
    ],
)  # fmt: skip
def test_columns_that_contradict_each_other_are_found_behind_a_right_checksum(
    column: str, dtype: str, at: int, by: int, check: str, tape: Path
) -> None:
    changed(tape, column, at, by, dtype)
    fix_checksum(tape, column)
    assert check in checks(tape)


def test_a_wrong_permutation_is_found(tmp_path: Path) -> None:
    late = trade(START, 1).replace('"T":2700000000000', '"T":2700000000009') + trade(START, 2)
    path = make(tmp_path, late).path
    assert data.open(path).by_exchange.tolist() == [1, 0]
    for values in ([0, 0], [0, 1], [1, 7]):
        np.array(values, "<u4").tofile(path / "exch.bin")
        fix_checksum(path, "exch")
        assert "permutation" in checks(path)


def test_missing_short_and_foreign_files_are_found(tape: Path) -> None:
    (tape / "extra.bin").write_bytes(b"x")
    assert checks(tape) == {"files"}
    (tape / "extra.bin").unlink()
    whole = (tape / "lots.bin").read_bytes()
    (tape / "lots.bin").write_bytes(whole[:-4])
    assert checks(tape) == {"files"}
    with pytest.raises(BrokenTape, match=r"lots\.bin: has \d+ bytes"):
        data.open(tape)
    (tape / "lots.bin").unlink()
    assert "is missing" in verify(tape).problems[0].text


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("format", "other", "this program reads 'qbtc-tape' version 1"), ("version", 2, "this program reads"),
        ("rows", 7, "column"), ("messages", 1, "column"), ("columns", {}, "column local is missing"), ("seq", "none", "seq is"),
        ("messages", "many", "Expected `int`"), ("gaps", [0.5], "Expected `int`"), ("rows", -1, "cannot be"), ("kinds", 3, "Expected"),
    ],
)  # fmt: skip
def test_a_tape_json_that_cannot_be_is_refused(key: str, value: object, why: str, tape: Path) -> None:
    body = json.loads((tape / "tape.json").read_text())
    (tape / "tape.json").write_text(json.dumps(body | {key: value}))
    with pytest.raises(BrokenTape, match=why):
        data.open(tape)
    assert from_json(body | {"a later field": 1}).rows == body["rows"]


def test_a_folder_without_a_tape_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(NoTape, match=r"holds no tape\.json"):
        data.open(tmp_path)
    (tmp_path / "tape.json").write_text("[]")
    with pytest.raises(BrokenTape, match="no JSON object"):
        data.open(tmp_path)


@given(
    name=st.sampled_from(["local", "lag", "first", "seq", "exch", "tick", "lots", "kind", "mark"]), data_=st.data(), seed=st.integers(0, 99)
)
def test_any_column_packs_and_comes_back_bit_for_bit(name: str, data_: st.DataObject, seed: int) -> None:
    dtype = data_.draw(st.sampled_from(DTYPES[name]))
    raw = data_.draw(st.binary(max_size=400))
    size = np.dtype(dtype).itemsize
    values = np.frombuffer(raw[: len(raw) // size * size], dtype)
    text = encode(name, values)
    assert decode(name, text, Column(dtype, len(values), 0)).tobytes() == values.tobytes()
    with pytest.raises(TapeFault):
        decode(name, text + b"x", Column(dtype, len(values), 0))


def test_a_packed_tape_comes_back_the_same_files(tape: Path) -> None:
    archive = pack(tape)
    assert archive.name == "tape.tape.zst"
    assert archive.stat().st_size < data.open(tape).info.bytes
    back = unpack(archive, tape.with_name("back"))
    names = [file.name for file in tape.iterdir()]
    assert filecmp.cmpfiles(tape, back, names, shallow=False) == (names, [], [])
    assert sorted(names) == sorted(file.name for file in back.iterdir())
    with pytest.raises(BadSource, match="exists already"):
        unpack(archive, back)


@given(at=st.integers(0, 10**6), by=st.integers(1, 255), cut=st.booleans())
def test_a_damaged_archive_leaves_no_tape(at: int, by: int, cut: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = make(Path(folder), TEXT).path
        archive = pack(path)
        raw = bytearray(archive.read_bytes())
        at %= len(raw)
        if cut:
            del raw[at:]
        else:
            raw[at] = (raw[at] + by) % 256
        archive.write_bytes(raw)
        out = Path(folder) / "back"
        try:
            unpack(archive, out)
        except BrokenTape:
            assert not out.exists()
        else:
            assert verify(out).sound


def test_an_archive_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tape.zst").write_bytes(b"no archive")
    with pytest.raises(BrokenTape, match=r"no whole \.tape\.zst archive"):
        unpack(tmp_path / "x.tape.zst")
    with pytest.raises(BadSource, match="no such file"):
        unpack(tmp_path / "nothing")


def test_tapes_are_listed_with_the_broken_ones_named(tape: Path, tmp_path: Path) -> None:
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "tape.json").write_text("{}")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "tape.json").write_text("{}")
    rows = {Path(row["path"]).name: row for row in listed(tmp_path)}
    assert sorted(rows) == ["bad", "tape"]
    assert (rows["tape"]["symbol"], rows["tape"]["error"]) == ("BTCUSDT", None)
    assert "this program reads" in rows["bad"]["error"]


@pytest.mark.parametrize("suffix", [".png", ".svg"])
def test_a_tape_is_drawn(suffix: str, tape: Path, tmp_path: Path) -> None:
    out = plot(data.open(tape), tmp_path / f"picture{suffix}")
    head = out.read_bytes()[:300]
    assert head.startswith(b"\x89PNG") if suffix == ".png" else b"<svg" in head or b"<?xml" in head
    with pytest.raises(BadSource, match="cannot be drawn"):
        plot(data.open(tape), tmp_path / "x.gif")


@pytest.mark.parametrize("text", [trade(START, 1) + trade(START + 5, 2), ticker(START, 1) + ticker(START + 9, 2), trade(START, 1)])
def test_tapes_without_a_book_are_drawn_too(text: str, tmp_path: Path) -> None:
    assert plot(data.open(make(tmp_path, text).path), tmp_path / "p.png").exists()


def test_polars_gets_rows_messages_and_times_in_utc(tape: Path) -> None:
    opened = data.open(tape)
    rows = data.to_polars(opened)
    assert (len(rows), len(data.to_polars(opened, "messages"))) == (opened.info.rows, len(opened))
    assert rows["kind"].to_list()[:3] == ["SNAPSHOT"] * 3
    assert rows["price"].to_list()[:3] == pytest.approx([100.0, 99.9, 100.1])
    assert rows["ask"].to_list()[:3] == [False, False, True]
    assert str(rows["local"][0]) == "2001-09-09 01:46:40+00:00"
    with pytest.raises(BadParameter, match="no table 'ticks'"):
        data.to_polars(opened, "ticks")  # type: ignore[arg-type]


def test_duckdb_answers_sql_over_a_tape(tape: Path) -> None:
    with data.to_duckdb(data.open(tape)) as connection:
        found = connection.execute("select kind, count(*) from messages group by kind order by kind").fetchall()
        assert found == [("DEPTH", 39), ("SNAPSHOT", 1), ("TICKER", 1), ("TRADE", 39)]
        assert connection.execute("select count(*) from rows").fetchall() == [(data.open(tape).info.rows,)]


def test_without_duckdb_the_error_says_what_to_install(tape: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(BadParameter, match="duckdb is not installed") as caught:
        data.to_duckdb(data.open(tape))
    assert "qbtc[research]" in str(caught.value.allowed)


def test_the_python_interface_imports_and_opens(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text("when,price,qty,side\n1,1.5,2,buy\n")
    made = data.importing(tmp_path / "own.csv", tmp_path / "t", symbol="X", columns={"time": "when"})
    assert repr(data.open(made.path)) == "<Tape X generic: 1 messages, 1 rows>"


def test_crossed_tickers_and_ids_that_were_not_told_of_are_found(tmp_path: Path) -> None:
    crossed = make(tmp_path, ticker(START, 1, "2.00", "1.00"), out="crossed").path
    assert checks(crossed) == {"book"}
    path = make(tmp_path, "".join(trade(START + n, n) for n in range(1, 9)), out="ids").path
    changed(path, "seq", 4, -3, "<i4")
    fix_checksum(path, "seq")
    assert checks(path) == {"ids"}


def test_a_sound_tape_of_a_source_with_gaps_is_sound_and_not_complete(tmp_path: Path) -> None:
    gap = make(tmp_path, snapshot(START, 5) + depth(START + 1, 6, 6) + depth(START + 2, 9, 9), out="gap").path
    headless = make(tmp_path, depth(START + 1, 6, 6), out="headless").path
    whole = make(tmp_path, snapshot(START, 5) + depth(START + 1, 6, 6), out="whole").path
    assert [(verify(path).sound, verify(path).complete) for path in (gap, headless, whole)] == [(True, False), (True, False), (True, True)]
