"""The strategies of a running HFT as their files are now: read afresh at every start, looked at every few seconds.

A strategy that runs keeps the code it was started with until it is stopped and started; `Strategist.files` says when
its file has changed since. What cannot be used is in `Strategist.broken`, in the words of `qbtc strategy check`.
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from qbtc.kit.logs import get_logger

from ..domain.orders import hot_word
from ..domain.strategy import Strategy, StrategyFault
from ..errors import BrokenStrategy
from ..strategies import EXAMPLES
from ..strategist import Strategist
from .strategy_files import load, own

log = get_logger(__name__)

LOOK_SECONDS = 2.0
Stamp = tuple[int, int]
SAME, CHANGED, DELETED = "same", "changed", "deleted"


class Shelf:
    """`chosen` is what the settings name: an example, a file's name, or PATH.py[:Class]."""

    def __init__(self, strategist: Strategist, home: Path, chosen: tuple[str, ...] = ()) -> None:
        self._strategist, self._home = strategist, home
        self._chosen = {path.stem: text for text in chosen if (path := _path(text)) is not None}
        self._stamps: dict[str, Stamp | None] = {name: self._stamp(name) for name in self._names()}
        self._broken_at: dict[str, Stamp | None] = {}

    async def run(self) -> None:
        """Look at the files, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Take up what is new or edited and does not run; say of what runs whether its file is still the same."""
        for name in {*self._names(), *self._strategist.strategies, *self._strategist.broken} - EXAMPLES.keys():
            now = self._stamp(name)
            self._strategist.files[name] = state = self._state(name, now)
            if state == SAME or self._strategist.busy(name):
                continue
            if now is None:
                self._forget(name)
            elif self._broken_at.get(name) != now:
                await self._take(name)

    async def fresh(self, name: str) -> None:
        """Before a start: the file as it is now, compiled. Raises BrokenStrategy or NoSuchStrategy.

        An example and a strategy that runs stay as they are.
        """
        if self._strategist.busy(name):
            return
        if name not in EXAMPLES:
            if name not in self._names():
                self._forget(name)
                self._strategist.find(name)  # a name of nothing is refused here, with what there is
                return
            await self._take(name)
            if name in self._strategist.broken:
                raise BrokenStrategy(self._strategist.broken[name], field="strategy")
        try:
            await asyncio.to_thread(self._strategist.find(name).prepare)
        except StrategyFault as fault:
            self._strategist.strategies[name].fault = fault
            raise BrokenStrategy(str(fault), field="strategy") from None

    async def _take(self, name: str) -> None:
        now = self._stamp(name)
        try:
            made = await asyncio.to_thread(load, self._names()[name], self._home)
        except Exception as error:  # a person's file may do anything when it is loaded
            self._broken_at[name] = now
            self._strategist.broken[name] = str(error) or repr(error)
            if not self._strategist.busy(name):
                self._strategist.strategies.pop(name, None)
            log.warning("a strategy cannot be used", strategy=name, error=self._strategist.broken[name])
            return
        if self._strategist.busy(name):
            return
        self._keep(made, now)

    def _keep(self, made: Strategy, now: Stamp | None) -> None:
        """Parameters that were set stay set where the new code still takes them."""
        name = made.name
        old = self._strategist.strategies.get(name)
        left_out = made.adopt(old.chosen) if old is not None else []
        made.placed = old.placed if old is not None and old.legs == made.legs else ()
        if left_out:
            log.warning("parameters do not fit the strategy any more", strategy=name, parameters=left_out)
        self._strategist.strategies[name] = made
        self._strategist.trader.hot_names[hot_word(name)] = name
        self._strategist.broken.pop(name, None)
        self._strategist.files[name] = SAME
        self._broken_at.pop(name, None)
        self._stamps[name] = now

    def _forget(self, name: str) -> None:
        for known in (self._strategist.strategies, self._strategist.broken, self._strategist.files, self._stamps):
            known.pop(name, None)

    def _state(self, name: str, now: Stamp | None) -> str:
        if now is None:
            return DELETED
        known = name in self._strategist.strategies and self._stamps.get(name) == now
        return SAME if known else CHANGED

    def _names(self) -> dict[str, str]:
        """By name, what `load` takes; nothing that comes over the network reaches it."""
        return {name: name for name in own(self._home)} | self._chosen

    def _stamp(self, name: str) -> Stamp | None:
        path = _path(self._chosen.get(name, "")) or own(self._home).get(name)
        try:
            found = path.stat() if path is not None else None
        except OSError:
            return None
        return None if found is None else (found.st_mtime_ns, found.st_size)


def _path(text: str) -> Path | None:
    """The file of PATH.py[:Class]; None for a name."""
    path = text.partition(".py:")[0] + ".py" if ".py:" in text else text
    return Path(path).expanduser() if path.endswith(".py") else None
