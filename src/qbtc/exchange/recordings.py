"""Recorded files on disk: a file, a comma-separated list or a folder, opened lazily; `.gz` or plain text."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from ..core.binance.messages import Snapshot
from ..core.market.replay import BadRecording, Frame, Plan, Summary, attribute, merge, parse, plan, scan

SUFFIXES = (".gz", ".jsonl", ".raw", ".txt")


def lines(path: Path) -> Iterator[bytes]:
    """Lines of a file. Raises BadRecording if it cannot be read to its end."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            yield from file
    except (OSError, EOFError, zlib.error) as error:
        raise BadRecording(f"{path}: cannot be read: {error}") from None


def frames_of(path: Path, bad: Callable[[str], None] | None = None) -> Iterator[Frame]:
    """Frames of one file. With `bad`, who is told of it, lines that are no frames are passed over, and a file that
    cannot be read on ends where it is; without it: raises BadRecording."""
    try:
        yield from parse(str(path), lines(path), bad)
    except BadRecording as error:
        if bad is None:
            raise
        bad(str(error))


def find(spec: str) -> tuple[list[Path], bool]:
    """The files that a specification names, and whether it was a folder. Raises BadRecording."""
    paths = [Path(part.strip()).expanduser() for part in spec.split(",") if part.strip()]
    if not paths:
        raise BadRecording("replay: needs a file, a comma-separated list of files, or a folder")
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise BadRecording(f"{missing[0]}: there is no such file or folder")
    chosen = [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]
    return list(dict.fromkeys(chosen)), any(path.is_dir() for path in paths)


def _inside(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file())
    if not found:
        raise BadRecording(f"{folder}: holds no recording ({', '.join(SUFFIXES)})")
    return found


class Recording:
    """Checked files that can be replayed any number of times."""

    def __init__(self, paths: dict[str, Path], chosen: Plan, symbols: tuple[str, ...]) -> None:
        self._paths = paths
        self._symbols = set(symbols)
        self.plan = chosen

    def frames(self, bad: Callable[[str], None] | None = None) -> Iterator[Frame]:
        """All frames of the served symbols in order of local time; snapshots carry their symbol. `bad` as `frames_of`
        has it: a file may have changed since it was checked."""
        merged = merge([self._file(summary, bad) for summary in self.plan.files])
        return (frame for frame in merged if frame.symbol in self._symbols)

    def first_snapshots(self) -> dict[str, Snapshot]:
        """The first snapshot of every symbol, from which a replay starts."""
        found: dict[str, Snapshot] = {}
        for frame in self.frames():
            if isinstance(frame.event, Snapshot):
                found.setdefault(frame.symbol, frame.event)
                if len(found) == len(self._symbols):
                    break
        return found

    def _file(self, summary: Summary, bad: Callable[[str], None] | None) -> Iterator[Frame]:
        for frame in frames_of(self._paths[summary.name], bad):
            if isinstance(frame.event, Snapshot):
                yield Frame(frame.time, attribute(frame.event, summary), frame.event, frame.line)
            else:
                yield frame


def open_recording(spec: str, symbols: tuple[str, ...] = ()) -> Recording:
    """Read every file once, check it and plan the replay. Raises BadRecording."""
    paths, folder = find(spec)
    named = {str(path): path for path in paths}
    summaries = [scan(name, lines(path)) for name, path in named.items()]
    notes: tuple[str, ...] = ()
    if folder and any(not item.futures for item in summaries):
        notes = tuple(f"{Path(item.name).name} was left out: futures" for item in summaries if item.futures)
        summaries = [item for item in summaries if not item.futures]
    chosen = plan(summaries, notes=notes)
    served = tuple(symbol for symbol in chosen.instruments if not symbols or symbol in symbols)
    unknown = sorted(set(symbols) - set(chosen.instruments))
    if unknown:
        raise BadRecording(f"symbol {unknown[0]} is not in the recording; it holds {', '.join(chosen.instruments)}")
    return Recording(named, chosen, served)
