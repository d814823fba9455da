"""What is left of a vectorised backtest: accounts of all columns, and the records of one column as a backtest keeps them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qbtc.core.statistics.series import YEAR

from ..backtest.layout import BUY, FILL, FILLED, LEDGER, SAMPLE, SELL
from ..strategy_records import IOC
from .kernel import ACCOUNT, BASE, CLOSE, NEXT_OPEN, QUOTE, RULES, prices, trade
from .series import BadBars, Bars, Floats, Ints

Records = NDArray[np.void]
FILLS = {"next_open": NEXT_OPEN, "close": CLOSE}
UNITS = {"base": BASE, "quote": QUOTE}
TOTALS = ("net", "fees", "fills", "traded", "position_end", "max_drawdown", "sharpe", "volatility")


@dataclass(frozen=True)
class Assumed:
    """Fee and slippage are shares of the value; `fill` and `unit` keys of FILLS and UNITS."""

    fee: float = 0.001
    slippage: float = 0.0
    fill: str = "next_open"
    unit: str = "base"

    def __post_init__(self) -> None:
        """Raises BadBars."""
        for name, allowed in (("fill", FILLS), ("unit", UNITS)):
            if getattr(self, name) not in allowed:
                raise BadBars(f"{name} = {getattr(self, name)!r} is not understood; allowed: {', '.join(allowed)}")
        for name, low, high in (("fee", -0.1, 0.1), ("slippage", 0.0, 0.1)):
            if not low <= getattr(self, name) < high:
                raise BadBars(f"{name} = {getattr(self, name)!r}; allowed: a share from {low} to below {high}, such as 0.0005")


@dataclass(frozen=True)
class Runs:
    """k columns over n bars. `targets` float64[n, k], `accounts` ACCOUNT[k]; `equity` float64[n, k] net profit in quote units
    at each close, marked there (no rows where it was not asked for)."""

    bars: Bars
    assumed: Assumed
    targets: Floats
    accounts: Records
    equity: Floats

    def positions(self, column: int = 0) -> Ints:
        """int64[n]: lots held at each close."""
        kept = np.zeros((len(self.bars), 1), np.int64)
        run(self.bars, self.targets[:, column : column + 1], self.assumed, positions=kept)
        return kept[:, 0]

    @property
    def totals(self) -> dict[str, NDArray[Any]]:
        """{name: float64[k]} of TOTALS, as `statistics.registry` defines them."""
        a, unit = self.accounts, self.bars.tick_size * self.bars.lot_size
        count = int(whole_steps(self.bars).sum())
        mean = a["sum"] / count if count else np.full(a.size, math.nan)
        spread = np.maximum(a["squares"] - count * mean * mean, 0.0)
        deviation = np.sqrt(spread / (count - 1)) if count > 1 else np.full(a.size, math.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(deviation > 0, mean / deviation, math.nan) * math.sqrt(YEAR / max(self.bars.step, 1))
        return dict(zip(TOTALS, (
            a["net"], a["fee"], a["fills"].astype(np.float64), a["traded"] * unit, a["held"] * self.bars.lot_size, a["depth"], ratio, deviation,
        ), strict=True))  # fmt: skip


def whole_steps(b: Bars) -> NDArray[np.bool_]:
    """bool[n]: the step to each bar's time has the usual length."""
    found: NDArray[np.bool_] = np.diff(b.time, prepend=b.begin[0]) == b.step
    return found


def largest(b: Bars, slippage: float = 0.0) -> float:
    """The most lots of a target: what they can cost and earn over all bars stays below 2^62 ticks times lots."""
    path = np.stack([b.ticks("open"), b.ticks("close")], axis=1).ravel()
    reach = 2.0 * path.max() + 2.0 * np.abs(np.diff(path)).sum() + 2.0 * len(b) * (slippage * path.max() + 1.0)
    return float(np.floor(2.0**62 / reach))


def begin(b: Bars, assumed: Assumed) -> Records:
    rules = np.zeros(1, RULES)
    rules["at_close"], rules["in_quote"] = FILLS[assumed.fill], UNITS[assumed.unit]
    rules["fee"], rules["slippage"] = assumed.fee, assumed.slippage
    rules["tick_size"], rules["lot_size"], rules["unit"] = b.tick_size, b.lot_size, b.tick_size * b.lot_size
    rules["largest"] = largest(b, assumed.slippage)
    return rules


