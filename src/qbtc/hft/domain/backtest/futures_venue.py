"""The fill rule `venue` on futures: the local venue's futures, whole, on the recorded market.

Its matching core, order entry, conditional orders, margin and liquidation. Messages reach it at their time of receipt, as in a
replay of the recording; the mark price at its own times, when the venue looks at the account and at what waits for a price.
Best bid and ask messages are not read, as the venue does not read them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.futures.algos import Algos
from qbtc.core.market.futures.core_matcher import CoreMatcher
from qbtc.core.market.futures.records import Algo, Order
from qbtc.core.market.futures.requests import STPS

from .core_venue import CoreLeg, Place
from .feed import Feed
from .layout import FOREVER, REFUSED
from .margin import ACCOUNT, Keeper
from .resting import answer, expire
from .runner import Leg
from .touches import CLEAR, DEPTH, SNAPSHOT, TRADE


class FuturesVenue:
    """One contract and one account, on the messages of a feed."""

    def __init__(self, leg: Leg, feed: Feed, keeper: Keeper) -> None:
        rules = leg.rules.margin
        assert rules is not None
        self.feed, self.stp = feed, STPS[leg.rules.stp]
        self.keeper, self.venue = keeper, keeper.venue
        self.algos = Algos(self.venue)
        self.place = self.keeper.add(leg, CoreMatcher(rules.contract), feed.begin)
        self.market = self.place.market
        self._known = -1

    @property
    def moments(self) -> NDArray[np.int64]:
        """When each message reaches it, ns."""
        return self.feed.local

    def begin(self, now: int) -> None:
        """The first snapshot is there before the market moves, as in a replay."""
        for at in np.flatnonzero(self.feed.kind == SNAPSHOT)[:1]:
            self.take(int(at), now)

    def take(self, m: int, now: int) -> None:
        """Message `m` of the recording."""
        f, kind = self.feed, int(self.feed.kind[m])
        if kind == TRADE:
            self._trade(m, now)
        elif kind == SNAPSHOT:
            if self._news(m):
                self._settle(self.market.matcher.replace(*self._rows(m), now), now)
        elif kind == DEPTH:
            if not f.seq.size or int(f.seq[m]) > self._known:
                self._news(m)
                self._settle(self.market.matcher.update(*self._rows(m), now), now)
        elif kind == CLEAR:
            self._settle(self.market.matcher.replace([], [], now), now)

    def _news(self, m: int) -> bool:
        number = int(self.feed.seq[m]) if self.feed.seq.size else m
        fresh, self._known = number > self._known, max(number, self._known)
        return fresh

    def _rows(self, m: int) -> tuple[list[Any], list[Any]]:
        f = self.feed
        part = slice(int(f.first[m]), int(f.first[m + 1]))
        code = f.tick[part].astype(np.int64)
        rows: NDArray[np.int64] = np.stack([code >> 2, f.lots[part].astype(np.int64)], axis=1)
        return rows[code & 1 == 0].tolist(), rows[code & 1 == 1].tolist()

    def _trade(self, m: int, now: int) -> None:
        n = int(self.feed.first[m])
        code, lots = int(self.feed.tick[n]), int(self.feed.lots[n])
        side = -1 if code & 1 else 1
        price, quantity = self.market.level((code >> 2, lots))
        self.market.trade(price, quantity, side, now)
        self._settle(self.market.matcher.traded(code >> 2, lots, side, now), now)
        self._waiting(now)

    def _settle(self, steps: Any, now: int) -> None:
        self.venue.settle(self.market, steps, now)

    def _waiting(self, now: int) -> None:
        """Look at what waits for a price."""
        if self.venue.state.open_algos:
            self.algos.run(self.market, now)
        else:
            self.market.take_path()
        self.market.take_trades()

    def look(self, mark: int, now: int) -> None:
        """A new mark price: a price that ruins the account is looked at before what waits for it."""
        self.market.marked(mark)
        self.keeper.guard.watch(now)
        if self.venue.state.open_algos:
            self._waiting(now)
            self.keeper.guard.watch(now)

    def submit(self, slot: int, o: np.void, now: int) -> bool:
        """An order of the desk (layout.ORDER); False: it is refused."""
        if o["stop"]:
            algo = self.place.conditional(o, self.stp)
            return self.keeper.place(self.place, slot, now, lambda: self.algos.place(ACCOUNT, algo, now))
        order = self.place.request(o, self.stp)
        return self.keeper.place(self.place, slot, now, lambda: self.venue.place(ACCOUNT, order, now))

    def cancel(self, slot: int, now: int) -> bool:
        """False: there is nothing to cancel."""
        found = self.keeper.withdrawn(self.place, slot)
        if isinstance(found, Algo):
            self.algos.cancel(found, now)
        elif isinstance(found, Order):
            self.venue.cancel(found, now)
        return found is not None

    def touch(self) -> tuple[int, int]:
        (bid, _), (ask, _) = self.market.touch()
        return bid // self.market.contract.tick, ask // self.market.contract.tick


class FuturesLeg(CoreLeg):
    """A CoreLeg whose exchange is the venue's futures; legs of one run share the account of `keeper`."""

    venue: FuturesVenue

    def __init__(self, leg: Leg, levels: NDArray[Any], place: Place, *, driven: bool, keeper: Keeper) -> None:
        self._keeper = keeper
        super().__init__(leg, levels, place, driven=driven)

    def _venue(self, leg: Leg, place: Place) -> FuturesVenue:
        return FuturesVenue(leg, place.feed, self._keeper)

    def clock(self) -> int:
        return min(super().clock(), self._look_due())

    def _look_due(self) -> int:
        looks, done = self._blocks["looks"], int(self.run["looked"])
        return int(looks["time"][done]) if done < len(looks) else FOREVER

    def _arrive(self, slot: int, o: np.void, now: int) -> None:
        if not self.venue.submit(slot, o, now):
            expire(self.run, slot, now)
        self._told(None, now)

    def _withdraw(self, slot: int, o: np.void, now: int) -> None:
        if not self.venue.cancel(slot, now):
            answer(self.run, slot, REFUSED, 0, 0, 0, now, -1)
        self._told(None, now)

    def _settle(self, r: np.void, now: int) -> None:
        """The mark first, then funding."""
        while self._look_due() <= now:
            mark = int(self._blocks["looks"]["mark"][int(r["looked"])])
            r["looked"] += 1
            self.venue.look(mark, now)
            self._told(None, now)
        before = int(r["settled"])
        super()._settle(r, now)
        for row in range(before, int(r["settled"])):
            self._keeper.funded(self.venue.place, row, now)

    def sample(self) -> None:
        super().sample()
        if next(iter(self._keeper.places.values())) is self.venue.place:
            self._keeper.sampled(int(self.run["now"]))

    def _told(self, events: Any, now: int) -> None:
        self._keeper.tell(now)
