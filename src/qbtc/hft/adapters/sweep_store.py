"""What a sweep has found so far, on disk: a trial that is written is never run again, whatever happens to the process.

`sweep.json` says what is swept (its digest must be the same to go on), `returns.f8` has one row of profits a trial in
the order in which they ended, `rows.jsonl` one line a trial, written after its profits; a last line that is cut off and
profits without a line do not count.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.backtest.assumptions import BadAssumption

DEFINITION, RETURNS, ROWS = "sweep.json", "returns.f8", "rows.jsonl"


class SweepStore:
    """Raises BadAssumption when the folder holds another sweep."""

    def __init__(self, folder: Path, definition: Mapping[str, Any]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        said = json.dumps(definition, sort_keys=True, indent=1)
        path = folder / DEFINITION
        if path.exists():
            if path.read_text() != said:
                raise BadAssumption(f"{folder} holds another sweep; choose another folder with --out, or remove it")
        else:
            _write(path, said)
        self.done: dict[int, dict[str, Any]] = {}
        self._periods = 0
        self._read()
        self._rows = (folder / ROWS).open("a")
        self._returns = (folder / RETURNS).open("r+b" if (folder / RETURNS).exists() else "w+b")
        self._returns.truncate(len(self.done) * self._periods * 8)
        self._returns.seek(0, os.SEEK_END)

    def _read(self) -> None:
        path = self.folder / ROWS
        kept = []
        for line in path.read_text().splitlines() if path.exists() else []:
            try:
                row = json.loads(line)
            except ValueError:
                break
            kept.append(line)
            self.done[int(row["trial"])] = row
            self._periods = int(row["periods"])
        if path.exists():
            _write(path, "".join(f"{line}\n" for line in kept))

    def add(self, trial: int, row: Mapping[str, Any], profits: NDArray[np.float64]) -> None:
        """Keep one trial. Its profits are on disk before its line is."""
        kept = {"trial": trial, "place": len(self.done), "periods": int(profits.size), **row}
        self._periods = profits.size
        self._returns.write(np.ascontiguousarray(profits, "<f8").tobytes())
        self._returns.flush()
        self._rows.write(json.dumps(kept) + "\n")
        self._rows.flush()
        self.done[trial] = kept

    def returns(self, trials: Sequence[int]) -> NDArray[np.float64]:
        """float64[trials, periods] in that order."""
        raw = np.fromfile(self.folder / RETURNS, "<f8").reshape(len(self.done), -1)
        return np.asarray(raw[[self.done[trial]["place"] for trial in trials]])

    def close(self) -> None:
        for file in (self._rows, self._returns):
            file.flush()
            os.fsync(file.fileno())
            file.close()


class SweepMemory:
    """The same, kept in memory."""

    def __init__(self) -> None:
        self.done: dict[int, dict[str, Any]] = {}
        self._profits: dict[int, NDArray[np.float64]] = {}

    def add(self, trial: int, row: Mapping[str, Any], profits: NDArray[np.float64]) -> None:
        self.done[trial] = {"trial": trial, "periods": int(profits.size), **row}
        self._profits[trial] = profits

    def returns(self, trials: Sequence[int]) -> NDArray[np.float64]:
        return np.array([self._profits[trial] for trial in trials])

    def close(self) -> None:
        """Nothing is open."""


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.write_text(text)
    draft.replace(path)
