"""A Gaussian hidden Markov model as a forecaster: fitted by hmmlearn to training rows, filtered here, one step ahead.

Filtered probabilities never look ahead (hmmlearn's own are smoothed). p(y) = sum_s P(state_t+h = s | rows to t) B[s, y], with the
table B from the training rows by expectation-maximisation given those predictions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit

from qbtc.core.hilbert.types import Index, Real

from .series import Components, Series

STATES = 3
TABLE_STEPS = 50


@dataclass(frozen=True, slots=True)
class Chain:
    """Start (S,), transition (S, S), means and variances (S, k) of diagonal Gaussians."""

    start: Real
    transition: Real
    means: Real
    variances: Real

    def log_densities(self, x: Real) -> Real:
        """log p(x_t | s) up to a constant, (T, S)."""
        gap = (x[:, None, :] - self.means) ** 2 / self.variances
        result: Real = -0.5 * (gap.sum(axis=2) + np.log(self.variances).sum(axis=1))
        return result

    def filtered(self, x: Real) -> Real:
        """P(state_t | x_1..t), (T, S)."""
        found: Real = _forward(np.ascontiguousarray(self.log_densities(x)), self.start, self.transition)
        return found


def hmm(data: Series, train: int, *, seed: int = 0, states: int = STATES) -> Real:
    """Probabilities (T, Y) of all rows; only rows before `train` choose anything."""
    components = Components.learn(data.states[:train])
    x = components.of(data.states)
    chain = fit(x[:train], states, seed)
    ahead = chain.filtered(x) @ np.linalg.matrix_power(chain.transition, data.horizon)
    known = train - data.horizon + 1
    result: Real = ahead @ emissions(ahead[:known], data.outcomes[:known], data.count)
    return result


def fit(x: Real, states: int, seed: int) -> Chain:
    """By hmmlearn; what it says about its convergence is left to its own log."""
    from hmmlearn.hmm import GaussianHMM

    model = GaussianHMM(states, covariance_type="diag", n_iter=50, tol=1e-2, random_state=seed, min_covar=1e-3)
    model.fit(x)
    start = _safe(np.asarray(model.startprob_))
    return Chain(start, _safe(np.asarray(model.transmat_)), np.asarray(model.means_), np.stack([np.diag(c) for c in model.covars_]))


def emissions(ahead: Real, outcomes: Index, count: int, prior: float = 1.0) -> Real:
    """B[s, y] by expectation-maximisation of sum_t log sum_s ahead_ts B[s, y_t], with `prior` pseudo-counts."""
    shares = np.bincount(outcomes, minlength=count) + prior
    base = shares / shares.sum()
    unlike = 1 + 0.1 * np.cos(np.arange(ahead.shape[1])[:, None] + np.arange(count))
    table = base * unlike
    table /= table.sum(axis=1, keepdims=True)
    hot = np.eye(count)[outcomes]
    for _ in range(TABLE_STEPS):
        joint = ahead * table[:, outcomes].T
        shares_of_states = joint / joint.sum(axis=1, keepdims=True)
        table = shares_of_states.T @ hot + prior * base
        table /= table.sum(axis=1, keepdims=True)
    result: Real = table
    return result


def _safe(p: Real) -> Real:
    """No probability is exactly 0: one outlier must not end the filter."""
    mixed = np.maximum(p, 1e-6)
    result: Real = mixed / mixed.sum(axis=-1, keepdims=True)
    return result


@njit(cache=True, nogil=True)  # type: ignore[untyped-decorator]
def _forward(logs: Real, start: Real, transition: Real) -> Real:
    steps, size = logs.shape
    found = np.empty((steps, size))
    prior = start.copy()
    for t in range(steps):
        top = logs[t].max()
        total = 0.0
        for s in range(size):
            found[t, s] = prior[s] * np.exp(logs[t, s] - top)
            total += found[t, s]
        for s in range(size):
            found[t, s] = found[t, s] / total if total > 0 else prior[s]
        for s in range(size):
            prior[s] = 0.0
            for r in range(size):
                prior[s] += found[t, r] * transition[r, s]
    return found
