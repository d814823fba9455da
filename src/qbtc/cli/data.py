"""`qbtc data`: recorded market data into tapes, and what can be done with a tape without an engine."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from qbtc.hft.adapters.data.names import BASE_URL, INTERVALS, KINDS, MARKETS, TYPES

from . import data_simulate
from .common import home_path
from .data_common import as_json as _as_json
from .data_common import clear as _clear
from .data_common import file as _file
from .data_common import folder as _folder
from .data_common import progress as _progress
from .data_common import replace as _replace

if TYPE_CHECKING:
    from qbtc.core.market.tape.info import Info
    from qbtc.hft.adapters.data.fetching import Fetched, Wanted
    from qbtc.hft.adapters.data.importing import Imported

LEFT_OUT = 3
"""Exit code of an import that left out lines which it could not read."""
SHOWN = 10
_DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def data() -> None:
    """Market data: import recordings and public files as tapes, fetch, simulate, check, draw and pack them."""


data_simulate.join(data)


@data.command("import")
@click.argument("sources", nargs=-1, required=True, type=_file)
@click.option("--out", type=_folder, help="The tape's folder. Default: QBTC_HOME/data/VENUE/SYMBOL.")
@click.option("--symbol", help="Which symbol; needed where a source holds several, or does not name its own.")
@click.option("--kind", type=click.Choice(KINDS), help="What the sources are. Default: what their content says.")
@click.option("--map", "mapping", metavar="ROLE=COLUMN,…", help="Columns of a table of your own: time=ts,price=px,…")
@click.option("--tick", metavar="STEP", help="Price step. Default: learned from the data.")
@click.option("--lot", metavar="STEP", help="Quantity step. Default: learned from the data.")
@click.option("--keep-going", is_flag=True, help=f"Leave out lines that cannot be read; exit code {LEFT_OUT} then.")
@_replace
@_as_json
@_clear
def import_(
    sources: tuple[Path, ...], out: Path | None, symbol: str | None, kind: str | None, mapping: str | None,
    tick: str | None, lot: str | None, keep_going: bool, replace: bool, as_json: bool,
) -> None:  # fmt: skip
    """Make one tape of SOURCES: recorded frames, Binance's public files, Tardis files, CSV or Parquet tables."""
    from qbtc.hft.adapters.data.importing import Options, import_tape

    with _progress(sum(path.stat().st_size for path in sources if path.is_file()), "importing") as step:
        options = Options(symbol, kind, tick, lot, keep_going, _mapping(mapping), replace, step)
        made = import_tape(sources, out, options, home=home_path())
    if as_json:
        click.echo(json.dumps({"path": str(made.path), "refused": made.refused, **_document(made.info)}))
    else:
        _report(made)
    if made.refused:
        raise SystemExit(LEFT_OUT)


def _mapping(text: str | None) -> dict[str, str]:
    """`time=ts,price=px` as a mapping."""
    pairs = [part.partition("=") for part in text.split(",")] if text else []
    for role, sign, column in pairs:
        if not (role.strip() and sign and column.strip()):
            raise click.UsageError(f"--map: {role + sign + column!r} is not ROLE=COLUMN.")
    return {role.strip(): column.strip() for role, _, column in pairs}


def _document(info: Info) -> dict[str, Any]:
    from qbtc.core.market.tape.info import to_json

    return to_json(info)


def _report(made: Imported) -> None:
    """What was made and found, for a person."""
    info = made.info
    kinds = ", ".join(f"{count:,} {name.lower()}" for name, count in info.kinds.items())
    size = f"{info.bytes / 1e6:,.1f} MB" + (f", {info.bytes / info.rows:.1f} bytes a row" if info.rows else "")
    click.echo(f"{made.path}\n{info.symbol} ({info.venue}): {info.messages:,} messages ({kinds}), {info.rows:,} rows, {size}")
    click.echo(f"tick {info.tick_size}, lot {info.lot_size} ({info.grid}); {_span(info)}")
    for finding in info.findings[:SHOWN]:
        click.secho(f"  {finding}", fg="yellow", err=True)
    hidden = sum(info.finding_counts.values()) - min(len(info.findings), SHOWN)
    if info.findings and hidden > 0:
        counts = ", ".join(f"{name} {count:,}" for name, count in info.finding_counts.items())
        click.secho(f"  … {hidden:,} more ({counts}); located ones are in tape.json", fg="yellow", err=True)
    if made.refused:
        click.secho(f"{made.refused:,} lines could not be read and were left out.", fg="red", err=True)


def _span(info: Info) -> str:
    return f"{_moment(info.first_local)} to {_moment(info.last_local)} UTC"


