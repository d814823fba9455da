"""Positions and orders in contracts that the venue serves no more: they stay as they are and stop nobody."""

from __future__ import annotations

from .house import ME, House


def left_with_ether() -> House:
    """Cross positions in two contracts, then one of them is not served any more."""
    house = House("2000")
    house.add("ETHUSDT")
    house.quote(2_000, "1000", "ETHUSDT")
    for symbol in ("BTCUSDT", "ETHUSDT"):
        house.accounts.leverage(ME, symbol, 50, house.now)
    house.place("BUY", quantity="1")
    house.place("BUY", symbol="ETHUSDT", quantity="10")
    del house.venue.markets["ETHUSDT"]
    return house


def test_a_ruined_account_is_liquidated_where_it_is_served_and_keeps_the_rest() -> None:
    house = left_with_ether()
    held = house.size(symbol="ETHUSDT")
    house.quote(8_100)
    house.guard.watch(house.now)
    assert (house.size(), house.size(symbol="ETHUSDT")) == (0, held)
    house.guard.watch(house.now)
    assert [order["o"]["s"] for order in house.forced] == ["BTCUSDT"]


def test_an_account_that_is_ruined_by_what_is_not_served_waits_until_it_is() -> None:
    house = left_with_ether()
    house.venue.markets.clear()
    house.account.wallet = 1
    house.guard.watch(house.now)
    assert (house.size() > 0, house.size(symbol="ETHUSDT") > 0, house.forced) == (True, True, [])
