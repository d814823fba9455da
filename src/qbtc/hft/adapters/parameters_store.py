"""The tables of proposed parameters and their schedules, each for one venue. No rules here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from qbtc.kit.store.pool import Connection, Store

from ..domain.proposals import Made, Status, Watch

KEEP = "400 days"
Json = dict[str, Any]
OPEN = (Status.PROPOSED, Status.WATCHED, Status.ROLLING_BACK)


@dataclass(frozen=True)
class Kept:
    """A row of `parameter_proposals`; `body` is the worker's result with what was asked."""

    id: str
    strategy: str
    symbol: str
    status: Status
    body: Json
    created_at: datetime
    expires_at: datetime
    decided_at: datetime | None = None
    decided_by: str | None = None
    watch: Watch | None = None
    evidence: Json | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Schedule:
    strategy: str
    every_seconds: int
    asked: Json
    next_at: datetime
    last_run: str | None
    created_by: str


def _kept(r: Mapping[str, Any]) -> Kept:
    watch = Watch(**r["watch"]) if r["watch"] else None
    return Kept(
        r["id"], r["strategy"], r["symbol"], Status(r["status"]), r["body"], r["created_at"], r["expires_at"], r["decided_at"],
        r["decided_by"], watch, r["evidence"], r["ended_at"],
    )  # fmt: skip


async def add(conn: Connection, venue: str, run: str, status: Status, body: Mapping[str, Any], seconds: float) -> bool:
    """True if it was not there yet; it can be approved for so many seconds."""
    cursor = await conn.execute(
        "INSERT INTO parameter_proposals (venue, id, strategy, symbol, status, body, expires_at) VALUES (%s, %s, %s, %s, %s, %s,"
        " now() + make_interval(secs => %s)) ON CONFLICT DO NOTHING",
        (venue, run, body["asked"]["strategy"], body["symbol"], status, Jsonb(dict(body)), seconds),
    )
    return cursor.rowcount == 1


async def load(store: Store, venue: str, *, strategy: str | None = None, limit: int = 100) -> list[Kept]:
    """The newest first."""
    rows = await store.fetch(
        "SELECT * FROM parameter_proposals WHERE venue = %s AND (%s::text IS NULL OR strategy = %s)"
        " ORDER BY created_at DESC, id DESC LIMIT %s",
        (venue, strategy, strategy, limit),
    )
    return [_kept(row) for row in rows]


async def one(store: Store, venue: str, proposal: str) -> Kept | None:
    rows = await store.fetch("SELECT * FROM parameter_proposals WHERE venue = %s AND id = %s", (venue, proposal))
    return _kept(rows[0]) if rows else None


async def lock(conn: Connection, venue: str, proposal: str) -> tuple[Kept, bool] | None:
    """The row, locked, and whether it has expired by the database's clock."""
    cursor = await conn.execute(
        "SELECT *, expires_at <= now() AS late FROM parameter_proposals WHERE venue = %s AND id = %s FOR UPDATE", (venue, proposal)
    )
    row = await cursor.fetchone()
    return (_kept(row), bool(row["late"])) if row else None


async def decide(conn: Connection, venue: str, proposal: str, status: Status, user: str) -> None:
    await conn.execute(
        "UPDATE parameter_proposals SET status = %s, decided_at = now(), decided_by = %s WHERE venue = %s AND id = %s",
        (status, user, venue, proposal),
    )


async def watching(store: Store, venue: str) -> list[Kept]:
    """Those whose parameters are in force and those that are being set back."""
    rows = await store.fetch(
        "SELECT * FROM parameter_proposals WHERE venue = %s AND status = ANY(%s) ORDER BY id",
        (venue, [Status.WATCHED.value, Status.ROLLING_BACK.value]),
    )
    return [_kept(row) for row in rows]


async def watched_already(conn: Connection, venue: str, strategy: str) -> str | None:
    cursor = await conn.execute(
        "SELECT id FROM parameter_proposals WHERE venue = %s AND strategy = %s AND status = ANY(%s)",
        (venue, strategy, [Status.WATCHED.value, Status.ROLLING_BACK.value]),
    )
    row = await cursor.fetchone()
    return str(row["id"]) if row else None


async def save_watch(conn: Connection, venue: str, proposal: str, watch: Watch) -> None:
    await conn.execute(
        "UPDATE parameter_proposals SET watch = %s WHERE venue = %s AND id = %s", (Jsonb(asdict(watch)), venue, proposal)
    )


async def move(
    conn: Connection, venue: str, proposal: str, before: Sequence[Status], status: Status, evidence: Mapping[str, Any] | None = None
) -> bool:
    """To another status, if it has one of `before`; True if it had."""
    over = status not in OPEN
    cursor = await conn.execute(
        "UPDATE parameter_proposals SET status = %s, evidence = coalesce(%s, evidence), ended_at = CASE WHEN %s THEN now() END"
        " WHERE venue = %s AND id = %s AND status = ANY(%s)",
        (status, Jsonb(dict(evidence)) if evidence else None, over, venue, proposal, [each.value for each in before]),
    )
    return cursor.rowcount == 1


async def expire(store: Store, venue: str) -> None:
    await store.execute(
        "UPDATE parameter_proposals SET status = 'expired', ended_at = now() WHERE venue = %s AND status = 'proposed'"
        " AND expires_at <= now()",
        (venue,),
    )


