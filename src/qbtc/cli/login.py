"""`qbtc login`: a new one-time link for the browser."""

from __future__ import annotations

import click

from .common import clear_errors, home_path


@click.command()
@click.option("--user", default="admin", show_default=True, help="Who signs in; a new name becomes a new user.")
@click.option(
    "--role",
    type=click.Choice(["viewer", "trader", "admin"]),
    default="admin",
    show_default=True,
    help="Role of a new user; an existing one keeps theirs.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@clear_errors
def login(user: str, role: str, as_json: bool) -> None:
    """Print a link that signs a browser in once, within ten minutes.

    Also the way back in for somebody who has forgotten the password: a session that came by link may set a new one.
    """
    import json

    from qbtc.contracts import Role
    from qbtc.engines.base import EngineError
    from qbtc.kit.errors import BadInput
    from qbtc.kit.security import login_link
    from qbtc.kit.settings import platform
    from qbtc.web.domain.access import NAME_RULE, valid_name

    if not valid_name(user):
        raise BadInput(f"{user!r} cannot be a user name", field="user", allowed=NAME_RULE)
    try:
        link = login_link(home_path(), platform().url("gateway"), user=user, role=Role(role))
    except OSError:
        raise EngineError("There are no signing keys here yet.", "Start QBTC once: `qbtc up`.") from None
    if as_json:
        click.echo(json.dumps({"url": link, "user": user, "seconds": 600}))
        return
    click.echo(link)
    click.echo("(works once, within ten minutes)", err=True)
