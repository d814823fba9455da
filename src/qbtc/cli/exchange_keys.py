"""`qbtc exchange keys`: API keys of the local venue. A running venue takes a change within a second."""

from __future__ import annotations

from pathlib import Path

import click

from .common import clear_errors, fail, home_path

_PERMISSIONS = ("TRADE", "USER_DATA", "USER_STREAM")
_permission = click.option(
    "--permission", "permissions", multiple=True, type=click.Choice(_PERMISSIONS), default=_PERMISSIONS,
    help="What the key may do; may be given several times. All if left out.",
)  # fmt: skip
_label = click.option("--label", default="", help="A name of your own for the key.")


@click.group()
def keys() -> None:
    """API keys of the local venue: HMAC secrets, and RSA or Ed25519 public keys."""


@keys.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_label
@_permission
@clear_errors
def add(file: Path, label: str, permissions: tuple[str, ...]) -> None:
    """Register the public key in FILE (PEM, RSA or Ed25519) and print the API key for it."""
    from qbtc.core.binance.signing import BadKey
    from qbtc.exchange.keys import Permission, register

    try:
        made = register(_secrets(), file.read_text(), label=label, permissions=frozenset(map(Permission, permissions)))
    except (BadKey, UnicodeDecodeError) as error:
        fail(f"{file} cannot be registered: {error}.", "`openssl pkey -in private.pem -pubout` writes a public key.")
        raise SystemExit(1) from None
    click.echo(made.api_key)


@keys.command()
@_label
@_permission
@clear_errors
def new(label: str, permissions: tuple[str, ...]) -> None:
    """Make an HMAC key and print API key and secret, which is not shown again."""
    from qbtc.exchange.keys import Permission, create_hmac

    made = create_hmac(_secrets(), label=label, permissions=frozenset(map(Permission, permissions)))
    click.echo(f"{made.api_key}\n{made.material}")


@keys.command("ls")
@clear_errors
def list_keys() -> None:
    """The registered keys: API key, kind, permissions, label."""
    from qbtc.exchange.keys import REGISTRY_FILE, read_registry

    for key in read_registry(_secrets() / REGISTRY_FILE):
        click.echo(f"{key.api_key}  {key.kind.value:7}  {','.join(sorted(key.permissions))}  {key.label}".rstrip())


@keys.command("rm")
@click.argument("api_key")
@clear_errors
def remove(api_key: str) -> None:
    """Forget a registered key; sessions that use it are refused from then on."""
    from qbtc.exchange.keys import NoSuchKey
    from qbtc.exchange.keys import remove as forget

    try:
        gone = forget(_secrets(), api_key)
    except NoSuchKey as error:
        fail(f"{error}.", "`qbtc exchange keys ls` lists them.")
        raise SystemExit(1) from None
    click.echo(f"Removed {gone.label or gone.kind.value}.")


def _secrets() -> Path:
    return home_path() / "secrets"
