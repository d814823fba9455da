"""Restart of the venue: from the journal of a million events of real order flow to books that are ready.

    python -m bench.recovery [--events 1000000] [--rounds 5]

Goal: <= 200 ms per million events. The flow goes through the desk over a recorded background: orders rest, are
cancelled, amended and filled. `recover` is measured in a fresh process that has already loaded its compiled code, since
that costs the same for an empty journal (`start_s`). Yardsticks in the same run, over the same events: folding JSON
lines, and reading them as rows from SQLite in WAL mode; both do less (balances and states only, no index, no chains).
`memory` is the floor of a fresh process: touching as many bytes as the books fill, once; `again_ms` is a second recovery
in the same process, whose memory is there already.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from qbtc.core.market.engine.layout import Kind, Side, Tif
from qbtc.core.market.instrument import KNOWN
from qbtc.exchange.bookkeeper import Bookkeeper
from qbtc.exchange.books_calls import row_of
from qbtc.exchange.books_state import DROPPED_ORDERS, N_ORDERS, N_TRADES, State, state_hash
from qbtc.exchange.desk import Desk
from qbtc.exchange.model import NewOrder
from qbtc.exchange.recovery import recover
from qbtc.exchange.segments import Journal, lock
from qbtc.exchange.settings import ExchangeSettings
from qbtc.exchange.symbol_market import as_rows
from qbtc.exchange.terms import terms
from qbtc.exchange.warming import warm

from .harness import emit, ratio, summary

GOAL_MS = 200.0
ITEM = KNOWN["BTCUSDT"]
GROUP = 64
"""Orders of one group commit."""


def build(folder: Path, events: int) -> tuple[int, str]:
    """Trade until the journal holds this many events; returns how many, and the hash of the live books."""
    journal = Journal(folder, 1, 1, lock_descriptor=lock(folder), rotate=1 << 40)
    desk = Desk(Bookkeeper(recover(folder).state, journal), terms(ExchangeSettings(max_orders=100_000)))
    counted = [0]
    write = desk.keeper.put

    def put(kind: int) -> None:
        counted[0] += 1
        write(kind)

    desk.keeper.put = put  # type: ignore[method-assign]
    desk.open_account(1, {"USDT": 10**16, "BTC": 10**15}, 0)
    core = desk.add(ITEM, lambda name, frame: None, recorded=True).core
    core.snapshot(as_rows([(6_000_000, 10**12)]), as_rows([(6_000_100, 10**12)]), 1, 0)
    random, lots = np.random.default_rng(1), ITEM.to_lots(Decimal("0.001"))
    while counted[0] < events:
        for _ in range(GROUP):
            _trade(desk, random, lots, counted[0])
        asyncio.run(journal._flush())
    found = counted[0], state_hash(desk.keeper.state)
    journal.close()
    return found


def _trade(desk: Desk, random: np.random.Generator, lots: int, now: int) -> None:
    """One order of the mix: 20 % take, 80 % rest, of which nearly all are cancelled and a tenth amended before."""
    side, draw = Side(int(random.integers(2))), random.random()
    if draw < 0.2:
        desk.place(1, "BTCUSDT", NewOrder(side, Kind.MARKET, lots=lots), now)
        return
    tick = 6_000_000 - int(random.integers(1, 5000)) if side is Side.BUY else 6_000_100 + int(random.integers(1, 5000))
    order = desk.place(1, "BTCUSDT", NewOrder(side, Kind.LIMIT, Tif.GTC, tick=tick, lots=2 * lots), now)
    if draw < 0.28:
        desk.amend(1, order.order_id, lots, now)
    if draw < 0.999:
        desk.cancel(1, order.order_id, now)


def _ours(folder: Path, pipe: multiprocessing.connection.Connection) -> None:
    started = time.perf_counter()
    warm()
    start = time.perf_counter() - started
    begun, cpu = time.perf_counter(), time.process_time()
    state = recover(folder).state
    taken, used = time.perf_counter() - begun, time.process_time() - cpu
    found, memory = state_hash(state), _resident(state)
    del state
    begun = time.perf_counter()
    recover(folder)
    pipe.send((start, taken, used, time.perf_counter() - begun, memory, found))


def _resident(state: State) -> int:
    """Bytes of the arrays that the fold has filled."""
    counts = state.counts
    each = {N_ORDERS: state.orders.itemsize + 16, N_TRADES: state.trades.itemsize}
    return 2 * state.ids.nbytes + sum(int(counts[which]) * size for which, size in each.items())


def _touch(size: int, pipe: multiprocessing.connection.Connection) -> None:
    begun = time.perf_counter()
    np.zeros(size, np.uint8)[::4096] = 1
    pipe.send((time.perf_counter() - begun,))


def fresh(target: Callable[..., None], *arguments: object) -> Any:
    """What `target` sends from a fresh process."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=target, args=(*arguments, there))
    process.start()
    found = here.recv()
    process.join()
    return found


