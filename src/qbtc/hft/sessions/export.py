"""What a recording knows of the market and of its orders, for research: raw frames as text, and order latencies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from qbtc.core.market.book import Level
from qbtc.core.market.instrument import Instrument

from ..adapters.session_file import SessionFile, read_session
from ..domain.session.blocks import Part
from ..domain.session.kinds import Kind
from ..errors import BrokenSession
from .replay import head_of, words_of

NOT_MARKET = b'{"stream":"!'


def frame_lines(path: Path) -> Iterator[bytes]:
    """A session of the service tier as raw frames, `<local UTC ns> <JSON>` a line: the books that it began with, then
    frames and snapshots as they were received. Raises NoSession, BrokenSession."""
    session = read_session(path)
    head = _of_service(session)
    shift, items = int(head["wall_minus_clock"]), dict[str, Instrument]()
    for part in session.parts():
        if part.kind == Kind.FRAME and not part.payload.startswith(NOT_MARKET):
            yield b"%d %s\n" % (part.at + shift, part.payload)
        elif part.kind == Kind.STATE:
            with _told(session):
                yield from _begun(words_of(session, part)["feed"], part.at + shift, items)
        elif part.kind == Kind.CALL:
            with _told(session):
                yield from _called(words_of(session, part), part.at + shift, items)


@contextmanager
def _told(session: SessionFile) -> Iterator[None]:
    """Words that can be read and say something else than they do here."""
    try:
        yield
    except (LookupError, TypeError, AttributeError, ValueError) as error:
        raise BrokenSession(
            f"{session.path}: a record cannot be read: {type(error).__name__}: {error}", allowed="a recording of this version"
        ) from None


def _of_service(session: SessionFile) -> Mapping[str, Any]:
    head = head_of(session)
    if head["tier"] != "service":
        raise BrokenSession(
            f"{session.path}: a session of the {head['tier']} tier is not taken apart", allowed="a session of the service tier"
        )
    return head


def _begun(feed: Mapping[str, Any] | None, at: int, items: dict[str, Instrument]) -> Iterator[bytes]:
    if feed is None:
        return
    items.update({i.symbol: i for i in feed["instruments"]})
    for symbol, market in feed["markets"].items():
        book = market["local"].book
        if market["local"].synced:
            yield _snapshot(items[symbol], at, book.update_id, book.top(1 << 30, 0), book.top(1 << 30, 1))


def _called(words: Any, at: int, items: dict[str, Instrument]) -> Iterator[bytes]:
    name, args, _ = words
    if name == "engine.begin":
        items.update({i.symbol: i for i in args[1]})
    elif name == "engine.snapshot":
        yield _snapshot(items[args[0]], at, args[1].last_id, args[1].bids, args[1].asks)


def _snapshot(item: Instrument, at: int, last: int, bids: Iterable[Level], asks: Iterable[Level]) -> bytes:
    sides = ([[item.price_text(tick), item.quantity_text(lots)] for tick, lots in side] for side in (bids, asks))
    body = dict(zip(("bids", "asks"), sides, strict=True))
    return b"%d %s\n" % (at, json.dumps({"lastUpdateId": last} | body, separators=(",", ":")).encode())


def latencies(path: Path) -> list[tuple[int, int, int]]:
    """Of each instant at which orders were sent and taken: asked, reached, answered, UTC ns of this machine; of several
    orders at one instant the slowest. When the venue had it is not known to the desk: the middle is taken. Raises
    NoSession, BrokenSession."""
    session = read_session(path)
    shift = int(_of_service(session)["wall_minus_clock"])
    asked, answered = dict[str, int](), dict[int, int]()
    for part in session.parts():
        if part.kind in (Kind.SAID, Kind.CALL):
            with _told(session):
                _timed(part, words_of(session, part), asked, answered)
    return [(at + shift, (at + end) // 2 + shift, end + shift) for at, end in sorted(answered.items())]


def _timed(part: Part, words: Any, asked: dict[str, int], answered: dict[int, int]) -> None:
    """`asked`: when each order was sent that is not answered; `answered`: instants of sending and the last answer."""
    if part.kind == Kind.SAID:
        kind, order = words
        if kind == "order":
            asked[order[0]] = part.at
        return
    name, args, named = words
    if name == "desk.told" and named.get("number") and args[0] in asked:
        at = asked.pop(args[0])
        answered[at] = max(answered.get(at, 0), part.at)
