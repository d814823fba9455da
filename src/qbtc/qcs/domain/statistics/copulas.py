"""How two series depend on each other, apart from their own laws: five copulas by pseudo-likelihood.

Margins are ranks / (n + 1) (C. Genest, K. Ghoudi, L.-P. Rivest 1995). Goodness of fit: Rosenblatt's transform and the
Cramer-von Mises distance S_n^(B), its null by parametric bootstrap (C. Genest, B. Remillard, D. Beaudoin 2009), which
gives the intervals of the parameters as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from .result import BadSample, Estimate, Floats, Test, matrix, one_of, significant, within

FAMILIES = ("gaussian", "t", "clayton", "gumbel", "frank")
LEAST, MOST, MOST_CHECKED = 50, 20_000, 300
DRAWS = 100
Uniforms = tuple[Floats, Floats]


@dataclass(frozen=True)
class Copula:
    """`parameters` with bootstrap errors and intervals; `kendall` of the data; `lower_tail`, `upper_tail` dependence;
    `fit` tests the family, on `checked` pairs at most."""

    family: str
    n: int
    parameters: dict[str, Estimate]
    loglik: float
    aic: float
    kendall: float
    lower_tail: float
    upper_tail: float
    fit: Test
    checked: int
    draws: int
    seed: int
    words: str


def copula(values: ArrayLike, *, family: str = "t", draws: int = DRAWS, seed: int = 1) -> Copula:
    """Of pairs, float64[n, 2], 50 <= n <= 20,000; `draws` of the bootstrap, 0 for none. Raises BadSample."""
    one_of(family, FAMILIES, "family")
    within(draws, 0, 1000, "draws")
    x = matrix(values, rows=LEAST, columns=2)
    if x.shape[1] != 2 or len(x) > MOST:
        raise BadSample(f"values: {len(x)} rows of {x.shape[1]}; allowed: pairs, {LEAST} to {MOST:,} of them")
    if not (np.ptp(x, axis=0) > 0).all():
        raise BadSample(f"values: column {int(np.ptp(x, axis=0).argmin())} is constant")
    uv = uniforms(x)
    tau = kendall(x)
    theta, loglik = estimate(family, uv, tau)
    rng = np.random.default_rng(seed)
    sample = _thinned(uv)
    drawn, null = _bootstrap(family, theta, sample[0].size, draws, rng)
    distance = cramer_von_mises(*rosenblatt(family, theta, sample))
    p = float((1 + (null >= distance).sum()) / (1 + null.size)) if draws else math.nan
    low, high = tails(family, theta)
    fit = Test(distance, p, f"the copula is {family}")
    shrink = math.sqrt(sample[0].size / len(x))
    names = ("rho", "nu") if family == "t" else ("rho",) if family == "gaussian" else ("theta",)
    parameters = {
        name: _interval(float(t), column, shrink) for name, t, column in zip(names, theta, drawn.T, strict=True)
    }
    return Copula(
        family, len(x), parameters, loglik, 2 * len(theta) - 2 * loglik, tau, low, high, fit, sample[0].size, draws, seed,
        _words(family, tau, (low, high), fit),
    )  # fmt: skip


def uniforms(x: Floats) -> Uniforms:
    """Ranks / (n + 1) of both columns, ties by their mean."""
    from scipy.stats import rankdata

    return tuple(np.asarray(rankdata(column) / (len(x) + 1.0)) for column in x.T)  # type: ignore[return-value]


def kendall(x: Floats) -> float:
    """Kendall's tau-b."""
    from scipy.stats import kendalltau

    return float(kendalltau(x[:, 0], x[:, 1]).statistic)


def _thinned(uv: Uniforms) -> Uniforms:
    """At most MOST_CHECKED pairs, evenly over the series, ranked among themselves."""
    if uv[0].size <= MOST_CHECKED:
        return uv
    places = np.linspace(0, uv[0].size - 1, MOST_CHECKED).astype(np.int64)
    return uniforms(np.column_stack([uv[0][places], uv[1][places]]))


def log_density(family: str, theta: Floats, uv: Uniforms) -> Floats:
    """float64[n]."""
    return _DENSITIES[family](theta, *uv)


def _gaussian(theta: Floats, u: Floats, v: Floats) -> Floats:
    from scipy.special import ndtri

    x, y, rho = ndtri(u), ndtri(v), theta[0]
    left = 1.0 - rho * rho
    return np.asarray(-0.5 * math.log(left) - (rho * rho * (x * x + y * y) - 2 * rho * x * y) / (2 * left))


def _student(theta: Floats, u: Floats, v: Floats) -> Floats:
    from scipy.special import stdtrit

    rho, nu = theta
    x, y = stdtrit(nu, u), stdtrit(nu, v)
    left = 1.0 - rho * rho
    joint = math.lgamma(nu / 2 + 1) + math.lgamma(nu / 2) - 2 * math.lgamma((nu + 1) / 2) - 0.5 * math.log(left)
    q = (x * x - 2 * rho * x * y + y * y) / left
    single = np.log1p(x * x / nu) + np.log1p(y * y / nu)
    return np.asarray(joint - (nu / 2 + 1) * np.log1p(q / nu) + (nu + 1) / 2 * single)


