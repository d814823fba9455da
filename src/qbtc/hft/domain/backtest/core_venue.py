"""The fill rule `venue`: the matching core that the local venue runs, on the same recorded market.

The exchange is `core.market.engine.Market`: its book, its filters, its fees, its balances, and the recording as its
background. Messages reach it at their time of receipt, as they do when the venue replays a recording, so that a run has
exactly the fills of that replay. It is driven from Python: exact first, hundreds of thousands of messages a second. A strategy
with legs has a venue for each: book, filters, fees, balances and delays of its own, on one clock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from qbtc.core.market.engine.layout import EVENT, EventKind, Kind, Reason, Tif
from qbtc.core.market.engine.layout import ORDER as CORE_ORDER
from qbtc.core.market.engine.market import Accounts, Events, Market, Spec
from qbtc.core.market.instrument import Instrument
from qbtc.core.market.terms import Terms, ticks

from ..strategy_class import METHODS
from ..strategy_compiled import Program
from ..strategy_records import FOK, IOC, POST
from .desk import hear
from .feed import Feed
from .layout import CANCELED, DONE, EXPIRED, FOREVER, LINE, NEW, OPEN, RAISED, REFUSED, TOO_MANY
from .loop import decide, idle, receive, rooms, sample, wind
from .margin import Keeper, Margin
from .resting import answer, end, fill
from .runner import Leg, Rules, Runner
from .touches import DEPTH, SNAPSHOT, TICKER, TRADE
from .venue import funding_due, settle

UNIT = 10**8
PLENTY = 10**10
"""Of both assets where no balance is asked for: the core charges fees only where money moves."""
_FIELDS = EVENT.names or ()
_ENDS = {EventKind.CANCELED: CANCELED, EventKind.EXPIRED: EXPIRED, EventKind.REJECTED: EXPIRED}
_NO_TOUCH = np.empty((0, 2), np.int32)
TIFS = {IOC: Tif.IOC, FOK: Tif.FOK}


def _kind(o: np.void) -> Kind:
    if o["stop"] > 0:
        return Kind.STOP_LOSS_LIMIT if o["tick"] else Kind.STOP_LOSS
    if o["stop"] < 0:
        return Kind.TAKE_PROFIT_LIMIT if o["tick"] else Kind.TAKE_PROFIT
    return Kind.MARKET if o["tick"] == 0 else Kind.LIMIT_MAKER if o["rest"] == POST else Kind.LIMIT


class Glass(NamedTuple):
    """What `decide` and `sample` look through: nothing computed beforehand, the levels of the desk's book."""

    seen: NDArray[Any]
    levels: NDArray[Any]


