"""The order state machine and the ids of orders."""

from __future__ import annotations

import pytest

from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.orders import (
    MAX_ID,
    NO_MARK,
    Order,
    State,
    hot_own,
    hot_strategy,
    installation_mark,
    made_here,
    message_order_id,
    strategy_order_id,
)


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
    assert len(f"{hot_own(NO_MARK)}avellanedas-t5k2xq-{10**8}") <= MAX_ID
    assert len(strategy_order_id("a very/long name!", "t5k2xq", 10**15)) <= MAX_ID


def test_only_ids_with_this_installations_mark_or_this_journals_epoch_are_ours() -> None:
    ours, other = installation_mark("one"), installation_mark("two")
    assert ours != other
    for mark, mine in ((ours, True), (other, False)):
        assert made_here(message_order_id("op", mark), "t5k2xq", ours) is mine
        assert made_here(f"{hot_own(mark)}grid-t4abcd-1", "t5k2xq", ours) is mine
    assert made_here("grid-t5k2xq-1", "t5k2xq", ours)
    assert not made_here("grid-t5k2xr-1", "t5k2xq", ours)


def test_ids_of_earlier_versions_are_read_but_carry_no_mark() -> None:
    for order_id, strategy in (("hot-grid-t4abcd-1", "grid"), ("m" + "0" * 31, None)):
        assert hot_strategy(order_id) == strategy
        assert not made_here(order_id, "t5k2xq", NO_MARK)
