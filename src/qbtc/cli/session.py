"""`qbtc session`: recorded sessions of strategies, and their replay by the code of now."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import clear_errors, fail, home_path

if TYPE_CHECKING:
    from qbtc.hft.sessions.outcome import Outcome

FAULT, DIFFERENT = 3, 4
"""Exit codes: a strategy cannot be used; the session was not reproduced."""
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _folder() -> Path:
    return home_path() / "hft" / "sessions"


@click.group()
def session() -> None:
    """Recorded sessions: what a strategy was told and what it did, told again to the code of now."""


@session.command("ls")
@_as_json
@clear_errors
def ls(as_json: bool) -> None:
    """List the recordings of QBTC_HOME/hft/sessions, oldest first."""
    from qbtc.hft.adapters.session_file import sessions
    from qbtc.hft.sessions.run import described

    rows = [described(path) for path in sessions(_folder())]
    if as_json:
        click.echo(json.dumps({"items": rows}))
        return
    if not rows:
        click.echo(f"no recordings in {_folder()}")
    for row in rows:
        name = Path(row["path"]).stem
        if row["error"]:
            click.secho(f"{name}: {row['error']}", fg="red", err=True)
            continue
        end = "" if row["whole"] else "  (cut, or still being written)"
        click.echo(
            f"{name:<36} {row['seconds']:>9,.0f} s {row['bytes'] / 1e6:>8,.2f} MB  {', '.join(row['strategies'])}"
            f" on {', '.join(row['symbols'])}{end}"
        )


@session.command("replay", epilog=f"Exit codes: 0 all requests are the same, 1 something given is wrong or cannot be read, 2 the command line itself, {FAULT} a strategy cannot be used, {DIFFERENT} a difference.")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--strategy", "code", multiple=True, metavar="[NAME=]PATH.py[:Class]", help="Other code for a strategy that ran; NAME where several ran.")
@click.option("--param", "given", multiple=True, metavar="[STRATEGY.]NAME=VALUE", help="A parameter that stays as it is said here.")
@click.option("--recorded-code", is_flag=True, help="Run the code that stands in the recording, not the files of now. Only for recordings that you trust.")
@_as_json
@clear_errors
def replay(path: Path, code: tuple[str, ...], given: tuple[str, ...], recorded_code: bool, as_json: bool) -> None:
    """Tell the session PATH (a file, a name that `ls` shows, or `last`) again, and compare every request byte for byte."""
    from qbtc.hft.domain.strategy import StrategyFault
    from qbtc.hft.sessions import run
    from qbtc.kit.errors import QbtcError

    try:
        found = run.found(path, _folder())
        names = _names(found)
        asked = run.Asked(dict(_code(text, names) for text in code), _parameters(given, names), recorded_code)
        with _silent():
            outcome = run.replay(found, home_path(), asked)
    except StrategyFault as fault:
        fail(str(fault))
        raise SystemExit(FAULT) from None
    except (QbtcError, ValueError) as error:
        allowed = getattr(error, "allowed", None)
        fail(str(error), f"Allowed: {allowed if isinstance(allowed, str) else ', '.join(allowed)}" if allowed else "")
        raise SystemExit(1) from None
    if as_json:
        click.echo(json.dumps(outcome.document()))
    else:
        _print(outcome)
    if not outcome.same:
        raise SystemExit(DIFFERENT)


@session.command("latency")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write the table here, for `qbtc backtest --latency`.")
@_as_json
@clear_errors
def latency(path: Path, out: Path | None, as_json: bool) -> None:
    """How long the orders of the session PATH took: asked, reached, answered."""
    from qbtc.hft.sessions import run
    from qbtc.hft.sessions.export import latencies
    from qbtc.kit.errors import QbtcError

    try:
        rows = latencies(run.found(path, _folder()))
        if out is not None:
            out.write_text("asked,reached,answered\n" + "".join(f"{a},{r},{b}\n" for a, r, b in rows))
    except (QbtcError, OSError) as error:
        fail(str(error))
        raise SystemExit(1) from None
    taken = sorted(b - a for a, _, b in rows)
    figures = {"orders": len(taken)} | {
        name: taken[int(q * (len(taken) - 1))] / 1e6 for name, q in (("p50_ms", 0.5), ("p99_ms", 0.99)) if taken
    }
    text = ", ".join(f"{name} {value:,.2f}" if isinstance(value, float) else f"{value:,} {name}" for name, value in figures.items())
    click.echo(json.dumps(figures) if as_json else text)


def _names(path: Path) -> list[str]:
    from qbtc.hft.adapters.session_file import read_session
    from qbtc.hft.sessions.replay import head_of

    return [row["name"] for row in head_of(read_session(path, check=False))["strategies"]]


def _code(text: str, names: list[str]) -> tuple[str, str]:
    name, sign, path = text.partition("=")
    if sign:
        return name.strip(), path
    if len(names) != 1:
        raise click.UsageError(f"--strategy {text!r}: several strategies ran; say which: {', '.join(f'{n}={text}' for n in names)}")
    return names[0], text


def _parameters(given: tuple[str, ...], names: list[str]) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for text in given:
        key, _, value = text.partition("=")
        whose, dot, name = key.strip().rpartition(".")
        if not dot and len(names) != 1:
            raise click.UsageError(f"--param {text!r}: several strategies ran; say which: {', '.join(f'{n}.{text}' for n in names)}")
        try:
            found.setdefault(whose if dot else names[0], {})[name] = float(value)
        except ValueError:
            raise click.UsageError(f"--param: {text!r} is not [STRATEGY.]NAME=VALUE with a number.") from None
    return found


@contextmanager
def _silent() -> Iterator[None]:
    """What the trading core logs of yesterday is no news of today."""
    import structlog

    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def _print(outcome: Outcome) -> None:
    click.echo(f"{outcome.path}\n{outcome.tier} tier, {', '.join(outcome.strategies)}, begun {outcome.begun}")
    click.echo(f"{outcome.heard:,} things told, {outcome.frames:,} of them from the market")
    for kind in sorted(outcome.recorded):
        click.echo(f"  {kind + 's' if kind != 'refusal' else 'refusals':<10} {outcome.equal[kind]:>9,} of {outcome.recorded[kind]:>9,} the same")
    if outcome.lost or not outcome.ended:
        left = f"; {outcome.lost:,} bytes of an unfinished block are left out" if outcome.lost else ""
        click.secho(f"The recording was cut: it is replayed up to its last whole block{left}.", fg="yellow", err=True)
    for name in outcome.changed:
        click.secho(f"The file of {name} is not what was recorded.", fg="yellow", err=True)
    if outcome.difference is None:
        click.secho(f"{outcome.share:.0%}: every request is the same, byte for byte.", fg="green")
    else:
        _print_difference(outcome)


def _print_difference(outcome: Outcome) -> None:
    d = outcome.difference
    assert d is not None
    click.secho(f"{outcome.share:.1%}: the first difference is at thing {d.number:,}, {d.at}", fg="red")
    rows: list[tuple[str, Any]] = [("told", d.heard), ("then", str(d.recorded or "nothing")), ("now", str(d.replayed or "nothing")), ("why", d.why)]
    for name, value in (*rows, *d.state.items()):
        click.echo(f"  {name:<12} {value if isinstance(value, str) else json.dumps(value, default=str)}")