def _moment(ns: int) -> str:
    from datetime import UTC

    return datetime.fromtimestamp(ns / 1e9, UTC).strftime("%Y-%m-%d %H:%M:%S")


@data.command("fetch")
@click.argument("symbol")
@click.option("--type", "kind", type=click.Choice(TYPES), required=True, help="Which data.")
@click.option("--from", "first", type=_DAY, required=True, help="First day, as 2024-08-08.")
@click.option("--to", "last", type=_DAY, help="Last day, included. Default: the first.")
@click.option("--market", type=click.Choice(tuple(MARKETS)), default="spot", show_default=True, help="Spot or USD-M.")
@click.option("--interval", type=click.Choice(INTERVALS), default="1m", show_default=True, help="Of klines.")
@click.option("--out", type=_folder, help="Folder of the files. Default: QBTC_HOME/data/public/MARKET/TYPE/SYMBOL.")
@click.option("--base-url", default=BASE_URL, show_default=True, help="Where the files are.")
@_as_json
@_clear
def fetch(
    symbol: str, kind: str, first: datetime, last: datetime | None, market: str, interval: str, out: Path | None,
    base_url: str, as_json: bool,
) -> None:  # fmt: skip
    """Fetch Binance's public files of SYMBOL, checked by their SHA-256; broken downloads go on where they stopped."""
    from qbtc.hft.adapters.data.fetching import days, wanted

    folder = out or home_path() / "data" / "public" / market / kind / symbol.upper()
    dates: list[date] = days(first.date(), (last or first).date())
    files = wanted(symbol, kind, dates, folder, market=market, interval=interval, base_url=base_url)
    done = _fetch(files)
    failed = [one for one in done if one.error]
    if as_json:
        click.echo(json.dumps({"items": [_fetched(one) for one in done]}))
    else:
        for one in done:
            click.secho(one.error or str(one.wanted.path), fg="red" if one.error else None, err=bool(one.error))
    if failed:
        raise SystemExit(1)


def _fetch(files: list[Wanted]) -> list[Fetched]:
    import httpx

    from qbtc.hft.adapters.data.fetching import Fetcher

    with _progress(0, "fetching") as step, httpx.Client(timeout=30, follow_redirects=True) as client:
        return Fetcher(client, step).all(files)


def _fetched(one: Fetched) -> dict[str, Any]:
    return {
        "path": str(one.wanted.path), "url": one.wanted.url, "size": one.size, "was_there": one.was_there,
        "error": one.error or None,
    }  # fmt: skip


@data.command("ls")
@click.argument("folder", required=False, type=_folder)
@_as_json
@_clear
def ls(folder: Path | None, as_json: bool) -> None:
    """List the tapes below FOLDER (default: QBTC_HOME/data), and folders that are broken tapes."""
    from qbtc.hft.adapters.data.listing import listed

    rows = list(listed(folder or home_path() / "data"))
    if as_json:
        click.echo(json.dumps({"items": rows}))
        return
    if not rows:
        click.echo(f"no tapes below {folder or home_path() / 'data'}")
    else:
        _table([row for row in rows if not row["error"]])
    for row in rows:
        if row["error"]:
            click.secho(f"{row['path']}: {row['error']}", fg="red", err=True)


def _table(rows: list[dict[str, Any]]) -> None:
    """Aligned columns, the path last since it is the longest."""
    lines = [("symbol", "venue", "holds", "messages", "rows", "MB", "from (UTC)", "to", "gaps", "tape")] if rows else []
    lines += [
        (
            row["symbol"], row["venue"], row["holds"], f"{row['messages']:,}", f"{row['rows']:,}", f"{row['bytes'] / 1e6:,.1f}",
            _moment(row["first_local"]), _moment(row["last_local"]), str(row["gaps"]), row["path"],
        )
        for row in rows
    ]  # fmt: skip
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [cell.rjust(w) if 3 <= i <= 5 or i == 8 else cell.ljust(w) for i, (cell, w) in enumerate(zip(line, widths, strict=True))]
        click.echo("  ".join(cells).rstrip())


