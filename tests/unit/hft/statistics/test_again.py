"""Every number of a small run once more, by other means: plain Python loops, SciPy, the statistics module."""

from __future__ import annotations

import math
import statistics
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy import stats as scipy_stats

from qbtc.hft.domain.statistics.registry import NAMES
from qbtc.hft.domain.statistics.summary import Statistics, summarise

from .records import BEGIN, LOT, SECOND, TICK, fills, run

YEAR = 365.25 * 86_400
UNIT = TICK * LOT


@pytest.fixture(scope="module")
def made() -> Any:
    rng = np.random.default_rng(11)
    mids = (500 + rng.normal(size=120).cumsum()).round(1).tolist()
    rows = []
    for n in range(40):
        second = 2.5 * n + 1.25
        mid = mids[int(second)] / TICK
        rows.append((second, int(rng.integers(2)), round(mid) + int(rng.integers(-2, 3)), int(rng.integers(1, 6)), mid))
    of = fills(rows, fee=0.0003)
    of["maker"] = rng.integers(0, 2, len(of))
    return run(of, mids)


@pytest.fixture(scope="module")
def found(made: Any) -> Statistics:
    return summarise(made)


def rows(made: Any, side: int | None = None) -> list[Any]:
    return [f for f in made.fills if side is None or f["side"] == side]


def equity(made: Any) -> list[float]:
    """Net profit at the begin and at every sample, from the fills alone."""
    out = [0.0]
    for sample in made.equity:
        net = 0.0
        for f in made.fills:
            if f["time"] <= sample["time"]:
                sign = -1 if f["side"] else 1
                net += sign * f["lots"] * LOT * (sample["mid"] - f["tick"] * TICK) - f["fee"]
        out.append(net)
    return out


def test_profit_and_exposure_again(made: Any, found: Statistics) -> None:
    net = equity(made)
    positions, value, held, spans = 0, [], [], []
    for n, f in enumerate(made.fills):
        positions += (-1 if f["side"] else 1) * f["lots"]
        after = made.fills[n + 1]["time"] if n + 1 < len(made.fills) else made.end
        held.append(abs(positions) * LOT)
        spans.append((after - f["time"]) / SECOND)
        value.append(abs(positions) * LOT * f["tick"] * TICK)
    value += [abs(s["position"]) * LOT * s["mid"] for s in made.equity]
    traded = sum(f["tick"] * f["lots"] * UNIT for f in made.fills)
    fees = sum(f["fee"] for f in made.fills)
    whole = (made.end - made.begin) / SECOND
    expected = {
        "net": net[-1],
        "gross": net[-1] + fees,
        "funding": 0.0,
        "return": net[-1] / max(value),
        "net_bp": 1e4 * net[-1] / traded,
        "time_in_market": sum(s for s, h in zip(spans, held, strict=True) if h > 0) / whole,
        "position_mean": sum(s * h for s, h in zip(spans, held, strict=True)) / whole,
        "position_max": max(held),
        "position_end": positions * LOT,
        "value_mean": statistics.fmean(abs(s["position"]) * LOT * s["mid"] for s in made.equity),
        "value_max": max(value),
        "turnover": traded / max(value),
    }
    check(found, expected)


def test_ratios_and_tails_again(made: Any, found: Statistics) -> None:
    net = equity(made)
    x = [b - a for a, b in pairwise(net)]
    n, mean, deviation = len(x), statistics.fmean(x), statistics.stdev(x)
    one, skew, kurtosis = mean / deviation, scipy_stats.skew(x), scipy_stats.kurtosis(x, fisher=False)
    error = math.sqrt((1 - skew * one + (kurtosis - 1) / 4 * one**2) / (n - 1))
    down = math.sqrt(sum(min(each, 0) ** 2 for each in x) / n)
    falls = [max(net[: k + 1]) - net[k] for k in range(len(net))]
    low, high = sorted(x)[math.ceil(0.05 * n) - 1], sorted(x)[math.ceil(0.95 * n) - 1]
    worst = sorted(x)[: int(0.05 * n)]
    trough = falls.index(max(falls))
    moved = [each for each in x if abs(each) > 1e-9]
    expected = {
        "periods": n, "period_s": 1.0, "mean": mean, "volatility": deviation, "volatility_year": deviation * math.sqrt(YEAR),
        "sharpe": one * math.sqrt(YEAR), "sharpe_se": error * math.sqrt(YEAR), "psr": scipy_stats.norm.cdf(one / error),
        "sortino": mean / down * math.sqrt(YEAR), "skew": skew, "kurtosis": kurtosis,
        "max_drawdown": max(falls), "calmar": net[-1] * YEAR / n / max(falls), "drawdown_trough_s": trough,
        "drawdown_peak_s": max(k for k in range(trough) if falls[k] == 0),
        "hit_periods": sum(each > 0 for each in moved) / len(moved), "var_95": -low, "tail_ratio": high / -low,
        "es_95": -statistics.fmean(worst),
    }  # fmt: skip
    assert 0.05 * n == len(worst)
    check(found, expected)
    rho = [np.corrcoef(x, x)[0, 1]] + [
        sum((x[i] - mean) * (x[i + k] - mean) for i in range(n - k)) / sum((each - mean) ** 2 for each in x) for k in range(1, 5)
    ]
    lags = int(4 * (n / 100) ** (2 / 9))
    eta = YEAR / math.sqrt(YEAR + 2 * sum((YEAR - k) * rho[k] for k in range(1, lags + 1)))
    assert found["sharpe_lo"] == pytest.approx(one * eta)
    if one > 0:
        assert found["minimum_track_days"] == pytest.approx((1 + (error**2 * (n - 1)) * (scipy_stats.norm.ppf(0.95) / one) ** 2) / 86_400)
    else:
        assert math.isnan(found["minimum_track_days"])


