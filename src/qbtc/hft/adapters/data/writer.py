"""Merged events into the files of a tape: planned columns, written once from front to back, tape.json last."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import numpy as np
from isal import isal_zlib

from qbtc.core.market.instrument import render
from qbtc.core.market.tape.events import Note
from qbtc.core.market.tape.grid import PRICE_MAX, QUANTITY_MAX, Grid, on_grid, scale
from qbtc.core.market.tape.info import DELTA, NONE, Column, Info, Source, to_json
from qbtc.core.market.tape.layout import DTYPES, EXTRA, Array, Ints, Kind, TapeFault, narrowed, narrowest
from qbtc.core.market.tape.sequence import lags

from ...errors import BadSource
from .findings import Findings
from .merged import Block, Merged
from .survey import Survey

TAPE = "tape.json"


class ColumnFile:
    """One column being written."""

    def __init__(self, folder: Path, name: str, dtype: str) -> None:
        self._name, self.dtype = name, dtype
        self._file: IO[bytes] = (folder / f"{name}.bin").open("wb")
        self._count = self._crc = 0

    def write(self, values: Array) -> None:
        data = np.ascontiguousarray(narrowed(self._name, values, self.dtype))
        self._crc = isal_zlib.crc32(data.view(np.uint8).data, self._crc)
        self._file.write(data.data)
        self._count += len(values)

    def drop(self) -> None:
        """Close without a promise."""
        self._file.close()

    def close(self) -> Column:
        """On disk, whatever happens to the machine."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return Column(self.dtype, self._count, self._crc)


@dataclass(slots=True)
class Job:
    """What is written where."""

    folder: Path
    merged: Merged
    grid: Grid
    seen: Survey
    names: list[str]
    learned: Ints
    files: dict[str, ColumnFile] = field(default_factory=dict)


def write_columns(job: Job) -> tuple[dict[str, Column], dict[str, int]]:
    """All columns, and the tape's times. Raises BadSource for a value off the grid or beyond every width."""
    try:
        for name, dtype in _plan(job).items():
            job.files[name] = ColumnFile(job.folder, name, dtype)
    except TapeFault as fault:
        raise BadSource(str(fault), allowed="a coarser --tick or --lot") from None
    try:
        times = _blocks(job)
        _extras(job)
        return {name: file.close() for name, file in job.files.items()}, times
    finally:
        for file in job.files.values():
            file.drop()


def _plan(job: Job) -> dict[str, str]:
    """The type of each column that is stored."""
    seen, merged = job.seen, job.merged
    ticks, lots = int(job.learned[PRICE_MAX]) // job.grid.tick_units, int(job.learned[QUANTITY_MAX]) // job.grid.lot_units
    planned = {"local": "<i8", "tick": narrowest("tick", 0, ticks << 2 | 3), "lots": narrowest("lots", 0, lots)}
    if seen.lag != (0, 0):
        planned["lag"] = narrowest("lag", *seen.lag)
    if len(seen.kinds) != 1:
        planned["kind"] = DTYPES["kind"][0]
    if seen.rows[0] != seen.rows[1]:
        planned["first"] = narrowest("first", 0, merged.rows)
    if seen.seq != NONE:
        planned["seq"] = DTYPES["seq"][0 if seen.seq == DELTA else 1]
    if seen.runs_back:
        planned["exch"] = narrowest("exch", 0, len(merged))
    if any(kind >= Kind.ADD for kind in seen.kinds):
        planned["order"] = DTYPES["order"][0]
    return planned


def _blocks(job: Job) -> dict[str, int]:
    """Write every column that has a value a message or a row."""
    seen, files, count = job.seen, job.files, len(job.merged)
    exchange = np.zeros(count if seen.runs_back else 0, np.int64)
    lag, rows, last = seen.first_lag, 0, seen.seq_first
    times = {"first_local": 0, "last_local": 0, "first_exchange": 2**63 - 1, "last_exchange": 0}
    state = np.zeros(3, np.int64)
    if "first" in files:
        files["first"].write(np.zeros(1, np.int64))
    for block in job.merged.blocks():
        messages = block.messages
        held = np.zeros(len(messages), np.int64)
        lag = int(lags(messages, state, lag, held))
        at_exchange = messages["local"] - held
        _message_columns(files, messages, held, last)
        last = int(messages["seq"][-1])
        if "first" in files:
            ends = np.cumsum(messages["rows"]) + rows
            files["first"].write(ends)
            rows = int(ends[-1])
        exchange[block.start : block.start + len(messages)] = at_exchange if seen.runs_back else 0
        _rows(job, block)
        times["first_local"] = times["first_local"] or int(messages["local"][0])
        times["last_local"] = int(messages["local"][-1])
        times["first_exchange"] = min(times["first_exchange"], int(at_exchange.min()))
        times["last_exchange"] = max(times["last_exchange"], int(at_exchange.max()))
    if seen.runs_back:
        files["exch"].write(np.argsort(exchange, kind="stable"))
    return times


