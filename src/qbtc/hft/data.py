"""Market data for research: `qbtc.hft.data`.

    from qbtc.hft import data

    tape = data.open("btc")              # a folder that `qbtc data import` made
    tape.local, tape.tick, tape.lots     # memory-mapped columns
    frame = data.to_polars(tape)

docs/guide/hft/data.md explains the format; `core.market.tape` is the pure part, `adapters.data` what touches files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from qbtc.core.market.book import Book
from qbtc.core.market.tape.layout import Kind, is_ask, is_trade, price_ticks
from qbtc.core.market.tape.replay import by_levels, final_book, series
from qbtc.core.market.tape.tape import Tape

from .adapters.data.export import to_duckdb, to_polars
from .adapters.data.importing import Imported, Options, import_tape
from .adapters.data.opening import open_tape

AnyPath = str | os.PathLike[str]


def open(path: AnyPath) -> Tape:  # noqa: A001 - `data.open` is how it reads
    """The tape in a folder, memory-mapped. Raises NoTape or BrokenTape."""
    return open_tape(Path(path))


def importing(
    sources: AnyPath | Iterable[AnyPath], out: AnyPath, *, symbol: str | None = None, kind: str | None = None,
    tick: str | None = None, lot: str | None = None, keep_going: bool = False, replace: bool = False,
    columns: Mapping[str, str] | None = None,
) -> Imported:  # fmt: skip
    """Make a tape of one or more source files, as `qbtc data import` does. `columns` maps roles to column names.

    Raises BadSource with file, line and what is allowed.
    """
    paths = [sources] if isinstance(sources, str | os.PathLike) else list(sources)
    options = Options(
        symbol=symbol, kind=kind, tick=tick, lot=lot, keep_going=keep_going, mapping=columns or {}, replace=replace
    )
    return import_tape([Path(path) for path in paths], Path(out), options)


__all__ = [
    "Book", "Imported", "Kind", "Tape", "by_levels", "final_book", "importing", "is_ask", "is_trade", "open", "price_ticks", "series",
    "to_duckdb", "to_polars",
]  # fmt: skip
