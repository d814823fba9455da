"""`qbtc keys`: keys of exchanges and model providers, encrypted at rest. A key is never shown again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .common import clear_errors, fail, home_path


@click.group()
def keys() -> None:
    """Keys of exchanges and model providers (encrypted at rest, never shown)."""


@keys.command()
@click.argument("name")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the key from standard input instead of asking.")
@clear_errors
def add(name: str, from_stdin: bool) -> None:
    """Store the key NAME. It is asked for, never taken from the command line, where other users could read it."""
    from qbtc.kit.security import Vault

    value = sys.stdin.readline().rstrip("\n") if from_stdin else click.prompt("Key", hide_input=True)
    Vault(_installed()).put(name, value)
    click.echo(f"Stored {name}.")


@keys.command("ls")
@clear_errors
def list_keys() -> None:
    """The names of the stored keys."""
    from qbtc.kit.security import Vault

    for name in Vault(_installed()).names():
        click.echo(name)


@keys.command("rm")
@click.argument("name")
@clear_errors
def remove(name: str) -> None:
    """Forget the key NAME."""
    from qbtc.kit.security import Vault

    Vault(_installed()).remove(name)
    click.echo(f"Removed {name}.")


def _installed() -> Path:
    path = home_path()
    if not (path / "secrets").is_dir():
        fail(f"there is no installation in {path}.", "`qbtc up` makes one; or set QBTC_HOME.")
        raise SystemExit(1)
    return path
