"""`qbtc states`: the 26-dimensional states of the market and of texts, and which are like another."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import click

from .common import clear_errors
from .engine_http import call
from .given import given_text

LEAST_APART = 60
"""Neighbouring seconds are alike: without a distance every list is of the last minute."""


@click.group()
def states() -> None:
    """States of the market and of texts: list, show, build, find what is like one."""


@states.command("list")
@click.option("--symbol", help="Of this symbol only, for example BTCUSDT.")
@click.option("--limit", type=click.IntRange(1, 5000), default=20, show_default=True, help="How many, the newest first.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def ls(symbol: str | None, limit: int, as_json: bool) -> None:
    """The newest states: time, symbol, regime, intensity, novelty, id."""
    asked = urlencode({"limit": limit} | ({"symbol": symbol.upper()} if symbol else {}))
    items = _items(call("GET", f"/states?{asked}", service="qcs"))
    if as_json:
        click.echo(json.dumps(items))
        return
    if not items:
        click.echo("No states are stored. They come with the first bar of a running market.")
    for row in items:
        figures = f"{row['intensity']:8.2f} {_figure(row['novelty'], 7)}"
        click.echo(f"{_time(row['bar_end'])}  {row['symbol']:<12} {row['regime']:<12} {figures}  {row['state_id']}")


@states.command("show")
@click.argument("state_id")
@clear_errors
def show(state_id: str) -> None:
    """One state with all its numbers, as JSON."""
    click.echo(json.dumps(call("GET", f"/states/{_id(state_id)}", service="qcs"), indent=1))


@states.command("search")
@click.argument("what", metavar="SYMBOL|ID")
@click.option("-k", "k", type=click.IntRange(1, 100), default=10, show_default=True, help="How many.")
@click.option("--measure", type=click.Choice(["signed", "fidelity"]), default="signed", show_default=True)
@click.option("--in", "symbols", multiple=True, help="Among states of this symbol only; may be given more than once.")
@click.option(
    "--apart", type=click.IntRange(0, 86_400), default=LEAST_APART, show_default=True,
    help="Bars of a symbol between two results, and from what is asked.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def search(what: str, k: int, measure: str, symbols: tuple[str, ...], apart: int, as_json: bool) -> None:
    """The moments most like the newest of SYMBOL, or like the state ID.

    Signed overlap tells a crash from a rally; fidelity does not. The search is exact over all stored states.
    """
    asked = {"state_id": what} if _is_id(what) else {"symbol": what.upper()}
    body = asked | {"measure": measure, "k": k, "apart": apart, "symbols": [s.upper() for s in symbols], "kinds": ["moment"]}
    answer: Any = call("POST", "/states/search", body, seconds=60.0, service="qcs")
    if as_json:
        click.echo(json.dumps(answer))
        return
    if not answer["items"]:
        click.echo("Nothing else is stored that may be found; --apart 0 also finds neighbouring seconds.")
    for row in answer["items"]:
        likeness = f"signed {_figure(row['signed'])}  fidelity {_figure(row['fidelity'])}  intensity x{row['intensity_ratio']:.2f}"
        click.echo(f"{_time(row['bar_end'])}  {row['symbol']:<12} {likeness}  {row['state_id']}")


@states.command("text")
@click.argument("text", metavar="TEXT|FILE")
@click.option("--language", type=click.Choice(["en", "es"]), help="Of the text. Default: told from the words.")
@click.option("--keep", metavar="LABEL", help="Keep the state under this name; `POST /states/search` finds it again.")
@click.option("--nearest", type=click.IntRange(1, 100), help="Also the stored states most like it, so many.")
@click.option("--user", default="admin", show_default=True, help="Whose states: the name with which they sign in on the page.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def of_text(text: str, language: str | None, keep: str | None, nearest: int | None, user: str, *, as_json: bool) -> None:
    """The 26 numbers of a TEXT, of a FILE or of standard input (-), as a state: letter, name, value, unit, score."""
    said = {"text": given_text(text)} | ({"language": language} if language else {})
    made: Any = call("POST", "/states", said | ({"label": keep} if keep else {}), service="qcs", user=user)
    likest: list[dict[str, Any]] = []
    if nearest:
        likest = _items(call("POST", "/states/search", said | {"k": nearest}, seconds=60.0, service="qcs", user=user))
    if as_json:
        click.echo(json.dumps(made | ({"nearest": likest} if nearest else {}), ensure_ascii=False))
        return
    for row in made["text"]["dimensions"]:
        unit = row["unit"] if row["defined"] else ""
        click.echo(f"{row['letter']}  {row['name']:<13} {_figure(row['value'], 9)} {unit:<14} z {_figure(row['score'])}  {row['measures']}")
    click.echo(f"language {made['text']['language']}, intensity {made['intensity']:.3f}, hash {made['state_hash'][:16]}")
    if keep:
        click.echo(f"kept as {made['label']!r}: {made['state_id']}")
    for row in likest:
        click.echo(f"signed {_figure(row['signed'])}  {_whose(row)}  {row['state_id']}")


def _whose(row: dict[str, Any]) -> str:
    """A moment of the market by its time and symbol, a state that somebody keeps by its label."""
    return f"{_time(row['bar_end'])}  {row['symbol']:<12}" if row.get("symbol") else str(row.get("label"))


def _items(answer: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = answer["items"]
    return items


def _time(nanoseconds: str) -> str:
    """UTC to the second: bars close on seconds."""
    return datetime.fromtimestamp(int(nanoseconds) // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _figure(value: float | None, width: int = 6) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.3f}"


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _id(text: str) -> str:
    if not _is_id(text):
        raise click.UsageError(f"{text!r} is not a state id. `qbtc states list` shows them.")
    return text
