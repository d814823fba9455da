"""The rows of `statements` and `facts`. Every call runs in the caller's transaction and row policy.

Statements are written once; the facts of a track are made again from its statements whenever one comes or goes, so that
what an erased memory had superseded is believed again. Writers of one owner take turns (`turn`), or two could each
make rows without the other's statement.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from psycopg.rows import DictRow
from pydantic import JsonValue

from qbtc.kit.store.pool import Connection

from ..domain.facts import About, Fact
from ..domain.intervals import Interval
from ..domain.tracking import Said, rows_of

_SCOPED = "scope = %(scope)s AND owner IS NOT DISTINCT FROM %(owner)s"


@dataclass(frozen=True, slots=True)
class Unread:
    """A memory in which somebody may speak, not read for facts yet; `place` is its order among all."""

    memory_id: str
    place: int
    text: str
    kind: str
    owner: str | None
    scope: str
    session: str | None
    author: str | None
    speaker: str | None
    metadata: Mapping[str, JsonValue]
    happened_at: datetime
    ingested_at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Whose facts: one owner's (None: the desk's) in one scope."""

    owner: str | None
    scope: str


@dataclass(frozen=True, slots=True)
class Known:
    """A sentence that a fact rests on already."""

    memory_id: str
    sentence: str
    said_by: str
    stems: frozenset[str]
    key: str
    topical: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement to be written: what was read from one sentence of one memory. `follows` is the key of one that says the same."""

    said: Said
    key: str
    said_by: str
    stems: frozenset[str]
    supports: bool
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A statement that was written elsewhere, with the track that it has there."""

    said: Said
    key: str
    said_by: str
    stems: frozenset[str]
    supports: bool
    track: str


_UNREAD = "memory_id::text AS memory_id, seq AS place, text, kind, owner, scope, session, author, speaker, metadata, happened_at, ingested_at"


async def turn(conn: Connection, owner: str | None) -> None:
    """Wait until no other transaction writes facts of this owner; held to the end of this one."""
    await conn.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('cio.facts:' || coalesce(%s::text, ''), 0))", (owner,)
    )


async def unread(conn: Connection, owner: str | None, *, limit: int) -> list[Unread]:
    """Notes and chats of one owner that were not read yet, in the order they were kept."""
    cursor = await conn.execute(
        f"SELECT {_UNREAD} FROM memories WHERE fact_state = 'pending' AND kind IN ('note', 'chat')"
        " AND owner IS NOT DISTINCT FROM %s ORDER BY seq LIMIT %s",
        (owner, limit),
    )
    return [Unread(**row) for row in await cursor.fetchall()]


async def beside(conn: Connection, place: Place, sessions: Sequence[str], until: int, *, limit: int) -> list[Unread]:
    """The newest memories of these conversations up to a place in the order, oldest first."""
    cursor = await conn.execute(
        f"SELECT {_UNREAD} FROM memories WHERE session = ANY(%(sessions)s) AND {_SCOPED} AND seq <= %(until)s"
        " ORDER BY seq DESC LIMIT %(limit)s",
        {"sessions": list(sessions), "scope": place.scope, "owner": place.owner, "until": until, "limit": limit},
    )
    return [Unread(**row) for row in reversed(await cursor.fetchall())]


async def mark(conn: Connection, ids: Sequence[str], state: str) -> None:
    await conn.execute("UPDATE memories SET fact_state = %s WHERE memory_id = ANY(%s::uuid[])", (state, list(ids)))


