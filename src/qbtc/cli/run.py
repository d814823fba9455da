"""`qbtc run SERVICE`: one service in the foreground, as the supervisor, systemd and containers start it."""

from __future__ import annotations

import os
from importlib import import_module

import click

from qbtc.engines.plan import PORTS

from .common import fail


@click.command()
@click.argument("service", type=click.Choice(tuple(PORTS)))
def run(service: str) -> None:
    """Run SERVICE in the foreground. It ends cleanly on SIGTERM.

    Exit code 0 asks for a restart, 78 says that the settings are wrong, anything else is a failure.
    """
    raise SystemExit(_run(service))


def _run(service: str) -> int:
    from qbtc.kit.errors import BadInput

    module = import_module(f"qbtc.{service}.service")
    try:
        if hasattr(module, "SPEC"):
            from qbtc.kit.runtime import run as run_spec

            return run_spec(module.SPEC)
        # the venue is no service of the kit's kind: it brings its own loop, and returns 1 when it refuses what it was given
        return os.EX_CONFIG if module.run() else 0
    except BadInput as error:
        fail(
            f"{error} (allowed: {error.allowed})" if error.allowed else str(error)
        )  # one line: the supervisor shows it
        return os.EX_CONFIG
