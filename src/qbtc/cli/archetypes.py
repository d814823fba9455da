"""`qbtc archetypes`: how a text tells its story; no personality test."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from .common import clear_errors
from .engine_http import call

SHOWN = 4


@click.command()
@click.argument("path", metavar="FILE|-", required=False)
@click.option("--text", help="The text itself, instead of a file.")
@click.option("--language", type=click.Choice(["en", "es"]), help="Of the text; default: as it reads.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@clear_errors
def archetypes(path: str | None, text: str | None, language: str | None, as_json: bool) -> None:
    """Label a text with one of twelve narrative styles, or none: a style, no personality test.

    Weak: the first label is often wrong, so look at the probabilities; give 40 words or more.
    """
    if (path is None) == (text is None):
        raise click.UsageError("Give either FILE (or - for standard input) or --text TEXT.")
    body = {"text": text if text is not None else _read(str(path))} | ({"language": language} if language else {})
    found: Any = call("POST", "/archetypes", body, seconds=60.0, service="cio")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    click.echo(found["notice"][found["language"]])
    for name, share in sorted(found["probabilities"].items(), key=lambda row: -row[1])[:SHOWN]:
        click.echo(f"{name:<10} {share:6.1%}")
    if found["short"]:
        click.echo("The text is short; on fewer than 40 words it mostly guesses.")


def _read(path: str) -> str:
    if path == "-":
        return sys.stdin.read()
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{path} is no UTF-8 text (byte {error.start}).") from None
    except OSError as error:
        raise click.UsageError(f"{path}: {error.strerror}.") from None
