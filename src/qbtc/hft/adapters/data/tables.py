"""Tables into the spill: `core.market.tape.table` reads columns, a shape makes messages of them, places are kept."""

from __future__ import annotations

import numpy as np

from qbtc.core.market.tape import table as core
from qbtc.core.market.tape.events import Note
from qbtc.core.market.tape.frames import line_end
from qbtc.core.market.tape.layout import Ints
from qbtc.core.market.tape.table import (
    COLUMN,
    FAULT,
    FULL,
    LINE,
    REFUSED,
    ROWS,
    START,
    STATE,
    STATUS,
    STOP,
    WHY,
    Refusal,
)

from .files import SourceFile
from .findings import Findings
from .layouts import Layout
from .shapes import SHAPES, Columns, Made
from .spill import Spill
from .text import Bytes, feed

LINES = 1 << 15
COMMA = 44
PRICE_LIMIT = 1 << 60


class TableReader:
    """Reads one table into a spill."""

    def __init__(self, layout: Layout, spill: Spill, findings: Findings) -> None:
        self._layout, self._spill, self._findings = layout, spill, findings
        used = [role for role in layout.roles if role is not None]
        self._slots = {role: slot for slot, role in enumerate(used)}
        self._fields = np.array([int(field) for field in layout.fields], np.int64)
        self._places = np.array([self._slots.get(role or "", 0) for role in layout.roles], np.int64)
        self._out: Ints = np.zeros((LINES, max(len(used), 1)), np.int64)
        self._lines: Ints = np.zeros(LINES, np.int64)
        self._lower = np.zeros(16, np.uint8)
        self._state: Ints = np.zeros(STATE, np.int64)
        self._latest, self._number, self._name = 0, 0, ""
        self._header = layout.header

    def read(self, source: SourceFile, number: int) -> tuple[int, int]:
        """(lines, messages) of the source."""
        self._number, self._name = number, source.name
        before = self._spill.counts.get("messages", 0)
        feed(source.name, source.blocks(), self._walk)
        self._empty(last=True)
        lines = int(self._state[LINE])
        if source.truncated:
            self._findings.refuse(source.name, lines, source.truncated, Note.TRUNCATED)
        return lines, self._spill.counts.get("messages", 0) - before

    def _walk(self, buffer: Bytes, pos: int, end: int, final: bool) -> int:
        state = self._state
        if self._header:
            self._header, pos = False, self._behind_header(buffer, pos, end)
        stopped = int(core.read_rows(
            buffer, pos, end, final, COMMA, self._fields, self._places, core.WORDS, self._lower, state, self._out,
            self._lines,
        ))  # fmt: skip
        if state[STATUS] == FULL:
            self._empty(last=False)
        elif state[STATUS] == REFUSED:
            self._refuse(buffer)
        return stopped

    def _behind_header(self, buffer: Bytes, pos: int, end: int) -> int:
        """Behind the first line that is not empty."""
        while pos < end:
            stop = int(line_end(buffer, pos, end))
            self._state[LINE] += 1
            blank, pos = not bytes(buffer[pos:stop]).strip(), min(stop + 1, end)
            if not blank:
                break
        return pos

    def _refuse(self, buffer: Bytes) -> None:
        state = self._state
        cell = bytes(buffer[state[START] : min(int(state[STOP]), int(state[START]) + 60)]).decode("utf-8", "replace")
        why = WHY[Refusal(int(state[FAULT]))]
        at = int(state[COLUMN])
        place = f"column {self._layout.column(at)}: {cell!r} " if state[FAULT] != Refusal.COLUMNS else ""
        self._findings.refuse(self._name, int(state[LINE]), place + why)

    def _empty(self, *, last: bool) -> None:
        """Make messages of the lines read so far, and keep those of a group that may go on."""
        count = int(self._state[ROWS])
        out, lines = self._out[:count], self._lines[:count].copy()
        columns = {role: out[:, slot].copy() for role, slot in self._slots.items()}
        self._limits(columns, lines)
        made = SHAPES[self._layout.shape](columns, lines, last)
        self._put(made)
        rest = count - made.used
        self._out[:rest], self._lines[:rest] = out[made.used :].copy(), lines[made.used :]
        self._state[ROWS] = rest
        if rest == len(self._out):
            self._out = np.concatenate([self._out, np.zeros_like(self._out)])
            self._lines = np.concatenate([self._lines, np.zeros_like(self._lines)])

    def _limits(self, columns: Columns, lines: Ints) -> None:
        """A price beyond what the packing takes ends the import, whatever the user said."""
        for role in ("price", "bid", "ask"):
            values = columns.get(role)
            if values is not None and values.size and int(values.max()) > PRICE_LIMIT:
                at = int(values.argmax())
                Findings().refuse(self._name, int(lines[at]), f"the price {values[at] / 1e8:g} is too large")

    def _put(self, made: Made) -> None:
        messages = made.messages
        if not len(messages):
            return
        local = messages["local"]
        held = np.maximum.accumulate(np.maximum(local, self._latest))
        for at in np.flatnonzero(held != local).tolist():
            self._findings.add(
                Note.BACKWARDS, self._name, int(messages["line"][at]), expected=int(held[at]), found=int(local[at]),
                text="local time runs backwards; the later one is kept",
            )  # fmt: skip
        messages["local"], messages["source"] = held, self._number
        self._latest = int(held[-1])
        self._spill.add(messages, made.rows)
        for name, values in made.extras.items():
            self._spill.append(name, values)
