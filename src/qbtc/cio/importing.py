"""Bringing many memories at once: a portion is kept whole or not at all, and bringing it again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qbtc.kit.store.pool import Connection

from .adapters import memories
from .domain.memory import Draft
from .errors import BadMemory
from .keeping import Keeper


@dataclass(frozen=True, slots=True)
class Imported:
    kept: int
    present: int


async def bring(conn: Connection, keeper: Keeper, scope: str, drafts: Sequence[Draft]) -> Imported:
    """Keep the drafts of one scope that are not there yet.

    Raises BadMemory for an id that comes twice, or that is there with another text: an id names one memory.
    """
    by_id: dict[str, Draft] = {}
    for draft in drafts:
        if draft.given_id is None:
            continue
        if draft.given_id in by_id:
            raise BadMemory(f"id {draft.given_id!r} comes twice in one portion", field="id")
        by_id[draft.given_id] = draft
    there = await memories.given(conn, scope, list(by_id))
    for key, memory in there.items():
        if memory.text != by_id[key].text:
            raise BadMemory(f"id {key!r} is in scope {scope!r} already, with another text", field="id")
    new = [draft for draft in drafts if draft.given_id not in there]
    await keeper.keep_all(conn, new)
    return Imported(len(new), len(there))
