"""Where decoded events wait until the grid and the widths are known: files beside the tape, so that memory stays small."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import IO, Any

import numpy as np

from qbtc.core.market.tape.events import MESSAGE
from qbtc.core.market.tape.grid import LEARNED, learn
from qbtc.core.market.tape.layout import Array, Ints

DTYPES: dict[str, Any] = {"messages": MESSAGE, "rows": np.dtype("<i8"), "order": np.dtype("<i8")}
WIDTH = {"rows": 2}


class Spill:
    """Appended arrays by name, in a folder of their own. Rows are int64[., 2]; extras int64[.] named after columns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[bytes]] = {}
        self.counts: dict[str, int] = {}
        self.learned: Ints = np.zeros(LEARNED, np.int64)
        folder.mkdir(parents=True)

    def __enter__(self) -> Spill:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
        for name in self.counts:
            self._path(name).unlink(missing_ok=True)
        self._folder.rmdir()

    def add(self, messages: Array, rows: Ints) -> None:
        """Messages and their rows; the grid is learned from the rows."""
        learn(rows, len(rows), self.learned)
        self.append("messages", messages)
        self.append("rows", rows)

    def append(self, name: str, values: Array) -> None:
        if name not in self._files:
            self._files[name] = self._path(name).open("wb")
            self.counts[name] = 0
        self._files[name].write(np.ascontiguousarray(values).data)
        self.counts[name] += len(values)

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def array(self, name: str) -> Array:
        """All that was appended, memory-mapped."""
        for file in self._files.values():
            if not file.closed:
                file.flush()
        dtype, width = DTYPES.get(name, np.dtype("<i8")), WIDTH.get(name, 0)
        count = self.counts.get(name, 0)
        shape = (count, width) if width else (count,)
        if count == 0:
            return np.zeros(shape, dtype)
        return np.memmap(self._path(name), dtype, "r", shape=shape)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.spill"
