"""What is derived from memories: `qbtc memory facts`."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import click

from .common import clear_errors
from .engine_http import call

_SECONDS = 120.0
_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
_SCOPE = click.option("--scope", help="Only of this collection.")


@click.command()
@click.argument("text", required=False)
@_SCOPE
@click.option("--subject", help="Only about this subject, for example a person.")
@click.option("--at", "valid_at", help='Only what held then: RFC 3339 or "8 May, 2023".')
@click.option("--known", "known_at", help="What was believed then instead of now; times as for --at.")
@click.option("--history", is_flag=True, help="Also what is no longer believed.")
@click.option(
    "-k",
    "--limit",
    type=click.IntRange(1, 500),
    default=50,
    show_default=True,
    help="How many at most, the newest first.",
)
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
