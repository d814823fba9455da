"""`qbtc keys`: keys of exchanges and model providers, encrypted at rest. A key is never shown again.

A venue's key is a pair: its API key and its secret, two lines on standard input.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from .common import clear_errors, fail, home_path

MODELS = ("anthropic",)


@click.group()
def keys() -> None:
    """Keys of exchanges and model providers (encrypted at rest, never shown)."""


@keys.command()
@click.argument("name")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the key from standard input instead of asking.")
@clear_errors
def add(name: str, from_stdin: bool) -> None:
    """Store the key NAME (anthropic, or a venue's). It is asked for, never taken from the command line, where other users could read it.

    For a venue (binance, binance-testnet, binance-usdm, binance-usdm-testnet) API key and secret are asked for.
    """
    from qbtc.hft.domain.venues import SITES
    from qbtc.kit.errors import BadInput
    from qbtc.kit.security import Vault

    if name not in (*MODELS, *SITES):
        raise BadInput(f"nothing here uses a key {name!r}", field="name", allowed=[*MODELS, *sorted(SITES)])
    home = _installed()
    value = _pair(from_stdin=from_stdin) if name in SITES else _value("Key", from_stdin=from_stdin)
    Vault(home).put(name, value)
    click.echo(f"Stored {name}.")


@keys.command("ls")
@clear_errors
def list_keys() -> None:
    """The names of the stored keys."""
    from qbtc.kit.security import Vault

    names = Vault(_installed()).names()
    click.echo("\n".join(names) if names else "No key is stored. Store one: qbtc keys add anthropic")


@keys.command("rm")
@click.argument("name")
@clear_errors
def remove(name: str) -> None:
    """Forget the key NAME."""
    from qbtc.kit.security import Vault

    Vault(_installed()).remove(name)
    click.echo(f"Removed {name}.")


def _pair(*, from_stdin: bool) -> str:
    """API key and secret as HFT reads them. Raises BadInput for an empty one."""
    from qbtc.kit.errors import BadInput

    pair = {"api_key": _value("API key", from_stdin=from_stdin), "secret": _value("Secret", from_stdin=from_stdin)}
    if not all(pair.values()):
        raise BadInput("a venue's key is two lines that are not empty: API key, then secret", field="name")
    return json.dumps(pair)


def _value(prompt: str, *, from_stdin: bool) -> str:
    return sys.stdin.readline().strip() if from_stdin else click.prompt(prompt, hide_input=True).strip()


def _installed() -> Path:
    path = home_path()
    if not (path / "secrets").is_dir():
        fail(f"there is no installation in {path}.", "`qbtc up` makes one; or set QBTC_HOME.")
        raise SystemExit(1)
    return path
