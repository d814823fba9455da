"""A process that writes bars of states until it is killed; says each bar that it has committed. Given: address, session."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from tests.system.qcs.test_market_fold import bars, feed

from qbtc.contracts.quantum import QuantumState
from qbtc.kit.store import Store
from qbtc.qcs.adapters.repository import PostgresStates
from qbtc.qcs.market import MarketFold


class NoScreen:
    async def show(self, event: QuantumState, gaps: Sequence[int]) -> None: ...


async def main(dsn: str, session: str) -> None:
    store = Store(dsn, name="qcs")
    await store.open()
    fold = MarketFold(PostgresStates(store), NoScreen())
    for market in bars(400, session=session):
        await feed(fold, store, market)
        print(f"committed {market.bar}", flush=True)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
