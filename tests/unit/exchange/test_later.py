from __future__ import annotations

from collections.abc import Callable
from typing import cast

from qbtc.exchange.later import Later
from qbtc.exchange.symbol_market import SymbolMarket


class Market:
    def __init__(self) -> None:
        self.flushed: list[int] = []

    def flush(self, now: int) -> None:
        self.flushed.append(now)


def test_many_changes_in_one_turn_are_published_once_with_the_last_time() -> None:
    turns: list[Callable[[], None]] = []
    later = Later(turns.append)
    one, two = Market(), Market()
    for now in (1, 2, 3):
        later(cast(SymbolMarket, one), now)
    later(cast(SymbolMarket, two), 4)
    assert one.flushed == []
    assert len(turns) == 1
    turns.pop()()
    assert (one.flushed, two.flushed) == ([3], [4])
    later(cast(SymbolMarket, one), 5)
    turns.pop()()
    assert one.flushed == [3, 5]
