"""Our orders against a background book: the six rules of the module, one by one, and invariants over random flows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.reference.market.background import BackgroundMarket, Touch
from tests.reference.market.orders import (
    BACKGROUND,
    Cancelled,
    Event,
    Kind,
    Order,
    Reason,
    Rejected,
    TimeInForce,
    Traded,
)

from qbtc.core.market.book import Side


def market() -> BackgroundMarket:
    made = BackgroundMarket()
    made.on_snapshot([(100, 10), (99, 20)], [(101, 10), (102, 20)], 1, 0)
    return made


def buy(order_id: int, quantity: int, tick: int, tif: TimeInForce = TimeInForce.GTC) -> Order:
    return Order(order_id, 1, Side.BUY, Kind.LIMIT, quantity, tick, tif)


def fills(events: list[Event]) -> list[tuple[int, int, int]]:
    return [(max(e.maker_id, e.taker_id), e.tick, e.quantity) for e in events if isinstance(e, Traded)]


def test_what_we_took_is_not_there_again_until_the_level_refreshes() -> None:
    made = market()
    assert fills(made.submit(buy(1, 12, 102, TimeInForce.IOC), 1)) == [(1, 101, 10), (1, 102, 2)]
    assert fills(made.submit(buy(2, 1, 101, TimeInForce.IOC), 2)) == []
    assert made.top(2, 1) == [(102, 18)]
    made.on_depth([], [(101, 7)], 2, 3)
    assert fills(made.submit(buy(3, 9, 101, TimeInForce.IOC), 4)) == [(3, 101, 7)]


def test_a_newer_book_ticker_is_the_truth_about_the_touch() -> None:
    made = market()
    made.on_touch(Touch(2, (100, 10), (102, 3)), 1)
    assert fills(made.submit(buy(1, 5, 101, TimeInForce.IOC), 2)) == []
    assert fills(made.submit(buy(2, 5, 102, TimeInForce.IOC), 3)) == [(2, 102, 3)]


def test_trades_at_our_price_use_up_the_queue_before_us() -> None:
    made = market()
    made.submit(buy(1, 4, 100), 1)
    assert fills(made.on_trade(100, 9, Side.SELL, 2)) == []
    assert fills(made.on_trade(100, 3, Side.SELL, 3)) == [(1, 100, 2)]
    assert made.remaining(1) == 2


def test_cancels_before_us_shorten_the_queue() -> None:
    made = market()
    made.submit(buy(1, 4, 100), 1)
    made.on_depth([(100, 2)], [], 2, 2)
    assert fills(made.on_trade(100, 3, Side.SELL, 3)) == [(1, 100, 1)]


def test_a_trade_through_our_price_fills_us_at_our_price() -> None:
    made = market()
    made.submit(buy(1, 4, 100), 1)
    assert fills(made.on_trade(99, 3, Side.SELL, 2)) == [(1, 100, 3)]


def test_a_trade_on_the_other_side_does_not_fill_us() -> None:
    made = market()
    made.submit(buy(1, 4, 100), 1)
    assert fills(made.on_trade(99, 30, Side.BUY, 2)) == []


def test_the_touch_reaching_our_price_fills_us_and_uncrosses_the_book() -> None:
    made = market()
    made.submit(buy(1, 4, 100), 1)
    events = made.on_depth([(100, 0)], [(100, 3), (101, 0)], 2, 2)
    assert fills(events) == [(1, 100, 3)]
    assert made.top(1, 1) == [(102, 20)]
    assert made.top(1, 0) == [(100, 1)]


def test_our_orders_show_in_the_book_and_leave_it_when_cancelled() -> None:
    made = market()
    made.submit(buy(1, 4, 100), 1)
    assert made.take_changes() == ([(100, 14)], [])
    assert made.cancel(1, 2) == [Cancelled(1, 2, 4, Reason.REQUESTED)]
    assert made.take_changes() == ([(100, 10)], [])
    assert made.untouched
    assert made.cancel(1, 3) == [Rejected(1, 3, Reason.UNKNOWN)]


def test_fok_fills_all_or_nothing() -> None:
    made = market()
    assert fills(made.submit(buy(1, 31, 102, TimeInForce.FOK), 1)) == []
    assert sum(q for _, _, q in fills(made.submit(buy(2, 30, 102, TimeInForce.FOK), 2))) == 30


def test_our_orders_trade_with_each_other_when_the_background_is_no_better() -> None:
    made = market()
    made.submit(Order(1, 1, Side.SELL, Kind.LIMIT, 5, 101), 1)
    events = made.submit(buy(2, 12, 101), 2)
    makers = [(e.maker_id, e.quantity) for e in events if isinstance(e, Traded)]
    assert makers == [(BACKGROUND, 10), (1, 2)]


moves = st.lists(
    st.one_of(
        st.tuples(st.just("order"), st.integers(0, 1), st.integers(95, 106), st.integers(1, 9)),
        st.tuples(st.just("trade"), st.integers(0, 1), st.integers(95, 106), st.integers(1, 30)),
        st.tuples(st.just("centre"), st.integers(0, 1), st.integers(97, 104), st.integers(1, 30)),
        st.tuples(st.just("touch"), st.integers(0, 1), st.integers(97, 104), st.integers(1, 30)),
    ),
    max_size=40,
)


@given(moves)
def test_the_published_book_is_never_crossed_and_no_order_fills_twice(steps: list[tuple[str, int, int, int]]) -> None:
    made, placed, filled = market(), {}, {}
    bids, asks = {100, 99}, {101, 102}
    for number, (kind, side, tick, quantity) in enumerate(steps, 1):
        if kind == "order":
            placed[number] = quantity
            events = made.submit(Order(number, 1, Side(side), Kind.LIMIT, quantity, tick), number)
        elif kind == "trade":
            events = made.on_trade(tick, quantity, Side(side), number)
        elif kind == "touch":
            events = made.on_touch(Touch(made.book.update_id + 1, (tick - 1, quantity), (tick, quantity)), number)
        else:
            gone_bids, gone_asks = [(t, 0) for t in bids], [(t, 0) for t in asks]
            bids, asks = {tick - 1, tick - 2}, {tick, tick + 1}
            levels = [*gone_bids, *((t, quantity) for t in bids)], [*gone_asks, *((t, quantity) for t in asks)]
            events = made.on_depth(*levels, made.book.update_id + 2, number)
        for event in (e for e in events if isinstance(e, Traded)):
            for order_id in {event.maker_id, event.taker_id} - {BACKGROUND}:
                filled[order_id] = filled.get(order_id, 0) + event.quantity
        best_bid, best_ask = made.top(1, 0), made.top(1, 1)
        assert not (best_bid and best_ask and best_bid[0][0] >= best_ask[0][0])
    assert all(filled.get(i, 0) + made.remaining(i) == q for i, q in placed.items())
