"""`qcs_quantum.saved_states`: what people keep. Exact bytes, checked before they are written and when they are read."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import numpy as np

from qbtc.contracts.basis26 import SCHEMA_HASH
from qbtc.core.hilbert import InvalidState, check_density, check_pure
from qbtc.core.hilbert.types import Complex
from qbtc.kit.errors import BadInput
from qbtc.kit.ids import uuid7
from qbtc.kit.store import Store
from qbtc.qcs.domain.given import form_of, hash_of
from qbtc.qcs.errors import BadState, TooManyStates, UnknownState
from qbtc.qcs.ports import NewState

from .damage import Damage
from .rows import Row

Shown = dict[str, Any]


class SavedStates:
    def __init__(self, store: Store, damage: Damage, *, most: int) -> None:
        self._store, self._damage, self._most = store, damage, most

    async def save(self, person: str, new: NewState) -> Shown:
        """Keep a state; raises BadState naming every failed check, TooManyStates over the limit of a person."""
        _refuse(new)
        raw = new.state.astype("<c16").tobytes()
        digest = hash_of(new.state, new.intensity, SCHEMA_HASH)
        async with self._store.transaction(user=person) as conn:
            await conn.execute("SELECT pg_advisory_xact_lock(hashtext('saved_states'), hashtext(%s))", (person,))
            cursor = await conn.execute("SELECT count(*) AS kept FROM saved_states")
            row = await cursor.fetchone()
            if row and row["kept"] >= self._most:
                raise TooManyStates(f"you keep {row['kept']} states already; delete some first", allowed=self._most)
            cursor = await conn.execute(
                "INSERT INTO saved_states (id, owner, form, label, schema_hash, state_hash, intensity, state)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) RETURNING *",
                (uuid7(), person, form_of(new.state), new.label, SCHEMA_HASH, digest, new.intensity, raw),
            )
            kept = await cursor.fetchone()
        assert kept is not None
        return to_saved(kept)

    async def of(self, person: str, limit: int) -> list[Shown]:
        """Newest first."""
        rows = await self._store.fetch(
            "SELECT * FROM saved_states ORDER BY created_at DESC, id DESC LIMIT %s", (limit,), user=person
        )
        return [to_saved(row) for row in self._damage.sound(rows, saved_fault)]

    async def one(self, person: str | None, state_id: str) -> Shown:
        rows = await self._store.fetch(
            "SELECT * FROM saved_states WHERE id = %s", (as_uuid(state_id),), user=person or ""
        )
        if not rows:
            raise UnknownState(f"no state {state_id}; it may be past its retention or not yours", field="id")
        return to_saved(self._damage.refuse(rows[0], saved_fault))

    async def delete(self, person: str, state_id: str) -> None:
        gone = await self._store.execute("DELETE FROM saved_states WHERE id = %s", (as_uuid(state_id),), user=person)
        if not gone:
            raise UnknownState(f"you keep no state {state_id}; states of the market go by their retention", field="id")


def as_uuid(state_id: str) -> UUID:
    try:
        return UUID(state_id)
    except ValueError:
        raise BadInput(f"{state_id!r} is not a state id", field="id", allowed="a UUID") from None


def saved_fault(row: Row) -> str | None:
    """Why a row is not what was written; None if it is."""
    state = bytes_to_state(row)
    try:
        _check(state)
    except InvalidState as error:
        return str(error)
    found = hash_of(state, row["intensity"], row["schema_hash"])
    return None if found == row["state_hash"] else f"its hash is {found[:16]}…, {row['state_hash'][:16]}… was written"


def bytes_to_state(row: Row) -> Complex:
    state = np.frombuffer(row["state"], dtype="<c16")
    return state if row["form"] == "pure" else state.reshape(26, 26)


def to_saved(row: Row) -> Shown:
    return {
        "state_id": str(row["id"]), "form": row["form"], "label": row["label"], "intensity": row["intensity"],
        "schema_hash": row["schema_hash"], "state_hash": row["state_hash"],
        "created_at": row["created_at"].isoformat(), "state": bytes_to_state(row),
    }  # fmt: skip


def _check(state: Complex) -> None:
    if state.ndim == 1:
        check_pure(state)
    else:
        check_density(state)


def _refuse(new: NewState) -> None:
    try:
        _check(new.state)
    except InvalidState as error:
        raise BadState(str(error), field="state") from None
