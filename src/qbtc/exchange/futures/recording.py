"""Recorded futures frames on disk: one symbol a file, `.gz` or plain, merged by local time. Raises BadRecording."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from ...core.binance.messages import DepthUpdate
from ...core.market.replay import BadRecording, Frame, merge
from ..recordings import find, frames_of

LOOK = 1000


class FuturesRecording:
    """Checked only at its beginning; the rest is read as it is played."""

    def __init__(self, spec: str) -> None:
        self._files = {_symbol(path): path for path in find(spec)[0]}

    @property
    def symbols(self) -> tuple[str, ...]:
        return tuple(self._files)

    def frames(self, bad: Callable[[str], None]) -> Iterator[Frame]:
        """In order of local time. `bad` hears of lines that are passed over, and of a file that ends too early."""
        return merge([_frames(path, symbol, bad) for symbol, path in self._files.items()])


def _symbol(path: Path) -> str:
    """Whose frames these are; a file of spot frames is refused."""
    found = ""
    for number, frame in enumerate(frames_of(path)):
        found = found or frame.symbol
        if isinstance(frame.event, DepthUpdate):
            if frame.event.previous is None:
                raise BadRecording(f"{path}: holds spot frames (no field pu); futures_data takes futures recordings")
            return found
        if number > LOOK:
            break
    raise BadRecording(f"{path}: no depth frame among the first {LOOK}")


def _frames(path: Path, symbol: str, bad: Callable[[str], None]) -> Iterator[Frame]:
    """Snapshots do not name their symbol; everything else in the file is of this one."""
    for frame in frames_of(path, bad):
        if not frame.symbol:
            yield Frame(frame.time, symbol, frame.event, frame.line)
        elif frame.symbol == symbol:
            yield frame
