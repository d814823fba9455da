"""`qbtc data simulate`, `calibrate` and `facts`: simulated tapes of any length, and how near they are to recorded ones."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .data_common import as_json, clear, file, folder, progress, replace

if TYPE_CHECKING:
    from qbtc.core.market.volume.parameters import Parameters

_any = click.Path(path_type=Path)


@click.command("simulate")
@click.option("--like", type=_any, help="A tape to be fitted, or what `qbtc data calibrate` wrote.")
@click.option("--symbol", help="Instead: a symbol that QBTC knows, with the crowd of BTCUSDT at its scale.")
@click.option("--rows", type=click.IntRange(1), help="So many rows (the last message is whole).")
@click.option("--duration", metavar="TIME", help="So long: 30s, 90m, 24h.")
@click.option("--seed", type=click.IntRange(0, (1 << 63) - 1), default=0, show_default=True, help="The same seed gives the same bytes.")
@click.option("--start", type=click.DateTime(), help="UTC. Default: 2023-11-14 22:13:20.")
@click.option("--out", type=folder, required=True, help="The tape's folder.")
@replace
@as_json
@clear
def simulate(
    like: Path | None, symbol: str | None, rows: int | None, duration: str | None, seed: int, start: datetime | None, out: Path,
    replace: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write a simulated market as a tape of any length."""
    from qbtc.core.market.tape.info import to_json
    from qbtc.core.market.volume.sampling import START
    from qbtc.hft.adapters.data import simulating

    if (like is None) == (symbol is None):
        raise click.UsageError("give one of --like and --symbol.")
    if rows is None and duration is None:
        raise click.UsageError("give --rows, --duration or both.")
    seconds = _seconds(duration) if duration else None
    found = simulating.known(symbol) if symbol else _fitted(like or Path())
    with progress(rows or round(seconds or 0), "simulating", bytes_=False) as step:
        begin = START if start is None else round(start.replace(tzinfo=UTC).timestamp()) * 10**9
        wanted = simulating.Wanted(seed, rows, seconds, begin, replace, progress=step)
        info = simulating.simulate(found, out, wanted)
    if as_json:
        click.echo(json.dumps({"path": str(out), **to_json(info)}))
        return
    kinds = ", ".join(f"{count:,} {name.lower()}" for name, count in info.kinds.items())
    click.echo(f"{out}\n{info.symbol} ({info.venue}): {info.messages:,} messages ({kinds}), {info.rows:,} rows, {info.bytes / 1e6:,.1f} MB")


def _seconds(text: str) -> float:
    from qbtc.hft.domain.backtest.assumptions import BadAssumption, duration

    try:
        return duration(text) * 1e-9
    except BadAssumption as error:
        raise click.BadParameter(str(error), param_hint="--duration") from None


def _fitted(path: Path) -> Parameters:
    from qbtc.hft.adapters.data.simulating import like

    if path.suffix != ".json":
        click.echo(f"fitting the crowd to {path} …", err=True)
    return like(path)


@click.command("calibrate")
@click.argument("tape", type=folder)
@click.option("--out", type=file, help="Where the parameters go. Default: TAPE.crowd.json.")
@clear
def calibrate(tape: Path, out: Path | None) -> None:
    """Fit the simulated crowd to a TAPE (some 20 s) and keep its parameters, for `simulate --like`."""
    from qbtc.hft.adapters.data.simulating import write

    found, path = _fitted(tape), out or tape.with_name(f"{tape.name}.crowd.json")
    write(path, found)
    click.echo(str(path))


@click.command("facts")
@click.argument("tape", type=folder)
@click.option("--beside", type=folder, help="Another tape, such as the recorded one.")
@click.option("--plot", type=file, help="Draw them too: .png, .svg or .pdf.")
@as_json
@clear
def facts(tape: Path, beside: Path | None, plot: Path | None, as_json: bool) -> None:
    """Stylised facts of a TAPE: spread, arrivals, level lifetimes, signs, volatility, tails; two tapes side by side."""
    from qbtc.core.market.volume.facts import NAMES
    from qbtc.hft.adapters.data.facts import draw, known_facts, watch

    paths = [path for path in (tape, beside) if path is not None]
    seen = [watch(path) for path in paths]
    if plot is not None:
        draw({path.name: each for path, each in zip(paths, seen, strict=True)}, plot)
    found = [known_facts(each) for each in seen]
    if as_json:
        clean = [{name: value if math.isfinite(value) else None for name, value in each.items()} for each in found]
        click.echo(json.dumps({"items": [{"path": str(path), "facts": each} for path, each in zip(paths, clean, strict=True)]}))
        return
    width = max(12, *(len(path.name) for path in paths))
    click.echo(" " * 18 + "  ".join(path.name.rjust(width) for path in paths))
    for name, meaning in NAMES.items():
        values = "  ".join((f"{each[name]:.4g}" if math.isfinite(each[name]) else "-").rjust(width) for each in found)
        click.echo(f"{name:18}{values}  {meaning}")
    if plot is not None:
        click.echo(str(plot))


def join(group: click.Group) -> None:
    """Make the verbs part of `qbtc data`."""
    for command in (simulate, calibrate, facts):
        group.add_command(command)
