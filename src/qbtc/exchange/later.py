"""Publish books once per turn of the event loop, however many orders changed them in it."""

from __future__ import annotations

from collections.abc import Callable

from .symbol_market import SymbolMarket


class Later:
    """`soon` runs a function after what is being done now (`loop.call_soon`)."""

    def __init__(self, soon: Callable[[Callable[[], None]], object]) -> None:
        self._soon = soon
        self._waiting: dict[SymbolMarket, int] = {}

    def __call__(self, market: SymbolMarket, now: int) -> None:
        if not self._waiting:
            self._soon(self._flush)
        self._waiting[market] = now

    def _flush(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for market, now in waiting.items():
            market.flush(now)
