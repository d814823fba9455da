"""`qbtc memory reindex`: vectors of another embedding model are made anew."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import click

from .common import clear_errors
from .engine_http import call

_SECONDS = 300.0
_LOOK = 1.0


@click.command()
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until all vectors are made.")
@click.option("--status", is_flag=True, help="Only say how far it is.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def reindex(wait: bool, status: bool, as_json: bool) -> None:
    """Make the vectors anew that another embedding model made: two models' vectors are never compared.

    Words find every memory meanwhile. It goes on in the background when this command ends.
    """
    found: Any = call("GET" if status else "POST", "/memories/reindex", None, seconds=_SECONDS, service="cio")
    while wait and not status and _left(found):
        _progress(found)
        time.sleep(_LOOK)
        found = {"begun": found["begun"]} | _look()
    _progress(found, last=True)
    click.echo(json.dumps(found) if as_json else "\n".join(_lines(found)))


def _look() -> Any:
    return call("GET", "/memories/reindex", None, seconds=_SECONDS, service="cio")


def _left(found: dict[str, Any]) -> int:
    return int(found["pending"])


def _lines(found: dict[str, Any]) -> list[str]:
    said = [f"{found['current']:,} of {found['memories']:,} memories have a vector of {found['identity']}."]
    said += [
        f"{count:,} have one of {name}, which nothing is compared with." for name, count in found["foreign"].items()
    ]
    if found["pending"]:
        said.append(f"{found['pending']:,} are waiting for their vector.")
    if found["failed"]:
        said.append(f"{found['failed']:,} have a text that the model does not take.")
    return said


def _progress(found: dict[str, Any], *, last: bool = False) -> None:
    if sys.stderr.isatty():
        end = "\n" if last else ""
        click.echo(
            f"\r{found['current']:,} of {found['memories']:,} done, {found['pending']:,} left   {end}",
            nl=False,
            err=True,
        )
