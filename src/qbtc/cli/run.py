"""`qbtc run SERVICE`: one service in the foreground, as the supervisor, systemd and containers start it."""

from __future__ import annotations

from importlib import import_module

import click

from qbtc.engines.plan import PORTS

from .common import clear_errors


@click.command()
@click.argument("service", type=click.Choice(tuple(PORTS)))
@clear_errors
def run(service: str) -> None:
    """Run SERVICE in the foreground. It ends cleanly on SIGTERM; exit code 0 asks for a restart."""
    module = import_module(f"qbtc.{service}.service")
    own = getattr(module, "run", None)
    if own is not None:  # the venue is no HTTP service of the kit's kind and brings its own loop
        raise SystemExit(own())
    from qbtc.kit.runtime import run as run_spec

    raise SystemExit(run_spec(module.SPEC))
