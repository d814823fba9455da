"""What QCS needs from outside, as Protocols: where states are kept and where the latest is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import JsonValue

from qbtc.contracts import MarketMode
from qbtc.contracts.quantum import QuantumState, SymbolState
from qbtc.core.hilbert.types import Complex

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
