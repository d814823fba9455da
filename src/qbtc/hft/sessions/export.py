"""What a recording knows of the market and of its orders, for research: raw frames as text, and order latencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qbtc.core.market.instrument import Instrument

from ..adapters.session_file import SessionFile, read_session
from ..domain.session.blocks import Part
from ..domain.session.kinds import Kind
from ..errors import BrokenSession
from .lines import line, snapshot
from .replay import head_of, words_of

if TYPE_CHECKING:
    from .hot_export import HotSession

NOT_MARKET = b'{"stream":"!'


def frame_lines(path: Path) -> Iterator[bytes]:
    """A session as raw frames, `<local UTC ns> <JSON>` a line: in the service tier the books that it began with, then
    frames and snapshots as they were received. Raises NoSession, BrokenSession."""
    session = read_session(path)
    head = head_of(session)
    if head["tier"] == "hot":
        yield from hot_session(session, head).lines()
        return
    shift, items = int(head["wall_minus_clock"]), dict[str, Instrument]()
    for part in session.parts():
        if part.kind == Kind.FRAME and not part.payload.startswith(NOT_MARKET):
            yield line(part.at + shift, part.payload)
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


def hot_session(session: SessionFile, head: Mapping[str, Any]) -> HotSession:
    """Loaded when it is needed: it brings the compiled loop along."""
    from .hot_export import HotSession

    return HotSession(session, head)


def _begun(feed: Mapping[str, Any] | None, at: int, items: dict[str, Instrument]) -> Iterator[bytes]:
    if feed is None:
        return
    items.update({i.symbol: i for i in feed["instruments"]})
    for symbol, market in feed["markets"].items():
        book = market["local"].book
        if market["local"].synced:
            yield snapshot(items[symbol], at, book.update_id, book.top(1 << 30, 0), book.top(1 << 30, 1))


def _called(words: Any, at: int, items: dict[str, Instrument]) -> Iterator[bytes]:
    name, args, _ = words
    if name == "engine.begin":
        items.update({i.symbol: i for i in args[1]})
    elif name == "engine.snapshot":
        yield snapshot(items[args[0]], at, args[1].last_id, args[1].bids, args[1].asks)


def latencies(path: Path) -> list[tuple[int, int, int]]:
    """Of each instant at which orders were sent and taken: asked, reached, answered, UTC ns of this machine; of several
    orders at one instant the slowest. When the venue had it is not known to the desk: the middle is taken. Raises
    NoSession, BrokenSession."""
    session = read_session(path)
    head = head_of(session)
    if head["tier"] == "hot":
        return _slowest(hot_session(session, head).latencies())
    shift = int(head["wall_minus_clock"])
    asked, answered = dict[str, int](), dict[int, int]()
    for part in session.parts():
        if part.kind in (Kind.SAID, Kind.CALL):
            with _told(session):
                _timed(part, words_of(session, part), asked, answered)
    return _slowest((at + shift, end + shift) for at, end in answered.items())


def _slowest(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Of (sent, answered): the last answer of each instant, and the middle."""
    last = dict[int, int]()
    for at, end in pairs:
        last[at] = max(last.get(at, 0), end)
    return [(at, (at + end) // 2, end) for at, end in sorted(last.items())]


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
