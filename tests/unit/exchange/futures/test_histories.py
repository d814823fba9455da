"""What the venue forgets: old orders and conditional orders, but not a client's id that was used again."""

from __future__ import annotations

import pytest

from qbtc.core.market.futures import state as states
from qbtc.core.market.futures.facts import AlgoChanged, AlgoPlaced, Ended, Opened, Placed
from qbtc.core.market.futures.state import State

from .house import ME, START


def conditional(state: State, algo_id: int, client_id: str, *, cancelled: bool) -> None:
    state.apply(
        AlgoPlaced(
            account=ME, algo_id=algo_id, client_id=client_id, symbol="BTCUSDT", side=1, kind="STOP_MARKET",
            trigger=1, quantity=1, time=START,
        )
    )  # fmt: skip
    if cancelled:
        state.apply(AlgoChanged(algo_id, "CANCELED", START))


def plain(state: State, order_id: int, client_id: str, *, cancelled: bool) -> None:
    state.apply(
        Placed(account=ME, order_id=order_id, client_id=client_id, symbol="BTCUSDT", side=1, quantity=1, time=START)
    )
    if cancelled:
        state.apply(Ended(order_id, "CANCELED", START))


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> State:
    """Three that are not open are kept."""
    monkeypatch.setattr(states, "KEEP", 3)
    made = State()
    made.apply(Opened(ME, 100, START))
    return made


def test_a_conditional_order_is_found_by_an_id_whose_earlier_owner_is_forgotten(state: State) -> None:
    conditional(state, 1, "stop", cancelled=True)
    conditional(state, 2, "stop", cancelled=False)
    for number in (3, 4, 5):
        conditional(state, number, f"x{number}", cancelled=True)
    assert 1 not in state.data.algos
    for now in (state, State.load(state.dump())):
        found = now.find_algo(ME, client_id="stop")
        assert found is not None
        assert (found.placed.algo_id, found.open) == (2, True)


def test_a_conditional_order_that_is_forgotten_is_found_no_more(state: State) -> None:
    for number in range(1, 5):
        conditional(state, number, f"x{number}", cancelled=True)
    assert state.find_algo(ME, client_id="x1") is None
    assert state.find_algo(ME, client_id="x2") is not None


def test_an_order_is_found_by_an_id_whose_earlier_owner_is_forgotten(state: State) -> None:
    plain(state, 1, "mine", cancelled=True)
    plain(state, 2, "mine", cancelled=False)
    for number in (3, 4, 5):
        plain(state, number, f"x{number}", cancelled=True)
    assert 1 not in state.data.orders
    found = state.find(ME, client_id="mine")
    assert found is not None
    assert found.placed.order_id == 2


def test_conditional_orders_that_ended_by_their_order_are_forgotten_and_those_whose_order_is_open_are_not(
    state: State,
) -> None:
    for number in range(1, 9):
        conditional(state, number, f"x{number}", cancelled=False)
        state.apply(
            Placed(
                account=ME, order_id=number, client_id=f"o{number}", symbol="BTCUSDT", side=1, quantity=1,
                algo_id=number, time=START,
            )
        )  # fmt: skip
        if number != 2:
            state.apply(Ended(number, "CANCELED", START))
    assert list(state.data.algos) == [2, 7, 8]
    assert (state.data.algos[2].status, state.data.algos[8].status) == ("TRIGGERED", "FINISHED")
    state.apply(Ended(2, "CANCELED", START))
    conditional(state, 9, "x9", cancelled=True)
    assert list(state.data.algos) == [7, 8, 9]
    assert state.find_algo(ME, client_id="x2") is None
