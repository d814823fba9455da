"""Every statistic of one run as one flat mapping; names, units and meanings are in `registry`."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np

from qbtc.core.statistics import series, sharpe, tails
from qbtc.core.statistics.series import YEAR, Floats

from . import costs
from .account import Account, Records, account, exposure, periods
from .orders import fared
from .trips import open_profit, round_trips

FEW = "fewer than two whole periods between samples"
FLAT = "profits do not vary"
NO_LOSS, NO_GAIN_LOSS = "no loss to divide by", "no period with a gain or a loss"
NO_FILL, NO_TRIP, NO_ORDER, NO_HELD = "no fill", "no round trip was closed", "no order", "nothing was held"
NO_MID = "the mid is not known at any of these fills"
COARSE = "samples are farther apart than this"
NO_MAKER = "no fill as a maker"
NOT_ABOVE = "the Sharpe ratio is not above 0"
NO_DRAWDOWN, NOT_BACK = "no drawdown", "equity was not back at the high when the run ended"
NO_TAIL, NO_PRICE = "the 5 % quantile is 0", "the mid is never known"
CORRELATED = "autocorrelations leave no positive variance"
SIDES = (("", -1), ("_buy", 0), ("_sell", 1))


class Run(Protocol):
    """What is read of a backtest's result."""

    @property
    def tick_size(self) -> float: ...
    @property
    def lot_size(self) -> float: ...
    @property
    def fills(self) -> Records: ...
    @property
    def orders(self) -> Records: ...
    @property
    def equity(self) -> Records: ...
    @property
    def begin(self) -> int: ...
    @property
    def end(self) -> int: ...


class Statistics(Mapping[str, float]):
    """{name: value}. `reasons` says of every NaN why there is no value."""

    def __init__(self) -> None:
        self._values: dict[str, float] = {}
        self._reasons: dict[str, str] = {}

    def put(self, name: str, value: float, why: str = "") -> None:
        """Infinite is NaN too."""
        known = math.isfinite(value)
        self._values[name] = float(value) if known else math.nan
        if not known:
            self._reasons[name] = why

    def __getitem__(self, name: str) -> float:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"Statistics({', '.join(f'{name}={value:.6g}' for name, value in self._values.items())})"

    @property
    def reasons(self) -> Mapping[str, str]:
        return self._reasons


def summarise(run: Run) -> Statistics:
    """All of `registry.NAMES`, in that order."""
    sheet, a = Statistics(), account(run.equity, run.begin, run.lot_size)
    x, step = periods(a)
    _profit(sheet, run, a)
    _ratios(sheet, x, step)
    _falls(sheet, x, step, a)
    _tails(sheet, x)
    _trips(sheet, run)
    _orders(sheet, run)
    for suffix, side in SIDES:
        _fills(sheet, run, a, step, suffix, run.fills if side < 0 else run.fills[run.fills["side"] == side])
    return sheet


ADDED = ("net", "gross", "funding", "fees", "traded", "orders", "fills", "round_trips", "value_max")


def summarise_whole(a: Account, parts: Sequence[Mapping[str, float]]) -> Statistics:
    """Of several markets traded together: sums of ADDED, ratios, drawdown and tails of the joint account."""
    sheet = Statistics()
    x, step = periods(a)
    for name in ADDED:
        sheet.put(name, sum(part[name] for part in parts))
    _ratios(sheet, x, step)
    _falls(sheet, x, step, a)
    _tails(sheet, x)
    return sheet


def _profit(sheet: Statistics, run: Run, a: Account) -> None:
    unit, fills = run.tick_size * run.lot_size, run.fills
    held = exposure(a, fills, run.end, run.tick_size, run.lot_size)
    traded, mid = float(costs.values(fills, unit).sum()), _last_mid(a)
    sheet.put("net", a.net[-1])
    sheet.put("gross", a.gross[-1])
    sheet.put("funding", float(run.equity["funding"][-1]) if len(run.equity) else 0.0)
    sheet.put("open_profit", open_profit(fills, mid, unit, run.tick_size), NO_PRICE)
    sheet.put("return", series.ratio(a.net[-1], held.value_largest), NO_HELD)
    sheet.put("net_bp", 10_000.0 * series.ratio(a.net[-1], traded), NO_FILL)
    sheet.put("time_in_market", held.time)
    sheet.put("position_mean", held.mean)
    sheet.put("position_max", held.largest)
    sheet.put("position_end", a.position[-1])
    sheet.put("value_mean", held.value_mean)
    sheet.put("value_max", held.value_largest)
    sheet.put("turnover", series.ratio(traded, held.value_largest), NO_HELD)


def _last_mid(a: Account) -> float:
    known = a.mid[np.isfinite(a.mid)]
    return float(known[-1]) if known.size else math.nan


