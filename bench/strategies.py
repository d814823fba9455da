"""Each example strategy alone on the local venue, over one recording of BTCUSDT; prints one JSON line.

The venue fills by its own rules against the recorded book, with its fees, and the orders take the whole way: trader, risk
gate, journal, signed REST, matching, user stream. The recording runs faster than real time, so that a round trip of some
milliseconds counts as many times that in the market: a handicap for orders that rest. Not a backtest over history: a few
minutes of one day say what happens, not what to expect.
"""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from pydantic import SecretStr

from qbtc.hft.adapters.journal import FileJournal
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.adapters.venue import BinanceVenue
from qbtc.hft.domain.desk import Desk
from qbtc.hft.domain.units import money
from qbtc.hft.engine import Engine
from qbtc.hft.settings import HftSettings
from qbtc.hft.strategies import ONE_MARKET
from qbtc.hft.trader import Trader
from qbtc.testing.data import BTC
from qbtc.testing.venue import VenueProcess, venue
from qbtc.testing.waiting import eventually

SPEED, LONGEST = 6, 400.0


async def follow(target: VenueProcess, folder: Path, name: str) -> dict[str, object]:
    journal, desk = FileJournal(folder, epoch="b"), Desk({}, HftSettings().limits())
    found = BinanceVenue(target.rest, SecretStr(target.api_key), SecretStr(target.secret))
    trader = Trader(desk, found, journal, epoch="b")
    engine = Engine(desk, trader, found, [load(name, folder)], symbols=("BTCUSDT",), unknown_seconds=5)
    tasks = [asyncio.create_task(f()) for f in (engine.run_market, engine.run_user, engine.run_watch)]
    try:
        await eventually(lambda: engine.market is not None and engine.market.ended, LONGEST, what="the recording ends")
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await found.close()
        journal.close()
    total = desk.pnl(desk.marks)
    traded = sum(f.price * f.quantity for f in desk.fills)
    return {
        "fills": len(desk.fills), "maker": sum(f.maker for f in desk.fills), "traded": money(traded),
        "before_fees": money(total.realised + total.unrealised), "fees": money(total.fees), "profit": money(total.total),
        "refused": trader.refused, "orders": len(desk.orders),
    }  # fmt: skip


def main() -> None:
    figures: dict[str, object] = {}
    for name in sys.argv[1:] or ONE_MARKET:
        with (
            tempfile.TemporaryDirectory() as home,
            venue(Path(home), "--data", str(BTC), "--speed", str(SPEED)) as target,
        ):
            figures[name] = asyncio.run(follow(target, Path(home) / "hft", name))
            print(name, figures[name], file=sys.stderr, flush=True)
    print(json.dumps({"bench": "strategies", "recording": BTC.name, "speed": SPEED, **figures}))


if __name__ == "__main__":
    main()
