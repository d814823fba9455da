"""`qbtc memory like-now`: when was it like this before, and what followed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import click

from .common import clear_errors
from .engine_http import call

_SECONDS = 60.0


@click.command("like-now")
@click.argument("symbol", required=False)
@click.option("--moment", metavar="ID", help="Instead of now: a kept moment of the market, by its id.")
@click.option(
    "-k", "--k", "k", type=click.IntRange(5, 100), default=20, show_default=True, help="How many moments, at most."
)
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def like_now(symbol: str | None, moment: str | None, k: int, as_json: bool) -> None:
    """When the market of SYMBOL was like now, and what followed: returns at several horizons beside those of random moments."""
    if (symbol is None) == (moment is None):
        raise click.UsageError("Give either SYMBOL or --moment ID.")
    asked = {"symbol": symbol.upper()} if symbol else {"moment": moment}
    found: Any = call("GET", f"/memories/market?{urlencode({**asked, 'k': k})}", None, seconds=_SECONDS, service="cio")
    click.echo(json.dumps(found) if as_json else "\n".join(lines(found)))


def lines(found: dict[str, Any]) -> Iterator[str]:
    """What was asked, a row a horizon, the moments."""
    about = f", regime {found['regime']}" if found["regime"] else ""
    yield f"{found['symbol']} at {found['at'][:19]} ({found['mode']}{about}), among {found['searched']:,} earlier moments"
    yield ""
    yield f"{'after':>8} {'moments':>8} {'mean':>9} {'median':>9} {'10 %':>9} {'90 %':>9} {'up':>6}   random mean (95 %)             p"
    yield from (_followed(one, found["min_sample"]) for one in found["followed"])
    yield ""
    if not found["alike"]:
        yield "No earlier moment was like it."
    for one in found["alike"]:
        after = "  ".join(f"{horizon} s {_bp(value)}" for horizon, value in one["followed"].items()) or "not known"
        yield (
            f"{one['at'][:19]}  overlap {one['overlap']:+.2f} x ratio {one['ratio']:.2f} (fidelity {one['fidelity']:.2f})"
            f"  {one['regime']}  {one['memory_id']}"
        )
        yield f"  then {after}"


def _followed(one: dict[str, Any], least: int) -> str:
    start = f"{one['horizon']:>6g} s {one['sample']:>8}"
    if not one["enough"]:
        return f"{start}   not enough: {least} at least are needed"
    figures = " ".join(f"{_bp(one[name]):>9}" for name in ("mean", "median", "low", "high"))
    null = f"{_bp(one['null_mean'])} ({_bp(one['null_low'])} to {_bp(one['null_high'])})"
    return f"{start} {figures} {one['up']:>6.0%}   {null:<27} {one['p']:.3f}, all together {one['adjusted']:.3f}"


def _bp(value: float) -> str:
    return f"{value * 1e4:+.1f} bp"
