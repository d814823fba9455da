"""Bars for quick ideas: made of market data, and target positions on them traded in one go, thousands of columns at once.

    from qbtc.hft import bars
    from qbtc.hft.indicators import EMA
    minutes = bars.of("data/BTCUSDT", "1m")
    wanted = np.where(EMA(minutes.close, timeperiod=10) > EMA(minutes.close, timeperiod=50), 0.01, 0.0)
    runs = bars.backtest(minutes, wanted, fees=0.0005)
    runs.equity, runs.totals["sharpe"]; runs.result().stats, runs.result().fills

A position is read at a bar's close and traded at the next open. No book, no queue, no latency: a first look, for which
`backtest.run` is the second one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qbtc.core.market.tape.layout import Kind
from qbtc.core.market.tape.tape import Tape

from . import backtest as engine
from .domain.barwise import making, runs
from .domain.barwise.runs import Assumed, Runs
from .domain.barwise.series import PRICES, BadBars, Bars, checked
from .domain.statistics.honesty import Trials

if TYPE_CHECKING:
    import polars

ROOM = 64
"""Columns that one thread takes at least."""


def of(
    data: str | os.PathLike[str] | Tape | engine.Market | Bars, every: str | None = None, source: str = "trades", *, flat: bool = False
) -> Bars:  # fmt: skip
    """Bars of a tape, a prepared market or other bars. `every`: `1m`, `500 ticks`, `20 volume`, `1e6 value`; a tape of bars
    needs none. `source`: trades, mids, bids or asks. `flat`: bars of time also where nothing happened.

    Raises BadBars, NoTape, BrokenTape, BadAssumption.
    """
    if isinstance(data, Bars):
        return making.joined(data, every, flat=flat) if every else data
    if not isinstance(data, engine.Market):
        tape = data if isinstance(data, Tape) else _opened(data)
        if tape.of(Kind.BAR).size:
            return of(_recorded(tape), every, flat=flat)
        data = engine.prepare(tape)
    if every is None:
        raise BadBars(f"{data.feed.symbol}: it holds no bars, so say of what to make them; allowed: {making.EVERY}")
    f = data.feed
    size = 0.5 * f.tick_size if source == "mids" else f.tick_size
    return making.of_events(
        making.events(f, source), every, symbol=f.symbol, tick_size=size, lot_size=f.lot_size, flat=flat, venue=data.venue
    )


def _opened(data: str | os.PathLike[str]) -> Tape:
    from .adapters.data.opening import open_tape

    return open_tape(Path(data), private=True)


def _recorded(tape: Tape) -> Bars:
    found, time = tape.special(Kind.BAR), np.ascontiguousarray(tape.local[tape.of(Kind.BAR)])
    o, h, low, c = (found[f"bar_{name}"] * tape.tick_size for name in PRICES)
    return arrays(
        time, o, h, low, c, found["bar_volume"], symbol=tape.symbol, tick_size=tape.tick_size, lot_size=tape.lot_size, venue=tape.info.venue
    )


def arrays(
    time: ArrayLike, open: ArrayLike, high: ArrayLike, low: ArrayLike, close: ArrayLike, volume: ArrayLike | None = None, *,
    symbol: str = "BARS", tick_size: float = 0.01, lot_size: float = 1e-5, venue: str = "", opening: bool = False,
) -> Bars:  # fmt: skip
    """Bars of columns of your own. `time`: UTC ns (or datetime64) at which each bar is over; `opening`: at which it begins.

    Prices are moved to whole ticks of `tick_size`. Raises BadBars.
    """
    stamps: NDArray[Any] = np.asarray(time)
    ns = stamps.astype("datetime64[ns]").astype(np.int64) if stamps.dtype.kind == "M" else stamps
    if ns.ndim != 1 or not ns.size or ns.dtype.kind not in "iu":
        raise BadBars("time must be whole ns of UTC or datetime64, one of each bar")
    step = int(np.median(np.diff(ns))) if ns.size > 1 else 0
    ends = ns.astype(np.int64) + (step if opening else 0)
    prices = {name: _ticked(given, tick_size) for name, given in zip(PRICES, (open, high, low, close), strict=True)}
    columns = {"time": ends, "begin": np.maximum(ends - step, np.append(ends[0] - step, ends[:-1])), **prices}
    columns["volume"] = np.zeros(ns.size) if volume is None else volume
    return checked(columns, symbol=symbol, tick_size=tick_size, lot_size=lot_size, venue=venue)


def _ticked(prices: ArrayLike, tick_size: float) -> Any:
    values: NDArray[Any] = np.asarray(prices)
    if values.dtype.kind not in "iuf" or not tick_size > 0:
        return values
    with np.errstate(invalid="ignore"):
        return np.rint(values / tick_size) * tick_size


def frame(b: Bars) -> polars.DataFrame:
    """The columns of bars, times as datetimes."""
    import polars

    made = polars.DataFrame(b.columns())
    return made.with_columns(polars.col("begin", "time").cast(polars.Datetime("ns")))


@dataclass(frozen=True)
class Backtest(Runs):
    """Runs, with what reports and statistics take. `totals`: {name: value of each column}."""

    trials: Trials = field(default_factory=Trials)

    def frame(self) -> polars.DataFrame:
        """A row a column: its number and `totals`."""
        import polars

        return polars.DataFrame({"column": np.arange(self.accounts.size), **self.totals})

    def result(
        self, column: int | None = None, name: str = "positions", parameters: Mapping[str, float] | None = None
    ) -> engine.Result:
        """One column as a backtest's result: `.stats`, `.fills`, `.honesty`, reports. Of several columns say which; the
        others count as trials then. Raises BadBars."""
        count = self.accounts.size
        if (column is None and count > 1) or not 0 <= (column or 0) < count:
            raise BadBars(f"column {column}: say which of the {count} columns; allowed: 0 to {count - 1}")
        fills, orders, samples = runs.records(self, column or 0)
        a, b = self.assumed, self.bars
        said = engine.Assumptions("0ns", "", a.fill, (a.fee, a.fee), True, 0)
        state = np.zeros(1, np.dtype([("slippage", "f8")]))
        return engine.Result(
            name, b.symbol, b.tick_size, b.lot_size, {**(parameters or {}), "slippage": a.slippage}, said, fills, orders, samples,
            int(self.accounts["held"][column or 0]), len(b), int(b.begin[0]), int(b.time[-1]), state, trials=self.trials,
        )  # fmt: skip


def backtest(
    b: Bars,
    position: ArrayLike,
    *,
    fees: float | None = None,
    slippage: float = 0.0,
    fill: str = "next_open",
    unit: str = "base",
    equity: bool = True,
    trials: Trials | float | Iterable[float] | None = None,
    workers: int | None = None,
) -> Backtest:
    """Trade target positions: `position` float[n] or float[n, columns], signed, a row a bar; NaN keeps what was wanted, and a
    target that did not change is left alone. `unit`: `base` units, or `quote` (the value at the close of that bar).

    `fees` and `slippage`: shares of the value; the venue's usual taker fee without it. `fill`: `next_open`, or `close`, which
    trades at the very price that decided. `equity`: keep it for every bar. `trials`: how many ideas
    were tried; the columns without it. Raises BadBars, BadAssumption.
    """
    fee = engine.FEES.get(b.venue, (0.001, 0.001))[1] if fees is None else float(fees)
    assumed, targets = Assumed(fee, float(slippage), fill, unit), runs.targets_of(b, position)
    count = targets.shape[1]
    tried = Trials.of(float(count) if trials is None else trials)
    parts = np.array_split(np.arange(count), max(1, min(workers or os.cpu_count() or 1, count // ROOM)))
    with ThreadPoolExecutor(len(parts)) as pool:
        done = list(pool.map(lambda part: runs.run(b, targets[:, part[0] : part[-1] + 1], assumed, equity=equity, first=part[0]), parts))
    whole = done[0] if len(done) == 1 else _together(done, targets)
    return Backtest(**{each.name: getattr(whole, each.name) for each in fields(Runs)}, trials=tried)


def _together(parts: list[Runs], targets: NDArray[np.float64]) -> Runs:
    accounts = np.concatenate([part.accounts for part in parts])
    return Runs(parts[0].bars, parts[0].assumed, targets, accounts, np.concatenate([part.equity for part in parts], axis=1))


__all__ = ["BadBars", "Backtest", "Bars", "arrays", "backtest", "frame", "of"]
