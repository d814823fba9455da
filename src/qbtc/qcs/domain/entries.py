"""States as a catalogue takes them, and which of them a search may find. Imports nothing that compiles."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from qbtc.core.hilbert.overlap import Measure
from qbtc.core.hilbert.types import Complex


@dataclass(frozen=True, slots=True)
class Entry:
    """One state: `state` is (26,) or (26, 26); `symbol` is empty and `at` 0 where it is no moment of the market."""

    state_id: UUID
    state: Complex
    symbol: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class Filter:
    """Which states may be found; empty `symbols` allow all. `since` is included, `until` is not (nanoseconds)."""

    symbols: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None

    @property
    def open(self) -> bool:
        return not self.symbols and self.since is None and self.until is None


@dataclass(frozen=True, slots=True)
class Asked:
    """A state (26,) or (26, 26) and, if it is one that is stored, which and where: it is not found itself."""

    state: Complex
    measure: Measure = "signed"
    wanted: Filter = Filter()
    apart: int = 0
    state_id: UUID | None = None
    symbol: str = ""
    at: int = 0
