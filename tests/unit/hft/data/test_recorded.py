"""The compiled reading of real recordings equals a plain one: every column, every row, and the book at the end."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.replay import crossed, final_book
from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.adapters.data.verifying import verify

from .making import assert_same, of_tape, read_plain, recorded

SETS = {
    "usdm": ("usdm_btcusdt_20240808.gz",),
    "spot-two-days": ("spot_btcusdt_20240808.gz", "spot_btcusdt_20240809.gz"),
    "spot-eth": ("spot_ethusdt_20240808.gz",),
}


def lines_of(path: Path) -> list[bytes]:
    return gzip.decompress(path.read_bytes()).splitlines(keepends=True)


@pytest.mark.parametrize("name", SETS)
def test_a_recording_becomes_the_rows_and_the_book_that_a_plain_reading_gives(name: str, tmp_path: Path) -> None:
    files = [recorded(file) for file in SETS[name]]
    made = import_tape(files, tmp_path / "tape", Options())
    tape = open_tape(made.path)
    plain = read_plain(files, of_tape(tape), futures=name == "usdm")
    assert_same(tape, plain)
    assert final_book(tape) == plain.book
    assert crossed(tape) == (0, -1)
    assert verify(made.path).sound
    assert not tape.info.gaps


@pytest.mark.parametrize("name", SETS)
def test_a_recorded_row_costs_at_most_sixteen_bytes(name: str, tmp_path: Path) -> None:
    info = import_tape([recorded(file) for file in SETS[name]], tmp_path / "tape", Options()).info
    assert info.bytes / info.rows <= 16


@pytest.mark.parametrize("name", ["usdm_btcusdt_20240808.gz", "spot_btcusdt_20240808.gz"])
def test_book_tickers_alone_cost_at_most_sixteen_bytes_a_row(name: str, tmp_path: Path) -> None:
    only = b"".join(line for line in lines_of(recorded(name)) if b"@bookTicker" in line)
    (tmp_path / "only").write_bytes(only)
    made = import_tape([tmp_path / "only"], tmp_path / "tape", Options())
    assert made.info.kind == Kind.TICKER
    assert made.info.rows == 2 * only.count(b"\n")
    assert made.info.bytes / made.info.rows <= 16


def test_symbols_recorded_into_one_file_are_told_apart(tmp_path: Path) -> None:
    """Lines of two real recordings merged by time, as one recorder writes them: snapshots name no symbol."""
    both = [
        line for name in ("spot_btcusdt_20240808.gz", "spot_ethusdt_20240808.gz") for line in lines_of(recorded(name))
    ]  # fmt: skip
    both.sort(key=lambda line: int(line.split(b" ", 1)[0]))
    (tmp_path / "both").write_bytes(b"".join(both))
    for symbol, file in (("ETHUSDT", "spot_ethusdt_20240808.gz"), ("BTCUSDT", "spot_btcusdt_20240808.gz")):
        mixed = open_tape(import_tape([tmp_path / "both"], tmp_path / symbol, Options(symbol=symbol)).path)
        alone = open_tape(import_tape([recorded(file)], tmp_path / f"{symbol}-alone", Options()).path)
        assert mixed.columns.keys() == alone.columns.keys()
        assert all(np.array_equal(mixed.columns[name], alone.columns[name]) for name in alone.columns)
