"""The start-up report: a live table on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

import click

from qbtc.engines.supervisor import Event

if TYPE_CHECKING:
    from rich.status import Status


class Report(Protocol):
    """Takes the supervisor's events; a context manager."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def add(self, event: Event) -> None: ...

    def close(self) -> None: ...


def report() -> Report:
    return Table() if sys.stdout.isatty() else Lines()


def engine_line(event: Event) -> tuple[str, str, str, str]:
    return event["name"], event["version"], "embedded" if event["embedded"] else "given", event["detail"]


def progress(event: Event) -> str:
    """What is happening, in a few words; "" for events that say nothing new."""
    if event["event"] == "engine":
        return f"{event['name']} {event['version']} is ready"
    if event["event"] == "service":
        return f"{event['name']} is ready"
    return str(event.get("text", ""))


class Lines:
    """One line an event, for pipes and logs."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, event: Event) -> None:
        if event["event"] == "engine":
            click.echo("engine   {:<9} {:<8} {:<9} {}".format(*engine_line(event)))
        elif event["event"] == "service":
            click.echo(f"service  {event['name']:<9} ready    http://127.0.0.1:{event['port']}")
        elif text := progress(event):
            click.echo(text)

    def close(self) -> None:
        """Nothing is open."""


class Table:
    """A spinner while it starts, then one table."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, str, str, str]] = []
        self._status: Status | None = None

    def __enter__(self) -> Self:
        from rich.status import Status

        self._status = Status("starting the engines ...")
        self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def add(self, event: Event) -> None:
        if event["event"] == "engine":
            self._rows.append(engine_line(event))
        elif event["event"] == "service":
            self._rows.append((event["name"], "", "service", f"http://127.0.0.1:{event['port']}"))
        if self._status is not None and (text := progress(event)):
            self._status.update(f"{text} ...")

    def close(self) -> None:
        if self._status is None:
            return
        self._status.stop()
        self._status = None
        if self._rows:
            self._print()

    def _print(self) -> None:
        from rich.console import Console
        from rich.table import Table as RichTable

        table = RichTable("", "version", "kind", "where", box=None, header_style="dim")
        for row in self._rows:
            table.add_row(*row)
        Console().print(table)
