"""Whole files of memories and questions for `qbtc memory`: every line is checked before the first one is sent."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from qbtc.core.language.written_time import written_time
from qbtc.engines.base import EngineError

from .engine_http import call

PORTION, QUESTIONS, PAGE = 1000, 100, 500
MOST_BYTES = 2_000_000
"""Of a portion: CIO takes no body over 4 MB."""
NEEDED = {"memory": ("id", "text"), "query": ("qid", "query")}
KNOWN = {"memory": ("id", "text", "author", "time", "session"), "query": ("qid", "query")}
SECONDS, WAIT = 300.0, 3600.0
Item = dict[str, Any]


def import_file(path: Path, scope: str) -> Item:
    """Keep all lines of a file. Raises EngineError with the line that cannot be kept, before any is."""
    items = [_timed(item, number) for number, item in read(path, "memory")]
    started, done = time.perf_counter(), {"kept": 0, "present": 0}
    for portion in portions(items):
        answer: Any = _cio("POST", "/memories/import", {"scope": scope, "items": portion})
        done = {key: done[key] + answer[key] for key in done}
        _progress(f"{sum(done.values()):,} of {len(items):,}")
    return {**done, "seconds": round(time.perf_counter() - started, 3)}


def export_file(path: Path, scope: str) -> Item:
    """Write all of a scope, a memory a line with what was read from it, in the order in which it was kept."""
    done, after = {"memories": 0, "statements": 0}, 0
    with path.open("w", encoding="utf-8") as file:
        while after is not None:
            page: Any = _cio("GET", f"/scopes/{quote(scope, safe='')}/export?after={after}")
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in page["items"])
            done["memories"] += len(page["items"])
            done["statements"] += sum(len(line["statements"]) for line in page["items"])
            after = page["after"]
            _progress(f"{done['memories']:,} memories")
    return done


def restore_file(path: Path, scope: str) -> Item:
    """Keep all lines of an export with what was read from them. Raises EngineError with the line that cannot be kept."""
    lines = [_object(line, number) for number, line in enumerate(_text(path).split("\n"), start=1) if line.strip()]
    done = {"kept": 0, "present": 0, "statements": 0}
    for portion in portions(lines, most=PAGE):
        answer: Any = _cio("POST", "/scopes/import", {"scope": scope, "items": portion})
        done = {key: done[key] + answer[key] for key in done}
        _progress(f"{done['kept'] + done['present']:,} of {len(lines):,}")
    return done


def _object(line: str, number: int) -> Item:
    try:
        item = json.loads(line)
    except json.JSONDecodeError as error:
        raise _bad(number, f"not JSON: {error.msg} at column {error.colno}", "a line that `qbtc memory export` wrote") from None
    if not isinstance(item, dict):
        raise _bad(number, f"a {type(item).__name__}, not an object", "a line that `qbtc memory export` wrote")
    return item


def search_all(path: Path, scope: str | None, *, k: int, wait: bool, narrowed: Item) -> Item:
    """`results`: what each query of a file finds, by its qid; `judged`: whether that holds the answer, and the `threshold`."""
    asked = [item for _, item in read(path, "query")]
    if wait:
        _settled(scope)
    found: Item = {"results": {}, "judged": {}, "threshold": None}
    for start in range(0, len(asked), QUESTIONS):
        body = {"limit": k, "queries": asked[start : start + QUESTIONS]} | ({"scope": scope} if scope else {}) | narrowed
        answer: Any = _cio("POST", "/recall/batch", body)
        for part in ("results", "judged"):
            found[part] |= answer[part]
        found["threshold"] = answer["threshold"]
        _progress(f"{len(found['results']):,} of {len(asked):,} queries")
    return found


def read(path: Path, what: str) -> Iterator[tuple[int, Item]]:
    """(line number, object) of every line that is not blank. Raises EngineError for the first that is not as it must be."""
    seen: dict[str, int] = {}
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if line.strip():
            item = _checked(line, what, number)
            key = item[NEEDED[what][0]]
            if key in seen:
                raise _bad(number, f"{NEEDED[what][0]} {key!r} is on line {seen[key]} already", "each once")
            seen[key] = number
            yield number, item


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise EngineError(f"{path} is not UTF-8: {error.reason} at byte {error.start}.", "Save it as UTF-8.") from None


def portions(items: Sequence[Item], most: int = PORTION) -> Iterator[list[Item]]:
    """In order, at most `most` items and about `MOST_BYTES` each."""
    portion, size = list[Item](), 0
    for item in items:
        length = len(json.dumps(item))
        if portion and (len(portion) == most or size + length > MOST_BYTES):
            yield portion
            portion, size = [], 0
        portion.append(item)
        size += length
    if portion:
        yield portion


def _checked(line: str, what: str, number: int) -> Item:
    allowed = f"one JSON object a line with {', '.join(KNOWN[what])}"
    try:
        item = json.loads(line)
    except json.JSONDecodeError as error:
        raise _bad(number, f"not JSON: {error.msg} at column {error.colno}", allowed) from None
    if not isinstance(item, dict):
        raise _bad(number, f"a {type(item).__name__}, not an object", allowed)
    if unknown := item.keys() - set(KNOWN[what]):
        raise _bad(number, f"unknown field {min(unknown)!r}", allowed)
    for name in KNOWN[what]:
        value = item.get(name)
        if not (isinstance(value, str) and value.strip()) and (name in NEEDED[what] or value is not None):
            raise _bad(number, f"{name} is {json.dumps(value, ensure_ascii=False)[:60]}", "a text that is not blank")
    return {name: value for name, value in item.items() if value is not None}


def _timed(item: Item, number: int) -> Item:
    if "time" not in item:
        return item
    try:
        return item | {"time": written_time(item["time"]).isoformat()}
    except ValueError as error:
        reason, _, allowed = str(error).partition("; allowed: ")
        raise _bad(number, reason, allowed) from None


def _bad(number: int, reason: str, allowed: str) -> EngineError:
    return EngineError(f"Line {number}: {reason}.", f"Allowed: {allowed}. Nothing was sent.")


def _settled(scope: str | None) -> None:
    """Wait until every memory of a scope, or of all that are searched, has its vector. Raises EngineError after an hour."""
    deadline = time.monotonic() + WAIT
    while left := _pending(scope):
        if time.monotonic() > deadline:
            raise EngineError(f"{left:,} vectors are not made after an hour.", "--no-wait searches with those that are.")
        _progress(f"{left:,} vectors are still being made (--no-wait does not wait)")
        time.sleep(1.0)


def _pending(scope: str | None) -> int:
    found: Any = _cio("GET", f"/scopes/{quote(scope, safe='')}" if scope else "/status")
    return int(found["pending_embeddings"])


def _cio(method: str, path: str, body: object = None) -> object:
    return call(method, path, body, seconds=SECONDS, service="cio")


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{text}   ", nl=False, err=True)