def _message_columns(files: Mapping[str, ColumnFile], messages: Array, lag: Ints, last: int) -> None:
    files["local"].write(messages["local"])
    if "lag" in files:
        files["lag"].write(lag)
    if "kind" in files:
        files["kind"].write(messages["kind"])
    if "seq" in files:
        absolute = files["seq"].dtype == "<i8"
        files["seq"].write(messages["seq"] if absolute else np.diff(messages["seq"], prepend=last))


def _rows(job: Job, block: Block) -> None:
    rows = block.rows
    ticks, lots = np.empty(len(rows), np.int64), np.empty(len(rows), np.int64)
    wrong = int(scale(rows, 0, len(rows), job.grid.tick_units, job.grid.lot_units, 0, ticks, lots))
    if wrong >= 0:
        _off_grid(job, block, wrong)
    job.files["tick"].write(ticks)
    job.files["lots"].write(lots)
    if block.order is not None:
        job.files["order"].write(block.order)


def _off_grid(job: Job, block: Block, row: int) -> None:
    owner = block.messages[int(np.searchsorted(np.cumsum(block.messages["rows"]), row, side="right"))]
    price, quantity = int(block.rows[row, 0]) >> 2, int(block.rows[row, 1])
    bad_price = price % job.grid.tick_units != 0
    value, step = (price, job.grid.tick_size) if bad_price else (quantity, job.grid.lot_size)
    what, option = ("price", "--tick") if bad_price else ("quantity", "--lot")
    _refuse_off_grid(job.names[owner["source"]], int(owner["line"]), f"{what} {render(value)}", step, option)


def _refuse_off_grid(file: str, line: int, value: str, step: str, option: str) -> None:
    raise BadSource(
        f"{file}, line {line}: {value} is not a multiple of {step}", field=option,
        allowed=f"a finer {option}, or none: it is then learned from the data",
    )  # fmt: skip


def _extras(job: Job) -> None:
    """Columns of bars, funding and bands; bars in ticks and lots."""
    for kind, names in EXTRA.items():
        for name in names if job.seen.kinds[kind] else ():
            values = job.merged.special(kind, name)
            if kind is Kind.BAR and names[name] == "<i8":
                values = _bar(job, name, values)
            job.files[name] = ColumnFile(job.folder, name, names[name])
            job.files[name].write(values)


def _bar(job: Job, name: str, values: Array) -> Ints:
    """A price of bars in ticks."""
    count, wrong = on_grid(values, job.grid.tick_units)
    if wrong >= 0:
        row = job.merged.message(_nth(job.merged, Kind.BAR, wrong))
        value = f"{name} {render(int(values[wrong]))}"
        _refuse_off_grid(job.names[row["source"]], int(row["line"]), value, job.grid.tick_size, "--tick")
    return count


def _nth(merged: Merged, kind: Kind, wanted: int) -> int:
    """The number of the wanted-th message of a kind."""
    for start, messages in merged.messages():
        found = np.flatnonzero(messages["kind"] == kind)
        if wanted < found.size:
            return start + int(found[wanted])
        wanted -= found.size
    raise IndexError(wanted)


def describe(
    job: Job, columns: dict[str, Column], times: Mapping[str, int], *, symbol: str, venue: str, sources: list[Source],
    findings: Findings, options: dict[str, Any],
) -> Info:  # fmt: skip
    """All that tape.json says."""
    seen = job.seen
    if seen.untimed:
        findings.counts[Note.UNTIMED.name.lower()] = seen.untimed
    return Info(
        symbol=symbol, venue=venue, tick_size=job.grid.tick_size, lot_size=job.grid.lot_size, grid=job.grid.source,
        messages=len(job.merged), rows=job.merged.rows, columns=columns,
        kind=None if "kind" in columns else int(next(iter(seen.kinds))),
        rows_per_message=None if "first" in columns else seen.rows[0],
        seq=seen.seq, seq_first=seen.seq_first if seen.seq == DELTA else 0,
        kinds={Kind(kind).name: count for kind, count in sorted(seen.kinds.items())}, **times,
        untimed=seen.untimed, snapshots=tuple(seen.snapshots), gaps=tuple(seen.gaps), sources=tuple(sources),
        finding_counts=dict(findings.counts), findings=tuple(findings.kept), options=options,
    )  # fmt: skip


def write_info(folder: Path, info: Info) -> None:
    """tape.json, the last file of a tape: without it there is no tape."""
    path = folder / TAPE
    with path.open("w", encoding="utf-8") as file:
        json.dump(to_json(info), file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    sync(folder)


def sync(folder: Path) -> None:
    """The names in a folder, on disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
