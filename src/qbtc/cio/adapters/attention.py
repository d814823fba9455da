"""The rows of the workspace: offers, outcomes, the one state, recorded cycles, who heard. In the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from psycopg.types.json import Jsonb
from pydantic import TypeAdapter

from qbtc.contracts.workspace import HeldState
from qbtc.kit.store.pool import Connection

from ..domain.workspace import Broadcast, Candidate, Lived, Outcome, WorkspaceState
from ..domain.workspace.types import Vector

KEPT_CYCLES, KEPT_DAYS = 1000, 7
MOST_OFFERS = 500

_STATE: TypeAdapter[WorkspaceState] = TypeAdapter(WorkspaceState)
_TOLD: TypeAdapter[Broadcast] = TypeAdapter(Broadcast)


@dataclass(frozen=True, slots=True)
class Pending:
    """What will show whether a candidate was right: `regime` again at market time `due`, or what follows `moment_id`."""

    candidate: Candidate
    symbol: str
    due: int
    session: str = ""
    regime: str | None = None
    moment_id: str | None = None
    bias: float = 0.0


@dataclass(frozen=True, slots=True)
class Heard:
    module: str
    number: int
    at: int
    held: tuple[HeldState, ...]


async def offer(conn: Connection, offered: Iterable[Candidate]) -> None:
    """Each once, by name, with what its source had heard when it was offered."""
    rows = [(c.name, c.source, c.kind, c.topic, c.at, c.importance, list(c.observed), c.source) for c in offered]
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO workspace_offers (name, source, kind, topic, at, importance, observed, heard)"
            " SELECT %s, %s, %s, %s, %s, %s, %s, coalesce((SELECT number FROM workspace_heard WHERE module = %s), 0)"
            " ON CONFLICT DO NOTHING",
            rows,
        )


async def offers(conn: Connection, *, limit: int = MOST_OFFERS) -> list[Candidate]:
    """What waits for a cycle, oldest first."""
    cursor = await conn.execute(
        "SELECT name, source, kind, topic, at, importance, observed, heard FROM workspace_offers ORDER BY at, name LIMIT %s",
        (limit,),
    )
    return [Candidate(**{**row, "observed": tuple(row["observed"])}) for row in await cursor.fetchall()]


async def taken(conn: Connection, names: Sequence[str]) -> None:
    await conn.execute("DELETE FROM workspace_offers WHERE name = ANY(%s)", (list(names),))


async def become(conn: Connection, outcomes: Iterable[Outcome], at: int) -> None:
    """What became of candidates; a second word on one of them changes nothing."""
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO workspace_outcomes (name, source, kind, proved, rewards, at) VALUES (%s, %s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [(o.name, o.source, o.kind, o.right, Jsonb(dict(o.rewards)), at) for o in outcomes],
        )


async def open_outcomes(conn: Connection) -> list[Outcome]:
    """Those that no cycle has learned from yet."""
    cursor = await conn.execute(f"{_OUTCOMES} WHERE learned IS NULL ORDER BY name")
    return [_outcome(row) for row in await cursor.fetchall()]


async def learned(conn: Connection, outcomes: Sequence[Outcome], number: int) -> None:
    await conn.execute(
        "UPDATE workspace_outcomes SET learned = %s WHERE name = ANY(%s)", (number, [one.name for one in outcomes])
    )


_OUTCOMES = "SELECT name, source, kind, proved, rewards, learned FROM workspace_outcomes"


def _outcome(row: dict[str, object]) -> Outcome:
    return Outcome(str(row["name"]), str(row["source"]), str(row["kind"]), bool(row["proved"]), row["rewards"])  # type: ignore[arg-type]


async def await_outcome(conn: Connection, waits: Iterable[Pending]) -> None:
    async with conn.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO workspace_pending (name, source, kind, symbol, session, regime, moment_id, bias, due)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [
                (w.candidate.name, w.candidate.source, w.candidate.kind, w.symbol, w.session, w.regime, w.moment_id, w.bias, w.due)
                for w in waits
            ],
        )


async def regimes_due(conn: Connection, symbol: str, session: str, bar_end: int) -> list[tuple[Candidate, str]]:
    """Regimes said of a symbol of this session whose time has come, with what was said; they are not asked again."""
    cursor = await conn.execute(
        "DELETE FROM workspace_pending WHERE symbol = %s AND session IN (%s, '') AND regime IS NOT NULL AND due <= %s"
        " RETURNING name, source, kind, regime",
        (symbol, session, bar_end),
    )
    return [(Candidate(r["name"], r["source"], r["kind"], "", 0), r["regime"]) for r in await cursor.fetchall()]


async def followed(conn: Connection) -> list[tuple[Candidate, bool]]:
    """Reflections whose moment has an outcome now, and whether it went the way that they leaned."""
    cursor = await conn.execute(
        "DELETE FROM workspace_pending p USING moments o WHERE o.memory_id = p.moment_id AND o.followed IS NOT NULL"
        " RETURNING p.name, p.source, p.kind, p.bias * o.followed > 0 AS proved"
    )
    return [(Candidate(r["name"], r["source"], r["kind"], "", 0), r["proved"]) for r in await cursor.fetchall()]


async def state(conn: Connection, *, lock: bool = False) -> WorkspaceState | None:
    """The workspace's state; with `lock` no other replica runs a cycle until the transaction ends."""
    cursor = await conn.execute("SELECT state FROM workspace_state" + (" FOR UPDATE" if lock else ""))
    row = await cursor.fetchone()
    return _STATE.validate_python(row["state"]) if row else None


