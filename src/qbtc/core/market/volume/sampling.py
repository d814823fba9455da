"""A simulated tape in memory: for calibration and tests. What goes to disk is written block by block by an adapter."""

from __future__ import annotations

import numpy as np

from ..tape.info import ABSOLUTE, Column, Info, SnapshotMark
from ..tape.layout import Array, Kind
from ..tape.tape import Tape
from .parameters import Parameters
from .simulation import ROWS, Simulation
from .state import Out

START = 1_700_000_000_000_000_000
"""UTC ns at which a simulated market begins where nothing else is said."""


def sampled(p: Parameters, seed: int, seconds: float, *, rows: int | None = None, block: int = ROWS) -> Tape:
    """The tape of so many seconds (or rows) in memory: 33 bytes a message and 16 a row."""
    parts = [Out(*map(np.copy, each)) for each in Simulation(p, seed, START).blocks(rows=rows, seconds=seconds, block=block)]
    whole = Out(*(np.concatenate([getattr(part, name) for part in parts]) for name in Out._fields))
    columns: dict[str, Array] = {
        "local": whole.local, "lag": whole.lag, "kind": whole.kind, "seq": whole.seq, "tick": whole.tick, "lots": whole.lots,
        "first": np.concatenate([[0], whole.ends]).astype(np.uint64),
    }  # fmt: skip
    return Tape(info_of(p, columns, kinds_of(whole.kind)), columns)


def kinds_of(kind: Array) -> dict[str, int]:
    values, counts = np.unique(kind, return_counts=True)
    return {Kind(value).name: count for value, count in zip(values.tolist(), counts.tolist(), strict=True)}


def info_of(p: Parameters, columns: dict[str, Array], kinds: dict[str, int]) -> Info:
    local, exchange = columns["local"], columns["local"] - columns["lag"]
    return Info(
        symbol=p.symbol, venue=p.venue, tick_size=p.tick_size, lot_size=p.lot_size, messages=len(local), rows=len(columns["tick"]),
        columns={name: Column(values.dtype.str, len(values), 0) for name, values in columns.items()}, seq=ABSOLUTE, kinds=kinds,
        first_local=int(local[0]), last_local=int(local[-1]), first_exchange=int(exchange.min()), last_exchange=int(exchange.max()),
        snapshots=(SnapshotMark(0, int(columns["seq"][0])),),
    )  # fmt: skip
