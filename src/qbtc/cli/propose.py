"""`qbtc propose`: look for better parameters of a strategy, now or on a schedule; see, approve or reject what was found."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from .common import clear_errors, fail, home_path
from .engine_http import call

LOOK_SECONDS = 0.5
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
DOUBTS = {
    "same": "the present parameters did best",
    "nothing": "no trial has a score: nothing was traded",
    "windows": "too few windows of walk-forward: {value:g}, at least {bar:g}",
    "fills": "too few executions: {value:g}, at least {bar:g}",
    "loss": "outside of the training it lost: {value:.4f}",
    "deflated": "the deflated Sharpe ratio is too low: {value:.3f}, at least {bar:g}",
    "overfitting": "the probability of overfitting is too high: {value:.3f}, at most {bar:g}",
    "not-better": "it is not clear that it earns more than now: probability {value:.3f}, at least {bar:g}",
    "short": "too few periods for a prediction: {value:g}, at least {bar:g}",
}


@click.group()
def propose() -> None:
    """New parameters of strategies: walk-forward searches, whose proposals a person approves.

    Nothing is ever applied without an approval. Approved parameters are watched, and set back by themselves when they
    earn less than predicted.
    """


def _searched(function: Callable[..., None]) -> Callable[..., None]:
    """What a search is told."""
    for option in reversed((
        click.argument("strategy"),
        click.option("--data", type=click.Path(path_type=Path), required=True, help="A tape of QBTC_HOME/data, or a folder there: its newest tape."),
        click.option("--param", "given", multiple=True, required=True, metavar="NAME=FROM:TO:STEP", help="Values of a parameter (or NAME=A,B,C); may be repeated."),
        click.option("--train", default="1h", show_default=True, help="Length of a training window."),
        click.option("--test", default="15m", show_default=True, help="Length of the test behind it."),
        click.option("--newest", metavar="TIME", help="Judge only so much of the end of the tape."),
        click.option("--objective", default="sharpe", show_default=True, help="sharpe, profit, sortino or calmar."),
        click.option("--sample", default="1s", show_default=True, help="Length of a period."),
        click.option("--latency", default="10ms", show_default=True, help="As for `qbtc backtest`."),
        click.option("--queue", default="power3", show_default=True, help="As for `qbtc backtest`."),
        click.option("--fill", default="whole", show_default=True, help="whole or partial."),
        click.option("--fees", metavar="maker=…,taker=…", help="Shares of the value. Default: the venue's usual ones."),
    )):  # fmt: skip
        function = option(function)
    return function


def _body(strategy: str, data: Path, given: tuple[str, ...], said: dict[str, Any]) -> dict[str, Any]:
    """Raises BadParameter for data outside of the store; exits where a parameter cannot be read."""
    from qbtc.hft.adapters.research.tapes import store_name
    from qbtc.hft.domain.backtest.assumptions import BadAssumption
    from qbtc.hft.domain.sweeping import axis

    try:
        grid = dict(axis(text) for text in given)
    except BadAssumption as error:
        fail(str(error))
        raise SystemExit(1) from None
    home = home_path()
    place = data if data.exists() else home / "data" / data
    return {"strategy": strategy, "tape": store_name(home, place), "grid": grid, **said}


@propose.command("now")
@_searched
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait for the proposal.")
@_as_json
@clear_errors
def now(strategy: str, data: Path, given: tuple[str, ...], wait: bool, as_json: bool, **said: Any) -> None:
    """Search once. The running system does it, in a process of its own at low priority."""
    answer: Any = call("POST", "/parameters/proposals", _body(strategy, data, given, said))
    run = answer["id"]
    if not wait:
        click.echo(json.dumps(answer) if as_json else run)
        return
    row = _awaited(run)
    if row["state"] != "done":
        fail(f"the search {row['state']}: {(row.get('error') or {}).get('detail', '')}")
        raise SystemExit(1)
    _show(call("GET", f"/parameters/proposals/{run}"), as_json)


def _awaited(run: str) -> dict[str, Any]:
    """The run once it has ended."""
    from rich.console import Console

    with Console(stderr=True).status("waiting") as status:
        while True:
            row: Any = call("GET", f"/research/runs/{run}")
            if row["state"] not in ("queued", "running"):
                return dict(row)
            progress = row["progress"] or {}
            status.update(f"{row['state']} {progress.get('done', 0)} of {progress.get('of', '?')} trials")
            time.sleep(LOOK_SECONDS)


@propose.command("schedule")
@_searched
@click.option("--every", required=True, metavar="TIME", help="Such as 24h; the first search is at once.")
@clear_errors
def schedule(strategy: str, data: Path, given: tuple[str, ...], every: str, **said: Any) -> None:
    """Search again and again. One schedule a strategy; `qbtc propose unschedule` ends it."""
    from qbtc.hft.domain.backtest.assumptions import BadAssumption, duration

    try:
        seconds = duration(every) // 1_000_000_000
    except BadAssumption as error:
        fail(f"--every: {error}")
        raise SystemExit(1) from None
    call("POST", "/parameters/schedules", {**_body(strategy, data, given, said), "every_seconds": seconds})
    click.echo(f"{strategy}: a search every {every}, the first one now. `qbtc propose ls` shows what it finds.")


@propose.command("unschedule")
@click.argument("strategy")
@clear_errors
def unschedule(strategy: str) -> None:
    """End the schedule of a strategy."""
    call("DELETE", f"/parameters/schedules/{quote(strategy, safe='')}")


@propose.command("ls")
@_as_json
@clear_errors
def ls(as_json: bool) -> None:
    """List schedules and proposals, the newest first."""
    proposals: Any = call("GET", "/parameters/proposals")
    schedules: Any = call("GET", "/parameters/schedules")
    if as_json:
        click.echo(json.dumps({"proposals": proposals["items"], "schedules": schedules["items"]}))
        return
    for s in schedules["items"]:
        click.echo(f"every {s['every_seconds']} s  {s['strategy']}  next {s['next'][:16]}")
    if not proposals["items"]:
        click.echo("There are no proposals. Make one: qbtc propose now STRATEGY --data TAPE --param NAME=FROM:TO:STEP")
    for p in proposals["items"]:
        click.echo(f"{p['id']}  {p['strategy']:<20} {p['status']:<12} {_changes(p)}")


@propose.command("show")
@click.argument("proposal")
@_as_json
@clear_errors
def show(proposal: str, as_json: bool) -> None:
    """Show the diff, the evidence, and how approved parameters do."""
    _show(call("GET", f"/parameters/proposals/{quote(proposal, safe='')}"), as_json)


@propose.command("approve")
@click.argument("proposal")
@_as_json
@clear_errors
def approve(proposal: str, as_json: bool) -> None:
    """Set the proposed parameters and watch what they earn."""
    _decided(proposal, "approve", as_json)


@propose.command("reject")
@click.argument("proposal")
@_as_json
@clear_errors
def reject(proposal: str, as_json: bool) -> None:
    """Change nothing."""
    _decided(proposal, "reject", as_json)


def _decided(proposal: str, decision: str, as_json: bool) -> None:
    row: Any = call("POST", f"/parameters/proposals/{quote(proposal, safe='')}/{decision}", {})
    click.echo(json.dumps(row) if as_json else f"{row['strategy']}: {row['status']} ({_changes(row)})")


def _changes(row: dict[str, Any]) -> str:
    return ", ".join(f"{c['name']} {c['current']:g} -> {c['proposed']:g}" for c in row["changes"]) or "no change"


def _show(answer: Any, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer))
        return
    f = answer["figures"]
    click.echo(f"{answer['id']}  {answer['strategy']} on {answer['symbol']}: {answer['status']}")
    click.echo(f"change       {_changes(answer)}")
    for r in answer["reasons"]:
        click.echo(f"why not      {DOUBTS[r['doubt']].format(value=_nan(r['value']), bar=_nan(r['bar']))}")
    click.echo(f"in sample    profit {f['inside']['profit']:.4f}, {f['objective']} {_text(f['inside']['score'])}")
    click.echo(f"out of it    profit {f['outside']['profit']:.4f} in {f['windows']} windows; with the present parameters {f['present']['profit']:.4f}")
    click.echo(f"deflated     {_text(f['deflated'])} after {f['trials']:.1f} independent trials of {f['combinations']}")
    click.echo(f"overfitting  {_text(f['overfitting'])}; probability of earning more than now {_text(f['better'])}")
    for name in ("hour", "day"):
        if f[name]:
            click.echo(f"a {name:<10} {f[name]['low']:.4f} to {f[name]['high']:.4f} ({f[name]['level']:.0%})")
    if answer["watch"]:
        w = answer["watch"]
        click.echo(f"watch        {w['hours']:.3f} h, {w['fills']} executions, profit {w['profit']:.4f}, goes back below {w['lowest']:.4f}")


def _nan(value: float | None) -> float:
    return float("nan") if value is None else value


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"
