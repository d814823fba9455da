"""Stops, take-profits, trailing orders, and the lists that join orders."""

from __future__ import annotations

from typing import Any

import pytest

from qbtc.core.market.engine.layout import Kind, ListKind, Reason, Side, Status

from .desk import BASE, BUY, QUOTE, RICH, SELL, Desk, ended, fills, kinds, order, refused


def at(desk: Desk, tick: int) -> Any:
    """A recorded trade at a price."""
    desk.now += 1
    return desk.market.trade(tick, 1, Side.BUY, desk.now).copy()


@pytest.mark.parametrize(
    ("kind", "side", "stop", "before", "reaching"),
    [
        (Kind.STOP_LOSS_LIMIT, SELL, 95, 96, 95),
        (Kind.STOP_LOSS_LIMIT, BUY, 105, 104, 106),
        (Kind.TAKE_PROFIT_LIMIT, SELL, 105, 104, 105),
        (Kind.TAKE_PROFIT_LIMIT, BUY, 95, 96, 94),
    ],
)
def test_a_conditional_order_works_once_the_last_price_reaches_its_stop(
    kind: Kind, side: Side, stop: int, before: int, reaching: int
) -> None:
    desk = Desk()
    at(desk, 100)
    assert kinds(desk.place(1, 1, side, 5, 100, kind=kind, stop_tick=stop)) == ["ACCEPTED"]
    assert kinds(at(desk, before)) == []
    assert desk.market.displayed(side, 100) == 0
    assert kinds(at(desk, reaching)) == ["TRIGGERED"]
    assert desk.market.displayed(side, 100) == 5


def test_a_stop_that_would_trigger_at_once_is_refused() -> None:
    desk = Desk()
    at(desk, 100)
    assert refused(desk.place(1, 1, SELL, 5, kind=Kind.STOP_LOSS, stop_tick=100)) is Reason.WOULD_TRIGGER


def test_a_triggered_stop_loss_trades_at_the_market() -> None:
    desk = Desk()
    at(desk, 100)
    desk.place(1, 2, BUY, 5, 95)
    desk.place(2, 1, SELL, 3, kind=Kind.STOP_LOSS, stop_tick=96)
    events = at(desk, 96)
    assert kinds(events) == ["TRIGGERED", "TRADE"]
    assert fills(events) == [(2, 1, 95, 3)]


def test_one_stop_may_trigger_the_next() -> None:
    desk = Desk()
    at(desk, 100)
    for number, tick in ((1, 95), (2, 90), (3, 85)):
        desk.place(number, 2, BUY, 1, tick)
    desk.place(4, 1, SELL, 1, kind=Kind.STOP_LOSS, stop_tick=98)
    desk.place(5, 1, SELL, 1, kind=Kind.STOP_LOSS, stop_tick=95)
    assert fills(at(desk, 98)) == [(4, 1, 95, 1), (5, 2, 90, 1)]


SCENARIOS = [
    # kind, side, limit, stop, delta, prices that leave it waiting, price that triggers it
    (Kind.STOP_LOSS_LIMIT, BUY, 45_000, 44_000, 500, [40_000, 37_000, 44_000, 46_000, 42_000, 44_099], 44_100),
    (Kind.STOP_LOSS_LIMIT, SELL, 38_000, 39_000, 1000, [41_500, 39_000, 37_000, 41_000, 36_901], 36_900),
    (Kind.TAKE_PROFIT_LIMIT, BUY, 38_500, 38_000, 850, [42_000, 38_000, 37_000, 39_000, 38_000, 40_144], 40_145),
    (
        Kind.TAKE_PROFIT_LIMIT,
        SELL,
        41_000,
        42_000,
        750,
        [41_500, 39_000, 42_000, 45_000, 44_000, 46_500, 43_013],
        43_012,
    ),
    (Kind.STOP_LOSS_LIMIT, SELL, 39_000, 0, 700, [42_000, 39_500, 45_500, 42_316], 42_315),
]


@pytest.mark.parametrize(("kind", "side", "limit", "stop", "delta", "waits", "trips"), SCENARIOS)
def test_a_trailing_order_follows_the_best_price_and_triggers_at_its_distance(
    kind: Kind, side: Side, limit: int, stop: int, delta: int, waits: list[int], trips: int
) -> None:
    desk = Desk()
    at(desk, 40_000)
    desk.place(1, 1, side, 1, limit, kind=kind, stop_tick=stop, trailing=delta)
    for tick in waits:
        assert "TRIGGERED" not in kinds(at(desk, tick)), tick
    assert "TRIGGERED" in kinds(at(desk, trips))


def test_a_trailing_order_may_be_cancelled_while_it_follows() -> None:
    desk = Desk()
    at(desk, 1000)
    desk.place(1, 1, SELL, 1, 900, kind=Kind.STOP_LOSS_LIMIT, trailing=500)
    assert desk.market.order(1)["mark"] == 1000  # type: ignore[index]
    desk.cancel(1)
    assert kinds(at(desk, 100)) == []
    assert desk.locked(1, BASE) == 0


