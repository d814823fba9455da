"""Public dumps, Tardis files and tables of a person's own: the kind is found by content, the values are exact."""

from __future__ import annotations

import gzip
import io
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.replay import final_book
from qbtc.core.market.tape.tape import Tape
from qbtc.hft.adapters.data.importing import Imported, Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.adapters.data.verifying import verify
from qbtc.hft.errors import BadSource

from .making import recorded

MS = 1_723_161_600_000


def brought(folder: Path, name: str, text: str | bytes, **options: object) -> Imported:
    data = text.encode() if isinstance(text, str) else text
    if name.endswith(".zip"):
        raw = io.BytesIO()
        with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name.replace(".zip", ".csv"), data)
        data = raw.getvalue()
    elif name.endswith(".gz"):
        data = gzip.compress(data)
    (folder / name).write_bytes(data)
    return import_tape([folder / name], folder / f"{name}.tape", Options(**options))  # type: ignore[arg-type]


def rows_of(tape: Tape) -> list[tuple[int, float, float]]:
    """(bits, price, quantity)"""
    return [
        (int(t) & 3, round(float(p), 8), round(float(q), 8))
        for t, p, q in zip(tape.tick, tape.prices, tape.quantities, strict=True)
    ]


SPOT_TRADES = f"7,61837.63,0.02,1236.75,{MS},True,True\n8,61837.64,0.5,30918.82,{MS + 5},False,True\n"
UM_TRADES = f"id,price,qty,quote_qty,time,is_buyer_maker\n7,61800.3,0.006,370.8,{MS},false\n8,61800.2,0.5,3.1,{MS + 9},true\n"
SPOT_AGG = f"17,0.1,5,100,105,{MS}000,True,True\n18,0.2,6,106,106,{MS + 1}000,False,True\n"
UM_AGG = f"agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker\n17,0.1,5,1,2,{MS},true\n18,0.2,6,3,3,{MS + 1},false\n"


@pytest.mark.parametrize(
    ("name", "text", "venue", "first", "ids", "rows"),
    [
        ("BTCUSDT-trades-2024-08-09.zip", SPOT_TRADES, "binance-spot", MS, [7, 8], [(3, 61837.63, 0.02), (2, 61837.64, 0.5)]),
        ("BTCUSDT-trades-2024-08-09.zip", UM_TRADES, "binance-usdm", MS, [7, 8], [(2, 61800.3, 0.006), (3, 61800.2, 0.5)]),
        ("XRPUSDT-aggTrades-2025-01-01.zip", SPOT_AGG, "binance-spot", MS, [17, 18], [(3, 0.1, 5), (2, 0.2, 6)]),
        ("XRPUSDT-aggTrades-2024-08-09.csv", UM_AGG, "binance-usdm", MS, [17, 18], [(3, 0.1, 5), (2, 0.2, 6)]),
        ("XRPUSDT-aggTrades-2024-08-09.csv", UM_AGG.partition("\n")[2], "binance-usdm", MS, [17, 18], [(3, 0.1, 5), (2, 0.2, 6)]),
    ],
)  # fmt: skip
def test_dumps_of_trades_are_found_by_their_content_in_ms_and_us_with_and_without_header(
    name: str, text: str, venue: str, first: int, ids: list[int], rows: list[tuple[int, float, float]], tmp_path: Path
) -> None:
    made = brought(tmp_path, name, text)
    tape = open_tape(made.path)
    assert (tape.symbol, made.info.venue) == (name.partition("-")[0], venue)
    assert int(tape.local[0]) == first * 1_000_000
    assert tape.seq is not None
    assert tape.seq.tolist() == ids
    assert rows_of(tape) == rows
    assert made.info.kind == Kind.TRADE
    assert verify(made.path).sound


