"""Recorded raw market data: `<local ns> <JSON>` lines into frames, checked, planned and merged by local time.

Pure: it is given lines and never opens a file. Spot frames are served (depthUpdate, trade, bookTicker, REST
snapshots); a recording of futures (frames with `pu`, or bookTicker with an event time) is recognised and refused.
A recording needs a book snapshot for every symbol it has depth for; a file without one is allowed only after, in
time, a file that has one.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import msgspec

from ..binance.messages import BookTicker, DepthUpdate, MalformedFrame, PriceQty, Snapshot, Trade, decode_data
from .instrument import KNOWN, SCALE, Instrument, OffGrid, instrument, render, units

RecordedEvent = DepthUpdate | Trade | BookTicker | Snapshot


class BadRecording(ValueError):
    """A recording that cannot be replayed; the message names the file, the line where there is one, and why."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One recorded frame. `symbol` is empty for a snapshot until it has been attributed."""

    time: int
    symbol: str
    event: RecordedEvent
    line: int = 0


class _Loose(msgspec.Struct):
    """What tells the kinds of frames apart."""

    stream: str = ""
    data: msgspec.Raw = msgspec.Raw(b"")
    lastUpdateId: int | None = None  # noqa: N815
    e: str = ""
    u: int | None = None
    pu: int | None = None
    E: int | None = None
    s: str = ""


_loose = msgspec.json.Decoder(_Loose)
_snapshot = msgspec.json.Decoder(Snapshot)
_KINDS = {"depthUpdate": "depth", "trade": "trade", "bookTicker": "bookTicker", "": "bookTicker"}


def parse_line(line: bytes, number: int = 0) -> Frame | None:
    """One line as a frame; None for an empty line or a reply that carries no market data. Raises MalformedFrame."""
    stamp, _, body = line.strip().partition(b" ")
    if not stamp:
        return None
    if not stamp.isdigit():
        raise MalformedFrame(f"must start with the local time in nanoseconds, not {stamp[:24]!r}")
    try:
        loose = _loose.decode(body)
        if loose.lastUpdateId is not None:
            return Frame(int(stamp), "", _snapshot.decode(body), number)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedFrame(f"not a JSON market data frame: {error}") from None
    event = _event(loose, body)
    return Frame(int(stamp), event.symbol, event, number) if event else None


def _event(loose: _Loose, body: bytes) -> DepthUpdate | Trade | BookTicker | None:
    if loose.stream:
        return decode_data(loose.stream, loose.data)
    if not loose.s:
        return None
    if loose.e not in _KINDS:
        raise MalformedFrame(f"event {loose.e!r} is not one of depthUpdate, trade, bookTicker")
    return decode_data(f"{loose.s}@{_KINDS[loose.e]}", body)


def parse(name: str, lines: Iterable[bytes], bad: Callable[[str], None] | None = None) -> Iterator[Frame]:
    """Frames of one file in order, times made non-decreasing. A line that is no frame goes to `bad`, with file and
    line, and is passed over; without it: raises BadRecording."""
    latest = 0
    for number, line in enumerate(lines, 1):
        try:
            frame = parse_line(line, number)
        except MalformedFrame as error:
            if bad is None:
                raise BadRecording(f"{name}, line {number}: {error}") from None
            bad(f"{name}, line {number}: {error}")
            continue
        if frame is not None:
            latest = max(latest, frame.time)
            yield frame if frame.time == latest else Frame(latest, frame.symbol, frame.event, number)


@dataclass(slots=True)
class SymbolSummary:
    """What one file holds of one symbol. `steps` are the greatest common divisors of prices and quantities."""

    frames: int = 0
    diffs: int = 0
    first_id: int = 0
    last_id: int = 0
    gaps: int = 0
    snapshots: list[int] = field(default_factory=list)
    price_step: int = 0
    quantity_step: int = 0


@dataclass(slots=True)
class Summary:
    """What one file holds."""

    name: str
    first: int = 0
    last: int = 0
    frames: int = 0
    skew_ms: int | None = None
    futures: bool = False
    symbols: dict[str, SymbolSummary] = field(default_factory=dict)


def scan(name: str, lines: Iterable[bytes]) -> Summary:
    """Read a file once: check every line and learn symbols, times, ids and grids. Raises BadRecording."""
    found = Summary(name)
    orphans: list[Snapshot] = []
    for frame in parse(name, lines):
        found.first = found.first or frame.time
        found.last = frame.time
        found.frames += 1
        if isinstance(frame.event, Snapshot):
            orphans.append(frame.event)
            continue
        try:
            _learn(found, frame)
        except OffGrid as error:
            raise BadRecording(f"{name}, line {frame.line}: {error}") from None
    if not found.symbols:
        raise BadRecording(f"{name}: holds no market data frames")
    for snapshot in orphans:
        owner = found.symbols[attribute(snapshot, found)]
        owner.snapshots.append(snapshot.lastUpdateId)
        _grid(owner, snapshot.bids + snapshot.asks)
    return found


