"""`qbtc logs`: the JSON lines of one or all processes, for people or as they are."""

from __future__ import annotations

import heapq
import json
import os
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

import click

from .common import clear_errors, fail, the_home

POLL_SECONDS = 0.2
LEVELS = ("debug", "info", "warning", "error", "critical")
COLOURS = {"warning": "yellow", "error": "red", "critical": "red", "debug": "bright_black"}


@click.command()
@click.argument("service", required=False)
@click.option("--follow", "-f", is_flag=True, help="Go on showing new lines.")
@click.option("--lines", "-n", default=100, type=click.IntRange(0, 100_000), help="How many of the last lines (100).")
@click.option("--level", default="debug", type=click.Choice(LEVELS), help="This level and above.")
@click.option("--json", "as_json", is_flag=True, help="The lines as they are.")
@clear_errors
def logs(service: str | None, follow: bool, lines: int, level: str, as_json: bool) -> None:
    """Show the logs of SERVICE, or of everything in order of time."""
    files = _files(service)
    wanted = LEVELS[LEVELS.index(level) :]
    opened = {path: _at_end(path) for path in files} if follow else {}  # before the old lines, so that none is missed
    for line in last_lines(files, lines, wanted):
        click.echo(line if as_json else readable(line))
    with suppress(KeyboardInterrupt):  # Ctrl+C is how following ends
        for line in new_lines(opened, wanted):
            click.echo(line if as_json else readable(line))


def _at_end(path: Path) -> TextIO:
    file = path.open(errors="replace")
    file.seek(0, os.SEEK_END)
    return file


def _files(service: str | None) -> list[Path]:
    home = the_home()
    found = sorted((home / "logs").glob("*.log")) if home else []
    chosen = [path for path in found if service in (None, path.stem)]
    if not chosen:
        names = ", ".join(path.stem for path in found) or "none: nothing has run here yet"
        fail(f"There is no log of {service!r}." if service else "There are no logs.", f"There are: {names}.")
        raise SystemExit(1)
    return chosen


def last_lines(files: list[Path], count: int, levels: tuple[str, ...]) -> list[str]:
    """The last `count` lines of those levels over all files, in order of time."""
    tails = [deque((pair for pair in _stamped(path) if pair[1] in levels), maxlen=count) for path in files]
    merged = heapq.merge(*tails, key=lambda pair: pair[0])
    return [line for _, _, line in deque(merged, maxlen=count)]


def _stamped(path: Path) -> Iterator[tuple[str, str, str]]:
    with path.open(errors="replace") as file:
        for line in file:
            yield _stamp(line)


def _stamp(line: str) -> tuple[str, str, str]:
    """(timestamp, level, line)."""
    try:
        found = json.loads(line)
        return found["timestamp"], found["level"], line.rstrip("\n")
    except (ValueError, KeyError, TypeError):
        return "", "info", line.rstrip("\n")


def new_lines(opened: dict[Path, TextIO], levels: tuple[str, ...]) -> Iterator[str]:
    """Lines as they are written, across rotations; with anything to follow it ends only by Ctrl+C."""
    while opened:
        quiet = True
        for path, file in opened.items():
            for line in file:
                quiet = False
                if _stamp(line)[1] in levels:
                    yield line.rstrip("\n")
            if path.exists() and os.fstat(file.fileno()).st_ino != path.stat().st_ino:
                file.close()
                opened[path] = path.open(errors="replace")
        if quiet:
            time.sleep(POLL_SECONDS)


def readable(line: str) -> str:
    """A JSON log line for people."""
    try:
        found = json.loads(line)
        when, level = found["timestamp"][11:23], found["level"]
        context = " ".join(f"{key}={value}" for key, value in found["context"].items())
        text = f"{when} {found['service']:<10} {level:<8} {found['message']}  {click.style(context, dim=True)}"
    except (ValueError, KeyError, TypeError, AttributeError):
        return line
    return click.style(text.rstrip(), fg=COLOURS.get(level))
