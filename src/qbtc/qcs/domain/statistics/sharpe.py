"""How sure a Sharpe ratio is once one says how it was found: probabilistic, deflated, needed length, interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

from numpy.typing import ArrayLike

from qbtc.core.statistics import series as profits
from qbtc.core.statistics import sharpe

from .resample import resample
from .result import BadSample, Estimate, series, within


@dataclass(frozen=True)
class Sharpe:
    """Ratios are of a year. `annual` with the bootstrap interval; `probabilistic` P(true > 0); `deflated` P(true > 0) after
    the best of `trials` was chosen, whose yearly ratios have the variance `variance`; `expected_maximum` of that many
    without skill; `minimum_years` of such returns before P(true > 0) is 95 % (NaN where the ratio is not positive)."""

    n: int
    annual: Estimate
    skew: float
    kurtosis: float
    probabilistic: float
    deflated: float
    expected_maximum: float
    minimum_years: float
    trials: float
    variance: float
    words: str


def sharpe_ratio(
    returns: ArrayLike, *, periods: float = 365.0, trials: float = 1.0, variance: float | None = None, seed: int = 1
) -> Sharpe:
    """Of returns, float64[n], n >= 20, `periods` a year. `variance` of the yearly ratios of the trials; without it that of
    the estimate itself, the least it can be. Raises BadSample."""
    x = series(returns, least=20, name="returns")
    within(periods, 1, 1e8, "periods")
    within(trials, 1, 1e9, "trials")
    m = profits.moments(x)
    spread = 1.0 / (m.n - 1) if variance is None else within(variance, 0, 1e9, "variance") / periods
    one, root = m.mean / m.deviation, math.sqrt(periods)
    boot = resample(x, statistic="sharpe", seed=seed).estimate
    annual = Estimate(one * root, boot.error * root, boot.low * root, boot.high * root, boot.level)
    sure = deflated_sharpe(
        annual.value, m.n, m.skew, m.kurtosis, periods=periods, trials=trials, variance=spread * periods
    )
    plain = sharpe.probabilistic(one, 0.0, m.n, m.skew, m.kurtosis)
    best = sharpe.expected_maximum(trials, math.sqrt(spread)) * root
    years = sharpe.minimum_length(one, 0.0, m.skew, m.kurtosis) / periods
    words = (
        f"A yearly Sharpe ratio of {annual.value:.2f} over {m.n} periods is above 0 with probability {plain:.1%}; as the best "
        f"of {trials:g} trial(s), which would reach {best:.2f} without skill, with {sure:.1%}."
    )
    return Sharpe(m.n, annual, m.skew, m.kurtosis, plain, sure, best, years, trials, spread * periods, words)


def deflated_sharpe(
    annual: float, n: int, skew: float, kurtosis: float, *, periods: float, trials: float, variance: float
) -> float:
    """P(true ratio > 0) of a yearly ratio over n periods, the best of `trials` whose yearly ratios have that variance.

    D. Bailey, M. Lopez de Prado (2014). Raises BadSample.
    """
    if n < 2 or not periods > 0:
        raise BadSample(f"n {n}, periods {periods}: two periods at least, and a positive number of them a year", "n")
    one = annual / math.sqrt(periods)
    return sharpe.deflated(one, n, skew, kurtosis, trials=trials, variance=variance / periods)
