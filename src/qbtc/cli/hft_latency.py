"""`qbtc hft latency`: what the engine measures of itself, asked of HFT, or read from the memory of an engine that runs alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from qbtc.engines.base import EngineError

from .common import clear_errors, home_path

COLUMNS = ("p50_us", "p99_us", "p999_us", "max_us")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print stages and states as JSON.")
@clear_errors
def latency(as_json: bool) -> None:
    """Show the engine's latency by tier and stage, from frame to fill, in microseconds."""
    found = _measured()
    if as_json:
        click.echo(json.dumps(found))
        return
    if found["hot"] is not None:
        click.echo(_state(found["hot"]))
    for row in found["stages"]:
        click.echo(_line(row))


def _measured() -> dict[str, Any]:
    """`stages` of both tiers, and `hot`, the state of the hot engine or None. Raises EngineError."""
    from .engine_http import call

    try:
        found: Any = call("GET", "/latency")
    except EngineError as silent:
        return _alone(silent)
    return {"stages": found["stages"], "hot": found["hot"]}


def _alone(silent: EngineError) -> dict[str, Any]:
    """Of an engine that was started by hand, without HFT."""
    from qbtc.hft.adapters.hotloop.panel import NoPanel, Panel, panel_path

    try:
        panel = Panel.attach(panel_path(home_path()))
    except NoPanel:
        raise silent from None
    return {"stages": [{"tier": "hot", **row} for row in panel.latency()], "hot": panel.status()}


def _state(hot: Mapping[str, Any]) -> str:
    if hot.get("phase") == "starting":
        return "hot tier: starting (it compiles its loop, then compares the account with the venue; minutes on a busy machine)"
    if "state" not in hot:
        return f"hot tier: {hot['phase']}"
    why = f" ({hot['reason']})" if hot["state"] != "ACTIVE" else ""
    return (
        f"hot tier: {hot['state']}{why}, {hot['sent']} orders sent, {hot['open_orders']} open, "
        f"{hot['unknown_orders']} unknown, waits by {hot['waits']}"
    )


def _line(row: Mapping[str, Any]) -> str:
    figures = " / ".join("-" if row.get(name) is None else f"{row[name]:.1f}" for name in COLUMNS)
    return f"{row['tier']:8} {row['name']:18} n {row['n']:>8}   p50 / p99 / p99.9 / max  {figures} us"
