"""Which moments are kept and what followed them."""

from __future__ import annotations

import pytest

from qbtc.cio.domain.moments import SECOND, Bar, KeepRule, Kept, Reason, forward_return, price_at, why_keep

RULE = KeepRule(every=60, min_gap=5)
START = Kept("s1", 1_000 * SECOND)


def after(seconds: float, session: str = "s1") -> Kept:
    return Kept(session, START.at + int(seconds * SECOND))


@pytest.mark.parametrize(
    ("now", "changed", "filled", "expected"),
    [
        (after(59), False, False, None),
        (after(60), False, False, "minute"),
        (after(10), True, False, "regime"),
        (after(10), False, True, "fill"),
        (after(10), True, True, "fill"),
        (after(4), True, True, None),
        (after(1, "s2"), False, False, "first"),
        (after(-1), False, False, "first"),
    ],
)
def test_a_moment_is_kept_for_its_reason_only(now: Kept, changed: bool, filled: bool, expected: Reason | None) -> None:
    assert why_keep(RULE, START, now=now, regime_changed=changed, filled=filled) == expected


def test_the_first_state_of_a_symbol_is_kept() -> None:
    assert why_keep(RULE, None, now=START, regime_changed=False, filled=False) == "first"


def bars(*closes: float) -> list[Bar]:
    return [Bar((i + 1) * SECOND, close) for i, close in enumerate(closes)]


def test_price_is_the_last_close_not_after_the_time() -> None:
    assert price_at(bars(10, 11, 12), 2 * SECOND) == 11
    assert price_at(bars(10, 11, 12), int(2.9 * SECOND)) == 11


def test_a_stale_or_future_price_is_no_price() -> None:
    assert price_at(bars(10), 7 * SECOND) is None
    assert price_at(bars(10), 0) is None
    assert price_at([], SECOND) is None


def test_forward_return_needs_the_close_at_the_horizon() -> None:
    path = bars(100, 101, 102, 103)
    assert forward_return(100.0, path, at=SECOND, horizon=3) == pytest.approx(0.03)
    assert forward_return(100.0, path, at=SECOND, horizon=60) is None
