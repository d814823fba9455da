"""What narrows a search of `qbtc memory`, and what is said before its hits."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

KINDS = ("note", "chat", "market", "trade", "tool", "document")
_OPTIONS = (
    click.option("--author", "authors", multiple=True, help="Only what this person said; several may be given."),
    click.option("--session", "sessions", multiple=True, help="Only of this conversation; several may be given."),
    click.option(
        "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only of this kind; several may be given."
    ),
    click.option(
        "--metadata", multiple=True, metavar="NAME=VALUE", help="Only with this entry; VALUE is JSON or a text."
    ),
    click.option("--since", help='Only what happened then or later: RFC 3339 or "8 May, 2023".'),
    click.option("--until", help="Only what happened before then."),
    click.option("--known-at", help="As of then: what was kept by then and not superseded yet."),
    click.option("--asked-at", help='From when "last Tuesday" is counted; default now, or the end of an archive.'),
)


def filter_options(command: F) -> F:
    """The options that `filters_of` reads."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def filters_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields `filters`, `kinds` and `asked_at` of a query, without those that say nothing. Raises click.UsageError."""
    filters = {
        "authors": list(given["authors"]),
        "sessions": list(given["sessions"]),
        "metadata": dict(_entry(text) for text in given["metadata"]),
        **{name: _time(name, given[name]) for name in ("since", "until", "known_at")},
    }
    asked = {
        "filters": {name: value for name, value in filters.items() if value},
        "kinds": list(given["kinds"]),
        "asked_at": _time("asked_at", given["asked_at"]),
    }
    return {name: value for name, value in asked.items() if value}


def before_hits(answer: Mapping[str, Any]) -> Iterator[str]:
    """Whether the hits hold the answer, which time counted, what was left out."""
    if (named := answer.get("named_time")) is not None:
        start, end = (None if at is None else at[:19] for at in (named["start"], named["end"]))
        until = f"until before {end}" if end else "on"
        yield f'"{named["text"]}" is {f"from {start} {until}" if start else until}.'
    if answer.get("foreign_model"):
        yield f"Vectors of {answer['foreign_model']} were left out; `qbtc memory reindex` makes them anew."
    if answer.get("erased_since"):
        yield f"{answer['erased_since']:,} memories of then were erased since."
    if not answer["hits"]:
        yield "I don't have that: nothing in memory speaks to it."
    elif answer["abstained"]:
        said = f"probability {answer['probability']:.2f}, under {answer['threshold']:.2f}"
        yield f"I don't have that (the answer is here with {said}). The nearest:"
    elif answer.get("probability") is not None:
        yield f"The answer is here with probability {answer['probability']:.2f}:"


def _entry(text: str) -> tuple[str, Any]:
    name, found, value = text.partition("=")
    if not found or not name.strip():
        raise click.UsageError(f"--metadata: {text!r} is not NAME=VALUE, for example page=3.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _time(name: str, text: str | None) -> str | None:
    from qbtc.core.language.written_time import written_time

    try:
        return written_time(text).isoformat() if text else None
    except ValueError as error:
        raise click.UsageError(f"--{name.replace('_', '-')}: {error}") from None
