"""`qbtc bus`: what waits in the queues, which messages were given up, and giving them another chance."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

import click

from .common import clear_errors
from .db import admin_dsn

if TYPE_CHECKING:
    from qbtc.kit.bus import Bus, DeadLetter

T = TypeVar("T")
MANY = 100_000


@click.group()
def bus() -> None:
    """The event bus: queues and dead letters. Needs a running bus (`qbtc up`, or QBTC_BUS_URL)."""


@bus.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@clear_errors
def queues(as_json: bool) -> None:
    """How many messages wait, are being handled, and were given up, by queue."""
    found = _with_bus(lambda opened: opened.depths())
    if as_json:
        click.echo(json.dumps({n: _plain(d) for n, d in found.items()}))
        return
    click.echo(f"{'queue':20} {'ready':>8} {'in flight':>10} {'dead':>6} {'oldest':>10}")
    for name, depth in found.items():
        oldest = "" if depth.oldest_seconds is None else f"{depth.oldest_seconds:.1f} s"
        flight = "?" if depth.in_flight is None else str(depth.in_flight)
        click.echo(f"{name:20} {depth.ready:8} {flight:>10} {depth.dead:6} {oldest:>10}")


@bus.group("dead-letters")
def dead_letters() -> None:
    """Messages that were given up after their last attempt, or that a service rejected."""


@dead_letters.command("list")
@click.option("--queue", help="Only those of this queue.")
@click.option("--limit", type=click.IntRange(1, MANY), default=100, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array, with the messages themselves.")
@clear_errors
def list_letters(queue: str | None, limit: int, as_json: bool) -> None:
    """Show dead letters, oldest first."""
    _known(queue)
    found = _with_bus(lambda opened: opened.dead_letters(queue, limit))
    if as_json:
        click.echo(json.dumps([_letter(d) for d in found]))
        return
    for letter in found:
        when = f"{letter.last_at:%Y-%m-%d %H:%M:%S}"
        click.echo(f"{letter.id:12} {letter.queue:18} {letter.key:24} {letter.attempts:2} x  {when}  {letter.reason}")
    if not found:
        click.echo("No dead letters.")


@dead_letters.command()
@click.argument("ids", nargs=-1)
@click.option("--queue", help="With --all: only those of this queue.")
@click.option("--all", "every", is_flag=True, help="Instead of IDS: all of them.")
@clear_errors
def replay(ids: tuple[str, ...], queue: str | None, every: bool) -> None:
    """Put the dead letters IDS (see `list`) back into their queues, with all their attempts."""
    if bool(ids) == every or (queue and not every):
        raise click.UsageError("Give either IDS or --all; --queue belongs to --all.")
    _known(queue)

    async def work(opened: Bus) -> int:
        wanted = [d.id for d in await opened.dead_letters(queue, MANY)] if every else list(ids)
        return await opened.replay(wanted) if wanted else 0

    count = _with_bus(work)
    click.echo(f"{count} put back.")
    if ids and count < len(ids):
        click.echo(f"{len(ids) - count} not found: replayed already, or never there.", err=True)
        raise SystemExit(1)


def _with_bus(work: Callable[[Bus], Awaitable[T]]) -> T:
    from qbtc.kit.bus import open_bus

    async def run() -> T:
        opened = open_bus(os.environ.get("QBTC_BUS_URL") or admin_dsn(), service="cli")
        try:
            await opened.start()
            return await work(opened)
        finally:
            await opened.close()

    return asyncio.run(run())


def _known(queue: str | None) -> None:
    from qbtc.contracts import QUEUES

    if queue is not None and queue not in QUEUES:
        raise click.BadParameter(f"unknown queue {queue!r}. Allowed: {', '.join(sorted(QUEUES))}", param_hint="--queue")


def _plain(depth: object) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(depth)  # type: ignore[call-overload, no-any-return]


def _letter(letter: DeadLetter) -> dict[str, object]:
    return {
        "id": letter.id, "queue": letter.queue, "key": letter.key, "reason": letter.reason, "attempts": letter.attempts,
        "first_at": letter.first_at.isoformat(), "last_at": letter.last_at.isoformat(),
        "envelope": letter.envelope.model_dump(mode="json", exclude_none=True) if letter.envelope else None,
        "raw": None if letter.envelope else letter.raw.decode("utf-8", "replace"),
    }  # fmt: skip
