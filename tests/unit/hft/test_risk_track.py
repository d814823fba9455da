"""What the gate remembers: events of the last seconds, and what a market usually looks like."""

from __future__ import annotations

import numpy as np

from qbtc.hft.domain.risk_records import UNKNOWN
from qbtc.hft.domain.risk_track import (
    KEPT,
    PULSE,
    RATE,
    SECOND,
    happened,
    last_second,
    last_ten,
    moved,
    observe,
    typical_lots,
    typical_spread,
)


def test_an_event_counts_for_less_than_one_and_less_than_ten_seconds() -> None:
    rate = np.zeros(1, RATE)[0]
    happened(rate, 5)
    happened(rate, SECOND)
    assert [last_second(rate, at) for at in (SECOND, SECOND + 4, SECOND + 5, 2 * SECOND)] == [2, 2, 1, 0]
    assert [last_ten(rate, at) for at in (10 * SECOND + 4, 10 * SECOND + 5, 11 * SECOND)] == [2, 1, 0]


def test_more_events_than_are_kept_count_as_many() -> None:
    rate = np.zeros(1, RATE)[0]
    for _ in range(KEPT + 10):
        happened(rate, 1)
    assert last_second(rate, 2) == KEPT


def test_nothing_is_known_before_the_first_touch_and_a_crossed_one_teaches_nothing() -> None:
    pulse = np.zeros(1, PULSE)[0]
    observe(pulse, 1, 100, 100, 5, 5)
    observe(pulse, 1, 0, 100, 5, 5)
    assert (typical_lots(pulse), typical_spread(pulse), moved(pulse, 1)) == (UNKNOWN,) * 3


def test_the_move_is_that_of_ten_seconds_and_a_quiet_market_has_none() -> None:
    pulse = np.zeros(1, PULSE)[0]
    observe(pulse, 5 * SECOND, 10_000, 10_002, 4, 6)
    observe(pulse, 7 * SECOND, 10_100, 10_102, 4, 6)
    assert moved(pulse, 8 * SECOND) == 100
    assert moved(pulse, 15 * SECOND) == 0
    assert moved(pulse, 99 * SECOND) == 0
    assert (typical_lots(pulse), typical_spread(pulse)) == (5, 2048)
