"""HFT without its house, as a process of its own: engine, trader, journal and reconciler against one venue, no database.

`python -m qbtc.testing.hft_process URL KEYS FOLDER SEED` sends a seeded flow of orders and cancels until SIGTERM; then it
cancels what is open, waits until nothing is unknown, and leaves what it believes in FOLDER/belief.json. FOLDER/running is there once
it listens to SIGTERM. Made to be killed.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from pydantic import SecretStr

from qbtc.contracts.common import OrderType, Side
from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.adapters.venue import BinanceVenue
from qbtc.hft.domain.desk import Desk
from qbtc.hft.domain.orders import State
from qbtc.hft.domain.requests import Origin
from qbtc.hft.domain.risk import Proposal
from qbtc.hft.domain.units import units
from qbtc.hft.engine import Engine
from qbtc.hft.settings import HftSettings
from qbtc.hft.trader import Trader

SYMBOL = "BTCUSDT"
UNKNOWN_SECONDS = 2.0
AUDIT_SECONDS = 1.0
ENOUGH = 30.0
LOOK = 0.02
LOOSE = HftSettings(
    max_orders_per_second=1000, max_orders_per_10_seconds=4000, max_cancels_per_second=1000, max_consecutive_rejects=1000,
    max_fills_per_10_seconds=4000, max_unknown_orders=100, max_spread_bp=10_000, max_move_bp=10_000, max_daily_loss=Decimal(100_000),
    max_drawdown=Decimal(100_000), fat_finger_size=1_000_000, fat_finger_price=1_000_000,
)  # fmt: skip


@dataclass
class Unknown:
    """How long each order has been of unknown state while the venue was in reach."""

    seconds: dict[str, float] = field(default_factory=dict)
    worst: float = 0.0

    def look(self, now: Iterable[str], elapsed: float) -> None:
        """`now` names the orders of unknown state."""
        self.seconds = {name: self.seconds.get(name, 0.0) + elapsed for name in now}
        self.worst = max([self.worst, *self.seconds.values()])


class HftProcess:
    def __init__(self, url: str, keys: Path, folder: Path, seed: int) -> None:
        found = json.loads(keys.read_text())
        self.folder = folder
        self.journal = FileJournal(folder, epoch=f"c{seed}")
        self.desk = Desk({}, LOOSE.limits())
        self.desk.restore(self.journal.records())
        self.venue = BinanceVenue(url, SecretStr(found["api_key"]), SecretStr(found["secret"]))
        self.trader = Trader(self.desk, self.venue, self.journal, epoch=self.journal.epoch)
        self.engine = Engine(
            self.desk, self.trader, self.venue, [], symbols=(SYMBOL,),
            unknown_seconds=UNKNOWN_SECONDS, audit_seconds=AUDIT_SECONDS,
        )  # fmt: skip
        self.random = random.Random(f"{seed}/{self.desk.sequence}")
        self.stopping = asyncio.Event()
        self.unknown = Unknown()
        self.works: tuple[Callable[[], Awaitable[None]], ...] = (
            self.engine.run_market, self.engine.run_user, self.engine.run_watch, self._measure,
        )  # fmt: skip
        self._cancels: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.stopping.set)
        (self.folder / "running").touch()
        tasks = [asyncio.ensure_future(work()) for work in self.works]
        await self._trade()
        await self._settle()
        (self.folder / "belief.json").write_text(json.dumps(self.belief()))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.venue.close()
        self.journal.close()

    def belief(self) -> dict[str, object]:
        return {
            "position": self.desk.position(SYMBOL).quantity,
            "balances": {asset: b.total for asset, b in self.desk.balances.items()},
            "open": [o.client_order_id for o in self.desk.open_orders()],
            "reconciled": self.desk.reconciled,
            "worst_unknown": round(self.unknown.worst, 3),
            "orders": self.desk.sequence,
            "refused": self.trader.refused,
        }

    async def _trade(self) -> None:
        while not self.stopping.is_set():
            self._act()
            await asyncio.sleep(self.random.random() * 0.03)

    def _act(self) -> None:
        market = self.engine.market_of(SYMBOL)
        if market.mid is None or not market.open or not self.desk.reconciled:
            return
        mine = self.desk.open_orders(SYMBOL)
        if mine and (len(mine) > 8 or self.random.random() < 0.3):
            task = asyncio.create_task(self.trader.cancel_quietly(self.random.choice(mine)))
            self._cancels.add(task)
            task.add_done_callback(self._cancels.discard)
        else:
            self.trader.fire(self._proposal(market.mid), Origin(strategy="chaos"))

    def _proposal(self, mid: int) -> Proposal:
        side = self.random.choice(list(Side))
        quantity = units(f"{self.random.randrange(1, 5) / 1000:.3f}")
        if self.random.random() < 0.4:
            return Proposal(SYMBOL, side, OrderType.MARKET, quantity, None)
        tick = self.desk.instruments[SYMBOL].tick_units
        away = self.random.randrange(-200, 20) * tick
        price = (mid + (away if side is Side.BUY else -away)) // tick * tick
        return Proposal(SYMBOL, side, OrderType.LIMIT, quantity, price)

    async def _settle(self) -> None:
        """Until nothing is open and the account was compared once more."""
        until = time.monotonic() + ENOUGH
        while time.monotonic() < until:
            for order in self.desk.open_orders():
                await self.trader.cancel_quietly(order)
            if self.desk.reconciled and not self.desk.open_orders():
                report = self.engine.report
                await asyncio.sleep(AUDIT_SECONDS * 1.5)
                if self.engine.report is not report and self.engine.report.settled and not self.desk.open_orders():
                    return
            await asyncio.sleep(LOOK)

    async def _measure(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(LOOK)
            now = time.monotonic()
            if self.desk.reconciled:
                found = [o.client_order_id for o in self.desk.open_orders() if o.state is State.UNKNOWN]
                self.unknown.look(found, now - last)
            last = now


def main(url: str, keys: str, folder: str, seed: str) -> None:
    async def run() -> None:
        await HftProcess(url, Path(keys), Path(folder), int(seed)).run()

    asyncio.run(run())


if __name__ == "__main__":
    main(*sys.argv[1:])
