from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qbtc.kit.bus.policy import LONGEST_DELAY, REASON_LIMIT, backoff, reason_of


def test_the_pause_doubles_from_a_fifth_of_a_second() -> None:
    assert [backoff(n, 0.0) for n in (1, 2, 3, 4)] == [0.2, 0.4, 0.8, 1.6]


@given(st.integers(1, 500), st.floats(0, 0.999))
def test_the_pause_is_capped_and_spread_by_at_most_a_fifth(attempt: int, chance: float) -> None:
    assert backoff(attempt, 0.0) <= backoff(attempt, chance) <= 1.2 * LONGEST_DELAY


def test_a_reason_names_type_and_message_and_is_bounded() -> None:
    assert reason_of(ValueError("no\x00pe")) == "ValueError: nope"
    assert len(reason_of(ValueError("x" * 10_000))) == REASON_LIMIT
