"""A halt that lasts, in a file: a killed or restarted engine does not trade again before a person resumes it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .codes import PASSING, Halt
from .panel import NoPanel, Panel

HALTED = 2
TOLD = (*PASSING, Halt.NONE, Halt.STOPPED, Halt.ASKED, Halt.CONTROL_SILENT)
"""Halts that need no file: the control side keeps those that it asked for itself."""


class HaltFile:
    """`reason` and `detail` of the halt that lasts, None when there is none."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.halt = self._read()

    def _read(self) -> tuple[Halt, int] | None:
        """A file that cannot be read is a halt: a failed check means no."""
        try:
            found = json.loads(self._path.read_text())
            return Halt[found["reason"]], int(found["detail"])
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            return Halt.JOURNAL_FULL, 0

    def inherit(self, panel_path: Path) -> None:
        """Keep the halt of an engine that died before it could write it down."""
        try:
            self.follow(Panel.attach(panel_path))
        except NoPanel:
            return

    def follow(self, panel: Panel) -> None:
        """Write down a lasting halt of the loop, once; forget it when the loop trades again.

        Raises OSError when the disk does not take it: the next call tries again.
        """
        head = panel.record["head"]
        reason, detail = Halt(int(head["reason"])), int(head["detail"])
        if int(head["state"]) != HALTED:
            self.clear()
        elif reason not in TOLD and self.halt is None:
            self._write(reason, detail)
            self.halt = reason, detail

    def clear(self) -> None:
        if self.halt is not None:
            self._path.unlink(missing_ok=True)
            self.halt = None

    def _write(self, reason: Halt, detail: int) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        with fresh.open("w") as file:
            json.dump({"reason": reason.name, "detail": detail}, file)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
