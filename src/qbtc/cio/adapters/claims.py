"""The rows of `reflections` that are claims, of `reflection_runs`, and what claims are made from. In the caller's transaction and row policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from psycopg.rows import DictRow

from qbtc.contracts.memory import Reflection
from qbtc.kit.store.pool import Connection

from ..domain.claims import Source
from ..domain.intervals import FOREVER, nanoseconds
from ..domain.occasions import Event
from ..domain.reflection import LIVE
from ..domain.trips import Fill, Kept
from .memories import is_uuid

EVENTS, FILLS, MOMENTS, TALK, FACTS = 5000, 4000, 4000, 2000, 500
_OWN = "owner IS NOT DISTINCT FROM %(owner)s"


@dataclass(frozen=True, slots=True)
class Run:
    """One time that CIO reflected for an owner (None: the desk). `until` is the last memory that it has seen, by order."""

    owner: str | None
    at: datetime
    why: str
    until: int
    considered: int = 0
    kept: int = 0
    rejected: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """A claim as it is kept: a reflection, whose it is, what it is about, and why it was rejected, if it was."""

    reflection: Reflection
    owner: str | None
    topic: str
    estimate: float | None = None
    rejected: str | None = None
    parts: tuple[str, ...] = ()


async def turn(conn: Connection, owner: str | None) -> None:
    """Wait until no other transaction reflects for this owner; held to the end of this one."""
    await conn.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('cio.reflect:' || coalesce(%s::text, ''), 0))", (owner,)
    )


async def last_run(conn: Connection, owner: str | None) -> Run | None:
    cursor = await conn.execute(
        f"SELECT owner, at, why, until, considered, kept, rejected, unchanged FROM reflection_runs WHERE {_OWN} ORDER BY run_id DESC LIMIT 1",
        {"owner": owner},
    )
    row = await cursor.fetchone()
    return Run(**row) if row else None


async def runs(conn: Connection, *, limit: int) -> list[Run]:
    """Visible runs, newest first."""
    cursor = await conn.execute(
        "SELECT owner, at, why, until, considered, kept, rejected, unchanged FROM reflection_runs ORDER BY run_id DESC LIMIT %s",
        (limit,),
    )
    return [Run(**row) for row in await cursor.fetchall()]


async def note_run(conn: Connection, run: Run) -> None:
    await conn.execute(
        "INSERT INTO reflection_runs (owner, at, why, until, considered, kept, rejected, unchanged) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        (run.owner, run.at, run.why, run.until, run.considered, run.kept, run.rejected, run.unchanged),
    )


async def events_after(conn: Connection, owner: str | None, place: int) -> tuple[list[Event], int]:
    """What was kept for an owner after a place in the order, the oldest of it, and the last place there is."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS memory_id, seq, ingested_at, kind, symbol, metadata->>'reason' AS reason, metadata->>'regime' AS regime"
        f" FROM memories WHERE {_OWN} AND seq > %(place)s ORDER BY seq LIMIT %(limit)s",
        {"owner": owner, "place": place, "limit": EVENTS},
    )
    rows = await cursor.fetchall()
    events = [
        Event(r["memory_id"], nanoseconds(r["ingested_at"]), r["kind"], r["symbol"], r["reason"], r["regime"])
        for r in rows
    ]
    return events, rows[-1]["seq"] if rows else place


async def regimes_until(conn: Connection, place: int) -> dict[tuple[str, str], int]:
    """How many moments of each symbol and regime were kept up to a place in the order."""
    cursor = await conn.execute(
        "SELECT o.symbol, o.regime, count(*) AS n FROM moments o JOIN memories m USING (memory_id) WHERE m.seq <= %s GROUP BY 1, 2",
        (place,),
    )
    return {(row["symbol"], row["regime"]): row["n"] for row in await cursor.fetchall()}


