"""Order-by-order data from a table to a tape: what cannot be is located, what is there can be looked at."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from qbtc.cli.data import data as command
from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.orders import levelled
from qbtc.core.market.tape.replay import final_book
from qbtc.core.market.tape.tape import Tape
from qbtc.hft.adapters.data.importing import Imported, Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.adapters.data.plotting import plot
from qbtc.hft.adapters.data.verifying import verify
from qbtc.hft.errors import BadSource
from qbtc.testing.order_flow import Shape, order_csv, order_flow, order_tape

HEAD = "time,action,order,side,price,quantity\n"
AT = 1_700_000_000_000


def line(n: int, text: str) -> str:
    return f"{AT + n},{text}\n"


GOOD = [line(0, "add,1,bid,100.0,0.005"), line(1, "add,2,ask,100.2,0.004"), line(2, "add,3,bid,100.0,0.003")]


def brought(folder: Path, lines: list[str], *, keep_going: bool = False) -> Imported:
    (folder / "o.csv").write_text(HEAD + "".join(lines))
    return import_tape([folder / "o.csv"], folder / "tape", Options(symbol="X", tick="0.1", lot="0.001", keep_going=keep_going))


@pytest.mark.parametrize("shape", [Shape(), Shape(lag=(1_000, 30_000_000), ordered=False)])
def test_a_tape_of_orders_is_what_its_table_says(shape: Shape, tmp_path: Path) -> None:
    events = order_flow(3, 2_000, shape)
    (tmp_path / "o.csv").write_text(order_csv(events))
    made = import_tape([tmp_path / "o.csv"], tmp_path / "tape", Options(symbol="FLOW", tick="0.1", lot="0.001"))
    tape, same = open_tape(made.path), order_tape(events)
    assert verify(made.path).complete
    for name in ("local", "lag", "kind", "tick", "lots", "order"):
        assert np.array_equal(getattr(tape, name), getattr(same, name)), name
    assert final_book(tape).difference(final_book(same)) == ([], [])
    assert final_book(tape).best_bid is not None


def test_trades_among_the_orders_are_kept_and_give_way_to_fills(tmp_path: Path) -> None:
    trade, fill = line(3, "trade,0,sell,100.0,0.001"), line(4, "fill,1,bid,100.0,0.001")
    tape = open_tape(brought(tmp_path, [*GOOD, trade]).path)
    assert (tape.kind[-1], int(tape.tick[-1])) == (Kind.TRADE, 1000 << 2 | 3)
    (tmp_path / "two").mkdir()
    both = open_tape(brought(tmp_path / "two", [*GOOD, trade, fill]).path)
    assert levelled(both).tape.info.kinds == {"DEPTH": 4, "TRADE": 1}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("fill,9,bid,100.0,0.001", "o.csv, line 5: fill of order 9: no such order is there"),
        ("add,1,bid,100.0,0.001", "o.csv, line 5: add of order 1: an order of this id is there already"),
        ("fill,1,bid,100.0,0.006", "o.csv, line 5: fill of order 1: is for more than is left"),
        ("cancel,1,ask,100.0,0", "o.csv, line 5: cancel of order 1: the order is on the other side"),
        ("cancel,1,bid,100.1,0", "o.csv, line 5: cancel of order 1: the order is at another price"),
        ("modify,1,bid,100.0,0", "o.csv, line 5: modify of order 1: its quantity"),
        ("boost,1,bid,100.0,0", r"o.csv, line 5: column action: 'boost' is not a word that is known here"),
    ],
)
def test_an_event_that_cannot_be_ends_the_import_with_its_line(text: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(BadSource, match=why):
        brought(tmp_path, [*GOOD, line(3, text)])
    assert not (tmp_path / "tape").exists()


def test_an_import_that_keeps_going_passes_over_such_events_and_tells_of_them(tmp_path: Path) -> None:
    lines = [*GOOD, line(3, "fill,9,bid,100.0,0.001"), line(4, "fill,1,bid,100.0,0.002"), line(5, "cancel,8,bid,0,0")]
    made = brought(tmp_path, lines, keep_going=True)
    assert made.info.finding_counts == {"unknown_order": 2}
    assert [(f.line, f.message) for f in made.info.findings] == [(5, 3), (7, 5)]
    found = verify(made.path)
    assert (found.sound, found.complete) == (True, False)
    assert final_book(open_tape(made.path)).top(2, 0) == [(1000, 6)]


def test_an_order_that_crosses_the_book_is_noted_and_taken(tmp_path: Path) -> None:
    made = brought(tmp_path, [*GOOD, line(3, "add,4,ask,100.0,0.001")])
    assert made.info.finding_counts == {"crossed": 1}
    assert made.info.findings[0].line == 5
    assert verify(made.path).complete


def test_orders_and_other_data_make_no_tape_together(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(HEAD + "".join(GOOD))
    (tmp_path / "t.csv").write_text(f"time,price,quantity,side\n{AT},100.0,0.001,buy\n")
    with pytest.raises(BadSource, match=r"orders \(l3\) and other data cannot make one tape"):
        import_tape([tmp_path / "o.csv", tmp_path / "t.csv"], tmp_path / "tape", Options(symbol="X"))


def test_a_tape_whose_orders_were_changed_is_not_sound(tmp_path: Path) -> None:
    made = brought(tmp_path, [*GOOD, line(3, "cancel,1,bid,100.0,0")])
    tape = open_tape(made.path, private=True)
    tape.columns["order"][3] = 7
    (made.path / "order.bin").write_bytes(np.asarray(tape.columns["order"]).tobytes())
    from isal import isal_zlib

    body = json.loads((made.path / "tape.json").read_text())
    body["columns"]["order"]["crc32"] = isal_zlib.crc32(np.asarray(tape.columns["order"]).tobytes())
    (made.path / "tape.json").write_text(json.dumps(body))
    [problem] = verify(made.path).problems
    assert (problem.check, problem.text[:44]) == ("orders", "message 3: cancel of order 7: no such order ")


def test_the_list_says_what_a_tape_holds_and_the_picture_draws_it(tmp_path: Path) -> None:
    (tmp_path / "o.csv").write_text(order_csv(order_flow(4, 1_000)))
    import_tape([tmp_path / "o.csv"], tmp_path / "tapes" / "o", Options(symbol="FLOW"))
    shown = CliRunner().invoke(command, ["ls", str(tmp_path / "tapes")])
    assert [row.split()[2] for row in shown.output.splitlines()] == ["holds", "L3"]
    picture = plot(open_tape(tmp_path / "tapes" / "o"), tmp_path / "o.png")
    assert picture.stat().st_size > 20_000


def test_what_orders_make_can_be_asked_for(tmp_path: Path) -> None:
    found = levelled(order_tape(order_flow(5, 500)))
    assert isinstance(found.tape, Tape)
    assert found.tape.columns["mark"].dtype == np.int64


# ---- hftbacktest's files

EVENTS = np.dtype(
    [("ev", "u8"), ("exch_ts", "i8"), ("local_ts", "i8"), ("px", "f8"), ("qty", "f8"), ("order_id", "u8"), ("ival", "i8"), ("fval", "f8")]
)
BOTH, BUY, SELL = 3 << 30, 1 << 29, 1 << 28


def saved(folder: Path, rows: list[tuple[int, int, int, float, float, int]]) -> Path:
    np.savez_compressed(folder / "events.npz", data=np.array([(*row, 0, 0.0) for row in rows], EVENTS))
    return folder / "events.npz"


def test_events_of_hftbacktest_make_the_tape_that_they_were_written_from(tmp_path: Path) -> None:
    replay_events = pytest.importorskip("bench.peers.replay_events")
    events = order_flow(6, 1_500)
    replay_events.write_orders(events, tmp_path / "events.npz", tick_size=0.1, lot_size=0.001)
    made = import_tape([tmp_path / "events.npz"], tmp_path / "tape", Options(symbol="FLOW", tick="0.1", lot="0.001"))
    tape = open_tape(made.path)
    assert verify(made.path).complete
    assert final_book(tape).difference(final_book(order_tape(events))) == ([], [])
    mine, theirs = levelled(tape).tape, levelled(order_tape(events)).tape
    for name in ("tick", "lots"):
        trades = [t.columns[name][np.asarray(t.first)[t.of(Kind.TRADE)].astype(np.int64)] for t in (mine, theirs)]
        assert np.array_equal(*trades)


def test_rows_that_only_the_exchange_side_reads_are_the_twins_of_others(tmp_path: Path) -> None:
    rows = [
        (10 | BOTH | BUY, 1_700_000_000_000_000_000, 1_700_000_000_000_000_009, 0.1 * 3, 0.5, 7),
        (13 | 1 << 31 | BUY, 1_700_000_000_000_000_001, 1_700_000_000_000_000_020, 0.3, 0.2, 7),
        (13 | 1 << 30 | BUY, 1_700_000_000_000_000_001, 1_700_000_000_000_000_020, 0.3, 0.2, 7),
    ]
    made = import_tape([saved(tmp_path, rows)], tmp_path / "tape", Options(symbol="X"))
    tape = open_tape(made.path)
    assert (tape.kind.tolist(), tape.prices.tolist(), tape.quantities.tolist()) == (
        [Kind.ADD, Kind.FILL], pytest.approx([0.3, 0.3]), pytest.approx([0.5, 0.2])
    )  # fmt: skip
    assert tape.lag.tolist() == [9, 19]


@pytest.mark.parametrize(
    ("flags", "what"),
    [(1 | BOTH | BUY, r"is levels \(L2\)"), (3 | BOTH | BUY, "is the clearing of one side"), (77 | BOTH, "is an event of kind 77")],
)
def test_events_that_are_no_orders_are_refused_with_their_line(flags: int, what: str, tmp_path: Path) -> None:
    at = 1_700_000_000_000_000_000
    path = saved(tmp_path, [(10 | BOTH | BUY, at, at, 1.0, 1.0, 1), (flags, at, at, 1.0, 1.0, 2)])
    with pytest.raises(BadSource, match=f"events.npz, line 3: {what}"):
        import_tape([path], tmp_path / "tape", Options(symbol="X"))


def test_an_array_that_holds_no_events_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", data=np.zeros(3, [("ev", "u8")]))
    with pytest.raises(BadSource, match="holds no events: fields exch_ts"):
        import_tape([tmp_path / "other.npz"], tmp_path / "tape", Options(symbol="X"))
