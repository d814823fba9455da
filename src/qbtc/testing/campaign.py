"""One run of the fault campaign: a trading process and a venue, both killed again and again, with a bad network between.

At the end the network is calm, the process settles, and what it believes is compared with what the venue says.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from .fault_proxy import FaultProxy, fault_proxy
from .venue import MortalVenue, mortal_venue
from .waiting import until

SYMBOL = "BTCUSDT"
SETTLE_SECONDS = 60
HISTORY = ("hft", "venue", "network", "nothing")


@dataclass(frozen=True, slots=True)
class Outcome:
    """`belief` is what the process left, `journal` its records, the rest is what the venue says."""

    belief: dict[str, object]
    journal: list[dict[str, object]]
    trades: list[dict[str, object]]
    balances: dict[str, Decimal]
    open_orders: list[str]
    faults: Counter[str]
    kills: Counter[str]

    def journalled(self, kind: str) -> list[dict[str, object]]:
        return [record for record in self.journal if record["k"] == kind]


class TradingProcess:
    """The trading process, started again after each kill."""

    def __init__(self, url: str, home: Path, seed: int, *, module: str = "hft_process") -> None:
        self._module = f"qbtc.testing.{module}"
        self._environment = {
            **os.environ, "QBTC_HOME": str(home), "QBTC_HFT_RECONCILE_SECONDS": "1", "QBTC_HFT_UNKNOWN_ORDER_SECONDS": "2",
        }  # fmt: skip
        self._arguments = [url, str(home / "secrets/venue.json"), str(home / "hft"), str(seed)]
        self._errors = (home / "hft.log").open("a")
        self._running = home / "hft/running"
        self._belief = home / "hft/belief.json"
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", self._module, *self._arguments]
        self._running.unlink(missing_ok=True)
        return subprocess.Popen(command, stdout=self._errors, stderr=subprocess.STDOUT, env=self._environment)

    def restart(self) -> None:
        self.end()
        self.process = self._start()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()

    def settle(self) -> dict[str, object]:
        until(self._running.exists, what="the trading process runs")
        self.process.terminate()
        code = self.process.wait(SETTLE_SECONDS)
        if code:
            raise AssertionError(f"the trading process ended with {code}")
        found: dict[str, object] = json.loads(self._belief.read_text())
        return found

    def close(self) -> None:
        if self.process.poll() is None:
            self.end()
        self._errors.close()


async def campaign(home: Path, seed: int, *, steps: int = 6) -> Outcome:
    """`steps` times something is killed, about once a second: also while it starts, or recovers."""
    with mortal_venue(home, "--sim", "--symbols", SYMBOL, "--speed", "5") as venue:
        async with fault_proxy(urlsplit(venue.rest).port or 0, seed=seed) as proxy:
            hft = TradingProcess(proxy.url, home, seed)
            try:
                kills = await _disturb(venue, proxy, hft, steps=steps, draw=random.Random(seed))
                proxy.calm()
                belief = await asyncio.to_thread(hft.settle)
            finally:
                hft.close()
        return compared(home, venue, belief, proxy.met, kills)


async def _disturb(
    venue: MortalVenue, proxy: FaultProxy, hft: TradingProcess, *, steps: int, draw: random.Random
) -> Counter[str]:
    kills: Counter[str] = Counter()
    await _firstvenue_trades(venue)
    for _ in range(steps):
        await asyncio.sleep(0.3 + 1.5 * draw.random())
        victim = draw.choice(HISTORY)
        kills[victim] += 1
        if victim == "hft":
            await asyncio.to_thread(hft.restart)
        elif victim == "venue":
            venue.die()
            await asyncio.sleep(draw.random())
            await asyncio.to_thread(venue.revive)
        elif victim == "network":
            proxy.cut_all()
    return kills


async def _firstvenue_trades(venue: MortalVenue) -> None:
    """Wait until the process trades, so that a kill meets it at work. In a thread: the proxy needs this loop."""
    await asyncio.to_thread(until, lambda: len(venue_trades(venue)) >= 3, what="the first trades")


def venue_trades(venue: MortalVenue) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    while True:
        start = int(str(rows[-1]["id"])) + 1 if rows else 0
        page = venue.signed("GET", "/api/v3/myTrades", symbol=SYMBOL, fromId=start, limit=1000).json()
        rows += page
        if len(page) < 1000:
            return rows


def compared(
    home: Path, venue: MortalVenue, belief: dict[str, object], faults: Counter[str], kills: Counter[str]
) -> Outcome:
    journal = [json.loads(line) for line in (home / "hft/journal.jsonl").read_text().splitlines()]
    balances = {asset: Decimal(free) + Decimal(locked) for asset, (free, locked) in venue.balances().items()}
    open_orders = [row["clientOrderId"] for row in venue.signed("GET", "/api/v3/openOrders").json()]
    return Outcome(belief, journal, venue_trades(venue), balances, open_orders, faults, kills)
