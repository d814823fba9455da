"""What the verbs of `qbtc data` share: options, a progress bar, and errors in a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from .common import clear_errors, fail

P = ParamSpec("P")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
replace = click.option("--replace", is_flag=True, help="Replace what is there under that name.")
file = click.Path(path_type=Path, dir_okay=False)
folder = click.Path(path_type=Path, file_okay=False)


def clear(function: Callable[P, None]) -> Callable[P, None]:
    """As `clear_errors`, and a disk that is full or a file that may not be read is told in a sentence too."""

    @wraps(function)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            clear_errors(function)(*args, **kwargs)
        except OSError as error:
            fail(str(error))
            raise SystemExit(1) from None

    return wrapped


@contextmanager
def progress(total: int, what: str, *, bytes_: bool = True) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, of bytes or of plain counts; nothing elsewhere."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda done: None
        return
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    counts = (DownloadColumn(), TransferSpeedColumn()) if bytes_ else (MofNCompleteColumn(),)
    columns = (TextColumn("{task.description}"), BarColumn(), *counts, TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(what, total=total or None)
        yield lambda done: shown.advance(task, done)
