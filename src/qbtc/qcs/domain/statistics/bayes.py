"""Bayesian linear regression with its conjugate prior: everything in closed form.

beta | s2 ~ N(0, s2 V0), s2 ~ inverse gamma (a0, b0). V0 = I / precision of standardised regressors, or A. Zellner's
g (X'X)^-1 ("g-prior"). The evidence compares models; coefficients and predictions are Student's t.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .result import BadSample, Estimate, Floats, matrix, one_of, series, within

PRIORS = ("g", "ridge")
SHAPE = SCALE = 1e-3
"""a0, b0: next to nothing is known of the noise, in units of the target's variance."""


@dataclass(frozen=True)
class Posterior:
    """`coefficients` in the units of the data, "constant" first; `evidence` natural logarithm of the marginal likelihood of
    the target less its mean; `against_nothing` ln Bayes factor over the constant alone; `noise` deviation; `r2` of the
    posterior mean; `predictions` float64[p] with bounds at `level`."""

    prior: str
    n: int
    coefficients: dict[str, Estimate]
    noise: Estimate
    evidence: float
    against_nothing: float
    r2: float
    predictions: Floats
    low: Floats
    high: Floats
    level: float
    words: str


@dataclass(frozen=True)
class _Conjugate:
    mean: Floats
    covariance: Floats
    shape: float
    scale: float
    evidence: float


def regress(
    y: ArrayLike,
    x: ArrayLike,
    *,
    predict: ArrayLike | None = None,
    prior: str = "g",
    strength: float | None = None,
    level: float = 0.95,
) -> Posterior:
    """Of y float64[n] on x float64[n, k] with a constant. `strength`: g (default n, the unit-information prior) or the
    precision (default 1). `predict`: rows float64[p, k]. Raises BadSample."""
    one_of(prior, PRIORS, "prior")
    within(level, 0.5, 0.999, "level")
    target = series(y, least=5, name="y")
    design = matrix(x, rows=5, name="x")
    _check(target, design)
    middle, spread = design.mean(axis=0), design.std(axis=0)
    z, unit = (design - middle) / spread, float(target.std())
    v = (target - target.mean()) / unit
    given = (
        (float(target.size) if prior == "g" else 1.0) if strength is None else within(strength, 1e-9, 1e12, "strength")
    )
    post = conjugate(v, z, _precision(z, prior, given))
    nothing = conjugate(v, z[:, :0], np.empty((0, 0)))
    factor = post.evidence - nothing.evidence
    coefficients = _coefficients(post, (middle, spread), (float(target.mean()), unit), target.size, level)
    noise = _noise(post, unit, level)
    rows = (
        np.empty((0, design.shape[1]))
        if predict is None
        else matrix(predict, rows=1, columns=design.shape[1], name="predict")
    )
    if rows.shape[1] != design.shape[1]:
        raise BadSample(f"predict: {rows.shape[1]} columns for {design.shape[1]} regressors", "predict")
    at, half = _predictions(post, (rows - middle) / spread, target.size, level)
    at, half = target.mean() + unit * at, unit * half
    r2 = 1.0 - float(((v - z @ post.mean) ** 2).mean())
    words = _words(coefficients, factor, r2)
    evidence = post.evidence - (target.size - 1) * math.log(unit)
    return Posterior(
        prior, target.size, coefficients, noise, evidence, factor, r2, at, at - half, at + half, level, words
    )


def _check(y: Floats, x: Floats) -> None:
    n, k = x.shape
    if y.size != n:
        raise BadSample(f"x: {n} rows for {y.size} values of y", "x")
    if n < k + 3:
        raise BadSample(f"x: {n} rows; {k} regressors need {k + 3} at least", "x")
    if not (np.ptp(x, axis=0) > 0).all():
        raise BadSample(
            f"x: column {int(np.ptp(x, axis=0).argmin())} is constant; a constant is part of the model already", "x"
        )
    if np.linalg.matrix_rank(x - x.mean(axis=0)) < k:
        raise BadSample("x: one column is a combination of the others", "x")


def _precision(z: Floats, prior: str, strength: float) -> Floats:
    """V0^-1, float64[k, k]."""
    return np.asarray(z.T @ z / strength if prior == "g" else strength * np.eye(z.shape[1]))


def conjugate(v: Floats, z: Floats, precision: Floats) -> _Conjugate:
    """The posterior of a centred target on centred regressors; the constant, with a flat prior, costs a degree."""
    n, k = z.shape
    posterior = precision + z.T @ z
    covariance = np.asarray(np.linalg.inv(posterior), np.float64) if k else np.empty((0, 0))
    mean = covariance @ (z.T @ v)
    shape = SHAPE + (n - 1) / 2.0
    scale = SCALE + 0.5 * float(v @ v - mean @ posterior @ mean)
    logs = (float(np.linalg.slogdet(m)[1]) if k else 0.0 for m in (precision, posterior))
    prior_log, posterior_log = logs
    evidence = (
        0.5 * (prior_log - posterior_log) + SHAPE * math.log(SCALE) - shape * math.log(scale)
        + math.lgamma(shape) - math.lgamma(SHAPE) - 0.5 * (n - 1) * math.log(2.0 * math.pi) - 0.5 * math.log(n)
    )  # fmt: skip
    return _Conjugate(mean, covariance, shape, scale, evidence)


def _quantile(degrees: float, level: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + level / 2.0))


def _coefficients(
    post: _Conjugate, regressors: tuple[Floats, Floats], target: tuple[float, float], n: int, level: float
) -> dict[str, Estimate]:
    (middle, spread), (mean, unit) = regressors, target
    t, s2 = _quantile(2 * post.shape, level), post.scale / post.shape
    wide = math.sqrt(post.shape / (post.shape - 1.0))
    back = unit / spread
    beta, error = back * post.mean, back * np.sqrt(s2 * np.diag(post.covariance))
    shift = middle / spread
    constant, deviation = (
        mean - float(middle @ beta),
        unit * math.sqrt(s2 * (1.0 / n + float(shift @ post.covariance @ shift))),
    )
    values = {"constant": (constant, deviation)} | {
        f"x{i}": (float(b), float(e)) for i, (b, e) in enumerate(zip(beta, error, strict=True))
    }
    return {name: Estimate(b, e * wide, b - t * e, b + t * e, level) for name, (b, e) in values.items()}


def _noise(post: _Conjugate, unit: float, level: float) -> Estimate:
    """The variance is scale over a gamma variable of that shape; quantiles of the deviation."""
    from scipy.special import gammaincinv

    tails = (1 + level) / 2, 0.5, (1 - level) / 2
    low, middle, high = (unit * math.sqrt(post.scale / gammaincinv(post.shape, q)) for q in tails)
    return Estimate(middle, math.nan, low, high, level)


def _predictions(post: _Conjugate, rows: Floats, n: int, level: float) -> tuple[Floats, Floats]:
    spread = post.scale / post.shape * (1.0 + 1.0 / n + np.einsum("ij,jk,ik->i", rows, post.covariance, rows))
    return rows @ post.mean, _quantile(2 * post.shape, level) * np.sqrt(spread)


def _words(coefficients: dict[str, Estimate], factor: float, r2: float) -> str:
    sure = [name for name, e in coefficients.items() if name != "constant" and (e.low > 0 or e.high < 0)]
    which = f"{', '.join(sure)} clearly not 0" if sure else "no coefficient is clearly not 0"
    verdict = "for" if factor > 0 else "against"
    return f"R2 {r2:.3f}; {which}. The data speak {verdict} the regressors: Bayes factor e^{factor:.1f} over a constant alone."
