"""Weight, raw requests, connections, bans and the unfilled order count."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qbtc.core.binance.errors import ApiError
from qbtc.exchange.limits import DAY, FIVE_MINUTES, MINUTE, SECOND, Address, Allowance, Limits, OrderCount

NOON = 1_700_000_000 * SECOND - (1_700_000_000 * SECOND) % DAY


def refused(call: Callable[..., object], *arguments: int) -> ApiError:
    with pytest.raises(ApiError) as caught:
        call(*arguments)
    return caught.value


def test_weight_counts_until_the_minute_of_the_clock_ends() -> None:
    address = Address(Allowance(weight=10))
    assert address.spend(10, NOON + 59 * SECOND) == 10
    error = refused(address.spend, 1, NOON + 59 * SECOND)
    assert (error.code, error.http_status, error.retry_after) == (-1003, 429, 1)
    assert "current limit is 10 request weight per 1 MINUTE" in error.msg
    assert address.spend(1, NOON + MINUTE) == 1


def test_raw_requests_count_over_five_minutes() -> None:
    address = Address(Allowance(raw=2))
    for minute in range(2):
        address.spend(1, NOON + minute * MINUTE)
    assert refused(address.spend, 1, NOON + 2 * MINUTE).retry_after == 180
    assert address.spend(1, NOON + FIVE_MINUTES) == 1


def test_who_goes_on_after_429_is_banned_longer_each_time() -> None:
    address, now = Address(Allowance(weight=1, patience=3)), NOON
    for minutes in (2, 4, 8):
        address.spend(1, now)
        assert [refused(address.spend, 1, now).http_status for _ in range(4)] == [429, 429, 429, 418]
        banned = refused(address.spend, 1, now + MINUTE)
        assert (banned.http_status, banned.retry_after) == (418, (minutes - 1) * 60)
        assert f"IP banned until {(now + minutes * MINUTE) // 1_000_000}" in banned.msg
        assert refused(address.connect, now + SECOND).http_status == 418
        now += minutes * MINUTE


def test_a_ban_lasts_three_days_at_most() -> None:
    address, now = Address(Allowance(weight=0, patience=0)), NOON
    for _ in range(40):
        wait = refused(address.spend, 1, now).retry_after
        now += 4 * DAY
    assert wait == 3 * 86_400


def test_connections_are_limited_in_five_minutes() -> None:
    address = Address(Allowance(connections=2))
    address.connect(NOON)
    address.connect(NOON)
    assert refused(address.connect, NOON).code == -1034
    address.connect(NOON + FIVE_MINUTES)


def test_addresses_and_accounts_are_counted_apart() -> None:
    limits = Limits(Allowance(weight=1))
    limits.address("a").spend(1, NOON)
    assert limits.address("b").spend(1, NOON) == 1
    limits.orders(1).add(3, NOON)
    assert limits.orders(2).rows(NOON)[0]["count"] == 0


def counts(steps: str) -> list[int]:
    """Order counts after each step: n a new order, t a first fill as taker, m as maker, c a cancel."""
    orders, found = OrderCount(Allowance()), []
    for step in steps:
        if step == "n":
            orders.add(1, NOON)
        elif step in "tm":
            orders.filled(NOON, maker=step == "m")
        found.append(int(orders.rows(NOON)[0]["count"]))
    return found


def test_fills_take_orders_off_the_count_as_in_binances_examples() -> None:
    assert counts("nntnnt") == [1, 2, 1, 2, 3, 2]
    assert counts("nnnnnmnnmn") == [1, 2, 3, 4, 5, 0, 1, 2, 0, 1]
    assert counts("ncnntncncn") == [1, 1, 2, 3, 2, 3, 3, 4, 4, 5]


def test_one_order_too_many_is_refused_with_the_limit_that_it_breaks() -> None:
    orders = OrderCount(Allowance(orders_10s=2, orders_long=3))
    orders.check(2, NOON)
    orders.add(2, NOON)
    error = refused(orders.check, 1, NOON)
    assert (error.code, error.http_status, error.retry_after) == (-1015, 429, None)
    assert error.msg == "Too many new orders; current limit is 2 orders per 10 SECOND."
    orders.check(1, NOON + 10 * SECOND)
    orders.add(1, NOON + 10 * SECOND)
    assert "3 orders per 1 DAY" in refused(orders.check, 1, NOON + 30 * SECOND).msg
    orders.check(1, NOON + DAY)


def test_the_rows_of_exchange_info_name_every_limit() -> None:
    rows = {(r["rateLimitType"], r["interval"], r["intervalNum"]): r["limit"] for r in Allowance().rows()}
    assert rows == {
        ("REQUEST_WEIGHT", "MINUTE", 1): 6_000,
        ("ORDERS", "SECOND", 10): 100,
        ("ORDERS", "DAY", 1): 200_000,
        ("RAW_REQUESTS", "MINUTE", 5): 61_000,
    }


def test_a_batch_of_futures_orders_is_one_in_the_longer_interval() -> None:
    orders = OrderCount(Allowance(orders_10s=10, orders_long=2, long=MINUTE))
    for _ in range(2):
        orders.check(5, NOON, long=1)
        orders.add(5, NOON, long=1)
    assert [(row["interval"], row["count"]) for row in orders.rows(NOON)] == [("SECOND", 10), ("MINUTE", 2)]
    with pytest.raises(ApiError, match="10 orders per 10 SECOND"):
        orders.check(1, NOON, long=1)
    later = NOON + 10 * SECOND
    with pytest.raises(ApiError, match="2 orders per 1 MINUTE"):
        orders.check(1, later, long=1)
    orders.check(5, NOON + MINUTE, long=1)
