"""A fit of the GARCH family by maximum likelihood: estimates, standard errors, diagnostics.

Standard errors from the Hessian (the model is right) and from the sandwich of T. Bollerslev, J. Wooldridge (1992; right
for the variance even if the errors are not of the chosen law). A parameter at its bound has none. Those of an IGARCH move
along alpha + beta = 1 only, so that with one lag each both have the same error; the quasi-maximum likelihood estimator is
normal there too (R. Lumsdaine 1996).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from ..result import BadSample, Estimate, Floats, Ints, Test, normal_estimate, series, significant
from . import kernel
from .parameters import STARTS, Spec, least_squares, regressors, starts

LEAST = 50
MOST_GENERAL = 20_000
"""Values of a member that the short form of the likelihood does not cover: half a minute where nothing can be told."""
POLISHED = 3
"""Starts from which the search goes on to its end, a lag."""
LEAST_DRIFT = 1e-7
"""An IGARCH's omega in units of the mean square: below it is none, and the variance is exponentially weighted."""
NONE = np.empty((0, 0))


@dataclass(frozen=True)
class GarchFit:
    """`parameters` with errors by the Hessian, `robust` with those of the sandwich; `loglik` with all constants;
    `persistence` sum alpha + gamma / 2 + beta (EGARCH: beta), `variance` the long-run one (NaN if there is none),
    `half_life` of a shock in periods; `slope` largest derivative of the mean log-likelihood at the end;
    `variances` float64[n] and `standardised` float64[n] errors; `next_variance` of the period after the last."""

    spec: Spec
    n: int
    parameters: dict[str, Estimate]
    robust: dict[str, Estimate]
    loglik: float
    aic: float
    bic: float
    persistence: float
    variance: float
    half_life: float
    converged: bool
    slope: float
    steps: int
    diagnostics: dict[str, Test]
    next_variance: float
    words: str
    variances: Floats
    standardised: Floats
    _theta: Floats
    _tail: Floats

    @property
    def theta(self) -> Floats:
        """float64[m] in the order of `spec.names`."""
        return self._theta


@dataclass(frozen=True)
class _Problem:
    """The series in units of its deviation `scale`."""

    spec: Spec
    y: Floats
    x: Floats
    start: float
    scale: float


def fit(values: ArrayLike, spec: Spec | None = None, *, level: float = 0.95) -> GarchFit:
    """Of returns, float64[n], n >= 50; n <= 20,000 unless it is a GARCH or GJR(1,1) without AR. The same values, the same bits. Raises BadSample."""
    chosen = Spec() if spec is None else spec
    raw = _limited(values, chosen)
    problem = _problem(raw, chosen)
    begin = least_squares(problem.y, problem.x)
    left = float(np.mean((problem.y - problem.x @ begin) ** 2))
    if not left > 1e-20:
        raise BadSample("values: the mean follows them exactly, so that no variance is left to model")
    table = starts(chosen, begin, left)
    best, inverse = np.empty(table.shape[1]), np.eye(table.shape[1])
    polished = POLISHED * max(chosen.p, chosen.variance_lags)
    _, slope, steps = kernel.search(table, polished, problem.y, problem.x, chosen.orders, problem.start, best, inverse)
    theta = np.empty(len(chosen.names))
    kernel.natural(best, problem.x.shape[1], chosen.orders, theta)
    return _result(problem, theta, float(slope), int(steps), level)


def _limited(values: ArrayLike, spec: Spec) -> Floats:
    raw = series(values, least=LEAST)
    if not spec.simple and raw.size > MOST_GENERAL:
        raise BadSample(f"values: {raw.size} values; allowed for this member: {LEAST} to {MOST_GENERAL:,}")
    return raw


def _problem(raw: Floats, spec: Spec) -> _Problem:
    scale = float(raw.std())
    y, x = regressors(raw / scale, spec)
    residuals = y - x @ least_squares(y, x)
    start = kernel.weighted_start(residuals, np.empty((y.size, 0))) if STARTS[spec.start] == kernel.BACKCAST else 0.0
    return _Problem(spec, y, x, float(start), scale)


