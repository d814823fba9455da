"""The matching engine against its invariants and against a naive reference."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from tests.reference.market.matching import Engine
from tests.reference.market.orders import (
    Accepted,
    Cancelled,
    Event,
    Kind,
    Order,
    Reason,
    Rejected,
    SelfTrade,
    TimeInForce,
    Traded,
)

from qbtc.core.market.book import Side


@dataclass
class Naive:
    """Price-time priority by sorting one list: slow and obviously right."""

    resting: list[list[int]] = field(default_factory=list)  # [sequence, order id, side, tick, remaining]
    sequence: int = 0

    def submit(self, order: Order) -> list[tuple[int, int, int]]:
        others = sorted(
            (row for row in self.resting if row[2] != order.side and order.reaches(row[3])),
            key=lambda row: (row[3] if order.side is Side.BUY else -row[3], row[0]),
        )
        if order.kind is Kind.LIMIT_MAKER and others:
            return []
        if order.tif is TimeInForce.FOK and sum(row[4] for row in others) < order.quantity:
            return []
        left, trades = order.quantity, []
        for row in others:
            quantity = min(left, row[4])
            if quantity:
                trades.append((row[1], row[3], quantity))
                left, row[4] = left - quantity, row[4] - quantity
        self.resting = [row for row in self.resting if row[4]]
        if left and order.may_rest:
            self.sequence += 1
            self.resting.append([self.sequence, order.order_id, order.side, order.tick, left])
        return trades

    def cancel(self, order_id: int) -> None:
        self.resting = [row for row in self.resting if row[1] != order_id]


@st.composite
def orders(draw: st.DrawFn, order_id: int) -> Order:
    kind = draw(st.sampled_from([Kind.LIMIT, Kind.LIMIT, Kind.MARKET, Kind.LIMIT_MAKER]))
    tif = draw(st.sampled_from(list(TimeInForce))) if kind is Kind.LIMIT else TimeInForce.GTC
    side, quantity = draw(st.sampled_from(list(Side))), draw(st.integers(1, 9))
    return Order(order_id, draw(st.integers(1, 3)), side, kind, quantity, draw(st.integers(95, 105)), tif)


@st.composite
def flows(draw: st.DrawFn) -> list[Order | int]:
    count = draw(st.integers(1, 40))
    steps: list[Order | int] = []
    for number in range(1, count + 1):
        cancel = draw(st.booleans()) and draw(st.booleans())
        steps.append(draw(st.integers(1, number)) if cancel else draw(orders(number)))
    return steps


def play(steps: list[Order | int]) -> tuple[Engine, list[Event]]:
    engine, events = Engine(), []
    for time, step in enumerate(steps):
        events += engine.cancel(step, time) if isinstance(step, int) else engine.submit(step, time)
    return engine, events


@given(flows())
def test_trades_are_those_of_sorted_price_time_priority(steps: list[Order | int]) -> None:
    engine, naive = Engine(), Naive()
    for time, step in enumerate(steps):
        if isinstance(step, int):
            engine.cancel(step, time)
            naive.cancel(step)
            continue
        events = engine.submit(step, time)
        trades = [(e.maker_id, e.tick, e.quantity) for e in events if isinstance(e, Traded)]
        assert trades == naive.submit(step)
    left = {row[1]: row[4] for row in naive.resting}
    assert {i: engine.remaining(i) for i in left} == left
    assert len(engine) == len(left)


@given(flows())
def test_the_book_is_never_crossed_and_is_the_sum_of_its_orders(steps: list[Order | int]) -> None:
    engine = Engine()
    for time, step in enumerate(steps):
        _ = engine.cancel(step, time) if isinstance(step, int) else engine.submit(step, time)
        assert not engine.book.crossed
        for side in Side:
            for tick, quantity in engine.book.walk(side):
                assert quantity == sum(q for _, q in engine.queue(side, tick)) > 0


@given(flows())
def test_quantity_is_conserved(steps: list[Order | int]) -> None:
    engine, events = play(steps)
    for order in (step for step in steps if isinstance(step, Order)):
        mine = [e for e in events if isinstance(e, Traded) and order.order_id in (e.maker_id, e.taker_id)]
        cancelled = sum(e.remaining for e in events if isinstance(e, Cancelled) and e.order_id == order.order_id)
        accepted = any(isinstance(e, Accepted) and e.order_id == order.order_id for e in events)
        total = sum(e.quantity for e in mine) + cancelled + engine.remaining(order.order_id)
        assert total == (order.quantity if accepted else 0)


@given(flows())
def test_the_same_flow_gives_the_same_events(steps: list[Order | int]) -> None:
    assert play(steps)[1] == play(steps)[1]


def limit(order_id: int, side: Side, quantity: int, tick: int, **more: object) -> Order:
    return Order(order_id, int(str(more.pop("account", order_id))), side, Kind.LIMIT, quantity, tick, **more)  # type: ignore[arg-type]


def test_a_limit_maker_that_would_take_is_rejected() -> None:
    engine = Engine()
    engine.submit(limit(1, Side.SELL, 5, 100), 0)
    order = Order(2, 2, Side.BUY, Kind.LIMIT_MAKER, 1, 100)
    assert engine.submit(order, 1) == [Rejected(2, 1, Reason.WOULD_TAKE)]


def test_a_budget_bounds_what_a_market_order_spends() -> None:
    engine = Engine()
    engine.submit(limit(1, Side.SELL, 5, 100), 0)
    engine.submit(limit(2, Side.SELL, 5, 110), 0)
    events = engine.submit(Order(3, 3, Side.BUY, Kind.MARKET, 10, budget=725), 1)
    assert [e.quantity for e in events if isinstance(e, Traded)] == [5, 2]
    assert events[-1] == Cancelled(3, 1, 3, Reason.UNFILLED)


def test_self_trade_prevention_expires_what_its_mode_says() -> None:
    left = {}
    for mode in (SelfTrade.EXPIRE_TAKER, SelfTrade.EXPIRE_MAKER, SelfTrade.EXPIRE_BOTH):
        engine = Engine()
        engine.submit(limit(1, Side.SELL, 5, 100, account=7), 0)
        engine.submit(limit(2, Side.BUY, 5, 100, account=7, stp=mode), 1)
        left[mode] = (1 in engine, 2 in engine)
    assert left == {
        SelfTrade.EXPIRE_TAKER: (True, False),
        SelfTrade.EXPIRE_MAKER: (False, True),
        SelfTrade.EXPIRE_BOTH: (False, False),
    }


def test_an_order_id_in_use_is_refused() -> None:
    engine = Engine()
    engine.submit(limit(1, Side.BUY, 5, 100), 0)
    assert engine.submit(limit(1, Side.BUY, 5, 100), 1) == [Rejected(1, 1, Reason.DUPLICATE)]
