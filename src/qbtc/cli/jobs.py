"""`qbtc jobs`: the long computations of QCS: queue, follow, read and cancel them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from .common import clear_errors, fail
from .engine_http import call

LOOK_SECONDS = 1.0
_user = click.option(
    "--user", default="admin", show_default=True, help="Whose jobs: the name with which they sign in on the page."
)
_job = click.argument("job", metavar="ID")
_as_json = click.option("--json", "as_json", is_flag=True, help="For programs.")


@click.group()
def jobs() -> None:
    """Long computations of the quantum engine: circuits in batches, statistics, quantum finance."""


@jobs.command()
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True, help="How many, the newest first.")
@_user
@_as_json
@clear_errors
def ls(limit: int, user: str, *, as_json: bool) -> None:
    """Jobs, the newest first: id, kind, state, how far, when."""
    found: Any = call("GET", f"/jobs?limit={limit}", service="qcs", user=user)
    if as_json:
        click.echo(json.dumps(found["items"]))
        return
    if not found["items"]:
        click.echo(f"{user} has no jobs. `qbtc jobs submit` queues one.")
    for row in found["items"]:
        click.echo(_line(row))


@jobs.command()
@_job
@_user
@clear_errors
def show(job: str, user: str) -> None:
    """One job with its parameters and, once it has one, its result, as JSON."""
    click.echo(json.dumps(call("GET", _path(job), service="qcs", user=user), indent=1))


@jobs.command()
@_job
@_user
@clear_errors
def cancel(job: str, user: str) -> None:
    """Cancel a job that waits or runs: its processes are ended, its result is lost."""
    call("DELETE", _path(job), service="qcs", user=user)
    click.echo(_line(_ended(job, user, lambda _row: None)))


@jobs.command()
@click.argument("kind")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--wait", is_flag=True, help="Follow it to its end and print the result as JSON.")
@_user
@clear_errors
def submit(kind: str, file: Path, user: str, *, wait: bool) -> None:
    """Queue a job of KIND (circuits, statistics, option, ...) with the parameters of FILE.json; print its id."""
    row: Any = call("POST", "/jobs", {"kind": kind, "parameters": _read(file)}, service="qcs", user=user)
    if not wait:
        click.echo(row["id"])
        return
    ended = _ended(row["id"], user, lambda now: click.echo(_line(now), err=True))
    if ended["state"] != "done":
        error = ended["error"] or {}
        fail(f"The job is {ended['state']}.", str(error.get("detail", "")))
        raise SystemExit(1)
    click.echo(json.dumps(ended["result"]))


def _path(job: str) -> str:
    return f"/jobs/{quote(job, safe='')}"


def _read(file: Path) -> object:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        fail(f"{file} is not JSON: {error}.", "Allowed: an object with the parameters of the kind.")
        raise SystemExit(1) from None


def _ended(job: str, user: str, told: Any) -> dict[str, Any]:
    """The job once it is over; `told` hears of every change on the way."""
    last = None
    while True:
        row: Any = call("GET", _path(job), service="qcs", user=user)
        now = row["state"], row["progress"]
        if now != last:
            told(row)
        if row["state"] not in ("queued", "running"):
            return dict(row)
        last = now
        time.sleep(LOOK_SECONDS)


def _line(row: dict[str, Any]) -> str:
    progress = row["progress"]
    how = f"{progress['share']:4.0%} {progress['step']}" if row["state"] == "running" else ""
    said = row["error"]["detail"] if row["error"] else how
    return f"{row['id']}  {row['kind']:<14} {row['state']:<12} {row['created'][:19]}  {said}".rstrip()
