"""`qbtc token`: a bearer token for scripts on this machine."""

from __future__ import annotations

import click

from qbtc.contracts import Role

from .common import clear_errors, fail, home_path


@click.command()
@click.option("--role", type=click.Choice([r.value for r in Role]), default="viewer", show_default=True)
@click.option("--user", default="cli", show_default=True, help="Whose private conversations and memories it may see.")
@click.option("--minutes", type=click.IntRange(1, 24 * 60), default=60, show_default=True, help="How long it is good.")
@clear_errors
def token(role: str, user: str, minutes: int) -> None:
    """Print a signed token. Use it as `Authorization: Bearer …`. Whoever reads QBTC_HOME may make one."""
    from qbtc.kit.security import mint

    try:
        click.echo(mint(home_path(), role=Role(role), user=user, seconds=60 * minutes))
    except OSError:
        fail(f"there is no installation in {home_path()}.", "`qbtc up` makes one; or set QBTC_HOME.")
        raise SystemExit(1) from None