async def put_state(conn: Connection, now: WorkspaceState) -> None:
    await conn.execute(
        "INSERT INTO workspace_state (state) VALUES (%s) ON CONFLICT (one) DO UPDATE SET state = EXCLUDED.state",
        (Jsonb(_STATE.dump_python(now, mode="json")),),
    )


async def put_cycle(conn: Connection, told: Broadcast, context: Vector) -> None:
    """Record a cycle; cycles and outcomes past their retention go."""
    await conn.execute(
        "INSERT INTO workspace_cycles (number, told, context) VALUES (%s, %s, %s)",
        (told.number, Jsonb(_TOLD.dump_python(told, mode="json")), list(context)),
    )
    await conn.execute("DELETE FROM workspace_cycles WHERE number <= %s", (told.number - KEPT_CYCLES,))
    await conn.execute("DELETE FROM workspace_outcomes WHERE learned <= %s", (told.number - KEPT_CYCLES,))
    await conn.execute("DELETE FROM workspace_pending WHERE made_at < now() - make_interval(days => %s)", (KEPT_DAYS,))


async def cycles(conn: Connection, *, limit: int) -> list[Lived]:
    """The newest recorded cycles, oldest first, each with the outcomes that were learned before it."""
    cursor = await conn.execute("SELECT number, told, context FROM workspace_cycles ORDER BY number DESC LIMIT %s", (limit,))
    rows = list(reversed(await cursor.fetchall()))
    if not rows:
        return []
    cursor = await conn.execute(f"{_OUTCOMES} WHERE learned >= %s ORDER BY name", (rows[0]["number"],))
    became: dict[int, list[Outcome]] = {}
    for row in await cursor.fetchall():
        became.setdefault(row["learned"], []).append(_outcome(row))
    return [Lived(_TOLD.validate_python(r["told"]), tuple(r["context"]), tuple(became.get(r["number"], ()))) for r in rows]


async def last_told(conn: Connection, *, limit: int) -> list[Broadcast]:
    """The newest broadcasts, newest first."""
    cursor = await conn.execute("SELECT told FROM workspace_cycles ORDER BY number DESC LIMIT %s", (limit,))
    return [_TOLD.validate_python(row["told"]) for row in await cursor.fetchall()]


async def hear(conn: Connection, heard: Heard) -> None:
    """A module's newest word counts; a late one about an older broadcast does not."""
    await conn.execute(
        "INSERT INTO workspace_heard AS h (module, number, at, held) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (module) DO UPDATE SET number = EXCLUDED.number, at = EXCLUDED.at, held = EXCLUDED.held"
        " WHERE h.number <= EXCLUDED.number",
        (heard.module, heard.number, heard.at, Jsonb([one.model_dump() for one in heard.held])),
    )


async def heard_by(conn: Connection) -> list[Heard]:
    cursor = await conn.execute("SELECT module, number, at, held FROM workspace_heard ORDER BY module")
    return [
        Heard(row["module"], row["number"], row["at"], tuple(HeldState(**one) for one in row["held"]))
        for row in await cursor.fetchall()
    ]


async def present(conn: Connection) -> Vector:
    """The 26D state of the newest kept market moment in R^52; empty before the first."""
    cursor = await conn.execute(
        "SELECT state FROM memories WHERE kind = 'market' AND state IS NOT NULL ORDER BY seq DESC LIMIT 1"
    )
    row = await cursor.fetchone()
    if row is None:
        return ()
    import numpy as np

    return tuple(np.frombuffer(bytes(row["state"]), dtype="<f8").tolist())
