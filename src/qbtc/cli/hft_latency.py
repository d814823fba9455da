"""`qbtc hft latency`: what the engine measures of itself, read from its shared memory; needs no running service."""

from __future__ import annotations

import json

import click

from qbtc.engines.base import EngineError

from .common import clear_errors, home_path


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print state and stages as JSON.")
@clear_errors
def latency(as_json: bool) -> None:
    """Show the engine's state and its latency by stage, from frame to fill, in microseconds."""
    from qbtc.hft.adapters.hotloop.panel import NoPanel, Panel, panel_path

    try:
        panel = Panel.attach(panel_path(home_path()))
    except NoPanel as error:
        raise EngineError(f"No engine to ask: {error}.", "Start one, and check QBTC_HOME.") from None
    status, stages = panel.status(), [{"tier": "hot", **row} for row in panel.latency()]
    if as_json:
        click.echo(json.dumps({**status, "stages": stages}))
        return
    click.echo(
        f"{status['state']} ({status['reason']}), {status['sent']} orders sent, {status['open_orders']} open, "
        f"{status['unknown_orders']} unknown, waits by {status['waits']}"
    )
    for row in stages:
        figures = (
            "-" if row[name] is None else f"{row[name]:.1f}" for name in ("p50_us", "p99_us", "p999_us", "max_us")
        )
        click.echo(f"{row['name']:18} n {row['n']:>8}   p50 / p99 / p99.9 / max  {' / '.join(figures)} us")
