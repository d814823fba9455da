"""`qbtc user`: add and list people, set passwords, remove. Talks to the database; passwords never stand in arguments."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from .common import clear_errors

if TYPE_CHECKING:
    from qbtc.web.adapters.accounts import PostgresAccounts

T = TypeVar("T")
ROLES = click.Choice(["viewer", "trader", "admin"])


def _with_accounts(work: Callable[[PostgresAccounts], Awaitable[T]]) -> T:
    """Run `work` on Web's own account store. Raises Unavailable (with advice) when there is no database."""
    import asyncio

    return asyncio.run(_open_and_run(work))


async def _open_and_run(work: Callable[[PostgresAccounts], Awaitable[T]]) -> T:
    from qbtc.engines.base import EngineError
    from qbtc.kit.clock import SystemClock
    from qbtc.kit.errors import Unavailable
    from qbtc.kit.settings import credentials, platform
    from qbtc.kit.store import Store
    from qbtc.web.adapters.accounts import PostgresAccounts

    dsn = credentials(platform(), "web").database_url
    if dsn is None:
        raise EngineError("There is no database here yet.", "Start QBTC once: `qbtc up`.")
    store = Store(dsn.get_secret_value(), name="cli", max_size=2)
    try:
        await store.open(timeout=3.0)
        return await work(PostgresAccounts(store, SystemClock()))
    except Unavailable as error:
        raise EngineError(str(error), "Users are kept in the database: start it with `qbtc up`.") from None
    finally:
        await store.close()


def _read_password(from_stdin: bool) -> str:
    from qbtc.kit.security import hash_password

    password = (
        sys.stdin.readline().rstrip("\n")
        if from_stdin
        else click.prompt("Password (12 characters or more)", hide_input=True, confirmation_prompt=True)
    )
    return hash_password(password)


@click.group()
def user() -> None:
    """Add and list users, set passwords."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=ROLES, default="viewer", show_default=True, help="What they may do.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--no-password", is_flag=True, help="Let them set one through a login link (`qbtc login --user NAME`).")
@clear_errors
def add(name: str, role: str, password_stdin: bool, no_password: bool) -> None:
    """Add a user."""
    from qbtc.contracts import Role

    hashed = None if no_password else _read_password(password_stdin)

    async def work(accounts: PostgresAccounts) -> None:
        await accounts.add(name, Role(role))
        if hashed is not None:
            await accounts.set_password(name, hashed)

    _with_accounts(work)
    click.echo(f"Added {name} ({role}).")


@user.command("passwd")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@clear_errors
def passwd(name: str, password_stdin: bool) -> None:
    """Set a user's password and sign them out everywhere."""
    hashed = _read_password(password_stdin)
    _with_accounts(lambda accounts: accounts.set_password(name, hashed))
    click.echo(f"Password of {name} is set; all sessions of {name} are ended.")


@user.command("ls")
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
@clear_errors
def ls(as_json: bool) -> None:
    """List users."""
    rows = _with_accounts(lambda accounts: accounts.users())
    if as_json:
        click.echo(json.dumps({"items": rows}, default=str))
        return
    for row in rows:
        password = "password set" if row["has_password"] else "no password yet"
        click.echo(f"{row['name']:<32} {row['role']:<7} {password}, {row['sessions']} sessions")
    if not rows:
        click.echo("No users yet: open the link that `qbtc login` prints.")


@user.command("rm")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@clear_errors
def rm(name: str, yes: bool) -> None:
    """Remove a user and end their sessions (an access token already given out lives ten minutes at most)."""
    if not yes:
        click.confirm(f"Remove {name}?", abort=True)
    _with_accounts(lambda accounts: accounts.remove(name))
    click.echo(f"Removed {name}.")
