"""Reflecting for the desk and for each person: when it is due, what is claimed, what its evidence bears, and what is told to others.

A run makes claims by counting and takes those that somebody proposes. A claim is kept only when its evidence exists and may be seen in its
scope; one in words also only when its evidence says it (`domain/support`). What is refused is kept as refused, with why. Claims of shared
scopes that are made of market numbers are published; what people wrote stays here. Once a night all that is held is judged again, and what is over is dropped.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from psycopg.rows import DictRow

from qbtc.contracts import Message
from qbtc.contracts.memory import Reflection
from qbtc.kit.clock import Clock
from qbtc.kit.ids import uuid7
from qbtc.kit.logs import get_logger
from qbtc.kit.metrics import counter
from qbtc.kit.store import Store
from qbtc.kit.store.pool import Connection

from .adapters import claims, recalled
from .adapters.claims import Row, Run
from .domain.claims import Belief, Draft, Rejected, TriggerRule, due, fault_of, judged
from .domain.intervals import nanoseconds
from .domain.occasions import signals
from .drafting import CONFIRMED, PROPOSED, PUBLISHED, Made, from_confirmed, from_outcomes, from_talk, from_trades
from .rounds import Rounds

log = get_logger(__name__)

Emit = Callable[[Connection, str, Message], Awaitable[object]]
QUOTED = frozenset((CONFIRMED, PROPOSED))


@dataclass(frozen=True, slots=True)
class ReflectingRules:
    """When to reflect, how many days a claim is held, and the hour of UTC at which what is held is judged again."""

    trigger: TriggerRule = field(default_factory=TriggerRule)
    claim_days: int = 30
    nightly_hour: int = 3
    echo_hours: float = 1.0


@dataclass(frozen=True, slots=True)
class Reflected:
    """What a run made: its record, and every claim that it kept or refused."""

    run: Run
    rows: tuple[Row, ...]


class Reflector:
    def __init__(self, store: Store, clock: Clock, emit: Emit, rules: ReflectingRules) -> None:
        self._store, self._clock, self._emit, self._rules = store, clock, emit, rules
        self._claims = counter("qbtc_cio_claims_total", "Claims judged", ("rule", "outcome"))

    async def if_due(self, owner: str | None) -> Reflected | None:
        """Reflect for an owner if that is due; None when it is not."""
        now = self._clock.now()
        async with self._store.transaction(user=owner) as conn:
            why = await self._due(conn, owner, now)
        if why is None:
            return None
        return await self._nightly(owner) if why == "nightly" else await self.reflect(owner, why)

    async def reflect(self, owner: str | None, why: str = "asked", proposed: Sequence[Made] = ()) -> Reflected:
        """Reflect now, in one transaction."""
        now = self._clock.now()
        async with self._store.transaction(user=owner) as conn:
            await claims.turn(conn, owner)
            last = await claims.last_run(conn, owner)
            events, until = await claims.events_after(conn, owner, last.until if last else 0)
            made = [*await self._made(conn, owner, now), *proposed]
            rows = [row for one in made if (row := await self._judge(conn, owner, one, now)) is not None]
            count = Counter(row.rejected is None for row in rows)
            run = Run(owner, now, why, until, len(events), count[True], count[False], len(made) - len(rows))
            await claims.note_run(conn, run)
        for row in rows:
            self._claims.labels(row.reflection.rule, "rejected" if row.rejected else "kept").inc()
        return Reflected(run, tuple(rows))

    async def _due(self, conn: Connection, owner: str | None, now: datetime) -> str | None:
        last = await claims.last_run(conn, owner)
        if last and (now - last.at).total_seconds() < self._rules.trigger.min_gap:
            return None
        if last and _night_between(last.at, now, self._rules.nightly_hour):
            return "nightly"
        events, _ = await claims.events_after(conn, owner, last.until if last else 0)
        if not events:
            return None
        before = await claims.regimes_until(conn, last.until if last else 0) if owner is None else {}
        since = min(nanoseconds(last.at) if last else events[0].at, events[0].at - 1)
        found = due(signals(events, before), self._rules.trigger, last=since, now=nanoseconds(now))
        return found.why if found else None

    async def _made(self, conn: Connection, owner: str | None, now: datetime) -> list[Made]:
        """Claims by counting over what this owner has."""
        talk, said = await claims.talk(conn, owner), await claims.confirmed(conn, owner)
        made = [*await asyncio.to_thread(from_talk, talk, now), *from_confirmed(said)]
        if owner is None:
            fills, outcomes = await claims.fills(conn), await claims.outcomes(conn)
            made += [*await asyncio.to_thread(from_trades, fills), *await asyncio.to_thread(from_outcomes, outcomes)]
        return made

    async def _judge(self, conn: Connection, owner: str | None, made: Made, now: datetime) -> Row | None:
        """The claim as it was kept or refused; None when the same is held already."""
        row = await self._row(conn, owner, made, now)
        held = [one for one in await claims.held(conn, owner, now) if one["topic"] == made.topic]
        if row.rejected is None and any(_same(one, row) for one in held):
            return None
        if row.rejected is None:
            await claims.expire(conn, [str(one["reflection_id"]) for one in held], now)
        await claims.add(conn, row)
        if row.rejected is None and owner is None and made.rule in PUBLISHED:
            await self._emit(conn, "cio.memory.reflected", row.reflection)
        return row

    async def _row(self, conn: Connection, owner: str | None, made: Made, now: datetime) -> Row:
        fault = await _fault(conn, made, now, self._rules.claim_days)
        low, high = made.interval if made.interval and fault is None else (None, None)
        reflection = Reflection(
            reflection_id=uuid7(),
            text_en=made.texts[0],
            text_es=made.texts[1],
            rule=made.rule,
            confidence=made.confidence if fault is None else 0.0,
            evidence=made.evidence,
            sample=made.sample,
            created_at=now,
            scope=made.scope,
            low=_finite(low),
            high=_finite(high),
            expires_at=now + timedelta(days=self._rules.claim_days),
        )
        reason = fault.reason if fault else None
        return Row(reflection, owner, made.topic, made.estimate, reason, fault.parts if fault else ())

    async def _nightly(self, owner: str | None) -> Reflected:
        """Judge again what is held, drop what is over, and reflect."""
        now = self._clock.now()
        async with self._store.transaction(user=owner) as conn:
            await claims.turn(conn, owner)
            gone = await claims.drop_before(conn, owner, now - timedelta(days=self._rules.claim_days))
            if owner is not None:
                await recalled.drop_before(conn, owner, max(1.0, self._rules.echo_hours))
            for row in await claims.held(conn, owner, now):
                fault = await _fault(conn, _of_row(row), now, self._rules.claim_days)
                if fault is not None:
                    await claims.reject(conn, str(row["reflection_id"]), fault.reason, fault.parts)
        log.info("claims were judged again", dropped=gone)
        return await self.reflect(owner, "nightly")


class Reflecting(Rounds):
    """Reflects for whoever it is due, looking every few seconds."""

    def __init__(self, store: Store, reflector: Reflector) -> None:
        super().__init__(store, asyncio.Event())
        self._reflector = reflector

    async def portion(self, person: str | None) -> int:
        await self._reflector.if_due(person)
        return 0


async def _fault(conn: Connection, made: Made, now: datetime, days: int) -> Rejected | None:
    """Why the evidence does not bear the claim; None when it does."""
    sources = await claims.sources(conn, made.evidence)
    draft = Draft(made.texts[0], made.evidence, made.scope, Belief(0, 0), timedelta(days=days).total_seconds())
    if not made.quoted:
        return fault_of(draft, made.evidence, sources)
    found = judged(draft, sources, now=nanoseconds(now))
    return found if isinstance(found, Rejected) else None


def _same(held: DictRow, row: Row) -> bool:
    return (held["text_en"], set(held["evidence"])) == (row.reflection.text_en, set(row.reflection.evidence))


def _of_row(row: DictRow) -> Made:
    rule = row["rule"]
    return Made(
        rule, row["topic"], (row["text_en"], row["text_es"]), tuple(row["evidence"]), row["scope"], row["sample"], row["confidence"],
        quoted=rule in QUOTED,
    )  # fmt: skip


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _night_between(last: datetime, now: datetime, hour: int) -> bool:
    """Whether this hour of UTC began after `last` and not after `now`."""
    night = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    night = night if night <= now else night - timedelta(days=1)
    return last < night


def proposals(texts: Iterable[tuple[str, Sequence[str]]], scope: str) -> list[Made]:
    """Claims that somebody proposes, each with its evidence."""
    return [_proposal(text, tuple(dict.fromkeys(ids)), scope) for text, ids in texts]


def _proposal(text: str, evidence: tuple[str, ...], scope: str) -> Made:
    belief, group = Belief(len(evidence), len(evidence)), " ".join(text.split())[:200]
    return Made(PROPOSED, group, (text, text), evidence, scope, belief.total, belief.mean, belief.interval, quoted=True)