def evaluate(problem: _Problem, theta: Floats, *, scores: bool = False) -> tuple[float, Floats, Floats]:
    """(log-likelihood, gradient float64[m], scores float64[n, m] or empty) in scaled units."""
    n, m = problem.y.size, theta.size
    work = (np.empty(n), np.empty(n), np.empty(n), np.zeros((n, m)))
    grad, each = np.empty(m), np.empty((n, m)) if scores else NONE
    found = kernel.loglik(theta, problem.y, problem.x, problem.spec.orders, problem.start, work, grad, each)
    return float(found), grad, each


def _result(problem: _Problem, theta: Floats, slope: float, steps: int, level: float) -> GarchFit:
    spec, n = problem.spec, problem.y.size
    scaled, _, scores = evaluate(problem, theta, scores=True)
    loglik = scaled - n * math.log(problem.scale)
    hessian, sandwich = _errors(problem, theta, scores)
    original, change = rescaled(theta, problem)
    plain_error, robust_error = (_deviations(change @ c @ change.T) for c in (hessian, sandwich))
    e, h = _path(problem, theta)
    z = e / np.sqrt(h[:-1])
    persistence = _persistence(spec, original)
    variance = _long_run(spec, original, persistence)
    half_life = math.log(0.5) / math.log(persistence) if 0 < persistence < 1 else math.nan
    checks = {"residuals": ljung_box(z), "squares": ljung_box(z * z)}
    unit = problem.scale**2
    tail = np.concatenate([e[-5:] * problem.scale, h[-6:-1] * unit, problem.scale * problem.y[-5:]])
    m = spec.free
    return GarchFit(
        spec, n, _estimates(spec, original, plain_error, level), _estimates(spec, original, robust_error, level),
        loglik, 2 * m - 2 * loglik, m * math.log(n) - 2 * loglik, persistence, variance, half_life, slope < 1e-5, slope, steps,
        checks, float(h[-1]) * unit, _words(spec, persistence, half_life, checks), h[:-1] * unit, z, original, tail,
    )  # fmt: skip


def _path(problem: _Problem, theta: Floats) -> tuple[Floats, Floats]:
    """Residuals float64[n] and variances float64[n + 1], scaled."""
    e, h = np.empty(problem.y.size), np.empty(problem.y.size + 1)
    first = kernel.before(problem.y, problem.x, theta, e, problem.start, np.empty(problem.x.shape[1]))
    kernel.variances(theta, problem.y, problem.x, problem.spec.orders, first, e, h)
    return e, h


def rescaled(theta: Floats, problem: _Problem) -> tuple[Floats, Floats]:
    """theta in the units of the series, and the derivative of it by the scaled one, float64[m, m]."""
    spec, scale, k = problem.spec, problem.scale, problem.x.shape[1]
    out, change = theta.copy(), np.eye(theta.size)
    if k:
        out[0] *= scale
        change[0, 0] = scale
    if spec.family == "egarch":
        beta = k + 1 + spec.p + spec.asymmetric
        out[k] += (1.0 - theta[beta]) * 2.0 * math.log(scale)
        change[k, beta] = -2.0 * math.log(scale)
    else:
        out[k] *= scale**2
        change[k, k] = scale**2
    return out, change


def _errors(problem: _Problem, theta: Floats, scores: Floats) -> tuple[Floats, Floats]:
    """Covariances by the Hessian and by the sandwich; NaN for what is at a bound, or all where there is no maximum."""
    free = np.flatnonzero(~_at_bound(problem.spec, theta))
    moves = _moves(problem.spec, free)
    curve = -moves.T @ _hessian(problem, theta)[np.ix_(free, free)] @ moves
    plain, robust = (np.full((theta.size, theta.size), np.nan) for _ in range(2))
    if not np.isfinite(curve).all() or not np.linalg.eigvalsh(curve).min(initial=1.0) > 0:
        return plain, robust
    inverse, pushed = np.linalg.inv(curve), scores[:, free] @ moves
    plain[np.ix_(free, free)] = moves @ inverse @ moves.T
    robust[np.ix_(free, free)] = moves @ inverse @ (pushed.T @ pushed) @ inverse @ moves.T
    return plain, robust


