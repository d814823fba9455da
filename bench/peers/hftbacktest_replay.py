"""hftbacktest's runs, in its own interpreter: a request a line on standard input, an answer a line on output.

It cannot import anything of ours. The differential tests, `bench/backtest_replay.py` and `bench/sweep.py` start it. Strategies mirror those
of `bench/peers/replay_strategies.py` line by line.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from hftbacktest import (
    BUY,
    CANCELED,
    EXPIRED,
    FILLED,
    GTC,
    GTX,
    LIMIT,
    MARKET,
    BacktestAsset,
    HashMapMarketDepthBacktest,
    ROIVectorMarketDepthBacktest,
)
from hftbacktest.data.validation import correct_event_order, validate_event_order
from hftbacktest.types import event_dtype
from numba import njit


@njit
def _ended(orders, lot, out, n):
    values = orders.values()
    while values.has_next():
        o = values.get()
        if o.status == FILLED or o.status == CANCELED or o.status == EXPIRED:
            if n < out.shape[0]:
                out[n, 0], out[n, 1], out[n, 2] = o.order_id, o.status, o.exch_timestamp
                out[n, 3], out[n, 4] = round(o.leaves_qty / lot), o.exec_price_tick
            n += 1
    return n


@njit
def noop(hbt, step, tick, lot, out):
    steps = 0
    while hbt.elapse(step) == 0:
        steps += 1
    return steps, 0


@njit
def maker(hbt, step, tick, lot, out):
    """Quotes both sides of the touch, at most 50 lots held; a quote is renewed 30 ms after it was placed at the earliest."""
    number, n, steps, bought, sold = 0, 0, 0, 0, 0
    while hbt.elapse(step) == 0:
        steps += 1
        now = hbt.current_timestamp
        orders = hbt.orders(0)
        n = _ended(orders, lot, out, n)
        hbt.clear_inactive_orders(0)
        depth = hbt.depth(0)
        bid, ask = depth.best_bid_tick, depth.best_ask_tick
        if bid <= 0 or ask <= 0 or ask > 1 << 40:
            continue
        position = round(hbt.position(0) / lot)
        buying = selling = False
        values = orders.values()
        while values.has_next():
            o = values.get()
            if o.side == BUY:
                buying = True
                if o.price_tick != bid and now - bought >= 30_000_000 and o.cancellable:
                    hbt.cancel(0, o.order_id, False)
            else:
                selling = True
                if o.price_tick != ask and now - sold >= 30_000_000 and o.cancellable:
                    hbt.cancel(0, o.order_id, False)
        if not buying and position < 50:
            number += 1
            hbt.submit_buy_order(0, number, bid * tick, 10 * lot, GTX, LIMIT, False)
            bought = now
        if not selling and position > -50:
            number += 1
            hbt.submit_sell_order(0, number, ask * tick, 10 * lot, GTX, LIMIT, False)
            sold = now
    n = _ended(hbt.orders(0), lot, out, n)
    return steps, n


@njit
def quoter(hbt, step, tick, lot, out, given):
    """The maker with parameters: `given` is away, size, most held, ns that a quote stays."""
    number, n, steps, bought, sold = 0, 0, 0, 0, 0
    away, size, most, life = given
    while hbt.elapse(step) == 0:
        steps += 1
        now = hbt.current_timestamp
        orders = hbt.orders(0)
        n = _ended(orders, lot, out, n)
        hbt.clear_inactive_orders(0)
        depth = hbt.depth(0)
        bid, ask = depth.best_bid_tick, depth.best_ask_tick
        if bid <= 0 or ask <= 0 or ask > 1 << 40:
            continue
        bid -= away
        ask += away
        position = round(hbt.position(0) / lot)
        buying = selling = False
        values = orders.values()
        while values.has_next():
            o = values.get()
            if o.side == BUY:
                buying = True
                if o.price_tick != bid and now - bought >= life and o.cancellable:
                    hbt.cancel(0, o.order_id, False)
            else:
                selling = True
                if o.price_tick != ask and now - sold >= life and o.cancellable:
                    hbt.cancel(0, o.order_id, False)
        if not buying and position < most:
            number += 1
            hbt.submit_buy_order(0, number, bid * tick, size * lot, GTX, LIMIT, False)
            bought = now
        if not selling and position > -most:
            number += 1
            hbt.submit_sell_order(0, number, ask * tick, size * lot, GTX, LIMIT, False)
            sold = now
    n = _ended(hbt.orders(0), lot, out, n)
    return steps, n


@njit
def script(hbt, step, tick, lot, out):
    """Places and cancels by its own count and the touch, whatever happens to its orders."""
    number, n, steps, turns = 0, 0, 0, 0
    while hbt.elapse(step) == 0:
        steps += 1
        orders = hbt.orders(0)
        n = _ended(orders, lot, out, n)
        hbt.clear_inactive_orders(0)
        depth = hbt.depth(0)
        bid, ask = depth.best_bid_tick, depth.best_ask_tick
        if bid <= 0 or ask <= 0 or ask > 1 << 40:
            continue
        turns += 1
        turn, lots = turns % 40, 1 + turns * 31 % 400
        if turn == 0 or turn == 8:
            number += 1
            hbt.submit_buy_order(0, number, (bid - turns % 3) * tick, lots * lot, GTX, LIMIT, False)
        elif turn == 4 or turn == 12:
            number += 1
            hbt.submit_sell_order(0, number, (ask + turns % 3) * tick, lots * lot, GTC, LIMIT, False)
        elif turn == 20:
            number += 1
            hbt.submit_buy_order(0, number, ask * tick, 1 * lot, GTC, LIMIT, False)
        elif turn == 24:
            number += 1
            hbt.submit_sell_order(0, number, bid * tick, 1 * lot, GTC, MARKET if turns % 80 == 24 else LIMIT, False)
        elif turn == 36:
            values = orders.values()
            while values.has_next():
                o = values.get()
                if o.cancellable:
                    hbt.cancel(0, o.order_id, False)
    n = _ended(hbt.orders(0), lot, out, n)
    return steps, n


@njit
def limits(hbt, step, tick, lot, out):
    """Limit orders by the clock and the touch, whatever happens to them."""
    number, n, steps = 0, 0, 0
    while hbt.elapse(step) == 0:
        steps += 1
        orders = hbt.orders(0)
        n = _ended(orders, lot, out, n)
        hbt.clear_inactive_orders(0)
        depth = hbt.depth(0)
        bid, ask = depth.best_bid_tick, depth.best_ask_tick
        if bid <= 0 or ask <= 0 or ask > 1 << 40:
            continue
        turns = hbt.current_timestamp // step
        turn, lots = turns % 12, 1 + turns * 31 % 40
        if turn == 0 or turn == 2:
            number += 1
            hbt.submit_buy_order(0, number, (bid - turns % 3) * tick, lots * lot, GTX, LIMIT, False)
        elif turn == 1 or turn == 3:
            number += 1
            hbt.submit_sell_order(0, number, (ask + turns % 3) * tick, lots * lot, GTC, LIMIT, False)
        elif turn == 5:
            number += 1
            hbt.submit_buy_order(0, number, ask * tick, lots * lot, GTC, LIMIT, False)
        elif turn == 6:
            number += 1
            hbt.submit_sell_order(0, number, bid * tick, lots * lot, GTC, LIMIT, False)
        elif turn == 11:
            values = orders.values()
            while values.has_next():
                o = values.get()
                if o.cancellable:
                    hbt.cancel(0, o.order_id, False)
    n = _ended(hbt.orders(0), lot, out, n)
    return steps, n


STRATEGIES = {"noop": noop, "maker": maker, "script": script, "limits": limits}


def events(path: str) -> Any:
    loaded = np.load(path)["data"]
    raw = np.empty(len(loaded), event_dtype)  # a file does not keep its alignment
    for name in event_dtype.names:
        raw[name] = loaded[name]
    done = correct_event_order(raw, np.argsort(raw["exch_ts"], kind="mergesort"), np.argsort(raw["local_ts"], kind="mergesort"))
    validate_event_order(done)
    return done


def asset(data: Any, c: dict[str, Any]) -> Any:
    made = BacktestAsset().data([data]).linear_asset(1.0).trading_value_fee_model(c["maker"], c["taker"])
    made = made.tick_size(c["tick"]).lot_size(c["lot"]).last_trades_capacity(0)
    if "table" in c:
        table = np.zeros(len(c["table"]), [("req_ts", "i8"), ("exch_ts", "i8"), ("resp_ts", "i8"), ("_padding", "i8")])
        table["req_ts"], table["exch_ts"], table["resp_ts"] = np.array(c["table"], np.int64).T
        _held.append(table)  # the asset keeps its address only
        made = made.intp_order_latency(table)
    else:
        made = made.constant_order_latency(c["entry"], c["response"])
    queue, power = c["queue"], c.get("power", 3.0)
    made = {
        "risk-averse": made.risk_adverse_queue_model,
        "power": lambda: made.power_prob_queue_model(power),
        "power2": lambda: made.power_prob_queue_model2(power),
        "power3": lambda: made.power_prob_queue_model3(power),
        "log": made.log_prob_queue_model,
        "log2": made.log_prob_queue_model2,
        "fifo": made.l3_fifo_queue_model,
    }[queue]()
    return made.partial_fill_exchange() if c["partial"] else made.no_partial_fill_exchange()


_kept: dict[str, Any] = {}
_held: list[Any] = []


def data_of(path: str) -> Any:
    if path not in _kept:
        _kept.clear()
        _kept[path] = events(path)
    return _kept[path]


def backtest(c: dict[str, Any]) -> Any:
    made = asset(data_of(c["events"]), c)
    if c.get("roi"):
        return ROIVectorMarketDepthBacktest([made.roi_lb(c["roi"][0]).roi_ub(c["roi"][1])])
    return HashMapMarketDepthBacktest([made])


def sweep(c: dict[str, Any]) -> dict[str, Any]:
    """A run a set of parameters, each with a backtest of its own on the data in memory: seconds of all, and how each ended."""
    data_of(c["events"])
    out, ends = np.zeros((c.get("room", 100_000), 5), np.int64), []
    begun = time.perf_counter()
    for given in c["sets"]:
        hbt = backtest(c)
        _, n = quoter(hbt, c["step"], c["tick"], c["lot"], out, tuple(given))
        values = hbt.state_values(0)
        ends.append({"position": values.position, "fee": values.fee, "trades": values.num_trades, "ends": out[:n].tolist() if c["ends"] else n})
        hbt.close()
        _held.clear()
    return {"seconds": time.perf_counter() - begun, "runs": ends}


def run(c: dict[str, Any]) -> dict[str, Any]:
    if "sets" in c:
        return sweep(c)
    hbt = backtest(c)
    out = np.zeros((c.get("room", 100_000), 5), np.int64)
    begun = time.perf_counter()
    steps, n = STRATEGIES[c["strategy"]](hbt, c["step"], c["tick"], c["lot"], out)
    seconds = time.perf_counter() - begun
    values, depth = hbt.state_values(0), hbt.depth(0)
    answer = {
        "seconds": seconds, "steps": steps, "rows": len(_kept[c["events"]]), "position": values.position, "balance": values.balance,
        "fee": values.fee, "trades": values.num_trades, "bid": depth.best_bid_tick, "ask": depth.best_ask_tick, "ends": out[:n].tolist(),
    }  # fmt: skip
    if c.get("book"):
        low, high = c["book"]
        answer["bids"] = [depth.bid_qty_at_tick(t) for t in range(low, high)]
        answer["asks"] = [depth.ask_qty_at_tick(t) for t in range(low, high)]
    hbt.close()
    _held.clear()
    return answer


def main() -> None:
    for line in sys.stdin:
        try:
            answer = run(json.loads(line))
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


main()
