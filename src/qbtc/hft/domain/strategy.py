"""What a strategy is: a pure object that sees a view and answers with intents. It never sends anything itself.

Prices and quantities are integers of 1e-8. The regime and bias of `hft.trading.signal` reach it as slow parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from qbtc.contracts.common import OrderType, Side

from .bars import Bar
from .positions import Fill


@dataclass(frozen=True, slots=True)
class Slow:
    """Regime and insight; neutral when nobody said anything or what was said has expired."""

    regime: str = "unknown"
    confidence: float = 0.0
    bias: float = 0.0


NEUTRAL = Slow()


@dataclass(frozen=True, slots=True)
class View:
    """One symbol at one instant. `position` and `working` are signed; `lot` is the quantity step."""

    symbol: str
    at_ns: int
    bid: int
    ask: int
    imbalance: float
    position: int
    working: int
    lot: int
    slow: Slow = NEUTRAL

    @property
    def mid(self) -> int:
        return (self.bid + self.ask) // 2


@dataclass(frozen=True, slots=True)
class Place:
    symbol: str
    side: Side
    type: OrderType
    quantity: int
    price: int | None
    ioc: bool = False


@dataclass(frozen=True, slots=True)
class CancelMine:
    """Cancel all open orders of this strategy in this symbol."""

    symbol: str


Intent = Place | CancelMine


class Strategy(Protocol):
    name: str
    description: str
    parameters: dict[str, float]

    def configure(self, parameters: Mapping[str, float]) -> None:
        """Replace some parameters. Raises ValueError naming the parameter and what is allowed."""

    def on_book(self, view: View) -> Sequence[Intent]: ...

    def on_bar(self, view: View, bar: Bar) -> Sequence[Intent]: ...

    def on_fill(self, view: View, fill: Fill) -> Sequence[Intent]: ...
