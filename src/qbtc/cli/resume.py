"""`qbtc resume`: end a halt, by direct HTTP to HFT like the kill switch."""

from __future__ import annotations

import json
from typing import Any

import click

from .common import clear_errors


@click.command()
@click.option("--reason", default="", help="Why; kept with the state.")
@click.option("--json", "as_json", is_flag=True, help="Print HFT's answer as JSON.")
@clear_errors
def resume(reason: str, as_json: bool) -> None:
    """Let strategies and orders trade again after a halt (`qbtc kill`, the Stop button, a strategy that failed).

    A strategy that failed stays stopped until it is started: `qbtc strategy start NAME`.
    """
    from .engine_http import call

    answer: Any = call("POST", "/resume", {"reason": reason})
    if as_json:
        click.echo(json.dumps(answer))
        return
    click.secho(f"Trading is {answer['state']}.", fg="green")
