"""Were the forecasts of value at risk and expected shortfall right? Coverage, independence, zones, severity.

P. Kupiec (1995); P. Christoffersen (1998); Basel Committee (1996): zones by the exact binomial; C. Acerbi, B. Szekely
(2014): Z1 (severity given breaches) and Z2 (severity and number), with critical values by simulation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from qbtc.core.statistics.tails import kupiec

from .result import BadSample, Floats, Test, series, within

ZONES = (("green", 0.95), ("yellow", 0.9999), ("red", 1.0))
DRAWS = 2000
MOST = 20_000


@dataclass(frozen=True)
class Zone:
    """`cumulative` probability of at most as many breaches if the model is right; green below 95 %, yellow below 99.99 %.
    `multiplier` of the capital charge of the Basel rules for 250 periods at 99 %, NaN for others."""

    name: str
    cumulative: float
    multiplier: float


@dataclass(frozen=True)
class RiskBacktest:
    """`z1`, `z2`: 0 if the forecasts are right, negative if losses are worse; p-values of the negative side. `degrees` of
    the Student's t that stands for the model's law in the simulation (infinite: normal). NaN without shortfalls."""

    n: int
    level: float
    breaches: int
    expected: float
    coverage: Test
    independence: Test
    conditional: Test
    zone: Zone
    z1: Test
    z2: Test
    degrees: float
    draws: int
    seed: int
    words: str


def backtest(
    returns: ArrayLike,
    value_at_risk: ArrayLike,
    expected_shortfall: ArrayLike | None = None,
    *,
    level: float = 0.99,
    seed: int = 1,
) -> RiskBacktest:
    """Of returns float64[n] and the forecasts made for them, positive losses float64[n], 50 <= n <= 20,000.

    Raises BadSample.
    """
    x = series(returns, least=50, name="returns")
    if x.size > MOST:
        raise BadSample(f"returns: {x.size} values; a backtest takes {MOST:,} at most", "returns")
    within(level, 0.5, 0.9999, "level")
    var = _forecasts(value_at_risk, x.size, "value_at_risk")
    broken = x < -var
    share, count = round(1.0 - level, 12), int(broken.sum())
    coverage = Test(*kupiec(x.size, count, share), f"breaches come in {share:g} of the periods")
    alone = independence(broken)
    z1, z2, degrees = _severity(x, var, expected_shortfall, level, seed)
    zone = traffic_light(x.size, count, share)
    joint = coverage.statistic + alone.statistic
    conditional = Test(joint, math.exp(-joint / 2.0), "breaches come as often as they should, and independently")
    return RiskBacktest(
        x.size, level, count, share * x.size, coverage, alone, conditional, zone, z1, z2, degrees, DRAWS, seed,
        _words(count, share * x.size, zone, alone, z2),
    )  # fmt: skip


def _forecasts(values: ArrayLike, n: int, name: str) -> Floats:
    found = series(values, least=1, name=name, varies=False)
    if found.size == 1:
        found = np.full(n, found[0])
    if found.size != n:
        raise BadSample(f"{name}: {found.size} values for {n} returns; allowed: one for all or one each", name)
    if not (found > 0).all():
        raise BadSample(
            f"{name}: value {int(found.argmin())} is {found.min():g}; losses are given as positive numbers", name
        )
    return found


def independence(broken: np.typing.NDArray[np.bool_]) -> Test:
    """That a breach does not depend on one in the period before: likelihood ratio of a first-order Markov chain."""
    before, after = broken[:-1], broken[1:]
    counts = np.array(
        [
            [int((~before & ~after).sum()), int((~before & after).sum())],
            [int((before & ~after).sum()), int((before & after).sum())],
        ]
    )
    whole = counts.sum(axis=0)
    found = sum(_log_likelihood(int(a), int(b)) for a, b in counts) - _log_likelihood(int(whole[0]), int(whole[1]))
    statistic = max(0.0, 2.0 * found)
    return Test(statistic, math.erfc(math.sqrt(statistic / 2.0)), "breaches do not depend on the period before")


def _log_likelihood(kept: int, broken: int) -> float:
    """Of that many of each at their own share."""
    n = kept + broken
    return sum(k * math.log(k / n) for k in (kept, broken) if k)


def traffic_light(n: int, breaches: int, share: float) -> Zone:
    """The zone of the Basel Committee, for any number of periods. Raises BadSample."""
    from scipy.special import bdtr

    if not (0 <= breaches <= n and n > 0 and 0 < share < 1):
        raise BadSample(
            f"breaches: {breaches} of {n} periods at {share}; allowed: 0 to n, and a share in (0, 1)", "breaches"
        )
    at_most = float(bdtr(breaches, n, share))
    name = next(name for name, bound in ZONES if at_most < bound or bound == 1.0)
    steps = (0.4, 0.5, 0.65, 0.75, 0.85)
    charge = 3.0 + (0.0 if breaches < 5 else steps[breaches - 5] if breaches < 10 else 1.0)
    return Zone(name, at_most, charge if n == 250 and abs(share - 0.01) < 1e-9 else math.nan)


def _severity(x: Floats, var: Floats, shortfall: ArrayLike | None, level: float, seed: int) -> tuple[Test, Test, float]:
    null = "losses beyond are as the forecast says"
    if shortfall is None:
        nothing = Test(math.nan, math.nan, null)
        return nothing, nothing, math.nan
    es = _forecasts(shortfall, x.size, "expected_shortfall")
    if not (es >= var).all():
        raise BadSample(
            "expected_shortfall: it is below the value at risk in some period; allowed is at or above",
            "expected_shortfall",
        )
    share = 1.0 - level
    degrees = degrees_of(float((es / var).mean()), share)
    z1, z2 = acerbi_szekely(x[None, :], var, es, share)
    simulated = _simulated(var, degrees, share, np.random.default_rng(seed))
    null1, null2 = (
        np.concatenate(p) for p in zip(*(acerbi_szekely(rows, var, es, share) for rows in simulated), strict=True)
    )
    return _negative(float(z1[0]), null1, null), _negative(float(z2[0]), null2, null), degrees


def acerbi_szekely(x: Floats, var: Floats, es: Floats, share: float) -> tuple[Floats, Floats]:
    """(Z1, Z2) float64[draws] of returns float64[draws, n]; Z1 NaN where nothing was breached."""
    worse = np.where(x < -var, x / es, 0.0).sum(axis=1)
    count = (x < -var).sum(axis=1)
    z1 = np.where(count > 0, worse / np.maximum(count, 1) + 1.0, np.nan)
    return np.asarray(z1), np.asarray(worse / (x.shape[1] * share) + 1.0)


def _negative(value: float, null: Floats, words: str) -> Test:
    null = null[np.isfinite(null)]
    if not math.isfinite(value):
        return Test(value, math.nan, words)
    return Test(value, float((1 + (null <= value).sum()) / (1 + null.size)), words)


def tail_ratio(degrees: float, share: float) -> float:
    """ES / VaR of Student's t; of a normal for infinite degrees."""
    from scipy.special import ndtri, stdtrit

    if math.isinf(degrees):
        q = float(ndtri(share))
        return math.exp(-0.5 * q * q) / math.sqrt(2.0 * math.pi) / share / -q
    q = float(stdtrit(degrees, share))
    log_density = (
        math.lgamma(0.5 * (degrees + 1)) - math.lgamma(0.5 * degrees) - 0.5 * math.log(degrees * math.pi)
        - 0.5 * (degrees + 1) * math.log1p(q * q / degrees)
    )  # fmt: skip
    return math.exp(log_density) / share * (degrees + q * q) / (degrees - 1.0) / -q