def test_round_trips_again(made: Any, found: Statistics) -> None:
    waiting: list[list[Any]] = []
    trips: list[tuple[float, float, int]] = []
    for f in made.fills:
        left = int(f["lots"])
        while left and waiting and waiting[0][0]["side"] != f["side"]:
            first, open_lots = waiting[0]
            lots = min(left, open_lots)
            sign = 1 if f["side"] else -1
            fee = lots * (f["fee"] / f["lots"] + first["fee"] / first["lots"])
            trips.append((sign * (int(f["tick"]) - int(first["tick"])) * lots * UNIT - fee, (f["time"] - first["time"]) / SECOND, lots))
            left -= lots
            waiting[0][1] -= lots
            if not waiting[0][1]:
                waiting.pop(0)
        if left:
            waiting.append([f, left])
    profits = [profit for profit, _, _ in trips]
    mid = made.equity["mid"][-1]
    expected = {
        "round_trips": len(trips),
        "hit_trips": sum(p > 0 for p in profits) / sum(p != 0 for p in profits),
        "profit_factor": sum(p for p in profits if p > 0) / -sum(p for p in profits if p < 0),
        "trip_mean": statistics.fmean(profits), "trip_best": max(profits), "trip_worst": min(profits),
        "trip_hold_s": sum(s * lots for _, s, lots in trips) / sum(lots for _, _, lots in trips),
        "open_profit": sum((-1 if f["side"] else 1) * lots * LOT * (mid - f["tick"] * TICK) for f, lots in waiting),
    }  # fmt: skip
    check(found, expected)


@pytest.mark.parametrize(("suffix", "side"), [("", None), ("_buy", 0), ("_sell", 1)])
def test_fills_costs_and_orders_again(made: Any, found: Statistics, suffix: str, side: int | None) -> None:
    mine = rows(made, side)
    value = sum(f["tick"] * f["lots"] * UNIT for f in mine)
    quantity = sum(f["lots"] * LOT for f in mine)
    spread = sum((-1 if f["side"] else 1) * (f["tick"] - f["mid"]) * f["lots"] * UNIT for f in mine)
    expected = {
        "fills": len(mine), "quantity": quantity, "traded": value, "price_mean": value / quantity, "fees": sum(f["fee"] for f in mine),
        "maker_share": sum(f["tick"] * f["lots"] * UNIT for f in mine if f["maker"]) / value,
        "spread": spread, "spread_bp": 1e4 * spread / value,
        "orders": len(mine), "orders_filled": 1.0, "quantity_filled": 1.0, "time_to_fill_s": 2.1, "time_to_fill_median_s": 2.1,
        "queue_wait_s": 2.0,
    }  # fmt: skip
    for seconds in (1, 5, 30):
        total = weight = 0.0
        for f in mine:
            at = math.ceil((f["time"] + seconds * SECOND - BEGIN) / SECOND) - 1
            if at < len(made.equity):
                total -= (-1 if f["side"] else 1) * (made.equity["mid"][at] / TICK - f["mid"]) * f["lots"] * UNIT
                weight += f["tick"] * f["lots"] * UNIT
        expected |= {f"adverse_{seconds}s": total, f"adverse_{seconds}s_bp": 1e4 * total / weight}
    check(found, {name + suffix: value for name, value in expected.items()})


SEEN: set[str] = set()


def check(found: Statistics, expected: dict[str, float]) -> None:
    SEEN.update(expected)
    for name, value in expected.items():
        assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name


def test_no_number_was_forgotten() -> None:
    if not SEEN:
        pytest.skip("runs behind the others of this file")
    assert set(NAMES) - SEEN == {"sharpe_lo", "minimum_track_days", "drawdown_end_s"}
