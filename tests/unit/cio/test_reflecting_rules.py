"""What asks for a reflection, what a closed trade is, and what is talked about more than usual."""

from __future__ import annotations

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from tests.every import every

from qbtc.cio.domain.claims import TriggerRule, due
from qbtc.cio.domain.occasions import Event, signals
from qbtc.cio.domain.topics import Item, risen
from qbtc.cio.domain.trips import Fill, Kept, closed

SECOND = 10**9


def moment(n: int, regime: str, reason: str = "minute") -> Event:
    return Event(f"m{n}", n * SECOND, "market", "BTCUSDT", reason, regime)


def test_a_trade_asks_for_more_attention_than_a_turn_and_a_turn_for_more_than_a_routine_moment() -> None:
    events = [Event("t", 1, "trade"), Event("c", 2, "chat"), moment(3, "calm")]
    weights = [signal.importance for signal in signals(events, {})]
    assert weights == sorted(weights, reverse=True) and len(set(weights)) == 3


def test_a_rare_regime_surprises_and_a_usual_one_does_not() -> None:
    rare, usual = signals([moment(1, "storm", "regime"), moment(2, "calm", "regime")], {("BTCUSDT", "calm"): 1000})
    assert rare.surprise > 8 > 0.1 > usual.surprise
    assert signals([moment(1, "storm", "regime")], {})[0].surprise == 0.0
    assert signals([moment(1, "storm")], {("BTCUSDT", "calm"): 1000})[0].surprise == 0.0


@every(
    "events, why",
    [
        ([Event(f"t{i}", i * SECOND, "trade") for i in range(1, 40)], "importance"),
        ([moment(1, "storm", "regime")], "surprise"),
        ([Event("c", SECOND, "chat")], None),
    ],
)
def test_what_was_kept_asks_for_a_reflection(events: list[Event], why: str | None) -> None:
    rule = TriggerRule(importance=100.0, surprise=6.0, every=86_400.0, min_gap=0.0)
    found = due(signals(events, {("BTCUSDT", "calm"): 1000}), rule, last=0, now=60 * SECOND)
    assert (found.why if found else None) == why


def fill(n: int, side: str, quantity: str, price: str, fee: str = "0", strategy: str = "mm") -> Kept:
    sign = 1 if side == "BUY" else -1
    return Kept(f"m{n}", strategy, "BTCUSDT", Fill(sign * Decimal(quantity), Decimal(price), Decimal(fee)))


def test_a_trade_goes_from_flat_to_flat_with_its_fees() -> None:
    (trade,) = closed(
        [
            fill(1, "BUY", "1", "100", "1"),
            fill(2, "BUY", "1", "110"),
            fill(3, "SELL", "2", "120", "2"),
            fill(4, "BUY", "1", "1"),
        ]
    )
    assert (trade.result, trade.fills) == (Decimal(27), ("m1", "m2", "m3"))


def test_a_fill_that_turns_the_position_round_closes_one_trade_and_opens_the_next() -> None:
    found = closed([fill(1, "SELL", "1", "100"), fill(2, "BUY", "2", "90"), fill(3, "SELL", "1", "95")])
    assert [(trade.result, trade.fills) for trade in found] == [(Decimal(10), ("m1", "m2")), (Decimal(5), ("m2", "m3"))]


def test_dust_that_a_fee_leaves_is_flat_and_strategies_do_not_mix() -> None:
    found = closed(
        [fill(1, "BUY", "1", "100"), fill(2, "SELL", "0.9995", "110"), fill(3, "SELL", "1", "100", strategy="other")]
    )
    assert [(trade.strategy, trade.fills) for trade in found] == [("mm", ("m1", "m2"))]


@given(st.lists(st.tuples(st.sampled_from(["BUY", "SELL"]), st.integers(1, 5), st.integers(90, 110)), max_size=30))
def test_closed_trades_hold_all_the_cash_of_a_book_that_ends_flat(moves: list[tuple[str, int, int]]) -> None:
    fills = [fill(i, side, str(quantity), str(price)) for i, (side, quantity, price) in enumerate(moves)]
    held = sum(kept.fill.quantity for kept in fills)
    if held:
        fills.append(fill(len(fills), "SELL" if held > 0 else "BUY", str(abs(held)), "100"))
    cash = -sum((kept.fill.quantity * kept.fill.price for kept in fills), Decimal(0))
    assert sum((trade.result for trade in closed(fills)), Decimal(0)) == cash


def items(count: int, *words: str, start: int = 0) -> list[Item]:
    return [Item(f"m{start + i}", frozenset((word, word) for word in words)) for i in range(count)]


def test_a_word_that_has_become_common_is_named_with_the_items_that_have_it() -> None:
    recent = [*items(9, "funding"), *(items(1, word, start=9 + i)[0] for i, word in enumerate(("one", "two", "three")))]
    (found,) = risen(recent, items(100, "weather", start=50))
    assert (found.group, found.n, len(found.evidence)) == ("funding", 12, 9)
    assert found.adjusted < 0.001 and not found.within_chance


def test_with_too_few_items_nothing_is_said() -> None:
    assert risen(items(7, "funding"), items(100, "weather", start=50)) == []
    assert risen(items(12, "funding"), items(29, "weather", start=50)) == []


def test_chance_alone_is_named_about_once_in_twenty_looks_at_all_words() -> None:
    rng, named = random.Random(26), 0
    for _ in range(60):
        talk = [Item(f"m{i}", frozenset((w, w) for w in "abcdefgh" if rng.random() < 0.25)) for i in range(80)]
        named += bool(risen(talk[:20], talk[20:]))
    assert named <= 6
