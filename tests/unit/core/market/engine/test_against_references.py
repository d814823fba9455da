"""The compiled core against the plain Python matchers: the same calls give the same trades, books and queues."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.reference.market import orders as plain
from tests.reference.market.background import BackgroundMarket, Touch
from tests.reference.market.matching import Engine
from tests.sizes import examples

from qbtc.core.market.book import Side as PlainSide
from qbtc.core.market.engine.layout import Kind, Side, Stp, Tif

from .desk import Desk, ended, fills, kinds, order, refused

TIFS = {Tif.GTC: plain.TimeInForce.GTC, Tif.IOC: plain.TimeInForce.IOC, Tif.FOK: plain.TimeInForce.FOK}
KINDS = {Kind.LIMIT: plain.Kind.LIMIT, Kind.MARKET: plain.Kind.MARKET, Kind.LIMIT_MAKER: plain.Kind.LIMIT_MAKER}
MODES = {
    Stp.NONE: plain.SelfTrade.NONE,
    Stp.EXPIRE_TAKER: plain.SelfTrade.EXPIRE_TAKER,
    Stp.EXPIRE_MAKER: plain.SelfTrade.EXPIRE_MAKER,
    Stp.EXPIRE_BOTH: plain.SelfTrade.EXPIRE_BOTH,
}
placing = st.tuples(
    st.just("place"),
    st.sampled_from(list(Side)),
    st.sampled_from([Kind.LIMIT, Kind.LIMIT, Kind.LIMIT, Kind.LIMIT_MAKER, Kind.MARKET]),
    st.integers(95, 106),
    st.integers(1, 12),
    st.sampled_from(list(TIFS)),
    st.sampled_from(list(MODES)),
    st.integers(1, 3),
)
cancelling = st.tuples(st.just("cancel"), st.integers(1, 60))


def both(number: int, step: tuple[Any, ...]) -> tuple[np.void, plain.Order]:
    _, side, kind, tick, lots, tif, mode, account = step
    tif = tif if kind is Kind.LIMIT else Tif.GTC
    tick = 0 if kind is Kind.MARKET else tick
    ours = order(number, account, side, lots, tick, kind=kind, tif=tif, stp=mode)
    return ours, plain.Order(number, account, PlainSide(side), KINDS[kind], lots, tick, TIFS[tif], MODES[mode])


def plain_fills(events: list[plain.Event]) -> list[tuple[int, int, int, int]]:
    return [(e.taker_id, e.maker_id, e.tick, e.quantity) for e in events if isinstance(e, plain.Traded)]


def plain_ends(events: list[plain.Event]) -> set[int]:
    return {e.order_id for e in events if isinstance(e, plain.Cancelled)}


@settings(max_examples=examples(150), deadline=None)
@given(st.lists(st.one_of(placing, placing, placing, cancelling), max_size=60))
def test_orders_match_as_in_the_order_level_engine(steps: list[tuple[Any, ...]]) -> None:
    desk, engine = Desk(funds=False), Engine()
    for number, step in enumerate(steps, 1):
        if step[0] == "cancel":
            ours, theirs = desk.cancel(step[1]), engine.cancel(step[1], number)
        else:
            record, twin = both(number, step)
            ours, theirs = desk.market.submit(record, number), engine.submit(twin, number)
        assert fills(ours) == plain_fills(theirs)
        if not (kinds(ours) == ["REJECTED"] and refused(ours).name == "NO_DEPTH"):
            assert set(ended(ours)) == plain_ends(theirs)
            assert (kinds(ours) == ["REJECTED"]) == isinstance(theirs[0], plain.Rejected)
        for side in (0, 1):
            assert [tuple(row) for row in desk.market.top(30, side).tolist()] == engine.top(30, side)
    for number in range(1, len(steps) + 1):
        found = desk.market.order(number)
        left = int(found["lots"] - found["filled"] - found["prevented"]) if found is not None else 0
        assert left == engine.remaining(number)


level = st.tuples(st.integers(97, 104), st.integers(0, 30))
moving = st.one_of(
    st.tuples(st.just("trade"), st.sampled_from(list(Side)), st.integers(95, 106), st.integers(1, 30)),
    st.tuples(st.just("depth"), st.lists(level, max_size=4), st.lists(level, max_size=4)),
    st.tuples(st.just("centre"), st.integers(97, 104), st.integers(1, 30)),
    st.tuples(st.just("touch"), st.integers(97, 104), st.integers(1, 30), st.integers(-1, 3)),
    st.tuples(st.just("snapshot"), st.integers(97, 104), st.integers(1, 30)),
)


def rows(levels: Any) -> np.ndarray:
    return np.array(list(levels), np.int64).reshape(-1, 2)


class Pair:
    """The core and the plain background market, moved together."""

    def __init__(self) -> None:
        self.desk, self.plain = Desk(funds=False), BackgroundMarket()
        self.update = 1
        self.bids, self.asks = {100, 99}, {101, 102}
        self.desk.market.snapshot(rows([(100, 10), (99, 20)]), rows([(101, 10), (102, 20)]), 1, 0)
        self.plain.on_snapshot([(100, 10), (99, 20)], [(101, 10), (102, 20)], 1, 0)

    def step(self, number: int, step: tuple[Any, ...]) -> tuple[Any, list[plain.Event]]:
        return getattr(self, "_" + step[0])(number, step)  # type: ignore[no-any-return]

    def _place(self, number: int, step: tuple[Any, ...]) -> tuple[Any, list[plain.Event]]:
        # The plain one takes all orders for one account's.
        record, twin = both(number, (*step[:-1], 1))
        theirs = self.plain.submit(twin, number)
        # The plain one looks at how much is still in front of an order only when the background moves next.
        assert self.plain.on_depth([], [], self.plain.book.update_id, number) == []
        return self.desk.market.submit(record, number), theirs

    def _cancel(self, number: int, step: tuple[Any, ...]) -> tuple[Any, list[plain.Event]]:
        return self.desk.cancel(step[1]), self.plain.cancel(step[1], number)

    def _trade(self, number: int, step: tuple[Any, ...]) -> tuple[Any, list[plain.Event]]:
        _, taker, tick, lots = step
        ours = self.desk.market.trade(tick, lots, taker, number)
        return ours, self.plain.on_trade(tick, lots, PlainSide(taker), number)

    def _touch(self, number: int, step: tuple[Any, ...]) -> tuple[Any, list[plain.Event]]:
        _, tick, lots, ahead = step
        bid, ask, update = (tick - 1, lots), (tick, lots + 1), self.update + ahead
        return self.desk.market.ticker(update, bid, ask, number), self.plain.on_touch(Touch(update, bid, ask), number)

    def _moved(self, number: int, bids: Any, asks: Any, fresh: bool) -> tuple[Any, list[plain.Event]]:
        self.update += 2
        move = self.desk.market.snapshot if fresh else self.desk.market.depth
        ours = move(rows(bids), rows(asks), self.update, number)
        theirs = self.plain.on_snapshot if fresh else self.plain.on_depth
        return ours, theirs(bids, asks, self.update, number)

    def _centre(self, number: int, step: tuple[Any, ...]) -> tuple[Any, list[plain.Event]]:
        _, tick, lots = step
        gone = [(t, 0) for t in self.bids], [(t, 0) for t in self.asks]
        self.bids, self.asks = {tick - 1, tick - 2}, {tick, tick + 1}
        new = [(t, lots) for t in self.bids], [(t, lots) for t in self.asks]
        return self._moved(number, gone[0] + new[0], gone[1] + new[1], False)

    def _snapshot(self, number: int, step: tuple[Any, ...]) -> tuple[Any, list[plain.Event]]:
        _, tick, lots = step
        self.bids, self.asks = {tick - 1, tick - 2}, {tick, tick + 1}
        return self._moved(number, [(t, lots) for t in self.bids], [(t, lots) for t in self.asks], True)

    def _depth(self, number: int, step: tuple[Any, ...]) -> tuple[Any, list[plain.Event]]:
        middle = min(self.asks)
        bids = [(t, q) for t, q in step[1] if t < middle]
        asks = [(t, q) for t, q in step[2] if t >= middle]
        self.bids |= {t for t, _ in bids}
        self.asks |= {t for t, _ in asks}
        return self._moved(number, bids, asks, False)


BEHIND_TWENTY = ("place", Side.BUY, Kind.LIMIT, 99, 1, Tif.GTC, Stp.NONE, 1)


@example([BEHIND_TWENTY, ("snapshot", 100, 1), ("trade", Side.SELL, 99, 1)])
@settings(max_examples=examples(200), deadline=None)
@given(st.lists(st.one_of(placing, placing, cancelling, moving, moving), max_size=50))
def test_orders_meet_a_background_as_in_the_plain_background_market(steps: list[tuple[Any, ...]]) -> None:
    pair = Pair()
    for number, step in enumerate(steps, 1):
        ours, theirs = pair.step(number, step)
        assert fills(ours) == plain_fills(theirs), (number, step)
        for side in (0, 1):
            ours_top = [tuple(row) for row in pair.desk.market.top(40, side).tolist()]
            assert ours_top == pair.plain.top(40, side), (number, step)
        assert pair.desk.market.touch() == pair.plain.published_touch(), (number, step)
    ours_changed = [[tuple(row) for row in part.tolist()] for part in pair.desk.market.take_changes()]
    assert ours_changed == [list(part) for part in pair.plain.take_changes()]
