"""The rows of the self-model: beliefs, outcomes with what was said before them, positions, versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from psycopg.types.json import Jsonb

from qbtc.kit.store.pool import Connection

from ..domain.selfmodel import Belief, Outcome, Rule, SelfModel
from ..domain.trips import Position
from ..domain.versions import History, Version

KEPT_DAYS = 90
Subject = Literal["self", "recall"]
Entries = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Held:
    """The self-model as it is, and how many outcomes it has learned since its last version."""

    model: SelfModel
    unversioned: int


async def model(conn: Connection, rule: Rule, *, lock: bool = False) -> Held:
    """The beliefs now; none before the first outcome. With `lock` nobody else changes them until the transaction ends."""
    if lock:
        await conn.execute("INSERT INTO self_model (beliefs) VALUES ('{}') ON CONFLICT DO NOTHING")
    cursor = await conn.execute("SELECT beliefs, unversioned FROM self_model" + (" FOR UPDATE" if lock else ""))
    row = await cursor.fetchone()
    return Held(SelfModel(rule, beliefs(row["beliefs"])), row["unversioned"]) if row else Held(SelfModel(rule), 0)


async def put_model(conn: Connection, held: Held) -> None:
    await conn.execute(
        "UPDATE self_model SET beliefs = %s, unversioned = %s", (Jsonb(entries(held.model.beliefs)), held.unversioned)
    )


def beliefs(rows: Mapping[str, Sequence[float]]) -> dict[str, Belief]:
    return {key: Belief(float(s), float(f), int(at)) for key, (s, f, at) in rows.items()}


def entries(known: Mapping[str, Belief]) -> dict[str, list[float]]:
    return {key: [one.successes, one.failures, one.at] for key, one in known.items()}


async def add_outcome(conn: Connection, outcome: Outcome, said: float) -> None:
    """With the probability that was stated before it."""
    await conn.execute(
        "INSERT INTO self_outcomes (capability, context, succeeded, at, said) VALUES (%s, %s, %s, %s, %s)",
        (outcome.capability, outcome.context, outcome.succeeded, outcome.at, said),
    )


async def forecasts(conn: Connection, *, limit: int) -> tuple[list[float], list[bool]]:
    """What was said before each of the newest outcomes, oldest first, and what came."""
    cursor = await conn.execute("SELECT said, succeeded FROM self_outcomes ORDER BY place DESC LIMIT %s", (limit,))
    rows = list(reversed(await cursor.fetchall()))
    return [row["said"] for row in rows], [row["succeeded"] for row in rows]


async def drop_old(conn: Connection, before: int) -> None:
    """Outcomes before this time (UTC ns) go; what they taught stays."""
    await conn.execute("DELETE FROM self_outcomes WHERE at < %s", (before,))


async def position(conn: Connection, venue: str, strategy: str, symbol: str) -> Position:
    cursor = await conn.execute(
        "SELECT quantity, price, fees FROM self_positions WHERE venue = %s AND strategy = %s AND symbol = %s FOR UPDATE",
        (venue, strategy, symbol),
    )
    row = await cursor.fetchone()
    return Position(row["quantity"], row["price"], row["fees"]) if row else Position()


async def put_position(conn: Connection, venue: str, strategy: str, symbol: str, held: Position) -> None:
    """A closed position leaves no row."""
    key = (venue, strategy, symbol)
    if not held.quantity:
        await conn.execute("DELETE FROM self_positions WHERE venue = %s AND strategy = %s AND symbol = %s", key)
        return
    await conn.execute(
        "INSERT INTO self_positions (venue, strategy, symbol, quantity, price, fees) VALUES (%s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (venue, strategy, symbol) DO UPDATE SET quantity = EXCLUDED.quantity, price = EXCLUDED.price,"
        " fees = EXCLUDED.fees",
        (*key, held.quantity, held.price, held.fees),
    )


async def regime(conn: Connection, symbol: str) -> str:
    """Of the symbol's newest kept moment; `unknown` before the first."""
    cursor = await conn.execute(
        "SELECT regime FROM moments WHERE symbol = %s ORDER BY bar_end DESC LIMIT 1", (symbol,)
    )
    row = await cursor.fetchone()
    return str(row["regime"]) if row else "unknown"


async def history(conn: Connection, subject: Subject) -> History[object] | None:
    """All versions of a table, their entries as they are stored; None before the first."""
    cursor = await conn.execute(
        "SELECT number, parent, source, at, reason, entries FROM versions WHERE subject = %s ORDER BY number", (subject,)
    )
    rows = await cursor.fetchall()
    if not rows:
        return None
    return History(tuple(Version(r["number"], r["parent"], r["source"], r["at"], r["reason"], r["entries"]) for r in rows))


async def add_version(conn: Connection, subject: Subject, version: Version[object]) -> None:
    await conn.execute(
        "INSERT INTO versions (subject, number, parent, source, at, reason, entries) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (subject, version.number, version.parent, version.source, version.at, version.reason, Jsonb(dict(version.values))),
    )