async def known(conn: Connection, place: Place, stems: Iterable[str]) -> list[Known]:
    """Sentences that facts of a place rest on and that share a stem, oldest first."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS memory_id, sentence, said_by, stems, key, value = sentence AS topical"
        f" FROM statements WHERE {_SCOPED} AND stems && %(stems)s::text[] ORDER BY statement_id",
        {"scope": place.scope, "owner": place.owner, "stems": sorted(set(stems))},
    )
    return [Known(**{**row, "stems": frozenset(row["stems"])}) for row in await cursor.fetchall()]


async def put(conn: Connection, place: Place, statements: Sequence[Statement], *, new_track: Iterable[str]) -> set[str]:
    """Write statements and return their tracks; what was written before changes nothing."""
    tracks = await _tracks(conn, place, [key for one in statements for key in (one.key, one.follows) if key])
    fresh, rows = iter(new_track), list[tuple[object, ...]]()
    for one in statements:
        track = tracks.get(one.follows or one.key) or tracks.get(one.key) or next(fresh)
        tracks.setdefault(one.key, track)
        rows.append(_statement(one, place, track))
    async with conn.cursor() as cursor:
        await cursor.executemany(_INSERT, rows)
    return {str(row[3]) for row in rows}


async def carry(conn: Connection, place: Place, statements: Sequence[Carried]) -> set[str]:
    """Write statements from elsewhere and return their tracks; one about what is known here joins the track that it has here."""
    here, moved = await _tracks(conn, place, [one.key for one in statements]), dict[str, str]()
    for one in statements:
        moved.setdefault(one.track, here.get(one.key, one.track))
    async with conn.cursor() as cursor:
        await cursor.executemany(_INSERT, [_statement(one, place, moved[one.track]) for one in statements])
    return set(moved.values())


async def page(conn: Connection, scope: str, after: int, *, limit: int) -> list[DictRow]:
    """Visible memories of a scope after a place in the order, each with its statements; `place` is where it stands."""
    cursor = await conn.execute(
        "SELECT m.seq AS place, coalesce(m.given_id, m.memory_id::text) AS id, m.text, m.kind, m.author, m.session, m.symbol, m.metadata,"
        " m.happened_at AS time, coalesce(jsonb_agg(to_jsonb(s) ORDER BY s.statement_id) FILTER (WHERE s.statement_id IS NOT NULL), '[]') AS statements"
        " FROM memories m LEFT JOIN statements s USING (memory_id) WHERE m.scope = %s AND m.seq > %s GROUP BY m.memory_id ORDER BY m.seq LIMIT %s",
        (scope, after, limit),
    )
    return await cursor.fetchall()


async def _tracks(conn: Connection, place: Place, keys: Sequence[str]) -> dict[str, str]:
    cursor = await conn.execute(
        f"SELECT DISTINCT ON (key) key, track::text AS track FROM statements WHERE key = ANY(%(keys)s) AND {_SCOPED}"
        " ORDER BY key, statement_id",
        {"keys": list(keys), "scope": place.scope, "owner": place.owner},
    )
    return {row["key"]: row["track"] for row in await cursor.fetchall()}


_INSERT = (
    "INSERT INTO statements (memory_id, owner, scope, track, key, said_by, sentence, stems, supports, subject, predicate, value,"
    " denies, valid_from, valid_until, known_at, confidence)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)


def _statement(one: Statement | Carried, place: Place, track: str) -> tuple[object, ...]:
    said = one.said
    return (
        said.memory_id, place.owner, place.scope, track, one.key, one.said_by, said.sentence, sorted(one.stems), one.supports,
        said.about.subject, said.about.predicate, said.value, said.denies, said.valid.start, said.valid.end, said.known_at,
        said.confidence,
    )  # fmt: skip


async def touched_by(conn: Connection, ids: Sequence[str]) -> list[str]:
    """Tracks that rest on one of these memories; call before they are erased."""
    cursor = await conn.execute(
        "SELECT DISTINCT track::text AS track FROM statements WHERE memory_id = ANY(%s::uuid[])", (list(ids),)
    )
    return [row["track"] for row in await cursor.fetchall()]


async def touched_by_scope(conn: Connection, scope: str) -> list[str]:
    """Tracks of all visible statements of a scope."""
    cursor = await conn.execute("SELECT DISTINCT track::text AS track FROM statements WHERE scope = %s", (scope,))
    return [row["track"] for row in await cursor.fetchall()]


async def rebuild(conn: Connection, tracks: Iterable[str]) -> None:
    """Make the facts of these tracks again from the statements that they have now."""
    wanted = list(tracks)
    if not wanted:
        return
    cursor = await conn.execute("SELECT * FROM statements WHERE track = ANY(%s::uuid[])", (wanted,))
    by_track: dict[str, list[DictRow]] = defaultdict(list)
    for row in await cursor.fetchall():
        by_track[str(row["track"])].append(row)
    await conn.execute("DELETE FROM facts WHERE track = ANY(%s::uuid[])", (wanted,))
    made = [values for track, rows in by_track.items() for values in _facts(track, rows)]
    async with conn.cursor() as writer:
        await writer.executemany(_FACT, made)


_FACT = (
    "INSERT INTO facts (fact_id, track, owner, scope, subject, predicate, value, sentence, valid_from, valid_until, known_from,"
    " known_until, confidence, evidence) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)


def _facts(track: str, rows: Sequence[DictRow]) -> list[tuple[object, ...]]:
    sentences = {str(row["memory_id"]): row["sentence"] for row in rows}
    place = rows[0]["owner"], rows[0]["scope"]
    return [_fact(track, place, fact, sentences) for fact in rows_of([_said(row) for row in rows])]


def _fact(track: str, place: tuple[str | None, str], fact: Fact, sentences: Mapping[str, str]) -> tuple[object, ...]:
    first = sentences[next(iter(fact.support[0].evidence))]
    key = f"{fact.valid}{fact.known}{fact.value}"
    return (
        uuid5(UUID(track), key), track, *place, fact.about.subject, fact.about.predicate, fact.value, first, fact.valid.start,
        fact.valid.end, fact.known.start, fact.known.end, fact.confidence, sorted(fact.evidence),
    )  # fmt: skip


def _said(row: DictRow) -> Said:
    return Said(
        memory_id=str(row["memory_id"]),
        order=row["statement_id"],
        sentence=row["sentence"],
        about=About(row["subject"], row["predicate"]),
        value=row["value"],
        denies=row["denies"],
        valid=Interval(row["valid_from"], row["valid_until"]),
        known_at=row["known_at"],
        confidence=row["confidence"],
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts. Times in UTC nanoseconds: believed at `known_at`, holding at `valid_at`; `history`: every row ever believed."""

    known_at: int
    valid_at: int | None = None
    history: bool = False
    scope: str | None = None
    subject: str | None = None
    words: str | None = None
    memory_id: str | None = None
    limit: int = 50