def _ratios(sheet: Statistics, x: Floats, step: int) -> None:
    m = series.moments(x)
    why, a_year = (FEW if m.n < 2 else FLAT), YEAR / step if step else math.nan
    root, one = math.sqrt(a_year), series.ratio(m.mean, m.deviation)
    error = sharpe.standard_error(one, m.n, m.skew, m.kurtosis)
    varies = m.deviation > 0
    corrected = sharpe.lo_factor(x, a_year) if varies else math.nan
    length = sharpe.minimum_length(one, 0.0, m.skew, m.kurtosis)
    sheet.put("periods", m.n)
    sheet.put("period_s", step * 1e-9)
    sheet.put("mean", m.mean, FEW)
    sheet.put("volatility", m.deviation, FEW)
    sheet.put("volatility_year", m.deviation * root, FEW)
    sheet.put("sharpe", one * root, why)
    sheet.put("sharpe_se", error * root, why)
    sheet.put("sharpe_lo", one * corrected, CORRELATED if varies else why)
    sheet.put("psr", sharpe.probabilistic(one, 0.0, m.n, m.skew, m.kurtosis), why)
    sheet.put("minimum_track_days", length * step / 86_400e9, NOT_ABOVE if varies else why)
    sheet.put("sortino", series.sortino(x) * root, NO_LOSS if varies else why)
    sheet.put("skew", m.skew, why)
    sheet.put("kurtosis", m.kurtosis, why)


def _falls(sheet: Statistics, x: Floats, step: int, a: Account) -> None:
    fall = series.maximum_drawdown(a.net)
    days = (int(a.times[-1]) - int(a.times[0])) / 86_400e9
    a_year = float(a.net[-1]) * 365.25 / days if days > 0 else math.nan
    sheet.put("calmar", series.ratio(a_year, fall.depth), NO_DRAWDOWN)
    sheet.put("max_drawdown", fall.depth)
    begin, known = int(a.times[0]), fall.depth > 0
    for name, place in (("peak", fall.peak), ("trough", fall.trough), ("end", fall.end)):
        value = (int(a.times[place]) - begin) * 1e-9 if known and place >= 0 else math.nan
        sheet.put(f"drawdown_{name}_s", value, NOT_BACK if known else NO_DRAWDOWN)


def _tails(sheet: Statistics, x: Floats) -> None:
    sheet.put("hit_periods", series.hit_rate(x), NO_GAIN_LOSS)
    sheet.put("var_95", tails.value_at_risk(x), FEW)
    sheet.put("es_95", tails.expected_shortfall(x), FEW)
    sheet.put("tail_ratio", tails.tail_ratio(x), FEW if not x.size else NO_TAIL)


def _trips(sheet: Statistics, run: Run) -> None:
    trips = round_trips(run.fills, run.tick_size * run.lot_size)
    profit: Floats = trips["profit"] - trips["fee"]
    held = (trips["closed"] - trips["opened"]) * trips["lots"]
    some = bool(profit.size)
    sheet.put("round_trips", len(trips))
    sheet.put("hit_trips", series.hit_rate(profit), NO_TRIP)
    sheet.put("profit_factor", series.profit_factor(profit), NO_LOSS if some else NO_TRIP)
    sheet.put("trip_mean", profit.mean() if some else math.nan, NO_TRIP)
    sheet.put("trip_best", profit.max() if some else math.nan, NO_TRIP)
    sheet.put("trip_worst", profit.min() if some else math.nan, NO_TRIP)
    sheet.put("trip_hold_s", held.sum() * 1e-9 / trips["lots"].sum() if some else math.nan, NO_TRIP)


def _orders(sheet: Statistics, run: Run) -> None:
    for suffix, side in SIDES:
        mine = run.orders if side < 0 else run.orders[run.orders["side"] == side]
        done = run.fills if side < 0 else run.fills[run.fills["side"] == side]
        found = fared(mine, done)
        sheet.put(f"orders{suffix}", found.sent)
        sheet.put(f"orders_filled{suffix}", found.filled, NO_ORDER)
        sheet.put(f"quantity_filled{suffix}", found.quantity, NO_ORDER)
        sheet.put(f"time_to_fill_s{suffix}", found.mean, NO_FILL)
        sheet.put(f"time_to_fill_median_s{suffix}", found.median, NO_FILL)
        sheet.put(f"queue_wait_s{suffix}", found.queue, NO_MAKER)


def _fills(sheet: Statistics, run: Run, a: Account, step: int, suffix: str, fills: Records) -> None:
    unit, quantity = run.tick_size * run.lot_size, float(fills["lots"].sum()) * run.lot_size
    each = costs.values(fills, unit)
    value = float(each.sum())
    sheet.put(f"fills{suffix}", len(fills))
    sheet.put(f"quantity{suffix}", quantity)
    sheet.put(f"traded{suffix}", value)
    sheet.put(f"price_mean{suffix}", series.ratio(value, quantity), NO_FILL)
    sheet.put(f"maker_share{suffix}", series.ratio(float(each[fills["maker"] == 1].sum()), value), NO_FILL)
    sheet.put(f"fees{suffix}", float(fills["fee"].sum()))
    _cost(sheet, "spread", suffix, costs.spread(fills, unit), NO_MID if len(fills) else NO_FILL)
    for seconds in costs.HORIZONS:
        why = NO_FILL if not len(fills) else COARSE if step > seconds * 1_000_000_000 else NO_MID
        _cost(sheet, f"adverse_{seconds}s", suffix, costs.adverse(fills, a, seconds, step, run.tick_size, unit), why)


def _cost(sheet: Statistics, name: str, suffix: str, cost: costs.Cost, why: str) -> None:
    sheet.put(f"{name}{suffix}", cost.total, why)
    sheet.put(f"{name}_bp{suffix}", cost.bp, why)
