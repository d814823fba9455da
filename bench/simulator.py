"""How near the simulated market comes to recorded ones, stylised fact by fact, and how fast simulated tapes are written;
prints one JSON line. (`qbtc data facts` compares a simulated tape with a recorded one.)

Yardstick: how far another recorded stretch of the same symbol is from the one that was fitted. Recordings are looked
for in `../shared/data/market` or QBTC_DATA; without them there is nothing to compare and the bench says so.

    python bench/simulator.py [seconds] [seeds]
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from qbtc.core.binance.messages import DepthUpdate, Snapshot, Trade, to_diff, to_snapshot
from qbtc.core.market.book import DepthDiff, LocalBook
from qbtc.core.market.engine.layout import EventKind
from qbtc.core.market.engine.market import Accounts, Market, Spec
from qbtc.core.market.instrument import KNOWN, Instrument
from qbtc.core.market.simulator import MarketSimulator
from qbtc.core.market.stylised import BANDS, Observer, Sample, errors, facts
from qbtc.core.market.volume.parameters import Parameters
from qbtc.core.market.volume.simulation import Simulation
from qbtc.core.market.volume.usual import usual
from qbtc.exchange.recordings import open_recording
from qbtc.hft.adapters.data.simulating import Wanted, simulate

DATA = Path(os.environ.get("QBTC_DATA", Path(__file__).resolve().parents[2] / "shared/data")) / "market"
BTC = (DATA / "spot_btcusdt_20240808.gz", DATA / "spot_btcusdt_20240809.gz")
ETH = DATA / "spot_ethusdt_20240808.gz"
SECOND, START = 1_000_000_000, 1_000_000_000_000


def changed(book: LocalBook, diff: DepthDiff) -> tuple[int, int]:
    """Levels that grow and that shrink."""
    grown = shrunk = 0
    for side, rows in ((0, diff.bids), (1, diff.asks)):
        before = [book.book.quantity(side, tick) for tick, _ in rows]
        grown += sum(lots > was for was, (_, lots) in zip(before, rows, strict=True))
        shrunk += sum(lots < was for was, (_, lots) in zip(before, rows, strict=True))
    return grown, shrunk


def recorded(spec: str, symbol: str) -> Sample:
    recording, book, observer = open_recording(spec), LocalBook(), Observer()
    item = recording.plan.instruments[symbol]
    unit = float(item.tick_size * item.lot_size)
    for frame in recording.frames():
        event = frame.event
        if frame.symbol != symbol:
            continue
        if isinstance(event, Trade):
            observer.on_trade(event.trade_ms, float(event.price) * float(event.quantity), sold=event.buyer_is_maker)
        elif isinstance(event, Snapshot):
            book.on_snapshot(to_snapshot(item, event))
        elif isinstance(event, DepthUpdate):
            diff = to_diff(item, event)
            counts = changed(book, diff)
            if book.on_diff(diff):
                sides = [np.array(book.book.top(3000, side)) for side in (0, 1)]
                see(observer, event.event_ms, sides, unit, counts)
    return observer.sample()


def see(observer: Observer, ms: int, sides: list[np.ndarray], unit: float, counts: tuple[int, int]) -> None:
    (bids, asks), spread = sides, int(sides[1][0, 0] - sides[0][0, 0])
    mid = (bids[0, 0] + asks[0, 0]) / 2
    depths = [(bids[0, 1] + asks[0, 1]) / 2]
    for band in BANDS:
        width = mid * band * 1e-4
        inside = bids[bids[:, 0] >= mid - width, 1].sum() + asks[asks[:, 0] <= mid + width, 1].sum()
        depths.append(inside / 2)
    observer.on_book(ms, (float(mid), float(spread)), tuple(float(d * mid * unit) for d in depths), counts)


def simulated(seed: int, seconds: int) -> tuple[dict[str, Sample], float]:
    """Samples of both symbols, and seconds of computing a simulated second."""
    accounts = Accounts(1, 4)
    items = {symbol: KNOWN[symbol] for symbol in ("BTCUSDT", "ETHUSDT")}
    made = {s: (i, Market(Spec(0, 1, 0, i.tick_units, i.lot_units, funds=False), accounts)) for s, i in items.items()}
    simulator, observers = MarketSimulator(seed, made, START), {symbol: Observer() for symbol in items}
    taken = 0.0
    for step in range(1, seconds * 10 + 1):
        now = START + step * SECOND // 10
        begun = time.perf_counter()
        for symbol, events in simulator.advance(now):
            for event in events[events["kind"] == EventKind.TRADE]:
                observers[symbol].on_trade(int(event["time"]) // 10**6, event["quote"] * 1e-8, sold=bool(event["side"]))
        taken += time.perf_counter() - begun
        for symbol, (item, market) in made.items():
            look(observers[symbol], now // 10**6, market, item)
    return {symbol: observer.sample() for symbol, observer in observers.items()}, taken / seconds


def look(observer: Observer, ms: int, market: Market, item: Instrument) -> None:
    bids, asks = market.take_changes()
    removed = int((bids[:, 1] == 0).sum() + (asks[:, 1] == 0).sum())
    sides = [market.top(3000, side) for side in (0, 1)]
    if len(sides[0]) and len(sides[1]):
        counts = len(bids) + len(asks) - removed, removed
        see(observer, ms, sides, float(item.tick_size * item.lot_size), counts)


def correlation(one: Sample, two: Sample, seconds: int) -> float:
    """Of log returns over `seconds`, where both samples have a book."""
    low, high = (f(one.books[i, 0], two.books[i, 0]) for f, i in ((max, 0), (min, -1)))
    grid = np.arange(low, high, 1000 * seconds)
    moved = [np.diff(np.log(s.books[np.searchsorted(s.books[:, 0], grid, side="right") - 1, 1])) for s in (one, two)]
    return float(np.corrcoef(*moved)[0, 1])


def compared(target: dict[str, float], found: list[dict[str, float]]) -> dict[str, dict[str, float]]:
    median = {name: statistics.median(each[name] for each in found) for name in target}
    far = errors(target, median)
    return {
        n: {"recorded": round(target[n], 4), "simulated": round(median[n], 4), "error": round(far[n], 3)}
        for n in target
    }


def tape_crowds() -> dict[str, Parameters]:
    """Depth every 100 ms as on spot, and a message for every change."""
    usual_crowd = usual(KNOWN["BTCUSDT"])
    return {"depth_100ms": usual_crowd, "every_change": replace(usual_crowd, interval=0)}


def written(p: Parameters, rows: int = 10_000_000) -> dict[str, float]:
    """Rows a second of a simulated tape: to the store on disk, and without it; the second after compilation."""
    with tempfile.TemporaryDirectory() as folder:
        simulate(p, Path(folder) / "warm", Wanted(rows=100_000))
        begun = time.perf_counter()
        info = simulate(p, Path(folder) / "tape", Wanted(rows=rows))
        stored = time.perf_counter() - begun
    begun = time.perf_counter()
    made = sum(len(block.tick) for block in Simulation(p, 0, START).blocks(rows=rows))
    alone = time.perf_counter() - begun
    return {
        "rows": info.rows, "rows_s_to_the_store": round(info.rows / stored), "rows_s_in_memory": round(made / alone),
        "bytes_a_row": round(info.bytes / info.rows, 1), "market_hours": round((info.last_exchange - info.first_exchange) / 3.6e12, 1),
    }  # fmt: skip


def main() -> None:
    if not all(path.exists() for path in (*BTC, ETH)):
        sys.exit(f"no recordings in {DATA}: set QBTC_DATA to compare the simulated market with them")
    seconds, seeds = (int(a) for a in (*sys.argv[1:], "650", "5")[:2]) if len(sys.argv) != 2 else (int(sys.argv[1]), 5)
    real = {"BTCUSDT": recorded(f"{BTC[0]},{BTC[1]}", "BTCUSDT"), "ETHUSDT": recorded(str(ETH), "ETHUSDT")}
    first = facts(recorded(str(BTC[0]), "BTCUSDT"))
    runs = [simulated(seed, seconds) for seed in range(1, seeds + 1)]
    target = {symbol: facts(sample) for symbol, sample in real.items()}
    result: dict[str, object] = {
        symbol: compared(target[symbol], [facts(samples[symbol]) for samples, _ in runs]) for symbol in real
    }
    result["yardstick"] = {n: round(e, 3) for n, e in errors(target["BTCUSDT"], first).items()}
    for width in (1, 10):
        together = statistics.median(correlation(s["BTCUSDT"], s["ETHUSDT"], width) for s, _ in runs)
        result[f"correlation_{width}s"] = {
            "recorded": round(correlation(real["BTCUSDT"], real["ETHUSDT"], width), 3), "simulated": round(together, 3)
        }  # fmt: skip
    result["seconds_computed_a_second"] = round(statistics.median(t for _, t in runs), 6)
    result["tapes"] = {name: written(p) for name, p in tape_crowds().items()}
    print(json.dumps({"bench": "simulator", "seconds": seconds, "seeds": seeds, **result}))


if __name__ == "__main__":
    main()