def test_klines_become_bars_at_their_close(tmp_path: Path) -> None:
    text = f"{MS},1.5,2.5,0.5,2.25,123456789012.5,{MS + 59_999},7,9,1,2,0\n{MS + 60_000},2,3,1,2,0,{MS + 119_999},0,0,0,0,0\n"
    made = brought(tmp_path, "BTCUSDT-1m-2024-08-09.zip", text)
    tape = open_tape(made.path)
    assert tape.local.tolist() == [(MS + 59_999) * 10**6, (MS + 119_999) * 10**6]
    assert (tape.info.symbol, tape.info.tick_size, len(tape.tick)) == ("BTCUSDT", "0.01", 0)
    bars = tape.special(Kind.BAR)
    assert {name: (values * (1 if name == "bar_volume" else tape.tick_size)).tolist() for name, values in bars.items()} == {
        "bar_open": [1.5, 2], "bar_high": [2.5, 3], "bar_low": [0.5, 1], "bar_close": [2.25, 2], "bar_volume": [123456789012.5, 0],
    }  # fmt: skip
    assert verify(made.path).sound


def test_book_tickers_and_book_depth_of_futures_are_read(tmp_path: Path) -> None:
    header = "update_id,best_bid_price,best_bid_qty,best_ask_price,best_ask_qty,transaction_time,event_time\n"
    tape = open_tape(brought(tmp_path, "BTCUSDT-bookTicker-2024-01-01.zip", f"{header}5,1.5,2,1.6,3,{MS},{MS}\n").path)
    assert rows_of(tape) == [(0, 1.5, 2), (1, 1.6, 3)]
    depth = "timestamp,percentage,depth,notional\n2024-08-09 00:00:06,-5,8291.842,493e6\n2024-08-09 00:00:06,5,1,2\n"
    bands = open_tape(brought(tmp_path, "BTCUSDT-bookDepth-2024-08-09.zip", depth).path)
    assert bands.info.kinds == {"BANDS": 2}
    assert [bands.columns[f"band_{name}"].tolist() for name in ("percent", "volume", "notional")] == [[-5, 5], [8291.842, 1], [493e6, 2]]
    assert int(bands.local[0]) == 1_723_161_606 * 10**9


TARDIS = "exchange,symbol,timestamp,local_timestamp,is_snapshot,side,price,amount\n"


def test_tardis_books_group_their_lines_into_updates_and_snapshots(tmp_path: Path) -> None:
    us = MS * 1000
    body = "".join(
        f"binance,BTCUSDT,{us + t},{us + t + 7},{shot},{side},{price},{amount}\n"
        for t, shot, side, price, amount in (
            (0, "true", "bid", "1.5", "2"), (0, "true", "ask", "1.6", "1e-06"), (5, "false", "bid", "1.5", "0"),
            (5, "false", "bid", "1.4", "9"), (9, "false", "ask", "1.7", "4"),
        )
    )  # fmt: skip
    made = brought(tmp_path, "binance_incremental_book_L2_2024-08-09_BTCUSDT.csv.gz", TARDIS + body)
    tape = open_tape(made.path)
    assert (tape.symbol, tape.kind.tolist(), np.diff(tape.first).tolist()) == ("BTCUSDT", [3, 1, 1], [2, 2, 1])
    assert tape.lag.tolist() == [7000] * 3
    assert tape.seq is None
    assert final_book(tape).top(3, 0) == [(14, 9_000_000)]
    assert verify(made.path).sound


@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=40), block=st.integers(1, 12))
def test_an_update_that_spans_blocks_of_lines_stays_one_message(sizes: list[int], block: int) -> None:
    from qbtc.hft.adapters.data import tables

    body = "".join(
        f"binance,BTCUSDT,{MS * 1000 + n},{MS * 1000 + n},false,bid,{level + 1},1\n" for n, size in enumerate(sizes) for level in range(size)
    )
    before, tables.LINES = tables.LINES, block
    try:
        with tempfile.TemporaryDirectory() as folder:
            tape = open_tape(brought(Path(folder), "x.csv", TARDIS + body).path)
            assert np.diff(tape.first).tolist() == sizes
            assert (tape.tick >> 2).tolist() == [level + 1 for size in sizes for level in range(size)]
    finally:
        tables.LINES = before


