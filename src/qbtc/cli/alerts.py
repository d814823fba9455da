"""`qbtc alerts`: be told when a price is reached or a fill comes."""

from __future__ import annotations

import json
from typing import cast

import click

from .common import clear_errors
from .engine_http import call


@click.group()
def alerts() -> None:
    """Alerts on prices and fills. Each fires once, as a notice on the screen."""


@alerts.command("ls")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@clear_errors
def ls(as_json: bool) -> None:
    """List them, the newest first."""
    items = cast(list[dict[str, str | None]], cast(dict[str, object], call("GET", "/alerts"))["items"])
    if as_json:
        click.echo(json.dumps(items))
        return
    if not items:
        click.echo("There are no alerts. Add one: qbtc alerts add above BTCUSDT 65000")
    for a in items:
        what = "any fill" if a["kind"] == "fill" else f"{a['kind']} {a['price']}"
        state = f"fired with {a['fired_with']}" if a["fired"] else "waits"
        click.echo(f"{a['id']}  {a['symbol'] or '':<10} {what:<20} {state}  {a['note']}")


@alerts.command("add")
@click.argument("kind", type=click.Choice(["above", "below", "fill"]))
@click.argument("symbol", required=False)
@click.argument("price", required=False)
@click.option("--note", default="", help="Shown with the notice.")
@clear_errors
def add(kind: str, symbol: str | None, price: str | None, note: str) -> None:
    """`add above BTCUSDT 65000`, `add below BTCUSDT 60000`, `add fill [SYMBOL]`."""
    body = {"kind": kind, "symbol": symbol, "price": price, "note": note}
    made = cast(dict[str, str | None], call("POST", "/alerts", body))
    click.echo(made["id"])
    if made.get("now") is not None:
        click.echo(f"The price is {made['now']} already: it fires at once.", err=True)


@alerts.command("rm")
@click.argument("alert_id")
@clear_errors
def rm(alert_id: str) -> None:
    """Delete an alert."""
    call("DELETE", f"/alerts/{alert_id}")
