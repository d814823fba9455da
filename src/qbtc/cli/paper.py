"""`qbtc paper`: the paper account."""

from __future__ import annotations

import sys
from typing import cast

import click

from .common import clear_errors, fail
from .engine_http import call


@click.group()
def paper() -> None:
    """The paper account at the local venue."""


@paper.command("reset")
@click.option("--yes", is_flag=True, help="Do not ask.")
@clear_errors
def reset(yes: bool) -> None:
    """Cancel all orders and start again with [paper] balances on spot and [paper] futures_wallet in futures.

    Futures positions are let go of. Positions and the profit of the day start at zero. Past orders and fills stay in the database.
    """
    if not yes:
        if not sys.stdin.isatty():
            fail("`qbtc paper reset` gives up positions and asks first.", "Without a terminal say so: --yes")
            raise SystemExit(1)
        click.confirm("Cancel all orders and give the paper account its starting balances?", abort=True)
    answer = cast(dict[str, dict[str, dict[str, str]]], call("POST", "/paper/reset", {}))
    for asset, amount in sorted(answer["balances"].items()):
        click.echo(f"{asset:<8} {amount['free']}")
