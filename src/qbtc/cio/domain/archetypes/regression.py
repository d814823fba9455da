"""Multinomial logistic regression with a ridge, and the temperature that calibrates it.

    loss(W, b) = mean over rows of -log softmax(x W + b)[label] + ridge / 2 |W|^2
    W lies in the span of the rows (representer theorem), so it is sought there: n x n numbers instead of n x columns.

Temperature (Guo et al. 2017): softmax(logits / T) with T of least negative log-likelihood on texts not trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.linalg import eigh
from scipy.optimize import minimize, minimize_scalar
from scipy.sparse import csr_array
from scipy.special import log_softmax, softmax

from qbtc.core.hilbert.types import Index, Real

STEPS: Final = 400
FLAT: Final = 1e-10


@dataclass(frozen=True, slots=True)
class Linear:
    """`weights` (columns, classes) and `bias` (classes,)."""

    weights: Real
    bias: Real

    def logits(self, rows: csr_array) -> Real:
        return np.asarray(rows @ self.weights + self.bias, dtype=float)


def fit(rows: csr_array, labels: Index, classes: int, ridge: float) -> Linear:
    """The minimum of the loss over `rows` (n, columns) with `labels` (n,) in 0..classes-1.

    Raises ValueError for a ridge that is not positive, no rows, or as many labels as there are not rows.
    """
    if ridge <= 0:
        raise ValueError(f"ridge is {ridge}; it must be above 0")
    if len(labels) == 0 or len(labels) != rows.shape[0]:
        raise ValueError(f"{rows.shape[0]} rows with {len(labels)} labels; give one label a row and at least one row")
    values, vectors = eigh((rows @ rows.T).toarray())
    kept = values > FLAT * values[-1]
    spans = vectors[:, kept] * np.sqrt(values[kept])
    solved, bias = _solve(spans, np.eye(classes)[labels], ridge)
    back = vectors[:, kept] / np.sqrt(values[kept]) @ solved
    return Linear(np.asarray(rows.T @ back), bias)


def _solve(points: Real, targets: Real, ridge: float) -> tuple[Real, Real]:
    shape = (points.shape[1] + 1, targets.shape[1])

    def loss(flat: Real) -> tuple[float, Real]:
        found = flat.reshape(shape)
        logs = log_softmax(points @ found[:-1] + found[-1], axis=1)
        error = (np.exp(logs) - targets) / len(points)
        slope = np.vstack([points.T @ error + ridge * found[:-1], error.sum(axis=0)])
        value = -(targets * logs).sum() / len(points) + ridge / 2 * (found[:-1] ** 2).sum()
        return float(value), slope.ravel()

    best = minimize(loss, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return best.reshape(shape)[:-1], best.reshape(shape)[-1]


def probabilities(logits: Real, temperature: float) -> Real:
    """Softmax of (n, classes) logits over a temperature above 0."""
    return np.asarray(softmax(logits / temperature, axis=1), dtype=float)


def likelihood(logits: Real, labels: Index, temperature: float = 1.0) -> float:
    """Mean negative log-likelihood of the labels, in nats."""
    return float(-log_softmax(logits / temperature, axis=1)[np.arange(len(labels)), labels].mean())


def temperature(logits: Real, labels: Index) -> float:
    """The temperature between 0.05 and 20 under which the labels are likeliest."""
    found = minimize_scalar(
        lambda log: likelihood(logits, labels, float(np.exp(log))), bounds=(-3.0, 3.0), method="bounded"
    )
    return float(np.exp(found.x))
