"""How far apart two replicas are, in items and in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qbtc.contracts.basis26 import SIZE

from .events import Numbers
from .replica import Replica


@dataclass(frozen=True, slots=True)
class Divergence:
    """Of `items` known to either replica, `differing` are not the same in both (absent, erased, or any bit of them).

    `distance` is the root mean square of the difference of the 26 numbers over the items that both hold, in units of
    robust z: 0 when they agree on those, even while others are missing.
    """

    items: int
    differing: int
    distance: float

    @property
    def share(self) -> float:
        """differing / items in [0, 1]: 0 exactly when the state hashes are equal, 0 for two empty replicas."""
        return self.differing / self.items if self.items else 0.0


def divergence(one: Replica, other: Replica) -> Divergence:
    """Symmetric; 0 for replicas that have heard the same."""
    items = one.current.keys() | other.current.keys()
    common = one.current.keys() & other.current.keys()
    differing = sorted(item for item in common if one[item] != other[item])
    alone = len(items) - len(common)
    return Divergence(len(items), alone + len(differing), _distance(one, other, differing, _held(one, other)))


def _held(one: Replica, other: Replica) -> int:
    return sum(one[item] is not None and other[item] is not None for item in one.current.keys() & other.current.keys())


def _distance(one: Replica, other: Replica, differing: Sequence[str], held: int) -> float:
    squares = (_square(one[item], other[item]) for item in differing)
    return math.sqrt(math.fsum(squares) / (held * SIZE)) if held else 0.0


def _square(a: Numbers | None, b: Numbers | None) -> float:
    if a is None or b is None:
        return 0.0
    return math.fsum((x - y) ** 2 for x, y in zip(a.values, b.values, strict=True))
