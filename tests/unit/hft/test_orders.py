"""The order state machine and the ids of orders."""

from __future__ import annotations

import pytest

from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.orders import MAX_ID, Order, State, message_order_id, strategy_order_id


def order(state: State = State.NEW, quantity: int = 10) -> Order:
    return Order("c1", "BTCUSDT", Side.BUY, OrderType.LIMIT, quantity, 100, 0, state=state)


def test_the_ordinary_life_of_an_order() -> None:
    o = order()
    assert [o.to(s, 1) for s in (State.SENT, State.ACKED)] == [True, True]
    o.fill(4, 2)
    assert (o.state, o.remaining, o.open) == (State.PARTIALLY_FILLED, 6, True)
    o.fill(6, 3)
    assert (o.state, o.open) == (State.FILLED, False)


@pytest.mark.parametrize("closed", [State.FILLED, State.CANCELLED])
def test_a_closed_order_takes_no_further_step(closed: State) -> None:
    o = order(closed)
    assert not any(o.to(s, 1) for s in State)
    assert o.state is closed


def test_a_late_acknowledgement_does_not_undo_a_fill() -> None:
    o = order(State.SENT)
    o.fill(4, 1)
    assert not o.to(State.ACKED, 2)
    assert o.state is State.PARTIALLY_FILLED


def test_an_order_of_unknown_state_takes_what_the_venue_reports() -> None:
    for found in (State.ACKED, State.FILLED, State.CANCELLED, State.REJECTED):
        assert order(State.UNKNOWN).to(found, 1)


def test_a_fill_after_a_cancel_is_counted_and_the_order_stays_closed() -> None:
    o = order(State.CANCELLED)
    o.fill(3, 1)
    assert (o.state, o.filled) == (State.CANCELLED, 3)
    o.fill(7, 2)
    assert o.state is State.FILLED


def test_ids_are_deterministic_short_and_plain() -> None:
    assert strategy_order_id("imbalance", "t5k2xq", 17) == "imbalance-t5k2xq-17"
    assert message_order_id("0191-abc") == message_order_id("0191-abc") != message_order_id("0191-abd")
    assert len(message_order_id("x" * 500)) <= MAX_ID
    assert len(strategy_order_id("a very/long name!", "t5k2xq", 10**15)) <= MAX_ID
