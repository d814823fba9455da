"""The rows of `moment_outcomes`, and the past of a symbol as market memory asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qbtc.kit.store.pool import Connection

from ..domain.market_memory import Past
from ..domain.memory import State
from ..domain.moments import SECOND, Bar, forward_return
from ..domain.reflection import LIVE, Moment
from ..errors import NoSuchMemory
from ..ports import States

POOL = 5000
BARS = 300
"""Seconds of bars that can be asked for: an outcome that was not seen in time stays unknown."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is shown of a moment beside its likeness."""

    regime: str
    price: float | None
    followed: Mapping[float, float]


async def settle(conn: Connection, now: Moment, bars: Sequence[Bar], horizons: Sequence[float]) -> int:
    """Write what followed the earlier moments of this session whose horizons have just passed; returns how many outcomes."""
    known = [row for horizon in horizons for row in await _passed(conn, now, bars, horizon)]
    async with conn.cursor() as writer:
        await writer.executemany(
            "INSERT INTO moment_outcomes (memory_id, horizon, followed) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            known,
        )
    return len(known)


async def _passed(conn: Connection, now: Moment, bars: Sequence[Bar], horizon: float) -> list[tuple[str, float, float]]:
    until = now.at - int(horizon * SECOND)
    cursor = await conn.execute(
        "SELECT memory_id::text AS id, bar_end, price FROM moments WHERE symbol = %s AND session = %s AND mode = %s"
        " AND price IS NOT NULL AND bar_end <= %s AND bar_end > %s AND NOT EXISTS (SELECT 1 FROM moment_outcomes o"
        " WHERE o.memory_id = moments.memory_id AND o.horizon = %s)",
        (now.symbol, now.session, now.mode, until, until - BARS * SECOND, horizon),
    )
    return [
        (row["id"], horizon, value)
        for row in await cursor.fetchall()
        if (value := forward_return(row["price"], bars, at=row["bar_end"], horizon=horizon)) is not None
    ]


async def newest(conn: Connection, symbol: str, states: States) -> tuple[Moment, str] | None:
    """The moment of a symbol that was kept last, and its regime; None when there is none."""
    cursor = await conn.execute(
        "SELECT o.memory_id::text AS id FROM moments o JOIN memories m USING (memory_id) WHERE o.symbol = %s ORDER BY m.seq DESC LIMIT 1",
        (symbol,),
    )
    row = await cursor.fetchone()
    return None if row is None else await one(conn, row["id"], states)


async def one(conn: Connection, memory_id: str, states: States) -> tuple[Moment, str]:
    """A kept moment and its regime. Raises NoSuchMemory."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS id, symbol, session, mode, bar_end, price, regime FROM moments WHERE memory_id::text = %s",
        (memory_id,),
    )
    row = await cursor.fetchone()
    known = {} if row is None else await states.get(conn, [row["id"]])
    if row is None or row["id"] not in known:
        raise NoSuchMemory(f"market moment {memory_id!r}")
    at = row["bar_end"]
    return Moment(row["id"], row["symbol"], row["session"], row["mode"], at, known[row["id"]], row["price"]), row[
        "regime"
    ]


async def past_of(
    conn: Connection, now: Moment, horizons: Sequence[float], states: States
) -> tuple[Past, Mapping[str, Told]]:
    """The newest `POOL` earlier moments that may be compared with `now` (reflection.comparable), and what to show of each."""
    cursor = await conn.execute(
        "SELECT memory_id::text AS id, bar_end, price, regime, o.horizons, o.returns FROM moments LEFT JOIN LATERAL"
        " (SELECT array_agg(horizon) AS horizons, array_agg(followed) AS returns FROM moment_outcomes"
        " WHERE moment_outcomes.memory_id = moments.memory_id) o ON true"
        " WHERE symbol = %(symbol)s AND mode = %(mode)s AND bar_end < %(at)s AND memory_id::text <> %(self)s"
        " AND (%(any_session)s OR session = %(session)s) ORDER BY bar_end DESC LIMIT %(pool)s",
        {
            "symbol": now.symbol,
            "mode": now.mode,
            "at": now.at,
            "self": now.memory_id,
            "any_session": now.mode == LIVE,
            "session": now.session,
            "pool": POOL,
        },
    )
    rows = await cursor.fetchall()
    known = await states.get(conn, [row["id"] for row in rows])
    rows = [row for row in rows if row["id"] in known]
    told = {
        row["id"]: Told(
            row["regime"], row["price"], dict(zip(row["horizons"] or (), row["returns"] or (), strict=True))
        )
        for row in rows
    }
    return _past([(row["id"], row["bar_end"], known[row["id"]]) for row in rows], told, horizons), told


def _past(rows: Sequence[tuple[str, int, State]], told: Mapping[str, Told], horizons: Sequence[float]) -> Past:
    returns = [[told[key].followed.get(h, np.nan) for h in horizons] for key, _, _ in rows]
    return Past(
        tuple(key for key, _, _ in rows),
        np.array([at for _, at, _ in rows], dtype=np.int64),
        np.array([state.vector for _, _, state in rows]).reshape(len(rows), -1),
        np.array([state.intensity for _, _, state in rows], dtype=np.float64),
        np.array(returns, dtype=np.float64).reshape(len(rows), len(horizons)),
    )


async def symbols(conn: Connection) -> list[str]:
    """Those of which moments are kept."""
    cursor = await conn.execute("SELECT DISTINCT symbol FROM moments ORDER BY symbol")
    return [row["symbol"] for row in await cursor.fetchall()]