def _clayton(theta: Floats, u: Floats, v: Floats) -> Floats:
    t = theta[0]
    # ln(u^-t + v^-t - 1) without overflow.
    a, b = -t * np.log(u), -t * np.log(v)
    top = np.maximum(a, b)
    whole = top + np.log(np.exp(a - top) + np.exp(b - top) - np.exp(-top))
    return np.asarray(math.log1p(t) - (1 + t) * (np.log(u) + np.log(v)) - (2 + 1 / t) * whole)


def _gumbel(theta: Floats, u: Floats, v: Floats) -> Floats:
    t, a, b = theta[0], -np.log(u), -np.log(v)
    s = np.exp(np.logaddexp(t * np.log(a), t * np.log(b)) / t)
    return np.asarray(-s + a + b + (t - 1) * (np.log(a) + np.log(b)) + (2 - 2 * t) * np.log(s) + np.log1p((t - 1) / s))


def _frank(theta: Floats, u: Floats, v: Floats) -> Floats:
    t = abs(float(theta[0]))
    if t < 1e-6:
        return np.zeros(u.size)
    u = u if theta[0] > 0 else 1.0 - u
    return np.asarray(math.log(-t * math.expm1(-t)) - t * (u + v) - 2 * np.log(_frank_sum(t, u, v)))


def _frank_sum(t: float, u: Floats, v: Floats) -> Floats:
    """1 - e^-t - (1 - e^-tu) (1 - e^-tv) without the loss of digits; t > 0."""
    return np.asarray(np.exp(-t * u) * -np.expm1(-t * v) + np.exp(-t * v) * -np.expm1(-t * (1 - v)))


_DENSITIES: dict[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "gaussian": _gaussian, "t": _student, "clayton": _clayton, "gumbel": _gumbel, "frank": _frank,
}  # fmt: skip
_BOUNDS = {"gaussian": (-0.9999, 0.9999), "clayton": (1e-4, 60.0), "gumbel": (1.0001, 60.0), "frank": (-60.0, 60.0)}


def estimate(family: str, uv: Uniforms, tau: float, *, exact: bool = True) -> tuple[Floats, float]:
    """(parameters, log-likelihood) of highest pseudo-likelihood; tau: where rho of the t is sought. Not `exact`: to the
    tenth of a standard error, which is enough for each of many draws."""
    from scipy.optimize import minimize, minimize_scalar

    def one(t: float) -> float:
        return -float(log_density(family, np.array([t]), uv).sum())

    def student(p: Floats) -> float:
        return -float(_student(_inside(p), *uv).sum())

    if family != "t":
        found = minimize_scalar(
            one, bounds=_BOUNDS[family], method="bounded", options={"xatol": 1e-7 if exact else 1e-3}
        )
        return np.array([float(found.x)]), -float(found.fun)
    rho = min(max(math.sin(math.pi / 2 * tau), -0.99), 0.99)
    ends = {"xatol": 1e-5, "fatol": 1e-7} if exact else {"xatol": 0.02, "fatol": 0.01}
    begins = (np.array([math.atanh(rho), start]) for start in (0.5, 2.0)[: 1 + exact])
    best = min(
        (minimize(student, begin, method="Nelder-Mead", options=ends) for begin in begins), key=lambda f: float(f.fun)
    )
    return _inside(best.x), -float(best.fun)


def _inside(p: Floats) -> Floats:
    """(rho, nu) of free numbers: nu from 1 to 200."""
    return np.array([0.9999 * math.tanh(p[0]), 1.0 + 199.0 / (1.0 + math.exp(min(5.0 - p[1], 600.0)))])


def tails(family: str, theta: Floats) -> tuple[float, float]:
    """Coefficients of lower and upper tail dependence."""
    t = float(theta[0])
    if family == "clayton":
        return 2.0 ** (-1.0 / t), 0.0
    if family == "gumbel":
        return 0.0, 2.0 - 2.0 ** (1.0 / t)
    if family == "t":
        from scipy.special import stdtr

        nu = float(theta[1])
        found = 2.0 * float(stdtr(nu + 1, -math.sqrt((nu + 1) * (1 - t) / (1 + t))))
        return found, found
    return 0.0, 0.0


def conditional(family: str, theta: Floats, uv: Uniforms) -> Floats:
    """P(V <= v | U = u), float64[n]."""
    u, v = uv
    t = float(theta[0])
    if family in {"gaussian", "t"}:
        return _elliptical(family, theta, u, v)
    if family == "clayton":
        log_sum = -(1 + 1 / t) * np.log1p(np.exp(t * np.log(u)) * np.expm1(-t * np.log(v)))
        return np.asarray(np.exp(log_sum))
    if family == "gumbel":
        a, b = -np.log(u), -np.log(v)
        s = np.exp(np.logaddexp(t * np.log(a), t * np.log(b)) / t)
        return np.asarray(np.exp(-s + a + (1 - t) * np.log(s) + (t - 1) * np.log(a)))
    if abs(t) < 1e-6:
        return v
    # A negative theta is the mirror of a positive one.
    t, u = (t, u) if t > 0 else (-t, 1.0 - u)
    return np.asarray(-np.exp(-t * u) * np.expm1(-t * v) / _frank_sum(t, u, v))


