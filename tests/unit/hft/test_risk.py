"""The risk gate: each rule says no on its own, and a rule that cannot be computed says no too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qbtc.contracts import TradingState
from qbtc.contracts.common import OrderType, Side
from qbtc.hft.domain.risk import (
    RULES,
    Limits,
    Proposal,
    Purpose,
    Rule,
    Situation,
    first_refusal,
    judge,
    shown,
)
from qbtc.hft.domain.units import ONE, units

LIMITS = Limits(
    order_quantity=units("2"),
    order_notional=units("200") * ONE,
    position_notional=units("300") * ONE,
    open_orders=3,
    orders_per_second=5,
    collar_bp=100,
    stale_ms=1000,
    daily_loss=units("50") * ONE,
)
CALM = Situation(
    symbols=frozenset({"BTCUSDT"}),
    state=TradingState.ACTIVE,
    market_open=True,
    reconciled=True,
    mid=units("100"),
    last_frame_age_ms=10,
    position=0,
    working=0,
    open_orders=0,
    sent_last_second=0,
    day_pnl=0,
    free=units("100000"),
)
BUY = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("1"), units("100"))
SELL = replace(BUY, side=Side.SELL)
LONG = replace(CALM, position=units("1"))


def refused(p: Proposal = BUY, s: Situation = CALM) -> str | None:
    verdict = first_refusal(p, s, LIMITS)
    return verdict.rule if verdict else None


def test_an_ordinary_order_passes_every_rule() -> None:
    assert refused() is None
    assert [v.rule for v in judge(BUY, CALM, LIMITS)] == [r.name for r in RULES]


@pytest.mark.parametrize(
    ("rule", "p", "s"),
    [
        ("trading_state", BUY, replace(CALM, state=TradingState.HALTED)),
        ("trading_state", BUY, replace(CALM, state=TradingState.REDUCING)),
        ("symbol_allowed", replace(BUY, symbol="DOGEUSDT"), CALM),
        ("market_open", BUY, replace(CALM, market_open=False)),
        ("reconciled", BUY, replace(CALM, reconciled=False)),
        ("positive_size", replace(BUY, quantity=0), CALM),
        ("positive_size", replace(BUY, price=-1), CALM),
        ("market_data_age", BUY, replace(CALM, last_frame_age_ms=1001)),
        ("market_data_age", BUY, replace(CALM, last_frame_age_ms=None)),
        ("order_quantity", replace(BUY, quantity=units("2") + 1, price=units("50")), CALM),
        ("order_notional", replace(BUY, quantity=units("2"), price=units("100.00000001")), CALM),
        ("position_notional", BUY, replace(CALM, position=units("2.5"))),
        ("position_notional", BUY, replace(CALM, working=units("2.5"))),
        ("position_notional", SELL, replace(CALM, position=-units("2.5"))),
        ("open_orders", BUY, replace(CALM, open_orders=3)),
        ("order_rate", BUY, replace(CALM, sent_last_second=5)),
        ("price_collar", replace(BUY, price=units("101.01")), CALM),
        ("price_collar", replace(SELL, price=units("98.99")), CALM),
        ("daily_loss", BUY, replace(CALM, day_pnl=-units("50.1") * ONE)),
        ("free_balance", BUY, replace(CALM, free=units("99.99"))),
        ("free_balance", SELL, replace(CALM, free=units("0.5"))),
        ("free_balance", BUY, replace(CALM, free=None)),
        ("order_notional", replace(BUY, price=None, type=OrderType.MARKET), replace(CALM, mid=None)),
    ],
)
def test_each_rule_refuses_alone(rule: str, p: Proposal, s: Situation) -> None:
    assert refused(p, s) == rule


@pytest.mark.parametrize(
    ("p", "s"),
    [
        (replace(BUY, quantity=units("2"), price=units("100")), CALM),
        (replace(BUY, price=units("101")), CALM),
        (BUY, replace(CALM, position=units("2"))),
        (BUY, replace(CALM, open_orders=2, sent_last_second=4, last_frame_age_ms=1000)),
        (BUY, replace(CALM, free=units("100"))),
    ],
)
def test_exactly_at_the_limit_passes(p: Proposal, s: Situation) -> None:
    assert refused(p, s) is None


def test_an_order_that_only_reduces_passes_when_trading_may_only_reduce() -> None:
    reducing = replace(LONG, state=TradingState.REDUCING, day_pnl=-units("999") * ONE, open_orders=9)
    assert refused(SELL, reducing) is None
    assert refused(BUY, reducing) == "trading_state"
    assert refused(replace(SELL, quantity=units("1") + 1), reducing) == "trading_state"


def test_reducing_counts_what_already_works_on_the_same_side() -> None:
    assert refused(SELL, replace(LONG, state=TradingState.REDUCING, working=-units("0.5"))) == "trading_state"


def test_closing_after_a_kill_passes_although_trading_is_halted() -> None:
    close = Proposal("BTCUSDT", Side.SELL, OrderType.MARKET, units("1"), None, Purpose.FLATTEN)
    worst = replace(LONG, state=TradingState.HALTED, reconciled=False, sent_last_second=99, last_frame_age_ms=None)
    assert refused(close, worst) is None
    assert refused(close, replace(worst, market_open=False)) == "market_open"


def test_a_rule_that_raises_means_no_and_says_so() -> None:
    broken = Rule("broken", "count", lambda p, s, limits: (1 // 0, 0), "never")
    verdict = judge(BUY, CALM, LIMITS, (broken,))[0]
    assert not verdict.ok
    assert "ZeroDivisionError" in verdict.reason


def test_a_refusal_names_value_and_limit() -> None:
    verdict = first_refusal(replace(BUY, quantity=units("2.5"), price=units("10")), CALM, LIMITS)
    assert verdict is not None
    assert "2.5, allowed up to 2" in verdict.reason
    assert shown(verdict.unit, verdict.headroom) == "-0.5"
