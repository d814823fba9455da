"""`qbtc infer`: forecasts by channel and POVM beside classical ones, of a file in this process or of a symbol's stored states."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import clear_errors, fail, one_thread

if TYPE_CHECKING:
    import polars as pl

Json = dict[str, Any]
BARS = ("open", "high", "low", "close", "volume")
CLOCKS = {"time", "timestamp", "date", "datetime", "bar", "bar_end", "symbol"}
LOOK_SECONDS = 1.0


@click.command()
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--symbol", help="The stored states of this symbol instead of a file; a running system is asked.")
@click.option("--target", help="Bars: return or size. Features: a column by name. A symbol: a letter A to Z.")
@click.option("--horizon", type=click.IntRange(1, 500), default=1, show_default=True, help="Rows ahead.")
@click.option("--classes", type=click.IntRange(2, 5), default=3, show_default=True, help="Equally frequent at first.")
@click.option("--edges", metavar="A,B", help="Edges of the classes instead, such as 0 for the sign.")
@click.option("--train", type=int, help="Rows that are fitted to. Default: half of them.")
@click.option("--test", type=int, help="Rows between two fits. Default: a quarter of the rest.")
@click.option("--rows", type=click.IntRange(200, 5000), default=3000, show_default=True, help="The newest that are used.")
@click.option("--window", type=click.IntRange(5, 500), default=60, show_default=True, help="Rows of a window state.")
@click.option("--lag", type=click.IntRange(1, 500), default=20, show_default=True, help="Rows between two states compared.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the random numbers.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@clear_errors
def infer(file: Path | None, symbol: str | None, edges: str | None, rows: int, as_json: bool, **given: Any) -> None:
    """Which class comes next, what such forecasts were worth, and how unusual the last change of state is.

    FILE is CSV or Parquet, oldest row first: bars (open, high, low, close, volume) or columns of features, such as `qbtc data
    features` writes. Scored by log-loss on held-out rows beside a Gaussian HMM, a Kalman filter, the last outcome and the base rate.
    """
    if (file is None) == (symbol is None):
        raise click.UsageError("Give a FILE or --symbol, one of them.")
    asked = {name: value for name, value in given.items() if value is not None}
    if edges is not None:
        asked["edges"] = _numbers(edges)
    if symbol is not None:
        found = _asked_service({**asked, "symbol": symbol.upper(), "limit": rows})
    else:
        assert file is not None
        found = _computed(_of_file(file, rows, asked))
    click.echo(json.dumps(found)) if as_json else _show(found)


def _computed(asked: Json) -> Json:
    from pydantic import ValidationError

    from qbtc.kit.errors import from_validation
    from qbtc.qcs import inference

    try:
        return inference.compute(inference.Infer.model_validate(asked))
    except ValidationError as error:
        raise from_validation(error) from None
    except ValueError as error:
        fail(str(error))
        raise SystemExit(1) from None


def _asked_service(asked: Json) -> Json:
    """The result of the job, however long it takes."""
    from .engine_http import call

    job: Any = call("POST", "/infer?wait=20", asked, seconds=60.0, service="qcs")
    while job["state"] in ("queued", "running"):
        click.echo(f"{job['progress']['share']:4.0%} {job['progress']['step']}", err=True)
        time.sleep(LOOK_SECONDS)
        job = call("GET", f"/jobs/{job['id']}", service="qcs")
    if job["state"] != "done":
        fail(f"The job is {job['state']}: {(job['error'] or {}).get('detail', 'it was ended')}")
        raise SystemExit(1)
    result: Json = job["result"]
    return result


def _of_file(file: Path, rows: int, asked: Json) -> Json:
    """Bars where the five columns are there, else every column of numbers that is no clock, from the first row with a target."""
    import polars as pl

    one_thread()
    frame = _read(file).tail(rows)
    if set(BARS) <= set(frame.columns):
        return {**asked, "bars": _table(frame.select(BARS))}
    columns = [name for name, kind in frame.schema.items() if kind.is_numeric() and name.lower() not in CLOCKS]
    table = frame.select(columns).cast(pl.Float64)
    target = asked.get("target")
    if target is not None and target not in columns:
        raise click.UsageError(f"{file} has no column {target!r}; its columns of numbers: {', '.join(columns)}.")
    if target is None:
        raise click.UsageError(f"Say with --target what is forecast, one of {', '.join(columns)}.")
    started = table[target].is_not_null() & table[target].is_not_nan()
    table = table.slice(started.arg_max() or 0)
    return {**asked, "features": _table(table), "target": str(columns.index(target))}


def _read(file: Path) -> pl.DataFrame:
    import polars as pl

    try:
        return pl.read_parquet(file) if file.suffix == ".parquet" else pl.read_csv(file)
    except (pl.exceptions.PolarsError, OSError) as error:
        fail(f"{file} cannot be read: {str(error).splitlines()[0]}", "Allowed: Parquet, or CSV with a line of names and numbers below.")
        raise SystemExit(1) from None


def _table(frame: pl.DataFrame) -> list[list[float | None]]:
    """Rows, None where a number is absent."""
    return [[None if v is None or v != v else float(v) for v in row] for row in frame.iter_rows()]  # noqa: PLR0124 - NaN


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise click.UsageError(f"--edges {text!r} is not understood; allowed: numbers with commas between them") from None


def _show(found: Json) -> None:
    click.echo(f"{found['held_out']} held-out rows of {found['rows']}, {found['folds']} fits to {found['train']} rows, horizon {found['horizon']}")
    click.echo(f"{'':<16}{'log-loss':>9}{'hits':>8}{'p vs base':>11}")
    for row in found["models"]:
        against = row["against_base"]
        said = "" if row["model"] == "base rate" else f"{against['p']:>11.4f}  {against['verdict']}"
        click.echo(f"{row['model']:<16}{row['loss']:>9.4f}{row['hits']:>8.1%}{said}")
    click.secho(found["words"], bold=True)
    for model, p in (found["forecast"] or {}).items():
        click.echo(f"next, {model:<15}" + "  ".join(f"{value:.3f}" for value in p))
    change = found["change"]
    if "why" in change:
        click.echo(f"change of state: not judged, {change['why']}")
    else:
        click.echo(
            f"change of state  D {change['statistic']:.4f} bits   p {change['p']:.4f}   of {change['judged']} rows judged"
            f" {change['share_below_level']:.1%} have p <= 0.05 (5 % are expected without a change)"
        )
    click.secho(found["note"], dim=True)