def export(folder: Path) -> int:
    """The same orders and trades as JSON lines and SQLite rows; returns how many rows."""
    state = recover(folder).state
    orders, trades = state.orders[: state.counts[N_ORDERS]], state.trades[: state.counts[N_TRADES]]
    assert state.counts[DROPPED_ORDERS] == 0 and row_of is not None
    rows = [(1, int(o["id"]), o["client"].decode(), int(o["side"]), int(o["tick"]), int(o["lots"]), 0) for o in orders]
    rows += [(3, int(o["id"]), "", 0, 0, 0, int(o["status"])) for o in orders if o["status"] >= 4]
    rows += [(2, int(t["taker"]), "", int(t["side"]), int(t["tick"]), int(t["lots"]), int(t["quote"])) for t in trades]
    with (folder / "facts.jsonl").open("w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    with sqlite3.connect(folder / "facts.db") as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE facts (kind, id, client, side, tick, lots, more)")
        db.executemany("INSERT INTO facts VALUES (?,?,?,?,?,?,?)", rows)
    return len(rows)


def fold(rows: object) -> int:
    """The least that books are: orders by id, and what was traded."""
    orders: dict[int, list[object]] = {}
    spent = 0
    for kind, order, client, side, tick, lots, more in rows:  # type: ignore[attr-defined]
        if kind == 1:
            orders[order] = [client, side, tick, lots, 0]
        elif kind == 2:
            spent += more
        else:
            orders[order][4] = more
    return spent


def json_lines(folder: Path) -> float:
    begun = time.perf_counter()
    with (folder / "facts.jsonl").open("rb") as file:
        fold(map(json.loads, file))
    return time.perf_counter() - begun


def sqlite(folder: Path) -> float:
    begun = time.perf_counter()
    with sqlite3.connect(folder / "facts.db") as db:
        fold(db.execute("SELECT * FROM facts ORDER BY rowid"))
    return time.perf_counter() - begun


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        events, live = build(folder, chosen.events)
        size = sum(path.stat().st_size for path in folder.glob("journal-*.log"))
        rows = export(folder)
        found: dict[str, list[dict[str, float]]] = {"ours": [], "memory": [], "json_lines": [], "sqlite": []}
        for number in range(chosen.rounds):
            print(f"round {number + 1}/{chosen.rounds}", file=sys.stderr, flush=True)
            start, taken, used, again, memory, recovered = fresh(_ours, folder)
            touched = fresh(_touch, memory)[0]
            if recovered != live:
                raise SystemExit("the recovered books are not the live ones")
            million = 1e9 / events
            found["ours"].append(
                {"ms": taken * million, "cpu_ms": used * million, "again_ms": again * million, "start_s": start}
            )
            found["memory"].append({"ms": touched * million, "mib": memory / 2**20})
            found["json_lines"].append({"ms": json_lines(folder) * 1e9 / rows})
            found["sqlite"].append({"ms": sqlite(folder) * 1e9 / rows})
    taken = sorted(each["ms"] for each in found["ours"])
    emit(
        "recovery",
        events=events,
        journal_bytes=size,
        per_million={name: summary(rounds) for name, rounds in found.items()},
        best_ms=round(taken[0], 1),
        ratios={name: ratio(found["ours"], found[name], "ms") for name in ("json_lines", "sqlite")},
        goal_ms=GOAL_MS,
        ok=taken[len(taken) // 2] <= GOAL_MS,
    )


if __name__ == "__main__":
    main()