def _elliptical(family: str, theta: Floats, u: Floats, v: Floats) -> Floats:
    from scipy.special import ndtr, ndtri, stdtr, stdtrit

    rho = float(theta[0])
    if family == "gaussian":
        return np.asarray(ndtr((ndtri(v) - rho * ndtri(u)) / math.sqrt(1 - rho * rho)))
    nu = float(theta[1])
    x, y = stdtrit(nu, u), stdtrit(nu, v)
    return np.asarray(stdtr(nu + 1, (y - rho * x) / np.sqrt((nu + x * x) * (1 - rho * rho) / (nu + 1))))


def rosenblatt(family: str, theta: Floats, uv: Uniforms) -> Uniforms:
    """Independent uniforms if the family is right."""
    return uv[0], conditional(family, theta, uv)


def cramer_von_mises(first: Floats, second: Floats) -> float:
    """S_n^(B): n times the squared distance to the independence copula."""
    n = first.size
    single = float(((1 - first**2) * (1 - second**2)).sum())
    pairs = (1 - np.maximum.outer(first, first)) * (1 - np.maximum.outer(second, second))
    return n / 9.0 - single / 2.0 + float(pairs.sum()) / n


def simulate(family: str, theta: Floats, n: int, rng: np.random.Generator) -> Uniforms:
    """n pairs of uniforms of the copula."""
    t = float(theta[0])
    if family in {"gaussian", "t"}:
        return _simulated_elliptical(family, theta, n, rng)
    if family == "gumbel":
        return _simulated_gumbel(t, n, rng)
    u, w = rng.random(n), rng.random(n)
    if family == "clayton":
        inside = np.exp(-t * np.log(u)) * np.expm1(-t / (1 + t) * np.log(w)) + 1
        return u, np.asarray(np.exp(-np.log(inside) / t))
    if abs(t) < 1e-6:
        return u, w
    return u, np.asarray(-np.log1p(w * math.expm1(-t) / (w + (1 - w) * np.exp(-t * u))) / t)


def _simulated_elliptical(family: str, theta: Floats, n: int, rng: np.random.Generator) -> Uniforms:
    from scipy.special import ndtr, stdtr

    rho = float(theta[0])
    x, e = rng.standard_normal(n), rng.standard_normal(n)
    y = rho * x + math.sqrt(1 - rho * rho) * e
    if family == "gaussian":
        return np.asarray(ndtr(x)), np.asarray(ndtr(y))
    nu = float(theta[1])
    mixed = np.sqrt(nu / rng.chisquare(nu, n))
    return np.asarray(stdtr(nu, x * mixed)), np.asarray(stdtr(nu, y * mixed))


def _simulated_gumbel(t: float, n: int, rng: np.random.Generator) -> Uniforms:
    """A. Marshall, I. Olkin (1988) with a positive stable variable (J. Chambers, C. Mallows, B. Stuck 1976)."""
    a, angle, e = 1.0 / t, math.pi * rng.random(n), rng.exponential(size=n)
    s = np.sin(a * angle) / np.sin(angle) ** (1 / a) * (np.sin((1 - a) * angle) / e) ** ((1 - a) / a)
    return tuple(np.exp(-((rng.exponential(size=n) / s) ** a)) for _ in range(2))  # type: ignore[return-value]


def _bootstrap(family: str, theta: Floats, n: int, draws: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """(parameters float64[draws, k], distances float64[draws]) of samples of the fitted copula, fitted again."""
    found, distances = np.empty((draws, theta.size)), np.empty(draws)
    for i in range(draws):
        drawn = np.column_stack(simulate(family, theta, n, rng))
        uv = uniforms(drawn)
        found[i], _ = estimate(family, uv, kendall(drawn) if family == "t" else 0.0, exact=False)
        distances[i] = cramer_von_mises(*rosenblatt(family, found[i], uv))
    return found, distances


def _interval(value: float, drawn: Floats, shrink: float) -> Estimate:
    """Of a bootstrap on fewer pairs than there are: its spread shrinks with the root of their number."""
    if drawn.size < 20:
        return Estimate(value)
    low, high = value + shrink * (np.quantile(drawn, [0.025, 0.975]) - drawn.mean())
    return Estimate(value, shrink * float(drawn.std(ddof=1)), float(low), float(high))


def _words(family: str, tau: float, ends: tuple[float, float], fit: Test) -> str:
    verdict = (
        "was not tested"
        if math.isnan(fit.p_value)
        else f"{'is rejected' if fit.rejected else 'fits'} ({significant(fit.p_value)})"
    )
    return f"Kendall's tau {tau:.3f}; the {family} copula {verdict}; tail dependence {ends[0]:.3f} below and {ends[1]:.3f} above."
