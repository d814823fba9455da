"""Whatever is asked of a market, money stays, locks add up, the book is never crossed, and events tell the whole story."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sizes import examples

from qbtc.core.market.engine.layout import FREE, LOCKED, ORDER, EventKind, Kind, ListKind, Side, Status, Stp, Tif

from .desk import BASE, QUOTE, Desk, order

UNIT = 10**4
STOPS = (Kind.STOP_LOSS, Kind.STOP_LOSS_LIMIT, Kind.TAKE_PROFIT, Kind.TAKE_PROFIT_LIMIT)
ticks = st.integers(92, 108)
lots = st.integers(1, 20)
sides = st.sampled_from(list(Side))
accounts = st.integers(1, 3)
modes = st.sampled_from(list(Stp))
plain = st.tuples(
    st.just("plain"), accounts, sides, st.sampled_from([Kind.LIMIT] * 4 + [Kind.LIMIT_MAKER, Kind.MARKET]), ticks, lots,
    st.sampled_from(list(Tif)), modes, st.integers(0, 6),
)  # fmt: skip
by_quote = st.tuples(st.just("by_quote"), accounts, sides, st.integers(1, 3000), modes)
stop = st.tuples(st.just("stop"), accounts, sides, st.sampled_from(STOPS), ticks, ticks, lots, st.integers(0, 300))
pair = st.tuples(st.just("pair"), accounts, sides, lots, st.integers(1, 6), st.integers(1, 6), st.booleans())
chain = st.tuples(st.just("chain"), accounts, sides, ticks, lots, lots, st.integers(1, 6), st.booleans())
other = st.one_of(
    st.tuples(st.just("cancel"), st.integers(1, 80)),
    st.tuples(st.just("amend"), st.integers(1, 80), lots),
    st.tuples(st.just("level"), sides, st.integers(94, 106), st.integers(0, 30)),
    st.tuples(st.just("recorded"), sides, ticks, lots),
    st.tuples(st.just("touch"), st.integers(95, 105), lots),
)
steps = st.lists(st.one_of(plain, plain, plain, by_quote, stop, stop, pair, chain, other, other), max_size=50)


class Story:
    """A desk, and what its events alone tell: balances, and what every open order locks."""

    def __init__(self, money: int) -> None:
        self.desk = Desk(3, money)
        self.desk.market.rules["maker_rate"], self.desk.market.rules["taker_rate"] = 100_000, 250_000
        self.told = self.desk.accounts.array.copy()
        self.open: dict[int, tuple[int, int, int]] = {}
        self.number, self.update = 0, 0
        self.placed: dict[int, int] = {}
        self.filled: dict[int, int] = {}

    def act(self, step: tuple[Any, ...]) -> None:
        events = getattr(self, "_" + step[0])(*step[1:])
        if len(events):
            assert list(np.flatnonzero(events["last"])) == [len(events) - 1]
        for event in events:
            self._fold({name: int(event[name]) for name in event.dtype.names})

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _plain(self, account: int, side: Side, kind: Kind, tick: int, size: int, tif: Tif, mode: Stp, ice: int) -> Any:
        if kind is not Kind.LIMIT:
            tif = Tif.GTC
        ice = ice if tif is Tif.GTC and kind is not Kind.MARKET and ice < size else 0
        tick = 0 if kind is Kind.MARKET else tick
        return self.desk.place(self._next(), account, side, size, tick, kind=kind, tif=tif, stp=mode, iceberg=ice)

    def _by_quote(self, account: int, side: Side, budget: int, mode: Stp) -> Any:
        return self.desk.place(self._next(), account, side, 0, 0, budget=budget, stp=mode)

    def _stop(self, account: int, side: Side, kind: Kind, tick: int, at: int, size: int, trailing: int) -> Any:
        trailing = trailing if trailing > 100 else 0
        tick = tick if kind in (Kind.STOP_LOSS_LIMIT, Kind.TAKE_PROFIT_LIMIT) else 0
        at = 0 if trailing % 2 else at
        return self.desk.place(
            self._next(), account, side, size, tick, kind=kind, stop_tick=at, trailing=trailing, stp=Stp.EXPIRE_TAKER
        )

    def _legs(self, account: int, side: Side, size: int, up: int, down: int, market: bool) -> tuple[Any, Any]:
        """Above and below of a pair around the last price."""
        last = self.desk.market.last_tick or 100
        stop_kind = Kind.STOP_LOSS if market else Kind.STOP_LOSS_LIMIT
        limit, stop_at = (last + up, last - down) if side is Side.SELL else (last - down, last + up)
        maker = order(self._next(), account, side, size, limit, kind=Kind.LIMIT_MAKER)
        price = 0 if market else stop_at
        stop_leg = order(self._next(), account, side, size, price, kind=stop_kind, stop_tick=stop_at)
        return (maker, stop_leg) if side is Side.SELL else (stop_leg, maker)

    def _pair(self, account: int, side: Side, size: int, up: int, down: int, market: bool) -> Any:
        legs = self._legs(account, side, size, up, down, market)
        return self.desk.place_list(ListKind.OCO, 1000 + self.number, *legs)

    def _chain(self, account: int, side: Side, tick: int, size: int, other: int, gap: int, three: bool) -> Any:
        working = order(self._next(), account, side, size, tick)
        back = Side.SELL if side is Side.BUY else Side.BUY
        if three:
            legs = self._legs(account, back, other, gap, gap, bool(other % 2))
            return self.desk.place_list(ListKind.OTOCO, 1000 + self.number, working, *legs)
        pending = order(self._next(), account, back, other, tick + gap if other % 2 else 0)
        return self.desk.place_list(ListKind.OTO, 1000 + self.number, working, pending)

    def _cancel(self, number: int) -> Any:
        return self.desk.cancel(number)

    def _amend(self, number: int, size: int) -> Any:
        return self.desk.amend(number, size)

    def _level(self, side: Side, tick: int, size: int) -> Any:
        # Whatever the other side shows at this price or through it goes, as in a real feed that is never crossed.
        self.update += 1
        rows = [np.array([[t, 0] for t in span]) for span in (range(tick, 107), range(94, tick + 1))]
        rows = [part.reshape(-1, 2).astype(np.int64) for part in rows]
        rows[side] = np.array([[tick, size]], np.int64)
        return self.desk.market.depth(rows[0], rows[1], self.update, self.desk.now).copy()

    def _recorded(self, taker: Side, tick: int, size: int) -> Any:
        return self.desk.market.trade(tick, size, taker, self.desk.now).copy()

    def _touch(self, tick: int, size: int) -> Any:
        return self.desk.market.ticker(self.update + 1, (tick - 1, size), (tick, size), self.desk.now).copy()

    # ---- the fold

    def _fold(self, event: dict[str, int]) -> None:
        kind = EventKind(event["kind"])
        if kind in (EventKind.REJECTED, EventKind.LIST):
            return
        if kind is EventKind.ACCEPTED:
            self.placed[event["order"]] = event["lots"]
        if kind is EventKind.AMENDED:
            self.placed[event["order"]] = event["lots"]
        if kind is EventKind.TRADE:
            self._trade(event)
        self._lock(event["order"], event["account"], event["side"], event["status"], event["locked"])
        if event["counter"]:
            self._lock(
                event["counter"], event["counter_account"], 1 - event["side"], event["counter_status"],
                event["counter_locked"],
            )  # fmt: skip

    def _trade(self, event: dict[str, int]) -> None:
        buys = event["side"] == Side.BUY
        takes, makes = event["account"], event["counter_account"]
        buyer, seller = (takes, makes) if buys else (makes, takes)
        size = event["lots"] * UNIT
        for account, asset, amount in (
            (buyer, QUOTE, -event["quote"]), (buyer, BASE, size), (seller, BASE, -size), (seller, QUOTE, event["quote"]),
            (takes, BASE if buys else QUOTE, -event["fee"]), (0, BASE if buys else QUOTE, event["fee"]),
            (makes, QUOTE if buys else BASE, -event["counter_fee"]), (0, QUOTE if buys else BASE, event["counter_fee"]),
        ):  # fmt: skip
            self.told[account, asset, FREE] += amount
        for number in (event["order"], event["counter"]):
            self.filled[number] = self.filled.get(number, 0) + event["lots"]

    def _lock(self, number: int, account: int, side: int, status: int, locked: int) -> None:
        if number == 0:
            return
        asset = QUOTE if side == Side.BUY else BASE
        before = self.open.pop(number, (account, asset, 0))[2]
        self.told[account, asset, FREE] += before - locked
        self.told[account, asset, LOCKED] += locked - before
        if status < Status.FILLED:
            self.open[number] = (account, asset, locked)
        else:
            assert locked == 0

    # ---- what must hold

    def check(self, money: int) -> None:
        held = self.desk.accounts.array
        assert held[1:].min() >= 0
        assert held.sum(axis=(0, 2)).tolist() == [3 * money, 3 * money]
        assert held.tolist() == self.told.tolist()
        locks = np.zeros_like(held[:, :, LOCKED])
        for number, (account, asset, locked) in self.open.items():
            found = self.desk.market.order(number)
            assert found is not None
            assert found["locked"] == locked
            locks[account, asset] += locked
        assert locks.tolist() == held[:, :, LOCKED].tolist()
        assert len(self.desk.market) == len(self.open)
        bid, ask = self.desk.market.touch()
        assert not (bid and ask and bid[0] >= ask[0])
        assert all(
            size <= self.placed[number] or not self.placed[number] for number, size in self.filled.items() if number
        )


@settings(max_examples=examples(250), deadline=None)
@given(steps)
def test_money_stays_locks_add_up_and_events_tell_all(found: list[tuple[Any, ...]]) -> None:
    story = Story(money=50_000)
    for step in found:
        story.act(step)
        story.check(50_000)
    for number in list(story.open):
        story.act(("cancel", number))
    story.check(50_000)
    assert story.desk.accounts.array[:, :, LOCKED].sum() == 0
    assert story.desk.accounts.totals["orders"].tolist() == [0] * 4
    assert story.desk.accounts.totals["lists"].tolist() == [0] * 4
    assert story.desk.accounts.totals["buying"].tolist() == [0] * 4


@settings(max_examples=examples(60), deadline=None)
@given(steps)
def test_equal_calls_give_equal_states(found: list[tuple[Any, ...]]) -> None:
    stories = Story(10**7), Story(10**7)
    for story in stories:
        for step in found:
            story.act(step)
    assert stories[0].desk.market.state_hash() == stories[1].desk.market.state_hash()


@settings(max_examples=examples(100), deadline=None)
@given(steps)
def test_open_orders_put_back_in_queue_order_give_the_same_book(found: list[tuple[Any, ...]]) -> None:
    story = Story(10**7)
    turns: dict[int, int] = {}
    arrived = (EventKind.ACCEPTED, EventKind.TRIGGERED, EventKind.STARTED, EventKind.REPLENISHED)
    for step in found:
        story.act(step) if step[0] not in ("level", "recorded", "touch") else None
    market = story.desk.market
    queue = [number for number in story.open if market.order(number) is not None]
    saved = np.array([market.order(number) for number in queue], ORDER) if queue else np.zeros(0, ORDER)
    again = Desk(3, 10**7)
    again.accounts.array[:] = story.desk.accounts.array
    again.market.last_tick = market.last_tick
    again.market.restore(saved, hold=False)
    del turns, arrived
    for side in (0, 1):
        assert {row[0] for row in again.market.top(99, side).tolist()} == {
            row[0] for row in market.top(99, side).tolist()
        }
    for number in queue:
        if market.order(number) is not None:
            market.cancel(number, 99)
            again.market.cancel(number, 99)
    assert again.accounts.array.tolist() == story.desk.accounts.array.tolist()


def walk(seed: int, count: int) -> list[tuple[Any, ...]]:
    """A long day: many orders close to each other."""
    dice = random.Random(seed)
    kinds = [Kind.LIMIT] * 6 + [Kind.LIMIT_MAKER, Kind.MARKET]

    def tick() -> int:
        return dice.randint(96, 104)

    makers = {
        "plain": lambda side: (
            *(dice.randint(1, 3), side, dice.choice(kinds), tick(), dice.randint(1, 20)),
            *(dice.choice([*[Tif.GTC] * 5, Tif.IOC, Tif.FOK]), dice.choice(list(Stp)), dice.choice([0, 0, 2, 5])),
        ),
        "by_quote": lambda side: (dice.randint(1, 3), side, dice.randint(1, 3000), dice.choice(list(Stp))),
        "stop": lambda side: (
            *(dice.randint(1, 3), side, dice.choice(STOPS), tick(), tick(), dice.randint(1, 20)),
            dice.choice([0, 0, 101, 150, 200]),
        ),
        "pair": lambda side: (dice.randint(1, 3), side, 9, dice.randint(1, 5), dice.randint(1, 5), dice.random() < 0.5),
        "chain": lambda side: (dice.randint(1, 3), side, tick(), 7, dice.randint(1, 9), 3, dice.random() < 0.6),
        "cancel": lambda side: (dice.randint(1, count),),
        "amend": lambda side: (dice.randint(1, count), dice.randint(1, 15)),
        "level": lambda side: (side, tick(), dice.randint(0, 30)),
        "recorded": lambda side: (side, tick(), dice.randint(1, 20)),
        "touch": lambda side: (tick(), dice.randint(1, 20)),
    }
    names = dice.choices(list(makers), [40, 4, 9, 7, 5, 9, 9, 3, 2, 2], k=count)
    return [(name, *makers[name](dice.choice(list(Side)))) for name in names]


@pytest.mark.parametrize("seed", range(12))
def test_a_long_day_of_everything_keeps_the_books_straight(seed: int) -> None:
    story = Story(money=10**8)
    for number, step in enumerate(walk(seed, 600)):
        story.act(step)
        if number % 5 == 0:
            story.check(10**8)
    for found in list(story.open):
        story.act(("cancel", found))
    story.check(10**8)
    assert len(story.desk.market) == 0
    assert story.desk.accounts.totals["orders"].tolist() == [0] * 4
    assert story.desk.accounts.totals["lists"].tolist() == [0] * 4
