"""A simulated market as blocks of a tape: the same seed gives the same blocks end to end, whatever their size."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..tape.layout import TapeFault
from ..tape.watching import BINS
from . import crowd
from .parameters import Parameters, given
from .state import N, Out, out, world

FOREVER = 1 << 62
ROWS = 1 << 18
SMALLEST_RING, LARGEST_RING = 1 << 12, 1 << 19
DONE, TOO_SMALL = 0, 2


class Simulation:
    """`blocks` may be asked once. Prices and lots stay below `most_lots` and the tick of `ring` times the start."""

    def __init__(self, parameters: Parameters, seed: int, start: int, *, most_lots: int = (1 << 31) - 1) -> None:
        """`start` UTC ns. Raises TapeFault for a seed that does not fit 63 bits."""
        if not 0 <= seed < 1 << 63:
            raise TapeFault(f"the seed is {seed}; allowed: 0 to {(1 << 63) - 1}")
        self.parameters = parameters
        ring = ring_of(parameters)
        self._given, self._world, self._most = given(parameters, reach=ring // 4), world(ring), most_lots
        self._start = start - start % max(parameters.clock, parameters.interval, 1)
        crowd.begin(self._world, self._given, seed, parameters.price, self._start, most_lots)

    @property
    def time(self) -> int:
        """UTC ns of the exchange that were simulated."""
        return int(self._world.numbers[N.TIME])

    def blocks(self, *, rows: int | None = None, seconds: float | None = None, block: int = ROWS) -> Iterator[Out]:
        """Views that the next one overwrites, up to the message that reaches `rows` rows or the end of `seconds`."""
        until = FOREVER if seconds is None else self._start + round(seconds * 1e9)
        held, total, status = out(block, block), 0.0, 1
        while status != DONE:
            status, total = crowd.advance(self._world, self._given, held, until, rows or FOREVER, total, self._most)
            messages, filled = (int(self._world.numbers[place]) for place in (N.MESSAGES, N.FILLED))
            if messages:
                yield Out(*(getattr(held, name)[: filled if name in ("tick", "lots") else messages] for name in Out._fields))
            if status == TOO_SMALL:
                held = out(2 * len(held.local), 2 * len(held.tick))


def ring_of(p: Parameters) -> int:
    """Ticks that the book reaches over: four times the bin within which nearly all orders are, a power of two."""
    share = np.cumsum(p.rates) / max(sum(p.rates), 1e-300)
    place = min(int(np.searchsorted(share, 0.995)), BINS - 1)
    return max(SMALLEST_RING, min(4 << place, LARGEST_RING))
