"""`qbtc memory`: keep, find, show, import and forget memories of CIO, on this installation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import click

from . import memory_derived as derived
from .common import clear_errors, home_path
from .engine_http import call
from .memory_filters import before_hits, filter_options, filters_of
from .memory_market import like_now
from .memory_mind import COMMANDS
from .memory_reindex import reindex

_SECONDS = 120.0
_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
_SCOPE = click.option("--scope", help="A named collection; `desk` and `market` are shared, any other is your own.")


@click.group()
def memory() -> None:
    """The long memory: texts word for word, found again by words and meaning.

    What you keep here belongs to the user `cli`, except in the scopes `desk` and `market`.
    """


memory.add_command(like_now)
memory.add_command(reindex)


@memory.command()
@click.argument("text")
@click.option("--scope", default="desk", show_default=True, help="The collection it goes to.")
@click.option("--session", help="The conversation it belongs to.")
@click.option("--time", "when", help='When it happened: RFC 3339 or "1:56 pm on 8 May, 2023"; default now.')
@click.option("--supersedes", metavar="ID", help="The memory whose place it takes; that one is found only as of an earlier time.")
@clear_errors
def add(text: str, scope: str, session: str | None, when: str | None, supersedes: str | None) -> None:
    """Keep TEXT word for word and print its id."""
    body = _known(text=text, scope=scope, session=session, happened_at=_time(when), supersedes=supersedes)
    kept: Any = _cio("POST", "/memories", body)
    click.echo(kept["memory_id"])


@memory.command()
@click.argument("query", required=False)
@click.option("--queries", type=click.Path(exists=True, dir_okay=False, path_type=Path), help='Many at once: a file with {"qid", "query"} a line.')
@_SCOPE
@click.option("-k", "--k", "k", type=click.IntRange(1, 100), default=10, show_default=True, help="How many for each query.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="With --queries: first wait for vectors that are still being made.")
@filter_options
@_JSON
@clear_errors
def search(query: str | None, queries: Path | None, scope: str | None, k: int, wait: bool, as_json: bool, **filters: Any) -> None:
    """Find what speaks to QUERY, or to each query of a file, best first, with the score of each leg.

    A time in the query ("last Tuesday", "en mayo de 2023") counts. It says "I don't have that" where the hits hardly hold the answer.
    """
    if (query is None) == (queries is None):
        raise click.UsageError("Give either a query or --queries FILE.")
    narrowed = filters_of(filters)
    if query is not None:
        _show_hits(_cio("POST", "/search", _known(text=query, scope=scope, limit=k, **narrowed)), as_json)
        return
    if "kinds" in narrowed:
        raise click.UsageError("--kind goes with one query, not with --queries.")
    from .memory_files import search_all

    assert queries is not None
    answer = search_all(queries, scope, k=k, wait=wait, narrowed=narrowed)
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for qid, found in answer["results"].items():
        doubt = "I don't have that; nearest: " if answer["judged"][qid]["abstained"] and found else ""
        click.echo(f"{qid}: {doubt}" + (", ".join(f"{hit['id']} ({hit['score']:.2f})" for hit in found) or "nothing"))


@memory.command()
@click.argument("memory_id", metavar="ID")
@click.option("--scope", help="Then ID is the one that it was imported with.")
@_JSON
@clear_errors
def show(memory_id: str, scope: str | None, as_json: bool) -> None:
    """Show one memory: text, who, when, where."""
    shown: Any = _cio("GET", _path(memory_id, scope))
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    from .memory_view import lines

    click.echo("\n".join(lines(shown)))


@memory.command()
@click.argument("memory_id", metavar="ID", required=False)
@click.option("--scope", help="Forget everything in this scope, or with ID the one memory imported as ID.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@clear_errors
def forget(memory_id: str | None, scope: str | None, yes: bool) -> None:
    """Erase a memory, or all of a scope: text, vectors, features, what rests on them, caches. There is no undo."""
    if memory_id is None and not (scope and scope.strip()):
        raise click.UsageError("Say what: an ID, or --scope NAME for everything in it.")
    if not yes:
        click.confirm(f"Erase {memory_id or f'everything in {scope}'}?", abort=True)
    if memory_id is None:
        done: Any = _cio("DELETE", f"/scopes/{quote(str(scope), safe='')}")
        click.echo(f"{done['erased']:,} memories are gone.")
        return
    shown: Any = _cio("GET", _path(memory_id, scope))
    _cio("DELETE", f"/memories/{shown['memory_id']}")
    click.echo("1 memory is gone.")


@memory.command()
@_SCOPE
@_JSON
@clear_errors
def stats(scope: str | None, as_json: bool) -> None:
    """How many memories there are, and what is still being worked on."""
    found: Any = _cio("GET", f"/scopes/{quote(scope, safe='')}" if scope else "/status")
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False))
        return
    for name, value in found.items():
        click.echo(f"{name.replace('_', ' '):<20} {json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else value}")


@memory.command("import")
@click.argument("path", metavar="FILE.jsonl", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scope", required=True, help="The collection it goes to; ids are unique in it.")
@_JSON
@clear_errors
def bring(path: Path, scope: str, as_json: bool) -> None:
    """Keep every line of a file: {"id", "text", "author", "time", "session"}; id and text are needed.

    `time` is RFC 3339 or a date in words. The whole file is read first: one bad line is refused with its number and
    nothing is kept. Importing it again changes nothing. Vectors follow in the background.
    """
    from .memory_files import import_file

    done = import_file(path, scope)
    click.echo(json.dumps(done) if as_json else f"{done['kept']:,} kept, {done['present']:,} were there, in {done['seconds']:.2f} s")


@memory.command()
@click.option("--user", default="cli", show_default=True, help="Whose memories it sees and keeps; scopes `desk` and `market` are everyone's.")
@clear_errors
def mcp(user: str) -> None:
    """Be a server of the Model Context Protocol on standard input and output, for clients that start a program.

    Clients that speak HTTP use /api/cio/mcp at the gateway with a token of `qbtc token` instead. The guide has a configuration for both.
    """
    from mcp.shared.exceptions import MCPError

    from qbtc.engines.base import EngineError

    from .memory_mcp import serve

    try:
        serve(home_path(), user)
    except MCPError as error:
        raise EngineError(error.message) from None
    except OSError as error:
        raise EngineError(f"No signing key in {home_path()}: {error.strerror}.", "Is QBTC_HOME right?") from None


def _cio(method: str, path: str, body: object = None) -> object:
    return call(method, path, body, seconds=_SECONDS, service="cio")


for derived_command in (derived.facts, derived.reflect, derived.reflections, derived.export, derived.restore):
    memory.add_command(derived_command)


def _path(memory_id: str, scope: str | None) -> str:
    if not memory_id.strip():
        raise click.UsageError("ID is blank; `qbtc memory search` shows the ids.")
    return f"/memories/{quote(memory_id, safe='')}" + (f"?{urlencode({'scope': scope})}" if scope else "")


def _known(**values: object) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}


def _time(text: str | None) -> str | None:
    from qbtc.core.language.written_time import written_time

    try:
        return written_time(text).isoformat() if text else None
    except ValueError as error:
        raise click.UsageError(f"--time: {error}") from None


def _show_hits(answer: Any, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for line in before_hits(answer):
        click.echo(line)
    for hit in answer["hits"]:
        legs = "  ".join(f"{name} {value:.2f}" for name, value in hit["legs"].items())
        click.echo(f"{hit['happened_at'][:19]}  {hit['score']:.2f}  ({legs})  {hit['memory_id']}\n  {hit['text']}")


for _command in COMMANDS:
    memory.add_command(_command)
