"""Round trips, costs, orders and exposure of records written by hand, and what must hold of any."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qbtc.hft.domain.statistics import costs, orders, trips
from qbtc.hft.domain.statistics.account import account, exposure, net, periods

from .records import BEGIN, LOT, SECOND, TICK, fills, samples
from .records import orders as ledger

UNIT = TICK * LOT
FILLS = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 1), st.integers(90, 110), st.integers(1, 9), st.integers(90, 110).map(float)),
    max_size=40,
).map(lambda rows: fills(sorted(rows, key=lambda row: row[0]), fee=0.001))


def first_in_first_out(of: np.ndarray) -> list[tuple[int, int, int, int, int]]:
    """(opened, closed, lots, bought, sold) by a queue, lot by lot."""
    waiting: deque[tuple[int, int, int]] = deque()
    found = []
    for n, fill in enumerate(of):
        for _ in range(fill["lots"]):
            if waiting and waiting[0][1] != fill["side"]:
                opened, side, tick = waiting.popleft()
                bought, sold = (tick, fill["tick"]) if side == 0 else (fill["tick"], tick)
                found.append((opened, n, int(bought), int(sold), 1))
            else:
                waiting.append((n, int(fill["side"]), int(fill["tick"])))
    return found


@given(FILLS)
def test_round_trips_are_those_of_a_queue_of_lots(of: np.ndarray) -> None:
    expected = first_in_first_out(of)
    found = trips.round_trips(of, UNIT)
    assert found["lots"].sum() == len(expected)
    times = of["time"]
    by_lot = sorted((int(times[o]), int(times[c]), b, s) for o, c, b, s, _ in expected)
    mine = sorted(
        (int(t["opened"]), int(t["closed"]), int(t["bought"]), int(t["sold"])) for t in found for _ in range(t["lots"])
    )
    assert mine == by_lot
    assert (np.diff(found["closed"]) >= 0).all()


@given(FILLS, st.integers(90, 110))
def test_round_trips_and_the_open_position_are_the_whole_profit_before_fees(of: np.ndarray, mark: int) -> None:
    mid = mark * TICK
    found = trips.round_trips(of, UNIT)
    signs = np.where(of["side"] == 0, 1, -1)
    equity = (signs * of["lots"] * (mark - of["tick"])).sum() * UNIT
    assert found["profit"].sum() + trips.open_profit(of, mid, UNIT, TICK) == pytest.approx(equity, abs=1e-9)
    bought, sold = (of["lots"][of["side"] == side].sum() for side in (0, 1))
    assert found["lots"].sum() == min(bought, sold)
    if bought == sold:
        assert found["fee"].sum() == pytest.approx(of["fee"].sum())


def test_a_position_that_crosses_zero_is_closed_and_opened_by_one_fill() -> None:
    of = fills([(1, 0, 100, 2, 100.0), (2, 1, 110, 5, 110.0), (3, 0, 105, 3, 105.0)], fee=0.001)
    found = trips.round_trips(of, UNIT)
    assert found["side"].tolist() == [0, 1]
    assert found["lots"].tolist() == [2, 3]
    assert found["profit"].tolist() == pytest.approx([20 * UNIT, 15 * UNIT])
    assert found["fee"].tolist() == pytest.approx([0.001 * UNIT * (200 + 220), 0.001 * UNIT * (330 + 315)])


# ---- costs


def test_a_taker_pays_the_spread_and_a_maker_earns_it() -> None:
    bought, sold = fills([(1, 0, 101, 4, 100.0)]), fills([(1, 1, 101, 4, 100.0)])
    assert costs.spread(bought, UNIT) == (4 * UNIT, pytest.approx(10_000 / 101), 1)
    assert costs.spread(sold, UNIT).total == -4 * UNIT


def test_the_mid_that_falls_behind_a_buy_is_adverse_and_behind_a_sell_is_not() -> None:
    mids = [50.0, 50.0, 49.0, 49.0, 49.0, 47.0, 47.0, 47.0]
    for side, sign in ((0, 1), (1, -1)):
        of = fills([(1.5, side, 100, 2, 100.0)])
        a = account(samples(of, mids), BEGIN, LOT)
        # The mid is 50 at the fill; the first sample at or behind 2.5 s is that of 3 s (49), behind 6.5 s that of 7 s (47).
        assert costs.adverse(of, a, 1, SECOND, TICK, UNIT).total == pytest.approx(sign * 1.0 * 2 * LOT)
        assert costs.adverse(of, a, 5, SECOND, TICK, UNIT).total == pytest.approx(sign * 3.0 * 2 * LOT)


def test_what_lies_behind_the_end_or_between_coarse_samples_is_not_known() -> None:
    of = fills([(1.5, 0, 100, 2, 100.0), (3.5, 0, 100, 2, np.nan)])
    a = account(samples(of, [50.0] * 5), BEGIN, LOT)
    assert costs.adverse(of, a, 30, SECOND, TICK, UNIT).known == 0
    assert math.isnan(costs.adverse(of, a, 1, 2 * SECOND, TICK, UNIT).total)
    assert costs.spread(of, UNIT).known == 1


@given(FILLS)
def test_costs_of_both_sides_add_up(of: np.ndarray) -> None:
    a = account(samples(of, [50.0, 51.0, 49.5, 50.5, 52.0, 48.0, 50.0, 50.0, 51.0, 50.0, 50.0, 49.0]), BEGIN, LOT)
    for cost in (lambda f: costs.spread(f, UNIT), lambda f: costs.adverse(f, a, 1, SECOND, TICK, UNIT)):
        whole, parts = cost(of), [cost(of[of["side"] == side]) for side in (0, 1)]
        assert whole.known == sum(part.known for part in parts)
        assert np.nansum([part.total for part in parts]) == pytest.approx(whole.total if whole.known else 0.0, abs=1e-12)


# ---- orders


def test_times_to_fill_are_from_sent_and_waits_from_arrival() -> None:
    of = fills([(5, 0, 100, 2, 100.0), (9, 1, 101, 4, 100.0)])
    book = np.concatenate([ledger(of, delay=0.5, wait=2.0), np.zeros(2, ledger(of).dtype)])
    book["order"][2:], book["lots"][2:] = (3, 4), 6
    found = orders.fared(book, of)
    assert found == (4, 0.5, 6 / 18, pytest.approx(2.5), pytest.approx(2.5), pytest.approx(2.0))


def test_only_the_first_fill_of_an_order_counts_and_takers_wait_in_no_queue() -> None:
    of = fills([(5, 0, 100, 2, 100.0), (8, 0, 100, 2, 100.0)], maker=False)
    of["order"] = 1
    found = orders.fared(ledger(of[:1]), of)
    assert found.mean == pytest.approx(2.1)
    assert math.isnan(found.queue)


def test_without_orders_nothing_is_known_of_them() -> None:
    found = orders.fared(ledger(fills([])), fills([]))
    assert found.sent == 0
    assert all(math.isnan(value) for value in found[1:])


# ---- account


def test_equity_is_marked_at_the_last_known_mid_and_never_at_zero() -> None:
    of = fills([(1, 0, 100, 2, 100.0)])
    made = samples(of, [50.0, 51.0, np.nan, np.nan, 52.0])
    assert net(made, LOT) == pytest.approx([0, 0.002, 0.002, 0.002, 0.004])


def test_what_is_left_at_the_end_is_no_period() -> None:
    made = samples(fills([]), [50.0] * 4)
    made["time"][-1] -= SECOND // 3
    profits, step = periods(account(made, BEGIN, LOT))
    assert (profits.size, step) == (3, SECOND)


def test_rounding_of_equity_is_neither_a_gain_nor_a_loss() -> None:
    at_the_mid = fills([(n + 0.5, n % 3 == 2, 100_003, 1 + n % 7, 100_003.0) for n in range(60)])
    a = account(samples(at_the_mid, [100_003 * TICK] * 61), BEGIN, LOT)
    assert np.count_nonzero(np.diff(a.net)) > 0
    assert np.count_nonzero(periods(a)[0]) == 0


def test_exposure_is_exact_between_samples() -> None:
    of = fills([(2.25, 0, 100, 4, 100.0), (2.5, 1, 100, 4, 100.0), (4, 1, 100, 2, 100.0), (9, 0, 100, 2, 100.0)])
    found = exposure(account(samples(of, [50.0] * 10), BEGIN, LOT), of, BEGIN + 10 * SECOND, TICK, LOT)
    assert found.time == pytest.approx((0.25 + 5) / 10)
    assert found.mean == pytest.approx((0.25 * 4 + 5 * 2) / 10 * LOT)
    assert found.largest == 4 * LOT
    assert found.value_largest == 4 * LOT * 50
    assert found.value_mean == pytest.approx(2 * LOT * 50 * 0.5)
