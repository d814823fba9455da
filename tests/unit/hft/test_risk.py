"""The risk gate: each rule says no on its own and passes at its limit; what is not known means no."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.every import every

from qbtc.contracts.common import OrderType, Side
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.domain.risk import RULES, Limits, Proposal, Purpose, shown
from qbtc.hft.domain.risk_gate import judge, order_record, refusal
from qbtc.hft.domain.risk_records import HALTED, REDUCING, SITUATION, UNKNOWN, one
from qbtc.hft.domain.risk_rules import RULE_COUNT
from qbtc.hft.domain.units import ONE, units
from qbtc.hft.settings import HftSettings

BTC = KNOWN["BTCUSDT"]
LOT = BTC.lot_units
Change = dict[str, int]


def quote(text: str) -> int:
    """An amount of the quote asset as the gate counts it."""
    return units(text)


def lots(text: str) -> int:
    return units(text) // LOT


def ticks(text: str) -> int:
    return units(text) // BTC.tick_units


LIMITS = Limits(
    order_quantity=units("2"), order_notional=units("200") * ONE, position_notional=units("300") * ONE, open_orders=5,
    orders_per_second=5, collar_bp=100, stale_ms=1000, daily_loss=units("50") * ONE, skew_ms=500,
    min_notional=units("10") * ONE, gross=units("1000") * ONE, net=units("400") * ONE, leverage=200, margin_ratio_bp=5000,
    open_orders_symbol=3, orders_per_10_seconds=20, cancels_per_second=4, rejects=2, fills_per_10_seconds=7,
    last_collar_bp=150, fat_size=10, fat_price=40, spread_bp=20, moved_bp=50, drawdown=units("40") * ONE,
    hours_from=480, hours_to=1320,
)  # fmt: skip
CALM: Change = {
    "allowed": 1, "open": 1, "connected": 1, "reconciled": 1, "bid": ticks("99.99"), "ask": ticks("100.01"),
    "last": ticks("100"), "age": 10_000_000, "minute": 600, "typical_lots": lots("0.5"), "typical_spread": 2 * 1024,
    "equity": quote("10000"), "free_base": units("10"), "free_quote": quote("100000"), "value_num": 1, "value_den": 1,
    "lot_units": LOT, "margin_ratio": UNKNOWN, "margin_rate": UNKNOWN,
}  # fmt: skip
BUY = Proposal("BTCUSDT", Side.BUY, OrderType.LIMIT, units("1"), units("100"))
SELL = replace(BUY, side=Side.SELL)
MARKET = replace(BUY, type=OrderType.MARKET, price=None)
STOP = replace(MARKET, trigger=units("120"))
STOP_LIMIT = replace(BUY, price=units("120.5"), trigger=units("120"))
LONG: Change = {"position": lots("1")}
FUTURES: Change = {"futures": 1, "margin_ratio": 100, "margin_rate": 1000}


def refused(p: Proposal = BUY, change: Change | None = None) -> str | None:
    situation = one(SITUATION, **(CALM | (change or {})))
    found = refusal(order_record(p, BTC), situation, LIMITS.record(LOT), lot_units=LOT)
    return found.rule if found else None


def test_there_are_as_many_rules_in_the_table_as_in_the_gate() -> None:
    assert len(RULES) == RULE_COUNT >= 25
    assert len({r.name for r in RULES}) == RULE_COUNT
    assert all(r.title and r.says for r in RULES)
    assert {r.setting for r in RULES if r.setting} <= HftSettings.model_fields.keys()


def test_an_ordinary_order_passes_every_rule() -> None:
    assert refused() is None
    said = judge(order_record(BUY, BTC), one(SITUATION, **CALM), LIMITS.record(LOT), lot_units=LOT)
    assert [v.rule for v in said] == [r.name for r in RULES]
    assert all(v.ok for v in said)


REFUSED: list[tuple[str, Proposal, Change]] = [
    ("trading_state", BUY, {"state": HALTED}),
    ("trading_state", BUY, {"state": REDUCING}),
    ("trading_state", BUY, {"state": 7}),
    ("kill_switch", BUY, {"killed": 1}),
    ("symbol_allowed", BUY, {"allowed": 0}),
    ("market_open", BUY, {"open": 0}),
    ("venue_connected", BUY, {"connected": 0}),
    ("reconciled", BUY, {"reconciled": 0}),
    ("positive_size", replace(BUY, quantity=0), {}),
    ("positive_size", replace(BUY, price=-1), {}),
    ("positive_size", replace(BUY, price=units("100") + 1), {}),
    ("positive_size", replace(BUY, quantity=units("1") + 1), {}),
    ("positive_size", replace(BUY, quantity=10**40), {}),
    ("reduce_only", replace(MARKET, purpose=Purpose.FLATTEN), {}),
    ("unknown_orders", BUY, {"unknown_here": 1}),
    ("trading_hours", BUY, {"minute": 479}),
    ("trading_hours", BUY, {"minute": 1320}),
    ("market_data_age", BUY, {"age": 1_000_000_001}),
    ("clock_skew", BUY, {"skew": 500_000_001}),
    ("order_quantity", replace(BUY, quantity=units("2") + LOT, price=units("50")), {}),
    ("order_notional", replace(BUY, quantity=units("2"), price=units("100.01")), {}),
    ("min_notional", replace(BUY, quantity=units("0.099999")), {}),
    ("position_notional", BUY, {"position": lots("2.5")}),
    ("position_notional", BUY, {"working_buy": lots("2.5")}),
    ("position_notional", SELL, {"position": -lots("2.5")}),
    ("gross_exposure", BUY, {"other_gross": quote("900.01")}),
    ("net_exposure", BUY, {"other_net": quote("300.01")}),
    ("net_exposure", SELL, {"other_net": -quote("300.01")}),
    ("leverage", BUY, {"equity": quote("49.99")}),
    ("margin_ratio", BUY, FUTURES | {"margin_ratio": 5001}),
    ("open_orders_symbol", BUY, {"open_here": 3}),
    ("open_orders", BUY, {"open_all": 5}),
    ("order_rate", BUY, {"sent_1s": 5}),
    ("order_rate_10s", BUY, {"sent_10s": 20}),
    ("cancel_rate", BUY, {"cancels_1s": 5}),
    ("consecutive_rejects", BUY, {"rejects": 3}),
    ("fill_rate", BUY, {"fills_10s": 8}),
    ("price_collar", replace(BUY, price=units("101.01")), {"typical_spread": 9 * 1024, "last": ticks("101")}),
    ("price_collar", replace(SELL, price=units("98.99")), {"typical_spread": 9 * 1024, "last": ticks("99")}),
    ("last_collar", BUY, {"last": ticks("98.51")}),
    ("last_collar", SELL, {"last": ticks("101.53")}),
    ("fat_finger_size", BUY, {"typical_lots": lots("0.099999")}),
    ("fat_finger_price", replace(BUY, price=units("100.82")), {}),
    ("fat_finger_price", replace(SELL, price=units("99.18")), {}),
    ("self_cross", BUY, {"own_ask": ticks("100")}),
    ("self_cross", SELL, {"own_bid": ticks("100")}),
    ("self_cross", MARKET, {"own_ask": ticks("250")}),
    ("spread", BUY, {"bid": ticks("99.89"), "ask": ticks("100.10")}),
    ("volatility", BUY, {"moved": 51}),
    ("daily_loss", BUY, {"day_pnl": -quote("50.01"), "day_peak": -quote("50")}),
    ("drawdown", BUY, {"day_pnl": quote("10"), "day_peak": quote("50.01")}),
    ("free_balance", BUY, {"free_quote": quote("99.99")}),
    ("free_balance", SELL, {"free_base": units("0.5")}),
    ("free_balance", BUY, FUTURES | {"free_quote": quote("9.99")}),
    ("positive_size", replace(MARKET, trigger=0), {}),
    ("positive_size", replace(MARKET, trigger=-units("99")), {}),
    ("positive_size", replace(MARKET, trigger=units("100") + 1), {}),
    ("order_notional", replace(STOP, trigger=units("201")), {}),
    ("free_balance", replace(STOP, trigger=units("150")), {"free_quote": quote("149.99")}),
    ("price_collar", replace(STOP_LIMIT, price=units("122")), {"typical_spread": 99 * 1024}),
    ("fat_finger_price", replace(STOP_LIMIT, price=units("120.99")), {}),
]


@every("rule, p, change", REFUSED)
def test_each_rule_refuses_and_no_other_one_does(rule: str, p: Proposal, change: Change) -> None:
    said = judge(order_record(p, BTC), one(SITUATION, **(CALM | change)), LIMITS.record(LOT), lot_units=LOT)
    broken = {v.rule for v in said if not v.ok}
    assert refused(p, change) == rule
    assert broken == {rule} or rule == "positive_size" or p.trigger is not None
    assert next(v for v in said if v.rule == rule).reason


def test_every_rule_has_an_order_that_it_refuses() -> None:
    assert {rule for rule, _, _ in REFUSED} == {r.name for r in RULES}


@pytest.mark.parametrize(
    ("p", "change"),
    [
        (replace(BUY, quantity=units("2")), {}),
        (replace(BUY, quantity=units("0.1")), {}),
        (replace(BUY, price=units("101")), {"typical_spread": 9 * 1024}),
        (replace(BUY, price=units("100.81")), {}),
        (BUY, {"position": lots("2")}),
        (BUY, {"open_here": 2, "open_all": 4, "sent_1s": 4, "sent_10s": 19, "cancels_1s": 4, "rejects": 2, "fills_10s": 7}),
        (BUY, {"age": 1_000_000_000, "skew": 500_000_000, "minute": 480}),
        (BUY, {"minute": 1319}),
        (BUY, {"free_quote": quote("100")}),
        (SELL, {"free_base": units("1")}),
        (BUY, {"other_gross": quote("900"), "other_net": quote("300")}),
        (SELL, {"other_net": quote("400")}),
        (BUY, {"equity": quote("50")}),
        (BUY, FUTURES | {"margin_ratio": 5000, "free_quote": quote("10")}),
        (BUY, {"last": ticks("98.53")}),
        (BUY, {"typical_lots": lots("0.1")}),
        (BUY, {"own_ask": ticks("100.01"), "own_bid": ticks("99")}),
        (BUY, {"bid": ticks("99.90"), "ask": ticks("100.10")}),
        (BUY, {"moved": 50}),
        (BUY, {"day_pnl": -quote("40"), "day_peak": 0}),
        (BUY, {"day_pnl": -quote("50"), "day_peak": -quote("10")}),
    ],
)  # fmt: skip
def test_exactly_at_the_limit_passes(p: Proposal, change: Change) -> None:
    assert refused(p, change) is None


@pytest.mark.parametrize(
    ("field", "rule"),
    [
        ("age", "market_data_age"), ("skew", "clock_skew"), ("minute", "trading_hours"), ("unknown_here", "unknown_orders"),
        ("bid", "position_notional"), ("ask", "position_notional"), ("last", "last_collar"), ("typical_lots", "fat_finger_size"),
        ("typical_spread", "fat_finger_price"), ("moved", "volatility"), ("position", "position_notional"),
        ("working_buy", "position_notional"), ("other_gross", "gross_exposure"), ("other_net", "net_exposure"),
        ("equity", "leverage"), ("open_here", "open_orders_symbol"), ("open_all", "open_orders"), ("sent_1s", "order_rate"),
        ("sent_10s", "order_rate_10s"), ("cancels_1s", "cancel_rate"), ("rejects", "consecutive_rejects"),
        ("fills_10s", "fill_rate"), ("day_pnl", "daily_loss"), ("day_peak", "drawdown"), ("free_quote", "free_balance"),
        ("own_ask", "self_cross"), ("value_num", "order_notional"),
    ],
)  # fmt: skip
def test_what_is_not_known_means_no(field: str, rule: str) -> None:
    assert refused(BUY, {field: UNKNOWN}) == rule


@pytest.mark.parametrize("field", ["margin_ratio", "margin_rate"])
def test_a_margin_that_is_not_known_means_no_in_futures_only(field: str) -> None:
    assert refused(BUY, FUTURES | {field: UNKNOWN}) in ("margin_ratio", "free_balance")
    assert refused(BUY, {field: UNKNOWN}) is None


@pytest.mark.parametrize("p", [STOP, STOP_LIMIT, replace(STOP, trigger=units("80"), touched=True), replace(STOP_LIMIT, side=Side.SELL, trigger=units("80"), price=units("79.5"))])
def test_what_waits_for_the_market_is_judged_by_the_market_that_it_waits_for(p: Proposal) -> None:
    """Its price is far from here on purpose, and it takes nothing of ours that rests in the book now."""
    assert refused(p) is None
    assert refused(p, {"own_ask": ticks("100.02"), "own_bid": ticks("99.98")}) is None


@pytest.mark.parametrize("p", [STOP, STOP_LIMIT])
def test_a_market_that_is_not_known_means_no_for_what_waits_for_it_too(p: Proposal) -> None:
    assert refused(p, {"bid": UNKNOWN}) is not None
    assert refused(p, {"last": UNKNOWN}) == "last_collar"


def test_a_market_order_without_a_mid_is_refused() -> None:
    assert refused(MARKET, {"bid": UNKNOWN}) == "order_notional"
    assert refused(MARKET, {"bid": ticks("100.02")}) == "order_notional"


def test_trading_hours_may_span_midnight() -> None:
    night = replace(LIMITS, hours_from=1320, hours_to=480).record(LOT)
    for minute, passes in ((1319, False), (1320, True), (0, True), (479, True), (480, False)):
        situation = one(SITUATION, **(CALM | {"minute": minute}))
        assert (refusal(order_record(BUY, BTC), situation, night, lot_units=LOT) is None) is passes


def test_an_order_that_only_reduces_passes_when_trading_may_only_reduce() -> None:
    reducing = LONG | {"state": REDUCING, "day_pnl": -quote("999"), "open_here": 9, "open_all": 9, "moved": 999}
    assert refused(SELL, reducing) is None
    assert refused(BUY, reducing) == "trading_state"
    assert refused(replace(SELL, quantity=units("1") + LOT), reducing) == "trading_state"


def test_reducing_counts_what_already_works_on_the_same_side() -> None:
    assert refused(SELL, LONG | {"state": REDUCING, "working_sell": lots("0.5")}) == "trading_state"


def test_closing_after_a_kill_passes_although_trading_is_halted() -> None:
    close = replace(MARKET, side=Side.SELL, purpose=Purpose.FLATTEN)
    worst = LONG | {"state": HALTED, "killed": 1, "connected": 0, "reconciled": 0, "sent_1s": 99, "age": UNKNOWN}
    assert refused(close, worst) is None
    assert refused(close, worst | {"open": 0}) == "market_open"
    assert refused(replace(close, quantity=units("1") + LOT), worst) == "reduce_only"


def test_products_that_do_not_fit_are_refused_and_never_wrap() -> None:
    huge = {"bid": 2**52, "ask": 2**52 + 2, "last": 2**52 + 1}
    assert refused(replace(BUY, price=(2**52 + 1) * BTC.tick_units), huge) == "order_notional"
    assert refused(BUY, {"other_gross": 2**63 - 1}) == "gross_exposure"
    assert refused(BUY, {"other_net": 2**63 - 1}) == "net_exposure"


@pytest.mark.parametrize("symbol", ["ETHBTC", "DOGEUSDT"])
def test_values_are_exact_on_every_grid(symbol: str) -> None:
    from qbtc.hft.domain.risk_records import grid

    found = KNOWN[symbol]
    num, den = grid(found.tick_units, found.lot_units)
    assert num * 10**8 == found.tick_units * found.lot_units * den


def test_a_refusal_names_value_and_limit() -> None:
    situation, limits = one(SITUATION, **CALM), LIMITS.record(LOT)
    large = refusal(
        order_record(replace(BUY, quantity=units("2.5"), price=units("10")), BTC), situation, limits, lot_units=LOT
    )
    assert large is not None
    assert "2.5, allowed up to 2" in large.reason
    assert shown(large.unit, large.headroom) == "-0.5"
    small = refusal(order_record(replace(BUY, quantity=units("0.05")), BTC), situation, limits, lot_units=LOT)
    assert small is not None
    assert "5, allowed from 10" in small.reason
    assert shown(small.unit, small.headroom) == "-5"
