"""Rows whose bytes are not those that were written: counted, named in the log and in `/health/ready`, never served."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter
from qbtc.qcs.errors import DamagedState

from .rows import Row

log = get_logger(__name__)

Judge = Callable[[Row], str | None]


class Damage:
    """What was found so far. `note` shows the number of damaged rows to people who look at the service's health."""

    def __init__(self, note: Callable[[int], None] = lambda count: None) -> None:
        self.ids: set[str] = set()
        self._note = note
        self._found = counter(
            "qbtc_qcs_damaged_states_total", "Stored states whose bytes are not those that were written"
        )

    def sound(self, rows: Sequence[Row], judge: Judge, key: str = "id") -> list[Row]:
        """The rows that are as they were written; the others are reported."""
        return [row for row in rows if not self._reported(row, judge, key)]

    def refuse(self, row: Row, judge: Judge, key: str = "id") -> Row:
        """The row, or DamagedState with what is wrong."""
        fault = judge(row)
        if fault is None:
            return row
        self.report(str(row[key]), fault)
        raise DamagedState(f"state {row[key]} is damaged in the database: {fault}; it is not served", field="id")

    def report(self, state_id: str, fault: str) -> None:
        if state_id not in self.ids:
            self.ids.add(state_id)
            self._found.inc()
            log.error("a stored state is damaged and is not served", state=state_id, fault=fault)
            self._note(len(self.ids))

    def _reported(self, row: Row, judge: Judge, key: str) -> bool:
        fault = judge(row)
        if fault is not None:
            self.report(str(row[key]), fault)
        return fault is not None
