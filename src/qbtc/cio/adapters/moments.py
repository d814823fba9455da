"""The rows of `moments` and `reflections`: kept market moments, what followed them, and what was concluded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.rows import DictRow

from qbtc.contracts.memory import Reflection
from qbtc.kit.store.pool import Connection

from ..domain.moments import SECOND, Bar, Kept, forward_return
from ..domain.reflection import LIVE, Moment
from ..ports import States

POOL = 5000


@dataclass(frozen=True, slots=True)
class NewMoment:
    moment: Moment
    regime: str
    reason: str
    horizon: float


async def last_kept(conn: Connection, symbol: str) -> Kept | None:
    cursor = await conn.execute(
        "SELECT o.session, o.bar_end FROM moments o JOIN memories m USING (memory_id) WHERE o.symbol = %s"
        " ORDER BY m.seq DESC LIMIT 1",
        (symbol,),
    )
    row = await cursor.fetchone()
    return Kept(row["session"], row["bar_end"]) if row else None


async def add(conn: Connection, new: NewMoment) -> None:
    moment = new.moment
    await conn.execute(
        "INSERT INTO moments (memory_id, symbol, session, mode, bar_end, reason, regime, price, horizon)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            moment.memory_id,
            moment.symbol,
            moment.session,
            moment.mode,
            moment.at,
            new.reason,
            new.regime,
            moment.price,
            new.horizon,
        ),
    )


async def settle(conn: Connection, now: Moment, bars: Sequence[Bar], horizon: float) -> int:
    """Write what followed the earlier moments of this session whose horizon has passed; returns how many."""
    cursor = await conn.execute(
        "SELECT memory_id, bar_end, price FROM moments WHERE symbol = %s AND session = %s AND followed IS NULL"
        " AND price IS NOT NULL AND horizon = %s AND bar_end <= %s",
        (now.symbol, now.session, horizon, now.at - int(horizon * SECOND)),
    )
    known = [
        (value, row["memory_id"])
        for row in await cursor.fetchall()
        if (value := forward_return(row["price"], bars, at=row["bar_end"], horizon=horizon)) is not None
    ]
    async with conn.cursor() as writer:
        await writer.executemany("UPDATE moments SET followed = %s WHERE memory_id = %s", known)
    return len(known)


async def earlier(conn: Connection, now: Moment, horizon: float, states: States) -> list[Moment]:
    """Moments that may be compared with `now` and whose outcome is known, newest `POOL` of them."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS id, session, bar_end, price, followed FROM moments"
        " WHERE symbol = %(symbol)s AND mode = %(mode)s AND followed IS NOT NULL AND horizon = %(horizon)s"
        " AND bar_end <= %(until)s AND (%(any_session)s OR session = %(session)s) ORDER BY bar_end DESC LIMIT %(pool)s",
        {
            "symbol": now.symbol,
            "mode": now.mode,
            "horizon": horizon,
            "until": now.at - int(horizon * SECOND),
            "any_session": now.mode == LIVE,
            "session": now.session,
            "pool": POOL,
        },
    )
    rows = await cursor.fetchall()
    known = await states.get(conn, [row["id"] for row in rows])
    return [
        Moment(
            r["id"],
            now.symbol,
            r["session"],
            now.mode,
            r["bar_end"],
            known[r["id"]],
            r["price"],
            r["followed"],
        )
        for r in rows
        if r["id"] in known
    ]


async def add_reflection(conn: Connection, reflection: Reflection, *, mean: float) -> None:
    await conn.execute(
        "INSERT INTO reflections (reflection_id, moment_id, symbol, text_en, text_es, rule, confidence, bias, evidence,"
        " sample, mean_return, created_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            reflection.reflection_id,
            reflection.moment_id,
            reflection.symbol,
            reflection.text_en,
            reflection.text_es,
            reflection.rule,
            reflection.confidence,
            reflection.bias,
            list(reflection.evidence),
            reflection.sample,
            mean,
            reflection.created_at,
        ),
    )


async def reflections(conn: Connection, *, limit: int, symbol: str | None = None) -> list[Reflection]:
    """Newest first."""
    cursor = await conn.execute(
        "SELECT * FROM reflections WHERE rejected IS NULL AND (%(symbol)s::text IS NULL OR symbol = %(symbol)s)"
        " ORDER BY created_at DESC, reflection_id DESC LIMIT %(limit)s",
        {"symbol": symbol, "limit": limit},
    )
    return [as_reflection(row) for row in await cursor.fetchall()]


def as_reflection(row: DictRow) -> Reflection:
    known = {name: row[name] for name in _SAME}
    moment = row["moment_id"]
    return Reflection(
        **known,
        reflection_id=str(row["reflection_id"]),
        evidence=tuple(row["evidence"]),
        moment_id=str(moment) if moment is not None else None,
    )


_SAME = (
    "symbol", "text_en", "text_es", "rule", "confidence", "bias", "sample", "created_at", "scope", "low", "high", "expires_at",
)  # fmt: skip