async def fills(conn: Connection) -> list[Kept]:
    """The desk's newest fills in the order in which they happened, for they may be kept in another one; one whose numbers cannot be read is left out."""
    cursor = await conn.execute(
        "WITH newest AS (SELECT memory_id, seq, happened_at, symbol, metadata FROM memories"
        " WHERE kind = 'trade' AND owner IS NULL AND symbol IS NOT NULL ORDER BY seq DESC LIMIT %s)"
        " SELECT memory_id::text AS memory_id, symbol, metadata FROM newest ORDER BY happened_at, seq",
        (FILLS,),
    )
    found = (_fill(row) for row in await cursor.fetchall())
    return [fill for fill in found if fill is not None]


def _fill(row: DictRow) -> Kept | None:
    said, symbol = row["metadata"], row["symbol"]
    asset = said.get("fee_asset")
    sign = {"BUY": 1, "SELL": -1}.get(said.get("side"))
    try:
        quantity, price = Decimal(said["quantity"]), Decimal(said["price"])
        fee = Decimal(said.get("fee") or 0) if asset and symbol.endswith(asset) else Decimal(0)
    except (InvalidOperation, KeyError, TypeError):
        return None
    finite = quantity.is_finite() and price.is_finite() and fee.is_finite()
    if sign is None or not finite or quantity <= 0:
        return None
    return Kept(row["memory_id"], said.get("strategy") or "by hand", symbol, Fill(sign * quantity, price, fee))


@dataclass(frozen=True, slots=True)
class Outcome:
    """A market moment whose outcome is known: `followed` is the return over `horizon` seconds after `at` (nanoseconds)."""

    memory_id: str
    symbol: str
    regime: str
    at: int
    followed: float
    horizon: float


