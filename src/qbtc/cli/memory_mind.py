"""What `qbtc memory` shows of attention, self-model, learning and replicas, and what a person may set or undo there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import click

from .common import clear_errors
from .engine_http import call

_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
_LANGUAGE = click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Of the explanations.")
SECONDS = 60.0


@click.command()
@_LANGUAGE
@click.option("--history", type=click.IntRange(1, 200), default=5, show_default=True, help="How many broadcasts.")
@_JSON
@clear_errors
def workspace(language: str, history: int, as_json: bool) -> None:
    """Show what holds the places of attention, and seven numbers about that, each of its own."""
    seen: Any = cio("GET", f"/workspace?language={language}&history={history}")
    if as_json:
        click.echo(json.dumps(seen, ensure_ascii=False))
        return
    click.echo(f"cycle {seen['cycle']}, {seen['places']} places, {len(seen['candidates'])} candidates wait")
    for told in seen["history"]:
        click.echo(f"{moment(told['at'])}  broadcast {told['number']}, {told['passed_over']} passed over")
        for one in told["winners"]:
            click.echo(f"  {one['salience']:6.2f}  {one['source']:<4} {one['kind']:<10} {one['topic']}")
    click.echo("\n" + seen["notice"])
    for row in seen["indicators"]:
        click.echo(f"\n{row['id']:<6} {figure(row['value'])}  n={row['samples']}  {row['property']}")
        click.echo(f"  replayed with {row['mechanism']} {figure(row['on']['value'])}, without {figure(row['off']['value'])}")
        click.echo(f"  {row['measures']} {row['limits']}")


@click.command()
@click.argument("weights", metavar="NAME=WEIGHT...", nargs=-1)
@_JSON
@clear_errors
def goals(weights: tuple[str, ...], as_json: bool) -> None:
    """Show the goals that attention serves, or weigh them: `answers=1 foresight=1 profit=2`; those not named stay."""
    now: Any = cio("GET", "/workspace?history=1")["attention"]["goals"]
    if weights:
        now = cio("POST", "/workspace/goals", now | dict(map(_weight, weights)))
    click.echo(json.dumps(now) if as_json else "\n".join(f"{name:<10} {weight:g}" for name, weight in sorted(now.items())))


def _weight(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise click.UsageError(f"{text!r} is not NAME=WEIGHT, such as profit=2.") from None


@click.command("self")
@click.option("--undo", is_flag=True, help="Forget what the newest version learned.")
@click.option("--yes", is_flag=True, help="Do not ask before an undo.")
@_JSON
@clear_errors
def myself(undo: bool, yes: bool, as_json: bool) -> None:
    """Show what the system can do with what probability, and what such statements were worth."""
    if undo:
        undone("/self/undo", yes, as_json, "Forget what was learned since the version before the newest?")
        return
    seen: Any = cio("GET", "/self")
    if as_json:
        click.echo(json.dumps(seen, ensure_ascii=False))
        return
    if not seen["capabilities"]:
        click.echo("Nothing is known yet. It learns from tools, orders and trades.")
        return
    for row in seen["capabilities"]:
        name = row["capability"] if row["context"] is None else f"  {row['context']}"
        click.echo(f"{name:<40} {row['probability']:6.1%}  ({row['low']:.1%} to {row['high']:.1%})  n={row['evidence']:.1f}")
    worth = seen["calibration"]
    if worth:
        brier, ece = worth["brier"], worth["ece"]
        click.echo(f"\nBrier score {interval(brier)}; {worth['ignorant']:.3f} would be knowing only the share of successes")
        click.echo(f"calibration error {interval(ece)}; {worth['count']} outcomes, {worth['rate']:.1%} successes")
    versions(seen["versions"])


@click.command()
@click.argument("query")
@click.argument("memory_id", metavar="ID")
@click.option("--helpful/--not-helpful", "helpful", default=True, show_default=True, help="Whether that hit helped.")
@click.option("--scope", help="The scope that was searched, if one was named.")
@_JSON
@clear_errors
def feedback(query: str, memory_id: str, helpful: bool, scope: str | None, as_json: bool) -> None:
    """Say whether the memory ID helped with QUERY; recall learns from it."""
    body = {"text": query, "memory_id": memory_id, "helpful": helpful} | ({"scope": scope} if scope else {})
    told = cio("POST", "/feedback", body)
    change = f"; version {told['champion']} ranks from now on" if told["changed"] else ""
    click.echo(json.dumps(told) if as_json else f"learned, {told['events']} words so far{change}")


@click.command()
@click.option("--undo", is_flag=True, help="Rank by the weights before the last change again.")
@click.option("--yes", is_flag=True, help="Do not ask before an undo.")
@_JSON
@clear_errors
def evolution(undo: bool, yes: bool, as_json: bool) -> None:
    """Show what recall learned from use: the weights it ranks by, its trial, and every change with its diff."""
    if undo:
        undone("/evolution/undo", yes, as_json, "Rank by the weights before the last change again?")
        return
    seen = cio("GET", "/evolution")
    if as_json:
        click.echo(json.dumps(seen, ensure_ascii=False))
        return
    trial = seen["trial"]
    click.echo(f"{seen['events']} words learned from; version {seen['champion']} ranks")
    click.echo(f"challenger: gain {interval({**trial, 'value': trial['mean']})} on {trial['events']} words, looked at every {seen['window']}")
    click.echo("weights: " + "  ".join(f"{name} {value:.2f}" for name, value in seen["weights"].items()))
    versions(seen["versions"])


@click.command()
@click.option("--information", is_flag=True, help="Instead, the bits that the 26 features and the sentence vectors of your memories share.")
@click.option("--scope", help="With --information: of this scope only.")
@_JSON
@clear_errors
def sync(information: bool, scope: str | None, as_json: bool) -> None:
    """Show whether replicas and services hold the same 26 numbers."""
    if information:
        _information(cio("GET", "/sync/information" + (f"?{urlencode({'scope': scope})}" if scope else "")), as_json)
        return
    seen = cio("GET", "/sync")
    if as_json:
        click.echo(json.dumps(seen, ensure_ascii=False))
        return
    click.echo(f"{seen['origin']}  formula {seen['formula']}  {seen['items']} moments  {seen['hash'][:16]}")
    click.echo(f"{seen['verified']} states came with a hash, {seen['mismatched']} of them not that of their numbers")
    for row in seen["services"]:
        word = {True: "the same", False: "DIFFERENT", None: "not seen here"}[row["same"]]
        click.echo(f"{row['service']:<5} {row['symbol']:<12} {row['hash'][:16]}  {word}")
    for peer in seen["peers"]:
        click.echo(f"{peer['url']}  {_in_step(peer)}")
    if not seen["peers"]:
        click.echo("No other replica is named (setting `peers` of cio).")


def _in_step(peer: dict[str, Any]) -> str:
    if peer["same"] is None:
        return peer["problem"] or "not asked yet"
    apart = peer["divergence"]
    last = f", last apart in {apart['differing']} of {apart['items']}" if apart else ""
    return ("the same" if peer["same"] else "catching up") + last


def _information(found: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo(f"{found['information']:.3f} bits over {found['memories']} memories; permuted {found['null']:.3f}, so {found['excess']:.3f} more, p {found['p']:.3f}")
    click.echo(f"entropies: features {found['first']:.3f}, vectors {found['second']:.3f}, both {found['both']:.3f} bits")


def versions(rows: list[dict[str, Any]]) -> None:
    """Versions with their diffs, newest first."""
    for row in rows:
        click.echo(f"\nversion {row['number']}  {moment(row['at'])}  {row['reason']}")
        click.echo("\n".join(f"  {line}" for line in row["diff"].splitlines()))


def undone(path: str, yes: bool, as_json: bool, question: str) -> None:
    if not yes:
        click.confirm(question, abort=True)
    made: Any = cio("POST", path, {})
    click.echo(json.dumps(made, ensure_ascii=False) if as_json else f"version {made['number']}: {made['reason']}\n{made['diff']}")


def cio(method: str, path: str, body: object = None) -> Any:
    return call(method, path, body, seconds=SECONDS, service="cio")


def figure(value: float | None) -> str:
    return f"{'-':>6}" if value is None else f"{value:6.3f}"


def interval(one: dict[str, float | None]) -> str:
    if one["value"] is None or one["low"] is None or one["high"] is None:
        return "-"
    return f"{one['value']:.3f} ({one['low']:.3f} to {one['high']:.3f})"


def moment(nanoseconds: str) -> str:
    return datetime.fromtimestamp(int(nanoseconds) // 10**9, UTC).strftime("%Y-%m-%d %H:%M:%S")


COMMANDS = (workspace, goals, myself, feedback, evolution, sync)