@data.command("verify")
@click.argument("tapes", nargs=-1, required=True, type=_folder)
@click.option("--strict", is_flag=True, help="Gaps of the source, or depth without a snapshot, fail too.")
@_as_json
@_clear
def verify(tapes: tuple[Path, ...], strict: bool, as_json: bool) -> None:
    """Check TAPES: files, checksums, order, offsets, permutation, ids, the book, orders. Exit code 1 if one fails."""
    from qbtc.hft.adapters.data.verifying import verify as check

    verdicts = [(path, check(path)) for path in tapes]
    if as_json:
        click.echo(json.dumps({"items": [
            {"path": str(path), "sound": v.sound, "complete": v.complete, "problems": [{"check": p.check, "text": p.text} for p in v.problems],
             "notes": list(v.notes)} for path, v in verdicts
        ]}))  # fmt: skip
    for path, found in verdicts if not as_json else ():
        word = "NOT sound" if not found.sound else "sound" if found.complete else "sound, but its source has gaps"
        click.secho(f"{path}: {word}", fg="green" if found.complete else "yellow" if found.sound else "red")
        for problem in found.problems:
            click.echo(f"  {problem.check}: {problem.text}")
        for note in found.notes:
            click.echo(f"  (source) {note}")
    if not all(found.complete if strict else found.sound for _, found in verdicts):
        raise SystemExit(1)


@data.command("plot")
@click.argument("tape", type=_folder)
@click.option("--out", type=_file, help="The picture: .png, .svg or .pdf. Default: TAPE.png.")
@_clear
def plot(tape: Path, out: Path | None) -> None:
    """Draw price, spread, depth imbalance, message rate and feed latency of a TAPE."""
    from qbtc.hft.adapters.data.opening import open_tape
    from qbtc.hft.adapters.data.plotting import plot as draw

    click.echo(str(draw(open_tape(tape), out or tape.with_name(f"{tape.name}.png"))))


@data.command("features")
@click.argument("tapes", nargs=-1, required=True, type=_folder)
@click.option("--bar", default="1s", show_default=True, help="Length of a bar: 500ms, 1s, 1m, …")
@click.option("--out", type=_file, required=True, help="The table: .parquet or .csv.")
@click.option("--perpetual", type=_folder, multiple=True, help="A tape that tells of the symbol's perpetual: W and Y.")
@click.option("--funding-hours", type=float, default=8.0, show_default=True, help="Between two fundings.")
@click.option("--open-interest", "interest", type=_file, help="A table of times and open interest, of one symbol: O.")
@click.option("--scores", is_flag=True, help="Robust z-scores instead of raw values.")
@click.option("--novelty", is_flag=True, help="N too, from the states of the other 25; takes longer.")
@click.option("--plot", "picture", type=_file, help="Draw them too: .png, .svg or .pdf.")
@_as_json
@_clear
def features(
    tapes: tuple[Path, ...], bar: str, out: Path, perpetual: tuple[Path, ...], funding_hours: float, scores: bool,
    interest: Path | None, novelty: bool, picture: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Compute the 26 market dimensions of TAPES, one a symbol, at the close of every bar."""
    from qbtc.hft.adapters.data.features import draw, write
    from qbtc.hft.adapters.interest_files import read_interest
    from qbtc.hft.features import over

    told = read_interest(interest) if interest is not None else None
    found = over(tapes, bar=bar, perpetual=perpetual, open_interest=told, funding_hours=funding_hours, novelty=novelty)
    write(found, out, scores=scores)
    if picture is not None:
        draw(found, picture)
    absent = {symbol: found.absent(symbol) if len(found.times) else {} for symbol in found.symbols}
    if as_json:
        shape = {"path": str(out), "bars": len(found.times), "symbols": found.symbols, "absent": absent}
        click.echo(json.dumps(shape))
        return
    click.echo(f"{out}  {len(found.times):,} bars of {bar}, {', '.join(found.symbols)}")
    for symbol, reasons in absent.items():
        for letter, why in reasons.items():
            click.secho(f"  {symbol} {letter}: {why}", fg="yellow", err=True)


@data.command("pack")
@click.argument("tape", type=_folder)
@click.option("--out", type=_file, help="The archive. Default: TAPE.tape.zst.")
@_replace
@_clear
def pack(tape: Path, out: Path | None, replace: bool) -> None:
    """Pack a TAPE into one compressed archive."""
    from qbtc.hft.adapters.data.opening import read_info
    from qbtc.hft.adapters.data.packing import pack as write

    made, size = write(tape, out, replace=replace), read_info(tape).bytes
    packed = made.stat().st_size
    click.echo(f"{made}  {size / 1e6:,.1f} MB -> {packed / 1e6:,.1f} MB ({size / packed:.1f} : 1)")


@data.command("unpack")
@click.argument("archive", type=_file)
@click.option("--out", type=_folder, help="The tape's folder. Default: beside the archive.")
@_replace
@_clear
def unpack(archive: Path, out: Path | None, replace: bool) -> None:
    """Unpack an ARCHIVE into a tape, checking every column."""
    from qbtc.hft.adapters.data.packing import unpack as read

    click.echo(str(read(archive, out, replace=replace)))
