"""Recorded futures frames on disk: one symbol a file, `.gz` or plain, merged by local time. Raises BadRecording."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ...core.binance.messages import DepthUpdate
from ...core.market.replay import BadRecording, Frame, merge, parse
from ..recordings import find, lines

LOOK = 1000


class FuturesRecording:
    """Checked only at its beginning; the rest is read as it is played."""

    def __init__(self, spec: str) -> None:
        self._files = {_symbol(path): path for path in find(spec)[0]}

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(self._files)

    def frames(self) -> Iterator[Frame]:
        return merge([_frames(path, symbol) for symbol, path in self._files.items()])


def _symbol(path: Path) -> str:
    """Whose frames these are; a file of spot frames is refused."""
    found = ""
    for number, frame in enumerate(parse(str(path), lines(path))):
        found = found or frame.symbol
        if isinstance(frame.event, DepthUpdate):
            if frame.event.previous is None:
                raise BadRecording(f"{path}: holds spot frames (no field pu); futures_data takes futures recordings")
            return found
        if number > LOOK:
            break
    raise BadRecording(f"{path}: no depth frame among the first {LOOK}")


def _frames(path: Path, symbol: str) -> Iterator[Frame]:
    """Snapshots do not name their symbol; everything else in the file is of this one."""
    for frame in parse(str(path), lines(path)):
        if not frame.symbol:
            yield Frame(frame.time, symbol, frame.event, frame.line)
        elif frame.symbol == symbol:
            yield frame