def degrees_of(ratio: float, share: float) -> float:
    """Degrees of the t whose ES / VaR is that; infinite where it is not above the normal's, 1.5 at least."""
    from scipy.optimize import brentq

    if ratio <= tail_ratio(math.inf, share) * (1 + 1e-6):
        return math.inf
    if ratio >= tail_ratio(1.5, share):
        return 1.5
    top = tail_ratio(1e4, share)
    return 1e4 if ratio <= top else float(brentq(lambda d: tail_ratio(d, share) - ratio, 1.5, 1e4))


def _simulated(var: Floats, degrees: float, share: float, rng: np.random.Generator) -> list[Floats]:
    """Returns of the model in pieces float64[k, n], DRAWS in all: a t scaled so that its quantile is each VaR."""
    from scipy.special import ndtri, stdtrit

    piece = max(1, (1 << 21) // var.size)
    parts = [min(piece, DRAWS - done) for done in range(0, DRAWS, piece)]
    if math.isinf(degrees):
        return [rng.standard_normal((k, var.size)) * (var / -float(ndtri(share))) for k in parts]
    return [rng.standard_t(degrees, (k, var.size)) * (var / -float(stdtrit(degrees, share))) for k in parts]


def _words(count: int, expected: float, zone: Zone, alone: Test, z2: Test) -> str:
    cluster = ", and they cluster" if alone.rejected else ""
    severe = (
        ""
        if math.isnan(z2.statistic)
        else f"; losses beyond are {'worse than' if z2.rejected else 'in line with'} the forecast"
    )
    return f"{count} breaches where {expected:.1f} were expected: {zone.name} zone{cluster}{severe}."
