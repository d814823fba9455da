"""Indicators: batch beside TA-Lib, streams beside TA-Lib, talipp and pyrtta, twenty in a compiled strategy; one JSON line.

Answers are compared before speeds. Every function runs with its defaults over the same random walk, ours and TA-Lib in
turn; the ratio of a function is the median over the rounds of theirs / ours, with the smallest and largest. Streaming
is a plain Python loop over a list of floats, the loop itself included for everybody. Peers that are not installed are
left out and named. Options: `--rounds`, `--bars`, `--only NAME`.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import numpy as np
import talib
from bench.harness import emit

from qbtc.core import indicators
from qbtc.core.indicators import FUNCTIONS
from qbtc.hft.domain.strategy_class import read
from qbtc.hft.domain.strategy_compiled import Program
from qbtc.hft.domain.strategy_records import INTENT_BUFFER, MARKET_VIEW

STREAMED = ("EMA", "SMA", "RSI", "MACD", "BBANDS", "ATR", "STOCH", "ADX", "LINEARREG", "MAX")
FIELDS = (*STREAMED, "WMA", "KAMA", "CCI", "OBV", "STDDEV", "AROON", "SUPERTREND", "MFI", "CDLDOJI", "TEMA")
WORDS = {"open": "open_", "real": "close"}
Arrays = list[np.ndarray]


def data(n: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    close = np.abs(100.0 + np.cumsum(random.normal(size=n) * 0.5)) + 1.0
    open_ = np.concatenate([close[:1], close[:-1]]) + random.normal(size=n) * 0.1
    reach = np.abs(random.normal(size=(2, n))) * 0.3
    return {
        "open": open_, "high": np.maximum(open_, close) + reach[0], "low": np.minimum(open_, close) - reach[1], "close": close,
        "volume": np.floor(random.random(n) * 1000.0) + 1.0, "real": close, "real0": close, "real1": open_,
        "periods": np.floor(random.random(n) * 35.0),
    }  # fmt: skip


def inputs(name: str, made: dict[str, np.ndarray]) -> Arrays:
    given = [made[word] for word in FUNCTIONS[name].inputs]
    if name in ("ACOS", "ASIN"):
        return [np.sin(given[0])]
    return [given[0] / 50.0] if name in ("EXP", "SINH", "COSH") else given


def alike(name: str, given: Arrays) -> bool:
    ours, theirs = indicators.indicator(name)(*given), getattr(talib, name)(*given)
    pairs = zip(*(x if isinstance(x, tuple | list) else (x,) for x in (ours, theirs)), strict=True)
    return all(np.allclose(a, b, rtol=0, atol=1e-9 * np.nanmax(np.abs(b)), equal_nan=True) for a, b in pairs)


def timed(call: Callable[..., Any], *given: Any) -> float:
    begun = time.perf_counter()
    call(*given)
    return time.perf_counter() - begun


def batch(name: str, made: dict[str, np.ndarray], rounds: int) -> dict[str, float]:
    ours, theirs, given = indicators.indicator(name), getattr(talib, name), inputs(name, made)
    if not alike(name, given):
        raise SystemExit(f"{name} differs from TA-Lib: its speed would mean nothing")
    runs = [(timed(ours, *given), timed(theirs, *given)) for _ in range(rounds)]
    ratios, per_bar = [b / a for a, b in runs], 1e9 / len(given[0])
    return {
        "ours_ns": round(min(a for a, _ in runs) * per_bar, 2), "talib_ns": round(min(b for _, b in runs) * per_bar, 2),
        "ratio": round(statistics.median(ratios), 2), "ratio_min": round(min(ratios), 2), "ratio_max": round(max(ratios), 2),
        "ratio_of_best": round(min(b for _, b in runs) / min(a for a, _ in runs), 3),
    }  # fmt: skip


def looped(update: Callable[..., Any], rows: list[tuple[float, ...]]) -> float:
    """ns an update, the loop included."""
    if len(rows[0]) == 1:
        flat = [row[0] for row in rows]
        begun = time.perf_counter()
        for x in flat:
            update(x)
    else:
        begun = time.perf_counter()
        for row in rows:
            update(*row)
    return (time.perf_counter() - begun) * 1e9 / len(rows)


def talib_stream(name: str, given: Arrays) -> Callable[..., Any]:
    """TA-Lib's own stream object, opened on a history."""
    return getattr(talib.stream, name)(*[values[:300].copy() for values in given]).update  # type: ignore[no-any-return]


def talipp_of(name: str) -> Any:
    from talipp import indicators as peer

    made = {"EMA": lambda: peer.EMA(30), "SMA": lambda: peer.SMA(30), "RSI": lambda: peer.RSI(14)}
    return made[name]().add if name in made else None