def attribute(snapshot: Snapshot, summary: Summary) -> str:
    """The symbol whose ids are nearest to the snapshot's: recorded snapshots do not name theirs."""

    def distance(symbol: str) -> int:
        ids = summary.symbols[symbol]
        inside = ids.first_id <= snapshot.lastUpdateId <= ids.last_id
        ends = (abs(snapshot.lastUpdateId - ids.first_id), abs(snapshot.lastUpdateId - ids.last_id))
        return 0 if inside else min(ends)

    return min(sorted(summary.symbols), key=distance)


def _learn(found: Summary, frame: Frame) -> None:
    event = frame.event
    assert not isinstance(event, Snapshot)
    entry = found.symbols.setdefault(frame.symbol, SymbolSummary())
    entry.frames += 1
    if isinstance(event, DepthUpdate):
        found.futures |= event.previous is not None
        entry.gaps += bool(entry.diffs) and event.first != entry.last_id + 1
        entry.first_id = entry.first_id or event.first
        entry.last_id = event.last
        entry.diffs += 1
        _grid(entry, event.bids + event.asks)
    elif isinstance(event, Trade):
        _grid(entry, [(event.price, event.quantity)])
    else:
        _grid(entry, [(event.bid, event.bid_quantity), (event.ask, event.ask_quantity)])
    if found.skew_ms is None and not isinstance(event, BookTicker):
        found.skew_ms = event.event_ms - frame.time // 1_000_000


def _grid(entry: SymbolSummary, rows: list[PriceQty]) -> None:
    for price, quantity in rows:
        entry.price_step = math.gcd(entry.price_step, units(price))
        entry.quantity_step = math.gcd(entry.quantity_step, units(quantity))


@dataclass(frozen=True, slots=True)
class Plan:
    """A set of files that can be replayed together."""

    files: tuple[Summary, ...]
    instruments: dict[str, Instrument]
    first: int
    last: int
    skew_ms: int
    notes: tuple[str, ...]

    @property
    def span(self) -> int:
        return self.last - self.first


def plan(files: Iterable[Summary], *, notes: tuple[str, ...] = ()) -> Plan:
    """Check that the files together start from snapshots. Raises BadRecording."""
    ordered = tuple(sorted(files, key=lambda item: item.first))
    if not ordered:
        raise BadRecording("no recording given")
    for item in ordered:
        if item.futures:
            raise BadRecording(f"{item.name}: holds futures frames (field pu); only spot recordings can be replayed")
    symbols = sorted({symbol for item in ordered for symbol in item.symbols})
    for symbol in symbols:
        _needs_snapshot(symbol, ordered)
    gaps = sum(entry.gaps for item in ordered for entry in item.symbols.values())
    said = (*notes, f"the recording lost depth frames at {gaps} places") if gaps else notes
    skew = next((item.skew_ms for item in ordered if item.skew_ms is not None), 0)
    grids = {symbol: _instrument(symbol, ordered) for symbol in symbols}
    return Plan(ordered, grids, ordered[0].first, max(item.last for item in ordered), skew, said)


def _needs_snapshot(symbol: str, ordered: tuple[Summary, ...]) -> None:
    first = next((item for item in ordered if symbol in item.symbols and item.symbols[symbol].diffs), None)
    if first is not None and not first.symbols[symbol].snapshots:
        raise BadRecording(
            f"{first.name}: has no book snapshot for {symbol}; a recording must hold one, "
            "or be replayed together with the recording that it continues"
        )


def _instrument(symbol: str, ordered: tuple[Summary, ...]) -> Instrument:
    """The known grid where it fits the recording, else the coarsest power of ten that does."""
    entries = [item.symbols[symbol] for item in ordered if symbol in item.symbols]
    price = math.gcd(*(entry.price_step for entry in entries))
    quantity = math.gcd(*(entry.quantity_step for entry in entries))
    known = KNOWN.get(symbol)
    tick = _power(price, known.tick_units if known else 10**SCALE)
    lot = _power(quantity, known.lot_units if known else 10**SCALE)
    return instrument(symbol, render(tick), render(lot))


def _power(step: int, ceiling: int) -> int:
    power = ceiling
    while power > 1 and step % power:
        power //= 10
    return power


def merge(streams: Iterable[Iterable[Frame]]) -> Iterator[Frame]:
    """Frames of several files in one order of local time; equal times keep the order of the files."""
    return heapq.merge(*streams, key=lambda frame: frame.time)
