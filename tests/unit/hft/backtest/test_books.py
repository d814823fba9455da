"""The flat book against a plain one, and the touch after every message against a replay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.hft.backtest.recordings import CLEAR, DEPTH, SNAPSHOT, TICKER, TRADE, Message, tape, walk

from qbtc.hft.domain.backtest.book import Memory, apply, replace, tick_of
from qbtc.hft.domain.backtest.history import WIPED, change_from, level_of, next_level, size_before
from qbtc.hft.domain.backtest.layout import FAR, RUN

LOW, HIGH = 90, 110 + 64 * 3
rows = st.lists(st.tuples(st.integers(0, 1), st.integers(LOW, HIGH), st.integers(0, 3)), max_size=12)


class Plain:
    """Levels in dicts; the touch by the rule of news: whoever goes through the other side's touch moves it behind."""

    def __init__(self) -> None:
        self.levels: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self.touch: list[int | None] = [None, None]

    def next(self, side: int, beyond: int) -> int | None:
        found = [t for t in self.levels[side] if (t > beyond if side else t < beyond)]
        return (min if side else max)(found) if found else None

    def set(self, side: int, tick: int, lots: int) -> None:
        best = self.touch[side]
        if lots:
            self.levels[side][tick] = lots
            if best is None or (tick < best if side else tick > best):
                self.touch[side] = tick
                other = self.touch[1 - side]
                if other is not None and (other >= tick if side else other <= tick):
                    self.touch[1 - side] = self.next(1 - side, tick)
        else:
            self.levels[side].pop(tick, None)
            if tick == best:
                self.touch[side] = self.next(side, tick)

    def take(self, given: list[tuple[int, int, int]]) -> None:
        for side in (0, 1):
            reached = [tick for s, tick, _ in given if s == side]
            if reached:
                far = (max if side else min)(reached)
                for tick in [t for t in self.levels[side] if (t <= far if side else t >= far)]:
                    del self.levels[side][tick]
                self.touch[side] = self.next(side, far)
        for row in given:
            self.set(*row)


@given(st.lists(st.tuples(st.booleans(), rows), max_size=12))
def test_the_flat_book_is_the_plain_book(messages: list[tuple[bool, list[tuple[int, int, int]]]]) -> None:
    run, plain = np.zeros(1, RUN), Plain()
    memory = Memory(run["book"], LOW, HIGH, np.dtype(np.int32))
    for whole, given_rows in messages:
        tick = np.array([t << 2 | s for s, t, _ in given_rows], np.int32)
        lots = np.array([q for *_, q in given_rows], np.int32)
        (replace if whole else apply)(run[0]["book"], memory.levels, tick, lots, 0, len(tick))
        if whole:
            plain.take(given_rows)
        else:
            for row in given_rows:
                plain.set(*row)
        book = run[0]["book"]
        for side in (0, 1):
            key = int(book["best"][side])
            assert (tick_of(book, side, key) or None) == plain.touch[side]
            assert (key == FAR) == (plain.touch[side] is None)
            span = int(book["span"])
            mine = memory.levels[side * span : (side + 1) * span]
            held = {int(tick_of(book, side, n)): int(mine[n]) for n in np.flatnonzero(mine)}
            assert held == plain.levels[side]


def test_the_touch_after_every_message_is_that_of_a_replay() -> None:
    messages = walk(11, 300, shuffle=True)
    plain, seen = Plain(), []
    for kind, *_, given_rows in sorted(messages, key=lambda m: m[1]):
        if kind == SNAPSHOT:
            plain.take(given_rows)
        elif kind == DEPTH:
            for row in given_rows:
                plain.set(*row)
        seen.append([plain.touch[0] or 0, plain.touch[1] or 0])
    assert tape(messages).exchange.touch.tolist() == seen


def test_a_ticker_is_the_touch_until_the_book_says_something_newer() -> None:
    book: Message = (SNAPSHOT, 0, 0, [(0, 100, 5), (1, 105, 5)])
    ticker: Message = (TICKER, 10, 10, [(0, 101, 2), (1, 104, 3)])
    trade: Message = (TRADE, 20, 20, [(0, 104, 1)])
    depth: Message = (DEPTH, 30, 30, [(0, 99, 1)])
    assert tape([book, ticker, trade, depth]).exchange.touch.tolist() == [[100, 105], [101, 104], [101, 104], [100, 105]]
    assert tape([book, ticker, trade, depth], tickers=False).exchange.touch.tolist() == [[100, 105]] * 3


