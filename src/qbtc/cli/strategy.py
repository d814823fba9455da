"""`qbtc strategy`: list, copy, check and time strategies; start and stop those of the running system."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import click

from .common import clear_errors, fail, home_path

if TYPE_CHECKING:
    from qbtc.hft.domain.strategy import Strategy

CALLS = 200_000
PLAIN_CALLS = 2_000
COMPILING = 120.0
"""Seconds: a start compiles what is new."""
ACTIVE = ("running", "starting", "failed", "blocked", "without_market")
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def strategy() -> None:
    """Strategies: the examples, your own in QBTC_HOME/strategies, or any PATH.py[:Class]."""


@strategy.command("ls")
@_as_json
@clear_errors
def ls(as_json: bool) -> None:
    """List what there is, what runs, and what cannot be used and why.

    Your own files are read and compiled for it. `file changed` means that a running one still has the code it was
    started with: stop and start it.
    """
    found, faults = _usable()
    running = _of_hft()
    if as_json:
        click.echo(json.dumps({"items": [_row(s, running.get(s.name)) for s in found], "faults": faults}))
        return
    for s in found:
        click.echo(f"{s.name:<20} {_doing(running.get(s.name)):<24} {s.description}")
    for name, why in faults.items():
        click.secho(f"{name:<20} {'cannot be used':<24} {why}", fg="red")
    for name in running.keys() - {s.name for s in found} - faults.keys():
        click.echo(f"{name:<20} {_doing(running[name]):<24} its file is gone")


@strategy.command("new")
@click.argument("name")
@click.option("--from", "example", default="imbalance", show_default=True, help="The example that is copied.")
@click.option("--dir", "into", type=click.Path(path_type=Path, file_okay=False), help="Default: QBTC_HOME/strategies.")
@clear_errors
def new(name: str, example: str, into: Path | None) -> None:
    """Copy an example to NAME.py, to be changed."""
    from qbtc.hft.adapters.strategy_files import copy, folder

    path = copy(name, example, into or folder(home_path()))
    click.echo(f"{path}\nChange it, then: qbtc strategy check {path}")


@strategy.command("check")
@click.argument("path")
@clear_errors
def check(path: str) -> None:
    """Read and compile a strategy; say what is wrong with it, with file and line."""
    found = _compiled(path)
    parameters = ", ".join(f"{n}={v:g}" for n, v in found.parameters.items()) or "none"
    click.echo(f"{found.name}: {found.description}\nmethods: {', '.join(found.spec.methods)}\nparameters: {parameters}")
    if found.spec.legs:
        click.echo(f"legs: {', '.join(found.spec.legs)}")
    click.secho(f"compiled in {found.prepare().seconds:.2f} s", fg="green")


@strategy.command("test")
@click.argument("path")
@_as_json
@clear_errors
def test(path: str, as_json: bool) -> None:
    """Call it on a wandering price, or one a leg, and say what a call costs, compiled and as plain Python."""
    from qbtc.hft.domain.strategy import StrategyFault

    found = _compiled(path)
    try:
        rows = [_timed(found, method) for method in found.spec.methods]
    except StrategyFault as fault:
        fail(str(fault), "It would halt trading there.")
        raise SystemExit(1) from None
    if as_json:
        click.echo(json.dumps({"strategy": found.name, "methods": rows}))
        return
    for row in rows:
        click.echo(
            f"{row['method']:<10} compiled {row['compiled_ns']:8.1f} ns   plain Python {row['plain_ns']:10.1f} ns"
        )


@strategy.command("set")
@click.argument("name")
@click.option("--start/--stop", "start", default=True, show_default=True, help="What it does from now on.")
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE", help="May be repeated.")
@_as_json
@clear_errors
def change(name: str, start: bool, given: tuple[str, ...], as_json: bool) -> None:
    """Start or stop a strategy of the running system, and change its parameters."""
    body = {"action": "start" if start else "stop", "parameters": dict(_pair(text) for text in given)}
    _tell(name, body, as_json)


@strategy.command("start")
@click.argument("name")
@click.option(
    "--tier",
    type=click.Choice(("service", "hot")),
    help="service: in HFT's process; hot: in the compiled engine, one strategy at a time. Default: where it runs now, else service.",
)
@click.option("--spin", is_flag=True, help="Hot tier: never sleep; takes a processor core for itself.")
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE", help="May be repeated.")
@click.option("--leg", "legs", multiple=True, metavar="LEG=SYMBOL", help="The symbol of a leg, of a strategy of several markets; once a leg. Default: as before.")
@click.option("--record/--no-record", "record", default=None, help="Record the session, for `qbtc session replay`. Default: HFT's setting `record`.")
@_as_json
@clear_errors
def start(
    name: str, tier: str | None, spin: bool, given: tuple[str, ...], legs: tuple[str, ...], record: bool | None, as_json: bool
) -> None:  # fmt: skip
    """Start a strategy of the running system."""
    if spin and tier != "hot":
        raise click.UsageError("--spin needs --tier hot.")
    body: dict[str, object] = {
        "action": "start", "parameters": dict(_pair(text) for text in given), "tier": tier, "spin": spin,
    }  # fmt: skip
    body |= {} if record is None else {"record": record}
    body |= {"legs": dict(_leg(text) for text in legs)} if legs else {}
    _tell(name, body, as_json)


@strategy.command("stop")
@click.argument("name")
@_as_json
@clear_errors
def stop(name: str, as_json: bool) -> None:
    """Stop a strategy of the running system; its open orders are cancelled."""
    _tell(name, {"action": "stop"}, as_json)


def _tell(name: str, body: Mapping[str, object], as_json: bool) -> None:
    """Ask HFT, and print what the strategy is then."""
    from .engine_http import call

    row: Any = call("POST", f"/strategies/{quote(name, safe='')}", body, seconds=COMPILING)
    if as_json:
        click.echo(json.dumps(row))
        return
    where = f" in the {row['tier']} tier" if row["state"] in ("running", "starting") else ""
    symbols = [f"{leg}={symbol}" for leg, symbol in row.get("legs", {}).items() if symbol]
    values = ", ".join([*symbols, *(f"{key}={value:g}" for key, value in row["parameters"].items())])
    click.echo(f"{row['name']}: {row['state']}{where}" + (f" ({values})" if values else ""))
    if row["state"] == "starting" and row["tier"] == "hot":
        click.echo("The hot loop compiles it and compares the account first: `qbtc hft latency` says when it trades.")
    if row["file"] != "same" and row["state"] != "stopped":
        click.secho(f"Its file was {row['file']} since it was started: it keeps its code until you stop it.", fg="yellow")


def _leg(text: str) -> tuple[str, str]:
    leg, _, symbol = text.partition("=")
    if not leg.strip() or not symbol.strip():
        raise click.UsageError(f"{text!r} is not LEG=SYMBOL.")
    return leg.strip(), symbol.strip().upper()


def _pair(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name.strip(), float(value)
    except ValueError:
        raise click.UsageError(f"{text!r} is not NAME=VALUE with a number.") from None


def _usable() -> tuple[list[Strategy], dict[str, str]]:
    """What can be used, and what cannot and why."""
    from qbtc.hft.adapters.strategy_files import load_all
    from qbtc.hft.domain.strategy import StrategyFault
    from qbtc.hft.strategies import EXAMPLES

    found, _, faults = load_all((), home_path())
    for s in found:
        if s.name in EXAMPLES:
            continue
        try:
            s.prepare()
        except StrategyFault as fault:
            faults[s.name] = str(fault)
    return [s for s in found if s.name not in faults], faults


def _of_hft() -> dict[str, Any]:
    """The rows of HFT by name; none when it does not run."""
    from qbtc.engines.base import EngineError

    from .engine_http import call

    try:
        answer: Any = call("GET", "/strategies", seconds=2.0)
    except EngineError:
        return {}
    return {row["name"]: row for row in answer["items"] if row["state"] in ACTIVE}


def _doing(row: Mapping[str, Any] | None) -> str:
    if row is None:
        return ""
    return str(row["state"]) + ("" if row["file"] == "same" else f", file {row['file']}")


def _row(s: Strategy, running: Mapping[str, Any] | None) -> dict[str, object]:
    return {
        "name": s.name, "description": s.description, "path": s.spec.path, "parameters": s.ranges(),
        "state": running["state"] if running else None, "file": running["file"] if running else "same",
    }  # fmt: skip


def _timed(found: Strategy, method: str) -> dict[str, Any]:
    """Raises StrategyFault when a call would halt trading."""
    from qbtc.hft.domain.strategy_trial import plain_ns, rehearse, trial

    rehearse(found, method, PLAIN_CALLS)
    compiled = trial(found, method, CALLS)(time.perf_counter_ns)
    plain = plain_ns(found, method, PLAIN_CALLS, time.perf_counter_ns)
    return {"method": method, "compiled_ns": compiled, "plain_ns": plain}


def _compiled(path: str) -> Strategy:
    """Loaded and compiled; a fault ends the command with its place in the file."""
    from qbtc.hft.adapters.strategy_files import load
    from qbtc.hft.domain.strategy import StrategyFault

    try:
        found = load(path, home_path())
        found.prepare()
    except StrategyFault as fault:
        fail(str(fault))
        raise SystemExit(1) from None
    return found
