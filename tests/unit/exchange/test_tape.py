"""Trades kept in bounded rings, aggregates by id and time, and amounts written without binary floats."""

from __future__ import annotations

from decimal import ROUND_DOWN, Decimal

from hypothesis import given
from hypothesis import strategies as st

from qbtc.core.market.instrument import KNOWN
from qbtc.exchange.klines import Candle
from qbtc.exchange.market_data_bodies import mean_text, percent_text, quote_text
from qbtc.exchange.market_data_tape import Aggregate, Print, Ring, Tape

ITEM = KNOWN["BTCUSDT"]
START = 1_700_000_040_000


@given(st.integers(1, 40), st.lists(st.integers(0, 9), max_size=1500), st.integers(0, 60))
def test_a_ring_keeps_the_last_rows_in_order(keep: int, steps: list[int], asked: int) -> None:
    ring, model, key = Ring(2, keep), [], 0
    for step in steps:
        key += step + 1
        ring.append((key, step))
        model.append((key, step))
    kept = model[-keep:]
    assert len(ring) == len(kept)
    assert list(ring.rows(0, len(ring))) == kept
    assert list(ring.rows(len(ring) - asked, len(ring) + 5)) == (kept[-asked:] if asked else [])
    wanted = key // 2
    assert ring.at_least(0, wanted) == sum(1 for number, _ in kept if number < wanted)


def taped(*trades: tuple[int, int, int, bool], keep: int = 100) -> Tape:
    """(tick, lots, ms, sold), ids from 1."""
    tape = Tape(ITEM, keep)
    for number, (tick, lots, ms, sold) in enumerate(trades, 1):
        tape.trade(Print(number, tick, lots, START + ms, sold))
    tape.settle()
    return tape


MANY = taped(*((100, 1, ms, False) for ms in range(0, 1000, 100)), (101, 5, 950, True), (101, 6, 950, True))


def test_trades_are_found_by_id() -> None:
    assert [item.trade_id for item in MANY.recent(3)] == [10, 11, 12]
    assert [item.trade_id for item in MANY.recent(2, 4)] == [4, 5]
    assert MANY.recent(5, 13) == []
    assert MANY.recent(1)[0] == Print(12, 101, 6, START + 950, True)


def test_aggregates_are_found_by_id_and_by_time() -> None:
    assert MANY.aggregates(1) == [Aggregate(11, 12, 101, 11, START + 950, True)]
    assert [row.first for row in MANY.aggregates(2, from_id=3)] == [3, 4]
    assert [row.first for row in MANY.aggregates(2, from_id=12)] == []
    assert [row.first for row in MANY.aggregates(3, since=START + 150)] == [3, 4, 5]
    assert [row.first for row in MANY.aggregates(2, until=START + 300)] == [3, 4]
    assert [row.first for row in MANY.aggregates(9, since=START + 300, until=START + 300)] == [4]
    assert MANY.aggregates(9, since=START + 2000) == []


def test_what_is_too_old_is_gone_and_the_newest_is_kept() -> None:
    tape = taped(*((100 + n, 1, n, False) for n in range(1000)), keep=10)
    assert [item.trade_id for item in tape.recent(1000)] == list(range(991, 1001))
    assert [item.trade_id for item in tape.recent(2, 1)] == [991, 992]


def test_a_window_without_trades_shows_the_last_price() -> None:
    tape = taped((7, 1, 0, False))
    later = tape.rolling(START + 10 * 60_000, 60_000)
    assert (later.open, later.close, later.volume, later.trades, later.first) == (7, 7, 0, 0, -1)
    assert tape.before(START + 10 * 60_000, 60_000) == 7
    assert Tape(ITEM).rolling(START).close == 0


amounts = st.integers(1, 10**12)


@given(amounts, amounts, st.integers(1, 10**9))
def test_texts_are_exact_and_truncated(opened: int, closed: int, lots: int) -> None:
    candle = Candle(0, opened, max(opened, closed), min(opened, closed), closed, lots, closed * lots, 1)
    eight = Decimal("0.00000001")
    assert Decimal(mean_text(ITEM, candle)) == ITEM.from_ticks(closed)
    assert Decimal(quote_text(ITEM, candle.value)) == ITEM.notional(closed, lots).quantize(eight, ROUND_DOWN)
    change = (Decimal(closed - opened) * 100 / opened).quantize(Decimal("0.001"), ROUND_DOWN)
    assert Decimal(percent_text(candle)) == change