def targets_of(b: Bars, position: Any) -> Floats:
    """float64[n, k]. Raises BadBars."""
    try:
        made = np.asarray(position, np.float64)
    except (TypeError, ValueError):
        raise BadBars("the positions hold something that is no number; allowed: numbers, NaN keeps what was wanted") from None
    made = made.reshape(-1, 1) if made.ndim == 1 else made
    if made.ndim != 2 or made.shape[0] != len(b) or made.shape[1] == 0:
        raise BadBars(f"positions have the shape {np.shape(position)}; allowed: ({len(b)},) or ({len(b)}, columns), a row a bar")
    if np.isinf(made).any():
        raise BadBars("a position is infinite; allowed: finite numbers, NaN keeps what was wanted")
    return made


_NOTHING = np.zeros((0, 0), np.int64)


def run(
    b: Bars, targets: Floats, assumed: Assumed, *, equity: bool = False, positions: Ints = _NOTHING, first: int = 0
) -> Runs:
    """All columns of checked targets; lots held go into `positions` where it has rows. `first`: number of the first column in
    messages. Raises BadBars for a target that is too large."""
    accounts, rules = np.zeros(targets.shape[1], ACCOUNT), begin(b, assumed)
    accounts["last"] = math.nan
    kept = np.zeros(targets.shape if equity else (0, 0))
    done = trade(
        b.ticks("open"), b.ticks("close"), b.close, whole_steps(b).view(np.uint8), targets, accounts.size, accounts.ctypes.data, rules,
        positions, kept,
    )  # fmt: skip
    if not done:
        row, column, most = int(rules["wrong"][0]), int(rules["wrong_column"][0]), largest(b, assumed.slippage) * b.lot_size
        raise BadBars(
            f"the position of bar {row}, column {first + column} is {targets[row - 1, column]:g}, too large to be exact in lots of "
            f"{b.lot_size:g}; allowed: up to {most:g} base units"
        )
    return Runs(b, assumed, targets, accounts, kept)


def records(runs: Runs, column: int) -> tuple[Records, Records, Records]:
    """(FILL, LEDGER, SAMPLE) of one column."""
    held = runs.positions(column)
    change = np.diff(held, prepend=0)
    at = np.flatnonzero(change)
    fills = _fills(runs, at, change[at])
    return fills, _orders(runs, fills, at), _samples(runs, held, fills, at)


def _fills(runs: Runs, at: Ints, change: Ints) -> Records:
    b, late = runs.bars, FILLS[runs.assumed.fill] == CLOSE
    tick = b.ticks("close" if late else "open")[at]
    made = np.zeros(at.size, FILL)
    made["time"] = made["local"] = (b.time if late else b.begin)[at]
    made["order"], made["side"], made["lots"] = np.arange(1, at.size + 1), np.where(change > 0, BUY, SELL), np.abs(change)
    price = np.empty(at.size, np.int64)
    prices(tick, change, begin(b, runs.assumed), price)
    made["tick"] = price
    made["fee"] = (price * made["lots"]).astype(np.float64) * (b.tick_size * b.lot_size) * runs.assumed.fee
    made["mid"] = tick
    return made


def _orders(runs: Runs, fills: Records, at: Ints) -> Records:
    """Each order is placed when its target was read."""
    made = np.zeros(fills.size, LEDGER)
    decided = at if FILLS[runs.assumed.fill] == CLOSE else at - 1
    made["placed"] = np.minimum(runs.bars.time[decided], fills["time"])
    made["arrived"] = made["ended"] = fills["time"]
    made["rest"], made["status"] = IOC, FILLED
    for name in ("order", "side", "tick", "lots"):
        made[name] = fills[name]
    made["filled"] = fills["lots"]
    return made


def _samples(runs: Runs, held: Ints, fills: Records, at: Ints) -> Records:
    b, made = runs.bars, np.zeros(len(runs.bars), SAMPLE)
    made["time"], made["position"], made["mid"] = b.time, held, b.close
    amount, unit = fills["tick"] * fills["lots"], b.tick_size * b.lot_size
    signed = np.where(fills["side"] == BUY, -amount, amount)
    for name, each in (("cash", signed), ("traded", amount.astype(np.float64)), ("fee", fills["fee"])):
        whole = np.zeros(len(b), each.dtype)
        whole[at] = each
        made[name] = np.cumsum(whole) * (1.0 if name == "fee" else unit)
    return made
