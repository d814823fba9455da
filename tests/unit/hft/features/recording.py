"""Recordings for tests of features: made up by a seed, and how the live feed takes one."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from tests.unit.hft.data.making import depth, line, snapshot, trade

from qbtc.core.binance.messages import MarketEvent, decode_data, decode_mark, decode_snapshot, to_snapshot
from qbtc.core.market.instrument import Instrument, instrument
from qbtc.core.market.tape.tape import Tape
from qbtc.hft.adapters.data.importing import Options, import_tape
from qbtc.hft.adapters.data.opening import open_tape
from qbtc.hft.domain.feed import Closed, Feed, event_ns

MS = 1_000_000
BASE = 1_700_000_000_000
KINDS = {"depthUpdate": "depth", "trade": "trade", "aggTrade": "aggTrade"}


def mark(at: int, mark: float, index: float, rate: str, *, symbol: str = "BTCUSDT") -> str:
    data = {
        "e": "markPriceUpdate", "E": BASE + at // MS, "s": symbol, "p": f"{mark:.8f}", "i": f"{index:.8f}", "P": "0.1",
        "r": rate, "T": BASE + 8 * 3_600_000,
    }  # fmt: skip
    return line(at, data, f"{symbol.lower()}@markPrice@1s")


def recording(
    seed: int, seconds: int, *, symbol: str = "BTCUSDT", every_ms: int = 60, marks: bool = True, gap: bool = True, silence: int = 0
) -> list[str]:
    """Lines of a market that wanders: a late snapshot, updates, trades; a gap that a snapshot heals, and a silence of so many
    seconds two thirds through it. With `marks` it is a futures market that tells mark prices."""
    rng, lines = np.random.default_rng(seed), []
    ids, trades, mid, at, lost = 100, 1, 1000, int(rng.integers(1, 900)) * MS, True
    book: tuple[dict[int, str], dict[int, str]] = ({}, {})
    steps = seconds * 1000 // every_ms
    for n in range(steps):
        at += int(rng.integers(1, 2 * every_ms)) * MS
        if n == 2 * steps // 3:
            at += silence * 1000 * MS
        if marks and n % 20 == 3:
            lines.append(mark(at, mid + rng.normal(), float(mid), f"{rng.normal() * 1e-4:.8f}", symbol=symbol))
        if rng.random() < 0.4:
            side = int(rng.integers(2))
            price = mid + (0 if side else 1)
            lines.append(trade(at, trades, f"{price / 100:.2f}", f"{rng.integers(1, 999) / 1000:.3f}", maker=bool(side), symbol=symbol))
            trades += 1
            continue
        before, mid = mid, mid + int(rng.integers(-1, 2)) * int(rng.random() < 0.4)
        rows = _moved(rng, book, before, mid)
        if gap and n >= steps // 2:
            gap = False
            ids, lost = ids + 5, True
        lines.append(depth(at, ids, ids + 1, *rows, symbol=symbol, **({"pu": ids - 1} if marks else {})))
        ids += 2
        if n > 4 and lost and rng.random() < 0.3:
            lines.append(_whole(at, ids - 1 - 2 * int(rng.integers(0, 2)), book))
            lost = False
    return lines


def _moved(rng: np.random.Generator, book: tuple[dict[int, str], dict[int, str]], before: int, mid: int) -> list[list[tuple[str, str]]]:
    """The rows that move the touch to mid | mid + 1, and a few levels behind it."""
    found = []
    for side, held in enumerate(book):
        best = mid + side
        wrong = [t for t in held if (t < best if side else t > best)]
        news = dict.fromkeys(wrong, "0") | {best: f"{rng.integers(1, 500) / 1000:.3f}"}
        for _ in range(3):
            tick = best + int(rng.integers(1, 12)) * (1 if side else -1)
            news[tick] = "0" if rng.random() < 0.3 else f"{rng.integers(1, 500) / 1000:.3f}"
        held.update({t: q for t, q in news.items() if q != "0"})
        for t in [t for t, q in news.items() if q == "0"]:
            held.pop(t, None)
        found.append([(f"{t / 100:.2f}", q) for t, q in news.items()])
    return found


def _whole(at: int, last: int, book: tuple[dict[int, str], dict[int, str]]) -> str:
    """A snapshot; it may be one update older than it says, as the rows of that update are applied again."""
    sides = [[(f"{t / 100:.2f}", q) for t, q in held.items()] for held in book]
    return snapshot(at, last, *sides)


def tape_of(folder: Path, lines: Sequence[str], *, symbol: str = "BTCUSDT", name: str = "tape") -> Tape:
    (folder / f"{name}.txt").write_text("".join(lines))
    made = import_tape([folder / f"{name}.txt"], folder / name, Options(symbol=symbol, tick="0.01", lot="0.001", replace=True))
    return open_tape(made.path)


def live(sources: Sequence[tuple[Tape, Iterable[str]]], *, futures: bool = False) -> list[Closed]:
    """The bars of the live feed. Sources are merged by local time; a snapshot is taken where the engine asks for one."""
    items = [instrument(t.symbol, t.info.tick_size, t.info.lot_size) for t, _ in sources]
    feed = Feed(items, session="test", started_ns=0, futures=futures)
    closed: list[Closed] = []
    heard = [(int(text.split(" ", 1)[0]), i, text.split(" ", 1)[1]) for i, (_, lines) in enumerate(sources) for text in lines]
    latest = [0] * len(sources)
    ordered = []
    for at, source, body in heard:
        latest[source] = max(latest[source], at)
        ordered.append((latest[source], source, body))
    for _, source, body in sorted(ordered, key=lambda row: row[:2]):
        _hear(feed, items[source], body, closed)
    return closed


def _hear(feed: Feed, item: Instrument, body: str, closed: list[Closed]) -> None:
    parsed = json.loads(body)
    if "lastUpdateId" in parsed:
        market = feed.markets[item.symbol]
        if not market.synced:
            market.on_snapshot(to_snapshot(item, decode_snapshot(body)))
        return
    data = parsed.get("data", parsed)
    if data.get("e") == "markPriceUpdate":
        feed.markets[item.symbol].perpetual.on_mark(decode_mark(body))
        return
    if data.get("e") not in KINDS:
        return
    event: MarketEvent = decode_data(f"x@{KINDS[data['e']]}", json.dumps(data))
    at = event_ns(event)
    if at is not None:
        closed += feed.due(at)
    feed.apply(event)
