"""The margin account of a compiled run: the loop asks and tells it by one C function a market (`layout.ENTERS` …)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from qbtc.core.market.book import Level
from qbtc.core.market.futures.errors import FCode, error
from qbtc.core.market.futures.matching import BACKGROUND, Fill, Step, Wanted

from .history import next_level
from .layout import ENDED, ENTERS, FUNDED, LOOKS, SAMPLED, TRADED, TRIGGERS, WAITS
from .margin import ACCOUNT, Keeper, Margin, Place
from .marks import TapeTouch
from .resting import unrest

if TYPE_CHECKING:
    from .runner import Leg

CALLBACK: Any = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)
PLENTY = 1 << 40
"""Lots at the best price where fills are of whole orders."""


class TapeBook(TapeTouch):
    """The recorded book, which does not change by what is taken from it: of orders only those of a liquidation are matched here,
    the others by the exchange of the run."""

    def __init__(self, keeper: RunKeeper, leg: Leg) -> None:
        super().__init__(leg.feed)
        self._keeper, self._leg = keeper, leg

    def levels(self, side: int) -> Iterator[Level]:
        f, first = self.feed, next(super().levels(side), None)
        if first is None:
            return
        if not self._leg.rules.partial:
            yield first[0], PLENTY
            return
        yield first
        span, low, lots = f.span, int(self._leg.run["book"]["low"][0]), 0
        code = side * span + first[0] - low
        while not f.alone:
            code, lots = next_level(f.exchange.history, span, side, code, self.place)
            if lots == 0:
                return
            yield int(code) - side * span + low, int(lots)

    def submit(self, order: Wanted, now: int) -> list[Step]:
        steps: list[Step] = []
        left = order.lots
        for tick, lots in self.levels(1 if order.side > 0 else 0):
            if (tick - order.tick) * order.side > 0 or left == 0:
                break
            steps.append(Fill(BACKGROUND, order.order_id, order.side, tick, min(lots, left)))
            left -= min(lots, left)
        return steps

    def cancel(self, order_id: int, now: int) -> bool:
        place, slot = self._keeper.slot_of(order_id)
        if place.order(slot)["resting"]:
            unrest(place.run, slot, place.leg.own)
        return True


class RunKeeper(Keeper):
    """A Keeper that compiled code asks."""

    def __init__(self, margin: Margin, legs: Sequence[Leg], begin: int) -> None:
        super().__init__(margin, begin)
        self._legs, self._busy = legs, False
        self._books: dict[str, TapeBook] = {}
        self._functions = [self._attach(leg, begin) for leg in legs if leg.rules.margin]

    def slot_of(self, order_id: int) -> tuple[Place, int]:
        return self._slots[order_id]

    def _attach(self, leg: Leg, begin: int) -> Any:
        book = TapeBook(self, leg)
        place = self.add(leg, book, begin)
        self._books[place.symbol] = book
        first = len(self.places) == 1
        answers: dict[int, Callable[[int, int], int | None]] = {
            ENTERS: lambda slot, at: self._enters(place, slot, at),
            WAITS: lambda slot, at: self._waits_here(place, slot, at, at_once=False),
            TRIGGERS: lambda slot, at: self._waits_here(place, slot, at, at_once=True),
            TRADED: lambda slot, at: self.booked(place, slot, at),
            ENDED: lambda row, at: self.ended(place, row, at),
            LOOKS: lambda _, at: self._looks(place, at),
            SAMPLED: lambda _, at: self.sampled(at) if first else None,
            FUNDED: lambda row, at: self.funded(place, row, at),
        }

        def asked(what: int, number: int, at: int) -> int:
            if self._busy:
                return 0
            try:
                return answers[what](number, at) or 0
            except BaseException as fault:
                self._fail(fault, at)
                return 1

        function = CALLBACK(asked)
        leg.run["margin"] = _address(function)
        return function

    def _fail(self, fault: BaseException, at: int) -> None:
        """Nothing may be raised through compiled code: the run is ended, and who called it raises."""
        self.fault = self.fault or fault
        for leg in self._legs:
            leg.run["until"] = at

    def _enters(self, place: Place, slot: int, at: int) -> int:
        self._books[place.symbol].place = int(place.run["place"])
        request = place.request(place.order(slot))
        if not self.place(place, slot, at, lambda: self.entered(place, slot, self.venue.check(ACCOUNT, request, at))):
            return 1
        self.facts.clear()
        return 0

    def _waits_here(self, place: Place, slot: int, at: int, *, at_once: bool) -> int:
        """A stop or if-touched order arrives; the exchange of the run knows whether its price is there already."""

        def check() -> None:
            rules = self.venue.trading(place.symbol).contract
            if int(place.run["stops"]) >= rules.max_algos:
                raise error(FCode.MAX_ALGO)
            if at_once:
                raise error(FCode.WOULD_TRIGGER)

        return int(not self.place(place, slot, at, check))

    def _looks(self, place: Place, at: int) -> None:
        place.market.marked(int(place.run["mark"]))
        if not self.needed:
            return
        for symbol, each in self.places.items():
            self._books[symbol].place = int(np.searchsorted(each.leg.feed.times, at, "right"))
        self._busy = True
        try:
            self.guard.watch(at)
            self.tell(at)
        finally:
            self._busy = False

    @property
    def needed(self) -> bool:
        """Whether there is a position or a debt to look at."""
        account = self.venue.state.account(ACCOUNT)
        return account.wallet < 0 or any(True for _ in account.held())


def _address(function: Any) -> int:
    return int(ctypes.cast(function, ctypes.c_void_p).value or 0)
