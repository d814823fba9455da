"""What a recording of the hot loop knows of market and orders: its sockets' bytes taken apart again into frames."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from qbtc.core.market.instrument import Instrument

from ..adapters.hotloop.checking import check, instruments
from ..adapters.hotloop.codes import Verb
from ..adapters.hotloop.layout import COMMAND, MARKET_LINK, ORDER_LINK, TURN
from ..adapters.hotloop.replaying import layout_mark, requests
from ..adapters.session_file import SessionFile
from ..domain.session.blocks import Part
from ..domain.session.frames import Texts
from ..domain.session.kinds import Kind
from ..errors import BrokenSession
from .lines import line, snapshot

BEGUN_SIZE = 32


class HotSession:
    """Reads a recording once, record by record."""

    def __init__(self, session: SessionFile, head: Mapping[str, Any]) -> None:
        """Raises BrokenSession for one of another version of the loop."""
        if head.get("layout") != layout_mark():
            raise BrokenSession(f"{session.path}: it was recorded by another version of the loop", allowed="a recording of this version")
        self._session, self._shift = session, int(head["wall_minus_clock"])
        try:
            self._items: list[Instrument] = instruments(head)
        except (LookupError, ValueError, TypeError, AttributeError) as error:
            raise BrokenSession(f"{session.path}: its symbols cannot be read: {error}") from None
        self._texts = {MARKET_LINK: Texts(), ORDER_LINK: Texts()}
        self._staged = b""

    def lines(self) -> Iterator[bytes]:
        """Market frames and snapshots as raw lines. Raises BrokenSession."""
        for part in self._parts():
            if part.kind == Kind.STAGED:
                self._staged = part.payload
            elif part.kind == Kind.COMMAND:
                yield from self._snapshot(part)
            yield from (line(part.at + self._shift, text) for link, text in self._received(part) if link == MARKET_LINK)

    def latencies(self) -> Iterator[tuple[int, int]]:
        """(sent, answered) of each order, UTC ns of this machine: the instants of receipt of what it answers, and of its answer.
        Raises BrokenSession."""
        asked = dict[object, int]()
        for part in self._parts():
            for link, text in self._received(part):
                name = _answered(text) if link == ORDER_LINK else None
                if name in asked:
                    yield asked.pop(name) + self._shift, part.at + self._shift
            if part.kind == Kind.TURN:
                asked.update(dict.fromkeys(_orders(part.payload), part.at))

    def _parts(self) -> Iterator[Part]:
        for number, part in enumerate(self._session.parts()):
            if number == 0 or part.kind in (Kind.PAD, Kind.END):
                continue
            try:
                check(part, len(self._items))
                yield part
            except ValueError as error:
                raise BrokenSession(f"{self._session.path}: record {number}: {error}", allowed="a recording as it was written") from None

    def _received(self, part: Part) -> Iterator[tuple[int, bytes]]:
        """(link, text) of each frame that is whole with this record."""
        for link, raw in self._bytes(part):
            try:
                yield from ((link, text) for text in self._texts[link].feed(raw))
            except ValueError as error:
                raise BrokenSession(f"{self._session.path}: {error}", allowed="a recording as it was written") from None

    def _bytes(self, part: Part) -> Iterable[tuple[int, bytes]]:
        raw = part.payload
        if part.kind == Kind.BEGUN:
            self._texts = {MARKET_LINK: Texts(), ORDER_LINK: Texts()}
            market, orders = (int(n) for n in np.frombuffer(raw, np.int64, 2))
            end = BEGUN_SIZE + market
            return (MARKET_LINK, raw[BEGUN_SIZE:end]), (ORDER_LINK, raw[end : end + orders])
        if part.kind != Kind.TURN:
            return ()
        turn = np.frombuffer(raw, TURN, count=1)[0]
        got, link = int(turn["got"]), int(turn["link"])
        return ((link, raw[TURN.itemsize : TURN.itemsize + got]),) if got else ()

    def _snapshot(self, part: Part) -> Iterator[bytes]:
        command = np.frombuffer(part.payload, COMMAND, count=1)[0]
        if command["verb"] != Verb.SNAPSHOT or not self._staged:
            return
        last, bids, asks = (int(n) for n in np.frombuffer(self._staged, np.int64, 3))
        rows = np.frombuffer(self._staged, np.int64, 2 * (bids + asks), 24).reshape(-1, 2).tolist()
        yield snapshot(self._items[int(command["symbol"])], part.at + self._shift, last, rows[:bids], rows[bids:])


def _orders(raw: bytes) -> Iterator[object]:
    """Ids of the requests of a TURN that place orders."""
    turn = np.frombuffer(raw, TURN, count=1)[0]
    begin = TURN.itemsize + int(turn["got"])
    for request in requests(raw[begin : begin + int(turn["said"])]):
        if request.kind == "order":
            yield _id(request.words)


def _answered(text: bytes) -> object:
    """The id of a request that a frame answers well; None for anything else."""
    return _id(text) if b'"status":200' in text else None


def _id(text: str | bytes) -> object:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found.get("id") if isinstance(found, dict) else None
