"""Which member of the family: its orders, the names of its parameters and where the search for them begins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import product

import numpy as np

from ..result import BadSample, Floats, Ints, one_of
from . import kernel

FAMILIES = ("garch", "igarch", "gjr", "egarch", "arch")
FORMS = {"egarch": kernel.EGARCH, "igarch": kernel.INTEGRATED}
"""Of the compiled code; the others are linear."""
MEANS = ("constant", "zero", "ar")
LAWS = {"normal": kernel.NORMAL, "t": kernel.STUDENT, "skewt": kernel.SKEWED}
STARTS = {"sample": kernel.SAMPLE, "backcast": kernel.BACKCAST}
MOST_ORDER = 5


@dataclass(frozen=True)
class Spec:
    """A member of the family.

    `p`, `q`: lags of squares and of variances; GJR and EGARCH have one asymmetric lag, ARCH no `q`. The alpha and beta of
    an IGARCH add up to 1; with omega 0 it is the exponentially weighted variance of RiskMetrics. `lags`: of the autoregressive mean, with `mean="ar"`. `start`: what stands for the time before the series, its mean square
    ("sample", Fiorentini et al.) or its weighted first squares ("backcast", as arch does). Raises BadSample.
    """

    family: str = "garch"
    p: int = 1
    q: int = 1
    mean: str = "constant"
    lags: int = 1
    errors: str = "normal"
    start: str = "sample"

    def __post_init__(self) -> None:
        one_of(self.family, FAMILIES, "family")
        one_of(self.mean, MEANS, "mean")
        one_of(self.errors, LAWS, "errors")
        one_of(self.start, STARTS, "start")
        for name, value, low in (("p", self.p, 1), ("q", self.q, 0), ("lags", self.lags, 1)):
            if not low <= value <= MOST_ORDER:
                raise BadSample(f"{name}: {value} is not allowed; allowed: {low} to {MOST_ORDER}", name)
        if self.family == "egarch" and self.q != 1:
            raise BadSample(f"q: {self.q} is not allowed; EGARCH takes one lag of the variance", "q")
        if self.family == "igarch" and self.q < 1:
            raise BadSample("q: 0 is not allowed; IGARCH takes 1 to 5 lags of the variance", "q")

    @property
    def asymmetric(self) -> int:
        return int(self.family in {"gjr", "egarch"})

    @property
    def simple(self) -> bool:
        """Whether the short form of the likelihood, several times as fast, covers it."""
        return self.family in {"garch", "igarch", "gjr"} and self.p == self.q == 1 and self.mean != "ar"

    @property
    def variance_lags(self) -> int:
        return 0 if self.family == "arch" else self.q

    @property
    def orders(self) -> Ints:
        """int64[5]: (form, p, o, q, law) of the compiled code."""
        form = FORMS.get(self.family, kernel.LINEAR)
        return np.array([form, self.p, self.asymmetric, self.variance_lags, LAWS[self.errors]], np.int64)

    @property
    def mean_size(self) -> int:
        return {"zero": 0, "constant": 1, "ar": 1 + self.lags}[self.mean]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters, in order."""
        mean = ("mu", *(f"phi[{i}]" for i in range(1, self.lags + 1)))[: self.mean_size]
        sizes = {"alpha": self.p, "gamma": self.asymmetric, "beta": self.variance_lags}
        parts = tuple(f"{name}[{i}]" for name, size in sizes.items() for i in range(1, size + 1))
        return (*mean, "omega", *parts, *(("nu", "lambda")[: LAWS[self.errors]]))

    @property
    def free(self) -> int:
        """Parameters that are estimated: of an IGARCH one is what the others leave of 1."""
        return len(self.names) - (self.family == "igarch")


def regressors(y: Floats, spec: Spec) -> tuple[Floats, Floats]:
    """(values float64[n], regressors of the mean float64[n, k]) that the likelihood takes: an AR(p) loses p values."""
    lags = spec.lags if spec.mean == "ar" else 0
    n = y.size - lags
    columns = [np.ones(n)] * (spec.mean != "zero") + [y[lags - i : y.size - i] for i in range(1, lags + 1)]
    x = np.column_stack(columns) if columns else np.empty((n, 0))
    return np.ascontiguousarray(y[lags:]), np.ascontiguousarray(x)


def least_squares(y: Floats, x: Floats) -> Floats:
    """Mean coefficients that the search begins at."""
    return np.asarray(np.linalg.lstsq(x, y, rcond=None)[0]) if x.shape[1] else np.empty(0)


def starts(spec: Spec, mean: Floats, variance: float) -> Floats:
    """Free numbers float64[count, m] to begin at, for residuals of that variance."""
    make = {"egarch": _log_starts, "igarch": _integrated_starts}.get(spec.family, _linear_starts)
    made = make(spec, variance)
    shape = [_free_nu(8.0), 0.0][: LAWS[spec.errors]]
    return np.array([[*mean, *middle, *shape] for middle in made])


def _linear_starts(spec: Spec, variance: float) -> list[list[float]]:
    shocks = (0.05, 0.1, 0.2) if spec.variance_lags else (0.2, 0.5, 0.8)
    memories = (0.5, 0.8, 0.9) if spec.variance_lags else (0.0,)
    leans = (0.0, 0.6) if spec.asymmetric else (0.0,)
    tilts = [(a, b) for a in _tilts(spec.p) for b in _tilts(spec.variance_lags)]
    return [
        _shares(spec, variance, [shock * a, min(memory, 0.98 - shock) * b, np.array([lean])])
        for shock, memory, lean, (a, b) in product(shocks, memories, leans, tilts)
    ]


def _tilts(count: int) -> list[Floats]:
    """Ways to share a sum among lags: evenly, and mostly to one; likelihoods of several lags have several maxima."""
    even = np.full(count, 1.0 / max(count, 1))
    return [even] if count < 2 else [even, *(0.3 * even + 0.7 * np.eye(count)[i] for i in range(count))]


def _shares(spec: Spec, variance: float, parts: list[Floats]) -> list[float]:
    """ln omega, then roots of the shares of persistence: of falls and rises apart where the shock is asymmetric."""
    shock, past, lean = parts
    slack = 1.0 - float(shock.sum() + past.sum())
    first = shock[: spec.asymmetric]
    up, down = first * (1.0 - lean) / 2.0, first * (1.0 + lean) / 2.0
    return [math.log(variance * slack), *np.sqrt([*up, *shock[spec.asymmetric :], *down, *past, slack])]


def _integrated_starts(spec: Spec, variance: float) -> list[list[float]]:
    tilts = [(a, b) for a in _tilts(spec.p) for b in _tilts(spec.q)]
    return [
        [math.log(variance * drift), *np.sqrt([*shock * a, *(1.0 - shock) * b])]
        for shock, drift, (a, b) in product((0.03, 0.1, 0.2), (0.0005, 0.005, 0.05), tilts)
    ]


def _log_starts(spec: Spec, variance: float) -> list[list[float]]:
    return [
        [(1.0 - memory) * math.log(variance), *([shock / spec.p] * spec.p), lean, math.atanh(memory)]
        for shock, lean, memory in product((0.1, 0.25), (-0.1, 0.0, 0.1), (0.6, 0.9, 0.97))
    ]


def _free_nu(nu: float) -> float:
    low, high = 1.0 / kernel.MOST_NU, 1.0 / kernel.LEAST_NU
    return math.asin(math.sqrt((1.0 / nu - low) / (high - low)))
