"""`qbtc kill`: the kill switch, by direct HTTP to HFT; it needs no database, bus, Redis, gateway or Web."""

from __future__ import annotations

import json
import sys

import click

from .common import clear_errors
from .unserved import unserved_words

SCOPES = ("pause", "cancel", "flatten")


@click.command()
@click.option(
    "--scope",
    type=click.Choice(SCOPES),
    default="cancel",
    show_default=True,
    help="pause: no new orders; cancel: also cancel all; flatten: also close all positions.",
)
@click.option("--reason", default="", help="Why; kept with the state.")
@click.option("--json", "as_json", is_flag=True, help="Print HFT's answer as JSON.")
@clear_errors
def kill(scope: str, reason: str, as_json: bool) -> None:
    """Stop trading at once. Undo it with `qbtc resume`, in the UI, or with POST /api/hft/resume.

    Exit code 1 if orders are still open or positions not flat that the scope reaches; HFT goes on trying.
    """
    answer = post_kill(scope, reason)
    left = _left(scope, answer)
    if as_json:
        click.echo(json.dumps(answer))
    else:
        click.secho(f"Trading is {answer['state']} (scope {scope}).", fg="yellow")
        if scope != "pause":
            click.echo(f"Orders cancelled: {answer['cancelled']}. Closing orders sent: {answer['closing']}.")
        for line in left:
            click.secho(line, fg="red", err=True)
    if left:
        sys.exit(1)


def _left(scope: str, answer: dict[str, object]) -> list[str]:
    """What the kill should have ended and did not."""
    found, flat = list[str](), answer.get("not_flat")
    if scope != "pause" and answer.get("still_open"):
        found.append(f"Orders still open: {answer['still_open']}. HFT goes on cancelling.")
    if isinstance(flat, list) and flat:
        found.append(f"Positions not flat: {', '.join(map(str, flat))}. HFT goes on closing.")
    if beyond := unserved_words(answer.get("unserved")):
        found.append(beyond)
    return found


def post_kill(scope: str, reason: str) -> dict[str, object]:
    """HFT's answer; raises EngineError with advice when it cannot be reached or refuses."""
    from .engine_http import call

    answer = call("POST", "/kill", {"scope": scope, "reason": reason})
    return answer if isinstance(answer, dict) else {}
