"""What a result is worth once one says how it was found: trials, deflated Sharpe ratio, interval, assumptions, cautions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from qbtc.core.statistics import sharpe
from qbtc.core.statistics.bootstrap import DRAWS, SEED, Interval, interval, sharpes
from qbtc.core.statistics.series import YEAR, Floats, moments, ratio
from qbtc.core.statistics.trials import believed, effective_number, variance_of_ratios

from ..backtest.assumptions import BadAssumption
from .account import Account, periods
from .words import Believed, assumed, caution

if TYPE_CHECKING:
    from ..backtest.margin import MarginKept

MOST = 2_000
"""Periods that are drawn again; more are summed to as many before."""
FEW_TRIPS, ENOUGH, SHORT_DAYS = 30, 0.95, 1.0
ALLOWED = "allowed: a number of 1 at least, or the yearly Sharpe ratios of all trials, this one included"


@dataclass(frozen=True)
class Trials:
    """How many independent trials this result is the best of. `variance` of their yearly Sharpe ratios; NaN: nobody
    said, and that of the estimate itself without skill stands for it, which is the least it can be."""

    count: float = 1.0
    variance: float = math.nan

    @classmethod
    def of(cls, given: Trials | float | Iterable[float]) -> Trials:
        """Raises BadAssumption."""
        if isinstance(given, Trials):
            return cls.of(given.count) and given
        if isinstance(given, (int, float)):
            if not (math.isfinite(given) and given >= 1):
                raise BadAssumption(f"trials {given!r} are not understood; {ALLOWED}")
            return cls(float(given))
        ratios = np.asarray(list(given), np.float64)
        if ratios.ndim != 1 or not ratios.size or not np.isfinite(ratios).all():
            raise BadAssumption(f"{ratios.size} Sharpe ratios of trials, {int((~np.isfinite(ratios)).sum())} of them not finite; {ALLOWED}")
        return cls(float(ratios.size), float(ratios.var(ddof=1)) if ratios.size > 1 else math.nan)

    @classmethod
    def of_profits(cls, profits: Floats, period: int) -> Trials:
        """Of the profits of all trials, float64[periods, trials], a period of `period` ns: the effective number of
        independent ones, and the variance of the yearly Sharpe ratios of those that traded. Raises ValueError."""
        return cls(effective_number(profits), variance_of_ratios(profits) * YEAR / period)


class Judged(Protocol):
    """What is read of a result."""

    @property
    def stats(self) -> Mapping[str, float]: ...
    @property
    def assumptions(self) -> Believed: ...
    @property
    def margin(self) -> MarginKept | None: ...


@dataclass(frozen=True)
class Honesty:
    """Sharpe ratios are of a year. `expected_maximum`: of the best of that many trials without any skill.
    `deflated_sharpe`: probability that the true ratio is above 0 in spite of them. NaN where the ratio is."""

    trials: Trials
    expected_maximum: float
    deflated_sharpe: float
    sharpe_interval: Interval
    believed: Believed
    figures: Mapping[str, float]

    def assumptions(self, lang: str = "en") -> tuple[str, ...]:
        """What the run believed, a sentence each."""
        return assumed(self.believed, lang)

    def cautions(self, lang: str = "en") -> tuple[str, ...]:
        """What speaks against taking the result at its word, a sentence each."""
        return tuple(caution(name, lang, self.figures) for name in self.warnings)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Names of the cautions that apply."""
        f = self.figures
        found = {
            "nothing": f["fills"] == 0,
            "loss": f["net"] < 0,
            "short": f["days"] < SHORT_DAYS,
            "few": f["fills"] > 0 and f["round_trips"] < FEW_TRIPS,
            "unsure": f["sharpe"] > 0 and not f["psr"] >= ENOUGH,
            "deflated": f["trials"] > 1 and f["sharpe"] > 0 and not f["deflated"] >= ENOUGH,
            "least": f["trials"] > 1 and not math.isfinite(self.trials.variance),
            "liquidated": f["liquidations"] > 0,
            "refused": f["refusals"] > 0,
            "open": f["open_profit"] > 0 and f["open_profit"] > 0.5 * abs(f["net"]),
        }
        return tuple(name for name, applies in found.items() if applies)


def weigh(run: Judged, a: Account, trials: Trials, *, draws: int = DRAWS, seed: int = SEED) -> Honesty:
    """The honesty block of a run whose account is `a`."""
    x, step = periods(a)
    m, stats = moments(x), run.stats
    a_year = YEAR / step if step else math.nan
    variance = believed(trials.variance / a_year, m.n)
    best = sharpe.expected_maximum(trials.count, math.sqrt(variance))
    probability = sharpe.probabilistic(ratio(m.mean, m.deviation), best, m.n, m.skew, m.kurtosis)
    figures = {name: stats[name] for name in ("orders", "fills", "round_trips", "sharpe", "psr", "minimum_track_days", "open_profit", "net")}
    days = (int(a.times[-1]) - int(a.times[0])) / 86_400e9
    figures |= {"days": days, "trials": trials.count, "deflated": probability}
    kept = run.margin
    figures |= {"liquidations": len(kept.liquidations) if kept else 0, "refusals": len(kept.refusals) if kept else 0}
    return Honesty(
        trials, best * math.sqrt(a_year), probability, _interval(x, step, draws, seed), run.assumptions, figures
    )


def _interval(x: Floats, step: int, draws: int, seed: int) -> Interval:
    """Of the yearly Sharpe ratio."""
    by = max(1, -(-x.size // MOST))
    whole = x[: x.size - x.size % by].reshape(-1, by).sum(axis=1)
    found = interval(whole, sharpes, draws=draws, seed=seed)
    root = math.sqrt(YEAR / (step * by)) if step else math.nan
    return Interval(found.low * root, found.high * root, found.level, found.draws, found.block, found.seed)
