"""Tapes as tables of Polars and DuckDB, for looking at them. Prices are floats there, beside the exact ticks and lots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from qbtc.core.market.tape.layout import Array, Kind, is_ask, is_trade, price_ticks
from qbtc.core.market.tape.tape import Tape

from ...errors import BadParameter

if TYPE_CHECKING:
    import duckdb
    import polars as pl

Table = Literal["rows", "messages", "bars", "funding", "bands"]
TABLES: tuple[Table, ...] = ("rows", "messages", "bars", "funding", "bands")
TIMES = ("local", "exchange", "next_funding")
_KINDS: dict[Table, Kind] = {"bars": Kind.BAR, "funding": Kind.FUNDING, "bands": Kind.BANDS}


def to_polars(tape: Tape, table: Table = "rows") -> pl.DataFrame:
    """One table of the tape; `local` and `exchange` are UTC. Raises BadParameter for a table that is none."""
    import polars as pl

    columns = _columns(tape, table)
    casts = [pl.col(name).cast(pl.Datetime("ns", "UTC")) for name in TIMES if name in columns]
    if "kind" in columns:
        casts.append(pl.col("kind").replace_strict({int(k): k.name for k in Kind}, return_dtype=pl.String))
    return pl.DataFrame(columns).with_columns(casts)


def _columns(tape: Tape, table: Table) -> dict[str, Array]:
    if table not in TABLES:
        raise BadParameter(f"there is no table {table!r}", field="table", allowed=list(TABLES))
    found = _rows(tape) if table == "rows" else _messages(tape) if table == "messages" else _special(tape, table)
    return {name: np.ascontiguousarray(values) for name, values in found.items()}


def _messages(tape: Tape) -> dict[str, Array]:
    found: dict[str, Array] = {
        "message": np.arange(len(tape), dtype=np.uint32), "local": np.asarray(tape.local),
        "exchange": np.asarray(tape.exchange), "kind": np.asarray(tape.kind), "rows": np.diff(tape.first).astype(np.uint32),
    }  # fmt: skip
    return found if tape.seq is None else {**found, "seq": np.asarray(tape.seq)}


def _rows(tape: Tape) -> dict[str, Array]:
    owner = np.repeat(np.arange(len(tape), dtype=np.uint32), np.diff(tape.first).astype(np.int64))
    tick = np.asarray(tape.tick)
    found: dict[str, Array] = {
        "message": owner, "local": tape.local[owner], "exchange": tape.exchange[owner], "kind": tape.kind[owner],
        "ask": is_ask(tick), "trade": is_trade(tick), "tick": price_ticks(tick), "lots": np.asarray(tape.lots),
        "price": tape.prices, "quantity": tape.quantities,
    }  # fmt: skip
    return found if tape.order is None else {**found, "order": np.asarray(tape.order)}


def _special(tape: Tape, table: Table) -> dict[str, Array]:
    """Bars (prices as floats), funding or bands, with their times."""
    kind = _KINDS[table]
    owner = tape.of(kind)
    extra = {name: np.asarray(values) for name, values in tape.special(kind).items()}
    if kind is Kind.BAR:
        extra = {
            name.removeprefix("bar_"): values if name == "bar_volume" else values * tape.tick_size
            for name, values in extra.items()
        }
    return {"local": tape.local[owner], "exchange": tape.exchange[owner], **extra}


def to_duckdb(tape: Tape, connection: duckdb.DuckDBPyConnection | None = None) -> duckdb.DuckDBPyConnection:
    """A connection (a new one in memory, or the given one) with the tables `rows`, `messages`, `bars`, `funding`, `bands`.

    Raises BadParameter where duckdb is not installed.
    """
    try:
        import duckdb
    except ImportError:
        raise BadParameter(
            "duckdb is not installed", field="duckdb", allowed="pip install 'qbtc[research]', or to_polars(tape)"
        ) from None
    made = connection or duckdb.connect()
    names = ", ".join(f"'{Kind(code).name if code in set(Kind) else ''}'" for code in range(max(Kind) + 1))
    for table in TABLES:
        columns = _columns(tape, table)
        arrays = {n: v.view("datetime64[ns]") if n in TIMES else v for n, v in columns.items()}
        named = f" replace (([{names}])[kind + 1] as kind)" if "kind" in columns else ""
        made.register("_qbtc", arrays)
        made.execute(f"create or replace table {table} as select *{named} from _qbtc")
        made.unregister("_qbtc")
    return made