class CoreVenue:
    """One market and one account. `funds` (quote, base) in whole units; None: no balance is asked for."""

    def __init__(
        self, feed: Feed, item: Instrument, terms: Terms, funds: tuple[float, float] | None, stp: int = 0,
        accounts: int = 2,
    ) -> None:  # fmt: skip
        self.feed, self.stp = feed, stp
        self.accounts = Accounts(accounts, 2)
        for asset, amount in enumerate(funds or (PLENTY, PLENTY)):
            self.accounts.deposit(1, asset, round(amount * UNIT))
        self.market = Market(
            Spec(0, 1, 0, item.tick_units, item.lot_units, publish=False, ticks=ticks(item)), self.accounts
        )
        terms.fill(item, self.market.rules)
        self._order = np.zeros(1, CORE_ORDER)
        self._known = -1
        self._begun = False

    def begin(self, now: int) -> None:
        """The first snapshot is there before the market moves, as in a replay."""
        for at in np.flatnonzero(self.feed.kind == SNAPSHOT)[:1]:
            self._move(int(at), now, fresh=True)
            self._begun = True

    def take(self, m: int, now: int) -> Events | None:
        """Message `m` of the recording. None: nothing came of it."""
        f, kind = self.feed, int(self.feed.kind[m])
        if kind == TRADE:
            n = int(f.first[m])
            code = int(f.tick[n])
            return self.market.trade(code >> 2, int(f.lots[n]), code & 1, now)
        if kind == TICKER:
            bid, ask = self._touch(m)
            return self.market.ticker(self._id(m), bid, ask, now) if bid[1] and ask[1] else None
        if kind == DEPTH and (not f.seq.size or int(f.seq[m]) > self._known):
            return self._move(m, now, fresh=False)
        return None

    def _move(self, m: int, now: int, *, fresh: bool) -> Events:
        self._known = self._id(m)
        move = self.market.snapshot if fresh else self.market.depth
        return move(*self._rows(m), self._known, now)

    def _touch(self, m: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Best bid and ask of a ticker as (tick, lots), 0 lots where a side is empty."""
        sides = [(0, 0), (0, 0)]
        for n in range(int(self.feed.first[m]), int(self.feed.first[m + 1])):
            code = int(self.feed.tick[n])
            sides[code & 1] = code >> 2, int(self.feed.lots[n])
        return sides[0], sides[1]

    def _id(self, m: int) -> int:
        return int(self.feed.seq[m]) if self.feed.seq.size else m

    def _rows(self, m: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        f = self.feed
        part = slice(int(f.first[m]), int(f.first[m + 1]))
        code = f.tick[part].astype(np.int64)
        rows = np.stack([code >> 2, f.lots[part].astype(np.int64)], axis=1)
        return np.ascontiguousarray(rows[code & 1 == 0]), np.ascontiguousarray(rows[code & 1 == 1])

    def submit(self, o: np.void, now: int) -> Events:
        """An order of the desk (layout.ORDER)."""
        row = self._order[0]
        row["id"], row["account"], row["side"], row["tick"], row["lots"] = o["number"], 1, o["side"], o["tick"], o["lots"]
        row["kind"] = _kind(o)
        row["tif"] = TIFS.get(int(o["rest"]), Tif.GTC)
        row["stop_tick"], row["stp"] = abs(o["stop"]), self.stp
        return self.market.submit(row, now)

    def touch(self) -> tuple[int, int]:
        bid, ask = self.market.touch()
        return bid[0] if bid else 0, ask[0] if ask else 0

    @property
    def moments(self) -> NDArray[np.int64]:
        """When each message reaches it, ns."""
        return self.feed.local


class Place(NamedTuple):
    """Where one leg trades: what its desk receives, and a fresh venue for each run."""

    feed: Feed
    venue: Callable[[], CoreVenue]


class CoreLeg:
    """One market of a run: its venue, and the lines between that and the desk, which are those of `loop`."""

    def __init__(self, leg: Leg, levels: NDArray[Any], place: Place, *, driven: bool) -> None:
        """`driven`: the strategy is asked at every message."""
        self.run, self.feed = leg.run[0], place.feed
        self.venue: Any = self._venue(leg, place)
        self.moments, self._local, self._driven = self.venue.moments, place.feed.local, driven
        self._leg, self._blocks, self._levels = leg, leg.blocks, levels
        self._slots: dict[int, int] = {}
        self.run["deep"] = 1
        self.sees = Glass(np.empty((0, 4), np.int32), levels)

    def _venue(self, leg: Leg, place: Place) -> Any:
        return place.venue()

    def clock(self) -> int:
        """When something is due here that is not the market's way to the exchange."""
        r = self.run
        at = int(r["local"])
        heard = int(self._local[at]) if self._driven and at < self._local.size else FOREVER
        return min(
            heard, self.first("request"), self.first("answer"), int(r["next_timer"]), int(r["next_sample"]), int(r["until"]),
            int(funding_due(r)),
        )  # fmt: skip

    def first(self, line: str) -> int:
        """When the first message of a line arrives."""
        r = self.run
        head = int(r[f"{line}_head"])
        return int(self._blocks[f"{line}s"][head & (LINE - 1)]["time"]) if r[f"{line}_tail"] > head else FOREVER

    @property
    def upcoming(self) -> int:
        """When the next message of the market reaches the exchange."""
        at = int(self.run["place"])
        return int(self.moments[at]) if at < self.moments.size else FOREVER

    def exchange(self, now: int, until: int) -> int:
        """Let that message reach it; the instant at which time must stop now, `until` or earlier if something came of it."""
        r = self.run
        answers = int(r["answer_tail"])
        self._told(self.venue.take(int(r["place"]), now), now)
        r["place"] += 1
        if self._driven:
            until = now
        if r["place"] == self.moments.size or r["answer_tail"] != answers:
            until = min(until, max(self.first("answer"), now))
        return until

    def arrives(self, now: int) -> None:
        """What reaches desk and exchange by now."""
        r, f = self.run, self.feed
        r["now"] = now
        receive(r, f.local, f.kind, f.first, f.tick, f.lots, f.seq, self._levels, f.alone, now)
        self._listen(now)
        self._deliver(r, now)
        self._listen(now)
        self._settle(r, now)

    def sampled(self, now: int) -> None:
        r = self.run
        if now >= r["next_sample"]:
            self.sample()
            r["next_sample"] += r["sampling"]

    def sample(self) -> None:
        sample(self.run, *self.sees)

    @property
    def crowded(self) -> bool:
        """More answers are on their way than there is room for."""
        return int(self.run["answer_tail"]) - int(self.run["answer_head"]) > LINE // 2

    def _settle(self, r: np.void, now: int) -> None:
        """Funding at the mark, or at the mid that the core has."""
        while funding_due(r) <= now:
            row = self._blocks["settlements"][int(r["settled"])]
            bid, ask = self.venue.touch()
            if row["mark"] <= 0 and bid and ask:
                row["mark"] = 0.5 * (bid + ask) * self.feed.tick_size
            settle(r, self.feed.times[:0], _NO_TOUCH)

    def _listen(self, now: int) -> None:
        while self.first("answer") <= now:
            hear(self.run)

    def _deliver(self, r: np.void, now: int) -> None:
        while self.first("request") <= now:
            word = self._blocks["requests"][int(r["request_head"]) & (LINE - 1)]
            r["request_head"] += 1
            slot = int(word["slot"])
            o = self._blocks["orders"][slot]
            self._slots[int(o["number"])] = slot
            if word["verb"] == NEW:
                o["remaining"] = o["lots"]
                self._leg.kept["ledger"][int(o["row"])]["arrived"] = now
                self._arrive(slot, o, now)
            else:
                self._withdraw(slot, o, now)

    def _arrive(self, slot: int, o: np.void, now: int) -> None:
        self._told(self.venue.submit(o, now), now)

    def _withdraw(self, slot: int, o: np.void, now: int) -> None:
        events = self.venue.market.cancel(int(o["number"]), now, 1)
        if len(events) == 1 and events[0]["reason"] == Reason.UNKNOWN_ORDER:
            answer(self.run, slot, REFUSED, 0, 0, 0, now, -1)
        else:
            self._told(events, now)

    def _told(self, events: Events | None, now: int) -> None:
        """What the core says of our orders, to the desk."""
        for values in [] if events is None else events.tolist():
            event = dict(zip(_FIELDS, values, strict=True))
            kind, order, counter = event["kind"], event["order"], event["counter"]
            if kind == EventKind.TRADE:
                for number, maker, fee in ((order, 0, event["fee"]), (counter, 1, event["counter_fee"])):
                    if number in self._slots:
                        self._filled(number, event, maker=maker, fee=fee, now=now)
            elif order in self._slots:
                self._changed(kind, order, now)

    def _filled(self, number: int, event: dict[str, int], *, maker: int, fee: int, now: int) -> None:
        r, slot = self.run, self._slots[number]
        side = int(self._blocks["orders"][slot]["side"])
        fill(r, slot, event["tick"], event["lots"], maker, now, *self.venue.touch())
        price = event["tick"] * self.feed.tick_size
        self._leg.kept["fills"][int(r["fills"]) - 1]["fee"] = fee / UNIT * (price if side == 0 else 1.0)

    def _changed(self, kind: int, number: int, now: int) -> None:
        r, slot = self.run, self._slots[number]
        if kind == EventKind.ACCEPTED:
            answer(r, slot, OPEN, 0, 0, 0, now, -1)
        elif kind in _ENDS:
            end(r, self._blocks["orders"][slot], _ENDS[EventKind(kind)], now)
            answer(r, slot, _ENDS[EventKind(kind)], 0, 0, 0, now, -1)


class CoreRunner(Runner):
    """A Runner whose exchanges are the core, one a leg on one clock."""

    def __init__(
        self, program: Program, parameters: dict[str, float], places: Sequence[Place], rules: Rules | Sequence[Rules]
    ) -> None:
        super().__init__(program, parameters, [place.feed for place in places], rules)
        driven = program.has("on_book") or program.has("on_trade")
        desks = zip(self.legs, self.scratch.books, places, strict=True)
        self.markets = [self._market(leg, book.levels, place._replace(feed=leg.feed), driven=driven) for leg, book, place in desks]
        self._sees = tuple(market.sees for market in self.markets)
        self._again = (places, rules)
        self._methods = sum(1 << n for n, name in enumerate(METHODS) if program.has(name))

    def _margin(self, account: Margin, begin: int) -> None:
        self.keeper = Keeper(account, begin)

    def _market(self, leg: Leg, levels: NDArray[Any], place: Place, *, driven: bool) -> CoreLeg:
        if leg.rules.margin is None or self.keeper is None:
            return CoreLeg(leg, levels, place, driven=driven)
        from .futures_venue import FuturesLeg

        return FuturesLeg(leg, levels, place, driven=driven, keeper=self.keeper)

    def _copy(self) -> Runner:
        return type(self)(self.program, self.parameters, *self._again)

    def _steps(self) -> int:
        for market in self.markets:
            market.venue.begin(market.feed.begin)
        while True:
            now = self._exchanges(min(market.clock() for market in self.markets))
            if now == FOREVER:
                return self._done()
            code = self._instant(now)
            if code is not None:
                return code

    def _exchanges(self, until: int) -> int:
        """Let the markets reach their exchanges, whichever is first, up to an instant; that, or an earlier one at which something came of it."""
        while True:
            market = self.markets[0] if len(self.markets) == 1 else min(self.markets, key=lambda each: each.upcoming)
            now = market.upcoming
            if now > until or now == FOREVER:
                break
            until = market.exchange(now, until)
        first = self.runs[0]
        return min(until, int(first["last"])) if until == FOREVER and first["now"] < first["last"] else until

    def _instant(self, now: int) -> int | None:
        """What happens at one moment; a code when the run ends with it."""
        runs, first = self.runs, self.runs[0]
        for leg, market in zip(self.legs, self.markets, strict=True):
            if not rooms(market.run, len(self.legs)):
                leg.grow()
            if market.crowded:
                return TOO_MANY
        for market in self.markets:
            market.arrives(now)
        over = now >= first["until"] or (now >= first["last"] and self._quiet)
        if not over:
            wind(first)
            for market in self.markets:
                market.sampled(now)
        due = int(np.bitwise_or.reduce(runs["due"]))
        if due & self._methods and now < first["until"] and not decide(runs, self._sees):
            return RAISED
        return self._done() if over and (now >= first["until"] or self._quiet) else None

    @property
    def _quiet(self) -> bool:
        return all(idle(market.run) for market in self.markets)

    def _done(self) -> int:
        for market in self.markets:
            market.sample()
        return DONE