async def purge(store: Store) -> None:
    await store.execute("DELETE FROM parameter_proposals WHERE ended_at < now() - %s::interval", (KEEP,))
    await store.execute("DELETE FROM parameter_proposals WHERE status = 'no-change' AND created_at < now() - %s::interval", (KEEP,))


async def earlier_trials(store: Store, venue: str, strategy: str, data: str, grid: str) -> float:
    """How many independent trials were made before with this strategy on the same data, over other grids than this."""
    rows = await store.fetch(
        "SELECT sum(most) AS trials FROM (SELECT max((body->>'own_trials')::float) AS most FROM parameter_proposals WHERE venue = %s"
        " AND strategy = %s AND body->'data'->>'digest' = %s AND body->'asked'->>'grid_digest' <> %s"
        " GROUP BY body->'asked'->>'grid_digest') AS each_grid",
        (venue, strategy, data, grid),
    )
    return float(rows[0]["trials"] or 0.0)


SUMS = """
    count(*) AS count,
    coalesce(sum(CASE side WHEN 'BUY' THEN -price * quantity ELSE price * quantity END), 0) AS cash,
    coalesce(sum(CASE side WHEN 'BUY' THEN quantity ELSE -quantity END), 0) AS net,
    coalesce(sum(fee) FILTER (WHERE fee_asset = %(quote)s), 0) AS quote_fees,
    coalesce(sum(fee) FILTER (WHERE fee_asset = %(base)s), 0) AS base_fees,
    coalesce(sum(price * quantity) FILTER (WHERE fee > 0 AND fee_asset NOT IN (%(quote)s, %(base)s)), 0) AS value
"""


async def made(conn: Connection, venue: str, strategy: str, symbol: str, pair: tuple[str, str], since: str | None) -> Made:
    """Sums over stored executions since a moment of the database (None: all); `pair` is (base, quote)."""
    cursor = await conn.execute(
        f"SELECT {SUMS} FROM fills WHERE venue = %(venue)s AND strategy = %(strategy)s AND symbol = %(symbol)s"
        " AND (%(since)s::timestamptz IS NULL OR stored_at > %(since)s::timestamptz)",
        {"venue": venue, "strategy": strategy, "symbol": symbol, "base": pair[0], "quote": pair[1], "since": since},
    )
    row = await cursor.fetchone()
    assert row is not None  # a sum has a row
    return Made(int(row["count"]), *(row[name] for name in ("cash", "net", "quote_fees", "base_fees", "value")))


async def last_reset(conn: Connection, venue: str, after: str | None = None) -> str | None:
    """When the paper account last began anew, if that was after a moment of the database."""
    cursor = await conn.execute(
        "SELECT max(stored_at) AS at FROM paper_resets WHERE venue = %(venue)s"
        " AND (%(after)s::timestamptz IS NULL OR stored_at > %(after)s::timestamptz)",
        {"venue": venue, "after": after},
    )
    row = await cursor.fetchone()
    return str(row["at"].isoformat()) if row and row["at"] else None


async def moment(conn: Connection) -> str:
    """The database's clock, to the microsecond."""
    row = await (await conn.execute("SELECT clock_timestamp() AS now")).fetchone()
    assert row is not None
    return str(row["now"].isoformat())


async def schedules(store: Store, venue: str) -> list[Schedule]:
    rows = await store.fetch("SELECT * FROM parameter_schedules WHERE venue = %s ORDER BY strategy", (venue,))
    return [Schedule(r["strategy"], r["every_seconds"], r["asked"], r["next_at"], r["last_run"], r["created_by"]) for r in rows]


async def save_schedule(conn: Connection, venue: str, strategy: str, every: int, asked: Mapping[str, Any], user: str) -> None:
    """The first run is due at once."""
    await conn.execute(
        "INSERT INTO parameter_schedules (venue, strategy, every_seconds, asked, next_at, created_by) VALUES (%s, %s, %s, %s, now(),"
        " %s) ON CONFLICT (venue, strategy) DO UPDATE SET every_seconds = excluded.every_seconds, asked = excluded.asked,"
        " next_at = excluded.next_at, created_by = excluded.created_by",
        (venue, strategy, every, Jsonb(dict(asked)), user),
    )


async def drop_schedule(conn: Connection, venue: str, strategy: str) -> bool:
    cursor = await conn.execute("DELETE FROM parameter_schedules WHERE venue = %s AND strategy = %s", (venue, strategy))
    return cursor.rowcount == 1


async def due(store: Store, venue: str) -> list[Schedule]:
    rows = await store.fetch("SELECT * FROM parameter_schedules WHERE venue = %s AND next_at <= now() ORDER BY next_at", (venue,))
    return [Schedule(r["strategy"], r["every_seconds"], r["asked"], r["next_at"], r["last_run"], r["created_by"]) for r in rows]


async def ran(store: Store, venue: str, strategy: str, run: str | None) -> None:
    """The next run is due after the interval, however late this one was; without a `run` it is tried again in a minute."""
    await store.execute(
        "UPDATE parameter_schedules SET last_run = coalesce(%s, last_run), next_at = now() + make_interval(secs => CASE WHEN %s::text"
        " IS NULL THEN 60 ELSE every_seconds END) WHERE venue = %s AND strategy = %s",
        (run, run, venue, strategy),
    )
