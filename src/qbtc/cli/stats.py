"""`qbtc stats`: a method of QCS on the columns of a CSV file, in this process; nothing has to run."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .common import clear_errors, fail, one_thread

if TYPE_CHECKING:
    from qbtc.qcs.statistics.methods import Method

LONGEST = 12
"""Numbers of a list that are shown; more are counted."""


@click.command()
@click.argument("method", required=False)
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--column", "-c", "columns", multiple=True, help="A column by name or number from 1; again for more.")
@click.option("--set", "-s", "settings", multiple=True, metavar="NAME=VALUE", help="A parameter of the method.")
@click.option("--returns", is_flag=True, help="Take the columns as prices: log returns are used.")
@click.option("--language", type=click.Choice(["en", "es"]), default="en", show_default=True, help="Of the sentence.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@clear_errors
def stats(
    method: str | None,
    file: Path | None,
    columns: tuple[str, ...],
    settings: tuple[str, ...],
    *,
    returns: bool,
    language: str,
    as_json: bool,
) -> None:
    """Apply METHOD to columns of FILE.csv. Without a method: list them; without a file: say what a method takes.

    Columns are given to the inputs of the method in order; the last input of a method for several series takes the rest.
    """
    from qbtc.qcs.statistics.methods import METHODS, compute, method_of

    if method is None:
        for known in METHODS.values():
            click.echo(f"{known.name:15} {known.title}")
        return
    chosen = method_of(method)
    if file is None:
        _describe(chosen)
        return
    one_thread()
    table = _columns(file, columns)
    if returns:
        table = {name: _log_returns(name, values) for name, values in table.items()}
    found = compute(method, _assigned(chosen, table) | dict(_parsed(settings)))
    click.echo(json.dumps(found, indent=2) if as_json else _told(found, language))


def _describe(method: Method) -> None:
    click.echo(f"{method.title}\n\ncolumns: {', '.join(method.inputs)}{' (all that are left)' if method.table else ''}")
    for name, schema in method.body.model_json_schema()["properties"].items():
        if name not in method.inputs:
            allowed = schema.get("enum") or schema.get("description") or ""
            click.echo(
                f"  --set {name}={schema.get('default')}  {', '.join(allowed) if isinstance(allowed, list) else allowed}"
            )


def _columns(file: Path, wanted: tuple[str, ...]) -> dict[str, list[float]]:
    """The chosen columns, or all that hold numbers only, by name. A first row with words above numbers is a header."""
    with file.open(newline="") as source:
        rows = [row for row in csv.reader(source) if row]
    if not rows:
        _refuse(f"{file} is empty.", "One row a period, oldest first.")
    header = _is_header(rows)
    names = rows[0] if header else [str(i) for i in range(1, len(rows[0]) + 1)]
    body = rows[header:]
    places = [_place(name, names, file) for name in wanted] or [
        i for i in range(len(names)) if body and _is_number(_cell(body[0], i))
    ]
    if not places:
        _refuse(f"{file} has no column of numbers.", f"Its columns: {', '.join(names)}.")
    return {
        names[i]: [_number(_cell(row, i), names[i], line) for line, row in enumerate(body, 1 + header)] for i in places
    }


def _is_header(rows: list[list[str]]) -> bool:
    """A first row with a word above a number; a date that stands above a date names nothing."""
    if len(rows) == 1:
        return not all(_is_number(cell) for cell in rows[0])
    return any(bool(cell.strip()) and not _is_number(cell) and _is_number(_cell(rows[1], i)) for i, cell in enumerate(rows[0]))


def _cell(row: list[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _place(name: str, names: list[str], file: Path) -> int:
    if name in names:
        return names.index(name)
    if name.isdigit() and 1 <= int(name) <= len(names):
        return int(name) - 1
    _refuse(f"{file} has no column {name!r}.", f"Its columns: {', '.join(names)}, or a number from 1 to {len(names)}.")
    raise AssertionError


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _number(cell: str, column: str, line: int) -> float:
    if not _is_number(cell):
        _refuse(f"line {line}, column {column}: {cell!r} is not a number.", "Choose columns with --column.")
    return float(cell)


def _log_returns(name: str, values: list[float]) -> list[float]:
    if not all(v > 0 for v in values):
        _refuse(
            f"column {name}: {min(values):g} is no price.",
            "Prices are positive; without --returns the numbers are used as they are.",
        )
    logs = [math.log(v) for v in values]
    return [b - a for a, b in pairwise(logs)]


def _assigned(method: Method, table: dict[str, list[float]]) -> dict[str, Any]:
    """Columns to inputs, in order."""
    names, values = list(table), list(table.values())
    single = method.inputs[:-1] if method.table else method.inputs
    if len(values) > len(single) and not method.table:
        _refuse(
            f"{method.name} takes {len(single)} column(s): {', '.join(single)}.",
            f"Choose with --column: {', '.join(names)}.",
        )
    found: dict[str, Any] = dict(zip(single, values, strict=False))
    rest = values[len(single) :]
    if method.table and rest:
        found[method.inputs[-1]] = [list(row) for row in zip(*rest, strict=True)]
    return found


def _parsed(settings: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals:
            _refuse(f"--set {setting!r} has no value.", "Write NAME=VALUE, such as errors=t.")
        try:
            yield name, json.loads(value)
        except json.JSONDecodeError:
            yield name, value


def _refuse(message: str, advice: str) -> None:
    fail(message, advice)
    raise SystemExit(1)


def _told(found: dict[str, Any], language: str) -> str:
    lines = [str(found["words_es" if language == "es" else "words"]), ""]
    lines += [f"{name:32} {value}" for name, value in _flat("", found["result"])]
    return "\n".join(lines)


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Names and shown values of what is nested."""
    if isinstance(value, dict) and "value" in value and "error" in value:
        yield prefix, _estimate(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name != "words":
                yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    else:
        yield prefix, _shown(value)


def _estimate(e: dict[str, Any]) -> str:
    spread = "" if e["error"] is None else f" +- {e['error']:.4g}"
    between = "" if e["low"] is None or e["high"] is None else f"  [{e['low']:.4g}, {e['high']:.4g}]"
    return f"{_shown(e['value'])}{spread}{between}"


def _shown(value: Any) -> str:
    if isinstance(value, list) and len(value) > LONGEST:
        return f"{len(value)} values (--json shows them)"
    if isinstance(value, list):
        return "  ".join(_shown(v) for v in value) or "none"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(v)}" for name, v in value.items())
    return "unknown" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
