"""Matching: operations a second of the compiled core on one core, with accounts, fees, self-trade prevention and filters.

One flow for everybody: limit orders around a wandering price, cancels of open orders, amends, orders that cross, stops.
It is made by running it, so that cancels name orders that are open. Peers get the part of it they can do (limit orders
and cancels, no accounts, fees or filters), as fast as their interface allows; answers are compared
first (lots traded). CPU time, since the machine is shared. `qbtc bench matching`.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.harness import Figures, emit, interleaved, ratio, summary

from qbtc.core.market.engine.layout import EventKind, Kind, Side, Status, Stp, Tif
from qbtc.core.market.engine.market import Accounts, Market, Spec
from qbtc.core.market.engine.state import COMMAND, Op

ACCOUNTS, MIDDLE = 1000, 65_000_00
BATCH = 512


def market(rules: bool = True) -> Market:
    """A market like BTCUSDT; with `rules` every filter of the exchange is on."""
    accounts = Accounts(ACCOUNTS + 1, 4)
    for account in range(1, ACCOUNTS + 1):
        accounts.deposit(account, 0, 10**17)
        accounts.deposit(account, 1, 10**15)
    made = Market(Spec(tick_units=10**6, lot_units=1000, publish=False), accounts, orders=1 << 15, pages=1 << 10)
    if rules:
        values = {
            "min_tick": 1, "max_tick": 10**8, "tick_step": 1, "min_lots": 1, "max_lots": 10**9, "lot_step": 1,
            "market_min_lots": 1, "market_max_lots": 10**8, "market_lot_step": 1, "min_notional": 10**6,
            "max_notional": 10**16, "notional_minutes": 5, "percent_minutes": 5, "bid_up": 5 * 10**8,
            "bid_down": 2 * 10**7, "ask_up": 5 * 10**8, "ask_down": 2 * 10**7, "iceberg_parts": 100,
            "max_orders": 200, "max_algo_orders": 50, "max_iceberg_orders": 10, "max_order_lists": 20,
            "max_amends": 10, "max_position": 10**13, "trail_above_min": 10, "trail_above_max": 2000,
            "trail_below_min": 10, "trail_below_max": 2000, "maker_rate": 75_000, "taker_rate": 100_000,
        }  # fmt: skip
        for name, value in values.items():
            made.rules[name] = value
    return made


def flow(count: int, seed: int, *, plain: bool) -> np.ndarray:
    """Commands; `plain` leaves limit orders and cancels only, self-trade prevention off."""
    dice, made = random.Random(seed), market(rules=not plain)
    commands = np.zeros(count, COMMAND)
    open_ids: list[int] = []
    closed: set[int] = set()
    price, number, done = float(MIDDLE), 1, 0
    while done < count:
        size = min(BATCH, count - done)
        for i in range(done, done + size):
            price += dice.gauss(0.0, 2.0)
            number = _command(commands[i], dice, int(price), number, open_ids, plain)
            commands[i]["time"] = i * 10_000
        part, at = commands[done : done + size], 0
        while at < size:
            at, events = made.run(part, at)
            over = events[events["status"] >= Status.FILLED]
            closed.update(over["order"].tolist())
            made_over = events[(events["kind"] == EventKind.TRADE) & (events["counter_status"] == Status.FILLED)]
            closed.update(made_over["counter"].tolist())
        open_ids[:] = [order for order in open_ids if order not in closed]
        closed.clear()
        done += size
    return commands


def _command(row: np.void, dice: random.Random, price: int, number: int, open_ids: list[int], plain: bool) -> int:
    """Write one command; returns the next order id."""
    draw = dice.random()
    if open_ids and (draw < 0.42 or len(open_ids) > 20_000):
        at = dice.randrange(len(open_ids))
        open_ids[at], open_ids[-1] = open_ids[-1], open_ids[at]
        row["op"], row["id"], row["account"] = Op.CANCEL, open_ids.pop(), -1
        return number
    if open_ids and not plain and draw < 0.48:
        row["op"], row["id"], row["account"], row["lots"] = Op.AMEND, dice.choice(open_ids), -1, dice.randint(1, 400)
        return number
    side = dice.randrange(2)
    row["op"], row["id"], row["account"], row["side"] = Op.SUBMIT, number, dice.randint(1, ACCOUNTS), side
    row["lots"], row["tif"], row["kind"] = dice.randint(100, 1000), Tif.GTC, Kind.LIMIT
    row["stp"] = Stp.NONE if plain else Stp.EXPIRE_MAKER
    away = int(dice.expovariate(0.05))
    if draw > 0.93:
        away = -5
        row["tif"] = Tif.GTC if plain else Tif.IOC
        row["lots"] = dice.randint(300, 2500)
    elif draw > 0.90 and not plain:
        row["kind"], row["stop_tick"] = Kind.STOP_LOSS, price + (-80 if side else 80) + dice.randint(-40, 40)
    if row["kind"] == Kind.LIMIT:
        row["tick"] = price + away if side == Side.SELL else price - away
        if row["tif"] == Tif.GTC:
            open_ids.append(number)
    else:
        open_ids.append(number)
    return number + 1


def run(commands: np.ndarray, made: Market) -> dict[str, int]:
    """Run them all; returns what happened."""
    done, events_seen = 0, 0
    while done < len(commands):
        done, events = made.run(commands, done)
        events_seen += len(events)
    return {"events": events_seen, "open": len(made), "trades": made.trade_id}


def tally(commands: np.ndarray) -> dict[str, float]:
    """How the flow is made up, by its events."""
    made, done, kinds = market(), 0, np.zeros(16, np.int64)
    while done < len(commands):
        done, events = made.run(commands, done)
        kinds += np.bincount(events["kind"], minlength=16)
    return {kind.name.lower(): round(int(kinds[kind]) / len(commands), 4) for kind in EventKind if kinds[kind]}


def ours(commands: np.ndarray, *, rules: bool) -> Callable[[], Any]:
    async def measure() -> Figures:
        made = market(rules)
        run(commands[:BATCH], market(rules))
        start = time.process_time()
        run(commands, made)
        seconds = time.process_time() - start
        return {"operations_per_s": len(commands) / seconds, "ns": seconds / len(commands) * 1e9}

    return measure


def sound(commands: np.ndarray) -> np.ndarray:
    """Without the cancels of orders that were filled just before: the peer cannot refuse them."""
    made, done, refused = market(rules=False), 0, set()
    while done < len(commands):
        done, events = made.run(commands, done)
        refused.update(events[events["kind"] == EventKind.REJECTED]["order"].tolist())
    return commands[~((commands["op"] == Op.CANCEL) & np.isin(commands["id"], list(refused)))].copy()


def traded(commands: np.ndarray) -> int:
    """Lots that the core trades for a plain flow."""
    made, done, lots = market(rules=False), 0, 0
    while done < len(commands):
        done, events = made.run(commands, done)
        lots += int(events[events["kind"] == EventKind.TRADE]["lots"].sum())
    return lots


def peer(commands: np.ndarray) -> Callable[[], Any] | None:
    """lightmatchingengine 2019.1.4: limit orders and cancels in plain Python. Refuses to be timed with other answers."""
    try:
        from lightmatchingengine.lightmatchingengine import LightMatchingEngine
    except ImportError:
        return None
    rows = [(int(c["op"]), int(c["id"]), 1 + int(c["side"]), int(c["tick"]), int(c["lots"])) for c in commands]
    expected = traded(commands)

    async def measure() -> Figures:
        engine, known = LightMatchingEngine(), {}
        lots_traded = 0
        start = time.process_time()
        for op, number, side, tick, lots in rows:
            if op == Op.SUBMIT:
                order, made = engine.add_order("X", tick, lots, side)
                known[number] = order.order_id
                takes = [trade for trade in made if trade.order_id == order.order_id]
                lots_traded += sum(int(trade.trade_qty) for trade in takes)
            else:
                engine.cancel_order(known[number], "X")
        seconds = time.process_time() - start
        # The peer reports one trade a price, not one an order, so that their numbers cannot be compared.
        if lots_traded != expected:
            raise SystemExit(f"answers differ: {lots_traded} lots traded, expected {expected}")
        return {"operations_per_s": len(rows) / seconds, "ns": seconds / len(rows) * 1e9}

    return measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--operations", type=int, default=1_000_000)
    chosen = parser.parse_args()
    full = flow(chosen.operations, 1, plain=False)
    plain = sound(flow(min(chosen.operations, 30_000), 1, plain=True))
    runs = {"full": ours(full, rules=True), "plain": ours(plain, rules=False)}
    other = peer(plain)
    if other:
        runs["lightmatchingengine"] = other
    found = asyncio.run(interleaved(runs, chosen.rounds))
    parts: dict[str, object] = {name: summary(rounds) for name, rounds in found.items()}
    parts["best_ns"] = {name: round(min(r["ns"] for r in rounds), 1) for name, rounds in found.items()}
    if other:
        parts["ratio"] = ratio(found["plain"], found["lightmatchingengine"], "operations_per_s")
    emit("matching", flow=tally(full), rounds=chosen.rounds, clock="cpu", **parts)


if __name__ == "__main__":
    main()
