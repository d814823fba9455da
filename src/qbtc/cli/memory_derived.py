"""What is derived from memories: `qbtc memory facts`, `reflect`, `reflections`; and a scope as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import click

from .common import clear_errors
from .engine_http import call

_SECONDS = 120.0
_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
_SCOPE = click.option("--scope", help="Only of this collection.")
_LIMIT = click.option(
    "-k",
    "--limit",
    type=click.IntRange(1, 500),
    default=50,
    show_default=True,
    help="How many at most, the newest first.",
)


@click.command()
@click.argument("text", required=False)
@_SCOPE
@click.option("--subject", help="Only about this subject, for example a person.")
@click.option("--at", "valid_at", help='Only what held then: RFC 3339 or "8 May, 2023".')
@click.option("--known", "known_at", help="What was believed then instead of now; times as for --at.")
@click.option("--history", is_flag=True, help="Also what is no longer believed.")
@_LIMIT
@_JSON
@clear_errors
def facts(
    text: str | None, scope: str | None, subject: str | None, valid_at: str | None, known_at: str | None,
    history: bool, limit: int, as_json: bool,
) -> None:  # fmt: skip
    """What people said that holds, or held: since when, on which memories. TEXT filters by words.

    Facts are read by rules from what people assert, never from what programs, documents or models say, and nobody has checked them.
    """
    asked = {
        "text": text, "scope": scope, "subject": subject, "valid_at": _time("--at", valid_at), "known_at": _time("--known", known_at),
        "history": "true" if history else None, "limit": limit,
    }  # fmt: skip
    found: Any = cio("GET", f"/facts?{urlencode({name: value for name, value in asked.items() if value is not None})}")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found["items"]:
        click.echo(
            "No fact. One is read from what people assert in notes and chats; questions, hearsay and orders give none."
        )
    for fact in found["items"]:
        click.echo("\n".join(_lines(fact)))
    if found["total"] > len(found["items"]):
        click.echo(f"{len(found['items'])} of {found['total']:,}; -k shows more.")


def _lines(fact: dict[str, Any]) -> list[str]:
    until = f" until {fact['valid_until'][:10]}" if fact["valid_until"] else ""
    believed = f", believed until {fact['known_until'][:19]}" if fact["known_until"] else ""
    mark = "  " if fact["holds"] else "x "
    said = fact["sentence"] if fact["value"] != fact["sentence"] else ""
    return [
        f"{mark}{fact['subject']}: {fact['value'] if not said else fact['predicate'] + ' ' + fact['value']}",
        f"    since {fact['valid_from'][:10] if fact['valid_from'] else 'unknown'}{until}{believed}, confidence {fact['confidence']:.2f},"
        f" scope {fact['scope']}",
        *([f"    said: {said}"] if said else []),
        f"    on {', '.join(fact['evidence'])}",
    ]


def cio(method: str, path: str, body: object = None) -> object:
    return call(method, path, body, seconds=_SECONDS, service="cio")


def _time(option: str, text: str | None) -> str | None:
    from qbtc.core.language.written_time import written_time

    try:
        return written_time(text).isoformat() if text else None
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from None


@click.command()
@click.option("--claim", help="Also judge this claim by its evidence; it is kept only if the evidence says it.")
@click.option("--evidence", multiple=True, help="Id of a memory that says the claim; may be given several times.")
@click.option("--scope", default="chat", show_default=True, help="The collection of the claim.")
@_JSON
@clear_errors
def reflect(claim: str | None, evidence: tuple[str, ...], scope: str, as_json: bool) -> None:
    """Reflect now: count trades, regimes and talk, confirm facts, judge a claim. Says what was kept, and what was refused and why."""
    if claim is None and evidence:
        raise click.UsageError("--evidence belongs to --claim TEXT.")
    claims = [{"text": claim, "evidence": list(evidence)}] if claim is not None else []
    found: Any = cio("POST", "/reflections", {"scope": scope, "claims": claims})
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for run in found["runs"]:
        whose = "your own memories" if run["private"] else "the desk"
        click.echo(
            f"Reflected on {whose}: {run['considered']:,} new memories, {run['kept']} claims kept, {run['rejected']} refused,"
            f" {run['unchanged']} held already."
        )
    for row in [*found["kept"], *found["rejected"]]:
        click.echo("\n".join(_claim_lines(row)))


@click.command()
@click.option(
    "--state",
    type=click.Choice(["held", "rejected", "expired", "all"]),
    default="held",
    show_default=True,
    help="Which of them.",
)
@click.option(
    "--about",
    type=click.Choice(["all", "moments", "claims"]),
    default="claims",
    show_default=True,
    help="Claims, or what followed market moments.",
)
@_SCOPE
@_LIMIT
@_JSON
@clear_errors
def reflections(state: str, about: str, scope: str | None, limit: int, as_json: bool) -> None:
    """What CIO concluded, with evidence, confidence and expiry; with --state rejected what it refused and why."""
    asked = {"state": state, "about": about, "limit": limit} | ({"scope": scope} if scope else {})
    found: Any = cio("GET", f"/reflections?{urlencode(asked)}")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    if not found["items"]:
        click.echo("Nothing of that. `qbtc memory reflect` reflects now.")
    for row in found["items"]:
        click.echo("\n".join(_claim_lines(row)))


def _claim_lines(row: dict[str, Any]) -> list[str]:
    parts = f" ({', '.join(row['parts'])})" if row["parts"] else ""
    until = f", held until {row['expires_at'][:10]}" if row["expires_at"] and not row["rejected"] else ""
    evidence = ", ".join(row["evidence"][:5]) + (
        f" and {len(row['evidence']) - 5} more" if len(row["evidence"]) > 5 else ""
    )
    return [
        f"{'x ' if row['rejected'] else '  '}{row['text_en']}",
        *([f"    refused: {row['rejected']}{parts}"] if row["rejected"] else []),
        f"    {row['rule']}, n {row['sample']}, confidence {row['confidence']:.2f}, scope {row['scope']}{until}",
        *([f"    on {evidence}"] if evidence else []),
    ]


@click.command("export")
@click.argument("path", metavar="FILE.jsonl", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option("--scope", required=True, help="The collection to write.")
@_JSON
@clear_errors
def export(path: Path, scope: str, as_json: bool) -> None:
    """Write all of a scope to a file: memories word for word, each with the statements that its facts rest on."""
    from .memory_files import export_file

    done = export_file(path, scope)
    click.echo(
        json.dumps(done)
        if as_json
        else f"{done['memories']:,} memories and {done['statements']:,} statements are in {path}"
    )


@click.command("restore")
@click.argument("path", metavar="FILE.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scope", required=True, help="The collection it goes to.")
@_JSON
@clear_errors
def restore(path: Path, scope: str, as_json: bool) -> None:
    """Keep what `export` wrote, with its facts in both times. Doing it again changes nothing.

    A statement that the text of its memory does not say is refused, with everything in its portion of 500 lines.
    """
    from .memory_files import restore_file

    done = restore_file(path, scope)
    click.echo(
        json.dumps(done)
        if as_json
        else f"{done['kept']:,} kept, {done['present']:,} were there, {done['statements']:,} statements"
    )