_WHERE = (
    " FROM facts WHERE (%(history)s OR (known_from <= %(known_at)s AND %(known_at)s < known_until))"
    " AND (%(history)s IS FALSE OR known_from <= %(known_at)s)"
    " AND (%(valid_at)s::bigint IS NULL OR (valid_from <= %(valid_at)s AND %(valid_at)s < valid_until))"
    " AND (%(scope)s::text IS NULL OR scope = %(scope)s) AND (%(subject)s::text IS NULL OR lower(subject) = lower(%(subject)s))"
    " AND (%(memory_id)s::text IS NULL OR evidence && ARRAY[%(memory_id)s::text])"
    " AND (%(words)s::text IS NULL OR position(lower(%(words)s) IN lower(subject || ' ' || predicate || ' ' || sentence)) > 0)"
)


async def find(conn: Connection, wanted: Wanted) -> list[DictRow]:
    """Visible facts, the newest knowledge first."""
    cursor = await conn.execute(
        f"SELECT *{_WHERE} ORDER BY known_from DESC, valid_from DESC, fact_id LIMIT %(limit)s", _asked(wanted)
    )
    return await cursor.fetchall()


async def count(conn: Connection, wanted: Wanted) -> int:
    cursor = await conn.execute(f"SELECT count(*) AS n{_WHERE}", _asked(wanted))
    row = await cursor.fetchone()
    return int(row["n"]) if row else 0


def _asked(wanted: Wanted) -> dict[str, object]:
    return {name: getattr(wanted, name) for name in Wanted.__slots__}
