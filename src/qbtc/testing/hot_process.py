"""HFT without its house, with a strategy in the hot tier, as a process of its own. Made to be killed.

`python -m qbtc.testing.hot_process URL KEYS FOLDER SEED` runs the strategy `busy` until SIGTERM; then it stops trading,
waits until desk and engine agree with the venue, and leaves what both believe in FOLDER/belief.json.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from pathlib import Path

from qbtc.contracts.common import Scope
from qbtc.hft.adapters.hot_engine import HotEngine
from qbtc.hft.adapters.hotloop.codes import Note
from qbtc.hft.adapters.hotloop.panel import TapeReader
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain.orders import hot_word
from qbtc.hft.hot import HotTier

from . import hot_strategies
from .hft_process import AUDIT_SECONDS, LOOK, HftProcess, Unknown

STRATEGY = "busy"
ENOUGH = 40.0


class HotProcess(HftProcess):
    def __init__(self, url: str, keys: Path, folder: Path, seed: int) -> None:
        super().__init__(url, keys, folder, seed)
        self.trader.recover()
        home = folder.parent
        hot_strategies.write(home / "strategies", pace=1)
        self.hot = HotTier(self.engine, HotEngine(home, url))
        self.trader.hot_names[hot_word(STRATEGY)] = STRATEGY
        self.hot.start(load(STRATEGY, home), spin=False)
        self.works = (*self.works, self.hot.run, self._measure_engine)
        self.in_doubt, self.doubted = set[str](), Unknown()

    async def _trade(self) -> None:
        await self.stopping.wait()

    async def _settle(self) -> None:
        """Halt, let both sides compare their accounts again, then end the engine."""
        await self.trader.kill(Scope.CANCEL, "the campaign is over")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENOUGH):
                await self._agreement()
        self.seen = self.hot.view() or {}
        await self.hot.close()

    async def _agreement(self) -> None:
        while True:
            if await self._agreed():
                return
            await asyncio.sleep(LOOK)

    async def _agreed(self) -> bool:
        """Nothing open, and two comparisons more of each side that found nothing."""
        before = self._signs()
        if before is None:
            return False
        await asyncio.sleep(AUDIT_SECONDS * 3)
        after = self._signs()
        return after is not None and after[0] is not before[0] and after[1] >= before[1] + 2 and after[2:] == before[2:]

    def _signs(self) -> tuple[object, int, int, int] | None:
        panel = self.hot.panel
        if panel is None or not self.desk.reconciled or self.desk.open_orders() or not self.engine.report.settled:
            return None
        head = panel.record["head"]
        if not head["running"] or int(head["open_orders"]) or int(head["pid"]) != self.hot.pid:
            return None
        return self.engine.report, int(head["compared"]), int(head["differences"]), self.desk.counted

    async def _measure_engine(self) -> None:
        """How long an order was in doubt in an engine that is in its sockets, while the venue was in reach."""
        reader, panel, last = None, None, time.monotonic()
        while True:
            await asyncio.sleep(LOOK)
            if self.hot.panel is not panel:
                panel = self.hot.panel
                reader = TapeReader(panel, 0) if panel is not None else None
                self.in_doubt.clear()
            for row in reader.read() if reader is not None else ():
                (self.in_doubt.add if int(row["kind"]) == Note.UNKNOWN else self.in_doubt.discard)(str(row["sequence"]))
            now = time.monotonic()
            if self.desk.reconciled and panel is not None and panel.record["head"]["running"]:
                self.doubted.look(self.in_doubt, now - last)
            last = now

    def belief(self) -> dict[str, object]:
        return super().belief() | {"hot": getattr(self, "seen", {}), "worst_doubt": round(self.doubted.worst, 3)}


def main(url: str, keys: str, folder: str, seed: str) -> None:
    async def run() -> None:
        await HotProcess(url, Path(keys), Path(folder), int(seed)).run()

    asyncio.run(run())


if __name__ == "__main__":
    main(*sys.argv[1:])
