"""`qbtc db`: bring the database up to date, show which migrations it has."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

import click

from qbtc.engines.base import EngineError

from .common import clear_errors, home_path, the_home

T = TypeVar("T")


def admin_dsn() -> str:
    """The administrator's connection: QBTC_DATABASE_URL, else the embedded server's. Raises EngineError."""
    given = os.environ.get("QBTC_DATABASE_URL")
    if given:
        return given
    home = the_home()
    if home is None or not (home_path() / "secrets/postgres.json").exists():
        raise EngineError(
            f"There is no installation in {home_path()}.", "`qbtc up` makes one; or set QBTC_DATABASE_URL."
        )
    from qbtc.engines.postgres import running_admin_dsn

    return running_admin_dsn(home)


@click.group()
def db() -> None:
    """The database: migrations and their state. Needs a running database (`qbtc up`, or QBTC_DATABASE_URL)."""


@db.command()
@clear_errors
def migrate() -> None:
    """Apply what is missing; safe to run at any time."""
    from qbtc.kit.store.bootstrap import prepare

    _connected(prepare(admin_dsn(), Path(home_path()), bus_in_database=not os.environ.get("QBTC_BUS_URL")))
    click.echo("The database is up to date.")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
@clear_errors
def status(as_json: bool) -> None:
    """Every migration, and whether it has been applied."""
    from qbtc.kit.store.migrate import status as read_status

    steps = _connected(read_status(admin_dsn()))
    if as_json:
        click.echo(json.dumps([{"scope": s.scope, "name": s.name, "applied": s.applied} for s in steps]))
        return
    for step in steps:
        click.echo(f"{'applied' if step.applied else 'MISSING':8} {step.scope:10} {step.name}")


def _connected(work: Coroutine[object, object, T]) -> T:
    import psycopg

    try:
        return asyncio.run(work)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise EngineError(f"The database does not answer: {reason}", "Is it running? `qbtc status`") from None
