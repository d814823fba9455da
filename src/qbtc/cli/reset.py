"""`qbtc reset`: delete the data of this installation, keep its settings and stored keys."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import click

from qbtc.engines.home import Home, drop_alias
from qbtc.engines.postgres_place import VAR_LIB
from qbtc.engines.state import Lock

from .common import clear_errors, fail, home_path, the_home

DATA = ("postgres", "valkey", "nginx", "exchange", "hft", "telemetry", "logs", "cache")
SECRETS = ("postgres", "valkey", "exchange", "venue", "hft", "qcs", "cio", "ce3", "web")


@click.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@clear_errors
def reset(yes: bool) -> None:
    """Delete database, journals, logs and caches of this installation.

    Kept: qbtc.toml, the keys stored with `qbtc keys`, and the signing keys. A database given by URL is not touched.
    """
    home = the_home()
    if home is None:
        click.echo(f"There is nothing at {home_path()}.")
        return
    lock = Lock(home)
    try:
        if not yes:
            confirm(home.root)
        for path in wipe(home):
            click.echo(f"deleted {path}")
    finally:
        lock.release()


def confirm(root: Path) -> None:
    if not sys.stdin.isatty():
        fail("`qbtc reset` deletes data and asks first.", "Without a terminal say so: qbtc reset --yes")
        raise SystemExit(1)
    click.confirm(f"Delete all data below {root}?", abort=True)


def wipe(home: Home) -> list[Path]:
    """Delete the data; returns what was there."""
    folders = [*(home / name for name in DATA), VAR_LIB / home.instance]
    files = [*(home / f"secrets/{name}.json" for name in SECRETS), home / "run/state.json"]
    found = [path for path in (*folders, *files) if path.exists()]
    for path in found:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    if home.sockets.is_symlink():
        drop_alias(home)
    return found