def rtta_of(name: str) -> Any:
    """The same from pyrtta (its module is `rtta`), where the parameters have the same meaning."""
    from rtta import indicator as peer

    made = {
        "EMA": lambda: peer.EMA(30), "SMA": lambda: peer.SMA(30), "RSI": lambda: peer.RSI(14), "ATR": lambda: peer.ATR(14),
        "MACD": lambda: peer.MACD(12, 26, 9), "BBANDS": lambda: peer.BollingerBands(5), "LINEARREG": lambda: peer.LinearRegression(14),
        "STOCH": lambda: peer.Stochastic(5, 3, 3), "MAX": lambda: peer.High(30),
    }  # fmt: skip
    return made[name]().update if name in made else None


def streams(made: dict[str, np.ndarray], rounds: int) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, list[float]]] = {}
    for name in STREAMED:
        given = inputs(name, made)
        rows = list(zip(*(values[:50_000].tolist() for values in given), strict=True))
        peers: dict[str, tuple[Callable[..., Any], int]] = {
            "ours": (indicators.indicator(name).stream().update, len(rows)),
            "talib": (talib_stream(name, given), len(rows)),
        }
        for peer, make in (("talipp", talipp_of), ("rtta", rtta_of)):
            call = make(name) if find_spec(peer) else None
            if call:
                peers[peer] = (call, 5_000 if peer == "talipp" else len(rows))
        for _ in range(rounds):
            for who, (call, n) in peers.items():
                found.setdefault(name, {}).setdefault(who, []).append(looped(call, rows[:n]))
    return {name: {who: round(min(times), 1) for who, times in by.items()} for name, by in found.items()}


def strategy_text(fields: tuple[str, ...]) -> str:
    lines = ["from qbtc.hft import indicators as ta", "class Strategy:", "    '''Indicators only.'''"]
    lines += [f"    i_{name} = ta.{name}.field()" for name in fields]
    lines += ["    total: float = 0.0", "    def on_book(self, market, orders):"]
    lines += ["        close, high, low, volume = market.imbalance, market.imbalance + 2.0, market.imbalance - 1.5, 3.0"]
    lines += ["        open_, found = close - 0.5, 0.0"]
    for name in fields:
        given = ", ".join(WORDS.get(word, word) for word in FUNCTIONS[name].inputs)
        first = "[0]" if len(FUNCTIONS[name].outputs) > 1 else ""
        lines.append(f"        found += self.i_{name}.update({given}){first}")
    return "\n".join([*lines, "        self.total = found"])


def program(folder: Path, fields: tuple[str, ...]) -> Program:
    path = folder / f"strategy_{len(fields)}.py"
    path.write_text(strategy_text(fields))
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return Program(read(module.Strategy, name=path.stem))


def compiled_loop() -> Any:
    """Calls a strategy through its address over a series, as the hot loop does."""
    from numba import njit

    from qbtc.hft.domain.strategy_native import call_strategy

    @njit(nogil=True)
    def run(where: int, state: int, market: Any, orders: int, prices: Any) -> int:
        faults = 0
        for price in prices:
            market[0].imbalance = price
            faults += call_strategy(where, state, market.ctypes.data, orders)
        return faults

    return run


def in_strategies(prices: np.ndarray, rounds: int) -> dict[str, float]:
    """ns an event of a strategy with twenty indicators, of one without, and the difference for each."""
    run = compiled_loop()
    with tempfile.TemporaryDirectory() as home:
        programs = {n: program(Path(home), FIELDS[:n]) for n in (0, len(FIELDS))}
        times: dict[int, list[float]] = {n: [] for n in programs}
        for _ in range(rounds):
            for n, each in programs.items():
                state, market, orders = each.spec.state({}), np.zeros(1, MARKET_VIEW), np.zeros(1, INTENT_BUFFER)
                given = each.address("on_book"), state.ctypes.data, market, orders.ctypes.data, prices
                run(*given)
                times[n].append(timed(run, *given) * 1e9 / len(prices))
    empty, full = min(times[0]), min(times[len(FIELDS)])
    return {
        "indicators": len(FIELDS), "event_ns": round(full, 1), "empty_event_ns": round(empty, 1),
        "each_ns": round((full - empty) / len(FIELDS), 2),
    }  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--bars", type=int, default=100_000)
    options.add_argument("--only")
    chosen = options.parse_args()
    made = data(chosen.bars)
    found = {}
    for name in [chosen.only] if chosen.only else FUNCTIONS:
        found[name] = batch(name, made, chosen.rounds)
        print(name, found[name], file=sys.stderr, flush=True)
    ratios = sorted(f["ratio_of_best"] for f in found.values())
    emit(
        "indicators", bars=chosen.bars, rounds=chosen.rounds, functions=len(found),
        at_least_talib=round(sum(r >= 1.0 for r in ratios) / len(ratios), 3),
        within_5_percent=round(sum(r >= 0.95 for r in ratios) / len(ratios), 3),
        slowest=dict(sorted(found.items(), key=lambda item: item[1]["ratio_of_best"])[:20]),
        median_ratio=statistics.median(ratios), best_ratio=ratios[-1],
        streams_ns=streams(made, min(chosen.rounds, 5)), strategy=in_strategies(made["close"], min(chosen.rounds, 5)),
        absent=[peer for peer in ("talipp", "rtta") if not find_spec(peer)],
    )  # fmt: skip


if __name__ == "__main__":
    main()
