"""The top command: finds a verb's module in the table and imports only that one."""

from __future__ import annotations

import os
from importlib import import_module

import click

from qbtc import __version__

from . import VERBS
from .common import fail

MOST_OFFSET = 55_000


class Verbs(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return load(cmd_name) if cmd_name in VERBS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in VERBS:
            raise click.UsageError(f"No such command {args[0]!r}. Allowed: {', '.join(VERBS)}.", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(verb, text) for verb, (_, text) in VERBS.items()])


def load(verb: str) -> click.Command:
    """Import the command of a verb. Raises ClickException when its module is not installed."""
    module_name, _, name = VERBS[verb][0].partition(":")
    try:
        module = import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        raise click.ClickException(f"`qbtc {verb}` is not part of this installation ({module_name}).") from None
    command = getattr(module, name)
    if not isinstance(command, click.Command):
        raise click.ClickException(f"{module_name}.{name} is not a command.")
    return command


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="qbtc", message="%(prog)s %(version)s")
def root() -> None:
    """QBTC: a trading workstation on your own machine.

    Start with `qbtc up`. Everything it keeps is below QBTC_HOME (default ~/.qbtc). A second system beside the first
    needs another QBTC_HOME and a QBTC_PORT_OFFSET.
    """
    offset = os.environ.get("QBTC_PORT_OFFSET") or "0"
    if not (offset.isascii() and offset.isdigit() and int(offset) <= MOST_OFFSET):
        fail(f"environment QBTC_PORT_OFFSET is {offset!r}.", f"Allowed: a whole number from 0 to {MOST_OFFSET}.")
        raise SystemExit(1)
