"""The fill rule `venue`: the matching core that the local venue runs, on the same recorded market.

The exchange is `core.market.engine.Market`: its book, its filters, its fees, its balances, and the recording as its
background. Messages reach it at their time of receipt, as they do when the venue replays a recording, so that a run has
exactly the fills of that replay. It is driven from Python: exact first, hundreds of thousands of messages a second.
"""

from __future__ import annotations

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
from .resting import answer, end, fill
from .runner import Rules, Runner
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


class CoreRunner(Runner):
    """A Runner whose exchange is the core. The feed's exchange times must be its times of receipt."""

    def __init__(
        self, program: Program, parameters: dict[str, float], feed: Feed, rules: Rules, item: Instrument, terms: Terms,
        funds: tuple[float, float] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(program, parameters, feed, rules)
        self.venue = CoreVenue(feed, item, terms, funds, rules.stp)
        self.feed, self.run, self._moments = feed, self.runs, feed.local
        self._blocks, self._kept = self.legs[0].blocks, self.legs[0].kept
        self._levels = self.scratch.books[0].levels
        self._sees = (Glass(np.empty((0, 4), np.int32), self._levels),)
        self.run["deep"] = 1
        self._again = (feed, rules, item, terms, funds)
        self._slots: dict[int, int] = {}
        self._driven = program.has("on_book") or program.has("on_trade")
        self._methods = sum(1 << n for n, name in enumerate(METHODS) if program.has(name))

    def _copy(self) -> Runner:
        return CoreRunner(self.program, self.parameters, *self._again)

    def _steps(self) -> int:
        self.venue.begin(self.feed.begin)
        while True:
            now = self._exchange(self._clock())
            if now == FOREVER:
                return self._done()
            code = self._instant(now)
            if code is not None:
                return code

    def _clock(self) -> int:
        """When something is due that is not the market."""
        r = self.run[0]
        return min(
            self._first("request"), self._first("answer"), int(r["next_timer"]), int(r["next_sample"]), int(r["until"]), int(funding_due(r))
        )  # fmt: skip

    def _first(self, line: str) -> int:
        """When the first message of a line arrives."""
        r = self.run[0]
        head = int(r[f"{line}_head"])
        return int(self._blocks[f"{line}s"][head & (LINE - 1)]["time"]) if r[f"{line}_tail"] > head else FOREVER

    def _exchange(self, until: int) -> int:
        """Let the market reach the exchange up to an instant; returns that instant, earlier if something came of it."""
        r, local = self.run[0], self._moments
        at, answers = int(r["place"]), int(r["answer_tail"])
        while at < local.size and local[at] <= until:
            if self._driven:
                until = int(local[at])
            self._told(self.venue.take(at, int(local[at])), int(local[at]))
            at += 1
            if at == local.size or r["answer_tail"] != answers:
                answers, until = int(r["answer_tail"]), min(until, max(self._first("answer"), int(local[at - 1])))
        r["place"] = at
        return min(until, int(r["last"])) if until == FOREVER and r["now"] < r["last"] else until

    def _instant(self, now: int) -> int | None:
        """What happens at one moment; a code when the run ends with it."""
        r, f, levels = self.run[0], self.feed, self._levels
        r["now"] = now
        if not rooms(r, 1):
            self.legs[0].grow()
        if int(r["answer_tail"]) - int(r["answer_head"]) > LINE // 2:
            return TOO_MANY
        receive(r, f.local, f.kind, f.first, f.tick, f.lots, f.seq, levels, f.alone, now)
        self._listen(now)
        self._deliver(r, now)
        self._listen(now)
        self._settle(r, now)
        over = now >= r["until"] or (now >= r["last"] and idle(r))
        if not over:
            wind(r)
            if now >= r["next_sample"]:
                sample(r, *self._sees[0])
                r["next_sample"] += r["sampling"]
        if r["due"] & self._methods and now < r["until"] and not decide(self.run, self._sees):
            return RAISED
        return self._done() if over and (now >= r["until"] or idle(r)) else None

    def _settle(self, r: np.void, now: int) -> None:
        """Funding at the mark, or at the mid that the core has."""
        while funding_due(r) <= now:
            row = self._blocks["settlements"][int(r["settled"])]
            bid, ask = self.venue.touch()
            if row["mark"] <= 0 and bid and ask:
                row["mark"] = 0.5 * (bid + ask) * self.feed.tick_size
            settle(r, self.feed.times[:0], _NO_TOUCH)

    def _done(self) -> int:
        sample(self.run[0], *self._sees[0])
        return DONE

    def _listen(self, now: int) -> None:
        while self._first("answer") <= now:
            hear(self.run[0])

    def _deliver(self, r: np.void, now: int) -> None:
        while self._first("request") <= now:
            word = self._blocks["requests"][int(r["request_head"]) & (LINE - 1)]
            r["request_head"] += 1
            slot = int(word["slot"])
            o = self._blocks["orders"][slot]
            self._slots[int(o["number"])] = slot
            if word["verb"] == NEW:
                o["remaining"] = o["lots"]
                self._kept["ledger"][int(o["row"])]["arrived"] = now
                self._told(self.venue.submit(o, now), now)
                continue
            events = self.venue.market.cancel(int(o["number"]), now, 1)
            if len(events) == 1 and events[0]["reason"] == Reason.UNKNOWN_ORDER:
                answer(r, slot, REFUSED, 0, 0, 0, now, -1)
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
        r, slot = self.run[0], self._slots[number]
        side = int(self._blocks["orders"][slot]["side"])
        fill(r, slot, event["tick"], event["lots"], maker, now, *self.venue.touch())
        price = event["tick"] * self.feed.tick_size
        self._kept["fills"][int(r["fills"]) - 1]["fee"] = fee / UNIT * (price if side == 0 else 1.0)

    def _changed(self, kind: int, number: int, now: int) -> None:
        r, slot = self.run[0], self._slots[number]
        if kind == EventKind.ACCEPTED:
            answer(r, slot, OPEN, 0, 0, 0, now, -1)
        elif kind in _ENDS:
            end(r, self._blocks["orders"][slot], _ENDS[EventKind(kind)], now)
            answer(r, slot, _ENDS[EventKind(kind)], 0, 0, 0, now, -1)
