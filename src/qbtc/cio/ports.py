"""What CIO's rules need from outside, as Protocols; the adapters are in adapters/, the twins in the tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from qbtc.kit.embedding import Vectors
from qbtc.kit.store.pool import Connection

from .domain.memory import State
from .domain.moments import Bar


class Prices(Protocol):
    """The closes of a symbol's last bars; an empty list when the market side does not answer."""

    async def bars(self, symbol: str) -> list[Bar]: ...


class States(Protocol):
    """26D states by memory id; an id without a state, or not visible on `conn`, is missing from the answer."""

    async def get(self, conn: Connection, ids: Sequence[str]) -> dict[str, State]: ...

    async def put(self, states: Mapping[str, State]) -> None: ...

    async def forget(self, memory_id: str) -> None: ...


class VectorSearch(Protocol):
    """Vectors of one model identity. Everything runs in the caller's transaction, under its row policy."""

    @property
    def raw(self) -> str:
        """The stored vector as bytes, as an SQL expression over `embeddings`."""
        ...

    def decode(self, raw: Sequence[bytes]) -> Vectors:
        """Vectors (n, d) of n such bytes."""
        ...

    async def store(
        self,
        conn: Connection,
        ids: Sequence[str],
        vectors: Vectors,
        *,
        owner: str | None,
        identity: str,
    ) -> None: ...

    async def exact(
        self, conn: Connection, query: Vectors, *, identity: str, ids: Sequence[str], limit: int
    ) -> dict[str, float]:
        """Cosines to `query` of the best `limit` of the memories, best first; ids that are gone are left out."""
        ...