async def outcomes(conn: Connection) -> list[Outcome]:
    """Newest moments with a known outcome: live ones, and without any those of the newest session, whose earlier runs hold its future."""
    cursor = await conn.execute(
        "WITH newest AS (SELECT o.session, o.mode FROM moments o JOIN memories m USING (memory_id) ORDER BY m.seq DESC LIMIT 1)"
        " SELECT o.memory_id::text AS memory_id, o.symbol, o.regime, o.bar_end AS at, o.followed, o.horizon FROM moments o, newest n"
        " WHERE o.followed IS NOT NULL AND o.mode = n.mode AND (n.mode = %s OR o.session = n.session) ORDER BY o.bar_end DESC LIMIT %s",
        (LIVE, MOMENTS),
    )
    return [Outcome(**row) for row in await cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Talk:
    memory_id: str
    text: str
    scope: str
    at: datetime


async def talk(conn: Connection, owner: str | None) -> list[Talk]:
    """Notes and chats of an owner, newest first."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS memory_id, text, scope, ingested_at AS at FROM memories"
        f" WHERE kind IN ('note', 'chat') AND {_OWN} ORDER BY seq DESC LIMIT %(limit)s",
        {"owner": owner, "limit": TALK},
    )
    return [Talk(**row) for row in await cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A fact that is believed on several memories, and how many statements of its track there are in all."""

    fact_id: str
    sentence: str
    scope: str
    evidence: tuple[str, ...]
    statements: int


async def confirmed(conn: Connection, owner: str | None) -> list[Confirmed]:
    cursor = await conn.execute(
        "SELECT f.track::text AS fact_id, f.sentence, f.scope, f.evidence,"
        " (SELECT count(DISTINCT s.memory_id) FROM statements s WHERE s.track = f.track) AS statements"
        " FROM facts f WHERE f.owner IS NOT DISTINCT FROM %(owner)s AND f.known_until = %(forever)s AND f.valid_until = %(forever)s"
        " AND cardinality(f.evidence) > 1 ORDER BY f.known_from DESC LIMIT %(limit)s",
        {"owner": owner, "forever": FOREVER, "limit": FACTS},
    )
    return [Confirmed(**{**row, "evidence": tuple(row["evidence"])}) for row in await cursor.fetchall()]


async def sources(conn: Connection, ids: Sequence[str]) -> dict[str, Source]:
    """The visible memories among these ids; what is no id of ours is not among them. Held against erasure until the transaction ends."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS id, text, scope FROM memories WHERE memory_id = ANY(%s::uuid[]) ORDER BY seq FOR SHARE",
        ([one for one in ids if is_uuid(one)],),
    )
    return {row["id"]: Source(row["text"], row["scope"]) for row in await cursor.fetchall()}


async def held(conn: Connection, owner: str | None, now: datetime) -> list[DictRow]:
    """Claims of an owner that hold now."""
    cursor = await conn.execute(
        f"SELECT * FROM reflections WHERE {_OWN} AND topic IS NOT NULL AND rejected IS NULL AND expires_at > %(now)s",
        {"owner": owner, "now": now},
    )
    return await cursor.fetchall()


async def add(conn: Connection, row: Row) -> None:
    said = row.reflection
    await conn.execute(
        "INSERT INTO reflections (reflection_id, symbol, text_en, text_es, rule, confidence, bias, evidence, sample, mean_return, created_at,"
        " owner, scope, topic, low, high, expires_at, rejected, parts)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            said.reflection_id, said.symbol, said.text_en, said.text_es, said.rule, said.confidence, said.bias, list(said.evidence),
            said.sample, row.estimate, said.created_at, row.owner, said.scope, row.topic, said.low, said.high, said.expires_at,
            row.rejected, list(row.parts),
        ),
    )  # fmt: skip


async def expire(conn: Connection, ids: Sequence[str], now: datetime) -> None:
    """End claims that a newer one of the same topic replaces."""
    await conn.execute("UPDATE reflections SET expires_at = %s WHERE reflection_id = ANY(%s::uuid[])", (now, list(ids)))


async def reject(conn: Connection, reflection_id: str, reason: str, parts: Sequence[str]) -> None:
    await conn.execute(
        "UPDATE reflections SET rejected = %s, parts = %s WHERE reflection_id = %s",
        (reason, list(parts), reflection_id),
    )


async def erase_scope(conn: Connection, scope: str) -> None:
    """Remove every visible claim of a scope, refused ones too."""
    await conn.execute("DELETE FROM reflections WHERE scope = %s AND topic IS NOT NULL", (scope,))


async def drop_before(conn: Connection, owner: str | None, at: datetime) -> int:
    """Claims that ended before this time, and runs before it; returns how many claims went."""
    cursor = await conn.execute(
        f"DELETE FROM reflections WHERE {_OWN} AND topic IS NOT NULL AND expires_at < %(at)s",
        {"owner": owner, "at": at},
    )
    await conn.execute(
        f"DELETE FROM reflection_runs WHERE {_OWN} AND at < %(at)s AND run_id < (SELECT max(run_id) FROM reflection_runs WHERE {_OWN})",
        {"owner": owner, "at": at},
    )
    return cursor.rowcount


_STATES: Mapping[str, str] = {
    "held": "rejected IS NULL AND (expires_at IS NULL OR expires_at > %(now)s)",
    "rejected": "rejected IS NOT NULL",
    "expired": "rejected IS NULL AND expires_at <= %(now)s",
    "all": "true",
}
_ABOUT: Mapping[str, str] = {"all": "true", "moments": "topic IS NULL", "claims": "topic IS NOT NULL"}


@dataclass(frozen=True, slots=True)
class Wanted:
    now: datetime
    state: str = "held"
    about: str = "all"
    symbol: str | None = None
    scope: str | None = None
    limit: int = 50


async def find(conn: Connection, wanted: Wanted) -> list[DictRow]:
    """Visible reflections, newest first."""
    cursor = await conn.execute(
        f"SELECT * FROM reflections WHERE {_STATES[wanted.state]} AND {_ABOUT[wanted.about]}"
        " AND (%(symbol)s::text IS NULL OR symbol = %(symbol)s) AND (%(scope)s::text IS NULL OR scope = %(scope)s)"
        " ORDER BY created_at DESC, reflection_id DESC LIMIT %(limit)s",
        {"now": wanted.now, "symbol": wanted.symbol, "scope": wanted.scope, "limit": wanted.limit},
    )
    return await cursor.fetchall()
