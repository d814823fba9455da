"""Writes down what the trading core of this process is told and what it says, while recorded strategies run.

A recording begins with what the core remembers, so it can be replayed alone; it begins anew with each start of a
strategy and when its file has reached `part_bytes`. Only what a paper venue hears: permissions of live trading are not
recorded. Retention: the newest recordings up to `keep_bytes` together.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from qbtc import __version__
from qbtc.kit.logs import get_logger

from ..adapters.session_file import SUFFIX, SessionWriter
from ..domain.session.kinds import Kind
from ..domain.session.words import UnknownWord
from ..engine import Engine
from .parts import source_of
from .state import take
from .vocabulary import WORDS

log = get_logger(__name__)

FRAME = "engine.frame"
LOOK_SECONDS = 1.0


class Recorder:
    """One a process. Nothing that goes wrong here stops trading."""

    def __init__(
        self, engine: Engine, folder: Path, *, on: bool, part_bytes: int, keep_bytes: int,
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        """`on`: strategies are recorded unless their start says otherwise."""
        self.folder, self._on, self._clock = folder, on, clock
        self._engine, self._part, self._keep = engine, part_bytes, keep_bytes
        self._wanted: set[str] = set()
        self._chosen: dict[str, bool | None] = {}
        self._writer: SessionWriter | None = None
        self._last: SessionWriter | None = None

    @property
    def path(self) -> Path | None:
        """What is being written."""
        return self._writer.path if self._writer is not None else None

    def starting(self, name: str, *, wanted: bool | None = None) -> None:
        """Before a strategy is started, or while it runs. One that is not wanted begins no recording, but is part of one
        that goes on."""
        self._choose(name, wanted)
        if name in self._wanted or (self._writer is not None and name not in self._engine.running):
            self.begin("a strategy is started", name)

    def resume(self, chosen: Mapping[str, bool | None] | None = None) -> None:
        """At the beginning of the process, for those that run already, as was `chosen` when they were started."""
        for name in self._engine.running:
            self._choose(name, (chosen or {}).get(name))
        if self._wanted:
            self.begin("the process begins")

    def chosen(self, name: str) -> bool | None:
        """What the last start of a strategy said of recording; None: nothing."""
        return self._chosen.get(name)

    def _choose(self, name: str, wanted: bool | None) -> None:
        self._chosen[name] = wanted
        (self._wanted.add if (self._on if wanted is None else wanted) else self._wanted.discard)(name)

    def begin(self, why: str, *starting: str) -> None:
        """A recording from now on, of what runs and of what is about to; the one before ends."""
        self.end(why)
        stamp = datetime.fromtimestamp(self._clock(), UTC).strftime("%Y%m%dT%H%M%S.%f")
        try:
            at, head, state = self._engine.ear.now(), WORDS.write(self._head(starting)), WORDS.write(take(self._engine))
        except UnknownWord as error:
            log.error("a session is not recorded", error=str(error))
            return
        writer = SessionWriter(self.folder / f"{stamp}-service{SUFFIX}", keep_bytes=self._keep)
        writer.put(Kind.HEAD, at, head)
        writer.put(Kind.STATE, at, state)
        self._writer, self._engine.ear.sink = writer, self
        log.info("a session is recorded", path=str(writer.path))

    def end(self, why: str) -> None:
        writer, self._writer, self._engine.ear.sink = self._writer, None, None
        if writer is not None:
            writer.put(Kind.END, self._engine.ear.now(), WORDS.write(why))
            writer.finish()
            self._last = writer

    def close(self) -> None:
        """End, and wait until the file is whole."""
        self.end("the process ends")
        self.wait()

    def wait(self) -> None:
        """Blocking: until what has ended is on disk."""
        if self._last is not None:
            self._last.close()

    async def run(self) -> None:
        """Look, for ever."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.look()

    def look(self) -> None:
        """Now and then: whether it must end, or begin anew."""
        writer = self._writer
        if writer is None:
            return
        if writer.failed:
            self.end(writer.failed)
        elif not self._wanted & self._engine.running:
            self.end("no recorded strategy runs any more")
        elif writer.size > self._part:
            self.begin("the file is large enough")

    def heard(self, at: int, name: str, args: tuple[object, ...], named: dict[str, object]) -> None:
        writer = self._writer
        if writer is None:
            return
        if name == FRAME:
            writer.put(Kind.FRAME, at, bytes(args[0]))  # type: ignore[call-overload]
        else:
            self._put(Kind.CALL, at, (name, list(args), named))

    def said(self, kind: str, words: object) -> None:
        self._put(Kind.SAID, self._engine.ear.now(), (kind, words))

    def _put(self, kind: Kind, at: int, words: object) -> None:
        try:
            if self._writer is not None:
                self._writer.put(kind, at, WORDS.write(words))
        except UnknownWord as error:
            log.error("a session recording ends", error=str(error))
            self.end(str(error))

    def _head(self, starting: Iterable[str]) -> dict[str, Any]:
        engine = self._engine
        running = {*engine.running, *starting} & engine.strategies.keys()
        return {
            "version": __version__, "tier": "service", "at": datetime.fromtimestamp(self._clock(), UTC).isoformat(),
            "wall_minus_clock": time.time_ns() - time.monotonic_ns(),
            "symbols": list(engine.feed.symbols) if engine.feed else [],
            "strategies": [source_of(name, s.spec, s.parameters) for name in sorted(running) for s in [engine.strategies[name]]],
        }  # fmt: skip