def test_where_tickers_are_all_there_is_they_are_the_book() -> None:
    feed = tape([(TICKER, 0, 0, [(0, 100, 5), (1, 105, 5)]), (TICKER, 5, 5, [(0, 106, 1), (1, 0, 0)])])
    assert feed.alone
    assert feed.exchange.touch.tolist() == [[100, 105], [106, 0]]


def test_times_of_receipt_before_those_of_the_exchange_are_moved_and_no_message_is_an_error() -> None:
    feed = tape([(DEPTH, 100, 40, [(0, 100, 5)]), (DEPTH, 200, 190, [(0, 100, 6)])])
    assert (feed.local - feed.times).tolist() == [0, 50_000_000]
    with pytest.raises(ValueError, match="no depth update, trade or ticker"):
        tape([(7, 0, 0, [(0, 1, 1)])])


def test_a_snapshot_is_taken_by_the_rules_of_the_venue() -> None:
    old: Message = (DEPTH, 10, 15, [(0, 50, 1)], 5)
    newer: Message = (DEPTH, 20, 26, [(0, 101, 7)], 8)
    trade: Message = (TRADE, 22, 27, [(0, 105, 1)], 3)
    snapshot: Message = (SNAPSHOT, 18, 40, [(0, 100, 5), (1, 105, 5)], 6)
    stale: Message = (DEPTH, 19, 50, [(0, 104, 9)], 6)
    later: Message = (DEPTH, 60, 66, [(1, 103, 2)], 9)
    messages = [old, newer, trade, snapshot, stale, later]
    feed = tape(messages)
    assert feed.kind.tolist() == [TRADE, SNAPSHOT, DEPTH, DEPTH]
    assert ((feed.local - feed.local[0]) // 1_000_000).tolist() == [0, 13, 13, 39]
    assert feed.exchange.touch.tolist() == [[100, 105], [101, 105], [101, 105], [101, 103]]
    assert tape(messages, sync=False).kind.size == len(messages)


@given(st.lists(st.tuples(st.sampled_from([DEPTH, SNAPSHOT, TRADE, CLEAR]), rows, st.integers(0, 9)), min_size=1, max_size=12))
def test_the_history_of_a_level_is_its_size_in_a_replay_at_every_place(
    messages: list[tuple[int, list[tuple[int, int, int]], int]],
) -> None:
    given_messages: list[Message] = [(DEPTH, 0, 0, [(0, LOW, 1), (1, HIGH, 1)])]
    given_messages += [(kind, 10 + n - late, 10 + n, r if kind != CLEAR else []) for n, (kind, r, late) in enumerate(messages)]
    feed, plain = tape(given_messages), Plain()
    h, span = feed.exchange.history, feed.span
    ordered = sorted(given_messages, key=lambda m: m[1])
    for place, (kind, *_, given_rows) in enumerate(ordered):
        if kind == SNAPSHOT:
            plain.take(given_rows)
        elif kind == CLEAR:
            plain = Plain()
        elif kind == DEPTH:
            for row in given_rows:
                plain.set(*row)
        for side in (0, 1):
            for tick in range(LOW, HIGH + 1):
                level = level_of(h.codes, side * span + tick - feed.low)
                size = size_before(h, level, change_from(h, level, place + 1)) if level >= 0 else 0
                assert size == plain.levels[side].get(tick, 0)
            best = plain.touch[side]
            if best is not None:
                behind = plain.next(side, best)
                code, lots = next_level(h, span, side, side * span + best - feed.low, place + 1)
                assert lots == (plain.levels[side][behind] if behind is not None else 0)
                assert behind is None or code == side * span + behind - feed.low


def test_a_tape_with_a_thousand_forgotten_levels_is_read_like_any_other() -> None:
    wide: Message = (DEPTH, 0, 0, [(0, tick, 1) for tick in range(100, 6000)])
    whole: Message = (CLEAR, 5, 5, [])
    h = tape([wide, whole]).exchange.history
    assert len(h.codes) == 5900
    assert (h.changes[1::2, 1] == WIPED).all()