def _moves(spec: Spec, free: Ints) -> Floats:
    """Orthonormal directions float64[free, d] in which the free parameters can move: all, or those that keep the sum of an IGARCH's."""
    names = np.array(spec.names)[free]
    summed = np.char.startswith(names, "alpha") | np.char.startswith(names, "beta")
    if spec.family != "igarch" or not summed.any():
        return np.eye(free.size)
    return np.asarray(np.linalg.svd(summed[None, :].astype(np.float64))[2][1:].T)


def _hessian(problem: _Problem, theta: Floats) -> Floats:
    """Of the log-likelihood by central differences of its analytic gradient, float64[m, m]."""
    rows = []
    for i in range(theta.size):
        step = np.zeros(theta.size)
        step[i] = 1e-5 * max(abs(theta[i]), 0.01)
        above, below = (evaluate(problem, theta + s)[1] for s in (step, -step))
        rows.append((above - below) / (2.0 * step[i]))
    found = np.array(rows)
    return np.asarray(0.5 * (found + found.T))


def _at_bound(spec: Spec, theta: Floats) -> np.typing.NDArray[np.bool_]:
    names = np.array(spec.names)
    at = np.zeros(theta.size, np.bool_)
    if spec.family != "egarch":
        at |= np.char.startswith(names, "alpha") & (theta < 1e-5)
        at |= np.char.startswith(names, "beta") & (theta < 1e-5)
    if spec.family == "igarch":
        at |= (names == "omega") & (theta < LEAST_DRIFT)
    at |= (names == "nu") & ((theta > kernel.MOST_NU - 1) | (theta < kernel.LEAST_NU + 1e-3))
    return np.asarray(at)


def _deviations(covariance: Floats) -> Floats:
    return np.asarray(np.sqrt(np.where(np.diag(covariance) > 0, np.diag(covariance), np.nan)))


def _estimates(spec: Spec, theta: Floats, errors: Floats, level: float) -> dict[str, Estimate]:
    return {name: normal_estimate(v, e, level) for name, v, e in zip(spec.names, theta, errors, strict=True)}


def _persistence(spec: Spec, theta: Floats) -> float:
    if spec.family == "igarch":
        return 1.0
    at = spec.mean_size + 1
    alpha, gamma, beta = np.split(
        theta[at : at + spec.p + spec.asymmetric + spec.variance_lags], [spec.p, spec.p + spec.asymmetric]
    )
    return float(beta.sum()) if spec.family == "egarch" else float(alpha.sum() + 0.5 * gamma.sum() + beta.sum())


def _long_run(spec: Spec, theta: Floats, persistence: float) -> float:
    """Of a linear member omega / (1 - persistence); of EGARCH exp of the mean of ln h, which is below the variance."""
    omega = float(theta[spec.mean_size])
    if not persistence < 1:
        return math.nan
    found = omega / (1.0 - persistence)
    return math.exp(found) if spec.family == "egarch" else found


def ljung_box(x: Floats, lags: int = 10) -> Test:
    """Q = n (n + 2) sum rho_k^2 / (n - k), chi-squared with `lags` degrees. G. Ljung, G. Box (1978)."""
    from scipy.special import chdtrc

    from qbtc.core.statistics.series import autocorrelations

    count = min(lags, x.size // 4)
    if not float(np.ptp(x)) > 0:
        raise BadSample("values: a constant series has no autocorrelation")
    rho = autocorrelations(x, count)
    q = float(x.size * (x.size + 2) * (rho**2 / (x.size - np.arange(1, count + 1))).sum())
    return Test(q, float(chdtrc(count, q)), f"no autocorrelation up to lag {count}")


def _words(spec: Spec, persistence: float, half_life: float, checks: dict[str, Test]) -> str:
    lasting = (
        f"half of a shock is gone after {half_life:.1f} periods" if math.isfinite(half_life) else "shocks do not fade"
    )
    left = checks["squares"]
    enough = (
        "no volatility clustering is left" if not left.rejected else "some volatility clustering is left unexplained"
    )
    return f"{spec.family.upper()} with {spec.errors} errors: persistence {persistence:.4f}, {lasting}; {enough} ({significant(left.p_value)})."
