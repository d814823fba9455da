"""Least squares with standard errors that allow for changing variance and autocorrelation (W. Newey, K. West 1987)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .result import BadSample, Floats


@dataclass(frozen=True)
class Line:
    """`beta` float64[k], `covariance` float64[k, k] by Newey-West with `lags`, `residuals` float64[n], `r2`."""

    beta: Floats
    covariance: Floats
    residuals: Floats
    r2: float
    lags: int

    @property
    def errors(self) -> Floats:
        return np.asarray(np.sqrt(np.maximum(np.diag(self.covariance), 0.0)))


def automatic_lags(n: int) -> int:
    """floor(4 (n / 100)^(2/9))."""
    return int(4.0 * (n / 100.0) ** (2.0 / 9.0))


def least_squares(y: Floats, x: Floats, *, lags: int | None = None) -> Line:
    """Of y float64[n] on x float64[n, k]. Raises BadSample where columns of x depend on each other."""
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise BadSample(
            "the regressors depend on each other linearly, so that no coefficient can be told from the others"
        )
    count = automatic_lags(y.size) if lags is None else lags
    root = np.linalg.inv(np.linalg.qr(x, mode="r"))
    inverse = np.asarray(root @ root.T, np.float64)
    beta = np.asarray(np.linalg.lstsq(x, y, rcond=None)[0], np.float64)
    e = y - x @ beta
    whole = float(((y - y.mean()) ** 2).sum())
    r2 = 1.0 - float(e @ e) / whole if whole > 0 else float("nan")
    return Line(beta, inverse @ long_run(x * e[:, None], count) @ inverse, e, r2, count)


def long_run(scores: Floats, lags: int) -> Floats:
    """n times the long-run covariance of the mean of float64[n, k], by Bartlett's weights."""
    found = scores.T @ scores
    for lag in range(1, min(lags, len(scores) - 1) + 1):
        part = scores[lag:].T @ scores[:-lag]
        found = found + (1.0 - lag / (lags + 1.0)) * (part + part.T)
    return np.asarray(found)