def test_other_tardis_files_are_read(tmp_path: Path) -> None:
    us = MS * 1000
    trades = f"exchange,symbol,timestamp,local_timestamp,id,side,price,amount\nbinance,X,{us},{us + 1},77,sell,1.5,2\nbinance,X,{us},{us + 1},8f-a,buy,1.5,2\n"
    tape = open_tape(brought(tmp_path, "t.csv", trades).path)
    assert (rows_of(tape), tape.seq.tolist() if tape.seq is not None else None) == ([(3, 1.5, 2), (2, 1.5, 2)], [77, -1])
    ticker = f"exchange,symbol,timestamp,local_timestamp,ask_amount,ask_price,bid_price,bid_amount\nb,X,{us},{us},3,1.6,1.5,2\nb,X,{us},{us},,,1.5,2\n"
    assert rows_of(open_tape(brought(tmp_path, "b.csv", ticker).path)) == [(0, 1.5, 2), (1, 1.6, 3), (0, 1.5, 2), (1, 0, 0)]
    names = ",".join(f"{side}[{n}].{what}" for n in (0, 1) for side in ("asks", "bids") for what in ("price", "amount"))
    shots = f"exchange,symbol,timestamp,local_timestamp,{names}\nb,X,{us},{us},1.6,3,1.5,2,1.7,4,1.4,5\nb,X,{us + 1},{us + 1},1.6,3,1.5,2,,,1.4,5\n"
    book = open_tape(brought(tmp_path, "s.csv", shots).path)
    assert (book.kind.tolist(), np.diff(book.first).tolist()) == ([3, 3], [4, 3])
    assert rows_of(book)[:4] == [(0, 1.5, 2), (0, 1.4, 5), (1, 1.6, 3), (1, 1.7, 4)]


def test_a_table_of_ones_own_is_read_by_its_mapping(tmp_path: Path) -> None:
    text = "when;ignored\n".replace(";", ",px,amt,dir,") + "2024-08-09T00:00:00.5Z,1.5,2,BUY,x\n1723161601,1.6,3,sell,y\n"
    made = brought(tmp_path, "own.csv", text, symbol="X-Y", mapping={"time": "when", "price": "px", "quantity": "amt", "side": "dir"})
    tape = open_tape(made.path)
    assert rows_of(tape) == [(2, 1.5, 2), (3, 1.6, 3)]
    assert tape.local.tolist() == [MS * 10**6 + 500_000_000, (MS + 1000) * 10**6]


def test_depth_tickers_bars_and_orders_of_ones_own_are_told_apart_by_their_columns(tmp_path: Path) -> None:
    depth = f"ts,local_ts,side,price,qty,is_snapshot,seq\n{MS},{MS},bid,1,2,true,5\n{MS},{MS},ask,2,2,true,5\n{MS + 1},{MS + 1},bid,1,0,false,6\n"
    tape = open_tape(brought(tmp_path, "d.csv", depth, symbol="X").path)
    assert (tape.kind.tolist(), tape.seq.tolist() if tape.seq is not None else None) == ([3, 1], [5, 6])
    ticker = f"time,bid,bid_size,ask,ask_size\n{MS},1,2,3,4\n"
    assert brought(tmp_path, "t.csv", ticker, symbol="X").info.kinds == {"TICKER": 1}
    bars = f"date,open,high,low,close,volume\n{MS},1,2,0.5,1,0.12345678901234\n"
    assert open_tape(brought(tmp_path, "b.csv", bars, symbol="X").path).columns["bar_volume"].tolist() == [0.12345678901234]
    orders = (
        "timestamp,action,order_id,side,price,size\n"
        f"{MS},add,901,bid,1.5,10\n{MS + 1},modify,901,bid,1.5,8\n{MS + 2},fill,901,bid,1.5,3\n{MS + 3},cancel,901,bid,1.5,0\n{MS + 4},clear,0,bid,0,0\n"
    )
    made = brought(tmp_path, "o.csv", orders, symbol="X")
    tape = open_tape(made.path)
    assert tape.kind.tolist() == [Kind.ADD, Kind.MODIFY, Kind.FILL, Kind.CANCEL, Kind.CLEAR]
    assert tape.order is not None
    assert tape.order.tolist() == [901] * 4
    assert [int(t) & 3 for t in tape.tick] == [0, 0, 3, 0]
    assert verify(made.path).sound


