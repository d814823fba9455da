"""The mark price of a contract over a tape: as the tape says, or worked out as the venue works it out from the contract's own book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.book import Level
from qbtc.core.market.futures.contracts import Contract
from qbtc.core.market.futures.market import Market
from qbtc.core.market.futures.matching import Step, Wanted
from qbtc.core.market.margin import SCALE

from .feed import Feed
from .layout import LOOK

Records = NDArray[np.void]
MARKED = np.dtype([("exchange", "i8"), ("local", "i8"), ("mark", "f8")], align=True)
"""A mark price that a tape says, quote units, with its times by both clocks."""
EVERY = 1_000_000_000
"""ns between two mark prices that are worked out."""


def said(times: NDArray[np.int64], marks: NDArray[np.float64]) -> Records:
    """LOOK records of the marks float64[N] that a tape says at its times."""
    made = np.zeros(times.size, LOOK)
    made["time"], made["mark"] = times, np.rint(marks * SCALE)
    return made[np.argsort(made["time"], kind="stable")]


def worked_out(f: Feed, contract: Contract) -> Records:
    """LOOK records, one a second while there is a touch: index the mid, mark as `core.market.margin_funding` states it."""
    book = TapeTouch(f)
    market = Market(contract, book, f.begin)
    made = []
    for now in range(f.begin + EVERY, f.last + EVERY, EVERY):
        book.place = int(np.searchsorted(f.times, now, "right"))
        traded = int(np.searchsorted(f.exchange.trades, book.place)) - 1
        if traded >= 0:
            message = int(f.order[int(f.exchange.trades[traded])])
            market.prices.last = (int(f.tick[int(f.first[message + 1]) - 1]) >> 2) * contract.tick
        market.reprice(0, now)
        if market.prices.mark:
            made.append((now, market.prices.mark))
    return np.array(made, LOOK)


class TapeTouch:
    """`matching.Matcher` that shows the touch of a recorded book and matches nothing: the recording is the book."""

    def __init__(self, f: Feed) -> None:
        self.feed = f
        self.place = 0
        """Messages that the exchange has had."""

    def top(self, count: int, side: int) -> list[Level]:
        return list(islice(self.levels(side), count))

    def levels(self, side: int) -> Iterator[Level]:
        """(tick, lots), best first."""
        seen, n = self.feed.exchange, self.place - 1
        if n >= 0 and seen.touch[n, side]:
            yield int(seen.touch[n, side]), int(seen.size[n, side])

    def submit(self, order: Wanted, now: int) -> list[Step]:
        return []

    def cancel(self, order_id: int, now: int) -> bool:
        return False

    def reduce(self, order_id: int, lots: int, now: int) -> None:
        return

    def update(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]:
        return []

    def replace(self, bids: Iterable[Level], asks: Iterable[Level], now: int) -> list[Step]:
        return []

    def traded(self, tick: int, lots: int, side: int, now: int) -> list[Step]:
        return []

    def changes(self) -> tuple[list[Level], list[Level]]:
        return [], []
