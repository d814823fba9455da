"""Classifiers on kernels: ridge and logistic regression, quantum kernels and the classical RBF on the same split.

A linear kernel of the same numbers is `signed`; what fidelity and projected kernels see beyond it is what they are compared
for. All widths and penalties are fixed before the test rows are seen.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from qbtc.core.hilbert.kernels import (
    alignment,
    fidelity_kernel,
    median_gamma,
    projected_kernel,
    rbf_kernel,
    signed_kernel,
)
from qbtc.core.hilbert.overlap import to_real
from qbtc.core.hilbert.rows import state_rows
from qbtc.core.hilbert.types import Complex, Index, Real

from .scores import Comparison, diebold_mariano, log_loss

RIDGE = 1.0
ITERATIONS = 25
MOST_ROWS = 4000
CLASSICAL = "rbf (classical)"

Kernel = Callable[[Complex, Complex], Real]


@dataclass(frozen=True, slots=True)
class Scored:
    """A kernel: its centred alignment on the training rows, hit rates and log-loss of the test rows, and the test beside
    the classical RBF by log-loss."""

    kernel: str
    alignment: float
    ridge_hits: float
    logistic_hits: float
    loss: float
    against_rbf: Comparison


def compare_kernels(rows: Complex, outcomes: Index, train: int, *, count: int, ridge: float = RIDGE) -> tuple[Scored, ...]:
    """Fit on the first `train` amplitudes (T, d), score the others. Raises ValueError for too many training rows."""
    if not 2 <= train <= MOST_ROWS or train >= len(rows):
        raise ValueError(f"{train} of {len(rows)} rows to train on; allowed are 2 to {MOST_ROWS}, and fewer than all")
    psi = state_rows(rows)[:, 0]
    found = {name: _fitted(kernel, psi, outcomes, (train, count), ridge) for name, kernel in kernels(psi[:train]).items()}
    losses = {name: log_loss(p, outcomes[train:]) for name, (_, _, p) in found.items()}
    return tuple(
        Scored(name, close, hits, _hits(p, outcomes[train:]), float(losses[name].mean()), _against(losses, name))
        for name, (close, hits, p) in found.items()
    )


def kernels(train: Complex) -> dict[str, Kernel]:
    """Those that fit states of this size; a projected kernel needs a size that is a product."""
    gamma = median_gamma(to_real(train))
    found: dict[str, Kernel] = {
        CLASSICAL: lambda a, b: rbf_kernel(to_real(a), to_real(b), gamma),
        "signed": signed_kernel,
        "fidelity": fidelity_kernel,
    }
    shape = registers(train.shape[1])
    if shape is not None:
        found["projected"] = lambda a, b: projected_kernel(a, b, shape=shape)
    return found


def registers(size: int) -> tuple[int, int] | None:
    """The smallest factor and the rest: 26 is 2 x 13; None for a prime."""
    small = next((k for k in range(2, int(size**0.5) + 1) if size % k == 0), None)
    return None if small is None else (small, size // small)


def kernel_ridge(gram: Real, targets: Real, ridge: float) -> Real:
    """alpha = (K + ridge I)^-1 targets for columns of targets (n, Y)."""
    return np.asarray(np.linalg.solve(gram + ridge * np.eye(len(gram)), targets), dtype=np.float64)


def kernel_logistic(gram: Real, target: Real, ridge: float) -> Real:
    """alpha of a penalised logistic regression, by iteratively reweighted least squares, damped so that the penalised
    likelihood never falls. target (n,) of 0 and 1."""
    alpha = np.zeros(len(gram))
    value = _logistic_value(gram, alpha, target, ridge)
    for _ in range(ITERATIONS):
        score = gram @ alpha
        p = _sigmoid(score)
        weight = np.maximum(p * (1 - p), 1e-9)
        wanted = np.linalg.solve(gram + ridge * np.diag(1 / weight), score + (target - p) / weight)
        step, rate = wanted - alpha, 1.0
        while rate > 1e-6 and _logistic_value(gram, alpha + rate * step, target, ridge) < value:
            rate /= 2
        alpha = alpha + rate * step
        reached = _logistic_value(gram, alpha, target, ridge)
        if reached - value < 1e-9 * max(abs(value), 1.0):
            break
        value = reached
    return alpha


def _fitted(
    kernel: Kernel, psi: Complex, outcomes: Index, sizes: tuple[int, int], ridge: float
) -> tuple[float, float, Real]:
    """Alignment, hit rate of the ridge, probabilities (T - train, Y) of one-against-the-rest logistic regressions."""
    train, count = sizes
    plain = kernel(psi[:train], psi[:train])
    gram, across = plain + 1.0, kernel(psi[train:], psi[:train]) + 1.0
    targets = np.eye(count)[outcomes[:train]]
    hits = _hits(across @ kernel_ridge(gram, targets, ridge), outcomes[train:])
    scores = np.stack([across @ kernel_logistic(gram, targets[:, y], ridge) for y in range(count)], axis=1)
    p = _sigmoid(scores)
    return alignment(plain, targets), hits, p / p.sum(axis=1, keepdims=True)


def _against(losses: dict[str, Real], name: str) -> Comparison:
    return diebold_mariano(losses[name], losses[CLASSICAL])


def _hits(scores: Real, outcomes: Index) -> float:
    return float(np.mean(scores.argmax(axis=1) == outcomes))


def _sigmoid(x: Real) -> Real:
    from scipy.special import expit

    return np.asarray(expit(x), dtype=np.float64)


def _logistic_value(gram: Real, alpha: Real, target: Real, ridge: float) -> float:
    score = gram @ alpha
    return float(target @ score - np.sum(np.logaddexp(0.0, score)) - ridge / 2 * alpha @ score)
