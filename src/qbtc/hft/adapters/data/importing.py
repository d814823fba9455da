"""Sources into one tape: detect, read into a spill, survey, write, and only then give the tape its name.

Everything happens in a hidden folder beside the tape, so that a killed import leaves no tape at all; what dead imports
left there is removed by the next one.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from qbtc.core.market.tape.events import Note
from qbtc.core.market.tape.grid import PRICE_GCD, PRICE_MAX, choose
from qbtc.core.market.tape.info import Info, Source
from qbtc.core.market.tape.layout import TapeFault
from qbtc.core.market.tape.orders import Wrong, levelled, told
from qbtc.core.market.tape.tape import Tape

from ...errors import BadSource
from .detect import Detected, detect
from .files import SourceFile, quiet
from .findings import Findings
from .frames import FrameReader, Symbols
from .merged import Merged
from .names import RAW
from .opening import mapped
from .spill import Spill
from .survey import survey
from .tables import TableReader
from .writer import Job, describe, sync, write_columns, write_info


@dataclass(frozen=True, slots=True)
class Options:
    """How an import is done."""

    symbol: str | None = None
    kind: str | None = None
    tick: str | None = None
    lot: str | None = None
    keep_going: bool = False
    mapping: Mapping[str, str] = field(default_factory=dict)
    replace: bool = False
    progress: Callable[[int], None] = quiet

    def stored(self) -> dict[str, object]:
        return {
            "symbol": self.symbol, "kind": self.kind, "tick": self.tick, "lot": self.lot, "keep_going": self.keep_going,
            "map": dict(self.mapping),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """A tape that was made. `refused` lines could not be read and were left out (only with keep_going)."""

    path: Path
    info: Info
    refused: int


def import_tape(sources: Sequence[Path], out: Path | None, options: Options, *, home: Path | None = None) -> Imported:
    """Make the tape `out`, or (without) `home`/data/<venue>/<symbol>. Raises BadSource; leaves nothing then."""
    if not sources:
        raise BadSource("no source given", field="src")
    found = [detect(SourceFile(p, options.progress), kind=options.kind, mapping=options.mapping) for p in sources]
    symbol, venue = _symbol(found, options.symbol), _venue(found)
    path = out or (home or Path()) / "data" / venue / symbol
    if path.exists() and not options.replace:
        raise BadSource(f"{path}: exists already", field="out", allowed="another --out, or --replace")
    findings = Findings(options.keep_going)
    with beside(path) as folder:
        info = _make(folder, found, symbol, venue, options, findings)
        take_name(folder, path, replace=options.replace)
    return Imported(path, info, findings.refused)


def _make(
    folder: Path, found: list[Detected], symbol: str, venue: str, options: Options, findings: Findings
) -> Info:
    with Spill(folder / "spill") as spill:
        sources = _read(found, symbol, options, spill, findings)
        _aligned(spill)
        merged, names = Merged(spill), [item.source.name for item in found]
        if not len(merged):
            raise BadSource(f"{', '.join(names)}: no market data of {symbol}", allowed="at least one message")
        seen = survey(merged, names, findings, futures=venue == "binance-usdm")
        try:
            grid = choose(_learned(spill), symbol, venue, options.tick, options.lot)
        except TapeFault as fault:
            raise BadSource(str(fault), field="tick") from None
        job = Job(folder, merged, grid, seen, names, spill.learned)
        columns, times = write_columns(job)
        said = partial(
            describe, job, columns, times, symbol=symbol, venue=venue, sources=sources, findings=findings, options=options.stored()
        )  # fmt: skip
        info = said()
        if "order" in columns:
            check_orders(folder, info, merged, names, findings)
            info = said()
        del merged, job, said
    write_info(folder, info)
    return info


def check_orders(folder: Path, info: Info, merged: Merged, names: list[str], findings: Findings) -> None:
    """Follow the orders of a tape that was just written; what cannot be goes to the findings, or ends the import."""
    tape = Tape(info, {name: mapped(folder, name, column) for name, column in info.columns.items()})
    try:
        found = levelled(tape)
    except TapeFault as fault:
        raise BadSource(str(fault), field="kind") from None
    for message, code in found.wrong.tolist():
        wrong, row = Wrong(code), merged.message(message)
        file, line, text = names[row["source"]], int(row["line"]), told(tape, message, code)
        if wrong is not Wrong.CROSSED and not findings.keep_going:
            raise BadSource(
                f"{file}, line {line}: {text}", field=f"{file}:{line}",
                allowed="events of orders that are there; --keep-going passes over the others and counts them",
            )  # fmt: skip
        findings.add(Note[wrong.name], file, line, message=message, text=text)


def _aligned(spill: Spill) -> None:
    """Raises BadSource where some rows have orders and some have none."""
    if spill.counts.get("order", 0) not in (0, spill.counts.get("rows", 0)):
        raise BadSource(
            "orders (l3) and other data cannot make one tape", field="src",
            allowed="tables of orders alone; their trades as lines with the action trade",
        )  # fmt: skip


def _read(
    found: list[Detected], symbol: str, options: Options, spill: Spill, findings: Findings
) -> list[Source]:
    reader: FrameReader | None = None
    sources = []
    for number, item in enumerate(found):
        if item.kind == RAW:
            reader = reader or FrameReader(_symbols(found, symbol, options), spill, findings)
            lines, messages = reader.read(item.source, number)
        else:
            assert item.layout is not None
            lines, messages = TableReader(item.layout, spill, findings).read(item.source, number)
        sources.append(Source(item.source.name, item.source.size, lines, messages, item.source.digest))
    return sources


def _learned(spill: Spill) -> np.ndarray:
    """What the rows taught, and the prices of bars."""
    for name in ("bar_open", "bar_high", "bar_low", "bar_close"):
        values = spill.array(name)
        if len(values):
            spill.learned[PRICE_GCD] = np.gcd(spill.learned[PRICE_GCD], np.gcd.reduce(values))
            spill.learned[PRICE_MAX] = max(int(spill.learned[PRICE_MAX]), int(values.max()))
    return spill.learned


def _symbols(found: list[Detected], symbol: str, options: Options) -> Symbols:
    """The wanted symbol, then the others that the recordings begin with."""
    ids: dict[str, int] = {symbol: 0}
    for item in found:
        for name, first in (item.recorded.ids if item.recorded else {}).items():
            ids[name] = ids.get(name) or first
    return Symbols(tuple(ids), tuple(ids.values()), strict=options.symbol is None)


def _symbol(found: list[Detected], asked: str | None) -> str:
    """The symbol asked for, or the only one there is."""
    there = sorted({item.symbol for item in found if item.symbol} | _all_recorded(found))
    if asked is not None:
        if there and asked not in there and all(item.symbol or item.recorded for item in found):
            raise BadSource(f"there is no {asked} in the sources", field="symbol", allowed=", ".join(there))
        return asked
    if len(there) == 1:
        return there[0]
    many = f"the sources hold {', '.join(there)}" if there else "the sources do not name their symbol"
    raise BadSource(many, field="symbol", allowed="one symbol a tape: choose it with --symbol")


def _all_recorded(found: list[Detected]) -> set[str]:
    return {name for item in found if item.recorded for name in item.recorded.ids}


def _venue(found: list[Detected]) -> str:
    venues = sorted({item.venue for item in found})
    if len(venues) > 1:
        named = ", ".join(f"{item.source.name} ({item.venue})" for item in found)
        raise BadSource(f"the sources are of different venues: {named}", field="src", allowed="one venue a tape")
    return venues[0]


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A hidden folder beside `path`, gone afterwards unless it got another name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    folder = path.parent / f".{path.name}.partial-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(path: Path) -> None:
    """Remove what imports of this tape left that were killed."""
    for left in path.parent.glob(f".{path.name}.partial-*"):
        pid = left.name.rpartition("-")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(left, ignore_errors=True)


def take_name(folder: Path, path: Path, *, replace: bool) -> None:
    """Give the finished tape its name; one that was there before goes only now."""
    if path.exists() and not replace:
        raise BadSource(f"{path}: appeared meanwhile", field="out", allowed="another --out, or --replace")
    old = path.parent / f".{path.name}.old-{os.getpid()}"
    if path.exists():
        path.rename(old)
    folder.rename(path)
    sync(path.parent)
    shutil.rmtree(old, ignore_errors=True)

