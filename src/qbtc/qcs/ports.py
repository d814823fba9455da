"""What QCS needs from outside, as Protocols: where states are kept and where the latest is shown."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from pydantic import JsonValue

from qbtc.contracts import MarketMode
from qbtc.contracts.quantum import QuantumState, StateKind, SymbolState
from qbtc.core.hilbert.types import Complex

from .domain.entries import Entry
from .domain.folding import FoldedBar, SessionFold

Tx_contra = TypeVar("Tx_contra", contravariant=True)


@dataclass(frozen=True, slots=True)
class KeptState:
    """One stored state with where it stands in time."""

    session: str
    bar: int
    bar_end: int
    mode: MarketMode
    gap: int
    state: SymbolState


@dataclass(frozen=True, slots=True)
class Matrix:
    rho: Complex
    shrinkage: float


@dataclass(frozen=True, slots=True)
class NewState:
    """A state to keep: a vector (26,) with its intensity, or a matrix (26, 26) with intensity 1."""

    label: str
    state: Complex
    intensity: float


class Written(NamedTuple):
    """A state for a catalogue and the number of the transaction that wrote it."""

    entry: Entry
    by: int


class Saved(Protocol):
    """What people keep, each their own: rows as they are shown, with the array at `state`."""

    async def save(self, person: str, new: NewState) -> dict[str, Any]: ...

    async def of(self, person: str, limit: int) -> list[dict[str, Any]]: ...

    async def one(self, person: str | None, state_id: str) -> dict[str, Any]: ...

    async def delete(self, person: str, state_id: str) -> None: ...


class Source(Protocol):
    """Where a catalogue is filled from and what confirms its answers. `kinds` are those of its pure and mixed states."""

    kinds: tuple[StateKind, StateKind]

    async def horizon(self) -> int:
        """Everything written by transactions before this number is visible or never will be."""
        ...

    async def stored(self) -> int:
        """How many pure states there are."""
        ...

    def read(self, low: int | None, limits: tuple[int, int]) -> AsyncIterator[list[Written]]:
        """Oldest first: the newest pure and mixed states, so many, or what was written by `low` and later transactions."""
        ...

    async def confirm(self, ids: list[UUID], *, mixed: bool) -> dict[UUID, dict[str, object]]:
        """What is shown of those that are stored and sound, with the array at `state`."""
        ...

    def damaged(self, state_id: UUID, fault: str) -> None: ...


class States(Protocol[Tx_contra]):
    """The truth. `tx` is the transaction of the message that is being handled."""

    async def last_bar(self, tx: Tx_contra, session: str) -> int: ...

    async def restore(self, tx: Tx_contra, session: str) -> SessionFold: ...

    async def save(self, tx: Tx_contra, event: QuantumState, folded: FoldedBar) -> int: ...

    async def latest(self) -> list[KeptState]: ...

    async def of_symbol(self, symbol: str | None, limit: int) -> list[KeptState]: ...

    async def one(self, state_id: str) -> KeptState: ...

    async def matrix(self, state_id: str) -> Matrix: ...


class Screen(Protocol):
    """Latest values for people and other processes; never the truth."""

    async def show(self, event: QuantumState, gaps: Sequence[int]) -> None: ...

    async def one(self, symbol: str) -> dict[str, JsonValue] | None: ...

    async def rebuild(self, states: Sequence[KeptState]) -> None: ...
