"""Recorded text for tests of the data store, and a plain reading of it that the compiled one is compared with."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from qbtc.core.binance.messages import BookTicker, DepthUpdate, Snapshot, Trade, to_diff, to_snapshot
from qbtc.core.market.book import Book, LocalBook
from qbtc.core.market.instrument import Instrument, instrument
from qbtc.core.market.replay import merge, parse
from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.tape import Tape
from qbtc.hft.adapters.data.importing import Imported, Options, import_tape
from qbtc.testing.data import MARKET

BASE = 1_700_000_000_000


def line(at: int, data: dict[str, object], stream: str = "") -> str:
    body = {"stream": stream, "data": data} if stream else data
    return f"{at} {json.dumps(body, separators=(',', ':'))}\n"


def snapshot(at: int, last: int, bids: object = (), asks: object = (), **more: int) -> str:
    return line(at, {"lastUpdateId": last, **more, "bids": list(bids), "asks": list(asks)})  # type: ignore[call-overload]


def depth(at: int, first: int, last: int, bids: object = (), asks: object = (), *, symbol: str = "BTCUSDT", **more: int) -> str:
    data = {"e": "depthUpdate", "E": BASE + at // 1_000_000, "s": symbol, "U": first, "u": last, **more}
    return line(at, data | {"b": list(bids), "a": list(asks)}, f"{symbol.lower()}@depth")  # type: ignore[call-overload]


def trade(at: int, number: int, price: str = "1.00", quantity: str = "1", *, maker: bool = False, symbol: str = "BTCUSDT") -> str:
    time = BASE + at // 1_000_000
    data = {"e": "trade", "E": time, "s": symbol, "t": number, "p": price, "q": quantity, "T": time, "m": maker}
    return line(at, data, f"{symbol.lower()}@trade")


def ticker(at: int, last: int, bid: str = "1.00", ask: str = "1.01", *, symbol: str = "BTCUSDT") -> str:
    return line(at, {"u": last, "s": symbol, "b": bid, "B": "1", "a": ask, "A": "2"}, f"{symbol.lower()}@bookTicker")


def make(folder: Path, *texts: str | bytes, name: str = "source", out: str = "tape", **options: object) -> Imported:
    """One tape of one source file a text."""
    paths = []
    for number, text in enumerate(texts):
        path = folder / f"{name}{number or ''}"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        paths.append(path)
    return import_tape(paths, folder / out, Options(**options))  # type: ignore[arg-type]


def recorded(name: str) -> Path:
    path = MARKET / name
    if not path.exists():
        pytest.skip(f"no recording at {path}; set QBTC_DATA")
    return path


@dataclass
class Plain:
    """A recording read with json and plain loops."""

    local: list[int] = field(default_factory=list)
    exchange: list[int] = field(default_factory=list)
    """0: the frame has no time."""
    kind: list[int] = field(default_factory=list)
    seq: list[int] = field(default_factory=list)
    count: list[int] = field(default_factory=list)
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(tick, lots, side, trade)"""
    book: Book = field(default_factory=Book)


def read_plain(paths: Iterable[Path], item: Instrument, *, futures: bool) -> Plain:
    """The oracle: core.market.replay's parser, core.binance.messages and LocalBook."""
    found, local = Plain(), LocalBook(futures=futures)
    opened = [gzip.decompress(p.read_bytes()).splitlines() for p in paths]
    frames = merge([parse("x", lines) for lines in opened])
    for frame in frames:
        event = frame.event
        if isinstance(event, Snapshot):
            shot = to_snapshot(item, event)
            _add(found, frame.time, Kind.SNAPSHOT, shot.last_id, _levels(shot.bids, shot.asks))
            local.on_snapshot(shot)
        elif isinstance(event, DepthUpdate):
            diff = to_diff(item, event)
            _add(found, frame.time, Kind.DEPTH, diff.last, _levels(diff.bids, diff.asks))
            local.on_diff(diff)
        elif isinstance(event, Trade):
            row = (item.to_ticks(event.price), item.to_lots(event.quantity), int(event.buyer_is_maker), 1)
            _add(found, frame.time, Kind.TRADE, event.trade_id, [row])
        elif isinstance(event, BookTicker):
            bid = (item.to_ticks(event.bid), item.to_lots(event.bid_quantity), 0, 0)
            ask = (item.to_ticks(event.ask), item.to_lots(event.ask_quantity), 1, 0)
            _add(found, frame.time, Kind.TICKER, event.update_id, [bid, ask])
    found.exchange = _times(opened)
    found.book = local.book
    assert local.synced
    return found


def _times(opened: list[list[bytes]]) -> list[int]:
    """Exchange times in order of receipt: T, else E, else 0."""
    stamped = [(int(text.split(b" ", 1)[0]), text) for lines in opened for text in lines]
    times = []
    for _, text in sorted(stamped, key=lambda pair: pair[0]):
        outer = json.loads(text.split(b" ", 1)[1])
        data = outer.get("data", outer)
        times.append((data.get("T") or data.get("E") or 0) * 1_000_000)
    return times


def _levels(bids: Iterable[tuple[int, int]], asks: Iterable[tuple[int, int]]) -> list[tuple[int, int, int, int]]:
    return [(t, q, 0, 0) for t, q in bids] + [(t, q, 1, 0) for t, q in asks]


def _add(found: Plain, local: int, kind: Kind, seq: int, rows: list[tuple[int, int, int, int]]) -> None:
    found.local.append(local)
    found.kind.append(int(kind))
    found.seq.append(seq)
    found.count.append(len(rows))
    found.rows += rows


def assert_same(tape: Tape, plain: Plain) -> None:
    """Every column of the tape is what the plain reading says."""
    assert tape.local.tolist() == plain.local
    assert tape.kind.tolist() == plain.kind
    assert tape.seq is not None
    assert tape.seq.tolist() == plain.seq
    assert np.diff(tape.first).tolist() == plain.count
    tick, lots, side, traded = (np.array(column) for column in zip(*plain.rows, strict=True))
    assert np.array_equal(tape.tick, tick << 2 | traded << 1 | side)
    assert np.array_equal(tape.lots, lots)
    timed = np.array(plain.exchange) > 0
    assert np.array_equal(tape.exchange[timed], np.array(plain.exchange)[timed])


def of_tape(tape: Tape) -> Instrument:
    return instrument(tape.symbol, tape.info.tick_size, tape.info.lot_size)
