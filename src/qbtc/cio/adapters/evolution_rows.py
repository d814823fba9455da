"""The rows of the evolution of recall: who said what of a hit, the learners and their trials, the champion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from psycopg.types.json import Jsonb

from qbtc.kit.store.pool import Connection

from ..domain.evidence import NAMES
from ..domain.evolution import FOLDS, Evolution, Rule, Trial
from ..domain.learning import Learner
from ..domain.ranking import WEIGHTS
from ..domain.versions import History
from . import self_rows


async def champion(conn: Connection) -> Mapping[str, float]:
    """The weights that recall ranks by: the newest version, or those of this release where there is none for its columns."""
    cursor = await conn.execute("SELECT entries FROM versions WHERE subject = 'recall' ORDER BY number DESC LIMIT 1")
    row = await cursor.fetchone()
    return row["entries"] if row and set(row["entries"]) == set(NAMES) else WEIGHTS


async def say(conn: Connection, owner: str, question: str, memory_id: str, helpful: bool) -> bool | None:
    """Write a person's word on a hit; None when it is new, else what they said of it before."""
    cursor = await conn.execute(
        "INSERT INTO feedback (owner, question, memory_id, helpful) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (owner, question, memory_id, helpful),
    )
    if cursor.rowcount == 1:
        return None
    cursor = await conn.execute(
        "SELECT helpful FROM feedback WHERE owner = %s AND question = %s AND memory_id = %s", (owner, question, memory_id)
    )
    row = await cursor.fetchone()
    return bool(row and row["helpful"])


async def load(conn: Connection, rule: Rule, *, lock: bool = False) -> Evolution | None:
    """All that was learned; None before the first word, and when the evidence has other columns now."""
    cursor = await conn.execute("SELECT state FROM evolution" + (" FOR UPDATE" if lock else ""))
    row = await cursor.fetchone()
    known = await self_rows.history(conn, "recall")
    if row is None or known is None or row["state"]["names"] != list(NAMES):
        return None
    return _evolution(row["state"], known, rule)


async def save(conn: Connection, now: Evolution) -> None:
    """The learners, and every version that is not stored yet."""
    await conn.execute(
        "INSERT INTO evolution (state) VALUES (%s) ON CONFLICT (one) DO UPDATE SET state = EXCLUDED.state",
        (Jsonb(_stored(now)),),
    )
    cursor = await conn.execute("SELECT max(number) AS last FROM versions WHERE subject = 'recall'")
    row = await cursor.fetchone()
    last = -1 if row is None or row["last"] is None else row["last"]
    for version in now.history.versions:
        if version.number > last:
            await self_rows.add_version(conn, "recall", version)  # type: ignore[arg-type]


def _stored(now: Evolution) -> dict[str, Any]:
    return {
        "names": list(NAMES),
        "events": now.events,
        "learner": _learner(now.learner),
        "apart": [_learner(one) for one in now.apart],
        "trial": _trial(now.trial),
        "watch": now.watch and _trial(now.watch),
    }


def _learner(one: Learner) -> list[Any]:
    return [one.weights.tolist(), one.precision.tolist()]


def _trial(one: Trial) -> dict[str, Any]:
    return {
        "weights": one.weights.tolist(),
        "apart": [weights.tolist() for weights in one.apart],
        "against": one.against.tolist(),
        "differences": list(one.differences),
    }


def _evolution(state: dict[str, Any], known: History[Any], rule: Rule) -> Evolution:
    apart = tuple(_learner_of(one) for one in state["apart"])
    if len(apart) != FOLDS:
        raise ValueError(f"{len(apart)} folds are stored and there are {FOLDS}")
    watch = _trial_of(state["watch"]) if state["watch"] else None
    return Evolution(known, _learner_of(state["learner"]), apart, _trial_of(state["trial"]), watch, rule, state["events"])


def _learner_of(one: list[Any]) -> Learner:
    return Learner(np.array(one[0]), np.array(one[1]))


def _trial_of(one: dict[str, Any]) -> Trial:
    apart = tuple(np.array(weights) for weights in one["apart"])
    return Trial(np.array(one["weights"]), apart, np.array(one["against"]), tuple(one["differences"]))
