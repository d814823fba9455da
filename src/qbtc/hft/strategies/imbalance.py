"""Order-book imbalance: buy when the bids outweigh the asks, sell what is held when they no longer do.

    I_t  = (bid - ask) / (bid + ask)            sizes of five levels
    m_t  = m + (1 - 2^(-dt / half_life)) (I_t - m)
    s    = bias * confidence                     from hft.trading.signal, in [-1, 1]
    buy  if m >  enter - shift * s  and  position < inventory
    sell if m < -exit  - shift * s  and  position > 0

Orders are LIMIT IOC at the other side's best price, of `notional` quote units, at most one each `cooldown` seconds
and one at a time; the inventory limit is `inventory` quote units. In a regime named stress or turbulent the size is
halved. It crosses the spread and pays the taker fee, so on average it loses: it is an example, not an edge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qbtc.contracts.common import OrderType, Side

from ..domain.bars import NANOS, Bar
from ..domain.positions import Fill
from ..domain.strategy import Intent, Place, View
from ..domain.units import ONE

RANGES: dict[str, tuple[float, float]] = {
    "half_life": (0.05, 600.0),
    "enter": (0.0, 1.0),
    "exit": (0.0, 1.0),
    "shift": (0.0, 1.0),
    "notional": (1.0, 1e9),
    "inventory": (1.0, 1e9),
    "cooldown": (0.1, 3600.0),
}
CAUTIOUS = frozenset({"stress", "turbulent"})


@dataclass(slots=True)
class _Memory:
    mean: float = 0.0
    seen_ns: int = 0
    acted_ns: int = 0


class Imbalance:
    name = "imbalance"
    description = "Buys when the order book leans to the bids and sells when it turns; limited inventory; an example."

    def __init__(self) -> None:
        self.parameters: dict[str, float] = {
            "half_life": 2.0, "enter": 0.5, "exit": 0.3, "shift": 0.2, "notional": 200.0, "inventory": 1000.0,
            "cooldown": 5.0,
        }  # fmt: skip
        self._memory: dict[str, _Memory] = {}

    def configure(self, parameters: Mapping[str, float]) -> None:
        for name, value in parameters.items():
            if name not in RANGES:
                raise ValueError(f"unknown parameter {name!r}; allowed: {', '.join(RANGES)}")
            low, high = RANGES[name]
            if not low <= value <= high:
                raise ValueError(f"{name} = {value!r} is outside {low} to {high}")
        self.parameters |= parameters

    def on_book(self, view: View) -> Sequence[Intent]:
        memory = self._memory.setdefault(view.symbol, _Memory(view.imbalance, view.at_ns))
        self._average(memory, view)
        waited = view.at_ns - memory.acted_ns >= self.parameters["cooldown"] * NANOS
        if view.working or not waited:
            return ()
        order = self._decide(memory.mean, view)
        if order is None:
            return ()
        memory.acted_ns = view.at_ns
        return (order,)

    def on_bar(self, view: View, bar: Bar) -> Sequence[Intent]:
        return ()

    def on_fill(self, view: View, fill: Fill) -> Sequence[Intent]:
        return ()

    def _average(self, memory: _Memory, view: View) -> None:
        elapsed = max(0, view.at_ns - memory.seen_ns) / NANOS
        memory.mean += (1 - 2 ** (-elapsed / self.parameters["half_life"])) * (view.imbalance - memory.mean)
        memory.seen_ns = view.at_ns

    def _decide(self, mean: float, view: View) -> Place | None:
        shift = self.parameters["shift"] * view.slow.bias * view.slow.confidence
        if mean > self.parameters["enter"] - shift:
            room = int(self.parameters["inventory"] * ONE) * ONE // view.mid - view.position
            return self._order(view, Side.BUY, min(self._size(view), room), view.ask)
        if mean < -self.parameters["exit"] - shift and view.position > 0:
            return self._order(view, Side.SELL, min(self._size(view), view.position), view.bid)
        return None

    def _size(self, view: View) -> int:
        factor: float = 0.5 if view.slow.regime in CAUTIOUS else 1.0
        size: int = int(self.parameters["notional"] * factor * ONE) * ONE // view.mid
        return size

    def _order(self, view: View, side: Side, quantity: int, price: int) -> Place | None:
        quantity = quantity // view.lot * view.lot
        minimum = int(self.parameters["notional"] * 0.05 * ONE) * ONE // view.mid
        if quantity <= 0 or quantity < minimum:
            return None
        return Place(view.symbol, side, OrderType.LIMIT, quantity, price, ioc=True)
