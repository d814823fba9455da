"""A simulated market into a tape: block by block from the crowd to the columns, so that memory does not grow with rows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from qbtc.core.market.instrument import KNOWN
from qbtc.core.market.tape.info import ABSOLUTE, DELTA, Info, SnapshotMark
from qbtc.core.market.tape.layout import Kind, TapeFault, narrowest
from qbtc.core.market.volume import parameters
from qbtc.core.market.volume.parameters import Parameters
from qbtc.core.market.volume.sampling import START
from qbtc.core.market.volume.simulation import ROWS, Simulation
from qbtc.core.market.volume.state import Out
from qbtc.core.market.volume.usual import usual

from ...errors import BadSource
from .files import quiet
from .importing import beside, take_name
from .opening import open_tape
from .writer import ColumnFile, write_info

HEADROOM = 16
"""How far the price may go, as a factor, before 32 bits of a tick could be too few."""
MANY = 1 << 30
"""Rows from which ids and offsets take 64 bits."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is simulated: up to `rows` rows, up to `seconds`, or whichever comes first. `progress` is told of each block's
    rows, or without `rows` of its seconds; `block` rows are held at a time and change nothing in the tape."""

    seed: int = 0
    rows: int | None = None
    seconds: float | None = None
    start: int = START
    replace: bool = False
    block: int = ROWS
    progress: Callable[[int], None] = quiet


def like(path: Path) -> Parameters:
    """Parameters fitted to a tape, or those that are in a .json. Raises BadSource, NoTape, BrokenTape."""
    from qbtc.core.market.volume.calibrate import calibrate

    if path.suffix == ".json":
        return read(path)
    try:
        return calibrate(open_tape(path))
    except ValueError as error:
        raise BadSource(f"{path}: {error}", field="like") from None


def known(symbol: str) -> Parameters:
    """Those of a symbol that QBTC was fitted to. Raises BadSource."""
    item = KNOWN.get(symbol.upper())
    if item is None:
        raise BadSource(f"symbol {symbol!r} is not known", field="symbol", allowed=f"{', '.join(sorted(KNOWN))}, or --like a tape")
    return usual(item)


def read(path: Path) -> Parameters:
    """A document that `write` made. Raises BadSource."""
    try:
        body = json.loads(path.read_text())
        if not isinstance(body, dict):
            raise TapeFault("is no JSON object")
        return parameters.from_json(body)
    except FileNotFoundError:
        raise BadSource(f"{path}: is not there", field="like", allowed="a tape, or what `qbtc data calibrate` wrote") from None
    except ValueError as error:
        raise BadSource(f"{path}: {error}", field="like") from None


def write(path: Path, found: Parameters) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(parameters.to_json(found), indent=1) + "\n")


@dataclass(slots=True)
class _Tally:
    """What tape.json will say."""

    kinds: Counter[int] = field(default_factory=Counter)
    messages: int = 0
    rows: int = 0
    seq_first: int = 0
    last_seq: int = 0
    first_local: int = 0
    last_local: int = 0
    first_exchange: int = 0
    last_exchange: int = 0

    def add(self, block: Out) -> None:
        exchange = (int(block.local[0] - block.lag[0]), int(block.local[-1] - block.lag[-1]))
        if not self.messages:
            self.first_local, self.first_exchange, self.seq_first = int(block.local[0]), exchange[0], int(block.seq[0])
        self.last_local, self.last_exchange, self.last_seq = int(block.local[-1]), exchange[1], int(block.seq[-1])
        self.messages += len(block.local)
        self.rows += len(block.tick)
        counts = np.bincount(block.kind)
        self.kinds.update({code: int(counts[code]) for code in np.flatnonzero(counts).tolist()})


def simulate(p: Parameters, out: Path, wanted: Wanted) -> Info:
    """Write the tape `out`; the same parameters, seed and amount give the same bytes. Raises BadSource; leaves nothing then."""
    if wanted.rows is None and wanted.seconds is None:
        raise BadSource("how much to simulate is not said", field="rows", allowed="--rows, --duration or both")
    if out.exists() and not wanted.replace:
        raise BadSource(f"{out}: exists already", field="out", allowed="another --out, or --replace")
    try:
        with beside(out) as folder:
            info = _make(folder, p, wanted)
            take_name(folder, out, replace=wanted.replace)
    except TapeFault as fault:
        raise BadSource(str(fault)) from None
    return info


def _make(folder: Path, p: Parameters, wanted: Wanted) -> Info:
    simulation, tally = Simulation(p, wanted.seed, wanted.start), _Tally()
    wide = wanted.rows is None or wanted.rows >= MANY
    files = {name: ColumnFile(folder, name, dtype) for name, dtype in _plan(p, wide=wide).items()}
    try:
        files["first"].write(np.zeros(1, np.int64))
        done = 0
        for block in simulation.blocks(rows=wanted.rows, seconds=wanted.seconds, block=wanted.block):
            _put(files, block, tally)
            before, done = done, tally.rows if wanted.rows is not None else round((simulation.time - wanted.start) / 1e9)
            wanted.progress(done - before)
        columns = {name: file.close() for name, file in files.items()}
    finally:
        for file in files.values():
            file.drop()
    info = Info(
        symbol=p.symbol, venue=p.venue, tick_size=p.tick_size, lot_size=p.lot_size, messages=tally.messages, rows=tally.rows,
        columns=columns, seq=ABSOLUTE if wide else DELTA, seq_first=0 if wide else tally.seq_first,
        kinds={Kind(code).name: count for code, count in sorted(tally.kinds.items())}, first_local=tally.first_local,
        last_local=tally.last_local, first_exchange=tally.first_exchange, last_exchange=tally.last_exchange,
        snapshots=(SnapshotMark(0, tally.seq_first),), options=_options(p, wanted),
    )  # fmt: skip
    write_info(folder, info)
    return info


def _plan(p: Parameters, *, wide: bool) -> dict[str, str]:
    lag = narrowest("lag", min(p.lags), max(p.lags))
    return {
        "local": "<i8", "lag": "<i8" if lag == "<i8" or max(map(abs, p.lags)) > 1 << 30 else lag, "kind": "|u1", "first": "<u8" if wide else "<u4",
        "seq": "<i8" if wide else "<i4", "tick": narrowest("tick", 0, int(p.price * HEADROOM) << 2), "lots": "<i4",
    }  # fmt: skip


def _put(files: dict[str, ColumnFile], block: Out, tally: _Tally) -> None:
    """One block behind the others."""
    before = tally.last_seq if tally.messages else int(block.seq[0])
    files["local"].write(block.local)
    files["lag"].write(block.lag)
    files["kind"].write(block.kind)
    files["first"].write(block.ends)
    files["seq"].write(block.seq if files["seq"].dtype == "<i8" else np.diff(block.seq, prepend=before))
    files["tick"].write(block.tick)
    files["lots"].write(block.lots)
    tally.add(block)


def _options(p: Parameters, wanted: Wanted) -> dict[str, Any]:
    """All that it takes to make the tape again."""
    return {
        "simulated": parameters.to_json(p), "seed": wanted.seed, "rows": wanted.rows, "seconds": wanted.seconds, "start": wanted.start,
    }  # fmt: skip