def oco(desk: Desk, side: Side = SELL, lots: int = 5) -> Any:
    limit, stop = (110, 90) if side is SELL else (90, 110)
    maker = order(1, 1, side, lots, limit, kind=Kind.LIMIT_MAKER)
    other = order(2, 1, side, lots, stop, kind=Kind.STOP_LOSS_LIMIT, stop_tick=stop)
    return desk.place_list(ListKind.OCO, 7, *((maker, other) if side is SELL else (other, maker)))


def test_a_pair_locks_for_the_dearer_leg_only() -> None:
    desk = Desk()
    at(desk, 100)
    assert kinds(oco(desk, BUY)) == ["LIST", "ACCEPTED", "ACCEPTED"]
    assert desk.locked(1, QUOTE) == 5 * 110


def test_a_trade_of_one_leg_expires_the_other_and_locks_for_the_one() -> None:
    desk = Desk()
    at(desk, 100)
    oco(desk, BUY)
    events = desk.place(3, 2, SELL, 2, 90)
    assert ended(events) == {2: (Status.EXPIRED, Reason.LIST_DONE)}
    assert desk.locked(1, QUOTE) == 3 * 90
    assert kinds(desk.place(4, 2, SELL, 3, 90)) == ["ACCEPTED", "TRADE", "LIST"]


def test_the_stop_of_a_pair_triggers_and_the_limit_expires() -> None:
    desk = Desk()
    at(desk, 100)
    oco(desk)
    events = at(desk, 90)
    assert kinds(events) == ["EXPIRED", "TRIGGERED"]
    assert desk.market.displayed(1, 90) == 5
    assert desk.locked(1, BASE) == 5 * 10**4


def test_cancelling_one_leg_cancels_the_list() -> None:
    desk = Desk()
    at(desk, 100)
    oco(desk)
    events = desk.cancel(1)
    assert ended(events) == {1: (Status.CANCELED, Reason.REQUESTED), 2: (Status.CANCELED, Reason.LIST_DONE)}
    assert kinds(events)[-1] == "LIST"
    assert (desk.locked(1, BASE), len(desk.market)) == (0, 0)


def test_amending_one_leg_amends_both() -> None:
    desk = Desk()
    at(desk, 100)
    oco(desk)
    assert kinds(desk.amend(2, 3)) == ["AMENDED", "AMENDED"]
    assert desk.locked(1, BASE) == 3 * 10**4


def oto(desk: Desk, lots: int = 5) -> Any:
    return desk.place_list(ListKind.OTO, 7, order(1, 1, BUY, lots, 100), order(2, 1, SELL, 4, 120))


def test_the_pending_order_starts_when_the_working_one_is_filled() -> None:
    desk = Desk()
    oto(desk)
    assert desk.market.order(2)["status"] == Status.PENDING_NEW  # type: ignore[index]
    assert desk.locked(1, BASE) == 0
    assert "STARTED" not in kinds(desk.place(3, 2, SELL, 2, 100))
    assert kinds(desk.place(4, 2, SELL, 3, 100)) == ["ACCEPTED", "TRADE", "STARTED"]
    assert desk.locked(1, BASE) == 4 * 10**4


def test_the_pending_order_ends_with_an_unfilled_working_one() -> None:
    desk = Desk()
    oto(desk)
    desk.place(3, 2, SELL, 2, 100)
    assert set(ended(desk.cancel(1))) == {1, 2}


def test_a_pending_order_without_money_ends_as_rejected() -> None:
    desk = Desk(money=1000)
    desk.place_list(ListKind.OTO, 7, order(1, 1, BUY, 5, 100), order(2, 1, BUY, 9, 100))
    desk.accounts.deposit(2, BASE, RICH)
    events = desk.place(3, 2, SELL, 5, 100)
    assert ended(events) == {2: (Status.REJECTED, Reason.INSUFFICIENT_BALANCE)}


def test_a_chain_of_three_starts_a_pair() -> None:
    desk = Desk()
    at(desk, 100)
    legs = (
        order(2, 1, SELL, 5, 110, kind=Kind.LIMIT_MAKER),
        order(3, 1, SELL, 5, kind=Kind.STOP_LOSS, stop_tick=90),
    )
    desk.place_list(ListKind.OTOCO, 7, order(1, 1, BUY, 5, 99), *legs)
    assert kinds(desk.place(4, 2, SELL, 5, 99)) == ["ACCEPTED", "TRADE", "STARTED", "STARTED"]
    assert desk.locked(1, BASE) == 5 * 10**4
    desk.place(5, 2, BUY, 1, 80)
    assert kinds(at(desk, 90)) == ["EXPIRED", "TRIGGERED", "TRADE", "EXPIRED", "LIST"]
    assert len(desk.market) == 0
