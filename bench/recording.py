"""What recording a session costs the service tier: the same recorded frames with and without it, in turn; one JSON line.

`frame_us` is the whole way of a frame through decoding, book, bars and a strategy that quotes; the venue answers at once
and fills nothing. Of the hot tier's cost `tick_to_order` has `ours_recorded` beside `ours`.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import tempfile
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from bench.harness import Figures, emit, interleaved, ratio, summary

from qbtc.contracts import MarketMode
from qbtc.core.binance.messages import decode_snapshot, to_snapshot
from qbtc.core.market.instrument import KNOWN
from qbtc.hft.adapters.session_file import read_session
from qbtc.hft.adapters.strategy_files import load
from qbtc.hft.domain.strategy import Strategy
from qbtc.hft.ports import MarketInfo
from qbtc.hft.sessions.recorder import Recorder
from qbtc.hft.sessions.replay import Replay
from qbtc.testing.data import BTC
from qbtc.testing.trading import TradingDesk

SYMBOL = "BTCUSDT"
Frames = list[bytes]


def frames(count: int) -> tuple[bytes, Frames]:
    """The snapshot and the first frames after it."""
    with gzip.open(BTC, "rb") as file:
        rows = [line.rstrip().partition(b" ")[2] for line in islice(file, count)]
    snapshot = next(row for row in rows if b"lastUpdateId" in row)
    return snapshot, [row for row in rows if row.startswith(b'{"stream"')]


def made(folder: Path) -> tuple[TradingDesk, Strategy]:
    desk, strategy = TradingDesk(folder), load("avellaneda_stoikov", folder)
    strategy.prepare()
    desk.engine.strategies[strategy.name] = strategy
    desk.engine.running.clear()
    info = MarketInfo(MarketMode.REPLAY, "", "s", 1e6, (SYMBOL,), 0, 0, ended=False, note="")
    engine = desk.engine
    engine.measured(info, engine.ear.now())
    engine.begin(info, [KNOWN[SYMBOL]])
    engine.opened(info)
    desk.trader.follow(engine.market_of, engine.now, on_fill=engine._on_fill)
    engine.set_strategy(strategy.name, start=True, parameters={"refresh": 0.1, "tolerance": 0.0})
    return desk, strategy


async def through(snapshot: bytes, rows: Frames, *, record: bool) -> Figures:
    with tempfile.TemporaryDirectory() as name:
        desk, strategy = made(Path(name) / "desk")
        recorder = Recorder(desk.engine, Path(name) / "sessions", on=True, part_bytes=1 << 40, keep_bytes=1 << 40)
        if record:
            recorder.starting(strategy.name)
        desk.engine.snapshot(SYMBOL, to_snapshot(KNOWN[SYMBOL], decode_snapshot(snapshot), cut=True))
        taken = await _timed(desk.engine.on_frame, rows)
        orders = len(desk.desk.orders)
        path = recorder.path
        recorder.close()
        found = {"frame_us": taken / len(rows) * 1e6, "orders": float(orders)}
        if path is not None:
            found |= _replayed(path, strategy.name, Path(name), len(rows))
        desk.close()
        return found


async def _timed(on_frame: Callable[[bytes], None], rows: Frames) -> float:
    """Seconds, without what runs between frames."""
    taken = 0
    for n, row in enumerate(rows):
        begun = time.perf_counter_ns()
        on_frame(row)
        taken += time.perf_counter_ns() - begun
        if n % 8 == 0:
            await asyncio.sleep(0)
    return taken / 1e9


def _replayed(path: Path, name: str, folder: Path, count: int) -> Figures:
    size, strategy = path.stat().st_size, load(name, folder)
    strategy.prepare()
    begun = time.perf_counter()
    outcome = Replay(read_session(path), [strategy]).run()
    seconds = time.perf_counter() - begun
    return {
        "bytes_a_frame": size / count, "replay_us": seconds / count * 1e6, "same": float(outcome.same),
        "requests": float(sum(outcome.recorded.values())),
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=20_000)
    given = parser.parse_args()
    if not BTC.exists():
        emit("recording", skipped=f"no recorded market at {BTC}")
        return
    snapshot, rows = frames(given.frames)
    runs = {
        "off": lambda: through(snapshot, rows, record=False), "on": lambda: through(snapshot, rows, record=True),
    }  # fmt: skip
    found = asyncio.run(interleaved(runs, given.rounds))
    emit(
        "recording", frames=len(rows), off=summary(found["off"]), on=summary(found["on"]),
        on_over_off=ratio(found["on"], found["off"], "frame_us"),
    )  # fmt: skip


if __name__ == "__main__":
    main()
