"""Futures positions that the venue reports and our executions do not explain: after a liquidation, auto-deleveraging, or
a trade of another client the desk is wrong, and must know at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from qbtc.core.binance.user_data import AccountPosition
from qbtc.kit.logs import get_logger

from .domain.closing import told_late, within_reach
from .domain.desk import Balance, Desk
from .domain.units import text, units

log = get_logger(__name__)

GRACE_SECONDS = 1.0
LATE_NS = 100_000_000
"""An event that is newer than an execution of ours by less than this may not know of it."""


class Doubts:
    """`on_doubt` is called when the desk is no longer taken for reconciled."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._again: dict[str, asyncio.Task[None]] = {}
        self.on_doubt: Callable[[], object] = lambda: None

    def compare(self, event: AccountPosition) -> None:
        """An own execution whose report is still on its way explains a difference for a moment, and no longer."""
        if not self._desk.futures or not self._desk.reconciled:
            return
        reported = {row.asset: units(row.free) + units(row.locked) for row in event.balances}
        since = event.updated_ms * 1_000_000 - LATE_NS
        for symbol in list(self._desk.instruments):
            found = reported.get(self._desk.assets(symbol)[0])
            if found is None or found == self._desk.position(symbol).quantity:
                continue
            if within_reach(self._desk, symbol, found) or told_late(self._desk, symbol, found, since):
                self._look_again(symbol)
            else:
                self._doubt(symbol, found)

    def _look_again(self, symbol: str) -> None:
        if symbol not in self._again:
            self._again[symbol] = asyncio.create_task(self._later(symbol))

    async def _later(self, symbol: str) -> None:
        await asyncio.sleep(GRACE_SECONDS)
        del self._again[symbol]
        found = self._desk.balances.get(self._desk.assets(symbol)[0], Balance()).total
        if self._desk.reconciled and found != self._desk.position(symbol).quantity:
            self._doubt(symbol, found)

    def _doubt(self, symbol: str, found: int) -> None:
        here = text(self._desk.position(symbol).quantity)
        log.warning("a position is not what our executions made it", symbol=symbol, here=here, venue=text(found))
        self._desk.reconciled = False
        self.on_doubt()