def test_parquet_is_read_as_the_same_table_in_csv(tmp_path: Path) -> None:
    import polars as pl

    frame = pl.DataFrame({
        "ts": pl.Series([MS, MS + 1]).cast(pl.Datetime("ms", "UTC")), "price": [61837.63, 0.00000012], "qty": [1e-8, 123456.5],
        "side": ["buy", "sell"],
    })  # fmt: skip
    frame.write_parquet(tmp_path / "own.parquet")
    made = import_tape([tmp_path / "own.parquet"], tmp_path / "p", Options(symbol="X"))
    tape = open_tape(made.path)
    assert rows_of(tape) == [(2, 61837.63, 1e-8), (3, 0.00000012, 123456.5)]
    assert tape.local.tolist() == [MS * 10**6, (MS + 1) * 10**6]
    assert made.info.sources[0].blake2b


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("time,price,qty,side\n1,1.5,2,up\n", "x.csv, line 2: column side: 'up' is not a word"),
        ("time,price,qty,side\n1,1.5,2,buy\n1,abc,2,buy\n", "x.csv, line 3: column price: 'abc' is not a number"),
        ("time,price,qty,side\n1,1.123456789,2,buy\n", "column price: '1.123456789' has more than 8 decimal places"),
        ("time,price,qty,side\nsoon,1,2,buy\n", "column time: 'soon' is no time"),
        ("time,price,qty,side\n1,1,2\n", "line 2: has another number of fields"),
        ("time,price,qty,side\n1,1,-2,buy\n", "column qty: '-2' is not a number"),
        ("time,price,qty,side\n1,20000000000,2,buy\n", "is too large"),
        ("time,price,side\n1,1,buy\n", "none of the kinds"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_with_file_line_column_and_value(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadSource) as caught:
        brought(tmp_path, "x.csv", text, symbol="X")
    assert why in str(caught.value)


def test_bad_lines_of_a_table_are_left_out_on_request(tmp_path: Path) -> None:
    made = brought(tmp_path, "x.csv", "time,price,qty,side\n1,x,2,buy\n2,1,2,buy\n3\n", symbol="X", keep_going=True)
    assert (made.refused, made.info.messages) == (2, 1)
    assert [f.line for f in made.info.findings] == [2, 4]


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"mapping": {"time": "nowhere"}}, "--map names the column 'nowhere'"),
        ({"mapping": {"colour": "time"}}, "--map names the role 'colour'"),
        ({"kind": "bars"}, "bars needs close, high, low, open, time, volume"),
        ({"kind": "binance-klines"}, "binance-klines has 12 columns or more, not 4"),
        ({"kind": "binance-raw"}, "holds no frames"),
    ],
)
def test_a_kind_or_mapping_that_does_not_fit_is_refused(options: dict[str, object], why: str, tmp_path: Path) -> None:
    with pytest.raises(BadSource) as caught:
        brought(tmp_path, "x.csv", "time,price,qty,side\n1,1,2,buy\n", symbol="X", **options)
    assert why in str(caught.value)


def test_a_damaged_zip_or_one_of_many_files_is_refused(tmp_path: Path) -> None:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("a.csv", "1")
        archive.writestr("b.csv", "2")
    with pytest.raises(BadSource, match="holds 2 files"):
        (tmp_path / "two.zip").write_bytes(raw.getvalue())
        import_tape([tmp_path / "two.zip"], tmp_path / "x", Options())


def test_a_symbol_that_the_source_does_not_name_must_be_given(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="do not name their symbol"):
        brought(tmp_path, "x.csv", "time,price,qty,side\n1,1,2,buy\n")


def test_the_recorded_bars_are_what_python_reads(tmp_path: Path) -> None:
    import csv
    from datetime import UTC, datetime

    path = recorded("btc_perp_1m_202201.csv")
    tape = open_tape(import_tape([path], tmp_path / "bars", Options(symbol="BTC-PERP")).path)
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert len(tape) == len(rows) == tape.info.kinds["BAR"]
    for name in ("open", "high", "low", "close"):
        assert np.allclose(tape.columns[f"bar_{name}"] * tape.tick_size, [float(row[name]) for row in rows], rtol=1e-14)
    assert np.allclose(tape.columns["bar_volume"], [float(row["volume"]) for row in rows], rtol=4e-16)
    moments = [datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC) for row in rows]
    assert tape.local.tolist() == [int(moment.timestamp()) * 10**9 for moment in moments]
