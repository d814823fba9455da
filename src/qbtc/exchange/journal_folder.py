"""The files of a journal: numbered segments and checkpoints, written whole or not at all, and what does not belong there.

    journal-N.log   checkpoint-N            the spot venue's
    futures-N.log   futures-checkpoint-N    the futures venue's

A checkpoint holds everything up to the end of the segment with its number. The last two are kept, and the segments that
the older one does not cover: a damaged checkpoint costs time, not orders. Not here: what is in the files.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing_extensions import Buffer

OURS = re.compile(r"lock|futures\.(lock|log)|(journal|futures)-\d{8,}\.log|(futures-)?checkpoint-\d{8,}(\.new|\.damaged)?")
KEPT = 2


class Names(NamedTuple):
    segment: str
    checkpoint: str

    def segment_path(self, folder: Path, number: int) -> Path:
        return folder / f"{self.segment}-{number:08d}.log"

    def checkpoint_path(self, folder: Path, number: int) -> Path:
        return folder / f"{self.checkpoint}-{number:08d}"

    def segments(self, folder: Path) -> list[int]:
        return _numbers(folder, rf"{self.segment}-(\d{{8,}})\.log")

    def checkpoints(self, folder: Path) -> list[int]:
        return _numbers(folder, rf"{self.checkpoint}-(\d{{8,}})")

    def write_checkpoint(self, folder: Path, number: int, parts: Iterable[Buffer]) -> Path:
        """All of it is on disk under its name, or nothing. Raises OSError."""
        path = self.checkpoint_path(folder, number)
        beside = path.with_suffix(".new")
        with beside.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(folder)
        self._tidy(folder)
        return path

    def _tidy(self, folder: Path) -> None:
        """Delete what the kept checkpoints cover, oldest first."""
        made = self.checkpoints(folder)
        kept = made[-KEPT:]
        for old in made[:-KEPT]:
            self.checkpoint_path(folder, old).unlink()
        for segment in self.segments(folder):
            if len(kept) == KEPT and segment <= kept[0]:
                self.segment_path(folder, segment).unlink()

    def put_aside(self, folder: Path, number: int) -> None:
        """A damaged checkpoint: it is none any more, and what it covers is kept."""
        path = self.checkpoint_path(folder, number)
        path.replace(path.with_suffix(".damaged"))
        sync_folder(folder)


SPOT = Names("journal", "checkpoint")
FUTURES = Names("futures", "futures-checkpoint")


def _numbers(folder: Path, pattern: str) -> list[int]:
    """Numbers of the files of exactly this name, ascending."""
    whole = re.compile(pattern)
    found = [(whole.fullmatch(path.name), path) for path in folder.iterdir()] if folder.is_dir() else []
    return sorted(int(match[1]) for match, path in found if match is not None and path.is_file())


def strangers(folder: Path) -> list[str]:
    """Names in the folder that are no file of a journal."""
    if not folder.is_dir():
        return []
    return sorted(path.name for path in folder.iterdir() if not (path.is_file() and OURS.fullmatch(path.name)))


def sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
